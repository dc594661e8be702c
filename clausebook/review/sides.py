"""The two revisions that a review compares, and which of their agreements may differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass
from functools import cached_property
from pathlib import Path

from clausebook.approvals.approval_files import approvals_folder
from clausebook.findings.characters import without_hidden
from clausebook.findings.model import Finding, RepositoryError
from clausebook.history.revisions import WORK_TREE
from clausebook.history.sources import Sources, sources
from clausebook.language.sandbox import Sandbox
from clausebook.library.bundle import TypeBundle
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.records.links import KINDS
from clausebook.repository.agreement_files import JOURNALS, SUFFIXES, AgreementFile
from clausebook.repository.git.base import base_of, compared_base
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.lacking import lacking
from clausebook.repository.git.objects import SHORT
from clausebook.repository.git.process import MISSING, Git, MissingObject
from clausebook.repository.git.revision_names import head_of, resolve
from clausebook.repository.hashed import HashedDisk, HashedTree, hashed_once
from clausebook.repository.tree import TreeError
from clausebook.review.kept_agreements import KeptAgreements
from clausebook.review.model import Tip

ALIKE = 0.6
"""The share of its lines that an agreement keeps if it was only renamed."""

_LINKED = re.compile(rb"\b(links|superseded_by)\b")
"""What a file has that links its agreement to another one; most have not, and need not be loaded."""

MOST_LINES, FEWEST_LINES, MOST_COMPARED = 20_000, 200, 20_000_000
"""Lines up to which a file is looked at for that; fewer of many, for all that went are put beside all that came."""


class Side:
    """One revision, or the work tree. `project` is None for a base from before there were agreements."""

    def __init__(self, tip: Tip, tree: HashedTree, project: Project | None) -> None:
        self.tip, self.project = tip, project
        self.tree = hashed_once(tree)
        self._sources: dict[str, Sources | None] = {}
        self._assembling: dict[bool, Callable[[AgreementFile], Agreement]] = {}

    @cached_property
    def files(self) -> Mapping[str, AgreementFile]:
        """The agreements' files, by id."""
        return {file.id: file for file in self.project.found[0]} if self.project else {}

    def sources(self, agreement: str) -> Sources | None:
        """Return what an agreement's text is made from."""
        if agreement not in self._sources:
            self._sources[agreement] = sources(self.tree, agreement) if agreement in self.files else None
        return self._sources[agreement]

    def assemble(self, agreement: str, *, judged: bool = True) -> Agreement:
        """Return an agreement of `files`, assembled, with every finding, those of its type included.

        If it is not to be `judged`, nobody asks what the deal means.
        """
        if self.project is None:
            raise ValueError("there are no agreements")
        if judged not in self._assembling:
            project = self.project if judged else self.project.quiet()
            self._assembling[judged] = (
                KeptAgreements(project, self.tree).assemble if self.tip.commit else project.assemble
            )
        found = self._assembling[judged](self.files[agreement])
        origin = self.sources(agreement)
        bundle = self.bundle(origin.kind) if origin else None
        if found.document is not None or bundle is None:
            return found
        return Agreement(found.file, found.data, None, (*found.findings, *bundle.findings), found.inputs)

    def forget(self, agreement: str) -> None:
        """Let go of what was loaded of an agreement; it is loaded again if somebody asks for it."""
        if self.project and agreement in self.files:
            self.project.forget(self.files[agreement])

    def types(self) -> list[str]:
        """Return the names of the agreement types."""
        return self.project.store.types() if self.project else []

    def bundle(self, kind: str) -> TypeBundle | None:
        """Return an agreement type, or None if there is none of this name."""
        return self.project.type(kind) if self.project and kind in self.types() else None

    def findings(self, kinds: list[str]) -> tuple[Finding, ...]:
        """Return the findings that belong to no single agreement: of file names, and of these types."""
        if self.project is None:
            return ()
        bundles = filter(None, map(self.bundle, kinds))
        return (*self.project.found[1], *(finding for bundle in bundles for finding in bundle.findings))


@dataclass(frozen=True, slots=True)
class AgreementPair:
    """An agreement by its id on either side, "" where it is not there."""

    old: str
    new: str


def sides(git: Git, root: Path, base: str, head: str, sandbox: Sandbox, *, exact: bool) -> tuple[Side, Side]:
    """Return the base and the head, "" for the work tree; unless `exact`, the base is that of `compared_base`.

    Raises RepositoryError if one is unknown, or the two have no common ancestor.
    """
    disk = head in ("", WORK_TREE) and not git.bare
    new = head_of(git) if head in ("", WORK_TREE) else resolve(git, head)
    if new is None:
        raise RepositoryError("nothing is committed yet, so there is nothing to review against", "git commit")
    if exact:
        tip, branch = (resolve(git, base), base) if base else astuple(base_of(git))
        old = tip
    else:
        found = compared_base(git, new, base)
        old, tip, branch = found.commit, found.tip, found.branch
    name = _name(branch, tip) if old == tip else f"the last revision shared with {_name(branch, tip)}: {old[:SHORT]}"
    before = GitTree(git, old)
    try:
        project = Project(root, sandbox, over=before)
    except RepositoryError:
        project = None
    refuse_if_absent(before, name)
    left = Side(Tip(name, old), before, project)
    if disk:
        files = HashedDisk(root)
        files.width = len(new)
        return left, Side(Tip(WORK_TREE, ""), files, Project(root, sandbox))
    after = GitTree(git, new)
    refuse_if_absent(after, head or "HEAD")
    return left, Side(Tip(_name(head or "HEAD", new), new), after, Project(root, sandbox, over=after))


