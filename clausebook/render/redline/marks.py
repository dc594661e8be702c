"""What every redline's writer asks of the marked tree: numbers as pieces, what changed, what moved where.

The writers walk the tree themselves; here is what they would otherwise all do in their own way.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from clausebook.compare.blocks import block_text, whole_blocks
from clausebook.compare.edits import addresses, look_note, words_note
from clausebook.compare.laid_out import Side, laid_out
from clausebook.compare.model import (
    Mark,
    MarkedBlock,
    MarkedClause,
    MarkedDefinition,
    MarkedItem,
    MarkedLine,
    MarkedList,
    MarkedParagraph,
    MarkedPart,
    MarkedPassage,
    MarkedRow,
    MarkedSchedule,
    MarkedSection,
    MarkedSignature,
    MarkedTable,
    MarkedText,
    Moved,
    Piece,
    Pieces,
    Redline,
)
from clausebook.compare.texts import whole
from clausebook.document.model import Clause, Definition, ItemList, Run, Runs, SignatureBlock
from clausebook.document.words import called, text_of
from clausebook.formats.locale_words import LocaleWords, locale_words

Headed: TypeAlias = MarkedSection | MarkedSchedule | MarkedClause
"""What has a number and a title of its own."""

"""What can come, go and move as a whole."""

KINDS: Mapping[type, str] = MappingProxyType(
    {
        MarkedSection: "section",
        MarkedSchedule: "schedule",
        MarkedClause: "clause",
        MarkedDefinition: "definition",
        MarkedSignature: "signature",
    }
)


@dataclass(frozen=True, slots=True)
class Move:
    """What a part that moved is called at its old and at its new place: "6.2 Termination"."""

    old: str
    new: str


def moves(redline: Redline) -> Mapping[str, Move]:
    """Return every move by its id."""
    names: dict[str, dict[Mark, str]] = {}
    said = locale_words(redline.new.language)
    for part in parts(redline):
        if part.move:
            names.setdefault(part.move, {})[part.mark] = name_of(part, said)
    return {move: Move(found.get("deleted", ""), found.get("inserted", "")) for move, found in names.items()}


def move_note(part: MarkedPart, moved: Mapping[str, Move], said: LocaleWords) -> str:
    """Return the note that says where a part went or whence it came; "" if it did not move."""
    if not part.move:
        return ""
    move = moved[part.move]
    name, place = ("moved_to", move.new) if part.mark == "deleted" else ("moved_from", move.old)
    return str(said.redline[name].format(place=place))


def arrived(part: MarkedPart) -> bool:
    """Tell whether this is the new place of a move: all in it is new here, though its marks compare it with the old."""
    return bool(part.move) and part.mark == "inserted"


def departed(part: MarkedPart) -> bool:
    """Tell whether this is the place from which something moved away; the change is told at the other place."""
    return bool(part.move) and part.mark == "deleted"


def kind_of(part: MarkedPart) -> str:
    """Return what the changes call such a part, which is also its class in HTML."""
    return KINDS[type(part)]


def name_of(part: MarkedPart, said: LocaleWords) -> str:
    """Return what a reader calls the part, by its number there: "6.2 Termination", "“Party”"."""
    side = part.old if part.mark == "deleted" else part.new
    match side:
        case None:
            return part.id
        case Definition():
            return said.quoted(side.term)
        case SignatureBlock():
            name = " ".join(text_of(side.heading).split())
            return str(said.redline["names"]["signature_of"].format(name=name))
        case _:
            return " ".join(called(side).split())


def folds(parts: Sequence[MarkedPart], fold: bool) -> Iterator[tuple[bool, Sequence[MarkedPart]]]:
    """Yield stretches of parts, and whether to fold them; without `fold` all parts are one stretch to be shown."""
    if not fold:
        yield False, parts
        return
    for differs, group in groupby(parts, changed):
        yield not differs, tuple(group)


def fold_note(parts: Sequence[MarkedPart], said: LocaleWords) -> str:
    """Return what stands in place of folded parts: which they are, and that they did not change."""
    if len(parts) > 1 and all(isinstance(part, MarkedSignature) for part in parts):
        places = said.redline["signature_blocks"].format(n=len(parts))
    else:
        first, last = name_of(parts[0], said), name_of(parts[-1], said)
        places = first if len(parts) == 1 else said.redline["range"].format(first=first, last=last)
    return str(said.redline["unchanged"].format(places=places))


def parts(redline: Redline) -> Iterator[MarkedPart]:
    """Yield every part in reading order, a section before its clauses."""
    for part in redline.sequence():
        yield part
        if isinstance(part, MarkedSection | MarkedSchedule):
            yield from part.clauses
            yield from part.definitions


def by_kind(redline: Redline) -> Iterator[Sequence[MarkedPart]]:
    """Yield what stands on the top level in reading order, neighbours of one kind together."""
    for _, stretch in groupby(redline.sequence(), type):
        yield tuple(stretch)


def number_pieces(part: Headed) -> Pieces:
    """Return the printed number of a part; both numbers, marked as numbering, if it only was renumbered."""
    old, new = (side.number if side else "" for side in (part.old, part.new))
    if part.mark == "same":
        return renumbered(old, new)
    if arrived(part):
        return _pieces(new, "same")
    return _pieces(old if part.mark == "deleted" else new, part.mark)


def item_number(item: MarkedItem) -> Pieces:
    """Return the printed number of an item."""
    if item.ticked:
        return (*_pieces(item.old_number, "deleted"), *_pieces(item.new_number, "inserted"))
    if item.mark == "same":
        return renumbered(item.old_number, item.new_number)
    return _pieces(item.old_number if item.mark == "deleted" else item.new_number, item.mark)


def renumbered(old: str, new: str) -> Pieces:
    """Return a number that is the same, or the old one and the new one."""
    if old == new:
        return _pieces(new, "same")
    pair: tuple[tuple[str, Mark], ...] = ((old, "deleted"), (new, "inserted"))
    return tuple(Piece(Run(text), mark, numbering=True) for text, mark in pair if text)


def joined(*groups: Pieces) -> Pieces:
    """Return groups of pieces as one line, spaces between them.

    A space belongs to a deletion or insertion only if both its neighbours do.
    """
    line: list[Piece] = []
    for group in filter(None, groups):
        if line:
            alike = len({piece.mark for piece in (*line, *group)}) == 1
            line.append(Piece(Run(" "), group[0].mark if alike else "same"))
        line += group
    return tuple(line)


class Marked(NamedTuple):
    """Neighbouring runs of one mark; `numbering` and `sign` as in their pieces, `note` what is to be said after."""

    mark: Mark
    runs: Runs
    numbering: bool = False
    sign: bool = False
    note: str = ""
    was: Run | None = None
    moved: Moved | None = None


def stretches(pieces: Pieces) -> Iterator[Marked]:
    """Yield the runs of each stretch of one mark."""
    for (mark, numbering, sign, was, moved), group in groupby(pieces, _kind):
        yield Marked(mark, tuple(piece.run for piece in group), numbering, sign, was=was, moved=moved)


def _kind(piece: Piece) -> tuple[Mark, bool, bool, Run | None, Moved | None]:
    was = piece.was and Run("", piece.was.strong, piece.was.emphasis, piece.was.target)
    return piece.mark, piece.numbering, piece.sign, was, piece.moved


def noted(pieces: Pieces, said: LocaleWords) -> Iterator[Marked]:
    """Yield the runs of each stretch with the note that follows it: where a link leads now."""
    for changes, group in groupby(pieces, lambda piece: piece.mark != "same"):
        changed_here = tuple(group)
        *most, last = stretches(changed_here)
        yield from (each._replace(note=_note(each, said)) for each in most)
        yield last._replace(note=_note(last, said) or (_link_note(changed_here, said) if changes else ""))


def _note(each: Marked, said: LocaleWords) -> str:
    if each.moved:
        return words_note(each.mark, each.moved, said)
    return look_note(each.was, each.runs, said) if each.was else ""


def blocks_of(part: MarkedClause | MarkedDefinition) -> tuple[MarkedBlock, ...]:
    """Return the part's blocks, marked, whether something in them changed or not."""
    if part.blocks is not None:
        return laid_out(part.blocks)
    return whole_blocks(part.new.blocks, "same") if part.new else ()


