"""What a site may hold: pages of agreements made by hand."""

from __future__ import annotations

from dataclasses import replace

from clausebook.document.model import Clause, ClauseSource, Document
from clausebook.findings.model import Finding
from clausebook.library.model import (
    AgreementType,
    LibraryClause,
    Numbering,
    Obligation,
    Outline,
    OutlineSchedule,
    OutlineSection,
    SignatureLayout,
    Slot,
)
from clausebook.render.html import render_html
from clausebook.site.site_content import AgreementPage, SiteContent
from tests.support.sample_documents import sample

WARNING = Finding(rule="core/clause-draft", message="<b>no baseline</b>", path="agreements/sample-1.yaml")


def library_clause(clause_id: str, slot: str, position: str = "standard", status: str = "approved") -> LibraryClause:
    return LibraryClause(
        id=clause_id,
        title=clause_id.replace("-", " ").capitalize(),
        slot=slot,
        version="1.0",
        status=status,
        position=position,
        body="{% if a %}\n**Body** of {{ this.value }} <b>&amp;</b>\n{% endif %}\n\n1. {{ term('Party') }} item.\n",
        body_line=9,
        path=f"templates/sample/clauses/{clause_id}.md",
        approver="" if position == "standard" else "General Counsel",
        guidance="When to use <it>.",
        obligations=(Obligation("either party", "give notice", "30 days before"),),
    )


def sample_type(name: str = "sample") -> AgreementType:
    outline = Outline(
        kind="Sample Agreement",
        language="en-US",
        numbering=Numbering(),
        opening=Slot("opening", "opening"),
        closing=Slot("closing", "closing"),
        sections=(
            OutlineSection("first", "First Section", (Slot("scope", "sample-clause"), Slot("money", "money"))),
            OutlineSection("second", "Second Section", (Slot("law", "law"),)),
        ),
        schedules=(
            OutlineSchedule("definitions", "Definitions", definitions=True),
            OutlineSchedule("general", "General Terms", (Slot("notices", "notices"),)),
        ),
        signatures=SignatureLayout(),
        path=f"templates/{name}/outline.yaml",
    )
    clauses = (
        library_clause("sample-clause", "scope"),
        library_clause("scope-narrow", "scope", "fallback 1"),
        library_clause("scope-wide", "scope", "by counsel", "draft"),
        library_clause("money", "money"),
        library_clause("law", "law", status="retired"),
        library_clause("notices", "notices"),
        library_clause("stray", "nowhere"),
    )
    return AgreementType(name, outline, {clause.id: clause for clause in clauses}, ())


def sample_document(number: int, value: str) -> Document:
    """Return a document with the sources of a real one: some standard, one negotiated."""
    document = sample(value)

    def sourced(clause: Clause) -> Clause:
        source = ClauseSource(clause.id, "1.0", "standard", f"templates/sample/clauses/{clause.id}.md")
        if clause.id == "scope":
            return clause
        if clause.id == "law":
            source = ClauseSource(
                "law", "", "negotiated", "agreements/x/law.md", reason="They <insisted>.", departs_from="law@0.9"
            )
        return replace(clause, source=source)

    terms, general = document.schedules
    return replace(
        document,
        id=f"sample-{number}",
        title=f"{value} and Northwind no. {number}",
        status=("draft", "in-review", "active", "expired")[number % 4],
        opening=document.opening and sourced(document.opening),
        sections=tuple(replace(part, clauses=tuple(map(sourced, part.clauses))) for part in document.sections),
        closing=document.closing and replace(document.closing, source=None),
        schedules=(
            replace(terms, definitions=terms.definitions[:1]),
            replace(general, clauses=tuple(map(sourced, general.clauses))),
        ),
    )


def agreement(number: int, value: str = "Harborview Health System") -> AgreementPage:
    document = sample_document(number, value)
    return AgreementPage(
        document,
        render_html(document),
        {"parties": [{"key": "harborview", "role": "healthcare-organisation", "jurisdiction": "Washington"}]},
        (WARNING,) if number == 1 else (),
        {f"{document.id}{end}": f"{document.id}{end}".encode() for end in (".md", ".pdf", ".docx")},
    )


def content(number: int = 3) -> SiteContent:
    return SiteContent(tuple(agreement(n) for n in range(1, number + 1)), (sample_type(),))
