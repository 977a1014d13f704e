"""Contents and their texts: kept once, agreeing with their records, read apart, found by page."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from api.codes import TextStatus
from api.errors import Forbidden, InvalidRecord, NotFound
from api.services import (
    catalog,
    checking,
    file_upkeep,
    held,
    history,
    page_texts,
    text_worker,
    uploads,
)
from api.services.bundles import Bundle
from api.services.contents import Folder
from api.services.database import reading, writing
from api.services.doors import Door
from api.services.editing import Precondition
from api.services.held import Held
from api.services.items import Item
from api.services.listing import listing
from api.services.pdf_reading import Limits, Stopped, read_pdf
from api.services.plans import steps_of
from api.services.query import Query
from api.services.records import DOCUMENTS
from api.services.searching import Asked, search_all
from api.services.snippets import why
from api.services.terms import read_terms
from api.services.text_reading import Task, keep, read_file, tasks
from api.services.text_worker import Worker
from tests.factories import DOOR, document, load
from tests.pdfs import HOSTILE, READABLE, encrypted, pdf
from tests.services.helpers import found, put, remove, snapshot
from tests.stores import damage, disagreements, journal

PDF = "application/pdf"
PLAN = pdf("A plan for the harbour", "The tram goes to the market", "Harbour and tram")


@pytest.fixture
def place(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


def content(place: Folder, data: bytes, media_type: str = PDF) -> Held:
    """Keep some bytes."""
    place.incoming.mkdir(parents=True, exist_ok=True)
    path = place.incoming / "arrived"
    path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    place.keep(path, digest)
    return Held(digest, len(data), media_type)


def give(engine: Engine, kept: Held, document_id: str = "d", file_id: str = "en") -> None:
    """Give a file of a document a content that is kept."""
    with writing(engine) as connection:
        uploads.put(connection, uploads.target(connection, document_id, file_id), kept, DOOR)


def made(engine: Engine, place: Folder, data: bytes = PLAN, **fields: Any) -> Held:
    """Store a document whose one file has a content."""
    put(engine, "documents", "d", title="Minutes", files=[{"id": "en", "lang": "en"}], **fields)
    kept = content(place, data)
    give(engine, kept)
    return kept


def read_all(engine: Engine, place: Folder, **how: Any) -> list[TextStatus | None]:
    with reading(engine) as connection:
        waiting = tasks(connection, again=how.get("again", False))
    return [read_file(engine, place, task, **how) for task in waiting]


def file(engine: Engine, document_id: str = "d") -> dict[str, Any]:
    record = snapshot(engine, "documents", document_id)
    assert record is not None
    first: dict[str, Any] = record["files"][0]
    return first


# What is kept.


def test_a_content_is_kept_once_and_whole(place: Folder):
    first = content(place, b"Hello")
    assert content(place, b"Hello") == first
    assert [digest for digest, _ in place.digests()] == [first.sha256]
    assert b"".join(place.chunks(first.sha256, 1, 3)) == b"ell"
    assert place.path(first.sha256).relative_to(place.folder).parts[0] == first.sha256[:2]
    place.remove(first.sha256)
    with pytest.raises(FileNotFoundError):
        list(place.chunks(first.sha256, 0, 1))


def test_what_no_document_names_is_pruned_when_its_time_is_up(engine: Engine, place: Folder):
    kept, lost = made(engine, place), content(place, b"lost")
    (place.incoming / "arriving-x").write_bytes(b"half")
    now = timedelta(0)
    assert file_upkeep.prune(engine, place, doing=True) == []
    shown = file_upkeep.prune(engine, place, doing=False, grace=now)
    assert [each.sha256 for each in shown] == [lost.sha256]
    assert len(list(place.digests())) == 2
    assert file_upkeep.prune(engine, place, doing=True, grace=now) == shown
    assert [digest for digest, _ in place.digests()] == [kept.sha256]
    assert list(place.incoming.iterdir()) == []


def test_what_was_replaced_is_pruned_with_its_note(engine: Engine, place: Folder):
    old = made(engine, place)
    give(engine, content(place, b"new", "text/plain"))
    file_upkeep.prune(engine, place, doing=True, grace=timedelta(0))
    with reading(engine) as connection:
        assert held.held(connection, [old.sha256]) == {}
        assert file_upkeep.stored(connection).keys() == {file(engine)["sha256"]}


def test_a_lost_and_a_damaged_content_are_told(engine: Engine, place: Folder):
    kept = made(engine, place)
    assert list(file_upkeep.damage(engine, place)) == []
    place.path(kept.sha256).write_bytes(PLAN + b"more")
    assert "documents/d/files/en" in next(file_upkeep.damage(engine, place))
    place.remove(kept.sha256)
    assert "is missing" in next(file_upkeep.damage(engine, place))


# What a record says of a content.


def test_a_record_that_says_nothing_keeps_the_content(engine: Engine, place: Folder):
    kept = made(engine, place)
    same = put(engine, "documents", "d", title="Minutes", files=[{"id": "en", "lang": "en"}])
    assert same.outcome is catalog.Outcome.UNCHANGED
    put(engine, "documents", "d", title="Other", files=[{"id": "en", "lang": "uk"}])
    assert file(engine).items() >= {"sha256": kept.sha256, "size": kept.size, "lang": "uk"}.items()


@pytest.mark.parametrize(
    ("name", "value"), [("sha256", "0" * 64), ("size", 1), ("media_type", "image/png")]
)
def test_a_record_that_contradicts_the_content_is_refused(
    engine: Engine, place: Folder, name: str, value: Any
):
    made(engine, place)
    with pytest.raises(InvalidRecord) as caught:
        put(engine, "documents", "d", title="Minutes", files=[{"id": "en", name: value}])
    assert [fault.pointer for fault in caught.value.faults] == [f"/files/0/{name}"]


def test_without_a_content_a_record_may_say_what_it_likes(engine: Engine):
    claimed = {"sha256": "0" * 64, "size": 7, "media_type": PDF, "text_status": "read"}
    put(engine, "documents", "d", files=[{"id": "en", **claimed}])
    assert file(engine).items() >= {**claimed, "text_status": None}.items()
    put(engine, "documents", "d", files=[{"id": "en", **claimed, "sha256": "1" * 64}])
    assert file(engine)["sha256"] == "1" * 64


def test_a_file_can_take_up_a_content_that_is_stored(engine: Engine, place: Folder):
    kept = made(engine, place)
    put(engine, "documents", "other", files=[{"id": "x", "sha256": kept.sha256}])
    told = {"size": kept.size, "media_type": PDF, "text_status": "pending"}
    assert file(engine, "other").items() >= told.items()


def test_a_plan_of_a_bundle_without_contents_is_to_do_nothing(engine: Engine, place: Folder):
    made(engine, place)
    record = load("documents", document("d", title="Minutes", files=[{"id": "en", "lang": "en"}]))
    with reading(engine) as connection:
        (step,) = steps_of(connection, [Item(DOCUMENTS, record, Bundle("b", {}))], DOOR)
    assert step.outcome is catalog.Outcome.UNCHANGED


def test_a_revert_brings_a_content_back(engine: Engine, place: Folder):
    kept = made(engine, place)
    give(engine, content(place, b"new", "text/plain"))
    with writing(engine) as connection:
        history.revert(connection, DOCUMENTS, "d", 2, DOOR, Precondition(exists=True))
    assert file(engine).items() >= {"sha256": kept.sha256, "text_status": "pending"}.items()


def test_a_door_to_other_cities_gives_no_content(engine: Engine, place: Folder):
    made(engine, place)
    with reading(engine) as connection:
        target = uploads.target(connection, "d", "en")
        with pytest.raises(Forbidden):
            uploads.judge(target, Door("http", cities=frozenset({"x"})), Precondition(exists=True))
        with pytest.raises(NotFound):
            uploads.target(connection, "d", "none")


# What PDFs say.


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pdf_is_unreadable_and_no_more(tmp_path: Path, name: str):
    path = tmp_path / "hostile.pdf"
    path.write_bytes(HOSTILE[name]())
    assert read_pdf(path).status is TextStatus.UNREADABLE


@pytest.mark.parametrize("name", READABLE)
def test_an_odd_pdf_is_read(tmp_path: Path, name: str):
    path = tmp_path / "odd.pdf"
    path.write_bytes(READABLE[name]())
    assert read_pdf(path).pages == [(1, "harbour")]


def test_a_pdf_is_read_page_by_page(tmp_path: Path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(pdf("one", "", "three"))
    assert read_pdf(path).pages == [(1, "one"), (3, "three")]
    path.write_bytes(pdf("", ""))
    assert read_pdf(path).status is TextStatus.EMPTY


@pytest.mark.parametrize(
    "limits",
    [
        Limits(seconds=0),
        Limits(memory=30_000_000),
        Limits(pages=2),
        Limits(characters=10),
        Limits(output=20),
    ],
)
def test_what_is_more_than_the_limits_is_unreadable(tmp_path: Path, limits: Limits):
    path = tmp_path / "plan.pdf"
    path.write_bytes(PLAN)
    assert read_pdf(path, limits).status is TextStatus.UNREADABLE


def test_a_reading_can_be_broken_off(tmp_path: Path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(PLAN)
    with pytest.raises(Stopped):
        read_pdf(path, stops=lambda: True)


def test_reading_leaves_nothing_of_the_environment(tmp_path: Path, monkeypatch: Any):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "pypdf.py").write_text("raise SystemExit('taken over')")
    path = tmp_path / "plan.pdf"
    path.write_bytes(pdf("harbour"))
    assert read_pdf(path).status is TextStatus.READ


# What is found.


def test_a_page_that_says_it_is_found_and_told(engine: Engine, place: Folder):
    made(engine, place)
    assert found(engine, "documents", "tram market") == []
    assert read_all(engine, place) == [TextStatus.READ]
    assert found(engine, "documents", "tram market") == ["d"]
    assert found(engine, "documents", '"goes to the mark"') == []
    assert found(engine, "documents", '"goes to the market"') == ["d"]
    assert found(engine, "documents", "market plan") == []  # on two pages, not on one
    assert found(engine, "workshops", "market") == []
    assert where(engine, "tram") == ("en", 2, "The <mark>tram</mark> goes to the market")
    assert where(engine, "harbour tram") == ("en", 3, "<mark>Harbour</mark> and <mark>tram</mark>")
    assert disagreements(engine) == []


def where(engine: Engine, q: str) -> tuple[str, int, str]:
    """Return where a list of documents and the search of all types say that they found it."""
    terms = read_terms(q)
    with reading(engine) as connection:
        listed = listing(connection, DOCUMENTS, Query(terms=terms, sort=None))
        hits = search_all(connection, Asked(terms))
    assert listed.places == hits.places
    assert [record["id"] for _, record in hits.records] == ["d"]
    record = listed.records[0]
    told = why(DOCUMENTS, record, record, terms, listed.places["d"])
    return told["found_in"]["file"], told["found_in"]["page"], told["snippet"]["html"]


def test_a_documents_own_words_come_first(engine: Engine, place: Folder):
    made(engine, place)
    put(engine, "documents", "z", title="Long words about a harbour and much else besides")
    read_all(engine, place)
    assert found(engine, "documents", "harbour") == ["z", "d"]


def test_a_document_that_says_it_itself_and_on_a_page_is_found_once(engine: Engine, place: Folder):
    made(engine, place, summary="Of the tram")
    read_all(engine, place)
    assert found(engine, "documents", "tram") == ["d"]
    assert where(engine, "tram") == ("en", 2, "Of the <mark>tram</mark>")


@pytest.mark.parametrize("ends", ["replaced", "taken away", "left out", "deleted"])
def test_the_pages_go_with_the_content(engine: Engine, place: Folder, ends: str):
    made(engine, place)
    read_all(engine, place)
    endings: dict[str, Callable[[], Any]] = {
        "replaced": lambda: give(engine, content(place, pdf("other"))),
        "taken away": lambda: take_away(engine),
        "left out": lambda: put(engine, "documents", "d", files=[]),
        "deleted": lambda: remove(engine, "documents", "d"),
    }
    endings[ends]()
    assert found(engine, "documents", "tram") == []
    assert disagreements(engine) == []


def take_away(engine: Engine) -> None:
    with writing(engine) as connection:
        uploads.take_away(connection, uploads.target(connection, "d", "en"), DOOR)


def test_what_cannot_be_read_is_said_in_the_journal(engine: Engine, place: Folder):
    made(engine, place, HOSTILE["garbage"]())
    assert read_all(engine, place) == [TextStatus.UNREADABLE]
    last = journal(engine)[-1]
    assert (last.door, last.version, file(engine)["text_status"]) == ("reader", 3, "unreadable")
    assert read_all(engine, place) == []


def test_of_two_readers_the_first_saves(engine: Engine, place: Folder, tmp_path: Path):
    made(engine, place)
    with reading(engine) as connection:
        (task,) = tasks(connection)
    assert read_file(engine, place, task) is TextStatus.READ
    assert read_file(engine, place, task) is None
    assert len(journal(engine)) == 3


@pytest.mark.parametrize("ends", ["replaced", "deleted", "taken away"])
def test_what_changed_while_it_was_read_is_left_alone(engine: Engine, place: Folder, ends: str):
    made(engine, place)
    with reading(engine) as connection:
        (task,) = tasks(connection)
    read = read_pdf(place.path(task.content.sha256))
    {
        "replaced": lambda: give(engine, content(place, encrypted())),
        "deleted": lambda: remove(engine, "documents", "d"),
        "taken away": lambda: take_away(engine),
    }[ends]()
    with writing(engine) as connection:
        assert keep(connection, task, read) is None
    assert len(journal(engine)) == 3
    assert disagreements(engine) == []


def test_a_worker_reads_what_waits_and_survives_what_fails(engine: Engine, place: Folder):
    lost = made(engine, place)
    put(engine, "documents", "e", files=[{"id": "one"}])
    give(engine, content(place, pdf("A quay")), "e", "one")
    place.remove(lost.sha256)
    worker = Worker(engine, place)
    assert worker.look() is False
    assert (file(engine)["text_status"], file(engine, "e")["text_status"]) == ("pending", "read")
    content(place, PLAN)
    assert (worker.look(), file(engine)["text_status"]) == (True, "read")
    worker.start()
    worker.stop()
    assert not worker.is_alive()


def test_a_worker_looks_only_at_documents_that_were_written_since(
    engine: Engine, place: Folder, monkeypatch: pytest.MonkeyPatch
):
    looked: list[int] = []
    monkeypatch.setattr(
        text_worker, "tasks", lambda connection, since: looked.append(since) or tasks(connection)
    )
    worker = Worker(engine, place)
    for name in ("d", "e", "f"):
        put(engine, "documents", name)
        assert worker.look()
        assert worker.look()
    assert looked == [0, 1, 2]


def test_a_file_that_breaks_the_reader_holds_up_no_other(
    engine: Engine, place: Folder, monkeypatch: pytest.MonkeyPatch
):
    made(engine, place)
    put(engine, "documents", "e", files=[{"id": "one"}])
    give(engine, content(place, pdf("A quay")), "e", "one")

    def fails_on_one(engine: Engine, place: Folder, task: Task, **how: Any) -> TextStatus | None:
        if task.document_id == "d":
            raise RuntimeError("never seen before")
        return read_file(engine, place, task, **how)

    monkeypatch.setattr(text_worker, "read_file", fails_on_one)
    assert Worker(engine, place).look() is False
    assert (file(engine)["text_status"], file(engine, "e")["text_status"]) == ("pending", "read")


def test_rebuilding_mends_the_pages(engine: Engine, place: Folder):
    made(engine, place)
    read_all(engine, place)
    for statement in ("UPDATE page_text SET words = 'forged'", *LOST[engine.dialect.name]):
        damage(engine, statement)
        assert any("run rebuild" in told or "counts" in told for told in disagreements(engine))
        with writing(engine) as connection:
            checking.rebuild(connection)
        assert disagreements(engine) == []
        assert found(engine, "documents", "market") == ["d"]
    damage(engine, *GONE[engine.dialect.name])
    assert any("no text of a page" in told for told in disagreements(engine))
    assert read_all(engine, place, again=True) == [TextStatus.READ]
    assert (disagreements(engine), len(journal(engine))) == ([], 3)


LOST = {
    "sqlite": ["INSERT INTO search_fts_page (search_fts_page) VALUES ('delete-all')"],
    "postgresql": ["UPDATE page_text SET vector = NULL"],
}
GONE = {
    "sqlite": [*LOST["sqlite"], "DELETE FROM page_text"],
    "postgresql": ["DELETE FROM page_text"],
}


def test_redacting_leaves_no_digest_behind(engine: Engine, place: Folder):
    kept = made(engine, place)
    read_all(engine, place)
    take_away(engine)
    with writing(engine) as connection:
        for number in (2, 3):
            history.redact(connection, DOCUMENTS, "d", number)
    assert not any(kept.sha256 in (entry.snapshot or "") for entry in journal(engine))
    file_upkeep.prune(engine, place, doing=True, grace=timedelta(0))
    assert list(place.digests()) == []


def test_pages_are_found_in_any_script(engine: Engine):
    put(engine, "documents", "d", files=[{"id": "en"}])
    with writing(engine) as connection:
        page_texts.put(connection, "d", "en", [(1, "Відновлення після кризи 経済回復")])
    assert found(engine, "documents", "відновл") == ["d"]
    assert found(engine, "documents", "経済") == ["d"]
