"""The child process that compiles and renders clause templates.

It reads requests and writes answers, one JSON object a line. Before it touches a
template it says which (`{"at": …}`), so that the parent knows whom to blame when
it has to put an end to it. Memory is bounded here, time by the parent.

Requests, told apart by "op":
  agreement   data, shape, language        → {}
  conditions  conditions: [{id, source}]   → {values: {id: bool}, problems: {id: […]}}
  render      templates: [{name, source, item}], glossary: [{key, forms, definition}],
              present: [id]                → {sheets: {name: {text, pieces, problems}}, terms: [key]}
"""

from __future__ import annotations

import contextlib
import gc
import json
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from jinja2.environment import Template

from clausebook.caching import cache_folder
from clausebook.language.environment import (
    MAX_ALL,
    MAX_TEXT,
    ClauseEnvironment,
    ClauseFunction,
    Sheet,
    compile_template,
    note_error,
    run_template,
)
from clausebook.language.values import OPEN_SHAPE, Absent, Items, Node, Record, Value

MEMORY_LIMIT = 512 << 20
"""Bytes of address space that the child may use."""

FILE_LIMIT = 4 << 20
"""Bytes that the child may write into one file: a compiled template for the cache."""

MAX_KEPT = 2000
"""Compiled templates kept between requests."""


class Worker:
    """Answers requests; keeps the compiled templates and the agreement it was last given."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._kept = cache_folder("templates")
        self._environments: dict[str, ClauseEnvironment] = {}
        self._templates: dict[tuple[str, str, str], Template] = {}
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
            case "conditions":
                return self._conditions(request["conditions"])
            case _:
                return self._render(request)

    def _conditions(self, conditions: list[Mapping[str, str]]) -> Mapping[str, Any]:
        values, problems = {}, {}
        for condition in conditions:
            source = "{% if " + condition["source"].strip() + " %}yes{% endif %}"
            sheet = self._sheet(condition["name"], source, condition["item"], None)
            values[condition["name"]] = sheet["text"] == "yes"
            problems[condition["name"]] = sheet["problems"]
        return {"values": values, "problems": problems}

    def _render(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        glossary = Glossary(request["glossary"])
        self._room = MAX_ALL
        setting = (glossary, frozenset(request["present"]))
        sheets = {
            template["name"]: self._sheet(template["name"], template["source"], template["item"], setting)
            for template in request["templates"]
        }
        waiting = list(glossary.used)
        while waiting:
            key = waiting.pop(0)
            definition = glossary.definition(key)
            if definition and f"term:{key}" not in sheets:
                before = set(glossary.used)
                sheets[f"term:{key}"] = self._sheet(f"term:{key}", definition, "", setting)
                waiting += [used for used in glossary.used if used not in before]
        return {"sheets": sheets, "terms": list(glossary.used)}

    def _sheet(
        self, name: str, source: str, item: str, setting: tuple[Glossary, frozenset[str]] | None
    ) -> Mapping[str, Any]:
        self._out.write(json.dumps({"at": name}) + "\n")
        self._out.flush()
        sheet = Sheet(name, source, room=min(MAX_TEXT, self._room))
        self._room -= sheet.room
        names = self._names(sheet, item, setting)
        text = ""
        try:
            template = self._compiled(name, source)
        except Exception as error:  # a template's fault of any kind is its author's finding
            note_error(sheet, error)
        else:
            text = run_template(template, sheet, names)
        self._room += max(0, sheet.room)
        return {"text": text, "pieces": sheet.pieces, "problems": sheet.problems}

    def _compiled(self, name: str, source: str) -> Template:
        key = (self._language, name, source)
        template = self._templates.get(key)
        if template is None:
            environment = self._environments.setdefault(self._language, ClauseEnvironment(self._language))
            template = compile_template(environment, name, source, self._kept)
            if len(self._templates) >= MAX_KEPT:
                self._templates.clear()
            self._templates[key] = template
        return template

    def _names(self, sheet: Sheet, item: str, setting: tuple[Glossary, frozenset[str]] | None) -> dict[str, Any]:
        root = Record(sheet, "", self._shape, self._data)
        names: dict[str, Any] = {name: root.prop(name) for name in (*self._shape.get("p", {}), *self._data)}
        if item:
            names["this"] = _at(root, item)
        names["party"] = ClauseFunction(lambda key: _party(sheet, root, key))
        if setting:
            speech = Speech(sheet, *setting)
            names |= {
                "has": ClauseFunction(speech.has),
                "label": ClauseFunction(speech.label),
                "ref": ClauseFunction(speech.ref),
                "term": ClauseFunction(speech.term),
            }
        return names


class Glossary:
    """The shared terms by each form of theirs, and which were used so far, in order."""

    def __init__(self, entries: list[Mapping[str, Any]]) -> None:
        self._definitions = {entry["key"]: entry["definition"] for entry in entries}
        self.keys = {form: entry["key"] for entry in entries for form in entry["forms"]}
        self.used: dict[str, None] = {}

    def definition(self, key: str) -> str:
        """Return the template of a term's definition; "" where the definition is data."""
        return str(self._definitions[key])


