"""Validating data: cases as folders over one small schema, and schemas that mean harm."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.findings.model import Finding
from clausebook.load.yaml import load_yaml
from clausebook.repository.tree import DiskTree
from clausebook.validate.schemas import Schemas, SchemaStore, load_schemas
from clausebook.validate.value_formats import VALUE_FORMATS, is_date, is_duration

CASES = Path(__file__).parents[1] / "cases" / "validate"
SCHEMAS = load_schemas(DiskTree(CASES), "schemas", "agreement.schema.json")


def lines_of(findings: list[Finding]) -> list[str]:
    """Return what a case's expected.txt holds: rule, line:column, pointer, message and hint."""
    return [
        f"{finding.rule} {finding.line}:{finding.column} {finding.pointer or '-'} {finding.message} | {finding.hint}"
        for finding in findings
    ]


def found_in(source: bytes, schemas: Schemas = SCHEMAS) -> list[Finding]:
    loaded = load_yaml(source, "input.yaml")
    assert loaded.value is not None
    return schemas.validate(loaded.value, loaded.positions, "input.yaml", known=loaded.findings)


def schemas_of(tmp_path: Path, files: dict[str, Any]) -> Schemas:
    folder = tmp_path / "schemas" / "sample"
    folder.mkdir(parents=True)
    for name, schema in files.items():
        text = schema if isinstance(schema, str) else json.dumps(schema, indent=1)
        (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")
    return load_schemas(DiskTree(tmp_path), "schemas/sample", "agreement.schema.json")


@pytest.mark.parametrize("case", sorted(path.parent for path in CASES.glob("*/input.yaml")), ids=lambda case: case.name)
def test_case(case: Path) -> None:
    found = found_in((case / "input.yaml").read_bytes())
    assert lines_of(found) == (case / "expected.txt").read_text(encoding="utf-8").splitlines()


def test_order_and_words_do_not_vary() -> None:
    source = (CASES / "everything" / "input.yaml").read_bytes()
    assert found_in(source) == found_in(source)


def test_validation_changes_nothing() -> None:
    loaded = load_yaml((CASES / "everything" / "input.yaml").read_bytes(), "a.yaml")
    before = json.dumps(loaded.value)
    SCHEMAS.validate(loaded.value, loaded.positions, "a.yaml")
    assert json.dumps(loaded.value) == before


@pytest.mark.parametrize("reference", ["https://example.com/a.json", "http://127.0.0.1:9/a.json", "file:///etc/hosts"])
def test_a_reference_to_a_network_is_a_finding_and_never_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    schemas = schemas_of(tmp_path, {"agreement": {"properties": {"a": {"$ref": reference}}}})
    assert [(finding.rule, finding.pointer) for finding in schemas.findings] == [
        ("core/schema-reference", "/properties/a")
    ]
    assert f"reference to {reference} is not a file of schemas/sample/" in schemas.findings[0].message
    assert (schemas.findings[0].path, schemas.findings[0].line) == ("schemas/sample/agreement.schema.json", 3)
    assert found_in(b"a: b\n", schemas) == list(schemas.findings)


@pytest.mark.parametrize(
    "reference", ["../partnership/common.schema.json", "other.schema.json", "#/$defs/none", "#anchor", "/etc/hosts"]
)
def test_a_reference_out_of_the_folder_is_a_finding(tmp_path: Path, reference: str) -> None:
    schemas = schemas_of(tmp_path, {"agreement": {"$ref": reference}})
    assert [finding.rule for finding in schemas.findings] == ["core/schema-reference"]


@pytest.mark.parametrize(
    ("schema", "rule"),
    [
        ({"pattern": "(?=a)b"}, "core/schema-pattern"),
        ({"pattern": r"(a)\1"}, "core/schema-pattern"),
        ({"patternProperties": {"(?!x)": {}}}, "core/schema-pattern"),
        ({"properties": {"a": {"format": "phone"}}}, "core/schema-format"),
        ({"allOf": [{"$dynamicRef": "#x"}]}, "core/schema-keyword"),
        ({"unevaluatedProperties": False}, "core/schema-keyword"),
        ({"items": {"$id": "https://example.com/"}}, "core/schema-keyword"),
        ("{", "core/schema-syntax"),
        ("[" * 100_000, "core/schema-syntax"),
    ],
)
def test_a_schema_that_cannot_be_used_is_a_finding(tmp_path: Path, schema: Any, rule: str) -> None:
    schemas = schemas_of(tmp_path, {"agreement": schema})
    assert [finding.rule for finding in schemas.findings] == [rule]


def test_a_missing_schema_is_a_finding(tmp_path: Path) -> None:
    assert [finding.rule for finding in schemas_of(tmp_path, {}).findings] == ["core/schema-missing"]


def test_a_schema_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.json").write_text("{}", encoding="utf-8")
    root = tmp_path / "repository"
    (root / "schemas" / "sample").mkdir(parents=True)
    (root / "schemas" / "sample" / "agreement.schema.json").symlink_to(tmp_path / "outside" / "secret.json")
    schemas = load_schemas(DiskTree(root), "schemas/sample", "agreement.schema.json")
    assert [finding.rule for finding in schemas.findings] == ["core/file-unreadable"]


def test_a_schema_of_several_files_keeps_our_own_keywords(tmp_path: Path) -> None:
    dialect = "https://json-schema.org/draft/2020-12/schema"
    schemas = schemas_of(
        tmp_path,
        {
            "agreement": {"$schema": dialect, "properties": {"a": {"$ref": "part.schema.json"}}},
            "part": {"$schema": dialect, "$id": "part.schema.json", "properties": {"b": {"$ref": "#/$defs/c"}}}
            | {"$defs": {"c": {"pattern": "x"}}},
        },
    )
    # By JSON Schema's own rule the pattern would be found inside "axb".
    assert [finding.rule for finding in found_in(b"a: {b: axb}\n", schemas)] == ["core/value-pattern"]


def test_a_pattern_takes_time_linear_in_the_value(tmp_path: Path) -> None:
    schemas = schemas_of(tmp_path, {"agreement": {"properties": {"a": {"pattern": "(a+)+b"}}}})
    start = time.perf_counter()
    assert len(found_in(b"a: " + b"a" * 100_000 + b"\n", schemas)) == 1
    assert time.perf_counter() - start < 5


def test_schemas_that_refer_to_themselves_follow_the_data(tmp_path: Path) -> None:
    schemas = schemas_of(
        tmp_path,
        {"agreement": {"type": "object", "properties": {"a": {"$ref": "#"}}, "additionalProperties": False}},
    )
    depth = 39
    source = b"".join(b" " * level + b"a:\n" for level in range(depth)) + b" " * depth + b"b: x\n"
    assert [finding.rule for finding in found_in(source, schemas)] == ["core/property-unknown"]


def test_many_wrong_values_are_bounded() -> None:
    start = time.perf_counter()
    found = found_in((CASES / "fine" / "input.yaml").read_bytes() + b"".join(b"y%d: 1\n" % n for n in range(40_000)))
    assert time.perf_counter() - start < 10
    assert len(found) == 1001
    assert found[-1].rule == "core/too-many-findings"


def test_the_store_knows_the_types(tmp_path: Path) -> None:
    schemas_of(tmp_path, {"agreement": {}})
    (tmp_path / "schemas" / "empty").mkdir()
    store = SchemaStore(DiskTree(tmp_path))
    assert store.types() == ["sample"]
    assert store.of("sample") is store.of("sample")
    assert store.of("sample").findings == ()


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2026-03-01", True),
        ("2024-02-29", True),
        ("2026-02-29", False),
        ("1900-01-01", True),
        ("2199-12-31", True),
        ("0026-11-15", False),
        ("1899-12-31", False),
        ("2200-01-01", False),
        ("2026-13-01", False),
        ("0000-01-01", False),
        ("20260301", False),
        ("2026-W10-1", False),
        ("2026-3-1", False),
        ("2026-03-01T00:00", False),
        ("2026-03-01\n", False),
        ("٢٠٢٦-٠٣-٠١", False),
    ],
)
def test_dates(text: str, good: bool) -> None:
    assert is_date(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("P90D", True),
        ("P2Y", True),
        ("P1Y6M", True),
        ("P2W", True),
        ("PT24H", True),
        ("P1DT12H30M5S", True),
        ("P10Y", True),
        ("P", False),
        ("PT", False),
        ("P1YT", False),
        ("P0D", False),
        ("P0Y0M", False),
        ("90D", False),
        ("P-1D", False),
        ("P1.5D", False),
        ("P1D1Y", False),
        ("p1d", False),
        ("P1D\n", False),
        ("P" + "9" * 100 + "D", False),
    ],
)
def test_durations(text: str, good: bool) -> None:
    assert is_duration(text) is good


