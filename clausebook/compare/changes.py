"""The changes of a redline, one for each thing that changed, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

from clausebook.compare.edits import Edit, EditKind
from clausebook.compare.found_edits import line_edits, text_edits, title_edits
from clausebook.compare.model import (
    MarkedClause,
    MarkedDefinition,
    MarkedPart,
    MarkedSchedule,
    MarkedSection,
    MarkedSignature,
    Redline,
)
from clausebook.compare.texts import normal
from clausebook.compare.uses import Use, Uses
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    ItemList,
    Paragraph,
    Party,
    Schedule,
    Section,
    SignatureBlock,
)
from clausebook.document.words import heading_of
from clausebook.formats.locale_words import locale_words

Part = Literal["document", "party", "section", "clause", "signature", "schedule", "definition"]
Kind = Literal["added", "removed", "moved"] | EditKind

HAPPENED: tuple[Kind, ...] = ("added", "removed", "moved")
"""The kinds that are of a thing as a whole; a change has all others from its edits."""

KINDS: tuple[Kind, ...] = (*HAPPENED, *get_args(EditKind))
"""In the order in which a change names its kinds."""

MOST_NAMED = 3
"""Edits that a summary quotes; more are counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one thing: at most one change a thing, with all its edits.

    `part` and `place` (an id; for a party its key) say what it is, `number` and
    `title` how it is printed now, or was if it is gone; `old_number` is "" if it was not
    there. A thing that moved or was reworded, or both, has an edit for each stretch of
    words that differs; one that was added or removed has none.
    `before` and `after` are its whole text, "" where it is not there.
    `within` is the section or schedule that was added or removed with it, `under` the schedule by whose name a text is
    known that has neither number nor title of its own. `group` is the number of the schedule that a clause stands in.
    `uses` are the places that use a defined term, or refer to what moved or was removed.
    `cause` is for who knows it; comparing alone cannot tell. It speaks in the `language` of the new text.
    """

    part: Part
    place: str
    kinds: tuple[Kind, ...]
    number: str = ""
    title: str = ""
    old_number: str = ""
    before: str = ""
    after: str = ""
    edits: tuple[Edit, ...] = ()
    within: str = ""
    uses: tuple[Use, ...] = ()
    cause: str | None = None
    under: str = ""
    group: str = ""
    language: str = "en"

    def name(self) -> str:
        """Return how the thing is called: "6.2 Termination", "Definition of “Fee”"."""
        said = locale_words(self.language)
        names = said.redline["names"]
        if self.part == "document":
            return str(names[self.place])
        if self.part in ("definition", "party", "signature"):
            return str(names[self.part].format(name=self.title, term=said.quoted(self.title)))
        own = f"{self.number.rstrip('.')} {self.title}".strip()
        inside = f"{self.group}, " if own and self.group and not self.number.startswith(self.group.split()[-1]) else ""
        return inside + own or self.under or self.place.replace("-", " ").capitalize()

    @property
    def only_moved(self) -> bool:
        """Tell whether it stands elsewhere in the same words: its place is all that there is to show."""
        return self.kinds == ("moved",)

    def own_text(self) -> str:
        """Return the whole text of what came or went, in one line and without its heading; of all else, the new one."""
        text = " ".join((self.after or self.before).split())
        return text.removeprefix(f"{self.number} {self.title}".strip()).strip()

    def summary(self) -> str:
        """Return the change in one line: '6.2 Termination: reworded: “90 days” → “60 days”'."""
        return f"{self.name()}: {self.happened()}"

    def happened(self) -> str:
        """Return what the summary says after the name."""
        words = locale_words(self.language)
        called = words.redline["kinds"]
        said: list[str] = []
        for kind in self.kinds:
            if kind == "moved" and self.old_number and self.number and self.old_number != self.number:
                said.append(called["moved_was"].format(number=self.old_number))
            elif kind in HAPPENED:
                said.append(called[kind])
        if self.edits:
            # What moved within the thing is named at its new place alone.
            edits = [
                edit for edit in self.edits if not (edit.moved and edit.before and edit.moved.old == edit.moved.new)
            ]
            quoted = "; ".join(edit.quoted(words) for edit in edits[:MOST_NAMED])
            if len(edits) > MOST_NAMED:
                quoted = words.redline["more_edits"].format(said=quoted, n=len(edits) - MOST_NAMED)
            kinds = words.listed([called[kind] for kind in self.kinds if kind not in HAPPENED])
            said.append(quoted if self.part == "document" else f"{kinds}: {quoted}")
        return ", ".join(said)


def changes(redline: Redline) -> tuple[Change, ...]:
    """Return everything that changed, in the redline's order; what moved is given once, at its new place."""
    language = redline.new.language
    return tuple(replace(change, language=language) for change in _Listing(redline).all())


