"""Deals with a careless edit in them, to see whether the rules of the type find it.

`tests/cases/defects/partnership.yaml` lists the edits of each rule, and `slips.yaml` those of people in a hurry; the
deals beside them are clean. Those in `unseen/` were written when the rules were done, and not by who wrote the rules.
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
from clausebook.project.agreement import Agreement
from clausebook.project.making import Judging
from clausebook.project.project import Project
from tests.support.repositories import ROOT

DEFECTS = ROOT / "tests" / "cases" / "defects"
LIST = DEFECTS / "partnership.yaml"
SLIPS = DEFECTS / "slips.yaml"
LISTS = (LIST, SLIPS, DEFECTS / "reading.yaml")
"""The lists of what is put into deals; all else there are deals."""

CLEAN = tuple(sorted(path.stem for path in DEFECTS.glob("*.yaml") if path not in LISTS))

UNSEEN = DEFECTS / "unseen"
UNSEEN_DEALS = tuple(sorted(path.stem for path in (UNSEEN / "partnership").glob("*.yaml")))
DAY = "2026-11-27"
"""When the clean deals were written."""

REPOSITORIES = {
    "consulting": "services",
    "mutual-nda": "confidentiality",
    "nda": "nda",
    "geheimhaltung": "geheimhaltung",
}
"""Where the other types of which there are unseen agreements lie among the tests."""


@dataclass(frozen=True, slots=True)
class Seed:
    """An edit of a clean deal: what is set and what is then dropped, by pointer, and where which rule says so.

    A pointer that ends in `/-` adds to a list. `as_of` is the day of the judgment, "" if no day is given. `rule` is ""
    for what no rule can see. `slip` says what somebody did in a hurry, "" for what proves a rule.
    """

    rule: str
    deal: str
    at: str
    set: Mapping[str, Any]
    drop: tuple[str, ...]
    as_of: str
    slip: str = ""

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


def seeds(path: Path = LIST) -> list[Seed]:
    """Return all edits that a file lists."""
    listed: Any = load_yaml(path.read_bytes(), path.name, root="list").value
    return [
        Seed(
            each.get("rule", ""),
            each["deal"],
            each["at"],
            each.get("set", {}),
            tuple(each.get("drop", ())),
            each.get("as_of", ""),
            each.get("slip", ""),
        )
        for each in listed
    ]


def clean_deal(name: str) -> dict[str, Any]:
    """Return the data of a clean deal."""
    folder = DEFECTS if name in CLEAN else UNSEEN / "partnership"
    return dict(load_yaml((folder / f"{name}.yaml").read_bytes(), f"{name}.yaml").value or {})  # type: ignore[arg-type]


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
    for seed, agreement in assembled(root, chosen, sandbox):
        yield seed, agreement.findings


def assembled(root: Path, chosen: Iterable[Seed], sandbox: Sandbox) -> Iterator[tuple[Seed, Agreement]]:
    """Yield each edit with the deal that has it."""
    listed = {f"seed-{number}": seed for number, seed in enumerate(chosen)}
    for name, seed in listed.items():
        put(root, name, {**seed.edited(clean_deal(seed.deal)), "id": name})
    for day in sorted({seed.as_of for seed in listed.values()}):
        wanted = {name: seed for name, seed in listed.items() if seed.as_of == day}
        for agreement in Project(root, sandbox, judging=Judging(day)).assemble_all(wanted):
            yield wanted[agreement.file.id], agreement


def clean(root: Path, names: Iterable[str], sandbox: Sandbox) -> Iterator[Agreement]:
    """Yield clean deals as they are judged on the day on which they were written."""
    names = list(names)
    for name in names:
        put(root, name, clean_deal(name))
    return Project(root, sandbox, judging=Judging(DAY)).assemble_all(names)


def put(root: Path, name: str, data: Mapping[str, Any]) -> None:
    """Write a deal into a repository."""
    (root / "agreements" / f"{name}.yaml").write_text(json.dumps(data), encoding="utf-8")


def _holder(data: Any, pointer: str) -> tuple[Any, Any]:
    """Return the mapping or the list that holds what a pointer names, and its key or its index."""
    *above, last = parts(pointer)
    for step in above:
        data = data[int(step)] if isinstance(data, list) else data.setdefault(step, {})
    return data, int(last) if isinstance(data, list) and last != "-" else last
