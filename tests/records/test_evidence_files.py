"""Evidence of duties: what stands in it, what cannot stand in it, and how a command writes it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli.main import cli
from clausebook.records.evidence_files import Evidence, EvidenceFile, evidence_of, stray_evidence
from clausebook.repository.tree import DiskTree
from tests.support.repositories import nda_repository

NAME = "sparrow-finch"
FOLDER = f"agreements/evidence/{NAME}"
CLOSES = "keeping/report/quality#1"
DONE = f"closes: {CLOSES}\noutcome: done\non: 2027-07-28\nby: Ivo Tarn\n"
CONTENT = b"%PDF all is well"
HASH = hashlib.sha256(CONTENT).hexdigest()
FILE = f"file: {{name: q2.pdf, sha256: {HASH}, kept: true}}\n"


DUTY = """\
obligations:
  - who: each party
    what: report
    when: monthly
    id: report
    each: {name: "['quality', 'safety', 'speed']"}
    item: name
    due: {event: quarter-ended}
guidance: Always used.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = nda_repository(tmp_path)
    clause = root / "templates/nda/clauses/keeping.md"
    clause.write_text(clause.read_text(encoding="utf-8").replace("guidance: Always used.\n", DUTY), encoding="utf-8")
    return root


def put(root: Path, name: str, content: str | bytes) -> None:
    place = root / FOLDER / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content if isinstance(content, bytes) else content.encode())


def found(root: Path, as_of: str = "") -> list[tuple[str, str]]:
    return [(each.rule.removeprefix("core/"), each.pointer) for each in evidence_of(DiskTree(root), NAME, as_of)[1]]


def test_evidence_is_read_whole(root: Path) -> None:
    put(root, "q2.pdf", CONTENT)
    put(root, "q2.yaml", f"{DONE}kind: report\nreport: {{period: second quarter, recipients: [the committee]}}\n{FILE}")
    assert evidence_of(DiskTree(root), NAME) == (
        (
            Evidence(
                f"{FOLDER}/q2.yaml",
                CLOSES,
                "done",
                "2027-07-28",
                "Ivo Tarn",
                kind="report",
                fields={"period": "second quarter", "recipients": ["the committee"]},
                file=EvidenceFile("q2.pdf", HASH, True),
            ),
        ),
        (),
    )
    assert evidence_of(DiskTree(root), "heron") == ((), ())


@pytest.mark.parametrize(
    ("text", "rule", "pointer"),
    [
        (DONE.replace("done", "waived"), "evidence-why", "/outcome"),
        (DONE.replace("done", "late"), "evidence-why", "/outcome"),
        (f"{DONE}report: {{period: May}}\n", "evidence-kind", "/report"),
        (f"{DONE}kind: payment\nreport: {{period: May}}\n", "evidence-kind", "/report"),
        (f"{DONE}{FILE.replace('q2.pdf', 'q3.pdf')}", "evidence-file", "/file/name"),
        (f"{DONE}{FILE.replace('q2.pdf', '..')}", "evidence-file", "/file/name"),
        (f"{DONE}{FILE.replace('q2.pdf', '../x')}", "value-pattern", "/file/name"),
        (f"{DONE}{FILE.replace(HASH[:8], '00000000')}", "evidence-file", "/file/sha256"),
        (DONE.replace("07-28", "08-02"), "evidence-future", "/on"),
        (DONE.replace("07-28", "02-30"), "value-date", "/on"),
        (DONE.replace("outcome: done", "outcome: perhaps"), "value-unknown", "/outcome"),
        (DONE.replace(CLOSES, "the report"), "value-pattern", "/closes"),
        (f"{DONE}kind: valuation\nvaluation: {{valuer: Fernbrook, low: 12}}\n", "property-missing", "/valuation"),
    ],
)
def test_what_is_wrong_is_found_at_its_place(root: Path, text: str, rule: str, pointer: str) -> None:
    put(root, "q2.pdf", CONTENT)
    put(root, "q2.yaml", text)
    assert found(root, "2027-08-01") == [(rule, pointer)]


def test_without_a_day_nothing_is_in_the_future(root: Path) -> None:
    put(root, "q2.yaml", DONE.replace("2027", "2099"))
    assert found(root) == []
    assert found(root, "2099-07-28") == []


