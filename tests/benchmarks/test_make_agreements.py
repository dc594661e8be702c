"""The repositories that benchmarks are measured on: valid, with executed and amended agreements, always the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import make_agreements
from clausebook.cli.main import cli
from clausebook.document import statuses
from clausebook.project.project import Project
from tests.support.git_repositories import run
from tests.support.repositories import ROOT

pytestmark = pytest.mark.slow("whole repositories, with executed and amended agreements")

COUNT = make_agreements.PERIOD


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, partnership: Path) -> tuple[Path, Path]:
    """Make a repository twice at once: in a process of its own, and in this one."""
    first, second = (tmp_path_factory.mktemp("made") / name for name in ("first", "second"))
    command = [sys.executable, "-m", "benchmarks.make_agreements", str(COUNT), str(first), str(partnership)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        make_agreements.make_agreements(COUNT, second, partnership)
    assert process.returncode == 0
    return first, second


def test_a_second_making_gives_the_same_files(made: tuple[Path, Path]) -> None:
    first, second = made
    assert run(first, "rev-parse", "HEAD") == run(second, "rev-parse", "HEAD")
    assert run(first, "status", "--porcelain", "--ignored") == run(second, "status", "--porcelain", "--ignored") == ""


def test_the_check_finds_no_error(made: tuple[Path, Path]) -> None:
    done = CliRunner().invoke(cli, ["check", "--root", str(made[0])])
    assert done.exit_code == 0, done.output
    assert f"{COUNT} agreements checked" in done.output


def test_an_agreement_is_executed_and_its_amendment_too(made: tuple[Path, Path]) -> None:
    with Project(made[0]) as project:
        agreements = {each.file.id: each for each in project.assemble_all()}
    done = [name for name, each in agreements.items() if each.data["status"] in statuses.SINCE_EXECUTION]
    (amended,) = (name for name in done if "amends" not in agreements[name].data)
    assert sorted(done) == sorted([amended, f"{amended}-amendment-1"])
    assert (made[0] / "agreements" / "executed" / amended / "1.0" / "scan.pdf").is_file()
    # What is in force is the text that the amendment makes.
    document = agreements[amended].document
    assert document
    assert document.version == "1.1"


def test_one_draft_of_ten_was_committed_as_earlier_drafts(made: tuple[Path, Path]) -> None:
    (name,) = {path.stem for path in (made[0] / "agreements").glob("*-00002.yaml")}
    versions = run(made[0], "log", "--format=%s", "--", f"agreements/{name}.yaml").splitlines()
    assert versions == [
        f"Agree on {COUNT} deals",
        f"Draft version 0.2 of {name}",
        f"Draft version 0.1 of {name}",
    ]


def test_letters_pass_the_check_and_are_executed_and_amended(tmp_path: Path) -> None:
    make_agreements.main(["4", str(tmp_path / "short"), "--short"])
    done = CliRunner().invoke(cli, ["check", "--strict", "--root", str(tmp_path / "short")])
    assert done.exit_code == 0, done.output
    assert "4 agreements checked" in done.output
    executed = tmp_path / "short" / "agreements" / "executed"
    assert sorted(path.name for path in executed.iterdir()) == [
        "conduct-letter-00000",
        "conduct-letter-00000-amendment-1",
    ]


@pytest.mark.parametrize("count", [1, 100, 1000])
def test_every_eighth_is_executed_up_to_twelve(count: int) -> None:
    executed = list(filter(make_agreements.is_executed, range(count)))
    assert executed == list(range(0, count, 8))[:12]
    amendments = list(filter(make_agreements.is_amendment, range(count)))
    assert amendments == [number + 1 for number in executed if number + 1 < count]
    assert [make_agreements.is_in_force(number) for number in amendments[:3]] == [True, False, True][: len(amendments)]
