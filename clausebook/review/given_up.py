"""What a change gives up of the rules by which changes are judged: approvers, positions, limits, whom to trust.

Such a change is judged by the rules that it takes away: it needs the approval of the office that it removes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from clausebook.approvals.approvers import APPROVERS
from clausebook.approvals.authority import AUTHORITY
from clausebook.approvals.offices import KEEPER, offices, same_office
from clausebook.findings.model import Finding
from clausebook.findings.report import counted
from clausebook.library.model import LibraryClause
from clausebook.library.rules_file import APPROVALS_FILE, RULES_FILE
from clausebook.load.yaml import load_yaml
from clausebook.repository.git.base import TRUST
from clausebook.repository.hashed import hash_or_why
from clausebook.repository.tree import TreeError, files_below, names_in
from clausebook.review.library_edits import happened
from clausebook.review.model import EditApproval, LibraryEdit
from clausebook.review.sides import Side

JUDGING = (RULES_FILE, APPROVALS_FILE)
"""What a type has to judge its deals by."""

_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{,4094}")
"""What can name a file; no system reads a longer path."""

_HOW = "have it approved, and let whoever runs the review say so: --approved {!r}"


def given_up(
    base: Side, head: Side, kinds: Iterable[str], judging: Sequence[LibraryEdit], approved: Iterable[str]
) -> Iterator[Finding]:
    """Yield a finding for each rule that is gone or weaker at the head, unless its office approved that.

    `judging` are the `judging_edits`.
    """
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
    trusted = [edit.path for edit in judging if edit.kind == "trust"]
    if trusted:
        count = counted(len(trusted), "file")
        yield _finding(f"the change touches whom the repository trusts ({count})", KEEPER, trusted[0])
    for edit in judging:
        if edit.kind == "rules" and base.project:
            yield _finding(f"the change touches {edit.facts[0]}, in `{edit.path}`", KEEPER, edit.path)


def judging_edits(base: Side, head: Side) -> Iterator[LibraryEdit]:
    """Yield the files that changed by which changes are judged: whom to trust, who may approve and bind, the rules."""
    for path in sorted({path for side in (base, head) for path in _trusted(side)}):
        marks = [hash_or_why(side.tree.digest, path) for side in (base, head)]
        if marks[0] != marks[1]:
            yield LibraryEdit("trust", "", path, path, happened(*marks), facts=("whom the repository trusts",))
    judging = [("", APPROVERS, "who may approve"), ("", AUTHORITY, "who may bind the house")]
    for kind in sorted({*base.types(), *head.types()}):
        told = f"what the deals of the type `{kind}` are judged by"
        judging += [(kind, f"templates/{kind}/{name}", told) for name in JUDGING]
    for kind, path, what in judging:
        marks = [hash_or_why(side.tree.digest, path) for side in (base, head)]
        if marks[0] != marks[1]:
            yield LibraryEdit("rules", kind, path, path, happened(*marks), facts=(what,))


def edit_approvals(
    edits: Iterable[LibraryEdit], base: Side, head: Side, approved: Iterable[str]
) -> tuple[EditApproval, ...]:
    """Return who must approve the edits of what agreements are made from, and of what judges them, by office.

    A clause is its approver's, as either side names it, and the keeper's, whose are all other files.
    """
    said = tuple(approved)
    paths: dict[str, list[str]] = {}
    for edit in edits:
        asked = [KEEPER]
        for side in (base, head):
            bundle = side.bundle(edit.type) if edit.kind == "clause" else None
            clause = bundle.kind.clauses.get(edit.name) if bundle and bundle.kind else None
            asked += offices(clause.approver) if clause else ()
        for office in asked:
            known = next((name for name in paths if same_office(name, office)), office)
            if edit.path not in paths.setdefault(known, []):
                paths[known].append(edit.path)
    return tuple(
        EditApproval(office, tuple(found), any(same_office(each, office) for each in said))
        for office, found in paths.items()
    )


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
    yield from files_below(side.tree, "trust")
    waiting = []
    for name in (TRUST, APPROVERS):
        if name in names_in(side.tree, ""):
            yield from (TRUST,) if name == TRUST else ()
            # What is not read trusts nobody; what else is trusted is told all the same.
            with suppress(TreeError):
                waiting.append(load_yaml(side.tree.read(name), name).value)
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str) and _PATH.fullmatch(each):
            yield each


def _finding(said: str, office: str, path: str) -> Finding:
    message = f"{said}: only the {office} can give that up"
    return Finding("core/rule-given-up", message, path, 1, 1, hint=_HOW.format(office))
