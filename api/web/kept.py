"""Finished answers, kept in each content coding that was asked for, and bounded in bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ..services.freshness import Marks
from .codings import CODINGS, IDENTITY, LEAST, coding_for, packed, packs_well

Header = tuple[str, str]
Headers = list[Header]
OVERHEAD = 2_000
"""Bytes that an answer costs beside its body: headers, and its place among the others."""
PACKED_SHARE = 0.6
"""What the packed forms of a body take, at most about, as a share of it."""


class Variant(NamedTuple):
    """An answer in one coding."""

    headers: Headers
    body: bytes


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
        self._variants = {IDENTITY: self._variant(body, IDENTITY)}
        self.size = OVERHEAD + int(len(body) * (1 + PACKED_SHARE if self._packs else 1))

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
        held = environ.get("HTTP_IF_NONE_MATCH")
        if held and self._tag and is_held(self._tag, held):
            tag = ("ETag", tag_in(self._tag, coding_held(self._tag, held)))
            start("304 NOT MODIFIED", [*self._about, tag, *more])
            return []
        coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING", "")) if self._packs else IDENTITY
        variant = self._variants.get(coding)
        if variant is None:
            body = packed(self._variants[IDENTITY].body, coding, often=True)
            variant = self._variants[coding] = self._variant(body, coding)
        start("200 OK", variant.headers + more)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [variant.body]

    def _variant(self, body: bytes, coding: str) -> Variant:
        changed = {"content-length": str(len(body)), "etag": tag_in(self._tag, coding)}
        headers = [(name, changed.get(name.lower(), value)) for name, value in self._headers]
        if coding != IDENTITY:
            headers.append(("Content-Encoding", coding))
        return Variant(headers, body)


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
        self._kept: OrderedDict[Any, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._kept)

    def get(self, key: Any) -> Answer | None:
        """Return the answer under a key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Any, answer: Answer) -> bool:
        """Keep an answer, and let the oldest go; one too large for its share is not kept."""
        if answer.size > self.size // 8:
            return False
        with self._lock:
            before = self._kept.pop(key, None)
            self.held += answer.size - (before.size if before else 0)
            self._kept[key] = answer
            while self.held > self.size:
                _, gone = self._kept.popitem(last=False)
                self.held -= gone.size
        return True
