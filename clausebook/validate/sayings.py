"""What is said of each kind of error: its rule, message and mend."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from clausebook.findings.near_names import did_you_mean
from clausebook.load.problems import short
from clausebook.validate.schema_files import schema_line
from clausebook.validate.value_formats import VALUE_FORMATS, date_meant, format_problem, matches

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Path = tuple[str | int, ...]
Say = Callable[["ValidationError", Path, "About"], "Problem"]

MANY = 30
"""So many values are too many to list."""


class Problem(NamedTuple):
    """A finding without its place: `at_key` tells whether it concerns the property's name or its value."""

    rule: str
    path: Path
    message: str
    hint: str = ""
    at_key: bool = False
    missing: str = ""
    """The name of the property that is missing at `path`."""


class About(NamedTuple):
    """What is known besides an error: where references lead, and the texts that the file has anywhere."""

    references: Mapping[str, Any]
    used: Container[str]


_TYPES: Mapping[str, str] = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of properties",
    "null": "nothing",
}


def name_of(path: Sequence[str | int]) -> str:
    """Return how a value is called in a message: "`scope`", "item 2 of `parties`"."""
    if not path:
        return "the file"
    if isinstance(path[-1], int):
        return f"item {path[-1] + 1} of {name_of(path[:-1])}"
    return f"`{short(path[-1])}`"


def _missing(error: ValidationError, path: Path, about: About) -> Problem:
    """Say that a property is missing, with what the schema says of it, and what needs it if that is told."""
    name, given = error.message, error.validator_value
    schema = _schema(error).get("properties", {}).get(name, {})
    for _ in range(40):
        if not isinstance(schema, dict) or "title" in schema or "$ref" not in schema:
            break
        schema = about.references.get(schema["$ref"], {})
    told = schema if isinstance(schema, dict) else {}
    words = " – ".join(str(told[word]) for word in ("title", "description") if word in told)
    needed = f", and `{given}` needs it" if isinstance(given, str) else ""
    message = f"`{name}` is missing{f' in {name_of(path)}' if path else ''}{needed}{f': {words}' if words else ''}"
    return Problem("core/property-missing", path, message, at_key=True, missing=name)


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", error.schema)


def _unknown(error: ValidationError, path: Path, about: About) -> Problem:
    name = str(path[-1])
    schema = _schema(error)
    known = sorted(schema.get("properties", {}))
    if name == "$schema":
        return Problem(
            "core/property-unknown",
            path,
            "`$schema` is not a property of the agreement",
            f"name the schema in the file's first line: {schema_line('<type>')}",
            True,
        )
    own = "; a field of your own begins with x-" if "^x-" in schema.get("patternProperties", {}) else ""
    all_known = f"known here: {', '.join(known)}{own}" if known else f"no property is known here{own}"
    hint = did_you_mean(name, known, all_known)
    return Problem("core/property-unknown", path, f"`{short(name)}` is not a known property", hint, True)


def _wrong_type(error: ValidationError, path: Path, about: About) -> Problem:
    wanted: Any = error.validator_value
    return type_problem(path, wanted, error.instance, _schema(error))


def type_problem(path: Path, wanted: Sequence[str], value: Any, schema: Mapping[str, Any]) -> Problem:
    """Return the problem of a value that is of none of the wanted types."""
    given = _TYPES[_type_of(value)]
    if isinstance(value, bool):
        given = str(value).lower()
    hint = f"write {' or '.join(_TYPES[name] for name in wanted)}"
    if "string" in wanted and type(value) in (int, bool):
        hint = _as_text(path, value, schema)
    elif "array" in wanted:
        hint = "write each item on a line of its own, with `- ` before it"
    elif "boolean" in wanted and isinstance(value, str):
        hint = "write true or false, without quotes"
    elif "integer" in wanted and isinstance(value, str):
        hint = "write a whole number without separators, units or quotes"
    elif "object" in wanted:
        known = sorted(schema.get("properties", {}))
        hint = "write its properties below it, indented" + (f": {', '.join(known)}" if known else "")
    return Problem(
        "core/value-type",
        path,
        f"{name_of(path)} must be {' or '.join(_TYPES[name] for name in wanted)}, not {given}",
        hint,
    )


