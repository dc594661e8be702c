"""Load a type's outline, and prove that its numbers can be printed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Any

from clausebook.findings.model import Finding, SourceFile, finding_in
from clausebook.library.model import (
    Numbering,
    Outline,
    OutlineSchedule,
    OutlineSection,
    SignatureLayout,
    SignatureLineLayout,
    Slot,
)
from clausebook.library.type_files import Checks, dialect_of, read_yaml
from clausebook.load.yaml import Loaded
from clausebook.locales.locale_words import SUFFIX, base_of, languages
from clausebook.repository.tree import Tree

LANGUAGE = "en-US"
NUMBERING = {"section": "{n}.", "clause": "{section}.{n}", "schedule": "Schedule {A}", "schedule_clause": "{n}."}
REFERENCES = {
    "section": "Section {number}",
    "clause": "Section {number}",
    "schedule": "{number}",
    "schedule_clause": "Section {number} of {schedule}",
}
"""What an outline that does not say otherwise has."""

_COUNT, _NOTHING = frozenset({"n", "A"}), frozenset[str]()
NUMBERS = {name: (_COUNT, frozenset({"section"}) if name == "clause" else _NOTHING) for name in NUMBERING}
CITATIONS = {
    name: (frozenset({"number"}), frozenset({"schedule"}) if name == "schedule_clause" else _NOTHING)
    for name in REFERENCES
}
"""The names of which each pattern must hold one, and those that it may hold."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z]+)\}")


def load_outline(tree: Tree, path: str, checks: Checks, findings: list[Finding]) -> Outline | None:
    """Return the outline, or None if it cannot be used."""
    loaded = read_yaml(tree, path, checks, "outline", findings, "mapping")
    if loaded is None:
        return None
    data: Any = loaded.value

    problems: list[Finding] = []

    def slot(entry: Mapping[str, Any], pointer: str) -> Slot:
        line = loaded.positions.value(pointer)[0]
        return Slot(entry["id"], entry["clause"], entry.get("item", ""), entry.get("when", ""), line)

    def slots(entry: Mapping[str, Any], pointer: str) -> tuple[Slot, ...]:
        return tuple(slot(each, f"{pointer}/slots/{n}") for n, each in enumerate(entry.get("slots", ())))

    signatures = data.get("signatures", {})
    outline = Outline(
        kind=data["kind"],
        language=_language(loaded, path, problems),
        numbering=_numbering(loaded, path, problems),
        opening=slot(data["opening"], "/opening") if "opening" in data else None,
        closing=slot(data["closing"], "/closing") if "closing" in data else None,
        sections=tuple(
            OutlineSection(entry["id"], entry["title"], slots(entry, f"/sections/{n}"))
            for n, entry in enumerate(data["sections"])
        ),
        schedules=tuple(
            OutlineSchedule(
                entry["id"],
                entry["title"],
                slots(entry, f"/schedules/{n}"),
                entry.get("when", ""),
                bool(entry.get("definitions", False)),
                loaded.positions.value(f"/schedules/{n}")[0],
            )
            for n, entry in enumerate(data.get("schedules", ()))
        ),
        signatures=SignatureLayout(
            signatures.get("heading", "legal_name"),
            tuple(
                SignatureLineLayout(line["label"], line["field"], line.get("value", ""))
                for line in signatures.get("lines", ())
            ),
        ),
        path=path,
        dialect=dialect_of(loaded, "outline"),
        shorthand=tuple(data.get("names", ())) if data.get("shorthand") else None,
    )
    repeated = _repeated_ids(outline)
    findings += problems
    hint = "sections, slots and schedules need ids of their own: references go by them"
    for name, line in repeated:
        findings.append(finding_in(path, "core/outline-id", f"the id `{name}` stands twice in the outline", hint, line))
    return None if repeated or problems else outline


def _numbering(loaded: Loaded, path: str, problems: list[Finding]) -> Numbering:
    """Return the patterns of numbers; each must hold the names that it is filled with, and no others."""
    given: Any = loaded.value
    patterns = {**NUMBERING, **_patterns(given.get("numbering", {}), NUMBERING)}
    references = {**REFERENCES, **_patterns(given.get("numbering", {}).get("references", {}), REFERENCES)}
    for place, names, known in (("", patterns, NUMBERS), ("/references", references, CITATIONS)):
        for name, pattern in names.items():
            needed, allowed = known[name]
            found, rest = set(_PLACEHOLDER.findall(pattern)), _PLACEHOLDER.sub("", pattern)
            if not needed & found or found - needed - allowed or set("{}") & set(rest):
                message = f"“{pattern}” cannot be filled with a number"
                hint = f"write {_braced(needed)} where the number stands"
                hint += f"; {_braced(allowed)} may be there too" if allowed else ""
                at = SourceFile(path, loaded.positions.value)
                problems.append(at.finding("core/outline-numbering", message, f"/numbering{place}/{name}", hint))
    return Numbering(**patterns, references=references)


def _patterns(given: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    return {name: given[name] for name in known if name in given}


def _braced(names: Set[str]) -> str:
    return " or ".join(f"{{{name}}}" for name in sorted(names))


def _language(loaded: Loaded, path: str, problems: list[Finding]) -> str:
    """Return the language: one that Babel knows, for dates and numbers, and for which all other words are there."""
    data: Any = loaded.value
    language = data.get("language", LANGUAGE)
    if base_of(language) not in languages() or not _is_language(language):
        known = " and ".join(languages())
        message = f"a contract cannot be printed in the language “{language}”"
        hint = f"write it in one of {known}, with its region, such as {LANGUAGE}"
        if _is_language(language):
            message += ": its words for lists, durations, quotation marks, page numbers and the like are not there"
            hint += f"; a programmer can add it as clausebook/locales/{base_of(language)}{SUFFIX}"
        at = SourceFile(path, loaded.positions.value)
        problems.append(at.finding("core/outline-language", message, "/language", hint))
    return str(language)


def _is_language(text: str) -> bool:
    from babel.core import Locale, UnknownLocaleError

    try:
        Locale.parse(text, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _repeated_ids(outline: Outline) -> list[tuple[str, int]]:
    names = [(section.id, 1) for section in outline.sections]
    names += [(schedule.id, schedule.line) for schedule in outline.schedules]
    names += [(slot.id, slot.line) for slot in outline.slots()]
    return [(name, line) for index, (name, line) in enumerate(names) if name in dict(names[:index])]
