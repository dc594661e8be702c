"""Prove the records of a repository: that nothing in them is missing, strange or edited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from clausebook.document.interchange import InterchangeError, from_json
from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing, same_text
from clausebook.document.statuses import RUNNING
from clausebook.findings.model import Finding, FindingsError, RepositoryError, finding_in
from clausebook.library.bundle import internal
from clausebook.lifecycle.retention import policy_findings
from clausebook.lifecycle.twice import executed_twice, merged_twice
from clausebook.project.project import Project
from clausebook.records.model import (
    DATA,
    DOCUMENT,
    EXECUTED,
    MARKDOWN,
    MOST_SIGNED,
    RECORD,
    SCAN,
    VOID,
    ExecutedVersion,
    turns_folder,
)
from clausebook.records.record_files import (
    damaged,
    data_of,
    document_of,
    executed,
    is_hash_of,
    is_void,
    read_records,
    read_turns,
    read_void,
    sent_document,
    stray,
)
from clausebook.records.registered import registered_findings
from clausebook.records.turn_order import turn_findings
from clausebook.render.manifest import AGREEMENT
from clausebook.render.markdown import render_markdown
from clausebook.repository.agreement_files import FOLDER, id_problem, path_in, paths
from clausebook.repository.git.added import added
from clausebook.repository.git.base import TRUST
from clausebook.repository.git.objects import read_commit
from clausebook.repository.git.process import Git, GitUnavailable
from clausebook.repository.git.revision_names import head_of
from clausebook.repository.hashed import is_blob
from clausebook.repository.tree import Tree, TreeError, names_in, unreadable

MOST_SOUGHT = 20
"""How many agreements' files that are gone are looked for in git; others come back from their records."""

_MARK = re.compile(r"(\\\W)|</?(?:strong|em)>|<br>")
_WORD = re.compile(r"\w+")


