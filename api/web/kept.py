"""Finished answers, kept in each content coding that was asked for, and bounded in bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from ..services.freshness import Marks
from .codings import CODINGS, IDENTITY, LEAST, coding_for, packed, packs_well

Header = tuple[str, str]
Headers = list[Header]
OVERHEAD = 2_000
"""Bytes that an answer costs beside its body: headers, and its place among the others."""


@dataclass(frozen=True)
class Variant:
    """An answer in one coding, or the 304 to who holds it."""

    status: str
    headers: Headers
    body: bytes

    @cached_property
    def head(self) -> bytes:
        """The status line and the headers as HTTP/1.1 writes them, more may follow."""
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in self.headers)]
        return ("\r\n".join(lines) + "\r\n").encode("latin-1")


class Answer:
    """A 200 that shows some collections as they were at some marks."""

    def __init__(self, body: bytes, headers: Headers, shows: Iterable[str], marks: Marks) -> None:
        self._headers = [each for each in headers if each[0].lower() != "x-request-id"]
        fields = {name.lower(): value for name, value in self._headers}
        self._shows = tuple(shows)
        self._marks = marks
        self._tag = fields.get("etag", "").strip('"')
        self._packs = len(body) >= LEAST and packs_well(fields.get("content-type", ""))
        not_of_304 = ("content-", "etag")
        self._about = [each for each in self._headers if not each[0].lower().startswith(not_of_304)]
        self._body = body
        self._variants = {("200 OK", IDENTITY): self._whole(body, IDENTITY)}
        self.size = OVERHEAD + len(body)

    def is_good(self, marks: Marks) -> bool:
        """Tell whether nothing that it shows was written since."""
        mine = self._marks
        if mine is marks:
            return True
        good = mine.store == marks.store and all(
            mine.latest.get(name) == marks.latest.get(name) for name in self._shows
        )
        if good:
            self._marks = marks
        return good

    def send(
        self, environ: dict[str, Any], start: Callable[..., Any], more: Headers
    ) -> Sequence[bytes]:
        """Answer a GET or HEAD: 304 to whoever holds it, else whole."""
        variant = self.variant(environ)
        start(variant.status, variant.headers + more)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [variant.body]

    def variant(self, environ: dict[str, Any]) -> Variant:
        """Return what answers a request, packed now if it never was."""
        name = self._named(environ)
        found = self._variants.get(name)
        if found is None:
            found = self._variants[name] = self._made(name)
            self.size += len(found.body)
        return found

    def ready(self, environ: dict[str, Any]) -> Variant | None:
        """Return what answers a request, None if it would first have to be packed."""
        name = self._named(environ)
        if name not in self._variants and name[0] == "200 OK":
            return None
        return self.variant(environ)

    def _named(self, environ: dict[str, Any]) -> tuple[str, str]:
        held = environ.get("HTTP_IF_NONE_MATCH")
        if held and self._tag and is_held(self._tag, held):
            return "304 NOT MODIFIED", coding_held(self._tag, held)
        coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING", "")) if self._packs else IDENTITY
        return "200 OK", coding

    def _made(self, name: tuple[str, str]) -> Variant:
        status, coding = name
        if status != "200 OK":
            return Variant(status, [*self._about, ("ETag", tag_in(self._tag, coding))], b"")
        return self._whole(packed(self._body, coding, often=True), coding)

    def _whole(self, body: bytes, coding: str) -> Variant:
        changed = {"content-length": str(len(body)), "etag": tag_in(self._tag, coding)}
        headers = [(name, changed.get(name.lower(), value)) for name, value in self._headers]
        if coding != IDENTITY:
            headers.append(("Content-Encoding", coding))
        return Variant("200 OK", headers, body)


def tag_in(tag: str, coding: str) -> str:
    """Return a strong tag for a coding: other bytes are another representation."""
    return f'"{tag}"' if coding == IDENTITY else f'"{tag}-{coding}"'


def coding_held(tag: str, if_none_match: str) -> str:
    """Return in which coding an If-None-Match has a tag."""
    return next((each for each in CODINGS if f'{tag}-{each}"' in if_none_match), IDENTITY)


def is_held(tag: str, if_none_match: str) -> bool:
    """Tell whether an If-None-Match names a tag, in whatever coding, or is `*`."""
    held = _held(if_none_match)
    return tag in held or "*" in held


@lru_cache(maxsize=1024)
def _held(if_none_match: str) -> frozenset[str]:
    found = set()
    for each in if_none_match.split(","):
        tag = each.strip().removeprefix("W/").strip('"')
        for coding in CODINGS:
            tag = tag.removesuffix(f"-{coding}")
        found.add(tag)
    return frozenset(found)


class Answers:
    """The answers that were asked for last, up to `size` bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.held = 0
        self._kept: OrderedDict[Any, tuple[Answer, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._kept)

    def get(self, key: Any) -> Answer | None:
        """Return the answer under a key."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            answer, counted = found
            self._kept.move_to_end(key)
            if answer.size != counted:  # it was packed since
                self._count(key, answer)
            return answer

    def put(self, key: Any, answer: Answer) -> bool:
        """Keep an answer, and let the oldest go; one too large for its share is not kept."""
        if answer.size > self.size // 8:
            return False
        with self._lock:
            self._count(key, answer)
        return True

    def _count(self, key: Any, answer: Answer) -> None:
        _, before = self._kept.pop(key, (None, 0))
        self.held += answer.size - before
        self._kept[key] = answer, answer.size
        while self.held > self.size:
            _, (_, size) = self._kept.popitem(last=False)
            self.held -= size
