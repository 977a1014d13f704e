"""The part of a record's text that shows why it was found."""

import html
from typing import Any

from ..schemas.facts import facts_of
from .collection import Collection
from .terms import Term
from .words import words

BEFORE, AFTER = 60, 140
"""Characters shown before and after the first match."""


def snippet(
    collection: Collection, record: dict[str, Any], terms: tuple[Term, ...]
) -> dict[str, str] | None:
    """Return field, language and escaped HTML with `<mark>` of the best matching shown text.

    `record` is a projected one. Null when the match lies in a language that is not shown.
    """
    best: tuple[int, str, str] | None = None
    for weight in ("A", "B"):
        for name, field in collection.fields.items():
            if facts_of(field).weight == weight:
                for text in _texts(record.get(name)):
                    folded = [word.folded for word in words(text)]
                    hits = sum(bool(term.places(folded)) for term in terms)
                    if hits and (best is None or hits > best[0]):
                        best = (hits, name, text)
    if best is None:
        return None
    _, name, text = best
    lang = record.get("fallbacks", {}).get(name, record["lang"])
    return {"field": name, "lang": lang, "html": _marked(text, terms)}


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value or () for text in _texts(each)]


def _marked(text: str, terms: tuple[Term, ...]) -> str:
    found = list(words(text))
    folded = [word.folded for word in found]
    places = sorted(set[int]().union(*(term.places(folded) for term in terms)))
    hits = [found[place] for place in places]
    start, end = max(0, hits[0].start - BEFORE), min(len(text), hits[0].end + AFTER)
    start = 0 if start == 0 else text.find(" ", start, hits[0].start) + 1 or start
    end = end if end == len(text) else max(text.rfind(" ", hits[0].end, end), hits[0].end)
    parts, at = ["… " if start else ""], start
    for word in hits:
        if word.end <= end:
            parts += [html.escape(text[at : word.start], quote=False), "<mark>"]
            parts += [html.escape(text[word.start : word.end], quote=False), "</mark>"]
            at = word.end
    parts += [html.escape(text[at:end], quote=False), " …" if end < len(text) else ""]
    return "".join(parts)
