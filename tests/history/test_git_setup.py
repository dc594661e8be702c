"""The diff driver: git shows an agreement's words, and the repository is left as it was."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from clausebook.document.words import words
from clausebook.findings.model import RepositoryError
from clausebook.history.git_setup import ATTRIBUTES, LINES, remove, set_up
from clausebook.history.textconv import plain_text, textconv
from clausebook.project.project import Project
from tests.support.git_repositories import Repository, new_repository, run
from tests.support.repositories import nda_repository

AGREEMENT = "agreements/sparrow-finch.yaml"
TOPIC = "a printed atlas of garden birds"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one committed agreement, in a folder whose name needs quotes."""
    root = tmp_path / "deals & drafts, d'été"
    shutil.move(nda_repository(tmp_path), root)
    made = new_repository(root)
    made.commit("First draft")
    return made


def commit_setup(repository: Repository) -> list[str]:
    done = set_up(repository.project)
    repository.commit("Show agreements in their words")
    return done


@pytest.mark.slow("git itself runs our filter")
def test_git_diff_shows_the_words_under_their_headings(repository: Repository) -> None:
    commit_setup(repository)
    file = repository.project / AGREEMENT
    file.write_text(file.read_text("utf-8").replace(TOPIC, "a digital atlas of garden birds"), encoding="utf-8")
    changed = [line for line in repository.git("diff", "--unified=0").splitlines()[4:] if line]
    assert [line[:2] for line in changed] == ["@@", "- ", "+ "]
    assert "printed atlas" in changed[1]
    assert "digital atlas" in changed[2]
    assert "topic:" not in "".join(changed)
    whole = textconv(file, repository.project).decode().splitlines()
    heading = changed[0].rpartition("@@ ")[2]
    assert heading in whole
    assert not heading.startswith(" ")
    only = repository.git("diff", "--unified=0", "--word-diff=plain")
    assert "[-printed-]{+digital+}" in only


@pytest.mark.slow("git itself runs our filter")
def test_git_log_shows_the_words_of_the_past(repository: Repository) -> None:
    commit_setup(repository)
    repository.replace("Ten years", AGREEMENT, "P3Y", "P10Y")
    shown = repository.git("log", "-p", "-1", "--unified=0", "--", AGREEMENT)
    assert "3 years" in shown
    assert "10 years" in shown
    assert "P10Y" not in shown


@pytest.mark.slow("git itself runs our filter")
def test_a_change_that_moves_no_word_shows_too(repository: Repository) -> None:
    commit_setup(repository)
    repository.replace("Back to draft", AGREEMENT, "status: approved", "status: draft")
    shown = repository.git("show", "--unified=0", "--format=")
    assert '-  /status "approved"\n+  /status "draft"' in shown


@pytest.mark.slow("git itself runs our filter")
def test_an_edit_of_the_library_is_no_change_of_the_agreement(repository: Repository) -> None:
    commit_setup(repository)
    edited = repository.replace("Longer", AGREEMENT, "P3Y", "P4Y")
    assert "4 years" in repository.git("show", edited)
    clause = next((repository.project / "templates/nda/clauses").glob("*.md"))
    clause.write_text(clause.read_text("utf-8") + "\n\nThe parties shake hands.\n", encoding="utf-8")
    file = repository.project / AGREEMENT
    file.write_text(file.read_text("utf-8").replace(TOPIC, "a map"), encoding="utf-8")
    changed = [
        line for line in repository.git("diff", "--unified=0", AGREEMENT).splitlines() if line[:2] in ("+ ", "- ")
    ]
    assert changed
    assert not any("shake hands" in line for line in changed)
    assert "refs/notes" not in repository.git("for-each-ref")


@pytest.mark.slow("git itself runs our filter, in every kind of work tree")
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
        shown = run(folder, "diff")
        assert "map of nests" in shown
        assert "topic:" not in shown
    assert set_up(linked / "our deals") == ["git shows agreements in the contract's words already: nothing to do"]


def test_setting_up_twice_does_nothing_and_removing_leaves_no_trace(repository: Repository) -> None:
    before = repository.state()
    first = set_up(repository.project)
    assert any("diff.clausebook.textconv" in line for line in first)
    assert (repository.project / ATTRIBUTES).read_text("utf-8").splitlines() == list(LINES)
    once = repository.state()
    assert set_up(repository.project) == ["git shows agreements in the contract's words already: nothing to do"]
    assert repository.state() == once
    assert len(remove(repository.project)) == 2
    assert remove(repository.project) == ["nothing was installed"]
    assert repository.state() == before


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
    os.mkfifo(place)
    for act in (set_up, remove):
        with pytest.raises(RepositoryError, match="is a pipe, and is never replaced"):
            act(repository.project)
    assert place.is_fifo()


def test_where_clausebook_is_gone_git_shows_the_file(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone, isn't it" / "python"))
    commit_setup(repository)
    repository.replace("Ten years", AGREEMENT, "P3Y", "P10Y")
    shown = repository.git("show", "--unified=0", "--format=")
    assert "-  kept_for: P3Y\n+  kept_for: P10Y" in shown


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe\x00 not text", ""),
        (b"just: a mapping\n", "it has no `id`"),
        (b"id: ../../etc\ntype: nda\n", "it has no `id`"),
        (b"id: sparrow-finch\ntype: nda\n", "missing"),
        (b"id: sparrow-finch\ntype: unheard-of\n", "there is no agreement type"),
        (b"id: sparrow-finch\n  type: [\n", "line"),
        (b"id: sparrow-finch\ntype: nda\n" + b"x" * (2 << 20), "MiB"),
    ],
    ids=["empty", "binary", "no id", "path as id", "lacking fields", "unknown type", "no YAML", "too large"],
)
def test_what_cannot_be_assembled_is_shown_as_it_is(
    repository: Repository, tmp_path: Path, content: bytes, why: str
) -> None:
    file = tmp_path / "blob"
    file.write_bytes(content)
    shown = textconv(file, repository.project)
    comment, _, rest = shown.partition(b"\n")
    assert rest == content
    assert comment.startswith(b"# Not shown in the contract's words: ")
    assert why in comment.decode()


def test_outside_a_clausebook_repository_the_file_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "blob"
    file.write_bytes(b"id: sparrow-finch\ntype: nda\n")
    shown = textconv(file, tmp_path / "nowhere")
    assert shown.endswith(b"\nid: sparrow-finch\ntype: nda\n")
    assert b"has no folder" in shown


def test_an_agreement_that_is_there_no_more_is_shown_in_words(repository: Repository, tmp_path: Path) -> None:
    blob = shutil.move(repository.project / AGREEMENT, tmp_path / "blob")
    assert b"printed atlas" in textconv(Path(blob), repository.project)


def test_no_work_tree_no_repository(repository: Repository, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    repository.git("clone", "--quiet", "--bare", ".", str(bare))
    (tmp_path / "plain").mkdir()
    for function in (set_up, remove):
        with pytest.raises(RepositoryError, match="bare"):
            function(bare)
        with pytest.raises(RepositoryError, match="no git repository"):
            function(tmp_path / "plain")


@pytest.mark.slow("every deal of the tests")
def test_the_lines_hold_the_document_s_words(partnership: Path) -> None:
    with Project(partnership) as project:
        for agreement in project.assemble_all():
            assert agreement.document
            lines = list(plain_text(agreement.document))
            # Bars and dashes stand for the look of tables and of lists without numbers.
            marks = ("|", "-")
            shown = [word for line in lines for word in line.split() if word not in marks]
            assert shown == [word for word in words(agreement.document) if word not in marks]
            assert max(map(len, lines)) < 2500
