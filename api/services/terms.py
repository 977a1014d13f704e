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
        """Return the term in PostgreSQL's tsquery syntax."""
        lexemes = [f"'{word}'" for word in self.words]
        return "(" + " <-> ".join(lexemes) + (":*" if self.prefix else "") + ")"

    def matches(self, word: str) -> bool:
        """Tell whether a folded word is one that the term looks for."""
        last = self.words[-1]
        return word in self.words or (self.prefix and word.startswith(last))


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
