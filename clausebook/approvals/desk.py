"""Judge the approvals of the deals of a repository, by the rules and the people of its base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from clausebook.approvals.approval_files import approvals_folder, read_approvals
from clausebook.approvals.approvers import APPROVERS, read_approvers
from clausebook.approvals.authority import AUTHORITY, Powers, read_powers
from clausebook.approvals.model import ApprovalStanding, Need, State
from clausebook.approvals.needs import needs_of
from clausebook.approvals.weighing import Bench, standings
from clausebook.document.statuses import DRAFTS
from clausebook.findings.model import Finding, FindingsError, RepositoryError, has_errors
from clausebook.library.bundle import TypeBundle, load_bundle
from clausebook.project.agreement import Agreement, ordered
from clausebook.project.project import Project
from clausebook.repository.git.base import Base, base_of
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.validate.schemas import SchemaStore

_RULES: dict[State, tuple[str, str]] = {
    "missing": ("core/approval-needed", "core/approval-missing"),
    "lapsed": ("core/approval-to-renew", "core/approval-outdated"),
    "refused": ("core/approval-doubtful", "core/approval-refused"),
}
"""The rule of an approval that is not given: in a draft, and from `approved` on."""


@dataclass(frozen=True, slots=True)
class Approvals:
    """Where the approvals of an agreement stand, and what is wrong with their files."""

    standings: tuple[ApprovalStanding, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def open(self) -> tuple[ApprovalStanding, ...]:
        """What is still to be approved."""
        return tuple(each for each in self.standings if each.state != "given")


class Desk:
    """Judges approvals by a project's base. A context manager: it may hold git open.

    `reviewers` are the logins of those who approved at the forge what is checked out; `named` is the protected branch.
    """

    def __init__(self, project: Project, reviewers: Iterable[str] = (), named: str = "") -> None:
        self._project = project
        self._reviewers = frozenset(login.casefold() for login in reviewers)
        self._named = named
        self._git: Git | None = None
        self._bundles: dict[str, TypeBundle] = {}

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *error: object) -> None:
        if self._git:
            self._git.close()

    def approvals(self, agreement: Agreement) -> Approvals:
        """Return where an agreement's approvals stand; none are asked of what was executed."""
        needs = self.needs(agreement)
        if not needs:
            return Approvals()
        files, findings = read_approvals(self._project.tree, agreement.file.id)
        bench = replace(self._bench, authors=self._authors(agreement)) if files or self._reviewers else self._bench
        as_of = self._project.judging.as_of if self._project.judging else ""
        return Approvals(standings(agreement.file.id, needs, files, bench, as_of), findings)

    def needs(self, agreement: Agreement) -> tuple[Need, ...]:
        """Return what an agreement needs approved, by its type as it is and as the base has it."""
        if agreement.document is None or agreement.inputs is None or agreement.record:
            return ()
        name = agreement.inputs.kind.name
        bundles = [self._project.type(name), *self._at_base(name)]
        as_of = self._project.judging.as_of if self._project.judging else ""
        return needs_of(agreement.document, agreement.inputs.deal.data, bundles, self._project.sandbox, as_of)

    def findings(self, agreements: Iterable[Agreement]) -> Iterator[Finding]:
        """Yield a finding for each approval that is not given: a warning in a draft, an error from `approved` on."""
        for agreement in agreements:
            found = self.approvals(agreement)
            yield from found.findings
            yield from (_finding(agreement, each) for each in found.open)
        yield from self._people[1]

    def marked(self, agreement: Agreement) -> Agreement:
        """Return an agreement as it may be built: marked on each page if it is no draft and waits for approvals."""
        if agreement.document is None or agreement.document.draft:
            return agreement
        open_still = self.approvals(agreement).open
        if not open_still:
            return agreement
        offices = sorted({each.need.role for each in open_still})
        said = f"it is built with the mark NOT APPROVED: the {' and the '.join(offices)} must approve it"
        hint = f"clausebook approvals {agreement.file.id} lists what"
        found = Finding("core/built-unapproved", said, agreement.file.path, 1, 1, hint=hint)
        document = replace(agreement.document, draft=True)
        return replace(agreement, document=document, findings=(*agreement.findings, found))

    @cached_property
    def powers(self) -> tuple[Powers, tuple[Finding, ...]]:
        """Who may bind the house by the base, nobody being stated where there is no such file; and what is wrong."""
        if isinstance(self._base, RepositoryError) or AUTHORITY not in self._base[0].names(""):
            return Powers(), ()
        return read_powers(self._base[0])

    @property
    def notes(self) -> tuple[str, ...]:
        """Why nobody, or less, is known by which approvals could be judged."""
        return self._bench.notes

    @cached_property
    def _base(self) -> tuple[GitTree, Base] | RepositoryError:
        try:
            self._git = Git(self._project.root)
            found = base_of(self._git, self._named)
            return GitTree(self._git, found.commit), found
        except RepositoryError as error:
            return error

    @cached_property
    def _people(self) -> tuple[Bench, tuple[Finding, ...]]:
        if isinstance(self._base, RepositoryError):
            said = f"nobody is known who may approve: {self._base.message}"
            return Bench(notes=(said,)), ()
        tree, base = self._base
        if APPROVERS not in tree.names(""):
            said = f"nobody is known who may approve: there is no `{APPROVERS}` at the base ({base.branch})"
            return Bench(notes=(said,)), ()
        approvers, findings = read_approvers(tree)
        return Bench(approvers, reviewers=self._reviewers), findings

    @property
    def _bench(self) -> Bench:
        return self._people[0]

    def _at_base(self, name: str) -> Iterator[TypeBundle]:
        if isinstance(self._base, RepositoryError):
            return
        tree, _ = self._base
        if f"{name}/" not in tree.names("templates"):
            return
        if name not in self._bundles:
            self._bundles[name] = load_bundle(tree, name, SchemaStore(tree))
        yield self._bundles[name]

    def _authors(self, agreement: Agreement) -> frozenset[str]:
        """Return who changed an agreement, other than its approvals, since the base: names and e-mail addresses."""
        if isinstance(self._base, RepositoryError) or self._git is None:
            return frozenset()
        folder = approvals_folder(agreement.file.id)
        paths = (agreement.file.path, folder.rpartition("/")[0], f":(exclude){folder}")
        log = self._git.run("log", "--format=%ae%n%an", f"{self._base[1].commit}..HEAD", "--", *paths)
        if self._git.succeeds("diff", "--quiet", "HEAD", "--", *paths) is None:
            log += "\n".join(self._git.succeeds("config", f"user.{name}") or "" for name in ("email", "name"))
        return frozenset(" ".join(line.split()).casefold() for line in log.splitlines() if line.strip())


def refuse_unapproved(project: Project, agreement: Agreement) -> None:
    """Raise FindingsError if an agreement that is no draft any more has errors, or waits for approvals."""
    with Desk(project) as desk:
        found = (*agreement.findings, *desk.findings([agreement]))
    if has_errors(found):
        raise FindingsError(ordered(found))


def _finding(agreement: Agreement, standing: ApprovalStanding) -> Finding:
    need, drafted = standing.need, agreement.data["status"] in DRAFTS
    rule = _RULES[standing.state][0 if drafted else 1]
    by = f" ({standing.by}{', ' if standing.date else ''}{standing.date})" if standing.by else ""
    why = f", for {standing.why}" if standing.state == "refused" else ""
    said = {
        "missing": f"{need.said}, and the {need.role} has not approved it",
        "lapsed": f"{need.said}; what the {need.role} approved{by} has changed since",
        "refused": f"{need.said}; the approval of the {need.role}{by} does not count{why}",
    }[standing.state]
    hint = f"have it approved: clausebook approve {agreement.file.id} --role {need.role!r}"
    line, column = agreement.inputs.deal.locate(need.pointer) if agreement.inputs else (1, 1)
    return Finding(rule, said, agreement.file.path, line, column, need.pointer, hint)
