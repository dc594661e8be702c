"""Why the words of a place changed: the deal's data, parts of the library, or both.

Found by counterfactual: the new data is assembled with the old library, and the old
data with the new library; what moves the words is the cause, and `library_parts` tells
which parts of the library. The origin of a word alone would mislead: a paragraph of the
library that a value switched on changed because of the data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache, cached_property
from itertools import zip_longest
from typing import Literal, TypeAlias

from clausebook.assemble.assembler import assemble
from clausebook.assemble.inputs import Deal, Inputs
from clausebook.compare.renaming import renaming
from clausebook.document.model import ClauseSource, Document, DocumentPart
from clausebook.document.walk import data_pointers
from clausebook.document.words import RunText, part_text, unnumbered
from clausebook.findings.characters import shortened
from clausebook.findings.pointers import escaped
from clausebook.formats.locale_words import LocaleWords
from clausebook.history.library_parts import LibraryKind, LibraryPart, LibraryParts, edited_kinds, put_back
from clausebook.language.filters import duration_in_words
from clausebook.language.reckoning import DURATION
from clausebook.language.sandbox import Sandbox
from clausebook.library.model import AgreementType

CauseKind = Literal["data", "library", "both"]
DATA: CauseKind = "data"
LIBRARY: CauseKind = "library"
MOST_VALUES = 4
"""Values that one cause names; more would bury what matters."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that differs: old and new as in the data, None where there is none, its line and its name.

    `printed` tells whether it is known to stand in the words of the place.
    """

    pointer: str
    old: object
    new: object
    line: int
    label: str = ""
    printed: bool = False

    def words(self, said: LocaleWords, *, internal: bool = True) -> str:
        """Return the change by the name that the deal's owner knows: "Notice period, 90 days → 60 days"."""
        sides = f"{_shown(self.old, said)} → {_shown(self.new, said)}"
        own = f"{self.pointer}: {sides}" if internal else sides
        return f"{self.label}, {sides}" if self.label else own


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """The clause that filled the place before and after, as "clause@version"; "" where none did."""

    old: str
    new: str

    @property
    def same_clause(self) -> bool:
        """Tell whether only the version is another: which clause was chosen tells the house's position."""
        return self.old.partition("@")[0] == self.new.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a place's words changed. Internal: pointers and versions are the house's own.

    `library` is the clause of the place if it was edited or is another one now, and `parts` are all the edited parts
    of the library that had a part in it. `wording` is the file that holds the place's words, written for this deal, if
    that file changed; else "".
    """

    kind: CauseKind
    values: tuple[ValueChange, ...] = ()
    library: LibraryChange | None = None
    wording: str = ""
    parts: tuple[LibraryPart, ...] = ()

    def named(self, said: LocaleWords) -> str:
        """Return the cause in a few words: the names of the values that moved it, not what they were and are."""
        short = replace(self, values=(), wording="")
        names = "; ".join(dict.fromkeys(value.label or value.pointer for value in self.values))
        values = [said.redline["data_values"].format(values=names)] if names else []
        own = [said.redline["wording"]] if self.wording else []
        return said.listed([*own, *values]) if self.kind == "data" and (own or values) else short.words(said)

    def words(self, said: LocaleWords, *, internal: bool = True) -> str:
        """Return the cause in one line; without `internal`, nothing but what the contract prints."""
        words, told = said.redline, []
        if self.wording:
            told.append(words["wording_path"].format(path=self.wording) if internal else words["wording"])
        if self.kind != "library" and (self.values or not self.wording):
            shown = (each for each in self.values if internal or each.printed)
            values = "; ".join(each.words(said, internal=internal) for each in shown)
            told.append(words["data_values"].format(values=values) if values else words["data"])
        if self.kind != "data":
            told += self._library(said) if internal else [self._versions(words, internal=False) or words["library"]]
        return said.listed(told)

    def _library(self, said: LocaleWords) -> list[str]:
        """Return each part of the library by name, the place's own clause first."""
        own = self._versions(said.redline, internal=True)
        told = [each.words(said) for each in self.parts if not (own and each.kind == "clause")]
        return [*([own] if own else []), *told] or [said.redline["library"]]

    def _versions(self, words: Mapping[str, str], *, internal: bool) -> str:
        change, none = self.library, words["none"]
        if change is None or change.old == change.new or not (internal or change.same_clause):
            return ""
        return words["library_versions"].format(old=change.old or none, new=change.new or none)


