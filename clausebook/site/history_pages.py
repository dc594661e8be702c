"""The pages of an agreement's past: its history, and the redlines between its revisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from clausebook.document.model import Document
from clausebook.history.revisions import Revision
from clausebook.lifecycle.standing import Standing
from clausebook.site.folds import FILE, texts_file
from clausebook.site.markup import AGREEMENTS, HOME, filled, plain_day
from clausebook.site.page import Heading, SitePage, address, agreement_path, history_path
from clausebook.site.revision_marks import revision_marks
from clausebook.site.site_content import AgreementHistory, RedlineText

_NAMES = {"docx": ("Word", "Redline with tracked changes"), "pdf": ("PDF", "Redline")}
"""What a file to take away is called, and what it is."""


def redline_path(agreement_id: str, redline: RedlineText, side_by_side: bool = False) -> str:
    """Return where a redline is written."""
    view = "side-by-side/" if side_by_side else ""
    return f"agreements/{agreement_id}/redlines/{redline.old}-{redline.new}/{view}index.html"


def history_pages(
    document: Document, past: AgreementHistory, standing: Standing | None = None, *, internal: bool = True
) -> Iterator[SitePage]:
    """Yield the history and the pages of its redlines. The search finds none of them: their words are old.

    With `standing`, revisions that were sent or executed are marked. `internal` ones say what each was for.
    """
    yield _history(document, past, standing, internal)
    revisions = {each.slug: each for each in past.revisions}
    newer = (None, *past.redlines)
    older = (*past.redlines[1:], None)
    neighbours = list(zip(past.redlines, older, newer, strict=False))
    for each in (past.whole, past.since):
        if each and all(each != redline for redline, _, _ in neighbours):
            neighbours.append((each, None, None))
    for redline, before, after in neighbours:
        for beside in (False, True):
            yield _redline(document, revisions, redline, before, after, side_by_side=beside, internal=internal)


def _history(document: Document, past: AgreementHistory, standing: Standing | None, internal: bool) -> SitePage:
    path, title = history_path(document.id), f"History of {document.title}"
    marks, unseen = revision_marks(standing, past.revisions, path) if standing else ({}, ())
    body = filled(
        "history",
        path=path,
        internal=internal,
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
    revisions: Mapping[str, Revision],
    redline: RedlineText,
    older: RedlineText | None,
    newer: RedlineText | None,
    *,
    side_by_side: bool,
    internal: bool,
) -> SitePage:
    path = redline_path(document.id, redline, side_by_side)
    title = f"Redline of {document.title}, {_led(revisions, redline)}"
    description = f"What changed: {_led(revisions, redline)}."
    # Both views lead to the same files, which stand beside the first.
    shown = SitePage(redline_path(document.id, redline), title, "", description, (Heading(title, "page_title", 1),))
    body = filled(
        "redline",
        path=path,
        internal=internal,
        trail=[*_trail(document), (history_path(document.id), "History")],
        document=document,
        redline=redline,
        sides=[(name, revisions.get(slug)) for name, slug in (("From", redline.old), ("To", redline.new))],
        called=lambda slug: _called(revisions, slug),
        neighbours=[
            (name, other, _led(revisions, other)) for name, other in (("Previous", older), ("Next", newer)) if other
        ],
        side_by_side=side_by_side,
        texts=address(path, history_path(document.id)) + FILE,
        files=[(shown.beside(each), *_NAMES[each.rpartition(".")[2]]) for each in redline.files],
        redline_path=redline_path,
    )
    return replace(shown, path=path, body=body, files={} if side_by_side else redline.files)


def _called(revisions: Mapping[str, Revision], slug: str) -> str:
    """Say which text it is: its version and its day."""
    revision = revisions.get(slug)
    if revision is None:
        return slug
    version = f"version {revision.versions[-1]}" if revision.versions else "a version"
    return f"{version} of {plain_day(revision.date)}" if revision.date else f"{version}, not committed yet"


def _led(revisions: Mapping[str, Revision], redline: RedlineText) -> str:
    return f"{_called(revisions, redline.old)} to {_called(revisions, redline.new)}"


def _trail(document: Document) -> list[tuple[str, str]]:
    return [(HOME, "Home"), (AGREEMENTS, "Agreements"), (agreement_path(document.id), document.title)]
