"""Markup of other dialects of Markdown: what a contract can hold becomes plain characters, the rest is refused.

The parser would take it for words and print its signs. What is behind a backslash, or part of an address, is no markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable

UNSUPPORTED = {
    "blockquote_open": "a block quote",
    "code_block": "a code block",
    "code_inline": "code",
    "fence": "a code block",
    "heading_open": "a heading",
    "hr": "a rule",
    "html_block": "HTML",
    "html_inline": "HTML",
    "image": "an image",
    "s_open": "struck-out text",
}
"""What the parser of Markdown knows and a contract cannot hold, by the parser's name."""

_LOW, _HIGH = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"
_SCRIPTS = {
    "~": ("a subscript of other characters than 0 to 9 + - = ( )", dict(zip("0123456789+-=()", _LOW, strict=True))),
    "^": (
        "a superscript of other characters than 0 to 9 + - = ( ) n i",
        dict(zip("0123456789+-=()ni", _HIGH, strict=True)),
    ),
}
_ADDRESS = r"\]\([^)\n]*\)|<[^>\n]*>|https?://\S+|mailto:\S+|\\."
_SCRIPT = r"(?<![~^])(?P<sign>[~^])(?P<script>[^\s~^\[\]]{1,40})(?P=sign)(?![~^])"
_REFUSED = {
    r"==(?=\S)[^=\n]+==": "highlighted text",
    r"\+\+(?=\S)[^+\n]+\+\+": "inserted text",
    r"\[\^(?![A-Za-z0-9-]{1,40}\])[^\]\n]*\]:?|\^\[": "a footnote without a name of letters, digits and hyphens",
    r"\$\$": "a formula",
    r"(?m:^[ ]{0,3}:::+.*$)": "a container",
    r"\{[#.][A-Za-z][^}\n]*\}": "attributes",
    r"(?m:^[ ]{0,3}\*\[[^\]\n]+\]:)": "an abbreviation",
}
_MARKUP = re.compile("|".join((_ADDRESS, _SCRIPT, *(f"({pattern})" for pattern in _REFUSED))))


def plain(text: str, refuse: Callable[[str, int, str], None]) -> str:
    """Return Markdown with sub- and superscripts as characters; `refuse` is told what else there is, and where."""

    def replaced(match: re.Match[str]) -> str:
        line = text.count("\n", 0, match.start()) + 1
        if match["sign"]:
            what, signs = _SCRIPTS[match["sign"]]
            if all(each in signs for each in match["script"]):
                return "".join(signs[each] for each in match["script"])
            refuse(what, line, match[0])
        elif match.lastindex:
            refuse([*_REFUSED.values()][match.lastindex - 3], line, match[0])
        return match[0]

    return _MARKUP.sub(replaced, text)
