"""CSV: what is written runs nothing in a spreadsheet; what a spreadsheet wrote is read, or refused with a reason."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.formats.csv_sheet import MOST_CELL, MOST_ROWS, CsvProblem, read_csv
from clausebook.formats.csv_text import csv_file, csv_text
from tests.support.tiers import examples

KNOWN = ("file", "title", "value")


def cells(content: bytes | str) -> list[dict[str, str]]:
    """Return the cells of each row."""
    content = content.encode() if isinstance(content, str) else content
    return [dict(row.cells) for row in read_csv(content, KNOWN).rows]


@pytest.mark.parametrize(
    "cell",
    ["=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", "'=1", "''@x"],
)
def test_no_cell_is_a_formula(cell: str) -> None:
    row = next(csv.reader(io.StringIO(csv_text(["a"], [[cell]]), newline="").readlines()[1:]))
    assert row == ["'" + cell.replace("\r", "\n")]


@pytest.mark.parametrize("cell", ["-12.5", "+3", "-1250,00", "a=b", "2027-03-04", "O'Hara", "'quoted'", ""])
def test_what_is_no_formula_stays(cell: str) -> None:
    assert next(csv.reader(csv_text(["a", "b"], [[cell, "x"]]).splitlines()[1:])) == [cell, "x"]


@settings(max_examples=examples(200))
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)))
def test_what_was_written_is_read(said: list[str]) -> None:
    wanted = [
        cell.strip().replace("\r\n", "\n").replace("\r", "\n")
        for cell in said
        if cell.strip() and not cell[0].isspace()
    ]
    rows = [["x.pdf", cell] for cell in wanted]
    assert [row.get("title") for row in cells(csv_file(["file", "title"], rows))] == wanted


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_spreadsheets_write_it_so(encoding: str, separator: str, end: str) -> None:
    lines = (("File ", "VALUE"), ("año.pdf", '"1.250,00"'), ("", ""), ("b.pdf", '"two\nlines"'), ("", ""))
    text = end.join(map(separator.join, lines))
    sheet = read_csv(text.encode(encoding), KNOWN)
    assert [(row.line, dict(row.cells)) for row in sheet.rows] == [
        (2, {"file": "año.pdf", "value": "1.250,00"}),
        (4, {"file": "b.pdf", "value": "two\nlines"}),
    ]
    assert sheet.headings == ("file", "value")
    assert sheet.encoding == encoding.removesuffix("-sig")


def test_blank_lines_before_the_headings_are_none() -> None:
    assert cells("\n\r\nfile;title\na.pdf;x\n") == [{"file": "a.pdf", "title": "x"}]


def test_excel_s_own_line_names_the_separator() -> None:
    sheet = read_csv(b"sep=;\r\nfile;title\r\na.pdf;one, two\r\n", KNOWN)
    assert [(row.line, dict(row.cells)) for row in sheet.rows] == [(3, {"file": "a.pdf", "title": "one, two"})]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "none of the headings"),
        (b"PK\x03\x04rest", 0, "workbook"),
        (b"fi\0le,title\n", 0, "no text"),
        (b"file,titel\n", 1, "“titel” is not known"),
        (b"file,file\n", 1, "stands twice"),
        (b"colour,shape\nred,round\n", 1, "none of the headings"),
        (b"file,title\na.pdf,one,two\n", 2, "more than there are headings: two"),
        (b'file,title\na.pdf,"one\nb.pdf,two\n', 2, "cannot be read"),
        (b'file,title\na.pdf,"one" two\n', 2, "cannot be read"),
        (b"file,title\na.pdf," + b"x" * 100_000 + b"\n", 2, "100,000 characters"),
        (b"file,title\na.pdf," + b"x" * 200_000 + b"\n", 2, "longer than what is read"),
        (b"\xff\xfef\0i\0l", 0, "damaged"),
        (b"file,title\n\x81\xff,x\n", 0, "no encoding"),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, line: int, said: str) -> None:
    with pytest.raises(CsvProblem) as error:
        read_csv(content, KNOWN)
    assert said in error.value.message
    assert error.value.line == line


def test_rows_and_cells_have_a_bound() -> None:
    most = b"file,title\n" + b"a.pdf,x\n" * MOST_ROWS
    assert len(read_csv(most, KNOWN).rows) == MOST_ROWS
    with pytest.raises(CsvProblem, match="more than"):
        read_csv(most + b"a.pdf,x\n", KNOWN)
    assert cells(f"file,title\na.pdf,{'x' * MOST_CELL}\n")[0]["title"] == "x" * MOST_CELL
