"""Find the few steps that lead from a clause to its new text, where they say it more clearly than the whole clause.

What is found is carried out before it is given: it makes the new text, or there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clausebook.amending.instructions import Instruction
from clausebook.amending.kept_numbers import with_numbers
from clausebook.amending.narrow_cost import cost, quoted_words, words_in
from clausebook.amending.narrow_steps import (
    HeadingStep,
    ListItemStep,
    NamedParagraph,
    NamedTable,
    NarrowStep,
    ParagraphStep,
    Path,
    StepError,
    TableStep,
    TextStep,
    carried_out,
    labels,
    named,
    reads,
    tables,
    texts,
)
from clausebook.amending.narrow_tables import quotable, replaced_in_place, row_steps
from clausebook.assemble.numbering import item_cited
from clausebook.compare.alignment import ALIKE, Candidate, aligned
from clausebook.document.model import Block, Clause, Definition, Document, Item, ItemList, Paragraph, Table
from clausebook.document.notes import is_notes
from clausebook.document.outgoing import outgoing_part
from clausebook.document.walk import Blocks

MOST_STEPS = 4
"""Steps for one clause: a reader who must put more of them together in his head is better served by the new text."""

MOST_SHARE = 0.5
"""The share of the new clause's words that the steps may quote: past it, they save nothing and scatter the clause."""

FEWEST, MOST_WORDS = 6, 16
"""Words by which a paragraph is named that begins with them: enough to be found by eye, few enough to be read."""

NarrowSteps = tuple[NarrowStep, ...]


def narrowed(old: Clause | Definition, new: Clause | Definition) -> NarrowSteps:
    """Return the steps that make the new text of the old, () where the whole is to be replaced.

    `old` is the text as it stands, with the numbers that it shall have.
    """
    old, new = outgoing_part(old), outgoing_part(new)
    if any(map(is_notes, (*old.blocks, *new.blocks))) or isinstance(old, Clause) is not isinstance(new, Clause):
        return ()
    heading: NarrowSteps = ()
    if isinstance(old, Clause) and isinstance(new, Clause):
        if (old.number, old.level) != (new.number, new.level) or bool(old.title) != bool(new.title):
            return ()
        heading = (HeadingStep(old.title, new.title),) if old.title != new.title else ()
    elif (old.id, getattr(old, "term", "")) != (new.id, getattr(new, "term", "")):
        return ()
    # Where the smallest steps are too many, larger ones may do: whole items and whole tables.
    for small in (True, False):
        inner = _Search(old.blocks, small=small).run(new.blocks)
        if inner is not None and _clearer((*heading, *inner), new) and _made(old.blocks, inner) == new.blocks:
            return (*heading, *inner)
    return ()


class Narrowing:
    """The steps of each instruction for one base text."""

    def __init__(self, base: Document, instructions: Iterable[Instruction]) -> None:
        numbers = {each.place: each.number for told in instructions if not told.kind for each in told.new}
        self.old, self.numbered = _texts_of(base), _texts_of(with_numbers(base, numbers))

    def steps(self, told: Instruction) -> NarrowSteps:
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


def _clearer(steps: NarrowSteps, new: Clause | Definition) -> bool:
    """Tell whether steps say the change more clearly than the whole of the new text."""
    whole = words_in(new.blocks) + len(getattr(new, "title", "").split())
    few = len(steps) <= MOST_STEPS and sum(map(quoted_words, steps)) <= MOST_SHARE * whole
    return few and not _crowded(steps)


def _made(blocks: Blocks, steps: NarrowSteps) -> Blocks | None:
    """Return what the steps make of blocks, None if they do not fit them."""
    try:
        return carried_out(blocks, steps)
    except StepError:
        return None


def _crowded(steps: NarrowSteps) -> bool:
    """Tell whether text comes after an item after which an item comes too, or which goes: nobody could tell where."""
    after = {step.after for step in steps if isinstance(step, TextStep)}
    items = (step for step in steps if isinstance(step, ListItemStep) and step.do != "replaced")
    return not after.isdisjoint(name for step in items for name in (step.item, step.after))


@dataclass(frozen=True, slots=True)
class _Held:
    """The blocks of the clause or of an item as they were, with the item's label and the way to them."""

    blocks: Blocks
    label: str = ""
    path: Path = ()


