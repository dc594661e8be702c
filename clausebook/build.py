"""Put the stages together: from a repository to assembled agreements, files and the site's content."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clausebook.agreement_type import AgreementType
from clausebook.agreements import AgreementFile, find_agreements, load_agreement
from clausebook.assemble.assembler import assemble
from clausebook.assemble.selection import Deal, Locate
from clausebook.errors import Finding, FindingsError, RepositoryError, has_errors
from clausebook.language.sandbox import Sandbox
from clausebook.library import Check, Checks, load_type, load_wordings
from clausebook.load import Loaded, Positions, load_yaml
from clausebook.model import Document
from clausebook.outgoing import outgoing
from clausebook.shape import schema_shape
from clausebook.tree import DiskTree
from clausebook.validate import SchemaStore, load_schemas

if TYPE_CHECKING:
    from clausebook.site.content import SiteContent

MARKERS = ("agreements", "schemas", "templates")
"""The folders that make a repository one of Clausebook's."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement after checking: its document, or None if findings prevent it."""

    file: AgreementFile
    data: Mapping[str, Any]
    document: Document | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class TypeBundle:
    """A type with what is needed to assemble agreements of it; `kind` is None if it cannot be used."""

    kind: AgreementType | None
    shape: Mapping[str, Any]
    shape_id: str
    findings: tuple[Finding, ...]


