"""What the templates of the site's pages, which stand beside this module, are filled with; HTML is Markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from itertools import count
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from clausebook.findings.model import Finding
from clausebook.findings.register import SEVERITIES
from clausebook.findings.report import as_html, counted
from clausebook.render.page_templates import html
from clausebook.site.own_pages import pages_in_use
from clausebook.site.page import Heading, address, agreement_path, history_path, organisation_path

HOME = "index.html"
AGREEMENTS = "agreements/index.html"
CLAUSES = "clauses/index.html"
PLAYBOOK = "playbook/index.html"
DUTIES = "duties/index.html"
REGISTERS = "registers/index.html"
EXECUTIVES = "executives/index.html"
METRICS = "metrics/index.html"
REFERENCE = "reference/index.html"
COMPARISON = "comparison/index.html"
TIMELINE = "timeline/index.html"
SEARCH = "search/index.html"
ORGANISATIONS = "organisations/index.html"
PIPELINE = "pipeline/index.html"

_PLACES = {name: path for name, path in globals().items() if str(path).endswith("index.html")}
"""Where the pages of the navigation are written, as templates name them."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:T(?P<clock>[0-9]{2}:[0-9]{2})(?::[0-9.]+)?Z)?\Z"
)
_BOX = re.compile(r'(<section class="table" aria-label="[^"]*)"')
_HEADING = re.compile(r'<h([1-3]) id="([^"]+)">(.*?)</h\1>')


def filled(page: str, **values: object) -> str:
    """Return a template's page; `path` among the values is where it is written. It knows the places above by name.

    The names of the boxes of a contract's tables get a number each: a page has many. Raises as `OwnPages.filled` does.
    """
    functions = (
        *(
            agreement_path,
            capital,
            chip,
            day,
            file_address,
            finding_summary,
            history_path,
            humane,
            link,
            place_of,
            counted,
        ),
        *(mail, organisation_path, position_chip, status_chip, words),
    )
    body = pages_in_use().filled(Path(__file__).parent, f"{page}.html", functions, _PLACES | values)
    numbers = count(1)
    return _BOX.sub(lambda box: f'{box[1]} {next(numbers)}"', body)


def headings(body: str) -> tuple[Heading, ...]:
    """Return the table of contents of a page or of a part of one, from the headings in it that have an anchor."""
    return _nested([(int(level), unescape(title), anchor) for level, anchor, title in _HEADING.findall(body)])


def _nested(found: list[tuple[int, str, str]]) -> tuple[Heading, ...]:
    if not found:
        return ()
    (level, title, anchor), *rest = found
    inside = next((index for index, (other, _, _) in enumerate(rest) if other <= level), len(rest))
    return (Heading(title, anchor, level, _nested(rest[:inside])), *_nested(rest[inside:]))


def link(page: str, target: str, text: str, anchor: str = "") -> Markup:
    """Return a link from one page to another page of the site, both by path."""
    fragment = f"#{escape(anchor)}" if anchor else ""
    return Markup(f'<a href="{escape(address(page, target))}{fragment}">{escape(text)}</a>')


def file_address(page: str, target: str) -> str:
    """Return the link from a page to a file, both by path."""
    return quote(address(page, target))


def mail(address: str, name: str = "") -> Markup:
    """Return an e-mail address, or the name of whom it is, as a link with which to write to it."""
    return Markup(f'<a href="mailto:{quote(address, safe="@+")}">{escape(name or address)}</a>')


def humane(name: str) -> str:
    """Return an enumerated value as words: "in-review" → "In review"."""
    return capital(name.replace("-", " ").replace("_", " "))


def capital(text: str) -> str:
    """Return a text with a large first letter."""
    return text[:1].upper() + text[1:]


def status_chip(status: str) -> Markup:
    """Return the mark that shows a status."""
    return chip(humane(status), f"status-{status}")


def position_chip(position: str) -> Markup:
    """Return the mark that shows a position in the playbook."""
    look = "standard" if position in ("standard", "own schedule") else "deviation"
    return chip(humane(position), f"position-{look}")


def chip(text: str, look: str) -> Markup:
    """Return a small mark."""
    return Markup(f'<span class="cb-chip cb-{escape(look)}">{escape(text)}</span>')


def words(text: str) -> Markup:
    """Return a finding's words; see `as_html`."""
    return Markup(as_html(text))


def place_of(finding: Finding) -> str:
    """Return a finding's file, line and column: "agreements/harbor.yaml:3:1"."""
    return ":".join([finding.path, *(str(number) for number in (finding.line, finding.column) if number)])


def finding_summary(findings: Sequence[Finding]) -> str:
    """Return how many findings there are of each severity, in words; "None" if there are none."""
    counts = [(severity, sum(finding.severity == severity for finding in findings)) for severity in SEVERITIES]
    return ", ".join(counted(count, severity) for severity, count in counts if count) or "None"


def plain_day(date: str) -> str:
    """Return an ISO 8601 date as people write it, as plain text, without its time. What is no date stays."""
    found = _DAY.match(date)
    if not found or not 0 < int(found["month"]) < 13:
        return date
    return f"{MONTHS[int(found['month']) - 1]} {int(found['day'])}, {found['year']}"


def day(date: str) -> Markup:
    """Return an ISO 8601 date as people write it; with a time, which is told in UTC. What is no date stays."""
    found, shown = _DAY.match(date), plain_day(date)
    if not found or shown == date:
        return html(date)
    clock = f", {found['clock']} UTC" if found["clock"] else ""
    return Markup(f'<time datetime="{escape(date)}">{shown}{clock}</time>')
