"""A review tells what a change newly leaves to the standard, with the words that stand for it."""

from __future__ import annotations

from pathlib import Path

from clausebook.language.sandbox import Sandbox
from clausebook.review.markdown import as_markdown
from clausebook.review.reviewing import review
from tests.support.git_repositories import new_repository
from tests.support.rule_cases import CASES, lay

CLAUSE = """---
id: use
title: Use
slot: use
version: "1.1"
status: approved
position: standard
---
{{ party('marsh').short_name }} may use the {{ term('Boat') }}{% if this.place %} at {{ this.place }} only\
{% else %} wherever it likes{% endif %}.
"""


def test_what_a_change_leaves_to_the_standard_is_told_with_its_words(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    lay(CASES / "_base", tmp_path)
    (tmp_path / "templates" / "loan" / "clauses" / "use.md").write_text(CLAUSE, encoding="utf-8")
    deal = tmp_path / "agreements" / "heron-marsh.yaml"
    text = deal.read_text(encoding="utf-8")
    deal.write_text(text.replace("  notice: P14D\n", "  notice: P14D\n  place: Heron Lake\n"), encoding="utf-8")
    repository.commit("Lend the boat")
    deal.write_text(text, encoding="utf-8")
    with Sandbox() as sandbox:
        told = review(tmp_path, "HEAD", "", sandbox)
    (agreement,) = told.agreements
    assert [(each.pointers, each.words) for each in agreement.left] == [
        (("/loan/place",), "Marsh Lane may use the Boat wherever it likes.")
    ]
    assert "Newly left to the standard" in as_markdown(told)


def test_what_only_has_another_number_is_left_as_it_was(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    lay(CASES / "_base", tmp_path)
    clause, outline = (tmp_path / "templates" / "loan" / name for name in ("clauses/use.md", "outline.yaml"))
    clause.write_text(CLAUSE.replace("wherever", "under {{ ref('return') }} wherever"), encoding="utf-8")
    repository.commit("Lend the boat")
    before, slot = outline.read_text(encoding="utf-8"), "      - {id: return, clause: return, item: /loan}\n"
    outline.write_text(before.replace(slot, "").replace("    slots:\n", f"    slots:\n{slot}"), encoding="utf-8")
    with Sandbox() as sandbox:
        (agreement,) = review(tmp_path, "HEAD", "", sandbox).agreements
    assert [change.only_moved for change in agreement.changes] == [True]
    assert agreement.left == ()
