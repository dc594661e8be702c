"""What a change gives up of the rules by which changes are judged: approvers, positions, whom to trust.

Such a change is judged by the rules that it takes away: it needs the approval of the office that it removes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from clausebook.findings.model import Finding
from clausebook.findings.report import counted
from clausebook.library.model import LibraryClause
from clausebook.load.yaml import load_yaml
from clausebook.repository.git.base import TRUST
from clausebook.repository.tree import TreeError
from clausebook.review.approvals import offices, same_office
from clausebook.review.sides import Side

KEEPER = "General Counsel"
"""The office that keeps the file of whom to trust."""

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
    files = {path for side in (base, head) for path in _trusted(side)}
    changed = sorted(path for path in files if base.tree.digest(path) != head.tree.digest(path))
    if changed and not any(same_office(each, KEEPER) for each in said):
        count = counted(len(changed), "file")
        yield _finding(f"the change touches whom the repository trusts ({count})", KEEPER, changed[0])


def _weaker(before: LibraryClause, after: LibraryClause) -> Iterator[tuple[str, str]]:
    """Yield each office that a clause asked and its successor does not, and what of it is gone."""
    left = offices(after.approver)
    for office in offices(before.approver):
        if not any(same_office(each, office) for each in left):
            yield office, f"removes the approver {office}"
        elif before.position != "standard" == after.position:
            yield office, f"makes the standard of the {before.position}, which the {office} had to approve,"


def _trusted(side: Side) -> Iterator[str]:
    """Yield what says whom to trust: trust.yaml, the certificates that it names, and the folder beside it."""
    try:
        yield from _below(side, "trust")
        if TRUST not in side.tree.names(""):
            return
        yield TRUST
        waiting = [load_yaml(side.tree.read(TRUST), TRUST).value]
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
