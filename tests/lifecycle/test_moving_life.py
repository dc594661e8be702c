"""What became of an agreement moves from its file to its journal, with every comment, and nothing else changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli.main import cli
from clausebook.findings.model import RepositoryError
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.moving_life import life_moved
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from clausebook.records.journal import journal_of
from clausebook.records.since_execution import Lifecycle, Renewal, lifecycle_of
from clausebook.repository.tree import DiskTree
from tests.support.executed_repositories import EXECUTED, record
from tests.support.repositories import partnership_repository

HEAD = "# yaml-language-server: $schema=../../schemas/journal.schema.json\n"
BLOCK = """\
id: deal
# What became of it.
lifecycle:   # since the execution
  # the first one
    renewals:
      - on: 2028-01-15   # by letter
        until: 2030-02-28
    ended: {on: 2030-02-28, why: The term ran out.}
# of the title
title: Deal
"""
MOVED = """\
# What became of it.
# since the execution
# the first one
renewals:
  - on: 2028-01-15   # by letter
    until: 2030-02-28
ended: {on: 2030-02-28, why: The term ran out.}
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def moved(content: str, journal: str = "") -> tuple[str, str]:
    rest, made = life_moved(content.encode(), "deal.yaml", journal.encode(), "agreements/journal/deal.yaml")
    return rest.decode(), made.decode()


def test_the_lines_move_with_their_comments() -> None:
    assert moved(BLOCK) == ("id: deal\n# of the title\ntitle: Deal\n", f"{HEAD}\n{MOVED}")


def test_they_follow_what_the_journal_has() -> None:
    assert moved(BLOCK, "owner: {name: Mara}   # since 2027")[1] == f"owner: {{name: Mara}}   # since 2027\n{MOVED}"


def test_line_ends_of_the_journal_are_kept() -> None:
    made = moved(BLOCK.replace("\n", "\r\n"), "owner: {name: Mara}\r\n")[1]
    assert made == f"owner: {{name: Mara}}\n{MOVED}".replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("content", "journal"),
    [
        ("id: deal\nlifecycle: {superseded_by: heron}\n", ""),
        ('id: deal\n"lifecycle":\n  superseded_by: heron\n', ""),
        ("id: deal\nlifecycle:\n  superseded_by: heron\n  ended: {on: 2028-01-01}\n", "superseded_by: heron\n"),
        ("id: deal\nlifecycle:\n  superseded_by: heron", ""),
    ],
)
def test_however_it_is_written_the_same_is_told(content: str, journal: str) -> None:
    rest, made = moved(content, journal)
    assert load_yaml(rest.encode(), "").value == {"id": "deal"}
    value = load_yaml(content.encode(), "").value
    assert isinstance(value, dict)
    assert load_yaml(made.encode(), "").value == value["lifecycle"]


def test_what_is_not_on_lines_of_its_own_is_refused() -> None:
    with pytest.raises(RepositoryError, match="not written in a way"):
        moved("{id: deal, lifecycle: {superseded_by: heron}}\n")


def run(root: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(root)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.slow("an executed repository, checked and migrated from the command line")
def test_the_life_of_an_executed_agreement_moves_and_every_record_stays(tmp_path: Path, sandbox: Sandbox) -> None:
    root = partnership_repository(tmp_path)
    record(root, EXECUTED, "2026-11-02", sandbox)
    path = root / "agreements" / f"{EXECUTED}.yaml"
    before, text = path.read_bytes(), Project(root, sandbox).assemble(Project(root, sandbox).files([EXECUTED])[0])
    path.write_bytes(before + b"\nlifecycle:\n  renewals:\n    - {on: 2028-01-15, until: 2032-02-28}   # by letter\n")
    records = hashes(root / "agreements" / "executed")
    told = Lifecycle((Renewal("2028-01-15", "2032-02-28"),))
    project = Project(root, sandbox)
    assert lifecycle_of(project.load(project.files([EXECUTED])[0])[0] or {}) == told

    assert "lifecycle" in run(root, "migrate", EXECUTED, "--dry-run").output
    done = run(root, "migrate", EXECUTED)
    assert done.exit_code == 0
    assert f"migrated: agreements/{EXECUTED}.yaml, `lifecycle` to the journal" in done.output
    assert path.read_bytes() == before
    journal = journal_of(DiskTree(root), EXECUTED)[0]
    assert journal.life == {"renewals": [{"on": "2028-01-15", "until": "2032-02-28"}]}
    project = Project(root, sandbox)
    file = project.files([EXECUTED])[0]
    found = project.assemble(file)
    assert lifecycle_of(found.data) == told
    assert found.document == text.document
    assert hashes(root / "agreements" / "executed") == records
    assert "nothing to migrate" in run(root, "migrate", EXECUTED).output

    # And nothing that is written into the journal changes a record, a text, or a file that is made of it.
    built = {**project.render(found, ("md", "docx")), **hashes(root)}
    place = root / "agreements" / "journal" / f"{EXECUTED}.yaml"
    place.write_bytes(place.read_bytes() + b"owner: {name: Mara}\nevents: [{event: commencement, on: 2027-01-04}]\n")
    again = Project(root, sandbox)
    now = again.assemble(file)
    assert now.document == found.document
    after = {**again.render(now, ("md", "docx")), **hashes(root)}
    assert {name for name in after if after[name] != built.get(name)} == {f"agreements/journal/{EXECUTED}.yaml"}
    done = run(root, "check", EXECUTED)
    assert (done.exit_code, "error" in done.output, "journal" in done.output) == (0, False, False)
