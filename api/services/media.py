"""Whether bytes are of the media type that they are said to be.

Few kinds matter to an archive of documents, and each is known by its first bytes, or by the names
at the end of a ZIP. So this is a short table, and not a library of hundreds of guesses.
"""

import re
from dataclasses import dataclass
from mimetypes import MimeTypes

PDF = "application/pdf"
UNSAID = "application/octet-stream"
"""What clients send when they do not say; then the content says it."""
HEAD, TAIL = 4_096, 1_000_000
"""How many bytes of the beginning and the end are looked at."""
_OFFICE = "application/vnd.openxmlformats-officedocument."
_WORD = f"{_OFFICE}wordprocessingml.document"
_SHEET = f"{_OFFICE}spreadsheetml.sheet"
_SLIDES = f"{_OFFICE}presentationml.presentation"
_ODF = "application/vnd.oasis.opendocument."
_ZIP, _EPUB, _RTF = "application/zip", "application/epub+zip", "application/rtf"
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (0, b"{\\rtf", _RTF),
)
_OLD_OFFICE = ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint")
_TEXT = frozenset(
    {"application/json", "application/yaml", "application/xml", "application/geo+json"}
    | {"application/ld+json", "application/javascript", "application/x-sh", "image/svg+xml"}
)
_EXTENSIONS = {
    _WORD: ".docx",
    _SHEET: ".xlsx",
    _SLIDES: ".pptx",
    f"{_ODF}text": ".odt",
    f"{_ODF}spreadsheet": ".ods",
    f"{_ODF}presentation": ".odp",
    _EPUB: ".epub",
    _RTF: ".rtf",
    "application/yaml": ".yaml",
    "application/geo+json": ".geojson",
    "application/ld+json": ".jsonld",
    "text/markdown": ".md",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/jpeg": ".jpg",
}
_TYPES = MimeTypes(filenames=())


@dataclass(frozen=True)
class Seen:
    """What was seen of some bytes: their beginning and end, and whether all is UTF-8 text."""

    head: bytes
    tail: bytes
    is_text: bool


def kind(seen: Seen) -> str | None:
    """Return the media type that bytes show, None when they show none that is known here.

    Text of whatever sort is `text/plain`, old Office files are `application/msword`.
    """
    if b"%PDF-" in seen.head[:1024]:
        return PDF
    if seen.head.startswith(b"PK\x03\x04"):
        return _zipped(seen)
    if seen.head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _OLD_OFFICE[0]
    for at, signature, media_type in _SIGNATURES:
        if seen.head[at:].startswith(signature):
            return media_type
    return "text/plain" if seen.is_text else None


def _zipped(seen: Seen) -> str:
    # ODF and EPUB: the first member is called mimetype, is not compressed, and holds it.
    if seen.head[30:38] == b"mimetype":
        length = int.from_bytes(seen.head[18:22], "little")
        named = seen.head[38 : 38 + min(length, 127)].decode("ascii", "replace")
        return named if re.fullmatch(r"application/[a-z0-9.+-]+", named) else _ZIP
    if b"[Content_Types].xml" in seen.tail:
        for folder, media_type in ((b"word/", _WORD), (b"xl/", _SHEET), (b"ppt/", _SLIDES)):
            if folder in seen.tail:
                return media_type
    return _ZIP


def family(media_type: str) -> str:
    """Return the media type that stands for all those that the same bytes can be."""
    if media_type.startswith("text/") or media_type in _TEXT or media_type.endswith("+xml"):
        return "text/plain"
    return _OLD_OFFICE[0] if media_type in _OLD_OFFICE else media_type


def fits(media_type: str, seen: Seen) -> bool:
    """Tell whether bytes can be of a media type.

    Bytes that show a kind are of no other. Those that show none can be whatever is known by no
    sign here, such as a film.
    """
    shown, wanted = kind(seen), family(media_type)
    if shown is None:
        return wanted not in _KNOWN
    # Whatever is packed as a ZIP or an old Office file can be a format that is not known here.
    return wanted == shown or (shown in (_ZIP, _OLD_OFFICE[0]) and wanted not in _KNOWN)


_KNOWN = frozenset(
    {PDF, _ZIP, _WORD, _SHEET, _SLIDES, _EPUB, "text/plain", _OLD_OFFICE[0]}
    | {f"{_ODF}{each}" for each in ("text", "spreadsheet", "presentation")}
    | {media_type for _, _, media_type in _SIGNATURES}
)


def extension(media_type: str) -> str:
    """Return what the name of a file of a media type ends with, with its dot."""
    found = _EXTENSIONS.get(media_type) or _TYPES.guess_extension(media_type, strict=True)
    return found or ".bin"
