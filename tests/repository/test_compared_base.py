"""What a change is compared with: it is told what the change does, and never what the branch did that it goes into.

In each case files named `house` are the target branch's, files named `deal` the change's, and what the comparison finds
must be the `deal` files, all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from clausebook.findings.model import RepositoryError
from clausebook.repository.git.base import compared_base
from clausebook.repository.git.process import Git
from tests.support.git_repositories import Repository, new_repository

pytestmark = pytest.mark.slow("a real git repository")

VARIABLES = (
    *("CLAUSEBOOK_BASE", "GITHUB_BASE_REF", "GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH", "GITHUB_REF", "GITHUB_SHA"),
    *("CI_COMMIT_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_MERGE_REQUEST_EVENT_TYPE"),
    *("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "BITBUCKET_PR_DESTINATION_BRANCH"),
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository whose `main` is also the remote's, with a branch `deal` checked out that has one commit more."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    made = new_repository(tmp_path / "clone")
    write(made, "house-0")
    made.git("checkout", "--quiet", "-b", "deal")
    write(made, "deal-0")
    fetched(made)
    return made


def write(repository: Repository, *names: str) -> str:
    """Commit a file of each name, on what is checked out."""
    return repository.commit(f"Write {', '.join(names)}", {name: f"{name}\n" for name in names})


def on(repository: Repository, branch: str, *names: str) -> str:
    """Commit a file of each name on a branch, and return to where one was."""
    before = repository.git("branch", "--show-current") or repository.git("rev-parse", "HEAD")
    repository.git("checkout", "--quiet", branch)
    commit = write(repository, *names)
    repository.git("checkout", "--quiet", before)
    return commit


def fetched(repository: Repository, branch: str = "main") -> None:
    repository.git("update-ref", f"refs/remotes/origin/{branch}", f"refs/heads/{branch}")


def forge_merge(repository: Repository, first: str, second: str) -> str:
    """Merge as a forge does: the target first, the change second, on no branch."""
    second = repository.git("rev-parse", second)
    repository.git("checkout", "--quiet", "--detach", first)
    return repository.merge(f"Merge {second} into {first}", second)


def on_github(monkeypatch: pytest.MonkeyPatch, folder: Path, head: str, base: str, branch: str = "main") -> None:
    event = folder / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}}}), encoding="utf-8")
    told = {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_BASE_REF": branch,
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_SHA": head,
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)


def on_gitlab(monkeypatch: pytest.MonkeyPatch, head: str, base: str, kind: str, branch: str = "main") -> None:
    told = {
        "CI_COMMIT_SHA": head,
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "CI_MERGE_REQUEST_EVENT_TYPE": kind,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": branch,
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)


def told(repository: Repository, named: str = "", head: str = "HEAD") -> str:
    """Return the files that differ between a change and what it is compared with."""
    commit = repository.git("rev-parse", head)
    with Git(repository.root) as git:
        base = compared_base(git, commit, named).commit
    return " ".join(repository.git("diff", "--name-only", base, commit).split())


def straight(repository: Repository) -> None:
    """The change is upon the newest of the target."""


def moved_on(repository: Repository) -> None:
    on(repository, "main", "house-1")
    fetched(repository)


def target_merged_in(repository: Repository) -> None:
    """A developer merged the target into the change; its first parent is the change's own."""
    moved_on(repository)
    repository.merge("Merge main", "main")


def target_merged_in_and_moved_on(repository: Repository) -> None:
    target_merged_in(repository)
    on(repository, "main", "house-2")
    fetched(repository)


def octopus(repository: Repository) -> None:
    """A developer merged the target and another branch at once."""
    repository.git("branch", "other", "deal")
    on(repository, "other", "deal-1")
    moved_on(repository)
    repository.merge("Merge both", "main", "other")


def another_merged_in(repository: Repository) -> None:
    """A developer merged another branch into the change, which is upon the newest of the target."""
    repository.git("branch", "other", "deal")
    on(repository, "other", "deal-1")
    write(repository, "deal-2")
    repository.merge("Merge other", "other")


def change_merged_into_its_past(repository: Repository) -> None:
    """A developer began anew from an old target, and merged the change and then the newest target into it."""
    moved_on(repository)
    repository.git("checkout", "--quiet", "-b", "anew", "main~1")
    repository.merge("Merge the change", "deal")
    repository.merge("Merge main", "main")


