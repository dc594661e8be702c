"""One version or one amendment that was executed twice: what `check` says, and that every signed file can be kept."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.language.sandbox import Sandbox
from tests.support.executed_repositories import edit, record, with_amendments
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

pytestmark = pytest.mark.slow("agreements executed and amended, each text proven")

NAME = "sparrow-finch"
FIRST = f"{NAME}-amendment-1"
PLACE = f"agreements/executed/{FIRST}/1.0"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture
def root(tmp_path: Path, sandbox: Sandbox) -> Path:
    """A repository with an executed agreement, its next draft, and the amendment that leads there."""
    root = nda_repository(tmp_path)
    with_amendments(root)
    record(root, NAME, "2026-03-02", sandbox)
    edit(root, NAME, ('version: "1.0"\nstatus: executed', 'version: "1.1"\nstatus: approved'), ("P3Y", "P5Y"))
    assert run(root, "amend", NAME)
    edit(root, FIRST, ("status: draft", "status: approved"))
    return root


def run(root: Path, *arguments: str) -> str:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(root)])
    assert done.exit_code == 0, done.output
    return done.output


def found(root: Path) -> list[dict[str, str]]:
    output = CliRunner().invoke(cli, ["check", "--report", "json", "--root", str(root)]).output
    rules = ("core/record-twice", "core/record-edited", "core/record-gone", "core/record-damaged")
    return [each for each in json.loads(output)["findings"] if each["rule"] in rules]


def test_a_version_that_was_executed_as_a_whole_and_by_an_amendment_is_told(root: Path, sandbox: Sandbox) -> None:
    record(root, FIRST, "2026-06-01", sandbox)
    assert found(root) == []
    edit(root, NAME, ("status: approved", "status: executed"))
    shutil.copytree(root / PLACE, root / "amendment")
    shutil.rmtree(root / PLACE)
    edit(root, NAME, ("status: executed", "status: approved"))
    record(root, NAME, "2026-05-20", sandbox)
    assert found(root) == []
    shutil.move(root / "amendment", root / PLACE)
    (finding,) = found(root)
    told = f"by the record {PLACE} of 2026-06-01 and by the record agreements/executed/{NAME}/1.1 of 2026-05-20"
    assert f"has two executed texts of version 1.1 of `{NAME}`: {told}" in finding["message"]
    before = set((root / "agreements/executed").rglob("*.pdf"))
    command = finding["hint"].partition("clausebook ")[2].replace("WHY", "Superfluous").replace("WHO", "Ada")
    run(root, *command.split(), "--date", "2026-06-02")
    assert found(root) == []
    assert before == set((root / "agreements/executed").rglob("*.pdf"))


def test_an_amendment_that_was_executed_in_two_versions_is_told(root: Path, sandbox: Sandbox) -> None:
    record(root, FIRST, "2026-06-01", sandbox)
    edit(root, FIRST, ('version: "1.0"\nstatus: executed', 'version: "1.1"\nstatus: approved'))
    record(root, FIRST, "2026-06-03", sandbox)
    (finding,) = found(root)
    told = "as version 1.0 on 2026-06-01 and as version 1.1 on 2026-06-03"
    assert f"holds two executions of Amendment No. 1 of `{NAME}`: {told}" in finding["message"]
    assert f"clausebook void {FIRST} 1.1" in finding["hint"]


@pytest.mark.parametrize("strategy", ["ours", "theirs"])
def test_amendments_of_one_number_from_two_branches_are_told(strategy: str, root: Path, sandbox: Sandbox) -> None:
    edit(root, FIRST, ("status: approved", "status: draft"))
    repository = new_repository(root)
    repository.commit("Draft")
    repository.git("branch", "other")
    sides = [executed_side(repository, "P5Y", "P5Y", sandbox)]
    repository.git("checkout", "--quiet", "other")
    sides.append(executed_side(repository, "P5Y", "P7Y", sandbox))
    assert found(root) == [], "each branch knows of its own alone"
    if strategy == "theirs":
        repository.git("checkout", "--quiet", "main")
        sides.reverse()
    repository.git("merge", "--quiet", "--strategy", "ours", "-m", "Join", "main" if strategy == "ours" else "other")
    kept, gone = sides[1], sides[0]
    (finding,) = found(root)
    assert "was executed twice, on two branches" in finding["message"]
    assert f"the record and the signed file of {gone[:8]} are gone" in finding["message"]
    command = f"git show {gone[:12]}:{PLACE}/signed.pdf > agreements/{FIRST}/signed-{gone[:8]}.pdf"
    assert command in finding["hint"]
    (root / f"agreements/{FIRST}/signed-{gone[:8]}.pdf").write_bytes(signed(repository, gone))
    repository.commit("Keep both")
    assert found(root) == [], kept


def executed_side(repository: Repository, old: str, new: str, sandbox: Sandbox) -> str:
    edit(repository.root, NAME, (old, new))
    run(repository.root, "amend", NAME)
    edit(repository.root, FIRST, ("status: draft", "status: approved"))
    record(repository.root, FIRST, "2026-06-01", sandbox)
    edit(repository.root, NAME, ("status: approved", "status: executed"))
    return repository.commit(f"Execute {new}")


def signed(repository: Repository, commit: str) -> bytes:
    command = ["git", "show", f"{commit}:{PLACE}/signed.pdf"]
    return subprocess.run(command, cwd=repository.root, capture_output=True, check=True).stdout
