"""Registered paper: agreements that others wrote and that were signed elsewhere, with facts that somebody asserts.

They have no text of Clausebook's: `agreements/registered/<id>.yaml` says what a named person has read on which page,
and the file itself lies in `agreements/registered/<id>/`. Nothing else is known of them, and nothing is guessed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from typing import Any, Literal

from clausebook.findings.model import Finding, SourceFile, finding_in
from clausebook.load.editing import NAMES
from clausebook.records.model import MOST_SIGNED
from clausebook.records.notation import from_valid
from clausebook.records.record_files import damaged, stray
from clausebook.repository.agreement_files import FOLDER, REGISTERED, SUFFIXES, id_problem, is_aside
from clausebook.repository.tree import Tree, TreeError, names_in, unreadable
from clausebook.validate.repository_files import read_repository_file, schema_of, written

KINDS: Mapping[str, str] = {
    "title": "words", "party": "words", "effective": "date", "end": "date", "notice": "duration", "value": "amount",
    "law": "words", "renewal": "words",
}  # fmt: skip
"""The facts that can be asserted, in order, and what each is: see `reading.asserted`. Of parties there are several."""

Seen = Literal["found", "not found", "no text", ""]
"""What the program saw on the page named: the words, others, a picture; "" if no page was named."""

HasText = Literal["all", "some", "none"]

_RESTORE = "bring it back with git restore; or register the paper again"


@dataclass(frozen=True, slots=True)
class Asserted:
    """A fact that somebody asserts: `value` as words, a date (ISO 8601), a duration, or an amount with a decimal point.

    `page` counts from 1, 0 if none is named. `on` is the day of the assertion, ISO 8601.
    """

    fact: str
    value: str
    by: str
    on: str
    page: int = 0
    seen: Seen = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class AssertedDuty:
    """A duty that somebody asserts. `due` is ISO 8601 or "", `every` a duration or a word such as quarterly, or ""."""

    what: str
    by: str
    on: str
    party: str = ""
    due: str = ""
    every: str = ""
    page: int = 0
    seen: Seen = ""


@dataclass(frozen=True, slots=True)
class PaperFile:
    """The file of a registered paper. `pages` is 0 for a Word file; `text` is how many of its pages have any."""

    name: str
    original: str
    sha256: str
    pages: int
    text: HasText


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered paper: its file and what is asserted of it. What nobody asserts is not there."""

    id: str
    file: PaperFile
    facts: tuple[Asserted, ...] = ()
    duties: tuple[AssertedDuty, ...] = ()

    @property
    def path(self) -> str:
        """Where it is written down."""
        return f"{REGISTERED}/{self.id}{SUFFIXES[0]}"

    @property
    def file_path(self) -> str:
        """Where its file lies."""
        return f"{REGISTERED}/{self.id}/{self.file.name}"

    def values(self, fact: str) -> tuple[str, ...]:
        """Return what is asserted of a fact, mostly one value or none."""
        return tuple(each.value for each in self.facts if each.fact == fact)

    def value(self, fact: str) -> str:
        """Return the value that is asserted of a fact, "" if none is."""
        return next(iter(self.values(fact)), "")


def paper_written(paper: Registered) -> bytes:
    """Return what is written down of a registered paper, as YAML."""

    def told(part: Any, names: Sequence[str]) -> dict[str, Any]:
        return {name: getattr(part, name) for name in names if getattr(part, name) not in ("", 0)}

    facts = [told(each, ("fact", "value", "currency", "page", "seen", "by", "on")) for each in paper.facts]
    duties = [told(each, ("what", "party", "due", "every", "page", "seen", "by", "on")) for each in paper.duties]
    file = {name: getattr(paper.file, name) for name in ("name", "original", "sha256", "pages", "text")}
    data = {"format": 1, "file": file} | ({"facts": facts} if facts else {}) | ({"duties": duties} if duties else {})
    return written(paper.path, "registered", data, NAMES)


def registered_ids(tree: Tree) -> list[str]:
    """Return the ids of registered papers, whatever is wrong with them."""
    return [name.removesuffix(SUFFIXES[0]) for name in names_in(tree, REGISTERED) if name.endswith(SUFFIXES[0])]


def registered_of(tree: Tree) -> tuple[tuple[Registered, ...], tuple[Finding, ...]]:
    """Return the registered papers of a tree that can be read, by id, and what is wrong with how they are written."""
    try:
        names = tree.names(REGISTERED)
    except TreeError as error:
        return (), (unreadable(REGISTERED, error),)
    ids, found = {}, []
    for name in names:
        stem, dot, ending = name.partition(".")
        if f"{dot}{ending}" == SUFFIXES[0]:
            ids[f"{REGISTERED}/{name}"] = stem
        elif not (name.endswith("/") or is_aside(name)):
            found.append(stray(f"{REGISTERED}/{name}", "is no registered paper: its name does not end with .yaml"))
    papers = []
    known = cache(partial(schema_of, tree))
    for path in ids:
        value, at, findings = read_repository_file(tree, path, "registered", known)
        found += findings
        if value is not None:
            paper = _paper(ids[path], value)
            papers.append(paper)
            found += _order(paper, at)
    return tuple(papers), tuple(found)


