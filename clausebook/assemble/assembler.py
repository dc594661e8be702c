"""Assemble one agreement into its Document, or say everything that prevents it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import cast

from clausebook.assemble.clause_markdown import MarkdownError
from clausebook.assemble.inputs import Inputs
from clausebook.assemble.parsing import LABEL_SEPARATOR, ParsedText, Source, parse_sheet, place_in
from clausebook.assemble.parts import clause_source, own_definition, signature_blocks, with_term
from clausebook.assemble.places import places
from clausebook.assemble.selection import is_own_schedule, select
from clausebook.assemble.terms import anchor, job, vocabulary
from clausebook.document.model import Block, Clause, Definition, Document, Origin, Party, Run, Schedule, Section
from clausebook.document.statuses import DRAFTS
from clausebook.findings.model import Finding, finding_in, has_errors
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Rendering, Sheet, Subject, TemplateJob, TemplateProblem
from clausebook.language.values import collapse
from clausebook.library.model import LibraryClause, OutlineSchedule
from clausebook.library.shorthand import undefined
from clausebook.locales.locale_words import locale_words

VALUE_MISSING = "core/value-missing"
"""The rule of what the deal's data lack: the only one of a clause's problems that is mended in the deal's file."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """The document, or None if a finding of severity error prevents it, here or of the type; and all findings."""

    document: Document | None
    findings: tuple[Finding, ...]


def assemble(inputs: Inputs, sandbox: Sandbox) -> Assembled:
    """Assemble a valid agreement."""
    return _Assembly(inputs, sandbox).run()


@dataclass(frozen=True, slots=True)
class _Definition:
    """A term's definition: the deal's own, or one of the shared glossary, with its file and line."""

    key: str
    term: str
    text: ParsedText = field(default_factory=ParsedText)
    own: Definition | None = None
    path: str = ""
    line: int = 1


