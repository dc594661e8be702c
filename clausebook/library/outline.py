"""Load a type's outline, and prove that its numbers can be printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from typing import Any, TypeVar

from clausebook.findings.model import Finding, SourceFile, finding_in
from clausebook.formats.locale_words import SUFFIX, base_of, languages
from clausebook.library.model import (
    SIGNATURES,
    Heading,
    Numbering,
    Outline,
    OutlinePart,
    OutlineSchedule,
    OutlineSection,
    SignatureLayout,
    SignatureLineLayout,
    Slot,
    SummaryGroup,
)
from clausebook.library.type_files import Checks, dialect_of, read_yaml
from clausebook.load.yaml import Loaded
from clausebook.repository.tree import Tree

LANGUAGE = "en-US"
NUMBERING = {
    "section": "{n}.",
    "clause": "{section}.{n}",
    "subclause": "{clause}.{n}",
    "schedule": "Schedule {A}",
    "schedule_clause": "{n}.",
}
REFERENCES = {
    "section": "Section {number}",
    "clause": "Section {number}",
    "subclause": "Section {number}",
    "schedule": "{number}",
    "schedule_clause": "Section {number} of {schedule}",
}
"""What an outline that does not say otherwise has."""

_SEVERAL = {
    "Section {number}": "Sections {number}",
    "{number}": "{number}",
    "Section {number} of {schedule}": "Sections {number} of {schedule}",
}
"""How several places are cited where one is cited so; with another pattern the outline must say it."""

_STYLES = ("n", "A", "a", "I", "i")
_COUNT, _NOTHING = frozenset(_STYLES), frozenset[str]()
_SECTION, _CLAUSE = (frozenset({name, *(f"{name}_{style}" for style in _STYLES)}) for name in ("section", "clause"))
_BARE_SCHEDULE = frozenset(f"schedule_{style}" for style in _STYLES)
_OUTER = {"clause": _SECTION, "subclause": _SECTION | _CLAUSE, "schedule_clause": _BARE_SCHEDULE}
NUMBERS = {name: (_COUNT, _OUTER.get(name, _NOTHING)) for name in NUMBERING}
_AROUND = {**_OUTER, "schedule_clause": _SECTION | _CLAUSE | _BARE_SCHEDULE | {"schedule"}}
_CITED = {name: (frozenset({"number"}), _AROUND.get(name, _NOTHING)) for name in REFERENCES}
CITATIONS = {name: (needed, allowed | {"title"}) for name, (needed, allowed) in _CITED.items()}
CITATIONS |= {f"{name}s": names for name, names in _CITED.items()}
"""The names of which each pattern must hold one, and those that it may hold."""

MOST_LEVELS = {"sections": 2, "schedules": 3}
"""How deep slots may lie: below a section clause and subclause, in a schedule sections above these."""

T = TypeVar("T", bound=OutlinePart)

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")


def load_outline(tree: Tree, path: str, checks: Checks, findings: list[Finding]) -> Outline | None:
    """Return the outline, or None if it cannot be used."""
    loaded = read_yaml(tree, path, checks, "outline", findings, "mapping")
    if loaded is None:
        return None
    reading = _Reading(loaded, path)
    outline = reading.outline()
    problems = [
        *reading.problems,
        *_repeated_ids(outline),
        *_order_findings(outline, reading.at),
        *_summary_findings(outline, reading.at),
    ]
    findings += problems
    return None if problems else outline


class _Reading:
    """Reads one outline, which its schema has found right; collects what a schema cannot find."""

    def __init__(self, loaded: Loaded, path: str) -> None:
        self.loaded, self.path = loaded, path
        self.at = SourceFile(path, loaded.positions.value)
        self.problems: list[Finding] = []

    def outline(self) -> Outline:
        """Return the outline."""
        data: Any = self.loaded.value
        signatures = data.get("signatures", {})
        capacity = signatures.get("capacity", {})
        numbering = self._numbering("/numbering", data.get("numbering", {}), Numbering(references=REFERENCES))
        return Outline(
            kind=data["kind"],
            language=_language(self.loaded, self.path, self.problems),
            numbering=numbering,
            opening=self._slot(data["opening"], "/opening") if "opening" in data else None,
            closing=self._slot(data["closing"], "/closing") if "closing" in data else None,
            sections=tuple(self._parts("sections", OutlineSection, numbering)),
            schedules=tuple(self._parts("schedules", OutlineSchedule, numbering)),
            signatures=SignatureLayout(
                signatures.get("heading", "legal_name"),
                tuple(
                    SignatureLineLayout(line["label"], line["field"], line.get("value", ""))
                    for line in signatures.get("lines", ())
                ),
                capacity.get("property", ""),
                capacity.get("words", {}),
            ),
            path=self.path,
            dialect=dialect_of(self.loaded, "outline"),
            order=tuple(data.get("order", ())),
            page=data.get("page", {}),
            summary=tuple(
                SummaryGroup(each["title"], *(tuple(each.get(name, ())) for name in ("slots", "items", "terms")))
                for each in data.get("summary", ())
            ),
            term=data.get("term", {}),
            recites=data.get("recites", ""),
            report=data.get("report", {}),
            shorthand=tuple(data.get("names", ())) if data.get("shorthand") else None,
        )

    def _parts(self, kind: str, make: type[T], numbering: Numbering) -> Iterator[T]:
        data: Any = self.loaded.value
        entries: list[dict[str, Any]] = data.get(kind, [])
        for index, entry in enumerate(entries):
            pointer = f"/{kind}/{index}"
            slots = (*self._slots(entry, pointer, entry.get("headings", "full")), *self._inner(entry, pointer))
            if not slots and not entry.get("definitions"):
                said, hint = f"`{entry['id']}` holds nothing", "give it slots, or let it list the definitions"
                self.problems.append(self.at.finding("core/outline-slot", said, pointer, hint))
            most = MOST_LEVELS[kind]
            for slot in _below(slots, most):
                said, hint = f"`{slot.id}` lies too deep", f"let {kind} have {most} levels of clauses at most"
                self.problems.append(finding_in(self.path, "core/outline-slot", said, hint, slot.line))
            yield make(
                entry["id"],
                entry["title"],
                slots,
                entry.get("when", ""),
                bool(entry.get("definitions", False)),
                self.loaded.positions.value(pointer)[0],
                self._numbering(f"{pointer}/numbering", entry.get("numbering", {}), numbering),
            )

    def _inner(self, entry: Mapping[str, Any], pointer: str) -> Iterator[Slot]:
        """Yield the sections of a schedule: places that hold no words but their heading."""
        for index, each in enumerate(entry.get("sections", ())):
            yield self._slot(each, f"{pointer}/sections/{index}", each.get("headings", entry.get("headings", "full")))

    def _slots(self, entry: Mapping[str, Any], pointer: str, heading: Heading) -> Iterator[Slot]:
        for index, each in enumerate(entry.get("slots", ())):
            yield self._slot(each, f"{pointer}/slots/{index}", heading)

    def _slot(self, entry: Mapping[str, Any], pointer: str, inside: Heading = "full") -> Slot:
        """Return a slot; `inside` is how clauses are headed around it."""
        slots = tuple(self._slots(entry, pointer, entry.get("headings", inside)))
        if "clause" not in entry and not ("title" in entry and slots):
            hint = "name the clause that fills it; a heading alone has a title, and slots below it"
            said = f"the slot `{entry['id']}` has no clause"
            self.problems.append(self.at.finding("core/outline-slot", said, pointer, hint))
        own = entry.get("heading", inside if "clause" in entry else "full")
        return Slot(
            entry["id"],
            entry.get("clause", ""),
            entry.get("item", ""),
            entry.get("when", ""),
            self.loaded.positions.value(pointer)[0],
            entry.get("title", ""),
            own,
            slots,
            entry.get("each", ""),
        )

    def _numbering(self, pointer: str, given: Mapping[str, Any], outer: Numbering) -> Numbering:
        """Return the patterns of numbers; each must hold the names that it is filled with, and no others."""
        patterns = {name: given[name] for name in NUMBERING if name in given}
        own = given.get("references", {})
        references = {name: own[name] for name in CITATIONS if name in own}
        lists = tuple(given.get("lists", outer.lists))
        for name, pattern in patterns.items():
            self._check(pattern, f"{pointer}/{name}", *NUMBERS[name])
        for name, pattern in references.items():
            self._check(pattern, f"{pointer}/references/{name}", *CITATIONS[name])
        for index, pattern in enumerate(given.get("lists", ())):
            self._check(pattern, f"{pointer}/lists/{index}", _COUNT, _NOTHING)
        for name in ("clause", "clauses"):
            if name in references:
                references.setdefault(f"sub{name}", references[name])
        known = {**outer.references, **references}
        for name in REFERENCES:
            if name in references or f"{name}s" not in known:
                known[f"{name}s"] = references.get(f"{name}s", _SEVERAL.get(known[name], ""))
        return replace(outer, **patterns, lists=lists, references=known)

    def _check(self, pattern: str, pointer: str, needed: Set[str], allowed: Set[str]) -> None:
        found, rest = set(_PLACEHOLDER.findall(pattern)), _PLACEHOLDER.sub("", pattern)
        if pattern and (not needed & found or found - needed - allowed or set("{}") & set(rest)):
            message = f"“{pattern}” cannot be filled with a number"
            hint = f"write {_braced(needed)} where the number stands"
            hint += f"; {_braced(allowed)} may be there too" if allowed else ""
            self.problems.append(self.at.finding("core/outline-numbering", message, pointer, hint))


def _below(slots: Iterable[Slot], levels: int) -> Iterator[Slot]:
    """Yield the first slots on each branch that lie below so many levels."""
    for slot in slots:
        if levels:
            yield from _below(slot.slots, levels - 1)
        else:
            yield slot


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
            hint += f"; a programmer can add it as clausebook/formats/{base_of(language)}{SUFFIX}"
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


def _repeated_ids(outline: Outline) -> Iterator[Finding]:
    """Find ids that stand twice: parts by their line, then slots; and a second list of the defined terms."""
    hint = "sections, slots and schedules need ids of their own: references go by them"
    seen = {SIGNATURES}
    listing = [part for part in (*outline.sections, *outline.schedules) if part.definitions]
    for part in listing[1:]:
        said = f"`{part.id}` lists the defined terms, as `{listing[0].id}` does"
        yield finding_in(outline.path, "core/outline-id", said, "list them in one of the two", part.line or 1)
    for place in outline.places():
        if place.id in seen:
            said = f"the id `{place.id}` stands twice in the outline"
            if place.id == SIGNATURES:
                said = f"the id `{place.id}` is that of the place where the parties sign"
            yield finding_in(outline.path, "core/outline-id", said, hint, place.line or 1)
        seen.add(place.id)


def _summary_findings(outline: Outline, at: SourceFile) -> Iterator[Finding]:
    """Find what a group of the summary names that there is not."""
    known = {place.id for place in outline.places()}
    for number, group in enumerate(outline.summary):
        for index, name in enumerate(group.slots):
            if name not in known:
                said, hint = f"`{name}` is no slot of the outline", "name a slot, a section or a schedule"
                yield at.finding("core/outline-slot", said, f"/summary/{number}/slots/{index}", hint)


def _order_findings(outline: Outline, at: SourceFile) -> Iterator[Finding]:
    """Find what an order names twice, what it leaves out, and what there is not."""
    if not outline.order:
        return
    there = (outline.opening, *outline.sections, outline.closing)
    known = [place.id for place in there if place] + [SIGNATURES] + [part.id for part in outline.schedules]
    hint = f"name each of these once: {', '.join(known)}"
    for index, name in enumerate(outline.order):
        if name not in known:
            yield at.finding("core/outline-order", f"`{name}` is no part of the agreement", f"/order/{index}", hint)
        elif name in outline.order[:index]:
            yield at.finding("core/outline-order", f"`{name}` stands twice in the order", f"/order/{index}", hint)
    if missing := [name for name in known if name not in outline.order]:
        yield at.finding("core/outline-order", f"the order leaves out {', '.join(missing)}", "/order", hint)
