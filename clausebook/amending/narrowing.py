"""Find the few steps that lead from a clause to its new text, where they say it more clearly than the whole clause.

What is found is carried out before it is given: it makes the new text, or there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from clausebook.amending.instructions import Instruction
from clausebook.amending.kept_numbers import with_numbers
from clausebook.amending.narrow_steps import (
    NarrowStep,
    Parts,
    Path,
    PlaceName,
    carried_out,
    kind_of,
    part_at,
    parts_of,
    texts_in,
    with_parts,
)
from clausebook.amending.place_names import PlaceNames, UnnamedError
from clausebook.assemble.numbering import item_cited
from clausebook.compare.alignment import ALIKE, Candidate, Pair, aligned
from clausebook.document.model import Clause, Definition, Document, Item, ItemList, Table
from clausebook.document.notes import is_notes
from clausebook.document.outgoing import outgoing_part

MOST_STEPS = 4
"""Steps for one clause: a reader who must put more of them together in his head is better served by the new text."""

MOST_SHARE = 0.5
"""The share of the new clause's words that the steps may quote: past it, they save nothing and scatter the clause."""

SENTENCE = 20
"""Words that each step costs beside its new text: its heading and its sentence. Fewer, larger steps win by it."""

Steps = tuple[NarrowStep, ...]


def narrowed(old: Clause | Definition, new: Clause | Definition) -> Steps:
    """Return the steps that make the new text of the old, () where the whole is to be replaced.

    `old` is the text as it stands, with the numbers that it shall have.
    """
    old, new = outgoing_part(old), outgoing_part(new)
    if any(map(is_notes, (*old.blocks, *new.blocks))) or isinstance(old, Clause) is not isinstance(new, Clause):
        return ()
    heading: Steps = ()
    if isinstance(old, Clause) and isinstance(new, Clause):
        if (old.number, old.level) != (new.number, new.level) or bool(old.title) != bool(new.title):
            return ()
        renamed = NarrowStep("clause_renamed", names={"former": old.title, "title": new.title})
        heading = (renamed,) if old.title != new.title else ()
    elif (old.id, getattr(old, "term", "")) != (new.id, getattr(new, "term", "")):
        return ()
    # Where the smallest steps are too many, larger ones may do: whole items and whole tables.
    names = PlaceNames(old.blocks)
    for small in (True, False):
        with suppress(UnnamedError):
            steps = (*heading, *_Search(names, small=small).inside((), old.blocks, new.blocks))
            if _clearer(steps, new) and carried_out(old.blocks, steps) == new.blocks:
                return steps
    return ()


class Narrowing:
    """The steps of each instruction for one base text."""

    def __init__(self, base: Document, instructions: Iterable[Instruction]) -> None:
        numbers = {each.place: each.number for told in instructions if not told.kind for each in told.new}
        self.old, self.numbered = _texts_of(base), _texts_of(with_numbers(base, numbers))

    def steps(self, told: Instruction) -> Steps:
        """Return the steps inside the text that an instruction replaces, () where the whole is to be replaced."""
        key = (told.kind, told.place)
        if told.action != "replace" or told.new is None or key not in self.old:
            return ()
        # A number that only follows an express renumbering is changed by that: to say it here would say it twice.
        follows = outgoing_part(self.old[key]) != outgoing_part(self.numbered[key])
        return () if follows else narrowed(self.old[key], told.new)


def _texts_of(base: Document) -> dict[tuple[str, str], Clause | Definition]:
    """Return the texts that instructions replace, by the kind and the place that the instructions have."""
    found: dict[tuple[str, str], Clause | Definition] = {("clause", each.id): each for each in base.movable_clauses()}
    found |= {(name, ""): part for name, part in (("opening", base.opening), ("closing", base.closing)) if part}
    return found | {("definition", each.id): each for each in base.definitions()}


def _clearer(steps: Steps, new: Clause | Definition) -> bool:
    """Tell whether steps say the change more clearly than the whole of the new text."""
    whole = sum(map(_words_in, new.blocks)) + len(getattr(new, "title", "").split())
    few = len(steps) <= MOST_STEPS and sum(map(_quoted_words, steps)) <= MOST_SHARE * whole
    return few and not _crowded(steps)


def _crowded(steps: Steps) -> bool:
    """Tell whether text comes after an item after which an item comes too, or which goes: nobody could tell where."""
    after = {_after(step) for step in steps if step.formula == "text_added"} - {""}
    items = (step for step in steps if step.formula in ("item_added", "item_deleted"))
    return not after.isdisjoint(name for step in items for name in (step.item, _after(step)))


def _after(step: NarrowStep) -> str:
    """Return the item after which a step adds something, "" if it is none."""
    return getattr(step.names.get("after"), "item", "")


def _cost(steps: Steps) -> int:
    """Return how many words a reader has to read of the steps: what is told narrowly must be less."""
    return sum(SENTENCE + _quoted_words(step) for step in steps)


def _quoted_words(step: NarrowStep) -> int:
    """Return how many words of new text a step sets out."""
    inline = step.names.get("title", step.names.get("new", ""))
    return sum(map(_words_in, step.text)) + len(str(inline).split())


def _words_in(part: Any) -> int:
    return sum(len(text.split()) for text in texts_in(part))


