"""The part of a record's text that shows why it was found."""

import html
from typing import Any

from .collection import Collection
from .page_texts import Place
from .terms import Term
from .words import folded_words, words

BEFORE, AFTER = 60, 140
"""Characters shown before and after the first match."""


def why(
    collection: Collection,
    shown: dict[str, Any],
    snapshot: dict[str, Any],
    terms: tuple[Term, ...],
    place: Place | None = None,
) -> dict[str, Any]:
    """Return why a record was found: `snippet`, and `found_in`, the page of a file that says it.

    The snippet is of that page when none of the record's own texts has any of it.
    """
    told = snippet(collection, shown, snapshot, terms)
    if place is None:
        return {"snippet": told, "found_in": None}
    if told is None:
        langs = {each["id"]: each["lang"] for each in snapshot["files"]}
        lang = langs.get(place.file) or snapshot["lang"]
        told = {"field": "files", "lang": lang, "html": _marked(place.text, terms)}
    return {"snippet": told, "found_in": {"file": place.file, "page": place.page}}


def snippet(
    collection: Collection,
    shown: dict[str, Any],
    snapshot: dict[str, Any],
    terms: tuple[Term, ...],
) -> dict[str, str] | None:
    """Return field, language and escaped HTML with `<mark>` of the best matching text.

    Of the projected record, `shown`, if it has any; else of another language of the snapshot.
    Null when only an id of other systems matches.
    """
    found = _best(collection, shown, terms)
    if found is not None:
        name, text = found
        lang = shown.get("fallbacks", {}).get(name, shown["lang"])
        return {"field": name, "lang": lang, "html": _marked(text, terms)}
    for lang, texts in ((snapshot["lang"], snapshot), *snapshot["translations"].items()):
        found = _best(collection, texts, terms)
        if found is not None:
            name, text = found
            return {"field": name, "lang": lang, "html": _marked(text, terms)}
    return None


def _best(
    collection: Collection, record: dict[str, Any], terms: tuple[Term, ...]
) -> tuple[str, str] | None:
    """Return field and text of those texts that match best, the first of equals."""
    most, best = 0, None
    for weight in ("A", "B"):
        for name in collection.weighted.get(weight, ()):
            for text in _texts(record.get(name)):
                folded = folded_words(text)
                hits = sum(bool(term.places(folded)) for term in terms)
                if hits > most:
                    most, best = hits, (name, text)
                    if hits == len(terms):
                        return best
    return best


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
