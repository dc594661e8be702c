"""Opportunities: partnerships that have no agreement yet, in `agreements/pipeline/`, and the house's own scan."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from clausebook.findings.characters import shortened
from clausebook.findings.model import Finding, SourceFile, finding_in
from clausebook.findings.near_names import did_you_mean
from clausebook.records.record_files import stray
from clausebook.repository.agreement_files import PIPELINE, SUFFIXES, id_problem, is_aside
from clausebook.repository.tree import Tree, TreeError, names_in, unreadable
from clausebook.validate.repository_files import SchemaOf, read_repository_file, schema_of

LANDSCAPE = "scan.yaml"
"""Where the house writes down its strengths and weaknesses, the industries that it looks at, and what moves in them."""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A partnership without an agreement. `data` are as they are written: its steps, by the name of each, and more."""

    id: str
    title: str
    organisation: str
    kind: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    at: SourceFile = field(default=SourceFile("", lambda pointer: (1, 1)), compare=False, repr=False)

    @property
    def path(self) -> str:
        """Where it is written down."""
        return opportunity_path(self.id)

    @property
    def is_open(self) -> bool:
        """Whether it is still pursued."""
        return "closed" not in self.data


def opportunity_path(name: str) -> str:
    """Return where an opportunity is written down."""
    return f"{PIPELINE}/{name}{SUFFIXES[0]}"


def opportunities_of(
    tree: Tree, agreements: Collection[str] = ()
) -> tuple[tuple[Opportunity, ...], tuple[Finding, ...]]:
    """Return the opportunities that can be read, by id, and what is wrong with how they are written.

    One that has the id of one of the `agreements` is wrong: it was promoted, and says what it said twice.
    """
    try:
        names = tree.names(PIPELINE) if f"{PIPELINE.rpartition('/')[2]}/" in names_in(tree, "agreements") else []
    except TreeError as error:
        return (), (unreadable(PIPELINE, error),)
    found: list[Opportunity] = []
    findings: list[Finding] = []
    known = cache(partial(schema_of, tree))
    for name in sorted(names):
        path, stem = f"{PIPELINE}/{name}", name.removesuffix(SUFFIXES[0])
        if name.endswith("/") or is_aside(name):
            continue
        if stem == name:
            findings.append(stray(path, "is no opportunity: its name does not end with .yaml"))
        elif problem := id_problem(stem):
            findings.append(finding_in(path, "core/opportunity-id", problem, "rename the file"))
        elif stem in agreements:
            said = f"there is an agreement `{stem}` already, so this is no opportunity any more"
            hint = "move what it says into the agreement’s journal, and remove this file; or rename it"
            findings.append(finding_in(path, "core/opportunity-id", said, hint))
        else:
            one, wrong = _opportunity(tree, stem, path, known)
            findings += wrong
            found += [one] if one else []
    return tuple(found), tuple(findings)


def _opportunity(tree: Tree, name: str, path: str, known: SchemaOf) -> tuple[Opportunity | None, tuple[Finding, ...]]:
    value, at, findings = read_repository_file(tree, path, "opportunity", known)
    if value is None:
        return None, findings
    organisation = value["organisation"]
    return Opportunity(name, value["title"], organisation["name"], organisation.get("kind", ""), value, at), findings


def own_name(landscape: Mapping[str, Any]) -> str:
    """Return the name by which the house goes in its own scan, "" if that says none."""
    return str(landscape.get("organisation", ""))


def our_name(house: str, parties: Sequence[str]) -> str:
    """Return by which of the parties' names we go: the house's own, else the first one's; the house's if none has."""
    return house if house in parties or not parties else parties[0]


def landscape_of(tree: Tree) -> tuple[Mapping[str, Any], tuple[Finding, ...]]:
    """Return the house's own scan, {} without one, and what is wrong with its file."""
    if LANDSCAPE not in names_in(tree, ""):
        return {}, ()
    value, at, findings = read_repository_file(tree, LANDSCAPE, "scan")
    return value or {}, (*findings, *_off_the_map(value or {}, at))


def _off_the_map(scan: Mapping[str, Any], at: SourceFile) -> Iterator[Finding]:
    """Yield each industry of which the house's own scan speaks, and which is not on its map."""
    known = [str(each["name"]) for each in scan.get("industries", ())]
    for group, name in (("weaknesses", "made_good_by"), ("trends", "industries")):
        for index, each in enumerate(scan.get(group, ())):
            for number, industry in enumerate(each.get(name, ())):
                if industry not in known:
                    hint = did_you_mean(industry, known, f"the industries are: {', '.join(known) or 'none'}")
                    said = f"the industry “{shortened(industry)}” is not on the map below `industries`"
                    yield at.finding("core/industry-unknown", said, f"/{group}/{index}/{name}/{number}", hint)
