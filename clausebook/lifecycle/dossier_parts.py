"""What belongs into an agreement's file for an auditor, and what of it only counsel decides to hand out.

An allow-list: outside the house goes what `_records`, `_turns`, `_redlines`, `_approvals`, `_evidence` and `_journal`
name as open. Everything else of the agreement is privileged, whatever it is called: guidance and positions of the
library it was sent with, reasons and evidence of approvals, notes, decisions, holds, the deal's own data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from clausebook.amending.amendment_files import amended_by
from clausebook.approvals.approval_files import approvals_folder, read_approvals
from clausebook.compare.documents import compare
from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing
from clausebook.findings.model import FindingsError
from clausebook.formats.csv_text import csv_text
from clausebook.load.yaml import load_yaml
from clausebook.records.journal import journal_path
from clausebook.records.model import MARKDOWN, MOST_SIGNED, RECORD, VOID, ExecutedVersion
from clausebook.records.record_files import document_of, read_records, read_turns, sent_document, void_of
from clausebook.records.registered import Registered, registered_of
from clausebook.render.markdown import render_markdown
from clausebook.render.redline.formats import REDLINES, RedlineOptions
from clausebook.render.redline.heading import RedlineHeading
from clausebook.repository.agreement_files import EVIDENCE, FOLDER, path_in
from clausebook.repository.tree import NO_LINK, DiskTree, Tree, TreeError, files_below, names_in, unreadable

_SIGNED = re.compile(r"(?:signed.*|scan.*)\.pdf|.*\.(?:pem|crt|cer|der)")
"""Files of a record that prove who signed what."""

_JOURNAL: Mapping[str, tuple[str, ...]] = {
    "owner": ("name", "email", "left"),
    "deputy": ("name", "email", "left"),
    "events": ("event", "on", "key", "by"),
    "conditions_met": ("on",),
    "renewals": ("on", "until"),
    "ended": ("on",),
}
"""What of a journal leaves the house: who looks after the agreement, and what happened on which day."""


@dataclass(frozen=True, slots=True)
class DossierPart:
    """A file of a dossier: its path in it, what it is, of which day (ISO 8601) and whose, "" where there is none.

    `source` is the file of the repository that it is a copy of, "" if it was made for the dossier.
    """

    path: str
    what: str
    content: bytes
    day: str = ""
    whose: str = ""
    source: str = ""
    privileged: bool = False


def dossier_parts(tree: Tree, agreement: str) -> Iterator[DossierPart]:
    """Yield what belongs into an agreement's file, with what amends it. Raises FindingsError if it cannot be read."""
    for paper in registered_of(tree)[0]:
        if paper.id == agreement:
            yield from _paper(tree, paper)
    yield from _parts(tree, agreement, "")
    for name in _amending(tree, agreement):
        yield from _parts(tree, name, f"amendments/{name}/")


def _amending(tree: Tree, agreement: str) -> list[str]:
    """Return the ids of the amendments that have a file, a folder or a record, by number."""
    names = {
        name.rstrip("/").partition(".")[0] for name in (*names_in(tree, FOLDER), *names_in(tree, f"{FOLDER}/executed"))
    }
    found = {name: amended_by(name) for name in names}
    mine = {name: told[1] for name, told in found.items() if told and told[0] == agreement}
    return sorted(mine, key=lambda name: mine[name])


def _parts(tree: Tree, name: str, into: str) -> Iterator[DossierPart]:
    records, problems = read_records(tree, name)
    if problems:
        raise FindingsError(problems)
    for record in records:
        yield from _record(tree, record, f"{into}executed/{record.version}/")
    texts = list(_turns(tree, name, into))
    yield from (part for part, _ in texts if part)
    sent = [(document, said) for _, told in texts if told for document, said in [told]]
    signed = [(document_of(tree, each), f"executed on {each.date}") for each in records if not void_of(tree, each)]
    yield from _redlines((*sent, *signed), into)
    yield from _approvals(tree, name, into)
    yield from _evidence(tree, name, into)
    yield from _journal(tree, name, into)
    yield from _own(tree, name, into)