def cause_key(part: str, place: str) -> str:
    """Return the key of a cause: the place's id; a party and the title have names that an id may be, too."""
    return f"{part}: {place}" if part in ("party", "document") else place


def causes(
    places: Iterable[str],
    old: Inputs,
    new: Inputs,
    documents: tuple[Document, Document],
    sandbox: Sandbox,
    moved: Container[str] = (),
) -> dict[str, Cause]:
    """Return the cause for each place: the id of a clause, definition, section, schedule or signature block.

    A party and the title are named as `cause_key` does. `documents` are the old and the new one, as
    assembled; `moved` are those of the places that stand elsewhere now.
    """
    before, after = documents
    edited = edited_kinds(old, new)
    same_library = not edited
    same_data = old.deal.data == new.deal.data and old.deal.wordings == new.deal.wordings
    # Where only one of the two differs, both mixtures are texts that are there already.
    data_only = after if same_library else before if same_data else _mixed(new.deal, old, sandbox)
    library_only = after if same_data else before if same_library else _mixed(old.deal, new, sandbox)
    # What only got another id is known by its new one on both sides.
    renamed = renaming(before, after)
    former = renamed.applied(before)
    by_data, by_library = (
        _Beside(former, mixture and renamed.applied(mixture), after) for mixture in (data_only, library_only)
    )
    parts = LibraryParts(old, new, (former, after), edited)

    @cache
    def without(part: LibraryKind) -> _Beside:
        """Put the new text beside what it would be without the edits of one kind of part."""
        made = (assemble(inputs, sandbox).document for inputs in put_back(part, old, new))
        document = next(filter(None, made), None)
        return _Beside(former, document and renamed.applied(document), after)

    values = tuple(_value_changes(old.deal.data, new.deal.data, new.deal.locate))
    rewritten = _rewritten(old.deal, new.deal)
    found = {}
    for place in places:
        kind = _kind(by_data.moves(place, place in moved), by_library.moves(place, place in moved))
        wording = "" if kind == "library" else _wording(place, (former, after), rewritten)
        inside = _of_place(values, place, (former, after), new.kind, or_all=not wording) if kind != "library" else ()
        moving: tuple[LibraryPart, ...] = ()
        if kind != "data":

            def missed(part: LibraryKind, place: str = place) -> bool | None:
                does = without(part).moves(place, place in moved)
                return None if does is None else does != "all"

            moving = parts.of(place, missed)
        found[place] = Cause(
            kind,
            tuple(replace(each, label=new.label(each.pointer) or old.label(each.pointer)) for each in inside),
            _library_change(place, former, after, moving) if kind != "data" else None,
            wording,
            moving,
        )
    return found


def unprinted_values(old: Inputs, new: Inputs, documents: tuple[Document, Document]) -> Iterator[ValueChange]:
    """Yield the values that differ and stand in the words of neither document, each with its name."""
    printed = {pointer for document in documents for part in document.parts() for pointer in data_pointers(part)}
    for each in _value_changes(old.deal.data, new.deal.data, new.deal.locate):
        if not any(_within(pointer, each.pointer) for pointer in printed):
            yield replace(each, label=new.label(each.pointer) or old.label(each.pointer))


