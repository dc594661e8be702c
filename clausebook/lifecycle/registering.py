"""Register the papers of others: what a sheet asserts of them becomes agreements, beside the files themselves.

Each paper is registered whole or not at all, and a bad one stops no other. What is registered already stays as it is.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from clausebook.findings.characters import one_line, without_hidden
from clausebook.findings.model import Finding, FindingsError, RepositoryError, refuse_errors
from clausebook.findings.near_names import did_you_mean
from clausebook.formats.csv_sheet import MOST_BYTES, CsvProblem, CsvRow, read_csv
from clausebook.formats.csv_text import csv_file
from clausebook.lifecycle.fact_sheet import HEADINGS, Reading, duty_of, facts_of, sheet_rows
from clausebook.load.editing import QUOTED
from clausebook.reading.asserted import stands
from clausebook.reading.papers import Papers, PaperText, UnreadablePaper, kind_of
from clausebook.records.journal import journal_path
from clausebook.records.model import MOST_SIGNED
from clausebook.records.registered import (
    KINDS,
    Asserted,
    AssertedDuty,
    HasText,
    PaperFile,
    Registered,
    Seen,
    paper_written,
    registered_of,
)
from clausebook.repository.agreement_files import FOLDER, JOURNALS, LONGEST_ID, SUFFIXES, find_agreements, id_problem
from clausebook.repository.portable_names import plain_name
from clausebook.repository.tree import Tree, content_of, names_in
from clausebook.repository.writing import publish_together
from clausebook.validate.repository_files import written

ENDINGS = (".pdf", ".docx")
MOST_FILES = 10_000
MOST_TOLD = 200
"""Problems that are listed one by one: a sheet of another folder has one a row."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper to register: its name in the folder, where it lies, and the row of the sheet that is of it."""

    name: str
    path: Path
    row: CsvRow


@dataclass(slots=True)
class Outcome:
    """What came of registering: ids that were added, changed, or as they were; and what is wrong."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def papers_in(folder: Path) -> dict[str, Path]:
    """Return the PDF and Word files of a folder and those in it, by their names with forward slashes.

    No link is followed. Raises RepositoryError.
    """
    found: dict[str, Path] = {}
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            wanted = name.lower().endswith(ENDINGS) and not name.startswith(("~$", "._"))
            if wanted and path.is_file() and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = path
    if len(found) > MOST_FILES:
        raise RepositoryError(f"`{folder}` holds more than {MOST_FILES:,} papers", "register its folders one by one")
    if not found:
        raise RepositoryError(f"`{folder}` holds no PDF and no Word file (.docx)", "name the folder of the papers")
    return dict(sorted(found.items()))


def blank_sheet(papers: Iterable[str]) -> bytes:
    """Return a sheet with a row a paper, by its name in its folder, for somebody to fill in."""
    taken = Counter[str]()

    def name(file: str) -> str:
        made = id_of(file)
        taken[made] += 1
        return made if taken[made] == 1 else f"{made[: LONGEST_ID - 6]}-{taken[made]}"

    return csv_file(HEADINGS, sheet_rows(papers, name))


def id_of(file: str) -> str:
    """Return the id that a file's name suggests."""
    stem = file.rpartition("/")[2].rpartition(".")[0]
    return plain_name(stem, LONGEST_ID) or "paper"


def read_rows(path: Path, headings: Sequence[str] = HEADINGS) -> tuple[tuple[CsvRow, ...], tuple[Finding, ...]]:
    """Return the rows of a sheet, and a note if its letters were taken for Windows'. Raises FindingsError."""
    try:
        sheet = read_csv(content_of(path, MOST_BYTES), headings)
    except CsvProblem as problem:
        raise FindingsError([_problem(path, problem.line, problem.message, problem.hint)]) from problem
    if sheet.encoding != "cp1252":
        return sheet.rows, ()
    said = "its letters are not UTF-8, and were read as those of Windows (cp1252)"
    hint = "see whether names with accents are right; else save it as “CSV UTF-8”"
    return sheet.rows, (Finding("core/register-letters", said, path.as_posix(), hint=hint),)


def matched(
    rows: Iterable[CsvRow], papers: Mapping[str, Path], sheet: Path
) -> tuple[tuple[PaperRow, ...], tuple[Finding, ...]]:
    """Return the papers with the row of each, and which rows and papers are alone."""
    names = {_folded(name): name for name in papers}
    given: dict[str, PaperRow] = {}
    findings: list[Finding] = []
    for row in rows:
        told = row.cells.get("file", "")
        name = told if told in papers else names.get(_folded(told), "")
        if not name:
            said = f"there is no file “{one_line(told, 100)}” in the folder" if told else "the row names no file"
            hint = "write the name of a file under “file”, as the folder has it"
            if told and len(findings) < MOST_TOLD:  # what is told no more need not be sought among thousands
                hint = did_you_mean(told, list(papers)[:1000], hint)
            findings.append(_problem(sheet, row.line, said, hint))
        elif name in given:
            said = f"“{one_line(name, 100)}” has a row already: line {given[name].row.line}"
            findings.append(_problem(sheet, row.line, said, "leave one row a file"))
        else:
            given[name] = PaperRow(name, papers[name], row)
    if alone := [name for name in papers if name not in given]:
        more = f", and {len(alone) - 5} more" if len(alone) > 5 else ""
        said = f"{len(alone)} of the files in the folder have no row: {', '.join(alone[:5])}{more}"
        hint = "add a row for each that is to be registered"
        findings.append(Finding("core/register-left", said, sheet.as_posix(), hint=hint))
    return tuple(given.values()), tuple(findings)


