"""The page of an agreement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Clause, Document, Schedule, Section, SignatureBlock
from clausebook.document.presented import presented
from clausebook.document.words import heading_of, text_of
from clausebook.facts.duties.editions import Edition
from clausebook.facts.duties.paper_duties import EFFECTIVE
from clausebook.facts.glance import glance
from clausebook.findings.model import has_errors
from clausebook.lifecycle.standing import Standing
from clausebook.render.html import SIGNATURES_ANCHOR
from clausebook.rules.silence_list import LeftOpen
from clausebook.site.duty_pages import facts_files
from clausebook.site.entries import deviations, reasons_of
from clausebook.site.history_pages import redline_path
from clausebook.site.journal_part import days_of, happened, next_duty
from clausebook.site.library_map import LibraryMap
from clausebook.site.markup import AGREEMENTS, HOME, day, filled, headings, humane
from clausebook.site.metrics_pages import metrics_part
from clausebook.site.page import Heading, SitePage, agreement_path
from clausebook.site.search.records import agreement_records
from clausebook.site.site_content import AgreementHistory, AgreementPage, Neighbours
from clausebook.site.site_entry import NO_GLANCE
from clausebook.site.spark.method_content import spark_path
from clausebook.site.standing_part import (
    FORMATS,
    TEXT,
    Download,
    signatories,
    signed_downloads,
    signed_files,
    standing_part,
    titles_of,
)
from clausebook.site.steps import STAGES, agreement_link, notices, steps

_DUE = "page_due"
_JOURNAL = "page_journal"
_SOON = 24
"""How many of the dates and duties stand open; the others are folded."""

_ORIGIN = "page_origin"
_APPROVALS = "page_approvals"
_LEFT = "page_left"
_FINDINGS = "page_findings"


def agreement_page(
    agreement: AgreementPage,
    library: LibraryMap,
    past: AgreementHistory | None = None,
    others: Neighbours = MappingProxyType({}),
    editions: Mapping[str, Edition] = MappingProxyType({}),
    *,
    internal: bool = True,
) -> SitePage:
    """Return the agreement's page: where it stands, facts, downloads, the text, where each clause came from.

    `past` is linked, and so are those of the `others` that amend this one or are amended by it. `editions` are which
    state of each agreement a calendar tells of. `internal` pages tell of clauses, approvals and findings.
    """
    document, standing, facts, due = agreement.document, agreement.standing, agreement.facts, agreement.due
    path = agreement_path(document.id)
    where = standing_part(standing, path, past, others) if standing else ""
    names = ", ".join(party.short_name for party in document.parties)
    other, signers = _signatories(agreement)
    folder = path.rpartition("/")[0]
    # Like the text itself, its facts go out as files only if nothing is wrong with it.
    soon = [each for each in due if each.due and not each.evidence][:_SOON]
    beside = facts_files(facts, due, editions) if facts and agreement.downloads else {}
    measured = metrics_part(agreement.metrics, path) if agreement.metrics else ""
    parts = [(_DUE, "Dates and duties")] if due else []
    parts += [(_JOURNAL, "Journal")] if facts and facts.duties.journal.path else []
    contents = tuple(_contents(agreement, headings(where), parts, headings(measured), internal))
    body = filled(
        "agreement",
        path=path,
        trail=[(HOME, "Home"), (AGREEMENTS, "Agreements")],
        internal=internal,
        document=document,
        names=names,
        files=_downloads(agreement, path),
        steps=steps(standing) + notices(standing, path, titles_of(others)) if standing else "",
        parties=[(party.legal_name, _notes(party.key, agreement)) for party in document.parties],
        ends=_ends(agreement),
        linked=list(_linked(document.kind, standing, others, path)) if standing else [],
        signed_version=other,
        signatories=signers,
        departed=len(deviations(document)),
        seen=glance(facts) if facts else NO_GLANCE,
        begins=facts.day(EFFECTIVE) if facts else "",
        next=next_duty(due) if facts and facts.duties.signed else None,
        party_names={party.key: party.short_name for party in document.parties},
        journal=facts.duties.journal if facts and facts.duties.journal.path else None,
        happened=happened(facts.duties.journal) if facts else [],
        reasons=dict(reasons_of(agreement.data)),
        findings=agreement.findings,
        wrong=_wrong(agreement),
        past=past,
        redline_path=redline_path,
        spark=spark_path(document.id) if agreement.partnership else "",
        mark=fingerprint(document),
        contents=contents,
        text=agreement.text,
        where=where,
        parts=list(_parts(document)),
        paths=library.paths,
        approvals=agreement.approvals,
        open_still=sum(each.state != "given" for each in agreement.approvals),
        said=[each for each in agreement.left if each.words],
        unsaid=[(place, list(found)) for place, found in groupby(_unsaid(agreement), lambda each: each.place)],
        due=due,
        days=days_of(facts, standing) if facts else [],
        measured=measured,
        soon=soon,
        later=[each for each in due if each not in soon],
        signed=facts.duties.signed if facts else False,
        calendars=[(f"{folder}/{name}", "Calendar" if name.endswith(".ics") else "Facts", "") for name in beside],
        DUE=_DUE,
        JOURNAL=_JOURNAL,
        ORIGIN=_ORIGIN,
        APPROVALS=_APPROVALS,
        LEFT=_LEFT,
        FINDINGS=_FINDINGS,
        TEXT=TEXT,
    )
    return SitePage(
        path,
        document.title,
        body,
        description=f"{document.kind} between {names}.",
        contents=(Heading(document.title, TEXT, 1, contents),),
        search=agreement_records(document),
        facets=tuple(_facets(agreement)),
        updated=agreement.updated,
        files={
            **agreement.downloads,
            **(signed_files(standing) if standing else {}),
            **beside,
        },
    )


def _facets(agreement: AgreementPage) -> Iterator[tuple[str, str]]:
    """Yield by what the search can choose the agreement."""
    document = agreement.document
    yield "Status", humane(document.status)
    if agreement.standing:
        yield "Stage", STAGES[agreement.standing.stage]
    yield "Kind", document.kind
    yield "Type", humane(document.type)
    for party in document.parties:
        yield "Party", party.legal_name
    if agreement.facts and (effective := agreement.facts.day(EFFECTIVE)):
        yield "Effective in", effective[:4]


def _wrong(agreement: AgreementPage) -> str:
    """Say what errors do to the page; "" if there are none."""
    if not has_errors(agreement.findings):
        return ""
    if agreement.instead:
        return "The file of this agreement is not valid. The text below is the one that was executed last."
    return f"This agreement is not valid.{'' if agreement.downloads else ' No files of it are offered.'}"


def _ends(agreement: AgreementPage) -> Markup:
    """Return the last day of the term, "" if the data do not tell it; a draft's is not yet that of the agreement."""
    standing = agreement.standing
    drafted = standing is not None and standing.is_draft and standing.latest is not None
    note = ' <span class="cb-note">in this draft</span>' if drafted else ""
    return Markup(f"{day(agreement.ends)}{note}") if agreement.ends else Markup()