def _rewritten(old: Deal, new: Deal) -> frozenset[str]:
    """Return the paths of the deal's own wordings whose words differ."""
    before, after = ({each.path: (each.title, each.body) for each in deal.wordings.values()} for deal in (old, new))
    return frozenset(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def _wording(place: str, documents: tuple[Document, Document], rewritten: Container[str]) -> str:
    """Return the changed file of the deal's own that holds the words of a place, or ""."""
    sources = (clause.source for document in documents[::-1] for clause in document.clauses() if clause.id == place)
    return next((source.path for source in sources if source and source.path in rewritten), "")


def _mixed(deal: Deal, library: Inputs, sandbox: Sandbox) -> Document | None:
    """Assemble the deal of one side with the library of the other."""
    return assemble(replace(library, deal=deal), sandbox).document


Moves: TypeAlias = Literal["nothing", "all", "some"] | None
"""What one side's change alone does to a place; None where that cannot be told."""


def _kind(by_data: Moves, by_library: Moves) -> CauseKind:
    """Return whose change it is, by what each side's change does alone, or by one of them."""
    if by_data is None or by_library is None:
        # Where one mixture cannot be assembled, what the other leaves to be done is its.
        known, own, other = (by_data, DATA, LIBRARY) if by_library is None else (by_library, LIBRARY, DATA)
        return own if known == "all" else other if known == "nothing" else "both"
    # Neither alone moves the words: only the two together do.
    if (by_data == "nothing") == (by_library == "nothing"):
        return "both"
    return DATA if by_library == "nothing" else LIBRARY


class _Beside:
    """The old text, a mixture, and the new text: what the mixture's one change does to each place."""

    def __init__(self, before: Document, mixture: Document | None, after: Document) -> None:
        self.documents = (before, mixture, after) if mixture else ()

    def moves(self, place: str, moved: bool) -> Moves:
        """Tell what the one change does to the place's words and, if it moved, to where it stands.

        Where the words stay, it is numbered or cited in another way, or stands elsewhere.
        """
        if not self.documents:
            return None
        views = [self._texts(place, unnumbered)]
        if moved or views[0][0] == views[0][2]:
            views.append([order.get(place, "") for order in self._orders])
        if all(view[0] == view[2] for view in views):
            views.append(self._texts(place, lambda run: run.text))
        if all(view[0] == view[2] for view in views):
            views.append(self._texts(place, lambda run: f"{run.text}{run.strong:d}{run.emphasis:d}{run.target}"))
        if all(view[0] == view[1] for view in views):
            return "nothing"
        if not views[0][2] and views[0][1]:
            # It is gone in the end: what this change did to its words is gone, too.
            return "nothing"
        return "all" if all(view[1] == view[2] for view in views) else "some"

    def _texts(self, place: str, text: RunText) -> list[str]:
        things = [things.get(place, "") for things in self._things]
        return [thing if isinstance(thing, str) else part_text(thing, text) for thing in things]

    @cached_property
    def _things(self) -> list[Mapping[str, DocumentPart | str]]:
        return [_things(document) for document in self.documents]

    @cached_property
    def _orders(self) -> list[dict[str, str]]:
        # What is not in all came or went, which moves nothing.
        groups = [_order(document) for document in self.documents]
        common = set.intersection(*({name for group in each for name, _ in group} for each in groups))
        return [_places(each, common) for each in groups]


def _places(groups: Iterable[Sequence[tuple[str, str]]], common: Container[str]) -> dict[str, str]:
    """Return the whole order of its kind for each thing."""
    found: dict[str, str] = {}
    for group in groups:
        order = [entry for entry in group if entry[0] in common]
        found |= dict.fromkeys((name for name, _ in order), str(order))
    return found


def _order(document: Document) -> tuple[Sequence[tuple[str, str]], ...]:
    """Return what stands in the document, each kind in order; clauses with the section or schedule that they are in."""
    parts = document.groups()
    return (
        [(part.id, "") for part in parts],
        [(clause.id, part.id) for part in parts for clause in part.clauses],
        [(definition.id, "") for definition in document.definitions()],
        [(signature.id, "") for signature in document.signatures],
    )


def _things(document: Document) -> Mapping[str, DocumentPart | str]:
    """Return what is at each place, or its text."""
    parties = {cause_key("party", each.key): f"{each.legal_name}\n{each.short_name}" for each in document.parties}
    own = {cause_key("document", "kind"): document.kind, cause_key("document", "title"): document.title}
    return {**{part.id: part for part in document.parts()}, **parties, **own}


def _value_changes(
    old: object, new: object, locate: Callable[[str], tuple[int, int]], pointer: str = ""
) -> Iterator[ValueChange]:
    if old == new:
        return
    # What is there on one side only is told value by value.
    old = type(new)() if old is None and isinstance(new, dict | list) and new else old
    new = type(old)() if new is None and isinstance(old, dict | list) and old else new
    if isinstance(old, dict) and isinstance(new, dict):
        for key in (*old, *(name for name in new if name not in old)):
            step = f"{pointer}/{escaped(key)}"
            yield from _value_changes(old.get(key), new.get(key), locate, step)
    elif isinstance(old, list) and isinstance(new, list):
        for before, after in _pairs(old, new):
            pair = (None if before is None else old[before], None if after is None else new[after])
            yield from _value_changes(*pair, locate, f"{pointer}/{before if after is None else after}")
    else:
        yield ValueChange(pointer, old, new, locate(pointer)[0])


def _pairs(old: list[object], new: list[object]) -> Iterator[tuple[int | None, int | None]]:
    """Yield the indexes of the items that differ, side by side; what only moved on in the list does not."""
    before, after = ([json.dumps(item, sort_keys=True, default=str) for item in side] for side in (old, new))
    for what, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            yield from zip_longest(range(first, last), range(start, end))


def _of_place(
    values: tuple[ValueChange, ...],
    place: str,
    documents: tuple[Document, Document],
    kind: AgreementType,
    *,
    or_all: bool,
) -> tuple[ValueChange, ...]:
    """Return the changed values that stand in the place; else those of the data that its slot speaks of; else all."""
    parts = (part for document in documents for part in document.parts() if part.id == place)
    pointers = {pointer for part in parts for pointer in data_pointers(part)}
    item = next((slot.item for slot in kind.outline.slots() if slot.id == place), "")
    inside = [
        replace(each, printed=True) for each in values if any(_within(pointer, each.pointer) for pointer in pointers)
    ]
    near = [each for each in values if item and _within(each.pointer, item)]
    chosen = [each for each in values if f"/clauses/{place}/" in f"{each.pointer}/"]
    return tuple((chosen + inside or near or (list(values) if or_all else []))[:MOST_VALUES])


def _within(pointer: str, outer: str) -> bool:
    return pointer == outer or pointer.startswith(f"{outer}/") or outer.startswith(f"{pointer}/")


def _library_change(
    place: str, before: Document, after: Document, parts: Iterable[LibraryPart]
) -> LibraryChange | None:
    """Return the clause of a place before and after, if it is not the same in the same words."""
    edited = {part.name for part in parts if part.kind == "clause"}
    sources = [
        next((clause.source for clause in document.clauses() if clause.id == place), None)
        for document in (before, after)
    ]
    old, new = sources
    chosen = old and new and old.clause != new.clause
    return (
        LibraryChange(_named(old), _named(new))
        if chosen or any(each and each.clause in edited for each in sources)
        else None
    )


def _named(source: ClauseSource | None) -> str:
    return f"{source.clause}@{source.version}" if source else ""


def _shown(value: object, said: LocaleWords) -> str:
    if value is None:
        return str(said.redline["none"])
    if isinstance(value, str) and DURATION.fullmatch(value) and any(map(str.isdigit, value)):
        return duration_in_words(value, said.language).replace("\u00a0", " ")
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return said.quoted(shortened(text, 60))
