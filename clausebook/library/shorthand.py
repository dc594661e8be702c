"""The short way to write a clause: defined terms by their plain words, references as `[[slot]]` or `[[slot#label]]`.

What is written so is the same clause with each `term(…)` and `ref(…)` written out, so this is done to a template's
source before it is compiled, and nothing else has to know of it. Each line stays on its line.
"""

from __future__ import annotations

import re
from functools import lru_cache

NOT_HERE = "\\"
"""What stands before words that are not the defined term that they look like."""

# A tag that is not closed takes the rest, so that looking for its end costs no more than reading the text once.
_CODE = re.compile(r"(\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)|\{#.*?(?:#\}|\Z))", re.DOTALL)
# What is no running text: an address of Markdown, `](…)` or `<…>`, and the heading of an item, `**Notices.** `. Each
# has a longest length, so that no text takes more than its length to read.
_OTHER = r"\]\([^)\n]{0,2000}\)|<[^>\s]{0,2000}>|\*\*[^*\n]{1,80}\.\*\*(?=\s)"
_REFERENCE = r"\[\[(?P<to>[^\[\]#\n]{1,200})(?:#(?P<label>[^\[\]#\n]{0,200}))?\]\]"
_GAP = r"(?:[ \t]+|[ \t]*\n[ \t]*)"
_CAPITALS = re.compile(r"(?<=[a-z0-9,;)’] )(?!A\b|I\b)[A-Z][\w’'&/-]*(?: +[A-Z][\w’'&/-]*)*")


@lru_cache(maxsize=1024)
def written_out(source: str, forms: tuple[str, ...], names: tuple[str, ...] = ()) -> str:
    """Return a template in which each reference, and each of the forms of a term, is a call.

    The longest of the forms and names at a place counts. A name stays plain words, as does a form with `NOT_HERE`
    before it, or in the heading of an item.
    """

    def call(found: re.Match[str]) -> str:
        parts = found.groupdict()
        if parts["to"]:
            return f"{{{{ ref({', '.join(_quoted(parts[name]) for name in ('to', 'label') if parts[name])}) }}}}"
        phrase = " ".join((parts["phrase"] or "").split())
        if parts["mark"]:
            return str(parts["phrase"])
        if phrase not in forms:
            return found[0]
        lines = "\n" * found[0].count("\n")
        return f"{{{{ term({_quoted(phrase)}){lines} }}}}"

    short = _short(forms, names)
    parts = _CODE.split(source)
    parts[::2] = (short.sub(call, text) for text in parts[::2])
    return "".join(parts)


@lru_cache(maxsize=1024)
def undefined(source: str, forms: tuple[str, ...], names: tuple[str, ...]) -> tuple[tuple[int, int, str], ...]:
    """Return the phrases that have the capitals of a term within a sentence and are none of the forms and names.

    Each comes once, with the line and column, from 1, where it stands first.
    """
    short = _short(forms, names)
    parts = _CODE.split(source)
    # What is known leaves small letters of its length, so that each place stays its place; what a tag gives may end
    # a sentence, and a heading does.
    parts[::2] = (short.sub(_small, text) for text in parts[::2])
    parts[1::2] = ("." * len(code) for code in parts[1::2])
    text = re.sub(r"\n(?!\s*\n)", " ", "".join(parts))
    found: dict[str, int] = {}
    for match in _CAPITALS.finditer(text):
        found.setdefault(" ".join(match[0].split()), match.start())
    return tuple(
        (source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at), phrase) for phrase, at in found.items()
    )


def _small(found: re.Match[str]) -> str:
    return ("." if found[0].startswith("**") else "x") * len(found[0])


@lru_cache(maxsize=64)
def _short(forms: tuple[str, ...], names: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted({*forms, *names}, key=len, reverse=True)
    phrases = "|".join(_GAP.join(map(re.escape, phrase.split())) for phrase in longest) or "(?!)"
    phrase = rf"(?P<mark>{re.escape(NOT_HERE)}?)(?<![\w/-])(?P<phrase>{phrases})(?!\w)"
    return re.compile(f"{_OTHER}|{_REFERENCE}|{phrase}")


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
