"""The parent's side of the template sandbox: one bounded child process.

Whatever a template does, the parent lives: a child that takes too long or dies is
replaced, and the template it was at is not run again by this sandbox.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from clausebook.errors import RepositoryError

TIME_LIMIT = 4.0
"""Seconds that one template may take, compiling included. Each that takes longer halves the time of those after it."""

LEAST_TIME = 0.5
"""Seconds that every template has, however many were stopped before it: a thousand times what one needs."""

START_LIMIT = 10.0
"""Seconds that the child may take to start and to begin with the first template."""

START = "import sys; sys.path[:0] = sys.argv[1:]; from clausebook.language.worker import main; main()"


@dataclass(frozen=True, slots=True)
class Piece:
    """What a placeholder stands for.

    kind "data": `text` at `pointer`. "term": `text`, with the entry's key as `target`.
    "reference": to `target`, and `label` in it, from template line `line`. "label": named `target`.
    """

    kind: str
    text: str = ""
    pointer: str = ""
    target: str = ""
    label: str = ""
    line: str = "0"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem at a line and column of a template's source; both count from 1."""

    rule: str
    message: str
    hint: str = ""
    pointer: str = ""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one template gave: Markdown with placeholders, what they stand for, and problems."""

    text: str
    pieces: tuple[Piece, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateJob:
    """A template to render: `name` is unique in the request, `item` a JSON pointer for `this`, or ""."""

    name: str
    source: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry for the child; `definition` is a template, or "" if the definition is data."""

    key: str
    forms: tuple[str, ...]
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """The agreement that templates speak of. `shape` is `Shape.to_json()`, known by `shape_id`."""

    data: Mapping[str, Any]
    language: str
    shape: Mapping[str, Any]
    shape_id: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """The sheets by template name (definitions under "term:<key>") and the terms used, in order."""

    sheets: Mapping[str, Sheet]
    terms: tuple[str, ...]


