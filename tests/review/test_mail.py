"""The mail that tells what changes: plain sentences with old and new words and the reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clausebook.review.mail import WIDTH, as_mail
from clausebook.review.model import Review
from tests.support.git_repositories import Repository
from tests.support.reviewed_repositories import CHOICE, DEAL, KEEPING, OTHER

pytestmark = pytest.mark.slow("reviews of branches of a real repository")


def mail(found: Review) -> str:
    text = as_mail(found)
    assert max(map(len, text.splitlines())) <= WIDTH
    return " ".join(text.split())


def test_old_and_new_words_and_the_reason(repository: Repository, reviewed: Callable[..., Review]) -> None:
    repository.replace("Years", DEAL, "P3Y", "P2Y")
    told = mail(reviewed(head="topic"))
    assert "Talks about a bird atlas (sparrow-finch): Version 1.0, status draft." in told
    assert (
        "1 Keeping: “3 years” becomes “2 years”. The reason: deal data (/secrets/kept_for: 3 years → 2 years)." in told
    )


def test_what_is_the_same_in_many_is_one_paragraph(repository: Repository, reviewed: Callable[..., Review]) -> None:
    repository.replace("Library", KEEPING, "keep each", "shall keep each")
    repository.replace("Data", OTHER, "P3Y", "P2Y")
    text = as_mail(reviewed(head="topic"))
    assert text.count("“Finch keep” becomes “Finch shall keep”") == 2, "the other changes for its data, too"
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    told = mail(reviewed(head="topic"))
    assert told.count("“Finch keep” becomes “Finch shall keep”. The reason: library (keeping@1.0).") == 1
    assert "(heron-kite); Talks about a bird atlas (sparrow-finch): Version 1.0" in told


def test_who_must_approve_and_why_it_departs(repository: Repository, reviewed: Callable[..., Review]) -> None:
    repository.replace("Choose", DEAL, "secrets:", f"{CHOICE}secrets:")
    told = mail(reviewed(head="topic"))
    assert "new departure from the playbook: fallback 1" in told
    assert "They asked for it." in told
    assert "To be approved by the General Counsel (approvers.yaml names nobody): 1. Keeping departs" in told


def test_quotation_marks_of_values_stay(repository: Repository, reviewed: Callable[..., Review]) -> None:
    repository.replace("Quote", DEAL, "what was public before", "what “A” → “B” says")
    told = mail(reviewed(head="topic"))
    assert "“was public before” becomes “‘A’ → ‘B’ says”" in told
