"""The pages of an agreement's past: its history, and the redlines between its revisions."""

from __future__ import annotations

from collections.abc import Iterator

from clausebook.document.model import Document
from clausebook.lifecycle.standing import Standing
from clausebook.site.folds import FILE, texts_file
from clausebook.site.markup import AGREEMENTS, HOME, filled
from clausebook.site.page import Heading, SitePage, address, agreement_path, history_path
from clausebook.site.revision_marks import revision_marks
from clausebook.site.site_content import AgreementHistory, RedlineText


def redline_path(agreement_id: str, redline: RedlineText, side_by_side: bool = False) -> str:
    """Return where a redline is written."""
    view = "side-by-side/" if side_by_side else ""
    return f"agreements/{agreement_id}/redlines/{redline.old}-{redline.new}/{view}index.html"


def history_pages(document: Document, past: AgreementHistory, standing: Standing | None = None) -> Iterator[SitePage]:
    """Yield the history and the pages of its redlines. The search finds none of them: their words are old.

    With `standing`, revisions that were sent or executed are marked.
    """
    yield _history(document, past, standing)
    newer = (None, *past.redlines)
    older = (*past.redlines[1:], None)
    neighbours = list(zip(past.redlines, older, newer, strict=False))
    if past.whole and past.whole not in past.redlines:
        neighbours.append((past.whole, None, None))
    for redline, before, after in neighbours:
        yield _redline(document, redline, before, after, side_by_side=False)
        yield _redline(document, redline, before, after, side_by_side=True)


def _history(document: Document, past: AgreementHistory, standing: Standing | None) -> SitePage:
    path, title = history_path(document.id), f"History of {document.title}"
    marks, unseen = revision_marks(standing, past.revisions, path) if standing else ({}, ())
    body = filled(
        "history",
        path=path,
        trail=_trail(document),
        title=title,
        document=document,
        past=past,
        redlines={redline.new: redline for redline in past.redlines},
        redline_path=redline_path,
        marks=marks,
        unseen=unseen,
    )
    files = {FILE: texts_file(past.unchanged)} if past.unchanged else {}
    return SitePage(
        path, title, body, f"Revisions of {document.title}.", (Heading(title, "page_title", 1),), files=files
    )


def _redline(
    document: Document,
    redline: RedlineText,
    older: RedlineText | None,
    newer: RedlineText | None,
    *,
    side_by_side: bool,
) -> SitePage:
    path, title = redline_path(document.id, redline, side_by_side), f"Redline of {document.title}"
    body = filled(
        "redline",
        path=path,
        trail=[*_trail(document), (history_path(document.id), "History")],
        document=document,
        redline=redline,
        older=older,
        newer=newer,
        side_by_side=side_by_side,
        texts=address(path, history_path(document.id)) + FILE,
        redline_path=redline_path,
    )
    description = f"What changed from {redline.old_name} to {redline.new_name}."
    return SitePage(path, title, body, description, (Heading(title, "page_title", 1),))


def _trail(document: Document) -> list[tuple[str, str]]:
    return [(HOME, "Home"), (AGREEMENTS, "Agreements"), (agreement_path(document.id), document.title)]