def test_a_year_that_no_agreement_has_is_named(tmp_path: Path) -> None:
    schemas = schemas_of(tmp_path, {"agreement": {"properties": {"due": {"type": "string", "format": "date"}}}})
    [found] = found_in(b"due: 0026-11-15\n", schemas)
    assert (found.rule, found.line, found.column) == ("core/value-date", 1, 6)
    assert "is not of the years 1900 to 2199" in found.message


@pytest.mark.parametrize(
    ("amount", "currency", "most"),
    [
        ("240000.5", "JPY", "no decimals"),
        ("240000.00", "JPY", "no decimals"),
        ("240000", "JPY", ""),
        ("18000.555", "USD", "2 decimals"),
        ("18000.55", "USD", ""),
        ("18000.555", "KWD", ""),
        ("18000.5555", "KWD", "3 decimals"),
    ],
)
def test_amounts_have_no_more_decimals_than_their_currency(
    tmp_path: Path, amount: str, currency: str, most: str
) -> None:
    money = {"properties": {"amount": {"x-currency": "currency"}, "currency": {"type": "string"}}}
    schemas = schemas_of(tmp_path, {"agreement": {"properties": {"fee": money}}})
    found = found_in(f'fee: {{amount: "{amount}", currency: {currency}}}\n'.encode(), schemas)
    assert [(each.rule, each.pointer) for each in found] == ([("core/money-decimals", "/fee/amount")] if most else [])
    assert all(most in each.message and currency in each.message for each in found)


