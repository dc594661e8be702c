"""The least file of a type that passes the check, with comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clausebook.document.statuses import FIRST_STATUS
from clausebook.findings.model import Finding, RepositoryError
from clausebook.findings.pointers import pointer
from clausebook.formats.table import FIELD
from clausebook.library.model import AgreementType
from clausebook.project.project import Project
from clausebook.repository.agreement_files import FOLDER
from clausebook.scaffold.commented import as_yaml
from clausebook.scaffold.least import Least, whole

FIRST_VERSION = "0.1"
MOST_TRIES = 200
"""How many other choices are tried at most where the least that the schemas allow makes no contract."""

_HEAD = """\
{schema_line}

# The least that an agreement of the type {kind} must say. Fill in what stands in [ ], and look at every
# other value: it is an example. A comment with + names what may be added there and, where that is known, what
# holds without it.
# Then run: clausebook check {name}

"""
_NAME = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def least_file(project: Project, kind: str, name: str, title: str = "", parties: Sequence[str] = ()) -> bytes:
    """Return the file of a new agreement; `parties` are the names of its first ones, "" for one that is not known.

    Raises RepositoryError if no least agreement passes the check.
    """
    schemas = project.store.of(kind)
    title = title or name.replace("-", " ").title()
    number = {FIELD: schemas.number} if schemas.number > 1 else {}
    given = {"id": name, "type": kind, "title": title, "version": FIRST_VERSION, "status": FIRST_STATUS}
    least = Least(schemas, given)
    loaded = project.type(kind).kind
    notes = _notes(least, loaded) if loaded else {}
    head = _HEAD.format(kind=kind, schema_line=project.store.line(kind), name=name)

    def written(data: Mapping[str, Any]) -> bytes:
        return (head + as_yaml(least.root, schemas.references, data, notes)).encode()

    data = {**number, **least.data()}
    for party, legal_name in zip(data["parties"], parties, strict=False):
        party["legal_name"] = legal_name or party["legal_name"]
    errors = problems(project, name, {f"{FOLDER}/{name}.yaml": written(data)})
    named = [f"/parties/{number}/legal_name" for number, legal_name in enumerate(parties) if legal_name]
    if unfit := next((each for each in errors if each.pointer in named), None):
        raise RepositoryError(f"a party of an agreement cannot be called so: {unfit.message}", unfit.hint)
    tries, met, fewest = 0, [_told(errors)], errors
    while errors:
        aside: tuple[dict[str, Any], tuple[Finding, ...]] | None = None
        for other in _others(least, data, errors):
            tries += 1
            found = problems(project, name, {f"{FOLDER}/{name}.yaml": written(other)})
            if len(found) < len(errors):
                data, errors, fewest = other, found, min(fewest, found, key=len)
                break
            if tries >= MOST_TRIES:
                raise _none(kind, name, fewest)
            if aside is None and len(found) == len(errors) and _told(found) not in met:
                aside = other, found
        else:
            if aside is None:
                raise _none(kind, name, fewest)
            data, errors = aside
        met.append(_told(errors))
    return written(data)


def problems(project: Project, name: str, files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Return the errors that an agreement would have with these files."""
    after = project.with_files(files)
    made = after.assemble(after.files([name])[0])
    return tuple(each for each in made.findings if each.severity == "error")


def _told(errors: tuple[Finding, ...]) -> set[tuple[str, str]]:
    return {(each.rule, each.pointer) for each in errors}


def _notes(least: Least, kind: AgreementType) -> dict[str, list[str]]:
    """Return what the outline says of the data, by pointer: which clauses may be chosen, and what decides on them."""
    notes: dict[str, list[str]] = {}
    decides: dict[str, list[str]] = {}
    for slot in kind.outline.slots():
        names = sorted(each.id for each in kind.clauses.values() if each.slot == slot.id and each.status == "approved")
        others = [name for name in names if name != slot.clause]
        if slot.item and not slot.when and others:
            said = f"Its clause is {slot.clause}; `clauses` below may name another one: {', '.join(others)}."
            notes.setdefault(slot.item, []).append(said)
        if slot.when and slot.clause in kind.clauses:
            for where in _paths(least, slot.when):
                decides.setdefault(where, []).append(kind.clauses[slot.clause].title)
    for schedule in kind.outline.schedules:
        for where in _paths(least, schedule.when):
            decides.setdefault(where, []).append(schedule.title)
    for where, titles in decides.items():
        listed = ", ".join(f"“{title}”" for title in dict.fromkeys(titles))
        notes.setdefault(where, []).append(f"It decides whether the contract has {listed}.")
    return notes


def _paths(least: Least, condition: str) -> set[str]:
    """Return the properties of which a condition of the outline speaks, as pointers."""
    found = set()
    for name in _NAME.findall(_QUOTED.sub("", condition)):
        part, path = whole(least.root, least.schemas.references), []
        for step in name.split("."):
            if step not in part.get("properties", {}):
                break
            path.append(step)
            part = whole(part["properties"][step], least.schemas.references)
        if path:
            found.add(pointer(path))
    return found


def _others(least: Least, data: dict[str, Any], errors: tuple[Finding, ...]) -> Iterator[dict[str, Any]]:
    pointers = list(dict.fromkeys(each.pointer for each in errors))
    more = least.with_properties(data, pointers)
    if more != data:
        yield more
    # What is missing beside a value is found around it.
    for where in dict.fromkeys((*pointers, *(each.rpartition("/")[0] for each in pointers))):
        yield from least.alternatives(data, where)


def _none(kind: str, name: str, errors: tuple[Finding, ...]) -> RepositoryError:
    rest = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    return RepositoryError(
        f"the least that the schemas of `{kind}` ask for makes no agreement that passes: {errors[0].message}{rest}",
        f"begin with a copy: clausebook new {kind} {name} --like ID",
    )