def duties_of(
    rows: Iterable[CsvRow], papers: Mapping[str, Path], reading: Reading, sheet: Path
) -> tuple[Mapping[str, tuple[AssertedDuty, ...]], tuple[Finding, ...]]:
    """Return the duties that a sheet of them asserts, by the name of the paper, and what is wrong with its rows."""
    names = {_folded(name): name for name in papers}
    made: dict[str, tuple[AssertedDuty, ...]] = {}
    findings: list[Finding] = []
    for row in rows:
        duty, problems = duty_of(row, reading, sheet.as_posix())
        name = names.get(_folded(row.cells.get("file", "")), "")
        if not name:
            problems = (*problems, _problem(sheet, row.line, "the row names no file of the folder", "correct its name"))
        findings += problems
        if not problems:
            made[name] = (*made.get(name, ()), duty)
    return made, tuple(findings)


def register(
    root: Path,
    tree: Tree,
    given: Sequence[PaperRow],
    duties: Mapping[str, tuple[AssertedDuty, ...]],
    reading: Reading,
    sheet: Path,
    *,
    update: bool = False,
    advance: Callable[[str], None] = lambda name: None,
) -> Outcome:
    """Register papers; `update` writes what the sheet says otherwise than what is registered."""
    if "registered.schema.json" not in names_in(tree, "schemas"):
        raise RepositoryError("schemas/ has no registered.schema.json", "copy it from the Clausebook repository")
    out = Outcome()
    known, problems = registered_of(tree)
    refuse_errors(problems)
    desk = _Desk(root, {each.id: each for each in known}, {file.id for file in find_agreements(tree)[0]}, sheet)
    desk.journals = frozenset(names_in(tree, JOURNALS))
    with Papers() as papers:
        for each in given:
            advance(each.name)
            try:
                desk.take(each, duties.get(each.name, ()), reading, papers, out, update=update)
            except FindingsError as error:
                out.findings += error.findings
    return out


def bounded(findings: Sequence[Finding], sheet: Path) -> tuple[Finding, ...]:
    """Return the first findings, and one that counts the others."""
    if len(findings) <= MOST_TOLD:
        return tuple(findings)
    said = f"there are {len(findings) - MOST_TOLD:,} more problems of the kind"
    return (*findings[:MOST_TOLD], _problem(sheet, 0, said, "mend these first, then run the command again"))


@dataclass(slots=True)
class _Desk:
    root: Path
    known: dict[str, Registered]
    agreements: set[str]
    sheet: Path
    journals: frozenset[str] = frozenset()

    def take(
        self,
        each: PaperRow,
        duties: tuple[AssertedDuty, ...],
        reading: Reading,
        papers: Papers,
        out: Outcome,
        *,
        update: bool,
    ) -> None:
        """Register one paper. Raises FindingsError."""
        row, problems = facts_of(each.row, reading, self.sheet.as_posix())
        if problems:
            raise FindingsError(problems)
        line = each.row.line
        if not row.facts and not duties:
            raise FindingsError([self._left(line, f"nothing is asserted of “{one_line(each.name, 100)}”")])
        content = _content(each.path, lambda said, hint: self._refusal(each, said, hint))
        digest = hashlib.sha256(content).hexdigest()
        same = next((one for one in self.known.values() if one.file.sha256 == digest), None)
        name = row.id or (same.id if same else id_of(each.name))
        if same and same.id != name:
            raise self._refusal(each, f"the same paper is registered as {same.id}", "keep one row for it, with that id")
        if problem := id_problem(name):
            raise self._refusal(each, problem, "write another under “id”")
        if name in self.agreements:
            raise self._refusal(each, f"{name} is the id of an agreement in {FOLDER}/", "write another under “id”")
        if name in self.known and not same:
            said = f"{name} is the id of other paper: {self.known[name].file.original}"
            raise self._refusal(each, said, "write another under “id”")
        if same and _told(same) == _told(replace(same, facts=row.facts, duties=duties or same.duties)):
            out.known.append(name)
            return
        if same and not update:
            said = f"{name} is registered, and this row asserts something else of it"
            hint = f"say --update to write what it asserts, or correct {same.path}"
            raise FindingsError([Finding("core/register-differs", said, self.sheet.as_posix(), line, 1, hint=hint)])
        try:
            text = papers.read(content, _pages(row.facts, duties))
        except UnreadablePaper as error:
            hint = "save it anew, without a password, from what made or scanned it"
            raise self._refusal(each, f"cannot be read: {error}", hint) from error
        paper = self._paper(each, name, content, digest, text, row.facts, duties or (same.duties if same else ()))
        files = {paper.file_path: content, paper.path: paper_written(paper)}
        if row.owner and not self.journals.intersection(f"{name}{each}" for each in SUFFIXES):
            path = journal_path(name)
            files[path] = _journal(path, row.owner, row.owner_email)
        publish_together(files, self.root)
        self.known[name] = paper
        (out.changed if same else out.added).append(name)
        out.findings += _unseen(paper, self.sheet, line)

    def _paper(
        self,
        each: PaperRow,
        name: str,
        content: bytes,
        digest: str,
        text: PaperText,
        facts: tuple[Asserted, ...],
        duties: tuple[AssertedDuty, ...],
    ) -> Registered:
        for page in _pages(facts, duties):
            if page > text.pages > 0:
                said = f"page {page} is named, and “{one_line(each.name, 100)}” has {text.pages}"
                raise FindingsError([_problem(self.sheet, each.row.line, said, "name the page that says it")])
        if (end := _value(facts, "end")) and end < _value(facts, "effective"):
            said = f"the end, {end}, is before the effective date, {_value(facts, 'effective')}"
            raise FindingsError([_problem(self.sheet, each.row.line, said, "see which of the two the paper says")])
        stored, original = f"{name}.{kind_of(content)}", one_line(without_hidden(each.name), 500)
        told: HasText = "none" if text.scan else "some" if text.mute else "all"
        file = PaperFile(stored, original, digest, text.pages, told)
        return Registered(
            name,
            file,
            tuple(replace(one, seen=_seen(KINDS[one.fact], one.value, one.page, text)) for one in facts),
            tuple(replace(one, seen=_seen("words", one.what, one.page, text)) for one in duties),
        )

    def _left(self, line: int, said: str) -> Finding:
        hint = "fill in what somebody has read in it"
        return Finding("core/register-left", said, self.sheet.as_posix(), line, 1, hint=hint)

    def _refusal(self, each: PaperRow, said: str, hint: str) -> FindingsError:
        told = f"“{one_line(each.name, 100)}” {said}" if said.startswith(("cannot", "is ")) else said
        return FindingsError([_problem(self.sheet, each.row.line, told, hint)])


