"""Words of any script, folded alike when a record is written and when it is looked for.

Folding ignores case, accents (é, ë, ё → е, but й and ї are letters of their own), apostrophes
within words and the English possessive. Scripts that write without spaces give one word a
character, so that a run of them is found as a phrase.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, NotRequired, TypedDict

LONGEST_WORD = 100
LONGEST_TEXT = 200_000
"""Bytes of folded text that are indexed of one record (PostgreSQL takes 1 MB at most)."""

SEPARATOR = "·"
"""Stands between texts in the index; no query has it, so no phrase reaches across."""

APOSTROPHES = "'’ʼ‘`´ʹ′＇"
_NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_MARKS = "".join(
    chr(code) for code in range(0x300, 0x1_2000) if unicodedata.category(chr(code))[0] == "M"
)
_LETTER = f"[^\\W_{_NO_SPACES}]"
_WORD = re.compile(
    f"[{_NO_SPACES}][{_MARKS}]*|{_LETTER}(?:{_LETTER}+|[{_MARKS}]+|[{APOSTROPHES}](?=[^\\W_]))*"
)
_SIMPLE = re.compile(f"[^\\W_]+(?:[{APOSTROPHES}][^\\W_]+)*")
"""The same for a text without marks and scripts without spaces, three times as fast."""
_ASCII = re.compile("[a-z0-9]+")
"""The same for lower-case ASCII without apostrophes, where each word is its own folded form."""
_NOT_SIMPLE = re.compile(
    "[^\0-\u02ff\u0370-\u0482\u048a-\u0590\u10a0-\u10ff\u1e00-\u1fff\u2000-\u20cf]"
)
"""Finds what may not be in such a text: all but Latin, Greek, Cyrillic, Armenian, Georgian."""
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
_NOT_OF_WORDS = re.compile(f"(?![{_MARKS}])[\\W_]")
_LETTERS_OF_THEIR_OWN = {"и\u0306": "й", "і\u0308": "ї"}
_UNDIVIDED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"} | dict.fromkeys(APOSTROPHES, "")
)


MEMORABLE = 40
"""How long words are of which the folded form is remembered."""


class Words(TypedDict):
    """The folded words of a record, as the search index holds them; their `vector`, where it is
    known already.
    """

    names: str
    prose: str
    vector: NotRequired[str]


class Word(NamedTuple):
    """A folded word, and where in the text it stands (offsets of its first and past its last)."""

    folded: str
    start: int
    end: int


def fold(word: str) -> str:
    """Return the form under which a word is indexed; "" when nothing is left of it."""
    return _known_fold(word) if len(word) <= MEMORABLE else _fold(word)


def _fold(word: str) -> str:
    low = word.lower() if word.isascii() else unicodedata.normalize("NFKD", word).casefold()
    if len(low) > 2 and low[-1] == "s" and low[-2] in APOSTROPHES:
        low = low[:-2]
    if word.isascii():
        return low.translate(_UNDIVIDED)[:LONGEST_WORD]
    parted = unicodedata.normalize("NFKD", low)
    for parts, letter in _LETTERS_OF_THEIR_OWN.items():
        parted = parted.replace(parts, letter)
    plain = _ACCENTS.sub("", parted).translate(_UNDIVIDED)
    return _NOT_OF_WORDS.sub("", plain)[:LONGEST_WORD]


_known_fold = lru_cache(maxsize=50_000)(_fold)


def _pattern(text: str) -> re.Pattern[str]:
    return _SIMPLE if text.isascii() or not _NOT_SIMPLE.search(text) else _WORD


def folded_words(text: str) -> list[str]:
    """Return the words of a text as they are indexed, in order: those that `words` yields."""
    if text.isascii() and "'" not in text and "`" not in text:
        found = _ASCII.findall(text.lower())
        if max(map(len, found), default=0) <= LONGEST_WORD:
            return found
    found = _pattern(text).findall(text)
    known = _known_fold
    return [w for each in found if (w := known(each) if len(each) <= MEMORABLE else _fold(each))]


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text in order."""
    for found in _pattern(text).finditer(text):
        if folded := fold(found.group()):
            yield Word(folded, *found.span())


def spans(text: str, folded: list[str]) -> list[tuple[int, int]]:
    """Return where in a text each of its `folded_words` stands: from and past its end."""
    found = [each.span() for each in _pattern(text).finditer(text)]
    if len(found) == len(folded):
        return found
    return [(each.start, each.end) for each in words(text)]  # of some words nothing is left


def folded(texts: Iterator[str]) -> str:
    """Return the folded words of several texts; a separator between texts ends a phrase."""
    lines: list[str] = []
    left = LONGEST_TEXT
    for text in texts:
        line = " ".join(folded_words(text))
        left -= len(line.encode()) + 4
        if left < 0:
            break
        if line:
            lines.append(line)
    return f" {SEPARATOR} ".join(lines)


def vector(names: str, prose: str) -> str:
    """Return a tsvector literal: each word with its position and weight."""
    position, parts = 0, []
    for weight, text_ in (("A", names), ("B", prose)):
        for word in text_.split(" "):
            position = min(position + 1, 16_383)
            if word not in ("", SEPARATOR):
                parts.append(f"'{word}':{position}{weight}")
        position += 1
    return " ".join(parts)
