"""What lies in the landing folder: each file with its source, date and content hash; no file is read as data here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher, get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from pipelines.contracts import Contract
from pipelines.overlays import Overlay

_SHOWN = 8
# So that survey is taken for surveys, and no area for another.
_ALIKE = 0.8
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


def fingerprint(path: Path) -> str:
    """sha256 of a file's content, which need not fit into memory. Raises OSError where it cannot be opened."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def is_at_home(contract: Contract, path: Path) -> bool:
    """Whether the file lies in or below a folder named as the landing folder of a source, wherever that is."""
    return f"/{_home(contract)}/" in path.absolute().as_posix()


def fits_name(contract: Contract, name: str) -> bool:
    """Whether a source claims files of this name, in its own folder."""
    patterns = contract.settings.get("files", ["*"])
    return any(fnmatchcase(name.lower(), str(pattern).lower()) for pattern in patterns)


def named(contract: Contract) -> tuple[str, ...]:
    """How the files of a source are named, for people: its patterns, with the day where one asks for a date."""
    patterns = map(str, contract.settings.get("files", ["*"]))
    return tuple(dict.fromkeys(re.sub(r"([_-]2|[.])[*]$", "_YYYYMMDD", pattern) for pattern in patterns))


def _home(contract: Contract) -> str:
    return str(contract.settings["landing"]).strip("/")


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
    sha256 = fingerprint(path)
    refusal = _refusal(claimants, relative, as_of, contracts)
    only = claimants[0] if len(claimants) == 1 else None
    dialect = only if dialects else None
    return LandingFile(path, relative, sha256, only.id if only else None, as_of, series, refusal, dialect=dialect)


def _claims(contract: Contract, relative: str) -> bool:
    folder, _, name = relative.rpartition("/")
    return f"{folder}/".startswith(f"{_home(contract)}/") and fits_name(contract, name)


def _refusal(
    claimants: Sequence[Contract], relative: str, as_of: date | None, contracts: Mapping[str, Contract]
) -> str | None:
    if not claimants:
        return f"No source is declared for this file. {_elsewhere(relative.rpartition('/')[0], sources(contracts))}"
    if len(claimants) > 1:
        rivals = ", ".join(contract.id for contract in claimants)
        return f"Several sources claim this file: {rivals}. Make their `files` patterns exclude each other."
    if as_of is None:
        return "The name has no date. Add the day of the export to it as YYYYMMDD, for example workers_20260630.csv."
    return None


def _elsewhere(folder: str, declared: Sequence[Contract]) -> str:
    """What to do with a file in `folder` that no source claims: another name, or else another folder, as far as known."""
    near = [c for c in declared if f"{folder}/".startswith(f"{_home(c)}/")]
    if near:
        names = list(dict.fromkeys(name for contract in near for name in named(contract)))
        listed = ", ".join(names[:_SHOWN]) + (" and others" if len(names) > _SHOWN else "")
        fault = f"The folder {_home(near[0])} takes files named {listed}; this one is none of them."
        return f"{fault} Rename it if it is one, else leave it out."
    homes = sorted({_home(contract) for contract in declared})
    areas = list(dict.fromkeys(home.partition("/")[0] for home in homes))
    meant = get_close_matches(folder.partition("/")[0].casefold(), areas, n=1, cutoff=_ALIKE)
    alike = sorted((h for h in homes if h.partition("/")[0] in meant), key=lambda home: -_likeness(home, folder))
    remedy = "`parley check` tells which and the name to give it."
    if not alike:
        below = f", which lies in {' or '.join(areas)}" if areas else ""
        return f"Move it into the folder of its system{below}; {remedy}"
    return f"The folder {folder} is of no source. Move it into one of {', '.join(alike[:_SHOWN])}; {remedy}"


def _likeness(home: str, folder: str) -> float:
    return SequenceMatcher(None, home, folder.casefold()).ratio()


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
