"""What was measured under an agreement is read from any spreadsheet's CSV, and no number is guessed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from clausebook.findings.model import Finding
from clausebook.records.results_files import MetricResult, read_number, results_of
from clausebook.repository.tree import DiskTree

METRICS = ("Patients served", "Net promoter score (NPS)")


def read(root: Path, content: bytes, as_of: str = "") -> tuple[tuple[MetricResult, ...], tuple[Finding, ...]]:
    folder = root / "agreements" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "deal.csv").write_bytes(content)
    return results_of(DiskTree(root), "deal", METRICS, as_of)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, int]]:
    return [(each.rule.removeprefix("core/results-"), each.line) for each in findings]


def test_without_a_file_nothing_was_measured(tmp_path: Path) -> None:
    assert results_of(DiskTree(tmp_path), "deal", METRICS) == ((), ())


@pytest.mark.parametrize(
    "content",
    [
        b"date,metric,value,note\n2027-06-30,Patients served,1912.5,counted twice\n",
        b"\xef\xbb\xbfdate;metric;value;note\r\n2027-06-30;Patients served;1912,5;counted twice\r\n",
        "date\tmetric\tvalue\tnote\n2027-06-30\tpatients  served\t1 912,5\tcounted twice\n".encode("utf-16"),
        b'sep=;\r\nNote;Value;Metric;Date\r\ncounted twice;"1.912,50";Patients served;2027-06-30\r\n',
        b'date,metric,value,note\n\n,,,\n2027-06-30,Patients served,"1,912.5",counted twice\n',
    ],
)
def test_any_spreadsheet_s_csv_says_the_same(tmp_path: Path, content: bytes) -> None:
    (result,), findings = read(tmp_path, content)
    assert findings == ()
    assert (result.date, result.metric, result.value) == ("2027-06-30", "Patients served", Decimal("1912.5"))
    assert result.note == "counted twice"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("-5", "-5"),
        ("+5,25", "5.25"),
        ("0.125", "0.125"),
        ("1234,567", "1234.567"),
        ("12 000", "12000"),
        ("1’234’567.8", "1234567.8"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
    ],
)
def test_a_number_is_read_where_it_can_be_only_one(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.234", "can be 1234 or 1.2340"),
        ("12,000", "can be 12000 or 12.0000"),
        ("=SUM(A1:A3)", "is a formula"),
        ("@now", "is a formula"),
        ("1,234,567,89", "is no number"),
        ("1.234.567.8", "is no number"),
        ("12 %", "is no number"),
        ("1e6", "is no number"),
        ("NaN", "is no number"),
        ("٣", "is no number"),
        ("9" * 16, "is no number"),
    ],
)
def test_a_number_that_can_be_two_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_number(text)


def test_each_fault_of_a_row_is_told_at_its_line_and_the_row_left_out(tmp_path: Path) -> None:
    content = (
        "date,metric,value\n"
        "30.06.2027,Patients served,1\n"
        "2027-06-30,Patients saved,1\n"
        "2027-06-30,Patients served,1.234\n"
        "2027-06-31,Patients,\n"
        "2027-06-30,Patients served,'=1+1\n"
        "2027-07-01,Patients served,7\n"
    )
    results, findings = read(tmp_path, content.encode())
    assert told(findings) == [
        ("date", 2),
        ("metric", 3),
        ("value", 4),
        ("value", 5),
        ("date", 5),
        ("metric", 5),
        ("value", 6),
    ]
    assert findings[1].hint == "did you mean `Patients served`?"
    assert [(each.date, each.line) for each in results] == [("2027-07-01", 7)]


def test_two_results_of_one_day_are_told_and_the_first_counts(tmp_path: Path) -> None:
    rows = ("2027-06-30,Patients served,7", "2027-06-30,Patients served,8", "2027-06-30,PATIENTS SERVED,7.0")
    results, findings = read(tmp_path, "\n".join(("date,metric,value", *rows)).encode())
    assert [each.value for each in results] == [7]
    assert told(findings) == [("repeated", 3)]


def test_a_result_of_a_day_to_come_is_told_and_left_out(tmp_path: Path) -> None:
    content = b"date,metric,value\n2027-06-30,Patients served,7\n2027-07-01,Patients served,8\n"
    results, findings = read(tmp_path, content, "2027-06-30")
    assert [each.value for each in results] == [7]
    assert told(findings) == [("future", 3)]
    assert read(tmp_path, content, "2027-07-01")[1] == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "none of the headings"),
        (b"date,metric\n", "it has no column value"),
        (b"date,metric,value,amount\n", "the heading"),
        (b"date,metric,value\n2027-06-30,Patients served,1,2,3\n", "a cell more"),
        (b"PK\x03\x04xl/workbook.xml", "workbook"),
    ],
)
def test_a_file_that_is_no_such_sheet_is_refused_whole(tmp_path: Path, content: bytes, said: str) -> None:
    results, (finding,) = read(tmp_path, content)
    assert results == ()
    assert finding.rule == "core/results-unreadable"
    assert said in finding.message
