"""Turns of a negotiation: send a text, note an answer, and take today's library after all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clausebook.approvals.desk import refuse_unapproved
from clausebook.document.fingerprints import fingerprint
from clausebook.document.interchange import to_json
from clausebook.document.model import Clause, Document
from clausebook.findings.characters import hidden_characters
from clausebook.findings.model import Finding, FindingsError, RepositoryError, SourceFile
from clausebook.history.comparison import Comparison, comparison, text_of
from clausebook.project.agreement import Agreement, ordered
from clausebook.project.loading import locator
from clausebook.project.project import Project, all_findings
from clausebook.records.model import TURN_FORMAT, ClauseVersion, Direction, Turn, as_sent_folder
from clausebook.records.notation import write
from clausebook.records.record_files import read_turns, sent_document
from clausebook.records.sent import is_sent, kept_path, library_files
from clausebook.records.turn_order import misplaced
from clausebook.repository.overlaid import Overlaid
from clausebook.repository.tree import Tree
from clausebook.repository.writing import publish_together
from clausebook.validate.value_formats import check_date

MOST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What taking today's library does to an agreement: the redline, and the files to write and to remove."""

    agreement: str
    comparison: Comparison
    files: Mapping[str, bytes]
    removed: tuple[str, ...]

    @property
    def changes_anything(self) -> bool:
        """Tell whether there is anything to write."""
        return bool(self.files or self.removed)


def send(project: Project, agreement: str, date: str, party: str = "", note: str = "", *, today: str = "") -> Turn:
    """Write down that the agreement was sent as it is now, and keep its library as it is now; return the turn.

    `party` is the key or short name of who it was sent to, "" for all; no turn is after `today`, if it is told. Raises
    FindingsError if the agreement has errors, or its version was sent before with other words; RepositoryError for what
    was asked for. Nothing is written then.
    """
    found = project.assemble(project.files([agreement])[0])
    document = _valid(project, found)
    if not found.record:
        refuse_unapproved(project, found)
    if found.record:
        raise RepositoryError(
            f"version {document.version} of `{agreement}` was executed on {found.record.date}: nothing is left to send",
            "raise `version` for a new draft",
        )
    before = _turns(project.tree, agreement)
    same = next((turn for turn in before if turn.direction == "sent" and turn.version == document.version), None)
    if same and fingerprint(document, sent_document(project.tree, same).form) != same.text:
        raise FindingsError([_sent_before(project, found, same)])
    turn = _turn("sent", document, before, date, _party(found, party), note)
    _in_order(turn, before, today)
    turn = replace(turn, version=document.version, text=fingerprint(document), clauses=clause_versions(document))
    publish_together(
        {
            turn.document_path: f"{to_json(document)}\n".encode(),
            **kept_library(project.tree, found, document),
            turn.path: _written(turn),
        },
        project.root,
    )
    return turn


def receive(project: Project, agreement: str, date: str, party: str, note: str = "", *, today: str = "") -> Turn:
    """Write down that an answer was received from a party; return the turn. Raises as `send` does."""
    found = project.assemble(project.files([agreement])[0])
    document = _valid(project, found)
    before = _turns(project.tree, agreement)
    if not party:
        raise RepositoryError("an answer comes from a party", "name it with --from")
    turn = _turn("received", document, before, date, _party(found, party), note)
    if not any(each.direction == "sent" for each in before):
        raise RepositoryError(
            f"nothing of `{agreement}` was sent yet, so nothing can be answered",
            f"record first what was sent: clausebook send {agreement} --date DAY",
        )
    _in_order(turn, before, today)
    last = next((turn for turn in reversed(before) if turn.direction == "sent"), None)
    if last:
        turn = replace(turn, version=last.version, text=last.text)
    publish_together({turn.path: _written(turn)}, project.root)
    return turn


def upgrade(project: Project, agreement: str, slots: Sequence[str] = ()) -> Upgrade:
    """Return what it does to an agreement that was sent to take today's library, for some slots or altogether.

    Nothing is written. Raises FindingsError if the agreement is not valid before or after, RepositoryError for
    what was asked for.
    """
    file = project.files([agreement])[0]
    found = project.assemble(file)
    document = _valid(project, found)
    if found.record:
        raise RepositoryError(
            f"version {document.version} of `{agreement}` is executed: its text never changes",
            "raise `version` for a new draft, then upgrade that",
        )
    if not is_sent(project.tree, agreement):
        raise RepositoryError(
            f"`{agreement}` was never sent, so it is made from today's library already", "there is nothing to upgrade"
        )
    under = as_sent_folder(agreement)
    old = dict(_files(project.tree, under))
    if slots:
        wanted = _clauses_of(project, document, slots)
        tree = Overlaid(project.tree, wanted)
        removed: tuple[str, ...] = ()
    else:
        tree = Overlaid(project.tree, {}, hidden=under)
        wanted = {}
    upgraded = Project(project.root, project.sandbox, over=tree)
    after = upgraded.assemble(file)
    new = _valid(upgraded, after)
    if not slots:
        wanted = dict(kept_library(tree, after, new))
        removed = tuple(sorted(old.keys() - wanted.keys()))
    changed = {path: content for path, content in wanted.items() if old.get(path) != content}
    old_text = replace(text_of(found, ""), how="library-sent")
    new_text = replace(text_of(after, ""), how="library-today")
    return Upgrade(agreement, comparison(old_text, new_text, project.sandbox), changed, removed)


