"""The short way to write a clause: defined terms by their plain words, references as `[[slot]]` or `[[slot#label]]`.

What is written so is the same clause with each `term(…)` and `ref(…)` written out, so this is done to a template's
source before it is compiled, and nothing else has to know of it. Each line stays on its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

NOT_HERE = "\\"
"""What stands before words that are not the defined term that they look like."""

# A tag that is not closed takes the rest, so that looking for its end costs no more than reading the text once.
_CODE = re.compile(r"(\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)|\{#.*?(?:#\}|\Z))", re.DOTALL)
# What is no running text: an address of Markdown, `](…)` or `<…>`, and the heading of an item, `**Notices.** `. Each
# has a longest length, so that no text takes more than its length to read.
_OTHER = r"\]\([^)\n]{0,2000}\)|<[^>\s]{0,2000}>|\*\*[^*\n]{1,80}\.\*\*(?=\s)"
_REFERENCE = r"\[\[(?P<to>[^\[\]#\n]{1,200})(?:#(?P<label>[^\[\]#\n]{0,200}))?\]\]"
_GAP = re.compile(r"[ \t]*\n[ \t]*|[ \t]+")
_FIRST = re.compile(r"\S\w*")
_WORD = re.compile(r"\w+")
_CAPITALS = re.compile(r"(?<=[a-z0-9,;)’] )(?!A\b|I\b)[A-Z][\w’'&/-]*(?: +[A-Z][\w’'&/-]*)*")

MOST = 4096
"""How many texts are kept as they were read."""


class Phrases:
    """The forms of terms and the names that a text is read with; the longest of them at a place counts.

    Only those can stand in a text whose first word does: so it is read once for all agreements that differ in others.
    """

    def __init__(self, forms: tuple[str, ...], names: tuple[str, ...]) -> None:
        self._by_word: dict[str, list[str]] = {}
        self._forms = frozenset(forms)
        for phrase in (*forms, *names):
            first = _FIRST.search(phrase)
            if first:
                self._by_word.setdefault(first[0], []).append(" ".join(phrase.split()))
        # Of what begins with a sign no word of a text tells whether it may stand there.
        self._signs = {word for word in self._by_word if not _WORD.fullmatch(word)}

    def among(self, source: str) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return those that may stand in a text, the longest first, and which of them are forms."""
        first = (self._by_word.keys() & _words(source)) | self._signs
        known = sorted(
            {phrase for word in first for phrase in self._by_word[word]}, key=lambda each: (-len(each), each)
        )
        return tuple(known), self._forms.intersection(known)

    def written_out(self, source: str) -> str:
        """Return a template in which each reference, and each of the forms of a term, is a call.

        A name stays plain words, as does a form with `NOT_HERE` before it, or in the heading of an item.
        """
        return _written_out(self, source)

    def undefined(self, source: str) -> tuple[tuple[int, int, str], ...]:
        """Return the phrases that have the capitals of a term within a sentence and are none of the forms and names.

        Each comes once, with the line and column, from 1, where it stands first.
        """
        return _undefined(self, source)


@lru_cache(MOST)
def _words(source: str) -> frozenset[str]:
    return frozenset(_WORD.findall(source))


phrases = lru_cache(64)(Phrases)
"""Return the phrases of some forms and names, once for the same."""


@lru_cache(MOST)
def _written_out(known: Phrases, source: str) -> str:
    return _with_calls(source, *known.among(source))


@lru_cache(MOST)
def _with_calls(source: str, known: tuple[str, ...], forms: frozenset[str]) -> str:
    parts = _CODE.split(source)
    for index in range(0, len(parts), 2):
        text, at = parts[index], 0
        out: list[str] = []
        for start, end, found in _found(text, known):
            said = text[start:end]
            if found["to"]:
                said = f"{{{{ ref({', '.join(_quoted(found[name]) for name in ('to', 'label') if found[name])}) }}}}"
            elif found["mark"]:
                said = said.removeprefix(NOT_HERE)
            elif found["word"] and (phrase := " ".join(said.split())) in forms:
                lines = "\n" * said.count("\n")
                said = f"{{{{ term({_quoted(phrase)}){lines} }}}}"
            out += (text[at:start], said)
            at = end
        parts[index] = "".join((*out, text[at:]))
    return "".join(parts)


@lru_cache(MOST)
def _undefined(known: Phrases, source: str) -> tuple[tuple[int, int, str], ...]:
    return _in_capitals(source, known.among(source)[0])


@lru_cache(MOST)
def _in_capitals(source: str, known: tuple[str, ...]) -> tuple[tuple[int, int, str], ...]:
    parts = _CODE.split(source)
    # What is known leaves small letters of its length, so that each place stays its place; what a tag gives may end
    # a sentence, and a heading does.
    for index in range(0, len(parts), 2):
        text, at = parts[index], 0
        out: list[str] = []
        for start, end, _ in _found(text, known):
            out += (text[at:start], ("." if text.startswith("**", start) else "x") * (end - start))
            at = end
        parts[index] = "".join((*out, text[at:]))
    parts[1::2] = ("." * len(code) for code in parts[1::2])
    text = re.sub(r"\n(?!\s*\n)", " ", "".join(parts))
    found: dict[str, int] = {}
    for match in _CAPITALS.finditer(text):
        found.setdefault(" ".join(match[0].split()), match.start())
    return tuple(
        (source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at), phrase) for phrase, at in found.items()
    )


def _found(text: str, known: tuple[str, ...]) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Yield where an address, a heading of an item, a reference or one of the phrases begins and ends."""
    by_word, scan = _by_word(known)
    at = 0
    while found := scan.search(text, at):
        at = found.end()
        if not (word := found["word"]):
            yield found.start(), at, found
            continue
        start = found.start("word")
        end = next(filter(None, (_end(text, start, phrase) for phrase in by_word.get(word, ()))), 0)
        if end:
            at = end
            yield found.start(), end, found
        elif not _WORD.match(word):
            at = start + 1


def _end(text: str, start: int, phrase: str) -> int:
    """Return where a phrase ends that begins there, 0 if it does not; its words may stand on two lines."""
    end = start
    for place, word in enumerate(phrase.split(" ")):
        gap = _GAP.match(text, end) if place else None
        end = gap.end() if gap else end
        if (place and not gap) or not text.startswith(word, end):
            return 0
        end += len(word)
    return 0 if _WORD.match(text, end) else end


@lru_cache(64)
def _by_word(known: tuple[str, ...]) -> tuple[Mapping[str, Sequence[str]], re.Pattern[str]]:
    """Return phrases by what they begin with, in their order, and the pattern that finds where one may begin."""
    by_word: dict[str, list[str]] = {}
    for phrase in known:
        by_word.setdefault(_FIRST.findall(phrase)[0], []).append(phrase)
    return by_word, _scanner("".join(sorted({word[0] for word in by_word})))


@lru_cache(64)
def _scanner(initials: str) -> re.Pattern[str]:
    phrase = rf"(?P<mark>{re.escape(NOT_HERE)}?)(?<![\w/-])(?P<word>[{re.escape(initials)}]\w*)" if initials else "(?!)"
    more = "" if initials else "(?P<mark>)(?P<word>)"
    return re.compile(f"{_OTHER}|{_REFERENCE}|{phrase}{more}")


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
