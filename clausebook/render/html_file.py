"""An agreement as one HTML file that stands alone."""

from __future__ import annotations

from html import escape

from clausebook.document.model import Document
from clausebook.render.html import render_html

STYLE = (
    "body{margin:2rem auto;max-width:44rem;padding:0 1rem;font:1.0625rem/1.6 Georgia,serif;overflow-wrap:anywhere}"
    "h1,h2,h3{line-height:1.25}ol,ul{list-style:none}.permalink{display:none}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #bbb;padding:.4em .6em;text-align:left;vertical-align:top}"
)


def render_html_file(document: Document) -> str:
    """Return a complete HTML page with the agreement's text and nothing else to read."""
    mark = "DRAFT: " if document.draft else ""
    return (
        "<!doctype html>\n"
        f'<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{mark}{escape(document.kind)}: {escape(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f'<body>\n<article id="agreement-text">\n{render_html(document)}</article>\n</body>\n</html>\n'
    )
