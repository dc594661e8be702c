"""What became of the text of an approved agreement, though its version is the same: by its own data or the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from clausebook.approvals.model import ApprovalStanding
from clausebook.document.statuses import DRAFTS
from clausebook.findings.characters import first_names
from clausebook.findings.model import Finding, RepositoryError
from clausebook.history.causes import DATA, LIBRARY
from clausebook.history.comparison import Comparison, comparison, text_of
from clausebook.history.sources import sources
from clausebook.project.agreement import Agreement
from clausebook.project.project import MARKERS, Project
from clausebook.repository.git.base import tree_at_base
from clausebook.repository.hashed import HashedDisk, hashed_once
from clausebook.repository.tree import DiskTree

MOST_NAMED = 3
"""Changes that a message names for each cause; more are counted."""

_CAUSES = {LIBRARY: "by the library", DATA: "by its own data", "both": "by its own data and the library"}


def approved_findings(project: Project, agreements: Iterable[Agreement]) -> Iterator[Finding]:
    """Yield a finding for each approved text that is another one than the protected branch has at that version.

    Without a protected branch nothing is told: then approvals are not known either, which is told of them.
    """
    waiting = [each for each in agreements if _stands(each)]
    if not waiting:
        return
    try:
        with tree_at_base(project.root) as (tree, base):
            if any(f"{name}/" not in tree.names("") for name in MARKERS):
                return
            before = Project(project.root, project.sandbox, judging=None, over=tree)
            files = {file.id: file for file in before.files()}
            disk = hashed_once(HashedDisk(project.root)) if isinstance(project.tree, DiskTree) else None
            for each in waiting:
                there = sources(tree, each.file.id)
                here = sources(disk, each.file.id) if disk else None
                if there and each.file.id in files and not (here and here.key == there.key):
                    was = before.assemble(files[each.file.id])
                    if _stands(was) and was.data["version"] == each.data["version"]:
                        found = comparison(text_of(was, base.commit), text_of(each, ""), project.sandbox)
                        yield from approved_finding(each, found, ())
    except RepositoryError:
        return


def approved_finding(
    agreement: Agreement, found: Comparison | None, standings: Sequence[ApprovalStanding]
) -> Iterator[Finding]:
    """Yield the finding of an agreement that is approved and whose text changed, as its comparison with before has it.

    `standings` are its approvals: those that lapsed are named.
    """
    old = found.old if found else None
    if not found or not found.changes or old is None or old.document.draft or not _stands(agreement):
        return
    if old.document.version != agreement.data["version"]:
        return
    by: dict[str, list[str]] = {}
    for change in found.changes:
        by.setdefault(_CAUSES[found.cause_of(change).kind], []).append(change.name())
    told = "; ".join(f"{cause}: {first_names(names, MOST_NAMED)}" for cause, names in by.items())
    lapsed = list(dict.fromkeys(each.need.role for each in standings if each.state == "lapsed"))
    ends = f"; what the {' and the '.join(lapsed)} approved has lapsed" if lapsed else ""
    which = f"version {agreement.data['version']}, which is {agreement.data['status']},"
    yield Finding(
        "core/approved-changed",
        f"{which} reads differently from the protected branch ({told}){ends}",
        agreement.file.path,
        *(agreement.inputs.deal.locate("/version") if agreement.inputs else (1, 1)),
        pointer="/version",
        hint="bring back what was approved; or raise `version` and have that approved, in-review until it is",
    )


def _stands(agreement: Agreement) -> bool:
    """Tell whether it is approved, and still to be executed."""
    return agreement.document is not None and agreement.record is None and agreement.data["status"] not in DRAFTS
