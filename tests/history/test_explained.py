"""What the comments of a redline tell, and what of it stays in the house."""

from __future__ import annotations

from dataclasses import replace

from clausebook.compare.changes import Change
from clausebook.compare.documents import compare
from clausebook.document.model import ClauseSource
from clausebook.history.causes import Cause, LibraryChange, ValueChange
from clausebook.history.comparison import Comparison, Text
from clausebook.history.explained import comments_of
from tests.support.sample_documents import sample

SOURCE = ClauseSource(
    "law-short", "1.1", "fallback 1", "law-short.md", "General Counsel", "Use it rarely.", "They asked."
)


def told(cause: Cause, *, internal: bool) -> tuple[str, ...]:
    """Return the comment on a clause that changed so."""
    old = sample()
    section = old.sections[0]
    clause = replace(section.clauses[0], source=SOURCE)
    new = replace(old, sections=(replace(section, clauses=(clause, *section.clauses[1:])), *old.sections[1:]))
    change = Change("clause", clause.id, ("reworded",))
    sides = (Text("written", "c", each, None, "2026-11-22", "Ada Counsel") for each in (old, new))
    found = Comparison(*sides, compare(old, new), (change,), {clause.id: cause})
    made = comments_of(found, "Somebody", internal=internal)
    assert (made.author, made.date) == ("Ada Counsel", "2026-11-22")
    (comment,) = made.all
    return comment.texts


def test_reasons_positions_guidance_and_approvers_are_for_the_house() -> None:
    cause = Cause("library", (), LibraryChange("law@1.0", "law-short@1.1"))
    assert told(cause, internal=False) == ("Library.",)
    assert told(cause, internal=True) == (
        "Library (law@1.0 → law-short@1.1).",
        "Reason: They asked.",
        "Position: fallback 1",
        "Approved by: General Counsel",
        "Guidance: Use it rarely.",
    )


def test_a_new_version_of_the_same_clause_is_told() -> None:
    cause = Cause("library", (), LibraryChange("law@1.0", "law@1.1"))
    assert told(cause, internal=False) == ("Library (law@1.0 → law@1.1).",)


def test_only_values_that_the_contract_prints_are_told() -> None:
    cause = Cause(
        "data",
        (
            ValueChange("/term/notice", "P90D", "P60D", 3, "Notice period", printed=True),
            ValueChange("/clauses/law/reason", None, "They asked.", 4, "Reason"),
        ),
    )
    assert told(cause, internal=False) == ("Deal data (Notice period, 90 days → 60 days).",)
    assert "They asked." in told(cause, internal=True)[0]