def pairs(base: Side, head: Side) -> Iterator[AgreementPair]:
    """Yield each agreement whose text may differ, or that of one which it is linked to, in order of its newest id."""
    gone = [name for name in base.files if name not in head.files]
    came = [name for name in head.files if name not in base.files]
    same = [name for name in head.files if name in base.files]
    differ = {name for name in {*base.files, *head.files} if _differs(base, head, name)}
    found = [AgreementPair(name, name) for name in same if name in differ or not differ.isdisjoint(_ends(head, name))]
    for pair in _renamed(base, head, gone, came):
        gone.remove(pair.old)
        came.remove(pair.new)
        found.append(pair)
    found += [*(AgreementPair(name, "") for name in gone), *(AgreementPair("", name) for name in came)]
    yield from sorted(found, key=lambda pair: (pair.new or pair.old, pair.old))


def refuse_if_absent(tree: GitTree, name: str) -> None:
    """Raise MissingObject for a revision of which this clone lacks texts: what is absent is not what is wrong."""
    absent = list(lacking(tree, ("agreements", "templates", "schemas")))
    if absent:
        more = f" and {len(absent) - 1} more" if absent[1:] else ""
        said = f"what {without_hidden(name)} holds {MISSING}: `{without_hidden(absent[0])}`{more}"
        raise MissingObject(said, tree.git.whole_clone())


def moved(base: Side, head: Side) -> list[Finding]:
    """Say that the project had another folder at the base; [] if it had none, or none is known."""
    if not isinstance(base.tree, GitTree) or not base.files:
        return []
    old, new = base.tree.folder, head.tree.folder if isinstance(head.tree, GitTree) else base.tree.git.prefix
    if old == new:
        return []
    before, after = (f"`{without_hidden(folder)}`" if folder else "the repository itself" for folder in (old, new))
    message = f"the project was renamed: its folder was {before}, and is {after}"
    return [Finding(rule="core/review-folder", message=message, path="agreements")]


def _name(name: str, commit: str) -> str:
    shown = without_hidden(name)
    return commit[:SHORT] if commit.startswith(shown) else f"{shown} ({commit[:SHORT]})"


def _ends(side: Side, name: str) -> Iterator[str]:
    """Yield the agreements with which one is linked: what is wrong with it may lie in what became of them."""
    try:
        told = _LINKED.search(side.tree.read(side.files[name].path)) if side.project else None
    except TreeError:
        return
    if told and side.project:
        mine = side.project.linked[name]
        yield from (other for kind in KINDS for other in mine.linked(kind))
        yield mine.lifecycle.superseded_by


def _differs(base: Side, head: Side, name: str) -> bool:
    old, new = base.sources(name), head.sources(name)
    beside = (approvals_folder(name), *(f"{JOURNALS}/{name}{each}" for each in SUFFIXES))
    given = [[side.tree.digest(path) for path in beside] for side in (base, head)]
    return old is None or new is None or old.key != new.key or given[0] != given[1]


def _renamed(base: Side, head: Side, gone: list[str], came: list[str]) -> list[AgreementPair]:
    """Return which of the agreements that came are ones that went, the most alike first."""
    if not gone or not came:
        return []
    most = lines_compared(len(gone), len(came))
    old = {name: _lines(base, name, most) for name in gone}
    new = {name: _lines(head, name, most) for name in came}
    likeness = sorted(
        (-share, after, before)
        for before in gone
        for after in came
        if (share := _share(old[before], new[after])) >= ALIKE
    )
    found: list[AgreementPair] = []
    for _, after, before in likeness:
        if all(pair.old != before and pair.new != after for pair in found):
            found.append(AgreementPair(before, after))
    return found


def lines_compared(gone: int, came: int) -> int:
    """Return how many lines of each file are looked at, of so many files that went and came."""
    return max(FEWEST_LINES, min(MOST_LINES, MOST_COMPARED // (gone * came)))


def _lines(side: Side, name: str, most: int) -> Counter[str]:
    try:
        text = side.tree.read(side.files[name].path).decode(errors="replace")
    except TreeError:
        return Counter()
    return Counter(line.strip() for line in text.splitlines()[:most] if line.strip())


def _share(old: Counter[str], new: Counter[str]) -> float:
    most = max(old.total(), new.total())
    return (old & new).total() / most if most else 0.0
