"""The parent's side of the template sandbox: one bounded child process.

Whatever a template does, the parent lives: a child that takes too long or dies is
replaced, and the template it was at is not run again by this sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any, Self, TypeVar

from clausebook.children.child import Child, OutOfBounds, Trade
from clausebook.findings.model import RepositoryError
from clausebook.language.memo import Memo
from clausebook.language.sheets import (
    MAX_ALL,
    Filling,
    Rendering,
    Setting,
    Sheet,
    Silence,
    Subject,
    TemplateJob,
    TemplateProblem,
    Term,
)

TIME_LIMIT = 4.0
"""Seconds that one template may take, compiling included. Each that takes longer halves the time of those after it."""

LEAST_TIME = 0.5
"""Seconds that every template has, however many were stopped before it: a thousand times what one needs."""

START_LIMIT = 10.0
"""Seconds that the child may take to start and to begin with the first template."""

CONDITION, HOLDS = "{{% if {} %}}yes{{% endif %}}", "yes"

TRADE = Trade("clausebook.language.worker", TIME_LIMIT, 512)


class _ChildLost(Exception):
    """The child was killed or died; carries the rule and message for the template it was at."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule, self.message = rule, message
        super().__init__(message)


_T = TypeVar("_T")


@dataclass(slots=True)
class _Child:
    running: Child
    shapes: set[str] = field(default_factory=set)
    subject: Subject | None = None


class Sandbox:
    """Renders templates in a child process. A context manager; start it before any other thread.

    What `memo` has is not rendered again; sandboxes may share one. Unless it is to `wait` for the first question, the
    child loads at once.
    """

    def __init__(self, time_limit: float = TIME_LIMIT, memo: Memo | None = None, *, wait: bool = False) -> None:
        self._time_limit = time_limit
        self.memo = memo or Memo()
        self._child: _Child | None = None
        self._banned: dict[str, TemplateProblem] = {}
        if not wait:
            self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the child if it is not running; it loads while the parent goes on."""
        if self._child is None:
            self._child = _spawn()

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.running.close()
            self._child = None

    def conditions(
        self, subject: Subject, conditions: Sequence[TemplateJob]
    ) -> tuple[Mapping[str, bool], Mapping[str, Sheet]]:
        """Tell by name which conditions (jobs whose source is an expression) hold, and what came of asking."""
        jobs = [replace(job, source=CONDITION.format(job.source.strip())) for job in conditions]
        sheets = self._with_memo(lambda memo: _Round(self, subject, None, memo).sheets(jobs))
        return {job.name: sheets[job.name].text == HOLDS for job in conditions}, sheets

    def render(
        self, subject: Subject, templates: Sequence[TemplateJob], glossary: Sequence[Term], present: Sequence[str]
    ) -> Rendering:
        """Render the templates and the definitions of all terms that they use, directly or not."""
        setting = Setting({form: term.key for term in glossary for form in term.forms}, frozenset(present))
        definitions = {term.key: term.definition for term in glossary if term.definition}
        return self._with_memo(lambda memo: _rendering(_Round(self, subject, setting, memo), templates, definitions))

    def ban(self, source: str) -> TemplateProblem | None:
        """Return why a template is not run any more, or None."""
        return self._banned.get(_digest(source))

    def ask(self, subject: Subject, request: Mapping[str, Any], sources: Mapping[str, str]) -> Mapping[str, Any] | None:
        """Return the child's answer, or None after a template was banned: then ask again without it."""
        self.start()
        child = self._child
        if child is None:
            raise RuntimeError("the template sandbox is closed")
        at = ""
        opening: list[Mapping[str, Any]] = [] if child.subject is subject else [_opening(subject, child.shapes)]
        try:
            _send(child, *opening, request)
            answers = 0
            while True:
                message = _receive(child, self._time_limit if at else START_LIMIT)
                if "at" in message:
                    at = message["at"]
                    continue
                answers += 1
                if "failed" in message["answer"]:
                    raise _ChildLost("core/template-memory", "the clause needs more memory than a clause may use")
                child.subject = subject
                child.shapes.add(subject.shape_id)
                if answers > len(opening):
                    return message["answer"]  # type: ignore[no-any-return]
        except _ChildLost as lost:
            self.close()
            if at not in sources:
                raise RepositoryError(
                    f"clauses cannot be rendered: {lost.message}",
                    "see whether the machine has memory and time to spare",
                ) from lost
            if lost.rule == "core/template-time":
                self._time_limit = max(LEAST_TIME, self._time_limit / 2)
            self._banned[_digest(sources[at])] = TemplateProblem(lost.rule, lost.message, "simplify it")
            return None

    def _with_memo(self, make: Callable[[Memo | None], _T]) -> _T:
        try:
            return make(self.memo)
        except _NoRoom:
            # Which clause finds no room must not depend on which sheets were known.
            return make(None)


