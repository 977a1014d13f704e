"""What the documents say is so."""

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.services.records import BY_NAME
from api.settings import ROOT, Settings

QUESTION = re.compile(
    r"```sh\ncurl -s '(?P<url>[^']+)'\n```\n\n```json\n(?P<answer>.*?)```", re.DOTALL
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "partner-guide.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_readme_has_five_questions() -> None:
    assert len(QUESTION.findall(README)) == 5


def test_every_answer_that_the_guide_prints_is_asked_for() -> None:
    assert len(QUESTION.findall(GUIDE)) == GUIDE.count("```json") > 4


@pytest.mark.parametrize(("url", "answer"), QUESTION.findall(README + GUIDE))
def test_a_question_of_the_documents_answers_as_printed(
    seeded_client: FlaskClient, url: str, answer: str
) -> None:
    path = url.removeprefix(Settings.public_url)
    assert seeded_client.get(path).json == json.loads(answer)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", path.read_text(encoding="utf-8"))
    missing = [link for link in links if not (path.parent / link).exists()]
    assert missing == []


def test_the_readme_names_every_collection() -> None:
    assert all(name in README for name in BY_NAME)
