"""What the pages for readers say, taken out of them so that it can be tried."""

from __future__ import annotations

import re

from tests.support.repositories import ROOT

LOOP = (ROOT / "docs" / "ready-to-sign.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"<!-- (loop(?: (?P<way>certificates|paper))?|edit (?P<file>\S+)) -->\n```\w+\n(?P<lines>.*?)```", re.DOTALL
)


def marked_block(page: str, mark: str) -> str:
    """Return the code block of a page after `<!-- mark -->`."""
    text = (ROOT / page).read_text(encoding="utf-8")
    match = re.search(rf"<!-- {re.escape(mark)} -->\n+```\w*\n(.*?)```", text, re.DOTALL)
    assert match, f"{page} has no code block marked {mark}"
    return match[1]


def edited(text: str, hunks: str) -> str:
    """Return a text changed as a diff says, whose hunks are parted by empty lines."""
    for hunk in hunks.strip("\n").split("\n\n"):
        lines = hunk.splitlines()
        old = "\n".join(line[1:] for line in lines if line[0] in " -")
        new = "\n".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(old) == 1, f"{old!r} does not stand there once"
        text = text.replace(old, new)
    return text
