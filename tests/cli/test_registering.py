"""`register`, as a contract manager types it: hundreds of signed papers, and a sheet that a spreadsheet wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.formats.csv_text import csv_file
from tests.support import git_repositories
from tests.support.paper_files import LEASE, docx, pdf
from tests.support.repositories import ROOT, add_journal_schemas
from tests.support.rule_cases import CASES, lay

HEAD = [
    "file",
    "id",
    "title",
    "title page",
    "parties",
    "parties page",
    "effective",
    "effective page",
    "end",
    "end page",
]
HEAD += ["notice", "notice page", "value", "currency", "value page"]
LEASED = ["lease", "Lease of a boathouse", "1", "Heron Boatworks Ltd; Marsh Lane Rowing Club", "1", "2026-05-01", "2"]
LEASED += ["2029-04-30", "2", "90 days", "2", "1,250,000.00", "GBP", "2"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lay(CASES / "_base", tmp_path / "repository")
    (tmp_path / "repository/schemas/registered.schema.json").write_bytes(
        (ROOT / "schemas/registered.schema.json").read_bytes()
    )
    return tmp_path / "repository"


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A folder as it comes from a file share: good papers, scans, and what nobody can read."""
    papers = {
        "Lease (signed).pdf": pdf(*LEASE),
        "2024/Oars.PDF": pdf("", ""),
        "2024/Letter.docx": docx("Letter of intent of Heron Boatworks Ltd", "of 1 May 2026"),
        "locked.pdf": pdf(*LEASE, password="x"),
        "broken.pdf": pdf("half")[:200],
        "notes.txt": b"no paper",
        "~$Letter.docx": b"",
    }
    for name, content in papers.items():
        (tmp_path / "scans" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "scans" / name).write_bytes(content)
    return tmp_path / "scans"


def run(root: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.cli, [*map(str, arguments), "--root", str(root)], prog_name="clausebook")


def register(root: Path, scans: Path, rows: list[list[str]], *more: str, content: bytes = b"") -> Result:
    """Register what is in the folder by these rows."""
    sheet = scans.parent / "facts.csv"
    sheet.write_bytes(content or csv_file(HEAD, rows))
    return run(root, "register", "--batch", scans, "--facts", sheet, "--by", "Ada Quill", "--date", "2026-03-20", *more)


def commit(root: Path) -> None:
    git_repositories.run(root, "add", "--all")
    git_repositories.run(root, "commit", "--quiet", "--message", "What stands there")


def files(root: Path) -> dict[str, bytes]:
    folder = root / "agreements"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_good_papers_are_registered_and_bad_ones_are_listed(root: Path, scans: Path) -> None:
    rows = [
        ["lease (SIGNED).pdf", *LEASED],
        ["2024\\Oars.PDF", "oars", "Supply of oars", "1"],
        ["2024/Letter.docx", "", "Letter of intent", "", "Heron Boatworks Ltd; Marsh Lane", "", "2026-05-01"],
        ["locked.pdf", "locked", "Locked"],
        ["broken.pdf", "broken", "Broken"],
    ]
    done = register(root, scans, rows)
    assert done.exit_code == 1
    assert "“locked.pdf” cannot be read: the PDF is encrypted" in done.output
    assert "facts.csv:6:1: error: “broken.pdf” cannot be read: it is no PDF, or damaged" in done.output
    assert "oars: the file is a scan without text" in done.output
    assert "letter: party “Marsh Lane” not found on the file" in done.output
    assert "3 papers registered" in done.output
    made = files(root)
    assert {name for name in made if "registered/" in name} == {
        f"registered/{name}"
        for name in ("lease.yaml", "lease/lease.pdf", "oars.yaml", "oars/oars.pdf", "letter.yaml", "letter/letter.docx")
    }
    assert made["registered/lease/lease.pdf"] == (scans / "Lease (signed).pdf").read_bytes()
    told = made["registered/lease.yaml"].decode()
    assert told.count("seen: found") == 7
    assert '  original: "Lease (signed).pdf"' in told
    assert "text: none" in made["registered/oars.yaml"].decode()
    checked = json.loads(run(root, "check", "--report", "json").output)["findings"]
    assert {(each["path"], each["rule"]) for each in checked if "registered" in each["path"]} == {
        ("agreements/registered/oars.yaml", "core/registered-scan"),
        ("agreements/registered/letter.yaml", "core/registered-unseen"),
    }
    listed = {row["id"]: row for row in json.loads(run(root, "list", "--json").output)}
    assert listed["lease"]["status"] == "registered paper"
    assert listed["lease"]["parties"] == ["Heron Boatworks Ltd", "Marsh Lane Rowing Club"]
    assert listed["lease"]["ends"] == "2029-04-30"


