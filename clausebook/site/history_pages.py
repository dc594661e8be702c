"""The pages of an agreement's past: its history, and the redlines between its revisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from clausebook.document.model import Document
from clausebook.findings.report import as_html
from clausebook.lifecycle.standing import Standing
from clausebook.site.folds import FILE, texts_file
from clausebook.site.markup import AGREEMENTS, HOME, chip, crumbs, finding_list, link, plural, table
from clausebook.site.page import Heading, SitePage, address, agreement_path, history_path
from clausebook.site.revision_marks import revision_marks
from clausebook.site.site_content import AgreementHistory, RedlineText, RevisionRow

INLINE = "Inline"
SIDE_BY_SIDE = "Side by side"

NONE = "–"


def redline_path(agreement_id: str, redline: RedlineText, *, side_by_side: bool = False) -> str:
    """Return where a redline is written."""
    view = "side-by-side/" if side_by_side else ""
    return f"agreements/{agreement_id}/redlines/{redline.old}-{redline.new}/{view}index.html"


def history_pages(document: Document, past: AgreementHistory, standing: Standing | None = None) -> Iterator[SitePage]:
    """Yield the history and the pages of its redlines. The search finds none of them: their words are old.

    With `standing`, revisions that were sent or executed are marked.
    """
    yield _history(document, past, standing)
    for index, redline in enumerate(past.redlines):
        older = past.redlines[index + 1] if index + 1 < len(past.redlines) else None
        newer = past.redlines[index - 1] if index else None
        for side_by_side in (False, True):
            yield _redline(document, redline, (older, newer), side_by_side=side_by_side)
    if past.whole and past.whole not in past.redlines:
        for side_by_side in (False, True):
            yield _redline(document, past.whole, (None, None), side_by_side=side_by_side)


def _history(document: Document, past: AgreementHistory, standing: Standing | None) -> SitePage:
    path = history_path(document.id)
    found = {redline.new: redline for redline in past.redlines}
    marks, unseen = revision_marks(standing, past.revisions, path) if standing else ({}, ())
    rows = [
        _row(document.id, path, revision, found.get(revision.slug), marks.get(revision.slug, ()))
        for revision in past.revisions
    ]
    columns = ("Revision", "Version", "Date", "Author", "What it was for", "What changed", "Redline")
    title = f"History of {document.title}"
    body = [
        crumbs(path, _trail(document), "History"),
        f'<h1 id="page_title">{escape(title)}</h1>\n',
        '<p class="cb-lead">Each revision is a commit that changed the text of the agreement, whether in its own '
        "data or in the library. The newest comes first.</p>\n",
        _whole(document.id, path, past.whole),
        finding_list(past.notes) if past.notes else "",
        table(columns, rows, "Revisions", ' data-cb-look="history"') if rows else "",
        "".join(f'<p class="cb-note">{said}: no revision here has that text.</p>\n' for said in unseen if rows),
        _rest(document.id, past),
    ]
    description = f"Revisions of {document.title}."
    files = {FILE: texts_file(past.unchanged)} if past.unchanged else {}
    return SitePage(path, title, "".join(body), description, (Heading(title, "page_title", 1),), files=files)


def _row(
    agreement_id: str, path: str, revision: RevisionRow, redline: RedlineText | None, marks: Sequence[str]
) -> list[str]:
    name = f"<code>{escape(revision.name)}</code>" if revision.date else chip(revision.name.capitalize(), "warning")
    tags = "".join(f' <span class="cb-note">{escape(tag)}</span>' for tag in revision.tags)
    said = escape(revision.subject)
    if revision.problem:
        hint = f" ({revision.hint})" if revision.hint else ""
        said += f' <span class="cb-note">Cannot be assembled: {as_html(revision.problem + hint)}</span>'
    said += f'<ul class="cb-marks">\n{"".join(marks)}</ul>\n' if marks else ""
    return [
        name + tags,
        escape(", ".join(revision.versions)) or NONE,
        f'<time datetime="{escape(revision.date)}">{escape(revision.date[:10])}</time>' if revision.date else NONE,
        escape(revision.author) or NONE,
        said or NONE,
        _changed(revision),
        _views(agreement_id, path, redline) if redline else NONE,
    ]


def _changed(revision: RevisionRow) -> str:
    if revision.problem:
        return NONE
    if revision.same:
        return "Same text"
    if revision.changed is None:
        return "First text"
    return plural(revision.changed, "clause") if revision.changed else "Order or numbers"


def _views(agreement_id: str, path: str, redline: RedlineText) -> str:
    return " · ".join(
        link(path, redline_path(agreement_id, redline, side_by_side=beside), name)
        for name, beside in ((INLINE, False), (SIDE_BY_SIDE, True))
    )


def _whole(agreement_id: str, path: str, whole: RedlineText | None) -> str:
    if whole is None:
        return ""
    count = plural(whole.changes, "change")
    return f'<p class="cb-whole">From the first text to the newest, {count}: {_views(agreement_id, path, whole)}</p>\n'


def _rest(agreement_id: str, past: AgreementHistory) -> str:
    if not past.older:
        return ""
    return (
        f'<p class="cb-note">Redlines stand here for the newest {plural(len(past.redlines), "change")}, and not for '
        f"{past.older:,} older. For any other two revisions: "
        f"<code>clausebook redline {escape(agreement_id)} FROM TO</code></p>\n"
    )


def _redline(
    document: Document,
    redline: RedlineText,
    beside: tuple[RedlineText | None, RedlineText | None],
    *,
    side_by_side: bool,
) -> SitePage:
    path = redline_path(document.id, redline, side_by_side=side_by_side)
    title = f"Redline of {document.title}"
    views = "".join(
        f'<li><span aria-current="page">{name}</span></li>\n'
        if other == side_by_side
        else f"<li>{link(path, redline_path(document.id, redline, side_by_side=other), name)}</li>\n"
        for name, other in ((INLINE, False), (SIDE_BY_SIDE, True))
    )
    words = address(path, history_path(document.id)) + FILE
    body = [
        crumbs(path, [*_trail(document), (history_path(document.id), "History")], "Redline"),
        '<div class="cb-head">\n',
        f'<p class="cb-redline-title" id="page_title">{escape(redline.old_name)} <span>to</span> '
        f"{escape(redline.new_name)}</p>\n",
        f'<ul class="cb-views" aria-label="View">\n{views}</ul>\n</div>\n',
        f'<div class="cb-redline" data-cb-from="{escape(words)}">\n',
        redline.side_by_side if side_by_side else redline.inline,
        "</div>\n",
        _neighbours(document.id, path, beside, side_by_side=side_by_side),
    ]
    description = f"What changed from {redline.old_name} to {redline.new_name}."
    return SitePage(path, title, "".join(body), description, (Heading(title, "page_title", 1),))


def _neighbours(
    agreement_id: str, path: str, beside: tuple[RedlineText | None, RedlineText | None], *, side_by_side: bool
) -> str:
    """Return the way to the redline before this one and to the next, in the same view."""
    links = "".join(
        f"<li>{name} this: "
        f"{link(path, redline_path(agreement_id, other, side_by_side=side_by_side), _between(other))}</li>\n"
        for name, other in zip(("Before", "After"), beside, strict=True)
        if other
    )
    return f'<nav class="cb-neighbours" aria-label="Other redlines">\n<ul>\n{links}</ul>\n</nav>\n' if links else ""


def _between(redline: RedlineText) -> str:
    return f"{redline.old_name} to {redline.new_name}"


def _trail(document: Document) -> list[tuple[str, str]]:
    return [(HOME, "Home"), (AGREEMENTS, "Agreements"), (agreement_path(document.id), document.title)]