@dataclass
class Project:
    """A repository on disk, opened for checking and building. A context manager: it owns the sandbox."""

    root: Path
    sandbox: Sandbox = field(default_factory=Sandbox)
    _types: dict[str, TypeBundle] = field(default_factory=dict)

    def __post_init__(self) -> None:
        missing = [name for name in MARKERS if not (self.root / name).is_dir()]
        if missing:
            raise RepositoryError(
                f"`{self.root}` is no Clausebook repository: it has no folder {' or '.join(missing)}",
                "run the command inside one, or name it with --root",
            )
        self.tree = DiskTree(self.root)
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

    def assemble(self, file: AgreementFile) -> Agreement:
        """Load, validate and assemble one agreement; with all its findings."""
        data, findings = load_agreement(self.tree, file, self.store)
        if data is None:
            return Agreement(file, {}, None, findings)
        bundle = self.type(data["type"])
        if bundle.kind is None:
            return Agreement(file, data, None, findings)
        wordings, wording_findings = load_wordings(self.tree, file.path.rpartition(".")[0], self.checks)
        deal = Deal(file.id, file.path, data, wordings, self._locator(file))
        assembled = assemble(deal, bundle.kind, bundle.shape, bundle.shape_id, self.sandbox)
        findings = (*findings, *wording_findings, *assembled.findings)
        return Agreement(file, data, None if has_errors(findings) else assembled.document, findings)

    def _locator(self, file: AgreementFile) -> Locate:
        """Return a function that finds a pointer's line and column; the file is read again only if it is called."""

        @cache
        def positions() -> Positions:
            return load_yaml(self.tree.read(file.path), file.path).positions

        return lambda pointer: positions().value(pointer)

    def type(self, name: str) -> TypeBundle:
        """Return an agreement type, loaded once."""
        if name not in self._types:
            schemas = self.store.of(name)
            loaded = load_type(self.tree, name, self.checks)
            shape = schema_shape(schemas).to_json() if not schemas.findings else {}
            shape_id = hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()
            self._types[name] = TypeBundle(loaded.kind, shape, shape_id, (*schemas.findings, *loaded.findings))
        return self._types[name]

    @cached_property
    def checks(self) -> Checks:
        """The checks of the files that make up a type, from the schemas of this repository."""
        return Checks(*(self._check(name) for name in ("clause", "negotiated", "outline", "glossary")))

    def findings(self) -> tuple[Finding, ...]:
        """Return the findings that belong to no single agreement: of file names and of the types in use."""
        found = list(self.found[1])
        for bundle in self._types.values():
            found += bundle.findings
        return tuple(found)

    def _check(self, name: str) -> Check:
        schemas = load_schemas(self.tree, "schemas", f"{name}.schema.json")

        def check(loaded: Loaded, path: str) -> Sequence[Finding]:
            return schemas.validate(loaded.value, loaded.positions, path, known=loaded.findings)

        return check


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings without repetitions, in order of place."""
    return tuple(sorted(set(findings), key=lambda finding: finding.sort_key))


def all_findings(project: Project, agreements: Sequence[Agreement]) -> tuple[Finding, ...]:
    """Return every finding of the agreements and of what they stand on."""
    return ordered([*project.findings(), *(finding for agreement in agreements for finding in agreement.findings)])


def render_files(document: Document, root: Path, formats: Sequence[str]) -> dict[str, bytes]:
    """Render the document in the formats; by file name `<id>.<format>`.

    Raises FindingsError when a character cannot be shown.
    """
    from clausebook.render import RENDERERS
    from clausebook.render.cache import cached

    leaving = outgoing(document)
    files = {}
    for name in formats:
        render = RENDERERS[name]
        if name == "pdf":
            files[f"{document.id}.pdf"] = _pdf(document, leaving, root)
        elif name in ("md", "html", "docx"):
            files[f"{document.id}.{name}"] = render(leaving, root)
        else:
            files[f"{document.id}.{name}"] = cached(root, name, leaving, render)
    return files


def site_content(root: Path) -> SiteContent:
    """Return everything the site shows: what the MkDocs plugin asks for."""
    with Project(root) as project:
        return content_of(project, list(project.assemble_all()))


def content_of(
    project: Project, agreements: Sequence[Agreement], progress: Progress = lambda name: None
) -> SiteContent:
    """Render the agreements for the site; those with errors are named as broken."""
    from clausebook.render import USUAL
    from clausebook.render.html import render_html
    from clausebook.site.content import AgreementPage, BrokenAgreement, SiteContent

    pages, broken = [], []
    for agreement in agreements:
        progress(agreement.file.id)
        if agreement.document is None:
            broken.append(BrokenAgreement(agreement.file.id, agreement.file.path, ordered(agreement.findings)))
            continue
        try:
            downloads = render_files(agreement.document, project.root, USUAL)
        except FindingsError as error:
            findings = ordered((*agreement.findings, *error.findings))
            broken.append(BrokenAgreement(agreement.file.id, agreement.file.path, findings))
            continue
        pages.append(
            AgreementPage(
                document=agreement.document,
                text=render_html(outgoing(agreement.document)),
                data=agreement.data,
                findings=ordered(agreement.findings),
                downloads=downloads,
            )
        )
    for name in project.store.types():
        project.type(name)
    kinds = tuple(bundle.kind for _, bundle in sorted(project._types.items()) if bundle.kind)
    return SiteContent(tuple(pages), kinds, tuple(broken), ordered(project.findings()))


def publish_site(root: Path, content: SiteContent, out: Path) -> int:
    """Build the site aside, then make `out` the same as it; return how many files changed.

    Raises RepositoryError if the site cannot be built, or if `out` holds something else.
    """
    from clausebook.publish import publish_tree
    from clausebook.site.build import build_site

    if out.exists() and any(out.iterdir()) and not (out / "agreements").is_dir():
        raise RepositoryError(f"`{out}` is not empty, and holds no site of Clausebook's", "choose another --out")
    with tempfile.TemporaryDirectory(prefix="clausebook-") as folder:
        staged = Path(folder, "site")
        build_site(root, staged, content)
        return len(publish_tree(staged, out))


def _pdf(document: Document, leaving: Document, root: Path) -> bytes:
    from clausebook.render import RENDERERS
    from clausebook.render.cache import cached
    from clausebook.render.pdf import LookFault, MissingGlyphs, missing_glyphs

    try:
        return cached(root, "pdf", leaving, RENDERERS["pdf"])
    except LookFault as error:
        raise RepositoryError(
            f"templates/pdf cannot lay out `{document.id}`: {error}",
            "see templates/pdf/README.md for what a look must keep",
        ) from error
    except MissingGlyphs as error:
        raise FindingsError(
            Finding(
                rule="pdf-glyph",
                message=f"no font of the PDF has the character {missing.character!r} ({_code(missing.character)}), "
                f"in `{missing.place or 'the title'}`",
                path=f"agreements/{document.id}.yaml",
                pointer=missing.run.origin.pointer if missing.run and missing.run.origin else "",
                hint="write it in Latin, Greek or Cyrillic letters and common symbols",
            )
            for missing in missing_glyphs(document, error)
        ) from error


def _code(text: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in text)
