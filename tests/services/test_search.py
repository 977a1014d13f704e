"""Search finds the same records on both databases: those that a matcher in Python finds."""

from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from api.errors import BadQuery
from api.services import ranking, search, searching, stored
from api.services.database import reading
from api.services.projection import View, project
from api.services.records import BY_NAME
from api.services.searching import Asked
from api.services.snippets import snippet
from api.services.terms import Term, read_terms
from api.services.words import SEPARATOR
from tests.conftest import EmptyStore
from tests.factories import city, load, store, workshop
from tests.services.helpers import found, put
from tests.stores import disagreements

TITLES = {
    "en": "Kharkiv's COVID-19 recovery plan",
    "ru": "Харьков: ещё одна Ёлка, мой город",
    "uk": "Здоров’я Києва, їжа та п'ять міст",
    "sq": "Rimëkëmbja e Tiranës dhe çështjet",
    "zh": "哈尔科夫城市韧性",
    "th": "เมืองกรุงเทพมหานคร",
    "ar": "خطّة تعافي مدينة بيروت",
    "hi": "मुंबई शहर की योजना",
    "ja": "ハルキウの計画",
    "de": "Ärger mit der Straße",
}


@pytest.fixture(scope="session")
def titles(fresh_store: Any) -> Engine:
    """A workshop in each language, whose id is the language."""
    engine = fresh_store()
    store(engine, *(("workshops", workshop(n, lang=n, title=t)) for n, t in TITLES.items()))
    return engine


FINDS = {
    "kharkiv": "en",
    "KHARKIV": "en",
    "Kharkiv’s": "en",
    "khark": "en",
    "covid-19": "en",
    "COVID 19": "en",
    "covid": "en",
    "19 covid": "en",
    "covid-1": "en",
    "plan recovery": "en",
    "recovery pl": "en",
    '"recovery plan"': "en",
    '"covid-19 recovery"': "en",
    "харьков": "ru",
    "ХАРЬКОВ елка": "ru",
    "еще": "ru",
    "мой": "ru",
    "здоров'я": "uk",
    "здоровʼя": "uk",
    "ЗДОРОВ’Я": "uk",
    "здоровя": "uk",
    "їжа": "uk",
    "пять": "uk",
    "tiranes": "sq",
    "Tiranë": "sq",
    "ceshtjet rimekembja": "sq",
    "城市": "zh",
    "哈尔科夫": "zh",
    "韧性 城市": "zh",
    "กรุงเทพ": "th",
    "มหานคร": "th",
    "خطة": "ar",
    "بيروت مدينة": "ar",
    "मुंबई": "hi",
    "योजना शहर": "hi",
    "ハルキウ": "ja",
    "strasse": "de",
    "arger": "de",
}


@pytest.mark.parametrize("q", FINDS)
def test_a_record_is_found(titles: Engine, q: str):
    assert found(titles, "workshops", q) == [FINDS[q]]


FINDS_NOT = [
    "мои",
    "іжа",
    "харь ёлка",
    "khark plan",
    '"plan recovery"',
    '"recovery pla"',
    '"covid recovery"',
    "arkiv",
    "kharkiv харьков",
    "19-covid",
    "性韧",
    "城韧",
    "covid19",
]


@pytest.mark.parametrize("q", FINDS_NOT)
def test_nothing_is_found(titles: Engine, q: str):
    assert found(titles, "workshops", q) == []


HOSTILE = [
    "AND",
    "OR NOT NEAR",
    "NEAR(a b, 2)",
    "a* b^ c:",
    "*",
    "^kharkiv",
    "names : kharkiv",
    "{names prose} : kharkiv",
    "kharkiv)",
    "((",
    "kharkiv & | ! <-> plan",
    "kharkiv:*A",
    "'; DROP TABLE change; --",
    "'kharkiv",
    '"',
    '""',
    '"""kharkiv',
    '"kharkiv',
    "\\",
    "\\'kharkiv\\",
    "?!…—·",
    SEPARATOR,
    "%_%",
    ":id $1 %s %(x)s",
    "\x00",
    "kharkiv\x00plan",
    "\ud800",
    "\u202ekharkiv",
    "a" * 200,
    "城" * 200,
    "-" * 200,
    " \t\n",
    "",
    "㈠ ⑴ ½ ﷺ ŀ",
]


@pytest.mark.parametrize("q", HOSTILE)
def test_no_query_is_an_error(titles: Engine, q: str):
    assert set(found(titles, "workshops", q)) <= set(TITLES)
    with reading(titles) as connection:
        assert searching.search_all(connection, Asked(read_terms(q))).total <= len(TITLES)