def test_a_second_run_adds_nothing_and_update_writes_what_is_new(root: Path, scans: Path) -> None:
    rows = [["Lease (signed).pdf", *LEASED]]
    assert register(root, scans, rows).exit_code == 0
    before = files(root)
    again = register(root, scans, rows, "--date", "2026-03-21")
    assert again.exit_code == 0
    assert "0 papers registered; 1 paper registered before, and left as they are" in again.output
    assert files(root) == before
    other = [["Lease (signed).pdf", "lease", "Lease of a house", "1"]]
    assert "asserts something else of it" in register(root, scans, other).output
    assert files(root) == before
    assert "1 paper changed" in register(root, scans, other, "--update").output
    told = files(root)["registered/lease.yaml"].decode()
    assert 'value: "Lease of a house"\n    page: 1\n    seen: "not found"' in told
    assert "core/registered-unseen" in run(root, "check", "--report", "json").output


def test_files_and_rows_that_stand_alone_are_told(root: Path, scans: Path) -> None:
    (scans / "link.pdf").symlink_to(scans.parent / "elsewhere.pdf")
    (scans.parent / "elsewhere.pdf").write_bytes(pdf("secret"))
    rows = [
        ["Lease (signed).pdf", "lease"],
        ["../elsewhere.pdf", "one", "X"],
        [str(scans.parent / "elsewhere.pdf"), "two", "X"],
        ["link.pdf", "three", "X"],
        ["Leese (signed).pdf", "four", "X"],
        ["", "five", "X"],
    ]
    done = register(root, scans, rows)
    assert done.exit_code == 1
    assert "nothing is asserted of “Lease (signed).pdf”" in done.output
    assert done.output.count("there is no file") == 4
    assert "the row names no file" in done.output
    assert "4 of the files in the folder have no row: 2024/Letter.docx, 2024/Oars.PDF, broken.pdf" in done.output
    assert not (root / "agreements/registered").exists()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["Lease (signed).pdf", "heron-marsh", "X"], "heron-marsh is the id of an agreement"),
        (["Lease (signed).pdf", "../../x", "X"], "holds a path"),
        (["Lease (signed).pdf", "con", "X"], "Windows takes it for a device"),
        (["Lease (signed).pdf", "journal-", "X"], "cannot be an id"),
        (["Lease (signed).pdf", "registered", "X"], "cannot be an id"),
        (["Lease (signed).pdf", "lease", "X", "3"], "page 3 is named, and “Lease (signed).pdf” has 2"),
        (["Lease (signed).pdf", "lease", "X", "", "", "", "2026-05-01", "", "2026-04-01"], "before the effective date"),
    ],
)
def test_a_row_that_cannot_be_so_writes_nothing(root: Path, scans: Path, row: list[str], said: str) -> None:
    before = files(root)
    done = register(root, scans, [row])
    assert done.exit_code == 1
    assert said in done.output
    assert files(root) == before


def test_one_paper_has_one_id(root: Path, scans: Path) -> None:
    (scans / "copy.pdf").write_bytes((scans / "Lease (signed).pdf").read_bytes())
    rows = [["Lease (signed).pdf", *LEASED], ["copy.pdf", "copy", "X"], ["copy.pdf", "other", "X"]]
    rows += [["2024/Oars.PDF", "lease", "X"]]
    done = register(root, scans, rows)
    assert "the same paper is registered as lease" in done.output
    assert "“copy.pdf” has a row already: line 3" in done.output
    assert "lease is the id of other paper: Lease (signed).pdf" in done.output
    assert "1 paper registered" in done.output


