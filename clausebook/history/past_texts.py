"""What is known of an agreement's text at a revision; kept by key, so that no text is assembled twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from clausebook.document.fingerprints import fingerprints, stretches
from clausebook.document.model import Clause, Definition, Document, DocumentPart, Run
from clausebook.document.walk import Blocks, kept, runs_in, runs_of
from clausebook.document.words import part_text, unnumbered
from clausebook.findings.model import Finding, RepositoryError, first_error
from clausebook.history.sentences import marks
from clausebook.history.sources import Sources
from clausebook.language.values import collapse
from clausebook.repository import user_cache
from clausebook.repository.engine import engine
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.lacking import lacking
from clausebook.repository.git.process import MISSING, Git, MissingObject
from clausebook.repository.tree import Tree, TreeError

if TYPE_CHECKING:
    from clausebook.language.sandbox import Sandbox
    from clausebook.project.agreement import Agreement
    from clausebook.project.libraries import Libraries
    from clausebook.project.project import Project

T = TypeVar("T")

LEAST_HELPED = 200
"""Texts from which on a second process is worth its start: it loads and compiles all that this one does."""

CHILD = "clausebook.history.past_texts_child"
"""The module of that process."""

SECONDS_AHEAD = 60.0
"""Of processor time, what one text may take there."""

MOST_KEPT = 50
"""Agreements that a room keeps assembled; each is some megabytes."""

MOST_LIBRARIES = 8
"""Libraries of past revisions that a room keeps loaded; those of each type are some megabytes."""

ABSENT = "this clone does not have its files"
"""The problem of a revision that a partial clone leaves out."""

UNREADABLE = "core/file-unreadable"

_CACHE = "revisions"

_PASSING = frozenset({UNREADABLE, "core/template-time", "core/template-memory", "core/template-crash", "core/internal"})
"""Rules of findings that another try, or another machine, may not have."""


@dataclass(frozen=True, slots=True)
class PastText:
    """What is known of a text. `parts` holds a hash of each clause, definition, heading and signature block.

    `marks` are those of the sentences; see `sentences.marks`.
    `fingerprints` are in all forms, the newest last. Without them it cannot be assembled: `problem` says why, in one
    line, `place` where, and `hint` what to do. What does not last is not kept.
    """

    version: str = ""
    status: str = ""
    title: str = ""
    fingerprints: Sequence[str] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    marks: str = ""
    problem: str = ""
    place: str = ""
    hint: str = ""
    lasting: bool = True

    @property
    def fingerprint(self) -> str:
        """The fingerprint in the newest form, "" without any."""
        return self.fingerprints[-1] if self.fingerprints else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that is asked for: what it is made from, and where that is."""

    sources: Sources
    tree: Tree


