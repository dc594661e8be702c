"""Write a repository of N varied agreements, for measuring: `python -m benchmarks.make_agreements N FOLDER [FROM]`.

Each is one of the agreements of the repository FROM (of this one, if it is left out) with other names, amounts, dates
and numbers of duties, metrics and the like. One in eight is executed and followed by its amendment, itself executed or
a draft; but only the first twelve, for each takes seconds to prove. The same N gives the same files, as long as the
packages are the same that write them. No two agreements have the same text.
"""

from __future__ import annotations

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

from benchmarks.approving import appoint, approve
from benchmarks.execute_agreements import APPROVED, EXECUTED_ON, amend, can_be_amended, execute
from clausebook.assemble.inputs import AMENDS
from clausebook.document import statuses
from clausebook.language.sandbox import Sandbox
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from tests.support.git_repositories import new_repository

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("schemas", "templates", "mkdocs.yml")
VARIED_LISTS = {
    "assets": "asset",
    "duties": "duty",
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

LONGEST_NAME = 45
"""Characters of an id before the number, so that an amendment's id is not too long either."""


@dataclass(frozen=True, slots=True)
class Deal:
    """An agreement that is varied: its file, that file's first line, and its data."""

    path: Path
    head: str
    data: dict[str, Any]


def make_agreements(count: int, folder: Path, source: Path = ROOT) -> None:
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
    (folder / "agreements").mkdir()
    deals = _deals(source / "agreements")
    with Sandbox() as sandbox:
        project = Project(folder, sandbox)
        appoint(folder, (kind for name in project.store.types() if (kind := project.type(name).kind)))
        repository = new_repository(folder)
        repository.commit("Agree on who approves")
        for number in range(count):
            if is_amendment(number):
                amended = identity(deals, number - 1)
                amend(folder, amended, sandbox, repository.commit, executed=is_in_force(number))
                continue
            _write(deals, number, folder / "agreements")
            name = identity(deals, number)
            if is_executed(number):
                execute(folder, name, sandbox, repository.commit)
                continue
            written = Project(folder, sandbox)
            approve(written, written.assemble(written.files([name])[0]), EXECUTED_ON)
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


def vary(data: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the agreement's data varied: the same for the same number."""
    random = Random(f"agreement {number}")
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
    for site in range(1, random.randint(1, SITES)):
        copied = {key: value for key, value in random.choice(kept[:2]).items() if key != "key"}
        kept.append({**copied, name: f"{copied[name]} (site {site})"})
    return kept


def identity(deals: Sequence[Deal], number: int) -> str:
    """Return the id of the agreement of a number."""
    return str(vary(_deal(deals, number).data, number)["id"])


def _deals(folder: Path) -> list[Deal]:
    """Return the agreements of the folder that amend no other and are not executed: those go by an older library."""
    deals = []
    for path in sorted(folder.glob("*.yaml")):
        content = path.read_bytes()
        data = load_yaml(content, path.name).value
        if not isinstance(data, dict):
            raise SystemExit(f"{path.name} cannot be loaded: run clausebook check")
        if AMENDS not in data and data["status"] not in statuses.SINCE_EXECUTION:
            deals.append(Deal(path, content.decode().splitlines()[0], data))
    return deals


def _deal(deals: Sequence[Deal], number: int) -> Deal:
    amendable = [deal for deal in deals if can_be_amended(deal.data)]
    if not amendable:
        raise SystemExit("no agreement says for how long confidentiality lasts, which is what amendments change")
    return amendable[number // PERIOD % len(amendable)] if is_executed(number) else deals[number % len(deals)]


def _write(deals: Sequence[Deal], number: int, folder: Path) -> None:
    yaml: Any = YAML(typ="safe")
    yaml.width = 4096
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    # A repeated item is written out again, not referred to.
    yaml.representer.ignore_aliases = lambda data: True
    deal = _deal(deals, number)
    data = vary(deal.data, number)
    target = folder / f"{data['id']}.yaml"
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{deal.head}\n")
        yaml.dump(data, file)
    # Of what lies beside an agreement, only its own wording is varied with it: the rest tells of what was sent.
    for wording in sorted(deal.path.with_suffix("").glob("*.md")):
        target.with_suffix("").mkdir(exist_ok=True)
        shutil.copy(wording, target.with_suffix(""))


def main(arguments: list[str]) -> int:
    """Make the agreements that the command line asks for."""
    if len(arguments) not in (2, 3) or not arguments[0].isdigit():
        print("usage: python -m benchmarks.make_agreements N FOLDER [FROM]", file=sys.stderr)
        return 2
    make_agreements(int(arguments[0]), *map(Path, arguments[1:]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