def crossed(repository: Repository) -> None:
    """Target and change were merged into each other at once: they share two newest revisions."""
    on(repository, "main", "house-1")
    # The newer of the two is the change's own.
    write(repository, "deal-1")
    repository.git("branch", "deal-then", "deal")
    repository.git("branch", "main-then", "main")
    repository.git("checkout", "--quiet", "main")
    repository.merge("Merge the change", "deal-then")
    repository.git("checkout", "--quiet", "deal")
    repository.merge("Merge main", "main-then")
    write(repository, "deal-2")
    fetched(repository)


def as_forge_merges(repository: Repository) -> None:
    """What a forge made was fetched, with the newest target."""
    moved_on(repository)
    forge_merge(repository, "main", "deal")


def as_forge_merged_before(repository: Repository) -> None:
    """The target moved on past what the forge merged with."""
    moved_on(repository)
    forge_merge(repository, "main", "deal")
    on(repository, "main", "house-2")
    fetched(repository)


BY_HAND: tuple[tuple[Callable[[Repository], None], str], ...] = (
    (straight, "deal-0"),
    (moved_on, "deal-0"),
    (target_merged_in, "deal-0"),
    (target_merged_in_and_moved_on, "deal-0"),
    (octopus, "deal-0 deal-1"),
    (another_merged_in, "deal-0 deal-1 deal-2"),
    (change_merged_into_its_past, "deal-0"),
    # What the target took already is told again: no single revision has the target's newest and not that.
    (crossed, "deal-0 deal-1 deal-2"),
    (as_forge_merges, "deal-0"),
    (as_forge_merged_before, "deal-0"),
)


@pytest.mark.parametrize(("make", "files"), BY_HAND, ids=lambda each: getattr(each, "__name__", ""))
@pytest.mark.parametrize("how", ["the protected branch", "named", "GitHub, of the head", "GitLab, detached"])
def test_a_change_is_told_alone(
    make: Callable[[Repository], None],
    files: str,
    how: str,
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outdated = repository.git("rev-parse", "main")
    make(repository)
    head = repository.git("rev-parse", "HEAD")
    if how.startswith("GitHub"):
        on_github(monkeypatch, tmp_path, "f" * 40, outdated)
    if how.startswith("GitLab"):
        on_gitlab(monkeypatch, head, outdated, "detached")
    assert told(repository, "main" if how == "named" else "") == files


@pytest.mark.parametrize(
    ("forge", "branch", "named"),
    [
        ("GitHub", "known", False),
        ("GitHub", "outdated", False),
        # What the forge's event names is its own, and outdated.
        ("GitHub", "outdated", True),
        ("merged_result", "missing", False),
        ("merged_result", "missing", True),
        ("merge_train", "known", False),
    ],
)
@pytest.mark.parametrize("make", [straight, moved_on, target_merged_in, octopus, another_merged_in, crossed])
def test_what_the_forge_merged_is_compared_with_what_it_was_merged_with(
    forge: str,
    branch: str,
    named: bool,
    make: Callable[[Repository], None],
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outdated = repository.git("rev-parse", "main")
    make(repository)
    own = repository.git("diff", "--name-only", "main...HEAD").split()
    on(repository, "main", "house-9")
    head = forge_merge(repository, "main", "HEAD")
    repository.git("branch", "--delete", "--force", "main")
    if branch == "outdated":
        repository.git("update-ref", "refs/remotes/origin/main", outdated)
    if branch == "missing":
        repository.git("update-ref", "-d", "refs/remotes/origin/main")
    if forge == "GitHub":
        on_github(monkeypatch, tmp_path, head, outdated)
    else:
        on_gitlab(monkeypatch, head, outdated, forge)
    shown = told(repository, outdated if named else "").split()
    # What the target took already is no part of it.
    assert shown == [name for name in own if make is not crossed or name == "deal-2"]


def test_a_base_that_was_chosen_is_the_base(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("tag", "v1", "main")
    moved_on(repository)
    on(repository, "main", "house-2")
    head = forge_merge(repository, "main", "deal")
    on_github(monkeypatch, tmp_path, head, repository.git("rev-parse", "main~1"))
    assert told(repository, "v1") == "deal-0 house-1 house-2"
    assert told(repository, "main") == told(repository) == "deal-0"


@pytest.mark.parametrize("squashed", [False, True], ids=["merged", "squashed"])
def test_changes_in_a_queue_are_compared_with_those_before_them(
    squashed: bool, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("checkout", "--quiet", "-b", "other", "main")
    write(repository, "other-0")
    ahead = forge_merge(repository, "main", "other")
    if squashed:
        head = write(repository, "deal-0")
    else:
        head = forge_merge(repository, ahead, "deal")
    queued = {"base_sha": ahead, "base_ref": "refs/heads/main", "head_sha": head}
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"merge_group": queued}), encoding="utf-8")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "merge_group")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_SHA", head)
    assert told(repository) == "deal-0"
    # Several in one group: what it was put upon is the target itself.
    queued["base_sha"] = repository.git("rev-parse", "main")
    event.write_text(json.dumps({"merge_group": queued}), encoding="utf-8")
    assert told(repository) == "deal-0 other-0"


