"""The marked text as HTML: pieces, blocks, headings and signature blocks, of both sides or of one.

Follows `clausebook.render.html`, whose functions write what did not change. What is deleted has no id,
and links in it lead only where the new document has something.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape

from clausebook.compare.blocks import whole_blocks
from clausebook.compare.laid_out import END_SIGN, Side, laid_out
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
    MarkedRow,
    MarkedSignature,
    MarkedTable,
    Pieces,
)
from clausebook.document.model import Run
from clausebook.formats.locale_words import LocaleWords
from clausebook.render.html import blocks_html, list_class, runs_html
from clausebook.render.redline.marks import Headed, item_number, lines_of, noted, number_pieces

LEFT_OUT: dict[Side, Mark | None] = {"both": None, "old": "inserted", "new": "deleted"}

_TAGS = {"deleted": "del", "inserted": "ins"}


@dataclass(frozen=True, slots=True)
class TextWriter:
    """Writes marked text into `out`.

    `anchors` are those that links may lead to. `ids` False: nothing gets an id, for it has been shown before.
    """

    out: list[str]
    anchors: frozenset[str]
    said: LocaleWords
    side: Side = "both"
    ids: bool = True

    def heading(self, tag: str, part: Headed) -> None:
        """Write the number and title of a part."""
        number, title = self.pieces(number_pieces(part)), self.pieces(part.title)
        anchor = self.id(part.id, part.mark)
        if number:
            number = f'<span class="number">{number}</span> '
        # Where ids are not given out, the heading has been in the outline before.
        name, look = (tag, "") if self.ids or tag == "p" else ("p", f' class="heading-{tag[1]}"')
        self.out.append(f"<{name}{look}{anchor}><span>{number}{title}</span></{name}>\n")

    def clause(self, part: MarkedClause) -> None:
        """Write a clause: its heading, if it has one, and its blocks."""
        if part.title:
            self.heading(f"h{3 + part.level}", part)
        elif not unheaded(part):
            self.heading("p", part)
        self.text(part)

    def text(self, part: MarkedClause | MarkedDefinition) -> None:
        """Write the blocks of a part."""
        if part.blocks is not None:
            self.blocks(laid_out(part.blocks, self.side))
        elif self.side == "old":
            self.blocks(whole_blocks(part.old.blocks, "same") if part.old else ())
        elif not self.ids:
            self.blocks(whole_blocks(part.new.blocks, "same") if part.new else ())
        elif part.new:
            self.out.append(blocks_html(part.new.blocks))

    def blocks(self, blocks: Iterable[MarkedBlock]) -> None:
        """Write blocks, one after the other."""
        for block in blocks:
            if not self.shows(block.mark):
                continue
            match block:
                case MarkedParagraph():
                    self.paragraph(block)
                case MarkedList():
                    self.list(block)
                case MarkedTable():
                    self.table(block)

    def paragraph(self, block: MarkedParagraph) -> None:
        """Write a paragraph."""
        self.out.append(f"<p{self.id(block.anchor, block.mark)}>{self.pieces(block.pieces)}</p>\n")

    def list(self, block: MarkedList) -> None:
        """Write a list, its numbers as text."""
        # Safari forgets that a list without markers is a list, hence the role.
        tag, role = ("ol", ' role="list"') if block.ordered else ("ul", "")
        self.out.append(f'<{tag} class="{list_class(block.level)}"{role}>\n')
        for item in block.items:
            if self.shows(item.mark):
                self.item(item)
        self.out.append(f"</{tag}>\n")

    def item(self, item: MarkedItem) -> None:
        """Write an item of a list."""
        number = self.pieces(item_number(item))
        if number:
            number = f'<span class="number">{number}</span>\n'
        self.out.append(f'<li{self.id(item.anchor, item.mark)}>{number}<div class="body">\n')
        self.blocks(item.blocks)
        self.out.append("</div></li>\n")

    def table(self, table: MarkedTable) -> None:
        """Write a table; a row or column that came or went says so in its class."""
        table = table.on_side(LEFT_OUT[self.side])
        looks = (
            [name for name in (alignment, mark) if name not in ("left", "same")]
            for alignment, mark in zip(table.alignments, table.columns, strict=True)
        )
        styles = [f' class="{" ".join(look)}"' if look else "" for look in looks]
        self.out.append('<section class="table" aria-label="Table" tabindex="0">\n')
        self.out.append('<table class="agreement-table">\n<thead>\n')
        self.row(table.header, "th", [f' scope="col"{style}' for style in styles])
        self.out.append("</thead>\n<tbody>\n")
        for row in table.rows:
            if self.shows(row.mark):
                self.row(row, "td", styles)
        self.out.append("</tbody>\n</table>\n</section>\n")

    def row(self, row: MarkedRow, tag: str, styles: Iterable[str]) -> None:
        """Write a row of a table."""
        mark = "" if row.mark == "same" else f' class="{row.mark}"'
        self.out.append(f"<tr{mark}>\n")
        for style, cell in zip(styles, row.cells, strict=True):
            self.out.append(f"<{tag}{style}>{self.pieces(cell)}</{tag}>\n")
        self.out.append("</tr>\n")

    def signature(self, part: MarkedSignature) -> None:
        """Write a signature block."""
        self.out.append(f'<p class="signatory">{self.pieces(part.heading)}</p>\n<dl>\n')
        for line in self.old_lines(part) if self.side == "old" else lines_of(part):
            if not self.shows(line.mark):
                continue
            value = self.pieces(line.pieces)
            blank = "" if value else ' class="blank"'
            self.out.append(f'<div class="line {line.field}">\n<dt>{self.pieces(line.label)}</dt>\n')
            self.out.append(f"<dd{blank}>{value}</dd>\n</div>\n")
        self.out.append("</dl>\n")

    def old_lines(self, part: MarkedSignature) -> Iterable[MarkedLine]:
        """Return the lines of the old document's block."""
        if part.lines is not None or part.old is None:
            return lines_of(part)
        return lines_of(replace(part, new=part.old))

    def pieces(self, pieces: Pieces) -> str:
        """Return pieces as HTML, what came in `<ins>` and what went in `<del>`."""
        out = ""
        for each in noted(pieces, self.said):
            if not self.shows(each.mark):
                continue
            if each.mark == "same":
                was = each.was if self.side == "old" else None
                runs = tuple(map(self.alive, each.runs))
                out += runs_html(tuple(_as(was, run) for run in runs) if was else runs)
                out += (
                    f'<span class="redline-note">{escape(each.note)}</span>' if each.was and self.side != "old" else ""
                )
                continue
            runs = tuple(map(self.alive, each.runs))
            look = ' class="renumbered"' if each.numbering else ' class="moved"' if each.moved else ""
            text = f'<span class="redline-sign">{END_SIGN}</span>' if each.sign else runs_html(runs)
            out += f"<{_TAGS[each.mark]}{look}>{text}</{_TAGS[each.mark]}>"
            out += f'<span class="redline-note">{escape(each.note)}</span>' if each.note else ""
        return out

    def alive(self, run: Run) -> Run:
        """Return the run without a link that leads nowhere any more."""
        dead = run.target.startswith("#") and run.target[1:] not in self.anchors
        return replace(run, target="") if dead else run

    def shows(self, mark: Mark) -> bool:
        """Tell whether what has this mark is on the side that is shown."""
        return mark != LEFT_OUT[self.side]

    def id(self, anchor: str, mark: Mark) -> str:
        """Return the id attribute of what is there in the new document."""
        return f' id="{escape(anchor)}"' if anchor and self.ids and mark != "deleted" else ""


def _as(was: Run, run: Run) -> Run:
    return replace(run, strong=was.strong, emphasis=was.emphasis)


def unheaded(part: MarkedPart) -> bool:
    """Tell whether a part has no heading that could bear its id."""
    match part:
        case MarkedClause():
            return not (number_pieces(part) or part.title)
        case MarkedDefinition():
            return True
    return False
