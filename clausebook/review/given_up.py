"""What a change gives up of the rules by which changes are judged: approvers, positions, limits, whom to trust.

Such a change is judged by the rules that it takes away: it needs the approval of the office that it removes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from clausebook.approvals.approvers import APPROVERS
from clausebook.approvals.authority import AUTHORITY
from clausebook.approvals.offices import KEEPER, offices, same_office
from clausebook.findings.model import Finding
from clausebook.findings.report import counted
from clausebook.library.model import LibraryClause
from clausebook.library.rules_file import APPROVALS_FILE, RULES_FILE
from clausebook.load.yaml import load_yaml
from clausebook.repository.git.base import TRUST
from clausebook.repository.tree import TreeError
from clausebook.review.sides import Side

JUDGING = (RULES_FILE, APPROVALS_FILE)
"""What a type has to judge its deals by."""

_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_HOW = "have it approved, and let whoever runs the review say so: --approved {!r}"


def given_up(base: Side, head: Side, kinds: Iterable[str], approved: Iterable[str]) -> Iterator[Finding]:
    """Yield a finding for each rule that is gone or weaker at the head, unless its office approved that."""
    said = tuple(approved)
    for kind in kinds:
        old, new = base.bundle(kind), head.bundle(kind)
        known = old.kind.clauses if old and old.kind else {}
        now = new.kind.clauses if new and new.kind else {}
        for name, before in known.items():
            if name in now:
                successors = [now[name]]
            else:
                successors = [each for each in now.values() if each.slot == before.slot and each.id not in known]
            for after in successors:
                for office, words in _weaker(before, after):
                    if not any(same_office(each, office) for each in said):
                        yield _finding(f"the change {words} of the clause `{name}`", office, after.path)
    if any(same_office(each, KEEPER) for each in said):
        return
    files = {path for side in (base, head) for path in _trusted(side)}
    changed = sorted(path for path in files if base.tree.digest(path) != head.tree.digest(path))
    if changed:
        count = counted(len(changed), "file")
        yield _finding(f"the change touches whom the repository trusts ({count})", KEEPER, changed[0])
    judging = {APPROVERS: "who may approve", AUTHORITY: "who may bind the house"}
    for kind in sorted({*base.types(), *head.types()}):
        told = f"what the deals of the type `{kind}` are judged by"
        judging |= {f"templates/{kind}/{name}": told for name in JUDGING}
    for path, what in judging.items():
        if base.project and _digest(base, path) != _digest(head, path):
            yield _finding(f"the change touches {what}, in `{path}`", KEEPER, path)


def _digest(side: Side, path: str) -> str:
    try:
        return side.tree.digest(path)
    except TreeError as error:
        return str(error)


def _weaker(before: LibraryClause, after: LibraryClause) -> Iterator[tuple[str, str]]:
    """Yield each office that a clause asked and its successor does not, and what of it is gone."""
    left = offices(after.approver)
    for office in offices(before.approver):
        if not any(same_office(each, office) for each in left):
            yield office, f"removes the approver {office}"
        elif before.position != "standard" == after.position:
            yield office, f"makes the standard of the {before.position}, which the {office} had to approve,"


def _trusted(side: Side) -> Iterator[str]:
    """Yield what says whom to trust: trust.yaml, the folder beside it, and the certificates of trust and approvers."""
    try:
        yield from _below(side, "trust")
        there = [name for name in (TRUST, APPROVERS) if name in side.tree.names("")]
        yield from (name for name in there if name == TRUST)
        waiting = [load_yaml(side.tree.read(name), name).value for name in there]
    except TreeError:
        return
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str) and _PATH.fullmatch(each):
            yield each


def _below(side: Side, folder: str) -> Iterator[str]:
    for name in side.tree.names(folder):
        if name.endswith("/"):
            yield from _below(side, f"{folder}/{name[:-1]}")
        else:
            yield f"{folder}/{name}"


def _finding(said: str, office: str, path: str) -> Finding:
    message = f"{said}: only the {office} can give that up"
    return Finding("core/rule-given-up", message, path, 1, 1, hint=_HOW.format(office))