def registered_findings(tree: Tree, papers: Sequence[Registered], agreements: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with the registered papers of a tree, beside how they are written.

    `agreements` are the ids of its other agreements. Journals and evidence are judged elsewhere.
    """
    for paper in papers:
        if problem := id_problem(paper.id):
            yield finding_in(paper.path, "core/registered-id", problem, "rename the file and its folder")
        if paper.id in agreements:
            said = f"the id {paper.id} is that of registered paper and of {FOLDER}/{paper.id}.yaml"
            yield finding_in(paper.path, "core/registered-id", said, "rename this file and its folder")
        yield from _file(tree, paper)
        yield from _unseen(paper)
    yield from _twice(papers)
    names = names_in(tree, REGISTERED)
    for name in names:
        if name.endswith("/") and f"{name[:-1]}{SUFFIXES[0]}" not in names:
            yield stray(f"{REGISTERED}/{name[:-1]}", f"has no {name[:-1]}{SUFFIXES[0]} beside it")


def _paper(name: str, value: Mapping[str, Any]) -> Registered:
    file = from_valid(PaperFile, value["file"])
    facts = tuple(from_valid(Asserted, each) for each in value.get("facts", ()))
    duties = tuple(from_valid(AssertedDuty, each) for each in value.get("duties", ()))
    return Registered(name, file, facts, duties)


def _order(paper: Registered, at: SourceFile) -> Iterator[Finding]:
    for index, each in enumerate(paper.facts):
        if each.fact == "end" and "" < each.value < paper.value("effective"):
            said = f"the end, {each.value}, is before the effective date, {paper.value('effective')}"
            yield at.finding("core/date-order", said, f"/facts/{index}/value", "see which of the two the paper says")
        if each.fact != "party" and each.fact in (other.fact for other in paper.facts[:index]):
            said = f"{each.fact} is asserted twice"
            yield at.finding("core/registered-fact", said, f"/facts/{index}/fact", "take out the one that is wrong")
    named = [(f"/facts/{index}", each.page) for index, each in enumerate(paper.facts)]
    named += [(f"/duties/{index}", each.page) for index, each in enumerate(paper.duties)]
    for place, page in named:
        if page > paper.file.pages > 0:
            said = f"page {page} is named, and the file has {paper.file.pages}"
            yield at.finding("core/registered-fact", said, f"{place}/page", "name the page that says it")


def _file(tree: Tree, paper: Registered) -> Iterator[Finding]:
    folder = f"{REGISTERED}/{paper.id}"
    try:
        content = tree.raw(paper.file_path, MOST_SIGNED)
    except TreeError as error:
        yield damaged(paper.file_path, str(error), _RESTORE, "core/registered-file")
        return
    if hashlib.sha256(content).hexdigest() != paper.file.sha256:
        said = "is not the file that was registered: its SHA-256 is another"
        yield damaged(paper.file_path, said, _RESTORE, "core/registered-file")
    for name in names_in(tree, folder):
        if name != paper.file.name:
            yield stray(f"{folder}/{name.rstrip('/')}", "is no part of the registered paper")


def _unseen(paper: Registered) -> Iterator[Finding]:
    if paper.file.text == "none":
        said = f"{paper.file.name} is a scan without text: nothing that is asserted of it could be held against it"
        yield finding_in(paper.path, "core/registered-scan", said)
        return
    for each in paper.facts:
        if each.seen in ("not found", "no text"):
            where = f"page {each.page}" if paper.file.pages else "the file"
            said = f"{each.fact} “{each.value[:80]}” was not found on {where}"
            said += "" if each.seen == "not found" else ", which has no text"
            yield finding_in(paper.path, "core/registered-unseen", said, f"see whether {each.by} named the right page")
    for duty in paper.duties:
        if duty.seen == "not found":
            said = f"the words of the duty “{duty.what[:80]}” were not found on page {duty.page}"
            yield finding_in(
                paper.path, "core/registered-unseen", said, "see whether it is the duty that the page says"
            )


def _twice(papers: Sequence[Registered]) -> Iterator[Finding]:
    order = sorted(papers, key=lambda paper: (paper.file.sha256, paper.id))
    for _, same in groupby(order, key=lambda paper: paper.file.sha256):
        first, *more = same
        for other in more:
            said = f"the same paper is registered as {first.id} and as {other.id}"
            yield finding_in(
                other.path, "core/registered-twice", said, "keep one, and remove the other with its folder"
            )
