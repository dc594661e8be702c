"""Render an agreement's text as files, and find in its sources what a format cannot show."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from clausebook.amending.amendment_files import OPERATIVE, amending_type
from clausebook.amending.settling import Chains, restated_by
from clausebook.findings.model import Finding
from clausebook.load.positions import Lines
from clausebook.project.agreement import Agreement
from clausebook.project.loading import locator
from clausebook.records.record_files import data_of
from clausebook.render.manifest import manifest_of
from clausebook.repository.tree import Tree, TreeError

if TYPE_CHECKING:
    from clausebook.render.pdf.glyphs import MissingGlyph


def rendered(
    root: Path, tree: Tree, agreement: Agreement, formats: Sequence[str], engine: Callable[[], str]
) -> dict[str, bytes]:
    """Return an agreement's files by name; none if it has no document. Findings name the place in its sources.

    `engine` gives the fingerprint of the modules that make them, which the PDF tells.
    """
    if agreement.document is None:
        return {}
    from clausebook.render.files import render_files
    from clausebook.render.formats import pdf_look

    told = None
    if "pdf" in formats:
        # Since execution the status has moved on; the file stays the one that was signed.
        data = data_of(tree, agreement.record) if agreement.record else agreement.data
        told = manifest_of(agreement.document, data, agreement.inputs, pdf_look(root), engine())
    return render_files(agreement.document, root, formats, partial(_place, tree, agreement), told)


def rendered_restated(
    root: Path,
    tree: Tree,
    agreement: Agreement,
    formats: Sequence[str],
    engine: Callable[[], str],
    chain: Chains,
) -> dict[str, bytes]:
    """Return the files of what an amendment makes of its agreement, `<amendment>-restated.<format>`; {} for others.

    It is a copy to read, which nobody signs. Its PDF tells what it is to `clausebook verify`.
    """
    document = restated_by(tree, agreement.file.id, agreement.data, chain)
    if document is None or agreement.document is None:
        return {}
    from clausebook.render.files import render_files
    from clausebook.render.formats import pdf_look

    told = manifest_of(document, agreement.data, None, pdf_look(root), engine()) if "pdf" in formats else None
    files = render_files(document, root, formats, manifest=told)
    return {f"{agreement.file.id}-restated.{name.rpartition('.')[2]}": files[name] for name in files}


def unshown(root: Path, tree: Tree, agreement: Agreement) -> tuple[Finding, ...]:
    """Return what rendering an agreement as a PDF would say of its characters, without laying it out."""
    if agreement.document is None:
        return ()
    from clausebook.render.pdf.glyphs import MissingGlyphs
    from clausebook.render.trial import unshown as unshown_characters

    missing = MissingGlyphs(unshown_characters(root, agreement.document))
    if not missing.characters:
        return ()
    # Not before: it reads PDFs back, and what does so takes long to load.
    from clausebook.render.proven_file import glyph_findings

    return tuple(glyph_findings(agreement.document, missing, partial(_place, tree, agreement)))


def _place(tree: Tree, agreement: Agreement, missing: MissingGlyph) -> tuple[str, int, int]:
    """Find a character in the agreement's data, or in whatever else its text was made from."""
    origin = missing.run.origin if missing.run else None
    if origin and origin.kind == "data":
        return agreement.file.path, *locator(tree, agreement.file)(origin.pointer)
    for path in _sources(tree, agreement, missing.place):
        with contextlib.suppress(TreeError, ValueError):
            text = tree.read(path).decode()
            return path, *Lines(text).at(text.index(missing.character))
    return agreement.file.path, 1, 1


def _sources(tree: Tree, agreement: Agreement, place: str) -> Iterator[str]:
    if agreement.document and agreement.document.restated:
        yield f"templates/{amending_type(tree)}/{OPERATIVE}"
    if agreement.document:
        for clause in agreement.document.clauses():
            if clause.id == place and clause.source:
                yield clause.source.path
    yield agreement.file.path
    kind = agreement.inputs.kind if agreement.inputs else None
    if kind:
        yield kind.outline.path
        yield from dict.fromkeys(entry.path for entry in kind.glossary)