class Speech:
    """The functions by which a clause speaks of other clauses and of defined terms."""

    def __init__(self, sheet: Sheet, glossary: Glossary, present: frozenset[str]) -> None:
        self._sheet, self._glossary, self._present = sheet, glossary, present

    def term(self, form: object) -> str:
        """Give a defined term in one of its forms."""
        if not isinstance(form, str):
            self._sheet.problem(
                "term-name", "term(…) takes the name of a term in quotes", hint="write it like term('Affiliate')"
            )
            return ""
        key = self._glossary.keys.get(form)
        if key is None:
            self._sheet.problem(
                "term-undefined",
                f"no glossary defines the term “{form}”",
                hint=_nearest(form, self._glossary.keys, "add it to the type's glossary or to the agreement's"),
                needle=form,
            )
            return ""
        self._glossary.used.setdefault(key)
        return self._sheet.mint({"kind": "term", "text": form, "target": key})

    def ref(self, target: object, label: object = "") -> str:
        """Give the number of a section, clause or schedule of this agreement, named in quotes or by data."""
        if isinstance(target, Value):
            target = target.raw
        if not isinstance(target, str) or not isinstance(label, str):
            self._sheet.problem(
                "ref-name",
                "ref(…) takes the id of a section, slot or schedule in quotes",
                hint="write it like ref('termination')",
            )
            return ""
        if target not in self._present:
            self._sheet.problem(
                "ref-unknown",
                f"`{target}` is not in this agreement",
                hint=_nearest(target, self._present, "test it with {% if has(…) %} where it may be left out"),
                needle=target,
            )
            return ""
        line = self._sheet._current_line()
        return self._sheet.mint({"kind": "reference", "target": target, "label": label, "line": str(line)})

    def has(self, target: object) -> bool:
        """Tell whether a section, slot or schedule is in this agreement."""
        return isinstance(target, str) and target in self._present

    def label(self, name: object) -> str:
        """Mark the item or paragraph in which it stands, for `ref`."""
        if not isinstance(name, str) or not name.replace("-", "").isalnum():
            self._sheet.problem(
                "label-name",
                "label(…) takes a name of letters, digits and hyphens in quotes",
                hint="write it like label('cause')",
            )
            return ""
        return self._sheet.mint({"kind": "label", "target": name})


def main() -> None:
    """Serve requests from standard input until it ends."""
    _bound_memory()
    # Compiling makes much that lives as long as the process: looking for garbage in it takes a fifth of the time.
    gc.disable()
    worker = Worker(sys.stdout)
    for line in sys.stdin:
        try:
            answer = json.dumps({"answer": worker.answer(json.loads(line))})
        except MemoryError:
            answer = json.dumps({"answer": {"failed": "memory"}})
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's watchdog is the only bound
        return
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, FILE_LIMIT),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def _at(root: Record, pointer: str) -> Node:
    node: Node = root
    for name in pointer.split("/")[1:]:
        if isinstance(node, Record):
            node = node.prop(name)
        else:
            node = Record(node.ledger, node.pointer, node.shape).prop(name)
    return node


def _party(sheet: Sheet, root: Record, key: object) -> Node:
    if isinstance(key, Absent):
        return key
    wanted = key.raw if isinstance(key, Value) else key
    parties = root.prop("parties")
    if isinstance(parties, Items):
        for party in parties:
            if isinstance(party, Record) and party.data.get("key") == wanted:
                return party
    sheet.problem("party-unknown", f"no party has the key `{wanted}`", hint="use the key of one of the `parties`")
    return Absent(sheet, "/parties", OPEN_SHAPE, known=False)


def _nearest(wanted: str, known: Any, otherwise: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(wanted, sorted(known), n=1)
    return f"did you mean “{close[0]}”?" if close else otherwise


if __name__ == "__main__":
    main()