def lines_of(signature: MarkedSignature) -> tuple[MarkedLine, ...]:
    """Return the lines of a signature block, marked, whether something in them changed or not."""
    if signature.lines is not None:
        return signature.lines
    lines = signature.new.lines if signature.new else ()
    return tuple(
        MarkedLine("same", line.field, _pieces(line.label, "same"), whole(line.runs, "same")) for line in lines
    )


def changed(part: MarkedPart) -> bool:
    """Tell whether anything but numbers changed in a part."""
    if part.mark != "same" or part.move:
        return True
    match part:
        case MarkedClause():
            return _altered(part.title) or _blocks_changed(part.blocks)
        case MarkedDefinition():
            return _blocks_changed(part.blocks)
        case MarkedSection() | MarkedSchedule():
            inside: tuple[MarkedPart, ...] = (*part.clauses, *part.definitions)
            return _altered(part.title) or any(map(changed, inside))
        case MarkedSignature():
            lines = part.lines or ()
            return _altered(part.heading) or any(
                line.mark != "same" or _altered(line.label) or _altered(line.pieces) for line in lines
            )


def untold(redline: Redline, told: Container[tuple[str, str]]) -> list[str]:
    """Return the parts in which more differs than the changes tell, or whose marks do not lead back to both texts."""
    return [
        name_of(part, locale_words(redline.new.language))
        for part in parts(redline)
        if not _leads_back(part)
        or (not departed(part) and (kind_of(part), part.id) not in told and _changed_itself(part))
    ]


