"""The finished text as one string in which every stretch knows where it came from, and what is wrong with it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clausebook.assemble.inputs import Inputs
from clausebook.assemble.terms import Vocabulary, anchor, vocabulary
from clausebook.document.model import Clause, Definition, Document, Run
from clausebook.document.walk import texts_of
from clausebook.findings.characters import one_line
from clausebook.findings.model import Finding, finding_in
from clausebook.findings.pointers import child
from clausebook.findings.pointers import parts as parts_of_pointer
from clausebook.formats.locale_words import LocaleWords, locale_words
from clausebook.library.model import LibraryClause

END = "\n"
"""Ends each paragraph and each cell in the string."""

_PLAIN = {"\u00a0": " ", "\u202f": " ", "\u2028": " ", "\u2011": "-"}
_CONTEXT = 48
_MARKS = ".,;:()“”„‘’?!"


@dataclass(frozen=True, slots=True)
class FinishedText:
    """All paragraphs and cells of clauses and definitions, each with END behind it, as `said`.

    `runs[i]` begins at `starts[i]`, `parts[i]` at `part_starts[i]`. Spaces of all kinds are plain ones. `small` are the
    words that stand there in small letters, and `internal` tells of a pointer that its value is not for the contract.
    """

    document: Document
    inputs: Inputs
    vocabulary: Vocabulary
    said: str
    runs: tuple[Run, ...]
    starts: tuple[int, ...]
    parts: tuple[Clause | Definition, ...]
    part_starts: tuple[int, ...]
    small: frozenset[str]
    internal: Callable[[str], bool]

    @property
    def words(self) -> LocaleWords:
        """The words of the text's language."""
        return locale_words(self.language)

    @property
    def spoken(self) -> Mapping[str, Any]:
        """What a text of this language is read by."""
        return self.words.reading

    @property
    def language(self) -> str:
        """The language of the text, as a tag."""
        return self.inputs.kind.outline.language

    def part_at(self, place: int) -> Clause | Definition:
        """Return the clause or definition that a place of the text is in."""
        return self.parts[bisect_right(self.part_starts, place) - 1]

    def run_index(self, place: int) -> int:
        """Return which of the runs a place of the text is in."""
        return bisect_right(self.starts, place) - 1

    def runs_between(self, start: int, end: int) -> Iterator[tuple[int, Run]]:
        """Yield the runs of a stretch, each with where it begins."""
        index = self.run_index(start)
        while index < len(self.runs) and self.starts[index] < end:
            yield self.starts[index], self.runs[index]
            index += 1

    def values(self) -> Iterator[tuple[int, int, Run]]:
        """Yield start, end and run of each value of the data."""
        for start, run in zip(self.starts, self.runs, strict=True):
            if run.origin and run.origin.kind == "data" and run.text:
                yield start, start + len(run.text), run

    def as_written(self, run: Run) -> str:
        """Return the deal's value of which a run was made, if it is a text; else ""."""
        value: Any = self.inputs.deal.data
        for step in parts_of_pointer(run.origin.pointer) if run.origin else ():
            value = child(value, step)
        return " ".join(value.split()) if isinstance(value, str) else ""

    def paragraph(self, place: int) -> tuple[int, int]:
        """Return where the paragraph around a place begins and ends."""
        return self.said.rfind(END, 0, place) + 1, self.said.find(END, place)

    def is_own(self, part: Clause | Definition) -> bool:
        """Tell whether the words of a part are written for this deal alone."""
        if isinstance(part, Definition):
            return part.id in {anchor(key) for key in self.vocabulary.own}
        return part.source is not None and part.source.path.startswith(f"{self.inputs.deal.folder}/")

    def finding(self, rule: str, message: str, start: int, end: int, hint: str = "") -> Finding:
        """Return the finding of a stretch: at the first value in it or, without one, where the clause has the words."""
        between = list(self.runs_between(start, end))
        for _, run in between:
            if run.origin and run.origin.kind == "data":
                return self.inputs.deal.finding(rule, message, run.origin.pointer, hint)
        part = self.part_at(start)
        at, run = max(between, key=lambda pair: min(end, pair[0] + len(pair[1].text)) - max(start, pair[0]))
        left, right = max(start - at, 0), min(end - at, len(run.text))
        text = _plain(run.text)
        path, body, first = self._source(part)
        wide = text[_word_edge(text, left - _CONTEXT) : right + _CONTEXT], left - _word_edge(text, left - _CONTEXT)
        line, column = _place_of(body, (wide, (text[left:right], 0)))
        return finding_in(path, rule, message, hint, first + line - 1, column)

    def _source(self, part: Clause | Definition) -> tuple[str, str, int]:
        """Return the file that holds the words of a part, the words, and the line where they begin."""
        deal, kind = self.inputs.deal, self.inputs.kind
        if isinstance(part, Clause) and part.source:
            clause: LibraryClause | None = kind.clauses.get(part.source.clause)
            if clause is None or clause.path != part.source.path:
                clause = next((each for each in deal.wordings.values() if each.path == part.source.path), None)
            return (part.source.path, clause.body, clause.body_line) if clause else (part.source.path, "", 1)
        for key, entry in self.vocabulary.shared.items():
            if anchor(key) == part.id:
                return entry.path, "", entry.line
        return deal.path, "", 1


def finished_text(
    document: Document, inputs: Inputs, internal: Callable[[str], bool] = lambda pointer: False
) -> FinishedText:
    """Lay a text out for reading."""
    runs: list[Run] = []
    starts: list[int] = []
    pieces: list[str] = []
    parts: list[Clause | Definition] = []
    part_starts: list[int] = []
    at = 0
    for part in document.parts():
        if not isinstance(part, Clause | Definition) or not part.blocks:
            continue
        parts.append(part)
        part_starts.append(at)
        for text in texts_of(part.blocks):
            for run in text:
                if run.text:
                    runs.append(run)
                    starts.append(at)
                    pieces.append(run.text)
                    at += len(run.text)
            pieces.append(END)
            at += 1
    said = _plain("".join(pieces))
    words = vocabulary(inputs.deal, inputs.kind)
    small = frozenset(word.strip(_MARKS) for word in set(said.split()) if word.islower())
    return FinishedText(
        document, inputs, words, said, tuple(runs), tuple(starts), tuple(parts), tuple(part_starts), small, internal
    )


def _plain(text: str) -> str:
    """Return a text of the same length with plain spaces and hyphens."""
    for special, usual in _PLAIN.items():
        text = text.replace(special, usual)
    return text


def quoted(text: str, most: int = 60) -> str:
    """Return words as a message shows them."""
    return f"“{one_line(text, most)}”"


def _word_edge(text: str, place: int) -> int:
    """Return where the word around a place begins that no line of a source cuts."""
    return text.find(" ", place) + 1 if place > 0 else 0


def _place_of(body: str, needles: tuple[tuple[str, int], ...]) -> tuple[int, int]:
    """Return line and column of the first of the words that the source has; the number is where in them it is wrong."""
    for words, wrong in needles:
        before, after = words[:wrong], words[wrong:]
        if not words.strip():
            continue
        pattern = f"{_spaced(before)}(?P<wrong>{_spaced(after)})"
        if found := re.search(pattern, body):
            at = found.start("wrong")
            return body.count("\n", 0, at) + 1, at - body.rfind("\n", 0, at)
    return 1, 1


def _spaced(words: str) -> str:
    """Return the pattern of words between which a source may have any white space."""
    return r"\s+".join(map(re.escape, re.split(r"\s+", words)))
