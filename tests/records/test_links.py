"""How agreements belong together, which links do not fit, and when a term ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from clausebook.findings.model import SourceFile
from clausebook.records.link_findings import link_findings
from clausebook.records.links import LinkedAgreement, linked, linked_agreement

TERM = {"begins": "/from", "lasts": "/for", "ends": "/until"}


def parties(*names: str) -> list[dict[str, str]]:
    return [{"key": name, "legal_name": name, "short_name": name} for name in names]


def agreement(name: str, *, executed: bool = False, **data: Any) -> LinkedAgreement:
    told = {"status": "executed" if executed else "approved", "parties": parties("Heron Ltd", "Marsh Club"), **data}
    return linked_agreement(name, told, TERM, executed=executed)


def found(mine: LinkedAgreement, *others: LinkedAgreement) -> list[tuple[str, str]]:
    """Return rule and pointer of each finding of an agreement beside others."""
    known = {each.id: each for each in (mine, *others)}
    findings = link_findings(mine, SourceFile("mine.yaml", lambda _: (1, 1)), known)
    assert all(each.hint for each in findings)
    return [(each.rule.removeprefix("core/link-"), each.pointer) for each in findings]


def under(**data: Any) -> LinkedAgreement:
    return agreement("order", links={"under": "master"}, **data)


def over(status: str = "terminated", **life: Any) -> LinkedAgreement:
    return agreement("master", executed=True, status=status, lifecycle=life)


ENDED = {"on": "2026-08-31"}
UNDER, FIRST = "/links/under", "/links/replaces/0"


def test_an_agreement_without_links_has_no_findings() -> None:
    assert found(agreement("order"), over()) == []


def test_a_good_link_has_no_findings() -> None:
    assert found(under(), agreement("master", executed=True)) == []


@pytest.mark.parametrize(
    ("mine", "master", "wanted"),
    [
        ("draft", over(), "master-over"),
        ("in-review", over("expired"), "master-over"),
        ("approved", over("superseded", superseded_by="order"), "master-over"),
        ("approved", over("active", ended=ENDED), "master-over"),
        ("approved", over("active"), ""),
        ("executed", over(), "outlives"),
        ("active", over("superseded", superseded_by="order"), "outlives"),
        ("expired", over(), ""),
        ("terminated", over("expired"), ""),
    ],
)
def test_a_master_must_be_in_force(mine: str, master: LinkedAgreement, wanted: str) -> None:
    assert found(under(status=mine), master) == ([(wanted, UNDER)] if wanted else [])


def test_the_end_of_a_master_is_told_by_its_day_or_by_what_superseded_it() -> None:
    def said(master: LinkedAgreement) -> tuple[str, str]:
        (each,) = link_findings(under(), SourceFile("mine.yaml", lambda _: (1, 1)), {"master": master})
        return each.message, each.hint

    assert said(over(ended=ENDED))[0] == "`master`, which this agreement is under, ended on 2026-08-31"
    message, hint = said(over("superseded", superseded_by="master-2"))
    assert message == "`master`, which this agreement is under, is superseded by `master-2`"
    assert hint == "name `master-2` if that takes its place for this agreement too"
    assert said(over("expired"))[0] == "`master`, which this agreement is under, is expired"


@pytest.mark.parametrize(
    ("mine", "master", "late"),
    [
        ({"until": "2027-04-01"}, {"until": "2027-03-31"}, True),
        ({"until": "2027-03-31"}, {"until": "2027-03-31"}, False),
        ({"until": "2027-04-01"}, {}, False),
        ({}, {"until": "2027-03-31"}, False),
        ({"until": "2027-04-01"}, {"from": "2026-04-01", "for": "P1Y"}, True),
        ({"until": "2027-03-31"}, {"from": "2026-04-01", "for": "P1Y"}, False),
        ({"until": "2029-01-01"}, {"until": "2027-03-31", "lifecycle": {"renewals": [{"until": "2029-01-01"}]}}, False),
        ({"until": "2029-01-02"}, {"until": "2027-03-31", "lifecycle": {"renewals": [{"until": "2029-01-01"}]}}, True),
        ({"until": "2027-04-01", "status": "expired"}, {"until": "2027-03-31"}, False),
    ],
)
def test_a_term_ends_with_that_of_its_master(mine: Mapping[str, Any], master: dict[str, Any], late: bool) -> None:
    for each in master.get("lifecycle", {}).get("renewals", ()):
        each["on"] = "2027-01-01"
    wanted = [("term", UNDER)] if late else []
    assert found(under(**mine), agreement("master", executed=True, **master)) == wanted


@pytest.mark.parametrize(
    ("begins", "lasts", "ends"),
    [
        ("2026-04-01", "P1Y", "2027-03-31"),
        ("2026-03-01", "P2Y", "2028-02-29"),
        ("2024-02-29", "P1Y", "2025-02-27"),
        ("2026-01-31", "P1M", "2026-02-27"),
        ("2026-11-15", "P3M", "2027-02-14"),
        ("2026-01-01", "P2W", "2026-01-14"),
        ("2026-01-01", "P1Y6M10D", "2027-07-10"),
        ("2026-01-01", "PT5H", ""),
        ("2026-01-01", "P", ""),
        ("2026-01-01", "P9999Y", ""),
        ("2026-01-01", "P99999999999999999999Y", ""),
        ("9999-12-31", "P2D", ""),
        ("2026-02-30", "P1Y", ""),
        ("someday", "P1Y", ""),
    ],
)
def test_the_last_day_of_a_term_is_reckoned(begins: str, lasts: str, ends: str) -> None:
    assert agreement("a", **{"from": begins, "for": lasts}).ends == ends


def test_a_date_that_is_given_counts_before_a_length() -> None:
    assert agreement("a", **{"from": "2026-04-01", "for": "P1Y", "until": "2026-12-31"}).ends == "2026-12-31"


def test_values_of_other_kinds_where_the_term_should_stand_say_nothing() -> None:
    assert agreement("a", **{"from": {"x": 1}, "for": ["P1Y"], "until": 20270331}).ends == ""


@pytest.mark.parametrize(
    ("kind", "here", "there", "fits"),
    [
        ("under", ["A", "B"], ["A", "B", "C"], True),
        ("under", ["A", "B", "C"], ["A", "B"], False),
        ("under", ["A", "D"], ["A", "B"], False),
        ("under", ["a  b ", "C"], ["A B", "C"], True),
        ("replaces", ["A", "B", "C"], ["A", "B"], True),
        ("replaces", ["A"], ["A", "B"], True),
        ("replaces", ["A", "C"], ["A", "B"], False),
        ("accompanies", ["A", "B", "C"], ["A", "B"], True),
        ("accompanies", ["A", "C"], ["A", "B"], False),
    ],
)
def test_parties_fit(kind: str, here: list[str], there: list[str], fits: bool) -> None:
    names: Any = "master" if kind == "under" else ["master"]
    mine = agreement("order", links={kind: names}, parties=parties(*here), status="draft")
    wanted = [] if fits else [("parties", f"/links/{kind}" + ("" if kind == "under" else "/0"))]
    assert found(mine, agreement("master", executed=True, parties=parties(*there))) == wanted


def test_a_circle_of_three_is_told_by_all_its_steps_and_one_beside_it_is_not() -> None:
    def below(name: str, master: str) -> LinkedAgreement:
        return agreement(name, links={"under": master})

    ring = (below("a", "b"), below("b", "c"), below("c", "a"))
    (each,) = link_findings(ring[0], SourceFile("a.yaml", lambda _: (1, 1)), {each.id: each for each in ring})
    assert each.message == "this agreement is under `b`, but `b` is under `c`, and `c` is under this one"
    assert found(below("d", "a"), *ring) == [], "who only leads into a circle is not in it"


def test_agreements_that_replace_each_other_are_a_circle() -> None:
    one, two = (agreement(*names, links={"replaces": [other]}) for names, other in ((["a"], "b"), (["b"], "a")))
    assert found(one, two) == [("circle", FIRST)]


def test_agreements_may_accompany_each_other() -> None:
    one, two = (agreement(name, links={"accompanies": [other]}) for name, other in (("a", "b"), ("b", "a")))
    assert found(one, two) == []


NEW = {"links": {"replaces": ["old"]}}


@pytest.mark.parametrize(
    ("mine", "old", "wanted"),
    [
        ("approved", agreement("old", executed=True), ""),
        ("approved", agreement("old", status="draft"), "replaces-draft"),
        ("executed", agreement("old", status="approved"), "replaces-draft"),
        ("executed", agreement("old", executed=True), "not-superseded"),
        ("active", agreement("old", executed=True, status="active"), "not-superseded"),
        ("executed", agreement("old", executed=True, status="draft"), "not-superseded"),
        ("executed", agreement("old", executed=True, status="expired"), ""),
        ("expired", agreement("old", executed=True), ""),
        ("executed", agreement("old", executed=True, status="superseded", lifecycle={"superseded_by": "new"}), ""),
        (
            "draft",
            agreement("old", executed=True, status="superseded", lifecycle={"superseded_by": "newer"}),
            "disagrees",
        ),
    ],
)
def test_what_is_replaced_was_in_force_and_is_superseded(mine: str, old: LinkedAgreement, wanted: str) -> None:
    assert found(agreement("new", status=mine, **NEW), old) == ([(wanted, FIRST)] if wanted else [])


def test_the_other_side_disagrees_only_if_it_says_what_it_replaces() -> None:
    old = agreement("old", executed=True, status="superseded", lifecycle={"superseded_by": "new"})
    assert found(old, agreement("new")) == []
    assert found(old, agreement("new", **NEW)) == []
    assert found(old, agreement("new", links={"replaces": ["other"]})) == [("disagrees", "/lifecycle/superseded_by")]


def test_an_unknown_agreement_is_told_by_the_name_that_is_near() -> None:
    mine, other = agreement("order", links={"accompanies": ["mastre"]}), agreement("master")
    (each,) = link_findings(mine, SourceFile("mine.yaml", lambda _: (1, 1)), {"order": mine, "master": other})
    assert each.message == "this agreement accompanies `mastre`, but there is no agreement of that id"
    assert each.hint == "did you mean `master`?"


def test_of_an_agreement_with_errors_nothing_else_is_said() -> None:
    assert found(under(), LinkedAgreement("master")) == [("unread", UNDER)]


def test_both_directions_are_told() -> None:
    known: dict[str, dict[str, Any]] = {
        "master": {"links": {"accompanies": ["nda"]}},
        "order": {"links": {"under": "master", "accompanies": ["nda"], "replaces": ["first"]}},
        "first": {"lifecycle": {"superseded_by": "order"}},
        "zero": {"lifecycle": {"superseded_by": "order"}},
        "nda": {"links": {"accompanies": ["order"]}},
        "apart": {},
    }
    told = {name: dict(linked(name, known).rows()) for name in known}
    assert told == {
        "master": {"agreements under this one": ("order",), "accompanies": ("nda",)},
        "order": {"under": ("master",), "accompanies": ("nda",), "replaces": ("first", "zero")},
        "first": {"replaced by": ("order",)},
        "zero": {"replaced by": ("order",)},
        "nda": {"accompanies": ("order",), "accompanied by": ("master",)},
        "apart": {},
    }


@pytest.mark.parametrize(
    ("successor", "said"),
    [
        (agreement("new"), ""),
        (agreement("new", executed=True), ""),
        (agreement("new", executed=True, status="draft"), ""),
        (linked_agreement("new", agreement("new", status="draft").data, TERM, executed=False, sent=True), ""),
        (agreement("new", status="draft"), "its status is draft, and it was never sent"),
        (agreement("new", status="in-review"), "its status is in-review, and it was never sent"),
        (agreement("new", parties=parties("Heron Ltd", "Marsh Club", "Kite GmbH")), ""),
        (agreement("new", parties=parties("HERON  LTD", "Marsh Club")), ""),
        (agreement("new", parties=parties("Heron Ltd", "Kite GmbH")), "Marsh Club is no party to it, but Kite GmbH is"),
    ],
)
def test_a_successor_is_executed_or_pending_and_of_the_same_parties(successor: LinkedAgreement, said: str) -> None:
    mine = agreement("mine", executed=True, status="superseded", lifecycle={"superseded_by": "new"})
    findings = link_findings(mine, SourceFile("mine.yaml", lambda _: (1, 1)), {"mine": mine, "new": successor})
    assert [each.rule for each in findings] == (["core/lifecycle-successor"] if said else [])
    assert all(said in each.message and each.hint for each in findings)


def test_a_successor_with_errors_is_not_held_against_anything() -> None:
    mine = agreement("mine", executed=True, status="superseded", lifecycle={"superseded_by": "new"})
    assert found(mine, LinkedAgreement("new")) == [("unread", "/lifecycle/superseded_by")]
