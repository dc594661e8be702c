"""Compare two texts word by word, and mark what differs as a lawyer would."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TypeAlias

from clausebook.compare.model import Mark, Piece, Pieces
from clausebook.compare.sequences import Hunk, differences
from clausebook.compare.tokens import POINTS_TO, Tokens, address, only_renumbered, targets, tokens
from clausebook.document.fingerprints import stretches
from clausebook.document.model import Run, Runs
from clausebook.document.notes import is_mark

SENTENCE_ENDS = frozenset(".;:?!")

_LEAD = re.compile(r"(?:§\s+)?[^\W\d]{2,}\s+")
"""The word before a citation's number."""

END = "\u2029"
"""The end of a paragraph in a text of several: white space, in a run of its own."""


def same_runs(old: Runs, new: Runs) -> bool:
    """Tell whether two texts are the same to a fingerprint: in words, emphasis, and where references and links lead."""
    if old is new:
        return True
    if len(old) == len(new):
        for ours, theirs in zip(old, new, strict=True):
            if ours is not theirs and (
                ours.text != theirs.text
                or ours.target != theirs.target
                or ours.strong != theirs.strong
                or ours.emphasis != theirs.emphasis
            ):
                break
        else:
            return True
    return normal(old) == normal(new) and stretches(old) == stretches(new)


def normal(runs: Runs) -> str:
    """Return the text with white space made single."""
    text = runs[0].text if len(runs) == 1 else "".join(run.text for run in runs)
    return " ".join(text.split())


def whole(runs: Runs, mark: Mark) -> Pieces:
    """Return the runs, all with one mark."""
    return tuple(Piece(run, mark) for run in runs if run.text)


def compared(old: Runs, new: Runs) -> Pieces:
    """Return the new text with what differs from the old marked, in reading order; deleted before inserted."""
    return whole(new, "same") if same_runs(old, new) else marked(old, new)


def marked(old: Runs, new: Runs) -> Pieces:
    """Return what `compared` does of texts that differ; they may be several paragraphs with `END` between them."""
    linked = bool(targets(old) and targets(new)) or any(address(run) or is_mark(run) for run in (*old, *new))
    ours, theirs = tokens(old, linked=linked), tokens(new, linked=linked)
    hunks = _slid(differences(ours.keys, theirs.keys), ours.keys, theirs.keys)
    return _Marking(ours, theirs).pieces(list(hunks))


def _look(run: Run) -> Look:
    return run.strong, run.emphasis, run.target


def _slid(hunks: Sequence[Hunk], old: Sequence[str], new: Sequence[str]) -> Iterator[Hunk]:
    """Slide what only came or only went to where it is a whole sentence, if it can be."""
    last, before = 0, 0
    for (a, b, c, d), following in zip(hunks, [*hunks[1:], (len(old) + 1, 0, len(new) + 1, 0)], strict=False):
        step = 0
        if a == b or c == d:
            keys, start, end = (old, a, b) if c == d else (new, c, d)
            room = min(a - last, c - before), min(following[0] - b, following[2] - d)
            step = _step_to_sentence(keys, start, end, *room)
        yield a + step, b + step, c + step, d + step
        last, before = b + step + 1, d + step + 1


def _step_to_sentence(keys: Sequence[str], start: int, end: int, back: int, ahead: int) -> int:
    """Return how far a stretch is to slide so that it is a whole sentence; 0 if it is one, or cannot be."""
    if _is_sentence(keys, start, end):
        return 0
    for step in range(1, back + 1):
        if keys[start - step] != keys[end - step] or POINTS_TO in keys[end - step]:
            break
        if _is_sentence(keys, start - step, end - step):
            return -step
    # Words must stay between two changes.
    for step in range(1, ahead):
        if keys[start + step - 1] != keys[end + step - 1] or POINTS_TO in keys[start + step - 1]:
            break
        if _is_sentence(keys, start + step, end + step):
            return step
    return 0


def _is_sentence(keys: Sequence[str], start: int, end: int) -> bool:
    return keys[end - 1] in SENTENCE_ENDS and (not start or keys[start - 1] in SENTENCE_ENDS)


Look: TypeAlias = tuple[bool, bool, str]
"""Strong, emphasis, and where a run leads."""


