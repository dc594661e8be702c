"""Which changes weigh most, and what a report leaves out first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clausebook.compare.changes import Change
from clausebook.compare.edits import Edit, EditKind, EditPart
from clausebook.review.excerpts import change_sentence
from clausebook.review.markdown import as_markdown
from clausebook.review.model import Review
from clausebook.review.weights import FIGURES, PLACE, POWERS, WHOLE, WORDS, weight_of
from tests.support.git_repositories import Repository
from tests.support.reviewed_repositories import CHOICE, DEAL, OTHER

pytestmark = pytest.mark.slow("reviews of branches of a real repository")


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
        (change("ninety days", "nine days"), FIGURES),
        (change("ninety-five days", "five days"), FIGURES),
        (change("two million", "two billion"), FIGURES),
        (change("neunzig Tage", "neun Tage", language="de"), FIGURES),
        (change("zwei Millionen", "zwei Milliarden", language="de"), FIGURES),
        (change("九十 days", "九 days"), FIGURES),
        (change("USD 5 to Heron and USD 7 to Finch", "USD 7 to Heron and USD 5 to Finch"), FIGURES),
        (change("shall", "may"), POWERS),
        (change("may use and shall not keep", "shall not use and may keep"), POWERS),
        (change("Heron Charts Ltd", "Heron Charts Shell Ltd", part="party"), POWERS),
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


def test_of_many_edits_the_heaviest_are_quoted() -> None:
    """Who puts three words of no weight before the one that matters hides nothing."""
    told = [("plans", "schemes"), ("names", "titles"), ("soon", "promptly"), ("is", "is not"), ("2", "90"), ("a", "b")]
    edits = tuple(Edit.of_texts("reworded", "text", old, new) for old, new in told)
    said = change_sentence(Change("clause", "fees", ("reworded",), edits=edits))
    assert "“plans” → “schemes”; “is” → “is not”; “2” → “90”; and 3 more" in said
    few = change_sentence(Change("clause", "fees", ("reworded",), edits=edits[2:5]))
    assert "“soon” → “promptly”; “is” → “is not”; “2” → “90”." in few


def test_the_verdict_names_what_stops_a_merge(repository: Repository, reviewed: Callable[..., Review]) -> None:
    repository.replace("Years @everyone <b>", DEAL, "P3Y", "P2Y")
    repository.replace("Choose", OTHER, "secrets:", f"{CHOICE}secrets:")
    drafts = as_markdown(reviewed(head="topic"))
    assert "**Nothing in it stops a merge.**" in drafts
    assert "“Choose” (Ada Example); “Years @<!---->everyone \\<b\\>”" in drafts.replace("Bao Sample", "Ada Example")
    assert "Nothing is open in 1 other agreement whose text changes (drafts: 1)." in drafts
    repository.replace("Approve", OTHER, "status: draft", "status: approved")
    repository.replace("Break", DEAL, "id: sparrow-finch", "id: [")
    stopped = as_markdown(reviewed(head="topic"))
    said = "Not to be merged yet: 1 error and 2 open approvals in agreements that are no longer drafts."
    assert f"**{said} Warnings, and approvals of drafts, do not stop it.**" in stopped
