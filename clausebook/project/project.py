"""Put the stages together: from a repository to assembled agreements, files and the site's content."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clausebook.amending.settling import Beside, executed_text, proof, restated_by, settle
from clausebook.assemble.assembler import assemble
from clausebook.assemble.inputs import Deal, Inputs
from clausebook.document.model import Document
from clausebook.findings.model import Finding, RepositoryError, has_errors
from clausebook.findings.source_file import Locate, with_places
from clausebook.language.sandbox import Sandbox
from clausebook.library.bundle import TypeBundle as TypeBundle
from clausebook.library.bundle import internal, load_bundle, load_checks
from clausebook.library.loading import load_wordings
from clausebook.library.model import AgreementType
from clausebook.library.names import type_names
from clausebook.library.type_files import Checks
from clausebook.load.numbered import in_file, newest_positions, number_of
from clausebook.load.positions import Lines, Positions
from clausebook.load.yaml import load_yaml
from clausebook.project.loading import load_agreement
from clausebook.project.tentative import further, tentative, with_example
from clausebook.records.model import ExecutedVersion
from clausebook.records.record_files import data_of, turns
from clausebook.records.sent import Sent, drift, is_sent, load_sent, sent_bundle
from clausebook.records.since_execution import contract_data, lifecycle_findings, lifecycle_of
from clausebook.render.files import render_files as render_files
from clausebook.render.manifest import manifest_of
from clausebook.repository.agreement_files import AgreementFile, find_agreements
from clausebook.repository.engine import engine
from clausebook.repository.tree import DiskTree, Tree, TreeError, unreadable
from clausebook.validate.common import check_common
from clausebook.validate.schemas import SchemaStore

if TYPE_CHECKING:
    from clausebook.render.pdf.glyphs import MissingGlyph

MARKERS = ("agreements", "schemas", "templates")
"""The folders that make a repository one of Clausebook's."""

LINKED = (*MARKERS, "mkdocs.yml")
"""Where no link may lead out of the repository: what is built, or shown on the site, comes from here."""

MAKERS = ("clausebook.project.project", "clausebook.language.worker")
"""The modules that, with all they import, decide on an agreement's text and its files; the second runs in a child."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement after checking: its document, or None if findings prevent it.

    With `record` the document is the executed text; `inputs` may be None then.
    """

    file: AgreementFile
    data: Mapping[str, Any]
    document: Document | None
    findings: tuple[Finding, ...]
    inputs: Inputs | None = None
    record: ExecutedVersion | None = None


