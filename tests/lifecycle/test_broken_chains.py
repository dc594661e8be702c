"""Chains of amendments that cannot be: the right finding for each, nothing overwritten, and no work done twice."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.amending import amendment_chain
from clausebook.cli.main import cli
from clausebook.language.sandbox import Sandbox
from tests.support.executed_repositories import edit, record, with_amendments
from tests.support.file_trees import files_in
from tests.support.repositories import nda_repository

pytestmark = pytest.mark.slow("a chain of three executed amendments, broken in every way")

NAME = "sparrow-finch"
COUNT = 3


def amendment(number: int | str) -> str:
    return f"{NAME}-amendment-{number}"


def invoke(root: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(root)], prog_name="clausebook")
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An agreement with three executed amendments, and a draft after them; not to be changed."""
    root = nda_repository(tmp_path_factory.mktemp("chain"))
    with_amendments(root)
    with Sandbox() as sandbox:
        record(root, NAME, "2024-01-05", sandbox)
        for number in range(1, COUNT + 2):
            head = (f'version: "1.{number - 1}"\nstatus: executed', f'version: "1.{number}"\nstatus: approved')
            edit(root, NAME, head, (f"P{number + 2}Y", f"P{number + 3}Y"))
            if number <= COUNT:
                assert invoke(root, "amend", NAME).exit_code == 0
                edit(root, amendment(number), ("status: draft", "status: approved"))
                record(root, amendment(number), f"2024-0{number + 1}-05", sandbox)
                edit(root, NAME, ("status: approved", "status: executed"))
    return root


@pytest.fixture
def root(executed: Path, tmp_path: Path) -> Path:
    shutil.copytree(executed, tmp_path / "repository")
    return tmp_path / "repository"


def without(root: Path, number: int) -> None:
    (root / f"agreements/{amendment(number)}.yaml").unlink()
    shutil.rmtree(root / f"agreements/{amendment(number)}")
    shutil.rmtree(root / f"agreements/executed/{amendment(number)}")


def changed(root: Path, number: int, change: Callable[[dict[str, dict[str, str]]], None]) -> None:
    path = root / f"agreements/{amendment(number)}/changes.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data, indent=0), encoding="utf-8")


def gap(root: Path) -> None:
    without(root, 2)


def cycle(root: Path) -> None:
    def turn(data: dict[str, dict[str, str]]) -> None:
        data["base"], data["restated"] = data["restated"], data["base"]

    changed(root, 1, turn)


def itself(root: Path) -> None:
    changed(root, 2, lambda data: data["base"].update(data["restated"]))


def never_executed(root: Path) -> None:
    changed(root, 3, lambda data: data["base"].update(version="0.9"))


def foreign(root: Path) -> None:
    folder = root / "agreements/executed"
    shutil.copytree(folder / amendment(1) / "1.0", folder / NAME / "1.4")


def foreign_text(root: Path) -> None:
    """Let the foreign record say that it is the agreement's own."""
    foreign(root)
    path = root / f"agreements/executed/{NAME}/1.4/record.yaml"
    text = path.read_text(encoding="utf-8").replace(amendment(1), NAME).replace('version: "1.0"', 'version: "1.4"')
    path.write_text(text, encoding="utf-8")


def no_day(root: Path) -> None:
    path = root / f"agreements/executed/{amendment(3)}/1.0/record.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^date: .*$", "date: 2024-02-30", text), encoding="utf-8")


def by_hand(root: Path) -> None:
    """Edit the data from which an amendment made the text in force."""
    edit(root, NAME, ('version: "1.4"\nstatus: approved', 'version: "1.3"\nstatus: executed'))


