"""Which encoding the bytes of a text file are in, decided by proof; splitting it into records does not belong here."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8 with byte order mark"),
    (codecs.BOM_UTF32_LE, "", ""),
    (codecs.BOM_UTF32_BE, "", ""),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_SAVE_AS = 'Open the file in Excel and save it again as "CSV UTF-8".'
_DECLARE = "Or declare its `encoding` in the contract of the source, for example cp1251 for Cyrillic."
# One pair of Windows-1252 letters in twenty may look like UTF-8 by accident; more means two encodings in one file.
_ACCIDENT = 20


@dataclass(frozen=True)
class Encoding:
    """A decision: `codec` and `errors` are what ``open`` takes, `name` is what people read."""

    codec: str
    name: str
    errors: str = "strict"


def encoding_of(path: Path, declared: str | None = None) -> Encoding | str:
    """Encoding of the file, or the reason (a sentence with its remedy) why there is none.

    A byte order mark wins over `declared`, `declared` over proof. Proof: NUL bytes at every second place mean UTF-16;
    bytes that decode strictly are UTF-8; UTF-8 with single damaged places stays UTF-8 (the places become U+FFFD, which
    later quarantines their records); else Windows-1252, if every byte has a letter there and charset-normalizer finds
    the text plausible.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, codec, name in _MARKS:
        if head.startswith(mark):
            return _checked(path, codec, name) if codec else f"The file is in UTF-32, which is not read. {_SAVE_AS}"
    if declared is not None:
        return _checked(path, declared, declared.lower())
    wide = _utf_16_without_mark(head)
    if wide:
        return _checked(path, wide, wide)
    return Encoding("utf-8", "utf-8") if _decodes(path, "utf-8") else _not_utf_8(path)


def _checked(path: Path, codec: str, name: str) -> Encoding | str:
    try:
        known = codecs.lookup(codec).name
    except LookupError:
        return f"The contract declares the encoding '{codec}', which does not exist. Correct it, for example to cp1252."
    if _decodes(path, codec):
        return Encoding(codec, name)
    if known in ("utf-8", "utf-8-sig"):
        return Encoding(codec, f"{name}, damaged", "replace")
    return f"The file has bytes that are not {name}. {_SAVE_AS}"


def _not_utf_8(path: Path) -> Encoding | str:
    valid, broken = _utf_8_tally(path)
    if valid >= broken:
        return Encoding("utf-8", "utf-8, damaged", "replace")
    if valid * _ACCIDENT > broken:
        return f"The file mixes two encodings: some accented letters are UTF-8, others are Windows-1252. {_SAVE_AS}"
    plausible = from_bytes(_accented(path), cp_isolation=["utf_8", "utf_16", "cp1252"]).best()
    if plausible is not None and plausible.encoding == "cp1252" and _decodes(path, "cp1252"):
        return Encoding("cp1252", "cp1252")
    return f"The file is in none of UTF-8, UTF-16 and Windows-1252. {_SAVE_AS} {_DECLARE}"


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _decodes(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _utf_16_without_mark(head: bytes) -> str | None:
    """UTF-16 of mostly western text has a NUL in every second byte; a stray NUL or two does not count."""
    half = len(head) // 2
    if half and head[1::2].count(0) > 0.4 * half and head[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if half and head[0::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _utf_8_tally(path: Path) -> tuple[int, int]:
    """How many characters beyond ASCII are sound UTF-8, and how many places are not UTF-8 at all."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    valid = broken = 0
    for chunk in [*_chunks(path), b""]:
        text = decoder.decode(chunk, final=not chunk)
        broken += text.count("\ufffd")
        valid += len(re.findall("[^\x00-\x7f\ufffd]", text))
    return valid, broken


def _accented(path: Path) -> bytes:
    """Up to 64 kB of the lines that have bytes beyond ASCII: only they tell anything about the encoding."""
    with path.open("rb") as file:
        found = b""
        for line in iter(lambda: file.readline(_SAMPLE), b""):
            found += b"" if line.isascii() else line
            if len(found) > _SAMPLE:
                break
    return found
