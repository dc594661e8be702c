"""Try the looks on a document that has every part: what is wrong with them is known before any agreement is built."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ruamel.yaml import YAML

from clausebook.children.child import OutOfBounds
from clausebook.document.interchange import part_from_plain
from clausebook.document.model import Document, Paragraph, Run
from clausebook.findings.model import Finding, FindingsError
from clausebook.render.formats import RENDERERS, look_digest
from clausebook.render.pdf.coverage import doubtful, usual_letters
from clausebook.render.pdf.glyphs import MissingGlyphs, printed, right_to_left
from clausebook.render.pdf.typesetting import LookFault
from clausebook.repository import user_cache
from clausebook.repository.engine import engine

LOOKS = ("pdf", "docx")
"""The formats that have a look of their own; the site's is tried where the site is made."""

_SAMPLE = Path(__file__).with_suffix(".yaml")
_ROW = 40
_given_up: dict[tuple[str, ...], OutOfBounds] = {}  # by look: to find a bound again would take as long again
_USUAL = ("the usual letters",)
"""Stands for them where they need not be known, for reading them from their font takes a while."""


def look_findings(root: Path, formats: Sequence[str] = LOOKS) -> Iterator[Finding]:
    """Yield what is wrong with the looks of these formats, each once: what they cannot set, or change, or hide."""
    for name in LOOKS:
        if name in formats:
            try:
                sound = ("sound", engine(__name__), look_digest(root, name), name)
                if user_cache.find("looks", sound) is not None:
                    continue
                # Not before: it reads back what it writes, and what reads a PDF takes long to load.
                from clausebook.render.proven_file import render_file

                if name == "pdf":
                    _tried(root, *_USUAL)
                render_file(sample(), root, name)
                user_cache.keep("looks", sound, b"")
            except FindingsError as error:
                first, *more = error.findings
                further = f"; and so in {len(more)} more places" if more else ""
                yield replace(first, message=f"tried on a sample, {first.message}{further}")
            except Exception as error:  # a look can be wrong in any way
                yield failed(name, error, f"no {name} can be made")


def faults(root: Path, name: str, error: Exception, what: str) -> list[Finding]:
    """Return why something cannot be made in a format: what is wrong with its look, or else with it alone."""
    return list(look_findings(root, (name,))) or [failed(name, error, what)]


def failed(name: str, error: Exception, what: str) -> Finding:
    """Return the finding of what cannot be made in a format, as `what` says."""
    look, rule = f"templates/{name}", "core/render-failed"
    hint = f"see whether the look in {look} is whole; its README says what it must keep"
    line = column = 1
    if isinstance(error, OutOfBounds):
        rule = "core/render-bounds"
        hint = f"look for what grows or repeats without end in {look}, or shorten the agreement"
    elif isinstance(error, LookFault) and error.file:
        hint = f"correct it there, or take back what was last changed in {look}; its README says what it must keep"
        look, line, column = f"{look}/{error.file}", error.line, error.column
    return Finding(rule, f"{what}: {_said(error)}", look, line, column, hint=hint)


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {Path(error.filename).name}" if isinstance(error.filename, str) else error.strerror
    return str(error) or type(error).__name__


def unshown(root: Path, document: Document) -> tuple[str, ...]:
    """Return the characters of the document that no font of the PDF can show; () if the look itself is wrong."""
    text = printed(document)
    disordered = right_to_left(text)
    try:
        # A look may name fonts that have not even the usual letters.
        lacking = {character for character in _tried(root, *_USUAL) if character in text}
        rest = tuple(cluster for cluster in doubtful(text) if not disordered & set(cluster))
        lacking |= set(_tried(root, *rest)) if rest else set()
    except Exception:  # the look has a finding of its own
        lacking = set()
    return tuple(sorted(disordered | lacking))


def _tried(root: Path, *characters: str) -> tuple[str, ...]:
    """Return which of the characters, or of the usual ones, the look of the PDF cannot show. Raise what it raises."""
    key = (engine("clausebook.render.formats"), look_digest(root, "pdf"), *characters)

    def tried() -> bytes:
        if key in _given_up:
            raise _given_up[key]
        try:
            RENDERERS["pdf"](sample(usual_letters() if characters == _USUAL else characters), root)
        except MissingGlyphs as error:
            return json.dumps(list(error.characters)).encode()
        except OutOfBounds as error:
            _given_up[key] = error
            raise
        return b"[]"

    return tuple(json.loads(user_cache.kept_or_made("looks", key, tried)))


def sample(characters: Sequence[str] = ()) -> Document:
    """Return a document with every part that the looks must set, and each of the characters in every style."""
    document: Document = part_from_plain(Document, YAML(typ="safe").load(_SAMPLE))
    lines = tuple(_styled(" ".join(characters[start : start + _ROW])) for start in range(0, len(characters), _ROW))
    if not lines or document.opening is None:
        return document
    return replace(document, opening=replace(document.opening, blocks=(*document.opening.blocks, *lines)))


def _styled(text: str) -> Paragraph:
    both = Run(f"{text} ", strong=True, emphasis=True)
    return Paragraph((Run(f"{text} "), Run(f"{text} ", strong=True), Run(f"{text} ", emphasis=True), both))