class _NoRoom(Exception):
    """A template found no room for its text, and some of the room is taken up by sheets that were known before."""


class _Round:
    """The rendering of one agreement's templates: each is known, banned or asked of the child."""

    def __init__(self, sandbox: Sandbox, subject: Subject, setting: Setting | None, memo: Memo | None) -> None:
        self._sandbox, self._subject, self._setting, self._memo = sandbox, subject, setting, memo
        self._taken = 0

    def sheets(self, jobs: Sequence[TemplateJob]) -> Mapping[str, Sheet]:
        """Return the sheet of each. Raise _NoRoom only if there is a memo."""
        found = {job.name: known for job in jobs if (known := self._known(job))}
        self._taken += sum(sheet.taken for sheet in found.values())
        if self._memo and self._taken > MAX_ALL:
            raise _NoRoom
        while True:
            missing = []
            for job in jobs:
                if ban := self._sandbox.ban(job.source):
                    found[job.name] = Sheet("", problems=(ban,))
                elif job.name not in found:
                    missing.append(job)
            answer = self._asked(missing) if missing else {}
            if answer is not None:
                break
        for job in missing:
            found[job.name] = self._made(job, answer["sheets"][job.name])
        return found

    def _known(self, job: TemplateJob) -> Sheet | None:
        if self._memo is None or self._sandbox.ban(job.source):
            return None
        return self._memo.find(self._subject, job, self._setting)

    def _asked(self, jobs: Sequence[TemplateJob]) -> Mapping[str, Any] | None:
        request: dict[str, Any] = {"op": "render", "templates": list(map(asdict, jobs)), "taken": self._taken}
        if self._setting:
            request |= {"forms": self._setting.forms, "present": sorted(self._setting.present)}
        return self._sandbox.ask(self._subject, request, {job.name: job.source for job in jobs})

    def _made(self, job: TemplateJob, answer: Mapping[str, Any]) -> Sheet:
        sheet = Sheet(
            answer["text"],
            tuple(Filling(**piece) for piece in answer["pieces"]),
            tuple(TemplateProblem(**entry) for entry in answer["problems"]),
            answer["taken"],
            tuple(Silence(*each) for each in answer["silences"]),
        )
        self._taken += sheet.taken
        if self._memo:
            if answer["short"]:
                raise _NoRoom
            self._memo.keep(self._subject, job, self._setting, sheet, answer["reads"])
        return sheet


def _rendering(each: _Round, templates: Sequence[TemplateJob], definitions: Mapping[str, TemplateJob]) -> Rendering:
    sheets: dict[str, Sheet] = {}
    terms: dict[str, None] = {}
    waiting = list(templates)
    while waiting:
        made = each.sheets(waiting)
        sheets |= made
        used = dict.fromkeys(key for job in waiting for key in made[job.name].terms)
        new = [key for key in used if key not in terms]
        terms |= dict.fromkeys(new)
        waiting = [definitions[key] for key in new if key in definitions]
    return Rendering(sheets, tuple(terms))


def _opening(subject: Subject, shapes: Container[str]) -> Mapping[str, Any]:
    opening = {"op": "agreement", "data": subject.data, "language": subject.language, "shape_id": subject.shape_id}
    return opening if subject.shape_id in shapes else {**opening, "shape": subject.shape}


def _spawn() -> _Child:
    return _Child(Child(TRADE))


def _send(child: _Child, *messages: Mapping[str, Any]) -> None:
    try:
        for message in messages:
            child.running.ask(message)
    except OutOfBounds as lost:
        raise _ChildLost("core/template-crash", "the process that renders clauses has ended") from lost


def _receive(child: _Child, seconds: float) -> Mapping[str, Any]:
    try:
        return child.running.answer(seconds)[0]  # type: ignore[no-any-return]
    except OutOfBounds as lost:
        if lost.bound == "time":
            raise _ChildLost("core/template-time", f"the clause takes longer than {seconds:g} seconds") from lost
        raise _ChildLost(
            "core/template-crash", "the clause ends the process that renders it (too much memory, most likely)"
        ) from lost


def _digest(source: str) -> str:
    return sha256(source.encode()).hexdigest()
