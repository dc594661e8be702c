"""An opened repository: its agreements, each loaded, checked and assembled, or read from its record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import InitVar, dataclass, field, replace
from functools import cache, cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any

from clausebook.amending.amendment_chain import chain
from clausebook.amending.held_text import draft_in_git
from clausebook.amending.settling import Beside, Chains
from clausebook.assemble.inputs import Inputs
from clausebook.findings.model import Finding, RepositoryError, SourceFile, with_places
from clausebook.language.sandbox import Sandbox
from clausebook.library.bundle import TypeBundle, internal
from clausebook.library.names import type_names
from clausebook.project.agreement import Agreement, ordered
from clausebook.project.libraries import Libraries
from clausebook.project.linked import LinkedAgreements
from clausebook.project.loading import keep_valid, load_agreement, locator, valid_data
from clausebook.project.making import Judging, foreseen, inputs_of, made
from clausebook.records.evidence_files import Evidence, evidence_of, stray_evidence
from clausebook.records.journal import Journal, WithJournal, journal_of, stray_journals
from clausebook.records.journal_findings import disagreements, journal_findings, owner_findings, unknown_parties
from clausebook.records.link_findings import link_findings
from clausebook.records.links import LinkedAgreement
from clausebook.records.registered import Registered, registered_ids, registered_of
from clausebook.records.since_execution import lifecycle_findings
from clausebook.repository.agreement_files import FOLDER, AgreementFile, find_agreements, no_agreement
from clausebook.repository.confined import Confined
from clausebook.repository.engine import engine
from clausebook.repository.overlaid import Overlaid
from clausebook.repository.tree import DiskTree, Tree, unreadable
from clausebook.validate.common import APART, check_common
from clausebook.validate.repository_files import schema_of
from clausebook.validate.schemas import Schemas, SchemaStore

MARKERS = ("agreements", "schemas", "templates")
"""The folders that make a repository one of Clausebook's."""

LINKED = (*MARKERS, "mkdocs.yml")
"""Where no link may lead out of the repository: what is built, or shown on the site, comes from here."""

MAKERS = (__name__, "clausebook.language.worker")
"""The modules that, with all they import, decide on an agreement's text and its files; the second runs in a child."""

GROUP = 16
"""Agreements that are in memory at a time, where many are gone through: a long one takes some megabytes."""

Progress = Callable[[str], None]


