"""What was signed with ink on paper: a scan, who compared it and the day are one evidence, and none does without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from benchmarks.paper import signed_paper
from clausebook.cli.main import cli
from clausebook.findings.model import has_errors
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.execution import execute
from clausebook.lifecycle.proofs import proofs
from clausebook.lifecycle.standing import standing_of
from clausebook.lifecycle.wet_ink import Returned
from clausebook.project.project import Project
from clausebook.records.record_files import executed
from clausebook.repository.tree import DiskTree
from clausebook.site.standing_part import signatories, signed_downloads
from tests.support import signing_keys
from tests.support.git_repositories import Repository
from tests.support.record_cases import NAME, PDF, RECORD, Stub, committed_repository, edit, words_of
from tests.support.returned_files import signed

pytestmark = pytest.mark.slow("agreements built, signed on paper, scanned and executed by the commands")

BLOCKS = ("sparrow-1", "finch-1")
COMPARED = [f"--attest={block}=Maria Quill, who compared all pages of the original" for block in BLOCKS]
DAYS = ["--signed-on=sparrow-1=2024-03-09", "--signed-on=finch-1=2024-03-11"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return committed_repository(tmp_path)


@pytest.fixture
def built(repository: Repository, tmp_path: Path) -> Path:
    """The PDF that is to be printed."""
    assert run(repository, "build", NAME, "--format", "pdf", "--out", str(tmp_path / "out")).exit_code == 0
    return tmp_path / f"out/agreements/{NAME}/{NAME}.pdf"


@pytest.fixture
def scan(built: Path, tmp_path: Path) -> Path:
    place = tmp_path / "scan.pdf"
    place.write_bytes(signed_paper(built.read_bytes()))
    return place


def run(repository: Repository, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(repository.project)], prog_name="clausebook")
    assert "Traceback" not in done.output
    return done


def refused(repository: Repository, said: str, *arguments: str, code: int = 3) -> None:
    before = repository.state()
    done = run(repository, "execute", NAME, *arguments)
    assert (done.exit_code, said in " ".join(done.output.split())) == (code, True), done.output
    assert repository.state() == before


def test_a_scan_a_statement_and_a_day_are_one_evidence(repository: Repository, scan: Path) -> None:
    done = run(repository, "execute", NAME, "--scan", str(scan), *COMPARED, *DAYS)
    assert done.exit_code == 0, done.output
    (record,) = executed(DiskTree(repository.project), NAME)
    assert (record.verdict, record.date) == ("incomplete", "2024-03-11"), "the day of the last signature"
    told = "signed on paper on 2024-03-09, by scan.pdf; attested: Maria Quill, who compared all pages of the original"
    assert [(each.evidence, each.time) for each in record.signatories] == [
        ("attestation", "2024-03-09"),
        ("attestation", "2024-03-11"),
    ]
    assert record.signatories[0].detail == f"{told} (no cryptographic evidence)"
    assert [(each.block, each.signed_on, each.scans) for each in record.attestations] == [
        ("finch-1", "2024-03-11", ("scan.pdf",)),
        ("sparrow-1", "2024-03-09", ("scan.pdf",)),
    ]
    assert (repository.project / RECORD / "scan.pdf").read_bytes() == scan.read_bytes()
    assert record.sha256("scan.pdf")
    assert not (repository.project / RECORD / "signed.pdf").exists(), "the blank is no signed file"
    repository.commit("Execute on paper")
    assert run(repository, "check", "--strict").exit_code == 0, run(repository, "check", "--strict").output
    (repository.project / RECORD / "scan.pdf").write_bytes(b"%PDF-1.7\n")
    assert "is not the file whose SHA-256 the record tells" in " ".join(run(repository, "check").output.split())


def test_one_signs_with_a_certificate_and_one_on_paper(
    repository: Repository, built: Path, scan: Path, tmp_path: Path
) -> None:
    ours = tmp_path / "ours.pdf"
    ours.write_bytes(signed(built.read_bytes(), fields=("sparrow-1-signature",)))
    (tmp_path / "root.pem").write_bytes(signing_keys.root().pem)
    trust = f"--trust=sparrow={tmp_path / 'root.pem'}"
    given = ("--signed", str(ours), trust, COMPARED[1], DAYS[1])
    refused(repository, "finch-1 is said to have signed on paper, but nothing shows it", *given)
    done = run(repository, "execute", NAME, *given, "--scan", str(scan))
    assert done.exit_code == 0, done.output
    (record,) = executed(DiskTree(repository.project), NAME)
    assert [each.evidence for each in record.signatories] == ["certificate", "attestation"]
    assert {each.name for each in record.files} >= {"signed.pdf", "scan.pdf"}
    with Project(repository.project) as project:
        found = project.assemble(project.files([NAME])[0])
        assert found.document
        standing = standing_of(project.tree, found.document, found.data, {NAME: found.data})
    offered = {label for _, label, _ in signed_downloads(standing, "page/", "1.0")}
    assert offered == {"Signed PDF", "Scan of the signed paper"}
    told = " ".join(str(told) for _, _, told in signatories(standing))
    assert ("signed on paper on" in told, "March 11, 2024" in told) == (True, True), told


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (COMPARED, "nobody states that sparrow-1 signed on 2024-03-09"),
        (COMPARED[1:], "nobody states that finch-1 signed on 2024-03-11"),
        ([*COMPARED, *DAYS], "nobody states what the scan shows"),
        ([COMPARED[1], DAYS[1]], "the evidence for the signatures of finch-1 is incomplete"),
        (DAYS[1:], "the day on which finch-1 signed is not told: read it there, and write --signed-on finch-1=DATE"),
    ],
)
def test_no_part_does_without_the_others(left_out: list[str], said: str, repository: Repository, scan: Path) -> None:
    given = [each for each in (*COMPARED, *DAYS) if each not in left_out]
    refused(repository, said, "--scan", str(scan), *given, code=2 if "nobody states that" in said else 3)


def test_a_statement_without_a_scan_does_not_do(repository: Repository, built: Path) -> None:
    way = "holds no signature: if it was signed on paper, scan all pages of the signed paper into one PDF"
    everything = [*COMPARED, *DAYS, "--acknowledge=sparrow-1:scan", "--acknowledge=finch-1:scan"]
    refused(repository, way, "--signed", str(built), *everything)
    refused(repository, "there is no signed file", *everything, code=2)


def test_a_scan_among_the_signed_files_is_asked_for_as_a_scan(
    repository: Repository, built: Path, scan: Path, tmp_path: Path
) -> None:
    refused(repository, "give it with --scan", "--signed", str(scan), *COMPARED, *DAYS, code=4)
    ours = tmp_path / "ours.pdf"
    ours.write_bytes(signed(built.read_bytes()))
    refused(repository, "signed file 2 holds no signature", "--signed", str(ours), "--signed", str(scan), *COMPARED)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-02-30", "`2026-02-30` is no date"),
        ("4 March", "`4 March` is no date"),
        ("2199-01-01", "2199-01-01 is in the future"),
        ("", "names no signatory and day"),
    ],
)
def test_a_day_is_one_that_was(day: str, said: str, repository: Repository, scan: Path) -> None:
    refused(repository, said, "--scan", str(scan), *COMPARED, f"--signed-on=finch-1={day}", code=2)


def test_the_execution_is_not_before_the_paper_was_signed(repository: Repository, scan: Path) -> None:
    said = "2024-03-10 is before the last signature, of 2024-03-11"
    refused(repository, said, "--scan", str(scan), *COMPARED, *DAYS, "--date", "2024-03-10", code=2)


def test_the_blank_is_no_scan(repository: Repository, built: Path) -> None:
    said = "scan 1 does not show signed paper: it is the PDF that was to be printed"
    refused(repository, said, "--scan", str(built), *COMPARED, *DAYS)


def test_what_a_scan_lacks_is_answered_for(repository: Repository, built: Path, tmp_path: Path) -> None:
    last = tmp_path / "last.pdf"
    last.write_bytes(signed_paper(built.read_bytes(), pages=[-1]))
    refused(repository, "it has 1 page, the agreement has", "--scan", str(last), *COMPARED, *DAYS)
    done = run(repository, "execute", NAME, "--scan", str(last), *COMPARED, *DAYS, "--acknowledge=scan-1:pages")
    assert done.exit_code == 0, done.output
    (record,) = executed(DiskTree(repository.project), NAME)
    assert record.acknowledged == ("scan-1:pages",)
    assert any("what it does not show, nobody signed" in each for each in record.reasons)


def test_a_scan_of_another_execution_is_told(repository: Repository, scan: Path, sandbox: Sandbox) -> None:
    assert run(repository, "execute", NAME, "--scan", str(scan), *COMPARED, *DAYS).exit_code == 0
    edit(repository, f"agreements/{NAME}.yaml", 'version: "1.0"\nstatus: executed', 'version: "1.1"\nstatus: approved')
    days = [each.replace("2024-03", "2024-04") for each in DAYS]
    said = f"scan 1 is scan.pdf of the record of {NAME} 1.0: see that it shows this agreement, too"
    refused(repository, said, "--scan", str(scan), *COMPARED, *days)


def test_a_scan_of_what_is_signed_with_certificates_is_not_needed(repository: Repository, sandbox: Sandbox) -> None:
    project = Project(repository.project, sandbox)
    stub = Stub(words_of(repository.project, sandbox))
    done = execute(project, NAME, Returned([PDF], scans=[PDF]), stub, "2024-04-01")
    assert "leave out --scan" in done.refusal


def test_records_of_earlier_formats_are_read(repository: Repository, scan: Path, sandbox: Sandbox) -> None:
    assert run(repository, "execute", NAME, "--scan", str(scan), *COMPARED, *DAYS).exit_code == 0
    path = repository.project / RECORD / "record.yaml"
    text = path.read_text(encoding="utf-8").replace("clausebook-record/3", "clausebook-record/2")
    lines = [line for line in text.splitlines() if "signed_on" not in line and "    scans:" not in line]
    path.write_text("\n".join(line for line in lines if line.strip() != '- "scan.pdf"') + "\n", encoding="utf-8")
    (record,) = executed(DiskTree(repository.project), NAME)
    assert [(each.signed_on, each.scans) for each in record.attestations] == [("", ()), ("", ())]
    assert not has_errors(proofs(Project(repository.project, sandbox), [NAME]))


def test_a_record_has_the_scans_that_it_names(repository: Repository, scan: Path, sandbox: Sandbox) -> None:
    assert run(repository, "execute", NAME, "--scan", str(scan), *COMPARED, *DAYS).exit_code == 0
    path = repository.project / RECORD / "record.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('      - "scan.pdf"', '      - "scan-2.pdf"', 1), encoding="utf-8")
    told = [each.message for each in proofs(Project(repository.project, sandbox), [NAME])]
    assert any("names the scan scan-2.pdf, which is no file of it" in each for each in told)
