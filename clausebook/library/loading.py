"""Load an agreement type: the outline, the clauses and the glossary of `templates/<type>/`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clausebook.findings.model import Finding, finding_in
from clausebook.findings.near_names import did_you_mean
from clausebook.library.declared import DeclaredFacts, declared_duty
from clausebook.library.facts_file import load_facts
from clausebook.library.model import AgreementType, ApprovalRules, Fit, GlossaryEntry, LibraryClause, Obligation
from clausebook.library.names import file_names
from clausebook.library.outline import load_outline
from clausebook.library.rules_file import load_approvals, load_rules
from clausebook.library.type_files import Checks, Front, dialect_of, names, read_front_matter, read_yaml
from clausebook.repository.tree import Tree


@dataclass(frozen=True, slots=True)
class LoadedType:
    """A type, or None if it cannot be used at all; clauses that cannot be used are left out of it."""

    kind: AgreementType | None
    findings: tuple[Finding, ...]


def load_type(tree: Tree, name: str, checks: Checks, under: str = "") -> LoadedType:
    """Load `templates/<name>/`, which lies below the folder `under`; every problem of every file is a finding."""
    folder = f"{under}/templates/{name}".lstrip("/")
    findings: list[Finding] = []
    outline = load_outline(tree, f"{folder}/outline.yaml", checks, findings)
    clauses = {}
    unusable = set()
    files = names(tree, f"{folder}/clauses", findings)
    findings += file_names(f"{folder}/clauses", [file for file in files if file.endswith(".md")], "core/clause-id")
    for file in files:
        if file.endswith(".md") and file != "README.md":
            clause = _load_clause(tree, f"{folder}/clauses/{file}", checks, findings)
            if clause:
                clauses[clause.id] = clause
            else:
                unusable.add(file.removesuffix(".md"))
    glossary: list[GlossaryEntry] = []
    unread: list[str] = []
    for file in names(tree, folder, findings):
        if file.startswith("glossary") and file.endswith(".yaml"):
            entries = _load_glossary(tree, f"{folder}/{file}", checks, findings)
            glossary += entries or ()
            unread += [f"{folder}/{file}"] if entries is None else []
    findings += _repeated_terms(glossary)
    if outline is None:
        return LoadedType(None, tuple(findings))
    if outline.shorthand is not None:
        clauses = {each: replace(clause, shorthand=outline.shorthand) for each, clause in clauses.items()}
        glossary = [replace(entry, shorthand=outline.shorthand) for entry in glossary]
    # Deals are judged by today's rules, whatever library they were sent with.
    judged = replace(
        AgreementType(name, outline, clauses, tuple(glossary), frozenset(unusable), tuple(unread)),
        rules=() if under else load_rules(tree, folder, checks, findings),
        approvals=ApprovalRules() if under else load_approvals(tree, folder, checks, findings),
        facts=DeclaredFacts() if under else load_facts(tree, folder, checks, findings),
    )
    # What was sent holds no more of the library than the deal needs.
    kind = judged if under else _with_standards(judged, findings)
    findings += _stray(kind)
    return LoadedType(kind, tuple(findings))


def load_wordings(tree: Tree, folder: str, checks: Checks) -> tuple[Mapping[str, LibraryClause], list[Finding]]:
    """Load the clause files written for one deal, by file name."""
    findings: list[Finding] = []
    wordings = {}
    files = names(tree, folder, findings)
    findings += file_names(folder, [file for file in files if file.endswith(".md")], "core/wording-name")
    for file in files:
        if file.endswith(".md") and file != "README.md":
            front = read_front_matter(tree, f"{folder}/{file}", checks, "negotiated", findings)
            if front:
                base = front.data.get("departs_from", {})
                wordings[file] = _clause(
                    front,
                    f"{folder}/{file}",
                    id=f"{folder.rsplit('/', 1)[1]}/{file.removesuffix('.md')}",
                    version=str(front.data.get("version", "1.0")),
                    status="approved",
                    position="negotiated" if base else "own schedule",
                    reason=front.data.get("reason", ""),
                    departs_from=f"{base['clause']}@{base['version']}" if base else "",
                )
    return wordings, findings


def _load_clause(tree: Tree, path: str, checks: Checks, findings: list[Finding]) -> LibraryClause | None:
    front = read_front_matter(tree, path, checks, "clause", findings)
    if front is None:
        return None
    data = front.data
    expected = path.rsplit("/", 1)[1].removesuffix(".md")
    if data["id"] != expected:
        said = f"the clause calls itself `{data['id']}`, but its file is named `{expected}.md`"
        findings.append(Finding("core/clause-id", said, path, 2, 1, "/id", "make the id and the file's name the same"))
        return None
    own = {name: str(data[name]) for name in ("id", "version", "status", "position")}
    return _clause(front, path, **own)


def _clause(front: Front, path: str, **own: Any) -> LibraryClause:
    """Return the clause of a file; `own` is what a clause of the library and words of a deal's own have otherwise."""
    data = front.data
    said: dict[str, Any] = {name: data.get(name) or "" for name in ("title", "slot", "approver", "guidance")}
    return LibraryClause(
        **said,
        **own,
        body=front.body,
        body_line=front.body_line,
        dialect=front.dialect,
        path=path,
        obligations=tuple(
            Obligation(entry["who"], entry["what"], entry.get("when", ""), declared_duty(entry, own["version"]))
            for entry in data.get("obligations") or ()
        ),
        fits=tuple(Fit(entry["when"], entry["otherwise"]) for entry in data.get("fits") or ()),
    )


