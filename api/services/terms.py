"""What is looked for: `q` read into terms, for both databases."""

import re
from dataclasses import dataclass

from ..errors import BadQuery, Fault
from .words import words

LONGEST = 200
MOST = 16


@dataclass(frozen=True)
class Term:
    """Words that stand side by side; with `prefix`, the last is the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool = False

    def fts5(self) -> str:
        """Return the term in SQLite's FTS5 query syntax."""
        return '"' + " ".join(self.words) + '"' + (" *" if self.prefix else "")

    def tsquery(self) -> str:
        """Return the words of the term in PostgreSQL's tsquery syntax, wherever they stand."""
        lexemes = [f"'{word}'" for word in self.words]
        return " & ".join(lexemes) + (":*" if self.prefix else "")

    def places(self, folded: list[str]) -> set[int]:
        """Return which of a text's folded words are part of a place where the term stands."""
        *before, last = self.words
        size = len(before)
        if self.prefix:
            ends = [n for n, word in enumerate(folded) if word.startswith(last)]
        else:
            ends = _all_at(folded, last)
        found: set[int] = set()
        for end in ends:
            start = end - size
            if start >= 0 and folded[start:end] == before:
                found.update(range(start, end + 1))
        return found


def _all_at(folded: list[str], word: str) -> list[int]:
    found, at = [], -1
    for _ in range(folded.count(word)):
        at = folded.index(word, at + 1)
        found.append(at)
    return found


def read_terms(q: str) -> tuple[Term, ...]:
    """Read `q`: words are ANDed, the last one by its beginning; "…" is a phrase, as it stands."""
    if len(q) > LONGEST:
        raise BadQuery("q is too long.", (Fault(f"at most {LONGEST} characters", "q"),))
    terms = []
    chunks = re.findall(r'"([^"]*)"?|([^\s"]+)', q)
    for number, (phrase, plain) in enumerate(chunks, 1):
        found = tuple(word.folded for word in words(phrase or plain))
        if found:
            terms.append(Term(found, prefix=bool(plain) and number == len(chunks)))
    if len(terms) > MOST:
        raise BadQuery("q has too many words.", (Fault(f"at most {MOST} words", "q"),))
    return tuple(terms)
