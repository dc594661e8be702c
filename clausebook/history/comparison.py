"""Make a redline of two texts of an agreement: find both, compare them, and say why each change came about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from clausebook.amending.amendment_chain import chain as executed_texts
from clausebook.assemble.assembler import assemble
from clausebook.assemble.inputs import Inputs
from clausebook.compare.changes import Change, changes
from clausebook.compare.documents import compare
from clausebook.compare.model import Redline
from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Document
from clausebook.findings.model import Finding, FindingsError, RepositoryError
from clausebook.formats.locale_words import locale_words
from clausebook.history.causes import Cause, cause_key, causes
from clausebook.history.commit_chain import chain
from clausebook.history.newest import NewestFirst
from clausebook.history.revisions import WORK_TREE, agreement_at, commit_of, history
from clausebook.language.sandbox import Sandbox
from clausebook.project.agreement import Agreement, ordered
from clausebook.records.record_files import sent_document, turns
from clausebook.repository.agreement_files import path_in
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.objects import SHORT, read_commit
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import head_of
from clausebook.repository.tree import DiskTree, Tree

if TYPE_CHECKING:
    from clausebook.project.project import Progress

STANDARD = "standard"
"""The name of the library's own text for every slot."""

SENT, EXECUTED = "sent", "executed"
"""The names of the text that was sent last, and of the one that was executed last."""


_ADDRESS = re.compile(r"@[^\s()<>,;]+")
"""What makes an e-mail address of a name: some have set theirs as their name in git, and it may not leave the house."""

How = Literal["version", "written", "unrecorded", "executed", "sent", "standard", "library-sent", "library-today"]
"""How a text came to be, by which it is named."""


