"""Executing an agreement: what is refused, what is written, what is left as it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clausebook.document.fingerprints import fingerprint
from clausebook.document.outgoing import outgoing, same_text
from clausebook.findings.model import FindingsError, RepositoryError, has_errors
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle import wet_ink
from clausebook.lifecycle.execution import execute
from clausebook.lifecycle.proofs import proofs
from clausebook.lifecycle.wet_ink import Returned
from clausebook.load.editing import with_scalar
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from clausebook.records.record_files import data_of, document_of, executed
from clausebook.render.markdown import render_markdown
from clausebook.validate.schemas import load_schemas
from clausebook.verify.model import Role
from clausebook.verify.trust import anchor
from tests.support import signing_keys
from tests.support.git_repositories import Repository
from tests.support.record_cases import (
    DAY,
    DEAL,
    NAME,
    PDF,
    RECORD,
    ROLES,
    Stub,
    committed_repository,
    edit,
    executed_version,
    raise_library,
    words_of,
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return committed_repository(tmp_path)


def assembled(repository: Repository, sandbox: Sandbox) -> Any:
    project = Project(repository.project, sandbox)
    return project.assemble(project.files([NAME])[0])


def test_what_was_signed_with_the_former_fingerprint_keeps_it(repository: Repository, sandbox: Sandbox) -> None:
    project = Project(repository.project, sandbox)
    found = assembled(repository, sandbox)
    document = found.document
    (old,) = project.render(replace(found, document=replace(document, form=1)), ("pdf",)).values()
    done = execute(project, NAME, Returned([old]), Stub(fingerprint(document, 1)), "2026-04-01")
    assert done.record
    assert done.record.text == fingerprint(document, 1) != fingerprint(document)
    kept = document_of(project.tree, done.record)
    assert (kept.form, same_text(kept, document)) == (1, True)
    assert not has_errors(proofs(Project(repository.project, sandbox), [NAME]))


def test_a_record_holds_all_that_was_agreed(repository: Repository, sandbox: Sandbox) -> None:
    before = assembled(repository, sandbox).document
    content = (repository.project / DEAL).read_bytes()
    returned = Returned(
        [PDF, PDF + b"other"], [anchor(ROLES[0], [signing_keys.root().asn1]), anchor(Role("party", "heron", ""), [])]
    )
    done = executed_version(repository, sandbox, returned)
    folder = repository.project / RECORD
    names = (
        "agreement.md",
        "certificate-1.pem",
        "data.json",
        "document.json",
        "record.yaml",
        "signed-2.pdf",
        "signed.pdf",
    )
    assert tuple(sorted(path.name for path in folder.iterdir())) == names
    assert (folder / "signed.pdf").read_bytes() == PDF
    assert (folder / "agreement.md").read_text(encoding="utf-8") == render_markdown(outgoing(before))
    assert (repository.project / DEAL).read_bytes() == content.replace(b"status: approved", b"status: executed")
    (record,) = executed(Project(repository.project, sandbox).tree, NAME)
    assert record == done.record
    assert (record.version, record.date, record.verdict, record.text) == ("1.0", DAY, "verified", fingerprint(before))
    assert [(each.slot, each.version) for each in record.clauses] == [("keeping", "1.0"), ("limits", "1.0")]
    assert [each.evidence for each in record.signatories] == ["certificate", "certificate"]
    assert [(each.file, each.name) for each in record.trust] == [("certificate-1.pem", "sparrow")]
    for file in record.files:
        assert hashlib.sha256((folder / file.name).read_bytes()).hexdigest() == file.sha256
    tree = Project(repository.project, sandbox).tree
    assert outgoing(document_of(tree, record)) == outgoing(before)
    assert data_of(tree, record)["status"] == "approved"


def test_what_is_written_suits_its_schema(repository: Repository, sandbox: Sandbox) -> None:
    executed_version(repository, sandbox)
    tree = Project(repository.project, sandbox).tree
    loaded = load_yaml(tree.read(f"{RECORD}/record.yaml"), "record.yaml")
    assert not loaded.findings
    schemas = load_schemas(tree, "schemas", "record.schema.json")
    assert not schemas.validate(loaded.value, loaded.positions, "record.yaml")
    changed: Any = loaded.value
    changed["verdict"] = "certainly"
    assert schemas.validate(changed, loaded.positions, "record.yaml")


def test_the_day_is_that_of_the_last_signature(repository: Repository, sandbox: Sandbox) -> None:
    done = executed_version(repository, sandbox, date="")
    assert done.record
    assert done.record.date == "2026-03-09"


def test_the_executed_text_is_read_from_the_record(repository: Repository, sandbox: Sandbox) -> None:
    before = assembled(repository, sandbox).document
    executed_version(repository, sandbox)
    raise_library(repository)
    (repository.project / f"agreements/{NAME}/as-sent/templates/nda/clauses/keeping.md").unlink()
    found = assembled(repository, sandbox)
    assert found.document
    assert outgoing(found.document) == outgoing(before)
    assert (found.document.draft, found.document.status, found.record.version) == (False, "executed", "1.0")
    edit(repository, DEAL, "status: executed", "status: terminated")
    assert assembled(repository, sandbox).document.status == "terminated"


def test_a_later_version_is_assembled_anew(repository: Repository, sandbox: Sandbox) -> None:
    executed_version(repository, sandbox)
    edit(repository, DEAL, 'version: "1.0"', 'version: "1.1"')
    edit(repository, DEAL, "status: executed", "status: draft")
    edit(repository, DEAL, "a printed atlas", "a drawn atlas")
    found = assembled(repository, sandbox)
    assert found.document
    assert found.record is None
    assert "a drawn atlas" in render_markdown(found.document)
    raise_library(repository)
    assert "shall keep" not in render_markdown(assembled(repository, sandbox).document), "the library stays as executed"


@pytest.mark.parametrize(
    ("old", "new", "rule", "pointer"),
    [
        ("P3Y", "P2Y", "core/executed-data", "/secrets/kept_for"),
        ("    - what was public before\n", "", "core/executed-data", "/secrets/exceptions"),
        ("what was public before", "what was public", "core/executed-data", "/secrets/exceptions/0"),
        ("  - {party: finch}", "  - {party: finch, name: Jay}", "core/executed-data", "/signatures/1/name"),
        ("status: executed", "status: approved", "core/executed-status", "/status"),
        ('version: "1.0"', 'version: "1.1"', "core/record-missing", "/status"),
    ],
)
def test_an_executed_version_does_not_change(
    repository: Repository, sandbox: Sandbox, old: str, new: str, rule: str, pointer: str
) -> None:
    executed_version(repository, sandbox)
    edit(repository, DEAL, old, new)
    found = assembled(repository, sandbox)
    assert found.document is None
    assert [(finding.rule, finding.pointer) for finding in found.findings] == [(rule, pointer)]
    assert found.findings[0].line > 1
    assert "version" in found.findings[0].message


def test_a_status_needs_a_record(repository: Repository, sandbox: Sandbox) -> None:
    for status in ("executed", "active", "expired", "terminated", "superseded"):
        content = (repository.project / DEAL).read_text(encoding="utf-8")
        (repository.project / DEAL).write_text(
            content.replace("status: approved", f"status: {status}"), encoding="utf-8"
        )
        assert [finding.rule for finding in assembled(repository, sandbox).findings] == ["core/record-missing"]
        (repository.project / DEAL).write_text(content, encoding="utf-8")


@pytest.mark.parametrize(
    ("verdict", "evidence", "attested", "acknowledged", "written"),
    [
        ("verified", ("certificate", "certificate"), (), False, True),
        ("differs", ("certificate", "certificate"), ("sparrow-1", "finch-1"), True, False),
        ("unknown", (), ("sparrow-1", "finch-1"), True, False),
        ("incomplete", ("certificate", "none"), (), True, False),
        ("incomplete", ("certificate", "attestation"), ("finch-1",), True, True),
        ("incomplete", ("certificate", "attestation"), ("finch-1",), False, False),
        ("incomplete", ("certificate", "certificate"), ("sparrow-1", "finch-1"), False, False),
        ("incomplete", (), ("sparrow-1",), True, False),
    ],
)
def test_only_what_is_proven_or_attested_is_executed(
    repository: Repository,
    sandbox: Sandbox,
    verdict: Any,
    evidence: Any,
    attested: tuple[str, ...],
    acknowledged: bool,
    written: bool,
) -> None:
    before = repository.state()
    stub = Stub(words_of(repository.project, sandbox), verdict, evidence)
    attestations = dict.fromkeys(attested, "Maria Quill, who saw it")
    returned = Returned([PDF], (), attestations, ("as-the-test-wants",) if acknowledged else ())
    found = execute(Project(repository.project, sandbox), NAME, returned, stub, DAY)
    assert (found.record is not None) == written
    assert (repository.state() != before) == written
    assert bool(found.refusal) != written
    if written and found.record:
        assert [each.statement for each in found.record.attestations] == ["Maria Quill, who saw it"] * len(attested)
        assert found.record.acknowledged == returned.acknowledged


@pytest.mark.parametrize(("field", "value"), [("words", "0" * 64), ("version", "0.9"), ("agreement", "other")])
def test_another_text_is_refused(repository: Repository, sandbox: Sandbox, field: str, value: str) -> None:
    before = repository.state()
    stub = Stub(words_of(repository.project, sandbox))
    setattr(stub, field, value)
    with pytest.raises(FindingsError) as caught:
        execute(Project(repository.project, sandbox), NAME, Returned([PDF]), stub, DAY)
    assert [finding.rule for finding in caught.value.findings] == ["core/executed-text"]
    assert repository.state() == before


@pytest.mark.parametrize(
    ("time", "date", "day"),
    [
        ("2026-03-09T12:00:00Z", "", "2026-03-09"),
        ("", "", "2026-04-01"),
        ("2026-03-09T12:00:00Z", "2026-03-09", "2026-03-09"),
        ("2026-03-09T12:00:00Z", "2026-04-01", "2026-04-01"),
        # It was the eighth yet where it was signed.
        ("2026-03-09T11:59:59Z", "2026-03-08", "2026-03-08"),
        ("2026-03-09T12:00:00Z", "2026-03-08", "2026-03-08 is before the last signature, of 2026-03-09"),
        ("", "2026-01-01", "2026-01-01"),
        ("", "2026-04-02", "2026-04-02 is in the future: today is 2026-04-01"),
        ("2026-04-02T12:00:00Z", "", "2026-04-02 is in the future: today is 2026-04-01"),
    ],
)
def test_an_execution_has_a_day_on_which_it_can_have_been(
    time: str, date: str, day: str, repository: Repository, sandbox: Sandbox
) -> None:
    project = Project(repository.project, sandbox)
    stub = Stub(words_of(repository.project, sandbox), time=time)
    if " " in day:
        with pytest.raises(RepositoryError, match=day):
            execute(project, NAME, Returned([PDF]), stub, "2026-04-01", date)
    else:
        done = execute(project, NAME, Returned([PDF]), stub, "2026-04-01", date)
        assert done.record
        assert done.record.date == day


@pytest.mark.parametrize(("day", "refused"), [("2026-03-09", True), (DAY, False)])
def test_a_version_follows_the_one_before(day: str, refused: bool, repository: Repository, sandbox: Sandbox) -> None:
    executed_version(repository, sandbox)
    edit(repository, DEAL, 'version: "1.0"\nstatus: executed', 'version: "1.1"\nstatus: approved')
    project = Project(repository.project, sandbox)
    stub = Stub(words_of(repository.project, sandbox), version="1.1", time="")
    if refused:
        with pytest.raises(RepositoryError, match=f"{day} is before {NAME} 1.0 was executed, on {DAY}, which this"):
            execute(project, NAME, Returned([PDF]), stub, "2026-04-01", day)
    else:
        assert execute(project, NAME, Returned([PDF]), stub, "2026-04-01", day).record


@pytest.mark.parametrize("unsaid", ["words", "agreement", "version"])
def test_what_a_file_does_not_say_of_itself_is_no_other_text(
    unsaid: str, repository: Repository, sandbox: Sandbox
) -> None:
    stub = Stub(words_of(repository.project, sandbox))
    setattr(stub, unsaid, "")
    done = execute(Project(repository.project, sandbox), NAME, Returned([PDF]), stub, DAY)
    assert done.record
    assert done.record.text == words_of(repository.project, sandbox)


@pytest.mark.parametrize(
    ("evidence", "attested", "said"),
    [
        (("none", "certificate"), (), "the evidence for the signatures of sparrow-1 is incomplete"),
        (("none", "none"), (), "the evidence for the signatures of sparrow-1, finch-1 is incomplete"),
        ((), (), "the evidence for the signatures is incomplete"),
        (
            ("certificate", "attestation"),
            ("finch-1",),
            "this is open: as the test wants it. Mend it; or, if somebody answers for it, say so: "
            "--acknowledge as-the-test-wants",
        ),
    ],
)
def test_what_is_open_is_said_with_what_to_do(
    evidence: Any, attested: tuple[str, ...], said: str, repository: Repository, sandbox: Sandbox
) -> None:
    stub = Stub(words_of(repository.project, sandbox), "incomplete", evidence)
    returned = Returned([PDF], (), dict.fromkeys(attested, "Maria Quill, who saw it"))
    assert execute(Project(repository.project, sandbox), NAME, returned, stub, DAY).refusal.startswith(said)


def test_a_file_is_kept_up_to_the_size_that_a_record_can_hold(
    repository: Repository, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wet_ink, "MOST_SIGNED", len(PDF))
    with pytest.raises(RepositoryError, match="a file is larger than"):
        executed_version(repository, sandbox, Returned([PDF, PDF + b"x"]))
    assert executed_version(repository, sandbox, Returned([PDF, PDF])).record


def test_what_cannot_be_executed_is_not_even_verified(repository: Repository, sandbox: Sandbox) -> None:
    stub = Stub(words_of(repository.project, sandbox))

    def refused(returned: Returned, date: str = "", name: str = NAME) -> str:
        before = repository.state()
        with pytest.raises((RepositoryError, FindingsError)) as caught:
            execute(Project(repository.project, sandbox), name, returned, stub, DAY, date)
        assert repository.state() == before
        return str(caught.value)

    assert "no date" in refused(Returned([PDF]), "3 March")
    assert "no date" in refused(Returned([PDF]), "20260304")
    assert "no signed file" in refused(Returned([]))
    assert "no signatory" in refused(Returned([PDF], attestations={"heron-1": "seen"}))
    assert "cannot be seen" in refused(Returned([PDF], attestations={"finch-1": "seen\u202e"}))
    assert "no agreement" in refused(Returned([PDF]), name="heron")
    edit(repository, DEAL, "P3Y", "three years")
    assert refused(Returned([PDF]))
    edit(repository, DEAL, "three years", "P3Y")
    edit(repository, DEAL, "status: approved", "status: draft")
    assert "DRAFT" in refused(Returned([PDF]))
    edit(repository, DEAL, "status: draft", "status: approved")
    executed_version(repository, sandbox)
    assert "executed already" in refused(Returned([PDF]))
    assert stub.calls == 0


def test_nothing_is_written_if_something_cannot_be(
    repository: Repository, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clausebook.repository import writing as publish

    before = repository.state()
    put = publish._put

    def fails_last(target: Path, content: bytes) -> None:
        if target.name == f"{NAME}.yaml":
            raise PermissionError(13, "Permission denied")
        put(target, content)

    monkeypatch.setattr(publish, "_put", fails_last)
    with pytest.raises(RepositoryError, match="Permission denied"):
        executed_version(repository, sandbox)
    assert repository.state() == before
    assert not (repository.project / "agreements/executed").exists()
    assert not (repository.project / f"agreements/{NAME}").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\nstatus: approved # signed soon\n", "a: 1\nstatus: executed # signed soon\n"),
        ('a: 1\r\n"status" : "approved"\r\nb: 2', 'a: 1\r\n"status" : executed\r\nb: 2'),
        ("\ufeffstatus: 'approved'\nb: [approved]\n", "\ufeffstatus: executed\nb: [approved]\n"),
        ("{a: “ü”, status: approved, b: approved}", "{a: “ü”, status: executed, b: approved}"),
        ("a: approved\nstatus:\n  approved\n", "a: approved\nstatus:\n  executed\n"),
    ],
)
def test_only_the_status_is_replaced(before: str, after: str) -> None:
    assert with_scalar(before.encode(), "status", "executed", "a.yaml") == after.encode()


@pytest.mark.parametrize("content", ["a: 1\n", "status: >-\n  approved\n", 'status: "appr\\u006fved"\n', "- status\n"])
def test_a_status_that_cannot_be_replaced_is_said(content: str) -> None:
    with pytest.raises(RepositoryError, match="cannot be replaced"):
        with_scalar(content.encode(), "status", "executed", "a.yaml")


def test_the_data_are_recorded_in_one_way(repository: Repository, sandbox: Sandbox) -> None:
    executed_version(repository, sandbox)
    content = (repository.project / RECORD / "data.json").read_text(encoding="utf-8")
    data = json.loads(content)
    assert content == json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"
