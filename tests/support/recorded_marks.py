"""The marks that a lawyer would make for an edit, recorded beside it, and what they make of the old text.

A mark is a place ("clause rent") and what is done there: words of its text with what is struck as `[-…-]` and what is
entered as `{+…+}`, with as many words around them as tell where; or `moved`, with the place that it now stands after.
What came or went whole has all its words in one mark; a mark over several places ("clause a + clause b") goes over
their texts in a row. The text of a place has neither numbers nor ends of paragraphs,
and a reference that was merely renumbered keeps its number: nobody marks those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clausebook.document.model import (
    Clause,
    Definition,
    Document,
    DocumentPart,
    Run,
    Schedule,
    Section,
    SignatureBlock,
)
from clausebook.document.walk import map_document, runs_in, texts_of
from clausebook.document.words import text_of

MOVED = "moved"
_MARK = re.compile(r"\[-(.*?)-\]|\{\+(.*?)\+\}", re.DOTALL)
_NUMBER = re.compile(r"\d[\w.-]*|\([^()]*\)|\b[A-Z]\b")
_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")


@dataclass(frozen=True, slots=True)
class RecordedMark:
    """What a lawyer does at a place; `after` is where it moved to, or came: the place before it."""

    place: str
    text: str
    after: str = ""

    @property
    def old(self) -> str:
        """The words as they were."""
        return _MARK.sub(lambda mark: mark[1] or "", self.text)

    @property
    def new(self) -> str:
        """The words as they become."""
        return _MARK.sub(lambda mark: mark[2] or "", self.text)

    @property
    def marked(self) -> Iterator[str]:
        """What is struck and what is entered, each stretch by itself."""
        return (mark[1] or mark[2] or "" for mark in _MARK.finditer(self.text))


def word_count(text: str) -> int:
    """Return how many words a text has; signs are none."""
    return len(_WORD.findall(text))


def words_meant(marks: Sequence[RecordedMark], old: Document, new: Document) -> int:
    """Return how many words the marks strike and enter; what moved counts at both its places."""
    moved = {mark.place for mark in marks if mark.text == MOVED}
    within = [{place for each in moved for place in _within(side, each)} for side in (old, new)]
    texts = [places(side) for side in (old, new)]
    count = sum(word_count(text[place]) for text, inside in zip(texts, within, strict=True) for place in inside)
    # Of what moved all is marked already.
    left = (mark for mark in marks if mark.text != MOVED and mark.place not in within[1])
    return count + sum(word_count(each) for mark in left for each in mark.marked)


def applied(marks: Sequence[RecordedMark], old: Document) -> dict[str, str]:
    """Return the text of each place, in order, after the marks are made; ValueError if one fits no single place."""
    found = places(old, marks)
    for mark in marks:
        if mark.text == MOVED:
            inside = _within(old, mark.place)
            moved = {place: found.pop(place) for place in inside}
            found = _put(found, moved, mark.after)
        elif mark.place not in found:
            if mark.old:
                raise ValueError(f"there is no {mark.place}")
            found = _put(found, {mark.place: mark.new}, mark.after)
        elif mark.old == found[mark.place] and not mark.new:
            del found[mark.place]
        else:
            if f" {found[mark.place]} ".count(mark.old) != 1:
                raise ValueError(f"{mark.place} does not hold “{mark.old}” once")
            found[mark.place] = " ".join(found[mark.place].replace(mark.old, mark.new).split())
    return found


def places(document: Document, marks: Sequence[RecordedMark] = ()) -> dict[str, str]:
    """Return the text of every place, in reading order; those that a mark goes over in a row are one."""
    joined = {name: mark.place for mark in marks for name in mark.place.split(" + ")}
    found = {"document": f"{document.kind} {document.title}"}
    for part in document.parts():
        name = joined.get(_name(part), _name(part))
        found[name] = f"{found.get(name, '')} {_text(part)}"
    return {place: " ".join(text.split()) for place, text in found.items()}


def with_numbers_of(old: Document, new: Document) -> Document:
    """Return the new document, in which references to what they led to before keep the numbers that they had."""
    known = {_reference(run): run.text for part in old.parts() for run in runs_in(part) if run.target}

    def kept(run: Run) -> Run:
        return Run(known.get(_reference(run), run.text), run.strong, run.emphasis, run.target) if run.target else run

    return map_document(new, kept)


def _reference(run: Run) -> tuple[str, str]:
    return run.target, _NUMBER.sub("#", run.text)


def _put(found: dict[str, str], more: dict[str, str], after: str) -> dict[str, str]:
    if after not in found:
        raise ValueError(f"there is no {after or 'place'} to stand after")
    names = list(found)
    at = names.index(after) + 1
    return {name: (more | found)[name] for name in (*names[:at], *more, *names[at:])}


def _within(document: Document, place: str) -> list[str]:
    """Return a place and those inside it."""
    for part in document.parts():
        if _name(part) == place:
            inside = (*part.clauses, *part.definitions) if isinstance(part, Section | Schedule) else ()
            return [place, *map(_name, inside)]
    raise ValueError(f"there is no {place}")


def _name(part: DocumentPart) -> str:
    return f"{type(part).__name__.removesuffix('Block').lower()} {part.id}"


def _text(part: DocumentPart) -> str:
    match part:
        case Section() | Schedule():
            return part.title
        case Clause():
            return " ".join((part.title, *map(text_of, texts_of(part.blocks))))
        case Definition():
            return " ".join(map(text_of, texts_of(part.blocks)))
        case SignatureBlock():
            return " ".join((text_of(part.heading), *(f"{line.label} {text_of(line.runs)}" for line in part.lines)))