def proofs(project: Project, ids: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return every finding of the records, of the named agreements or of all; none if all is well."""
    tree, wanted = project.tree, tuple(ids)
    known = [file.id for file in project.files()]
    found = [*_strays(tree), *_orphans(project.root, tree, known), *_trust(tree)] if not wanted else []
    for agreement in wanted or _agreements(tree):
        records, problems = read_records(tree, agreement)
        found += problems
        for record in records:
            found += read_void(tree, record)[1] if is_void(tree, record) else ()
            try:
                found += _record(project.root, tree, record)
            except Exception as error:  # one record must not keep the others from being proven
                found.append(internal(record.folder, error))
    for agreement in wanted or known:
        found += _turns(tree, agreement, project.as_of)
    found += executed_twice(tree, wanted or known)
    if not wanted:
        papers, problems = project.registered
        found += (*problems, *registered_findings(tree, papers, known), *policy_findings(project))
        for paper in papers:
            found += (*project.read_journal(paper.id)[1], *project.read_evidence(paper.id)[1])
    found += _edited(project.root, tree, wanted)
    found += _edited_turns(project.root, tree, wanted or known)
    found += _drift(project, wanted or known)
    return tuple(found)


def _agreements(tree: Tree) -> list[str]:
    return [name[:-1] for name in names_in(tree, EXECUTED) if name.endswith("/")]


def _strays(tree: Tree) -> Iterator[Finding]:
    try:
        names = tree.names(EXECUTED)
    except TreeError as error:
        yield unreadable(EXECUTED, error)
        return
    for name in names:
        if not name.endswith("/") and name != "README.md":
            yield stray(f"{EXECUTED}/{name}", "is no folder of an agreement's records")


def _orphans(root: Path, tree: Tree, known: Sequence[str]) -> Iterator[Finding]:
    """Find records whose agreement has no file any more, and say how it comes back."""
    lost = [name for name in _agreements(tree) if name not in known]
    committed = _committed(root, tree, lost[:MOST_SOUGHT]) if lost else {}
    for name in lost:
        records = read_records(tree, name)[0]
        said, hint = f"holds records of `{name}`, but there is no such agreement", ""
        if records and not id_problem(name):
            last, wanted = records[-1], path_in(tree, name)
            said = f"holds the record of `{name}`, executed as version {last.version} on {last.date}, "
            said += f"but the agreement's file {wanted} is gone"
            hint = f"copy {last.folder}/{DATA} to {wanted}, and set its `status` to executed"
            hint = f": bring it back: {committed.get(name, hint)}"
        yield damaged(f"{EXECUTED}/{name}", said, f"an executed agreement keeps its id{hint}", "core/record-orphan")


def _committed(root: Path, tree: Tree, names: Iterable[str]) -> Mapping[str, str]:
    """Return the command that brings back each agreement's file, and its folder, as committed last; if git has it."""
    found: dict[str, str] = {}
    log = ("log", "--full-history", "-m", "--topo-order", "--no-renames", "--diff-filter=AMT", "-1", "--format=%H")
    try:
        with Git(root) as git:
            head = None if git.bare else head_of(git)
            for path in (path for name in names if head and not id_problem(name) for path in paths(name)):
                folder = path.rpartition(".")[0]
                for wanted in ((path, folder), (path,)) if not names_in(tree, folder) else ((path,),):
                    places = [f":(top,literal){git.prefix}{each}" for each in wanted]
                    commit = git.run(*log, str(head), "--", *places).strip()
                    had = commit and git.run(
                        "ls-tree", "--full-tree", "--name-only", commit, "--", *(git.prefix + each for each in wanted)
                    )
                    if len(had.splitlines()) == len(wanted):
                        found.setdefault(folder.rpartition("/")[2], f"git checkout {commit[:12]} -- {' '.join(wanted)}")
    except RepositoryError:
        return found  # the record itself has all that the file needs
    return found


def _trust(tree: Tree) -> Iterator[Finding]:
    """Find what is wrong with whom the repository trusts, before it counts: on the protected branch."""
    if TRUST in names_in(tree, ""):
        # What reads certificates takes longer to import than all the rest of a check.
        from clausebook.verify.trust_file import read_trust

        try:
            yield from read_trust(tree)[1]
        except TreeError as error:
            yield unreadable(TRUST, error)


def _record(root: Path, tree: Tree, record: ExecutedVersion) -> Iterator[Finding]:
    names = tree.names(record.folder)
    told = {file.name for file in record.files}
    for name in names:
        if name.rstrip("/") not in {*told, RECORD, VOID}:
            yield stray(f"{record.folder}/{name}", "is not part of the record")
        elif (root / record.folder / name).is_symlink():
            yield damaged(f"{record.folder}/{name}", "is a link, where a record has the file itself")
    contents = {}
    for file in record.files:
        path = f"{record.folder}/{file.name}"
        try:
            contents[file.name] = tree.raw(path, MOST_SIGNED)
        except TreeError as error:
            yield unreadable(path, error)
            continue
        if not is_hash_of(file.sha256, contents[file.name]):
            yield damaged(path, "is not the file whose SHA-256 the record tells")
    try:
        data_of(tree, record)
        document = document_of(tree, record)
    except FindingsError as error:
        yield from error.findings
        return
    if DOCUMENT not in told or MARKDOWN not in told or not (_signed(told) or SCAN in told):
        yield damaged(f"{record.folder}/{RECORD}", "does not tell of the text, its Markdown and a signed file")
    for scan in (each for attested in record.attestations for each in attested.scans if each not in told):
        yield damaged(f"{record.folder}/{RECORD}", f"names the scan {scan}, which is no file of it")
    yield from _markdown(record, document, contents.get(MARKDOWN))
    for name in _signed(told):
        if name in contents:
            yield from _attached(f"{record.folder}/{name}", document, contents[name])


def _signed(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name.startswith("signed") and name.endswith(".pdf"))


def _markdown(record: ExecutedVersion, document: Document, content: bytes | None) -> Iterator[Finding]:
    """Compare words: a later engine may write the same words with other marks."""
    if content is None:
        return
    path = f"{record.folder}/{MARKDOWN}"
    made, kept = render_markdown(outgoing(document)), content.decode(errors="replace").replace("\r\n", "\n")
    made, kept = (_MARK.sub(r"\1 ", text) for text in (made, kept))
    if _WORD.findall(made) != _WORD.findall(kept):
        yield damaged(path, f"has not the words of {DOCUMENT}")


def _attached(path: str, document: Document, pdf: bytes) -> Iterator[Finding]:
    """Find a signed PDF whose attached text is not the one that was recorded."""
    # What reads PDFs takes longer to import than all the rest of a check.
    from clausebook.reading.attachments import AttachmentsError, attachments

    try:
        found = {content for name, content in attachments(pdf) if name == AGREEMENT}
    except AttachmentsError as error:
        yield damaged(path, f"cannot be read: {error}")
        return
    for content in found:
        try:
            same = same_text(from_json(content), document)
        except InterchangeError as error:
            yield damaged(path, f"has an attached {AGREEMENT} that is no text of an agreement: {error}")
            continue
        if not same:
            yield damaged(path, f"has another text attached than that of {DOCUMENT}")


def _turns(tree: Tree, agreement: str, as_of: str) -> Iterator[Finding]:
    found, problems = read_turns(tree, agreement)
    yield from problems
    if found:
        yield from turn_findings(found, executed(tree, agreement), as_of)
    for turn in found:
        if turn.direction == "sent":
            try:
                sent_document(tree, turn)
            except FindingsError as error:
                yield from error.findings


def _edited(root: Path, tree: Tree, wanted: Sequence[str]) -> Iterator[Finding]:
    """Find files of records that are not as they were when they were first committed."""
    records = [record for agreement in wanted or _agreements(tree) for record in read_records(tree, agreement)[0]]
    named = ((each.folder, (RECORD, VOID, *(file.name for file in each.files))) for each in records)
    paths = [f"{folder}/{name}" for folder, names in named for name in names]
    try:
        with Git(root) as git:
            head = None if git.bare else head_of(git)
            came = added(git, head, [EXECUTED], merges=True) if head else ()
            # The oldest comes last, and stays.
            first = {path: (oid, commit) for path, oid, commit in came}
            shallow = git.shallow
            twice = list(merged_twice(git, head, wanted)) if head else []
            both = frozenset[str]().union(*(blobs for _, blobs in twice))
            kept = ((path, commit) for path, (_, commit) in first.items() if path.endswith((f"/{RECORD}", f"/{VOID}")))
            gone = {path: f"{commit[:8]}, {read_commit(git, commit).date[:10]}" for path, commit in kept}
            other = [path for path in paths if path in first and not is_blob(first[path][0], tree, path, MOST_SIGNED)]
            # Git LFS and its like commit something else than what lies in the folder: git is asked, which is slower.
            stored = git.as_stored(other) if other else []
    except RepositoryError as error:
        if records:
            said = error.message if isinstance(error, GitUnavailable) else f"git says: {error.message}"
            yield _note(f"whether records were edited since they were committed cannot be told: {said}")
        return
    if records and shallow:
        yield _note("whether records were edited before this shallow clone begins cannot be told")
    yield from (finding for finding, _ in twice)
    for path, oid in zip(other, stored, strict=True):
        if oid != first[path][0] and oid not in both:
            said = f"was edited: it is not what was first committed ({first[path][1][:8]})"
            hint = "bring it back with git restore or git revert"
            if path.endswith(".pdf"):
                # Where a history was written anew, one execution may lie over another.
                agreement = path.removeprefix(f"{EXECUTED}/").partition("/")[0]
                hint = f"if this one was signed as well, keep it first: move it to {FOLDER}/{agreement}/; then {hint}"
            yield damaged(path, said, hint, "core/record-edited")
    for path, commit in gone.items():
        folder, _, name = path.rpartition("/")
        agreement = folder.removeprefix(f"{EXECUTED}/").partition("/")[0]
        if name not in names_in(tree, folder) and (not wanted or agreement in wanted):
            # Without its mark, a void record would count again.
            what, at, rule = "the record", folder, "core/record-gone"
            if name == VOID:
                what, at, rule = "that the record is void", path, "core/record-edited"
            yield damaged(at, f"is gone: {what} was committed in {commit}", "bring it back with git revert", rule)


def _edited_turns(root: Path, tree: Tree, agreements: Iterable[str]) -> Iterator[Finding]:
    """Find turns that are not as a commit brought them in; one that was withdrawn and recorded anew counts as new."""
    folders = [turns_folder(each) for each in agreements if "turns/" in names_in(tree, f"{FOLDER}/{each}")]
    paths = [f"{folder}/{name}" for folder in folders for name in names_in(tree, folder) if not name.endswith("/")]
    try:
        with Git(root) as git:
            head = None if git.bare or not paths else head_of(git)
            came: dict[str, dict[str, str]] = {}
            for path, oid, commit in added(git, head, folders, merges=False) if head else ():
                came.setdefault(path, {})[oid] = commit
            other = [
                each
                for each in paths
                if each in came and not any(is_blob(o, tree, each, MOST_SIGNED) for o in came[each])
            ]
            stored = git.as_stored(other) if other else []
    except RepositoryError as error:
        said = error.message if isinstance(error, GitUnavailable) else f"git says: {error.message}"
        if paths:
            yield replace(
                _note(f"whether turns were edited since they were committed cannot be told: {said}"), path=FOLDER
            )
        return
    for path, now in zip(other, stored, strict=True):
        if now not in came[path]:
            said = f"was edited: it is not what was committed ({next(iter(came[path].values()))[:8]})"
            yield damaged(path, said, "bring it back with git restore or git revert", "core/record-edited")


def _drift(project: Project, ids: Iterable[str]) -> Iterator[Finding]:
    """Yield a note for each version of a clause that executed agreements use, and the library has left behind."""
    behind: dict[tuple[str, str, str], list[str]] = {}
    for file in project.files(ids):
        records = executed(project.tree, file.id)
        data = project.load(file)[0] if records else None
        # As far as the agreement's file says, it may bind no more.
        if not records or (data and str(data["version"]) == records[-1].version and data["status"] not in RUNNING):
            continue
        today = project.type(records[-1].type).kind if records[-1].type in project.store.types() else None
        for used in dict.fromkeys((each.clause, each.version) for each in records[-1].clauses):
            now = today.clauses.get(used[0]) if today else None
            if now and (now.version != used[1] or now.status == "retired"):
                behind.setdefault((now.path, *used), []).append(file.id)
    for (path, clause, version), names in sorted(behind.items()):
        kind = project.type(path.split("/")[1]).kind
        latest = kind.clauses[clause] if kind else None
        since = "retired since" if latest and latest.status == "retired" else f"now {latest.version if latest else ''}"
        count = "1 executed agreement still runs" if len(names) == 1 else f"{len(names)} executed agreements still run"
        said = f"{count} on version {version} of `{clause}` ({since}): {', '.join(names)}"
        yield finding_in(path, "core/record-drift", said)


def _note(message: str) -> Finding:
    return Finding("core/record-history", message, EXECUTED)
