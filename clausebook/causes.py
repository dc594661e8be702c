"""Why the words of a place changed: the deal's data, the library, or both.

Found by counterfactual: the new data is assembled with the old library, and the old
data with the new library; what moves the words is the cause. The origin of a word
alone would mislead: a paragraph of the library that a value switched on changed
because of the data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from clausebook.agreement_type import AgreementType
from clausebook.assemble.assembler import assemble
from clausebook.assemble.selection import Deal, Inputs
from clausebook.language.sandbox import Sandbox
from clausebook.model import Block, ClauseSource, Document, ItemList, Paragraph, Run, Runs, Table
from clausebook.walk import runs_of

CauseKind = Literal["data", "library", "both"]
MOST_VALUES = 4
"""Values that one cause names; more would bury what matters."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that differs: old and new as in the data, None where there is none, and the new file's line."""

    pointer: str
    old: object
    new: object
    line: int


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """The clause that filled the place before and after, as "clause@version"; "" where none did."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a place's words changed. Internal: pointers and versions are the house's own."""

    kind: CauseKind
    values: tuple[ValueChange, ...] = ()
    library: LibraryChange | None = None

    def words(self) -> str:
        """Return the cause in one line."""
        said = []
        if self.kind != "library":
            values = [f"{each.pointer}: {_shown(each.old)} → {_shown(each.new)}" for each in self.values]
            said.append("deal data" + (f" ({'; '.join(values)})" if values else ""))
        if self.kind != "data":
            change = self.library
            said.append("library" + (f" ({change.old or 'none'} → {change.new or 'none'})" if change else ""))
        return " and ".join(said)


def causes(
    places: Iterable[str], old: Inputs, new: Inputs, documents: tuple[Document, Document], sandbox: Sandbox
) -> dict[str, Cause]:
    """Return the cause for each place: the id of a clause, definition, section, schedule or signature block.

    `documents` are the old and the new one, as assembled from the two sides.
    """
    before, after = documents
    same_library = old.kind == new.kind and old.shape_id == new.shape_id
    same_data = old.deal.data == new.deal.data and old.deal.wordings == new.deal.wordings
    # Where only one of the two differs, both mixtures are texts that are there already.
    data_only = _texts(after if same_library else before if same_data else _mixed(new.deal, old, sandbox))
    library_only = _texts(after if same_data else before if same_library else _mixed(old.deal, new, sandbox))
    texts = _texts(before)
    values = tuple(_value_changes(old.deal.data, new.deal.data, new.deal.locate))
    found = {}
    for place in places:
        by_data = data_only is None or data_only.get(place) != (texts or {}).get(place)
        by_library = library_only is None or library_only.get(place) != (texts or {}).get(place)
        # Neither alone moves the words: only the two together do.
        kind: CauseKind = "both" if by_data == by_library else "data" if by_data else "library"
        found[place] = Cause(
            kind,
            _of_place(values, place, documents, new.kind) if kind != "library" else (),
            _library_change(place, before, after) if kind != "data" else None,
        )
    return found


def _mixed(deal: Deal, library: Inputs, sandbox: Sandbox) -> Document | None:
    """Assemble the deal of one side with the library of the other."""
    return assemble(deal, library.kind, library.shape, library.shape_id, sandbox).document


def _texts(document: Document | None) -> dict[str, str] | None:
    """Return the text of each place, its references by target: a number that only moved is no change."""
    if document is None:
        return None
    texts = {clause.id: f"{clause.title}\n{_said(clause.blocks)}" for clause in document.clauses()}
    for section in document.sections:
        texts[section.id] = section.title
    for schedule in document.schedules:
        texts[schedule.id] = schedule.title
        for definition in schedule.definitions:
            texts[definition.id] = _said(definition.blocks)
    for signature in document.signatures:
        lines = "\n".join(line.label + _joined(line.runs) for line in signature.lines)
        texts[signature.id] = f"{_joined(signature.heading)}\n{lines}"
    return texts


def _said(blocks: Iterable[Block]) -> str:
    parts = []
    for block in blocks:
        match block:
            case Paragraph():
                parts.append(_joined(block.runs))
            case ItemList():
                parts += [_said(item.blocks) for item in block.items]
            case Table():
                parts += ["|".join(map(_joined, row)) for row in (block.header, *block.rows)]
    return "\n".join(parts)


def _joined(runs: Runs) -> str:
    return " ".join("".join(map(_run_text, runs)).split())


def _run_text(run: Run) -> str:
    if run.origin and run.origin.kind == "reference":
        return f"→{run.origin.pointer}"
    return run.text


def _value_changes(
    old: object, new: object, locate: Callable[[str], tuple[int, int]], pointer: str = ""
) -> Iterator[ValueChange]:
    # What is there on one side only is told value by value.
    old = type(new)() if old is None and isinstance(new, dict | list) and new else old
    new = type(old)() if new is None and isinstance(old, dict | list) and old else new
    if isinstance(old, dict) and isinstance(new, dict):
        for key in (*old, *(name for name in new if name not in old)):
            step = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            yield from _value_changes(old.get(key), new.get(key), locate, step)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            pair = [side[index] if index < len(side) else None for side in (old, new)]
            yield from _value_changes(pair[0], pair[1], locate, f"{pointer}/{index}")
    elif old != new:
        yield ValueChange(pointer, old, new, locate(pointer)[0])


def _of_place(
    values: tuple[ValueChange, ...], place: str, documents: tuple[Document, Document], kind: AgreementType
) -> tuple[ValueChange, ...]:
    """Return the changed values that stand in the place; else those of the data that its slot speaks of; else all."""
    pointers = {pointer for document in documents for pointer in _pointers(document, place)}
    item = next((slot.item for slot in kind.outline.slots() if slot.id == place), "")
    inside = [each for each in values if any(_within(pointer, each.pointer) for pointer in pointers)]
    near = [each for each in values if item and _within(each.pointer, item)]
    chosen = [each for each in values if f"/clauses/{place}/" in f"{each.pointer}/"]
    return tuple((chosen + inside or near or list(values))[:MOST_VALUES])


def _within(pointer: str, outer: str) -> bool:
    return pointer == outer or pointer.startswith(f"{outer}/") or outer.startswith(f"{pointer}/")


def _pointers(document: Document, place: str) -> Iterator[str]:
    for clause in document.clauses():
        if clause.id == place:
            yield from _data_pointers(runs_of(clause.blocks))
    for schedule in document.schedules:
        for definition in schedule.definitions:
            if definition.id == place:
                yield from _data_pointers(runs_of(definition.blocks))
    for signature in document.signatures:
        if signature.id == place:
            yield from _data_pointers((*signature.heading, *(run for line in signature.lines for run in line.runs)))


def _data_pointers(runs: Iterable[Run]) -> Iterator[str]:
    return (run.origin.pointer for run in runs if run.origin and run.origin.kind == "data")


def _library_change(place: str, before: Document, after: Document) -> LibraryChange | None:
    sources = [
        next((clause.source for clause in document.clauses() if clause.id == place), None)
        for document in (before, after)
    ]
    return LibraryChange(*map(_named, sources)) if any(sources) else None


def _named(source: ClauseSource | None) -> str:
    return f"{source.clause}@{source.version}" if source else ""


def _shown(value: object) -> str:
    if value is None:
        return "none"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return f"“{text}”" if len(text) <= 60 else f"“{text[:59]}…”"