def test_operators_are_plain_words(titles: Engine):
    assert found(titles, "workshops", "kharkiv AND plan") == []
    assert found(titles, "workshops", "kharkiv NOT plan") == []
    assert found(titles, "workshops", "kharkiv & plan") == ["en"]


def test_nothing_to_look_for_finds_nothing(titles: Engine):
    assert [found(titles, "workshops", q) for q in ("", "…", '""')] == [[], [], []]


@pytest.mark.parametrize("q", ["a" * 201, " ".join("abcdefghijklmnopq")])
def test_what_is_too_long_is_refused_with_words(q: str):
    with pytest.raises(BadQuery, match="at most"):
        read_terms(q)


def test_one_collection_is_searched_alone_and_all_together(library: Engine):
    with reading(library) as connection:
        hits = searching.search_all(connection, Asked(read_terms("recovery"), count_types=True))
        counted = dict(hits.types)
    assert set(counted) == {"workshops", "documents"}
    for name, count in counted.items():
        assert len(found(library, name, "recovery")) == count
    assert hits.total == sum(counted.values())


def test_a_collections_name_is_no_word_of_its_records(titles: Engine):
    assert found(titles, "workshops", "workshops") == []


def test_a_phrase_does_not_reach_from_one_text_into_the_next(engine: Engine):
    put(
        engine,
        "workshops",
        "w",
        title="Green harbour",
        aliases=["Old market", "New bridge"],
        summary="First tram",
        objectives=["Slow food", "Fast train"],
        translations={"ru": {"title": "Мост старый"}},
    )
    inside = ["green harbour", "old market", "new bridge", "fast train", "мост старый"]
    across = ["harbour old", "market new", "bridge first", "tram slow", "food fast", "harbour мост"]
    assert all(found(engine, "workshops", f'"{phrase}"') == ["w"] for phrase in inside)
    assert [phrase for phrase in across if found(engine, "workshops", f'"{phrase}"')] == []


def test_words_may_stand_in_different_fields_and_languages(engine: Engine):
    translations = {"ru": {"title": "Семинар", "objectives": ["Понять город"]}}
    put(engine, "workshops", "w", title="Seminar", summary="tram", translations=translations)
    assert found(engine, "workshops", "tram семинар город") == ["w"]


def test_every_searched_part_of_a_record_is_found(engine: Engine):
    put(engine, "projects", "p", agencies=[{"name": "UNECE", "full_name": "Economic Commission"}])
    put(engine, "cities", "c", aliases=["Karkhiv"])
    put(engine, "documents", "d", symbol="E/ESCWA/CL2.GPID/2022/TP.5", authors=["Ada Byron"])
    put(engine, "actions", "a", decision="Resolution seven", actors=["Mayor's office"])
    assert found(engine, "projects", "economic unece") == ["p"]
    assert found(engine, "cities", "karkhiv") == ["c"]
    assert found(engine, "documents", "E/ESCWA/CL2.GPID/2022/TP.5 byron") == ["d"]
    assert found(engine, "actions", "resolution mayor") == ["a"]


def test_a_name_stands_before_prose(engine: Engine):
    put(engine, "workshops", "a-prose", summary="A harbour for all, a harbour of hope.")
    put(engine, "workshops", "b-name", title="The old harbour")
    put(engine, "workshops", "c-alias", aliases=["Harbour days"])
    put(engine, "workshops", "d-other", summary="Something else")
    assert found(engine, "workshops", "harbour")[2:] == ["a-prose"]
    with reading(engine) as connection:
        hits = searching.search_all(connection, Asked(read_terms("harbour")))
    assert hits.records[-1][1]["id"] == "a-prose"


def test_of_many_matches_the_newest_are_ranked_and_all_are_counted(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ranking, "NEWEST", 3)
    put(engine, "workshops", "best", title="Harbour", kind="training")
    for number in range(4):
        put(engine, "workshops", f"w{number}", title="A day", summary="The harbour")
    assert found(engine, "workshops", "harbour") == ["w1", "w2", "w3"]
    assert found(engine, "workshops", "harbour", ("kind", ("training",))) == ["best"]
    with reading(engine) as connection:
        hits = searching.search_all(connection, Asked(read_terms("harbour")))
    assert [record["id"] for _, record in hits.records] == ["w1", "w2", "w3"]
    assert hits.total == 5


