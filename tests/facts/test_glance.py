"""What lists show of an agreement: what its type names of its terms and key dates."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from clausebook.facts.agreement_facts import all_facts
from clausebook.facts.asked_facts import Fact
from clausebook.facts.glance import Glance, glance
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project, all_findings


def seen(root: Path) -> dict[str, Glance]:
    """Return what is seen of the agreements of a repository, by id."""
    with Sandbox() as sandbox:
        project = Project(root, sandbox)
        return {each.duties.id: glance(each) for each in all_facts(project, list(project.assemble_all()))}


def test_of_several_names_the_first_counts_that_the_deal_has(signed: Path) -> None:
    found = seen(signed)
    marsh, ferry = found["heron-marsh"], found["heron-ferry"]
    assert marsh.value
    assert (marsh.value.shown, marsh.amount) == ("USD 1,200", Decimal(1200))
    assert marsh.ends
    assert (marsh.ends.title, marsh.ends.day) == ("Dry dock", "2027-02-12")
    assert ferry.ends
    assert ferry.ends.title == "End of the charter"
    assert marsh.notice
    assert marsh.notice.day == "2027-01-31"
    assert marsh.about
    assert marsh.about.shown == "1 year"
    assert marsh.law
    assert marsh.law.shown == "Heron"
    assert marsh.regimes == ("one year",)
    assert [each.id for each in marsh.compared] == ["lasts", "hire"]
    assert marsh.signed
    assert marsh.owner
    assert marsh.owner.name == "Ada Sample"
    assert [each.name for each in marsh.contacts] == ["Ben Sample"]


def test_a_type_that_names_nothing_shows_its_key_dates_alone(boats: Path) -> None:
    facts = boats / "templates" / "charter" / "facts.yaml"
    facts.write_text(facts.read_text("utf-8").partition("glance:")[0], "utf-8")
    found = seen(boats)["heron-marsh"]
    assert (found.value, found.law, found.regimes, found.ends, found.compared) == (None, None, (), None, ())
    assert [each.id for each in found.dates] == ["begin", "end", "drydock"]
    assert not found.signed
    assert found.amount == 0


@pytest.mark.parametrize(
    ("value", "amount"),
    [("USD 1,234,567.50", "1234567.50"), ("1890000 USD", "1890000"), ("a fair price", "0"), ("7 EUR; 9 USD", "7")],
)
def test_a_value_is_compared_by_its_first_sum(value: str, amount: str) -> None:
    assert Glance(value=Fact("hire", "Hire", "money", value, value, "", "")).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("old", "new", "said"), [("[hire, ", "[hire, fee, ", "term `fee`"), ("ends: [", "ends: [fee, ", "key date `fee`")]
)
def test_a_name_that_the_file_does_not_declare_is_told(boats: Path, old: str, new: str, said: str) -> None:
    facts = boats / "templates" / "charter" / "facts.yaml"
    text = facts.read_text("utf-8")
    assert old in text
    facts.write_text(text.replace(old, new), "utf-8")
    with Sandbox() as sandbox:
        project = Project(boats, sandbox)
        told = all_findings(project, list(project.assemble_all()))
    assert f"the glance speaks of a {said} that there is not" in [each.message for each in told]
