"""Deals with a careless edit in them, to see whether the rules of the type find it.

`tests/cases/defects/partnership.yaml` lists the edits; the deals beside it are clean, and the tests' own.
"""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clausebook.findings.model import Finding
from clausebook.findings.pointers import parts
from clausebook.language.sandbox import Sandbox
from clausebook.load.yaml import load_yaml
from clausebook.project.making import Judging
from clausebook.project.project import Project
from tests.support.repositories import ROOT

DEFECTS = ROOT / "tests" / "cases" / "defects"
LIST = DEFECTS / "partnership.yaml"
LISTS = (LIST, DEFECTS / "reading.yaml")
"""The lists of what is put into deals; all else there are deals."""

CLEAN = tuple(sorted(path.stem for path in DEFECTS.glob("*.yaml") if path not in LISTS))


@dataclass(frozen=True, slots=True)
class Seed:
    """An edit of a clean deal: what is set and what is then dropped, by pointer, and where which rule says so.

    A pointer that ends in `/-` adds to a list. `as_of` is the day of the judgment, "" if no day is given.
    """

    rule: str
    deal: str
    at: str
    set: Mapping[str, Any]
    drop: tuple[str, ...]
    as_of: str

    def edited(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the deal's data with the edit."""
        changed: dict[str, Any] = copy.deepcopy(dict(data))
        for pointer, value in self.set.items():
            holder, step = _holder(changed, pointer)
            if step == "-":
                holder.append(value)
            else:
                holder[step] = value
        for pointer in self.drop:
            holder, step = _holder(changed, pointer)
            del holder[step]
        return changed


def seeds() -> list[Seed]:
    """Return all edits that are listed."""
    listed: Any = load_yaml(LIST.read_bytes(), LIST.name, root="list").value
    return [
        Seed(
            each["rule"],
            each["deal"],
            each["at"],
            each.get("set", {}),
            tuple(each.get("drop", ())),
            each.get("as_of", ""),
        )
        for each in listed
    ]


def clean_deal(name: str) -> dict[str, Any]:
    """Return the data of a clean deal."""
    return dict(load_yaml((DEFECTS / f"{name}.yaml").read_bytes(), f"{name}.yaml").value or {})  # type: ignore[arg-type]


def repository_of_types(folder: Path) -> Path:
    """Make a repository with the types as counsel keeps them, and no agreement; return its root."""
    root = folder / "repository"
    for each in ("schemas", "templates"):
        shutil.copytree(ROOT / each, root / each)
    shutil.copy(ROOT / "mkdocs.yml", root)
    (root / "agreements").mkdir()
    return root


def judged(root: Path, chosen: Iterable[Seed], sandbox: Sandbox) -> Iterator[tuple[Seed, tuple[Finding, ...]]]:
    """Yield each edit with what is found in the deal that has it."""
    deals = {name: clean_deal(name) for name in CLEAN}
    listed = [(f"seed-{number}", seed) for number, seed in enumerate(chosen)]
    for name, seed in listed:
        data = {**seed.edited(deals[seed.deal]), "id": name}
        (root / "agreements" / f"{name}.yaml").write_text(json.dumps(data), encoding="utf-8")
    for day in sorted({seed.as_of for _, seed in listed}):
        wanted = {name: seed for name, seed in listed if seed.as_of == day}
        for agreement in Project(root, sandbox, judging=Judging(day)).assemble_all(wanted):
            yield wanted[agreement.file.id], agreement.findings


def _holder(data: Any, pointer: str) -> tuple[Any, Any]:
    """Return the mapping or the list that holds what a pointer names, and its key or its index."""
    *above, last = parts(pointer)
    for step in above:
        data = data[int(step)] if isinstance(data, list) else data.setdefault(step, {})
    return data, int(last) if isinstance(data, list) and last != "-" else last