@dataclass
class Project:
    """A repository, opened for checking and building. A context manager: it owns the sandbox.

    `over` is the tree to read in place of the one on disk: a revision, say.
    """

    root: Path
    sandbox: Sandbox = field(default_factory=Sandbox)
    _types: dict[str, TypeBundle] = field(default_factory=dict)
    over: InitVar[Tree | None] = None
    _sent: dict[str, Sent | None] = field(default_factory=dict, init=False)

    def __post_init__(self, over: Tree | None) -> None:
        self.tree: Tree = over or DiskTree(self.root)
        if over:
            missing = [name for name in MARKERS if f"{name}/" not in over.names("")]
        else:
            missing = [name for name in MARKERS if not (self.root / name).is_dir()]
        if missing and over:
            raise RepositoryError(f"this revision has no folder {' or '.join(missing)}", "choose a later revision")
        if missing:
            raise RepositoryError(
                f"`{self.root}` is no Clausebook repository: it has no folder {' or '.join(missing)}",
                "run the command inside one, or name it with --root",
            )
        self.store = SchemaStore(self.tree)

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *error: object) -> None:
        self.sandbox.close()

    @cached_property
    def found(self) -> tuple[Sequence[AgreementFile], Sequence[Finding]]:
        """The agreement files of the repository, and what is wrong with their names."""
        return find_agreements(self.tree)

    def files(self, ids: Iterable[str] = ()) -> list[AgreementFile]:
        """Return the files of the named agreements, or of all. Raise RepositoryError for a name that is none."""
        known = {file.id: file for file in self.found[0]}
        wanted = list(dict.fromkeys(ids))
        for name in wanted:
            if name not in known:
                from difflib import get_close_matches

                near = get_close_matches(name, known, n=1)
                hint = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(sorted(known)) or 'none'}"
                raise RepositoryError(f"there is no agreement `{name}` in agreements/", hint)
        return [known[name] for name in wanted] if wanted else sorted(known.values(), key=lambda file: file.path)

    def assemble_all(self, ids: Iterable[str] = (), progress: Progress = lambda name: None) -> Iterator[Agreement]:
        """Yield each agreement, loaded, validated and assembled."""
        for file in self.files(ids):
            progress(file.id)
            yield self.assemble(file)

    def load(self, file: AgreementFile) -> tuple[dict[str, Any] | None, tuple[Finding, ...]]:
        """Load and validate one agreement; its data is None if it has errors."""
        data, findings = load_agreement(self.tree, file, self._store(file))
        if data is not None and check_common(data, Positions(), file.path, findings):
            positions = load_yaml(self.tree.read(file.path), file.path).positions
            return None, (*findings, *check_common(data, positions, file.path, findings))
        return data, findings

    def assemble(self, file: AgreementFile) -> Agreement:
        """Load, validate and assemble one agreement; with all its findings."""
        try:
            found = self._assemble(file)
            return replace(found, findings=with_places(found.findings, file.path, found.data))
        except RepositoryError:
            raise
        except Exception as error:  # one agreement must not keep the others from being checked
            return Agreement(file, {}, None, (internal(file.path, error),))

    def _assemble(self, file: AgreementFile) -> Agreement:
        data, findings = self.load(file)
        if data is None:
            return Agreement(file, {}, None, (*findings, *self._further(file, findings)))
        sent, locate = self._sent_to(file), self._locator(file)
        findings = (*findings, *lifecycle_findings(self.tree, file.id, file.path, data, self._successor, locate))
        bundle = self._bundle(data["type"], sent)
        kept = executed_text(self.tree, file.id, file.path, data, locate)
        if bundle.kind is None:
            findings = (*findings, *(bundle.findings if sent else ()), *(kept.findings if kept else ()))
            return Agreement(file, data, kept.document if kept else None, findings, None, kept.record if kept else None)
        deal, wording_findings = self._deal(file, data)
        inputs = Inputs(deal, bundle.kind, bundle.shape, bundle.shape_id)
        if kept:
            proven = proof(self.tree, kept.document, data, self._beside) if kept.document else ()
            return Agreement(file, data, kept.document, (*findings, *kept.findings, *proven), inputs, kept.record)
        assembled = assemble(deal, bundle.kind, bundle.shape, bundle.shape_id, self.sandbox)
        wanted = (with_example(each, self._store(file).of(data["type"]), data) for each in assembled.findings)
        findings = (*findings, *wording_findings, *_as_written(wanted, file, data))
        document = None if has_errors(findings) else assembled.document
        if document and sent:
            findings = (*findings, *self._drift(file, document, bundle.kind, locate))
        if document:
            settled = settle(self.tree, document, file.path, data, self._beside, locate)
            document, findings = settled.document, (*findings, *settled.findings)
        return Agreement(file, data, document, findings, inputs)

    def _further(self, file: AgreementFile, findings: Sequence[Finding]) -> Iterator[Finding]:
        """Yield what else an agreement with errors will need, so that it is not told only when they are mended."""
        data = tentative(self.tree, file, self._store(file), findings)
        bundle = self._bundle(data["type"], self._sent_to(file)) if data else None
        if data is None or bundle is None or bundle.kind is None:
            return
        deal, problems = self._deal(file, data)
        found = assemble(deal, bundle.kind, bundle.shape, bundle.shape_id, self.sandbox).findings
        for each in (*problems, *further(findings, found)):
            yield with_example(each, self._store(file).of(data["type"]), data)

    def _deal(self, file: AgreementFile, data: Mapping[str, Any]) -> tuple[Deal, Sequence[Finding]]:
        """Return an agreement with the wordings beside it, and what is wrong with them."""
        sent = self._sent_to(file)
        checks = sent.checks if sent else self.checks
        wordings, findings = load_wordings(self.tree, file.path.rpartition(".")[0], checks)
        spoilt = frozenset(each.path.rpartition("/")[2] for each in findings if each.severity == "error")
        return Deal(file.id, file.path, contract_data(data), wordings, self._locator(file), spoilt), findings

    def _store(self, file: AgreementFile) -> SchemaStore:
        sent = self._sent_to(file)
        return sent.store if sent else self.store

    @cached_property
    def _beside(self) -> Beside:
        """What an amendment needs to know of the agreement that it amends."""
        files, types = {file.id: file for file in self.found[0]}, self.store.types()
        return Beside(
            lambda name: self.type(name).kind if name in types else None,
            lambda name: self.assemble(files[name]).document if name in files else None,
        )

    def _successor(self, name: str) -> str | None:
        """Return the id of the agreement that superseded one, "" if none did, None if there is no such agreement."""
        file = next((each for each in self.found[0] if each.id == name), None)
        return lifecycle_of(self.load(file)[0] or {}).superseded_by if file else None

    def _sent_to(self, file: AgreementFile) -> Sent | None:
        """Return what is read in place of today's library, if the agreement was sent."""
        if file.id not in self._sent:
            self._sent[file.id] = load_sent(self.tree, file.id, self.store) if is_sent(self.tree, file.id) else None
        return self._sent[file.id]

    def _bundle(self, name: str, sent: Sent | None) -> TypeBundle:
        if sent is None:
            return self.type(name)
        key = f"{name}/{sent.agreement}"
        if key not in self._types:
            today = self.type(name).kind if name in self.store.types() else None
            self._types[key] = sent_bundle(self.tree, sent, name, today)
        return self._types[key]

    def _drift(self, file: AgreementFile, document: Document, kind: AgreementType, locate: Locate) -> Iterator[Finding]:
        last = next((turn for turn in reversed(turns(self.tree, file.id)) if turn.direction == "sent"), None)
        today = self.type(kind.name).kind if kind.name in self.store.types() else None
        yield from drift(document, kind, today, file.path, last, locate)

    def render(self, agreement: Agreement, formats: Sequence[str]) -> dict[str, bytes]:
        """Render an agreement that has a document, as `render_files` does; findings name the place in its sources."""
        if agreement.document is None:
            return {}
        from clausebook.render.formats import pdf_look

        place = partial(self._place, agreement)
        told = None
        if "pdf" in formats:
            # Since execution the status has moved on; the file stays the one that was signed.
            data = data_of(self.tree, agreement.record) if agreement.record else agreement.data
            told = manifest_of(agreement.document, data, agreement.inputs, pdf_look(self.root), engine(*MAKERS))
        return render_files(agreement.document, self.root, formats, place, told)

    def render_restated(self, agreement: Agreement, formats: Sequence[str]) -> dict[str, bytes]:
        """Render what an amendment makes of its agreement, as `<amendment>-restated.<format>`; {} for others.

        It is a copy to read: nobody signs it, so its PDF has no form fields.
        """
        document = restated_by(self.tree, agreement.file.id, agreement.data)
        files = render_files(document, self.root, formats, to_sign=False) if document and agreement.document else {}
        return {f"{agreement.file.id}-restated.{name.rpartition('.')[2]}": files[name] for name in files}

    def unshown(self, agreement: Agreement) -> tuple[Finding, ...]:
        """Return what rendering an agreement as a PDF would say of its characters, without laying it out."""
        if agreement.document is None:
            return ()
        from clausebook.render.files import glyph_findings
        from clausebook.render.pdf.glyphs import MissingGlyphs
        from clausebook.render.trial import unshown

        characters = unshown(self.root, agreement.document)
        return tuple(glyph_findings(agreement.document, MissingGlyphs(characters), partial(self._place, agreement)))

    def _place(self, agreement: Agreement, missing: MissingGlyph) -> tuple[str, int, int]:
        """Find a character in the agreement's data, or in whatever else its text was made from."""
        origin = missing.run.origin if missing.run else None
        if origin and origin.kind == "data":
            return agreement.file.path, *self._locator(agreement.file)(origin.pointer)
        for path in self._sources(agreement, missing.place):
            with contextlib.suppress(TreeError, ValueError):
                text = self.tree.read(path).decode()
                return path, *Lines(text).at(text.index(missing.character))
        return agreement.file.path, 1, 1

    def _sources(self, agreement: Agreement, place: str) -> Iterator[str]:
        if agreement.document:
            for clause in agreement.document.clauses():
                if clause.id == place and clause.source:
                    yield clause.source.path
        yield agreement.file.path
        kind = agreement.inputs.kind if agreement.inputs else None
        if kind:
            yield kind.outline.path
            yield from dict.fromkeys(entry.path for entry in kind.glossary)

    def _locator(self, file: AgreementFile) -> Locate:
        """Return a function that finds a pointer's line and column; the file is read again only if it is called."""

        @cache
        def positions() -> Positions:
            loaded: Any = load_yaml(self.tree.read(file.path), file.path)
            return newest_positions(loaded.positions, number_of(loaded.value))

        return lambda pointer: positions().value(pointer)

    def type(self, name: str) -> TypeBundle:
        """Return an agreement type, loaded once."""
        if name not in self._types:
            self._types[name] = load_bundle(self.tree, name, self.store.of(name), self.checks)
        return self._types[name]

    @cached_property
    def checks(self) -> Checks:
        """The checks of the files that make up a type, from the schemas of this repository."""
        return load_checks(self.tree)

    def findings(self) -> tuple[Finding, ...]:
        """Return the findings that belong to no single agreement: of file names, links and the types in use."""
        links = self.tree.bad_links(LINKED) if isinstance(self.tree, DiskTree) else ()
        found = [*self.found[1], *type_names(self.tree), *(unreadable(path, error) for path, error in links)]
        for bundle in self._types.values():
            found += bundle.findings
        return tuple(found)


def _as_written(findings: Iterable[Finding], file: AgreementFile, data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the findings with the names that the agreement's file has for its values."""
    for each in findings:
        yield in_file(each, number_of(data)) if each.path == file.path else each


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings without repetitions, in order of place."""
    return tuple(sorted(set(findings), key=lambda finding: finding.sort_key))


def all_findings(project: Project, agreements: Sequence[Agreement]) -> tuple[Finding, ...]:
    """Return every finding of the agreements and of what they stand on."""
    return ordered([*project.findings(), *(finding for agreement in agreements for finding in agreement.findings)])
