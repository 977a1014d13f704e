"""A snapshot as a reader wants it: in one language, with the fields that were asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..schemas.facts import facts_of
from .collection import Collection

ALWAYS = ("id", "version", "lang", "fallbacks", "translations", "snippet", "found_in")
"""What every answer keeps, whatever `fields` says."""
ALL_LANGUAGES = "*"


@dataclass(frozen=True)
class View:
    """How snapshots are shown: languages in order of preference (or `*`), fields, and where."""

    base: str
    """The address of the API, `https://host/api/v1`."""
    langs: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None


def columns(collection: Collection) -> tuple[str, ...]:
    """Return the fields of a record in one language, in an order that stays: new ones come last."""
    first = ("id", "url", "version", "created_at", "updated_at")
    own = [name for name in collection.empty if name not in (*first, "translations")]
    fields = collection.fields
    return tuple(
        sorted(
            (*first, *own, "fallbacks"),
            key=lambda name: facts_of(fields[name]).since if name in fields else 0,
        )
    )


def project(collection: Collection, snapshot: dict[str, Any], view: View) -> dict[str, Any]:
    """Return the record as an answer shows it.

    With `lang=*`: the write form and what the server sets. Else flat, in one language: each text
    in the first of the asked languages that has it, else in the record's own, else in whichever
    has it, English before others; `lang` is the first asked language in which there is any text,
    and `fallbacks` names each field whose text is not in the language that was asked for first
    (the record's own when none was).
    """
    record = {
        "id": snapshot["id"],
        "url": f"{view.base}/{collection.name}/{snapshot['id']}",
        "version": snapshot["version"],
        "created_at": snapshot["created_at"],
        "updated_at": snapshot["updated_at"],
    }
    record |= collection.whole(snapshot)
    if view.langs != (ALL_LANGUAGES,):
        _in_one_language(collection, record, view.langs)
    if view.fields is None:
        return record
    shown = {n: value for n, value in record.items() if n in view.fields or n in ALWAYS}
    if "fallbacks" in shown:
        shown["fallbacks"] = {n: lang for n, lang in shown["fallbacks"].items() if n in shown}
    return shown


def _in_one_language(collection: Collection, record: dict[str, Any], langs: Sequence[str]) -> None:
    own, translations = record["lang"], record.pop("translations")
    fallbacks: dict[str, str] = {}
    chain = [found for lang in langs if (found := serving(lang, own, translations))]
    wanted = serving(langs[0], own, translations) if langs else own
    others = sorted(translations, key=lambda lang: (lang != "en", lang))
    for name in collection.translated:
        for used in (*chain, own, *others):
            if text := _text(record, translations, used, name):
                record[name] = text
                if used != wanted:
                    fallbacks[name] = used
                break
    record["lang"] = chain[0] if chain else own
    record["fallbacks"] = fallbacks


def serving(asked: str, own: str, translations: dict[str, Any]) -> str | None:
    """Return the record's language that serves an asked one (RFC 4647 lookup), or None."""
    parts = asked.split("-")
    while parts:
        lang = "-".join(parts).casefold()
        for each in (own, *translations):
            if each.casefold() == lang:
                return each
        parts.pop()
    return None


def _text(record: dict[str, Any], translations: dict[str, Any], lang: str, name: str) -> Any:
    # `record` still holds its own texts: a field is only replaced after its last look-up.
    if lang in translations:
        return translations[lang].get(name)
    return record[name]
