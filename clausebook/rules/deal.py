"""Judge a deal by the rules of its type, and prove each rule by its own examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from clausebook.assemble.inputs import Deal
from clausebook.document.model import Document
from clausebook.findings.model import Finding, finding_in
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Filling, Sheet, Subject, TemplateJob
from clausebook.language.values import CLOSE, OPEN
from clausebook.library.bundle import TypeBundle
from clausebook.library.model import AgreementType, DealRule, RuleExample
from clausebook.load.problems import too_many

AS_OF, USES = "as_of", "uses"
"""What rules may ask beside the data: the day of the judgment, and the clause of each slot."""

_PLACEHOLDER = re.compile(f"{OPEN}([0-9]+){CLOSE}")

_OF_USES: Mapping[str, Any] = {
    "i": {"p": {name: {} for name in ("slot", "clause", "version", "status", "position", "approver")}}
}


def judged(
    deal: Deal, bundle: TypeBundle, uses: Sequence[Mapping[str, Any]], as_of: str, sandbox: Sandbox
) -> Iterator[Finding]:
    """Yield what the rules of a type find in a valid deal; `uses` as `RuleExample` has it, `as_of` may be ""."""
    kind = bundle.kind
    if kind is None or not kind.rules:
        return
    sheets = _sheets(kind, bundle, RuleExample(deal.data, as_of, tuple(uses)), kind.rules, sandbox)
    for rule, sheet in zip(kind.rules, sheets, strict=True):
        for problem in sheet.problems:
            said = f"the rule `{rule.rule.id}` cannot judge `{deal.id}`: {problem.message}"
            hint = "mend the rule, so that it also holds for deals like this one"
            yield finding_in(rule.path, "core/rule-fails", said, hint, rule.line)
        for pointer, message in () if sheet.problems else _faults(sheet):
            line, column = deal.locate(pointer)
            yield Finding(rule.rule.id, message, deal.path, line, column, pointer, rule.rule.mend, declared=rule.rule)
        if any(piece.kind == "more" for piece in sheet.pieces):
            yield too_many(deal.path, f"the rule `{rule.rule.id}` finds more; the rest is left out")


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


def unproven(bundle: TypeBundle, sandbox: Sandbox) -> Iterator[Finding]:
    """Yield the rules of a type that its own examples show to be wrong."""
    kind = bundle.kind
    for rule in kind.rules if kind else ():
        for example, wanted in ((rule.bad, True), (rule.good, False)):
            name = "bad" if wanted else "good"
            (sheet,) = _sheets(kind, bundle, example, [rule], sandbox) if kind else ()
            if sheet.problems:
                said = f"the rule `{rule.rule.id}` fails on its `{name}` example: {sheet.problems[0].message}"
                yield finding_in(rule.path, "core/rule-fails", said, sheet.problems[0].hint, rule.line)
            elif bool(sheet.text.strip()) is not wanted:
                said = f"the rule `{rule.rule.id}` finds {'nothing' if wanted else 'something'} in its `{name}` example"
                yield finding_in(rule.path, "core/rule-example", said, "correct the rule, or the example", rule.line)


def _sheets(
    kind: AgreementType, bundle: TypeBundle, case: RuleExample, rules: Iterable[DealRule], sandbox: Sandbox
) -> Sequence[Sheet]:
    """Return what each rule's template gave."""
    known = {**bundle.shape.get("p", {}), AS_OF: {}, USES: _OF_USES}
    data = {**case.data, USES: list(map(dict, case.uses))} | ({AS_OF: case.as_of} if case.as_of else {})
    subject = Subject(data, kind.outline.language, {**bundle.shape, "p": known}, f"{bundle.shape_id}/rules")
    jobs = [TemplateJob(f"rule:{rule.rule.id}", rule.template, dialect=rule.dialect) for rule in rules]
    sheets = sandbox.render(subject, jobs, (), [use["slot"] for use in case.uses]).sheets
    return [sheets[job.name] for job in jobs]


def _faults(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Yield the pointer and the message of each fault that a sheet tells."""
    pointer, told = "", ""
    for index, part in enumerate(_PLACEHOLDER.split(sheet.text)):
        piece = sheet.pieces[int(part)] if index % 2 else Filling("", part)
        if piece.kind == "fault":
            if told.strip():
                yield pointer, " ".join(told.split())
            pointer, told = piece.pointer, ""
        else:
            told += piece.text
    if told.strip():
        yield pointer, " ".join(told.split())
