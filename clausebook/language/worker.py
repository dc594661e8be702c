"""The child process that compiles and renders clause templates.

Before it begins it says with which template (`{"at": …}`), and if it is asked to go `step` by step, before each: so the
parent knows whom to blame when it has to put an end to it.

Requests, told apart by "op":
  agreement  data, shape_id, shape, language → {}
             The shape is left out if one of this id was sent before.
  setting    forms: {form: key}, present: [id] → {}
             What clauses speak of until there is another. Conditions speak of nothing but data.
  render     templates: [[name, number, item, dialect]], sources: {number: [source, short]}, speaks, taken, step
             → {sheets: {name: {text, pieces, problems, silences, taken, short, reads: {names, present, forms}, fixed}}}
             A source is sent once, with the number by which it is known then, and so are its fixed calls, if it has
             any that are not known for the language and whether it speaks. `taken` is how much of
             the room for the agreement's text a template, or all before it, took up; `short`, that a template
             would have had room for its text if the others had not taken it. `reads` is all that the template's
             text depends on beside itself: names of the data; ids, and whether they are present; terms' forms.
  forget     → {}, and no source is known any more
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2.utils import missing

from clausebook.children.bounded import Channel
from clausebook.language.compiling import Compiled, compile_template
from clausebook.language.dialects import DIALECTS
from clausebook.language.environment import (
    ClauseEnvironment,
    ClauseFunction,
    TooLong,
    WorkingSheet,
    environment_of,
    note_error,
    run_template,
)
from clausebook.language.fillings import Filling, Fixed
from clausebook.language.filters import FilterError
from clausebook.language.fixed import FIXED
from clausebook.language.sheets import MAX_ALL, MAX_TEXT
from clausebook.language.speech import Speech
from clausebook.language.values import OPEN_SHAPE, Absent, Items, Node, Record, Value
from clausebook.repository import user_cache

MAX_FAULTS = 100
"""What one rule tells of one agreement, at most."""

MAX_KEPT = 2000
"""Compiled templates kept between requests."""


class Worker:
    """Answers requests; keeps the compiled templates and the agreement it was last given."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._kept = user_cache.compiled()
        self._environments: dict[tuple[str, int], ClauseEnvironment] = {}
        self._sources: dict[str, tuple[str, str]] = {}
        self._told: set[tuple[str, int, bool]] = set()
        self._templates: dict[tuple[str, int, str, str, bool], Compiled] = {}
        self._shapes: dict[str, Mapping[str, Any]] = {}
        self._room = MAX_ALL
        self._speech: Speech | None = None
        self._begin({}, {}, "en-US")

    def answer(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answer to one request."""
        match request["op"]:
            case "agreement":
                if "shape" in request:
                    self._shapes[request["shape_id"]] = request["shape"]
                self._begin(request["data"], self._shapes[request["shape_id"]], request["language"])
            case "setting":
                self._speech = Speech(self._language, request["forms"], frozenset(request["present"]))
            case "forget":
                self._sources.clear()
                self._told.clear()
            case _:
                return self._render(request)
        return {}

    def _begin(self, data: Mapping[str, Any], shape: Mapping[str, Any], language: str) -> None:
        self._language = language
        self._sheet = WorkingSheet()
        self._root = Record(self._sheet, "", shape, data)

    def _render(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self._room = MAX_ALL - request["taken"]
        self._sources |= request["sources"]
        speech = self._speech if request["speaks"] else None
        sheets = {}
        for number, (name, source, item, dialect) in enumerate(request["templates"]):
            if request["step"] or not number:
                self._channel.tell({"at": name})
                self._channel.step()
            sheet, calls = self._rendered(name, self._sources[source], item, dialect, speech)
            told = (source, dialect, request["speaks"])
            if calls and told not in self._told:
                self._told.add(told)
                sheet["fixed"] = calls
            sheets[name] = sheet
        return {"sheets": sheets}

    def _rendered(
        self, name: str, sources: tuple[str, str], item: str, dialect: int, speech: Speech | None
    ) -> tuple[dict[str, Any], Sequence[Fixed]]:
        source, short = sources
        room = max(0, min(MAX_TEXT, self._room))
        sheet = self._sheet
        sheet.begin(name, short or source, room)
        if speech:
            speech.begin(sheet, self._language)
        names = Names(sheet, self._root, item, speech, dialect)
        text, compiled = "", None
        try:
            compiled = self._compiled(name, source, dialect, speech is not None)
        except Exception as error:  # a template's fault of any kind is its author's finding
            note_error(sheet, error)
        else:
            text, ended = run_template(compiled.template, sheet, names.find)
            if compiled.fixed and speech:
                told, sheet.problems = sheet.problems, []
                for number, times in Counter(FIXED.findall(text)).items():
                    speech.say(compiled.fixed[int(number)], times)
                ended = fits(sheet) and ended
                if sheet.problems:
                    told = sorted((*sheet.problems, *told), key=lambda problem: problem["line"])
                sheet.problems = told
            text = text if ended else ""
        taken = room - max(0, sheet.room)
        self._room -= taken
        made = {
            "text": text,
            "pieces": sheet.pieces,
            "problems": sheet.problems,
            "silences": list(dict.fromkeys(sheet.silences.found)),
            "taken": taken,
            "short": sheet.room < 0 and room < MAX_TEXT,
            "reads": names.reads(),
        }
        return made, compiled.fixed if compiled else ()

    def _compiled(self, name: str, source: str, dialect: int, speaks: bool) -> Compiled:
        key = (self._language, dialect, name, source, speaks)
        template = self._templates.get(key)
        if template is None:
            spoken = (self._language, dialect)
            if spoken not in self._environments:
                self._environments[spoken] = environment_of(*spoken)
            template = compile_template(self._environments[spoken], name, source, self._kept, speaks=speaks)
            if len(self._templates) >= MAX_KEPT:
                self._templates.clear()
            self._templates[key] = template
        return template


class Names:
    """What one template finds under the names that it uses, looked up when it does so; and which they were."""

    def __init__(self, sheet: WorkingSheet, root: Record, item: str, speech: Speech | None, dialect: int = 1) -> None:
        self._sheet, self._root, self._item, self._speech, self._dialect = sheet, root, item, speech, dialect
        self._found: dict[str, Any] = {}
        self._read: dict[str, None] = {}
        self._faults: Faults | None = None

    def find(self, name: str) -> Any:
        """Return what stands under a name, the same each time; jinja2's `missing` if there is nothing."""
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def reads(self) -> Mapping[str, Any]:
        """Return what the template read; see above."""
        speech = self._speech
        return {
            "names": list(self._read),
            "present": speech.sought if speech else {},
            "forms": speech.spoken if speech else {},
        }

    def _look_up(self, name: str) -> Any:
        if name in DIALECTS[self._dialect].functions and (function := self._function(name)):
            return ClauseFunction(function)
        if name == "this" and self._item:
            self._read[self._item.split("/")[1]] = None
            return _at(self._root, self._item)
        self._read[name] = None
        known = name in self._root.data or name in self._root.shape.get("p", {})
        return self._root.prop(name) if known else missing

    def _function(self, name: str) -> Callable[..., Any] | None:
        match name:
            case "party":
                self._read["parties"] = None
                return lambda key: _party(self._sheet, self._root, key)
            case "fault" | "more":
                self._faults = self._faults or Faults(self._sheet)
                return self._faults.fault if name == "fault" else self._faults.more
            case _:
                return getattr(self._speech, name) if self._speech else None


class Faults:
    """The functions by which a rule tells what it finds."""

    def __init__(self, sheet: WorkingSheet) -> None:
        self._sheet, self._left, self._asked = sheet, MAX_FAULTS, False

    def more(self) -> bool:
        """Tell whether the rule may tell one more; note that it is cut off if not."""
        self._left -= 1
        if self._left == -1:
            self._sheet.pieces.append(Filling("more"))
        self._asked = self._left >= 0
        return self._asked

    def fault(self, *places: object) -> str:
        """Begin a fault; the first place that the data have, or might have, is where it stands."""
        if not self._asked:
            raise FilterError("a rule tells one fault each time that it is broken; `fault` is not for its expressions")
        self._asked = False
        nodes = [each for each in places if isinstance(each, Node)]
        there = next((each for each in nodes if not isinstance(each, Absent)), nodes[0] if nodes else None)
        begun = self._sheet.mint(Filling("fault", pointer="" if there is None else there.pointer))
        self._sheet.pieces += [Filling("watched", pointer=each.pointer) for each in nodes]
        return begun


def serve(channel: Channel) -> None:
    """Answer requests until the parent is gone."""
    # Compiling makes much that lives as long as the process: looking for garbage in it takes a fifth of the time.
    gc.disable()
    worker = Worker(channel)
    for request, _ in channel.questions():
        try:
            answer = worker.answer(request)
        except MemoryError:
            answer = {"failed": "memory"}
        channel.tell({"answer": answer})


def fits(sheet: WorkingSheet) -> bool:
    """Tell whether there was room for all that a template gave; if not, note it."""
    try:
        sheet.take(0)
    except TooLong as error:
        note_error(sheet, error)
    return sheet.room >= 0


def _at(root: Record, pointer: str) -> Node:
    node: Node = root
    for name in pointer.split("/")[1:]:
        if isinstance(node, Record):
            node = node.prop(name)
        elif isinstance(node, Items) and name.isdecimal() and int(name) < len(node):
            node = node.items[int(name)]
        else:
            node = Record(node.ledger, node.pointer, node.shape).prop(name)
    return node


def _party(sheet: WorkingSheet, root: Record, key: object) -> Node:
    if isinstance(key, Absent):
        return key
    wanted = key.raw if isinstance(key, Value) else key
    parties = root.prop("parties")
    if isinstance(parties, Items):
        for party in parties:
            if isinstance(party, Record) and party.data.get("key") == wanted:
                return party
    sheet.problem("core/template-party", f"no party has the key `{wanted}`", hint="use the key of one of the `parties`")
    return Absent(sheet, "/parties", OPEN_SHAPE, known=False)