class _Listing:
    def __init__(self, redline: Redline) -> None:
        self.redline = redline

    @cached_property
    def old_uses(self) -> Uses:
        return Uses(self.redline.old)

    @cached_property
    def new_uses(self) -> Uses:
        return Uses(self.redline.new)

    def all(self) -> Iterator[Change]:
        """Yield every change in reading order; parties come before the opening, which names them."""
        redline = self.redline
        for place, pieces, before, after in (
            ("kind", redline.kind, redline.old.kind, redline.new.kind),
            ("title", redline.title, redline.old.title, redline.new.title),
        ):
            if edits := tuple(title_edits(pieces)):
                yield Change("document", place, _kinds((), edits), "", "", "", before, after, edits)
        yield from _parties(redline.old.parties, redline.new.parties)
        for part in redline.sequence():
            match part:
                case MarkedClause():
                    yield from self._clauses((part,), "")
                case MarkedSignature():
                    yield from self._signature(part)
                case MarkedSection():
                    yield from self._whole("section", part)
                    shown = part.new or part.old
                    yield from self._clauses(part.clauses, _within(part), heading_of(shown) if shown else "")
                    yield from self._definitions(part)
                case _:
                    yield from self._whole("schedule", part)
                    whole = part.new or part.old
                    # A number may end in what parts it from the title: "Schedule B –".
                    group = whole.number.rstrip(" .:–—-") if whole else ""
                    clauses = self._clauses(part.clauses, _within(part), heading_of(whole) if whole else "")
                    yield from (replace(change, group=group) for change in clauses)
                    yield from self._definitions(part)

    def _clauses(self, clauses: Iterable[MarkedClause], within: str, under: str = "") -> Iterator[Change]:
        for node in clauses:
            edits = (*(() if _came_or_went(node) else title_edits(node.title)), *_text_edits(node))
            yield from self._change("clause", node, edits, within, under)

    def _definitions(self, part: MarkedSection | MarkedSchedule) -> Iterator[Change]:
        for node in part.definitions:
            edits = tuple(_text_edits(node))
            yield from self._change("definition", node, edits, _within(part))

    def _whole(self, part: Literal["section", "schedule"], node: MarkedSection | MarkedSchedule) -> Iterator[Change]:
        yield from self._change(part, node, () if _came_or_went(node) else tuple(title_edits(node.title)), "")

    def _signature(self, node: MarkedSignature) -> Iterator[Change]:
        edits = () if _came_or_went(node) else (*title_edits(node.heading, "heading"), *line_edits(node.lines or ()))
        yield from self._change("signature", node, edits, "")

    def _change(
        self, part: Part, node: MarkedPart, edits: tuple[Edit, ...], within: str, under: str = ""
    ) -> Iterator[Change]:
        if (node.mark == "deleted" and node.move) or (node.mark == "same" and not edits):
            return
        happened: tuple[Kind, ...] = ()
        if node.mark != "same":
            happened = ("moved",) if node.move else ("added",) if node.mark == "inserted" else ("removed",)
        shown = node.new or node.old
        if shown is None:
            return
        before, after = _text(node.old), _text(node.new)
        yield Change(
            part=part,
            place=node.id,
            kinds=_kinds(happened, edits),
            number=_number(shown),
            title=_title(shown),
            old_number=_number(node.old) if node.old else "",
            before=before,
            after=after,
            edits=edits,
            within=within if happened in (("added",), ("removed",)) else "",
            uses=self._uses(part, node, happened),
            under="" if _number(shown) or _title(shown) else under,
        )

    def _uses(self, part: Part, node: MarkedPart, happened: tuple[Kind, ...]) -> tuple[Use, ...]:
        there = self.old_uses if node.mark == "deleted" else self.new_uses
        shown = node.new or node.old
        if isinstance(shown, Definition):
            return there.of_term(shown)
        if part != "signature" and ("moved" in happened or "removed" in happened):
            return there.of(node.id)
        return ()


