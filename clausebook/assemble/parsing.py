"""Parse rendered sheets, each once: the same words and values in the same place give the same blocks."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter

from clausebook.assemble.clause_markdown import MarkdownError, MarkdownFault, Parsed, RunMaker, parse_clause
from clausebook.assemble.terms import anchor
from clausebook.assemble.text_parts import TextPart, fit, joined, parts_of
from clausebook.document.model import LINE_BREAK, Block, Item, ItemList, Origin, Paragraph, Run, Runs, Table
from clausebook.document.walk import runs_of
from clausebook.language.fillings import CLOSE, OPEN, PLACEHOLDER, Filling
from clausebook.language.sheets import Sheet
from clausebook.library.model import LISTS

LABEL_SEPARATOR = "#"
PENDING = "#?"
"""The beginning of a target that is only known when all clauses are read; the key of a placed term follows it."""

MOST_TEXTS = 2048
"""Texts that are kept."""

MOST_PARTS = 4096
"""Parts of texts that are kept, whatever values stand in them."""

MOST_KEPT = 4
"""For how many sets of numbers that it refers to a text is kept."""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose text it is: the slot or the anchor that names its labels, the clause or entry that it came from.

    `quotes` are the quotation marks of its language, the double and the single ones, `linked` tells that the agreement
    has definitions that terms can lead to, `lists` are patterns of items' numbers, and `placed` are the keys of terms
    that a clause defines where they stand.
    """

    name: str
    clause: str
    version: str
    quotes: str
    linked: bool
    lists: tuple[str, ...] = LISTS
    placed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class PartForm:
    """The parse of a part of a text whose values are not put in yet: for each stands a run with its placeholder.

    `open` are the runs that are still to be made, in order, each with the index of its value among those of the part,
    or -1 if it has none; `around` are the ids of what holds them.
    """

    parsed: Parsed
    open: tuple[tuple[Run, int], ...] = ()
    around: frozenset[int] = frozenset()

    def filled(self, runs: Sequence[Run]) -> tuple[Block, ...]:
        """Return the blocks with a run in the place of each that is open."""
        if not self.open:
            return self.parsed.blocks
        new = {id(run): made for (run, _), made in zip(self.open, runs, strict=True)}
        return _put_in(self.parsed.blocks, new, self.around)


