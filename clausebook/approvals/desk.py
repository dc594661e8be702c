"""Judge the approvals of the deals of a repository, by the rules and the people of its base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

from clausebook.approvals.approval_files import read_approvals
from clausebook.approvals.approvers import APPROVERS, read_approvers
from clausebook.approvals.authority import AUTHORITY, Powers, read_powers
from clausebook.approvals.change import authors, reviewed, unchanged
from clausebook.approvals.model import ApprovalStanding, Need, State
from clausebook.approvals.needs import needs_of, whole_text
from clausebook.approvals.offices import in_office, name_key
from clausebook.approvals.reviews import ForgeReview
from clausebook.approvals.weighing import Bench, standings
from clausebook.assemble.inputs import AMENDS
from clausebook.assemble.terms import term_key
from clausebook.document.fingerprints import fingerprints
from clausebook.document.model import Document
from clausebook.document.statuses import DRAFTS
from clausebook.findings.model import Finding, FindingsError, RepositoryError, has_errors
from clausebook.library.bundle import TypeBundle, load_bundle
from clausebook.library.model import AgreementType, ApprovalRules
from clausebook.project.agreement import Agreement, ordered
from clausebook.project.project import MARKERS, Project
from clausebook.records.model import RECORD, ExecutedVersion
from clausebook.repository.git.base import Base, base_of
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.repository.tree import TreeError, names_in
from clausebook.validate.common import WAIVERS
from clausebook.validate.schemas import SchemaStore

_RULES: dict[State, tuple[str, str]] = {
    "missing": ("core/approval-needed", "core/approval-missing"),
    "lapsed": ("core/approval-to-renew", "core/approval-outdated"),
    "refused": ("core/approval-doubtful", "core/approval-refused"),
}
"""The rule of an approval that is not given: in a draft, and from `approved` on."""

NEW_TYPE = "attested"
"""The least that proves the approval of a text whose type the base does not know, and says nothing of."""


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

    `reviews` are those of the forge; `named` is the protected branch, and `commit` the one that the project is read
    from, "" for the work tree.
    """

    def __init__(
        self, project: Project, reviews: Sequence[ForgeReview] = (), named: str = "", commit: str = ""
    ) -> None:
        self._project, self._reviews, self._named, self._commit = project, reviews, named, commit
        self._git: Git | None = None
        self._bundles: dict[str, TypeBundle] = {}

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *error: object) -> None:
        if self._git:
            self._git.close()

    def of(self, project: Project) -> Desk:
        """Return this desk for a part of the same repository; what is read from the base is read once for both."""
        _ = self._people  # what is read once stands in the copy as well
        same = copy(self)
        same._project = project
        return same

    def approvals(self, agreement: Agreement, path: str = "") -> Approvals:
        """Return where an agreement's approvals stand, or would by one file; none of what the base has executed.

        An amendment also waits for those of the text that it makes, which stand beside the agreement that it amends.
        """
        own, amended = self._own(agreement, path), self.amended(agreement)
        if amended is None:
            return own
        theirs = self._own(amended, path)
        return Approvals((*own.standings, *theirs.standings), (*own.findings, *theirs.findings))

    def amended(self, agreement: Agreement) -> Agreement | None:
        """Return the agreement, as its draft is, that an amendment is to bring into force; None of anything else."""
        if agreement.record or agreement.inputs is None or AMENDS not in agreement.data:
            return None
        wanted = agreement.data[AMENDS]["agreement"]
        file = next((each for each in self._project.files() if each.id == wanted), None)
        return self._project.assemble(file) if file else None

    def _own(self, agreement: Agreement, path: str) -> Approvals:
        needs = self.needs(agreement)
        if not needs:
            return Approvals()
        files, findings = read_approvals(self._project.tree, agreement.file.id)
        files = tuple(each for each in files if path in ("", each.path))
        bench = replace(self._bench, authors=self._authors(agreement)) if files or self._bench.reviews else self._bench
        as_of = self._project.as_of
        return Approvals(standings(agreement.file.id, needs, files, bench, as_of), findings)

    def needs(self, agreement: Agreement) -> tuple[Need, ...]:
        """Return what an agreement needs approved, by its type as it is and as the base has it."""
        if agreement.record:
            return tuple(self._of_record(agreement, agreement.record))
        if agreement.document is None or agreement.inputs is None:
            return ()
        document, inputs = agreement.document, agreement.inputs
        as_of = self._project.as_of
        bundles, unknown = [self._project.type(inputs.kind.name)], frozenset[str]()
        new: list[Need] = []
        there = self.type_at_base(inputs.kind.name)
        if there and there.kind and there is not bundles[0]:
            bundles.append(there)
        # A draft may use what the library is to say once the change is merged.
        if agreement.data["status"] not in DRAFTS and not isinstance(self._base, RepositoryError):
            if there and there.kind:
                unknown = frozenset(self._unknown(document, inputs.kind, there.kind))
            else:
                why = "cannot be read" if there else "is not there"
                said = f"the whole text, for its type `{inputs.kind.name}` {why} on the protected branch"
                new = [whole_text(document, role, said, NEW_TYPE) for role in ApprovalRules().negotiated]
        data, waivers = inputs.deal.data, agreement.data.get(WAIVERS, ())
        return (*new, *needs_of(document, data, bundles, self._project.sandbox, as_of, unknown, waivers))

    def _of_record(self, agreement: Agreement, record: ExecutedVersion) -> Iterator[Need]:
        """Yield the needs of a record that the base has not: a file can say of any text that it was executed.

        None are needed if the base has just that text as one to sign, for then its approvals were asked for there.
        """
        if isinstance(self._base, RepositoryError) or not self._new(f"{record.folder}/{RECORD}"):
            return
        if agreement.document and not self.has_to_sign(agreement.file.id, (record.text,)):
            bundle = self.type_at_base(agreement.document.type)
            asking = bundle.kind.approvals if bundle and bundle.kind else ApprovalRules()
            said = f"the text executed on {record.date}, which the protected branch did not have as one to sign"
            for role in asking.negotiated or ApprovalRules().negotiated:
                yield whole_text(agreement.document, role, said, asking.proof)

    def has_to_sign(self, agreement: str, texts: Sequence[str]) -> bool:
        """Tell whether the base has one of these texts, by their fingerprints, as one to sign; so if none is known."""
        if isinstance(self._base, RepositoryError):
            return True
        was = None
        if all(f"{name}/" in self._base[0].names("") for name in MARKERS):
            there = Project(self._project.root, self._project.sandbox, judging=None, over=self._base[0])
            file = next((each for each in there.files() if each.id == agreement), None)
            was = there.assemble(file) if file else None
        if was is None or was.document is None or was.record or was.data["status"] in DRAFTS:
            return False
        return not set(texts).isdisjoint(fingerprints(was.document))

    def findings(self, agreements: Iterable[Agreement]) -> Iterator[Finding]:
        """Yield a finding for each approval that is not given: a warning in a draft, an error from `approved` on."""
        for agreement in agreements:
            found = self.approvals(agreement)
            yield from found.findings
            yield from (finding_of(agreement, each) for each in found.open)
        yield from self._people[1]

    def marked(self, agreement: Agreement) -> Agreement:
        """Return an agreement as it may be built: marked on each page if it is no draft and waits for approvals."""
        if agreement.document is None or agreement.document.draft or agreement.record:
            return agreement
        open_still = self.approvals(agreement).open
        if not open_still:
            return agreement
        offices = sorted({each.need.role for each in open_still})
        said = f"it is built with the mark NOT APPROVED: the {' and the '.join(offices)} must approve it"
        hint = f"clausebook approvals {agreement.file.id} lists what"
        found = Finding("core/built-unapproved", said, agreement.file.path, 1, 1, hint=hint)
        document = replace(agreement.document, draft=True, unapproved=True)
        return replace(agreement, document=document, findings=(*agreement.findings, found))

    @cached_property
    def powers(self) -> tuple[Powers, tuple[Finding, ...]]:
        """Who may bind the house by the base, nobody being stated where there is no such file; and what is wrong."""
        if isinstance(self._base, RepositoryError) or AUTHORITY not in self._base[0].names(""):
            return Powers(), ()
        return read_powers(self._base[0])

    @property
    def holders(self) -> Mapping[str, tuple[str, ...]]:
        """The people of each office that somebody holds, by the key of its name."""
        found: dict[str, tuple[str, ...]] = {}
        for each in self._bench.approvers:
            if not self._project.as_of or in_office(self._project.as_of, each.first, each.last):
                for office in each.offices:
                    found[name_key(office)] = (*found.get(name_key(office), ()), each.name)
        return found

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
            said = f"nobody is known who may approve: there is no `{APPROVERS}` on the protected branch ({base.branch})"
            return Bench(notes=(said,)), ()
        approvers, findings = read_approvers(tree)
        reviews = tuple(reviewed(tree.git, self._reviews, base.commit, self._commit))
        if self._reviews and not reviews:
            notes = ("no review counts: each is of another commit than is judged here, or not all of it is committed",)
            return Bench(approvers, notes=notes), findings
        return Bench(approvers, reviews=reviews), findings

    @property
    def _bench(self) -> Bench:
        return self._people[0]

    def type_at_base(self, name: str) -> TypeBundle | None:
        """Return a type as the base has it, None if it has none of that name."""
        if isinstance(self._base, RepositoryError) or f"{name}/" not in names_in(self._base[0], "templates"):
            return None
        if name not in self._bundles:
            tree, base = self._base
            if unchanged(tree.git, ("schemas", f"templates/{name}"), base.commit, self._commit):
                self._bundles[name] = self._project.type(name)
            else:
                self._bundles[name] = load_bundle(tree, name, SchemaStore(tree))
        return self._bundles[name]

    def _unknown(self, document: Document, kind: AgreementType, there: AgreementType) -> Iterator[str]:
        """Yield the ids of clauses and terms with words of a library, or one as sent, that the base does not have."""
        for clause in document.clauses():
            used = kind.clauses.get(clause.source.clause) if clause.source else None
            known = there.clauses.get(used.id) if used else None
            if used and not (known and known.body.splitlines() == used.body.splitlines()) and self._new(used.path):
                yield clause.id
        shared, before = ({term_key(each.term): each for each in side.glossary} for side in (kind, there))
        for key, name in ((term_key(each.term), each.id) for each in document.definitions()):
            was = before[key].definition if key in before else ""
            if key in shared and shared[key].definition.split() != was.split() and self._new(shared[key].path):
                yield name

    def _new(self, path: str) -> bool:
        """Tell whether a file of a library is another one than the base has."""
        return self._lines(path) != self._lines(path, at_base=True)

    def _lines(self, path: str, *, at_base: bool = False) -> list[bytes]:
        tree = self._base[0] if at_base and not isinstance(self._base, RepositoryError) else self._project.tree
        try:
            return tree.read(path).splitlines()
        except TreeError:
            return []

    def _authors(self, agreement: Agreement) -> frozenset[str]:
        if isinstance(self._base, RepositoryError):
            return frozenset()
        tree, base = self._base
        return authors(tree.git, agreement.file, base.commit, self._commit)


