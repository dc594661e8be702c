"""Which changes weigh most, and what a report leaves out first."""

from __future__ import annotations

import pytest

from clausebook.compare.changes import Change
from clausebook.compare.edits import Edit, EditKind, EditPart
from clausebook.review.importance import FIGURES, PLACE, POWERS, WHOLE, WORDS, weight_of


def change(
    before: str, after: str, part: EditPart = "text", kind: EditKind = "reworded", language: str = "en"
) -> Change:
    edit = Edit.of_texts(kind, part, before, after)
    return Change("clause", "fees", (kind,), edits=(edit,), language=language)


@pytest.mark.parametrize(
    ("told", "weight"),
    [
        (change("USD 5,000", "USD 50,000"), FIGURES),
        (change("30 days", "60 days"), FIGURES),
        (change("shall", "may"), POWERS),
        (change("is liable", "is not liable"), POWERS),
        (change("muss", "darf", language="de"), POWERS),
        (change("muss", "darf"), WORDS),
        (change("promptly", "quickly"), WORDS),
        (change("within 2 days quickly", "promptly within 2 days"), WORDS),
        (change("", "A new paragraph.", part="paragraph"), WHOLE),
        (change("", "promptly"), WORDS),
        (change("These words", "", kind="relocated"), PLACE),
        (Change("clause", "fees", ("added",)), WHOLE),
        (Change("clause", "fees", ("removed",)), WHOLE),
        (Change("clause", "fees", ("moved",)), PLACE),
    ],
)
def test_weights(told: Change, weight: int) -> None:
    assert weight_of(told) == weight


def test_the_heaviest_edit_counts() -> None:
    edits = (Edit.of_texts("reworded", "text", "promptly", "soon"), Edit.of_texts("reworded", "text", "2", "3"))
    assert weight_of(Change("clause", "fees", ("reworded",), edits=edits)) == FIGURES
