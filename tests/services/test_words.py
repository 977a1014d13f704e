"""Folding: what people type and what records say come to the same words, in any script."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.services import words as module
from api.services.words import (
    APOSTROPHES,
    LONGEST_TEXT,
    SEPARATOR,
    fold,
    folded,
    folded_words,
    spans,
    words,
)


def split(text: str) -> list[str]:
    return [word.folded for word in words(text)]


ALIKE = {
    "case": ("Kharkiv", "KHARKIV"),
    "Russian case": ("Харьков", "ХАРЬКОВ"),
    "ё and е": ("Ёлка ещё", "елка еще"),
    "Ё of two marks": ("Е\u0308лка", "елка"),
    "Ukrainian apostrophes": ("здоров'я", "здоров’я"),
    "modifier apostrophe": ("здоров'я", "здоровʼя"),
    "ë and e": ("Tiranë", "Tirane"),
    "ç and c": ("Çështje", "ceshtje"),
    "ë of two marks": ("Tirane\u0308", "Tiranë"),
    "French": ("Équité", "equite"),
    "Polish": ("Łódź", "lodz"),
    "Danish": ("Ærø", "aero"),
    "German": ("Straße", "STRASSE"),
    "Turkish": ("İstanbul ılık", "istanbul ilik"),
    "Greek": ("Αθήνας", "ΑΘΗΝΑΣ"),
    "Vietnamese": ("Hội An", "hoi an"),
    "possessive": ("Kharkiv's", "Kharkiv"),
    "curly possessive": ("the city’s plan", "the city plan"),
    "Arabic vowels": ("بَيْرُوت", "بيروت"),
    "Arabic hamza": ("أريحا", "اريحا"),
    "full width": ("ＣＯＶＩＤ", "covid"),
    "й of two marks": ("и\u0306ога", "йога"),
    "ї of two marks": ("Ки\u0456\u0308в", "Київ"),
    "bold letters of mathematics": ("𝐇arbour", "harbour"),
    "script letters": ("ℌarbour", "harbour"),
    "superscript letters": ("ᴴarbour", "harbour"),
}


@pytest.mark.parametrize("kind", ALIKE)
def test_what_is_spelled_in_two_ways_is_one(kind: str):
    one, other = ALIKE[kind]
    assert split(one) == split(other) != []


APART = [("й", "и"), ("ї", "і"), ("мой", "мои"), ("їх", "іх"), ("Ґ", "г"), ("є", "е"), ("ы", "и")]


@pytest.mark.parametrize(("one", "other"), APART)
def test_letters_of_their_own_stay_apart(one: str, other: str):
    assert fold(one) != fold(other)


SPLIT = {
    "COVID-19 recovery": ["covid", "19", "recovery"],
    "E/ESCWA/CL2.GPID": ["e", "escwa", "cl2", "gpid"],
    "snake_case": ["snake", "case"],
    "cities' plans": ["cities", "plans"],
    "'quoted'": ["quoted"],
    "rock 'n' roll": ["rock", "n", "roll"],
    "哈尔科夫": ["哈", "尔", "科", "夫"],
    "第2章plan": ["第", "2", "章", "plan"],
    "ハルキウ": ["ハ", "ル", "キ", "ウ"],
    "मुंबई शहर": ["मुंबई", "शहर"],
    "مدينة بيروت": ["مدينة", "بيروت"],
    "서울 도시": [fold("서울"), fold("도시")],
    "": [],
    "— … !?": [],
    "\x00\x01": [],
}


@pytest.mark.parametrize("text", SPLIT)
def test_a_text_is_split_into_words(text: str):
    assert split(text) == SPLIT[text]


def test_thai_is_split_into_characters_with_their_marks():
    assert split("กรุงเทพ") == ["ก", "รุ", "ง", "เ", "ท", "พ"]


def test_a_possessive_s_is_only_cut_after_an_apostrophe():
    assert split("cities process 's s") == ["cities", "process", "s", "s"]


PARTED = [chr(code) for code in range(0x11_0000) if unicodedata.decomposition(chr(code))]
"""The characters that folding takes apart."""


@settings(max_examples=100, deadline=None)
@example("".join(PARTED))
@given(st.text(max_size=40))
def test_a_folded_word_is_one_token_for_both_databases(text: str):
    strange = {
        word.folded
        for word in words(text)
        if any(not each.isalnum() for each in word.folded if each.isascii())
        or SEPARATOR in word.folded
    }
    assert strange == set()


@settings(max_examples=100, deadline=None)
@example(" ".join(PARTED))
@given(st.text(max_size=40))
def test_folding_a_folded_word_changes_nothing(text: str):
    changed = {word.folded for word in words(text) if fold(word.folded) != word.folded}
    assert changed == set()


def test_every_letter_folds_alike_in_upper_and_lower_case():
    both = [(each, each.lower()) for each in map(chr, range(0x1_F000)) if each != each.lower()]
    assert [one for one, other in both if split(one) != split(other)] == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_words_stand_where_they_say(text: str):
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert fold(text[word.start : word.end]) == word.folded
        end = word.end


SIMPLE = st.text(st.sampled_from("aZéßЙїё9_ -.\u02bc\u1e9b" + APOSTROPHES), max_size=40)
ASCII = st.text(st.characters(max_codepoint=127), max_size=40)


@settings(max_examples=300, deadline=None)
@example("Longer " + "x" * 101)
@given(st.one_of(SIMPLE, ASCII, st.text(max_size=40)))
def test_the_fast_ways_for_simple_texts_find_what_the_other_finds(text: str):
    assert folded_words(text) == [f for w in module._WORD.findall(text) if (f := fold(w))]
    told = [(word.start, word.end) for word in words(text)]
    assert spans(text, folded_words(text)) == told


def test_what_counts_as_simple_has_no_mark_and_needs_spaces():
    simple = [each for each in map(chr, range(0x11_0000)) if not module._NOT_SIMPLE.match(each)]
    assert len(simple) > 2_000
    assert [each for each in simple if unicodedata.category(each)[0] == "M"] == []
    assert [split(each * 2) for each in simple if len(split(each * 2)) > 1] == []


def test_texts_are_kept_apart_in_the_index():
    assert folded(iter(["One two", "three"])) == f"one two {SEPARATOR} three"


@pytest.mark.parametrize("wordless", ["", "!", "… — …"])
def test_a_text_without_words_leaves_nothing_in_the_index(wordless: str):
    texts = [wordless, "One", wordless, "two", wordless]
    assert folded(iter(texts)) == f"one {SEPARATOR} two"


def test_what_is_indexed_of_a_record_is_bounded():
    found = folded(iter(["слово " * 3_000] * 100))
    assert 150_000 < len(found.encode()) <= LONGEST_TEXT


def test_a_very_long_word_is_cut_alike_on_both_sides():
    assert split("a" * 500) == split("a" * 400)
