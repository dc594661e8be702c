"""How long agreements are kept: by the house's rules and by legal holds, and no shorter for what is unknown."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from tests.support.repositories import add_journal_schemas
from tests.support.rule_cases import CASES, lay

NAME = "heron-marsh"
RULES = """\
keep:
  - {id: house, for: P7Y, why: The house’s own choice}
  - {id: loans, for: P10Y, clauses: [use], why: Ten years for loans}
  - {id: others, for: P50Y, types: [loan], from: execution, clauses: [unused], why: Never}
  - {id: papers, for: P6Y, registered: true, types: [loan], why: Six years}
"""
ENDED = "ended: {on: 2027-02-28, why: The parties ended it.}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for layer in ("_base", "_executed", "_registered", "_retention"):
        lay(CASES / layer, tmp_path)
    add_journal_schemas(tmp_path)
    return tmp_path


def run(root: Path, as_of: str, *more: str) -> Result:
    arguments = ["retention", "--as-of", as_of, "--root", str(root), *more]
    return CliRunner().invoke(cli.cli, arguments, prog_name="clausebook")


def kept(root: Path, as_of: str) -> dict[str, Any]:
    done = run(root, as_of, "--format", "json")
    assert done.exit_code == 0, done.output
    return {each["id"]: each for each in json.loads(done.stdout)}


def write(root: Path, rules: str, journal: str = "", name: str = NAME) -> None:
    (root / "retention.yaml").write_text(rules, encoding="utf-8")
    place = root / f"agreements/journal/{name}.yaml"
    place.parent.mkdir(exist_ok=True)
    if journal:
        place.write_text(f"format: 1\n{journal}", encoding="utf-8")


def used(root: Path) -> str:
    """Return a clause that the executed text uses."""
    record = (root / f"agreements/executed/{NAME}/1.0/record.yaml").read_text(encoding="utf-8")
    return next(line.split("clause:")[1].strip(' "') for line in record.splitlines() if "clause:" in line)


def test_the_longest_rule_counts_from_the_end(root: Path) -> None:
    rules = f"keep:\n  - {{id: house, for: P7Y, why: Ours}}\n  - {{id: long, for: P10Y, clauses: [{used(root)}], "
    write(root, f"{rules}why: Law}}\n", ENDED)
    found = kept(root, "2037-02-28")[NAME]
    assert (found["may_go"], found["until"]) == (False, "2037-02-28")
    assert found["why"] == [
        "long: until 2037-02-28, P10Y after 2027-02-28 (end): Law",
        "house: until 2034-02-28, P7Y after 2027-02-28 (end): Ours",
    ]
    assert kept(root, "2037-03-01")[NAME]["may_go"]


def test_a_month_end_and_a_leap_year_are_right(root: Path) -> None:
    write(root, "keep:\n  - {id: house, for: P1Y, why: Ours}\n", "ended: {on: 2028-02-29}\n")
    assert kept(root, "2029-01-01")[NAME]["until"] == "2029-02-28"


def test_a_hold_wins_over_every_period(root: Path) -> None:
    rules = "keep:\n  - {id: house, for: P1Y, why: Ours}\n"
    hold = "holds:\n  - {matter: Doe v. Heron, since: 2027-01-01, by: Counsel"
    write(root, rules, f"{ENDED}{hold}}}\n")
    found = kept(root, "2099-01-01")[NAME]
    assert (found["may_go"], found["until"]) == (False, "")
    assert found["why"][0].startswith("legal hold for Doe v. Heron, since 2027-01-01, by Counsel")
    write(root, rules, f"{ENDED}{hold}, released: {{on: 2030-01-01, by: Counsel}}}}\n")
    assert not kept(root, "2029-12-31")[NAME]["may_go"]
    assert kept(root, "2030-01-01")[NAME]["may_go"]


def test_what_has_not_ended_stays(root: Path) -> None:
    write(root, "keep:\n  - {id: house, for: P1Y, why: Ours}\n")
    found = kept(root, "2199-01-01")[NAME]
    assert not found["may_go"]
    assert "nothing says that it has ended" in found["why"][0]


def test_what_no_rule_speaks_of_stays(root: Path) -> None:
    write(root, "keep:\n  - {id: one, for: P1Y, clauses: [repairs], why: Ours}\n", ENDED)
    found = kept(root, "2099-01-01")[NAME]
    assert (found["may_go"], found["until"]) == (False, "")
    assert found["why"] == ["it ended on 2027-02-28, and no rule of retention.yaml speaks of it"]


def test_a_journal_with_errors_holds_everything(root: Path) -> None:
    write(root, "keep:\n  - {id: house, for: P1Y, why: Ours}\n", f"{ENDED}holds:\n  - {{matter: Doe}}\n")
    done = run(root, "2099-01-01")
    assert done.exit_code == 1
    assert "may go" not in done.output


def test_registered_paper_goes_by_what_is_asserted(root: Path) -> None:
    write(root, "keep:\n  - {id: papers, for: P6Y, registered: true, why: Ours}\n")
    found = kept(root, "2035-05-01")["boathouse-lease"]
    assert (found["may_go"], found["until"]) == (True, "2035-04-30")
    assert found["why"][0] == "its end, 2029-04-30, is what Ada Sample asserts from page 2"
    assert not kept(root, "2028-01-01")["boathouse-lease"]["may_go"]
    write(root, "keep:\n  - {id: house, for: P1Y, why: Ours}\n")
    found = kept(root, "2099-01-01")["boathouse-lease"]
    assert found["why"][-1] == "it ended on 2029-04-30, and no rule of retention.yaml speaks of it"
    assert not found["may_go"]
    renewed = "renewals:\n  - {on: 2029-04-01, until: 2032-04-30}\n"
    write(root, "keep:\n  - {id: papers, for: P1Y, registered: true, why: Ours}\n", renewed, "boathouse-lease")
    assert "may have been renewed" in kept(root, "2099-01-01")["boathouse-lease"]["why"][0]


def test_a_period_longer_than_the_calendar_never_runs_out(root: Path) -> None:
    write(root, "keep:\n  - {id: ever, for: P99999Y, why: Ours}\n", ENDED)
    found = kept(root, "2199-01-01")[NAME]
    assert (found["may_go"], found["until"]) == (False, "9999-12-31")


def test_a_rule_for_what_is_not_there_stops_the_list(root: Path) -> None:
    write(root, RULES, ENDED)
    done = run(root, "2099-01-01")
    assert done.exit_code == 1
    assert "there is no clause `unused`, so the rule others keeps nothing for it" in done.output


def test_without_rules_nothing_is_listed(root: Path) -> None:
    done = run(root, "2099-01-01")
    assert done.exit_code == 2
    assert "there is no retention.yaml" in done.output
    write(root, "keep: []\n")
    assert run(root, "2099-01-01").exit_code == 1
    assert run(root, "soon").exit_code == 2


def test_as_csv_it_is_a_row_an_agreement(root: Path) -> None:
    write(root, "keep:\n  - {id: house, for: P1Y, why: Ours}\n", ENDED)
    lines = run(root, "2099-01-01", "--format", "csv").stdout.splitlines()
    assert lines[0] == "id,what,kept until,why,title"
    assert any(line.startswith(f"{NAME},may go,2028-02-28,") for line in lines)


HOLD = "holds:\n  - {matter: Doe v. Heron, since: 2027-01-01, by: Counsel}\n"
UNREAD: dict[str, Callable[[Path], object]] = {
    "a second journal": lambda root: (root / f"agreements/journal/{NAME}.yml").write_text(HOLD, encoding="utf-8"),
    "a journal in other letters": lambda root: (root / f"agreements/journal/{NAME.title()}.yaml").write_text(
        HOLD, encoding="utf-8"
    ),
    "a journal in a folder": lambda root: [
        (root / f"agreements/journal/{NAME}.yaml").unlink(),
        (root / f"agreements/journal/{NAME}.yaml").mkdir(),
    ],
    "a folder that leads out": lambda root: [
        shutil.move(root / "agreements/journal", out := Path(tempfile.mkdtemp(dir=root.parent))),
        (root / "agreements/journal").symlink_to(out / "journal"),
    ],
    "an amendment without a file": lambda root: (root / f"agreements/journal/{NAME}-amendment-9.yaml").write_text(
        HOLD, encoding="utf-8"
    ),
}


@pytest.mark.parametrize("what", UNREAD)
def test_nothing_may_go_while_a_hold_may_stand_where_it_is_not_read(root: Path, what: str) -> None:
    write(root, "keep:\n  - {id: house, for: P1Y, why: Ours}\n", ENDED)
    with (root / f"agreements/{NAME}.yaml").open("a", encoding="utf-8") as file:
        file.write("lifecycle: {ended: {on: 2027-02-28, why: The parties ended it.}}\n")
    assert kept(root, "2099-01-01")[NAME]["may_go"]
    UNREAD[what](root)
    done = run(root, "2099-01-01", "--format", "json")
    assert done.exit_code == 1 or not kept(root, "2099-01-01")[NAME]["may_go"], done.output
