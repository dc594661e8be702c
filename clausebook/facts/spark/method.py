"""The method as data: `templates/spark.yaml` says which steps there are, how they are rated and what they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clausebook.findings.model import Finding, SourceFile
from clausebook.findings.near_names import did_you_mean
from clausebook.repository.tree import Tree, names_in
from clausebook.validate.repository_files import read_repository_file

FILE = "templates/spark.yaml"


@dataclass(frozen=True, slots=True)
class MethodStep:
    """A step of the method; `of_agreements` is the one that a partnership has come to when it has an agreement.

    `earlier` says where older agreements have a property of it: by name, a JSON pointer.
    """

    id: str
    title: str
    aim: str
    of_agreements: bool = False
    earlier: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Point:
    """A strategy or a challenge, and the step to which it belongs.

    `needs` are pointers to what answers it, all of them; the alternatives of a need are parted by a bar.
    """

    id: str
    title: str
    kind: str
    step: str
    says: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """A method: what each rating is worth, how much each counts, and the least share of contributions, in percent.

    `agreement_type` is the type of agreement that an opportunity becomes, "" if it is named each time.
    """

    name: str = ""
    steps: tuple[MethodStep, ...] = ()
    ratings: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    least_share: float = 0
    points: tuple[Point, ...] = ()
    agreement_type: str = ""
    at: SourceFile = field(default=SourceFile("", lambda pointer: (1, 1)), compare=False, repr=False)


def read_method(tree: Tree) -> tuple[Method, tuple[Finding, ...]]:
    """Return the method of a repository, one without steps if it has none, and what is wrong with its file."""
    folder, _, name = FILE.rpartition("/")
    if name not in names_in(tree, folder):
        return Method(), ()
    value, at, findings = read_repository_file(tree, FILE, "method")
    if value is None:
        return Method(), findings
    method = _method(value, at)
    ids = [step.id for step in method.steps]
    unknown = (
        at.finding("core/method-step", f"there is no step `{point.step}`", f"/points/{index}/step", _hint(point, ids))
        for index, point in enumerate(method.points)
        if point.step not in ids
    )
    return method, (*findings, *unknown)


def _hint(point: Point, ids: Sequence[str]) -> str:
    return did_you_mean(point.step, ids, f"the steps are: {', '.join(ids)}")


def _step(told: Mapping[str, Any]) -> MethodStep:
    return MethodStep(told["id"], told["title"], told["aim"], told.get("of_agreements", False), told.get("earlier", {}))


def _method(value: Mapping[str, Any], at: SourceFile) -> Method:
    points = (
        Point(each["id"], each["title"], each["kind"], each["step"], each.get("says", ""), tuple(each["needs"]))
        for each in value.get("points", ())
    )
    return Method(
        value["name"],
        tuple(map(_step, value["steps"])),
        {name: float(each) for name, each in value.get("ratings", {}).items()},
        {name: float(each) for name, each in value.get("weights", {}).items()},
        float(value.get("equity", {}).get("least_share", 0)),
        tuple(points),
        value.get("agreement_type", ""),
        at,
    )