class Room:
    """Where texts are assembled: what revisions and agreements have in common is loaded once. A context manager.

    The room has a sandbox of its own unless one is given. Where many texts are wanted, a room that is `helped` has a
    process beside it that assembles the oldest of them meanwhile.
    `kept` holds, by key, agreements that were assembled here, for whoever wants more of them than is known of a
    text; `forget` empties it. What was in the user's cache, or is past MOST_KEPT, is not in it.
    """

    def __init__(self, root: Path, sandbox: Sandbox | None = None, *, helped: bool = False) -> None:
        self.kept: dict[str, Agreement] = {}
        self.helped = helped
        self._root = root
        self._libraries: OrderedDict[tuple[str, Git | None], Libraries] = OrderedDict()
        self._sandbox = sandbox
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def forget(self) -> None:
        """Let go of the agreements that were assembled."""
        self.kept.clear()

    def text(self, wanted: Wanted) -> PastText:
        """Return what is known of a text, assembled now."""
        return self._made(wanted, lambda document, data: _told_of(document))

    def made(
        self, wanted: Sequence[Wanted], make: Callable[[Document, Mapping[str, Any]], T]
    ) -> Iterator[tuple[str, T | PastText]]:
        """Yield the key of each text with what is made from its document and data, or why it has no document."""
        yield from ((each.sources.key, self._made(each, make)) for each in wanted)

    def agreement(self, wanted: Wanted, sandbox: Sandbox) -> Agreement:
        """Return an agreement, assembled here before or now. Raises RepositoryError."""
        known = self.kept.get(wanted.sources.key)
        return known or self._agreement(self._project(wanted, sandbox), wanted.sources)[0]

    def take(self, wanted: Wanted, agreement: Agreement) -> None:
        """Take over an agreement that was assembled elsewhere of just these sources, if it has a text."""
        if agreement.document:
            self.kept[wanted.sources.key] = agreement

    def _made(self, wanted: Wanted, make: Callable[[Document, Mapping[str, Any]], T]) -> T | PastText:
        known = self.kept.get(wanted.sources.key)
        if known and known.document:
            return make(known.document, known.data)
        if hint := mend_if_absent(wanted.tree, wanted.sources):
            return PastText(problem=ABSENT, hint=hint, lasting=False)
        try:
            project = self._project(wanted, self._started())
        except RepositoryError as error:
            return PastText(problem=error.message, hint=error.hint, lasting=not isinstance(error, MissingObject))
        try:
            agreement, findings = self._agreement(project, wanted.sources)
        except RepositoryError as error:
            return PastText(problem=error.message, hint=error.hint, lasting=False)
        if agreement.document is None:
            return _broken(wanted, findings)
        return make(agreement.document, agreement.data)

    def _started(self) -> Sandbox:
        if self._sandbox is None:
            from clausebook.language.sandbox import Sandbox

            self._sandbox = self._stack.enter_context(Sandbox())
        return self._sandbox

    def _project(self, wanted: Wanted, sandbox: Sandbox) -> Project:
        from clausebook.project.libraries import Libraries
        from clausebook.project.project import Project

        # What of a library is read later is read from the same place.
        shared = (wanted.sources.library, wanted.tree.git if isinstance(wanted.tree, GitTree) else None)
        like = self._libraries.setdefault(shared, Libraries(wanted.tree))
        self._libraries.move_to_end(shared)
        if len(self._libraries) > MOST_LIBRARIES:
            self._libraries.popitem(last=False)
        project = Project(self._root, sandbox, like, None, wanted.tree)
        if wanted.sources.kind in project.store.types():
            project.type(wanted.sources.kind)
        return project

    def _agreement(self, project: Project, origin: Sources) -> tuple[Agreement, Sequence[Finding]]:
        from clausebook.repository.agreement_files import AgreementFile

        agreement = project.assemble(AgreementFile(origin.id, origin.path))
        if agreement.document and len(self.kept) < MOST_KEPT:
            self.kept[origin.key] = agreement
        told = project.type(origin.kind).findings if origin.kind in project.store.types() else ()
        return agreement, (*agreement.findings, *told)


def mend_if_absent(tree: Tree, origin: Sources) -> str:
    """Return what to do if this clone lacks what a text is made of, "" if it does not; no file is read for it."""
    if not isinstance(tree, GitTree) or tree.git.is_whole:
        return ""
    # Without the file, its type cannot be told either.
    folders = (f"{name}/{origin.kind}" for name in ("templates", "schemas") if origin.kind)
    return tree.git.whole_clone() if any(lacking(tree, (origin.path, *folders))) else ""


def texts(
    root: Path, wanted: Iterable[Wanted], progress: Callable[[str], None], room: Room | None = None
) -> Mapping[str, PastText]:
    """Return the texts by their keys, each from the user's cache or assembled anew, in `room` if one is given."""
    found: dict[str, PastText] = {}
    missing: dict[str, Wanted] = {}
    for each in wanted:
        key = each.sources.key
        kept = _kept(key) if key not in missing else None
        if kept:
            found[key] = kept
            progress(key)
        else:
            missing[key] = each
    with contextlib.ExitStack() as stack:
        room = room or stack.enter_context(Room(root, helped=True))
        helped = room.helped and len(missing) >= LEAST_HELPED and (os.cpu_count() or 1) > 1
        helped = helped and user_cache.can_keep()
        if helped:
            stack.enter_context(_help(root, list(missing.values())[::-1]))
        for key, each in missing.items():
            found[key] = (helped and _kept(key)) or room.text(each)
            progress(key)
            _keep(key, found[key])
    return found


