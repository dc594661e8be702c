"""`clausebook new opportunity` and `clausebook promote`: a partnership goes on, and nothing is half done."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.load.yaml import load_yaml
from clausebook.repository.agreement_files import find_agreements
from clausebook.repository.tree import DiskTree
from clausebook.scaffold import pipeline
from clausebook.scaffold.least_agreement import least_file
from tests.support.bad_input import tree_state
from tests.support.repositories import nda_repository

METHOD = """\
name: Two Steps
agreement_type: nda
steps:
  - {id: scan, title: Look, aim: Find partners.}
  - {id: partner, title: Ask, aim: Approach them.}
points:
  - {id: secrets, kind: strategy, step: partner, title: What is secret, needs: [/deal/secrets]}
  - {id: type, kind: strategy, step: partner, title: On paper, needs: [/deal/type]}
"""
BOATS = """\
# A head of its own.
title: Boats by Evening
organisation: {name: Otter Boats, kind: company}

owner: {name: Ada Sample}   # new here
# Looked at in spring.
scan: {industry: Sailing, brings: [boats]}
partner:
  # both want more wind
  value_proposition: >-
    Larks sing, and
    otters sail.
x-shelf: seven
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with a method, the house's own scan and an opportunity."""
    root = nda_repository(tmp_path)
    (root / "templates" / "spark.yaml").write_text(METHOD, encoding="utf-8")
    (root / "scan.yaml").write_text("organisation: Heron House\n", encoding="utf-8")
    (root / "agreements" / "pipeline").mkdir()
    (root / "agreements" / "pipeline" / "boats.yaml").write_text(BOATS, encoding="utf-8")
    return root


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


def refused(root: Path, *arguments: str) -> str:
    """Return what the command says that could not run; nothing has changed."""
    before = tree_state(root)
    done = invoke(root, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert tree_state(root) == before
    return done.stderr


def test_a_new_opportunity_passes_the_check_and_is_listed(root: Path) -> None:
    done = invoke(root, "new", "opportunity", "kite-school", "--partner", "Kestrel: Kites & Co.")
    assert done.stdout == (
        "written: agreements/pipeline/kite-school.yaml\n`clausebook spark kite-school` tells what it lacks.\n"
    )
    assert "Kestrel: Kites & Co." in invoke(root, "spark").stdout
    assert invoke(root, "check", "--strict").exit_code == 0


def test_a_new_opportunity_without_a_partner_has_a_blank_for_it(root: Path) -> None:
    assert "Fill in the 1 blank in [ ]" in invoke(root, "new", "opportunity", "kite-school").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("boats",), "`boats` is taken: `agreements/pipeline/boats.yaml` is there already"),
        (("sparrow-finch",), "`sparrow-finch` is taken: `agreements/sparrow-finch.yaml` is there already"),
        (("Boats",), "lower-case"),
        (("../boats",), "holds a path"),
        (("kites", "--partner", "n" * 301), "the partner cannot be called so"),
        (("kites", "--partner", "a\nb"), "the partner cannot be called so"),
        (("kites", "--like", "boats"), "--like goes with a type"),
    ],
)
def test_what_cannot_be_an_opportunity_is_refused(root: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(root, "new", "opportunity", *arguments)


def test_an_opportunity_becomes_an_agreement_with_a_journal(root: Path) -> None:
    done = invoke(root, "promote", "boats")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "written: agreements/boats.yaml",
        "written: agreements/journal/boats.yaml",
        "removed: agreements/pipeline/boats.yaml",
        "Not moved: x-shelf, what kind of organization it is.",
        "It passes the check, which warns of each blank. Fill in the 3 blanks in [ ], and look at every value.",
    ]
    data = load_yaml((root / "agreements" / "boats.yaml").read_bytes(), "").value
    assert isinstance(data, dict)
    assert data["title"] == "Boats by Evening"
    assert [each["legal_name"] for each in data["parties"]] == ["Heron House", "Otter Boats"]
    assert (root / "agreements" / "journal" / "boats.yaml").read_text(encoding="utf-8") == (
        "# yaml-language-server: $schema=../../schemas/journal.schema.json\n\n"
        "owner: {name: Ada Sample}   # new here\n\n"
        "spark:\n"
        "  # Looked at in spring.\n"
        "  scan: {industry: Sailing, brings: [boats]}\n"
        "  partner:\n"
        "    # both want more wind\n"
        "    value_proposition: >-\n"
        "      Larks sing, and\n"
        "      otters sail.\n"
    )
    assert not (root / "agreements" / "pipeline").exists()
    assert invoke(root, "check").exit_code == 0
    assert "Ask   boats" in invoke(root, "spark").stdout


