"""Reports from the facts of an agreement: its executives' report, the progress reports that it promises, and others.

A kind of report is a folder `templates/<type>/reports/<kind>/`, made as a type is: an outline and clauses, which speak
of the facts. It is assembled as an agreement is, and written by the same writers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clausebook.assemble.assembler import assemble
from clausebook.assemble.inputs import Deal, Inputs
from clausebook.document.model import Document
from clausebook.document.statuses import DRAFTS
from clausebook.facts.duties.duty_names import unlike
from clausebook.facts.report_data import ReportFacts, report_data
from clausebook.findings.model import Finding, RepositoryError, finding_in, has_errors
from clausebook.findings.near_names import did_you_mean
from clausebook.findings.pointers import parts
from clausebook.language.dialects import REPORTS
from clausebook.language.fillings import PLACEHOLDER
from clausebook.language.sandbox import CONDITION, Sandbox
from clausebook.language.sheets import Sheet, Subject, TemplateJob
from clausebook.language.values import OPEN_SHAPE, collapse
from clausebook.library.loading import load_type
from clausebook.library.model import AgreementType, OutlinePart, Slot
from clausebook.library.type_files import Checks
from clausebook.repository.portable_names import plain_name
from clausebook.repository.tree import Tree, names_in

FOLDER = "reports"
"""The folder of a type that holds its kinds of reports."""

MOST_ITEMS = 200
"""For how many items of a list a slot can stand, and of how many entries reports are written at once."""

_LONGEST_NAME = 60

_TOLD = {"heading": "title", "when": "when"}

_SPOKEN_OF = (
    *("title", "version", "status", "signatures", "parties", "facts", "terms", "tables", "places", "files", "journal"),
    *("as_of", "outward", "period", "entry", "owed", "occurrences", "metrics", "payments", "steps"),
)
"""The names that templates can use beside `deal`, whether there is something under them or not."""


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A kind of report of an agreement type; `about_period` tells whether it is of a period."""

    name: str
    title: str
    kind: AgreementType

    @property
    def about_period(self) -> bool:
        """Whether a period must be named."""
        return bool(self.kind.outline.report.get("period"))

    @property
    def outward(self) -> bool:
        """Whether it is always written for the other side."""
        return bool(self.kind.outline.report.get("outward"))

    @property
    def of_partnership(self) -> tuple[str, ...]:
        """What it may tell of the steps of a partnership, as JSON pointers; () if it is about an agreement."""
        return tuple(self.kind.outline.report.get("partnership", ()))

    @property
    def each(self) -> str:
        """The list of the deal for each of whose items a report is written, as a JSON pointer, or ""."""
        return str(self.kind.outline.report.get("each", ""))


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its name and title, and its document, or None if the findings prevent it."""

    name: str
    title: str
    document: Document | None
    findings: tuple[Finding, ...]


def kinds_of(tree: Tree, agreement_type: str) -> tuple[str, ...]:
    """Return the names of the kinds of reports that a type has."""
    folder = f"templates/{agreement_type}/{FOLDER}"
    return tuple(name.removesuffix("/") for name in names_in(tree, folder) if name.endswith("/"))


def load_kind(
    tree: Tree, agreement_type: str, name: str, checks: Checks
) -> tuple[ReportKind | None, tuple[Finding, ...]]:
    """Return a kind of report, None if its files have errors, and what is wrong with them.

    Raises RepositoryError if the type has no such kind.
    """
    known = kinds_of(tree, agreement_type)
    if name not in known:
        said = f"agreements of the type `{agreement_type}` have no report of the kind `{name}`"
        raise RepositoryError(said, did_you_mean(name, known, f"the kinds are: {', '.join(known) or 'none'}"))
    loaded = load_type(tree, f"{agreement_type}/{FOLDER}/{name}", checks)
    if loaded.kind is None:
        return None, loaded.findings
    outline = loaded.kind.outline
    clauses = {each: replace(clause, dialect=REPORTS) for each, clause in loaded.kind.clauses.items()}
    kind = replace(loaded.kind, outline=replace(outline, dialect=REPORTS), clauses=clauses)
    return ReportKind(name, str(outline.report.get("title", name)), kind), loaded.findings


def reports(
    kind: ReportKind, given: ReportFacts, shape: Mapping[str, Any], shape_id: str, sandbox: Sandbox
) -> Iterator[Report]:
    """Yield the reports of a kind on an agreement: one, or one for each entry of the list that it is written for.

    `shape` is that of the agreement's data, known by `shape_id`.
    """
    told = kind.kind.outline.report
    # What is known of a shape is kept by its id: that of the steps is no part of the type.
    steps = hashlib.sha256(json.dumps(given.shapes, sort_keys=True).encode()).hexdigest() if given.shapes else ""
    for name, entry in _entries(kind, given.deal):
        data = report_data(given, entry, str(told.get("obligation", "")), kind.kind.outline.language)
        data["status"] = DRAFTS[0] if told.get("draft") else ""
        known = {**dict.fromkeys(_SPOKEN_OF, OPEN_SHAPE), "deal": shape}
        if given.shapes:
            known["steps"] = {"p": given.shapes}
        if kind.each:
            known["entry"] = _shape_at(shape, kind.each)
        subject = Subject(data, kind.kind.outline.language, {"p": known}, f"{shape_id}/reports/{kind.each}/{steps}")
        if wanted := _report(kind, name, given, subject, sandbox):
            yield wanted


def _entries(kind: ReportKind, deal: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    if not kind.each:
        yield kind.name, None
        return
    named = str(kind.kind.outline.report.get("named", "title"))
    used: set[str] = set()
    for number, entry in enumerate(_listed(deal, kind.each), 1):
        name = plain_name(str(entry.get(named, "")), _LONGEST_NAME) or f"{kind.name}-{number}"
        name = name if name not in used else unlike(name, used)
        used.add(name)
        yield name, entry


def _report(kind: ReportKind, name: str, given: ReportFacts, subject: Subject, sandbox: Sandbox) -> Report | None:
    outline = kind.kind.outline
    told = {"kind": outline.kind, "title": "{{ title }}", "when": "true"}
    told |= {to: str(outline.report[each]) for each, to in _TOLD.items() if each in outline.report}
    told["when"] = CONDITION.format(told["when"])
    jobs = [TemplateJob(each, source, dialect=REPORTS) for each, source in told.items()]
    sheets = sandbox.render(subject, jobs, (), ()).sheets
    problems = [problem for sheet in sheets.values() for problem in sheet.problems]
    wrong = [finding_in(outline.path, each.rule, each.message, each.hint) for each in problems]
    said = {each: _text_of(sheet) for each, sheet in sheets.items()}
    if not (wrong or said["when"]):
        return None
    data = {**subject.data, "title": said["title"]}
    clauses, sections = dict(kind.kind.clauses), []
    for part in outline.sections:
        sections.append(replace(part, slots=tuple(_spread(part, data, clauses))))
    made = replace(outline, kind=said["kind"], sections=tuple(sections))
    deal = Deal(f"{given.id}-{name}{given.ending}", given.path, data, {}, given.locate)
    inputs = Inputs(deal, replace(kind.kind, outline=made, clauses=clauses), subject.shape, subject.shape_id)
    assembled = assemble(inputs, sandbox)
    findings = (*wrong, *assembled.findings)
    return Report(
        name,
        str(subject.data.get("entry", {}).get("title", kind.title)),
        None if has_errors(findings) else assembled.document,
        findings,
    )


def _text_of(sheet: Sheet) -> str:
    pieces = PLACEHOLDER.split(sheet.text)
    return collapse("".join(sheet.pieces[int(each)].text if n % 2 else each for n, each in enumerate(pieces)))


def _spread(part: OutlinePart, data: Mapping[str, Any], clauses: dict[str, Any]) -> Iterator[Slot]:
    """Yield the slots of a part, one for each item of a list where a slot stands for them; add their clauses."""
    for slot in part.slots:
        if not slot.each or slot.clause not in clauses:
            yield slot
            continue
        for number, item in enumerate(_listed(data, slot.each)[:MOST_ITEMS]):
            own = f"{slot.id}-{number + 1}"
            title = collapse(str(item.get("title", "") if isinstance(item, Mapping) else item))
            clause = clauses[slot.clause]
            clauses[own] = replace(clause, id=own, slot=own, title=title[:1].upper() + title[1:] or clause.title)
            yield replace(slot, id=own, clause=own, item=f"{slot.each}/{number}", each="")


def _listed(data: Mapping[str, Any], pointer: str) -> Sequence[Any]:
    found: Any = data
    for step in parts(pointer):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found if isinstance(found, list | tuple) else ()


def _shape_at(shape: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
    for step in parts(pointer):
        shape = shape.get("p", {}).get(step, OPEN_SHAPE)
    return shape.get("i") or OPEN_SHAPE
