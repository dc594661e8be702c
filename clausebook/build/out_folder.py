"""The folder in which a site is written: what is there already, as it is to be, is not written again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clausebook.build.made_store import MadeStore
from clausebook.repository.stamps import stamp_of
from clausebook.repository.writing import publish_tree
from clausebook.site.feeding import SiteFiles

_WRITTEN = "written"


def site_files_in(folder: Path) -> SiteFiles:
    """Return the files of a folder in which a site was made."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): (hashlib.sha256(path.read_bytes()).hexdigest(), path.read_bytes)
        for path in files
    }


def write_site(wanted: SiteFiles, out: Path, marks: Sequence[str], store: MadeStore) -> int:
    """Make `out` hold what is wanted and nothing else; return how many files changed. Raises RepositoryError."""
    content = store.find(_WRITTEN, str(out.resolve()))
    before = json.loads(content) if content else {}
    changed = {path: give for path, (mark, give) in wanted.items() if not _is_there(out, path, mark, before.get(path))}
    done = publish_tree(changed, out, marks, wanted.keys())
    files = {path: [*stamp_of((out / path).lstat()), mark] for path, (mark, _) in wanted.items()}
    if (now := json.dumps(files).encode()) != content:
        store.note(_WRITTEN, str(out.resolve()), now)
    return len(done)


def _is_there(out: Path, path: str, mark: str, before: list[Any] | None) -> bool:
    place = out / path
    try:
        if before and before == [*stamp_of(place.lstat()), mark]:
            return True
        return not place.is_symlink() and hashlib.sha256(place.read_bytes()).hexdigest() == mark
    except OSError:
        return False