class _Search:
    """The search for the steps in one text; UnnamedError stands for what cannot be said narrowly.

    Steps that are not `small` replace an item, and a table of which more than one row changes, whole.
    """

    def __init__(self, names: PlaceNames, *, small: bool) -> None:
        self.names, self.small = names, small

    def inside(self, path: Path, old: Parts, new: Parts) -> Steps:
        """Return the steps that make the new of the old: blocks, items, rows or cells, to which `path` leads."""
        steps: list[NarrowStep] = []
        come: list[Any] = []
        place = 0
        for mark, before, after in _paired(old, new):
            if mark == "inserted":
                come.append(new[after])
                continue
            steps += self._added((*path, place), come)
            steps += self._changed((*path, before), old[before], new[after] if mark == "same" else None)
            come, place = [], before + 1 if mark == "same" else place
            if len(steps) > MOST_STEPS:
                raise UnnamedError
        return (*steps, *self._added((*path, place), come))

    def _added(self, path: Path, new: Sequence[Any]) -> Iterator[NarrowStep]:
        """Yield the steps that add parts in a place; items come one by one."""
        *around, place = path
        before = (*around, place - 1)
        match kind_of(new[0]) if new else "":
            case "":
                return
            case "item":
                after = self.names.item(before) if place else ""
                for item in new:
                    label = self.names.item(path[:-2]) + item_cited(item.number)
                    if not after or label in self.names.labels or label == after:
                        raise UnnamedError
                    yield self._step("item_added", path, (), (item,), label, {"after": PlaceName(item=after)})
                    after = label
            case "row":
                names = self.names.row(before if place else path)
                yield self._step("row_added" if place else "row_added_first", path, (), tuple(new), "", names)
            case _:
                # The items of a list that comes would be cited as others are.
                if any(isinstance(block, ItemList) and (block.ordered or self.names.labels) for block in new):
                    raise UnnamedError
                item, names = self.names.item(path[:-1]), {"after": self.names.block(before)} if place else {}
                yield self._step("text_added" if place else "text_added_first", path, (), tuple(new), item, names)

    def _changed(self, path: Path, was: Any, now: Any) -> Steps:
        """Return the steps that make one part of another, or take it away if `now` is None."""
        if was == now:
            return ()
        if isinstance(was, Item) and (not self.names.item(path) or (now is not None and was.number != now.number)):
            raise UnnamedError  # a text that stays would have another number
        found: list[Steps] = []
        # Of what costs the same the whole is taken, but for a table.
        for make in (self._within, self._whole) if isinstance(was, Table) else (self._whole, self._within):
            with suppress(UnnamedError):
                found.append(make(path, was, now))
        if not found:
            raise UnnamedError
        return min(found, key=_cost)

    def _whole(self, path: Path, was: Any, now: Any) -> Steps:
        """Return the step by which one part as a whole takes the place of another."""
        item, names = self.names.of(path, now)
        do, new = ("deleted", ()) if now is None else ("replaced", (now,))
        return (self._step(f"{kind_of(was)}_{do}", path, (was,), new, item, names),)

    def _within(self, path: Path, was: Any, now: Any) -> Steps:
        """Return the steps that change what stands in a part, which stays."""
        frame = _frame(was)
        if frame is None or frame != _frame(now) or (isinstance(was, Item) and not self.small):
            raise UnnamedError
        steps = self.inside(path, parts_of(was), parts_of(now))
        if isinstance(was, Table) and len(steps) > (MOST_STEPS if self.small else 1):
            raise UnnamedError
        return steps

    def _step(
        self, formula: str, path: Path, old: Parts, new: Parts, item: str, names: Mapping[str, str | PlaceName]
    ) -> NarrowStep:
        match kind_of(new[0]) if new else "":
            case "" | "cell":
                text: Parts = ()
            case "item":
                text = new
            case "row":
                text = (Item("", (with_parts(part_at(self.names.blocks, path[:-1]), new),)),)
            case _:
                text = (Item("", new),)
        return NarrowStep(formula, item, names, path, old, new, (ItemList(text, True, 0),) if text else ())


def _frame(part: Any) -> Any:
    """Return what a part is without what stands in it, None if that cannot change by itself."""
    match part:
        case ItemList(ordered=True) | Item() | Table(header=(_, *_)):
            return with_parts(part, ())
        case (tuple(), *_):
            return len(part)
        case _:
            return None


def _paired(old: Parts, new: Parts) -> Iterator[Pair[int]]:
    """Yield what belongs together by its place; what came where something of its kind went takes its place."""
    if old and kind_of(old[0]) == "cell":
        yield from (("same", place, place) for place in range(len(old)))
        return
    ours, theirs = (list(map(_candidate, range(len(parts)), parts)) for parts in (old, new))
    gone: list[int] = []
    for mark, before, after in aligned(ours, theirs):
        if mark == "inserted" and gone and ours[gone[0]].kind == theirs[after].kind:
            yield "same", gone.pop(0), after
        elif mark == "deleted":
            gone.append(before)
        else:
            yield from (("deleted", each, each) for each in gone)
            gone.clear()
            yield mark, before, after
    yield from (("deleted", each, each) for each in gone)


def _candidate(place: int, part: Any) -> Candidate[int]:
    said = texts_in(part)
    # Lists and tables are few: what came of one is told row by row, however little they share.
    least = 0 if isinstance(part, ItemList | Table) else ALIKE
    kind = kind_of(part)
    return Candidate(place, kind, "\n".join(said), lead=said[0] if kind == "row" else "", least=least)