class _Search:
    """The search for the steps in one text. None stands for what cannot be said narrowly.

    Steps that are not `small` replace an item, and a table of which more than one row changes, whole.
    """

    def __init__(self, blocks: Blocks, *, small: bool) -> None:
        self.blocks, self.small = blocks, small
        self.labels = labels(blocks)
        found = [path for path, _ in tables(blocks)]
        self.tables = {path: NamedTable(count, len(found)) for count, path in enumerate(found, 1)}

    def run(self, new: Blocks) -> NarrowSteps | None:
        """Return the steps that make the new blocks of the whole."""
        return self._held(_Held(self.blocks), new)

    def _held(self, old: _Held, new: Blocks) -> NarrowSteps | None:
        steps: list[NarrowStep] = []
        last: int | None = None
        added: list[Block] = []

        def flush() -> bool:
            if added:
                after = None if last is None else self._after(old, last)
                if last is not None and after is None:
                    return False
                steps.append(TextStep(old.label, after, tuple(added)))
                added.clear()
            return True

        ours = [_candidate(index, block) for index, block in enumerate(old.blocks)]
        theirs = [_candidate(index, block) for index, block in enumerate(new)]
        for mark, before, after in replaced_in_place(ours, theirs):
            if mark == "inserted":
                block = new[after]
                if isinstance(block, ItemList) and (block.ordered or self.labels):
                    return None  # its items would be cited as others are
                added.append(block)
                continue
            if not flush():
                return None
            inner = self._block(old, before, new[after] if mark == "same" else None)
            if inner is None or len(steps) > MOST_STEPS:
                return None
            steps += inner
            last = before if mark == "same" else last
        return tuple(steps) if flush() else None

    def _block(self, old: _Held, index: int, new: Block | None) -> Sequence[NarrowStep] | None:
        was, path = old.blocks[index], (*old.path, index)
        match was, new:
            case _ if was == new:
                return ()
            case Paragraph(), (Paragraph() | None):
                name = self._paragraph(old, index)
                return None if name is None else [ParagraphStep("replaced" if new else "deleted", name, new)]
            case ItemList(), ItemList():
                return self._items(old.label, path, was, new)
            case Table(), (Table() | None):
                whole = TableStep(self.tables[path], new)
                rows = row_steps(self.tables[path], was, new) if new else None
                many = rows is None or len(rows) > (MOST_STEPS if self.small else 1)
                return [whole] if rows is None or many or cost([whole]) < cost(rows) else rows
            case _:
                return None

    def _paragraph(self, held: _Held, index: int) -> NamedParagraph | None:
        """Return how a paragraph is named, None if no name is its own."""
        for name in self._names(held, index):
            try:
                if named(self.blocks, name) == (*held.path, index):
                    return name
            except StepError:
                continue
        return None

    def _names(self, held: _Held, index: int) -> Iterator[NamedParagraph]:
        direct = [place for place, block in enumerate(held.blocks) if isinstance(block, Paragraph)]
        if len(direct) > 1:
            yield NamedParagraph(held.label, count=direct.index(index) + 1)
        following = held.blocks[index + 1] if index + 1 < len(held.blocks) else None
        if isinstance(following, ItemList) and following.items and item_cited(following.items[0].number):
            yield NamedParagraph(held.label, leads_to=held.label + item_cited(following.items[0].number))
        block = held.blocks[index]
        text = reads(block.runs) if isinstance(block, Paragraph) else ""
        given = text.split(" ")
        for count in range(min(FEWEST, len(given)), min(MOST_WORDS, len(given)) + 1):
            words = " ".join(given[:count])
            if quotable(words):
                yield NamedParagraph(held.label, begins=words)

    def _after(self, held: _Held, index: int) -> NamedParagraph | NamedTable | str | None:
        """Return how the block is named after which text is added."""
        match held.blocks[index]:
            case Paragraph():
                return self._paragraph(held, index)
            case Table():
                return self.tables[(*held.path, index)]
            case ItemList(items):
                label = held.label + item_cited(items[-1].number) if items else ""
                return label if len(self.labels.get(label, ())) == 1 else None

    def _items(self, around: str, path: Path, old: ItemList, new: ItemList) -> Sequence[NarrowStep] | None:
        if (old.ordered, old.level) != (new.ordered, new.level) or not old.ordered:
            return None
        steps: list[NarrowStep] = []
        gone: dict[str, int] = {}
        come: dict[str, Item] = {}
        order: list[tuple[str, int, Item | None]] = []
        ours = [_item_candidate(index, item) for index, item in enumerate(old.items)]
        theirs = [_item_candidate(index, item) for index, item in enumerate(new.items)]
        for mark, before, after in aligned(ours, theirs):
            if mark == "same":
                was, item = old.items[before], new.items[after]
                if was.number != item.number:
                    return None  # a text that stays would have another number
                order.append((was.number, before, item))
            elif mark == "deleted":
                gone[old.items[before].number] = before
            else:
                come[new.items[after].number] = new.items[after]
        order += [(number, place, come.pop(number, None)) for number, place in gone.items()]
        for number, place, changed in sorted(order, key=lambda each: each[1]):
            inner = self._item(around + item_cited(number), (*path, place), old.items[place], changed)
            if inner is None or len(steps) > MOST_STEPS:
                return None
            steps += inner
        numbers = [item.number for item in new.items]
        for number, item in come.items():
            index = numbers.index(number)
            label = around + item_cited(number)
            follows = around + item_cited(numbers[index - 1]) if index else ""
            if not follows or label in self.labels:
                return None
            steps.append(ListItemStep("added", label, item, follows))
        return steps

    def _item(self, label: str, path: Path, old: Item, new: Item | None) -> Sequence[NarrowStep] | None:
        if old == new:
            return ()
        if list(self.labels.get(label, ())) != [path]:
            return None
        if new is None:
            return [ListItemStep("deleted", label)]
        whole: list[NarrowStep] = [ListItemStep("replaced", label, new)]
        if old.anchor != new.anchor or not self.small:
            return whole
        inner = self._held(_Held(old.blocks, label, path), new.blocks)
        return whole if inner is None or cost(whole) <= cost(inner) else inner


def _candidate(index: int, block: Block) -> Candidate[int]:
    # Lists and tables are few: what came of one is told row by row, however little they share.
    least = ALIKE if isinstance(block, Paragraph) else 0
    return Candidate(index, type(block).__name__, "\n".join(texts((block,))), least=least)


def _item_candidate(index: int, item: Item) -> Candidate[int]:
    return Candidate(index, "item", "\n".join(texts(item.blocks)))
