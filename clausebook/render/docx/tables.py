"""Tables and signature blocks, as WordprocessingML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from clausebook.document.model import Alignment, Runs, Table
from clausebook.document.words import text_of
from clausebook.render.docx.markup import paragraph
from clausebook.render.pdf.breaks import text_width as width_in_em

SPACER = paragraph("TableSpacer", "")

_CELL_WIDTH_A_CHARACTER = 115
_WHOLE_ROW_LINES = 24
_CELL_MARGINS = 240
_LONGEST_CELL = 120
# The text is set at 220; the letters of a font that stands in for the look's may be wider.
EM = 270
_LABEL_MARGIN = 100
_BLANK_WIDTH = 4400
ROW_HEIGHT = 460
SIGNING_HEIGHT = 680
FIRST_ROW = (
    '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
    'w:noHBand="1" w:noVBand="1"/>'
)
RULE = '<w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="404040"/></w:tcBorders>'

RunsXml = Callable[[Runs], str]


def table_xml(table: Table, indent: int, text_width: int, runs_xml: RunsXml) -> str:
    """Return a table that fits between `indent` and the right margin, and the small space after it."""
    if not table.alignments:
        return ""
    rows = [[text_of(cell) for cell in row] for row in (table.header, *table.rows)]
    widths = column_widths(rows, text_width - indent)
    pieces = [table_opening("AgreementTable", indent, widths, FIRST_ROW)]
    for number, (row, texts) in enumerate(zip((table.header, *table.rows), rows, strict=True)):
        whole = "<w:cantSplit/>" if fits(texts, widths) else ""
        if number == 0:
            whole += "<w:tblHeader/>" if whole else ""
        style = "TableText" if number else "TableHeading"
        cells = [
            cell_xml(width, paragraph(style, runs_xml(cell), justified(alignment)))
            for width, alignment, cell in zip(widths, table.alignments, row, strict=True)
        ]
        pieces.append(row_xml(whole, "".join(cells)))
    pieces.append("</w:tbl>")
    pieces.append(SPACER)
    return "".join(pieces)


def column_widths(rows: Sequence[Sequence[str]], total: int) -> list[int]:
    """Share a total width out: a short column gets what its longest cell needs, long ones share the rest."""
    needs = [
        min(max(map(len, column)), _LONGEST_CELL) * _CELL_WIDTH_A_CHARACTER + _CELL_MARGINS
        for column in zip(*rows, strict=True)
    ]
    if sum(needs) < total:
        widths = [total * need // sum(needs) for need in needs]
    else:
        widths = list(needs)
        left = total
        for waiting, place in zip(
            range(len(needs), 0, -1), sorted(range(len(needs)), key=needs.__getitem__), strict=True
        ):
            widths[place] = min(needs[place], left // waiting)
            left -= widths[place]
    widths[-1] += total - sum(widths)
    return widths


def signing_widths(labels: Iterable[str], text_width: int) -> list[int]:
    """Return the widths of the columns of signature blocks: the first holds the longest label."""
    longest = max(map(width_in_em, labels), default=0.0)
    return [min(int(longest * EM) + _LABEL_MARGIN, text_width - _BLANK_WIDTH), _BLANK_WIDTH]


def table_opening(style: str, indent: int, widths: Sequence[int], look: str) -> str:
    """Return the start of a table, up to its first row."""
    grid = "".join([f'<w:gridCol w:w="{width}"/>' for width in widths])
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblInd w:w="{indent}" w:type="dxa"/><w:tblLayout w:type="fixed"/>{look}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
    )


def row_xml(properties: str, cells: str) -> str:
    """Return a row of finished cells; `properties` is the inside of its `w:trPr`."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>" if properties else f"<w:tr>{cells}</w:tr>"


def cell_xml(width: int, content: str, borders: str = "", bottom: bool = False, mark: str = "") -> str:
    """Return a cell of finished paragraphs; `mark` says that it came or went."""
    place = '<w:vAlign w:val="bottom"/>' if bottom else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}{place}{mark}</w:tcPr>{content}</w:tc>'


def justified(alignment: Alignment) -> str:
    """Return the paragraph property of a cell's alignment."""
    return "" if alignment == "left" else f'<w:jc w:val="{alignment}"/>'


def fits(texts: Sequence[str], widths: Sequence[int]) -> bool:
    """Tell whether a row is low enough to be kept on one page."""
    # A row that may not split and is taller than a page is cut off by some word processors.
    return all(
        len(text) * _CELL_WIDTH_A_CHARACTER <= _WHOLE_ROW_LINES * width
        for text, width in zip(texts, widths, strict=True)
    )