MENDS = {
    "due": {"type": "string", "format": "date"},
    "notice": {"type": "string", "format": "duration"},
    "currency": {"type": "string", "enum": ["AED", "UZS", "USD", "EUR"], "examples": ["USD"]},
    "name": {"type": "string"},
    "amount": {"type": "string", "pattern": "[0-9]+\\.[0-9]{2}", "examples": ["250.00"]},
}


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("due: 46388", "write the date as year-month-day: 2027-01-01, if that is what 46388 stands for"),
        ("due: 20260301", "write the date as year-month-day: 2026-03-01, if that is what 20260301 stands for"),
        ("due: 7", "write the date as year-month-day, such as 2026-03-01"),
        ("notice: 60", "write P, the number and its unit: P60D for 60 days, P60M for months, P60Y for years"),
        ("currency: US$", "did you mean `USD`?"),
        ("currency: 7", "one of: AED, UZS, USD, EUR"),
        ("name: 7", 'put it in quotes: "7"'),
        ("name: true", 'put it in quotes: "true"'),
        ("amount: 250", "write it like this: 250.00"),
    ],
)
def test_mends_know_how_the_value_is_written(tmp_path: Path, text: str, mend: str) -> None:
    schemas = schemas_of(tmp_path, {"agreement": {"type": "object", "properties": MENDS}})
    assert [finding.hint for finding in found_in(text.encode(), schemas)] == [mend]


def test_who_the_parties_are_is_not_known_while_one_has_no_key() -> None:
    source = b"title: A\nparties: [{key: north, role: provider}, {kee: south}]\nshares: [{party: south, share: 100}]\n"
    assert "core/party-unknown" not in {finding.rule for finding in found_in(source)}


def test_email_addresses() -> None:
    is_email = VALUE_FORMATS["email"][0]
    assert is_email("legal+notices@alder.example")
    assert not any(map(is_email, ("", "a", "a@b", "a b@c.d", "a@b..c", "a@b.c\n")))


NAMES = st.sampled_from(["title", "parties", "term", "shares", "party", "share", "fee", "steps", "x-a"])
ANYTHING = st.recursive(
    st.text() | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(ANYTHING)
def test_no_value_raises(value: Any) -> None:
    loaded = load_yaml(b"a: b\n", "a.yaml")
    found = SCHEMAS.validate({"title": value, "shares": value, "term": value, "steps": value}, loaded.positions, "a")
    assert all(finding.message and finding.line for finding in found)
