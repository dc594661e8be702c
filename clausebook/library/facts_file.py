"""Load what a type tells of its agreements: `templates/<type>/facts.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clausebook.findings.model import Finding, finding_in
from clausebook.library.declared import (
    Counting,
    DeclaredDate,
    DeclaredFact,
    DeclaredFacts,
    DeclaredGlance,
    DeclaredRegister,
    DeclaredTable,
    due_of,
    names_in,
)
from clausebook.library.type_files import Checks, dialect_of, names, read_yaml
from clausebook.repository.tree import Tree

FACTS_FILE = "facts.yaml"


def load_facts(tree: Tree, folder: str, checks: Checks, findings: list[Finding]) -> DeclaredFacts:
    """Return what the type in a folder of templates tells; nothing if it has no such file, or one with errors."""
    path, there = f"{folder}/{FACTS_FILE}", FACTS_FILE in names(tree, folder, [])
    loaded = read_yaml(tree, path, checks, "facts", findings, "mapping") if there else None
    if loaded is None:
        return DeclaredFacts()
    value: Any = loaded.value
    told = DeclaredFacts(
        path,
        dialect_of(loaded, "facts"),
        tuple(map(_date, value.get("dates", ()))),
        tuple(_fact(entry["id"], entry) for entry in value.get("facts", ())),
        tuple(map(_table, value.get("tables", ()))),
        tuple(map(_register, value.get("registers", ()))),
        Counting(**value.get("counting", {})),
        _glance(value.get("glance", {})),
    )
    for name in ("dates", "facts", "tables", "registers"):
        seen: set[str] = set()
        for index, entry in enumerate(value.get(name, ())):
            if entry["id"] in seen:
                line = loaded.positions.value(f"/{name}/{index}/id")[0]
                said = f"`{entry['id']}` stands twice among the {name}"
                findings.append(finding_in(path, "core/facts-repeated", said, "give each a name of its own", line))
            seen.add(entry["id"])
    findings += _dangling(told)
    return told


def _dangling(told: DeclaredFacts) -> Sequence[Finding]:
    """Find what registers and the glance speak of and the file does not declare."""
    dates, terms, glance = {date.id for date in told.dates}, {fact.id for fact in told.facts}, told.glance
    unknown = [f"term `{name}`" for name in dict.fromkeys(glance.terms) if name not in terms]
    unknown += [f"key date `{name}`" for name in (*glance.ends, *glance.notice) if name not in dates]
    found = [_unknown(told, "glance", name) for name in unknown]
    for each in told.registers:
        table = next((table for table in told.tables if table.id == each.table), None)
        known = [column.id for column in table.columns] if table else []
        wanted = [f"column `{name}`" for name in (*each.columns, *each.needs) if table and name not in known]
        wanted += [f"key date `{name}`" for name in each.dates if name not in dates]
        for name in wanted if table else [f"table `{each.table}`"]:
            found.append(_unknown(told, f"register `{each.id}`", name))
    return found


def _unknown(told: DeclaredFacts, what: str, name: str) -> Finding:
    said = f"the {what} speaks of a {name} that there is not"
    return finding_in(told.path, "core/facts-unknown", said, "name one that the file declares")


def _glance(entry: Mapping[str, Any]) -> DeclaredGlance:
    lists = {name: tuple(each) for name, each in entry.items() if isinstance(each, list)}
    return DeclaredGlance(**lists, short=names_in(entry, "short"), risks=names_in(entry, "risks"))


def _date(entry: Mapping[str, Any]) -> DeclaredDate:
    due = due_of(entry["due"])
    return DeclaredDate(
        entry["id"], entry["title"], due, entry.get("place", ""), names_in(entry, "let"), entry.get("if", "")
    )


def _fact(name: str, entry: Mapping[str, Any]) -> DeclaredFact:
    told = {each: entry[each] for each in ("kind", "place") if each in entry}
    return DeclaredFact(
        name, entry["title"], entry["value"], let=names_in(entry, "let"), condition=entry.get("if", ""), **told
    )


def _table(entry: Mapping[str, Any]) -> DeclaredTable:
    return DeclaredTable(
        entry["id"],
        entry["title"],
        names_in(entry, "each"),
        tuple(_fact(name, each) for name, each in entry["columns"].items()),
        entry.get("place", ""),
        names_in(entry, "let"),
        entry.get("if", ""),
    )


def _register(entry: Mapping[str, Any]) -> DeclaredRegister:
    lists = {name: tuple(entry.get(name, ())) for name in ("columns", "needs", "dates", "evidence")}
    description = entry.get("description", "")
    return DeclaredRegister(entry["id"], entry["title"], description, entry["table"], **lists)