def _text_edits(node: MarkedClause | MarkedDefinition) -> Iterator[Edit]:
    """Yield the edits of a text; of one that came or went whole only which of its words stand elsewhere."""
    edits = text_edits(node.blocks or ())
    return (edit for edit in edits if edit.kind == "relocated") if _came_or_went(node) else edits


def _came_or_went(node: MarkedPart) -> bool:
    """Tell whether all of it is on one side only, or this is the place that it moved away from."""
    return node.mark == "deleted" or (node.mark == "inserted" and not node.move)


def _within(part: MarkedSection | MarkedSchedule) -> str:
    return part.id if part.mark != "same" and not part.move else ""


def _kinds(happened: tuple[Kind, ...], edits: Iterable[Edit]) -> tuple[Kind, ...]:
    found = {*happened, *(edit.kind for edit in edits)}
    return tuple(kind for kind in KINDS if kind in found)


def _parties(old: tuple[Party, ...], new: tuple[Party, ...]) -> Iterator[Change]:
    """Yield a change for each party that came, went or has other names; its words are in the clauses."""
    before, after = {party.key: party for party in old}, {party.key: party for party in new}
    for key in (*(key for key in before if key not in after), *after):
        ours, theirs = before.get(key), after.get(key)
        if ours == theirs:
            continue
        edits: tuple[Edit, ...] = ()
        if ours and theirs:
            edits = tuple(
                Edit.of_texts("reworded", "party", getattr(ours, name), getattr(theirs, name))
                for name in ("legal_name", "short_name")
                if getattr(ours, name).split() != getattr(theirs, name).split()
            )
            if not edits:
                continue
        happened: tuple[Kind, ...] = () if edits else ("added",) if theirs else ("removed",)
        yield Change(
            "party",
            key,
            _kinds(happened, edits),
            title=_party(theirs or ours),
            before=_party(ours),
            after=_party(theirs),
            edits=edits,
        )


def _party(party: Party | None) -> str:
    return f"{party.legal_name} (“{party.short_name}”)" if party else ""


Thing = Section | Schedule | Clause | Definition | SignatureBlock


def _number(thing: Thing) -> str:
    return "" if isinstance(thing, Definition | SignatureBlock) else thing.number


def _title(thing: Thing) -> str:
    match thing:
        case Definition():
            return thing.term
        case SignatureBlock():
            return normal(thing.heading)
    return thing.title


def _text(thing: Thing | None) -> str:
    """Return the whole text, a line for each paragraph, item, row or line; of a section or schedule the title alone."""
    match thing:
        case None:
            return ""
        case Section() | Schedule():
            return heading_of(thing)
        case SignatureBlock():
            lines = (f"{line.label} {normal(line.runs)}".strip() for line in thing.lines)
            return "\n".join([normal(thing.heading), *lines])
        case Clause():
            heading = heading_of(thing)
            return "\n".join([*([heading] if heading else []), *_lines(thing.blocks)])
        case Definition():
            return "\n".join(_lines(thing.blocks))


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph():
                yield normal(block.runs)
            case ItemList():
                for item in block.items:
                    first, *rest = [*_lines(item.blocks)] or [""]
                    yield f"{item.number} {first}".strip()
                    yield from rest
            case _:
                for row in (block.header, *block.rows):
                    yield " | ".join(map(normal, row))
