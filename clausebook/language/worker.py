"""The child process that compiles and renders clause templates.

Before it touches a template it says which (`{"at": …}`), so that the parent knows
whom to blame when it has to put an end to it.

Requests, told apart by "op":
  agreement  data, shape_id, shape, language → {}
             The shape is left out if one of this id was sent before.
  render     templates: [{name, source, item, dialect}], taken, forms: {form: key}, present: [id]
             → {sheets: {name: {text, pieces, problems, silences, taken, short, reads: {names, present, forms}}}}
             Conditions come without forms and present: they speak of nothing but data. `taken` is how much of
             the room for the agreement's text a template, or all before it, took up; `short`, that a template
             would have had room for its text if the others had not taken it. `reads` is all that the template's
             text depends on beside itself: names of the data; ids, and whether they are present; terms' forms.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import Any

from jinja2.environment import Template
from jinja2.utils import missing

from clausebook.children.bounded import Channel
from clausebook.findings.near_names import nearest
from clausebook.formats.locale_words import LocaleWords, locale_words
from clausebook.language.dialects import DIALECTS
from clausebook.language.environment import (
    ClauseEnvironment,
    ClauseFunction,
    WorkingSheet,
    compile_template,
    environment_of,
    note_error,
    run_template,
)
from clausebook.language.filters import FilterError
from clausebook.language.sheets import MAX_ALL, MAX_TEXT
from clausebook.language.silences import BEGIN, END
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
        self._templates: dict[tuple[str, int, str, str], Template] = {}
        self._language = "en-US"
        self._room = MAX_ALL
        self._data: Mapping[str, Any] = {}
        self._shapes: dict[str, Mapping[str, Any]] = {}
        self._shape: Mapping[str, Any] = {}

    def answer(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answer to one request."""
        match request["op"]:
            case "agreement":
                self._data, self._language = request["data"], request["language"]
                if "shape" in request:
                    self._shapes[request["shape_id"]] = request["shape"]
                self._shape = self._shapes[request["shape_id"]]
                return {}
            case _:
                return self._render(request)

    def _render(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self._room = MAX_ALL - request["taken"]
        speech = (request["forms"], frozenset(request["present"])) if "forms" in request else None
        return {"sheets": {template["name"]: self._sheet(template, speech) for template in request["templates"]}}

    def _sheet(
        self, asked: Mapping[str, Any], speech: tuple[Mapping[str, str], frozenset[str]] | None
    ) -> Mapping[str, Any]:
        name, source, dialect = asked["name"], asked["source"], asked["dialect"]
        self._channel.tell({"at": name})
        self._channel.step()
        room = max(0, min(MAX_TEXT, self._room))
        sheet = WorkingSheet(name, asked["short"] or source, room=room)
        root = Record(sheet, "", self._shape, self._data)
        names = Names(
            sheet,
            root,
            asked["item"],
            Speech(sheet, locale_words(self._language), *speech) if speech else None,
            dialect,
        )
        text = ""
        try:
            template = self._compiled(name, source, dialect)
        except Exception as error:  # a template's fault of any kind is its author's finding
            note_error(sheet, error)
        else:
            text = run_template(template, sheet, names.find)
        taken = room - max(0, sheet.room)
        self._room -= taken
        return {
            "text": text,
            "pieces": sheet.pieces,
            "problems": sheet.problems,
            "silences": list(dict.fromkeys(sheet.silences.found)),
            "taken": taken,
            "short": sheet.room < 0 and room < MAX_TEXT,
            "reads": names.reads(),
        }

    def _compiled(self, name: str, source: str, dialect: int) -> Template:
        key = (self._language, dialect, name, source)
        template = self._templates.get(key)
        if template is None:
            spoken = (self._language, dialect)
            environment = self._environments.setdefault(spoken, environment_of(*spoken))
            template = compile_template(environment, name, source, self._kept)
            if len(self._templates) >= MAX_KEPT:
                self._templates.clear()
            self._templates[key] = template
        return template


class Names:
    """What one template finds under the names that it uses, looked up when it does so; and which they were."""

    def __init__(self, sheet: WorkingSheet, root: Record, item: str, speech: Speech | None, dialect: int = 1) -> None:
        self._root, self._item, self._speech = root, item, speech
        self._functions: dict[str, Any] = {"party": ClauseFunction(lambda key: _party(sheet, root, key))}
        self._marks = {BEGIN: ClauseFunction(sheet.silences.begin), END: ClauseFunction(sheet.silences.end)}
        faults = Faults(sheet)
        self._functions |= {"fault": ClauseFunction(faults.fault), "more": ClauseFunction(faults.more)}
        if speech:
            names = DIALECTS[dialect].functions - self._functions.keys()
            self._functions |= {each: ClauseFunction(getattr(speech, each)) for each in names}
        known = DIALECTS[dialect].functions
        self._functions = {name: each for name, each in self._functions.items() if name in known}
        self._found: dict[str, Any] = {}
        self._read: dict[str, None] = {}

    def find(self, name: str) -> Any:
        """Return what stands under a name, the same each time; jinja2's `missing` if there is nothing."""
        if name in self._marks:
            return self._marks[name]
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
        if name in self._functions:
            if name == "party":
                self._read["parties"] = None
            return self._functions[name]
        if name == "this" and self._item:
            self._read[self._item.split("/")[1]] = None
            return _at(self._root, self._item)
        self._read[name] = None
        known = name in self._root.data or name in self._root.shape.get("p", {})
        return self._root.prop(name) if known else missing


class Faults:
    """The functions by which a rule tells what it finds."""

    def __init__(self, sheet: WorkingSheet) -> None:
        self._sheet, self._left, self._asked = sheet, MAX_FAULTS, False

    def more(self) -> bool:
        """Tell whether the rule may tell one more; note that it is cut off if not."""
        self._left -= 1
        if self._left == -1:
            self._sheet.pieces.append({"kind": "more"})
        self._asked = self._left >= 0
        return self._asked

    def fault(self, *places: object) -> str:
        """Begin a fault; the first place that the data have, or might have, is where it stands."""
        if not self._asked:
            raise FilterError("a rule tells one fault each time that it is broken; `fault` is not for its expressions")
        self._asked = False
        nodes = [each for each in places if isinstance(each, Node)]
        there = next((each for each in nodes if not isinstance(each, Absent)), nodes[0] if nodes else None)
        begun = self._sheet.mint({"kind": "fault", "pointer": "" if there is None else there.pointer})
        self._sheet.pieces += [{"kind": "watched", "pointer": each.pointer} for each in nodes]
        return begun


class Speech:
    """The functions by which a clause speaks of other clauses and of defined terms."""

    def __init__(
        self, sheet: WorkingSheet, words: LocaleWords, forms: Mapping[str, str], present: frozenset[str]
    ) -> None:
        self._sheet, self._words, self._forms, self._present = sheet, words, forms, present
        self.sought: dict[str, bool] = {}
        self.spoken: dict[str, str] = {}

    def term(self, form: object, shown: object = None) -> str:
        """Give a defined term in one of its forms, or a value of the data that is shown in its place."""
        key = self._key(form, "term")
        if not key or shown is None:
            return key and self._sheet.mint({"kind": "term", "text": str(form), "target": key})
        first = len(self._sheet.pieces)
        text = str(shown)
        for index, piece in enumerate(self._sheet.pieces[first:], first):
            self._sheet.pieces[index] = {**piece, "target": key}
        return text

    def define(self, form: object) -> str:
        """Give a term in quotation marks where the words around it define it."""
        key = self._key(form, "define")
        return key and self._sheet.mint({"kind": "definition", "text": str(form), "target": key})

    def _key(self, form: object, function: str) -> str:
        if not isinstance(form, str):
            message = f"{function}(…) takes the name of a term in quotes"
            return self._refused("core/term-name", message, f"write it like {function}('Affiliate')")
        key = self._forms.get(form)
        if key is None:
            hint = _nearest(form, self._forms, "add it to the type's glossary or to the agreement's")
            return self._refused("core/term-undefined", f"no glossary defines the term “{form}”", hint, form)
        self.spoken[form] = key
        return key

    def ref_number(self, target: object, label: object = "") -> str:
        """Give the bare number of a place: "6.2(a)"."""
        return self.ref(target, label, "number")

    def ref_item(self, target: object, label: object) -> str:
        """Give the number of an item alone, for the words of its own clause: "(a)"."""
        return self.ref(target, label, "item")

    def refs(self, *targets: object, join: object = "and") -> str:
        """Give the numbers of places of one kind in one reference: "Sections 8.1 and 8.2"."""
        joins = self._words.joins
        if len(targets) < 2 or join not in joins:
            message = f"refs(…) takes the ids of two places or more in quotes, and joins them by {', '.join(joins)}"
            return self._refused("core/ref-name", message, "write it like refs('fees', 'taxes', join='or')")
        forms = ("first", *["number"] * (len(targets) - 2), "last")
        said = [self.ref(target, "", form) for target, form in zip(targets, forms, strict=True)]
        return "".join(map(str, self._words.joined(said, str(join))))

    def ref(self, target: object, label: object = "", form: str = "") -> str:
        """Give the number of a section, clause or schedule of this agreement, named in quotes or by data."""
        if isinstance(target, Value):
            target = target.raw
        if not isinstance(target, str) or not isinstance(label, str):
            message = "ref(…) takes the id of a section, slot or schedule in quotes"
            return self._refused("core/ref-name", message, "write it like ref('termination')")
        if not self.has(target):
            hint = _nearest(target, self._present, "test it with {% if has(…) %} where it may be left out")
            return self._refused("core/ref-unknown", f"`{target}` is not in this agreement", hint, target)
        line = self._sheet._current_line()
        piece = {"kind": "reference", "text": form, "target": target, "label": label, "line": str(line)}
        return self._sheet.mint(piece)

    def has(self, target: object) -> bool:
        """Tell whether a section, slot or schedule is in this agreement."""
        if not isinstance(target, str):
            return False
        self.sought[target] = target in self._present
        return self.sought[target]

    def label(self, name: object, sign: object = "") -> str:
        """Mark the item or paragraph in which it stands for `ref`, or with a sign that item of the sentence."""
        if not isinstance(sign, str) or not isinstance(name, str) or not name.replace("-", "").isalnum():
            message = "label(…) takes a name of letters, digits and hyphens in quotes"
            return self._refused("core/label-name", message, "write it like label('cause')")
        return self._sheet.mint({"kind": "label", "target": name, "text": sign})

    def _refused(self, rule: str, message: str, hint: str, needle: str = "") -> str:
        self._sheet.problem(rule, message, hint=hint, needle=needle)
        return ""


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


def _nearest(wanted: str, known: Any, otherwise: str) -> str:
    like = nearest(wanted, sorted(known))
    return f"did you mean “{like}”?" if like else otherwise
