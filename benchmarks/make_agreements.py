"""Write a repository of N varied agreements, for measuring: `python -m benchmarks.make_agreements N FOLDER`.

Each is one of the agreements of this repository with other names, amounts, dates and numbers of duties,
metrics and the like. The same N gives the same files on any machine. No two agreements have the same text.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

from clausebook.load.yaml import load_yaml

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("schemas", "templates", "mkdocs.yml")
VARIED_LISTS = {
    "assets": "asset",
    "duties": "duty",
    "lines": "item",
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


def make_agreements(count: int, folder: Path) -> None:
    """Write `count` agreements into `folder`, which must not exist, with the schemas and templates they need."""
    folder.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    originals = sorted((ROOT / "agreements").glob("*.yaml"))
    for number in range(count):
        original = originals[number % len(originals)]
        _write(original, number, folder / "agreements")


def vary(data: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the agreement's data varied: the same for the same number."""
    random = Random(f"agreement {number}")
    names = _new_names(data["parties"], number)
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")
    factor = Decimal(random.randrange(50, 300)) / 100
    days = timedelta(days=random.randrange(0, 400))

    def change(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: change(item, key) for key, item in value.items()}
        if isinstance(value, list):
            items = [change(item) for item in value]
            return _resized(items, VARIED_LISTS[name], random) if name in VARIED_LISTS else items
        if name == "amount":
            return str((Decimal(value) * factor / 100).quantize(Decimal(1)) * 100 + 100)
        if isinstance(value, str) and DATE.fullmatch(value):
            return (date.fromisoformat(value) + days).isoformat()
        if isinstance(value, str) and name not in {"party", "key"}:
            return pattern.sub(lambda match: names[match[0]], value)
        return value

    varied: dict[str, Any] = change(data)
    varied["id"] = f"{data['id'][:50]}-{number:05}"
    varied["title"] = f"{varied['title']} {number}"
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


def _write(original: Path, number: int, folder: Path) -> None:
    yaml = YAML(typ="rt")
    yaml.width = 4096
    # A repeated item is written out again, not referred to.
    yaml.representer.ignore_aliases = lambda data: True
    text = original.read_text(encoding="utf-8")
    loaded = load_yaml(text.encode(), original.name).value
    if not isinstance(loaded, dict):
        raise SystemExit(f"{original.name} cannot be loaded: run clausebook check")
    data = vary(loaded, number)
    target = folder / f"{data['id']}.yaml"
    folder.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text.splitlines()[0] + "\n")
        yaml.dump(data, file)
    wordings = original.with_suffix("")
    if wordings.is_dir():
        shutil.copytree(wordings, target.with_suffix(""))


def main(arguments: list[str]) -> int:
    """Make the agreements that the command line asks for."""
    if len(arguments) != 2 or not arguments[0].isdigit():
        print("usage: python -m benchmarks.make_agreements N FOLDER", file=sys.stderr)
        return 2
    make_agreements(int(arguments[0]), Path(arguments[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
