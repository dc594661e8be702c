"""What is set in a clone's configuration: git shows words where it says so, and nothing else of git changes."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from clausebook.findings.model import RepositoryError
from clausebook.history.git_setup import ATTRIBUTES, HOW, LINES, remove, set_up
from tests.support.git_repositories import Repository, new_repository
from tests.support.git_words import edit, hunks, read_by_a_person, run_git
from tests.support.repositories import nda_repository

AGREEMENT = "agreements/sparrow-finch.yaml"
TOPIC, OTHER = "a printed atlas of garden birds", "a digital atlas of garden birds"
NOTHING = "git shows agreements in the contract's words already: nothing to do"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one committed agreement, in a folder whose name needs quotes."""
    root = tmp_path / "deals & drafts, d'été"
    shutil.move(nda_repository(tmp_path), root)
    (root / ATTRIBUTES).write_text("".join(f"{line}\n" for line in LINES), encoding="utf-8")
    made = new_repository(root)
    made.commit("First draft")
    made.replace("Ten years", AGREEMENT, "P3Y", "P10Y")
    return made


def _staged_in_part(folder: Path, *command: str) -> bytes:
    shown = run_git(folder, *command, given=b"n\ny\n" * 4).stdout
    return shown + run_git(folder, "diff", "--cached", "--no-ext-diff").stdout


def _merged(folder: Path) -> bytes:
    for command in (("checkout", "-qb", "other"), ("commit", "-qam", "Ours"), ("checkout", "-q", "main")):
        run_git(folder, *command)
    edited = (folder / AGREEMENT).read_text(encoding="utf-8").replace("P10Y", "P9Y")
    (folder / AGREEMENT).write_text(edited, encoding="utf-8")
    run_git(folder, "commit", "-qam", "Theirs")
    merged = run_git(folder, "merge", "-m", "Both", "other")
    return merged.stdout + (folder / AGREEMENT).read_bytes()


def _patched(folder: Path) -> bytes:
    patch = run_git(folder, "diff").stdout
    assert TOPIC.encode() in patch
    run_git(folder, "checkout", "-q", ".")
    applied = run_git(folder, "apply", "-", given=patch)
    assert applied.returncode == 0
    return patch + (folder / AGREEMENT).read_bytes()


def _with_a_tool(folder: Path, *command: str) -> bytes:
    return run_git(folder, "-c", 'difftool.own.cmd=cat "$LOCAL" "$REMOTE"', *command).stdout


def _printed(*command: str) -> Callable[[Path], bytes]:
    return lambda folder: run_git(folder, *command, environment={"GIT_PAGER_IN_USE": "true"}).stdout


EVERYTHING_ELSE: dict[str, Callable[[Path], bytes]] = {
    "diff in a pipe": lambda folder: run_git(folder, "diff").stdout,
    "diff of commits in a pipe": lambda folder: run_git(folder, "diff", "HEAD~1").stdout,
    "a patch": _patched,
    "a tool for differences": lambda folder: _with_a_tool(folder, "difftool", "--no-prompt", "--tool=own"),
    "another program for all": lambda folder: (
        run_git(folder, "diff", environment={"GIT_EXTERNAL_DIFF": 'f() { echo "$1 $3"; cat "$5"; }; f'}).stdout
    ),
    "add -p": lambda folder: _staged_in_part(folder, "add", "-p"),
    "stash -p": lambda folder: _staged_in_part(folder, "stash", "push", "-p"),
    "merge": _merged,
    **{
        " ".join(command): _printed(*command)
        for command in (
            ("blame", AGREEMENT),
            ("blame", "--porcelain", AGREEMENT),
            ("grep", "-n", "-p", "atlas"),
            ("log", "-S", "P10Y", "--format=%s"),
            ("log", "-G", "kept_for", "--format=%s"),
            ("log", "-p", "--format=%s"),
            ("log", "-L/kept_for/,+1:" + AGREEMENT, "--format=%s"),
            ("show", "--format=%s"),
            ("format-patch", "--stdout", "--format=%s", "-1"),
            ("diff", "--stat"),
            ("diff", "--numstat", "HEAD~1"),
            ("diff", "--name-status"),
            ("diff", "--check"),
            ("diff", "--no-ext-diff"),
            ("diff-files", "-p"),
            ("diff-index", "-p", "HEAD"),
            ("diff-tree", "-p", "HEAD~1", "HEAD"),
            ("status", "-v", "-v"),
            ("range-diff", "HEAD~1..HEAD", "HEAD~1..HEAD"),
        )
    },
}


