"""The three tiers of tests: the quick ones, the suite, and all of them.

`--quick` leaves out what is marked `slow`; the suite has that, and leaves out what is marked `full`; `--full` has all.
Each mark says what the test buys for its time. A bench of many cases stands in the suite with a sample of them, and
property tests try fewer examples there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import settings

TIERS = ("quick", "suite", "full")
SHARES = {"quick": 20, "suite": 3, "full": 1}
"""The part of a property test's examples that a tier tries: one in so many."""

LEFT_OUT = {"quick": ("slow", "full"), "suite": ("full",), "full": ()}
MARKS = {
    "slow": "slow(why): left out of --quick; `why` is what the test buys for its time",
    "full": "full(why): run with --full alone; `why` is what it adds to what the suite tries",
}

for _name, _share in SHARES.items():
    # The same examples on every machine and every day; a slow machine is no failure.
    settings.register_profile(
        _name, derandomize=True, deadline=None, database=None, print_blob=True, max_examples=max(1, 100 // _share)
    )


def choose(tier: str) -> None:
    """Set how many examples property tests try. It must be done before any module of tests is imported."""
    settings.load_profile(tier)


def examples(number: int) -> int:
    """Return how many of a property test's examples are tried in this tier."""
    return max(1, number * settings.default.max_examples // 100)


def sampled(cases: Iterable[Any], chosen: Iterable[Any], why: str) -> list[Any]:
    """Return the cases of a bench for parametrising, all but those chosen for --full alone."""
    suite = list(chosen)
    everything = list(cases)
    assert [case for case in suite if case not in everything] == [], "chosen, but no case"
    return [case if case in suite else pytest.param(case, marks=pytest.mark.full(why)) for case in everything]


def left_out(item: pytest.Item, tier: str) -> bool:
    """Tell whether a tier leaves a test out; each mark of it must say why."""
    marks = [mark for mark in item.iter_markers() if mark.name in MARKS]
    for mark in marks:
        if not (len(mark.args) == 1 and isinstance(mark.args[0], str) and mark.args[0]):
            raise pytest.UsageError(f"{item.nodeid}: the mark `{mark.name}` does not say what the test buys")
    return any(mark.name in LEFT_OUT[tier] for mark in marks)
