"""`clausebook show` and `clausebook clauses`: the words in the terminal, and the library as a list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.lifecycle.execution import execute
from clausebook.lifecycle.wet_ink import Returned
from clausebook.project.project import Project
from tests.support.bad_input import good_agreement, tame_repository
from tests.support.record_cases import NAME, PDF, Stub, committed_repository, words_of
from tests.support.repositories import add_journal_schemas


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with two good agreements, one of which departs from the library."""
    folder = tame_repository(tmp_path)
    good_agreement(folder, "wren-robin", ("signatures:", "clauses:\n  keeping: {wording: keeping.md}\nsignatures:"))
    (folder / "agreements" / "wren-robin").mkdir()
    (folder / "agreements" / "wren-robin" / "keeping.md").write_text(
        "---\n{title: Keeping, slot: keeping, departs_from: {clause: keeping, version: '1.0'}, reason: Why not}\n---\n"
        "They keep each other's {{ term('Secrets') }}, subject to {{ ref('limits') }}.\n",
        encoding="utf-8",
    )
    return folder


def test_the_whole_contract_is_shown(root: Path) -> None:
    done = invoke(root, "show", "wren-robin")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "Mutual Non-Disclosure Agreement\n\nTalks about a bird atlas\n\nArticle 1 The Promise\n"
    )
    assert "1. Keeping\n\nThey keep each other’s Secrets, subject to clause\u00a02.\n" in done.stdout
    assert "Annex 1 Words\n" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("part", "there", "missing"),
    [
        ("limits", "2. Limits\n", "1. Keeping\n"),
        ("promise", "1. Keeping\n", "Annex 1 Words\n"),
        ("words", "Annex 1 Words\n", "1. Keeping\n"),
    ],
)
def test_a_part_is_shown_with_its_numbers(root: Path, part: str, there: str, missing: str) -> None:
    done = invoke(root, "show", "sparrow-finch", part)
    assert done.exit_code == 0
    assert there in done.stdout
    assert missing not in done.stdout
    assert "Signed:" not in done.stdout


def test_what_an_agreement_belongs_with_is_told_beside_its_words(root: Path) -> None:
    good_agreement(
        root, "owl", ("signatures:", "links: {under: sparrow-finch, accompanies: [wren-robin]}\nsignatures:")
    )
    assert invoke(root, "show", "owl").stderr == "Under: sparrow-finch\nAccompanies: wren-robin\n"
    assert invoke(root, "show", "sparrow-finch").stderr == "Agreements under this one: owl\n"
    assert invoke(root, "show", "wren-robin").stderr == "Accompanied by: owl\n"
    assert "owl" not in invoke(root, "show", "wren-robin").stdout
    assert invoke(root, "list").stdout.splitlines()[-4:] == [
        "owl: under sparrow-finch",
        "owl: accompanies wren-robin",
        "sparrow-finch: agreements under this one owl",
        "wren-robin: accompanied by owl",
    ]
    owl, sparrow, _ = json.loads(invoke(root, "list", "--json").stdout)
    assert owl["links"] == {"under": ["sparrow-finch"], "accompanies": ["wren-robin"]}
    assert (sparrow["links"], sparrow["linked_by"]) == ({}, {"under": ["owl"]})


def test_a_link_to_an_agreement_with_errors_is_told_though_all_else_is_well(root: Path) -> None:
    good_agreement(root, "owl", ("kept_for: P3Y", "kept_for: three years"))
    good_agreement(root, "tit", ("signatures:", "links: {under: owl}\nsignatures:"))
    done = invoke(root, "check", "tit")
    assert (done.exit_code, done.output) == (
        0,
        "1 agreement checked\n`owl` has errors, so this agreement’s link to it cannot be held against it\n",
    )
    assert "Under: owl" in invoke(root, "show", "tit").stderr


def test_what_cannot_be_shown_is_said(root: Path) -> None:
    done = invoke(root, "show", "sparrow-finch", "limit")
    assert done.exit_code == 2
    assert done.stderr == (
        "clausebook: `sparrow-finch` has no slot, section or schedule `limit`\n    mend:  did you mean `limits`?\n"
    )
    assert "did you mean `wren-robin`?" in invoke(root, "show", "wren-robn").stderr
    good_agreement(root, "owl", ("kept_for: P3Y", "kept_for: three years"))
    done = invoke(root, "show", "owl")
    assert done.exit_code == 1
    assert "agreements/owl.yaml:12:13: error" in done.stdout


@pytest.mark.parametrize(
    ("number", "part"), [("2", "limits"), ("1.", "keeping"), ("Article 1", "promise"), ("Annex 1", "words")]
)
def test_a_part_is_shown_by_the_number_that_is_printed(root: Path, number: str, part: str) -> None:
    shown = invoke(root, "show", "sparrow-finch", part)
    assert shown.exit_code == 0
    assert invoke(root, "show", "sparrow-finch", number).stdout == shown.stdout


def test_the_library_is_listed(root: Path) -> None:
    done = invoke(root, "clauses")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["type", "slot", "clause", "position", "version", "status", "approver", "used", "by"]
    assert lines[1] == [
        "nda",
        "keeping",
        "keeping",
        "standard",
        "1.0",
        "approved",
        "sparrow-finch,",
        "wren-robin",
        "(departs)",
    ]
    assert lines[2] == ["nda", "limits", "limits", "standard", "1.0", "approved", "sparrow-finch,", "wren-robin"]