@pytest.mark.slow("git itself, with our settings and without")
@pytest.mark.parametrize("name", EVERYTHING_ELSE)
def test_all_else_in_git_gives_the_same_bytes(repository: Repository, tmp_path: Path, name: str) -> None:
    edit(repository, AGREEMENT, TOPIC, OTHER)
    plain = tmp_path / "plain"
    shutil.copytree(repository.root, plain)
    set_up(repository.project)
    with_words = EVERYTHING_ELSE[name](repository.project)
    assert with_words == EVERYTHING_ELSE[name](plain)
    assert with_words or name == "diff --check"


@pytest.mark.slow("git itself runs our program")
def test_words_are_shown_where_it_says_so(repository: Repository) -> None:
    set_up(repository.project)
    edit(repository, AGREEMENT, TOPIC, OTHER)
    changed = hunks(read_by_a_person(repository.project, "diff"))
    assert [line[:3] for line in changed] == ["-  ", "+  "]
    assert all(old in line for old, line in zip((TOPIC, OTHER), changed, strict=True))
    assert "topic:" not in "".join(changed)
    in_a_pipe = repository.git("words")
    assert hunks(in_a_pipe) == changed
    assert hunks(repository.git("words", "diff", "HEAD")) == changed
    marked = repository.git("words", "--word-diff=plain", "-U0")
    assert "[-printed-]{+digital+}" in marked
    assert len(marked) < len(in_a_pipe)
    heading = marked.splitlines()[5].rpartition("@@ ")[2]
    assert heading == "Annex 1 Words"
    of_the_past = repository.git("words", "log", "-1", "-U0", "--", AGREEMENT)
    for shown in (of_the_past, repository.git("words", "show", "-U0")):
        assert "3 years" in shown
        assert "10 years" in shown
        assert "P10Y" not in shown
    below = run_git(repository.project / "agreements", "words", "log", "-1", "-U0", "--", "sparrow-finch.yaml")
    assert below.stdout.decode().endswith(of_the_past.partition("diff --git")[2] + "\n")


def test_setting_up_twice_does_nothing_and_removing_leaves_no_trace(repository: Repository) -> None:
    (repository.project / ATTRIBUTES).unlink()
    repository.commit("Without attributes")
    before = repository.state()
    first = set_up(repository.project)
    assert [re.findall(r"diff\.\w+\.\w+|alias\.\w+|\.gitattributes", line)[:1] for line in first[: -len(HOW)]] == [
        ["diff.clausebook.command"],
        ["alias.words"],
        [".gitattributes"],
    ]
    assert first[-len(HOW) :] == list(HOW)
    assert (repository.project / ATTRIBUTES).read_text("utf-8").splitlines() == list(LINES)
    once = repository.state()
    assert set_up(repository.project) == [NOTHING, *HOW]
    assert repository.state() == once
    assert len(remove(repository.project)) == 3
    assert remove(repository.project) == ["nothing was installed"]
    assert repository.state() == before


