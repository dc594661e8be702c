"""What a contract cannot hold is told where it stands in the clause's file, and all of it."""

from __future__ import annotations

from pathlib import Path

from clausebook.assemble.clause_markdown import MarkdownError, parse_clause
from clausebook.assemble.parsing import place_in
from clausebook.document.model import Run
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
