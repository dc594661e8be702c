"""A whole version executed over an amendment, branches that each execute something: found, named, no file lost."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from benchmarks.paper import signed_paper
from clausebook.cli.main import cli
from clausebook.language.sandbox import Sandbox
from tests.support.executed_repositories import edit, record, with_amendments
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

pytestmark = pytest.mark.slow("agreements executed and amended on branches that are merged, each text proven")

NAME = "sparrow-finch"
FIRST = f"{NAME}-amendment-1"
PLACE = f"agreements/executed/{FIRST}/1.0"
RULES = (
    "core/record-twice",
    "core/record-edited",
    "core/record-gone",
    "core/record-damaged",
    "core/amendment-overtaken",
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    root = nda_repository(tmp_path_factory.mktemp("drafted"))
    with_amendments(root)
    record(root, NAME, "2024-01-05", sandbox)
    edit(root, NAME, ('version: "1.0"\nstatus: executed', 'version: "1.1"\nstatus: approved'), ("P3Y", "P4Y"))
    assert invoke(root, "amend", NAME).exit_code == 0
    return root


@pytest.fixture
def repository(drafted: Path, tmp_path: Path) -> Repository:
    shutil.copytree(drafted, tmp_path / "repository")
    made = new_repository(tmp_path / "repository")
    made.commit("Draft the amendment")
    return made


def invoke(root: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(root)], prog_name="clausebook")
    assert "Traceback" not in done.output
    return done


def found(root: Path, *rules: str) -> list[dict[str, str]]:
    output = invoke(root, "check", "--report", "json").output
    return [each for each in json.loads(output)["findings"] if each["rule"] in (rules or RULES)]


def whole(root: Path, day: str, sandbox: Sandbox, version: str = "1.2", years: int = 6) -> None:
    """Execute a whole version as though nothing were on its way."""
    edit(root, NAME, ('version: "1.1"', f'version: "{version}"'), ("P4Y", f"P{years}Y"))
    record(root, NAME, day, sandbox)


def test_a_whole_version_is_not_executed_over_an_amendment_that_is_on_its_way(
    repository: Repository, tmp_path: Path
) -> None:
    root = repository.root
    assert invoke(root, "build", NAME, "--format", "pdf", "--out", str(tmp_path / "out")).exit_code == 0
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(signed_paper((tmp_path / f"out/agreements/{NAME}/{NAME}.pdf").read_bytes()))
    given = [f"--attest={block}=Ada Quill compared it" for block in ("sparrow-1", "finch-1")]
    given += [f"--signed-on={block}=2024-03-05" for block in ("sparrow-1", "finch-1")]
    edit(root, FIRST, ("status: draft", "status: approved"))
    before = repository.state()
    done = invoke(root, "execute", NAME, "--scan", str(scan), *given)
    told = " ".join(done.output.split())
    assert (done.exit_code, repository.state() == before) == (2, True)
    assert (
        f"`{FIRST}` is on its way, for its status is approved: it changes a text that would be in force no more" in told
    )
    assert told.index(f"clausebook execute {FIRST}") < told.index("--redraft")
    edit(root, FIRST, ("status: approved", "status: draft"))
    done = invoke(root, "execute", NAME, "--scan", str(scan), *given)
    assert done.exit_code == 0, done.output


def test_a_pending_amendment_is_overtaken_by_a_whole_version(repository: Repository, sandbox: Sandbox) -> None:
    root = repository.root
    (root / f"agreements/{FIRST}/signed.pdf").write_bytes(b"%PDF-1.7\n")
    whole(root, "2024-03-05", sandbox)
    (finding,) = found(root)
    assert finding["rule"] == "core/amendment-overtaken"
    said = "changes version 1.0, and leaves out what came after that: version 1.2 was executed by the record "
    assert said + f"agreements/executed/{NAME}/1.2 on 2024-03-05" in finding["message"]
    edit(root, NAME, ('version: "1.2"\nstatus: executed', 'version: "1.3"\nstatus: approved'), ("P6Y", "P7Y"))
    refused = invoke(root, "amend", NAME)
    assert (refused.exit_code, "is not executed yet, and starts from another text" in refused.output) == (2, True)
    done = invoke(root, "amend", NAME, "--redraft", "Version 1.2 came between")
    assert done.exit_code == 0, done.output
    assert "Amendment No. 1 of `sparrow-finch`, from version 1.2 to 1.3" in done.output
    assert 'version: "1.1"\nstatus: draft\n' in (root / f"agreements/{FIRST}.yaml").read_text(encoding="utf-8")
    assert (root / f"agreements/{FIRST}/signed.pdf").is_file()
    assert found(root) == []
    assert invoke(root, "check").exit_code == 0, invoke(root, "check").output


def test_an_amendment_that_was_executed_after_a_whole_version_on_another_branch_is_told(
    repository: Repository, sandbox: Sandbox
) -> None:
    root = repository.root
    repository.git("checkout", "--quiet", "-b", "other")
    whole(root, "2024-03-05", sandbox)
    repository.commit("Execute version 1.2 as a whole")
    repository.git("checkout", "--quiet", "main")
    record(root, FIRST, "2024-04-05", sandbox)
    edit(root, NAME, ("status: approved", "status: executed"))
    repository.commit("Execute the amendment")
    assert found(root) == []
    repository.git("merge", "--quiet", "--strategy-option", "theirs", "-m", "Join", "other")
    (finding,) = found(root)
    assert finding["rule"] == "core/amendment-overtaken"
    assert finding["path"] == PLACE
    signed = set((root / "agreements/executed").rglob("*.pdf"))
    command = finding["hint"].partition("clausebook ")[2].replace("WHY", "Superseded").replace("WHO", "Ada")
    done = invoke(root, *command.split(), "--date", "2024-05-02")
    assert done.exit_code == 0, done.output
    assert found(root, "core/amendment-overtaken") == []
    assert set((root / "agreements/executed").rglob("*.pdf")) == signed


def side(repository: Repository, years: int, sandbox: Sandbox, version: str = "1.1") -> str:
    """Execute Amendment No. 1 on the branch that is checked out, with other words than those of the other branches."""
    root = repository.root
    if years != 4:
        edit(root, NAME, ("P4Y", f"P{years}Y"))
        assert invoke(root, "amend", NAME).exit_code == 0
    edit(root, FIRST, ("status: draft", "status: approved"))
    record(root, FIRST, "2024-06-01", sandbox)
    edit(root, NAME, ("status: approved", "status: executed"))
    return repository.commit(f"Execute {years} years")


def keep(repository: Repository, hint: str) -> None:
    """Do what a finding says to keep a signed file."""
    command = hint.partition("keep that signed file: ")[2].partition(", and commit it")[0]
    show, _, place = command.partition(" > ")
    commit, _, path = show.removeprefix("git show ").partition(":")
    content = repository.git("cat-file", "blob", f"{commit}:{path}")
    assert content.startswith("%PDF")
    done = subprocess.run(["git", "show", f"{commit}:{path}"], cwd=repository.root, capture_output=True, check=True)
    (repository.root / place).write_bytes(done.stdout)


def test_three_branches_that_each_executed_an_amendment_are_all_told(repository: Repository, sandbox: Sandbox) -> None:
    for name in ("second", "third"):
        repository.git("branch", name)
    side(repository, 5, sandbox)
    for name, years in (("second", 6), ("third", 7)):
        repository.git("checkout", "--quiet", name)
        side(repository, years, sandbox)
    repository.git("checkout", "--quiet", "main")
    for name in ("second", "third"):
        repository.git("merge", "--quiet", "--strategy", "ours", "-m", f"Join {name}", name)
    told = found(repository.root)
    assert [each["rule"] for each in told] == ["core/record-twice"] * 2
    assert len({each["hint"] for each in told}) == 2
    for each in told:
        keep(repository, each["hint"])
    repository.commit("Keep them all")
    assert found(repository.root) == []


def test_equal_words_that_were_signed_twice_are_told_too(repository: Repository, sandbox: Sandbox) -> None:
    repository.git("branch", "other")
    side(repository, 4, sandbox)
    repository.git("checkout", "--quiet", "other")
    signed = repository.root / PLACE / "signed.pdf"
    side(repository, 4, sandbox)
    content = signed.read_bytes()
    signed.write_bytes(content + b"% signed by others\n")
    text = (repository.root / PLACE / "record.yaml").read_text(encoding="utf-8")
    old, new = (hashlib.sha256(each).hexdigest() for each in (content, signed.read_bytes()))
    (repository.root / PLACE / "record.yaml").write_text(text.replace(old, new), encoding="utf-8")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--amend", "--no-edit")
    repository.git("merge", "--quiet", "--strategy", "ours", "-m", "Join", "main")
    (finding,) = found(repository.root)
    assert finding["rule"] == "core/record-twice"
    keep(repository, finding["hint"])
    repository.commit("Keep both")
    assert found(repository.root) == []


@pytest.mark.parametrize("how", ["rebase", "squash"])
def test_a_history_that_was_written_anew_tells_that_a_record_was_replaced(
    how: str, repository: Repository, sandbox: Sandbox
) -> None:
    root = repository.root
    repository.git("branch", "other")
    first = side(repository, 5, sandbox)
    repository.git("checkout", "--quiet", "other")
    side(repository, 6, sandbox)
    if how == "rebase":
        repository.git("rebase", "--quiet", "--strategy-option", "theirs", "main")
    else:
        repository.git("checkout", "--quiet", "main")
        repository.git("merge", "--quiet", "--squash", "--strategy-option", "theirs", "other")
        repository.git("commit", "--quiet", "-m", "Squash")
    told = found(root)
    assert {each["rule"] for each in told} == {"core/record-edited"}
    signed = [each for each in told if each["path"].endswith("signed.pdf")]
    assert any(first[:8] in each["message"] for each in signed)
    assert all("keep" in each["hint"] for each in signed), signed