class _Assembly:
    """The assembling of one agreement: collects findings while it goes."""

    def __init__(self, inputs: Inputs, sandbox: Sandbox) -> None:
        self.deal, self.kind, self.sandbox = inputs.deal, inputs.kind, sandbox
        self.subject = Subject(self.deal.data, self.kind.outline.language, inputs.shape, inputs.shape_id)
        self.words = locale_words(self.kind.outline.language)
        self.findings: list[Finding] = []
        self.unfit: set[str] = set()

    def run(self) -> Assembled:
        """Assemble; every step adds to the findings."""
        self.vocabulary = vocabulary(self.deal, self.kind)
        self.selection = select(self.deal, self.kind, *self._conditions())
        self.findings += [*self.vocabulary.findings, *self.selection.findings]
        self._check_fits()
        self.places = places(self.kind, self.selection)
        rendering = self._render()
        texts = {slot: self._parse(slot, rendering.sheets[slot]) for slot in self.selection.clauses}
        definitions = self._definitions(rendering)
        self._blame_glossary()
        broken = self.selection.unfilled or has_errors(self.findings)
        document = None if broken else self._document(texts, definitions)
        return Assembled(None if has_errors(self.findings) else document, tuple(self.findings))

    def _conditions(self) -> tuple[Mapping[str, bool], Set[str]]:
        """Tell which conditions of the outline hold, and of which it cannot be told."""
        outline = self.kind.outline
        conditions = {slot.id: slot for slot in outline.slots() if slot.when}
        conditions |= {schedule.id: schedule for schedule in outline.schedules if schedule.when}  # type: ignore[misc]
        if not conditions:
            return {}, set()
        values, problems = self.sandbox.conditions(
            self.subject, [TemplateJob(name, place.when, dialect=outline.dialect) for name, place in conditions.items()]
        )
        for name, found in problems.items():
            self.findings += [self._problem(problem, outline.path, conditions[name].line, name) for problem in found]
        return values, {name for name, found in problems.items() if found}

    def _check_fits(self) -> None:
        """Find clauses whose own conditions say that they do not suit this deal's data."""
        fits = {
            f"{slot} {index}": (slot, fit)
            for slot, clause in self.selection.clauses.items()
            for index, fit in enumerate(clause.fits)
        }
        if not fits:
            return
        jobs = [
            TemplateJob(name, fit.when, self.selection.items.get(slot, ""), self.selection.clauses[slot].dialect)
            for name, (slot, fit) in fits.items()
        ]
        values, problems = self.sandbox.conditions(self.subject, jobs)
        for name, (slot, fit) in fits.items():
            clause = self.selection.clauses[slot]
            self.findings += [self._problem(problem, clause.path, 1, clause.id) for problem in problems[name]]
            if not values[name] and not problems[name]:
                message = f"the clause `{clause.id}` does not suit this deal: {fit.otherwise}"
                hint = f"change the data, or choose another clause for the slot `{slot}` under `clauses`"
                pointer = self.selection.items.get(slot, "")
                self.unfit.add(slot)
                self.findings.append(self.deal.finding("core/clause-unfit", message, pointer, hint))

    def _render(self) -> Rendering:
        forms = self.vocabulary.forms
        jobs = [
            replace(
                job(slot, clause.body, forms, self._shorthand(clause), clause.dialect),
                item=self.selection.items.get(slot, ""),
            )
            for slot, clause in self.selection.clauses.items()
        ]
        return self.sandbox.render(self.subject, jobs, self.vocabulary.terms, [*self.places, *self.selection.unfilled])

    def _parse(self, slot: str, sheet: Sheet) -> ParsedText:
        clause = self.selection.clauses[slot]
        self.findings += [
            self._problem(problem, clause.path, clause.body_line, clause.id)
            for problem in sheet.problems
            if problem.rule == VALUE_MISSING or slot not in self.unfit
        ]
        if sheet.problems or slot in self.unfit:
            # What the text lacks for that reason is no fault of its own.
            return ParsedText()
        if self.kind.clauses.get(clause.id) is clause:
            # What is written for one deal is full of names, which only that deal knows.
            self._find_undefined(clause.body, clause.shorthand, clause.path, clause.body_line)
        source = Source(slot, clause.id, clause.version, self.words.quotes, self._has_definitions())
        parsed = self._parsed(sheet, source, clause.path, clause.body_line, clause.body)
        if not parsed.blocks and not sheet.text.strip():
            said = f"the clause `{clause.id}` says nothing in this agreement"
            hint = "write what holds when its conditions do not, or leave the slot out by the outline"
            self.findings.append(finding_in(clause.path, "core/clause-empty", said, hint, clause.body_line))
        return parsed

    def _parsed(self, sheet: Sheet, source: Source, path: str, first_line: int, template: str = "") -> ParsedText:
        try:
            return parse_sheet(sheet, source)
        except MarkdownError as error:
            hint = "clauses hold paragraphs, lists, tables, emphasis and links; see templates/README.md"
            for fault in error.faults:
                line, column = place_in(template, sheet.text, fault)
                line += first_line - 1
                self.findings.append(finding_in(path, "core/clause-markdown", fault.message, hint, line, column))
            return ParsedText()

    def _shorthand(self, clause: LibraryClause) -> tuple[str, ...] | None:
        return clause.shorthand if clause.id in self.kind.clauses else self.kind.outline.shorthand

    def _find_undefined(self, text: str, shorthand: tuple[str, ...] | None, path: str, first_line: int) -> None:
        """Find words that have a term's capitals where terms are recognised by their words, and are none."""
        if shorthand is None or not self.words.capitals:
            return
        for line, column, phrase in undefined(text, self.vocabulary.forms, shorthand):
            said = f"“{phrase}” is written like a defined term, and no glossary defines it"
            hint = "define it, write it in small letters, or list it under `names` in the outline if it is a name"
            at = first_line + line - 1
            self.findings.append(finding_in(path, "core/capitals-undefined", said, hint, at, column))

    def _blame_glossary(self) -> None:
        """Say once that a glossary file cannot be read, in the place of each term that is not found for it."""
        unread = self.kind.unread
        if unread and any(finding.rule == "core/term-undefined" for finding in self.findings):
            self.findings = [finding for finding in self.findings if finding.rule != "core/term-undefined"]
            files = " and ".join(f"`{path}`" for path in unread)
            said = f"the clauses use terms whose definitions cannot be read: {files} has errors"
            hint = "mend the glossary's file; its own findings say how"
            self.findings.append(finding_in(self.deal.path, "core/glossary-unusable", said, hint))

    def _has_definitions(self) -> bool:
        return any(schedule.definitions for schedule in self.selection.schedules)

    def _definitions(self, rendering: Rendering) -> tuple[_Definition, ...]:
        """Return the definitions in alphabetical order."""
        used = dict.fromkeys((*rendering.terms, *self.vocabulary.own))
        linked, quotes = self._has_definitions(), self.words.quotes
        found = []
        for key in sorted(used, key=lambda key: (self.vocabulary.names[key].casefold(), key)):
            term = self.vocabulary.names[key]
            if key in self.vocabulary.own:
                found.append(
                    _Definition(key, term, own=own_definition(self.deal, self.vocabulary.own[key], key, term, quotes))
                )
                continue
            entry = self.vocabulary.shared[key]
            sheet = rendering.sheets[f"term:{key}"]
            self.findings += [
                self._problem(problem, entry.path, entry.line, f"glossary: {term}") for problem in sheet.problems
            ]
            self._find_undefined(entry.definition, entry.shorthand, entry.path, entry.line)
            source = Source(anchor(key), f"glossary:{key}", "", quotes, linked)
            text = self._parsed(sheet, source, entry.path, entry.line)
            found.append(_Definition(key, term, text, path=entry.path, line=entry.line))
        return tuple(found)

    def _document(self, texts: Mapping[str, ParsedText], definitions: Sequence[_Definition]) -> Document:
        data, outline = self.deal.data, self.kind.outline
        labels = {slot: text.labels for slot, text in texts.items()}

        def clause(slot: str, number: str, *, titled: bool = True) -> Clause:
            chosen = self.selection.clauses[slot]
            title = chosen.title if titled else ""
            blocks = self._resolved(texts[slot], labels, chosen.path, chosen.body_line)
            return Clause(slot, number, title, blocks, clause_source(chosen))

        def definition(entry: _Definition) -> Definition:
            if entry.own:
                return entry.own
            blocks = self._resolved(entry.text, labels, entry.path, entry.line)
            origin = Origin("library", f"glossary:{entry.key}")
            return Definition(anchor(entry.key), entry.term, with_term(entry.term, blocks, self.words.quotes, origin))

        def schedule(entry: OutlineSchedule) -> Schedule:
            own = is_own_schedule(entry)
            numbered = (slot.id for slot in entry.slots if slot.id in self.selection.clauses)
            return Schedule(
                entry.id,
                self.places[entry.id].printed,
                collapse(entry.title),
                tuple(clause(slot, "" if own else self.places[slot].printed, titled=not own) for slot in numbered),
                tuple(map(definition, definitions)) if entry.definitions else (),
            )

        return Document(
            id=self.deal.id,
            type=self.kind.name,
            kind=outline.kind,
            title=collapse(data["title"]),
            version=collapse(str(data["version"])),
            status=data["status"],
            draft=data["status"] in DRAFTS,
            language=outline.language,
            parties=tuple(
                Party(party["key"], collapse(party["legal_name"]), collapse(party["short_name"]))
                for party in data["parties"]
            ),
            opening=clause(outline.opening.id, "", titled=False) if outline.opening else None,
            sections=tuple(
                Section(
                    section.id,
                    self.places[section.id].printed,
                    section.title,
                    tuple(
                        clause(slot.id, self.places[slot.id].printed)
                        for slot in section.slots
                        if slot.id in self.selection.clauses
                    ),
                )
                for section in outline.sections
                if section.id in self.places
            ),
            closing=clause(outline.closing.id, "", titled=False) if outline.closing else None,
            signatures=signature_blocks(self.deal, outline.signatures),
            schedules=tuple(map(schedule, self.selection.schedules)),
        )

    def _resolved(
        self, text: ParsedText, labels: Mapping[str, Mapping[str, str]], path: str, line: int
    ) -> tuple[Block, ...]:
        def resolve(run: Run) -> Run:
            target, _, label = cast("Origin", run.origin).pointer.partition(LABEL_SEPARATOR)
            place = self.places[target]
            path_to_label = labels.get(target, {}).get(label) if label else ""
            at = line + int(run.text) - 1
            if path_to_label is None:
                said = f"the clause in `{target}` has no label `{label}`"
                hint = f"its labels are: {', '.join(labels.get(target, {})) or 'none'}"
                self.findings.append(finding_in(path, "core/ref-label-unknown", said, hint, at))
                return run
            if not place.citation:
                hint = "say in words what is meant, or let the outline give it a number"
                said = f"`{target}` has no number to refer to"
                self.findings.append(finding_in(path, "core/ref-unnumbered", said, hint, at))
                return run
            anchor_name = f"{target}--{label}" if label else target
            return replace(run, text=place.citation.replace("{label}", path_to_label), target=f"#{anchor_name}")

        return text.resolved(tuple(map(resolve, text.references)))

    def _problem(self, problem: TemplateProblem, path: str, first_line: int, source: str) -> Finding:
        line = first_line + problem.line - 1
        if problem.rule == VALUE_MISSING:
            message = f"{problem.message} (clause `{source}`, {path}, line {line})"
            return self.deal.finding(problem.rule, message, problem.pointer, problem.hint)
        return Finding(problem.rule, problem.message, path, line, problem.column, problem.pointer, problem.hint)