class _Marking:
    """Puts the stretches of both texts in order and cuts them into pieces."""

    def __init__(self, old: Tokens, new: Tokens) -> None:
        self.old, self.new = old, new
        self.stretches: list[tuple[Mark, bool, int, int, Run | None]] = []
        """Mark, numbering, and where it lies, in the old text if deleted, else in the new; the run of another look."""
        self.placed = (-1, -1)
        """A token of either side whose white space is written already."""
        looks = [{_look(run) for run in side.runs} for side in (old, new)]
        self.plain = looks[0] == looks[1] and len(looks[0]) <= 1
        self.offsets = [[0, *accumulate(len(run.text) for run in side.runs)] for side in (old, new)]

    def pieces(self, hunks: Sequence[Hunk]) -> Pieces:
        """Return the pieces of the whole text."""
        i = j = 0
        for a, b, c, d in hunks:
            self._kept(i, a, j)
            self._changed(a, b, c, d)
            i, j = b, d
        self._kept(i, len(self.old.keys), j)
        old, new = _Cutter(self.old.runs), _Cutter(self.new.runs)
        return tuple(
            Piece(run, mark, numbering, was=was)
            for mark, numbering, start, end, was in self.stretches
            for run in (old if mark == "deleted" else new).cut(start, end)
        )

    def _kept(self, i: int, end: int, j: int) -> None:
        for index in range(i, end):
            other = j + index - i
            was = self._was(index, other)
            self._space(index, other, was)
            key = self.new.keys[other]
            if key[0] == POINTS_TO:
                self._reference(index, other, was)
            else:
                self._add("same", self.new.starts[other], self.new.ends[other], was=was)

    def _was(self, i: int, j: int) -> Run | None:
        """Return the old run of a word that stayed if it looked otherwise, or led elsewhere."""
        if self.plain:
            return None
        start, end, begin, stop = self.old.starts[i], self.old.ends[i], self.new.starts[j], self.new.ends[j]
        one, two = bisect_right(self.offsets[0], start) - 1, bisect_right(self.offsets[1], begin) - 1
        if self.offsets[0][one + 1] >= end and self.offsets[1][two + 1] >= stop:
            run = self.old.runs[one]
            return None if _look(run) == _look(self.new.runs[two]) else run
        ours, theirs = self._looks(0, self.old, start, end), self._looks(1, self.new, begin, stop)
        return None if [look for look, _ in ours] == [look for look, _ in theirs] else ours[0][1]

    def _looks(self, side: int, tokens: Tokens, start: int, end: int) -> list[tuple[object, Run]]:
        offsets = self.offsets[side]
        first = bisect_right(offsets, start) - 1
        found: list[tuple[object, Run]] = []
        for index in range(first, len(tokens.runs)):
            if offsets[index] >= end:
                break
            run = tokens.runs[index]
            if run.text and not (found and _look(found[-1][1]) == _look(run)):
                found.append(((max(offsets[index] - start, 0), _look(run)), run))
        return found

    def _changed(self, a: int, b: int, c: int, d: int) -> None:
        if self._only_marked_up(a, b, c, d):
            self._space(a, c)
            was = self.old.runs[bisect_right(self.offsets[0], self.old.starts[a]) - 1]
            self._add("same", self.new.starts[c], self.new.ends[d - 1], was=was)
            return
        if self._glued(a, b, c, d) or self._prefixed(a, b, c, d) or self._led_elsewhere(a, b, c, d):
            return
        shared = a < b and c < d and self._spaced(self.old, a) and self._spaced(self.new, c)
        shared = shared and self._ends(self.old, a) == self._ends(self.new, c)
        if shared:
            self._add("same", *self.new.gap(c))
        if a < b:
            self._add("deleted", self.old.starts[a] if shared else self.old.gap(a)[0], self.old.ends[b - 1])
        if c < d:
            self._add("inserted", self.new.starts[c] if shared else self.new.gap(c)[0], self.new.ends[d - 1])

    def _glued(self, a: int, b: int, c: int, d: int) -> bool:
        """Write what came or went right before a word and without a space between: the space before it stays."""
        short, longer, at, first, last = (self.old, self.new, a, c, d) if a == b else (self.new, self.old, c, a, b)
        if not ((a == b) ^ (c == d)) or at == len(short.keys) or last == len(longer.keys):
            return False
        if not self._spaced(short, at) or not self._spaced(longer, first) or self._spaced(longer, last):
            return False
        if self._ends(short, at) or self._ends(longer, first):
            return False
        self._add("same", *self.new.gap(c))
        self._add("inserted" if a == b else "deleted", longer.starts[first], longer.ends[last - 1])
        self.placed = (b, d)
        return True

    def _prefixed(self, a: int, b: int, c: int, d: int) -> bool:
        """Write a word that got or lost what stands before its hyphen, as "re-enter": the rest of it stays."""
        if b - a != 1 or d - c != 1 or self._was(a, c):
            return False
        gone, come = self.old.keys[a], self.new.keys[c]
        if not (gone.endswith(f"-{come}") or come.endswith(f"-{gone}")):
            return False
        self._space(a, c)
        self._add("deleted", self.old.starts[a], max(self.old.starts[a], self.old.ends[a] - len(come)))
        self._add("inserted", self.new.starts[c], max(self.new.starts[c], self.new.ends[c] - len(gone)))
        self._add("same", max(self.new.starts[c], self.new.ends[c] - len(gone)), self.new.ends[c])
        return True

    def _led_elsewhere(self, a: int, b: int, c: int, d: int) -> bool:
        """Write a reference that points elsewhere: the word before its number stays."""
        if b - a != 1 or d - c != 1 or not self.old.keys[a][0] == self.new.keys[c][0] == POINTS_TO:
            return False
        start, end, begin, stop = self.old.starts[a], self.old.ends[a], self.new.starts[c], self.new.ends[c]
        lead = _LEAD.match(self.new.text[begin:stop])
        if not lead or not self.old.text[start:end].startswith(lead[0]):
            return False
        self._space(a, c)
        self._add("same", begin, begin + lead.end())
        self._add("deleted", start + lead.end(), end)
        self._add("inserted", begin + lead.end(), stop)
        return True

    def _only_marked_up(self, a: int, b: int, c: int, d: int) -> bool:
        """Tell whether the same words only became a reference, or ceased to be one."""
        old, new = self.old, self.new
        if a == b or c == d or any(key.find(POINTS_TO) > 0 for key in (*old.keys[a:b], *new.keys[c:d])):
            return False
        if old.text[old.starts[a] : old.ends[b - 1]].split() != new.text[new.starts[c] : new.ends[d - 1]].split():
            return False
        return not any(POINTS_TO in key for key in old.keys[a:b]) or not any(POINTS_TO in key for key in new.keys[c:d])

    def _reference(self, i: int, j: int, was: Run | None) -> None:
        old, new = self.old, self.new
        before, after = old.text[old.starts[i] : old.ends[i]], new.text[new.starts[j] : new.ends[j]]
        if before == after or before.split() == after.split():
            self._add("same", new.starts[j], new.ends[j], was=was)
            return
        numbering = only_renumbered(before, after)
        self._add("deleted", old.starts[i], old.ends[i], numbering)
        self._add("inserted", new.starts[j], new.ends[j], numbering)

    def _space(self, i: int, j: int, was: Run | None = None) -> None:
        """Add the white space before a word that stays; that it came or went is marked, how wide it is is not."""
        if (i, j) == self.placed:
            return
        old, new = self._spaced(self.old, i), self._spaced(self.new, j)
        if self._ends(self.old, i) != self._ends(self.new, j):
            self._add("deleted", *self.old.gap(i))
            self._add("inserted", *self.new.gap(j))
        elif new:
            # A space looks as the words on both sides of it did.
            kept = was if old and self.stretches and _same_was(self.stretches[-1][4], was) else None
            self._add("same" if old else "inserted", *self.new.gap(j), was=kept)
        elif old:
            self._add("deleted", *self.old.gap(i))

    @staticmethod
    def _ends(side: Tokens, index: int) -> int:
        return side.text.count(END, *side.gap(index)) if END in side.text else 0

    @staticmethod
    def _spaced(side: Tokens, index: int) -> bool:
        return index > 0 and side.starts[index] > side.ends[index - 1]

    def _add(self, mark: Mark, start: int, end: int, numbering: bool = False, was: Run | None = None) -> None:
        if start == end:
            return
        if self.stretches:
            last = self.stretches[-1]
            if last[:2] == (mark, numbering) and last[3] == start and _same_was(last[4], was):
                self.stretches[-1] = (mark, numbering, last[2], end, was)
                return
        self.stretches.append((mark, numbering, start, end, was))


def _same_was(left: Run | None, right: Run | None) -> bool:
    return left is right or (left is not None and right is not None and _look(left) == _look(right))


class _Cutter:
    """Cuts stretches out of runs, from left to right."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self.index = 0
        self.offset = 0
        """Where the run at `index` begins."""

    def cut(self, start: int, end: int) -> Iterator[Run]:
        """Yield what lies between two places of the text."""
        while start < end:
            run = self.runs[self.index]
            stop = self.offset + len(run.text)
            if stop <= start:
                self.index, self.offset = self.index + 1, stop
                continue
            first, last = start - self.offset, min(end, stop) - self.offset
            text = run.text[first:last]
            yield run if len(text) == len(run.text) else Run(text, run.strong, run.emphasis, run.target, run.origin)
            start = self.offset + last
