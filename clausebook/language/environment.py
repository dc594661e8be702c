"""The Jinja2 environment of clause templates: a sandbox with an allow-list for everything.

Nothing is reachable but the agreement's data, the functions and filters of the
clause language, macros, and the loop variable. Runs only in the child process:
compiling a hostile template is as dangerous as rendering it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import CodeType, FrameType, TracebackType
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, pass_context
from jinja2.environment import Template
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from clausebook.findings.near_names import near
from clausebook.language.dialects import DIALECTS
from clausebook.language.fillings import CLOSE, OPEN, Filling
from clausebook.language.filters import FilterError
from clausebook.language.reckoning import DURATION
from clausebook.language.rule_language import reckon
from clausebook.language.sheets import MAX_ALL, MAX_TEXT
from clausebook.language.silences import BEGIN, END, Silences
from clausebook.language.values import Absent, Items, Node, Pieces, Record, Value

LOOP_VARIABLES = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})
LEAST_PIECE = 8
"""What even the shortest value or reference counts, in characters: noting it down takes room too."""


class Refused(SecurityError):
    """The template asks for something that the clause language does not have."""


class TooLong(Refused):
    """The template's text outgrows the bound of a clause, or that of all."""


@dataclass(slots=True)
class WorkingSheet:
    """What one template gave: its placeholders' pieces and its problems. The Ledger of its values.

    One serves all templates of an agreement, one after another, so that they can share what they see of its data.
    """

    name: str = ""
    source: str = ""
    pieces: list[Filling] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    line_of: Callable[[int], int] = field(default=lambda line: line)
    room: int = MAX_TEXT
    silences: Silences = field(default_factory=Silences)

    def begin(self, name: str, source: str, room: int) -> None:
        """Begin with a template for which there is some room."""
        self.name, self.source, self.room = name, source, room
        self.pieces, self.problems, self.silences = [], [], Silences()

    def mint(self, piece: Filling) -> str:
        """Return the placeholder for a piece of text."""
        self.take(max(LEAST_PIECE, len(piece.text)))
        self.pieces.append(piece)
        return f"{OPEN}{len(self.pieces) - 1}{CLOSE}"

    def silent(self, pointer: str) -> None:
        """Note that the template asked for a value that the data leave out."""
        self.silences.ask(pointer)

    def take(self, length: int) -> None:
        """Use up room for some text. Raise Refused if there is not enough."""
        self.room -= length
        if self.room < 0:
            raise TooLong(f"the text is too long: a clause may give {MAX_TEXT:,} characters, all together {MAX_ALL:,}")

    def problem(
        self, rule: str, message: str, *, hint: str = "", pointer: str = "", needle: str = "", line: int = 0
    ) -> None:
        """Note a problem at a line of the template, by default the one being rendered."""
        line = line or self._current_line()
        entry = {
            "rule": rule,
            "message": message,
            "hint": hint,
            "pointer": pointer,
            "line": line,
            "column": self._column(line, needle),
        }
        if entry not in self.problems:
            self.problems.append(entry)

    def traced(self, error: BaseException) -> int:
        """Return the template's line where an exception arose, or 0."""
        line = 0
        trace: TracebackType | None = error.__traceback__
        while trace is not None:
            if self._is_template(trace.tb_frame.f_code):
                line = self.line_of(trace.tb_lineno)
            trace = trace.tb_next
        return line

    def _current_line(self) -> int:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if self._is_template(frame.f_code):
                return self.line_of(frame.f_lineno)
            frame = frame.f_back
        return 0

    def _is_template(self, code: CodeType) -> bool:
        return code.co_filename == self.name

    def _column(self, line: int, needle: str) -> int:
        lines = self.source.split("\n")
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        column = text.find(needle) if needle else -1
        if column < 0:
            column = text.find("{{") if "{{" in text else text.find("{%")
        return max(column, 0) + 1


