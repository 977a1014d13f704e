"""How the pages spell codes, dates, sizes and languages; they speak English around the texts."""

from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

import langcodes
import orjson
from flask.sansio.app import App
from markupsafe import Markup

RIGHT_TO_LEFT = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})
NAMES = {
    "ar": "العربية",
    "az": "Azərbaycanca",
    "be": "Беларуская",
    "bg": "Български",
    "bs": "Bosanski",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hy": "Հայերեն",
    "it": "Italiano",
    "ka": "ქართული",
    "kk": "Қазақша",
    "ky": "Кыргызча",
    "mk": "Македонски",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sq": "Shqip",
    "sr": "Српски",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
"""What languages call themselves; any other is shown by its tag."""
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
KINDS = {
    "application/pdf": "PDF",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "text/html": "Web page",
}


def lang_attributes(lang: str | None, around: str = "en") -> Markup:
    """Return the `lang` and `dir` of an element whose text is in a language.

    None is an unknown language, `lang=""` in HTML; what is already said `around` it is not said
    again.
    """
    if lang == around:
        return Markup("")
    attributes = Markup(' lang="{}"').format(lang or "")
    if lang and langcodes.get(lang).maximize().script in RIGHT_TO_LEFT:
        attributes += Markup(' dir="rtl"')
    return attributes if lang else Markup(' lang="" dir="auto"')


def language_name(tag: str) -> str:
    """Return what a language calls itself, with what else its tag says, or the tag."""
    first, _, rest = tag.partition("-")
    name = NAMES.get(first)
    return tag if name is None else f"{name} ({rest})" if rest else name


def words(code: str | None) -> str:
    """Return a code as words: `kick_off` is “Kick off”."""
    text = (code or "").replace("_", " ")
    return text[:1].upper() + text[1:]


def day(text: str) -> str:
    """Return a date of whatever precision, or the day of a moment: “3 September 2021”."""
    parts = text[:10].split("-")
    spelled = [parts[0]]
    if len(parts) > 1:
        spelled.insert(0, MONTHS[int(parts[1]) - 1])
    if len(parts) > 2:
        spelled.insert(0, str(date.fromisoformat("-".join(parts)).day))
    return " ".join(spelled)


def clock(start: str, end: str | None = None) -> str:
    """Return the time of a moment, or from one to another, with its distance from UTC:
    “11:00–12:45 (UTC+02:00)”.
    """
    (first, zone), (last, other) = _time(start), _time(end or start)
    if zone != other:
        return f"{first} ({zone}) – {last} ({other})"
    return f"{first}–{last} ({zone})" if end else f"{first} ({zone})"


def _time(moment: str) -> tuple[str, str]:
    return moment[11:16], "UTC" if moment[-1] in "Zz" else f"UTC{moment[-6:]}"


def size(number: int) -> str:
    """Return a number of bytes in the unit that fits."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= factor:
            return f"{number / factor:.1f} {unit}"
    return f"{number} bytes"


def host(url: str) -> str:
    """Return the host of an address, as a reader knows it."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def data_block(value: Any) -> Markup:
    """Return JSON that no HTML parser takes for markup: what could end its element is escaped."""
    text = orjson.dumps(value).decode()
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  nothing is left in it that HTML knows


def teach(app: App) -> None:
    """Give an app's templates these words."""
    app.jinja_env.filters.update(
        words=words,
        day=day,
        clock=clock,
        size=size,
        host=host,
        data_block=data_block,
        language_name=language_name,
        kind=lambda media_type: KINDS.get(media_type, media_type),
        quoted=lambda text: quote(text, safe=""),
    )
    app.jinja_env.globals.update(attributes=lang_attributes)
