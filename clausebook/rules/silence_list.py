"""What a deal leaves to the standard, as a person reads it: by clause, like things together."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from clausebook.assemble.left_to_standard import Silent

WIDTH = 110
"""How many characters a line of the list has at most, where nobody asks for fewer."""

_ITEM = re.compile(r"/[0-9]+(?=/|$)")


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """A field that a deal leaves out, in one item of a list or several (`pointers`), and what the text then says.

    `place` is the clause that decides, `field` what the deal's owner calls the field, `words` is "" if nothing is said.
    """

    place: str
    field: str
    pointers: tuple[str, ...]
    words: str


def left_open(silences: Iterable[Silent], label: Callable[[str], str]) -> tuple[LeftOpen, ...]:
    """Return what is left to the standard, in reading order, the same field of several items together.

    `label` gives what a field is called by its pointer, or "".
    """
    grouped: dict[tuple[str, str], list[Silent]] = {}
    for each in silences:
        grouped.setdefault((each.place, _ITEM.sub("", each.pointer)), []).append(each)
    return tuple(
        LeftOpen(
            place,
            label(found[0].pointer) or field.rpartition("/")[2].replace("_", " "),
            tuple(dict.fromkeys(each.pointer for each in found)),
            " … ".join(dict.fromkeys(each.words for each in found if each.words)),
        )
        for (place, field), found in grouped.items()
    )


def as_text(title: str, found: Iterable[LeftOpen], width: int = WIDTH) -> str:
    """Return the list for a terminal: what the standard decides with its words, then what nothing is said of."""
    listed = tuple(found)
    unsaid = [each for each in listed if not each.words]
    lines = [*with_words(title, listed, width), *(["  Nothing is said of"] if unsaid else [])]
    for name in dict.fromkeys(each.place for each in unsaid):
        fields = dict.fromkeys(each.field for each in unsaid if each.place == name)
        lines += _wrapped(f"{name}: {'; '.join(fields)}", width)
    return "\n".join(lines)


def with_words(title: str, found: Iterable[LeftOpen], width: int = WIDTH) -> Iterator[str]:
    """Yield the lines of what the standard decides with its words."""
    yield f"{title}: left to the standard"
    place = ""
    for each in found:
        if each.words:
            if each.place != place:
                place = each.place
                yield f"  {place}"
            yield from _wrapped(f"{each.field} ({each.pointers[0]}{_more(each)}): “{each.words}”", width)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False)


def _more(each: LeftOpen) -> str:
    more = len(each.pointers) - 1
    return f" and {more} more" if more else ""