def _changed_itself(part: MarkedPart) -> bool:
    return title_changed(part) if isinstance(part, MarkedSection | MarkedSchedule) else changed(part)


def _leads_back(part: MarkedPart) -> bool:
    """Tell whether a text with changes has the old words on the old side and the new ones on the new."""
    if not isinstance(part, MarkedClause | MarkedDefinition) or part.blocks is None:
        return True
    sides: tuple[tuple[Side, Mark, Clause | Definition | None], ...] = (
        ("old", "inserted", None if arrived(part) else part.old),
        ("new", "deleted", None if departed(part) else part.new),
    )
    return all(
        _words(laid_out(part.blocks, side), dropped) == block_text(own.blocks).split()
        for side, dropped, own in sides
        if own
    )


def _words(blocks: Iterable[MarkedBlock], dropped: Mark) -> list[str]:
    """Return the words of blocks without those of one mark."""
    found: list[str] = []
    for block in blocks:
        match block:
            case MarkedParagraph():
                found += "".join(piece.run.text for piece in block.pieces if piece.mark != dropped).split()
            case MarkedList():
                found += (word for item in block.items for word in _words(item.blocks, dropped))
            case MarkedTable():
                for cell in (cell for row in (block.header, *block.rows) for cell in row.cells):
                    found += "".join(piece.run.text for piece in cell if piece.mark != dropped).split()
    return found


def title_changed(part: Headed) -> bool:
    """Tell whether the heading itself came, went or has other words."""
    return part.mark != "same" or _altered(part.title)


def block_changed(block: MarkedBlock) -> bool:
    """Tell whether anything but numbers changed in a block."""
    if block.mark != "same":
        return True
    match block:
        case MarkedParagraph():
            return _altered(block.pieces)
        case MarkedList():
            return any(item.mark != "same" or item.ticked or _blocks_changed(item.blocks) for item in block.items)
        case MarkedTable():
            return set(block.columns) != {"same"} or any(map(row_changed, (block.header, *block.rows)))


def row_changed(row: MarkedRow) -> bool:
    """Tell whether anything but numbers changed in a row."""
    return row.mark != "same" or any(map(_altered, row.cells))


def following(redline: Redline) -> Iterator[Headed]:
    """Yield what stands where it stood and has another number, for something else came, went or moved."""
    headed = (part for part in parts(redline) if isinstance(part, MarkedSection | MarkedSchedule | MarkedClause))
    for part in headed:
        if part.mark == "same" and part.old and part.new and part.old.number != part.new.number:
            yield part


def renumbered_count(redline: Redline) -> int:
    """Return how many numbers of parts and items, and in references, differ only because something else did."""
    count = sum(1 for _ in following(redline))
    for part in parts(redline):
        if isinstance(part, MarkedClause | MarkedDefinition):
            if part.blocks is not None:
                count += sum(map(_renumbered, laid_out(part.blocks)))
            elif part.old and part.new and part.old.blocks is not part.new.blocks:
                blocks = zip(part.old.blocks, part.new.blocks, strict=True)
                count += (
                    sum(map(_renumbered, whole_blocks(part.new.blocks, "same", part.old.blocks)))
                    if any(isinstance(new, ItemList) and old is not new for old, new in blocks)
                    else 0
                )
    return count


def _link_note(pieces: Pieces, said: LocaleWords) -> str:
    led, leads = addresses(pieces)
    sides = {piece.mark for piece in pieces}
    if len(sides) < 2 or not (led or leads):
        return ""
    none = said.redline["none"]
    return str(said.redline["edits"]["link_note"].format(old=led or none, new=leads or none))


def _altered(pieces: Pieces) -> bool:
    return not all(piece.stays for piece in pieces)


def _blocks_changed(text: MarkedText | None) -> bool:
    return any(isinstance(block, MarkedPassage) or block_changed(block) for block in text or ())


def _renumbered(block: MarkedBlock) -> int:
    match block:
        case MarkedParagraph():
            return _references(block.pieces)
        case MarkedList():
            return sum(
                (
                    item.mark == "same"
                    and not item.ticked
                    and item.old_number != item.new_number
                    and "" not in (item.old_number, item.new_number)
                )
                + sum(map(_renumbered, item.blocks))
                for item in block.items
            )
        case MarkedTable():
            return sum(_references(cell) for row in (block.header, *block.rows) for cell in row.cells)


def _references(pieces: Pieces) -> int:
    return sum(piece.numbering and piece.mark == "inserted" for piece in pieces)


def _pieces(text: str, mark: Mark) -> Pieces:
    return (Piece(Run(text), mark),) if text else ()
