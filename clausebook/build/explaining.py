"""Why an agreement was made again: what has changed of all that goes into it since the site was written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from clausebook.build.keys import SHARED_FILES, Task
from clausebook.build.made_store import MadeStore
from clausebook.build.work_tree import SeenFile, shared_digests

_REASONS = "reasons"

MOST_NAMED = 10
"""How many files of those that all agreements share are named."""


def keep_reasons(store: MadeStore, out: Path, tasks: Iterable[Task], files: Mapping[str, SeenFile]) -> None:
    """Keep what went into the agreements of a site that is written to `out`."""
    parts = {task.id: dict(task.parts) for task in tasks}
    told = json.dumps({"tasks": parts, "shared": shared_digests(files)}).encode()
    if store.find(_REASONS, str(out.resolve())) != told:
        store.note(_REASONS, str(out.resolve()), told)


def explained(store: MadeStore, out: Path, task: Task, files: Mapping[str, SeenFile]) -> str:
    """Say why an agreement must be made again, or why it need not, as against the site that was last written to `out`.

    Call it before that site is written anew.
    """
    content = store.find(_REASONS, str(out.resolve()))
    before: dict[str, Any] = json.loads(content) if content else {}
    known: Mapping[str, str] | None = before.get("tasks", {}).get(task.id)
    if known is None:
        return f"{task.id}: nothing is known of a site in this folder that had it"
    changed = [name for name in sorted({**known, **task.parts}) if known.get(name) != task.parts.get(name)]
    if not changed:
        return f"{task.id}: nothing that goes into it has changed, so it is not made again"
    lines = [f"{task.id}: it is made again, for this has changed:"]
    for name in changed:
        state = "" if name in known and name in task.parts else "new: " if name in task.parts else "gone: "
        lines.append(f"    {state}{name}")
        if name == SHARED_FILES:
            lines += [f"        {each}" for each in _named(before["shared"], shared_digests(files))]
    return "\n".join(lines)


def _named(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    changed = [path for path in sorted({**before, **now}) if before.get(path) != now.get(path)]
    more = len(changed) - MOST_NAMED
    return [*changed[:MOST_NAMED], *([f"and {more} more"] if more > 0 else [])]
