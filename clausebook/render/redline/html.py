"""Write a redline as HTML: one text with its marks, or the two texts side by side, clause by clause.

The fragment needs no script and holds no style: `redline.css`, beside the site's other styles, says how it
looks. Whatever is not the contract's words inside `<article>` is in an element whose class begins with
`redline-`; signs that only help the eye are drawn by the style.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Literal

from clausebook.compare.model import MarkedClause, Redline
from clausebook.document.walk import anchors_of
from clausebook.formats.locale_words import locale_words
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.html_text import TextWriter
from clausebook.render.redline.html_views import END, SUMMARY, Inline, Shelf, SideBySide, Steps, View
from clausebook.render.redline.marks import parts
from clausebook.render.redline.summary import coverage, entries, excerpt_notes, facts, reading_key

ViewName = Literal["inline", "side-by-side"]

VIEWS: Mapping[ViewName, type[View]] = MappingProxyType({"inline": Inline, "side-by-side": SideBySide})

ARTICLE = "agreement-text"


def render_html(
    redline: Redline,
    heading: RedlineHeading,
    *,
    view: ViewName = "inline",
    internal: bool = False,
    fold: bool = False,
    shelf: Shelf | None = None,
) -> str:
    """Return the redline as a fragment of HTML: its summary, the contract, the last line.

    `internal` adds causes. `fold` shuts unchanged clauses in `<details>`; with `shelf` their text is
    handed to it, and what it gives stands there. A page holds one fragment: both views
    have the same ids, those of the clauses and `change-1`, `change-2` …
    """
    steps = Steps(entries(heading, internal=internal), change_anchors(redline, len(heading.changes)), redline)
    out: list[str] = []
    _head(out, heading, steps)
    look = "marked" if view == "inline" else "side-by-side"
    out.append(f'<article id="{ARTICLE}" class="{look}" lang="{escape(redline.new.language)}">\n')
    VIEWS[view](out, redline, steps, fold, shelf).document()
    out.append("</article>\n")
    out.append(f'<p class="redline-end" id="{END}">{escape(coverage(heading, redline))}</p>\n')
    return "".join(out)


def clauses_html(redline: Redline) -> str:
    """Return the words of a redline's clauses with their marks: no headings, no way between changes."""
    out: list[str] = []
    writer = TextWriter(out, frozenset(), locale_words(redline.new.language))
    for part in parts(redline):
        if isinstance(part, MarkedClause):
            writer.text(part)
    return "".join(out)


def change_anchors(redline: Redline, count: int) -> list[str]:
    """Return the ids of the changes: "change-1" …, spelled otherwise if the contract has such ids itself."""
    taken = any(anchor.startswith("change-") for side in (redline.old, redline.new) for anchor in anchors_of(side))
    return [f"change{'_' if taken else '-'}{number}" for number in range(1, count + 1)]


def _head(out: list[str], heading: RedlineHeading, steps: Steps) -> None:
    out.append('<div class="redline-head">\n<dl class="redline-facts">\n')
    words = heading.said.redline
    for (label, name, mark), whole in zip(
        facts(heading), (heading.base_fingerprint, heading.target_fingerprint), strict=True
    ):
        out.append(f"<div>\n<dt>{escape(label)}</dt>\n<dd>{escape(name)} ")
        out.append(f'<code title="{escape(whole)}">{escape(mark)}</code></dd>\n</div>\n')
    out.append("</dl>\n")
    for note in excerpt_notes(heading):
        out.append(f'<p class="redline-excerpt">{escape(note)}</p>\n')
    changes = escape(words["changes"])
    out.append(f'<nav class="redline-summary" id="{SUMMARY}" aria-label="{changes}">\n<h2>{changes}</h2>\n')
    out.append("<ol>\n" if steps.entries else f"<p>{escape(words['nothing'])}</p>\n")
    for entry, anchor in zip(steps.entries, steps.anchors, strict=True):
        link = f'<a href="#{escape(anchor)}">{escape(entry.name)}</a>'
        out.append(f"<li>{link}{escape(entry.text.removeprefix(entry.name))}")
        if entry.uses:
            out.append(f' <span class="redline-uses">{escape(entry.uses)}</span>')
        if entry.cause:
            out.append(f' <span class="redline-cause">{escape(words["why"].format(cause=entry.cause))}</span>')
        out.append("</li>\n")
    out.append("</ol>\n" if steps.entries else "")
    out.append(
        f'</nav>\n<p class="redline-key">{reading_key(heading.said, "<del>so</del>", "<ins>so</ins>")}</p>\n</div>\n'
    )
