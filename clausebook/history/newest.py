"""The texts of an agreement from the newest on, each read only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from clausebook.history.past_texts import PastText, Room, said_version, same_text, texts
from clausebook.history.text_chain import line_of_texts
from clausebook.repository.git.objects import SHORT
from clausebook.repository.git.process import Git


class NewestFirst:
    """What is known of an agreement's texts up to `head`, a revision's name; without it, up to the work tree.

    A text is known by a number: the lower, the newer. A context manager: it owns where texts are assembled.
    """

    def __init__(self, git: Git, root: Path, agreement: str, head: str, progress: Callable[[str], None]) -> None:
        self._chain, self._places = line_of_texts(git, root, agreement, head)
        self._uncommitted = bool(self._places) and not self._places[0][0]
        """Whether the first place is the work tree."""
        self._root, self._progress = root, progress
        self._room = Room(root)
        self._known: dict[int, PastText] = {}

    def __enter__(self) -> NewestFirst:
        return self

    def __exit__(self, *error: object) -> None:
        self._room.__exit__(*error)

    @property
    def gone(self) -> bool:
        """Whether the newest commit does not have the agreement any more."""
        return self._chain.gone and bool(self._chain.steps)

    @property
    def is_committed(self) -> bool:
        """Whether the newest text is that of the newest commit, as far as can be told without reading it."""
        return bool(self._places) and not self._uncommitted and not self.gone

    def revisions(self, version: str = "") -> Iterator[int]:
        """Yield the newest number of each text that is not the one before it; with `version`, only where it is that.

        What is not of the version is not read.
        """
        before: int | None = None
        for number, (_, wanted) in enumerate(self._places):
            if version and said_version(wanted.tree, wanted.sources.path) != version:
                continue
            if self._is_new(number, before):
                yield number
            before = number

    def text(self, number: int) -> PastText:
        """Return the text of a number."""
        if number not in self._known:
            commit, wanted = self._places[number]
            self._progress(f"the text at {commit[:SHORT]}" if commit else "the text of the work tree")
            self._known[number] = texts(self._root, [wanted], lambda key: None, self._room)[wanted.sources.key]
        return self._known[number]

    def commit(self, number: int) -> str:
        """Return the commit of a number; "" for the work tree."""
        return self._places[number][0]

    def first(self, number: int, version: str = "") -> str:
        """Return the commit with which a text began; "" for the work tree.

        With `version`, that with which it began as that version: an earlier one may have had the same words.
        """
        while self._places[number][0] and number + 1 < len(self._places) and self._alike(number, number + 1):
            before = self._places[number + 1][1]
            if version and said_version(before.tree, before.sources.path) != version:
                break
            number += 1
        return self._places[number][0]

    def _is_new(self, number: int, before: int | None) -> bool:
        if number == 0 and self._uncommitted:
            # The work tree is a revision if its text is not that of the last commit.
            return self._chain.gone or len(self._places) == 1 or not self._alike(0, 1)
        return before is None or (before == 0 and self._uncommitted) or not self._alike(before, number)

    def _alike(self, one: int, other: int) -> bool:
        return same_text(self.text(one), self.text(other))
