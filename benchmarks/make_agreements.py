"""Write a repository of N varied agreements, for measuring: `python -m benchmarks.make_agreements N FOLDER [FROM]`.

Each is one of the agreements of the repository FROM (of this one, if it is left out) with other names, amounts, dates
and numbers of duties, metrics and the like; with `--short`, the letter of two to four pages that lies beside this
module. One in eight is executed and followed by its amendment, itself executed or a draft; but only the first twelve,
for each takes seconds to prove. One in ten of the others was committed twice before as an earlier draft. The same N
gives the same files, as long as the packages are the same that write them. No two agreements have the same text.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

from benchmarks.approving import appoint, approve_all
from benchmarks.execute_agreements import APPROVED, EXECUTED_ON, amend, can_be_amended, execute
from clausebook.assemble.inputs import AMENDS
from clausebook.document import statuses
from clausebook.document.statuses import FIRST_STATUS
from clausebook.language.sandbox import Sandbox
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from tests.support.git_repositories import new_repository

ROOT = Path(__file__).resolve().parent.parent
LETTER = Path(__file__).with_name("letter.yaml")
COPIED = ("schemas", "templates", "mkdocs.yml")
VARIED_LISTS = {
    "assets": "asset",
    "duties": "duty",
    "matters": "heading",
    "metrics": "name",
    "reports": "title",
}
"""Lists whose length may vary, and the property that tells their items apart."""

FIRST = ("Alder", "Ash", "Bay", "Birch", "Cedar", "Clear", "Copper", "Elm", "Fair", "Glen", "Gold", "Hazel", "Iron")
SECOND = (
    "bank",
    "bridge",
    "brook",
    "cove",
    "dale",
    "field",
    "ford",
    "grove",
    "haven",
    "mere",
    "point",
    "shore",
    "wick",
)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
SITES = 4
"""How often an item of a list may be repeated, each time for another site."""

PERIOD = 8
"""One agreement of so many is executed, and the next one is its amendment."""

MOST_EXECUTED = 12
"""How many agreements are executed at most, amendments not counted."""

DRAFTED_OFTEN = 10
"""One draft of so many was committed before, as earlier drafts."""

EARLIER = ("0.1", "0.2")
"""The versions of earlier drafts."""

LONGEST_NAME = 45
"""Characters of an id before the number, so that an amendment's id is not too long either."""


@dataclass(frozen=True, slots=True)
class Deal:
    """An agreement that is varied: its file, that file's first line, and its data."""

    path: Path
    head: str
    data: dict[str, Any]


def make_agreements(count: int, folder: Path, source: Path = ROOT, *, short: bool = False) -> None:
    """Write `count` agreements into `folder`, which must not exist, with the schemas and templates of the source.

    They are committed to a git repository of their own. Raises RepositoryError or FindingsError if the agreements of
    the source do not pass its check.
    """
    folder.mkdir(parents=True)
    for name in COPIED:
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name)
        else:
            shutil.copy(source / name, folder / name)
    agreements = folder / "agreements"
    agreements.mkdir()
    deals = [_loaded(LETTER)] if short else _deals(source / "agreements")
    drafts = [number for number in range(count) if not is_executed(number) and not is_amendment(number)]
    with Sandbox() as sandbox:
        project = Project(folder, sandbox)
        appoint(folder, (kind for name in project.store.types() if (kind := project.type(name).kind)))
        repository = new_repository(folder)
        repository.commit("Agree on who approves")
        for number in filter(is_executed, range(count)):
            name = _write(deals, number, agreements)
            execute(folder, name, sandbox, repository.commit)
            if number + 1 < count:
                amend(folder, name, sandbox, repository.commit, executed=is_in_force(number + 1))
        for number in drafts[::DRAFTED_OFTEN]:
            for version in EARLIER:
                name = _write(deals, number, agreements, version)
                repository.commit(f"Draft version {version} of {name}")
        names = [_write(deals, number, agreements) for number in drafts]
        if not short:
            # A letter has no clause or limit that anybody must approve.
            approve_all(Project(folder, sandbox).quiet(), names, EXECUTED_ON)
    repository.commit(f"Agree on {count} deals")


def is_executed(number: int) -> bool:
    """Tell whether the agreement of a number is executed."""
    return number % PERIOD == 0 and number < PERIOD * MOST_EXECUTED


def is_amendment(number: int) -> bool:
    """Tell whether what has a number is the amendment of the executed agreement before it."""
    return number > 0 and is_executed(number - 1)


def is_in_force(number: int) -> bool:
    """Tell whether the amendment of a number is executed: every second one, from the first."""
    return number // PERIOD % 2 == 0


