"""Footnotes as Word has them: a part of their own, and in the text references, which Word numbers by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from clausebook.compare.model import Piece, Pieces
from clausebook.compare.texts import compared, whole
from clausebook.document.model import Runs
from clausebook.document.notes import is_mark
from clausebook.render.docx.look import CONTENT_TYPES, DOCUMENT_RELATIONSHIPS
from clausebook.render.docx.markup import paragraph
from clausebook.render.docx.package import with_links
from clausebook.render.docx.runs import SPACE

FOOTNOTES = "word/footnotes.xml"
_RELATIONSHIPS = "word/_rels/footnotes.xml.rels"
_SETTINGS = "word/settings.xml"
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_RELATIONSHIPS = (
    f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_RULES = "".join(
    f'<w:footnote w:type="{name}" w:id="{number}"><w:p><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr>'
    f"<w:r><w:{name}/></w:r></w:p></w:footnote>"
    for number, name in ((-1, "separator"), (0, "continuationSeparator"))
)
"""What stands between the text and its footnotes."""


def note_pieces(old: Runs | None, new: Runs | None, tag: str) -> Pieces:
    """Return what a footnote says at a mark that stays, comes or goes as `tag` says."""
    if not tag and old is not None and new is not None:
        return compared(old, new)
    if tag == "del":
        return whole(old or (), "deleted")
    return whole((new if new is not None else old) or (), "inserted" if tag else "same")


def reference(number: int) -> str:
    """Return the mark of a footnote."""
    return f'<w:r>{_RAISED}<w:footnoteReference w:id="{number}"/></w:r>'


def footnote(number: int, content: str) -> str:
    """Return a footnote; `content` are its finished runs."""
    own = f"<w:r>{_RAISED}<w:footnoteRef/></w:r>{SPACE}{content}"
    return f'<w:footnote w:id="{number}">{paragraph("FootnoteText", own)}</w:footnote>'


def unnumbered_marks(pieces: Pieces) -> Pieces:
    """Return pieces in which a mark whose number alone is another stays, for Word gives the number."""
    if not any(piece.numbering and is_mark(piece.run) for piece in pieces):
        return pieces
    found: list[Piece] = []
    for piece in pieces:
        if not (piece.numbering and is_mark(piece.run)):
            found.append(piece)
        elif piece.mark == "inserted":
            found.append(replace(piece, mark="same", numbering=False))
    return tuple(found)


def with_footnotes(texts: Mapping[str, str], footnotes: Sequence[str], links: Mapping[str, str]) -> dict[str, str]:
    """Return the package's parts with that of the footnotes, if there are any."""
    if not footnotes:
        return dict(texts)
    part = f"<w:footnotes {_NAMESPACES}>{_RULES}{''.join(footnotes)}</w:footnotes>"
    # Links of a part are relationships of its own.
    outward = {address: number for address, number in links.items() if f'r:id="{number}"' in part}
    given = texts[DOCUMENT_RELATIONSHIPS]
    own = f'<Relationship Id="rIdFootnotes" Type="{_RELATIONSHIP}" Target="footnotes.xml"/>'
    kind = f'<Override PartName="/{FOOTNOTES}" ContentType="{_TYPE}"/>'
    special = '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    return {
        **texts,
        FOOTNOTES: _XML + part,
        _RELATIONSHIPS: with_links(_NO_RELATIONSHIPS, outward),
        DOCUMENT_RELATIONSHIPS: given.replace("</Relationships>", own + "</Relationships>"),
        CONTENT_TYPES: texts[CONTENT_TYPES].replace("</Types>", kind + "</Types>"),
        _SETTINGS: texts.get(_SETTINGS, "").replace("<w:compat>", special + "<w:compat>", 1),
    }
