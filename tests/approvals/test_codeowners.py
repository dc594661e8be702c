"""The CODEOWNERS that approvers.yaml decides on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.approvals.forge_owners import BEGIN, PLACES
from clausebook.cli.main import cli
from tests.support.repositories import ROOT, nda_repository

PEOPLE = """approvers:
  - {name: Ines Marchetti, offices: [general counsel], logins: [imarchetti, "@imarchetti"]}
  - {name: Tomas Reed, offices: [Chief Privacy Officer], logins: [treed]}
  - {name: Odile Park, offices: [Chief Privacy Officer, General Counsel], logins: [opark]}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = nda_repository(tmp_path)
    shutil.copy(ROOT / "schemas/approvers.schema.json", made / "schemas")
    (made / "approvers.yaml").write_text(PEOPLE)
    return made


def run(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(root)])
    return done.exit_code, done.output


@pytest.mark.parametrize("place", PLACES)
def test_it_is_written_where_it_is_and_leaves_other_lines_alone(place: str, root: Path) -> None:
    file = root / place
    if place != PLACES[0]:
        file.parent.mkdir(exist_ok=True)
        file.write_text("/docs/ @writers\r\n")
    assert run(root, "codeowners") == (0, f"{place}: written\n")
    lines = file.read_text().splitlines()
    assert ("/docs/ @writers" in lines) == (place != PLACES[0])
    for path in ("approvers.yaml", "authority.yaml", "trust.yaml", "templates/", "agreements/executed/", place):
        assert f"/{path} @imarchetti @opark" in lines
    before = file.read_bytes()
    assert run(root, "codeowners") == (0, f"{place}: is as it should be\n")
    assert file.read_bytes() == before
    assert "codeowners-stale" not in run(root, "check")[1]


def test_a_file_that_is_out_of_date_is_told(root: Path) -> None:
    run(root, "codeowners")
    file = root / PLACES[0]
    good = file.read_text()
    for text in (good.replace("@opark", "@mallory"), f"{good}/templates/ @mallory\n", good.replace("/trust/", "/x/")):
        file.write_text(text)
        code, said = run(root, "check")
        assert code == 1
        assert "core/codeowners-stale" in said
        run(root, "codeowners")
        assert file.read_text().count(BEGIN) == 1
        assert run(root, "check")[0] == 0
    (root / "approvers.yaml").write_text(PEOPLE.replace("opark", "o.park"))
    assert "core/codeowners-stale" in run(root, "check")[1]


def test_a_file_of_somebody_else_s_is_left_alone(root: Path) -> None:
    (root / "CODEOWNERS").write_text("* @everybody\n")
    assert run(root, "check")[0] == 0


def test_without_anybody_there_is_nothing_to_write(root: Path) -> None:
    for text in ("approvers: []\n", PEOPLE.replace("logins", "x-logins"), None):
        (root / "approvers.yaml").unlink() if text is None else (root / "approvers.yaml").write_text(text)
        code, said = run(root, "codeowners")
        assert code == 2
        assert "names nobody who is General Counsel" in said


def test_a_file_of_people_with_errors_is_told_before_it_counts(root: Path) -> None:
    (root / "approvers.yaml").write_text(PEOPLE.replace("offices: [general counsel]", "ofices: []"))
    code, said = run(root, "check")
    assert code == 1
    assert "approvers.yaml" in said
