"""What stands in a rendered text for a value of the data, or for a call that is fixed, and what each of them gives."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

OPEN, CLOSE = "\ue000", "\ue001"
"""Around the number of a piece."""

FIXED_OPEN, FIXED_CLOSE = "\ue002", "\ue003"
"""Around the number of a call that is fixed."""

PLACEHOLDER = re.compile(f"{OPEN}([0-9]{{1,9}}){CLOSE}")
_EITHER = re.compile(f"([{OPEN}{FIXED_OPEN}])([0-9]{{1,9}})[{CLOSE}{FIXED_CLOSE}]")


class Filling(NamedTuple):
    """What a placeholder stands for.

    kind "data": `text` at `pointer`; it stands for the term `target`, if that is given. "term": `text`, with the key
    of the entry as `target`; "definition": the same where the words around it define it.
    "reference": to `target`, and `label` in it, from template line `line`; `text` is "" or "number", and "first" or
    "last" of several. "label": named `target`; `text` is the sign of the item of a sentence that it marks, or "".
    Of rules, "fault": what follows is said of the value at `pointer`, and "watched" behind it are
    all values that it rests on; "more": there would be more than is told.
    """

    kind: str
    text: str = ""
    pointer: str = ""
    target: str = ""
    label: str = ""
    line: str = "0"


class Fixed(NamedTuple):
    """A call that a template makes with texts in quotes, in its line."""

    function: str
    arguments: tuple[str, ...]
    line: int

    def piece(self, key: str = "") -> Filling:
        """Return what it gives if all is well; `key` is that of the term which it names."""
        first, second = (*self.arguments, "")[:2]
        match self.function:
            case "label":
                return Filling("label", second, target=first)
            case "ref" | "ref_number" | "ref_item":
                form = self.function.removeprefix("ref").removeprefix("_")
                return Filling("reference", form, target=first, label=second, line=str(self.line))
            case _:
                return Filling("term" if self.function == "term" else "definition", first, target=key)


Places = Sequence[tuple[str, int, int]]


def settled(
    text: str, pieces: Sequence[Filling], fixed: Callable[[int], Filling], places: Places
) -> tuple[str, tuple[Filling, ...], Places]:
    """Return a text in which all placeholders count on, the pieces of all, and places in it that go with the text.

    Pieces without a placeholder keep their order.
    """
    parts = _EITHER.split(text)
    found: list[Filling] = []
    numbers: list[int] = []
    out = [parts[0]]
    for index in range(1, len(parts), 3):
        number = int(parts[index + 1])
        if parts[index] == FIXED_OPEN:
            new = len(found)
            found.append(fixed(number))
        else:
            # What was noted down before it stands before it.
            for each in range(len(numbers), number + 1):
                numbers.append(len(found))
                found.append(pieces[each])
            new = numbers[number]
        out += (f"{OPEN}{new}{CLOSE}", parts[index + 2])
    moved = _moved(places, text, out) if places else ()
    return "".join(out), (*found, *pieces[len(numbers) :]), moved


def _moved(places: Places, text: str, out: Sequence[str]) -> Places:
    ends, longer = [0], [0]
    for found, mark in zip(_EITHER.finditer(text), out[1::2], strict=True):
        ends.append(found.end())
        longer.append(longer[-1] + len(mark) - len(found[0]))

    def moved(at: int) -> int:
        return at + longer[bisect_right(ends, at) - 1]

    return [(pointer, moved(start), moved(end)) for pointer, start, end in places]
