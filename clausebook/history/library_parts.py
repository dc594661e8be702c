"""Which part of the library moved the words of a place: clauses, terms, the outline, how it numbers, the schemas.

Where parts of several kinds are edited, each kind in turn is put back as it was: it had a part in what the text
would not say without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, get_args

from clausebook.assemble.inputs import Inputs
from clausebook.assemble.terms import anchor, term_key
from clausebook.compare.uses import Uses
from clausebook.document.model import Document
from clausebook.document.words import part_text
from clausebook.formats.locale_words import LocaleWords
from clausebook.library.model import AgreementType, GlossaryEntry, LibraryClause, Numbering, Outline

LibraryKind = Literal["clause", "term", "outline", "numbering", "schema"]

_WORDLESS = frozenset({"line", "numbering", "path", "page", "summary", "term"})
"""What an outline has that decides of no words, or that is a kind of its own."""


@dataclass(frozen=True, slots=True)
class LibraryPart:
    """A part of the library that moved a place: a clause by its id, a term, or a file or folder by its path.

    `name` is "" where it is not known which of its kind it was; `old` and `new` are a clause's versions, "" where it
    is not there.
    """

    kind: LibraryKind
    name: str
    old: str = ""
    new: str = ""

    def words(self, said: LocaleWords) -> str:
        """Return the part by its name, in a few words."""
        words = said.redline
        if self.kind == "clause" and self.old != self.new:
            old, new = (f"{self.name}@{each}" if each else words["none"] for each in (self.old, self.new))
            return str(words["library_versions"].format(old=old, new=new))
        name = {"clause": f"{self.name}@{self.new}", "term": said.quoted(self.name)}.get(self.kind, self.name)
        return str(words["library_parts"][self.kind].format(name=name) if self.name else words["library"])


def edited_kinds(old: Inputs, new: Inputs) -> tuple[LibraryKind, ...]:
    """Return the kinds of parts that differ in what can move words."""
    if old.kind is new.kind and old.shape_id == new.shape_id:
        return ()
    return tuple(kind for kind in get_args(LibraryKind) if _SAYS[kind](old) != _SAYS[kind](new))


def put_back(kind: LibraryKind, old: Inputs, new: Inputs) -> tuple[Inputs, ...]:
    """Return the new inputs with the old parts of a kind; then, for when others need them, beside those that came."""
    make = _PUT_BACK[kind]
    if kind == "clause":
        return make(old, new), _with(new, clauses={**new.kind.clauses, **old.kind.clauses})
    if kind == "term":
        before = {each.term for each in old.kind.glossary}
        came = (each for each in new.kind.glossary if each.term not in before)
        return make(old, new), _with(new, glossary=(*old.kind.glossary, *came))
    return (make(old, new),)


class LibraryParts:
    """The edited parts of two libraries, found by the places of the two texts; the old one has the ids of the new."""

    def __init__(
        self, old: Inputs, new: Inputs, documents: tuple[Document, Document], edited: Sequence[LibraryKind]
    ) -> None:
        self._sides, self._documents, self._edited = (old, new), documents, edited

    def of(self, place: str, missed: Callable[[LibraryKind], bool | None]) -> tuple[LibraryPart, ...]:
        """Return the parts that moved a place.

        `missed` tells whether the place would be another without the edits of a kind, None where that cannot be told.
        """
        kinds, named = self._edited, {kind: tuple(self._named(kind, place)) for kind in self._edited}
        if len(kinds) > 1:
            told = {kind: missed(kind) for kind in kinds}
            # What cannot be put back is told where it stands in the place itself, as is a clause that is new or gone.
            came = any(not (each.old and each.new) for each in named.get("clause", ()))
            kinds = [
                kind
                for kind in kinds
                if told[kind] or (told[kind] is None and named[kind]) or (kind == "clause" and came)
            ] or kinds
        return tuple(part for kind in kinds for part in named[kind] or (LibraryPart(kind, ""),))

    def _named(self, kind: LibraryKind, place: str) -> Iterator[LibraryPart]:
        new = self._sides[1].kind
        match kind:
            case "clause":
                yield from self._clauses(place)
            case "term":
                yield from self._terms(place)
            case "schema":
                yield LibraryPart(kind, f"schemas/{new.name}")
            case _:
                yield LibraryPart(kind, new.outline.path)

    def _clauses(self, place: str) -> Iterator[LibraryPart]:
        """Yield the edited clauses that fill the place or, if it is a definition, use its term."""
        places = {place}
        for document, uses in zip(self._documents, self._uses, strict=True):
            defined = (entry for entry in document.definitions() if entry.id == place)
            places.update(use.place for entry in defined for use in uses.of_term(entry))
        sources = (
            clause.source.clause
            for document in self._documents
            for clause in document.clauses()
            if clause.source and clause.id in places
        )
        for name in dict.fromkeys(sources):
            if name in self._edited_clauses:
                yield self._edited_clauses[name]

    def _terms(self, place: str) -> Iterator[LibraryPart]:
        """Yield the edited term that a definition defines, else those that stand in the place's words."""
        own = [name for name in self._edited_terms if anchor(term_key(name)) == place]
        parts = (part for document in self._documents for part in document.parts() if part.id == place)
        text = "\n".join(part_text(part, lambda run: run.text) for part in parts)
        used = (name for name, forms in self._edited_terms.items() if any(form in text for form in forms))
        yield from (LibraryPart("term", name) for name in own or used)

    @cached_property
    def _uses(self) -> tuple[Uses, ...]:
        return tuple(map(Uses, self._documents))

    @cached_property
    def _edited_clauses(self) -> Mapping[str, LibraryPart]:
        before, after = (side.kind.clauses for side in self._sides)
        names = (name for name in {**before, **after} if _said(before.get(name)) != _said(after.get(name)))
        return {
            name: LibraryPart("clause", name, *(side[name].version if name in side else "" for side in (before, after)))
            for name in names
        }

    @cached_property
    def _edited_terms(self) -> Mapping[str, tuple[str, ...]]:
        before, after = ({each.term: each for each in side.kind.glossary} for side in self._sides)
        return {
            name: entry.forms
            for name, entry in {**before, **after}.items()
            if _defined(before.get(name)) != _defined(after.get(name))
        }


