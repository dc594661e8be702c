"""What a contract cannot hold is told where it stands in the clause's file, and all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.assemble.clause_markdown import MarkdownError, parse_clause
from clausebook.assemble.parsing import place_in
from clausebook.document.model import ItemList, Paragraph, Run
from clausebook.document.notes import is_notes, text_of_note
from clausebook.project.agreement import ordered
from clausebook.project.project import Project
from tests.support.repositories import nda_repository

TEXT = """One paragraph with `code` here
and <b>bold</b> on line two.

# Heading ![x](http://y)

> quote ~~gone~~

1. item
2.
3. [a](http://x)

| a | b |
|---|---|
| `x` | c |

---

```
fence
```
"""


def faults(text: str) -> list[tuple[str, int, int]]:
    """Return what is refused in a text, in short, with line and column."""
    try:
        parse_clause(text, (), "clause", "“”‘’", lambda words, piece: Run(words))
    except MarkdownError as error:
        return [(fault.message, *place_in(text, text, fault)) for fault in error.faults]
    return []


def test_every_construct_is_told_at_its_own_line() -> None:
    told = [(message.removeprefix("the clause uses ").partition(",")[0], *place) for message, *place in faults(TEXT)]
    assert told == [
        ("code", 1, 20),
        ("HTML", 2, 5),
        ("a heading", 4, 1),
        ("an image", 4, 13),
        ("a block quote", 6, 1),
        ("struck-out text", 6, 9),
        ("a list has an empty item", 9, 1),
        ("the link to 'http://x' is neither https: nor mailto:", 10, 8),
        ("code", 14, 3),
        ("a rule", 16, 1),
        ("a code block", 18, 1),
    ]


def test_markup_of_other_dialects_is_refused_where_it_stands_and_printed_nowhere() -> None:
    text = (
        "A ==mark== and a note.[^a b]\n\nH~water~ and ++new++.\n\n[^1]: The note.\n\n::: warning\n\nx^*^\n\n*[A]: B\n"
    )
    told = [(message.removeprefix("the clause uses ").partition(",")[0], *place) for message, *place in faults(text)]
    assert told == [
        ("highlighted text", 1, 3),
        ("a footnote without a name of letters", 1, 23),
        ("a subscript of other characters than 0 to 9 + - = ( )", 3, 2),
        ("inserted text", 3, 14),
        ("the footnote `1` is marked nowhere: write [^1] where it belongs", 5, 1),
        ("a container", 7, 1),
        ("a superscript of other characters than 0 to 9 + - = ( ) n i", 9, 2),
        ("an abbreviation", 11, 1),
    ]
    for words in ("1 + 1 == 2", "C++ and C++", "about ~5 or ~10", r"\~2\~", "[a](https://a.example/~b~c==d==)"):
        assert faults(words) == []


def test_scripts_check_boxes_and_line_breaks_are_text() -> None:
    parsed = parse_clause(
        "H~2~O, 10^-3^\\\nm\n\n- [x] yes\n- [ ] no\n", (), "c", "“”‘’", lambda words, piece: Run(words)
    )
    paragraph, boxes = parsed.blocks
    assert isinstance(paragraph, Paragraph)
    assert "".join(run.text for run in paragraph.runs) == "H₂O, 10⁻³\u2028m"
    assert isinstance(boxes, ItemList)
    assert [(item.number, item.blocks) for item in boxes.items] == [
        ("☒", (Paragraph((Run("yes"),)),)),
        ("☐", (Paragraph((Run("no"),)),)),
    ]
    assert faults("- [x] yes\n- no\n") == [("some items of a list have a check box and others have none", 1, 1)]


def test_places_are_those_of_the_file(tmp_path: Path) -> None:
    root = nda_repository(tmp_path)
    clause = root / "templates" / "nda" / "clauses" / "limits.md"
    added = "{% for exception in this.exceptions %}\nOnly `{{ exception }}` of it.\n\n{% endfor %}\nAnd <i>this</i>.\n"
    text = clause.read_text(encoding="utf-8") + "\n" + added
    clause.write_text(text, encoding="utf-8")
    with Project(root) as project:
        [agreement] = project.assemble_all()
    lines = text.splitlines()
    told = [(finding.rule, lines[finding.line - 1], finding.column) for finding in ordered(agreement.findings)]
    assert told == [
        ("core/clause-markdown", "Only `{{ exception }}` of it.", 6),
        ("core/clause-markdown", "And <i>this</i>.", 5),
    ]


def test_a_footnote_stands_behind_the_paragraph_that_marks_it() -> None:
    text = 'He said "yes"[^why] today.\n\n1. One[^2]\n2. Two\n\n[^why]: It is "*meant*"\nso.\n[^2]: Second.\n'
    paragraph, notes, items = parse_clause(text, (), "c", "“”‘’", lambda words, piece: Run(words)).blocks
    assert isinstance(paragraph, Paragraph)
    assert isinstance(notes, ItemList)
    assert isinstance(items, ItemList)
    assert [run.text for run in paragraph.runs] == ["He said “yes”", "why", " today."]
    assert paragraph.runs[1].target == f"#{notes.items[0].anchor}" == "#c--note.why"
    assert ["".join(run.text for run in text_of_note(item)) for item in notes.items] == ["It is “meant” so."]
    assert [is_notes(block) for block in items.items[0].blocks] == [False, True]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a[^x].", [("the footnote `x` says nothing: write [^x]: and its words on a line of their own", 1, 1)]),
        (
            "a[^x] b[^x]\n\n[^x]: y\n",
            [("the footnote `x` is marked twice: give each mark a note of its own", 1, 2)],
        ),
        ("a[^x]\n\n[^x]: y\n\n[^x]: z\n", [("the footnote `x` stands twice", 5, 1)]),
        ("a[^x]\n\n[^x]: y[^z]\n\n[^z]: z\n", [("a footnote holds no label, and no footnote of its own", 3, 1)]),
        ("| a[^x] |\n|---|\n| b |\n\n[^x]: y\n", [("a footnote cannot stand in a table", 1, 1)]),
    ],
)
def test_what_is_wrong_with_a_footnote_is_told_at_its_line(text: str, told: list[tuple[str, int, int]]) -> None:
    assert faults(text) == told
