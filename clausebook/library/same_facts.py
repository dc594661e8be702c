"""One fact in two fields: what a type's schemas say must be the same (`x-equals`), as rules of the type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from clausebook.findings.register import Rule
from clausebook.formats.table import FORMATS
from clausebook.library.model import DealRule, RuleExample

_WHY = "One fact in two fields is changed in one of them sooner or later, and then the contract says both."
_MEND = "Correct the one that is wrong, or leave it out."


def same_facts(kind: str, shape: Mapping[str, Any], path: str, place: str = "") -> Iterator[DealRule]:
    """Yield a rule for each property of a shape that must equal another; `path` is the file of the type's schemas.

    Items of lists are left out: of which of them another value tells, nobody knows.
    """
    for name, inner in shape.get("p", {}).items():
        here = f"{place}.{name}".lstrip(".")
        if other := inner.get("e"):
            yield _rule(kind, here, str(other), path)
        yield from same_facts(kind, inner, path, here)


def _rule(kind: str, here: str, other: str, path: str) -> DealRule:
    name = f"{kind}/same-{here.replace('.', '-').replace('_', '-')}"
    where = f"`/{other.replace('.', '/')}`"
    title = f"What stands twice is not the same: here and at {where}"
    rule = Rule(id=name, stage="deal", severity="error", title=title, why=_WHY, mend=_MEND)
    bad, good = (_example(here, other, second) for second in ("2", "1"))
    return DealRule(
        rule,
        each=(),
        let=(),
        when=f"{here} and {other} and {here} != {other}",
        at=(here, other),
        message=f"this is another value than the one at {where}, which says the same",
        bad=bad,
        good=good,
        path=path,
        line=1,
        dialect=FORMATS["rules"].dialects[-1],
    )


def _example(here: str, other: str, value: str) -> RuleExample:
    """Return data with "1" at one place, and a value at another."""
    data: dict[str, Any] = {}
    for place, each in ((here, "1"), (other, value)):
        *above, last = place.split(".")
        inner = reduce(lambda found, step: found.setdefault(step, {}), above, data)
        inner[last] = each
    return RuleExample(data)
