"""The words of agreements' files of any time, many at once, as git's diff shows them: made, or from the cache."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from clausebook.amending.amendment_files import amended_by
from clausebook.document.model import Document
from clausebook.findings.characters import shown_line
from clausebook.findings.model import Finding, first_error
from clausebook.history.git_diff import words_cache
from clausebook.history.git_diff.agreement_lines import words_of
from clausebook.history.git_diff.words_cache import ShownFile
from clausebook.history.past_texts import PastText, Room, Wanted
from clausebook.history.sources import sources
from clausebook.load.yaml import Data, load_yaml
from clausebook.records.model import EXECUTED
from clausebook.repository.agreement_files import FOLDER, is_id, path_in
from clausebook.repository.engine import engine
from clausebook.repository.hashed import HashedDisk, HashedTree, hashed_once
from clausebook.repository.overlaid import HashedOverlay
from clausebook.repository.tree import names_in

_ID = re.compile(rb"^id:[ \t]*([a-z0-9-]+)[ \t]*$", re.MULTILINE)


def shown(root: Path, state: str, contents: Mapping[str, bytes]) -> dict[str, ShownFile]:
    """Return what git shows for files by their hashes; each is assembled with the library of the work tree at `root`.

    A file's name and place are of no account. An executed text is shown as it was signed, and what was written before
    it was executed as the draft that it was. All that is known to last is kept; `state` as `state_of` gives it.
    """
    disk = hashed_once(HashedDisk(root))
    with Room(root) as room:
        found = _made(room, disk, contents, as_drafts=False)
        failed = [blob for blob, (each, _) in found.items() if each.why_not and names_in(disk, EXECUTED)]
        again = _made(room, disk, {blob: contents[blob] for blob in failed}, as_drafts=True)
    found |= {blob: (each, key) for blob, (each, key) in again.items() if not each.why_not}
    for blob, (_, said) in found.items():
        if said:
            words_cache.remember(state, blob, said)
    return {blob: each for blob, (each, _) in found.items()}


def _made(
    room: Room, disk: HashedTree, contents: Mapping[str, bytes], *, as_drafts: bool
) -> dict[str, tuple[ShownFile, str]]:
    """Return what is shown for files by their hashes, and what is to be remembered of each, "" for nothing."""
    found: dict[str, tuple[ShownFile, str]] = {}
    waiting: dict[str, tuple[Wanted, list[str]]] = {}
    for blob, content in contents.items():
        try:
            wanted = _wanted(disk, content, as_drafts)
        except _NotShown as error:
            found[blob] = ShownFile(why_not=str(error)), f"!{error}"
            continue
        key = f"{engine()} {wanted.sources.key}"
        words = words_cache.words_under(key)
        if words is None:
            waiting.setdefault(key, (wanted, []))[1].append(blob)
        else:
            found[blob] = ShownFile(words), key
    asked = [wanted for wanted, _ in waiting.values()]
    for (key, (_, blobs)), (_, made) in zip(waiting.items(), room.made(asked, _words), strict=True):
        room.forget()
        if isinstance(made, PastText):
            why = shown_line(f"{made.place}: {made.problem}" if made.place else made.problem)
            told = ShownFile(why_not=why), f"!{why}" if made.lasting else ""
        else:
            words_cache.keep(key, made)
            told = ShownFile(made), key
        found |= dict.fromkeys(blobs, told)
    return found


def _words(document: Document, data: Mapping[str, Any]) -> bytes | PastText:
    try:
        return words_of(document, data)
    except Exception as error:  # one file must not keep the others from being shown
        return PastText(problem=f"Clausebook itself failed on it: {type(error).__name__}: {error}", lasting=False)


class _NotShown(Exception):
    """The content is no agreement; the message says why, in one line."""


def _wanted(disk: HashedTree, content: bytes, as_draft: bool) -> Wanted:
    agreement = _id_of(content)
    # An amendment stands on the executed text of another.
    hidden = f"{EXECUTED}/{agreement}" if amended_by(agreement) else EXECUTED
    tree = HashedOverlay(disk, {path_in(disk, agreement): content}, HashedDisk.width, hidden if as_draft else "")
    origin = sources(tree, agreement)
    if origin is None:
        raise _NotShown("it holds no agreement")
    return Wanted(origin, tree)


def _id_of(content: bytes) -> str:
    usual = _ID.findall(content)
    # The usual line is read at once, for all is loaded once more where it is assembled.
    if len(usual) == 1 and is_id(usual[0].decode()):
        return str(usual[0].decode())
    loaded = load_yaml(content, FOLDER)
    data: Data = loaded.value
    if not isinstance(data, dict):
        raise _NotShown(_first(loaded.findings) or "it holds no agreement")
    agreement = data.get("id")
    if not isinstance(agreement, str) or not is_id(agreement):
        raise _NotShown("it has no `id` that could be one")
    return agreement


def _first(findings: Iterable[Finding]) -> str:
    error, more = first_error(findings)
    if error is None:
        return ""
    line = f"line {error.line}: " if error.line else ""
    return shown_line(f"{line}{error.message}{more}")
