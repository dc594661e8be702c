"""Values at the very edge of what a schema allows, and what is said there: one step further is another verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clausebook.findings.model import Finding
from clausebook.load.yaml import load_yaml
from clausebook.repository.tree import DiskTree
from clausebook.validate.common import check_common
from clausebook.validate.schemas import Schemas, load_schemas


def schemas(root: Path, **properties: Any) -> Schemas:
    return whole(root, {"type": "object", "properties": properties})


def whole(root: Path, schema: dict[str, Any]) -> Schemas:
    folder = root / "schemas" / "sample"
    folder.mkdir(parents=True)
    (folder / "agreement.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    return load_schemas(DiskTree(root), "schemas/sample", "agreement.schema.json")


def found(checked: Schemas, data: Any, *known: Finding) -> list[Finding]:
    loaded = load_yaml(json.dumps(data).encode(), "deal.yaml")
    assert loaded.value is not None
    return checked.validate(loaded.value, loaded.positions, "deal.yaml", known=known)


@pytest.mark.parametrize(
    ("start", "end", "rules"),
    [
        ("2026-03-01", "2026-03-01", []),
        ("2026-03-01", "2026-02-28", ["core/date-order"]),
        # What is no date is told as such, and has no order.
        ("2026-03-01", "soon", ["core/value-date"]),
        ("soon", "2026-03-01", ["core/value-date"]),
    ],
)
def test_a_day_may_follow_itself(tmp_path: Path, start: str, end: str, rules: list[str]) -> None:
    date = {"type": "string", "format": "date"}
    checked = schemas(tmp_path, start=date, end={**date, "x-not-before": "start"})
    assert [each.rule for each in found(checked, {"start": start, "end": end})] == rules


@pytest.mark.parametrize(("multiline", "rules"), [(True, []), (False, ["core/value-lines"])])
def test_only_a_block_of_text_ends_with_a_line_break(tmp_path: Path, multiline: bool, rules: list[str]) -> None:
    checked = schemas(tmp_path, text={"type": "string", "pattern": "[a-z]+", "x-multiline": multiline})
    assert found(checked, {"text": "words"}) == []
    assert [each.rule for each in found(checked, {"text": "words\n"})] == rules


@pytest.mark.parametrize(
    ("rule", "pointer", "again"),
    [
        ("core/value-date", "/day", False),
        ("core/value-date", "/other", True),
        # A warning, and a name given twice, say nothing of the value.
        ("core/clause-draft", "/day", True),
        ("core/yaml-duplicate-key", "/day", True),
    ],
)
def test_a_value_with_an_error_gets_no_second(tmp_path: Path, rule: str, pointer: str, again: bool) -> None:
    checked = schemas(tmp_path, day={"type": "string", "format": "date"})
    known = Finding(rule=rule, message="m", path="deal.yaml", pointer=pointer)
    assert bool(found(checked, {"day": "soon"}, known)) is again


def test_an_error_of_the_whole_file_keeps_no_value_from_being_checked(tmp_path: Path) -> None:
    checked = whole(tmp_path, {"type": "object", "required": ["day"]})
    known = Finding(rule="core/value-date", message="m", path="deal.yaml")
    assert [each.rule for each in found(checked, {}, known)] == ["core/property-missing"]


@pytest.mark.parametrize(
    ("step", "rules"), [("0", []), ("1", []), ("2", ["core/schema-reference"]), ("x", ["core/schema-reference"])]
)
def test_a_reference_leads_to_a_place_that_there_is(tmp_path: Path, step: str, rules: list[str]) -> None:
    choices = [{"type": "string"}, {"type": "integer"}]
    checked = whole(
        tmp_path, {"$defs": {"n": {"anyOf": choices}}, "properties": {"a": {"$ref": f"#/$defs/n/anyOf/{step}"}}}
    )
    assert [each.rule for each in checked.findings] == rules


def test_a_format_that_is_known_is_no_fault_and_one_that_is_not_is(tmp_path: Path) -> None:
    assert schemas(tmp_path / "one", a={"format": "date"}).findings == ()
    assert [each.rule for each in schemas(tmp_path / "two", a={"format": "dat"}).findings] == ["core/schema-format"]


def test_an_identifier_is_refused_inside_and_taken_at_the_top(tmp_path: Path) -> None:
    assert whole(tmp_path / "one", {"$id": "agreement.schema.json", "type": "object"}).findings == ()
    inner = schemas(tmp_path / "two", a={"$id": "a"})
    assert [each.rule for each in inner.findings] == ["core/schema-keyword"]


def test_a_pattern_that_cannot_be_run_says_why(tmp_path: Path) -> None:
    (finding,) = schemas(tmp_path, a={"pattern": "(?=x)"}).findings
    assert finding.rule == "core/schema-pattern"
    assert finding.message.partition("cannot be run: ")[2].startswith("invalid perl operator")


@pytest.mark.parametrize(
    ("schema", "value", "said", "mend"),
    [
        ({"maxLength": 1}, "ab", "must have at most 1 character; it has 2", "shorten it, or take some out"),
        ({"maxLength": 2}, "abc", "must have at most 2 characters; it has 3", "shorten it, or take some out"),
        ({"minItems": 1}, [], "must have at least 1 item; it has 0", "add what is missing"),
        ({"minItems": 2}, [1], "must have at least 2 items; it has 1", "add what is missing"),
    ],
)
def test_counts_are_said_in_words_that_fit(
    tmp_path: Path, schema: dict[str, Any], value: Any, said: str, mend: str
) -> None:
    (finding,) = found(schemas(tmp_path, a=schema), {"a": value})
    assert said in finding.message
    assert finding.hint == mend


@pytest.mark.parametrize(
    ("currency", "amount", "said"),
    [
        ("USD", "1.25", ""),
        ("USD", "1.255", "2 decimals"),
        ("JPY", "1", ""),
        ("JPY", "1.5", "no decimals"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(tmp_path: Path, currency: str, amount: str, said: str) -> None:
    checked = schemas(tmp_path, amount={"type": "string", "x-currency": "currency"}, currency={"type": "string"})
    findings = found(checked, {"amount": amount, "currency": currency})
    assert [each.rule for each in findings] == (["core/money-decimals"] if said else [])
    assert all(each.message.endswith(said) for each in findings)
    whole_number = "write a whole number, or correct the currency"
    assert all(
        each.hint == (whole_number if said == "no decimals" else f"round it to {said}, or correct the currency")
        for each in findings
    )


@pytest.mark.parametrize("data", [{"parties": "both"}, {"parties": ["one", "two"]}])
def test_parties_that_are_none_are_told_and_stop_nothing(data: Any) -> None:
    loaded = load_yaml(json.dumps(data).encode(), "deal.yaml")
    assert loaded.value is not None
    assert check_common(loaded.value, loaded.positions, "deal.yaml", ())


def test_a_section_that_was_sound_is_read_again_beside_other_parties(tmp_path: Path) -> None:
    folder = tmp_path / "schemas" / "sample"
    folder.mkdir(parents=True)
    section = {"type": "object", "properties": {"by": {"type": "string", "x-party": True}}}
    root = {"type": "object", "properties": {"section": {"$ref": "section.schema.json"}}}
    for name, schema in (("section", section), ("agreement", root)):
        (folder / f"{name}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    checked = load_schemas(DiskTree(tmp_path), "schemas/sample", "agreement.schema.json")
    for party, rules in (("north", []), ("south", ["core/party-unknown"]), ("north", [])):
        data = {"parties": [{"key": party}], "section": {"by": "north"}}
        assert [each.rule for each in found(checked, data)] == rules
    for by, rules in ((1, ["core/value-type"]), (1, ["core/value-type"]), ("north", [])):
        data = {"parties": [{"key": "north"}], "section": {"by": by}}
        assert [each.rule for each in found(checked, data)] == rules


@pytest.mark.parametrize(
    ("data", "rules"),
    [
        ({"parties": [{"key": "north"}], "by": "south"}, ["core/party-unknown"]),
        # Once the key is mended, it may be the one that is named.
        ({"parties": [{"key": "No"}], "by": "north"}, ["core/value-pattern"]),
        ({"parties": [{"key": "north", "name": 7}], "by": "south"}, ["core/party-unknown", "core/value-type"]),
        ({"parties": [], "by": "south"}, []),
        ({"by": "south"}, []),
        ({"parties": [{"key": "north"}], "by": 7}, ["core/value-type"]),
    ],
)
def test_who_is_a_party_is_told_while_the_keys_are_sound(tmp_path: Path, data: Any, rules: list[str]) -> None:
    party = {"properties": {"key": {"type": "string", "pattern": "[a-z]+"}, "name": {"type": "string"}}}
    checked = schemas(tmp_path, parties={"items": party}, by={"type": "string", "x-party": True})
    assert sorted(each.rule for each in found(checked, data)) == rules
    known = Finding(rule="core/value-date", message="m", path="deal.yaml", pointer="/parties/0/key")
    assert "core/party-unknown" not in [each.rule for each in found(checked, data, known)]


def test_who_is_a_party_is_not_asked_where_a_schema_says_so(tmp_path: Path) -> None:
    checked = schemas(tmp_path, parties={}, by={"type": "string", "x-party": False})
    assert found(checked, {"parties": [{"key": "north"}], "by": "south"}) == []


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        ({"kind": "open"}, "below it, add `days: 3`"),
        ({"kind": "open", "days": 4}, ""),
    ],
)
def test_a_value_that_cannot_be_without_another_asks_for_it(tmp_path: Path, data: Any, hint: str) -> None:
    root = {
        "properties": {"kind": {"type": "string"}, "days": {"enum": [3, 4]}},
        "if": {"required": ["days"]},
        "else": {"properties": {"kind": {"not": {"const": "open"}}}},
    }
    assert [each.hint for each in found(whole(tmp_path, root), data)] == ([hint] if hint else [])


def test_an_amount_and_a_date_beside_what_is_none_have_no_order_and_no_decimals(tmp_path: Path) -> None:
    checked = schemas(
        tmp_path,
        amount={"x-currency": "currency"},
        end={"x-not-before": "start"},
        free=True,
    )
    assert found(checked, {"amount": "1.2345", "currency": 7, "end": "2026-01-01", "start": 7, "free": "x"}) == []
    assert found(checked, {"amount": "1.ab cd", "currency": "USD", "end": 7, "start": "2026-01-01"}) == []
    assert found(checked, {"amount": "1.2345", "end": "2026-01-01"}) == []


@pytest.mark.parametrize(("count", "cut"), [(1000, False), (1001, True)])
def test_a_thousand_findings_are_told_and_no_more(tmp_path: Path, count: int, cut: bool) -> None:
    findings = found(whole(tmp_path, {"additionalProperties": False}), {f"p{number}": 1 for number in range(count)})
    assert [each.rule for each in findings].count("core/property-unknown") == 1000
    assert (findings[-1].rule == "core/too-many-findings") is cut


@pytest.mark.parametrize(
    ("schema", "hint"),
    [
        ({"type": "array", "items": {"type": "string"}}, 'write `a: ["[A]"]`; `clausebook new TYPE ID`'),
        ({"type": "string", "pattern": "[a-z]+"}, "the whole value must match [a-z]+"),
    ],
)
def test_dots_for_more_than_one_value_are_told_what_they_stand_for(
    tmp_path: Path, schema: dict[str, Any], hint: str
) -> None:
    (finding,) = found(schemas(tmp_path, a=schema), {"a": "…"})
    assert finding.hint.startswith(hint)


@pytest.mark.parametrize(
    ("first", "given", "examples", "hint"),
    [
        (9, "C3", [], "did you mean `C39`?"),
        (10, "C3", [], "one of: C10, C11"),
        (9, "x", [], "one of 31 values, such as C09, C10, C11"),
        (9, "x", ["C08", "C20"], "one of 31 values, such as C20"),
    ],
)
def test_of_more_codes_than_can_be_listed_the_one_that_the_deal_uses_is_meant(
    tmp_path: Path, first: int, given: str, examples: list[str], hint: str
) -> None:
    codes = {"enum": [f"C{number:02}" for number in range(first, 40)], "examples": examples}
    (finding,) = found(schemas(tmp_path / "plain", a=codes), {"a": given, "elsewhere": "C39"})
    assert finding.hint.startswith(hint)
    choice = {"oneOf": [codes, {"type": "integer"}]}
    (finding,) = found(schemas(tmp_path / "choice", a=choice), {"a": given, "elsewhere": "C39"})
    assert finding.hint.startswith(hint), "in one form of a choice, too"


def test_words_to_choose_from_are_told_whole(tmp_path: Path) -> None:
    long = "the courts of the place where the party that is sued has its registered office"
    (finding,) = found(schemas(tmp_path, a={"enum": [long, True]}), {"a": "none"})
    assert finding.hint == f"one of: {long}, true"


def test_a_section_that_was_sound_is_remembered_and_no_small_part_is(tmp_path: Path) -> None:
    folder = tmp_path / "schemas" / "sample"
    folder.mkdir(parents=True)
    name = {"$ref": "#/$defs/name"}
    section = {"properties": {"by": name, "with": name}, "$defs": {"name": {"type": "string"}}}
    root = {"properties": {"section": {"$ref": "section.schema.json"}}}
    for file, schema in (("section", section), ("agreement", root)):
        (folder / f"{file}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    checked = load_schemas(DiskTree(tmp_path), "schemas/sample", "agreement.schema.json")
    for by, remembered in ((7, 0), ("north", 1), ("north", 1), ("south", 2)):
        found(checked, {"section": {"by": by, "with": "east"}})
        assert len(checked.sound) == remembered