def _load_glossary(tree: Tree, path: str, checks: Checks, findings: list[Finding]) -> list[GlossaryEntry] | None:
    loaded = read_yaml(tree, path, checks, "glossary", findings, "list")
    if loaded is None:
        return None
    data: Any = loaded.value
    dialect = dialect_of(loaded, "glossary")
    names = ("definition" if "definition" in entry else "term" for entry in data)
    lines = (loaded.positions.key(f"/{n}/{name}")[0] for n, name in enumerate(names))
    return [
        GlossaryEntry(
            entry["term"],
            entry.get("plural", ""),
            entry.get("definition", ""),
            path,
            line,
            dialect,
            others=tuple(entry.get("forms", ())),
        )
        for entry, line in zip(data, lines, strict=True)
    ]


def _repeated_terms(glossary: Sequence[GlossaryEntry]) -> list[Finding]:
    seen: dict[str, tuple[str, GlossaryEntry]] = {}
    findings = []
    for entry in glossary:
        for form in dict.fromkeys(entry.forms):
            letters = _letters(form)
            known, other = seen.setdefault(letters, (form, entry)) if letters else (form, entry)
            if other is not entry:
                same = known == form
                message = f"the term “{form}” is already defined in {other.path}, line {other.line}"
                if not same:
                    message += f": “{known}” differs from it in nothing but capitals, spaces or signs"
                hint = "define each term once" if same else "give the terms different words"
                findings.append(finding_in(entry.path, "core/term-redefined", message, hint, entry.line))
        if not _letters(entry.term):
            message = f"the term “{entry.term}” holds no letter and no digit"
            findings.append(
                finding_in(entry.path, "core/term-without-letters", message, "name it in words", entry.line)
            )
    return sorted(findings, key=lambda finding: finding.sort_key)


def _letters(term: str) -> str:
    """Return what tells terms apart: their anchors are made of it, and so do readers tell them apart."""
    return "".join(re.findall(r"[^\W_]+", term.casefold()))


def _with_standards(kind: AgreementType, findings: list[Finding]) -> AgreementType:
    """Return the type with the slots that their standard clauses cannot fill, each with a finding."""
    slots = {slot.id for slot in kind.outline.slots()}
    unfilled, adrift = set(), set()
    for slot in kind.outline.slots():
        clause = kind.clauses.get(slot.clause)
        if not slot.clause or (clause and clause.slot == slot.id):
            continue
        unfilled.add(slot.id)
        if slot.clause in kind.unusable:
            continue
        said = f"the slot `{slot.id}` has the clause `{slot.clause}`, "
        if clause:
            said += f"which is for the slot `{clause.slot}`"
            hint = f"write the same slot here and as `slot` in {clause.path}, or name another clause"
            adrift |= {clause.slot} - slots
        else:
            said += "which is in no library"
            there = sorted(each.id for each in kind.clauses.values() if each.slot == slot.id)
            hint = did_you_mean(slot.clause, there, f"for this slot there are: {', '.join(there) or 'none'}")
        findings.append(finding_in(kind.outline.path, "core/outline-clause", said, hint, slot.line))
    return replace(kind, unfilled=frozenset(unfilled), adrift=frozenset(adrift))


def _stray(kind: AgreementType) -> Iterator[Finding]:
    """Find clauses for slots that there are not."""
    slots = {slot.id for slot in kind.outline.slots()} | kind.adrift
    said, hint = "the clause `{0.id}` is for the slot `{0.slot}`, which the outline does not have", kind.outline.path
    for clause in kind.clauses.values():
        if clause.slot not in slots:
            yield finding_in(clause.path, "core/clause-slot", said.format(clause), f"the slots are listed in {hint}")