def _paper(tree: Tree, paper: Registered) -> Iterator[DossierPart]:
    people = ", ".join(dict.fromkeys(each.by for each in paper.facts))
    day = max((each.on for each in paper.facts), default="")
    what = f"the paper, registered from “{paper.file.original}”"
    yield DossierPart(f"paper/{paper.file.name}", what, _read(tree, paper.file_path), source=paper.file_path)
    said = "what is asserted of the paper, by whom and from which page"
    yield DossierPart("paper/facts.yaml", said, _read(tree, paper.path), day, people, paper.path)


def _record(tree: Tree, record: ExecutedVersion, into: str) -> Iterator[DossierPart]:
    mark = void_of(tree, record)
    void = f", of a record that is void since {mark.date}" if mark else ""
    parties = ", ".join(dict.fromkeys(each.party for each in record.signatories)) or "all parties"
    known = {
        RECORD: "the record of the execution: who signed, by what evidence, and the SHA-256 of each file",
        MARKDOWN: "the text that was executed",
    }
    for name in names_in(tree, record.folder):
        if name.endswith("/"):
            continue
        opened = name in known or _SIGNED.fullmatch(name) is not None
        what = known.get(name) or ("what was signed, or proves it" if opened else "internal data of the record")
        if name == VOID:
            what = "why the record is void, and who says so"
        path = f"{record.folder}/{name}"
        yield DossierPart(
            f"{into}{name}", what + void, _read(tree, path), record.date, parties, path, privileged=not opened
        )


def _turns(tree: Tree, name: str, into: str) -> Iterator[tuple[DossierPart | None, tuple[Document, str] | None]]:
    """Yield the parts that tell the negotiation, and each text that was sent, with what a redline calls it."""
    found, problems = read_turns(tree, name)
    if problems:
        raise FindingsError(problems)
    rows = [
        (f"{each.number}", each.direction, each.date, each.party or "all other parties", each.version, each.text)
        for each in found
    ]
    if rows:
        told = csv_text(("turn", "direction", "day", "party", "version", "fingerprint of the text"), rows)
        yield DossierPart(f"{into}turns/turns.csv", "who sent what, and when", told.encode(), found[-1].date), None
    for turn in found:
        whose = turn.party or "all other parties"
        note = f"turn {turn.number} as it is recorded, with its note"
        yield (
            DossierPart(
                f"{into}turns/{turn.number:04d}.yaml", note, _read(tree, turn.path), turn.date, whose, turn.path, True
            ),
            None,
        )
        if turn.direction == "sent":
            document = sent_document(tree, turn)
            what = f"the text of version {turn.version} that was sent"
            text = render_markdown(outgoing(document)).encode()
            part = DossierPart(f"{into}turns/{turn.number:04d}-sent.md", what, text, turn.date, whose)
            yield part, (document, f"sent on {turn.date}")


def _redlines(texts: Sequence[tuple[Document, str]], into: str) -> Iterator[DossierPart]:
    """Yield what changed from each text to the next, as the other side may see it."""
    for number, ((old, before), (new, after)) in enumerate(pairwise(texts), 1):
        marked = compare(old, new)
        base, target = f"Version {old.version}, {before}", f"Version {new.version}, {after}"
        heading = RedlineHeading.of(marked, base, target)
        for form, ending in (("html", "html"), ("markdown", "md")):
            content = REDLINES[form](marked, heading, RedlineOptions(internal=False))
            what = f"what changed from version {old.version}, {before}, to version {new.version}, {after}"
            yield DossierPart(f"{into}redlines/{number:04d}.{ending}", what, content, after[-10:])


