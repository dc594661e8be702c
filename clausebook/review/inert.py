"""Text that a pull request's comment shows as it is: nobody is mentioned, nothing is linked, no mark works."""

from __future__ import annotations

import re

from clausebook.findings.characters import shown_line
from clausebook.render.markdown import escape, guarded

# A link of the contract's own is written `](<address>)`: its address must stay whole.
_LIVE = re.compile(
    r"(?P<link>\]\(<[^<>\n]*>\))"
    r"|@"  # a mention of a person or a team, or an e-mail address
    r"|#(?=\d)"  # a mention of an issue
    r"|(?<=[a-z])-(?=\d)"  # one by GH-1, or by a prefix of the house's own
    r"|:(?=/)"  # an address, whatever stands before its scheme
    r"|www(?=\.)"
    r"|[0-9a-f]{6}(?=[0-9a-f])"  # a commit
    r"|:(?=[a-z0-9_+\\-]+:)",  # an emoji's name, its signs escaped or not
    re.IGNORECASE,
)
_QUOTED = re.compile("(?<!`)(`[^`]+`)(?!`)")
# What may be shown as code: nothing in it is live there, and nothing of it looks like a mark of ours.
_CODE = re.compile(r"`(?! )(?:(?!://|www\.)[^<>&@|]|<\w+>)+(?<! )`")
_HEADING = re.compile(r"^((?:> )*)(#{1,3}) ", re.MULTILINE)
BREAK = "<!---->"
"""Nothing to a reader, and the end of a word to whoever looks for mentions and addresses."""


def inert(text: str) -> str:
    """Return text of any origin as one line of Markdown that shows it, and does nothing."""
    # A clause's number at the start of a line would be read as that of a list.
    return inert_markdown(guarded(escape(shown_line(text))))


def inert_message(text: str) -> str:
    """Return a finding's words as one line of Markdown: what stands between backticks is code, all else inert."""
    pieces = _QUOTED.split(shown_line(text))
    first, *others = (each if _CODE.fullmatch(each) else inert_markdown(escape(each)) for each in pieces)
    return "".join((guarded(first), *others))


def inert_markdown(text: str) -> str:
    """Return Markdown whose text is escaped already, with nothing in it that GitHub would act on."""
    return _LIVE.sub(lambda match: match[0] if match["link"] else match[0] + BREAK, text)


def lowered(text: str) -> str:
    """Return Markdown with its headings two levels lower, for they stand inside another text."""
    return _HEADING.sub(r"\1##\2 ", text)
