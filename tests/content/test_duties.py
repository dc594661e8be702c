"""The key dates and duties of the repository's own agreements are those that a person has read in their texts.

The tables stand in `tests/cases/duties`, with what each text leaves to people. What fails here is mended where the
text says otherwise than the table, or the declarations in `templates/` otherwise than the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from ruamel.yaml import YAML

from clausebook.facts.duties.agreement_duties import deal_of
from clausebook.facts.duties.deal_duties import reckoned
from clausebook.facts.duties.model import Duty, Reckoned
from clausebook.facts.duties.moments import Happened
from clausebook.project.project import Project
from clausebook.records.journal import journal_path
from tests.support.repositories import ROOT

pytestmark = pytest.mark.slow("the duties of the repository's own agreements")

CASES = sorted((ROOT / "tests" / "cases" / "duties").glob("*.yaml"))


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    """Return the repository without what its journals record: a table has its own events."""
    with Project(ROOT) as opened:
        yield opened.with_files({journal_path(path.stem): b"format: 1\n" for path in CASES})


@pytest.fixture(scope="module", params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> tuple[str, Any]:
    return request.param.stem, YAML(typ="safe").load(request.param)


def asked(project: Project, case: tuple[str, Any], **more: str) -> Reckoned:
    """Return what a text asks of its parties if the events of its table happen, and no others."""
    found = deal_of(project, next(each for each in project.assemble_all() if each.file.id == case[0]))
    assert found
    days = {name: date.fromisoformat(str(day)) for name, day in (case[1]["events"] | more).items()}
    told = reckoned(found[0], {name: (Happened(day),) for name, day in days.items()}, project.sandbox)
    assert [each.message for each in told.findings] == []
    return told


def test_every_agreement_has_a_table() -> None:
    agreements = (YAML(typ="safe").load(path) for path in (ROOT / "agreements").glob("*.yaml"))
    assert {each["id"] for each in agreements if each["type"] == "partnership"} == {path.stem for path in CASES}


def test_key_dates_are_as_read(project: Project, case: tuple[str, Any]) -> None:
    found = asked(project, case).dates
    assert {each.id: (each.title, each.day or each.waits[0], each.place) for each in found} == {
        each["id"]: (each["title"], str(each.get("day") or each["open"]), each["place"]) for each in case[1]["dates"]
    }


def test_duties_are_as_read(project: Project, case: tuple[str, Any]) -> None:
    duties = [each for each in asked(project, case).duties if each.occurrences]
    assert {each.id: told(each) for each in duties} == {each["id"]: read(each) for each in case[1]["duties"]}


def test_what_waits_for_an_event_is_due_as_read_once_it_happens(project: Project, case: tuple[str, Any]) -> None:
    waiting = [each for each in case[1]["duties"] if "open" in each]
    events = {name: str(case[1]["supposed"]) for each in waiting for name in each["open"].split(", ")}
    due = {each.id: each.occurrences[0].due for each in asked(project, case, **events).duties if each.occurrences}
    assert {each["id"]: due[each["id"]] for each in waiting} == {each["id"]: str(each["then"]) for each in waiting}


def test_what_is_owed_throughout_is_as_read(project: Project, case: tuple[str, Any]) -> None:
    duties = asked(project, case).duties
    assert [each.id for each in duties if not each.occurrences] == case[1]["standing"]


def told(duty: Duty) -> Mapping[str, object]:
    """Return what a table says of a duty: the first three days, and the last one of those that have an end."""
    days = [each.due for each in duty.occurrences]
    when: dict[str, object] = {"open": ", ".join(duty.occurrences[0].waits)}
    if days[0]:
        when = {"due": days[:3], "last": "none" if duty.more else days[-1]}
    return {"party": list(duty.parties) or "all", "kind": duty.kind, "what": duty.what, "place": duty.place, **when}


def read(entry: Mapping[str, Any]) -> Mapping[str, object]:
    when: dict[str, object] = {"open": entry.get("open")}
    if "due" in entry:
        days = [str(each) for each in entry["due"]]
        when = {"due": days, "last": str(entry.get("last", days[-1]))}
    return {name: entry[name] for name in ("party", "kind", "what", "place")} | when