def test_what_can_be_read_in_two_ways_is_refused(root: Path, scans: Path) -> None:
    text = "File;Title;End;Value;Currency\r\nLease (signed).pdf;=cmd|' /C calc'!A0;03/04/2027;1.250;EUR\r\n"
    content = text.encode("utf-16")
    done = register(root, scans, [], content=content)
    assert done.exit_code == 1
    assert "“03/04/2027” is a day of either of two months" in done.output
    assert "“1.250” is 1250, or 1 and a fraction" in done.output
    done = register(root, scans, [], "--dates", "day-first", "--decimal", "comma", content=content)
    told = (root / "agreements/registered/lease-signed.yaml").read_text(encoding="utf-8")
    assert "value: \"=cmd|' /C calc'!A0\"" in told
    assert "value: 2027-04-03" in told
    assert 'value: "1250"' in told


def test_a_sheet_of_windows_letters_is_read_with_a_warning(root: Path, scans: Path) -> None:
    content = "file,title\nLease (signed).pdf,Señal\n".encode("cp1252")
    done = register(root, scans, [], content=content)
    assert done.exit_code == 0
    assert "core/register-letters" in register(root, scans, [], "--report", "json", content=content).output
    assert "Señal" in (root / "agreements/registered/lease-signed.yaml").read_text(encoding="utf-8")


def test_a_hundred_thousand_rows_are_bounded(root: Path, scans: Path) -> None:
    done = register(root, scans, [["gone.pdf", "gone", "X"]] * 100_000)
    assert done.exit_code == 1
    assert done.output.count("there is no file") == 200
    # With the files of the folder that have no row.
    assert "there are 99,801 more problems of the kind" in done.output


def test_the_sheet_lists_the_papers_and_is_never_overwritten(root: Path, scans: Path) -> None:
    (scans / "=cmd.pdf").write_bytes(pdf("x"))
    (scans / "cmd.pdf").write_bytes(pdf("y"))
    out = scans.parent / "facts.csv"
    done = run(root, "register", "--sheet", scans, "--out", out)
    assert done.exit_code == 0, done.output
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["2024/Letter.docx", "letter"],
        ["2024/Oars.PDF", "oars"],
        ["'=cmd.pdf", "cmd"],
        ["Lease (signed).pdf", "lease-signed"],
        ["broken.pdf", "broken"],
        ["cmd.pdf", "cmd-2"],
        ["locked.pdf", "locked"],
    ]
    assert run(root, "register", "--sheet", scans, "--out", out).exit_code == 0
    out.write_text("mine")
    assert run(root, "register", "--sheet", scans, "--out", out).exit_code == 2
    assert out.read_text() == "mine"


def test_one_paper_is_registered_by_facts_of_the_command_line(root: Path, scans: Path) -> None:
    file = scans / "Lease (signed).pdf"
    facts = ("--fact", "title=Lease of a boathouse", "--fact", "title page=1", "--fact", "owner=Mara Quillon")
    done = run(
        root, "register", file, "--id", "lease", "--by", "Ada Quill", *facts, "--fact", "owner email=m@q.example"
    )
    assert done.exit_code == 0, done.output
    assert "1 paper registered" in done.output
    assert (root / "agreements/journal/lease.yaml").read_text(encoding="utf-8").splitlines()[1:] == [
        "format: 1",
        "owner:",
        '  name: "Mara Quillon"',
        '  email: "m@q.example"',
    ]
    wrong = run(root, "register", file, "--fact", "titel=x")
    assert wrong.exit_code == 2
    assert "title" in wrong.output


def test_a_journal_that_is_there_gets_no_second_one_beside_it(root: Path, scans: Path) -> None:
    journal = root / "agreements" / "journal" / "lease.yml"
    journal.parent.mkdir(exist_ok=True)
    journal.write_text("owner: {name: Ivo Tarn}\n", encoding="utf-8")
    facts = ("--fact", "title=Lease of a boathouse", "--fact", "owner=Mara Quillon")
    done = run(root, "register", scans / "Lease (signed).pdf", "--id", "lease", "--by", "Ada Quill", *facts)
    assert done.exit_code == 0, done.output
    assert [each.name for each in journal.parent.glob("lease.*")] == ["lease.yml"]


