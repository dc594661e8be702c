"""The pieces that the site's pages are made of. Every function takes plain text and escapes it, unless it says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from clausebook.findings.model import Finding
from clausebook.findings.register import SEVERITIES
from clausebook.findings.report import as_html
from clausebook.site.page import address

HOME = "index.html"
AGREEMENTS = "agreements/index.html"
CLAUSES = "clauses/index.html"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:T(?P<clock>[0-9]{2}:[0-9]{2})(?::[0-9.]+)?Z)?\Z"
)


def link(page: str, target: str, text: str, anchor: str = "") -> str:
    """Return a link from one page to another page of the site, both by path."""
    fragment = f"#{escape(anchor)}" if anchor else ""
    return f'<a href="{escape(address(page, target))}{fragment}">{escape(text)}</a>'


def crumbs(page: str, trail: Sequence[tuple[str, str]], here: str) -> str:
    """Return the way from the home page to this one; `trail` holds paths and titles."""
    items = "".join(f"<li>{link(page, target, title)}</li>\n" for target, title in trail)
    return (
        '<nav class="cb-crumbs" aria-label="Breadcrumb">\n'
        f'<ol>\n{items}<li aria-current="page">{escape(here)}</li>\n</ol>\n</nav>\n'
    )


def humane(name: str) -> str:
    """Return an enumerated value as words: "in-review" → "In review"."""
    words = name.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def status_chip(status: str) -> str:
    """Return the mark that shows a status."""
    return chip(humane(status), f"status-{status}")


def position_chip(position: str) -> str:
    """Return the mark that shows a position in the playbook."""
    look = "standard" if position in ("standard", "own schedule") else "deviation"
    return chip(humane(position), f"position-{look}")


def chip(text: str, look: str) -> str:
    """Return a small mark."""
    return f'<span class="cb-chip cb-{escape(look)}">{escape(text)}</span>'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return facts at a glance: names as plain text, values as HTML. Pairs without a value are left out."""
    rows = "".join(
        f'<div class="cb-fact">\n<dt>{escape(name)}</dt>\n<dd>{value}</dd>\n</div>\n' for name, value in pairs if value
    )
    return f'<dl class="cb-facts">\n{rows}</dl>\n'


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], caption: str, attributes: str = "") -> str:
    """Return a table that scrolls in its own box. Cells and attributes are HTML, columns and caption plain text.

    A row of one cell is a heading over the rows that follow.
    """
    head = "".join(f'<th scope="col">{escape(column)}</th>\n' for column in columns)
    body = "".join(_row(row, len(columns)) for row in rows)
    return (
        f'<div class="cb-scroll" role="region" aria-label="{escape(caption)}" tabindex="0">\n'
        f'<table class="cb-table"{attributes}>\n<caption class="cb-hidden">{escape(caption)}</caption>\n'
        f"<thead>\n<tr>\n{head}</tr>\n</thead>\n<tbody>\n{body}</tbody>\n</table>\n</div>\n"
    )


def finding_list(findings: Iterable[Finding]) -> str:
    """Return findings as a list, each with its place and what to do."""
    items = []
    for finding in findings:
        place = ":".join([finding.path, *(str(number) for number in (finding.line, finding.column) if number)])
        hint = f'<p class="cb-hint">{as_html(finding.hint)}</p>\n' if finding.hint else ""
        items.append(
            f'<li class="cb-finding cb-{finding.severity}">\n<p>{chip(humane(finding.severity), finding.severity)} '
            f"{as_html(finding.message)}</p>\n{hint}"
            f'<p class="cb-place"><code>{escape(place)}</code> · {escape(finding.rule)}</p>\n</li>\n'
        )
    return f'<ul class="cb-findings">\n{"".join(items)}</ul>\n'


def finding_summary(findings: Sequence[Finding]) -> str:
    """Return how many findings there are of each severity, in words; "None" if there are none."""
    counts = [(severity, sum(finding.severity == severity for finding in findings)) for severity in SEVERITIES]
    return ", ".join(plural(count, severity) for severity, count in counts if count) or "None"


def button(page: str, target: str, text: str, note: str = "") -> str:
    """Return an item of a list of downloads: a link from a page to a file, both by path."""
    said = f' <span class="cb-hidden">{escape(note)}</span>' if note else ""
    place = escape(quote(address(page, target)))
    return f'<li><a class="cb-button" href="{place}" download>{escape(text)}{said}</a></li>\n'


def day(date: str) -> str:
    """Return an ISO 8601 date as people write it; with a time, which is told in UTC. What is no date stays."""
    found = _DAY.match(date)
    if not found or not 0 < int(found["month"]) < 13:
        return escape(date)
    shown = f"{_MONTHS[int(found['month']) - 1]} {int(found['day'])}, {found['year']}"
    clock = f", {found['clock']} UTC" if found["clock"] else ""
    return f'<time datetime="{escape(date)}">{shown}{clock}</time>'


def plural(count: int, noun: str) -> str:
    """Return a count and its noun: "1 clause", "3 clauses"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _row(cells: Sequence[str], columns: int) -> str:
    if len(cells) == 1 < columns:
        return f'<tr class="cb-group">\n<th colspan="{columns}" scope="rowgroup">{cells[0]}</th>\n</tr>\n'
    return "<tr>\n" + "".join(f"<td>{cell}</td>\n" for cell in cells) + "</tr>\n"
