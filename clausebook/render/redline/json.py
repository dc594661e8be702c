"""Write a redline's changes as JSON, for programs of the house.

The shape, which only grows while `schema` is 1:

- `schema`: 1; `agreement`: `id`, `title`; `from` and `to`: `name`, `fingerprint` and the `form` of that.
- `changes`: in reading order, each with `id` ("change-1"), `part`, `place`, `kinds`, `name`, `number`, `title`,
  `old_number`, `within`, `summary` (one line), `before` and `after` (its whole text, "" where it is not there),
  `uses` (each `place`, `number`, `title`), `edits` (each `kind`, `part`, `at`, `before`, `after`, `excerpt`: a list
  of `text` and `mark`, which is "same", "deleted" or "inserted", with a `move` where words moved, the same at both
  places; and where links lead elsewhere `link_before` and `link_after`, "" for none) and, unless it is left out or
  unknown, `cause`.
  `clausebook.compare.changes` says what they mean.
- `renumbered`: how many numbers differ only because something else did; `covers`: the last line of every redline.
"""

from __future__ import annotations

import json
from typing import Any

from clausebook.compare.edits import Edit
from clausebook.compare.model import Redline
from clausebook.document.words import text_of
from clausebook.formats.table import FORMATS
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.marks import renumbered_count, stretches
from clausebook.render.redline.summary import Entry, coverage, entries

SCHEMA = FORMATS["redline"].newest


def render_json(redline: Redline, heading: RedlineHeading, *, internal: bool = True) -> str:
    """Return the redline's changes as JSON, with a line break at its end; `internal` adds causes."""
    data = {
        "schema": SCHEMA,
        "agreement": {"id": heading.agreement, "title": heading.title},
        "from": {"name": heading.base, "fingerprint": heading.base_fingerprint, "form": redline.old.form},
        "to": {"name": heading.target, "fingerprint": heading.target_fingerprint, "form": redline.new.form},
        "changes": [_change(entry) for entry in entries(heading, internal=internal)],
        "renumbered": renumbered_count(redline),
        "covers": coverage(heading, redline),
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _change(entry: Entry) -> dict[str, Any]:
    change = entry.change
    data: dict[str, Any] = {
        "id": entry.anchor,
        "part": change.part,
        "place": change.place,
        "kinds": list(change.kinds),
        "name": change.name(),
        "number": change.number,
        "title": change.title,
        "old_number": change.old_number,
        "within": change.within,
        "summary": entry.text,
        "before": change.before,
        "after": change.after,
        "uses": [{"place": use.place, "number": use.number, "title": use.title} for use in change.uses],
        "edits": [_edit(edit) for edit in change.edits],
    }
    return data | ({"cause": entry.cause} if entry.cause else {})


def _edit(edit: Edit) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": edit.kind,
        "part": edit.part,
        "at": edit.at,
        "before": edit.before,
        "after": edit.after,
        "excerpt": [
            {"text": text_of(each.runs), "mark": each.mark} | ({"move": each.moved.id} if each.moved else {})
            for each in stretches(edit.excerpt)
        ],
    }
    led, leads = edit.addresses
    return data | ({"link_before": led, "link_after": leads} if led or leads else {})
