"""Assemble one agreement into its Document, or say everything that prevents it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TypeVar

from clausebook.assemble.clause_markdown import MarkdownError
from clausebook.assemble.inputs import Inputs
from clausebook.assemble.left_to_standard import Silent, silences
from clausebook.assemble.note_markdown import with_numbered_notes
from clausebook.assemble.paper import PaperError, page_of
from clausebook.assemble.parsing import LABEL_SEPARATOR, PENDING, ParsedText, Source, parse_sheet, place_in
from clausebook.assemble.parts import clause_source, own_definition, run_in, signature_blocks, with_term
from clausebook.assemble.places import AMBIGUOUS, cited_alike, clashes, places
from clausebook.assemble.selection import is_own_schedule, select
from clausebook.assemble.terms import anchor, job, vocabulary
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    Origin,
    PageSetup,
    Party,
    Run,
    Schedule,
    Section,
)
from clausebook.document.statuses import DRAFTS
from clausebook.findings.model import Finding, finding_in, has_errors
from clausebook.formats.locale_words import locale_words
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Rendering, Sheet, Subject, TemplateJob, TemplateProblem
from clausebook.language.values import collapse
from clausebook.library.model import LISTS, SIGNATURES, LibraryClause, OutlinePart, Slot, all_slots
from clausebook.library.shorthand import phrases

T = TypeVar("T", Section, Schedule)

VALUE_MISSING = "core/value-missing"
"""The rule of what the deal's data lack: the only one of a clause's problems that is mended in the deal's file."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """The document, or None if a finding of severity error prevents it, here or of the type; and all findings.

    `silences` is empty unless it was asked for.
    """

    document: Document | None
    findings: tuple[Finding, ...]
    silences: tuple[Silent, ...] = ()


def assemble(inputs: Inputs, sandbox: Sandbox, *, silent: bool = False) -> Assembled:
    """Assemble a valid agreement; if it is asked for, with what its data leave out `silent`."""
    return _Assembly(inputs, sandbox).run(silent=silent)


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

    def run(self, *, silent: bool) -> Assembled:
        """Assemble; every step adds to the findings."""
        self.vocabulary = vocabulary(self.deal, self.kind)
        self.selection = select(self.deal, self.kind, *self._conditions())
        self.findings += [*self.vocabulary.findings, *self.selection.findings]
        self.page = self._page()
        self._check_fits()
        self.linked = any(part.definitions for part in (*self.selection.sections, *self.selection.schedules))
        self.places = places(self.kind, self.selection)
        self.lists = {
            slot.id: part.numbering.lists
            for part in (*self.selection.sections, *self.selection.schedules)
            for slot in all_slots(part.slots)
        }
        self.alike = cited_alike(self.places)
        self.findings += clashes(self.kind, self.places)
        rendering = self._render()
        texts = {slot: self._parse(slot, rendering.sheets[slot]) for slot in self.selection.clauses}
        definitions = self._definitions(rendering)
        self.defined = self._defined(texts, rendering)
        self._blame_glossary()
        broken = self.selection.unfilled or has_errors(self.findings)
        document = None if broken else self._document(texts, definitions)
        if document is None or has_errors(self.findings):
            return Assembled(None, tuple(self.findings))
        sheets = {slot: rendering.sheets[slot] for slot in texts}
        told = silences(document, sheets, self.left_out, self.kind.outline) if silent else ()
        return Assembled(document, tuple(self.findings), told)

    def _page(self) -> PageSetup | None:
        try:
            return page_of(self.kind.outline.page, self.deal.data.get("page"))
        except PaperError as error:
            hint = "write a paper (a4, letter or legal) and margins such as 25mm or 1in, here or in the type's outline"
            pointer = "/page" if "page" in self.deal.data else ""
            self.findings.append(self.deal.finding("core/page", str(error), pointer, hint))
            return None

    def _conditions(self) -> tuple[Mapping[str, bool], Set[str]]:
        """Tell which conditions of the outline hold, and of which it cannot be told."""
        outline = self.kind.outline
        conditions = {slot.id: slot for slot in outline.slots() if slot.when}
        conditions |= {schedule.id: schedule for schedule in outline.schedules if schedule.when}  # type: ignore[misc]
        self.left_out: Mapping[str, Sheet] = {}
        if not conditions:
            return {}, set()
        values, sheets = self.sandbox.conditions(
            self.subject, [TemplateJob(name, place.when, dialect=outline.dialect) for name, place in conditions.items()]
        )
        for name, sheet in sheets.items():
            line = conditions[name].line
            self.findings += [self._problem(problem, outline.path, line, name) for problem in sheet.problems]
        self.left_out = {name: sheet for name, sheet in sheets.items() if not values[name]}
        return values, {name for name, sheet in sheets.items() if sheet.problems}

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
        values, sheets = self.sandbox.conditions(self.subject, jobs)
        for name, (slot, fit) in fits.items():
            clause = self.selection.clauses[slot]
            self.findings += [self._problem(problem, clause.path, 1, clause.id) for problem in sheets[name].problems]
            if not values[name] and not sheets[name].problems:
                message = f"the clause `{clause.id}` does not suit this deal: {fit.otherwise}"
                hint = f"change the data, or choose another clause for the slot `{slot}` under `clauses`"
                pointer = self.selection.items.get(slot, "")
                self.unfit.add(slot)
                self.findings.append(self.deal.finding("core/clause-unfit", message, pointer, hint))

    def _render(self) -> Rendering:
        forms = self.vocabulary.forms
        jobs = [
            job(slot, clause.body, forms, self._shorthand(clause), clause.dialect, self.selection.items.get(slot, ""))
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
        lists = self.lists.get(slot, self.kind.outline.numbering.lists)
        source = self._source(slot, clause.id, clause.version, lists)
        parsed = self._parsed(sheet, source, clause.path, clause.body_line, clause.body)
        if parsed.empty and not sheet.marked.strip():
            said = f"the clause `{clause.id}` says nothing in this agreement"
            hint = "write what holds when its conditions do not, or leave the slot out by the outline"
            self.findings.append(finding_in(clause.path, "core/clause-empty", said, hint, clause.body_line))
        return parsed

    def _parsed(self, sheet: Sheet, source: Source, path: str, first_line: int, template: str = "") -> ParsedText:
        try:
            return parse_sheet(sheet, source)
        except MarkdownError as error:
            hint = "clauses hold paragraphs, lists, tables, emphasis, links and footnotes; see templates/README.md"
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
        for line, column, phrase in phrases(self.vocabulary.forms, shorthand).undefined(text):
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

    def _source(self, name: str, clause: str, version: str = "", lists: tuple[str, ...] = LISTS) -> Source:
        return Source(name, clause, version, self.words.quotes, self.linked, lists, self.vocabulary.placed)

    def _defined(self, texts: Mapping[str, ParsedText], rendering: Rendering) -> Mapping[str, str]:
        """Return the anchors of terms that clauses define where they stand; find what is defined twice, or never."""
        found: dict[str, str] = {}
        for slot, text in texts.items():
            clause = self.selection.clauses[slot]
            for key, place in text.defined.items():
                name = self.vocabulary.names[key]
                if key in found or key not in self.vocabulary.placed:
                    said = f"the term “{name}” is defined here, and elsewhere too"
                    hint = "define each term once: by a clause, and then the glossary gives it no definition, or there"
                    self.findings.append(finding_in(clause.path, "core/term-redefined", said, hint, clause.body_line))
                found[key] = place
        whole = not has_errors(self.findings)
        for key in sorted(self.vocabulary.placed.intersection(rendering.terms) - found.keys()) if whole else ():
            entry = self.vocabulary.shared[key]
            said = f"the agreement uses the term “{entry.term}”, and none of its clauses defines it"
            hint = f"write define('{entry.term}') where it is defined, or give it a definition here"
            self.findings.append(finding_in(entry.path, "core/term-unplaced", said, hint, entry.line))
        return found

    def _definitions(self, rendering: Rendering) -> tuple[_Definition, ...]:
        """Return the definitions in alphabetical order."""
        used = {*rendering.terms, *self.vocabulary.own}
        found = []
        for key in sorted(used - self.vocabulary.placed, key=lambda key: (self.vocabulary.names[key].casefold(), key)):
            term = self.vocabulary.names[key]
            if key in self.vocabulary.own:
                pointer, quotes = self.vocabulary.own[key], self.words.quotes
                found.append(_Definition(key, term, own=own_definition(self.deal, pointer, key, term, quotes)))
                continue
            entry = self.vocabulary.shared[key]
            sheet = rendering.sheets[f"term:{key}"]
            self.findings += [
                self._problem(problem, entry.path, entry.line, f"glossary: {term}") for problem in sheet.problems
            ]
            self._find_undefined(entry.definition, entry.shorthand, entry.path, entry.line)
            source = self._source(anchor(key), f"glossary:{key}")
            text = self._parsed(sheet, source, entry.path, entry.line)
            found.append(_Definition(key, term, text, path=entry.path, line=entry.line))
        return tuple(found)

    def _document(self, texts: Mapping[str, ParsedText], definitions: Sequence[_Definition]) -> Document:
        data, outline = self.deal.data, self.kind.outline

        def clause(slot: Slot, *, titled: bool = True) -> Clause:
            place = self.places[slot.id]
            chosen = self.selection.clauses.get(slot.id)
            if chosen is None:
                return Clause(slot.id, place.printed, slot.title, (), None, place.level)
            title = chosen.title if titled and slot.heading == "full" else ""
            blocks = self._resolved(texts[slot.id], texts, chosen.path, chosen.body_line)
            if slot.heading == "run-in":
                blocks = run_in(chosen.title, blocks, Origin("library", chosen.id, chosen.version))
            return Clause(slot.id, place.printed, title, blocks, clause_source(chosen), place.level)

        def definition(entry: _Definition) -> Definition:
            if entry.own:
                return entry.own
            blocks = self._resolved(entry.text, texts, entry.path, entry.line)
            origin = Origin("library", f"glossary:{entry.key}")
            return Definition(anchor(entry.key), entry.term, with_term(entry.term, blocks, self.words.quotes, origin))

        def part(make: type[T], entry: OutlinePart) -> T:
            own = is_own_schedule(entry)
            there = (slot for slot in all_slots(entry.slots) if slot.id in self.places)
            return make(
                entry.id,
                self.places[entry.id].printed,
                collapse(entry.title),
                tuple(clause(slot, titled=not own) for slot in there),
                tuple(map(definition, definitions)) if entry.definitions else (),
            )

        signatures = signature_blocks(self.deal, outline.signatures)
        document = Document(
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
            opening=clause(outline.opening, titled=False) if outline.opening else None,
            sections=tuple(part(Section, entry) for entry in self.selection.sections),
            closing=clause(outline.closing, titled=False) if outline.closing else None,
            signatures=signatures,
            schedules=tuple(part(Schedule, entry) for entry in self.selection.schedules),
            order=tuple(self._order(block.id for block in signatures)),
            page=self.page,
        )
        return with_numbered_notes(document)

    def _order(self, signatures: Iterable[str]) -> Iterator[str]:
        """Yield the ids of the parts in the order of the outline, if it has one; the deal's own schedules come last."""
        order = self.kind.outline.order
        for name in order:
            yield from signatures if name == SIGNATURES else (name,)
        for schedule in self.selection.schedules if order else ():
            if schedule.id not in order:
                yield schedule.id

    def _resolved(self, text: ParsedText, texts: Mapping[str, ParsedText], path: str, line: int) -> tuple[Block, ...]:
        def resolve(run: Run) -> Run:
            if run.origin is None or run.target != PENDING:
                target = f"#{self.defined[run.target.removeprefix(PENDING)]}"
                return Run(run.text, run.strong, run.emphasis, target, run.origin)
            target, _, label = run.origin.pointer.partition(LABEL_SEPARATOR)
            place = self.places[target]
            given = texts.get(target, ParsedText())
            path_to_label = given.labels.get(label) if label else ""
            at, form = run.text.split(" ")

            def found(rule: str, said: str, hint: str) -> None:
                self.findings.append(finding_in(path, rule, said, hint, line + int(at or 1) - 1))

            if path_to_label is None:
                hint = f"its labels are: {', '.join(given.labels) or 'none'}"
                found("core/ref-label-unknown", f"the clause in `{target}` has no label `{label}`", hint)
                return run
            said = place.cited(path_to_label, form)
            if not said:
                hint = "say in words what is meant, or let the outline give it a number"
                if place.citation:
                    hint = "refer to each of them by ref(…), or let the outline's references say how several are cited"
                found("core/ref-unnumbered", f"`{target}` has no number to refer to", hint)
                return run
            alike = self.alike[place.citation] if place.printed else ()
            if len(alike) > 1:
                either = f"“{place.cited()}” can be {' or '.join(f'`{name}`' for name in alike)}"
                found("core/ref-ambiguous", either, AMBIGUOUS)
            anchor_name = given.anchors.get(label) or (f"{target}--{label}" if label else target)
            return Run(said, run.strong, run.emphasis, f"#{anchor_name}", run.origin)

        return text.resolved(tuple(map(resolve, text.references)))

    def _problem(self, problem: TemplateProblem, path: str, first_line: int, source: str) -> Finding:
        line = first_line + problem.line - 1
        if problem.rule == VALUE_MISSING:
            message = f"{problem.message} (clause `{source}`, {path}, line {line})"
            return self.deal.finding(problem.rule, message, problem.pointer, problem.hint)
        return Finding(problem.rule, problem.message, path, line, problem.column, problem.pointer, problem.hint)
