"""Sheets that were rendered before, each with all that its template read: what is the same is not rendered again.

A template is a function of its source, the language, the shape of the data, and what it reads. The child tells
what that was: top-level names of the data, places and forms of terms, those that were not found among them. Where
all of these are the same, the template would take the same way and read the same again, so its sheet is the same.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clausebook.language.sheets import Setting, Sheet, Subject, TemplateJob

MOST_TAKEN = 8 << 20
"""How much text is kept, in characters as the room for text counts them: some forty long agreements."""

MOST_VARIANTS = 4
"""Sheets of one template that are kept, for different data."""

LEAST_TAKEN = 256
"""What even the shortest sheet counts."""

_Key = tuple[str, str, str, str, str, int, bool]


class Memo:
    """The sheets that were rendered last. May be shared by sandboxes in several threads."""

    def __init__(self, most_taken: int = MOST_TAKEN) -> None:
        self._most_taken, self._taken = most_taken, 0
        self._kept: OrderedDict[_Key, tuple[_Kept, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, subject: Subject, job: TemplateJob, setting: Setting | None) -> Sheet | None:
        """Return the sheet that the template would give, if it is known."""
        key = _key(subject, job, setting)
        with self._lock:
            variants = self._kept.get(key, ())
            if variants:
                self._kept.move_to_end(key)
        return next((kept.sheet for kept in variants if kept.holds(subject, setting)), None)

    def keep(
        self, subject: Subject, job: TemplateJob, setting: Setting | None, sheet: Sheet, reads: Mapping[str, Any]
    ) -> None:
        """Keep a sheet with what its template read, as the child tells it; see `worker`.

        One with problems is not kept: it may have come to its end by a bound of time or room.
        """
        if sheet.problems:
            return
        made = _Kept(
            sheet,
            tuple((name, subject.digest(name)) for name in reads["names"]),
            tuple(reads["present"].items()),
            tuple(reads["forms"].items()),
        )
        key = _key(subject, job, setting)
        with self._lock:
            before = self._kept.pop(key, ())
            self._kept[key] = (made, *before)[:MOST_VARIANTS]
            self._taken += _weight(self._kept[key]) - _weight(before)
            while self._taken > self._most_taken:
                _, oldest = self._kept.popitem(last=False)
                self._taken -= _weight(oldest)


@dataclass(frozen=True, slots=True)
class _Kept:
    sheet: Sheet
    names: tuple[tuple[str, bytes], ...]
    present: tuple[tuple[str, bool], ...]
    forms: tuple[tuple[str, str], ...]

    def holds(self, subject: Subject, setting: Setting | None) -> bool:
        """Tell whether all that the template read is still the same."""
        if any(subject.digest(name) != digest for name, digest in self.names):
            return False
        if setting is None:
            return True
        return all((target in setting.present) is there for target, there in self.present) and all(
            setting.forms.get(form) == key for form, key in self.forms
        )


def _key(subject: Subject, job: TemplateJob, setting: Setting | None) -> _Key:
    return subject.language, subject.shape_id, job.name, job.source, job.item, job.dialect, setting is None


def _weight(variants: tuple[_Kept, ...]) -> int:
    return sum(max(LEAST_TAKEN, kept.sheet.taken) for kept in variants)
