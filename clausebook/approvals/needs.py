"""What in a deal needs whose approval: by its clauses, by its negotiated wording, and by the limits of its type."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from clausebook.approvals.model import Kind, Need
from clausebook.approvals.offices import offices, same_office
from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Clause, ClauseSource, Document
from clausebook.document.words import called, heading_of, part_text, unnumbered
from clausebook.findings.pointers import MISSING, child, parts
from clausebook.language.sandbox import Sandbox
from clausebook.library.bundle import TypeBundle
from clausebook.library.model import AgreementType, RuleExample
from clausebook.rules.evaluating import evaluate, uses_of

_STANDARD = "standard"
_WRITTEN_FOR_THE_DEAL = ("negotiated", "own schedule")


def needs_of(
    document: Document, data: Mapping[str, Any], bundles: Sequence[TypeBundle], sandbox: Sandbox, as_of: str = ""
) -> tuple[Need, ...]:
    """Return what a deal needs approved, in reading order, each by one office.

    `bundles` are the type as it is, and as the base has it: what either of them asks for is asked for.
    """
    found: list[Need] = []
    for bundle in bundles:
        for need in _needs(document, data, bundle, sandbox, as_of):
            if not any(_same(need, each) for each in found):
                found.append(need)
    order = {clause.id: number for number, clause in enumerate(document.clauses())}
    return tuple(sorted(found, key=lambda need: (need.kind != "clause", order.get(need.id, 0))))


def _same(need: Need, other: Need) -> bool:
    named = need.kind == other.kind and need.id == other.id and need.fingerprint == other.fingerprint
    return named and same_office(need.role, other.role) and need.proof == other.proof


def _needs(
    document: Document, data: Mapping[str, Any], bundle: TypeBundle, sandbox: Sandbox, as_of: str
) -> Iterator[Need]:
    kind = bundle.kind
    if kind is None:
        return
    rules = kind.approvals
    untitled = {each.id: heading_of(group) for group in document.groups() for each in group.clauses if not each.title}
    for clause in document.clauses():
        if clause.source:
            why, asked = _asked(clause.source, kind)
            mark = _of_clause(clause, clause.source)
            for role in _once(asked):
                said = f"{untitled.get(clause.id) or called(clause)} {why}"
                yield Need("clause", clause.id, role, said, mark, f"/clauses/{clause.id}", rules.proof)
    case = RuleExample(data, as_of, uses_of(document, kind))
    judgments = evaluate([each.rule for each in rules.limits], case, bundle, sandbox)
    for limit, judgment in zip(rules.limits, judgments, strict=True):
        # A limit that cannot be judged is taken for one that is passed.
        told = [*(fault.message for fault in judgment.faults), *(problem.message for problem in judgment.problems)]
        if told:
            name = limit.rule.rule.id.partition("/")[2]
            watched = [_value(data, pointer) for fault in judgment.faults for pointer in fault.watched]
            pointer = judgment.faults[0].pointer if judgment.faults else ""
            mark, why = _hash("limit", name, told, watched), f"{limit.rule.rule.title}: {'; '.join(told)}"
            for role in _once(limit.offices):
                yield Need("limit", name, role, why, mark, pointer, limit.proof)
    for role in _once(rules.whole):
        yield Need("text", "", role, "the whole text", fingerprint(document), "", rules.proof)


def _asked(source: ClauseSource, kind: AgreementType) -> tuple[str, Sequence[str]]:
    """Return why a clause needs approval and by whom, by what it says itself and by what the library says of it."""
    negotiated = kind.approvals.negotiated
    if source.position in _WRITTEN_FOR_THE_DEAL:
        return "is wording that no library has", negotiated
    known = kind.clauses.get(source.clause)
    held = [(source.position, source.approver), *([(known.position, known.approver)] if known else [])]
    departs = [(position, approver) for position, approver in held if position != _STANDARD]
    asked = [role for _, approver in departs for role in offices(approver) or negotiated]
    return (f"departs from the standard ({departs[0][0]})" if departs else ""), asked


def _value(data: Any, pointer: str) -> Any:
    found = reduce(child, parts(pointer), data)
    return None if found is MISSING else found


def _of_clause(clause: Clause, source: ClauseSource) -> str:
    """Return the fingerprint of a clause's words in this deal; a number that only moved is no change."""
    return _hash("clause", clause.id, f"{source.clause}@{source.version}", part_text(clause, unnumbered))


def _hash(kind: Kind, *told: Any) -> str:
    return hashlib.sha256(json.dumps([kind, *told], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _once(roles: Iterable[str]) -> list[str]:
    found: list[str] = []
    for role in roles:
        found += [] if any(same_office(role, each) for each in found) else [role]
    return found