@pytest.mark.parametrize(
    ("break_it", "rule", "said"),
    [
        (
            gap,
            "core/amendment-proof",
            "starts from version 1.2 of `sparrow-finch`, which is not an executed text of it: ",
        ),
        (gap, "core/amendment-proof", "Amendment No. 2 is not there, which may have made it"),
        (cycle, "core/amendment-proof", "starts from version 1.1 of `sparrow-finch`, which is not an executed text"),
        (itself, "core/amendment-proof", "starts from version 1.2 of `sparrow-finch`, which is not an executed text"),
        (
            never_executed,
            "core/amendment-proof",
            "starts from version 0.9 of `sparrow-finch`, which is not an executed",
        ),
        (foreign, "core/record-damaged", "`agreement` is not sparrow-finch, as the place of the file says"),
        (foreign_text, "core/record-damaged", "is the text of another agreement or version"),
        (no_day, "core/record-damaged", "has a date that is none: 2024-02-30"),
        (
            by_hand,
            "core/executed-data",
            "the data are not those from which `sparrow-finch-amendment-3` made version 1.3",
        ),
    ],
)
def test_a_chain_that_cannot_be_is_found_and_left_as_it_is(
    break_it: Callable[[Path], None], rule: str, said: str, root: Path
) -> None:
    break_it(root)
    findings = json.loads(invoke(root, "check", "--report", "json").output)["findings"]
    told = [each for each in findings if each["rule"] == rule and said in each["message"]]
    assert told, [(each["rule"], each["message"]) for each in findings]
    assert all("amend" not in each["hint"] for each in told if "is executed" in each["message"])
    before = files_in(root)
    done = invoke(root, "amend", NAME)
    assert done.exit_code in (1, 2), done.output
    assert files_in(root) == before


@pytest.mark.parametrize("number", ["0", "01", "007", "-1", "1000", "99999999999999999999"])
def test_a_name_that_is_no_amendments_is_told_and_counts_for_none(number: str, root: Path) -> None:
    text = (root / f"agreements/{amendment(1)}.yaml").read_text(encoding="utf-8")
    path = root / f"agreements/{amendment(number)}.yaml"
    path.write_text(text.replace(amendment(1), amendment(number)).replace("executed\n", "draft\n"), encoding="utf-8")
    before = files_in(root)
    findings = json.loads(invoke(root, "check", "--report", "json").output)["findings"]
    (told,) = (each for each in findings if each["path"] == f"agreements/{path.name}" and each["severity"] == "error")
    assert told["rule"] == "core/amendment-id"
    assert "Amendment No. 4 of" in invoke(root, "amend", NAME).output
    assert {name: files_in(root)[name] for name in before} == before


def test_the_number_of_an_executed_amendment_whose_file_is_gone_is_not_used_again(root: Path) -> None:
    (root / f"agreements/{amendment(COUNT)}.yaml").unlink()
    before = files_in(root)
    done = invoke(root, "amend", NAME)
    assert (done.exit_code, "is gone, though its version 1.0 was executed" in " ".join(done.output.split())) == (
        2,
        True,
    )
    assert files_in(root) == before


def test_a_number_within_the_file_is_bounded(root: Path) -> None:
    edit(root, amendment(3), ("  number: 3\n", f"  number: {'9' * 40}\n"))
    findings = json.loads(invoke(root, "check", "--report", "json").output)["findings"]
    assert "core/value-range" in [each["rule"] for each in findings]


def test_what_was_executed_is_never_to_be_written_anew(root: Path) -> None:
    never_executed(root)
    findings = json.loads(invoke(root, "check", "--report", "json").output)["findings"]
    (hint,) = [each["hint"] for each in findings if each["rule"] == "core/amendment-proof"]
    first, _, then = hint.partition("; ")
    assert first == "bring back what was committed, with git restore"
    assert then.startswith("what is to hold instead, the next amendment says: ")
    assert "again" not in then


def test_a_chain_is_read_once_for_all_its_amendments(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    real = amendment_chain.from_json
    monkeypatch.setattr(amendment_chain, "from_json", lambda content: read.append(content) or real(content))
    assert invoke(root, "check").exit_code == 0
    assert len(set(read)) == COUNT
    # Once for the texts, and once for the proof of the records, however many amendments there are.
    assert len(read) <= 2 * COUNT
