"""A plain map of places: an equirectangular projection, a graticule, and no outline of land.

One degree is as long in both directions, so a position can be read off the lines. The window is
drawn around the places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor

STEP = 15
"""Degrees between two lines."""
WIDTH = 1_000
"""Units of the drawing from west to east."""
LOWEST, BROAD = 30, 2.5
"""At least so many degrees from south to north, and so many times as many from west to east."""
LETTER, LINE = 7.6, 17.0
"""How wide a letter of a name is on average, and how high a name."""
DOT = 7.0
_BESIDES = ((0, 15, "start"), (0, -15, "end"), (-20, 0, "middle"), (24, 0, "middle"))
"""Where a name may stand: units down and right of its dot, and which part of it stands there."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Place:
    """What is marked: degrees north and east (WGS 84), and a name in a language."""

    id: str
    name: str
    lang: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Line:
    """A meridian or a parallel, and its distance from the left or the top."""

    at: float
    label: str
    zero: bool


@dataclass(frozen=True)
class Mark:
    """A place on the drawing, and where its name stands."""

    place: Place
    x: float
    y: float
    name_x: float
    name_y: float
    anchor: str


@dataclass(frozen=True)
class WorldMap:
    """A drawing of `width` by `height` units, an equal number of them to each degree."""

    width: int
    height: int
    meridians: list[Line]
    parallels: list[Line]
    marks: list[Mark]


def draw(places: Iterable[Place]) -> WorldMap | None:
    """Return a map of the places, each name where it covers no other; None without places."""
    found = sorted(places, key=lambda each: (each.longitude, each.id))
    if not found:
        return None
    south, north = _window([each.latitude for each in found], 90, LOWEST)
    west, east = _window([each.longitude for each in found], 180, (north - south) * BROAD)
    unit = WIDTH / (east - west)
    height = round((north - south) * unit)
    dots = [((p.longitude - west) * unit, (north - p.latitude) * unit) for p in found]
    return WorldMap(
        WIDTH,
        height,
        [Line((d - west) * unit, _degrees(d, "E", "W"), d == 0) for d in _lines(west, east)],
        [Line((north - d) * unit, _degrees(d, "N", "S"), d == 0) for d in _lines(south, north)],
        _named(found, dots, (0, 0, WIDTH, height)),
    )


def _window(degrees: Sequence[float], most: int, least: float) -> tuple[int, int]:
    """Return multiples of STEP around the degrees, at least `least` apart."""
    low, high = floor((min(degrees) - 6) / STEP) * STEP, ceil((max(degrees) + 6) / STEP) * STEP
    low, high = max(low, -most), min(high, most)
    while high - low < min(least, 2 * most):
        low, high = max(low - STEP, -most), min(high + STEP, most)
    return low, high


def _lines(low: int, high: int) -> range:
    return range(low + STEP, high, STEP)


def _degrees(number: int, plus: str, minus: str) -> str:
    return "0°" if number == 0 else f"{abs(number)}° {plus if number > 0 else minus}"


def _named(places: list[Place], dots: list[tuple[float, float]], window: Box) -> list[Mark]:
    """Return the marks; a name that finds no free side stands to the right."""
    taken: list[Box] = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in dots]
    marks = []
    for place, (x, y) in zip(places, dots, strict=True):
        ways = [
            (_box(place, x + right, y + down, anchor), down, right, anchor)
            for down, right, anchor in _BESIDES
        ]
        free = [way for way in ways if _is_free(way[0], taken, window)]
        box, down, right, anchor = (free or ways)[0]
        taken.append(box)
        marks.append(Mark(place, x, y, x + right, y + down, anchor))
    return marks


def _box(place: Place, x: float, y: float, anchor: str) -> Box:
    wide = len(place.name) * LETTER
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return left, y - LINE / 2, left + wide, y + LINE / 2


def _is_free(box: Box, taken: list[Box], window: Box) -> bool:
    left, top, right, bottom = box
    inside = left >= window[0] and top >= window[1] and right <= window[2] and bottom <= window[3]
    return inside and not any(
        left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
        for other in taken
    )
