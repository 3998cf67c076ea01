"""Whether a file of any kind mentions a person: its bytes, and what they are once unpacked; nothing is changed here."""

from __future__ import annotations

import gzip
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from pipelines.erasing.person import Person

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_TAG = re.compile(r"<[^<>]*>")
_FOLD = re.compile("\r?\n[ \t]")
# An archive in an archive in an archive is no export.
_DEPTH = 3


def mentions(path: Path, person: Person) -> bool:
    """Whether anything in a file says who it is. Raises OSError where it cannot be read."""
    content = path.read_bytes()
    if any(person.may_be_in(text) and person.in_text.search(text) for text in _texts(content, _DEPTH)):
        return True
    if content.startswith(b"PAR1"):
        frame = pl.read_parquet(io.BytesIO(content))
        return bool(person.in_text.search(frame.write_ndjson()))
    return content[8:12] == b"DUCK" and _database_mentions(path, person)


def is_sealed(path: Path) -> bool:
    """Whether a file has a password, so that nobody can say what is in it."""
    content = path.read_bytes()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "EncryptedPackage".encode("utf-16-le") in content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(member.flag_bits & 1 for member in archive.infolist())
    except zipfile.BadZipFile:
        return False


def _texts(content: bytes, depth: int) -> Iterator[str]:
    """The bytes as text in every encoding that is met, and those of what is packed in them."""
    for codec in ("utf-8", "cp1252"):
        text = content.decode(codec, "ignore")
        yield text
        if "\\u" in text:
            yield _ESCAPE.sub(lambda code: chr(int(code[1], 16)), text)
        if "<" in text:
            yield from (html.unescape(_TAG.sub(gap, text)) for gap in ("", " "))
        if "\n " in text or "\n\t" in text:
            yield _FOLD.sub("", text)
    if b"\0" in content:
        yield from (content[start:].decode("utf-16-le", "ignore") for start in (0, 1))
    if depth:
        for member in _members(content):
            yield from _texts(member, depth - 1)


def _members(content: bytes) -> Iterator[bytes]:
    try:
        if content.startswith(b"\x1f\x8b"):
            yield gzip.decompress(content)
        elif content.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield "\n".join(archive.namelist()).encode()
                for member in archive.infolist():
                    if not member.flag_bits & 1:
                        yield archive.read(member)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError):
        return


def _database_mentions(path: Path, person: Person) -> bool:
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall()
        for schema, name in tables:
            rows = con.execute(f'SELECT CAST(t AS VARCHAR) FROM "{schema}"."{name}" t').fetchall()
            if any(person.in_text.search(str(row[0])) for row in rows):
                return True
    return False
