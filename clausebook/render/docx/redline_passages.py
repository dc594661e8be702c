"""Passages of a redline: paragraphs that run on into others once their tracked ends are accepted or rejected.

A paragraph mark holds its paragraph's properties. So what ends on both sides, but stands elsewhere, has its old
properties beside the new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from clausebook.compare.model import MarkedPassage, MarkedTable, Piece, Pieces, Stand, Stretch
from clausebook.compare.passages import starts
from clausebook.render.docx.markup import numbered
from clausebook.render.docx.numbering_part import LIST_LEVELS
from clausebook.render.docx.redline_numbers import Pair, plan_both_list
from clausebook.render.docx.runs import DEFINED, KEEP_NEXT, LEAD_LENGTH, NO_NUMBER, BlockSetting, level_style
from clausebook.render.docx.tracked import RedlineWriter, Tag, Tags

_Side: TypeAlias = int
OLD, NEW = 0, 1


class PassageWriter:
    """Writes a passage; `first`: it begins the text that it is in. The functions write what is in its paragraphs."""

    def __init__(
        self,
        setting: BlockSetting,
        tags: Tags,
        writer: RedlineWriter,
        pieces: Callable[[Pieces, str, Tag], str],
        number: Callable[[Pair, Tag], str],
        table: Callable[[MarkedTable, int], str],
    ) -> None:
        self.setting, self.tags, self.writer = setting, tags, writer
        self.pieces, self.number, self.table = pieces, number, table
        self.numbered: dict[tuple[int, _Side], str] = {}

    def xml(self, passage: MarkedPassage, first: bool) -> str:
        """Return the passage's paragraphs and tables."""
        stretches = passage.stretches
        if self.tags["same"]:
            stretches = tuple(_of_side(stretches, OLD if self.tags["same"] == "del" else NEW))
        self._plan_numbers(stretches)
        firsts = [next((n for n, each in enumerate(stretches) if _stand(each, side)), -1) for side in (OLD, NEW)]
        begins = [*starts(stretches)]
        return "".join(
            [
                self._stretch(stretches, place, begins[place], first and place in firsts)
                for place in range(len(stretches))
            ]
        )

    def _stretch(
        self, stretches: Sequence[Stretch], place: int, begins: tuple[Stand | None, Stand | None], first: bool
    ) -> str:
        each, writer = stretches[place], self.writer
        stand = each.new or each.old
        if stand is None:
            return ""
        tag: Tag = self.tags[each.whole] or "" if self.tags["same"] else _TAGS[bool(each.old), bool(each.new)]
        if each.table:
            return self.table(each.table, len(stand.steps))
        texts = [self._text_number(stretches, place, side) if begins[side] else None for side in (OLD, NEW)]
        # Where a paragraph begins, its number stays or goes whatever becomes of the end that is tracked here.
        begun_by = tag if self.tags["same"] or each.whole != "same" else ""
        lead = self.number((texts[OLD], texts[NEW]), begun_by) if any(texts) else ""
        was, now = (self._of_paragraph(stretches, place, side, first) for side in (OLD, NEW))
        style, properties = now or was or ("", "")
        former = writer.former(*was) if was and now and was != now else ""
        if _keeps(stretches, place):
            properties = KEEP_NEXT + properties
        for begun in begins:
            if begun and begun.leads and (anchor := writer.anchor(begun.steps[-1].anchor, tag)):
                writer.waiting.append(anchor)
        content = lead + self.pieces(each.pieces, DEFINED if self.setting.defines and first else "", tag)
        content = writer.marked(writer.anchor(stand.anchor, tag), content)
        return writer.whole_paragraph(
            writer.paragraph(style, content, properties, tag, former=former), each.pieces, tag
        )

    def _of_paragraph(
        self, stretches: Sequence[Stretch], place: int, side: _Side, first: bool
    ) -> tuple[str, str] | None:
        """Return the style and numbering of the paragraph that a stretch is of on one side, None if it is of none.

        It may end in a later stretch. What runs on keeps its own properties in LibreOffice, and gets the end's in Word.
        """
        if stretches[place].whole == ("inserted" if side == OLD else "deleted"):
            return None
        ends = ((at, stand) for at in range(place, len(stretches)) if (stand := _stand(stretches[at], side)))
        found = next(ends, None)
        return self._properties(*found, side, first) if found else None

    def _plan_numbers(self, stretches: Sequence[Stretch]) -> None:
        """Find which numbers Word counts by itself; a list of both sides is one numbering."""
        lists: dict[int, list[int]] = {}
        for place, each in enumerate(stretches):
            for stand in (each.old, each.new):
                if stand and stand.leads and place not in (known := lists.setdefault(stand.steps[-1].list, [])):
                    known.append(place)
        for own, places in lists.items():
            stands = [[_in_list(_stand(stretches[place], side), own) for side in (OLD, NEW)] for place in places]
            shown = next(stand for pair in stands for stand in pair if stand)
            depth, level = len(shown.steps) - 1, shown.steps[-1].level
            pairs = [tuple(stand and stand.number for stand in pair) for pair in stands]
            if depth >= LIST_LEVELS or not any(number for pair in pairs for number in pair):
                continue
            plan = plan_both_list(pairs, self.writer.numbering.kind(level))  # type: ignore[arg-type]
            if plan.format is None:
                continue
            num = self.writer.numbering.add_whole(depth, plan.format)
            for place, automatic, pair in zip(places, plan.automatic, stands, strict=True):
                if automatic:
                    self.numbered |= {(place, side): numbered(0, num) for side in (OLD, NEW) if pair[side]}

    def _text_number(self, stretches: Sequence[Stretch], place: int, side: _Side) -> str | None:
        """Return the number of the paragraph that begins at a place if it is text."""
        end = next(n for n in range(place, len(stretches)) if _stand(stretches[n], side))
        stand = _stand(stretches[end], side)
        return stand.number if stand and (end, side) not in self.numbered else ""

    def _properties(self, place: int, stand: Stand, side: _Side, first: bool) -> tuple[str, str]:
        """Return the style and numbering of a paragraph."""
        if not stand.steps:
            return (self.setting.first if first else "") or self.setting.style, ""
        depth, step = len(stand.steps) - 1, stand.steps[-1]
        if not stand.leads or (step.ordered and not step.number):
            return level_style("ListContinue", depth), ""
        if step.number:
            return level_style("ListNumber", depth), self.numbered.get((place, side), NO_NUMBER)
        return level_style("ListBullet", depth), ""


