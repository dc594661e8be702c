"""A share of the agreements, made by one of several runs, and kept in a folder from which another builds the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from clausebook.build.keys import Task
from clausebook.build.made import head_from
from clausebook.build.made_store import PARCEL, MadeStore
from clausebook.build.site_build import SiteBuild, SitePart, SiteSources
from clausebook.findings.model import RepositoryError, has_errors
from clausebook.repository.hashed import hash_of
from clausebook.repository.store import FORMAT, Store

MOST_SHARDS = 1000


@dataclass(frozen=True, slots=True)
class Shard:
    """The share `number` of `total`, counted from 1."""

    number: int
    total: int

    @classmethod
    def read(cls, said: str) -> Shard:
        """Return the shard that `I/N` names. Raises ValueError."""
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", said, re.ASCII)
        shard = cls(int(found[1]), int(found[2])) if found else cls(0, 0)
        if not 1 <= shard.number <= shard.total <= MOST_SHARDS:
            raise ValueError(f"a shard is I/N, from 1/N to N/N, and N is at most {MOST_SHARDS}")
        return shard

    def of(self, sources: SiteSources) -> SiteSources:
        """Return what the agreements of this shard are made from. Families stay together.

        An edit of an agreement moves none to another shard, so that each may have a cache of its own.
        """
        families = {task.family: 0 for task in sources.tasks}
        for task in sources.tasks:
            families[task.family] += 1
        full = [0] * self.total
        mine = set()
        for family in sorted(families, key=lambda each: (-families[each], hash_of(each[:1]))):
            least = full.index(min(full))
            full[least] += families[family]
            if least == self.number - 1:
                mine.add(family)
        tasks = tuple(task for task in sources.tasks if task.family in mine)
        return replace(sources, known=tuple(task.id for task in tasks), tasks=tasks)


def write_parts(build: SiteBuild, parts: Iterable[SitePart], mine: MadeStore, folder: Path) -> None:
    """Keep in a folder what was made of agreements, but of those with errors, or that changed meanwhile.

    Raises RepositoryError.
    """
    store = Store(folder)
    for part in parts:
        entries = build.entries(part.key, part.head) if not has_errors(part.head.findings) else ()
        found = [(kind, key, mine.find(kind, key)) for kind, key in entries]
        for kind, key, content in found if all(content is not None for _, _, content in found) else ():
            if not store.keep(kind, (key,), content or b""):
                hint = "see whether there is room, and whether the folder is yours alone to write to"
                raise RepositoryError(f"`{folder}` cannot be written", hint)


def take_parts(build: SiteBuild, tasks: Sequence[Task], mine: MadeStore, folders: Sequence[Path]) -> int:
    """Keep for this build what is wanted of what lies in folders; return how many agreements are whole in them.

    What is foreign, damaged, or of another state of the repository is left.
    """
    stores = [Store(folder) for folder in folders]
    return sum(any(_taken(build, task.key, mine, store) for store in stores) for task in tasks) if stores else 0


def check_folder(folder: Path) -> None:
    """Raise RepositoryError if a folder holds anything but parts."""
    if folder.is_dir() and any(each.name != FORMAT for each in folder.iterdir()):
        raise RepositoryError(f"`{folder}` holds other files than parts of a site", "choose another --out")


def _taken(build: SiteBuild, key: str, mine: MadeStore, store: Store) -> bool:
    content = store.find(PARCEL[-1], (key,))
    try:
        head = head_from(content) if content else None
    except (KeyError, TypeError, ValueError):
        return False
    if head is None or has_errors(head.findings):
        return False
    found = [(kind, each, store.find(kind, (each,))) for kind, each in build.entries(key, head)]
    if any(content is None for _, _, content in found):
        return False
    for kind, each, content in found:
        mine.keep(kind, each, content or b"")
    return True
