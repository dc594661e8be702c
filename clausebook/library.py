"""Load an agreement type: the outline, the clauses and the glossary of `templates/<type>/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clausebook.agreement_type import (
    AgreementType,
    Fit,
    GlossaryEntry,
    LibraryClause,
    Numbering,
    Obligation,
    Outline,
    OutlineSchedule,
    OutlineSection,
    SignatureLayout,
    SignatureLineLayout,
    Slot,
)
from clausebook.errors import Finding
from clausebook.load import Loaded, load_yaml, split_front_matter
from clausebook.tree import Tree, TreeError

Check = Callable[[Loaded, str], Sequence[Finding]]
"""Checks loaded data against a schema; the text is the file's path, for the findings."""


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks of the files that make up a type."""

    clause: Check
    negotiated: Check
    outline: Check
    glossary: Check


@dataclass(frozen=True, slots=True)
class LoadedType:
    """A type, or None if it cannot be used at all; clauses that cannot be used are left out of it."""

    kind: AgreementType | None
    findings: tuple[Finding, ...]


def load_type(tree: Tree, name: str, checks: Checks) -> LoadedType:
    """Load `templates/<name>/`; every problem of every file is a finding."""
    folder = f"templates/{name}"
    findings: list[Finding] = []
    outline = _load_outline(tree, f"{folder}/outline.yaml", checks, findings)
    clauses = {}
    for file in tree.names(f"{folder}/clauses"):
        if file.endswith(".md") and file != "README.md":
            clause = _load_clause(tree, f"{folder}/clauses/{file}", checks, findings)
            if clause:
                clauses[clause.id] = clause
    glossary: list[GlossaryEntry] = []
    for file in tree.names(folder):
        if file.startswith("glossary") and file.endswith(".yaml"):
            glossary += _load_glossary(tree, f"{folder}/{file}", checks, findings)
    findings += _repeated_terms(glossary)
    if outline is None:
        return LoadedType(None, tuple(findings))
    findings += _slot_findings(outline, clauses)
    return LoadedType(AgreementType(name, outline, clauses, tuple(glossary)), tuple(findings))


def load_wordings(tree: Tree, folder: str, checks: Checks) -> tuple[Mapping[str, LibraryClause], list[Finding]]:
    """Load the clause files written for one deal, by file name."""
    findings: list[Finding] = []
    wordings = {}
    for file in tree.names(folder):
        if file.endswith(".md") and file != "README.md":
            front = _read_front_matter(tree, f"{folder}/{file}", checks.negotiated, findings)
            if front:
                data, body, line = front
                base = data.get("departs_from", {})
                wordings[file] = LibraryClause(
                    id=f"{folder.rsplit('/', 1)[1]}/{file.removesuffix('.md')}",
                    title=data.get("title", ""),
                    slot=data.get("slot", ""),
                    version=str(data.get("version", "1.0")),
                    status="approved",
                    position="negotiated" if base else "own schedule",
                    body=body,
                    body_line=line,
                    path=f"{folder}/{file}",
                    approver=data.get("approver", ""),
                    guidance=data.get("guidance", ""),
                    reason=data.get("reason", ""),
                    departs_from=f"{base['clause']}@{base['version']}" if base else "",
                    obligations=_obligations(data),
                    fits=_fits(data),
                )
    return wordings, findings


def _load_clause(tree: Tree, path: str, checks: Checks, findings: list[Finding]) -> LibraryClause | None:
    front = _read_front_matter(tree, path, checks.clause, findings)
    if front is None:
        return None
    data, body, line = front
    expected = path.rsplit("/", 1)[1].removesuffix(".md")
    if data["id"] != expected:
        findings.append(
            Finding(
                rule="clause-id",
                message=f"the clause calls itself `{data['id']}`, but its file is named `{expected}.md`",
                path=path,
                line=2,
                column=1,
                pointer="/id",
                hint="make the id and the file's name the same",
            )
        )
        return None
    return LibraryClause(
        id=data["id"],
        title=data["title"],
        slot=data["slot"],
        version=str(data["version"]),
        status=data["status"],
        position=data["position"],
        body=body,
        body_line=line,
        path=path,
        approver=data.get("approver") or "",
        guidance=data.get("guidance") or "",
        obligations=_obligations(data),
        fits=_fits(data),
    )


def _obligations(data: Mapping[str, Any]) -> tuple[Obligation, ...]:
    return tuple(
        Obligation(entry["who"], entry["what"], entry.get("when", "")) for entry in data.get("obligations") or ()
    )


def _fits(data: Mapping[str, Any]) -> tuple[Fit, ...]:
    return tuple(Fit(entry["when"], entry["otherwise"]) for entry in data.get("fits") or ())


def _read_front_matter(
    tree: Tree, path: str, check: Check, findings: list[Finding]
) -> tuple[Mapping[str, Any], str, int] | None:
    content = _read(tree, path, findings)
    if content is None:
        return None
    front = split_front_matter(content, path)
    problems = [*front.findings]
    if front.data.value is not None:
        problems += check(front.data, path)
    findings += problems
    if any(problem.severity == "error" for problem in problems) or not isinstance(front.data.value, dict):
        return None
    return front.data.value, front.body, front.body_line


def _load_outline(tree: Tree, path: str, checks: Checks, findings: list[Finding]) -> Outline | None:
    loaded = _read_yaml(tree, path, checks.outline, findings, "mapping")
    if loaded is None:
        return None
    data: Any = loaded.value

    def slot(entry: Mapping[str, Any], pointer: str) -> Slot:
        line = loaded.positions.value(pointer)[0]
        return Slot(entry["id"], entry["clause"], entry.get("item", ""), entry.get("when", ""), line)

    def slots(entry: Mapping[str, Any], pointer: str) -> tuple[Slot, ...]:
        return tuple(slot(each, f"{pointer}/slots/{n}") for n, each in enumerate(entry.get("slots", ())))

    signatures = data.get("signatures", {})
    outline = Outline(
        kind=data["kind"],
        language=data["language"],
        numbering=Numbering(**data["numbering"]),
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
    )
    repeated = _repeated_ids(outline)
    findings += [
        Finding(
            rule="outline-id",
            message=f"the id `{name}` stands twice in the outline",
            path=path,
            line=line,
            column=1,
            hint="sections, slots and schedules need ids of their own: references go by them",
        )
        for name, line in repeated
    ]
    return None if repeated else outline


def _repeated_ids(outline: Outline) -> list[tuple[str, int]]:
    names = [(section.id, 1) for section in outline.sections]
    names += [(schedule.id, schedule.line) for schedule in outline.schedules]
    names += [(slot.id, slot.line) for slot in outline.slots()]
    seen: set[str] = set()
    repeated = []
    for name, line in names:
        if name in seen:
            repeated.append((name, line))
        seen.add(name)
    return repeated


def _load_glossary(tree: Tree, path: str, checks: Checks, findings: list[Finding]) -> list[GlossaryEntry]:
    loaded = _read_yaml(tree, path, checks.glossary, findings, "list")
    if loaded is None:
        return []
    data: Any = loaded.value
    return [
        GlossaryEntry(
            entry["term"],
            entry.get("plural", ""),
            entry["definition"],
            path,
            loaded.positions.key(f"/{n}/definition")[0],
        )
        for n, entry in enumerate(data)
    ]


def _repeated_terms(glossary: Sequence[GlossaryEntry]) -> list[Finding]:
    seen: dict[str, GlossaryEntry] = {}
    findings = []
    for entry in glossary:
        for form in {entry.term, entry.plural} - {""}:
            other = seen.setdefault(form, entry)
            if other is not entry:
                findings.append(
                    Finding(
                        rule="term-redefined",
                        message=f"the term “{form}” is already defined in {other.path}, line {other.line}",
                        path=entry.path,
                        line=entry.line,
                        column=1,
                        hint="define each term once",
                    )
                )
    return sorted(findings, key=lambda finding: finding.sort_key)


def _slot_findings(outline: Outline, clauses: Mapping[str, LibraryClause]) -> list[Finding]:
    """Find slots without a usable standard clause, and clauses for slots that there are not."""
    slots = {slot.id: slot for slot in outline.slots()}
    findings = [
        Finding(
            rule="clause-slot",
            severity="warning",
            message=f"the clause `{clause.id}` is for the slot `{clause.slot}`, which the outline does not have",
            path=clause.path,
            line=1,
            column=1,
            hint=f"the slots are listed in {outline.path}",
        )
        for clause in clauses.values()
        if clause.slot not in slots
    ]
    return findings


def _read_yaml(tree: Tree, path: str, check: Check, findings: list[Finding], root: Any) -> Loaded | None:
    content = _read(tree, path, findings)
    if content is None:
        return None
    loaded = load_yaml(content, path, root=root, empty_text=True)
    problems = [*loaded.findings]
    if loaded.value is not None:
        problems += check(loaded, path)
    findings += problems
    return None if loaded.value is None or any(problem.severity == "error" for problem in problems) else loaded


def _read(tree: Tree, path: str, findings: list[Finding]) -> bytes | None:
    try:
        return tree.read(path)
    except TreeError as error:
        findings.append(
            Finding(
                rule="file-unreadable", message=f"`{path}` {error}", path=path, hint="add the file, or correct its name"
            )
        )
        return None
