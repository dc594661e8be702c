"""The redline: one document that turns into the new text or the old as its tracked changes are accepted or rejected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from clausebook.compare.model import Redline
from clausebook.document.walk import anchors_of
from clausebook.render.docx.body import is_same, text_xml
from clausebook.render.docx.comments import Comments, with_comments
from clausebook.render.docx.contents import in_field
from clausebook.render.docx.document import BODY_PLACE, CONTENTS_PLACE, finish_parts, writer_for
from clausebook.render.docx.look import DOCUMENT, SIGNING_FOOTER, Look, read_look
from clausebook.render.docx.markup import paragraph, text_run
from clausebook.render.docx.package import zip_parts
from clausebook.render.docx.redline_moves import tracked_moves, with_moves
from clausebook.render.docx.redline_seams import with_parted_insertions, with_room
from clausebook.render.docx.redline_text import pieces_xml
from clausebook.render.docx.tracked import STAYS
from clausebook.render.proof.redlines import prove_docx

_BODY = "<w:body>"
NOTES_PLACE = "<!--notes-->"
_NOTE = '<w:pBdr><w:left w:val="single" w:sz="16" w:space="8" w:color="1F3A5F"/></w:pBdr><w:spacing w:after="200"/>'
_FIELDS = ("{{base}}", "{{coverage}}")
_TITLE_RUN = r"<w:r>(?P<look><w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: [^>]*)?>\{{\{{{}\}}\}}</w:t></w:r>"


def render_redline_docx(
    redline: Redline,
    look: Mapping[str, bytes],
    *,
    author: str,
    base: str,
    coverage: str,
    notes: Sequence[str] = (),
    comments: Comments | None = None,
) -> bytes:
    """Return the redline as a DOCX file: the full text with tracked changes of Word's own.

    `author` is the name under which the changes stand, `base` and `coverage` are printed on
    every page: against what the redline was made, and what it covers. `notes` are printed above an excerpt, which
    has no table of contents; `comments` stand beside the changes. `look` is that of `render_docx`. Raise ValueError
    when the look lacks a part or has no place for base and coverage, or when a text holds a character that XML cannot
    hold, and FindingsError when it does not turn into both texts.
    """
    parts = write_redline_parts(redline, read_look(look, redline.new.page), author, base, coverage, notes, comments)
    content = zip_parts(parts)
    prove_docx(redline, content, notes)
    return content


def write_redline_parts(
    redline: Redline,
    look: Look,
    author: str,
    base: str,
    coverage: str,
    notes: Sequence[str] = (),
    comments: Comments | None = None,
) -> dict[str, bytes]:
    """Return the package's parts by name."""
    furniture = "".join(text for name, text in look.texts.items() if name not in (DOCUMENT, SIGNING_FOOTER))
    for field in _FIELDS:
        if field not in furniture:
            raise ValueError(f"the DOCX reference package has no place for {field}, which every redline must print")
    writer = writer_for(redline.new, look, anchors_of(redline.old), author=author)
    writer.moves = tracked_moves(redline)
    contents, body, numbering = text_xml(redline, writer)
    page = look.texts[DOCUMENT]
    page = page.replace(_BODY, _BODY + NOTES_PLACE, 1)
    contents, body = with_moves(contents, writer), with_room(with_moves(body, writer), writer)
    contents = "" if notes else contents
    places = {
        CONTENTS_PLACE: in_field(contents) if writer.last_move else contents,
        BODY_PLACE: body,
        NOTES_PLACE: "".join(map(_note, notes)),
    }
    for name, pieces in (("kind", redline.kind), ("title", redline.title)):
        if not is_same(pieces):
            mark = f"<!--{name}-->"
            page, run_look = _with_place(page, name, mark)
            first = writer.last_id
            places[mark] = pieces_xml(pieces, STAYS, writer).replace("<w:r>", "<w:r>" + run_look)
            writer.spans["document", name] = first, writer.last_id
    parts = finish_parts(redline.given[1], page, places, numbering, writer, {"base": base, "coverage": coverage})
    parts |= {DOCUMENT: with_parted_insertions(parts[DOCUMENT], writer)}
    return with_comments(parts, comments, writer) if comments and comments.all else parts


def _note(text: str) -> str:
    return paragraph("BodyText", text_run(text), _NOTE)


def _with_place(page: str, name: str, mark: str) -> tuple[str, str]:
    found = re.search(_TITLE_RUN.format(name), page)
    if not found:
        raise ValueError(f"the DOCX reference package's {DOCUMENT} has no run of its own for {{{{{name}}}}}")
    return page[: found.start()] + mark + page[found.end() :], found["look"] or ""
