"""Write a review as a page that stands alone, without scripts and without anything from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from markupsafe import Markup

from clausebook.compare.changes import Change
from clausebook.compare.model import MarkedClause, MarkedDefinition, MarkedSignature, Redline
from clausebook.findings.characters import shown_line
from clausebook.findings.grouped import grouped
from clausebook.findings.report import as_html as finding_html
from clausebook.findings.report import counted
from clausebook.formats.locale_words import locale_words
from clausebook.render.page_templates import html, page_templates
from clausebook.render.redline.html_text import TextWriter
from clausebook.render.redline.marks import move_note, moves
from clausebook.render.redline.summary import followers, reading_key
from clausebook.repository.agreement_files import owner
from clausebook.repository.git.objects import SHORT
from clausebook.review import excerpts as said
from clausebook.review.approvals import asked
from clausebook.review.importance import first_to_read
from clausebook.review.look_pages import pages_line, picture
from clausebook.review.model import AgreementReview, Review

_INTERNAL = re.compile(r'<a href="#[^"]*">')


def as_html(review: Review) -> str:
    """Return the review as a complete HTML page."""
    sentences = (
        *(said.alike_lines, said.change_sentence, said.commit_lines, said.coverage),
        *(said.deviation_line, said.edit_approval_line, said.edit_note, said.edit_title, said.finding_place),
        *(said.given_by, said.hint_sentence, said.left_line, said.not_alone, said.numbers_by, said.office),
        *(
            said.overview,
            said.since_lines,
            said.unasked,
            said.verdict,
            said.wordless_note,
            asked,
            counted,
            first_to_read,
            followers,
        ),
        *(grouped, in_groups, more_to_tell, owner, pages_line, picture),
    )
    templates = page_templates(Path(__file__).parent, shown_line, words, redline_html, *sentences)
    found = templates.get_template("review.html")
    key = Markup(reading_key(locale_words("en"), "<del>so</del>", "<ins>so</ins>"))
    return found.render(review=review, key=key, STATES=said.STATES, SHORT=SHORT, HOW=said.HOW, WORDLESS=said.WORDLESS)


def more_to_tell(agreement: AgreementReview) -> bool:
    """Tell whether more is to be told of an agreement than which changes are its own."""
    return bool(agreement.deviations or agreement.left)


def in_groups(items: Iterable[Any], name: str) -> list[tuple[Any, list[Any]]]:
    """Return items in their order, those together that follow one another and share an attribute, "a.b" within."""
    return [(value, list(group)) for value, group in groupby(items, attrgetter(name))]


def words(text: str) -> Markup:
    """Return a finding's words; see `clausebook.findings.report.as_html`."""
    return Markup(finding_html(shown_line(text)))


def redline_html(redline: Redline, changes: Iterable[Change]) -> Markup:
    """Return the changed clauses; links inside the contract lead nowhere here, so they are none."""
    out: list[str] = []
    words = locale_words(redline.new.language)
    writer = TextWriter(out, frozenset(), words, ids=False)
    moved = moves(redline)
    for part in said.excerpts(redline, changes):
        out.append('<div class="redline">\n')
        if note := move_note(part, moved, words):
            out.append(f"<p>{html(shown_line(note))}</p>\n")
        match part:
            case MarkedClause():
                writer.clause(part)
            case MarkedDefinition():
                writer.text(part)
            case MarkedSignature():
                writer.signature(part)
            case _:
                writer.heading("h2", part)
        out.append("</div>\n")
    return Markup(_INTERNAL.sub("<a>", "".join(out)).rstrip("\n"))