def test_duties_of_a_paper_are_registered(root: Path, scans: Path) -> None:
    duties = scans.parent / "duties.csv"
    rows = [["Lease (signed).pdf", "pay the rent", "Marsh Lane", "2026-06-01", "monthly", "2"], ["gone.pdf", "x"]]
    duties.write_bytes(csv_file(["file", "what", "party", "due", "every", "page"], rows))
    done = register(root, scans, [["Lease (signed).pdf", *LEASED]], "--duties", str(duties))
    assert "duties.csv:3:1: error: the row names no file of the folder" in done.output
    told = (root / "agreements/registered/lease.yaml").read_text(encoding="utf-8")
    assert 'what: "pay the rent"' in told
    assert "every: monthly" in told
    assert 'seen: "not found"' in told


def test_registered_paper_has_journal_evidence_and_holds(root: Path, scans: Path) -> None:
    (root / "schemas/evidence.schema.json").write_bytes((ROOT / "schemas/evidence.schema.json").read_bytes())
    add_journal_schemas(root)
    assert register(root, scans, [["Lease (signed).pdf", *LEASED]]).exit_code == 0
    git_repositories.run(root, "init", "--quiet", "--initial-branch", "main")
    commit(root)
    held = run(root, "hold", "lease", "--matter", "Doe v. Heron", "--by", "Counsel", "--on", "2026-03-20")
    assert held.exit_code == 0, held.output
    closed = run(root, "evidence", "lease", "notice#1", "--by", "Ivo Tarn", "--on", "2026-03-21")
    assert closed.exit_code == 0, closed.output
    commit(root)
    found = json.loads(run(root, "check", "--report", "json").output)["findings"]
    assert not [each for each in found if "lease" in each["path"]]
    (root / "agreements/registered/lease/lease.pdf").unlink()
    told = run(root, "check", "--report", "json").output
    assert "core/registered-file" in told
    assert "core/hold-broken" in told
    refused = run(root, "check", "lease")
    assert refused.exit_code == 2
    assert "is registered paper, which has no text of its own" in refused.output


def test_what_is_written_of_registered_paper_is_judged(root: Path, scans: Path) -> None:
    assert register(root, scans, [["Lease (signed).pdf", *LEASED]]).exit_code == 0
    place = root / "agreements/registered/lease.yaml"
    good = place.read_text(encoding="utf-8")
    for old, new, rule in (
        ("fact: end", "fact: ending", "core/value-unknown"),
        ("value: 2029-04-30", "value: soon", "core/value-date"),
        ("value: 2029-04-30", "value: 2026-04-30", "core/date-order"),
        ("page: 2", "page: 3", "core/registered-fact"),
        ("fact: effective", "fact: end", "core/registered-fact"),
        ("lease.pdf", "../lease.pdf", "core/value-pattern"),
        ("format: 1", "format: 7", "core/format-unknown"),
    ):
        place.write_text(good.replace(old, new, 1), encoding="utf-8")
        found = json.loads(run(root, "check", "--report", "json").output)["findings"]
        assert rule in {each["rule"] for each in found if "registered/lease" in each["path"]}, (new, found)
    assert register(root, scans, [["2024/Oars.PDF", "oars", "Oars"]]).exit_code == 1
    assert not (root / "agreements/registered/oars.yaml").exists()


def test_names_that_no_text_can_have_bring_nothing_down(root: Path, scans: Path) -> None:
    try:
        (scans / "\udcff\n.pdf").write_bytes(pdf("x"))
    except OSError:  # a system that has no such names
        return
    out = scans.parent / "facts.csv"
    assert run(root, "register", "--sheet", scans, "--out", out).exit_code == 0
    done = register(root, scans, [], content=out.read_bytes())
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "failed itself" not in done.output
