"""Try the looks on a document that has every part: what is wrong with them is known before any agreement is built."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from clausebook.children.child import OutOfBounds
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    FieldKind,
    Item,
    ItemList,
    Paragraph,
    Run,
    Schedule,
    Section,
    SignatureBlock,
    SignatureLine,
    Table,
)
from clausebook.findings.model import Finding
from clausebook.render.formats import RENDERERS, look_digest
from clausebook.render.pdf.coverage import doubtful, usual_letters
from clausebook.render.pdf.glyphs import MissingGlyphs, printed, right_to_left
from clausebook.render.pdf.typesetting import LookFault
from clausebook.repository import user_cache
from clausebook.repository.engine import engine

LOOKS = ("pdf", "docx")
"""The formats that have a look of their own; the site's is tried where the site is made."""

_ID = "trial"
_ROW = 40
_given_up: dict[str, OutOfBounds] = {}  # by look: to find a bound again would take as long again
_USUAL = ("the usual letters",)
"""Stands for them where they need not be known, for reading them from their font takes a while."""


def look_findings(root: Path, formats: Sequence[str] = LOOKS) -> Iterator[Finding]:
    """Yield what is wrong with the looks of these formats, each once."""
    for name in LOOKS:
        if name in formats:
            try:
                _tried(root, name, *(_USUAL if name == "pdf" else ()))
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
        lacking = {character for character in _tried(root, "pdf", *_USUAL) if character in text}
        rest = tuple(cluster for cluster in doubtful(text) if not disordered & set(cluster))
        lacking |= set(_tried(root, "pdf", *rest)) if rest else set()
    except Exception:  # the look has a finding of its own
        lacking = set()
    return tuple(sorted(disordered | lacking))


def _tried(root: Path, name: str, *characters: str) -> tuple[str, ...]:
    """Return which of the characters, or of the usual ones, the look of a format cannot show. Raise what it raises."""
    folder = user_cache.cache_folder("looks")
    key = "\0".join((engine("clausebook.render.formats"), name, look_digest(root, name), *characters))
    place = folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json" if folder else None
    known = user_cache.read(place) if place else None
    if known is not None:
        return tuple(json.loads(known))
    if key in _given_up:
        raise _given_up[key]
    lacking: list[str] = []
    try:
        RENDERERS[name](sample(usual_letters() if characters == _USUAL else characters), root)
    except MissingGlyphs as error:
        lacking += error.characters
    except OutOfBounds as error:
        _given_up[key] = error
        raise
    if place:
        user_cache.write(place, json.dumps(lacking).encode())
    return tuple(lacking)


def sample(characters: Sequence[str] = ()) -> Document:
    """Return a document with every part that the looks must set, and each of the characters in every style."""
    item = ItemList((Item("(i)", (_words("one"),)), Item("(ii)", (_words("two"),))), True, 1)
    blocks: tuple[Block, ...] = (
        Paragraph((Run("It refers to "), Run("Section 1.1", target="#trial-1"), Run(", and to "), _link())),
        ItemList((Item("(a)", (_words("first"), item), "trial-1--first"), Item("(b)", (_words("second"),))), True, 0),
        ItemList((Item("", (_words("a bullet"),)),), False, 0),
        Table(("left", "right"), ((Run("Matter"),), (Run("Amount"),)), (((Run("Fee"),), (Run("USD 1"),)),)),
        *(_styled(" ".join(characters[start : start + _ROW])) for start in range(0, len(characters), _ROW)),
    )
    kinds: tuple[FieldKind, ...] = ("signature", "name", "title", "date", "text")
    lines = tuple(SignatureLine(f"{kind.capitalize()}:", kind) for kind in kinds)
    named = (SignatureLine("By:", "signature"), SignatureLine("Name:", "name", (Run("Ada Example"),)))
    return Document(
        id=_ID,
        type=_ID,
        kind="Agreement",
        title="A trial of the look",
        version="1.0",
        status="draft",
        draft=True,
        language="en-US",
        parties=(),
        opening=Clause("opening", "", "", (_words("It opens."),)),
        sections=(_section(1, blocks), *(_section(number, (_words("x"),)) for number in range(2, 5))),
        closing=Clause("closing", "", "", (_words("It closes."),)),
        signatures=(
            SignatureBlock("trial-a", "a", (Run("Party A"),), lines),
            SignatureBlock("trial-b", "b", (Run("Party B"),), named),
        ),
        schedules=(
            Schedule(
                "words", "Schedule A", "Words", (), (Definition("term-word", "Word", (_words("It means this."),)),)
            ),
            Schedule("plan", "Schedule B", "Plan", (Clause("plan--text", "1.", "Plan", (_words("It is a plan."),)),)),
        ),
    )


def _section(number: int, blocks: tuple[Block, ...]) -> Section:
    return Section(
        f"part-{number}", f"{number}.", "Part", (Clause(f"trial-{number}", f"{number}.1", "Clause", blocks),)
    )


def _words(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _link() -> Run:
    return Run("a page", target="https://example.com/")


def _styled(text: str) -> Paragraph:
    both = Run(f"{text} ", strong=True, emphasis=True)
    return Paragraph((Run(f"{text} "), Run(f"{text} ", strong=True), Run(f"{text} ", emphasis=True), both))