def _as_text(path: Path, value: int | bool, schema: Mapping[str, Any]) -> str:
    """Return how a value that was not written as text is written: quotes mend it only if the text can stand there."""
    text, name = show(value, ""), str(schema.get("format", ""))
    if name in VALUE_FORMATS and not VALUE_FORMATS[name][0](text):
        known = date_meant(value) if name == "date" and type(value) is int else ""
        if known:
            return f"write the date as year-month-day: {known}, if that is what {text} stands for"
        if name == "duration" and type(value) is int:
            return (
                f"write P, the number and its unit: P{text}D for {text} days, P{text}M for months, P{text}Y for years"
            )
        return VALUE_FORMATS[name][2]
    if isinstance(schema.get("enum"), list) and text not in schema["enum"]:
        return enum_problem(path, schema["enum"], text).hint
    if isinstance(schema.get("pattern"), str) and not matches(schema["pattern"], text):
        example = next(iter(schema.get("examples", ())), None)
        return str(schema.get("x-message", "")) if example is None else f"write it like this: {show(example, '')}"
    return f'put it in quotes: "{text}"'


def _enum(error: ValidationError, path: Path, about: About) -> Problem:
    values: Any = error.validator_value
    examples = [each for each in _schema(error).get("examples", ()) if each in values]
    return enum_problem(path, values, error.instance, examples, about.used if len(values) > MANY else ())


def enum_problem(
    path: Path, values: Sequence[Any], given: Any, examples: Sequence[Any] = (), used: Container[str] = ()
) -> Problem:
    """Return the problem of a value that is none of those allowed; `used` are values that the file has elsewhere."""
    known = [value if isinstance(value, str) else show(value, "") for value in values]
    some = f"one of {len(known)} values, such as {', '.join(map(str, examples or known[:3]))}"
    hint = did_you_mean(str(given), known, some if len(known) > MANY else f"one of: {', '.join(known)}", used)
    return Problem(
        "core/value-unknown", path, f"{show(given)} is not one of the values that {name_of(path)} can have", hint
    )


def _pattern(error: ValidationError, path: Path, about: About) -> Problem:
    schema = _schema(error)
    if schema.get("examples"):
        hint = f"write it like this: {show(schema['examples'][0], '')}"
    else:
        hint = "" if "x-message" in schema else f"the whole value must match {error.validator_value}"
    message = f"{name_of(path)} is not written as it must be (it is {show(error.instance)})"
    return Problem("core/value-pattern", path, message, hint)


def _format(error: ValidationError, path: Path, about: About) -> Problem:
    name = str(error.validator_value)
    message, hint = format_problem(name, str(error.instance))
    return Problem(f"core/value-{name}", path, f"{name_of(path)}: {show(error.instance)} {message}", hint)


def _count(rule: str, words: str, unit: str, units: str, error: ValidationError, path: Path, about: About) -> Problem:
    wanted = error.validator_value
    instance: Any = error.instance
    noun = unit if wanted == 1 else units
    hint = "shorten it, or take some out" if words == "at most" else "add what is missing"
    return Problem(rule, path, f"{name_of(path)} must have {words} {wanted} {noun}; it has {len(instance)}", hint)


def _said(rule: str, message: str, hint: str, *, at_key: bool = False) -> Say:
    """Return what says a message and a hint, in which stand what was found and what is wanted."""
    return partial(_filled, rule, message, hint, at_key)


def _filled(
    rule: str,
    message: str,
    hint: str,
    at_key: bool,
    error: ValidationError,
    path: Path,
    about: About,
) -> Problem:
    values = {
        "name": name_of(path),
        "group": name_of(path[:-1]),
        "given": show(error.instance),
        "date": error.instance,
        "value": error.validator_value,
        "wanted": show(error.validator_value),
        "plain": show(error.validator_value, ""),
        "told": short(error.message),
        "why": f" ({error.validator})" if error.validator else "",
        "item": int(error.message) + 1 if error.message.isdecimal() else 0,
    }
    return Problem(rule, path, message.format(**values), hint.format(**values), at_key)


def _not(error: ValidationError, path: Path, about: About) -> Problem:
    refused = error.validator_value
    names = refused.get("required", []) if isinstance(refused, dict) else []
    if names and isinstance(error.instance, dict):
        message = f"{' and '.join(f'`{name}`' for name in names)} cannot stand together"
        return Problem("core/value-form", path, message, "delete one of them", True)
    return Problem("core/value-form", path, f"{name_of(path)} cannot be {show(error.instance)}", "write another value")


