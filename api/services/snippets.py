"""The part of a record's text that shows why it was found."""

import html
from typing import Any

from .collection import Collection
from .page_texts import Place
from .terms import Term
from .words import folded_words, spans

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
        told = {
            "field": "files",
            "lang": lang,
            "html": _marked(place.text, folded_words(place.text), terms),
        }
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
        name, text, folded = found
        lang = shown.get("fallbacks", {}).get(name, shown["lang"])
        return {"field": name, "lang": lang, "html": _marked(text, folded, terms)}
    for lang, texts in ((snapshot["lang"], snapshot), *snapshot["translations"].items()):
        found = _best(collection, texts, terms)
        if found is not None:
            name, text, folded = found
            return {"field": name, "lang": lang, "html": _marked(text, folded, terms)}
    return None


def _best(
    collection: Collection, record: dict[str, Any], terms: tuple[Term, ...]
) -> tuple[str, str, list[str]] | None:
    """Return field, text and folded words of the text that matches best, the first of equals."""
    most, best = 0, None
    for weight in ("A", "B"):
        for name in collection.weighted.get(weight, ()):
            for text in _texts(record.get(name)):
                folded = folded_words(text)
                hits = sum(bool(term.places(folded)) for term in terms)
                if hits > most:
                    most, best = hits, (name, text, folded)
                    if hits == len(terms):
                        return best
    return best


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value or () for text in _texts(each)]


def _marked(text: str, folded: list[str], terms: tuple[Term, ...]) -> str:
    places = sorted(set[int]().union(*(term.places(folded) for term in terms)))
    found = spans(text, folded)
    hits = [found[place] for place in places]
    (first, past), end = hits[0], len(text)
    start = max(0, first - BEFORE)
    start = 0 if start == 0 else text.find(" ", start, first) + 1 or start
    if past + AFTER < end:
        end = max(text.rfind(" ", past, past + AFTER), past)
    parts, at = ["… " if start else ""], start
    for begins, ends in hits:
        if ends <= end:
            parts += [html.escape(text[at:begins], quote=False), "<mark>"]
            parts += [html.escape(text[begins:ends], quote=False), "</mark>"]
            at = ends
    parts += [html.escape(text[at:end], quote=False), " …" if end < len(text) else ""]
    return "".join(parts)