_TAGS: dict[tuple[bool, bool], Tag] = {(True, True): "", (True, False): "del", (False, True): "ins"}


def _of_side(stretches: Sequence[Stretch], side: _Side) -> Iterator[Stretch]:
    """Yield the paragraphs of one side alone."""
    pieces: list[Piece] = []
    for each in stretches:
        pieces += [piece for piece in each.pieces if piece.mark != ("inserted" if side == OLD else "deleted")]
        if stand := _stand(each, side):
            own, other = (stand, None) if side == OLD else (None, stand)
            yield Stretch(tuple(pieces), own, other, each.table)
            pieces = []


def _stand(stretch: Stretch, side: _Side) -> Stand | None:
    return stretch.old if side == OLD else stretch.new


def _in_list(stand: Stand | None, own: int) -> Stand | None:
    return stand if stand and stand.leads and stand.steps[-1].list == own else None


def _keeps(stretches: Sequence[Stretch], place: int) -> bool:
    each, following = stretches[place], stretches[place + 1 : place + 2]
    if not each.new or not following:
        return False
    after = following[0].new or following[0].old
    deeper = bool(following[0].table) or (after is not None and len(after.steps) > len(each.new.steps))
    return deeper and sum(len(piece.run.text) for piece in each.pieces) <= LEAD_LENGTH
