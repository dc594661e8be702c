"""What the site shows of the method: its steps with their schemas, and what is known of partnerships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clausebook.facts.spark.gathered import step_schemas
from clausebook.facts.spark.matrix import Rated, matrix
from clausebook.facts.spark.method import Method, read_method
from clausebook.facts.spark.partnerships import Partnership, answered, of_opportunity, reached
from clausebook.project.project import Project
from clausebook.records.opportunities import Opportunity, landscape_of, opportunities_of
from clausebook.site.page import agreement_path
from clausebook.validate.schemas import Schemas

BEFORE_AFTER = "before-after"
"""The look of a part of a step that stands on a page of its own, too: how it was, and how it is."""


@dataclass(frozen=True, slots=True)
class MethodContent:
    """The method and the schemas of its steps and of agreements; the opportunities, and the house's own scan."""

    method: Method = field(default_factory=Method)
    schemas: Mapping[str, tuple[Schemas, ...]] = field(default_factory=dict)
    opportunities: tuple[Opportunity, ...] = ()
    landscape: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartnershipEntry:
    """What lists show of a partnership; `path` is its page, `step` the id of the one that it has come to, or "".

    `ratings` are in the order of the method's weights. `rank` is its score in hundredths, -1 if it has none, and
    `reckoning` tells how that comes about. Of the `points` of the method, so many are `answered`. `stories` are its
    pages of before and after, path and title.
    """

    id: str
    title: str
    organisation: str
    path: str
    step: str = ""
    industry: str = ""
    opportunity: str = ""
    ratings: tuple[Rated, ...] = ()
    rank: int = -1
    reckoning: str = ""
    answered: int = 0
    points: int = 0
    closed: str = ""
    stories: tuple[tuple[str, str], ...] = ()


def method_content(project: Project) -> MethodContent:
    """Return what a repository says of the method and of opportunities; what is wrong with it is told by its check."""
    method, _ = read_method(project.tree)
    opportunities, _ = opportunities_of(project.tree, project.known)
    schemas = step_schemas(project, method) if method.steps else {}
    return MethodContent(method, schemas, opportunities, landscape_of(project.tree)[0])


def opportunity_path(name: str) -> str:
    """Return where the page of an opportunity is written."""
    return f"pipeline/{name}/index.html"


def spark_path(agreement: str) -> str:
    """Return where the page of an agreement's partnership is written."""
    return f"{agreement_path(agreement).removesuffix('index.html')}spark/index.html"


def method_steps(method: Method) -> tuple[tuple[str, str], ...]:
    """Return the steps of a method, the id and the title of each."""
    return tuple((step.id, step.title) for step in method.steps)


def opportunity_entries(content: MethodContent) -> tuple[PartnershipEntry, ...]:
    """Return what lists show of the opportunities."""
    return tuple(
        partnership_entry(
            content,
            of_opportunity(content.method, each),
            opportunity_path(each.id),
            str(each.data.get("closed", {}).get("on", "")),
        )
        for each in content.opportunities
    )


def partnership_entry(
    content: MethodContent, partnership: Partnership, path: str, closed: str = ""
) -> PartnershipEntry:
    """Return what lists show of a partnership; `closed` is the day since which nobody pursues it, ISO 8601, or ""."""
    method = content.method
    come, found = reached(method, partnership), answered(method, partnership)
    row = next(iter(matrix(method, [partnership])), None)
    return PartnershipEntry(
        partnership.id,
        partnership.title,
        partnership.organisation,
        path,
        come.id if come else "",
        row.industry if row else "",
        row.opportunity if row else "",
        tuple(row.ratings.values()) if row else (),
        round(row.score * 100) if row and row.score is not None else -1,
        row.reckoning if row else "",
        sum(not each.lacking for each in found),
        len(found),
        closed,
        tuple(stories_of(content, partnership, path)),
    )


def stories_of(content: MethodContent, partnership: Partnership, path: str) -> Iterator[tuple[str, str]]:
    """Yield path and title of each page of before and after; `path` is where the partnership's own page is written."""
    for step, data in partnership.steps.items():
        for schemas in content.schemas.get(step, ()):
            for name, part in schemas.root.get("properties", {}).items():
                if part.get("x-look") == BEFORE_AFTER and isinstance(story := data.get(name), Mapping):
                    title = str(story.get("title") or part.get("title", name))
                    yield f"{path.removesuffix('index.html')}{name.replace('_', '-')}/index.html", title
