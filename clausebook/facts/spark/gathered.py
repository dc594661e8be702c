"""Gather the partnerships of a repository, and what the schemas call what is said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from clausebook.assemble.inputs import AMENDS
from clausebook.facts.spark.method import Method
from clausebook.facts.spark.partnerships import ANY, DEAL, Partnership, of_agreement, of_opportunity
from clausebook.findings.model import Finding, RepositoryError, has_errors
from clausebook.findings.near_names import did_you_mean
from clausebook.findings.pointers import parts, pointer
from clausebook.formats.locale_words import locale_words
from clausebook.project.project import Project
from clausebook.records.opportunities import landscape_of, opportunities_of, our_name, own_name
from clausebook.validate.described import for_the_contract, label_of, schemas_at
from clausebook.validate.schemas import Schemas


def partnerships_of(
    project: Project, method: Method, name: str = ""
) -> tuple[tuple[Partnership, ...], tuple[Finding, ...]]:
    """Return the partnerships of a repository, or that of one id: opportunities that are open, and agreements.

    With what is wrong with the files of those that cannot be read. Raises RepositoryError for an id that is none.
    """
    opportunities, findings = opportunities_of(project.tree, project.known)
    house = own_name(landscape_of(project.tree)[0])
    found = [of_opportunity(method, each) for each in opportunities if each.is_open or each.id == name]
    unread = [*findings]
    for each in project.files():
        if name in ("", each.id):
            data, wrong = project.load(each)
            journal, noted = project.read_journal(each.id)
            if data is None or has_errors(noted):
                unread += [*wrong, *noted]
            elif AMENDS not in data:
                partner = partner_of(data, house)
                found.append(of_agreement(method, each.id, str(data["title"]), partner, data, journal.spark))
            project.forget(each)
    if name:
        found = [each for each in found if each.id == name]
        unread = [each for each in unread if name in each.path]
        if not found and not unread:
            known = [each.id for each in opportunities] + list(project.known)
            hint = did_you_mean(name, known, "`clausebook spark` lists them all")
            raise RepositoryError(f"there is no opportunity and no agreement `{name}`", hint)
    return tuple(found), tuple(unread)


def partner_of(data: Mapping[str, Any], house: str) -> str:
    """Return the names of an agreement's parties but our own."""
    names = [str(each["legal_name"]) for each in data["parties"]]
    return all_of([name for name in names if name != our_name(house, names)])


def all_of(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    return locale_words("en-US").listed(names)


def house_of(project: Project, one: Partnership) -> str:
    """Return our own name in a partnership, "" if nobody says it: as the house's own scan has it, or as a party's."""
    names = [str(each["legal_name"]) for each in one.deal.get("parties", ())]
    return our_name(own_name(landscape_of(project.tree)[0]), names)


def step_schemas(project: Project, method: Method) -> Mapping[str, tuple[Schemas, ...]]:
    """Return the schemas by which each step is written down, and agreements of each type; those that can be used."""
    found = {step.id: [project.schema(f"spark-{step.id}")] for step in method.steps}
    found[DEAL] = list(map(project.store.of, project.store.types()))
    return {name: tuple(each for each in schemas if not each.findings) for name, schemas in found.items()}


def can_be_said(schemas: Iterable[Schemas], path: Iterable[str]) -> bool:
    """Tell whether one of the schemas knows a value at a path, of which any item may be a step."""
    steps = _first_items(path)
    return any(schemas_at(each.root, each.references, steps) for each in schemas)


def called(method: Method, schemas: Mapping[str, tuple[Schemas, ...]], need: str) -> str:
    """Return what the schemas call what a point needs, such as “Scan: Complements”; alternatives with an “or”."""
    return " or ".join(_called(method, schemas, one) for one in need.split("|"))


def said(
    schemas: Mapping[str, tuple[Schemas, ...]], step: str, data: Mapping[str, Any]
) -> Iterator[tuple[str, str, Any]]:
    """Yield what is said of a step, but for what is internal: a property's name, its title, and its value."""
    for each in schemas.get(step, ()):
        for name, value in for_the_contract(data, [each.root], each.references).items():
            yield name, label_of(each.root, each.references, pointer([name])) or name, value


def _called(method: Method, schemas: Mapping[str, tuple[Schemas, ...]], need: str) -> str:
    first, *path = parts(need)
    titles = {step.id: step.title for step in method.steps} | {DEAL: "Agreement"}
    where = pointer(_first_items(path))
    labels = (label_of(each.root, each.references, where) for each in schemas.get(first, ()))
    return f"{titles.get(first, first)}: {next(filter(None, labels), pointer(path))}"


def _first_items(path: Iterable[str]) -> list[str]:
    return ["0" if step == ANY else step for step in path]
