"""A record that is void: it stays, is proven, and counts as no execution."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from clausebook.amending.amendment_chain import chain
from clausebook.findings.model import RepositoryError, has_errors
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.execution import execute
from clausebook.lifecycle.proofs import proofs
from clausebook.lifecycle.standing import standing_of
from clausebook.lifecycle.voiding import void
from clausebook.lifecycle.wet_ink import Returned
from clausebook.project.project import Project, all_findings
from clausebook.records.model import Void
from clausebook.records.record_files import executed, read_records, voided
from clausebook.repository.tree import DiskTree
from clausebook.validate.schemas import load_schemas
from clausebook.verify.repository import Texts
from tests.support.executed_repositories import EXECUTED, amended_repository, edit, record
from tests.support.repositories import partnership_repository

pytestmark = pytest.mark.slow("records of whole deals, executed and then void")

WHY = ("The file of another deal was executed", "Ada Quill")
DAY, TODAY = "2026-11-03", "2026-11-20"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def repository(tmp_path: Path, sandbox: Sandbox) -> Path:
    root = partnership_repository(tmp_path)
    record(root, EXECUTED, "2026-11-02", sandbox)
    return root


def findings(root: Path, sandbox: Sandbox) -> list[tuple[str, str]]:
    """Return the rules and messages of all errors of the executed agreement and its records."""
    project = Project(root, sandbox)
    found = [*all_findings(project, [project.assemble(project.files([EXECUTED])[0])]), *proofs(project, [EXECUTED])]
    return [(each.rule, each.message) for each in found if each.severity == "error"]


def test_a_void_record_stays_and_counts_no_more(repository: Path, sandbox: Sandbox) -> None:
    before = {path: path.read_bytes() for path in (repository / f"agreements/executed/{EXECUTED}/1.0").iterdir()}
    made = void(Project(repository, sandbox), EXECUTED, "1.0", *WHY, DAY, TODAY)
    assert made == Void(*WHY, DAY)
    assert {path: path.read_bytes() for path in before} == before
    assert findings(repository, sandbox) == []
    project = Project(repository, sandbox)
    found = project.assemble(project.files([EXECUTED])[0])
    assert found.record is None
    assert found.document
    assert found.document.status == "approved"
    tree = DiskTree(repository)
    assert executed(tree, EXECUTED) == ()
    assert voided(tree, EXECUTED) == ((read_records(tree, EXECUTED)[0][0], made),)
    assert chain(tree, EXECUTED).latest is None
    standing = standing_of(tree, found.document, found.data, {EXECUTED: found.data})
    assert (standing.stage, standing.executions, standing.texts) == ("not-sent", (), ())
    assert [mark for _, mark in standing.voided] == [made]


def test_the_mark_is_as_its_schema_says(repository: Path, sandbox: Sandbox, repository_root: Path) -> None:
    from clausebook.load.yaml import load_yaml

    void(Project(repository, sandbox), EXECUTED, "1.0", *WHY, DAY, TODAY)
    path = f"agreements/executed/{EXECUTED}/1.0/void.yaml"
    loaded = load_yaml((repository / path).read_bytes(), path)
    schemas = load_schemas(DiskTree(repository_root), "schemas", "void.schema.json")
    assert not schemas.validate(loaded.value, loaded.positions, path)


def test_a_status_that_says_executed_is_told_why_it_is_not(repository: Path, sandbox: Sandbox) -> None:
    void(Project(repository, sandbox), EXECUTED, "1.0", *WHY, DAY, TODAY)
    edit(repository, EXECUTED, ("status: approved", "status: executed"))
    said = "the status is executed, but the record of version 1.0 is void since 2026-11-03: "
    assert findings(repository, sandbox) == [("core/record-void", f"{said}{WHY[0]} ({WHY[1]})")]


@pytest.mark.parametrize(
    ("version", "reason", "by", "date", "said"),
    [
        ("2.0", *WHY, DAY, "version 2.0 of `{}` has no record of its own"),
        ("1.0", " ", WHY[1], DAY, "nothing tells why the record is void"),
        ("1.0", WHY[0], "", DAY, "nothing tells who says"),
        ("1.0", WHY[0], "Ada\u200b", DAY, "characters that cannot be seen"),
        ("1.0", "x" * 1001, WHY[1], DAY, "longer than 1000 characters"),
        ("1.0", *WHY, "2026-11-21", "2026-11-21 is in the future"),
        ("1.0", *WHY, "2026-11-01", "2026-11-01 is before version 1.0 was executed"),
        ("1.0", *WHY, "3 May", "3 May"),
    ],
)
def test_what_is_refused_writes_nothing(
    repository: Path, sandbox: Sandbox, version: str, reason: str, by: str, date: str, said: str
) -> None:
    with pytest.raises(RepositoryError, match=said.format(EXECUTED)):
        void(Project(repository, sandbox), EXECUTED, version, reason, by, date, TODAY)
    assert voided(DiskTree(repository), EXECUTED) == ()
    assert findings(repository, sandbox) == []


def test_unknown_agreements_and_a_second_time_are_refused(repository: Path, sandbox: Sandbox) -> None:
    with pytest.raises(RepositoryError, match="no-such-deal"):
        void(Project(repository, sandbox), "no-such-deal", "1.0", *WHY, DAY, TODAY)
    void(Project(repository, sandbox), EXECUTED, "1.0", *WHY, DAY, TODAY)
    with pytest.raises(RepositoryError, match="void already, since 2026-11-03"):
        void(Project(repository, sandbox), EXECUTED, "1.0", "Again", "Bo", DAY, TODAY)


def test_a_void_record_keeps_its_version(repository: Path, sandbox: Sandbox) -> None:
    void(Project(repository, sandbox), EXECUTED, "1.0", *WHY, DAY, TODAY)
    project = Project(repository, sandbox)
    with pytest.raises(RepositoryError, match="was executed before, and that record is void") as refused:
        execute(project, EXECUTED, Returned([b"%PDF"]), lambda pdfs, who: pytest.fail("verified"), TODAY)
    assert "raise `version`" in refused.value.hint


def test_verify_finds_the_text_and_tells_that_it_is_void(repository: Path, sandbox: Sandbox) -> None:
    (kept,) = [original.document for original in Texts(repository, sandbox).find(EXECUTED, "1.0")]
    void(Project(repository, sandbox), EXECUTED, "1.0", *WHY, DAY, TODAY)
    edit(repository, EXECUTED, ('version: "1.0"', 'version: "1.1"'))
    texts = Texts(repository, sandbox)
    assert [original.document.title for original in texts.find(EXECUTED, "1.0")] == [kept.title]
    assert texts.void(EXECUTED, "1.0") == f"void since {DAY}: {WHY[0]} ({WHY[1]})"
    assert texts.void(EXECUTED, "1.1") == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "void.yaml"),
        (b"format: clausebook-void/1\nreason: a\nby: b\ndate: 2026-11-01\n", "before the execution"),
        (b'format: clausebook-void/1\nreason: " "\nby: b\ndate: 2026-11-03\n', "does not tell why"),
        (b"format: clausebook-void/1\nreason: a\nby: b\ndate: May\n", "a date that is none"),
        (b"format: clausebook-void/1\nreason: a\nby: b\ndate: 2026-11-03\nmore: c\n", "`more` is unknown"),
    ],
)
def test_a_damaged_mark_is_found_and_still_counts(
    repository: Path, sandbox: Sandbox, content: bytes, said: str
) -> None:
    void(Project(repository, sandbox), EXECUTED, "1.0", *WHY, DAY, TODAY)
    (repository / f"agreements/executed/{EXECUTED}/1.0/void.yaml").write_bytes(content)
    found = [each for each in proofs(Project(repository, sandbox), [EXECUTED]) if each.severity == "error"]
    assert len(found) == 1
    assert said in f"{found[0].path} {found[0].message}"
    assert executed(DiskTree(repository), EXECUTED) == ()


@pytest.mark.slow("commits, which prove that a mark was edited or removed")
def test_a_mark_is_neither_edited_nor_removed(repository: Path, sandbox: Sandbox) -> None:
    def git(*words: str) -> None:
        subprocess.run(("git", "-C", repository, *words), check=True, capture_output=True)

    void(Project(repository, sandbox), EXECUTED, "1.0", *WHY, DAY, TODAY)
    if not (repository / ".git").exists():
        git("init", "-q")
    git("add", "-A")
    git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "Void it")
    assert not has_errors(proofs(Project(repository, sandbox), [EXECUTED]))
    path = repository / f"agreements/executed/{EXECUTED}/1.0/void.yaml"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Ada", b"Bob"))
    rules = {each.rule for each in proofs(Project(repository, sandbox), [EXECUTED]) if each.severity == "error"}
    assert rules == {"core/record-edited"}
    path.unlink()
    (gone,) = [each for each in proofs(Project(repository, sandbox), [EXECUTED]) if each.severity == "error"]
    assert gone.rule == "core/record-edited"
    assert "void.yaml` is gone: that the record is void was committed" in gone.message


def test_the_report_says_it(repository: Path, sandbox: Sandbox) -> None:
    from dataclasses import replace

    from clausebook.verify.model import TextFact, Verification
    from clausebook.verify.verdict_report import REPORTS

    text = TextFact("same-words", EXECUTED, "1.0")
    found = Verification("verified", (), replace(text, void="void since 2026-11-03: a (b)"), (), ())
    assert "the record of this version's execution is void since 2026-11-03: a (b)" in REPORTS["text"](found)
    assert json.loads(REPORTS["json"](found))["text"]["void"] == "void since 2026-11-03: a (b)"
    assert "void" not in REPORTS["text"](replace(found, text=text))


@pytest.mark.slow("an amendment of a whole agreement")
def test_an_amendment_of_a_void_text_is_told(tmp_path: Path, sandbox: Sandbox) -> None:
    root = amended_repository(tmp_path, sandbox)
    amendment_id = f"{EXECUTED}-amendment-1"
    record(root, amendment_id, DAY, sandbox)
    with pytest.raises(RepositoryError, match=r"version 1\.1 of .* has no record of its own") as refused:
        void(Project(root, sandbox), EXECUTED, "1.1", *WHY, DAY, TODAY)
    assert refused.value.hint == f"it is in force by an amendment: clausebook void {amendment_id} 1.0"
    void(Project(root, sandbox), EXECUTED, "1.0", *WHY, DAY, TODAY)
    (amendment,) = chain(DiskTree(root), EXECUTED).amendments
    (found,) = amendment.findings
    assert f"which is not an executed text of it: its record is void since {DAY}" in found.message
    assert found.hint == f"it amends a text that counts no more: void it too: clausebook void {amendment_id} 1.0"
    void(Project(root, sandbox), amendment_id, "1.0", *WHY, DAY, TODAY)
    ((found,),) = (each.findings for each in chain(DiskTree(root), EXECUTED).amendments)
    anew = f'draft it anew from the text in force: clausebook amend {EXECUTED} --redraft "REASON"'
    assert found.hint == f"it amends a text that counts no more: {anew}"
