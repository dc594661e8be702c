"""Find what only got another id: the same clause, section, term or signatory under a name of the house's own.

Ids are internal, so a new id alone changes no word. What has its id on one side only is paired with
what has the same words, or nearly the same; the old document is then read with the new ids. Words that are
clearly alike beat an equal id: a slot that got another clause, while its words stand under a new id, is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeAlias, TypeVar

from clausebook.compare.blocks import block_text
from clausebook.compare.tokens import plain_words
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    ItemList,
    Paragraph,
    Party,
    Run,
    Schedule,
    Section,
    SignatureBlock,
)
from clausebook.document.walk import map_document, map_groups
from clausebook.document.words import text_of

ALIKE = 0.8
"""The share of words that two clauses or definitions of other ids must have in common to be the same."""

ALIKE_BY_TITLE = 0.5
"""The same where both have the same title; for sections and schedules the share of clauses."""

UNLIKE = 0.5
"""The share of words below which two clauses of one id may be two."""

TELLING = 8
"""Words that a text must have to be known by them alone, without its title."""

TELLING_TERM = 3
"""The same for a definition that is word for word that of another term."""

TELLING_CLAUSES = 2
"""Clauses that a section or schedule of another title must have kept to be the same."""

MOST_COMPARED = 10_000
"""Pairs that are compared each with each; beyond, only equal ones are found."""

T = TypeVar("T")
R = TypeVar("R")
Part = TypeVar("Part", Section, Schedule)
Names: TypeAlias = dict[str, str]
Held: TypeAlias = tuple[frozenset[str], frozenset[str]]
"""Ids that are in use on the old side and on the new."""

NONE: Held = (frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Renaming:
    """The new id by the old one: `places` are clauses, sections and schedules."""

    places: Mapping[str, str]
    terms: Mapping[str, str]
    signatures: Mapping[str, str]
    parties: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.places or self.terms or self.signatures or self.parties)

    def applied(self, document: Document) -> Document:
        """Return the document with the new ids, in anchors and references too; no printed word differs."""
        if not self:
            return document
        document = map_document(document, self._run)
        return replace(
            map_groups(document, self._group),
            order=tuple(self.signatures.get(name) or self._place(name) for name in document.order),
            parties=tuple(replace(party, key=self.parties.get(party.key, party.key)) for party in document.parties),
            opening=document.opening and self._clause(document.opening),
            closing=document.closing and self._clause(document.closing),
            signatures=tuple(
                replace(block, id=self.signatures.get(block.id, block.id)) for block in document.signatures
            ),
        )

    def _group(self, part: Part) -> Part:
        return replace(
            part,
            id=self._place(part.id),
            clauses=tuple(map(self._clause, part.clauses)),
            definitions=tuple(
                replace(entry, id=self.terms.get(entry.id, entry.id), blocks=self._blocks(entry.blocks))
                for entry in part.definitions
            ),
        )

    def _place(self, name: str) -> str:
        return self.places.get(name, name)

    def _clause(self, clause: Clause) -> Clause:
        return replace(clause, id=self._place(clause.id), blocks=self._blocks(clause.blocks))

    def _blocks(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple(map(self._block, blocks))

    def _block(self, block: Block) -> Block:
        match block:
            case Paragraph() if block.anchor:
                return replace(block, anchor=self._anchor(block.anchor))
            case ItemList():
                items = tuple(
                    replace(item, anchor=self._anchor(item.anchor), blocks=self._blocks(item.blocks))
                    for item in block.items
                )
                return replace(block, items=items)
        return block

    def _run(self, run: Run) -> Run:
        return replace(run, target="#" + self._anchor(run.target[1:])) if run.target.startswith("#") else run

    def _anchor(self, anchor: str) -> str:
        """Return the anchor of a place, of one of its items, or of a term."""
        if anchor in self.places or anchor in self.terms:
            return self.places.get(anchor) or self.terms[anchor]
        name, separator, label = anchor.partition("--")
        return self._place(name) + separator + label


@dataclass(frozen=True, slots=True)
class _Told:
    """What a clause or definition says, read once for all that it is compared with."""

    title: str
    text: str
    words: Counter[str]
    size: int

    @classmethod
    def of(cls, title: str, text: str) -> _Told:
        """Return what is said under a title."""
        words = Counter(plain_words(text.lower()))
        return cls(" ".join(title.split()), text, words, words.total())

    @classmethod
    def by(cls, clause: Clause) -> _Told:
        """Return what a clause says."""
        return cls.of(clause.title, block_text(clause.blocks))


def renaming(old: Document, new: Document) -> Renaming:
    """Return which ids of the old document became which of the new one, though the thing is the same."""
    held = frozenset(_places(old)), frozenset(_places(new))
    places = _displaced(old.movable_clauses(), new.movable_clauses(), held)
    for ours, theirs in ((old.opening, new.opening), (old.closing, new.closing)):
        if ours and theirs:
            places |= _paired((ours,), (theirs,), held, _Told.by, _likeness, _clause_text)
    left = (clause for clause in old.movable_clauses() if clause.id not in places)
    free = (clause for clause in new.movable_clauses() if clause.id not in places.values())
    places |= _paired(left, free, held, _Told.by, _likeness, _clause_text)
    places |= _paired_parts(old.sections, new.sections, held, places)
    places |= _paired_parts(old.schedules, new.schedules, held, places)
    return Renaming(
        places,
        _paired(old.definitions(), new.definitions(), NONE, _definition, _definition_likeness, _meaning),
        _paired(old.signatures, new.signatures, NONE, _itself, _signature_likeness, _signature_text),
        _paired_parties(old.parties, new.parties),
    )


def _displaced(old: Iterable[Clause], new: Iterable[Clause], held: Held) -> Names:
    """Return the new ids of clauses whose words stand under one, while something else has theirs.

    What had the id of words that another clause has now gets one that nothing has: it is gone.
    """
    ours, theirs = ({clause.id: clause for clause in side} for side in (old, new))
    left = {name: clause for name, clause in ours.items() if name not in held[1]}
    free = {name: clause for name, clause in theirs.items() if name not in held[0]}
    found: Names = {}
    others = [name for name in ours if name in theirs and _unlike(ours[name], theirs[name])] if left or free else []
    if len(others) * (len(left) + len(free)) > MOST_COMPARED:
        return found
    gone, come = ({name: _Told.by(clause) for name, clause in side.items()} for side in (left, free))
    for name in others:
        if to := _most_like(_Told.by(ours[name]), come):
            found[name] = to
            del come[to]
        elif since := _most_like(_Told.by(theirs[name]), gone):
            found |= {since: name, name: _unused(name, held)}
            del gone[since]
    return found


def _unlike(ours: Clause, theirs: Clause) -> bool:
    if ours.blocks == theirs.blocks:
        return False
    before, after = (frozenset(block_text(each.blocks).lower().split()) for each in (ours, theirs))
    return 2 * len(before & after) < UNLIKE * (len(before) + len(after))


def _most_like(clause: _Told, others: Mapping[str, _Told]) -> str:
    """Return the id of what is clearly the same clause, "" if nothing is."""
    found = [(_likeness(clause, other), name) for name, other in others.items()]
    likeness, name = max(found, default=(0.0, ""))
    return name if likeness >= ALIKE else ""


def _unused(name: str, held: Held) -> str:
    return next(each for number in count(2) if (each := f"{name}-former-{number}") not in held[0] | held[1])


def _paired(
    old: Iterable[T],
    new: Iterable[T],
    held: Held,
    read: Callable[[T], R],
    likeness: Callable[[R, R], float],
    text: Callable[[T], Hashable],
) -> Names:
    """Pair what has its id on one side only: equal ones first, in order, then the most alike by what is `read`."""
    ours, theirs = _alone([*old], [*new], held)
    found: Names = {}
    if not ours or not theirs:
        return found
    used: set[str] = set()

    def pair(thing: T, other: T) -> None:
        if _id(thing) not in found and _id(other) not in used:
            found[_id(thing)] = _id(other)
            used.add(_id(other))

    by_text: dict[Hashable, list[T]] = {}
    for other in theirs:
        by_text.setdefault(text(other), []).append(other)
    for thing in ours:
        for other in by_text.get(text(thing), ()):
            if likeness(read(thing), read(other)):
                pair(thing, other)
    ours = [thing for thing in ours if _id(thing) not in found]
    theirs = [other for other in theirs if _id(other) not in used]
    if len(ours) * len(theirs) <= MOST_COMPARED:
        before, after = (list(map(read, side)) for side in (ours, theirs))
        scores = [(-likeness(one, other), i, j) for i, one in enumerate(before) for j, other in enumerate(after)]
        for score, i, j in sorted(scores):
            if score:
                pair(ours[i], theirs[j])
    return found


def _paired_parts(old: Sequence[Part], new: Sequence[Part], held: Held, clauses: Names) -> Names:
    """Pair sections or schedules by what is in them, and by their titles."""

    def likeness(ours: Section | Schedule, theirs: Section | Schedule) -> float:
        before = Counter(clauses.get(clause.id, clause.id) for clause in ours.clauses)
        after = Counter(clause.id for clause in theirs.clauses)
        share = _share(before, after)
        if _defines(ours) and _defines(theirs):
            return max(share, ALIKE_BY_TITLE)
        same_title = ours.title.split() == theirs.title.split() and bool(ours.title.split())
        telling = share > ALIKE_BY_TITLE and (before & after).total() >= TELLING_CLAUSES
        return max(share, ALIKE_BY_TITLE) if same_title or telling else 0.0

    return _paired(
        old, new, held, _itself, likeness, lambda part: (part.title, tuple(clause.id for clause in part.clauses))
    )


def _paired_parties(old: Sequence[Party], new: Sequence[Party]) -> Names:
    def likeness(ours: Party, theirs: Party) -> float:
        return float(ours.legal_name.split() == theirs.legal_name.split())

    return _paired(old, new, NONE, _itself, likeness, lambda party: party.legal_name)


def _alone(old: Sequence[T], new: Sequence[T], held: Held) -> tuple[list[T], list[T]]:
    """Return what has its id on one side only; on the other nothing else may have it."""
    before, after = {*map(_id, old), *held[0]}, {*map(_id, new), *held[1]}
    return [thing for thing in old if _id(thing) not in after], [thing for thing in new if _id(thing) not in before]


def _id(thing: object) -> str:
    return str(getattr(thing, "key" if isinstance(thing, Party) else "id"))


def _places(document: Document) -> Iterator[str]:
    yield from (clause.id for clause in document.clauses())
    yield from (part.id for part in document.groups())


def _defines(part: Section | Schedule) -> bool:
    return bool(part.definitions)


def _share(ours: Counter[str], theirs: Counter[str]) -> float:
    size = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / size if size else 0.0


def _likeness(ours: _Told, theirs: _Told, telling: int = TELLING) -> float:
    size, common = ours.size + theirs.size, 2 * min(ours.size, theirs.size)
    least = ALIKE_BY_TITLE if ours.title and ours.title == theirs.title else ALIKE
    # Most pairs share too little, and that is seen without counting each word.
    if common < least * size or (size and ours.words.keys().isdisjoint(theirs.words)):
        return 0.0
    share = _share(ours.words, theirs.words)
    if least < ALIKE and share >= least:
        return (1 + share) / 2
    fewest = telling if ours.text == theirs.text else TELLING
    return share if share >= ALIKE and min(ours.size, theirs.size) >= fewest else 0.0


def _clause_text(clause: Clause) -> Hashable:
    return " ".join(clause.title.split()), block_text(clause.blocks)


def _definition(definition: Definition) -> _Told:
    return _Told.of("", _meaning(definition))


def _definition_likeness(ours: _Told, theirs: _Told) -> float:
    return _likeness(ours, theirs, TELLING_TERM)


def _meaning(definition: Definition) -> str:
    """Return a definition's words without the term that it begins with."""
    return block_text(definition.blocks).replace(f"“{definition.term}”", "", 1).strip()


def _itself(thing: T) -> T:
    return thing


def _signature_likeness(ours: SignatureBlock, theirs: SignatureBlock) -> float:
    return float(bool(ours.lines) and _signature_text(ours) == _signature_text(theirs))


def _signature_text(block: SignatureBlock) -> Hashable:
    lines = tuple((line.label, text_of(line.runs)) for line in block.lines)
    return text_of(block.heading), lines
