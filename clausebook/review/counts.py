"""What stands in a comment that has no room even for the names of what is wrong and of what is to be approved."""

from __future__ import annotations

from collections.abc import Iterator

from clausebook.findings.characters import shortened
from clausebook.findings.report import counted
from clausebook.review import excerpts as said
from clausebook.review.approvals import asked
from clausebook.review.fitting import Block, Part
from clausebook.review.inert import inert
from clausebook.review.model import Review

_RANK = 1


def counts(review: Review) -> Iterator[Part]:
    """Yield errors by rule and open approvals by office, counted: what is told where not even their names have room."""
    rules: dict[str, list[str]] = {}
    for finding in review.other_findings("error"):
        rules.setdefault(finding.rule, []).append(finding.path)
    offices: dict[str, list[str]] = {}
    for one in asked(review):
        if one.open:
            offices.setdefault(said.office(one.standing.need.role, review), []).extend(one.agreements)
    for title, found, noun, ends in (
        ("Errors", rules, "error", ""),
        ("Who must approve", offices, "approval", " to give"),
    ):
        lines = []
        for name, places in found.items():
            names = list(dict.fromkeys(places))
            few = ", ".join(inert(shortened(each, said.LONGEST)) for each in names[: said.FEW])
            more = " …" if names[said.FEW :] else ""
            lines.append(
                f"- {inert(shortened(name, said.LONGEST))}: {counted(len(places), noun)}{ends}, in {few}{more}"
            )
        if lines:
            yield Part([Block(f"### {title}"), *(Block(line, "", _RANK) for line in lines)])
