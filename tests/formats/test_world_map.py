"""The map that needs nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.formats.world_map import DOT, LETTER, STEP, WIDTH, Place, draw

DEGREES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def places(*points):
    return [Place(f"p{n}", f"Place {n}", "en", *point) for n, point in enumerate(points)]


def test_without_places_there_is_no_map():
    assert draw([]) is None


def test_a_degree_is_as_long_in_both_directions():
    found = draw(places((0, 0), (10, 0), (0, 10)))
    origin, north, east = (next(m for m in found.marks if m.place.id == f"p{n}") for n in range(3))
    assert origin.y - north.y == pytest.approx(east.x - origin.x)


def test_a_place_lies_on_its_meridian_and_parallel():
    found = draw(places((45, 15), (0, 0)))
    mark = next(each for each in found.marks if each.place.id == "p0")
    lines = {each.label: each.at for each in (*found.meridians, *found.parallels)}
    assert (lines["15° E"], lines["45° N"]) == (pytest.approx(mark.x), pytest.approx(mark.y))
    assert lines["0°"] in (found.marks[0].x, found.marks[0].y)


@given(st.lists(DEGREES, min_size=1, max_size=30))
def test_every_place_is_on_the_map(points):
    found = draw(places(*points))
    assert found.width == WIDTH
    assert all(
        0 <= mark.x <= found.width and 0 <= mark.y <= found.height + 1 for mark in found.marks
    )
    assert len(found.marks) == len(points)


def test_names_of_near_places_do_not_cover_each_other():
    marks = draw(places((0, 0), (0, 3), (0, 6), (60, 170), (-60, -170))).marks[1:4]
    spans = []
    for mark in marks:
        wide = len(mark.place.name) * LETTER
        left = {"start": 0, "middle": wide / 2, "end": wide}[mark.anchor]
        spans.append((mark.name_x - left, mark.name_x - left + wide, mark.name_y))
    for (left, _, y), (_, right, other) in zip(spans[1:], spans, strict=False):
        assert left >= right or abs(y - other) > 2 * DOT


def test_the_lines_are_some_degrees_apart():
    found = draw(places((50, 36), (41, 20)))
    unit = found.meridians[1].at - found.meridians[0].at
    assert unit == pytest.approx(STEP * WIDTH / 75)
