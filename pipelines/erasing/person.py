"""Everything a person goes by in the exports, and how a mention of them is told from other text; files do not belong here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.person_columns import UNKNOWN

# A shorter number is too likely to be something else where nothing says that it is an id.
_LEAST_NUMBER = 5
_LEAST_ID = 4
_NO_WORD_BEFORE, _NO_WORD_AFTER = r"(?<![^\W_])", r"(?![^\W_])"
# Between the words of a name: a comma, blanks, an initial.
_BETWEEN = r"[\W_]{1,3}(?:[^\W\d_][\W_]{1,3})?"


@dataclass(frozen=True)
class Person:
    """`ids` and `addresses` as `landing` reads them, `forms` the ids as they stand in files, `names` as lists of words."""

    ids: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    names: frozenset[tuple[str, ...]] = field(default_factory=frozenset)

    def joined(self, other: Person) -> Person:
        """What both are known by."""
        return Person(
            self.ids | other.ids,
            self.addresses | other.addresses,
            self.forms | other.forms,
            self.names | other.names,
        )

    @property
    def marks(self) -> frozenset[str]:
        """Ids and addresses: what tells this person from everybody else."""
        return self.ids | self.addresses

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """What at least stands in a text that mentions the person, in small letters: nothing else need be looked at closely."""
        found = {_core(mark) for mark in self.ids | self.forms} | {address.casefold() for address in self.addresses}
        for words in self.names:
            longest = max(words, key=len)
            found |= {longest, _folded(longest)}
        return tuple(sorted(filter(None, found)))

    def may_be_in(self, text: str) -> bool:
        """Whether a text could mention the person; soon said."""
        small = text.casefold()
        return any(needle in small for needle in self.needles)

    @cached_property
    def in_text(self) -> re.Pattern[str]:
        """A mention in running text: an address, a name of two words or more, an id that has letters."""
        return _pattern([*self._surely(), *map(re.escape, filter(_has_letters, self.forms))])

    @cached_property
    def in_loose_text(self) -> re.Pattern[str]:
        """A mention where nobody reads, so that a number which might be something else costs nothing."""
        return _pattern([*self._surely(), *map(re.escape, filter(_is_telling, self.forms))])

    @cached_property
    def as_name(self) -> re.Pattern[str]:
        """A name in a column of names, also one of a single word."""
        return _pattern([form for words in self.names for form in _spellings(words)])

    def _surely(self) -> Iterator[str]:
        for address in self.addresses:
            yield re.escape(address) + r"(?![.-]?[^\W_])"
        for words in self.names:
            if len(words) > 1:
                yield from _spellings(words)


def without(pattern: re.Pattern[str], text: str) -> str:
    """`text` with every mention replaced by a word that stands for nobody."""
    return pattern.sub(UNKNOWN, text)


def words(name: str) -> tuple[str, ...]:
    """The words of a name in their order, initials left out unless there is nothing else."""
    found = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", name.casefold())
    return tuple(word for word in found if len(word) > 1) or tuple(found)


def _spellings(words: tuple[str, ...]) -> Iterator[str]:
    """The words in their order, and the last one first or the first one last; with and without accents."""
    for plain in dict.fromkeys((words, tuple(map(_folded, words)))):
        orders = dict.fromkeys((plain, (*plain[-1:], *plain[:-1]), (*plain[1:], *plain[:1])))
        yield from (_BETWEEN.join(map(re.escape, order)) for order in orders)


def _core(mark: str) -> str:
    """The end of an id without leading zeros: systems differ in prefixes and in zeros."""
    runs = re.findall(r"[^\W_]+", mark.casefold())
    return runs[-1].lstrip("0") if runs else ""


def _folded(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def _has_letters(form: str) -> bool:
    return len(form) >= _LEAST_ID and any(c.isalpha() for c in form) and any(c.isdigit() for c in form)


def _is_telling(form: str) -> bool:
    return _has_letters(form) or (len(form) >= _LEAST_NUMBER and any(c.isdigit() for c in form))


def _pattern(alternatives: list[str]) -> re.Pattern[str]:
    """Longest first, so that a longer spelling is not cut by a shorter one; without any, a pattern that fits nothing."""
    longest = sorted(dict.fromkeys(alternatives), key=lambda form: (-len(form), form))
    body = f"{_NO_WORD_BEFORE}(?:{'|'.join(longest)}){_NO_WORD_AFTER}" if longest else r"(?!)"
    return re.compile(body, re.IGNORECASE)
