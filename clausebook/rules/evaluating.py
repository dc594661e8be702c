"""Evaluate rules that are data on a deal: each tells its faults, in the sandbox of clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clausebook.document.model import Document
from clausebook.language.fillings import PLACEHOLDER, Filling
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Sheet, Subject, TemplateJob, TemplateProblem
from clausebook.library.bundle import TypeBundle
from clausebook.library.model import AgreementType, DealRule, RuleExample

AS_OF, USES = "as_of", "uses"
"""What rules may ask beside the data: the day of the judgment, and the clause of each slot."""

_TOLD_OF_USES = ("slot", "clause", "version", "status", "position", "approver")
_OF_USES: Mapping[str, Any] = {"i": {"p": {name: {} for name in _TOLD_OF_USES}}}


@dataclass(frozen=True, slots=True)
class RuleFault:
    """What a rule tells of the value at a pointer; `watched` points to all values that it rests on."""

    pointer: str
    message: str
    watched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgment:
    """What a rule tells of a deal, nothing if it cannot judge it for `problems`; `cut` if there is more to tell."""

    rule: DealRule
    faults: tuple[RuleFault, ...]
    problems: tuple[TemplateProblem, ...]
    cut: bool


def evaluate(
    rules: Sequence[DealRule], case: RuleExample, bundle: TypeBundle, sandbox: Sandbox
) -> tuple[Judgment, ...]:
    """Return what each of some rules tells of a deal, or of an example that need not be a whole one."""
    if not rules or bundle.kind is None:
        return ()
    known = {**bundle.shape.get("p", {}), AS_OF: {}, USES: _OF_USES}
    data = {**case.data, USES: list(map(dict, case.uses))} | ({AS_OF: case.as_of} if case.as_of else {})
    shape = {**bundle.shape, "p": known}
    subject = Subject(data, bundle.kind.outline.language, shape, f"{bundle.shape_id}/rules")
    jobs = [TemplateJob(f"rule:{rule.rule.id}", rule.template, dialect=rule.dialect) for rule in rules]
    sheets = sandbox.render(subject, jobs, (), [use["slot"] for use in case.uses]).sheets
    return tuple(_judgment(rule, sheets[job.name]) for rule, job in zip(rules, jobs, strict=True))


def uses_of(document: Document, kind: AgreementType) -> tuple[Mapping[str, Any], ...]:
    """Return which clause fills each slot of a text, as rules may ask."""
    filled = ((clause.id, clause.source) for clause in document.clauses() if clause.source)
    return tuple(
        {
            "slot": slot,
            "status": kind.clauses[source.clause].status if source.clause in kind.clauses else "",
            **{name: getattr(source, name) for name in ("clause", "version", "position", "approver")},
        }
        for slot, source in filled
    )


def _judgment(rule: DealRule, sheet: Sheet) -> Judgment:
    faults = () if sheet.problems else tuple(_faults(sheet))
    return Judgment(rule, faults, sheet.problems, any(piece.kind == "more" for piece in sheet.pieces))


def _faults(sheet: Sheet) -> Iterator[RuleFault]:
    first, told = -1, ""
    for index, part in enumerate(PLACEHOLDER.split(sheet.text)):
        piece = sheet.pieces[int(part)] if index % 2 else Filling("", part)
        if piece.kind == "fault":
            if first >= 0:
                yield _fault(sheet, first, told)
            first, told = int(part), ""
        else:
            told += piece.text
    if first >= 0:
        yield _fault(sheet, first, told)


def _fault(sheet: Sheet, first: int, told: str) -> RuleFault:
    watched: list[str] = []
    for piece in sheet.pieces[first + 1 :]:
        if piece.kind != "watched":
            break
        watched.append(piece.pointer)
    return RuleFault(sheet.pieces[first].pointer, " ".join(told.split()), tuple(watched))
