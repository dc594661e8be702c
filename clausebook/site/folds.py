"""Unchanged clauses in a redline: a page holds the place of their words, which stand once for all redlines.

A contract has many redlines and most of each is the same text. So the words of what is folded are
cut into stretches, each kept once under its hash in one file beside the history; the page names the
hashes, and its script puts the stretches together when the fold is opened.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping

FILE = "unchanged.json"
"""Where the words stand, beside the page of the history."""

_START = re.compile(r'^(?=<(?:section class="(?:part|clause)|div class="(?:definition|signature)))', re.MULTILINE)
_NAMED = re.compile(r'<[a-z0-9]+\b[^>]*? id="([^"]+)"[^>]*>(?:<span>(.*?)</span></h[23]>)?')
_TAG = re.compile(r"<[^>]+>")


class Shelf:
    """Takes the text of folds away and remembers it: `texts` holds each stretch of HTML by its hash.

    Both views of a redline share one shelf, and so write the same in a fold.
    """

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._places: dict[str, str] = {}

    def __call__(self, name: str, text: Callable[[], str]) -> str:
        """Return what holds the place of a fold's text; see `clausebook.render.redline.html_views.Shelf`."""
        if name not in self._places:
            self._places[name] = self._place(text())
        return self._places[name]

    def _place(self, text: str) -> str:
        names = []
        # Cut anywhere, the stretches make up the text again; cut at clauses, they are the same in many redlines.
        for stretch in filter(None, _START.split(text)):
            name = hashlib.sha256(stretch.encode()).hexdigest()[:16]
            self.texts[name] = stretch
            names.append(name)
        return (
            f'<div class="redline-kept" data-cb-texts="{" ".join(names)}">\n'
            '<p class="redline-wait" role="status">These words are the same in both texts. They are loaded when this '
            f"is opened, which needs JavaScript.</p>\n<ul>\n{_outline(text)}</ul>\n</div>\n"
        )


def texts_file(texts: Mapping[str, str]) -> bytes:
    """Return the file that holds the words of all folds of an agreement's redlines."""
    return json.dumps(texts, sort_keys=True, ensure_ascii=False, indent=0).encode()


def _outline(text: str) -> str:
    """Return the headings in a fold, with every id of it, so that links to it lead there."""
    items: list[list[str]] = []
    for anchor, title in _NAMED.findall(text):
        if title or not items:
            items.append([_TAG.sub("", title)])
        items[-1].insert(-1, f'<span id="{anchor}"></span>')
    return "".join(f"<li>{''.join(item)}</li>\n" for item in items)