def _said(clause: LibraryClause | None) -> object:
    return clause and (clause.title, clause.body, clause.dialect)


def _defined(entry: GlossaryEntry | None) -> object:
    return entry and (entry.term, entry.plural, entry.definition, entry.others, entry.dialect)


def _plain(value: Any) -> Any:
    """Return an outline's parts and slots without what moves no words."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    names = getattr(value, "__dataclass_fields__", None)
    return {name: _plain(getattr(value, name)) for name in names if name not in _WORDLESS} if names else value


def _numberings(outline: Outline) -> Mapping[str, Numbering]:
    return {"": outline.numbering, **{part.id: part.numbering for part in (*outline.sections, *outline.schedules)}}


def _numbered(outline: Outline, numberings: Mapping[str, Numbering]) -> Outline:
    sections, schedules = (
        tuple(replace(part, numbering=numberings.get(part.id, part.numbering)) for part in parts)
        for parts in (outline.sections, outline.schedules)
    )
    return replace(outline, numbering=numberings[""], sections=sections, schedules=schedules)  # type: ignore[arg-type]


def _with(inputs: Inputs, **parts: Any) -> Inputs:
    kind: AgreementType = replace(inputs.kind, **parts)
    return replace(inputs, kind=kind)


_SAYS: Mapping[LibraryKind, Callable[[Inputs], object]] = MappingProxyType(
    {
        "clause": lambda side: {name: _said(clause) for name, clause in side.kind.clauses.items()},
        "term": lambda side: list(map(_defined, side.kind.glossary)),
        "outline": lambda side: _plain(side.kind.outline),
        "numbering": lambda side: _numberings(side.kind.outline),
        "schema": lambda side: side.shape_id,
    }
)
"""What of each kind of part can move words."""

_PUT_BACK: Mapping[LibraryKind, Callable[[Inputs, Inputs], Inputs]] = MappingProxyType(
    {
        "clause": lambda old, new: _with(new, clauses=old.kind.clauses, unusable=old.kind.unusable),
        "term": lambda old, new: _with(new, glossary=old.kind.glossary, unread=old.kind.unread),
        "outline": lambda old, new: _with(new, outline=_numbered(old.kind.outline, _numberings(new.kind.outline))),
        "numbering": lambda old, new: _with(new, outline=_numbered(new.kind.outline, _numberings(old.kind.outline))),
        "schema": lambda old, new: replace(new, shape=old.shape, shape_id=old.shape_id),
    }
)
