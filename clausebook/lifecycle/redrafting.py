"""Keep an amendment's text that was approved, sent or signed; an express word makes it a draft of a higher version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from clausebook.amending.amendment_chain import Chain
from clausebook.amending.amendment_files import has_executed
from clausebook.amending.effect import data_today
from clausebook.amending.held_text import REDRAFT, came_in, draft_in_git, has_approvals, held_in_git, holds, way_back
from clausebook.amending.sequence import VERSION
from clausebook.approvals.desk import Desk
from clausebook.assemble.inputs import AMENDS
from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Document
from clausebook.document.statuses import FIRST_STATUS
from clausebook.findings.model import RepositoryError
from clausebook.lifecycle.turns import check_note
from clausebook.load.editing import with_scalar
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.records.record_files import read_records, turns
from clausebook.repository.agreement_files import FOLDER, AgreementFile, path_in


def kept_or_redrafted(
    project: Project, name: str, past: Chain, files: Mapping[str, bytes], redraft: str
) -> dict[str, bytes]:
    """Return an amendment's new files, set back to a draft of a higher version if its text was held and `redraft` says.

    `redraft` says why its text may be given up, or is "". Raises RepositoryError if the text is held, would be another
    one, and nobody says why; and if the amendment's file is gone, though somebody relies on it.
    """
    check_note(redraft, "reason")
    agreement = past.agreement
    mine = next((each for each in past.pending if each.id == name), None)
    file = next((each for each in project.found[0] if each.id == name), None)
    if mine is None or file is None:
        _refuse_what_is_gone(project, name)
        return dict(files)
    standing = _standing(project, agreement, file)
    data = data_today(project.tree, file.id)
    why = _held(project, standing, data)
    after = project.with_files(files)
    if not (why or redraft.strip()) or _same(standing.document, after.assemble(after.files([mine.id])[0]).document):
        return dict(files)
    reason = " ".join(redraft.split())
    if not reason:
        found = draft_in_git(project.root, project.tree, mine.changes) if mine.changes else None
        raise RepositoryError(
            f"the text of `{mine.id}` would be another one, and {_listed(why)}: it is not overwritten",
            way_back(agreement, found),
        )
    return {**files, file.path: _redrafted(project, file, files.get(file.path), str(data.get("version", "")), reason)}


def _refuse_what_is_gone(project: Project, name: str) -> None:
    """Raise RepositoryError if a new amendment would take the place of one whose file is gone."""
    told = [f"its version {each.version} was {each.direction} on {each.date}" for each in turns(project.tree, name)]
    told += [f"its version {each.version} was executed on {each.date}" for each in read_records(project.tree, name)[0]]
    told += [f"{FOLDER}/{name}/{each} came in" for each in came_in(project.tree, name)]
    told += ["approvals of it were given"] * has_approvals(project.tree, name)
    told = told or list(held_in_git(project.root, name))
    if told:
        path = path_in(project.tree, name)
        raise RepositoryError(
            f"`{path}` is gone, though {_listed(told)}: no other amendment takes its place",
            f"bring it back as it was committed: git checkout COMMIT -- {path}; `git log -- {path}` lists the commits",
        )


def refuse_over_pending(project: Project, found: Agreement) -> None:
    """Raise RepositoryError where a whole version would be executed over an amendment whose text is held."""
    if AMENDS in found.data or not has_executed(project.tree, found.file.id):
        return
    for each in project.chain_of(found.file.id).pending:
        file = project.files([each.id])[0]
        if why := _held(project, _standing(project, found.file.id, file), data_today(project.tree, file.id)):
            raise RepositoryError(
                f"`{each.id}` is on its way, for {_listed(why)}: it changes a text that would be in force no more",
                f"execute the amendment: clausebook execute {each.id} --signed FILE.pdf; or, if nobody is to sign it, "
                f"give its text up first: {REDRAFT.format(agreement=found.file.id)}",
            )


def _standing(project: Project, agreement: str, file: AgreementFile) -> Agreement:
    """Return the amendment as it stands, whatever has become of the draft that it was made from."""
    hidden = {each.path: b"" for each in project.found[0] if each.id == agreement}
    return project.with_files(hidden).quiet().assemble(file)


def _held(project: Project, standing: Agreement, data: Mapping[str, Any]) -> list[str]:
    """Return what holds the text of an amendment, whose own file has the data, in words."""
    why = [*holds(project.tree, standing.file.id, data), *_approved(project, standing)]
    return why or list(held_in_git(project.root, standing.file.id, str(data.get("version", ""))))


def _approved(project: Project, standing: Agreement) -> list[str]:
    """Say that somebody approved the text; where it cannot be made any more, that somebody approved any text."""
    if not has_approvals(project.tree, standing.file.id):
        return []
    if standing.document is None:
        return ["approvals of it were given"]
    with Desk(project) as desk:
        given = [each for each in desk.approvals(standing).standings if each.state == "given"]
    people = dict.fromkeys(each.by for each in given)
    return [f"{_listed(people)} approved it"] if people else []


def _same(old: Document | None, new: Document | None) -> bool:
    return old is not None and new is not None and fingerprint(old, new.form) == fingerprint(new)


def _redrafted(project: Project, file: AgreementFile, content: bytes | None, version: str, reason: str) -> bytes:
    content = project.tree.read(file.path) if content is None else content
    taken = {turn.version for turn in turns(project.tree, file.id)}
    taken |= {record.version for record in read_records(project.tree, file.id)[0]}
    raised = _raised(version)
    while raised in taken:
        raised = _raised(raised)
    content = with_scalar(content, "version", raised, file.path)
    content = with_scalar(content, "status", FIRST_STATUS, file.path)
    return (
        content.rstrip(b"\n") + f"\n\n# Version {version} was given up for a new draft, {raised}: {reason}\n".encode()
    )


def _raised(version: str) -> str:
    """Return the next version: that in which a first amendment is executed, or the last number raised by one."""
    if version.startswith("0."):
        return VERSION
    head, _, last = version.rpartition(".")
    return f"{head}.{int(last) + 1}" if last.isdecimal() and head else f"{version}.1"


def _listed(said: Iterable[str]) -> str:
    *first, last = said
    return f"{', '.join(first)} and {last}" if first else last