def _linked(
    kind: str, standing: Standing, others: Neighbours, path: str
) -> Iterator[tuple[str, list[tuple[Markup, str]]]]:
    """Yield how other agreements stand to this one, and each of them: its title, and its status as far as known."""
    titles = titles_of(others)
    for label, names in standing.linked.rows():
        found = [(agreement_link(name, path, titles), others[name].status if name in others else "") for name in names]
        yield (
            f"{kind} under" if label == "under" else humane(label),
            [(title, humane(status)) for title, status in found],
        )


def _downloads(agreement: AgreementPage, path: str) -> list[Download]:
    document, standing = agreement.document, agreement.standing
    signed = signed_downloads(standing, path, document.version) if standing else []
    folder = path.rpartition("/")[0]
    return signed + [
        (f"{folder}/{document.id}{suffix}", f"Unsigned {label}" if signed and suffix == ".pdf" else label, "")
        for suffix, label in FORMATS.items()
        if f"{document.id}{suffix}" in agreement.downloads
    ]


def _signatories(agreement: AgreementPage) -> tuple[str, object]:
    """Return of which version, if that is not the one at hand, and who signed or is to sign."""
    if agreement.standing:
        execution = agreement.standing.execution
        signed = execution.record.version if execution else agreement.document.version
        other = f" of version {signed}" if signed != agreement.document.version else ""
        return other, list(signatories(agreement.standing))
    blocks = agreement.document.signatures
    signers = [text_of(line.runs) for block in blocks for line in block.lines if line.field == "name"]
    return "", ", ".join(filter(None, signers))


def _notes(key: str, page: AgreementPage) -> str:
    """Return what stands beside a party's name."""
    record: Mapping[str, Any] = next((party for party in page.data.get("parties", ()) if party.get("key") == key), {})
    role = [humane(page.roles.get(record["role"], str(record["role"])))] if record.get("role") else []
    return " · ".join([*role, *(str(record[name]) for name in ("industry", "jurisdiction") if record.get(name))])


def _unsaid(agreement: AgreementPage) -> list[LeftOpen]:
    return [each for each in agreement.left if not each.words]


def _contents(
    agreement: AgreementPage,
    standing: tuple[Heading, ...],
    more: Iterable[tuple[str, str]],
    measured: tuple[Heading, ...],
    internal: bool,
) -> Iterator[Heading]:
    for kind, parts in groupby(presented(agreement.document).sequence(), type):
        if kind is SignatureBlock:
            yield Heading("Signatures", SIGNATURES_ANCHOR, 2)
        else:
            yield from (_part_heading(part) for part in parts if isinstance(part, Section | Schedule))
    yield from standing
    yield from (Heading(title, anchor, 2) for anchor, title in more)
    yield from measured
    if internal:
        yield from _internal(agreement)


def _internal(agreement: AgreementPage) -> Iterator[Heading]:
    yield Heading("Where each clause came from", _ORIGIN, 2)
    if agreement.approvals:
        yield Heading("Approvals", _APPROVALS, 2)
    if agreement.left:
        yield Heading("Left to the standard", _LEFT, 2)
    if agreement.findings:
        yield Heading("What to mend", _FINDINGS, 2)


def _part_heading(part: Section | Schedule) -> Heading:
    headed = [clause for clause in part.clauses if clause.title and not clause.level]
    inside = tuple(Heading(heading_of(clause), clause.id, 3) for clause in headed)
    return Heading(heading_of(part), part.id, 2, inside)


def _parts(document: Document) -> Iterator[tuple[str, tuple[Clause, ...]]]:
    """Yield the clauses in reading order, with the title of the section or schedule that holds them."""
    for part in document.sequence():
        if isinstance(part, Clause):
            yield "", (part,)
        elif isinstance(part, Section | Schedule):
            yield heading_of(part), part.clauses