@pytest.mark.parametrize("remote", ["origin", "upstream", ""])
def test_a_change_may_go_into_another_change(
    remote: str, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The branch is the forge's: of the clone's own, of the fork's parent, or here alone."""
    repository.git("checkout", "--quiet", "-b", "next")
    write(repository, "next-0")
    on(repository, "deal", "deal-1")
    if remote:
        repository.git("update-ref", f"refs/remotes/{remote}/deal", "refs/heads/deal")
        repository.git("branch", "--delete", "--force", "deal")
    on_gitlab(monkeypatch, repository.git("rev-parse", "HEAD"), "", "detached", "deal")
    assert told(repository) == "next-0"
    # A chosen protected branch counts for those who chose it.
    monkeypatch.setenv("CLAUSEBOOK_BASE", "main")
    assert told(repository) == "deal-0 next-0"


def test_where_the_branch_is_not_fetched_the_forge_s_commit_of_it_is_taken(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = repository.git("rev-parse", "main")
    on_gitlab(monkeypatch, repository.git("rev-parse", "HEAD"), base, "detached", "release")
    assert told(repository) == "deal-0"
    on_gitlab(monkeypatch, repository.git("rev-parse", "HEAD"), "", "detached", "release")
    with pytest.raises(RepositoryError, match="the branch `release`, into which the change goes, is not") as caught:
        told(repository)
    assert caught.value.hint == "fetch it: git fetch origin release"


@pytest.mark.parametrize(
    ("forge", "mend"),
    [("GitHub", "give actions/checkout fetch-depth: 0"), ("GitLab", 'give the job GIT_DEPTH: "0"')],
)
@pytest.mark.parametrize("merged", [True, False], ids=["merged by the forge", "the head"])
def test_a_shallow_clone_says_what_to_fetch(
    forge: str,
    mend: str,
    merged: bool,
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(repository, "deal-1")
    base = on(repository, "main", "house-1")
    head = forge_merge(repository, "main", "deal") if merged else repository.git("rev-parse", "deal")
    repository.git("branch", "tested", head)

    def shallow(depth: int) -> str:
        place = tmp_path / f"depth-{depth}"
        repository.git(
            *("clone", "--quiet", "--depth", str(depth), "--branch", "tested"),
            *("--single-branch", f"file://{repository.root}", str(place)),
        )
        return told(Repository(place, place))

    def pipeline(made: str) -> None:
        if forge == "GitHub":
            on_github(monkeypatch, tmp_path, made, base)
        else:
            on_gitlab(monkeypatch, made, base, "merged_result" if merged else "detached")

    pipeline(head)
    if not merged:
        monkeypatch.setenv("GITHUB_REF", "refs/heads/deal")
    with pytest.raises(RepositoryError, match="is not in this clone") as caught:
        shallow(1)
    assert caught.value.hint.startswith(mend)
    if merged:
        assert shallow(2) == "deal-0 deal-1", "the past before what it was merged with is not needed"


def test_unrelated_histories_have_no_base(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "--orphan", "elsewhere")
    write(repository, "deal-9")
    with pytest.raises(RepositoryError, match="have no common ancestor") as caught:
        told(repository)
    assert caught.value.hint == "compare two revisions of the same history"


@pytest.mark.parametrize(
    "event", ["", "[", "[" * 100_000, "[]", '{"pull_request": 7}', '{"pull_request": {"base": {"sha": "--help"}}}']
)
def test_an_event_that_says_nothing_is_none(
    event: str, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved_on(repository)
    head = repository.git("rev-parse", "HEAD")
    on_github(monkeypatch, tmp_path, head, "")
    (tmp_path / "event.json").write_text(event, encoding="utf-8")
    assert told(repository) == "deal-0"
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "nowhere"))
    assert told(repository) == "deal-0"


@pytest.mark.parametrize("branch", ["--upload-pack=touch made", "a..b", "x\u202ey`z", "main:deal-0", "m" * 5000])
def test_a_branch_of_any_name_is_a_name(branch: str, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    on_gitlab(monkeypatch, repository.git("rev-parse", "HEAD"), "", "detached", branch)
    before = sorted(repository.root.iterdir())
    with pytest.raises(RepositoryError, match="is not in this clone") as caught:
        told(repository)
    assert "\u202e" not in caught.value.message + caught.value.hint
    assert sorted(repository.root.iterdir()) == before