class _ChildLost(Exception):
    """The child was killed or died; carries the rule and message for the template it was at."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule, self.message = rule, message
        super().__init__(message)


@dataclass(slots=True)
class _Child:
    process: subprocess.Popen[str]
    lines: queue.SimpleQueue[str]
    shapes: set[str] = field(default_factory=set)


class Sandbox:
    """Renders templates in a child process. A context manager; start it before any other thread."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self._time_limit = time_limit
        self._child: _Child | None = None
        self._banned: dict[str, Problem] = {}
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the child if it is not running; it loads while the parent goes on."""
        if self._child is None:
            self._child = _spawn()

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.process.kill()
            self._child.process.wait()
            for pipe in (self._child.process.stdin, self._child.process.stdout):
                if pipe:
                    pipe.close()
            self._child = None

    def conditions(
        self, subject: Subject, conditions: Sequence[TemplateJob]
    ) -> tuple[Mapping[str, bool], Mapping[str, tuple[Problem, ...]]]:
        """Tell by name which conditions (jobs whose source is an expression) hold, and what is wrong with any."""
        values: dict[str, bool] = {}
        problems: dict[str, tuple[Problem, ...]] = {}
        todo = list(conditions)
        while todo:
            for job in list(todo):
                if ban := self._banned.get(_digest(job.source)):
                    values[job.name], problems[job.name] = False, (ban,)
                    todo.remove(job)
            request = {"op": "conditions", "conditions": [_plain(job) for job in todo]}
            answer = self._ask(subject, request, {job.name: job.source for job in todo})
            if answer is not None:
                values |= answer["values"]
                problems |= {
                    name: tuple(Problem(**entry) for entry in found) for name, found in answer["problems"].items()
                }
                break
        return values, problems

    def render(
        self, subject: Subject, templates: Sequence[TemplateJob], glossary: Sequence[Term], present: Sequence[str]
    ) -> Rendering:
        """Render the templates and the definitions of all terms that they use, directly or not."""
        sheets: dict[str, Sheet] = {}
        sources = {job.name: job.source for job in templates} | {
            f"term:{term.key}": term.definition for term in glossary
        }
        while True:
            for name, source in sources.items():
                if ban := self._banned.get(_digest(source)):
                    sheets[name] = Sheet("", problems=(ban,))
            request = {
                "op": "render",
                "templates": [_plain(job) for job in templates if job.name not in sheets],
                "glossary": [
                    {
                        "key": term.key,
                        "forms": term.forms,
                        "definition": "" if f"term:{term.key}" in sheets else term.definition,
                    }
                    for term in glossary
                ],
                "present": list(present),
            }
            answer = self._ask(subject, request, sources)
            if answer is not None:
                break
        for name, sheet in answer["sheets"].items():
            sheets[name] = Sheet(
                sheet["text"],
                tuple(Piece(**piece) for piece in sheet["pieces"]),
                tuple(Problem(**entry) for entry in sheet["problems"]),
            )
        return Rendering(sheets, tuple(answer["terms"]))

    def _ask(
        self, subject: Subject, request: Mapping[str, Any], sources: Mapping[str, str]
    ) -> Mapping[str, Any] | None:
        """Return the answer, or None after a template was banned: then ask again without it."""
        self.start()
        child = self._child
        if child is None:
            raise RuntimeError("the template sandbox is closed")
        at = ""
        opening: dict[str, Any] = {
            "op": "agreement",
            "data": subject.data,
            "language": subject.language,
            "shape_id": subject.shape_id,
        }
        if subject.shape_id not in child.shapes:
            opening["shape"] = subject.shape
        try:
            _send(child, opening, request)
            answers = 0
            while True:
                message = _receive(child, self._time_limit if at else START_LIMIT)
                if "at" in message:
                    at = message["at"]
                    continue
                answers += 1
                child.shapes.add(subject.shape_id)
                if "failed" in message["answer"]:
                    raise _ChildLost("template-memory", "the clause needs more memory than a clause may use")
                if answers == 2:
                    return message["answer"]  # type: ignore[no-any-return]
        except _ChildLost as lost:
            self.close()
            if at not in sources:
                raise RepositoryError(
                    f"clauses cannot be rendered: {lost.message}",
                    "see whether the machine has memory and time to spare",
                ) from lost
            if lost.rule == "template-time":
                self._time_limit = max(LEAST_TIME, self._time_limit / 2)
            self._banned[_digest(sources[at])] = Problem(lost.rule, lost.message, "simplify it")
            return None


def _plain(job: TemplateJob) -> Mapping[str, str]:
    return {"name": job.name, "source": job.source, "item": job.item}


def _spawn() -> _Child:
    root = str(Path(__file__).resolve().parents[2])
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", START, root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def pump() -> None:
        stdout = process.stdout
        if stdout:
            try:
                for line in stdout:
                    lines.put(line)
            except (OSError, ValueError):
                pass
        lines.put("")

    threading.Thread(target=pump, daemon=True).start()
    return _Child(process, lines)


def _send(child: _Child, *messages: Mapping[str, Any]) -> None:
    stdin = child.process.stdin
    if stdin is None:
        raise _ChildLost("template-crash", "the child process has no input")
    try:
        for message in messages:
            stdin.write(json.dumps(message) + "\n")
        stdin.flush()
    except OSError as error:
        raise _ChildLost("template-crash", f"the child process ended: {error}") from error


def _receive(child: _Child, seconds: float) -> Mapping[str, Any]:
    try:
        line = child.lines.get(timeout=seconds)
    except queue.Empty:
        raise _ChildLost("template-time", f"the clause takes longer than {seconds:g} seconds") from None
    if not line:
        raise _ChildLost("template-crash", "the clause ends the process that renders it (too much memory, most likely)")
    return json.loads(line)  # type: ignore[no-any-return]


def _digest(source: str) -> str:
    return sha256(source.encode()).hexdigest()