def vary(data: dict[str, Any], number: int, version: str = "") -> dict[str, Any]:
    """Return the agreement's data varied, or an earlier version of them: the same for the same number."""
    random = Random(f"agreement {number} {version}".rstrip())
    names = _new_names(data["parties"], number)
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")
    # Sums and shares of amounts hold for whole multiples of them, too.
    factor = random.randrange(1, 4)
    days = timedelta(days=random.randrange(0, 400))

    def change(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: change(item, key) for key, item in value.items()}
        if isinstance(value, list):
            items = [change(item) for item in value]
            return _resized(items, VARIED_LISTS[name], random) if name in VARIED_LISTS else items
        if name == "amount":
            return str(Decimal(value) * factor)
        if isinstance(value, str) and DATE.fullmatch(value):
            return (date.fromisoformat(value) + days).isoformat()
        if isinstance(value, str) and name not in {"party", "key"}:
            return pattern.sub(lambda match: names[match[0]], value)
        return value

    varied: dict[str, Any] = change(data)
    varied["id"] = f"{data['id'][:LONGEST_NAME]}-{number:05}"
    varied["title"] = f"{varied['title']} {number}"
    if is_executed(number):
        varied |= {"version": "1.0", "status": APPROVED}
    elif version:
        varied |= {"version": version, "status": FIRST_STATUS}
    return varied


def _new_names(parties: list[dict[str, Any]], number: int) -> Mapping[str, str]:
    """Return a new name for the first word of each party's short name."""
    names = {}
    for place, party in enumerate(parties):
        first, second = divmod((number + 41 * place) % (len(FIRST) * len(SECOND)), len(SECOND))
        names[party["short_name"].split()[0]] = FIRST[first] + SECOND[second]
    return names


def _resized(items: list[Any], name: str, random: Random) -> list[Any]:
    if not all(isinstance(item, dict) and name in item for item in items):
        return items
    kept = items[: random.randint(min(2, len(items)), len(items))]
    # Nobody is left without one who had one.
    named = {item.get("party") for item in kept}
    for item in items[len(kept) :]:
        if item.get("party") not in named:
            named.add(item["party"])
            kept.append(item)
    for site in range(1, random.randint(1, SITES)):
        copied = {key: value for key, value in random.choice(kept[:2]).items() if key != "key"}
        kept.append({**copied, name: f"{copied[name]} (site {site})"})
    return kept


def _deals(folder: Path) -> list[Deal]:
    """Return the agreements of the folder that amend no other and are not executed: those go by an older library."""
    deals = []
    for path in sorted(folder.glob("*.yaml")):
        deal = _loaded(path)
        if AMENDS not in deal.data and deal.data["status"] not in statuses.SINCE_EXECUTION:
            deals.append(deal)
    return deals


def _loaded(path: Path) -> Deal:
    content = path.read_bytes()
    data = load_yaml(content, path.name).value
    if not isinstance(data, dict):
        raise SystemExit(f"{path.name} cannot be loaded: run clausebook check")
    return Deal(path, content.decode().splitlines()[0], data)


def _deal(deals: Sequence[Deal], number: int) -> Deal:
    amendable = [deal for deal in deals if can_be_amended(deal.data)]
    if not amendable:
        raise SystemExit("no agreement says how long it or its confidentiality lasts, which is what amendments change")
    return amendable[number // PERIOD % len(amendable)] if is_executed(number) else deals[number % len(deals)]


def _write(deals: Sequence[Deal], number: int, folder: Path, version: str = "") -> str:
    """Write the agreement of a number, or an earlier version of it, and return its id."""
    yaml: Any = YAML(typ="safe")
    yaml.width = 4096
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    # A repeated item is written out again, not referred to.
    yaml.representer.ignore_aliases = lambda data: True
    deal = _deal(deals, number)
    data = vary(deal.data, number, version)
    target = folder / f"{data['id']}.yaml"
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{deal.head}\n")
        yaml.dump(data, file)
    # Of what lies beside an agreement, only its own wording is varied with it: the rest tells of what was sent.
    for wording in sorted(deal.path.with_suffix("").glob("*.md")):
        target.with_suffix("").mkdir(exist_ok=True)
        shutil.copy(wording, target.with_suffix(""))
    return str(data["id"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the agreements that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.make_agreements", description=__doc__)
    parser.add_argument("count", type=int, metavar="N")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("source", type=Path, nargs="?", default=ROOT, metavar="FROM")
    parser.add_argument("--short", action="store_true", help="letters of two to four pages")
    options = parser.parse_args(arguments)
    make_agreements(options.count, options.folder, options.source, short=options.short)
    return 0


if __name__ == "__main__":
    sys.exit(main())
