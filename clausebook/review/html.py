"""Write a review as a page that stands alone, without scripts and without anything from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from clausebook.compare.changes import Change
from clausebook.compare.model import MarkedClause, MarkedDefinition, MarkedSignature, Redline
from clausebook.findings.characters import without_hidden
from clausebook.findings.model import Finding
from clausebook.findings.report import as_html as words
from clausebook.render.redline.html_text import TextWriter
from clausebook.render.redline.marks import move_note, moves
from clausebook.review.excerpts import (
    bases,
    change_line,
    counted,
    coverage,
    covers,
    deviation_line,
    edit_note,
    edit_title,
    excerpts,
    happened_line,
    overview,
    standing,
)
from clausebook.review.model import AgreementReview, LibraryEdit, Review

TITLE = "What this changes in the agreements"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = (
    "body{margin:2rem auto;max-width:52rem;padding:0 1rem;font:1rem/1.55 Georgia,serif;overflow-wrap:anywhere}"
    "h1,h2,h3{line-height:1.25}h2{border-bottom:1px solid #999}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #bbb;padding:.3em .5em;text-align:left;vertical-align:top}"
    ".redline{border-left:3px solid #bbb;margin:.5rem 0;padding-left:1rem}.redline ol,.redline ul{list-style:none}"
    ".redline li{display:flex;gap:.5em}.heading-2,.heading-3,.signatory{font-weight:bold}"
    "del{text-decoration:line-through;background:#fdd}ins{text-decoration:underline;background:#dfd}"
    ".renumbered{background:none}.error,.missing,.outdated,.needed{font-weight:bold}summary{cursor:pointer}"
)
STATES = {
    "given": "approved",
    "needed": "to be approved",
    "missing": "missing",
    "outdated": "approved before this change",
}
_INTERNAL = re.compile(r'<a href="#[^"]*">')


def as_html(review: Review) -> str:
    """Return the review as a complete HTML page."""
    shown = review.shown_in_library()
    body = [
        f"<h1>{TITLE}</h1>",
        f"<p>From {_text(review.base.name)} to {_text(review.head.name)}.</p>",
        f"<p>{_text(overview(review))}</p>",
        "<p>How to read a redline: what went is marked <del>so</del>, what came <ins>so</ins>.</p>",
        *_approvals(review),
        *_findings("New findings", [each for each in review.findings if not each.rule.startswith("core/approval-")]),
        *_findings("What could not be told", review.notes),
    ]
    if review.agreements:
        body.append("<h2>Agreements</h2>")
    alone = review.by_library_alone()
    for agreement in review.agreements:
        body += _agreement(agreement, shown) if agreement not in alone else ()
    if alone:
        names = ", ".join(f"{agreement.id} ({standing(agreement.facts)})" for agreement in alone)
        body.append(f"<p>{_text(f'Changed by the library alone, see below: {names}.')}</p>")
    if review.library:
        body.append("<h2>Library</h2>")
    for edit in review.library:
        body += _edit(edit, review)
    body.append(f"<p>{_text(coverage(review))}</p>")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TITLE}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _text(text: str) -> str:
    return escape(without_hidden(" ".join(text.split())))


def _words(text: str) -> str:
    return words(without_hidden(" ".join(text.split())))


def _approvals(review: Review) -> Iterator[str]:
    rows = [
        f"<tr><td>{agreement.id}</td><td>{_text(f'{each.name} ({each.clause}, {each.position})')}</td>"
        f'<td>{_text(each.role)}</td><td class="{each.state}">{STATES[each.state]}'
        f"{_text(f', {each.by}, {each.date}') if each.by else ''}</td></tr>"
        for agreement, each in review.approvals()
    ]
    if rows:
        yield "<h2>Who must approve</h2>"
        head = "".join(f"<th>{name}</th>" for name in ("Agreement", "Clause", "Approver", "State"))
        yield f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>"
        yield from rows
        yield "</tbody>\n</table>"


def _findings(title: str, findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        yield f"<h2>{title}</h2>"
        yield from _list(
            f'<span class="{each.severity}">{each.severity.capitalize()}</span>: {_words(each.message)}'
            f"{_words(f'. {each.hint[:1].upper()}{each.hint[1:]}') if each.hint else ''} "
            f"({_text(f'{each.path}, line {each.line}' if each.line else each.path)}; {_text(each.rule)})"
            for each in findings
        )


def _list(items: Iterable[str], tag: str = "ul") -> Iterator[str]:
    yield f"<{tag}>"
    yield from (f"<li>{item}</li>" for item in items)
    yield f"</{tag}>"


def _agreement(agreement: AgreementReview, shown: frozenset[tuple[str, str, str]]) -> Iterator[str]:
    yield f"<h3>{agreement.id}: {_text(agreement.title)}</h3>"
    yield f"<p>{_text(happened_line(agreement))}</p>"
    if agreement.changes:
        yield from _list((_text(f"{change_line(change)}.") for change in agreement.changes), "ol")
    if agreement.deviations:
        yield "<p>Departures from the playbook:</p>"
        yield from _list(_text(deviation_line(deviation)) for deviation in agreement.deviations)
    own = [change for change in agreement.changes if (agreement.id, change.part, change.place) not in shown]
    if own and agreement.comparison:
        title = f"Redline: {counted(len(own), 'change')}"
        lines = (bases(agreement.comparison), covers(agreement.comparison, len(own)))
        yield from _redline(agreement.comparison.redline, own, title, *lines)


def _edit(edit: LibraryEdit, review: Review) -> Iterator[str]:
    yield f"<h3>{_text(edit_title(edit))}{_text(f' ({edit.type})') if edit.type else ''}</h3>"
    if note := edit_note(edit):
        yield f"<p><strong>{_text(note)}</strong></p>"
    if edit.facts:
        yield from _list(map(_text, edit.facts))
    if edit.redline:
        yield from _redline(edit.redline, edit.changes, "The source’s words")
    yield f"<p>{_touching(edit)}</p>"
    if edit.executed:
        statuses = {agreement.id: agreement.before.status for agreement in review.agreements if agreement.before}
        yield "<h4>Executed agreements among them</h4>"
        yield from _list(f"{name}: status {_text(statuses[name])}" for name in edit.executed)
    for group in edit.groups:
        first, count = group.agreements[0], len(group.agreements)
        if count > 1:
            where = "all of them" if group.agreements == edit.touched else ", ".join(group.agreements)
            around = "" if group.alike else f" Shown as in {first}; the words around them are each agreement’s own."
            yield f"<p>The same words change in {where}.{around}</p>"
        yield from _list(_text(f"{change_line(change)}.") for change in group.changes)
        title = f"Redline of {first}" if count == 1 else f"Redline of {count:,} agreements"
        yield from _redline(group.comparison.redline, group.changes, title, bases(group.comparison))


def _touching(edit: LibraryEdit) -> str:
    if not edit.touched:
        return "It changes the text of no agreement."
    return f"It changes the text of {counted(len(edit.touched), 'agreement')}: {', '.join(edit.touched)}."


def _redline(
    redline: Redline, changes: Iterable[Change], title: str, before: str = "", after: str = ""
) -> Iterator[str]:
    """Yield changed clauses, folded; links inside the contract lead nowhere here, so they are none."""
    out: list[str] = []
    writer = TextWriter(out, frozenset(), ids=False)
    moved = moves(redline)
    for part in excerpts(redline, changes):
        out.append('<div class="redline">\n')
        if note := move_note(part, moved):
            out.append(f"<p>{_text(note)}</p>\n")
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
    yield f"<details>\n<summary>{_text(title)}</summary>"
    if before:
        yield f"<p>{_text(before)}</p>"
    yield _INTERNAL.sub("<a>", "".join(out)).rstrip("\n")
    if after:
        yield f"<p>{_text(after)}</p>"
    yield "</details>"
