"""How commits are told: bounded, whatever git says of who made them."""

from __future__ import annotations

from clausebook.cli.commits import LONGEST, commit_line, commit_words
from clausebook.repository.git.objects import Commit


def test_a_name_of_any_length_is_shortened_wherever_a_commit_is_told() -> None:
    commit = Commit("a1b2c3d4" * 5, "", (), "Ada " * 1000, "2026-03-04T05:06:07Z", 0, "Add a clause")
    assert commit_words(commit) == f"a1b2c3d4 (2026-03-04, {('Ada ' * 1000)[: LONGEST - 1]}…)"
    assert len(commit_line(commit, "1.0")) < 2 * LONGEST
