"""The rounds of a pull request: what its last review saw, as its comment keeps it, and what is new since.

A comment can be edited by others: its mark is read as data, bounded, and leads to nothing but the choice of a commit to
compare with. The whole change is told beside it in any case.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import asdict, replace

from clausebook.findings.characters import shortened, shown_line
from clausebook.findings.model import RepositoryError
from clausebook.repository.git.objects import SHORT, read_commit
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import find_commit, merge_base
from clausebook.review.model import Review, Round

MOST_ROUNDS, MOST_SENTENCES, LONGEST, MOST_PACKED = 20, 40, 400, 8_000
"""Rounds, sentences of each and characters of one that a mark keeps; and the characters of the mark itself."""

_MOST_UNPACKED = 1 << 20
_MARK = re.compile(r"<!-- clausebook-rounds ((?:[0-9a-f]{40}|[0-9a-f]{64})) ([A-Za-z0-9_=-]{1,20000}) -->")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def mark(review: Review) -> str:
    """Return the line, nothing to a reader, by which the next review knows the rounds up to this one; "" without any.

    It names the newest commit in plain figures, so that a pipeline can fetch it.
    """
    if review.state is None:
        return ""
    rounds = [*review.rounds, review.state][-MOST_ROUNDS:]
    while len(packed := _packed(rounds)) > MOST_PACKED:
        oldest = next((number for number, each in enumerate(rounds) if each.said), None)
        rounds = rounds[1:] if oldest is None else [
            replace(each, said=()) if number == oldest else each for number, each in enumerate(rounds)
        ]  # fmt: skip
    return f"<!-- clausebook-rounds {review.state.head} {packed} -->"


def rounds_in(comment: str) -> tuple[Round, ...]:
    """Return the rounds that the mark of a comment names, the oldest first; () if there is none that can be read."""
    found = _MARK.search(comment)
    if found is None:
        return ()
    try:
        unpacker = zlib.decompressobj()
        told = json.loads(unpacker.decompress(base64.urlsafe_b64decode(found[2]), _MOST_UNPACKED))
        rounds = tuple(_round(each) for each in told[-MOST_ROUNDS:])
    except (binascii.Error, zlib.error, ValueError, TypeError, KeyError, RecursionError):
        return ()
    return rounds if rounds and rounds[-1].head == found[1] else ()


def state_of(git: Git, base: str, head: str) -> Round | None:
    """Return what the next round is compared with: of a merge that the forge made, the change alone.

    `base` and `head` are full ids, `head` "" for the work tree, which is no state that could be had again.
    """
    if not head:
        return None
    parents = read_commit(git, head).parents
    own = parents[1] if len(parents) == 2 and parents[0] == base else head
    return Round(own, base)


def telling(state: Round | None, said: Sequence[str]) -> Round | None:
    """Return a state with the sentences in which it is told what was new then, as far as a mark keeps them."""
    return state and replace(state, said=tuple(_short(each) for each in said[:MOST_SENTENCES]))


def before(rounds: tuple[Round, ...], head: str) -> tuple[Round, ...]:
    """Return the rounds before the one of a commit: a run that is repeated begins no round."""
    return rounds[:-1] if rounds and rounds[-1].head == head else rounds


def base_then(git: Git, last: Round, base: str) -> str:
    """Return the full id of the commit that an earlier state of the change was made on.

    Raises RepositoryError if the state is not in this clone, or has no history in common with the base.
    """
    if find_commit(git, last.head) != last.head:
        raise RepositoryError(
            f"what the last review saw, {last.head[:SHORT]}, is not in this clone", f"git fetch origin {last.head}"
        )
    shared = merge_base(git, last.head, base)
    there = find_commit(git, last.base) if last.base else None
    # What the mark says of the base counts where the state does descend from it.
    return there if there and _descends(git, last.head, there) else shared


def _descends(git: Git, commit: str, ancestor: str) -> bool:
    return git.succeeds("merge-base", "--is-ancestor", ancestor, commit) is not None


def _packed(rounds: Sequence[Round]) -> str:
    told = json.dumps(list(map(asdict, rounds)), ensure_ascii=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(told.encode(), 9)).decode()


def _round(told: dict[str, object]) -> Round:
    head, base, said = told["head"], told["base"], told["said"]
    if not (isinstance(head, str) and isinstance(base, str) and isinstance(said, list)):
        raise TypeError
    if not (_COMMIT.fullmatch(head) and _COMMIT.fullmatch(base)):
        raise ValueError
    return Round(head, base, tuple(_short(str(each)) for each in said[:MOST_SENTENCES]))


def _short(text: str) -> str:
    return shortened(shown_line(text), LONGEST)
