"""The registers over the repository's own agreements say no more than the agreements and their journals do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clausebook.facts.agreement_facts import all_facts
from clausebook.facts.register_rows import registers_of
from clausebook.facts.register_table import Register
from clausebook.project.project import Project
from tests.support.repositories import ROOT

pytestmark = pytest.mark.slow("the registers of the repository's own agreements")


@pytest.fixture(scope="module")
def registers() -> Iterator[dict[str, Register]]:
    with Project(ROOT) as project:
        yield {each.id: each for each in registers_of(list(all_facts(project, project.assemble_all())))}


def rows(register: Register) -> list[dict[str, str]]:
    """Return the rows of a register, each cell by its heading, with the agreement and what is missing."""
    return [
        {**dict(zip(register.headings, row.cells, strict=True)), "id": row.agreement, "missing": ", ".join(row.missing)}
        for row in register.rows
    ]


def test_health_information_that_goes_to_no_business_associate_is_listed_as_such(
    registers: dict[str, Register],
) -> None:
    told = {(row["id"], row["Data Flow"]): row for row in rows(registers["business-associates"])}
    conduit = told["last-mile-delivery", "Sealed packages"]
    assert conduit["Business associate agreement"].startswith("none: the parties state")
    others = [
        row
        for row in told.values()
        if "business associate" in (row["Role of the discloser"], row["Role of the recipient"])
    ]
    assert {row["Business associate agreement"] for row in others} == {"yes"}


def test_an_exception_is_named_only_between_a_referral_source_and_another(registers: dict[str, Register]) -> None:
    told = rows(registers["remuneration"])
    flag = "Between a declared referral source and another"
    assert {row["id"] for row in told if row[flag] == "yes"} == {
        "health-ecosystem-hub",
        "predictive-analytics",
        "retail-telehealth",
    }
    assert all(row["Exception relied on"].startswith("not between") == (row[flag] == "no") for row in told)


def test_shares_of_costs_are_remuneration(registers: dict[str, Register]) -> None:
    told = [row for row in rows(registers["remuneration"]) if row["For what"].startswith("the balance of its share")]
    assert {row["id"] for row in told} == {"innovation-lab", "patient-passport", "retail-telehealth"}


def test_evidence_is_missing_only_of_what_was_signed(registers: dict[str, Register]) -> None:
    told = [*rows(registers["insurance"]), *rows(registers["remuneration"])]
    assert {row["id"] for row in told if "Evidence" in row["missing"]} == {"retail-telehealth"}


def test_conflicts_are_listed_with_how_they_were_handled(registers: dict[str, Register]) -> None:
    told = {row["Disclosed by"]: row for row in rows(registers["conflicts"])}
    assert told["Corwin Ashdale"]["missing"] == ""
    assert told["Petra Lindqvist-Moss"]["missing"] == "How it was handled"
