"""Damage done to export files at random, and a second count of their records; no test stands here."""

from __future__ import annotations

import random
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]


def _flip(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _insert(*pieces: bytes) -> Mutation:
    def mutate(content: bytes, chance: random.Random) -> bytes:
        place = chance.randrange(len(content) + 1)
        return content[:place] + chance.choice(pieces) + content[place:]

    return mutate


def _replace(*pairs: tuple[bytes, bytes]) -> Mutation:
    def mutate(content: bytes, chance: random.Random) -> bytes:
        old, new = chance.choice(pairs)
        return content.replace(old, new, chance.choice([1, 2, -1]))

    return mutate


def _lines_changed(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    kind = chance.randrange(3)
    if kind == 0:
        chance.shuffle(lines)
    elif kind == 1:
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    else:
        lines.pop(chance.randrange(len(lines)))
    return b"".join(lines)


def _recoded(content: bytes, chance: random.Random) -> bytes:
    return content.decode("latin-1").encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]))


MUTATIONS: list[Mutation] = [
    _flip,
    _cut,
    _lines_changed,
    _recoded,
    _insert(b"\0", b"\x01", b"\x9d", b"\xff", "\u202e".encode(), "\u200b".encode(), b"\xe2\x82"),
    _insert(b'"', b"'", b",", b";", b"\t", b'""', b'",'),
    _insert(b"\n", b"\r", b"\r\n", b"\n\n\n", b" \n", b",,,\n"),
    _insert(b"x" * 200_000, b'"' * 999, b"," * 999),
    _replace((b",", b";"), (b";", b","), (b'"', b""), (b"\n", b"\r"), (b"\r\n", b"\n"), (b"20", b"\xef\xbb\xbf20")),
    _replace((b"2025", b"9999"), (b"2025", b"25"), (b"-05-", b"-31-"), (b"/0", b"/9"), (b"0.", b"1,234"), (b"i", b"")),
]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """`content` with one to three kinds of damage."""
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        content = chance.choice(MUTATIONS)(content, chance) if content else content
    return content


def physical_records(content: bytes, encoding: str) -> int | None:
    """Records of a file without quotation marks, trailing blank lines left out; None where that count means little."""
    if b'"' in content or encoding not in ("utf-8", "cp1252") or len(content) > 100_000:
        return None
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    while lines and not lines[-1].decode("latin-1").strip("\xa0 \t\x0b\x0c\x1c\x1d\x1e\x1f\x85"):
        lines.pop()
    return len(lines)