def test_a_slot_is_told_in_detail(root: Path) -> None:
    library = root / "templates" / "nda" / "clauses"
    text = (library / "keeping.md").read_text(encoding="utf-8").replace("id: keeping", "id: keeping-short")
    for name, position in (("keeping-rarely", "by counsel"), ("keeping-short", "fallback 1")):
        said = text.replace("id: keeping-short", f"id: {name}").replace("position: standard", f"position: {position}")
        said = said.replace("guidance: Always used.", "approver: General Counsel\nguidance: Seldom.")
        (library / f"{name}.md").write_text(said, encoding="utf-8")
    done = invoke(root, "clauses", "keeping")
    assert done.exit_code == 0
    assert done.stdout.split("\n\n") == [
        "keeping 1.0 — Keeping (standard, approved)\n"
        "  words: templates/nda/clauses/keeping.md\n"
        "  approver: nobody\n"
        "  used by: sparrow-finch\n"
        "  departed from by: wren-robin\n"
        "  guidance: Always used.",
        *(
            f"{name} 1.0 — Keeping ({position}, approved)\n"
            f"  words: templates/nda/clauses/{name}.md\n"
            "  approver: General Counsel\n"
            "  used by: no agreement\n"
            "  guidance: Seldom." + end
            for name, position, end in (("keeping-short", "fallback 1", ""), ("keeping-rarely", "by counsel", "\n"))
        ),
    ]
    listed = json.loads(invoke(root, "clauses", "keeping", "--json").stdout)
    assert [each["clause"] for each in listed] == ["keeping", "keeping-short", "keeping-rarely"]
    assert listed[0] == {
        "type": "nda",
        "slot": "keeping",
        "clause": "keeping",
        "title": "Keeping",
        "standard": True,
        "position": "standard",
        "version": "1.0",
        "status": "approved",
        "approver": "",
        "guidance": "Always used.",
        "obligations": [],
        "used_by": ["sparrow-finch"],
        "departed_by": ["wren-robin"],
        "path": "templates/nda/clauses/keeping.md",
    }


def test_an_unknown_slot_is_said(root: Path) -> None:
    done = invoke(root, "clauses", "limit")
    assert done.exit_code == 2
    assert "mend:  did you mean `limits`?" in done.stderr


def test_agreements_with_errors_are_not_counted(root: Path) -> None:
    good_agreement(root, "owl", ("kept_for: P3Y", "kept_for: three years"))
    done = invoke(root, "clauses")
    assert done.exit_code == 1
    assert "Some agreements have errors, and are not counted" in done.stderr
    assert "limits" in done.stdout


HELPED = "new depart show clauses list obligations facts registers evidence remind answer report hold register dossier"


@pytest.mark.parametrize("command", HELPED.split())
def test_help_has_examples(command: str) -> None:
    done = CliRunner().invoke(cli.cli, [command, "--help"], prog_name="clausebook")
    assert done.exit_code == 0
    assert f"Examples:\n    clausebook {command}" in done.stdout


def test_what_is_void_is_told(tmp_path: Path) -> None:
    repository = committed_repository(tmp_path)
    root, why = repository.project, ("--reason", "Another deal's file", "--by", "Ada Quill", "--date", "2026-04-02")
    with Project(root) as project:
        verify = Stub(words_of(root, project.sandbox))
        assert execute(project, NAME, Returned([PDF]), verify, "2026-04-01").record
    done = invoke(root, "void", NAME, "1.0", *why)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"void: the record of version 1.0 of {NAME}, since 2026-04-02: Another deal's file")
    said = "void since 2026-04-02: Another deal's file (Ada Quill)"
    assert f"{NAME} 1.0: the record is {said}\n" in invoke(root, "list").stdout
    (row,) = json.loads(invoke(root, "list", "--json").stdout)
    assert (row["status"], row["void"]) == ("approved", {"1.0": said})
    assert invoke(root, "show", NAME).stderr == f"The record of version 1.0 is {said}.\n"
    again = invoke(root, "void", NAME, "1.0", *why)
    assert (again.exit_code, "void already, since 2026-04-02" in again.stderr) == (2, True)


def test_what_nobody_looks_after_and_what_is_held_are_lists_of_their_own(root: Path) -> None:
    add_journal_schemas(root)
    journal = root / "agreements/journal/sparrow-finch.yaml"
    journal.parent.mkdir()
    hold = "holds: [{matter: The inquiry, since: 2028-03-09, by: Ada Quill}]\n"
    journal.write_text(f"owner: {{name: Mara Quillon, email: m@finch.example, left: 2028-02-01}}\n{hold}", "utf-8")
    told = {row["id"]: row for row in json.loads(invoke(root, "list", "--json", "--as-of", "2028-01-31").stdout)}
    assert (told["sparrow-finch"]["owner"], told["wren-robin"]["owner"]) == ("Mara Quillon", "")
    for day, names in (("2028-01-31", {"wren-robin"}), ("2028-02-01", {"sparrow-finch", "wren-robin"})):
        left = json.loads(invoke(root, "list", "--no-owner", "--as-of", day, "--json").stdout)
        assert {row["id"] for row in left} == names
    held = invoke(root, "list", "--held").stdout
    assert "sparrow-finch: under a legal hold: The inquiry, since 2028-03-09 (Ada Quill)" in held
    assert "wren-robin" not in held
    journal.write_text(hold.replace("Quill}", "Quill, released: {on: 2028-04-01, by: Ada Quill}}"), "utf-8")
    assert invoke(root, "list", "--held").stdout == "There is no agreement to list.\n"
    assert invoke(root, "list", "--as-of", "soon").exit_code == 2
