"""The clause languages by their numbers: which filters and functions a template of each number has.

A clause file's number says its language, so that a clause that was sent keeps the one of its time. What is changed in
a filter's words, or taken away, makes a new number, and leaves the old one as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clausebook.language.filters import Filters
from clausebook.language.rule_language import RuleFilters


@dataclass(frozen=True, slots=True)
class Dialect:
    """A clause language: `filters` gives those of a natural language by name, `functions` are those that it has."""

    filters: Callable[[str], Mapping[str, Callable[..., object]]]
    functions: frozenset[str]
    arithmetic: bool = False


_FUNCTIONS = frozenset({"define", "has", "label", "party", "ref", "ref_item", "ref_number", "refs", "term"})

RULES = 101
"""The number of the first language of rules."""

REPORTS = 201
"""The number of the first language of reports: that of clauses, with the arithmetic of rules."""

DIALECTS: dict[int, Dialect] = {
    1: Dialect(lambda language: Filters(language).table(), _FUNCTIONS),
    RULES: Dialect(lambda language: RuleFilters(language).table(), frozenset({"fault", "has", "more", "party"}), True),
    REPORTS: Dialect(lambda language: RuleFilters(language).table(), _FUNCTIONS, True),
}
"""All clause languages that can be read."""
