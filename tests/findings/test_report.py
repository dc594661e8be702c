"""How findings are printed: text, JSON, annotations, SARIF."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from clausebook import __version__
from clausebook.findings.model import Finding
from clausebook.findings.register import UndeclaredRule, rule_of
from clausebook.findings.report import REPORTERS, as_github, as_html, as_json, as_sarif, as_text, summary

ERROR = Finding(
    rule="core/value-date",
    message="`since`: “50%, or: more”\nis not a date",
    path="agreements/a,b:c%.yaml",
    line=3,
    column=7,
    pointer="/secrets/since",
    hint="write 2026-03-01: or\r\n100% of it",
)
WARNING = Finding(rule="core/clause-draft", message="a draft", path="agreements/b.yaml")
NOTE = Finding(rule="core/wording-behind", message="behind", path="agreements/c.md", line=1, column=1)
ALL = (ERROR, WARNING, NOTE)


def test_text() -> None:
    assert as_text((WARNING, NOTE)).splitlines() == [
        "agreements/b.yaml: warning: a draft [core/clause-draft]",
        "agreements/c.md:1:1: note: behind [core/wording-behind]",
        "1 warning, 1 note",
    ]


def test_text_with_field_and_mend() -> None:
    finding = Finding(rule="core/value-date", message="m", path="p", line=1, column=2, pointer="/x", hint="h")
    assert as_text((finding,)).splitlines() == [
        "p:1:2: error: m [core/value-date]",
        "    field: /x",
        "    mend:  h",
        "1 error",
    ]
    assert as_text((replace(finding, place="/y"),)).splitlines()[1] == "    field: /y"


@pytest.mark.parametrize(
    ("pointer", "place", "field"),
    [
        ("/parties/1/notice/address/0", "/parties/retailer/notice/address/Suite", "/parties/retailer/notice/address/0"),
        ("/parties/1", "/parties/retailer", "/parties/retailer"),
        ("/parties/1", "", "/parties/1"),
        ("/clauses/Term", "/clauses/Term", "/clauses/Term"),
    ],
)
def test_an_item_is_not_named_by_its_mistaken_words(pointer: str, place: str, field: str) -> None:
    finding = Finding(rule="core/value-date", message="m", path="p", line=1, column=2, pointer=pointer, place=place)
    assert as_text((finding,)).splitlines()[1] == f"    field: {field}"


def test_text_keeps_each_finding_on_its_own_lines() -> None:
    lines = as_text((ERROR,)).splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("agreements/a,b:c%.yaml:3:7: error: ")


def test_text_of_nothing() -> None:
    assert as_text(()) == ""
    assert summary(()) == "no findings"


def test_text_shows_no_control_character() -> None:
    finding = Finding(rule="core/value-date", message="a \x1b[31mred\x07 \u202e word", path="p\x1b[2J", hint="h\x9b0m")
    assert not set(as_text((finding,))) & set("\x1b\x07\u202e\x9b")


def test_summary_counts() -> None:
    assert summary((ERROR, ERROR, WARNING)) == "2 errors, 1 warning"


def test_json() -> None:
    found = json.loads(as_json(ALL))["findings"]
    assert [entry["rule"] for entry in found] == ["core/value-date", "core/clause-draft", "core/wording-behind"]
    assert found[0] == {
        "rule": "core/value-date",
        "message": ERROR.message,
        "path": ERROR.path,
        "severity": "error",
        "line": 3,
        "column": 7,
        "pointer": "/secrets/since",
        "hint": ERROR.hint,
        "place": "",
    }
    assert json.loads(as_json(())) == {"findings": []}


def test_github() -> None:
    lines = as_github(ALL).split("\n")
    assert len(lines) == 3
    assert lines[0] == (
        "::error file=agreements/a%2Cb%3Ac%25.yaml,line=3,col=7,title=core/value-date::"
        "`since`: “50%25, or: more”%0Ais not a date (write 2026-03-01: or%0D%0A100%25 of it)"
    )
    assert lines[1] == "::warning file=agreements/b.yaml,line=1,col=1,title=core/clause-draft::a draft"
    assert lines[2].startswith("::notice file=agreements/c.md,line=1,col=1,")


def test_github_cannot_be_given_a_second_command() -> None:
    finding = Finding(rule="core/value-date", message="x\n::set-env name=a::b", path="p\n::stop-commands::t")
    assert "\n" not in as_github((finding,))


def test_sarif() -> None:
    log = json.loads(as_sarif(ALL))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("clausebook", __version__)
    assert [rule["id"] for rule in driver["rules"]] == ["core/clause-draft", "core/value-date", "core/wording-behind"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    for result, finding in zip(run["results"], ALL, strict=True):
        assert result["ruleId"] == finding.rule
        assert result["message"]["text"].startswith(finding.message)
        (location,) = result["locations"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1
        assert location["physicalLocation"]["region"]["startColumn"] >= 1
    assert driver["rules"][1]["shortDescription"]["text"] == rule_of("core/value-date").title
    assert run["results"][0]["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "/secrets/since"}]


def test_sarif_tells_a_finding_again_though_its_line_and_position_moved() -> None:
    found = [replace(ERROR, line=line, pointer=f"/parties/{line}/key", place="/parties/a/key") for line in (3, 4)]
    results = json.loads(as_sarif(found))["runs"][0]["results"]
    assert results[0]["partialFingerprints"] == results[1]["partialFingerprints"]


def test_sarif_says_the_mend_after_the_message_and_no_more_than_there_is() -> None:
    results = json.loads(as_sarif(ALL))["runs"][0]["results"]
    said = [result["message"]["text"] for result in results]
    assert said == [f"{ERROR.message} {ERROR.hint}", WARNING.message, NOTE.message]
    assert ["logicalLocations" in result["locations"][0] for result in results] == [True, False, False]


def test_sarif_tells_findings_without_a_place_apart_by_what_they_say() -> None:
    found = [WARNING, replace(WARNING, message="another"), ERROR, replace(ERROR, message="reworded")]
    marks = [each["partialFingerprints"] for each in json.loads(as_sarif(found))["runs"][0]["results"]]
    assert marks[0] != marks[1]
    # A place stays the same when only the words of the finding change.
    assert marks[2] == marks[3]


def test_sarif_names_files_by_uri() -> None:
    (result,) = json.loads(as_sarif((ERROR,)))["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "agreements/a%2Cb%3Ac%25.yaml"


def test_sarif_of_nothing() -> None:
    assert json.loads(as_sarif(()))["runs"][0]["results"] == []


def test_reports_are_registered_by_name() -> None:
    assert sorted(REPORTERS) == ["github", "gitlab", "json", "sarif", "text"]


def test_html_shows_code_as_code_and_nothing_of_a_finding_is_markup() -> None:
    assert as_html("`use: <b>` is no `clause`") == "<code>use: &lt;b&gt;</code> is no <code>clause</code>"
    assert as_html("a ` alone, and <script>") == "a ` alone, and &lt;script&gt;"


def test_an_undeclared_rule_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(UndeclaredRule, match=r"is declared in rules/: .*core/value-date.*\?$"):
        rule_of("core/value-dates")
    with pytest.raises(UndeclaredRule, match=r"is declared in rules/$"):
        rule_of("zzz")
