"""The page of an agreement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from clausebook.document.model import Clause, ClauseSource, Document
from clausebook.document.words import fingerprint, heading_of, text_of
from clausebook.render.html import SIGNATURES_ANCHOR
from clausebook.site.library_map import LibraryMap, deviations, library_clause
from clausebook.site.markup import (
    AGREEMENTS,
    HOME,
    button,
    crumbs,
    facts,
    finding_list,
    finding_summary,
    humane,
    link,
    plural,
    position_chip,
    status_chip,
    table,
)
from clausebook.site.page import Heading, SitePage, agreement_path, history_path
from clausebook.site.search import agreement_records
from clausebook.site.site_content import AgreementHistory, AgreementPage
from clausebook.site.standing_part import (
    FORMATS,
    TEXT,
    Others,
    signatories,
    signed_downloads,
    signed_files,
    standing_part,
    titles_of,
)
from clausebook.site.steps import notices, steps

_ORIGIN = "page_origin"
_FINDINGS = "page_findings"


def agreement_page(
    agreement: AgreementPage, library: LibraryMap, past: AgreementHistory | None = None, others: Others | None = None
) -> SitePage:
    """Return the agreement's page: where it stands, facts, downloads, the text, where each clause came from.

    `past` is linked, and so are those of the `others` that amend this one or are amended by it.
    """
    document, standing = agreement.document, agreement.standing
    path = agreement_path(document.id)
    others = others or {}
    where, entry = standing_part(standing, path, past, others) if standing else ("", None)
    contents = _contents(document, entry, bool(agreement.findings))
    names = ", ".join(party.short_name for party in document.parties)
    body = [
        crumbs(path, [(HOME, "Home"), (AGREEMENTS, "Agreements")], document.title),
        '<div class="cb-head">\n',
        f'<p class="cb-kicker">{status_chip(document.status)} <span>{escape(document.kind)} · '
        f"Version {escape(document.version)}</span> <span>{escape(names)}</span></p>\n",
        _downloads(agreement),
        "</div>\n",
        steps(standing) + notices(standing, path, titles_of(others)) if standing else "",
        f'<aside class="cb-glance" aria-label="At a glance">\n{_facts(agreement, past)}</aside>\n',
        f'<details class="cb-contents">\n<summary>Contents</summary>\n'
        f"{_contents_list(contents[0].children)}</details>\n",
        f'<article id="{TEXT}" lang="{escape(document.language)}">\n{agreement.text}</article>\n',
        where,
        f'<h2 id="{_ORIGIN}">Where each clause came from</h2>\n',
        "<p>For the house only: none of this is in the files that go out.</p>\n",
        _origin(document, path, library),
    ]
    if agreement.findings:
        body.append(f'<h2 id="{_FINDINGS}">Findings</h2>\n{finding_list(agreement.findings)}')
    return SitePage(
        path,
        document.title,
        "".join(body),
        description=f"{document.kind} between {names}.",
        contents=contents,
        search=agreement_records(document),
        updated=agreement.updated,
        files={**agreement.downloads, **(signed_files(standing) if standing else {})},
    )


def _downloads(agreement: AgreementPage) -> str:
    document, standing = agreement.document, agreement.standing
    path = agreement_path(document.id)
    signed = signed_downloads(standing, path, document.version) if standing else ""
    folder = path.rpartition("/")[0]
    links = signed + "".join(
        button(path, f"{folder}/{document.id}{suffix}", f"Unsigned {label}" if signed and suffix == ".pdf" else label)
        for suffix, label in FORMATS.items()
        if f"{document.id}{suffix}" in agreement.downloads
    )
    return f'<ul class="cb-downloads" aria-label="Downloads">\n{links}</ul>\n' if links else ""


def _facts(agreement: AgreementPage, past: AgreementHistory | None) -> str:
    document = agreement.document
    clauses = [clause for clause in document.clauses() if clause.number]
    departing = deviations(document)
    departed = plural(len(departing), "clause") if departing else "None"
    mark = fingerprint(document)
    parties = "".join(f"<li>{_party(party.legal_name, party.key, agreement.data)}</li>\n" for party in document.parties)
    schedules = "".join(
        f'<li><a href="#{escape(schedule.id)}">{escape(f"{schedule.number} {schedule.title}")}</a></li>\n'
        for schedule in document.schedules
    )
    findings = finding_summary(agreement.findings)
    if agreement.findings:
        findings = f'<a href="#{_FINDINGS}">{findings}</a>'
    return facts(
        [
            ("Parties", f"<ul>\n{parties}</ul>\n"),
            ("Schedules", f"<ul>\n{schedules}</ul>\n" if schedules else ""),
            _signatories(agreement),
            ("Clauses", str(len(clauses))),
            ("Departs from standard", f'<a href="#{_ORIGIN}">{departed}</a>'),
            ("Findings", findings),
            ("History", _past(document.id, past) if past else ""),
            ("Text fingerprint", f'<code title="{mark}">{mark[:12]}</code>'),
        ]
    )


def _signatories(agreement: AgreementPage) -> tuple[str, str]:
    """Return a fact: who signed or is to sign; of which version, if that is not the one at hand."""
    if agreement.standing:
        execution = agreement.standing.execution
        signed = execution.record.version if execution else agreement.document.version
        other = f" of version {signed}" if signed != agreement.document.version else ""
        return f"Signatories{other}", signatories(agreement.standing)
    blocks = agreement.document.signatures
    signers = [text_of(line.runs) for block in blocks for line in block.lines if line.field == "name"]
    return "Signatories", escape(", ".join(filter(None, signers)))


def _past(agreement_id: str, past: AgreementHistory) -> str:
    said = plural(len(past.revisions), "revision") if past.revisions else "Not at hand"
    return link(agreement_path(agreement_id), history_path(agreement_id), said)


def _party(legal_name: str, key: str, data: Mapping[str, Any]) -> str:
    records = data.get("parties", ())
    record: Mapping[str, Any] = next((party for party in records if party.get("key") == key), {})
    notes = [str(record[name]) for name in ("industry", "jurisdiction") if record.get(name)]
    if record.get("role"):
        notes.insert(0, humane(str(record["role"])))
    said = f' <span class="cb-note">{escape(" · ".join(notes))}</span>' if notes else ""
    return f"{escape(legal_name)}{said}"


def _contents(document: Document, standing: Heading | None, findings: bool) -> tuple[Heading, ...]:
    inside = [
        Heading(heading_of(part), part.id, 2, tuple(_clause_headings(part.clauses))) for part in document.sections
    ]
    if document.signatures:
        inside.append(Heading("Signatures", SIGNATURES_ANCHOR, 2))
    inside += [
        Heading(heading_of(part), part.id, 2, tuple(_clause_headings(part.clauses))) for part in document.schedules
    ]
    inside += [standing] if standing else []
    inside.append(Heading("Where each clause came from", _ORIGIN, 2))
    if findings:
        inside.append(Heading("Findings", _FINDINGS, 2))
    return (Heading(document.title, TEXT, 1, tuple(inside)),)


def _clause_headings(clauses: tuple[Clause, ...]) -> Iterator[Heading]:
    for clause in clauses:
        if clause.number or clause.title:
            yield Heading(heading_of(clause), clause.id, 3)


def _contents_list(headings: tuple[Heading, ...]) -> str:
    items = "".join(
        f'<li><a href="#{escape(heading.anchor)}">{escape(heading.title)}</a></li>\n' for heading in headings
    )
    return f"<ul>\n{items}</ul>\n"


def _origin(document: Document, path: str, library: LibraryMap) -> str:
    rows: list[list[str]] = []
    parts: list[tuple[str, tuple[Clause, ...]]] = [("", (document.opening,) if document.opening else ())]
    parts += [(f"{part.number} {part.title}", part.clauses) for part in document.sections]
    parts.append(("", (document.closing,) if document.closing else ()))
    parts += [(f"{part.number} {part.title}", part.clauses) for part in document.schedules]
    for title, clauses in parts:
        if title and clauses:
            rows.append([escape(title.strip())])
        rows += [
            _origin_row(clause, clause.source, document.type, path, library) for clause in clauses if clause.source
        ]
    columns = ("No.", "Clause", "Library clause", "Version", "Position", "Approver", "Reason")
    return table(columns, rows, "Where each clause came from")


def _origin_row(clause: Clause, source: ClauseSource, kind: str, path: str, library: LibraryMap) -> list[str]:
    name = library_clause(clause)
    target = library.paths.get((kind, name))
    origin = link(path, target, name) if target else escape(name)
    if source.departs_from:
        origin = f'Written for this deal <span class="cb-note">departs from {origin}</span>'
    elif not target:
        origin = f'Written for this deal <span class="cb-note">{escape(source.path)}</span>'
    return [
        f'<a href="#{escape(clause.id)}">{escape(clause.number or "–")}</a>',
        escape(clause.title or humane(clause.id)),
        origin,
        escape(source.departs_from.partition("@")[2] or source.version),
        position_chip(source.position),
        escape(source.approver) or "–",
        escape(source.reason) or "–",
    ]
