"""The words that are told of what a deal leaves out are those that stand there for it, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from tests.support.rule_cases import CASES, lay

LOOP = (
    "{% for each in parties %}{{ each.short_name }} keeps it dry, and TELLS by mail of whatever is broken. {% endfor %}"
)


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        (
            LOOP.replace("TELLS", "tells the other{{ ' at once' if not each.email }}"),
            "Marsh Lane keeps it dry, and tells the other at once by mail of whatever is broken.",
        ),
        (
            LOOP.replace("TELLS", "{{ each.email|default('stays') }} {{ loan.notice|duration }} on, tells"),
            "Marsh Lane keeps it dry, and stays 14\N{NO-BREAK SPACE}days on, tells by mail of whatever is broken.",
        ),
        (
            LOOP.replace("TELLS", "{{ loan.item }}{{ ' too' if not each.email }} {{ loan.notice|duration }}"),
            "Marsh Lane keeps it dry, and a rowing boat for four too 14\N{NO-BREAK SPACE}days by mail of "
            "whatever is broken.",
        ),
        (
            LOOP.replace("TELLS", "tells {{ each.email|default('it') }}"),
            "Marsh Lane keeps it dry, and tells it by mail of whatever is broken.",
        ),
        (
            "{% for each in parties %}{% if not each.email %}The boat is cleaned by whoever had it last. {% endif %}"
            "{% endfor %}It is kept in the shed. {% for each in parties %}{% if not each.email %}"
            "Whoever breaks an oar pays for a new oar.{% endif %}{% endfor %}",
            "The boat is cleaned by whoever had it last. … Whoever breaks an oar pays for a new oar.",
        ),
    ],
)
def test_the_words_are_those_of_the_item_that_leaves_it_out(tmp_path: Path, clause: str, words: str) -> None:
    lay(CASES / "_base", tmp_path)
    path = tmp_path / "templates/loan/clauses/return.md"
    head = path.read_text(encoding="utf-8").rpartition("---\n")[0]
    path.write_text(f"{head}---\n{clause}\n", encoding="utf-8")
    deal = tmp_path / "agreements/heron-marsh.yaml"
    text = deal.read_text(encoding="utf-8").replace("short_name: Heron}", "short_name: Heron, email: a@example.org}")
    deal.write_text(text, encoding="utf-8")
    with Project(tmp_path, Sandbox()) as project:
        (found,) = project.assemble_all()
    told = [each for each in found.silences if each.pointer == "/parties/1/email" and each.slot == "return"]
    assert " … ".join(dict.fromkeys(each.words for each in told)) == words
