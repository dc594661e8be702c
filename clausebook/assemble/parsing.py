"""Parse rendered sheets, each once: the same words and values in the same place give the same blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from clausebook.assemble.clause_markdown import PLACEHOLDER, MarkdownFault, Parsed, RunMaker, parse_clause
from clausebook.assemble.terms import anchor
from clausebook.document.model import Block, Origin, Run
from clausebook.document.walk import map_blocks, runs_of
from clausebook.language.sheets import Filling, Sheet

LABEL_SEPARATOR = "#"
MOST_TEXTS = 2048
"""Texts that are kept."""

MOST_KEPT = 4
"""For how many sets of numbers that it refers to a text is kept."""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose text it is: the slot or the anchor that names its labels, the clause or entry that it came from.

    `quotes` are the quotation marks of its language, the double and the single ones, and `linked` tells that the
    agreement has definitions that terms can lead to.
    """

    name: str
    clause: str
    version: str
    quotes: str
    linked: bool


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A parsed text, in which references still name their targets. `references` are their runs, in order."""

    blocks: tuple[Block, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    references: tuple[Run, ...] = ()
    _resolved: dict[tuple[Run, ...], tuple[Block, ...]] = field(default_factory=dict, repr=False, compare=False)

    def resolved(self, runs: tuple[Run, ...]) -> tuple[Block, ...]:
        """Return the blocks with a run in the place of each reference; for the same runs, the same blocks."""
        if runs == self.references:
            return self.blocks
        known = self._resolved.get(runs)
        if known is None:
            places = dict(zip(self.references, runs, strict=True))
            known = map_blocks(self.blocks, lambda run: places.get(run, run))
            if len(self._resolved) >= MOST_KEPT:
                self._resolved.clear()
            self._resolved[runs] = known
        return known


def place_in(template: str, rendered: str, fault: MarkdownFault) -> tuple[int, int]:
    """Return the line and column in a template, from 1, of a fault in what the template gave.

    Markdown comes from the template's own words alone, so they are there: the line that holds the same words.
    """
    lines = rendered.split("\n")
    line = lines[fault.line - 1] if fault.line <= len(lines) else ""
    words = max(PLACEHOLDER.split(line)[::2], key=lambda text: (bool(fault.needle) and fault.needle in text, len(text)))
    words = words.strip()
    known = [(number, text) for number, text in enumerate(template.split("\n"), 1) if words and words in text]
    same = [(number, text) for number, text in known if text.strip() == line.strip()]
    for number, text in same or known:
        return number, max(text.find(fault.needle), 0) + 1
    return 1, 1


def parse_sheet(sheet: Sheet, source: Source) -> ParsedText:
    """Return the sheet's blocks. Raises MarkdownError as `parse_clause` does."""
    return _parsed(sheet.text, sheet.pieces, source)


@lru_cache(MOST_TEXTS)
def _parsed(text: str, pieces: tuple[Filling, ...], source: Source) -> ParsedText:
    parsed: Parsed = parse_clause(text, pieces, source.name, source.quotes, _run_maker(source))
    references = tuple(run for run in runs_of(parsed.blocks) if run.origin and run.origin.kind == "reference")
    return ParsedText(parsed.blocks, parsed.labels, references)


def _run_maker(source: Source) -> RunMaker:
    clause, version = source.clause, source.version
    library = Origin("library", clause, version)

    def make_run(text: str, piece: Filling | None) -> Run:
        if piece is None:
            return Run(text, origin=library)
        match piece.kind:
            case "data":
                return Run(text, origin=Origin("data", clause, version, piece.pointer))
            case "term":
                target = f"#{anchor(piece.target)}" if source.linked else ""
                return Run(text, target=target, origin=Origin("term", clause, version, piece.target))
            case _:
                pointer = piece.target + (LABEL_SEPARATOR + piece.label if piece.label else "")
                return Run(piece.line, origin=Origin("reference", clause, version, pointer))

    return make_run