@dataclass
class Project:
    """A repository, opened for checking and building. A context manager: it owns the sandbox.

    `over` is the tree to read in place of the one on disk: a revision, say. `like` are the libraries of a tree whose
    types are the same: they are loaded once for both. With `judging` None the texts are wanted, and not what is wrong
    with the deals.
    """

    root: Path
    sandbox: Sandbox = field(default_factory=Sandbox)
    like: InitVar[Libraries | None] = None
    judging: Judging | None = field(default_factory=Judging)
    over: InitVar[Tree | None] = None

    def __post_init__(self, like: Libraries | None, over: Tree | None) -> None:
        self.tree: Tree = over or DiskTree(self.root)
        if over and not isinstance(over, DiskTree):
            missing = [name for name in MARKERS if f"{name}/" not in over.names("")]
        else:
            missing = [name for name in MARKERS if not (self.root / name).is_dir()]
        if missing and over and not isinstance(over, DiskTree):
            raise RepositoryError(f"this revision has no folder {' or '.join(missing)}", "choose a later revision")
        if missing:
            raise RepositoryError(
                f"`{self.root}` is no Clausebook repository: it has no folder {' or '.join(missing)}",
                "run the command inside one, or name it with --root",
            )
        self._libraries = like.over(self.tree) if like else Libraries(self.tree)
        self._valid: dict[str, tuple[Mapping[str, Any] | None, tuple[Finding, ...]]] = {}
        self._journals: dict[str, tuple[Journal, tuple[Finding, ...]]] = {}
        self._evidence: dict[str, tuple[tuple[Evidence, ...], tuple[Finding, ...]]] = {}
        self._schemas: dict[str, Schemas] = {}

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *error: object) -> None:
        self.sandbox.close()

    @property
    def as_of(self) -> str:
        """The day by which deals are judged, "" if nothing is said to have passed."""
        return self.judging.as_of if self.judging else ""

    def with_files(self, files: Mapping[str, bytes]) -> Project:
        """Return the repository as it would be with these files, by path; it shares the sandbox."""
        made = Project(self.root, self.sandbox, judging=self.judging, over=Overlaid(self.tree, files))
        if all(path.startswith(f"{FOLDER}/") for path in files):
            # What is no agreement's is the same, and takes longest to load.
            made._libraries, made._schemas = self._libraries.over(made.tree), self._schemas
        return made

    def confined(self, ids: Collection[str]) -> Project:
        """Return the repository as if it had no agreements but these; its types are loaded once for both."""
        made = Project(self.root, self.sandbox, judging=self.judging, over=Confined(self.root, frozenset(ids)))
        made._libraries, made._schemas = self._libraries.over(made.tree), self._schemas
        return made

    def quiet(self) -> Project:
        """Return the same repository, in which no deal is judged by rules; what is loaded is shared."""
        same = copy(self)
        same.judging = replace(self.judging, by_rules=False) if self.judging else None
        return same

    @property
    def store(self) -> SchemaStore:
        """The schemas of this repository, as they are today."""
        return self._libraries.store

    @cached_property
    def found(self) -> tuple[Sequence[AgreementFile], Sequence[Finding]]:
        """The agreement files of the repository, and what is wrong with their names."""
        return find_agreements(self.tree)

    @cached_property
    def known(self) -> Mapping[str, AgreementFile]:
        """The agreement files by id."""
        return {file.id: file for file in self.found[0]}

    def files(self, ids: Iterable[str] = ()) -> list[AgreementFile]:
        """Return the files of the named agreements, or of all. Raise RepositoryError for a name that is none."""
        known = self.known
        wanted = list(dict.fromkeys(ids))
        for name in wanted:
            if name not in known and name in registered_ids(self.tree):
                hint = "`clausebook list` shows it, and `clausebook check` without ids judges it with all else"
                raise RepositoryError(f"`{name}` is registered paper, which has no text of its own", hint)
            if name not in known:
                raise no_agreement(name, known)
        return [known[name] for name in wanted] if wanted else sorted(known.values(), key=lambda file: file.path)

    @cached_property
    def registered(self) -> tuple[tuple[Registered, ...], tuple[Finding, ...]]:
        """The registered papers that can be read, by id, and what is wrong with how they are written."""
        return registered_of(self.tree)

    def expect(self, name: str) -> None:
        """Raise RepositoryError if a name is neither an agreement's nor that of registered paper."""
        if name not in registered_ids(self.tree):
            self.files([name])

    def type(self, name: str) -> TypeBundle:
        """Return an agreement type, loaded once."""
        return self._libraries.type(name)

    def load(self, file: AgreementFile) -> tuple[Mapping[str, Any] | None, tuple[Finding, ...]]:
        """Load and validate one agreement, once; its data is None if it has errors.

        What its journal tells of its life stands in its data under `lifecycle`.
        """
        if file.path not in self._valid:
            self._valid[file.path] = self._validated(file)
        return self._valid[file.path]

    def forget(self, file: AgreementFile) -> None:
        """Let go of an agreement's data; it is loaded again if somebody asks for it."""
        self._valid.pop(file.path, None)
        self._journals.pop(file.id, None)
        self._evidence.pop(file.id, None)

    def journal(self, agreement: str) -> Journal:
        """Return an agreement's journal, read once."""
        return self.read_journal(agreement)[0]

    def read_journal(self, agreement: str) -> tuple[Journal, tuple[Finding, ...]]:
        """Return an agreement's journal, read once, and what is wrong with its file."""
        if agreement not in self._journals:
            self._journals[agreement] = journal_of(self.tree, agreement, self.schema)
        return self._journals[agreement]

    def read_evidence(self, agreement: str) -> tuple[tuple[Evidence, ...], tuple[Finding, ...]]:
        """Return an agreement's evidence, read once, and what is wrong with it as of the day of the project."""
        if agreement not in self._evidence:
            self._evidence[agreement] = evidence_of(self.tree, agreement, self.as_of, self.schema)
        return self._evidence[agreement]

    def schema(self, kind: str) -> Schemas:
        """Return the schema of a kind of file beside the agreements, loaded once."""
        if kind not in self._schemas:
            self._schemas[kind] = schema_of(self.tree, kind)
        return self._schemas[kind]

    def _validated(self, file: AgreementFile) -> tuple[Mapping[str, Any] | None, tuple[Finding, ...]]:
        store = self._libraries.store_of(file.id)
        data = valid_data(self.tree, file, store)
        findings: tuple[Finding, ...] = ()
        if data is None:
            data, findings, positions = load_agreement(self.tree, file, store)
            common = check_common(data, positions, file.path, findings) if data is not None else ()
            if data is None or common:
                return None, (*findings, *common)
            if not findings:
                keep_valid(self.tree, file, store, data)
        journal = self.journal(file.id)
        at = SourceFile(file.path, locator(self.tree, file))
        return journal.after(data), (*findings, *disagreements(journal, data, at), *unknown_parties(journal, data))

    def inputs(self, file: AgreementFile, data: Mapping[str, Any]) -> Inputs | None:
        """Return what the text of an agreement with valid data is made from; None if its type cannot be used."""
        return inputs_of(self._libraries, file, data, locator(self.tree, file))[0]

    def assemble_all(self, ids: Iterable[str] = (), progress: Progress = lambda name: None) -> Iterator[Agreement]:
        """Yield each agreement, loaded, validated and assembled."""
        for file in self.files(ids):
            progress(file.id)
            yield self.assemble(file)

    def assemble(self, file: AgreementFile) -> Agreement:
        """Load, validate and assemble one agreement; with all its findings."""
        try:
            found = self._assembled(file)
        except RepositoryError:
            raise
        except Exception as error:  # one agreement must not keep the others from being checked
            return Agreement(file, {}, None, (internal(file.path, error),))
        return replace(found, findings=with_places(found.findings, file.path, found.data))

    def _assembled(self, file: AgreementFile) -> Agreement:
        data, findings = self.load(file)
        journal, noted = self.read_journal(file.id)
        if data is None:
            more = foreseen(self._libraries, file, findings, self.sandbox)
            return Agreement(file, {}, None, (*findings, *noted, *more))
        agreement = made(self._libraries, file, data, self._beside, self.sandbox, self.judging)
        # No word depends on the links, or on the journal: what is wrong with them lets the text stand.
        at = WithJournal(file.path, locator(self.tree, file), journal)
        life = lifecycle_findings(self.tree, file.id, at, data, self._successor)
        told = any(name in data for name in APART)
        links = link_findings(self.linked[file.id], at, self.linked) if told else ()
        noted = (*noted, *journal_findings(self.tree, file.id, journal))
        return replace(agreement, findings=(*findings, *agreement.findings, *life, *links, *noted))

    @cached_property
    def linked(self) -> Mapping[str, LinkedAgreement]:
        """The agreements by id, as the links of others see them."""
        return LinkedAgreements(self._libraries, self.known, self.load)

    @cached_property
    def chain_of(self) -> Chains:
        """The executed texts of an agreement and its amendments, read once; see `amendment_chain.chain`."""
        return cache(partial(chain, self.tree))

    @cached_property
    def _beside(self) -> Beside:
        """What an amendment needs to know of the agreement that it amends."""
        files = self.known
        return Beside(
            self._libraries.kind,
            lambda name: self.assemble(files[name]).document if name in files else None,
            lambda changes: draft_in_git(self.root, self.tree, changes) if isinstance(self.tree, DiskTree) else None,
            self.chain_of,
        )

    def _successor(self, name: str) -> str | None:
        return self.linked[name].lifecycle.superseded_by if name in self.linked else None

    def render(self, agreement: Agreement, formats: Sequence[str]) -> dict[str, bytes]:
        """Render an agreement's text; see `rendering.rendered`."""
        # Not before: most commands write no PDF, and do without what reads one back.
        from clausebook.project.rendering import rendered

        return rendered(self.root, self.tree, agreement, formats, partial(engine, *MAKERS))

    def render_restated(self, agreement: Agreement, formats: Sequence[str]) -> dict[str, bytes]:
        """Render what an amendment makes of its agreement; see `rendering.rendered_restated`."""
        from clausebook.project.rendering import rendered_restated

        make = partial(engine, *MAKERS)
        return rendered_restated(self.root, self.tree, agreement, formats, make, self.chain_of)

    def unshown(self, agreement: Agreement) -> tuple[Finding, ...]:
        """Find characters that the PDF cannot show; see `rendering.unshown`."""
        from clausebook.project.rendering import unshown

        return unshown(self.root, self.tree, agreement)

    def type_findings(self) -> tuple[Finding, ...]:
        """Return what is wrong with the types that were loaded: an agreement of one that cannot be used has no text."""
        return self._libraries.findings()

    def findings(self) -> tuple[Finding, ...]:
        """Return the findings that belong to no single agreement: of file names, links and the types in use."""
        links = self.tree.bad_links(LINKED) if isinstance(self.tree, DiskTree) else ()
        misplaced = (unreadable(path, error) for path, error in links)
        unsound = self._libraries.unproven(self.sandbox) if self.judging and self.judging.by_rules else ()
        known = {*self.known, *registered_ids(self.tree)}
        stray = (*stray_journals(self.tree, known), *stray_evidence(self.tree, known))
        types = (*type_names(self.tree), *self._libraries.findings(), *self._libraries.schema_findings())
        return (*self.found[1], *misplaced, *types, *unsound, *stray)


def in_groups(
    project: Project, files: Iterable[AgreementFile], progress: Progress = lambda name: None
) -> Iterator[list[Agreement]]:
    """Yield agreements, assembled, some at a time; what was read of a group is let go before the next one."""
    left = iter(files)
    while group := list(islice(left, GROUP)):
        found = []
        for file in group:
            progress(file.id)
            found.append(project.assemble(file))
        yield found
        for file in group:
            project.forget(file)


def kept_findings(project: Project, agreements: Iterable[Agreement]) -> Iterator[Finding]:
    """Yield where nobody looks after an executed agreement any more, and what is wrong with the evidence of duties."""
    for each in agreements:
        name, path = each.file.id, each.file.path
        yield from project.read_evidence(name)[1]
        if each.data:
            yield from owner_findings(project.tree, name, path, project.journal(name), each.data)


def all_findings(project: Project, agreements: Sequence[Agreement]) -> tuple[Finding, ...]:
    """Return every finding of the agreements and of what they stand on."""
    return ordered([*project.findings(), *(finding for agreement in agreements for finding in agreement.findings)])
