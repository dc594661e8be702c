"""A redline as one HTML file that stands alone."""

from __future__ import annotations

from html import escape

from clausebook.compare.model import Redline
from clausebook.render.draft_mark import draft_mark
from clausebook.render.html import STYLE
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.html import ViewName, render_html

MARKS = (
    "del{color:#a3262a;text-decoration:line-through}"
    "ins{color:#0b4fa8;text-decoration:underline double;text-underline-offset:.15em}"
    "del::before,del::after,ins::before,ins::after{position:absolute;width:1px;height:1px;overflow:hidden;"
    "clip-path:inset(100%);white-space:nowrap}"
    'del::before{content:" [{{deleted}}: "}ins::before{content:" [{{inserted}}: "}del::after,ins::after{content:"] "}'
    ".renumbered{color:#666}"
    ".moved-here{border-left:3px double #1f6b45;padding-left:.8em}"
    ".redline-note,ins.moved,del.moved{color:#1f6b45}.redline-note{font-style:italic}span.redline-note{font-size:.85em}"
    ".redline-step{float:right;margin-left:1em;font:.75rem sans-serif;color:#666}"
    ".redline-step::before{content:attr(data-step)}"
    '.redline-step a{padding:0 .3em;text-decoration:none}.redline-previous::before{content:"↑"}'
    '.redline-next::before{content:"↓"}'
    ".redline-head,.redline-end{font-family:sans-serif;font-size:.875rem}"
    ".redline-title{font:bold 1.25rem sans-serif}"
    ".redline-head{border-bottom:1px solid #bbb;padding-bottom:1rem;margin-bottom:2rem}"
    ".redline-head ol{list-style:decimal;padding-left:2em}.redline-head li{margin:.3em 0}"
    ".redline-facts div{display:flex;gap:1em}.redline-facts dt{min-width:3em;color:#666}.redline-facts dd{margin:0}"
    ".redline-excerpt{border-left:3px solid #1f3a5f;padding-left:.8em}"
    ".redline-cause,.redline-uses,.redline-key{color:#666}"
    ".redline-end{border-top:1px solid #bbb;padding-top:1rem;font-weight:bold}"
    ".redline-head li{display:list-item}"
    ".pair{display:grid;grid-template-columns:1fr 1fr;gap:0 2rem}.pair>.redline-step,.pair>.redline-cause"
    "{grid-column:1/-1;justify-self:end;float:none}.pair>div{min-width:0}"
    ".heading-2,.heading-3{font-weight:bold}.heading-2{font-size:1.5em}.heading-3{font-size:1.17em}"
    ".side-by-side .title{font-weight:bold;font-size:1.6em}"
    "@media print{.redline-step{display:none}}"
)


def render_html_file(
    redline: Redline, heading: RedlineHeading, *, view: ViewName = "inline", internal: bool = False
) -> str:
    """Return a complete HTML page with the redline and nothing else; the options are those of the fragment."""
    document = redline.new
    title = f"{heading.said.redline['title']}: {heading.title}"
    mark = f"{draft_mark(document)}: " if document.draft else ""
    wide = "" if view == "inline" else "body{max-width:80rem}"
    return (
        "<!doctype html>\n"
        f'<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(mark)}{escape(title)}</title>\n"
        f"<style>{STYLE}{_marks(heading)}{wide}</style>\n</head>\n"
        f'<body>\n<p class="redline-title">{escape(title)}</p>\n'
        f"{render_html(redline, heading, view=view, internal=internal)}</body>\n</html>\n"
    )


def _marks(heading: RedlineHeading) -> str:
    """Return how marks look and, for who cannot see that, what they are called."""
    style = MARKS
    for name in ("deleted", "inserted"):
        style = style.replace(f"{{{{{name}}}}}", heading.said.redline[name])
    return style
