"""PDFs as bytes, good and hostile, made by hand so that each is wrong in just one way."""

import io
import zlib
from collections.abc import Sequence

from pypdf import PdfWriter

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def file_of(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of these objects, numbered from 1, the first being the catalog."""
    made, places = io.BytesIO(), []
    made.write(b"%PDF-1.4\n")
    for number, each in enumerate(objects, 1):
        places.append(made.tell())
        made.write(b"%d 0 obj\n%s\nendobj\n" % (number, each))
    table = made.tell()
    made.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    made.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    made.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    made.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return made.getvalue()


def page(contents: int) -> bytes:
    """Return a page whose text is in another object."""
    box = b"/MediaBox [0 0 612 792]"
    return b"<< /Type /Page /Parent 2 0 R %s /Resources %s /Contents %d 0 R >>" % (
        box,
        FONT,
        contents,
    )


def stream(data: bytes, more: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), more, data)


def said(text: str) -> bytes:
    """Return what shows a text on a page."""
    return b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % text.encode("latin-1")


def pdf(*texts: str) -> bytes:
    """Return a PDF with a page for each text."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * number) for number in range(len(texts)))
    objects = [CATALOG, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(texts))]
    for number, text in enumerate(texts):
        objects += [page(4 + 2 * number), stream(said(text))]
    return file_of(objects)


def encrypted() -> bytes:
    """Return a PDF that opens with a password only."""
    writer, made = PdfWriter(clone_from=io.BytesIO(pdf("secret harbour"))), io.BytesIO()
    writer.encrypt("password", algorithm="RC4-128")
    writer.write(made)
    return made.getvalue()


def bomb() -> bytes:
    """Return a PDF of 2 MB whose one page unpacks to 2 GB."""
    packer, part = zlib.compressobj(9), b" " * 1_000_000
    packed = b"".join(packer.compress(part) for _ in range(2_000)) + packer.flush()
    return file_of([CATALOG, PAGES, page(4), stream(packed, b"/Filter /FlateDecode")])


def looped() -> bytes:
    """Return a PDF whose cross-reference table names itself as the one before."""
    whole = pdf("harbour")
    start = whole.rindex(b"xref\n0 ")
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def deep() -> bytes:
    """Return a PDF with arrays in arrays, a hundred thousand deep."""
    nested = b"[" * 100_000 + b"]" * 100_000
    catalog = CATALOG.replace(b" >>", b" /X %s >>" % nested)
    return file_of([catalog, PAGES, page(4), stream(said("harbour"))])


def long() -> bytes:
    """Return a PDF that shows one page a hundred thousand times."""
    pages = b"<< /Type /Pages /Kids [%s] /Count 100000 >>" % (b"3 0 R " * 100_000)
    return file_of([CATALOG, pages, page(4), stream(said("harbour"))])


def scripted() -> bytes:
    """Return a PDF that would run a script when it is opened."""
    script = b" /OpenAction << /S /JavaScript /JS (app.launchURL\\(1\\)) >> >>"
    return file_of([CATALOG.replace(b" >>", script), PAGES, page(4), stream(said("harbour"))])


HOSTILE = {
    "garbage": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400,
    "cut short": lambda: pdf("harbour", "tram")[:400],
    "encrypted": encrypted,
    "a bomb": bomb,
    "pages within themselves": lambda: file_of(
        [CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"]
    ),
    "deep": deep,
    "too many pages": long,
    "no pages": lambda: file_of([CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>"]),
}
"""What cannot be read."""
READABLE = {"a table that loops": looped, "a script": scripted}
"""What is odd, and can be read."""
