"""Documents built by hand, for the tests of everything that takes a Document."""

from __future__ import annotations

from clausebook.document.model import (
    Clause,
    ClauseSource,
    Definition,
    Document,
    Item,
    ItemList,
    Origin,
    Paragraph,
    Party,
    Run,
    Schedule,
    Section,
    SignatureBlock,
    SignatureLine,
    Table,
)


def plain(text: str, **look: object) -> tuple[Run, ...]:
    """Return one run of library text."""
    return (Run(text, origin=Origin("library", "sample", "1.0"), **look),)  # type: ignore[arg-type]


def sample(value: str = "Harborview Health System") -> Document:
    """Return a document that uses every part of the model; `value` stands wherever data can."""
    data = Run(value, origin=Origin("data", pointer="/parties/0/legal_name"))
    source = ClauseSource(
        clause="sample-clause",
        version="1.0",
        position="fallback 1",
        path="templates/sample/clauses/sample-clause.md",
        approver="INTERNAL approver",
        guidance="INTERNAL guidance",
        reason="INTERNAL reason",
    )
    nested = ItemList(
        (
            Item(
                "(a)",
                (
                    Paragraph((*plain("first, "), data, *plain(":"))),
                    ItemList(
                        (
                            Item(
                                "(i)",
                                (
                                    Paragraph(plain("inner one; and")),
                                    ItemList((Item("(A)", (Paragraph(plain("deepest.")),)),), True, 2),
                                ),
                            ),
                            Item("(ii)", (Paragraph(plain("inner two;")),)),
                        ),
                        True,
                        1,
                    ),
                ),
            ),
            Item(
                "(b)",
                (
                    Paragraph((*plain("second, see "), Run("Section\u00a01.1", target="#scope"), *plain("; and"))),
                    Paragraph(plain("a second paragraph of the same item.")),
                ),
                anchor="scope--second",
            ),
        ),
        True,
        0,
    )
    bullets = ItemList((Item("", (Paragraph((data,)),)), Item("", (Paragraph(plain("a plain bullet")),))), False, 0)
    table = Table(
        ("left", "right", "center"),
        (plain("Matter"), plain("Amount"), (data,)),
        (
            ((data,), plain("USD 1,000"), plain("yes")),
            (plain("Second row", strong=True), plain("USD 12.50"), ()),
        ),
    )
    restarted = ItemList(
        (Item("(a)", (Paragraph(plain("a list that starts again;")),)), Item("(b)", (Paragraph((data,)),))), True, 0
    )
    scope = Clause(
        "scope",
        "1.1",
        "Scope",
        (
            Paragraph(
                (
                    *plain("The "),
                    Run("Parties", target="#term-party", origin=Origin("term", pointer="Party")),
                    *plain(" agree with "),
                    data,
                    *plain(" that this is "),
                    *plain("strong", strong=True),
                    *plain(" and "),
                    *plain("emphatic", emphasis=True),
                    *plain(", and "),
                    *plain("both", strong=True, emphasis=True),
                    *plain(": see "),
                    *plain("the site", target="https://example.com/a?b=1&c=2"),
                    *plain("."),
                )
            ),
            nested,
            Paragraph(plain("A paragraph after the list.")),
        ),
        source,
    )
    money = Clause("money", "1.2", "Money & Time", (table, bullets, restarted), source)
    law = Clause("law", "2.1", "Law", (Paragraph((data,)),), source)
    notices = Clause("notices", "1.", "Notices", (Paragraph(plain("In writing.")), restarted), source)
    opening = Clause("opening", "", "", (Paragraph((*plain("This Agreement is between "), data, *plain("."))),), source)
    closing = Clause("closing", "", "", (Paragraph(plain("Signed by the parties’ representatives.")),), source)

    def signature(number: int, name: str) -> SignatureBlock:
        return SignatureBlock(
            f"harborview-{number}",
            "harborview",
            (data,),
            (
                SignatureLine("By:", "signature"),
                SignatureLine("Name:", "name", plain(name) if name else ()),
                SignatureLine("Title:", "title", plain("Chief Executive Officer")),
                SignatureLine("Date:", "date"),
            ),
        )

    return Document(
        id="sample",
        type="sample",
        kind="Sample Agreement",
        title="A Sample of “Everything”",
        version="1.2",
        status="draft",
        draft=True,
        language="en-US",
        parties=(Party("harborview", value, "Harborview"), Party("northwind", "Northwind Retail, Inc.", "Northwind")),
        opening=opening,
        sections=(
            Section("first", "1.", "First Section", (scope, money)),
            Section("second", "2.", "Second Section", (law,)),
        ),
        closing=closing,
        signatures=(signature(1, "Dana Example"), signature(2, "")),
        schedules=(
            Schedule(
                "definitions",
                "Schedule A",
                "Definitions",
                definitions=(
                    Definition(
                        "term-party",
                        "Party",
                        (
                            Paragraph(
                                (*plain("“"), *plain("Party", strong=True), *plain("” means "), data, *plain("."))
                            ),
                        ),
                    ),
                    Definition("term-x", "X", (Paragraph(plain("“X” means a list:")), nested)),
                ),
            ),
            Schedule("general", "Schedule B", "General Terms", (notices,)),
        ),
    )