def assemble_ahead(root: Path, wanted: Iterable[Wanted]) -> Iterator[str]:
    """Assemble texts into the user's cache until one is there already; yield the key of each."""
    with Room(root) as room:
        for each in wanted:
            if _kept(each.sources.key):
                return
            _keep(each.sources.key, room.text(each))
            yield each.sources.key


@contextlib.contextmanager
def _help(root: Path, wanted: Sequence[Wanted]) -> Iterator[None]:
    """Have a process assemble texts of commits, from the first on; whatever becomes of it, nothing depends on it."""
    from clausebook.children.child import Child, OutOfBounds, Trade

    texts = [(each.tree.commit, asdict(each.sources)) for each in wanted if isinstance(each.tree, GitTree)]
    child = Child(Trade(CHILD, SECONDS_AHEAD, 2048))
    try:
        with contextlib.suppress(OutOfBounds):
            child.ask({"root": str(root), "texts": texts})
        yield
    finally:
        child.close()


def said_version(tree: Tree, path: str) -> str:
    """Return the version that an agreement's file names: that of its text, which need not be assembled for it."""
    return collapse(_told(tree, path)[0])


def same_text(one: PastText, other: PastText) -> bool:
    """Tell whether two texts are the same, or cannot be assembled for the same reason."""
    return (one.fingerprint, one.problem) == (other.fingerprint, other.problem)


def _kept(key: str) -> PastText | None:
    content = user_cache.find(_CACHE, (engine(), key))
    return PastText(**json.loads(content)) if content is not None else None


def _keep(key: str, text: PastText) -> None:
    if text.lasting:
        user_cache.keep(_CACHE, (engine(), key), json.dumps(asdict(text), sort_keys=True).encode())


def _broken(wanted: Wanted, findings: Sequence[Finding]) -> PastText:
    errors = [finding for finding in findings if finding.severity == "error"]
    first, more = first_error(errors)
    said, place, hint = "it cannot be assembled", wanted.sources.path, ""
    if first:
        said, hint = f"{first.message}{more}", first.hint
        place = f"{first.path}, line {first.line}" if first.line else first.path
    absent = next((finding for finding in errors if finding.rule == UNREADABLE and MISSING in finding.message), None)
    if absent:
        said, place, hint = ABSENT, "", absent.hint
    lasting = not any(finding.rule in _PASSING for finding in errors)
    version, status, title = _told(wanted.tree, wanted.sources.path)
    return PastText(version, status, title, problem=said, place=place, hint=hint, lasting=lasting)


def _told(tree: Tree, path: str) -> tuple[str, str, str]:
    """Return version, status and title as an agreement's file names them; "" for what it does not."""
    try:
        content = tree.read(path)
    except TreeError:
        return "", "", ""
    return _named(content, path)


@lru_cache(maxsize=64)
def _named(content: bytes, path: str) -> tuple[str, str, str]:
    from clausebook.load.yaml import load_yaml

    data = load_yaml(content, path).value
    given = data if isinstance(data, dict) else {}
    return str(given.get("version", "")), str(given.get("status", "")), str(given.get("title", ""))


def _told_of(document: Document) -> PastText:
    told = (document.version, document.status, document.title)
    return PastText(*told, fingerprints(document), _parts(document), marks(document))


def _looks(part: DocumentPart) -> str:
    """Return what a part emphasises, and what in it is a link, as a fingerprint covers it."""
    return _block_looks(part.blocks) if isinstance(part, Clause | Definition) else _run_looks(runs_in(part))


@kept
def _block_looks(blocks: Blocks) -> str:
    return _run_looks(runs_of(blocks))


def _run_looks(runs: Iterable[Run]) -> str:
    shown = (replace(run, text=unnumbered(run)) if run.target else run for run in runs)
    return str([stretch for stretch in stretches(tuple(shown)) if any(stretch[1:])])


def _parts(document: Document) -> Mapping[str, str]:
    """Return a hash of each part that a reader would call by a name; a number that only moved changes none."""
    parts = {"title": " ".join(f"{document.kind} {document.title}".split())}
    parts |= {part.id: f"{part_text(part, unnumbered)}\n{_looks(part)}" for part in document.parts()}
    return {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in parts.items()}