@dataclass(frozen=True, slots=True)
class Text:
    """One side of a redline. `commit` is "" for what is in no commit; `date` and `person` are when and by whom it came.

    `inputs` is None where what the text was made from is not known: then no change has a cause.
    """

    how: How
    commit: str
    document: Document
    inputs: Inputs | None
    date: str = ""
    person: str = ""

    def name(self, language: str) -> str:
        """Name it as a reader outside the house may: by version, date and person, not by commit."""
        pattern = locale_words(language).redline[self.how]
        return str(pattern.format(version=self.document.version, date=self.date, person=self.person))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A redline with its two sides, its changes with their causes, and notes for who asked for it."""

    old: Text
    new: Text
    redline: Redline
    changes: tuple[Change, ...]
    causes: Mapping[str, Cause]
    notes: tuple[Finding, ...] = ()

    def names(self, *, internal: bool) -> tuple[str, str]:
        """Return what both sides are called in the language of the new one, with their commits if it is `internal`."""
        language = self.new.document.language
        old, new = (describe(side, language) if internal else side.name(language) for side in (self.old, self.new))
        return old, new

    def cause_of(self, change: Change) -> Cause:
        """Return why a change came about; both data and library, where that cannot be told."""
        return self.causes.get(cause_key(change.part, change.place)) or Cause("both")


def compared(
    root: Path, agreement: str, old: str, new: str, sandbox: Sandbox, progress: Progress = lambda name: None
) -> Comparison:
    """Compare two texts of an agreement.

    `old` and `new` are revisions of git's, versions, "work tree", "sent", "executed" or, for `old`, "standard"; "" for
    `new` is the newest text, and for `old` the one before it. Raises RepositoryError for a name that is none, and
    FindingsError when the agreement is not valid at one of the two.
    """
    with _repository(root) as git:
        if not new or not old:
            default_old, default_new = _defaults(git, root, agreement, new, progress, wants_old=not old)
            old, new = old or default_old, new or default_new
        progress(f"the newer text of {agreement}")
        after, after_notes = _text(git, root, agreement, new, sandbox, progress)
        progress(f"the older text of {agreement}")
        if old == STANDARD:
            before, notes = standard_text(after, sandbox)
        else:
            before, notes = _text(git, root, agreement, old, sandbox, progress)
    progress("the causes of the changes")
    return comparison(before, after, sandbox, (*notes, *after_notes))


def comparison(old: Text, new: Text, sandbox: Sandbox, notes: tuple[Finding, ...] = ()) -> Comparison:
    """Compare two texts, and find the cause of each change."""
    redline = compare(old.document, new.document)
    found = changes(redline)
    if old.inputs is None or new.inputs is None:
        return Comparison(old, new, redline, found, {}, notes)
    places = {cause_key(change.part, change.place) for change in found}
    moved = {change.place for change in found if "moved" in change.kinds}
    why = causes(places, old.inputs, new.inputs, (old.document, new.document), sandbox, moved)
    said = locale_words(new.document.language)
    told = tuple(replace(change, cause=why[cause_key(change.part, change.place)].words(said)) for change in found)
    return Comparison(old, new, redline, told, why, notes)


def standard_text(text: Text, sandbox: Sandbox) -> tuple[Text, tuple[Finding, ...]]:
    """Return the text with the library's standard clause in every slot that the deal's data can fill.

    A note names the slots that keep the clause that was chosen for the deal. Raises RepositoryError if it is not
    known what the text was made from.
    """
    inputs = text.inputs
    if inputs is None:
        raise RepositoryError(
            f"what `{text.document.id}` was made from is not known, so the library's standard cannot be filled with it",
            "compare it with another text",
        )
    chosen: Mapping[str, Any] = inputs.deal.data.get("clauses", {})
    fitting = [slot for slot in chosen if _without(inputs, [slot], sandbox) is not None]
    document = _without(inputs, fitting, sandbox)
    if document is None:
        # Each could be left out alone, but not all together.
        fitting, document = [], text.document
    kept = [slot for slot in chosen if slot not in fitting]
    notes = [
        Finding(
            rule="core/standard-unfit",
            message=f"the standard clause of `{slot}` cannot be filled with this deal's data: "
            "the clause that was chosen stands in its place",
            path=inputs.deal.path,
            pointer=f"/clauses/{slot}",
        )
        for slot in kept
    ]
    return Text("standard", "", document, _inputs_without(inputs, fitting)), tuple(notes)


def named(root: Path, agreement: str, name: str, sandbox: Sandbox) -> Text:
    """Return one text of an agreement by the name of its revision or version. Raises as `compared` does."""
    with _repository(root) as git:
        return _text(git, root, agreement, name, sandbox, lambda name: None)[0]


@contextmanager
def _repository(root: Path) -> Iterator[Git]:
    with Git(root) as git:
        yield git


def _defaults(
    git: Git, root: Path, agreement: str, head: str, progress: Progress, *, wants_old: bool
) -> tuple[str, str]:
    """Return the names of the newest text up to `head` and of the one before it, older first."""
    head = "" if head == WORK_TREE else head
    with NewestFirst(git, root, agreement, head, progress) as past:
        if not wants_old and past.is_committed:
            return "", head_of(git) or WORK_TREE
        good = (number for number in past.revisions() if not past.text(number).problem)
        found = list(islice(good, 2 if wants_old else 1))
        if len(found) == (2 if wants_old else 1):
            newest = past.commit(found[0])
            if newest and not head:
                # A revision is the first commit with its text; later ones may have given it another version.
                newest = past.first(found[0]) if past.gone else head_of(git) or newest
            return past.first(found[1]) if wants_old else "", newest or WORK_TREE
    notes = history(root, agreement, head).notes
    if not found:
        raise RepositoryError(f"no revision of `{agreement}` can be assembled", f"clausebook revisions {agreement}")
    cut = next((note for note in notes if note.rule in ("core/history-cut", "core/history-none")), None)
    raise RepositoryError(
        f"`{agreement}` has only one text so far: there is nothing to compare it with"
        + (f"; {cut.message}" if cut else ""),
        (cut.hint if cut else "") or f"compare it with the library: clausebook redline {agreement} {STANDARD}",
    )


def _text(
    git: Git, root: Path, agreement: str, name: str, sandbox: Sandbox, progress: Progress
) -> tuple[Text, tuple[Finding, ...]]:
    if name in (SENT, EXECUTED):
        return _recorded(git, root, agreement, name, sandbox, progress)
    commit = commit_of(git, root, agreement, name)
    found = agreement_at(git, root, agreement, commit, sandbox)
    steps = chain(git, commit, found.file.id, 1).steps if commit else ()
    wrote = read_commit(git, steps[0].commit) if steps else None
    if not wrote:
        return text_of(found, commit), ()
    return text_of(found, commit, wrote.date[:10], wrote.author), ()


def _recorded(
    git: Git, root: Path, agreement: str, name: str, sandbox: Sandbox, progress: Progress
) -> tuple[Text, tuple[Finding, ...]]:
    """Return the text that was sent or executed last, as it is kept, with what it was made from if that is known."""
    head = head_of(git) if git.bare else None
    tree: Tree = GitTree(git, head) if head else DiskTree(root)
    if name == SENT:
        sent = [turn for turn in turns(tree, agreement) if turn.direction == SENT]
        if not sent:
            raise RepositoryError(
                f"no text of `{agreement}` was sent, as far as is written down", f"clausebook send {agreement}"
            )
        what: How
        document, date, what = sent_document(tree, sent[-1]), sent[-1].date, "sent"
    else:
        # What an amendment made is executed as well, though the record is the amendment's.
        latest = executed_texts(tree, agreement).texts[-1:]
        if not latest:
            raise RepositoryError(f"no version of `{agreement}` is executed", f"see clausebook revisions {agreement}")
        document, date, what = latest[0].document, latest[0].by.date, "executed"
    text = Text(what, "", document, None, date)
    mark = fingerprint(document)
    with NewestFirst(git, root, agreement, "", progress) as past:
        same = (number for number in past.revisions(document.version) if mark in past.text(number).fingerprints)
        commit = next((past.first(number, document.version) for number in same), None)
    if commit is not None:
        found = agreement_at(git, root, agreement, commit, sandbox)
        return replace(text, commit=commit, inputs=found.inputs), ()
    note = Finding(
        rule="core/redline-causes",
        message=f"no commit has the text as {what} on {date}: why its words changed cannot be told",
        path=path_in(tree, agreement),
    )
    return text, (note,)


def text_of(found: Agreement, commit: str, date: str = "", person: str = "") -> Text:
    """Return an assembled agreement as a side of a redline; `date` and `person` are when and by whom it was written.

    Raise FindingsError if it could not be assembled.
    """
    if found.document is None:
        raise FindingsError(ordered(found.findings))
    if found.record:
        return Text("executed", commit, found.document, found.inputs, found.record.date)
    how: How = "unrecorded" if not commit else "written" if date else "version"
    return Text(how, commit, found.document, found.inputs, date, _ADDRESS.sub("", person))


def describe(text: Text, language: str) -> str:
    """Return the text's name with its commit, for the house."""
    name = text.name(language)
    return f"{name} ({text.commit[:SHORT]})" if text.commit else name


def _without(inputs: Inputs, slots: list[str], sandbox: Sandbox) -> Document | None:
    changed = _inputs_without(inputs, slots)
    return assemble(changed, sandbox).document


def _inputs_without(inputs: Inputs, slots: list[str]) -> Inputs:
    data = dict(inputs.deal.data)
    choices = {slot: choice for slot, choice in data.get("clauses", {}).items() if slot not in slots}
    data["clauses"] = choices
    return replace(inputs, deal=replace(inputs.deal, data=data))
