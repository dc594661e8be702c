"""Puts the validator's errors into words for a deal owner; of a choice, those of the form that was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from clausebook.validate.sayings import (
    OTHER,
    SAYINGS,
    WITH_OWN_MESSAGE,
    About,
    Path,
    Problem,
    enum_problem,
    name_of,
    show,
    type_problem,
)
from clausebook.validate.value_formats import digits_problem

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


def explain(error: ValidationError, about: About) -> Iterator[Problem]:
    """Yield the problems that an error stands for: one, or those of the best branch of a choice."""
    if error.validator in ("anyOf", "oneOf") and error.context:
        yield from _choice(error, about)
        return
    path: Path = tuple(error.absolute_path)
    say = SAYINGS.get(str(error.validator), OTHER)
    problem = say(error, path, about)
    own = error.schema.get("x-message") if isinstance(error.schema, dict) else None
    many = digits_problem(str(error.validator_value), str(error.instance)) if error.validator == "pattern" else ""
    if many:
        problem = problem._replace(message=f"{name_of(path)} {many}", hint="shorten the number")
    elif own and error.validator in WITH_OWN_MESSAGE:
        shown = f" (it is {show(error.instance)})" if isinstance(error.instance, str | int) else ""
        problem = problem._replace(message=f"{name_of(path)}: {own}{shown}")
    yield problem


def _choice(error: ValidationError, about: About) -> Iterator[Problem]:
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    marker = _marker(list(branches.values()))
    types: list[Any] = [
        inner.validator_value for inners in branches.values() for inner in inners if _is_of_wrong_type(inner)
    ]
    if marker is not None:
        yield marker
        return
    if len(types) == len(branches):
        wanted = list(dict.fromkeys(name for names in types for name in names))
        yield type_problem(tuple(error.absolute_path), wanted, error.instance, {})
        return
    best = min(branches, key=lambda index: (*_distance(branches[index]), index))
    on_top = any(not inner.relative_path for inner in branches[best])
    path: Path = tuple(error.absolute_path)
    schema: Any = error.schema
    own = schema.get("x-message")
    if own and on_top:
        yield Problem("core/value-form", path, f"{name_of(path)}: {own}", "change it to one of these forms", True)
    elif all(inner.validator == "required" for inners in branches.values() for inner in inners):
        names = [" and ".join(f"`{inner.message}`" for inner in inners) for inners in branches.values()]
        said = f"{name_of(path)} needs {' or '.join(names)}"
        yield Problem("core/property-missing", path, said, "give one of them", at_key=True)
    else:
        for inner in branches[best]:
            yield from explain(inner, about)


def _distance(errors: Sequence[ValidationError]) -> tuple[int, int, int, int]:
    """Return how far a branch is from what was meant: first its kind, then its marker values, then the rest."""
    return (
        sum(_is_of_wrong_type(error) for error in errors),
        sum(error.validator in ("const", "enum") and len(error.relative_path) == 1 for error in errors),
        sum(error.validator in ("additionalProperties", "required") for error in errors),
        len(errors),
    )


def _is_of_wrong_type(error: ValidationError) -> bool:
    return error.validator == "type" and not error.relative_path


def _marker(branches: Sequence[Sequence[ValidationError]]) -> Problem | None:
    """Return the problem of the one property that tells the branches apart, if its value is none of theirs."""
    wrong = [
        next((error for error in errors if error.validator == "const" and len(error.relative_path) == 1), None)
        for errors in branches
        if not any(_is_of_wrong_type(error) for error in errors)
    ]
    paths = {tuple(error.absolute_path) if error is not None else None for error in wrong}
    if len(wrong) < 2 or len(paths) != 1 or wrong[0] is None:
        return None
    values = [error.validator_value for error in wrong if error is not None]
    return enum_problem(tuple(wrong[0].absolute_path), values, wrong[0].instance)
