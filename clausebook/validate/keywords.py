"""The validator: JSON Schema 2020-12 by jsonschema, with our own keywords and without a network.

Errors carry raw facts (the missing name, the unknown name); `explain.py` puts them into words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from clausebook.validate.described import party_keys
from clausebook.validate.value_formats import (
    FORMAT_PATTERNS,
    VALUE_FORMATS,
    currency_digits,
    found,
    is_date,
    matches,
)

_DECIMAL = r"-?[0-9]{1,40}(\.[0-9]{1,40})?"

Errors = Iterator[ValidationError]


@dataclass(frozen=True, slots=True)
class _Run:
    """What the keywords need to know besides schema and value."""

    references: Mapping[str, Any]
    parties: frozenset[str]
    """Their keys; empty if there is no list of parties to check against."""

    validators: dict[int, Any]
    sound: set[bytes]


_run: ContextVar[_Run] = ContextVar("run")


def errors_of(
    root: Any, references: Mapping[str, Any], validators: dict[int, Any], sound: set[bytes], value: Any, most: int
) -> list[ValidationError]:
    """Return the value's errors, in the schema's order, but no more than `most`.

    `validators` keeps what is made for each schema, by its identity, and `sound` which parts of values were without an
    error: give the same ones with the same schemas.
    """
    token = _run.set(_Run(references, frozenset(party_keys(value)), validators, sound))
    try:
        return list(islice(_validator_class()(root, registry=Registry()).iter_errors(value), most))
    finally:
        _run.reset(token)


@lru_cache(maxsize=1)
def _validator_class() -> Any:
    return extend(  # type: ignore[no-untyped-call]
        Draft202012Validator,
        {
            "$ref": _ref,
            "additionalProperties": _additional_properties,
            "dependentRequired": _dependent_required,
            "format": _format,
            "items": _items,
            "pattern": _pattern,
            "patternProperties": _pattern_properties,
            "properties": _properties,
            "required": _required,
            "type": _type,
            "uniqueItems": _unique_items,
            "x-party": _party,
            "x-sum": _sum,
            "x-unique": _unique,
        },
    )


def _descend(validator: Any, instance: Any, schema: Any, path: str | int | None = None) -> Errors:
    # jsonschema makes a validator and a resolver for each value that it descends to, which takes most of
    # its time; references are resolved by `_ref` alone, so one for each schema does.
    validators = _run.get().validators
    evolved = validators.get(id(schema))
    if evolved is None:
        evolved = validators[id(schema)] = validator.evolve(schema=schema)
    for error in evolved.iter_errors(instance):
        if path is not None:
            error.path.appendleft(path)
        yield error


def _ref(validator: Any, reference: str, instance: Any, schema: Any) -> Errors:
    run = _run.get()
    errors = _descend(validator, instance, run.references[reference])
    if not reference.endswith("#"):
        yield from errors
        return
    # A file of the schemas describes a section: most stay the same from one revision to the next.
    mark = sha256(json.dumps([reference, sorted(run.parties), instance]).encode()).digest()
    if mark not in run.sound:
        first = next(errors, None)
        if first is None:
            run.sound.add(mark)
        else:
            yield first
            yield from errors


def _properties(validator: Any, properties: Mapping[str, Any], instance: Any, schema: Any) -> Errors:
    if not isinstance(instance, dict):
        return
    for name, subschema in properties.items():
        if name not in instance:
            continue
        yield from _descend(validator, instance[name], subschema, name)
        if isinstance(subschema, dict) and "x-not-before" in subschema:
            earlier, later = instance.get(subschema["x-not-before"]), instance[name]
            dates = isinstance(earlier, str) and isinstance(later, str) and is_date(earlier) and is_date(later)
            if dates and str(later) < str(earlier):
                yield _kept(str(earlier), "x-not-before", subschema["x-not-before"], name, later, subschema)
        if isinstance(subschema, dict) and "x-currency" in subschema:
            currency, decimals = instance.get(subschema["x-currency"]), str(instance[name]).partition(".")[2]
            if isinstance(currency, str) and decimals.isdecimal() and len(decimals) > currency_digits(currency):
                yield _kept(currency, "x-currency", currency_digits(currency), name, instance[name], subschema)


def _kept(message: str, keyword: str, value: Any, name: str, instance: Any, schema: Any) -> ValidationError:
    """Return the error of a keyword of a property that only the group around it can tell."""
    return ValidationError(
        message, validator=keyword, validator_value=value, path=[name], instance=instance, schema=schema
    )


def _items(validator: Any, items: Any, instance: Any, schema: Any) -> Errors:
    if isinstance(instance, list):
        for index in range(len(schema.get("prefixItems", ())), len(instance)):
            yield from _descend(validator, instance[index], items, index)


def _required(validator: Any, required: Sequence[str], instance: Any, schema: Any) -> Errors:
    if isinstance(instance, dict):
        yield from (ValidationError(name) for name in required if name not in instance)


def _dependent_required(validator: Any, needs: Mapping[str, Sequence[str]], instance: Any, schema: Any) -> Errors:
    if isinstance(instance, dict):
        for name, others in needs.items():
            if name in instance:
                yield from (ValidationError(other, validator_value=name) for other in others if other not in instance)


def _pattern_properties(validator: Any, patterns: Mapping[str, Any], instance: Any, schema: Any) -> Errors:
    if isinstance(instance, dict):
        for pattern, subschema in patterns.items():
            if subschema not in ({}, True):
                for name, value in instance.items():
                    if found(pattern, name):
                        yield from _descend(validator, value, subschema, name)


def _additional_properties(validator: Any, allowed: Any, instance: Any, schema: Any) -> Errors:
    if not isinstance(instance, dict):
        return
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name, value in instance.items():
        if name in known or any(found(pattern, name) for pattern in patterns):
            continue
        if allowed is False:
            yield ValidationError(name, path=[name])
        else:
            yield from _descend(validator, value, allowed, name)


def _type(validator: Any, types: str | Sequence[str], instance: Any, schema: Any) -> Errors:
    types = [types] if isinstance(types, str) else types
    if not any(validator.is_type(instance, name) for name in types):
        yield ValidationError("", validator_value=types)
    elif isinstance(instance, str) and "\n" in instance and not schema.get("x-multiline"):
        yield ValidationError("", validator="x-multiline")


def _format(validator: Any, name: str, instance: Any, schema: Any) -> Errors:
    if isinstance(instance, str) and not VALUE_FORMATS[name][0](instance):
        yield ValidationError("")


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Errors:
    # A pattern that stands beside its format for other tools says nothing new.
    if isinstance(instance, str) and FORMAT_PATTERNS.get(schema.get("format")) != pattern:
        # A block of text (`|`, `>`) ends with a line break that is no part of what is printed.
        text = instance.rstrip("\n") if schema.get("x-multiline") else instance
        if not matches(pattern, text):
            yield ValidationError("")


def _unique_items(validator: Any, unique: bool, instance: Any, schema: Any) -> Errors:
    if unique and isinstance(instance, list):
        yield from _repeated((json.dumps(item, sort_keys=True), [index], item) for index, item in enumerate(instance))


def _unique(validator: Any, name: str, instance: Any, schema: Any) -> Errors:
    if isinstance(instance, list):
        groups = ((index, item) for index, item in enumerate(instance) if isinstance(item, dict))
        named = ((index, item[name]) for index, item in groups if isinstance(item.get(name), str | int))
        yield from _repeated((str(each), [index, name], each) for index, each in named)


def _repeated(values: Iterable[tuple[str, list[str | int], Any]]) -> Errors:
    """Yield an error, with the index of the first one, for each value that is there already; a path begins with it."""
    seen: dict[str, str | int] = {}
    for text, path, value in values:
        first = seen.setdefault(text, path[0])
        if first != path[0]:
            yield ValidationError(str(first), path=path, instance=value)


def _sum(validator: Any, rule: Mapping[str, str], instance: Any, schema: Any) -> Errors:
    if not isinstance(instance, list):
        return
    parts = [item[rule["of"]] for item in instance if isinstance(item, dict) and rule["of"] in item]
    # A part that is no number has its own finding; the sum would only confuse.
    if not parts or not all(type(part) in (str, int) and matches(_DECIMAL, str(part)) for part in parts):
        return
    total = sum((Decimal(str(part)) for part in parts), Decimal(0))
    if total != Decimal(rule["total"]):
        yield ValidationError(f"{total.normalize():f}")


def _party(validator: Any, wanted: bool, instance: Any, schema: Any) -> Errors:
    keys = _run.get().parties
    if wanted and keys and isinstance(instance, str) and instance not in keys:
        yield ValidationError("", validator_value=sorted(keys))