def test_a_file_may_have_other_line_ends_or_lie_in_git_lfs_and_its_hash_alone_may_be_kept(root: Path) -> None:
    text = hashlib.sha256(b"one\ntwo\n").hexdigest()
    put(root, "q2.yaml", DONE + FILE.replace(HASH, text))
    put(root, "q2.pdf", b"one\r\ntwo\r\n")
    assert found(root) == []
    put(root, "q2.pdf", f"version https://git-lfs.github.com/spec/v1\noid sha256:{text}\nsize 8\n".encode())
    assert found(root) == []
    put(root, "q2.pdf", f"version https://git-lfs.github.com/spec/v1\noid sha256:{HASH}\nsize 8\n".encode())
    assert found(root) == [("evidence-file", "/file/sha256")]
    put(root, "q2.yaml", DONE + FILE.replace("true", "false"))
    assert found(root) == []


def test_an_occurrence_is_closed_once(root: Path) -> None:
    put(root, "a.yaml", DONE)
    put(root, "b.yaml", DONE)
    put(root, "c.yaml", DONE.replace("#1", "#2"))
    assert found(root) == [("evidence-repeated", "/closes")]


def test_evidence_is_of_an_agreement(root: Path) -> None:
    put(root, "a.yaml", DONE)
    (root / "agreements" / "evidence" / "README.md").write_text("What closes duties.\n", encoding="utf-8")
    assert list(stray_evidence(DiskTree(root), [NAME])) == []
    (root / "agreements" / "evidence" / "loose.yaml").write_text(DONE, encoding="utf-8")
    told = [(each.rule, each.path) for each in stray_evidence(DiskTree(root), ["heron"])]
    loose = "agreements/evidence/loose.yaml"
    assert told == [("core/evidence-unknown", loose), ("core/evidence-unknown", FOLDER)]


def run(root: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, ["evidence", NAME, *arguments, "--root", str(root)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


BY = ("--by", "Ivo Tarn", "--on", "2026-03-04")


@pytest.mark.slow("the command, run as a user does")
def test_the_command_writes_what_is_read_and_keeps_the_file(root: Path, tmp_path: Path) -> None:
    shown = tmp_path / "Q2 report.pdf"
    shown.write_bytes(CONTENT)
    fields = ("--kind", "screening", "--field", "lists=LEIE", "--field", "lists=SAM", "--field", "names=Finch, Inc.")
    done = run(root, CLOSES, *BY, *fields, "--field", "result=clear", "--file", str(shown))
    assert done.output == (
        f"done: {CLOSES}, on 2026-03-04 (Ivo Tarn)\n"
        f"written: {FOLDER}/keeping-report-quality-1.yaml, and Q2 report.pdf beside it\n"
    )
    (made,), findings = evidence_of(DiskTree(root), NAME)
    assert findings == ()
    assert made.fields == {"lists": ["LEIE", "SAM"], "names": ["Finch, Inc."], "result": "clear"}
    assert made.file == EvidenceFile("Q2 report.pdf", HASH, True)
    assert (root / FOLDER / "Q2 report.pdf").read_bytes() == CONTENT
    assert "closed already" in run(root, CLOSES, *BY).output
    other = run(root, CLOSES.replace("quality", "safety"), *BY, "--file", str(shown), "--hash-only", "--kind", "other")
    assert other.exit_code == 0, other.output
    assert sorted(path.name for path in (root / FOLDER).iterdir()) == [
        "Q2 report.pdf",
        "keeping-report-quality-1.yaml",
        "keeping-report-safety-1.yaml",
    ]
    training = ("--kind", "training", "--field", "title=privacy", "--field", "attended=42")
    assert run(root, CLOSES.replace("quality", "speed"), *BY, *training).exit_code == 0
    assert evidence_of(DiskTree(root), NAME)[1] == ()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((CLOSES, "--outcome", "waived", *BY), "nothing tells why"),
        ((CLOSES, "--by", "Ivo", "--on", "2199-01-01"), "in the future"),
        ((CLOSES, "--by", "Ivo", "--on", "soon"), "is no date"),
        (("the report", *BY), "does not ask for `the report`"),
        (("keeping/report/qualty#1", *BY), f"did you mean `{CLOSES}`?"),
        (("keeping/report/quality", *BY), f"name the occurrence, such as `{CLOSES}`"),
        (("keeping/report/quality#4", *BY), "does not ask for"),
        ((CLOSES, *BY, "--kind", "report", "--field", "colour=red"), "its fields are: period, recipients"),
        ((CLOSES, *BY, "--field", "period=May"), "name the kind with --kind"),
        ((CLOSES, *BY, "--hash-only"), "needs --file"),
        ((CLOSES, "--by", "Ivo\nBcc: x", "--on", "2026-03-04"), "line"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(root: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(root, *arguments)
    assert done.exit_code != 0
    assert said in done.output, done.output
    assert not (root / FOLDER).exists()