def test_no_entry_of_a_collection_can_be_taken_for_one_of_another():
    spans = sorted(search.entries_of(name) for name in BY_NAME)
    assert 2**40 <= spans[0][0]
    assert spans[-1][1] < 2**63
    assert all(one[1] < other[0] for one, other in pairwise(spans))


def test_a_prefix_is_only_for_the_last_word(engine: Engine):
    put(engine, "workshops", "w", title="Harbour market")
    assert found(engine, "workshops", "harbour mark") == ["w"]
    assert found(engine, "workshops", "h") == ["w"]
    assert found(engine, "workshops", "harb market") == []


VOCABULARY = ["port", "ports", "мир", "мой", "мои", "ё", "covid-19", "19", "城市", "市", "ç"]
PHRASES = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map(" ".join)
QUERIES = st.lists(
    PHRASES | PHRASES.map('"{}"'.format) | st.sampled_from(["po", "п", "AND", "co", "1", "-", "*"]),
    min_size=1,
    max_size=3,
).map(" ".join)
TEXTS = st.lists(PHRASES, max_size=2)


def matches(name: str, record: dict[str, Any], terms: tuple[Term, ...]) -> bool:
    """Tell whether a record matches, as plainly as can be: each term in one of its texts."""
    entry = search.entry(BY_NAME[name], record)
    lines = [
        line.split() for text in entry.values() for line in f" {text} ".split(f" {SEPARATOR} ")
    ]
    return bool(terms) and all(any(has(line, term) for line in lines) for term in terms)


def has(line: list[str], term: Term) -> bool:
    count = len(term.words)
    for start in range(len(line) - count + 1):
        part = line[start : start + count]
        last = part[-1].startswith(term.words[-1]) if term.prefix else part[-1] == term.words[-1]
        if last and part[:-1] == list(term.words[:-1]):
            return True
    return False


@settings(max_examples=15, deadline=None)
@example([(["port мир"], ["мой"])], ["port", '"port мой"', "…"])
@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5),
    st.lists(QUERIES, min_size=5, max_size=12),
)
def test_both_databases_find_what_a_plain_matcher_finds(
    empty_store: EmptyStore, texts: list[tuple[list[str], list[str]]], queries: list[str]
):
    engine, records = empty_store(), {}
    for number, (names, prose) in enumerate(texts):
        record = workshop(f"w-{number}", title="-", aliases=[*set(names)], objectives=[*set(prose)])
        records[record["id"]] = load("workshops", record)
        store(engine, ("workshops", record))
    for q in queries:
        terms = read_terms(q)
        wanted = {each for each, record in records.items() if matches("workshops", record, terms)}
        assert set(found(engine, "workshops", q)) == wanted, q


def test_the_same_in_a_word_of_strange_characters(engine: Engine):
    strange = ["㈠", "⑴", "𝐇arbour", "ŀ", "½", "ⅷ", "ﷺ", "ᴴ"]
    for number, text in enumerate(strange):
        put(engine, "workshops", f"w-{number}", title=text)
    for q in [*strange, "一", "1", "harbour", "l", "2", "viii", "h", "H"]:
        with reading(engine) as connection:
            rows = [
                orjson.loads(stored.current(connection, BY_NAME["workshops"], f"w-{n}").snapshot)
                for n in range(len(strange))
            ]
        wanted = {r["id"] for r in rows if matches("workshops", r, read_terms(f'"{q}"'))}
        assert set(found(engine, "workshops", f'"{q}"')) == wanted, q


LONG = "Слово о городе и его людях. "


def test_a_huge_record_is_saved_and_found(engine: Engine):
    objectives = [f"{number} {LONG * 714}"[:20_000].strip() for number in range(200)]
    objectives[3] = "Zanzibar " + objectives[3][:19_000]
    put(engine, "workshops", "huge", title="Tanganyika", objectives=objectives)
    for q in ("tanganyika", "zanzibar", "слово город", '"о городе и его людях"'):
        assert found(engine, "workshops", q) == ["huge"]
    assert disagreements(engine) == []


