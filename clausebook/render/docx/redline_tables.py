"""Tables and signature blocks of a redline, rows that came and went marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clausebook.compare.model import MarkedLine, MarkedTable, Pieces
from clausebook.render.docx.markup import text_run
from clausebook.render.docx.tables import (
    FIRST_ROW,
    ROW_HEIGHT,
    RULE,
    SIGNING_HEIGHT,
    cell_xml,
    column_widths,
    fits,
    justified,
    row_xml,
    table_opening,
)
from clausebook.render.docx.tracked import RedlineWriter, Tag, Tags

PiecesXml = Callable[[Pieces], str]


def marked_table_xml(
    table: MarkedTable, indent: int, text_width: int, tags: Tags, writer: RedlineWriter, cell: PiecesXml
) -> str:
    """Return a table and the small space after it; see `table_xml` of the clean text."""
    table = table.on_side(next((mark for mark, tag in tags.items() if tag is None), None))
    if not table.alignments:
        return ""
    rows = [(row, tag) for row in (table.header, *table.rows) if (tag := tags[row.mark]) is not None]
    texts = [[_text(pieces) for pieces in row.cells] for row, _ in rows]
    widths = column_widths(texts, text_width - indent)
    columns = ["" if tags["same"] or table.mark != "same" else tags[mark] or "" for mark in table.columns]
    found = [table_opening("AgreementTable", indent, widths, FIRST_ROW)]
    for (row, tag), row_texts in zip(rows, texts, strict=True):
        properties = "<w:cantSplit/>" if fits(row_texts, widths) else ""
        heads = row is table.header
        if heads and properties:
            properties += "<w:tblHeader/>"
        style = "TableHeading" if heads else "TableText"
        contents = _filled([cell(pieces) for pieces in row.cells], tag, writer)
        cells = [
            cell_xml(width, writer.paragraph(style, content, justified(alignment), tag), mark=writer.cell_mark(column))
            for width, alignment, content, column in zip(widths, table.alignments, contents, columns, strict=True)
        ]
        found.append(row_xml(properties + writer.row_mark(tag), "".join(cells)))
    found.append("</w:tbl>")
    found.append(spacer_xml(tags[table.mark] or "", writer))
    return "".join(found)


def signature_xml(
    heading: Pieces,
    tag: Tag,
    lines: tuple[MarkedLine, ...],
    widths: Sequence[int],
    tags: Tags,
    writer: RedlineWriter,
    cell: PiecesXml,
) -> str:
    """Return a signature block: every line stays with the next one, so that no page parts them."""
    found = [writer.paragraph("SignatureHeading", cell(heading), "", tag)]
    there = [(line, line_tag) for line in lines if (line_tag := tags[line.mark]) is not None]
    if there:
        found.append(table_opening("SignatureTable", 0, widths, ""))
        for place, (line, line_tag) in enumerate(there):
            whole = "<w:cantSplit/>" if fits([_text(line.label), _text(line.pieces)], widths) else ""
            height = SIGNING_HEIGHT if line.field == "signature" else ROW_HEIGHT
            keeps = '<w:keepNext w:val="0"/>' if place == len(there) - 1 else ""
            label, value = [
                writer.paragraph("Signature", content, keeps, line_tag)
                for content in _filled([cell(line.label), cell(line.pieces)], line_tag, writer)
            ]
            cells = cell_xml(widths[0], label, bottom=True) + cell_xml(widths[1], value, RULE, bottom=True)
            height_xml = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>'
            found.append(row_xml(whole + height_xml + writer.row_mark(line_tag), cells))
        found.append("</w:tbl>")
    found.append(spacer_xml(tag, writer))
    return "".join(found)


def spacer_xml(tag: Tag, writer: RedlineWriter) -> str:
    """Return the small space after a table."""
    return writer.paragraph("TableSpacer", "", "", tag)


def _filled(contents: list[str], tag: Tag, writer: RedlineWriter) -> list[str]:
    """Return the contents of a row's cells; an empty row that comes or goes gets a space.

    LibreOffice would put a zero-width character into it, and leave it there.
    """
    if tag and not any("<w:t " in content or "<w:delText " in content for content in contents):
        return [contents[0] + writer.changed(tag, text_run(" ")), *contents[1:]]
    return contents


def _text(pieces: Pieces) -> str:
    return "".join([piece.run.text for piece in pieces])