def _approvals(tree: Tree, name: str, into: str) -> Iterator[DossierPart]:
    found, problems = read_approvals(tree, name)
    if problems:
        raise FindingsError(problems)
    if found:
        rows = [(each.record.role, each.record.by, each.record.date, each.path.rpartition("/")[2]) for each in found]
        told = csv_text(("office", "person", "day", "file of the approval"), rows).encode()
        yield DossierPart(f"{into}approvals/approvals.csv", "who approved, in which office, and when", told)
    days = {each.path: (each.record.date, each.record.by) for each in found}
    for path in files_below(tree, approvals_folder(name)):
        day, by = next((told for known, told in days.items() if path.startswith(known)), ("", ""))
        what = "an approval with its reasons, its signature or its evidence"
        at = f"{into}approvals/{path.rpartition('/')[2]}"
        yield DossierPart(at, what, _read(tree, path), day, by, path, privileged=True)


def _evidence(tree: Tree, name: str, into: str) -> Iterator[DossierPart]:
    folder = f"{EVIDENCE}/{name}"
    told: dict[str, tuple[str, str, str]] = {}
    for path in files_below(tree, folder):
        if path.endswith((".yaml", ".yml")):
            value = load_yaml(_read(tree, path), path).value
            data = value if isinstance(value, dict) else {}
            said = f"evidence: {data.get('closes', '')} {data.get('outcome', '')}".strip()
            told[path] = said, str(data.get("on", "")), str(data.get("by", ""))
            file = data.get("file")
            if isinstance(file, dict):
                told[f"{folder}/{file.get('name')}"] = f"file of the {said}", *told[path][1:]
    for path in files_below(tree, folder):
        what, day, by = told.get(path, ("a file beside the evidence", "", ""))
        at = f"{into}evidence/{path.removeprefix(f'{folder}/')}"
        yield DossierPart(at, what, _read(tree, path), day, by, path)


def _journal(tree: Tree, name: str, into: str) -> Iterator[DossierPart]:
    path = journal_path(name)
    if path.rpartition("/")[2] not in names_in(tree, path.rpartition("/")[0]):
        return
    content = _read(tree, path)
    value = load_yaml(content, path).value
    if isinstance(value, dict):
        told = {key: _kept(value[key], fields) for key, fields in _JOURNAL.items() if key in value}
        told |= {key: value[key] for key in ("superseded_by",) if key in value}
        text = json.dumps(told, indent=2, ensure_ascii=False, default=str).encode()
        yield DossierPart(
            f"{into}journal/journal.json", "who looks after the agreement, and what happened", text + b"\n"
        )
    what = "the journal, with decisions, notes, contacts and holds"
    yield DossierPart(f"{into}journal/journal.yaml", what, content, source=path, privileged=True)


def _kept(value: Any, names: Iterable[str]) -> Any:
    if isinstance(value, list):
        return [_kept(each, names) for each in value]
    return {name: value[name] for name in names if name in value} if isinstance(value, dict) else {}


def _own(tree: Tree, name: str, into: str) -> Iterator[DossierPart]:
    """Yield what the house works with: the deal's data, its own wording, the library that it was sent with."""
    path = path_in(tree, name)
    if path.rpartition("/")[2] in names_in(tree, FOLDER):
        what = "the data of the deal, as the house keeps them"
        yield DossierPart(f"{into}internal/{name}.yaml", what, _read(tree, path), source=path, privileged=True)
    folder = f"{FOLDER}/{name}"
    for each in files_below(tree, folder):
        inside = each.removeprefix(f"{folder}/")
        if not inside.startswith(("turns/", "approvals/")):
            what = "what the house works with: wording and library, with their guidance"
            yield DossierPart(f"{into}internal/{inside}", what, _read(tree, each), source=each, privileged=True)
        elif inside.startswith("turns/") and inside.endswith(".json"):
            what = "the text of a turn with where its words come from"
            yield DossierPart(f"{into}{inside}", what, _read(tree, each), source=each, privileged=True)


def _read(tree: Tree, path: str) -> bytes:
    """Return a file's bytes. A link is not followed: what it leads to may be privileged. Raises FindingsError."""
    try:
        if isinstance(tree, DiskTree) and tree.linked(path):
            raise TreeError("is a symbolic link, or lies behind one", NO_LINK)
        return tree.raw(path, MOST_SIGNED)
    except TreeError as error:
        raise FindingsError([unreadable(path, error)]) from error