def _several(error: ValidationError, path: Path, about: About) -> Problem:
    given: Any = error.instance
    branches: Any = error.validator_value
    names = sorted(
        {
            name
            for branch in branches
            if isinstance(branch, dict)
            for name in branch.get("required", [])
            if isinstance(given, dict) and name in given
        }
    )
    words = " and ".join(f"`{name}`" for name in names)
    message = f"only one of {words} can be given" if len(names) > 1 else f"{name_of(path)} can be read in two ways"
    return Problem(
        "core/value-form", path, message, "delete one of them" if len(names) > 1 else "say only one of the two", True
    )


def _party(error: ValidationError, path: Path, about: About) -> Problem:
    keys: Any = error.validator_value
    known = f"the keys of the parties are: {', '.join(keys[:20])}"
    return Problem(
        "core/party-unknown",
        path,
        f"{name_of(path)}: {show(error.instance)} is not the key of a party",
        did_you_mean(str(error.instance), keys, known),
    )


def _decimals(error: ValidationError, path: Path, about: About) -> Problem:
    digits: Any = error.validator_value
    most = f"{digits} decimals" if digits else "no decimals"
    return Problem(
        "core/money-decimals",
        path,
        f"{name_of(path)} {show(error.instance)} has more decimals than {error.message} has: {most}",
        f"round it to {most}, or correct the currency" if digits else "write a whole number, or correct the currency",
    )


def _type_of(value: Any) -> str:
    names = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object", type(None): "null"}
    return names.get(type(value), "number")


def show(value: Any, quotes: str = "“”") -> str:
    """Return a value as a message shows it."""
    if isinstance(value, bool | int) or value is None:
        return short(str(value).lower())
    if isinstance(value, dict | list):
        return _TYPES[_type_of(value)]
    return quotes[:1] + short(" ".join(str(value).split())) + quotes[1:]


BOUNDS = {"exclusiveMaximum": "less than", "exclusiveMinimum": "more than", "maximum": "at most", "minimum": "at least"}
_RANGE = ("core/value-range", "{{name}} must be {0} {{value}}, not {{given}}", "write a number that is {0} {{value}}")

SAYINGS: Mapping[str, Say] = {
    **{keyword: _said(*(text.format(words) for text in _RANGE)) for keyword, words in BOUNDS.items()},
    "additionalProperties": _unknown,
    "const": _said("core/value-unknown", "{name} must be {wanted}, not {given}", "write {plain}"),
    "contains": _said(
        "core/list-contains", "{name} lacks an item that it must hold", "add the item, or change one", at_key=True
    ),
    "dependentRequired": _missing,
    "enum": _enum,
    "format": _format,
    "maxItems": partial(_count, "core/list-length", "at most", "item", "items"),
    "maxLength": partial(_count, "core/value-length", "at most", "character", "characters"),
    "maxProperties": partial(_count, "core/list-length", "at most", "property", "properties"),
    "minItems": partial(_count, "core/list-length", "at least", "item", "items"),
    "minLength": partial(_count, "core/value-length", "at least", "character", "characters"),
    "minProperties": partial(_count, "core/list-length", "at least", "property", "properties"),
    "not": _not,
    "oneOf": _several,
    "pattern": _pattern,
    "required": _missing,
    "type": _wrong_type,
    "uniqueItems": _said("core/list-repeats", "{name} is the same as item {item}", "delete one of the two"),
    "x-currency": _decimals,
    "x-multiline": _said(
        "core/value-lines",
        "{name} must be on one line",
        "write it on one line; for a long value begin it with >- and go on below, indented",
    ),
    "x-not-before": _said(
        "core/date-order", "{name} ({date}) is earlier than `{value}` ({told})", "check the two dates"
    ),
    "x-party": _party,
    "x-sum": _said(
        "core/list-sum",
        "the values of `{value[of]}` in {name} add up to {told}, not to {value[total]}",
        "change them so that they add up to exactly {value[total]}",
        at_key=True,
    ),
    "x-unique": _said("core/list-repeats", "{group} has the same {name} as item {item}: {given}", "give each its own"),
}

OTHER = _said("core/value-form", "{name} is not as its schema wants it{why}", "see the schema")
"""What is said of an error of which nothing better can be said."""

WITH_OWN_MESSAGE = frozenset(
    (
        *("const", "contains", "dependentRequired", "enum", "exclusiveMaximum", "exclusiveMinimum", "format"),
        *("maximum", "minimum", "not", "oneOf", "pattern", "x-sum", "x-unique"),
    )
)
