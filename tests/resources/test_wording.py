"""How pages spell things."""

import pytest

from api.resources.wording import (
    clock,
    data_block,
    day,
    lang_attributes,
    language_name,
    size,
    words,
)


@pytest.mark.parametrize(
    ("date", "spelled"),
    [
        ("2020", "2020"),
        ("2020-07", "July 2020"),
        ("2021-09-03", "3 September 2021"),
        ("2021-09-03T23:59:59Z", "3 September 2021"),
    ],
)
def test_a_date_is_as_precise_as_its_source(date, spelled):
    assert day(date) == spelled


@pytest.mark.parametrize(
    ("moment", "spelled"),
    [
        ("2021-09-03T11:00:00+02:00", "11:00 (UTC+02:00)"),
        ("2021-09-03T11:00:00Z", "11:00 (UTC)"),
        ("2021-09-03T11:00:00.5-03:30", "11:00 (UTC-03:30)"),
    ],
)
def test_a_time_says_how_far_from_utc_it_is(moment, spelled):
    assert clock(moment) == spelled


@pytest.mark.parametrize(
    ("end", "spelled"),
    [
        ("2021-09-03T12:45:00+02:00", "11:00–12:45 (UTC+02:00)"),
        ("2021-09-03T13:45:00+03:00", "11:00 (UTC+02:00) – 13:45 (UTC+03:00)"),
    ],
)
def test_a_span_of_time_names_its_zone_once_if_it_is_one(end, spelled):
    assert clock("2021-09-03T11:00:00+02:00", end) == spelled


@pytest.mark.parametrize(
    ("lang", "attributes"),
    [
        ("en", ""),
        ("uk", ' lang="uk"'),
        ("ar", ' lang="ar" dir="rtl"'),
        ("az-Arab", ' lang="az-Arab" dir="rtl"'),
        ("he", ' lang="he" dir="rtl"'),
        (None, ' lang="" dir="auto"'),
    ],
)
def test_a_language_says_its_direction(lang, attributes):
    assert lang_attributes(lang) == attributes


def test_languages_are_called_as_they_call_themselves():
    names = [language_name(tag) for tag in ("uk", "sr-Latn", "tlh")]
    assert names == ["Українська", "Српски (Latn)", "tlh"]


def test_a_data_block_holds_nothing_that_html_knows():
    block = data_block({"a": "</script><!-- & -->"})
    assert not set(block) & set("<>&")
    assert "\\u003c/script\\u003e" in block


def test_codes_and_sizes_are_words():
    assert [words("kick_off"), words(None)] == ["Kick off", ""]
    assert [size(n) for n in (0, 999, 1_500, 2_000_000, 3 * 10**9)] == [
        *("0 bytes", "999 bytes", "1.5 kB", "2.0 MB", "3.0 GB")
    ]
