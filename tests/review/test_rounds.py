"""Rounds of a pull request: what is new since the last review, whatever became of the branch meanwhile."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import asdict

import pytest

from clausebook.findings.model import RepositoryError
from clausebook.language.sandbox import Sandbox
from clausebook.review.markdown import as_markdown
from clausebook.review.model import Review, Round
from clausebook.review.reviewing import LAST, review
from clausebook.review.rounds import LONGEST, MOST_PACKED, MOST_ROUNDS, MOST_SENTENCES, mark, rounds_in
from tests.support.git_repositories import Repository
from tests.support.reviewed_repositories import DEAL, GLOSSARY, KEEPING, OTHER

pytestmark = pytest.mark.slow("reviews of branches of a real repository")

Reviewed = Callable[..., Review]


def packed(rounds: list[dict[str, object]]) -> str:
    told = base64.urlsafe_b64encode(zlib.compress(json.dumps(rounds).encode())).decode()
    return f"<!-- clausebook-rounds {rounds[-1]['head']} {told} -->"


def new_words(found: Review) -> list[tuple[str, str]]:
    """Return the words that are told as new since the last review."""
    assert found.since
    assert found.since.review, found.since.problem
    return [(edit.before, edit.after) for told in found.since.review.told for edit in told.change.edits]


@pytest.fixture
def first(repository: Repository, reviewed: Reviewed) -> str:
    """Make a first round, which changes the years from 3 to 10, and return its comment."""
    repository.replace("Ten years", DEAL, "P3Y", "P10Y")
    return as_markdown(reviewed(head="topic", since=LAST))


def test_the_first_round_has_none_before_it(first: str, repository: Repository) -> None:
    (only,) = rounds_in(first)
    assert (only.head, only.base) == (repository.commits[-1], repository.git("rev-parse", "main"))
    assert "Since the last review" not in first


def test_a_second_commit(first: str, repository: Repository, reviewed: Reviewed) -> None:
    repository.replace("Eight years", DEAL, "P10Y", "P8Y")
    found = reviewed(head="topic", since=LAST, comment=first)
    assert new_words(found) == [("10", "8")]
    comment = as_markdown(found)
    assert comment.index("### Since the last review") < comment.index("### What changes")
    assert "“3 years” → “8 years”" in comment
    assert "“10 years” → “8 years”" in comment
    assert "Earlier rounds: 1" in comment
    assert comment.count('id="change-1"') == comment.count('id="new-1"') == 1
    assert [each.head for each in rounds_in(comment)] == repository.commits[-2:]
    assert "“10 years” → “8 years”" in rounds_in(comment)[-1].said[0]


def test_a_run_that_is_repeated_begins_no_round(first: str, repository: Repository, reviewed: Reviewed) -> None:
    repository.replace("Eight years", DEAL, "P10Y", "P8Y")
    second = as_markdown(reviewed(head="topic", since=LAST, comment=first))
    again = reviewed(head="topic", since=LAST, comment=second)
    assert new_words(again) == [("10", "8")]
    assert as_markdown(again) == second


def rewritten(repository: Repository) -> None:
    """Put the same change of years, now 8, as one new commit on the main branch as it is."""
    repository.git("reset", "--quiet", "--hard", "main")
    repository.replace("Years", DEAL, "P3Y", "P8Y")


def moved_on(repository: Repository) -> None:
    """Let the main branch change another agreement, the library, and other lines of the same agreement."""
    repository.git("checkout", "--quiet", "main")
    repository.replace("Shorten the other", OTHER, "P3Y", "P2Y")
    repository.replace("Reword the library", KEEPING, "keep each", "shall keep each")
    repository.replace("Reword the deal", DEAL, "what was public before", "what was public")
    repository.git("checkout", "--quiet", "topic")


def test_a_force_push(first: str, repository: Repository, reviewed: Reviewed) -> None:
    rewritten(repository)
    assert new_words(reviewed(head="topic", since=LAST, comment=first)) == [("10", "8")]


def test_a_rebase_onto_a_base_that_moved_on(first: str, repository: Repository, reviewed: Reviewed) -> None:
    moved_on(repository)
    rewritten(repository)
    found = reviewed(head="topic", since=LAST, comment=first)
    assert new_words(found) == [("10", "8")], "what the main branch did is not told as new"
    assert found.since
    assert found.since.conflicts == ()


def test_a_merge_of_the_base(first: str, repository: Repository, reviewed: Reviewed) -> None:
    moved_on(repository)
    repository.merge("Catch up", "main")
    nothing = reviewed(head="topic", since=LAST, comment=first)
    assert new_words(nothing) == []
    assert "The text of no agreement changes" in as_markdown(nothing).partition("### What changes")[0]
    repository.replace("Eight years", DEAL, "P10Y", "P8Y")
    assert new_words(reviewed(head="topic", since=LAST, comment=first)) == [("10", "8")]


def test_a_merge_that_the_forge_made(first: str, repository: Repository, reviewed: Reviewed) -> None:
    repository.replace("Eight years", DEAL, "P10Y", "P8Y")
    moved_on(repository)
    own = repository.git("rev-parse", "topic")
    repository.git("checkout", "--quiet", "--detach", "main")
    repository.merge("Merge topic into main", "topic")
    found = reviewed(base="main", head="HEAD", since=LAST, comment=first)
    assert new_words(found) == [("10", "8")]
    assert found.state
    assert found.state.head == own, "the merge is gone with the next push"


def test_both_changed_the_same_lines(first: str, repository: Repository, reviewed: Reviewed) -> None:
    repository.git("checkout", "--quiet", "main")
    repository.replace("Four years", DEAL, "P3Y", "P4Y")
    repository.git("checkout", "--quiet", "topic")
    repository.git("reset", "--quiet", "--hard", "main")
    repository.replace("Years", DEAL, "P4Y", "P8Y")
    found = reviewed(head="topic", since=LAST, comment=first)
    assert new_words(found) == [("10", "8")]
    assert found.since
    assert found.since.conflicts == (DEAL,)
    assert f"The base changed the same lines of {DEAL}" in as_markdown(found).replace("<!---->", "")


def test_a_round_by_its_commit(first: str, repository: Repository, reviewed: Reviewed) -> None:
    was = repository.commits[-1]
    repository.replace("A term", GLOSSARY, "what one party", "all that one party")
    found = reviewed(head="topic", since=was)
    assert new_words(found) == [("what", "all that")]
    with pytest.raises(RepositoryError, match="there is no revision"):
        reviewed(head="topic", since="nowhere")


def test_a_state_of_which_the_clone_lacks_a_part(first: str, repository: Repository, sandbox: Sandbox) -> None:
    """The whole change is told all the same."""
    lost = repository.git("rev-parse", "topic:agreements")
    repository.replace("Eight years", DEAL, "P10Y", "P8Y")
    (repository.root / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    found = review(repository.project, "main", "topic", sandbox, since=LAST, comment=first)
    assert "is missing from this clone" in as_markdown(found).partition("### What changes")[0]
    assert [told.agreements for told in found.told] == [("sparrow-finch",)]


def test_a_state_that_is_gone(repository: Repository, reviewed: Reviewed) -> None:
    repository.replace("Ten years", DEAL, "P3Y", "P10Y")
    forged = packed([asdict(Round("0" * 40, "1" * 40, ("What was told then.",)))])
    comment = as_markdown(reviewed(head="topic", since=LAST, comment=forged))
    assert "What changed since then cannot be told" in comment
    assert "“3 years” → “10 years”" in comment, "the whole change is told in any case"
    assert "What was told then." in comment


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "<!-- clausebook-rounds -->",
        "<!-- clausebook-rounds HEAD abcd -->",
        f"<!-- clausebook-rounds {'a' * 40} AAAA -->",
        f"<!-- clausebook-rounds {'a' * 40} {base64.urlsafe_b64encode(zlib.compress(b'[' * 500_000)).decode()} -->",
        f"<!-- clausebook-rounds {'a' * 40} {base64.urlsafe_b64encode(zlib.compress(b'0' * 9_000_000)).decode()} -->",
        packed([{"head": "a" * 40, "base": 1, "said": []}]),
        packed([{"head": "--help", "base": "b" * 40, "said": []}]),
        packed([{"head": "a" * 40, "base": "b" * 40, "said": {}}]),
        packed([{"head": "a" * 40, "base": "b" * 40, "said": []}]).replace("a" * 40, "c" * 40),
    ],
)
def test_a_mark_that_is_none(comment: str) -> None:
    assert rounds_in(comment) == ()


def test_what_a_mark_says_is_inert_and_bounded(repository: Repository, reviewed: Reviewed) -> None:
    repository.replace("Ten years", DEAL, "P3Y", "P10Y")
    said = ["@everyone <script> --> <!-- clausebook-review -->" + "x" * LONGEST] * (MOST_SENTENCES + 10)
    rounds = [{"head": f"{number:040x}", "base": "b" * 40, "said": said} for number in range(MOST_ROUNDS + 5)]
    read = rounds_in(packed(rounds))
    assert len(read) == MOST_ROUNDS
    assert all(len(each.said) == MOST_SENTENCES for each in read)
    assert all(len(line) <= LONGEST for each in read for line in each.said)
    comment = as_markdown(reviewed(head="topic", comment=packed(rounds)))
    assert "@everyone" not in comment
    assert comment.count("<!-- clausebook-review -->") == 1


def test_a_mark_grows_no_further(repository: Repository, reviewed: Reviewed) -> None:
    repository.replace("Ten years", DEAL, "P3Y", "P10Y")
    found = reviewed(head="topic")
    lines = tuple(f"{number} {number * 7919 % 1009} sentence {'of many words ' * 20}." for number in range(40))
    for number in range(60):
        comment = mark(found)
        assert len(comment) <= MOST_PACKED + 80
        rounds = rounds_in(comment)
        assert found.state
        assert rounds[-1] == found.state
        found = Review(**{**{name: getattr(found, name) for name in found.__dataclass_fields__}, "rounds": rounds,
                          "state": Round(f"{number:040x}", "b" * 40, lines)})  # fmt: skip


def test_an_uncommitted_change_is_no_state(repository: Repository, reviewed: Reviewed) -> None:
    place = repository.project / DEAL
    place.write_text(place.read_text(encoding="utf-8").replace("P3Y", "P10Y"), encoding="utf-8")
    found = reviewed()
    assert found.state is None
    assert mark(found) == ""
