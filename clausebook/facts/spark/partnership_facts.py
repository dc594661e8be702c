"""Gather what documents about a partnership are made from, such as its pitch, by an allow-list of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from clausebook.facts.report_data import ReportFacts, allowed
from clausebook.facts.reports import ReportKind
from clausebook.facts.spark.gathered import house_of, said, step_schemas
from clausebook.facts.spark.method import Method
from clausebook.facts.spark.partnerships import ANY, Partnership
from clausebook.findings.model import RepositoryError
from clausebook.findings.pointers import parts
from clausebook.project.project import Project
from clausebook.records.opportunities import LANDSCAPE, opportunity_path
from clausebook.validate.shape import schema_shape


def partnership_facts(project: Project, method: Method, one: Partnership, kind: ReportKind, as_of: str) -> ReportFacts:
    """Return what documents of a kind about a partnership are made from, as of a day (ISO 8601).

    Of the steps, that is what the kind says it tells, but for what the schemas call internal. Raises RepositoryError
    if nobody says who proposes it.
    """
    house = house_of(project, one)
    if not house:
        raise RepositoryError("nobody says who proposes it", f"write your own name as `organisation` in {LANDSCAPE}")
    schemas, told = step_schemas(project, method), _tree(kind.of_partnership)
    steps = {
        name: allowed({key: value for key, _, value in said(schemas, name, data)}, told[name])
        for name, data in one.steps.items()
        if name in told
    }
    parties = (("ours", house), ("theirs", one.organisation))
    return ReportFacts(
        id=one.id,
        path=project.known[one.id].path if one.id in project.known else opportunity_path(one.id),
        locate=lambda pointer: (1, 1),
        facts={"id": one.id, "title": one.title, "version": as_of},
        deal={"parties": [{"key": key, "legal_name": name, "short_name": name} for key, name in parties]},
        as_of=as_of,
        outward=True,
        ending=f"-{as_of}",
        steps=steps,
        shapes={name: schema_shape(each.root, each.references) for name in told for each in schemas.get(name, ())},
    )


def _tree(pointers: Iterable[str]) -> dict[str, Any]:
    """Return pointers as an allow-list of names inside names; what is allowed as a whole is so in all its parts."""
    told: dict[str, Any] = {}
    for each in pointers:
        inside, (*above, last) = told, [step for step in parts(each) if step != ANY]
        for step in above:
            inside = inside.setdefault(step, {}) if inside.get(step) is not True else {}
        inside[last] = True
    return told