@dataclass(frozen=True, slots=True, eq=False)
class TextForm:
    """The parse of a text by its parts, each with the indices of its values; for the rest, see `Parsed`."""

    parts: tuple[tuple[TextPart, PartForm, tuple[int, ...]], ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    anchors: Mapping[str, str] = field(default_factory=dict)
    defined: Mapping[str, str] = field(default_factory=dict)
    _filled: dict[tuple[object, ...], tuple[Block, ...]] = field(default_factory=dict, repr=False)

    def filled(self, values: tuple[str, ...], references: tuple[Run, ...]) -> tuple[Block, ...]:
        """Return the blocks with values and references put in; for the same, the same blocks."""
        key = (values, *((run.text, run.target) for run in references))
        known = self._filled.get(key)
        if known is None:
            rest = iter(references)
            blocks = [
                form.filled(
                    [
                        next(rest) if run.target.startswith(PENDING) else _valued(run, index, values, places)
                        for run, index in form.open
                    ]
                )
                for _, form, places in self.parts
            ]
            known = tuple(joined([part for part, _, _ in self.parts], blocks))
            if len(self._filled) >= MOST_KEPT:
                del self._filled[next(iter(self._filled))]
            self._filled[key] = known
        return known


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A parsed text, in which references still name their targets. `references` are their runs, in order.

    So do terms that are defined where they stand. `anchors` are those of items of sentences, `defined` of such terms.
    """

    form: TextForm = field(default_factory=TextForm)
    values: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Tell whether it holds nothing."""
        return not self.form.parts

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks, with the references as they are."""
        return self.form.filled(self.values, self.references)

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels, with the numbers of the items that they mark."""
        return self.form.labels

    @property
    def anchors(self) -> Mapping[str, str]:
        """The anchors of items of sentences."""
        return self.form.anchors

    @property
    def defined(self) -> Mapping[str, str]:
        """The anchors of terms that are defined here."""
        return self.form.defined

    @property
    def references(self) -> tuple[Run, ...]:
        """The runs of references, and of terms that are defined where they stand."""
        return tuple(
            _valued(run, index, self.values, places)
            for _, form, places in self.form.parts
            for run, index in form.open
            if run.target.startswith(PENDING)
        )

    def resolved(self, runs: tuple[Run, ...]) -> tuple[Block, ...]:
        """Return the blocks with a run in the place of each reference; for the same runs, the same blocks."""
        return self.form.filled(self.values, runs)


def _valued(run: Run, index: int, values: Sequence[str], places: Sequence[int]) -> Run:
    if index < 0:
        return run
    return Run(values[places[index]], run.strong, run.emphasis, run.target, run.origin)


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
    values = tuple(each.text.replace(LINE_BREAK, " ") for each in sheet.given if each.kind == "data")
    # The same words with values from the same places are parsed once, whatever the values are.
    given = tuple(each[2:] if each.kind == "data" else each for each in sheet.given)
    key = (sheet.marked, given, tuple(sheet.forms.items()), sheet.template, source)
    form = _forms.get(key)
    if form is None:
        if len(_forms) >= MOST_TEXTS:
            _forms.clear()
        form = _forms[key] = _form(sheet, source)
    return _parsed(form, values)


_forms: dict[tuple[object, ...], TextForm] = {}
_parsed = lru_cache(MOST_TEXTS)(ParsedText)


def _form(sheet: Sheet, source: Source) -> TextForm:
    place = itertools.count()
    places = [next(place) if each.kind == "data" else -1 for each in sheet.pieces]
    pieces = [each._replace(text="") if each.kind == "data" else each for each in sheet.pieces]

    def part(of: TextPart, text: str, numbers: Iterable[int]) -> tuple[TextPart, PartForm, tuple[int, ...]]:
        form = _part(text, of.nth, tuple(pieces[number] for number in numbers), source)
        return of, form, tuple(places[number] for number in numbers if places[number] >= 0)

    parts = parts_of(sheet.text)
    counted = [_counted(each.text) for each in parts]
    # A piece without a placeholder, and whatever is wrong, is told of the text as a whole.
    if sum(len(numbers) for _, numbers in counted) == len(pieces):
        with contextlib.suppress(MarkdownError):
            found = [part(each, *own) for each, own in zip(parts, counted, strict=True)]
            if fit([(each, form.parsed.blocks) for each, form, _ in found]) and _differ(form for _, form, _ in found):
                return _joined(found)
    return _joined([part(TextPart(sheet.text), sheet.text, range(len(pieces)))])


def _counted(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a part of a text in which placeholders count from 0, and the numbers that they had."""
    parts = PLACEHOLDER.split(text)
    if len(parts) == 1:
        return text, ()
    numbers = {int(number): index for index, number in enumerate(dict.fromkeys(parts[1::2]))}
    parts[1::2] = [f"{OPEN}{numbers[int(number)]}{CLOSE}" for number in parts[1::2]]
    return "".join(parts), tuple(numbers)


def _differ(forms: Iterable[PartForm]) -> bool:
    """Tell whether no label is given twice."""
    labels = [label for form in forms for label in form.parsed.labels]
    return len(set(labels)) == len(labels)


def _joined(found: Sequence[tuple[TextPart, PartForm, tuple[int, ...]]]) -> TextForm:
    labels, anchors, defined = (
        {name: each for _, form, _ in found for name, each in told(form.parsed).items()}
        for told in (attrgetter("labels"), attrgetter("anchors"), attrgetter("defined"))
    )
    return TextForm(tuple(each for each in found if each[1].parsed.blocks), labels, anchors, defined)


@lru_cache(MOST_PARTS)
def _part(text: str, first: int, pieces: tuple[Filling, ...], source: Source) -> PartForm:
    count = itertools.count()
    holes = [each._replace(text=f"{OPEN}{next(count)}{CLOSE}") if each.kind == "data" else each for each in pieces]
    parsed = parse_clause(text, holes, source.name, source.quotes, run_maker(source), source.lists, first)
    open_runs = []
    for run in runs_of(parsed.blocks):
        hole = PLACEHOLDER.fullmatch(run.text)
        if hole or run.target.startswith(PENDING):
            open_runs.append((run, int(hole[1]) if hole else -1))
    around: set[int] = set()
    _find_around(parsed.blocks, {id(run) for run, _ in open_runs}, around)
    return PartForm(parsed, tuple(open_runs), frozenset(around))


def _find_around(blocks: Iterable[Block], open_runs: Set[int], found: set[int]) -> bool:
    """Find what holds open runs; tell whether any of the blocks does."""
    before = len(found)
    for block in blocks:
        match block:
            case Paragraph():
                held = any(id(run) in open_runs for run in block.runs)
            case ItemList():
                # All of them: each item is found.
                inner = [(item, _find_around(item.blocks, open_runs, found)) for item in block.items]
                found |= {id(item) for item, holds in inner if holds}
                held = any(holds for _, holds in inner)
            case Table():
                held = any(id(run) in open_runs for row in (block.header, *block.rows) for cell in row for run in cell)
        if held:
            found.add(id(block))
    return len(found) > before


def _put_in(blocks: tuple[Block, ...], new: Mapping[int, Run], around: Set[int]) -> tuple[Block, ...]:
    """Return the blocks with new runs in the place of others, by id; what holds none stays the same object."""

    def runs(given: Runs) -> Runs:
        return tuple([new.get(id(run), run) for run in given])

    found: list[Block] = []
    for block in blocks:
        if id(block) not in around:
            found.append(block)
            continue
        match block:
            case Paragraph():
                found.append(Paragraph(runs(block.runs), block.anchor))
            case ItemList():
                items = [
                    Item(item.number, _put_in(item.blocks, new, around), item.anchor) if id(item) in around else item
                    for item in block.items
                ]
                found.append(ItemList(tuple(items), block.ordered, block.level))
            case Table():
                rows = tuple([tuple([runs(cell) for cell in row]) for row in block.rows])
                found.append(Table(block.alignments, tuple([runs(cell) for cell in block.header]), rows))
    return tuple(found)


def run_maker(source: Source) -> RunMaker:
    """Return what makes the runs of a source's text."""
    clause, version = source.clause, source.version
    library = Origin("library", clause, version)

    def leading(key: str) -> str:
        if key in source.placed:
            return PENDING + key
        return f"#{anchor(key)}" if source.linked else ""

    def make_run(text: str, piece: Filling | None) -> Run:
        if piece is None:
            return Run(text, origin=library)
        match piece.kind:
            case "data":
                target = leading(piece.target) if piece.target else ""
                return Run(text, target=target, origin=Origin("data", clause, version, piece.pointer))
            case "term":
                return Run(text, target=leading(piece.target), origin=Origin("term", clause, version, piece.target))
            case _:
                pointer = piece.target + (LABEL_SEPARATOR + piece.label if piece.label else "")
                origin = Origin("reference", clause, version, pointer)
                return Run(f"{piece.line} {text}", target=PENDING, origin=origin)

    return make_run
