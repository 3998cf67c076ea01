"""What lies in the landing folder: each file with its source, date and content hash; no file is read as data here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from pipelines.contracts import Contract
from pipelines.overlays import Overlay

_DATE = re.compile(r"(?<!\d)(20\d\d)(-?)(\d\d)\2(\d\d)(?!\d)")


@dataclass(frozen=True)
class LandingFile:
    """One file: `relative` is its path in the landing folder, `refusal` why it is not read whatever it holds."""

    path: Path
    relative: str
    sha256: str
    contract_id: str | None
    as_of: date | None
    series: str
    refusal: str | None = None
    duplicate_of: str | None = None
    dialect: Contract | None = None


def inventory(landing: Path, contracts: Mapping[str, Contract], overlays: Sequence[Overlay] = ()) -> list[LandingFile]:
    """All files below `landing` but hidden ones and read-mes, by date in the name and path; equal files count once.

    A file that one of `overlays` claims is of the overlay's source, and its `dialect` is the contract to read it with.
    Raises OSError where a file cannot be opened: half an inventory would look like a smaller company.
    """
    found = [
        _file(path, landing, contracts, overlays)
        for path in sorted(landing.rglob("*"))
        if path.is_file() and _is_data(path, landing)
    ]
    found.sort(key=lambda file: (file.as_of or date.min, file.relative))
    return _without_duplicates(found)


def dated_name(name: str) -> tuple[date | None, str]:
    """The last real date (YYYYMMDD or YYYY-MM-DD) in a file name, and the name without it and its ending."""
    stem = Path(name).stem
    for match in reversed(list(_DATE.finditer(stem))):
        try:
            found = date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
        around = (_trimmed(stem[: match.start()]), _trimmed(stem[match.end() :]))
        return found, "_".join(filter(None, around))
    return None, _trimmed(stem)


def sources(contracts: Mapping[str, Contract]) -> list[Contract]:
    """The contracts that claim files: those with a landing folder which are not the answers of another."""
    answers = {contract.settings.get("answers") for contract in contracts.values()}
    return [c for c in contracts.values() if c.settings.get("landing") and c.id not in answers]


def _trimmed(part: str) -> str:
    return part.strip(" _-.").lower()


def _is_data(path: Path, landing: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(landing).parts)
    return not hidden and not path.name.upper().startswith("README.") and path.suffix.lower() != ".md"


def _file(path: Path, landing: Path, contracts: Mapping[str, Contract], overlays: Sequence[Overlay]) -> LandingFile:
    relative = path.relative_to(landing).as_posix()
    dialects = [overlay.contract for overlay in overlays if _claims(overlay.contract, relative)]
    claimants = dialects or [c for c in sources(contracts) if _claims(c, relative)]
    as_of, series = dated_name(path.name)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    refusal = _refusal(claimants, as_of, contracts)
    only = claimants[0] if len(claimants) == 1 else None
    dialect = only if dialects else None
    return LandingFile(path, relative, sha256, only.id if only else None, as_of, series, refusal, dialect=dialect)


def _claims(contract: Contract, relative: str) -> bool:
    folder, _, name = relative.rpartition("/")
    home = str(contract.settings["landing"]).strip("/")
    patterns = contract.settings.get("files", ["*"])
    return (folder == home or folder.startswith(home + "/")) and any(
        fnmatchcase(name.lower(), str(p).lower()) for p in patterns
    )


def _refusal(claimants: Sequence[Contract], as_of: date | None, contracts: Mapping[str, Contract]) -> str | None:
    if not claimants:
        folders = ", ".join(sorted({str(c.settings["landing"]) for c in sources(contracts)})) or "none yet"
        fault = "No source is declared for this file, going by its folder and name."
        return f"{fault} Move it into one of the folders {folders}; `parley check` tells which and the name to give it."
    if len(claimants) > 1:
        rivals = ", ".join(contract.id for contract in claimants)
        return f"Several sources claim this file: {rivals}. Make their `files` patterns exclude each other."
    if as_of is None:
        return "The name has no date. Add the day of the export to it as YYYYMMDD, for example workers_20260630.csv."
    return None


def _without_duplicates(files: Sequence[LandingFile]) -> list[LandingFile]:
    first: dict[tuple[str | None, str], str] = {}
    kept = []
    for file in files:
        key = (file.contract_id, file.sha256)
        original = first.get(key) if file.refusal is None else None
        kept.append(replace(file, duplicate_of=original) if original else file)
        if file.refusal is None:
            first.setdefault(key, file.relative)
    return kept