def write_upgrade(project: Project, found: Upgrade) -> None:
    """Make today's library the agreement's own. Raises RepositoryError; nothing is written then."""
    publish_together(found.files, project.root, found.removed)


def kept_library(tree: Tree, found: Agreement, document: Document) -> Mapping[str, bytes]:
    """Return the library's files to keep with an agreement, by path; only new ones if some are kept already."""
    if found.inputs is None:
        raise FindingsError(ordered(found.findings))
    files = library_files(tree, document, found.inputs.kind, whole=not is_sent(tree, found.file.id))
    return {kept_path(tree, found.file.id, document.type, path): content for path, content in files.items()}


def clause_versions(document: Document) -> tuple[ClauseVersion, ...]:
    """Return which clause fills each slot, in reading order."""
    return tuple(
        ClauseVersion(clause.id, clause.source.clause, clause.source.version)
        for clause in document.clauses()
        if clause.source
    )


def check_note(text: str, what: str) -> None:
    """Raise RepositoryError if a text cannot stand in a record."""
    if len(text) > MOST_NOTE:
        raise RepositoryError(f"the {what} is longer than {MOST_NOTE} characters", "say it in fewer words")
    if next(iter(hidden_characters(text)), None):
        raise RepositoryError(f"the {what} holds characters that cannot be seen", "write it anew, without them")


def _valid(project: Project, found: Agreement) -> Document:
    if found.document is None:
        raise FindingsError(all_findings(project, [found]))
    return found.document


def _turns(tree: Tree, agreement: str) -> tuple[Turn, ...]:
    before, problems = read_turns(tree, agreement)
    if problems:
        raise FindingsError(problems)
    return before


def _turn(direction: Direction, document: Document, before: Sequence[Turn], date: str, party: str, note: str) -> Turn:
    check_date(date)
    check_note(note, "note")
    number = max((turn.number for turn in before), default=0) + 1
    if number > 9999:
        raise RepositoryError(f"`{document.id}` has had 9,999 turns", "begin a new agreement")
    return Turn(document.id, number, direction, date, party, "", "", note, ())


def _in_order(turn: Turn, before: Sequence[Turn], today: str) -> None:
    """Raise RepositoryError if a turn cannot have been on its day."""
    if "" < today < turn.date:
        raise RepositoryError(
            f"{turn.date} is in the future: today is {today}", "write the day of the turn with --date"
        )
    if said := misplaced(turn, before):
        raise RepositoryError(
            f"the turn {said}",
            f"write the day with --date; if turn {before[-1].number} has the wrong one, correct that",
        )


def _written(turn: Turn) -> bytes:
    comment = f"A turn of the negotiation, written by `clausebook {'send' if turn.direction == 'sent' else 'receive'}`."
    return write(turn, TURN_FORMAT, comment, leave_out=("agreement", "number"))


def _party(found: Agreement, name: str) -> str:
    """Return the key of a party that is named by its key or its short name; "" stays ""."""
    parties: Sequence[Mapping[str, Any]] = found.data["parties"]
    if not name:
        return ""
    for party in parties:
        if name in (party["key"], party["short_name"]):
            return str(party["key"])
    known = ", ".join(str(party["key"]) for party in parties)
    raise RepositoryError(f"`{found.file.id}` has no party `{name}`", f"its parties are: {known}")


def _sent_before(project: Project, found: Agreement, turn: Turn) -> Finding:
    said = f"version {turn.version} was sent on {turn.date} as another text ({turn.text[:12]})"
    hint = f"raise `version`: a version names one text; see what changed with clausebook redline {found.file.id} sent"
    at = SourceFile(found.file.path, locator(project.tree, found.file))
    return at.finding("core/turn-version", said, "/version", hint)


def _clauses_of(project: Project, document: Document, slots: Iterable[str]) -> dict[str, bytes]:
    """Return today's clauses of some slots, by where they lie in the library as sent."""
    clauses = {clause.id: clause for clause in document.clauses()}
    today = project.type(document.type).kind if document.type in project.store.types() else None
    files = {}
    for slot in slots:
        name = _library_clause(clauses.get(slot), document, slot)
        clause = today.clauses.get(name) if today else None
        if clause is None:
            raise RepositoryError(
                f"the library has no usable clause `{name}` any more", "choose another for the slot under `clauses`"
            )
        path = kept_path(project.tree, document.id, document.type, clause.path)
        files[path] = project.tree.read(clause.path)
    return files


def _library_clause(clause: Clause | None, document: Document, slot: str) -> str:
    if clause is None:
        known = ", ".join(each.id for each in document.clauses())
        raise RepositoryError(f"`{document.id}` has no clause in a slot `{slot}`", f"its slots are: {known}")
    source = clause.source
    if source is None or source.departs_from or source.position == "own schedule":
        raise RepositoryError(
            f"the clause in the slot `{slot}` is the deal's own wording, which no library changes", "edit its file"
        )
    return source.clause


def _files(tree: Tree, folder: str) -> Iterable[tuple[str, bytes]]:
    for name in tree.names(folder):
        if name.endswith("/"):
            yield from _files(tree, f"{folder}/{name[:-1]}")
        else:
            yield f"{folder}/{name}", tree.read(f"{folder}/{name}")
