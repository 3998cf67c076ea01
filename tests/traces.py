"""The search for people in what a night leaves behind: their ids, addresses and names, in any bytes."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

# The digits behind a decimal point, of a time of day above all, look like an employee's number by chance.
_FRACTION = re.compile(rb"\d+\.\d+")
_NUMBER = re.compile(rb"[0-9A-Za-z]+")
_ADDRESS = re.compile(rb"[\w.+-]+@[\w.-]+")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Identities:
    """Everything that says who somebody is; `names` are the words of a display name, joined by blanks."""

    ids: frozenset[str]
    emails: frozenset[str]
    names: frozenset[str]


def identities_in(landing: Path) -> Identities:
    """The people of the worker export below `landing`."""
    (path,) = landing.glob("hris/workday/workers*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Identities(
        ids=frozenset(row["Employee_ID"].strip() for row in rows),
        emails=frozenset(row["Work_Email"] for row in rows),
        names=frozenset(name for name in map(_words, (row["Preferred_Name"] for row in rows)) if " " in name),
    )


def traces_in(content: bytes, known: Identities) -> set[str]:
    """Who of `known` can be told from `content`, read as plain or JSON-escaped text."""
    numbers = {token.decode() for token in _NUMBER.findall(_FRACTION.sub(b" ", content))}
    addresses = {token.decode(errors="replace") for token in _ADDRESS.findall(content)}
    text = content.decode("utf-8", errors="replace")
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    words = _WORD.findall(text)
    pairs = {" ".join(pair) for pair in pairwise(words)}
    longer = {name for name in known.names if name.count(" ") > 1 and name in " ".join(words)}
    return set(known.ids & numbers) | (known.emails & addresses) | (known.names & pairs) | longer


def _words(name: str) -> str:
    return " ".join(_WORD.findall(name))
