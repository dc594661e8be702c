"""The parent's side of the template sandbox: one bounded child process.

Whatever a template does, the parent lives: a child that takes too long or dies is
replaced, and the template it was at is not run again by this sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypeVar

from clausebook.children.child import Child, OutOfBounds, Trade
from clausebook.findings.model import RepositoryError
from clausebook.language.fillings import Filling, Fixed
from clausebook.language.memo import Memo
from clausebook.language.sheets import (
    MAX_ALL,
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
    """The child was killed or died; carries the rule and message for the template that it was `at`, if at one."""

    def __init__(self, rule: str, message: str, at: str | None = None) -> None:
        self.rule, self.message, self.at = rule, message, at
        super().__init__(message)


_T = TypeVar("_T")


MOST_SOURCES = 4000
"""How many templates a child knows by their numbers."""


@dataclass(slots=True)
class _Child:
    """A running child, and what it was told: shapes, sources with their numbers, the subject and the setting.

    `fixed` are the calls of sources that it told, by source, number of the language, and whether there is a setting.
    """

    running: Child
    shapes: set[str] = field(default_factory=set)
    sources: dict[tuple[str, str], str] = field(default_factory=dict)
    fixed: dict[_Template, tuple[Fixed, ...]] = field(default_factory=dict)
    subject: Subject | None = None
    setting: Setting | None = None


_Template = tuple[str, str, int, bool]


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
        self._careful = False
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
        return self._banned.get(source)

    def ask(
        self, subject: Subject, setting: Setting | None, jobs: Sequence[TemplateJob], taken: int
    ) -> Mapping[str, Answer] | None:
        """Return what each template gave, or None after a template was banned: then ask again without it."""
        while True:
            # Once a template was at fault each is begun by itself, which takes longer: then it is known which.
            step = self._careful or len(jobs) == 1
            try:
                return self._asked(subject, setting, jobs, taken, step)
            except _ChildLost as lost:
                self.close()
                if lost.at is None:
                    raise RepositoryError(
                        f"clauses cannot be rendered: {lost.message}",
                        "see whether the machine has memory and time to spare",
                    ) from lost
                self._careful = True
                if not step:
                    continue
                if lost.rule == "core/template-time":
                    self._time_limit = max(LEAST_TIME, self._time_limit / 2)
                source = next(job.source for job in jobs if job.name == lost.at)
                self._banned[source] = TemplateProblem(lost.rule, lost.message, "simplify it")
                return None

    def _asked(
        self, subject: Subject, setting: Setting | None, jobs: Sequence[TemplateJob], taken: int, step: bool
    ) -> Mapping[str, Answer]:
        self.start()
        child = self._child
        if child is None:
            raise RuntimeError("the template sandbox is closed")
        messages = list(requests(child, subject, setting, jobs, taken, step=step))
        _send(child, *messages)
        answers = 0
        at: str | None = None
        while True:
            try:
                message = _receive(child, START_LIMIT if at is None else self._time_limit)
            except _ChildLost as lost:
                lost.at = at
                raise
            if "at" in message:
                at = message["at"]
                continue
            answers += 1
            if "failed" in message["answer"]:
                raise _ChildLost("core/template-memory", "the clause needs more memory than a clause may use", at)
            if answers == len(messages):
                return sheets_of(child, setting, jobs, message["answer"])

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
            answer = self._sandbox.ask(self._subject, self._setting, missing, self._taken) if missing else {}
            if answer is not None:
                break
        for job in missing:
            found[job.name] = self._made(job, answer[job.name])
        return found

    def _known(self, job: TemplateJob) -> Sheet | None:
        if self._memo is None or self._sandbox.ban(job.source):
            return None
        return self._memo.find(self._subject, job, self._setting)

    def _made(self, job: TemplateJob, answer: Answer) -> Sheet:
        sheet, told = answer
        self._taken += sheet.taken
        if self._memo:
            if told["short"]:
                raise _NoRoom
            self._memo.keep(self._subject, job, self._setting, sheet, told["reads"])
        return sheet


def _rendering(each: _Round, templates: Sequence[TemplateJob], definitions: Mapping[str, TemplateJob]) -> Rendering:
    sheets: dict[str, Sheet] = {}
    terms: dict[str, None] = {}
    waiting = list(templates)
    while waiting:
        made = each.sheets(waiting)
        sheets |= made
        used = dict.fromkeys(key for job in waiting for key in made[job.name].forms.values())
        new = [key for key in used if key not in terms]
        terms |= dict.fromkeys(new)
        waiting = [definitions[key] for key in new if key in definitions]
    return Rendering(sheets, tuple(terms))


def requests(
    child: _Child, subject: Subject, setting: Setting | None, jobs: Sequence[TemplateJob], taken: int, *, step: bool
) -> Iterator[Mapping[str, Any]]:
    """Yield what the child must be told before it renders, and then the request to do so; see `worker`."""
    if len(child.sources) > MOST_SOURCES:
        child.sources.clear()
        child.fixed.clear()
        yield {"op": "forget"}
    if child.subject is not subject:
        opening = {"op": "agreement", "data": subject.data, "language": subject.language, "shape_id": subject.shape_id}
        yield opening if subject.shape_id in child.shapes else {**opening, "shape": subject.shape}
        child.subject = subject
        child.shapes.add(subject.shape_id)
    if setting is not None and child.setting != setting:
        yield {"op": "setting", "forms": setting.forms, "present": sorted(setting.present)}
        child.setting = setting
    templates, new = [], {}
    for job in jobs:
        source = (job.source, job.short)
        number = child.sources.get(source)
        if number is None:
            number = child.sources[source] = str(len(child.sources))
            new[number] = source
        templates.append((job.name, number, job.item, job.dialect))
    told = {"templates": templates, "sources": new, "speaks": setting is not None, "taken": taken, "step": step}
    yield {"op": "render", **told}


Answer = tuple[Sheet, Mapping[str, Any]]
"""What a template gave, and what else was told of it."""


def sheets_of(
    child: _Child, setting: Setting | None, jobs: Sequence[TemplateJob], answer: Mapping[str, Any]
) -> Mapping[str, Answer]:
    """Return by name what the templates gave, from the child's answer."""
    found = {}
    for job in jobs:
        told = answer["sheets"][job.name]
        template = (job.source, job.short, job.dialect, setting is not None)
        if "fixed" in told:
            child.fixed[template] = tuple(Fixed(name, tuple(texts), line) for name, texts, line in told["fixed"])
        sheet = Sheet(
            told["text"],
            tuple(map(Filling._make, told["pieces"])),
            tuple(TemplateProblem(**entry) for entry in told["problems"]),
            told["taken"],
            tuple(Silence(*each) for each in told["silences"]),
            child.fixed.get(template, ()),
            told["reads"]["forms"],
            (job.dialect, job.source),
        )
        found[job.name] = (sheet, told)
    return found


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
