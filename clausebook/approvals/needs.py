"""What in a deal needs whose approval: by its clauses, by its negotiated wording, and by the limits of its type."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from clausebook.approvals.model import Need
from clausebook.approvals.offices import name_key, offices, same_office
from clausebook.assemble.terms import term_key
from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Clause, ClauseSource, Document
from clausebook.document.words import called, heading_of, part_text, unnumbered
from clausebook.findings.characters import first_names
from clausebook.findings.pointers import MISSING, value_at
from clausebook.findings.register import rules
from clausebook.language.sandbox import Sandbox
from clausebook.library.bundle import TypeBundle
from clausebook.library.model import PROOFS, AgreementType, RuleExample
from clausebook.rules.evaluating import evaluate, uses_of
from clausebook.validate.common import WAIVERS

_STANDARD = "standard"
LIBRARY = "library"
"""What the need is called that words of the library are approved, which the base does not have."""

NAMED = 3
"""How many clauses such a need names."""

_WRITTEN_FOR_THE_DEAL = ("negotiated", "own schedule")


def needs_of(
    document: Document, data: Mapping[str, Any], bundles: Sequence[TypeBundle], sandbox: Sandbox, as_of: str = "",
    unknown: Container[str] = (), waivers: Sequence[Mapping[str, Any]] = (),
) -> tuple[Need, ...]:  # fmt: skip
    """Return what a deal needs approved, in reading order, each by one office.

    `bundles` are the type as it is, and as the base has it: what either of them asks for is asked for. `unknown` are
    the ids of clauses and definitions whose words stand in no library at the base, though they stand in one now.
    `waivers` are the deal's own.
    """
    asked: dict[tuple[str, ...], Need] = {}
    for bundle in bundles:
        for need in chain(_needs(document, data, bundle, sandbox, as_of), _of_waivers(waivers, bundle.kind)):
            key = need.kind, need.id, need.fingerprint, name_key(need.role)
            asked[key] = max(asked.get(key, need), need, key=lambda each: PROOFS.index(each.proof))
    found = list(asked.values())
    found += _of_library(document, bundles[-1], unknown)
    order = {clause.id: number for number, clause in enumerate(document.clauses())}
    return tuple(sorted(found, key=lambda need: (need.kind != "clause", order.get(need.id, 0))))


def _needs(
    document: Document, data: Mapping[str, Any], bundle: TypeBundle, sandbox: Sandbox, as_of: str
) -> Iterator[Need]:
    kind = bundle.kind
    if kind is None:
        return
    asking = kind.approvals
    untitled = {each.id: heading_of(group) for group in document.groups() for each in group.clauses if not each.title}
    for clause in document.clauses():
        if clause.source:
            why, asked = _asked(clause.source, kind)
            mark = _of_clause(clause, clause.source)
            for role in _once(asked):
                said = f"{untitled.get(clause.id) or called(clause)} {why}"
                yield Need("clause", clause.id, role, said, mark, f"/clauses/{clause.id}", asking.proof)
    yield from _of_terms(document, data, kind)
    case = RuleExample(data, as_of, uses_of(document, kind))
    judgments = evaluate([each.rule for each in asking.limits], case, bundle, sandbox)
    for limit, judgment in zip(asking.limits, judgments, strict=True):
        # A limit that cannot be judged is taken for one that is passed.
        told = [*(fault.message for fault in judgment.faults), *(problem.message for problem in judgment.problems)]
        if told:
            name = limit.rule.rule.id.partition("/")[2]
            watched = [_value(data, pointer) for fault in judgment.faults for pointer in fault.watched]
            # What such a limit would tell of any other value is not told, so whoever approves it approves them all.
            watched += [data] if judgment.problems or judgment.cut else []
            pointer = judgment.faults[0].pointer if judgment.faults else ""
            mark, why = _hash("limit", name, told, watched), f"{limit.rule.rule.title}: {'; '.join(told)}"
            for role in _once(limit.offices):
                yield Need("limit", name, role, why, mark, pointer, limit.proof)
    for role in _once(asking.whole):
        yield whole_text(document, role, "the whole text", asking.proof)


def whole_text(document: Document, role: str, said: str, proof: str) -> Need:
    """Return the need that an office approves the whole text of a deal."""
    return Need("text", "", role, said, fingerprint(document), "", proof)


def _of_terms(document: Document, data: Mapping[str, Any], kind: AgreementType) -> Iterator[Need]:
    """Yield the needs that meanings are approved which a deal gives to terms of the shared glossary."""
    shared = {term_key(entry.term) for entry in kind.glossary}
    for definition in document.definitions():
        key = term_key(definition.term)
        own = (n for n, entry in enumerate(data.get("glossary", ())) if term_key(entry["term"]) == key)
        if key in shared and (number := next(own, None)) is not None:
            said = f"the meaning of “{definition.term}” departs from the shared glossary"
            mark = _hash("term", key, part_text(definition, unnumbered))
            for role in _once(kind.approvals.negotiated):
                yield Need("term", key, role, said, mark, f"/glossary/{number}/term", kind.approvals.proof)


def _of_waivers(waivers: Sequence[Mapping[str, Any]], kind: AgreementType | None) -> Iterator[Need]:
    """Yield the needs that waivers of errors are approved: whom a waiver names is only what its deal says."""
    known = {**rules(), **{rule.rule.id: rule.rule for rule in kind.rules}} if kind else {}
    for number, waiver in enumerate(waivers):
        rule = known.get(waiver["rule"])
        if kind and rule and rule.severity == "error":
            at, until = waiver["at"], waiver["until"]
            said = f"the error `{rule.id}` is waived at {at} until {until}, by {waiver['by']}"
            mark = _hash("waiver", {name: str(waiver[name]) for name in ("rule", "at", "reason", "by", "until")})
            for role in _once(kind.approvals.negotiated):
                yield Need("waiver", f"{rule.id}{at}", role, said, mark, f"/{WAIVERS}/{number}", kind.approvals.proof)


def _of_library(document: Document, bundle: TypeBundle, unknown: Container[str]) -> Iterator[Need]:
    """Yield the need that the words of library clauses are approved that the base's library does not have."""
    clauses = [(clause, clause.source) for clause in document.clauses() if clause.source and clause.id in unknown]
    terms = [each for each in document.definitions() if each.id in unknown]
    names = [*(called(clause) for clause, _ in clauses), *(f"“{each.term}”" for each in terms)]
    if bundle.kind and names:
        told = f"{first_names(names, NAMED)} {'have' if len(names) > 1 else 'has'} words"
        said = f"{told} that the library of the protected branch does not have"
        marks = [*(_of_clause(*each) for each in clauses), *(part_text(each, unnumbered) for each in terms)]
        mark = _hash("library", *marks)
        for role in _once(bundle.kind.approvals.negotiated):
            yield Need("text", LIBRARY, role, said, mark, "", bundle.kind.approvals.proof)


