"""What is found and where: places in the old document, and breaks."""

from dataclasses import dataclass
from typing import Any

from .kinds import Kind


@dataclass(frozen=True)
class Break:
    """One break. `where` is a JSON pointer (RFC 6901) into the old document, with a `#` before."""

    where: str
    kind: Kind
    sentence: str


@dataclass(frozen=True)
class Place:
    """Where two documents are compared: the pointer, and the words that a reader knows it by."""

    pointer: str
    words: str

    def to(self, *steps: str, words: str = "") -> "Place":
        """Return a place below; without words it is known by those of this one."""
        more = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
        return Place(self.pointer + more, words or self.words)

    def of(self, node: Any) -> "Place":
        """Return where a node is written that is met here: where its reference leads, or here."""
        leads = isinstance(node, dict) and "$ref" in node
        return Place(node["$ref"], self.words) if leads else self


@dataclass(frozen=True)
class Finding:
    """A break before it is known which operations it reaches."""

    place: Place
    kind: Kind
    detail: str