def test_a_blank_of_a_draft_answers_nothing(root: Path) -> None:
    invoke(root, "promote", "boats")
    lacking = invoke(root, "spark", "boats", "--lacking").stdout
    assert "What is secret" in lacking
    assert "On paper" not in lacking
    place = root / "agreements" / "boats.yaml"
    head, secrets, rest = place.read_text(encoding="utf-8").partition("\nsecrets:\n")
    place.write_text(head + secrets + re.sub(r'"\[[A-Z][^\]]*\]"', "boats", rest), encoding="utf-8")
    assert "Nothing is lacking." in invoke(root, "spark", "boats", "--lacking").stdout


def test_an_agreement_can_have_another_id(root: Path) -> None:
    assert invoke(root, "promote", "boats", "--as", "evening-boats").exit_code == 0
    assert {each.id for each in find_agreements(DiskTree(root))[0]} == {"evening-boats", "sparrow-finch"}


def test_one_that_says_nothing_of_the_steps_gets_no_journal(root: Path) -> None:
    place = root / "agreements" / "pipeline" / "boats.yaml"
    place.write_text("title: Boats\norganisation: {name: Otter Boats}\n", encoding="utf-8")
    assert "journal" not in invoke(root, "promote", "boats").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("boat",), "did you mean `boats`?"),
        (("sparrow-finch",), "`sparrow-finch` is an agreement already"),
        (("boats", "--as", "sparrow-finch"), "`agreements/sparrow-finch.yaml` is there already"),
        (("boats", "--as", "sparrow-finch-amendment-1"), "kept for an amendment"),
        (("boats", "--as", "Boats"), "lower-case"),
        (("boats", "--type", "ndas"), "did you mean `nda`?"),
    ],
)
def test_what_cannot_become_an_agreement_is_refused(root: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(root, "promote", *arguments)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{title: Boats, organisation: {name: Otter Boats}, scan: {industry: Sailing}}\n", "on lines of its own"),
        (f"{BOATS}closed: {{on: 2026-04-02, why: no wind}}\n", "`boats` is closed: no wind"),
    ],
)
def test_an_opportunity_that_cannot_be_moved_stays(root: Path, text: str, said: str) -> None:
    (root / "agreements" / "pipeline" / "boats.yaml").write_text(text, encoding="utf-8")
    assert said in refused(root, "promote", "boats")


def test_an_opportunity_with_errors_stays(root: Path) -> None:
    (root / "agreements" / "pipeline" / "boats.yaml").write_text("title: Boats\n", encoding="utf-8")
    before = tree_state(root)
    done = invoke(root, "promote", "boats")
    assert done.exit_code == 1
    assert "Nothing was written." in done.stdout
    assert tree_state(root) == before


def test_one_that_somebody_else_promotes_at_the_same_time_is_not_there_any_more(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*arguments: Any) -> bytes:
        (root / "agreements/pipeline/boats.yaml").unlink()
        return least_file(*arguments)

    monkeypatch.setattr(pipeline, "least_file", gone)
    done = invoke(root, "promote", "boats")
    assert done.exit_code == 1
    assert "agreements/pipeline/boats.yaml" in done.stdout
    assert "Nothing was written." in done.stdout
    assert not (root / "agreements/boats.yaml").exists()


def test_a_journal_of_that_id_is_never_written_over(root: Path) -> None:
    (root / "agreements" / "journal").mkdir()
    (root / "agreements" / "journal" / "boats.yml").write_text("owner: {name: Ada}\n", encoding="utf-8")
    assert "`agreements/journal/boats.yml` is there already" in refused(root, "promote", "boats")


def test_nothing_is_half_done_where_the_journal_cannot_be_written(root: Path) -> None:
    (root / "agreements" / "journal").write_text("no folder\n", encoding="utf-8")
    assert "cannot write" in refused(root, "promote", "boats")


def test_without_a_type_in_the_method_it_is_asked_for(root: Path) -> None:
    place = root / "templates" / "spark.yaml"
    place.write_text(METHOD.replace("agreement_type: nda\n", ""), encoding="utf-8")
    assert "--type" in refused(root, "promote", "boats")
    assert invoke(root, "promote", "boats", "--type", "nda").exit_code == 0
