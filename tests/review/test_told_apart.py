"""Two changes that are not the same are never told as one, however alike their words are."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from clausebook.review.html import as_html
from clausebook.review.mail import as_mail
from clausebook.review.markdown import as_markdown
from clausebook.review.model import Review
from tests.support.git_repositories import Repository
from tests.support.reviewed_repositories import DEAL, KEEPING, NAME, OTHER, SCHEMA

pytestmark = pytest.mark.slow("reviews of branches of a real repository")

Reviewed = Callable[..., Review]

TOPIC = (
    "topic: the plans that one party tells the other, which the recipient shall use for the talks and for no other end"
    " and shall use for its banks and for no other end"
)


@pytest.fixture
def same_topic(repository: Repository) -> None:
    repository.replace("One topic", DEAL, "topic: a printed atlas of garden birds", TOPIC)
    repository.replace("Another", OTHER, "topic: a printed atlas of sea birds", TOPIC)
    repository.git("branch", "--force", "main")


@pytest.mark.usefixtures("same_topic")
def test_the_same_word_at_another_place_of_a_value(repository: Repository, reviewed: Reviewed) -> None:
    repository.replace("One", OTHER, "shall use for the talks", "shall not use for the talks")
    repository.replace("Another", DEAL, "shall use for its banks", "shall not use for its banks")
    found = reviewed(head="topic")
    assert [told.agreements for told in found.told] == [("heron-kite",), (NAME,)]
    for text in (as_markdown(found), as_html(found)):
        assert "not</ins> use for the talks" in text
        assert "not</ins> use for its banks" in text


@pytest.mark.usefixtures("same_topic")
def test_the_same_place_of_the_same_value_is_told_once(repository: Repository, reviewed: Reviewed) -> None:
    for path in (DEAL, OTHER):
        repository.replace("One", path, "shall use for the talks", "shall not use for the talks")
    assert [told.agreements for told in reviewed(head="topic").told] == [("heron-kite", NAME)]


def test_a_word_of_the_library_at_another_place(repository: Repository, reviewed: Reviewed) -> None:
    """The deal's data chooses which of two sentences of one clause it has."""
    words = "{% if secrets.topic == 'x' %}Sparrow shall assign{% else %}Finch shall sublicense{% endif %} it."
    repository.replace("Two ways", KEEPING, "---\n{{", f"---\n{words} {{{{")
    repository.replace("One topic", DEAL, "topic: a printed atlas of garden birds", "topic: x")
    repository.git("branch", "--force", "main")
    repository.replace("Once", KEEPING, "shall assign", "shall not assign")
    repository.replace("Twice", KEEPING, "shall sublicense", "shall not sublicense")
    found = reviewed(head="topic")
    assert [told.agreements for told in found.told] == [("heron-kite",), (NAME,)]
    (edit,) = found.library
    assert [group.agreements for group in edit.groups] == [("heron-kite",), (NAME,)]


def test_a_word_of_the_library_beside_each_deal_s_own_is_told_once(repository: Repository, reviewed: Reviewed) -> None:
    repository.replace("Edit", KEEPING, "keep each other's", "shall keep each other's")
    assert [told.agreements for told in reviewed(head="topic").told] == [("heron-kite", NAME)]


def test_a_link_that_leads_elsewhere(repository: Repository, reviewed: Reviewed) -> None:
    """The words are the same: the address that one deal chooses is not."""
    words = "[terms](https://{% if secrets.topic == 'x' %}a{% else %}b{% endif %}.example/)"
    repository.replace("Link", KEEPING, "---\n{{", f"---\nSee the {words}. {{{{")
    repository.replace("One topic", DEAL, "topic: a printed atlas of garden birds", "topic: x")
    repository.git("branch", "--force", "main")
    repository.replace("Elsewhere", KEEPING, ".example/", ".example.test/")
    assert [told.agreements for told in reviewed(head="topic").told] == [("heron-kite",), (NAME,)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('version: "1.0"', 'version: "1.1"', "ersion 1.0 → 1.1"),
        ("{party: sparrow, name", "{party: sparrow, method: either, name", "Of its data, not in its words"),
        ("status: draft", "status: draft\nspark: {pilot: Six months.}", "none → “Six months.”"),
    ],
)
def test_what_stands_in_no_words_is_told(
    repository: Repository, reviewed: Reviewed, old: str, new: str, said: str
) -> None:
    """Who signs a question off, or how a party signs, is no word of the contract, and somebody has to see it."""
    schema = json.loads((repository.project / SCHEMA).read_text(encoding="utf-8"))
    schema["properties"]["spark"] = {"type": "object"}
    schema["properties"]["signatures"]["items"]["properties"]["method"] = {"type": "string"}
    repository.commit("Take more", {SCHEMA: json.dumps(schema)})
    repository.git("branch", "--force", "main")
    repository.replace("Edit", DEAL, old, new)
    found = reviewed(head="topic")
    assert [each.id for each in found.agreements] == [NAME]
    assert not found.told
    for text in (as_markdown(found), as_html(found), as_mail(found)):
        assert said in " ".join(text.split())