class ClauseEnvironment(ImmutableSandboxedEnvironment):
    """Jinja2 with every door shut that the clause language does not use."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self, language: str, dialect: int = 1) -> None:
        self.language, self.dialect = language, dialect
        super().__init__(
            undefined=StrictUndefined,
            finalize=_finalize,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            optimized=False,
            cache_size=0,
        )
        kept = {
            name: self.tests[name] for name in ("odd", "even", "divisibleby", "in", "eq", "ne", "lt", "le", "gt", "ge")
        }
        self.tests = {**kept, "defined": _defined, "undefined": lambda value: not _defined(value)}
        self.filters = {**DIALECTS[dialect].filters(language), BEGIN: _begin, END: _end}
        self.globals = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Give a property of a record, or a loop variable; refuse everything else."""
        if isinstance(obj, Record):
            return obj.prop(attribute)
        if isinstance(obj, Absent):
            if not obj.known:
                return obj
            return Record(obj.ledger, obj.pointer, obj.shape).prop(attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP_VARIABLES:
            return getattr(obj, attribute)
        _fail_if_undefined(obj)
        raise Refused(f"`{attribute}` cannot be reached here: only properties of the agreement's data can")

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Give an item of a list by its number, or a property of a record."""
        if isinstance(obj, Items) and isinstance(argument, int):
            if not -len(obj) <= argument < len(obj):
                raise Refused(f"the list has no item {argument}")
            return obj.items[argument]
        if isinstance(obj, Record | Absent) and isinstance(argument, str):
            return self.getattr(obj, argument)
        _fail_if_undefined(obj)
        raise Refused("brackets take the number of an item or the name of a property; there are no slices")

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the clause language or a macro; refuse everything else."""
        if isinstance(obj, ClauseFunction):
            # What is set around a call is for templates that are included, of which there are none.
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return obj.function(*args, **kwargs)
        if isinstance(obj, Macro):
            return context.call(obj, *args, **kwargs)
        _fail_if_undefined(obj)
        raise Refused("only the functions of the clause language and macros can be called")

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse arithmetic."""
        raise Refused(f"the operator `{operator}` is not available: clauses do no arithmetic")

    def call_unop(self, context: Any, operator: str, arg: Any) -> Any:
        """Allow the sign of a number, so that `list[-1]` works; refuse the rest."""
        if isinstance(arg, int) and not isinstance(arg, bool):
            return -arg if operator == "-" else arg
        raise Refused(f"the operator `{operator}` is not available: clauses do no arithmetic")


class RuleEnvironment(ClauseEnvironment):
    """The clause language as rules have it, with arithmetic."""

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Reckon with numbers, dates and durations."""
        _fail_if_undefined(left)
        _fail_if_undefined(right)
        return reckon(operator, left, right)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Give a property also by a value of the data that names it; absent if there is none."""
        if isinstance(obj, Record | Absent) and isinstance(argument, Value):
            there = isinstance(obj, Record) and argument.raw in obj.data
            return obj.prop(str(argument.raw)) if there else Absent(obj.ledger, obj.pointer)  # type: ignore[union-attr]
        return super().getitem(obj, argument)


def environment_of(language: str, dialect: int) -> ClauseEnvironment:
    """Return the environment of a natural language and a clause language, by its number."""
    kind = RuleEnvironment if DIALECTS[dialect].arithmetic else ClauseEnvironment
    return kind(language, dialect)


@dataclass(frozen=True, slots=True)
class ClauseFunction:
    """A function that templates may call."""

    function: Callable[..., Any]


class LookingUp(Context):
    """A context whose names are looked up when a template uses them."""

    def __init__(self, template: Template, sheet: WorkingSheet, find: Callable[[str], Any]) -> None:
        super().__init__(template.environment, {}, template.name, template.blocks)
        self.sheet, self._find = sheet, find

    def resolve_or_missing(self, key: str) -> Any:
        """Return what the template itself has set, or what `find` gives."""
        return self.vars[key] if key in self.vars else self._find(key)


@pass_context
def _begin(context: LookingUp, _: None) -> None:
    context.sheet.silences.begin()


@pass_context
def _end(context: LookingUp, _: None) -> None:
    context.sheet.silences.end()


def run_template(template: Template, sheet: WorkingSheet, find: Callable[[str], Any]) -> tuple[str, bool]:
    """Render a template, noting every problem on its sheet. Return its text, and whether it came to its end.

    `find` gives what stands under a name, or jinja2's `missing`.
    """
    sheet.line_of = template.get_corresponding_lineno
    said = sheet.silences
    chunks: list[str] = []
    try:
        for chunk in template.root_render_func(LookingUp(template, sheet, find)):
            sheet.room -= len(chunk)
            if sheet.room < 0:
                sheet.take(0)
            if said.asked:
                said.claim(chunk)
            said.written += len(chunk)
            chunks.append(chunk)
    except Exception as error:  # a template's fault of any kind is its author's finding
        note_error(sheet, error)
        return "".join(chunks), False
    return "".join(chunks), True


def note_error(sheet: WorkingSheet, error: BaseException) -> None:
    """Note what an exception from parsing, compiling or rendering says to a clause's author."""
    line = getattr(error, "lineno", None) or sheet.traced(error) or 1
    match error:
        case TemplateSyntaxError():
            rule, (message, hint) = "core/template-syntax", _syntax(f"{error.message}")
        case Refused():
            rule = "core/template-length" if isinstance(error, TooLong) else "core/template-refused"
            message, hint = f"{error.message}", "see templates/README.md for what clauses can say"
        case FilterError():
            rule, message, hint = "core/template-filter", f"{error}", "see the filters in templates/README.md"
        case MemoryError():
            message = "the clause needs more memory than a clause may use"
            rule, hint = "core/template-memory", "simplify it"
        case RecursionError():
            message = "the clause is nested too deep, or its macros call each other without end"
            rule, hint = "core/template-recursion", "simplify it"
        case TemplateError():
            rule, (message, hint) = "core/template-name", _unnamed(f"{error.message}")
        case _:
            rule, message, hint = "core/template-error", f"{error}", "see templates/README.md"
    sheet.problem(rule, message, hint=hint, line=line)


_NO_FILTER = re.compile(r"No filter named '(\w+)'")
_MISPLACED = re.compile(r"expected token '[^']+', got '([^']+)'")
_UNDEFINED = re.compile(r"'(\w+)' is undefined")
_OPEN = re.compile(r"Unexpected end of template.* needs to be closed is '(\w+)'")


def _syntax(said: str) -> tuple[str, str]:
    """Return Jinja's complaint, and what to do, in the words of a clause's author."""
    if found := _NO_FILTER.search(said):
        known = {name for dialect in DIALECTS.values() for name in dialect.filters("en-US")}
        like = near(found[1], known, 3)
        meant = f"did you mean {' or '.join(f'`{each}`' for each in like)}?" if like else "see templates/README.md"
        return f"there is no filter `{found[1]}`", meant
    if found := _OPEN.search(said):
        return f"a `{{% {found[1]} … %}}` is never closed", f"write `{{% end{found[1]} %}}` where it ends"
    if found := _MISPLACED.search(said):
        what = {"string": "a text in quotes", "integer": "a number"}.get(found[1], f"`{found[1]}`")
        hint = {
            "=": "two values are compared with `==`",
            "integer": "write an amount as its number alone, such as 2000000",
        }.get(found[1], "write durations and words in quotes: 'P10D'")
        return f"{what} cannot stand where it does", hint
    if said.startswith("a comma stands"):
        return said, "write numbers without commas, such as 2000000, and lists in brackets"
    return said, "see templates/README.md"


def _unnamed(said: str) -> tuple[str, str]:
    """Return what is said of a name that nothing has, and what to do, in the words of a clause's author."""
    hint = "known names are the agreement's properties, `this`, and what clauses can ask: see templates/README.md"
    if _NO_FILTER.search(said):
        return _syntax(said)
    found = _UNDEFINED.fullmatch(said)
    if found and DURATION.fullmatch(found[1]):
        hint = f"write a duration in quotes: '{found[1]}'"
    return (f"there is nothing of the name `{found[1]}`" if found else said), hint


def _fail_if_undefined(obj: object) -> None:
    """Name what is not defined rather than what was wanted of it."""
    if isinstance(obj, Undefined):
        str(obj)


def _defined(value: object) -> bool:
    if isinstance(value, Absent):
        value.asked()
    return not isinstance(value, Undefined | Absent)


def _finalize(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Value | Pieces | Absent | Record | Items):
        return str(value)
    if isinstance(value, bool) or value is None:
        raise Refused("true, false and none cannot be printed")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Undefined):
        # Without a name it stands for the missing else of an inline if, and is nothing.
        return str(value) if value._undefined_name is not None else ""
    if isinstance(value, Sequence) and all(isinstance(item, Node) for item in value):
        raise Refused("a list cannot be printed: loop over it, or use and_list")
    raise Refused("this cannot be printed: only the agreement's data and the library's words can")
