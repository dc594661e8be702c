"""What changed from one number of a source to the next, and its data under the names of another number.

Data are never rewritten to be read: an old file keeps its names, and what works with it asks here for those that it
knows. So what was sent or executed stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clausebook.formats.table import FIELD, FORMATS


@dataclass(frozen=True, slots=True)
class Rename:
    """A property has another name. `within` is the pointer of the objects that hold it; `*` is any item of a list."""

    within: str
    old: str
    new: str


CHANGES: dict[str, dict[int, tuple[Rename, ...]]] = {
    # A handle that stands inside an agreement is its `key`, as of parties, duties and milestones; an `id` names a file.
    "agreement": {2: (Rename("/schedules/*", "id", "key"),)},
}
"""What changed, by the format's name and the number that it made."""


def renames(name: str, number: int, to: int) -> tuple[Rename, ...]:
    """Return what leads from one number of a format to a later one, in order."""
    made = CHANGES.get(name, {})
    return tuple(each for later in range(number + 1, to + 1) for each in made.get(later, ()))


def carried(value: Any, name: str, number: int, to: int) -> Any:
    """Return a source's data as they are written in a later number; the data given stay as they are."""
    if to <= number or not isinstance(value, dict):
        return value
    for change in renames(name, number, to):
        value = _renamed(value, _steps(change), change, keep=False)
    return {FIELD: to, **{key: each for key, each in value.items() if key != FIELD}}


def under_all_names(value: Mapping[str, Any], name: str, number: int) -> Mapping[str, Any]:
    """Return a source's data with each renamed property under the names of all numbers, and without its number.

    So a clause of any time can speak of a deal of any time.
    """
    held: Any = {key: each for key, each in value.items() if key != FIELD}
    newest = FORMATS[name].newest
    for change in renames(name, number, newest):
        held = _renamed(held, _steps(change), change, keep=True)
    for change in reversed(renames(name, 1, number)):
        held = _renamed(held, _steps(change), Rename(change.within, change.new, change.old), keep=True)
    return held  # type: ignore[no-any-return]


def former(path: Sequence[str | int], name: str, number: int) -> tuple[str | int, ...]:
    """Return where in a file of a number stands what the newest number has at a path."""
    steps = list(path)
    for change in reversed(renames(name, number, FORMATS[name].newest)):
        within = _steps(change)
        at = len(within)
        if len(steps) > at and steps[at] == change.new and all(map(_fits, within, steps)):
            steps[at] = change.old
    return tuple(steps)


def _steps(change: Rename) -> tuple[str, ...]:
    return tuple(change.within.split("/")[1:])


def _fits(pattern: str, step: str | int) -> bool:
    return pattern == step or (pattern == "*" and str(step).isdecimal())


def _renamed(value: Any, within: tuple[str, ...], change: Rename, *, keep: bool) -> Any:
    """Return data with a property renamed or, with `keep`, under both names; a name that is taken stays."""
    if not within:
        if not isinstance(value, dict) or change.old not in value or change.new in value:
            return value
        named = [(change.new if key == change.old else key, each) for key, each in value.items()]
        return dict(named) | ({change.old: value[change.old]} if keep else {})
    step, rest = within[0], within[1:]
    if step == "*" and isinstance(value, list):
        return [_renamed(each, rest, change, keep=keep) for each in value]
    if isinstance(value, dict) and step in value:
        return {**value, step: _renamed(value[step], rest, change, keep=keep)}
    return value