def distinct(start: int, count: int) -> str:
    digits = "abcdefghijklmnopqrstuvwxyzабвгдежзклмнопрстуфхцчшщэюя"
    size = len(digits)
    return " ".join(
        digits[n % size] + digits[n // size % size] + digits[n // size**2]
        for n in range(start, start + count)
    )


def test_a_record_of_very_many_different_words_is_saved_and_found(engine: Engine):
    regions = ["GB", "US", "AU", "CA", "NZ", "IE", "IN", "ZA", "KE", "NG", "GH", "UG", "TZ", "ZM"]
    bases = ["en", "fr", "de", "es", "sq", "uk", "ru", "it", "pt", "nl", "pl", "ro", "tr", "ar"]
    langs = [f"{base}-{each}" for base in bases for each in regions]
    put(
        engine,
        "workshops",
        "wordy",
        title="Tanganyika",
        translations={lang: {"title": distinct(n * 124, 124)} for n, lang in enumerate(langs)},
        aliases=[distinct(25_000 + n * 124, 124) for n in range(200)],
        objectives=[distinct(60_000 + n * 4_000, 4_000) for n in range(20)],
    )
    assert found(engine, "workshops", "tanganyika") == ["wordy"]


def test_a_phrase_is_found_after_a_word_that_stands_there_often(engine: Engine):
    put(engine, "workshops", "w", summary="the city and " * 300 + "the city hall")
    assert found(engine, "workshops", '"city hall"') == ["w"]


def test_a_phrase_is_found_late_in_a_long_record(engine: Engine):
    long = ["a b c d e " * 1_900, "f g h i " * 2_400, "old hall"]
    put(engine, "workshops", "w", objectives=long)
    assert found(engine, "workshops", "hall") == ["w"]
    assert found(engine, "workshops", '"f i"') == found(engine, "workshops", '"i h"') == []
    assert found(engine, "workshops", '"old hall"') == ["w"]


def shown(name: str, record: dict[str, Any], q: str, *langs: str) -> dict[str, str] | None:
    """Return the snippet of a record in a language."""
    stamps = {"version": 1, "created_at": "", "updated_at": ""}
    snapshot = {**load(name, record), **stamps}
    seen = project(BY_NAME[name], snapshot, View("", langs))
    return snippet(BY_NAME[name], seen, snapshot, read_terms(q))


def test_a_snippet_is_escaped_and_marked():
    record = workshop(summary='<script>alert("tram")</script> & a tram')
    assert shown("workshops", record, "tram") == {
        "field": "summary",
        "lang": "en",
        "html": '&lt;script&gt;alert("<mark>tram</mark>")&lt;/script&gt; &amp; a <mark>tram</mark>',
    }


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>&\"'tram ё\u0301", min_size=1).filter(str.strip))
def test_a_snippet_holds_no_markup_but_its_marks(text: str):
    found_ = shown("workshops", workshop(summary=f"tram {text}"), "tram")
    plain = found_["html"].replace("<mark>", "").replace("</mark>", "")
    assert not set("<>") & set(plain)
    assert found_["html"].count("<mark>") == found_["html"].count("</mark>") >= 1


def test_a_snippet_marks_what_folding_found():
    record = workshop(title="Ёлка и Здоров’я", lang="ru")
    assert shown("workshops", record, "елка здоров'я")["html"] == (
        "<mark>Ёлка</mark> и <mark>Здоров’я</mark>"
    )


def test_a_snippet_marks_the_beginning_of_the_last_word():
    found_ = shown("cities", city(name="Kharkiv market"), "market khar")
    assert found_["html"] == "<mark>Kharkiv</mark> <mark>market</mark>"


def test_a_snippet_is_cut_from_a_long_text():
    text = "word " * 500 + "harbour " + "word " * 500
    html = shown("workshops", workshop(summary=text), "harbour")["html"]
    assert (html[:6], html[-6:]) == ("… word", "word …")
    assert "<mark>harbour</mark>" in html
    assert len(html) < 300


def test_a_snippet_has_the_language_that_is_shown():
    record = workshop(
        title="Harbour", summary="A tram", translations={"ru": {"title": "Гавань трамвая"}}
    )
    assert shown("workshops", record, "трамвая", "ru")["lang"] == "ru"
    assert shown("workshops", record, "tram", "ru") == {
        "field": "summary",
        "lang": "en",
        "html": "A <mark>tram</mark>",
    }


@pytest.mark.parametrize("langs", [(), ("ru",), ("uk",), ("*",)])
def test_a_snippet_of_a_language_that_is_not_shown_tells_its_language(langs: tuple[str, ...]):
    record = workshop(translations={"ru": {"title": "Гавань"}})
    told = {"field": "title", "lang": "ru", "html": "<mark>Гавань</mark>"}
    assert shown("workshops", record, "гавань", *langs) == told


def test_a_snippet_shows_the_text_that_has_the_phrase():
    record = workshop(title="Hall of records", summary="Meet in the city hall at noon.")
    found_ = shown("workshops", record, '"city hall"')
    assert found_["field"] == "summary"
