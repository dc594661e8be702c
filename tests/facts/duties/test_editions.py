"""A calendar's numbers grow with each commit that can move its days, and with no other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from clausebook.facts.duties.editions import editions_of
from clausebook.project.project import Project
from tests.support.git_repositories import DAY, START, Repository, new_repository

IDS = ("heron-ferry", "heron-marsh", "quay-lease", "heron")


@pytest.fixture
def kept(boats: Path) -> Repository:
    """Return the boats in a history of one commit."""
    repository = new_repository(boats)
    repository.commit("Begin")
    return repository


def numbers(root: Path) -> Mapping[str, int]:
    """Return the number of each agreement's state."""
    with Project(root) as project:
        return {name: each.number for name, each in editions_of(project.root, IDS).items()}


def test_each_commit_that_touches_an_agreement_counts_for_it_alone(kept: Repository) -> None:
    assert numbers(kept.root) == {"heron-ferry": 1, "heron-marsh": 1}
    kept.commit("An event", {"agreements/journal/heron-marsh.yaml": "decisions: []\n"})
    kept.commit("Evidence", {"agreements/evidence/heron-marsh/one.yaml": "closes: dates/end\n"})
    kept.commit("An amendment", {"agreements/executed/heron-marsh-amendment-1/1.0/data.yaml": "title: A\n"})
    kept.commit("No agreement", {"README.md": "Words\n"})
    assert numbers(kept.root) == {"heron-ferry": 1, "heron-marsh": 4}


def test_a_registered_paper_counts_what_is_asserted_of_it(kept: Repository) -> None:
    kept.commit("A paper", {"agreements/registered/quay-lease.yaml": "format: 1\n"})
    before = numbers(kept.root)["quay-lease"]
    kept.commit("Another end", {"agreements/registered/quay-lease.yaml": "format: 1\n\n"})
    assert numbers(kept.root)["quay-lease"] == before + 1


def test_a_corrected_declaration_counts_for_all_that_are_reckoned_by_it(kept: Repository) -> None:
    kept.commit("Correct", {"templates/charter/README.md": "Words\n"})
    assert numbers(kept.root) == {"heron-ferry": 2, "heron-marsh": 2}


def test_what_is_not_committed_counts_for_nothing(kept: Repository) -> None:
    (kept.root / "agreements" / "journal" / "heron-ferry.yaml").write_text("decisions: []\n", encoding="utf-8")
    with Project(kept.root) as project:
        found = editions_of(project.root, ["heron-ferry"])["heron-ferry"]
    assert (found.number, found.stamp.timestamp()) == (1, START)


def test_the_stamp_is_the_newest_commit_and_a_merge_takes_nothing_back(kept: Repository) -> None:
    kept.git("checkout", "--quiet", "-b", "side")
    kept.commit("On a side", {"agreements/journal/heron-ferry.yaml": "decisions: []\n"})
    kept.git("checkout", "--quiet", "main")
    kept.commit("Beside it", {"agreements/journal/heron-marsh.yaml": "decisions: []\n"})
    before = numbers(kept.root)
    kept.merge("Together", "side", "--strategy=ours")
    assert before == {"heron-ferry": 1, "heron-marsh": 2}
    assert numbers(kept.root) == {"heron-ferry": 2, "heron-marsh": 2}
    with Project(kept.root) as project:
        assert editions_of(project.root, IDS)["heron-ferry"].stamp.timestamp() == START + DAY


def test_without_a_history_there_is_no_state(boats: Path) -> None:
    assert numbers(boats) == {}
