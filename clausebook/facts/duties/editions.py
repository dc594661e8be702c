"""Which state of an agreement is at hand: how many commits touched what its days are reckoned from. No clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clausebook.amending.amendment_files import amended_by
from clausebook.findings.model import RepositoryError
from clausebook.repository.agreement_files import FOLDER, owner
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import head_of

LIBRARY = "templates"
"""The folder of what all deals are reckoned by: a declaration that is corrected moves days, too."""

MOST_COMMITS = 100_000

_COMMIT = "\x01"


@dataclass(frozen=True, slots=True)
class Edition:
    """Which state of an agreement a calendar tells of: `number` grows with each, `stamp` is when it came to be."""

    number: int
    stamp: datetime


EPOCH = Edition(0, datetime(1970, 1, 1, tzinfo=UTC))
"""The state of what is in no history."""


def editions_of(root: Path, agreements: Iterable[str]) -> Mapping[str, Edition]:
    """Return the state of agreements and registered papers by id, without those that are in no history.

    What is not committed adds nothing. Each commit counts that touched an agreement, what amends it, or the library.
    """
    wanted = set(agreements)
    committed: set[str] = set()
    count, newest = dict.fromkeys(wanted, 0), dict.fromkeys(wanted, 0)
    try:
        for seconds, paths in _commits(root):
            touched = {owner(path) for path in paths}
            touched |= {told[0] for name in touched if (told := amended_by(name))}
            committed |= touched & wanted
            for name in wanted if any(path.startswith(f"{LIBRARY}/") for path in paths) else touched & wanted:
                count[name] += 1
                newest[name] = max(newest[name], seconds)
    except RepositoryError:
        return {}
    return {name: Edition(count[name], datetime.fromtimestamp(newest[name], UTC)) for name in sorted(committed)}


def _commits(root: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each commit that touched agreements or the library: when, in seconds, and the paths. A merge has its own.

    Raises RepositoryError.
    """
    with Git(root) as git:
        head = None if git.bare else head_of(git)
        if head is None:
            return
        listed = git.run(
            *("log", "-z", "--full-history", "-c", "--no-renames", "--name-only", f"--max-count={MOST_COMMITS}"),
            *(f"--format={_COMMIT}%ct", head, "--"),
            *(f":(top,literal){git.prefix}{folder}" for folder in (FOLDER, LIBRARY)),
        )
        for told in listed.split(_COMMIT)[1:]:
            seconds, *paths = filter(None, re.split(r"[\0\n]", told))
            yield int(seconds), [path.removeprefix(git.prefix) for path in paths]
