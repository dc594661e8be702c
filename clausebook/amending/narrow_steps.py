"""The small steps that lead from one text of a clause to another: an item, a paragraph, a table, a row or a cell.

A step names its place as words can: an item by its number, a row by its first cell. It is carried out on what exactly
one place answers to, so that the words which are made of it can be followed in one way only. All steps of a clause
act at once, on the text as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias, TypeVar

from clausebook.assemble.numbering import item_cited
from clausebook.document.model import Block, Item, ItemList, Paragraph, Runs, Table
from clausebook.document.walk import Blocks
from clausebook.document.words import text_of

T = TypeVar("T")
Do = Literal["replaced", "added", "deleted"]
Path: TypeAlias = tuple[int, ...]
"""The way to a block, an item, a row or a cell: indices from the outermost blocks inwards."""


class StepError(Exception):
    """A step names no place of the text, or several, or one that another step changes."""


@dataclass(frozen=True, slots=True)
class HeadingStep:
    """The heading of the clause is another."""

    former: str
    title: str


@dataclass(frozen=True, slots=True)
class ListItemStep:
    """An item, by how it is cited inside its clause ("(a)(ii)"), is replaced, added after another, or deleted."""

    do: Do
    item: str
    new: Item | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class NamedParagraph:
    """A paragraph of the clause, or of the item `item` of it, by one of three names.

    It is the `count`-th of a place without items, the one that stands first, before `leads_to`, or the only one that
    begins with the words `begins`.
    """

    item: str = ""
    count: int = 0
    leads_to: str = ""
    begins: str = ""


@dataclass(frozen=True, slots=True)
class ParagraphStep:
    """A paragraph is replaced or deleted."""

    do: Do
    paragraph: NamedParagraph
    new: Paragraph | None = None


@dataclass(frozen=True, slots=True)
class NamedTable:
    """The `count`-th table of the clause, of `among`."""

    count: int
    among: int


@dataclass(frozen=True, slots=True)
class TextStep:
    """Text is added to the clause, or to an item of it, after a block: an item's is named by its last item.

    `after` is None for the first place.
    """

    item: str
    after: NamedParagraph | NamedTable | str | None
    new: Blocks


@dataclass(frozen=True, slots=True)
class TableStep:
    """A table is replaced, or deleted if nothing is new."""

    table: NamedTable
    new: Table | None = None


@dataclass(frozen=True, slots=True)
class RowStep:
    """The row whose first cell reads `row` is replaced or deleted, or `new` is added below it, or above it.

    `new` are the table's alignments and header, and the rows.
    """

    do: Literal["replaced", "added", "added_first", "deleted"]
    table: NamedTable
    row: str
    new: Table | None = None


@dataclass(frozen=True, slots=True)
class CellStep:
    """The cell of a row and a column, each by what it reads, is replaced."""

    table: NamedTable
    row: str
    column: str
    former: str
    new: Runs


NarrowStep: TypeAlias = HeadingStep | ListItemStep | ParagraphStep | TextStep | TableStep | RowStep | CellStep

_GONE: Any = object()


def carried_out(blocks: Blocks, steps: Iterable[NarrowStep]) -> Blocks:
    """Return the blocks after the steps. Raise StepError for one that does not fit them in one way only."""
    work = _Work(blocks)
    for step in steps:
        work.note(step)
    return work.done()


def named_in(step: NarrowStep, number: str) -> tuple[str, ...]:
    """Return what the words of a step must hold beside its new text, whatever formula is filled with it.

    `number` is that of its clause as it is cited, "" if it has none.
    """
    match step:
        case HeadingStep(former, title):
            return number, former, title
        case ListItemStep(_, item, _, after):
            return (number + item, number + after) if after else (number + item,)
        case CellStep(_, row, column, former, new):
            return number, row, column, former, reads(new)
        case RowStep(_, _, row):
            return number, row
        case ParagraphStep(_, paragraph):
            return number + (paragraph.leads_to or paragraph.item), paragraph.begins
        case _:
            return (number,)


def reads(runs: Runs) -> str:
    """Return what runs read, their white space as single spaces."""
    return " ".join(text_of(runs).split())


def labels(blocks: Blocks) -> Mapping[str, Sequence[Path]]:
    """Return the ways to the items that can be cited, by how they are: each has one unless it is ambiguous."""
    found: dict[str, list[Path]] = {}
    for label, path in _labelled(blocks, "", ()):
        found.setdefault(label, []).append(path)
    return found


def tables(blocks: Blocks, at: Path = ()) -> Iterator[tuple[Path, Table]]:
    """Yield every table with the way to it, in reading order."""
    for path, block in _all(blocks, at):
        if isinstance(block, Table):
            yield path, block


def block_at(blocks: Blocks, path: Path) -> Any:
    """Return the block or the item to which a way leads."""
    found: Any = blocks
    for index in path:
        inner = found.items if isinstance(found, ItemList) else found.blocks if isinstance(found, Item) else found
        found = inner[index]
    return found


def inside(blocks: Blocks, item: str) -> tuple[Path, Blocks]:
    """Return the way to what holds the blocks of an item, "" for the clause itself, and these blocks."""
    if not item:
        return (), blocks
    path = _only(labels(blocks).get(item, ()), f"item {item}")
    return path, block_at(blocks, path).blocks


def named(blocks: Blocks, name: NamedParagraph) -> Path:
    """Return the way to a paragraph. Raise StepError unless exactly one has the name."""
    path, held = inside(blocks, name.item)
    if name.begins:
        found = [at for at, text in _texts(blocks) if f"{text} ".startswith(f"{name.begins} ")]
        if len(found) == 1 and found[0][:-1] != path:
            raise StepError(f"the paragraph that begins “{name.begins}” stands elsewhere")
        return _only(found, f"paragraph that begins “{name.begins}”")
    direct = [index for index, block in enumerate(held) if isinstance(block, Paragraph)]
    lists = [block for block in held if isinstance(block, ItemList)]
    if name.leads_to:
        first = lists[0].items[0] if lists and lists[0].items else None
        leads = direct == [0] or (direct[:1] == [0] and isinstance(held[1], ItemList))
        mine = first is not None and name.item + item_cited(first.number) == name.leads_to
        if not leads or not mine or len(labels(blocks).get(name.leads_to, ())) != 1:
            raise StepError(f"no paragraph stands first and before {name.leads_to}")
        return (*path, 0)
    if lists or not 1 <= name.count <= len(direct):
        raise StepError(f"there is no {name.count}. paragraph to be counted")
    return (*path, direct[name.count - 1])


@dataclass(slots=True)
class _Work:
    """A text, what is to be done at its places, and behind which place an item comes that is added."""

    blocks: Blocks
    changed: dict[Path, Any] = field(default_factory=dict)
    added: dict[Path, list[Any]] = field(default_factory=dict)
    come: dict[str, Path] = field(default_factory=dict)

    def note(self, step: NarrowStep) -> None:
        match step:
            case HeadingStep():
                pass  # no blocks of the clause change
            case ListItemStep("added", item, new, after):
                if item in labels(self.blocks) or item in self.come:
                    raise StepError(f"there is an item {item} already")
                # An item can follow one that is added as well.
                self.come[item] = self.come.get(after) or inside(self.blocks, after)[0]
                self._add(self.come[item], new)
            case ListItemStep(_, item, new):
                self._change(inside(self.blocks, item)[0], new)
            case ParagraphStep(_, paragraph, new):
                self._change(named(self.blocks, paragraph), new)
            case TextStep(item, after, new):
                self._add(self._after(item, after), *new)
            case TableStep(table, new):
                self._change(self._table(table)[0], new)
            case RowStep(do, table, row, new):
                path = self._row(table, row)
                rows = new.rows if new else ()
                if do == "added_first" and path[-1]:
                    raise StepError(f"the row “{row}” is not the first")
                if do == "added_first":
                    self._add((*path[:-1], -1), *rows)
                elif do == "added":
                    self._add(path, *rows)
                else:
                    self._change(path, rows[0] if rows else None)
            case CellStep(table, row, column, former, new):
                path, held = self._table(table)
                place = _only([n for n, cell in enumerate(held.header) if reads(cell) == column], f"column “{column}”")
                at = self._row(table, row)
                if reads(held.rows[at[-1]][place]) != former:
                    raise StepError(f"the cell does not read “{former}”")
                self._change((*at, place), new)

    def done(self) -> Blocks:
        """Return the text with all that was noted."""
        return tuple(self._inside(self.blocks, ()))

    def _change(self, path: Path, new: Any) -> None:
        if path in self.changed:
            raise StepError("two steps change one place")
        self.changed[path] = _GONE if new is None else new

    def _add(self, path: Path, *new: Any) -> None:
        self.added.setdefault(path, []).extend(new)

    def _after(self, item: str, after: NamedParagraph | NamedTable | str | None) -> Path:
        path, _ = inside(self.blocks, item)
        match after:
            case None:
                return (*path, -1)
            case NamedParagraph():
                found = named(self.blocks, after)
            case NamedTable():
                found, _ = self._table(after)
            case _:
                found, _ = inside(self.blocks, after)
                if found[-1] + 1 != len(block_at(self.blocks, found[:-1]).items):
                    raise StepError(f"{after} is not the last item of its list")
                found = found[:-1]
        if found[:-1] != path:
            raise StepError("text is added after what stands elsewhere")
        return found

    def _table(self, table: NamedTable) -> tuple[Path, Table]:
        found = list(tables(self.blocks))
        if len(found) != table.among or not 1 <= table.count <= len(found):
            raise StepError(f"there are {len(found)} tables, not {table.among}")
        return found[table.count - 1]

    def _row(self, table: NamedTable, row: str) -> Path:
        path, held = self._table(table)
        return (*path, _only([n for n, cells in enumerate(held.rows) if reads(cells[0]) == row], f"row “{row}”"))

    def _inside(self, parts: Iterable[Any], at: Path) -> Iterator[Any]:
        yield from self.added.get((*at, -1), ())
        for index, part in enumerate(parts):
            path = (*at, index)
            new = self.changed.get(path)
            if new is not _GONE:
                yield self._within(part, path) if new is None else new
            yield from self.added.get(path, ())

    def _within(self, part: Any, path: Path) -> Any:
        """Return a part that stays, with what changes inside it."""
        match part:
            case ItemList(items):
                return replace(part, items=tuple(self._inside(items, path)))
            case Item(blocks=blocks):
                return replace(part, blocks=tuple(self._inside(blocks, path)))
            case Table(rows=rows):
                return replace(part, rows=tuple(self._inside(rows, path)))
            case tuple() if part and all(isinstance(cell, tuple) for cell in part):
                return tuple(self.changed.get((*path, place), cell) for place, cell in enumerate(part))
            case _:
                return part


def _only(found: Sequence[T], what: str) -> T:
    if len(found) != 1:
        raise StepError(f"{len(found)} places answer to the {what}")
    return found[0]


def _labelled(blocks: Blocks, around: str, at: Path) -> Iterator[tuple[str, Path]]:
    for index, block in enumerate(blocks):
        if isinstance(block, ItemList) and block.ordered:
            for place, item in enumerate(block.items):
                label = item_cited(item.number)
                # A check box is no number.
                if any(map(str.isalnum, label)):
                    yield around + label, (*at, index, place)
                    yield from _labelled(item.blocks, around + label, (*at, index, place))


def _all(blocks: Blocks, at: Path) -> Iterator[tuple[Path, Block]]:
    """Yield every block with the way to it, those inside items too."""
    for index, block in enumerate(blocks):
        yield (*at, index), block
        if isinstance(block, ItemList):
            for place, item in enumerate(block.items):
                yield from _all(item.blocks, (*at, index, place))


def _texts(blocks: Blocks) -> Iterator[tuple[Path, str]]:
    """Yield what every paragraph reads, and every cell, which can be taken for one, with the way to it."""
    for path, block in _all(blocks, ()):
        if isinstance(block, Paragraph):
            yield path, reads(block.runs)
        elif isinstance(block, Table):
            for cell in (cell for row in (block.header, *block.rows) for cell in row):
                yield path, reads(cell)


def texts(blocks: Blocks) -> list[str]:
    """Return what every paragraph and every cell of the blocks reads."""
    return [text for _, text in _texts(blocks)]


def plain(runs: Runs) -> bool:
    """Tell whether runs can be quoted inside a sentence: one line in one look, without quotation marks or a link."""
    marks = any(run.strong or run.emphasis or (run.target and not run.target.startswith("#")) for run in runs)
    return not marks and plain_text(text_of(runs))


def plain_text(text: str) -> bool:
    """Tell whether a text has no quotation marks that would end its quotation, and no break of a line."""
    return not set(text) & _UNQUOTABLE


_UNQUOTABLE = frozenset('“”„«»"\n\r\u2028')