def refuse_unapproved(project: Project, agreement: Agreement) -> None:
    """Raise FindingsError if an agreement that is no draft any more has errors, or waits for approvals."""
    with Desk(project) as desk:
        found = (*agreement.findings, *desk.findings([agreement]))
    if has_errors(found):
        raise FindingsError(ordered(found))


def asked_in(agreement: Agreement, standing: ApprovalStanding) -> str:
    """Return what needs approval, in words, and in which agreement if that is the one that an agreement amends."""
    other = standing.agreement != agreement.file.id
    return f"{f'in `{standing.agreement}`, as this amends it: ' if other else ''}{standing.need.said}"


def finding_of(agreement: Agreement, standing: ApprovalStanding) -> Finding:
    """Return the finding of an approval that is not given: a warning in a draft, an error from `approved` on."""
    need, drafted = standing.need, agreement.data["status"] in DRAFTS
    own = standing.agreement == agreement.file.id
    pointer = need.pointer if own else f"/{AMENDS}/agreement"
    rule = _RULES[standing.state][0 if drafted else 1]
    by = f" ({standing.by}{', ' if standing.date else ''}{standing.date})" if standing.by else ""
    why = f", for {standing.why}" if standing.state == "refused" else ""
    what = asked_in(agreement, standing)
    said = {
        "missing": f"{what}, and the {need.role} has not approved it",
        "lapsed": f"{what}; what the {need.role} approved{by} has changed since",
        "refused": f"{what}; the approval of the {need.role}{by} does not count{why}",
    }[standing.state]
    signed = " --key KEY" if need.proof == "signed" else ""
    again = "bring back what was approved; or have this" if standing.state == "lapsed" else "have it"
    if own and agreement.record:
        again = "let the protected branch have the text that was to be signed first, then its record; or have it"
    hint = f"{again} approved: clausebook approve {standing.agreement} --role {need.role!r} --by NAME{signed}"
    line, column = agreement.inputs.deal.locate(pointer) if agreement.inputs else (1, 1)
    return Finding(rule, said, agreement.file.path, line, column, pointer, hint)
