"""What changed while a site was built: it may be in what was made, under keys that know nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clausebook.build.made_store import PARCEL, MadeStore
from clausebook.build.options import SiteOptions
from clausebook.build.site_build import SiteSources, sources_of
from clausebook.build.site_lists import GENERAL
from clausebook.build.working import RENDERER
from clausebook.repository.confined import CONFIG, HIDDEN, belongs_to, is_shared
from clausebook.site.page_look import look_of


def settle(root: Path, options: SiteOptions, store: MadeStore, look: str, sources: SiteSources) -> bool:
    """Forget what was made of what changed since it was looked at; tell whether anything did.

    Call it when what was made is wanted no more. What was changed and changed back counts as well.
    """
    if not store.new:
        return False
    now = sources_of(root, options, store)
    changed = set(_changed(sources, now))
    other_look = any(path == CONFIG or path.startswith(f"{HIDDEN}/") for path in changed)
    other_look = other_look or (bool(look) and look_of(root, RENDERER, options.making.audience) != look)
    library = now.shared != sources.shared or any(map(is_shared, changed))
    owners, known = {*map(belongs_to, changed)}, {task.key for task in now.tasks}
    mine = {task.key: task.key in known and owners.isdisjoint(task.family) for task in sources.tasks}
    anything = bool(changed) or other_look or library or not all(mine.values())

    def doubtful(kind: str, key: str) -> bool:
        if kind in PARCEL:
            return library or not mine.get(key, True)
        return anything if kind == GENERAL else other_look

    store.forget(doubtful)
    store.new.clear()
    return anything


def _changed(before: SiteSources, now: SiteSources) -> Iterator[str]:
    for path in before.files.keys() | now.files.keys():
        if before.files.get(path) != now.files.get(path) and ("/" in path or is_shared(path) or path == CONFIG):
            yield path