@pytest.mark.slow("git itself runs our program")
def test_what_an_older_clausebook_set_is_replaced_and_can_be_removed(repository: Repository) -> None:
    before = repository.state()

    def as_it_was() -> None:
        command = f'words() {{ {sys.executable} -P -m clausebook textconv --root . "$1" || cat "$1"; }}; words'
        repository.git("config", "diff.clausebook.textconv", command)
        repository.git("config", "diff.clausebook.cachetextconv", "false")
        repository.git("config", "diff.clausebook.xfuncname", "^([^[:space:]].*)$")

    as_it_was()
    blamed = run_git(repository.project, "blame", AGREEMENT)
    assert b"P10Y" in blamed.stdout
    assert b"mend:  clausebook git-setup" in blamed.stderr
    set_up(repository.project)
    settings = repository.git("config", "--local", "--name-only", "--get-regexp", "^(diff|alias)").splitlines()
    assert settings == ["diff.clausebook.command", "alias.words"]
    remove(repository.project)
    assert repository.state() == before
    as_it_was()
    remove(repository.project)
    assert repository.state() == before


def test_an_alias_of_ones_own_stays(repository: Repository) -> None:
    repository.git("config", "alias.words", "grep --word-regexp")
    assert "`git words` is an alias of your own" in set_up(repository.project)[0]
    remove(repository.project)
    assert repository.git("config", "alias.words") == "grep --word-regexp"


def test_attributes_of_others_are_kept(repository: Repository) -> None:
    place = repository.project / ATTRIBUTES
    place.write_bytes(b"*.bin binary\r\n# \xff\n*.txt text")
    set_up(repository.project)
    assert (
        place.read_bytes() == b"*.bin binary\r\n# \xff\n*.txt text\n" + "".join(f"{line}\n" for line in LINES).encode()
    )
    repository.commit("Attributes")
    remove(repository.project)
    assert place.read_bytes().endswith(f"{LINES[-1]}\n".encode())
    assert repository.git("status", "--porcelain") == ""


def test_attributes_that_are_no_plain_file_stay_and_stop_nothing(repository: Repository) -> None:
    place = repository.project / ATTRIBUTES
    place.unlink()
    os.mkfifo(place)
    for act in (set_up, remove):
        with pytest.raises(RepositoryError, match="is a pipe, and is never replaced"):
            act(repository.project)
    assert place.is_fifo()


def test_where_clausebook_is_gone_git_shows_the_file(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone, isn't it" / "python"))
    set_up(repository.project)
    edit(repository, AGREEMENT, "P10Y", "P3Y")
    shown = run_git(repository.project, "diff", "--unified=0")
    assert shown.returncode == 0
    assert hunks(shown.stdout.decode()) == ["-  kept_for: P10Y", "+  kept_for: P3Y"]


@pytest.mark.slow("git itself runs our program, in every kind of work tree")
def test_linked_worktrees_and_folders_below_the_top(tmp_path: Path) -> None:
    made = new_repository(tmp_path / "all", "our deals")
    shutil.move(nda_repository(tmp_path), made.project)
    made.commit("First draft")
    set_up(made.project)
    made.commit("Show agreements in their words")
    linked = tmp_path / "linked one"
    made.git("worktree", "add", "--quiet", "-b", "other", str(linked))
    file = linked / "our deals" / AGREEMENT
    file.write_text(file.read_text("utf-8").replace(TOPIC, "a map of nests"), encoding="utf-8")
    for folder in (linked, file.parent):
        shown = read_by_a_person(folder, "diff")
        assert "map of nests" in shown
        assert "topic:" not in shown
        assert f"--- a/our deals/{AGREEMENT}" in shown
    assert set_up(linked / "our deals")[0] == NOTHING


def test_no_work_tree_no_repository(repository: Repository, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    repository.git("clone", "--quiet", "--bare", ".", str(bare))
    (tmp_path / "plain").mkdir()
    for function in (set_up, remove):
        with pytest.raises(RepositoryError, match="bare"):
            function(bare)
        with pytest.raises(RepositoryError, match="no git repository"):
            function(tmp_path / "plain")
