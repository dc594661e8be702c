"""A comment holds every open approval and every error by name, however large the change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from clausebook.approvals.model import ApprovalStanding, Need
from clausebook.compare.edits import Edit
from clausebook.findings.model import Finding
from clausebook.review.html import as_html
from clausebook.review.mail import as_mail
from clausebook.review.markdown import COMMENT, SUMMARY, as_markdown
from clausebook.review.model import AgreementReview, EditApproval, LibraryEdit, Review, Round, Since
from tests.support.git_repositories import Repository
from tests.support.reviewed_repositories import DEAL

pytestmark = pytest.mark.slow("reviews of branches of a real repository")

OFFICES = ("General Counsel", "Chief Privacy Officer", "Chief Financial Officer")


def plain(text: str) -> str:
    return text.replace("<!---->", "").replace("\\", "")


@pytest.fixture
def large(repository: Repository, reviewed: Callable[..., Review]) -> Callable[[int, int], Review]:
    """Review so many agreements, each of which waits for so many approvals, and has an error of its own."""
    repository.replace("Years", DEAL, "P3Y", "P2Y")
    found = reviewed(head="topic")
    (model,) = found.agreements

    def of(count: int, approvals: int) -> Review:
        agreements, findings = [], []
        for number in range(count):
            name = f"partnership-for-hearing-{number:05}"
            facts = replace(model.facts, id=name, path=f"agreements/{name}.yaml")
            waiting = tuple(_waiting(name, each) for each in range(approvals))
            agreements.append(AgreementReview("changed", facts, facts, model.comparison, approvals=waiting))
            findings.append(Finding("core/internal", f"{name} has a fault of its own", facts.path, number + 1, 1))
        told = replace(found.told[0], agreements=tuple(each.id for each in agreements))
        return replace(found, agreements=tuple(agreements), findings=tuple(findings), told=(told,))

    return of


def _waiting(name: str, number: int) -> ApprovalStanding:
    office = OFFICES[number % len(OFFICES)]
    need = Need("clause", "keeping", office, f"{number}.1 Clause departs from the standard", "f" * 64, "", "signed")
    return ApprovalStanding(name, need, "lapsed", by="Ada Example", date="2026-03-02")


@pytest.mark.parametrize(("count", "approvals"), [(1, 3), (40, 6), (250, 10), (500, 12)])
def test_every_open_approval_and_error_is_named(
    large: Callable[[int, int], Review], count: int, approvals: int
) -> None:
    found = large(count, approvals)
    comment = as_markdown(found)
    assert len(comment) <= COMMENT.limit
    text = plain(comment)
    waiting = text.partition("### Who must approve")[2].partition("### What changes")[0]
    for number in range(approvals):
        assert f"{number}.1 Clause departs" in waiting
    for agreement in found.agreements:
        assert f"`{agreement.id}`" in waiting
        assert f"{agreement.facts.path}" in text
    summary = as_markdown(found, SUMMARY)
    assert len(summary.encode()) <= SUMMARY.limit
    page = as_html(found)
    assert all(f"{each.facts.path}, line" in page for each in found.agreements)
    assert "4.1 Clause departs" not in as_mail(found) or approvals > 4


def test_many_edits_of_looks_hide_no_error_and_no_approval(large: Callable[[int, int], Review]) -> None:
    """Whoever adds files hides nothing by that."""
    paths = [f"templates/pdf/a-long-name-of-a-file-{number}.typ" for number in range(1500)]
    edits = tuple(LibraryEdit("look", "", path, path, "added", facts=("It shapes the PDF.",)) for path in paths)
    comment = as_markdown(replace(large(62, 3), library=edits))
    assert len(comment) <= COMMENT.limit
    text = plain(comment)
    assert "1,500 edits: in review.html." in text
    assert all(f"agreements/partnership-for-hearing-{number:05}.yaml" in text for number in range(62))
    assert "2.1 Clause departs" in text


def test_many_sets_of_agreements_hide_no_error_and_no_approval(large: Callable[[int, int], Review]) -> None:
    found = large(500, 3)
    names = [each.id for each in found.agreements]
    told = (
        replace(found.told[0], number=number + 1, agreements=tuple(names[: 490 + number // 2])) for number in range(20)
    )
    text = plain(as_markdown(replace(found, told=tuple(told))))
    assert "too long for this place" not in text
    assert "2.1 Clause departs" in text
    assert "- A: 490 agreements" in text


def test_many_new_agreements_hide_no_error_and_no_approval(large: Callable[[int, int], Review]) -> None:
    found = large(62, 3)
    facts = [replace(found.agreements[0].facts, id=f"one-more-deal-{each}", status="x" * 300) for each in range(1000)]
    more = tuple(AgreementReview("added", None, each) for each in facts)
    text = plain(as_markdown(replace(found, agreements=(*found.agreements, *more))))
    assert "1,062 agreements: in review.html." in text
    assert all(f"agreements/partnership-for-hearing-{number:05}.yaml" in text for number in range(62))
    assert "2.1 Clause departs" in text


def test_many_agreements_that_are_new_since_the_last_review_hide_nothing(large: Callable[[int, int], Review]) -> None:
    found = large(62, 3)
    facts = [replace(found.agreements[0].facts, id=f"one-more-deal-{each}", status="x" * 300) for each in range(1000)]
    new = replace(found, agreements=tuple(AgreementReview("added", None, each) for each in facts))
    text = plain(as_markdown(replace(found, since=Since(Round("a" * 40, "b" * 40), new))))
    assert "### Since the last review" in text
    assert "1,000 agreements are added" in text
    assert all(f"agreements/partnership-for-hearing-{number:05}.yaml" in text for number in range(62))
    assert "2.1 Clause departs" in text


def test_a_long_word_of_a_change_that_is_to_be_read_first_hides_nothing(large: Callable[[int, int], Review]) -> None:
    found = large(6, 1)
    edit = Edit.of_texts("reworded", "text", "2", "@9" * 70_000)
    change = replace(found.told[0].change, edits=(edit,))
    told = tuple(replace(found.told[0], number=number, change=change) for number in range(1, 9))
    text = plain(as_markdown(replace(found, told=told)))
    assert "too long for this place" not in text
    assert "Look at these first" in text
    assert "8. 1 Keeping: in review.html." in text


def test_long_paths_of_edits_to_approve_hide_nothing(large: Callable[[int, int], Review]) -> None:
    paths = tuple(f"templates/{'@' * 4000}/{number}.typ" for number in range(9))
    text = plain(as_markdown(replace(large(3, 1), edit_approvals=(EditApproval("General Counsel", paths, False),))))
    assert "too long for this place" not in text
    assert "9 files, to be approved by a review of the pull request" in text


@pytest.mark.parametrize("length", [300, 100_000])
def test_a_long_name_of_what_is_to_be_approved_hides_nothing(large: Callable[[int, int], Review], length: int) -> None:
    found = large(3, 1)
    (first, *others) = found.agreements
    waiting = replace(first.approvals[0], need=replace(first.approvals[0].need, said="@" * length))
    comment = as_markdown(replace(found, agreements=(replace(first, approvals=(waiting,)), *others)))
    assert len(comment) <= COMMENT.limit
    text = plain(comment)
    assert text.partition("### Who must approve")[2].partition("### What changes")[0].count("General Counsel") == 1
    assert "0.1 Clause departs" in text
    assert "has a fault of its own" in text


def test_what_has_no_room_by_name_is_counted_by_rule_and_by_office(large: Callable[[int, int], Review]) -> None:
    comment = as_markdown(large(2_000, 4))
    assert len(comment) <= COMMENT.limit
    text = plain(comment)
    assert "The review is too long for this place" in text
    assert "- core/internal: 2,000 errors, in agreements/partnership-for-hearing-00000.yaml, " in text
    assert "- General Counsel (approvers.yaml names nobody): 4,000 approvals to give, in " in text
    assert text.count("2,000 approvals to give") == 2


def test_what_is_cut_is_cut_before_it_is_written_as_markdown(large: Callable[[int, int], Review]) -> None:
    """A line that is cut in the middle of a sign would leave half of a comment's mark."""
    found = large(1, 0)
    (model,) = found.agreements
    for length in range(330, 360, 10):
        facts = [replace(model.facts, id=f"deal-{each}", status="x" * length + "#1" * 40) for each in range(100)]
        many = tuple(replace(model, happened="added", before=None, after=each) for each in facts)
        comment = as_markdown(replace(found, agreements=many))
        assert "`deal-7`" in comment
        assert comment.count("<!--") == comment.count("-->")
