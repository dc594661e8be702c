"""The texts that a repository has of an agreement: those that a PDF that came back is held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from clausebook.amending.amendment_chain import chain
from clausebook.amending.restated_copy import as_copy
from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Document
from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.formats.table import FINGERPRINT_FORMS
from clausebook.history.commit_chain import EVERY_STEP
from clausebook.history.revisions import Revision, agreement_at, history
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.records.model import ExecutedVersion
from clausebook.records.record_files import document_of, read_records, unsigned_of, voided
from clausebook.render.files import render_files
from clausebook.render.manifest import Manifest
from clausebook.render.proof.proving import proof
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.repository.temporary import temporary_folder
from clausebook.repository.tree import MAX_FILE_SIZE, DiskTree, TreeError, copy_folder
from clausebook.verify.returned_text import Original

_LOOK = "templates/pdf"
MOST_REVISIONS = 50
"""How many texts of one version are tried."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Finds the repository's texts of an agreement's version, each once.

    The one that is recorded as executed comes first, for it is read and not made; then the work tree's, then those of
    revisions, newest first.
    """

    root: Path
    sandbox: Sandbox
    _known: dict[str, tuple[Revision, ...]] = field(default_factory=dict)

    def find(self, agreement: str, version: str) -> Iterator[Original]:
        """Yield the texts of a version; what cannot be assembled is none."""
        seen = set()
        for text in (self._executed, self._here, self._restated):
            original = text(agreement, version)
            mark = fingerprint(original.document, FINGERPRINT_FORMS[-1]) if original else ""
            # A restated copy has the words of the draft that it was made of, and shows more.
            mark += " copy" if original and original.document.restated else ""
            if original and original.document.version == version and mark not in seen:
                seen.add(mark)
                yield original
        for commit, mark in self._past(agreement, version):
            if mark not in seen:
                seen.add(mark)
                document = self._at(agreement, commit)
                if document:
                    yield Original(document, partial(self._lay_out_at, commit))

    def lay_out(self, document: Document, manifest: Manifest | None) -> bytes:
        """Return the PDF of an outgoing Document by the look of the work tree. Raise FindingsError if that fails."""
        return _laid_out(document, self.root, manifest)

    def commits(self, agreement: str, version: str, mark: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the revisions of a version whose text has a fingerprint, and other versions with it, newest first."""
        named = [
            (name, commit)
            for each in self._revisions(agreement)
            if each.is_named(mark)
            for name, commit in reversed(list(zip(each.versions, each.commits, strict=True)))
        ]
        return (
            tuple(dict.fromkeys(commit for name, commit in named if name == version)),
            tuple(dict.fromkeys(name for name, _ in named if name != version)),
        )

    def void(self, agreement: str, version: str) -> str:
        """Return what is told of a version's record that is void, "" if none is."""
        marks = voided(DiskTree(self.root), agreement)
        return next((mark.words() for record, mark in marks if record.version == version), "")

    def _here(self, agreement: str, version: str) -> Original | None:
        project = Project(self.root, self.sandbox, judging=None)
        try:
            document = project.assemble(project.files([agreement])[0]).document
        except RepositoryError:
            return None
        return Original(document, self.lay_out) if document else None

    def _restated(self, agreement: str, version: str) -> Original | None:
        """Return the copy of a version that an amendment makes, or would make."""
        tree = DiskTree(self.root)
        try:
            found = chain(tree, agreement)
        except FindingsError:
            return None
        for each in found.amendments:
            if each.restated and each.restated.version == version:
                return Original(as_copy(tree, found, each, each.restated), self.lay_out)
        return None

    def _executed(self, agreement: str, version: str) -> Original | None:
        tree = DiskTree(self.root)
        try:
            record = next((each for each in read_records(tree, agreement)[0] if each.version == version), None)
            return Original(document_of(tree, record), partial(self._as_recorded, record)) if record else None
        except (RepositoryError, FindingsError):
            return None

    def _as_recorded(self, record: ExecutedVersion, document: Document, manifest: Manifest | None) -> bytes:
        """Return the PDF that was signed, if it says and shows this text: looks and engine have changed since."""
        for pdf in unsigned_of(DiskTree(self.root), record):
            if not proof(document, "pdf", pdf):
                return pdf
        return self.lay_out(document, manifest)

    def _past(self, agreement: str, version: str) -> Iterator[tuple[str, str]]:
        fitting = [each for each in self._revisions(agreement) if each.fingerprint and version in each.versions]
        for each in fitting[:MOST_REVISIONS]:
            yield each.commits[each.versions.index(version)], each.fingerprint

    def _revisions(self, agreement: str) -> tuple[Revision, ...]:
        """Return what was committed, newest first; read once, for the texts and for their commits."""
        if agreement not in self._known:
            try:
                found = history(self.root, agreement, "HEAD", most=EVERY_STEP).revisions
            except RepositoryError:
                found = ()
            self._known[agreement] = tuple(each for each in found if each.commit)
        return self._known[agreement]

    def _at(self, agreement: str, commit: str) -> Document | None:
        try:
            with Git(self.root) as git:
                return agreement_at(git, self.root, agreement, commit, self.sandbox).document
        except RepositoryError:
            return None

    def _lay_out_at(self, commit: str, document: Document, manifest: Manifest | None) -> bytes:
        """Lay out by the look as it was at a commit, if it can be read, else by that of the work tree."""
        with temporary_folder() as folder:
            try:
                with Git(self.root) as git:
                    copy_folder(GitTree(git, commit), _LOOK, folder / _LOOK, MAX_FILE_SIZE)
            except (RepositoryError, TreeError):
                return self.lay_out(document, manifest)
            try:
                return _laid_out(document, folder, manifest)
            except FindingsError:
                # A look of another time may not have what this engine asks for: places for form fields, say.
                return self.lay_out(document, manifest)


def _laid_out(document: Document, root: Path, manifest: Manifest | None) -> bytes:
    return render_files(document, root, ("pdf",), manifest=manifest)[f"{document.id}.pdf"]