def _pages(facts: Iterable[Asserted], duties: Iterable[AssertedDuty]) -> list[int]:
    return [*(each.page for each in facts), *(each.page for each in duties)]


def _seen(kind: str, value: str, page: int, text: PaperText) -> Seen:
    if not text.pages:
        return "found" if stands(kind, value, text.texts.get(0, "")) else "not found"
    if not page:
        return ""
    if page in text.mute:
        return "no text"
    return "found" if stands(kind, value, text.texts.get(page, "")) else "not found"


def _unseen(paper: Registered, sheet: Path, line: int) -> list[Finding]:
    at = sheet.as_posix()
    if paper.file.text == "none":
        said = f"{paper.id}: the file is a scan without text, so nothing could be held against it"
        return [Finding("core/registered-scan", said, at, line, 1)]
    told = [(each.fact, each.value, each.page, each.seen) for each in paper.facts]
    told += [("duty", each.what, each.page, each.seen) for each in paper.duties]
    lines = []
    for fact, value, page, seen in told:
        where = f"page {page}" if paper.file.pages else "the file"
        if seen == "not found":
            lines.append(f"{paper.id}: {fact} “{one_line(value, 80)}” not found on {where}")
        elif seen == "no text":
            lines.append(f"{paper.id}: {where}, named for {fact}, has no text")
    hint = "see whether it is the right page, and what it says"
    return [Finding("core/registered-unseen", each, at, line, 1, hint=hint) for each in lines]


def _told(paper: Registered) -> tuple[object, ...]:
    """Return what is asserted of a paper, whoever does so on whichever day."""
    facts = ((each.fact, each.value, each.currency, each.page) for each in paper.facts)
    return (*facts, *((each.what, each.party, each.due, each.every, each.page) for each in paper.duties))


def _value(facts: Iterable[Asserted], fact: str) -> str:
    return next((each.value for each in facts if each.fact == fact), "")


def _journal(path: str, owner: str, email: str) -> bytes:
    told = {"name": one_line(owner, 200)} | ({"email": email} if email else {})
    return written(path, "journal", {"format": 1, "owner": told}, QUOTED)


def _content(path: Path, refusal: Callable[[str, str], FindingsError]) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_SIGNED + 1)
    except OSError as error:
        raise refusal(f"cannot be read: {error.strerror}", "check that it is there and may be read") from error
    if len(content) > MOST_SIGNED:
        raise refusal(f"is larger than {MOST_SIGNED >> 20} MiB", "save it smaller, or split it")
    return content


def _folded(name: str) -> str:
    """Return a file's name as sheets may write it: other slashes, other forms of accents, other capitals."""
    return unicodedata.normalize("NFC", name.replace("\\", "/").removeprefix("./")).casefold()


def _problem(sheet: Path, line: int, said: str, hint: str) -> Finding:
    return Finding("core/register-sheet", said, sheet.as_posix(), line, 1 if line else 0, hint=hint)