def _asked(source: ClauseSource, kind: AgreementType) -> tuple[str, Sequence[str]]:
    """Return why a clause needs approval and by whom, by what it says itself and by what the library says of it."""
    negotiated = kind.approvals.negotiated
    if source.position in _WRITTEN_FOR_THE_DEAL:
        return "is wording that no library has", negotiated
    held = [(each.position, each.approver) for each in (source, kind.clauses.get(source.clause)) if each]
    departs = [(position, approver) for position, approver in held if position != _STANDARD]
    asked = [role for _, approver in departs for role in offices(approver) or negotiated]
    return (f"departs from the standard ({departs[0][0]})" if departs else ""), asked


def _value(data: Any, pointer: str) -> Any:
    found = value_at(data, pointer)
    return None if found is MISSING else found


def _of_clause(clause: Clause, source: ClauseSource) -> str:
    """Return the fingerprint of a clause's words in this deal; a number that only moved is no change."""
    return _hash("clause", clause.id, f"{source.clause}@{source.version}", part_text(clause, unnumbered))


def _hash(kind: str, *told: Any) -> str:
    return hashlib.sha256(json.dumps([kind, *told], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _once(roles: Iterable[str]) -> list[str]:
    found: list[str] = []
    for role in roles:
        found += [] if any(same_office(role, each) for each in found) else [role]
    return found
