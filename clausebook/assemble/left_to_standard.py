"""What a deal leaves out and its clauses decide: found while they are rendered, from no list that is kept by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebook.document.model import Clause, Document
from clausebook.document.words import called, part_passages
from clausebook.language.fillings import PLACEHOLDER
from clausebook.language.sheets import Sheet, Silence
from clausebook.library.model import Outline

_MARKS = re.compile(r"[*_#\\]+|^\s*(?:1\.|-|>)\s+", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.;:?!])\s+")
_SURE = 25
"""Letters of library words with which the place of a text is surely found; fewer may stand in other sentences too."""


@dataclass(frozen=True, slots=True)
class Silent:
    """A value that the data leave out at `pointer`, and what the text says for that reason.

    `slot` is that of the clause that asked for it, or the slot or schedule that is left out; `place` is what a reader
    calls it; `words` are the sentences that the standard puts in its place, "" if it says nothing of it.
    """

    pointer: str
    slot: str
    place: str
    words: str


def silences(
    document: Document, sheets: Mapping[str, Sheet], left_out: Mapping[str, Sheet], outline: Outline
) -> tuple[Silent, ...]:
    """Return what the data leave out, by the sheets of the clauses and of the conditions that do not hold."""
    clauses = {clause.id: clause for clause in document.clauses()}
    found = [each for slot, sheet in sheets.items() if slot in clauses for each in _of_clause(clauses[slot], sheet)]
    titles = {place.id: place.title for place in outline.places()}
    for name, sheet in left_out.items():
        told = f"{titles.get(name) or name}, which is left out"
        found += [Silent(each.pointer, name, told, "") for each in sheet.silences]
    # A clause may ask for the same more than once: what it says of it is worth more than that it says nothing once.
    spoken = {(each.pointer, each.slot) for each in found if each.words}
    return tuple(dict.fromkeys(each for each in found if each.words or (each.pointer, each.slot) not in spoken))


def _of_clause(clause: Clause, sheet: Sheet) -> Iterator[Silent]:
    if not sheet.silences:
        return
    sentences = [each for text in part_passages(clause) for each in _SENTENCE.split(text)]
    for silence in sheet.silences:
        yield Silent(silence.pointer, clause.id, called(clause), _said(sheet, silence, sentences))


def _said(sheet: Sheet, silence: Silence, sentences: Sequence[str]) -> str:
    """Return the sentences in which the words stand that were said, as they are printed."""
    own = _fragments(sheet.text[silence.start : silence.end])
    if not own:
        return ""
    before, after = sheet.text[: silence.start], sheet.text[silence.end :]
    line = before[before.rfind("\n") + 1 :][-120:], after.partition("\n")[0][:120]
    around = _fragments(line[0] + sheet.text[silence.start : silence.end] + line[1])
    sure = [each for each in own if len(each) >= _SURE] or [max(around, key=len)]
    said = [sentence for sentence in sentences if any(each in sentence for each in sure)]
    if len(sure[0]) < _SURE:
        # So few words are a whole cell or item of their own, if there is one.
        said = [sentence for sentence in said if sentence.strip(" ;,.") in sure] or said
    if len(own) == 1 and len(said) > 1:
        # The same words stand in other items, too: those that hold most of the values around them are meant.
        values = _values(sheet, _SENTENCE.split(line[0])[-1] + _SENTENCE.split(line[1])[0])
        fits = [sum(value in sentence for value in values) for sentence in said]
        said = [sentence for sentence, fit in zip(said, fits, strict=True) if fit == max(fits)]
    return _joined(dict.fromkeys(said or (each for each in sentences if own[0] in each)), sentences)


def _joined(said: Iterable[str], sentences: Sequence[str]) -> str:
    """Return sentences as one text, with an ellipsis where others stand between them."""
    told, last = "", -1
    for each in said:
        number = sentences.index(each)
        told += f"{'' if last < 0 else ' ' if number == last + 1 else ' … '}{each}"
        last = number
    return told


def _values(sheet: Sheet, text: str) -> list[str]:
    """Return the values that stand in what a template gave."""
    return [value for number in PLACEHOLDER.split(text)[1::2] if (value := sheet.pieces[int(number)].text)]


def _fragments(text: str) -> list[str]:
    """Return the stretches of library words in what a template gave, sentence by sentence, without markup."""
    plain = (_MARKS.sub("", part) for part in PLACEHOLDER.split(text)[::2])
    found = (sentence.strip() for part in plain for line in part.split("\n") for sentence in _SENTENCE.split(line))
    return [each for each in found if any(map(str.isalnum, each))]
