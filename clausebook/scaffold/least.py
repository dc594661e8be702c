"""Find the least data that a type's schemas allow: what a new agreement must say, and nothing else.

Free text becomes a blank in square brackets, as in any form. What cannot be a blank (a choice, a date, a number) is
what the schema's examples say; of the choices, one that a blank does for comes first.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clausebook.findings.model import RepositoryError
from clausebook.findings.pointers import parts, pointer
from clausebook.rules.reading.placeholders import BLANK
from clausebook.validate.common import COMMON
from clausebook.validate.completion import BLANKS
from clausebook.validate.described import FEWEST
from clausebook.validate.schemas import Schemas
from clausebook.validate.shape import MAX_DEPTH

_ANYTHING: Sequence[Any] = ("2030-01-31", "P30D", "name@example.com", "1", "a", "1.0", 1, 0, False, [], {}, None)

Path = tuple[str | int, ...]


def whole(schema: Any, references: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema joined with what its reference and its `allOf` lead to; its own words come first."""
    joined = dict(schema) if isinstance(schema, dict) else {}
    for _ in range(len(references) + 1):
        if "$ref" not in joined:
            break
        joined = {**references.get(joined.pop("$ref"), {}), **joined}
    for part in joined.get("allOf", ()):
        other = whole(part, references)
        properties = dict(joined.get("properties", {}))
        for name, more in other.get("properties", {}).items():
            properties[name] = {"allOf": [properties[name], more]} if name in properties else more
        required = list(dict.fromkeys([*joined.get("required", ()), *other.get("required", ())]))
        items = [each["items"] for each in (joined, other) if "items" in each]
        joined = {**other, **joined, "properties": properties, "required": required}
        joined |= {"items": {"allOf": items}} if len(items) > 1 else {}
    return joined


def inner_example(part: Mapping[str, Any], example: Any, step: str | int) -> Any:
    """Return what an example says of a property or an item: the one around it, or else the schema's own first."""
    for each in (example, *part.get("examples", ())):
        if isinstance(each, dict) and step in each:
            return each[str(step)]
        if isinstance(each, list) and each and isinstance(step, int):
            return each[min(step, len(each) - 1)]
    return None


@dataclass(frozen=True, slots=True)
class _At:
    """Where a value stands: its path, its name, and its number among several items, 0 where there is but one."""

    path: Path
    name: str
    number: int = 0
    example: Any = None
    label: str = ""
    """What an item of a list of words is called: as the list is."""

    def inner(self, part: Mapping[str, Any], step: str | int, number: int = 0) -> _At:
        name = step if isinstance(step, str) else self.name
        label = _title(part, self) if isinstance(step, int) else ""
        return _At((*self.path, step), name, number or self.number, inner_example(part, self.example, step), label)

    def title(self, part: Mapping[str, Any]) -> str:
        """Return what a blank says that stands here."""
        return f"{_title(part, self)} {self.number}" if self.number else _title(part, self)


@dataclass(frozen=True, slots=True)
class Least:
    """Makes the least data. `given` are values of the whole agreement that are known already."""

    schemas: Schemas
    given: Mapping[str, Any]

    @property
    def root(self) -> dict[str, Any]:
        """The schema of the whole: the type's own, with what the engine needs of every agreement."""
        names = COMMON["required"]
        needed = {"required": names, "properties": {name: COMMON["properties"][name] for name in names}}
        return {"allOf": [self.schemas.root, needed]}

    def data(self) -> dict[str, Any]:
        """Return the least data of a whole agreement. Raise RepositoryError if none could be found."""
        found: dict[str, Any] = self._of(self.root, _At((), ""))
        return found

    def alternatives(self, data: Mapping[str, Any], where: str) -> Iterator[dict[str, Any]]:
        """Yield data that differ at or below a JSON pointer in one choice, or in one property more."""
        schema, at, value = self._reached(data, where)
        for path, other in self._others(schema, value, at):
            changed = copy.deepcopy(dict(data))
            inner: Any = changed
            for each in path[:-1]:
                inner = inner[each]
            if path:
                inner[path[-1]] = other
                yield changed

    def with_properties(self, data: Mapping[str, Any], pointers: Sequence[str]) -> dict[str, Any]:
        """Return the data with the least of each property that is named and missing."""
        changed: dict[str, Any] = copy.deepcopy(dict(data))
        for where in pointers:
            schema, at, value = self._reached(changed, where)
            part, steps = whole(schema, self.schemas.references), parts(where)
            step = steps[len(at.path)] if len(steps) > len(at.path) else ""
            if isinstance(value, dict) and step and step not in value:
                value[step] = self._of(part.get("properties", {}).get(step, {}), at.inner(part, step))
        return changed

    def _reached(self, data: Mapping[str, Any], where: str) -> tuple[Any, _At, Any]:
        """Return schema, place and value at a pointer, or of the last value on the way to it."""
        schema: Any = self.root
        value: Any = data
        at = _At((), "")
        for step in parts(where):
            part = whole(schema, self.schemas.references)
            if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
                schema, at, value = part.get("items", {}), at.inner(part, int(step)), value[int(step)]
            elif isinstance(value, dict) and step in value:
                schema = part.get("properties", {}).get(step, {})
                at, value = at.inner(part, step), value[step]
            else:
                break
        return schema, at, value

    def _others(self, schema: Any, value: Any, at: _At) -> Iterator[tuple[Path, Any]]:
        part = whole(schema, self.schemas.references)
        properties = part.get("properties", {})
        if "enum" in part:
            yield from ((at.path, other) for other in part["enum"] if other != value)
        if isinstance(value, dict):
            for name in [name for name in properties if name in value]:
                yield from self._others(properties[name], value[name], at.inner(part, name))
            for name in [name for name in properties if name not in value]:
                inner = at.inner(part, name)
                with contextlib.suppress(RepositoryError):  # none can be found: it is no way out
                    yield inner.path, self._of(properties[name], inner)
        if isinstance(value, list):
            for index, each in enumerate(value):
                yield from self._others(part.get("items", {}), each, at.inner(part, index))

    def _of(self, schema: Any, at: _At) -> Any:
        part = whole(schema, self.schemas.references)
        if len(at.path) == 1 and at.name in self.given and self._fits(schema, self.given[at.name]):
            return self.given[at.name]
        for value in self._candidates(part, at) if len(at.path) <= MAX_DEPTH else ():
            if self._fits(schema, value):
                return value
        raise RepositoryError(
            f"no value could be found for `{pointer(at.path)}` of a new agreement",
            f"give that property an example in {self.schemas.folder}/",
        )

    def _candidates(self, part: Mapping[str, Any], at: _At) -> Iterator[Any]:
        examples = [each for each in (at.example, *part.get("examples", ())) if each is not None]
        if "const" in part:
            yield part["const"]
        if "enum" in part:
            yield from (each for each in examples if each in part["enum"])
            yield from part["enum"]
        if part.get("x-party"):
            yield self._party(at.example, at.number)
        if _is_a(part, "object"):
            yield from self._objects(part, at)
        if _is_a(part, "array"):
            yield self._list(part, at)
        if part.get("type") == "string" and "format" not in part:
            yield from (blank.format(at.title(part)) for blank in BLANKS)
        yield from (self._at_home(part, each, 0) for each in examples)
        yield from _ANYTHING

    def _objects(self, part: Mapping[str, Any], at: _At) -> Iterator[dict[str, Any]]:
        properties, required = part.get("properties", {}), part.get("required", ())
        inner = {name: at.inner(part, name) for name in properties}
        wanted = {name: self._of(properties[name], inner[name]) for name in properties if name in required}
        rest = [name for name in properties if name not in wanted] if len(wanted) < part.get("minProperties", 0) else []
        plain = [name for name in rest if not _is_a(whole(properties[name], self.schemas.references), "object")]
        words = [name for name in plain if _is_blank(self._of(properties[name], inner[name]))]
        for name in (*words, *rest):
            if len(wanted) < part.get("minProperties", 0):
                wanted.setdefault(name, self._of(properties[name], inner[name]))
        least = {name: wanted[name] for name in properties if name in wanted}
        yield least
        # A choice may call for more; another one may not.
        for name in least:
            for value in whole(properties[name], self.schemas.references).get("enum", ()):
                yield {**least, name: value}

    def _list(self, part: Mapping[str, Any], at: _At) -> list[Any]:
        kinds = [
            whole(each["contains"], self.schemas.references).get("properties", {})
            for each in part.get("allOf", ())
            if isinstance(each, dict) and "contains" in each
        ]
        count = max(part.get("minItems", 0), len(kinds), FEWEST.get(at.name, 0) if len(at.path) == 1 else 0)
        items: list[Any] = []
        for index in range(count):
            place = at.inner(part, index, index + 1 if count > 1 else 0)
            item = self._of(part.get("items", {}), place)
            if isinstance(item, dict) and index < len(kinds):
                item |= {key: each["const"] for key, each in kinds[index].items() if "const" in each}
            if isinstance(item, dict) and at.path == ("parties",):
                item["key"] = f"party-{index + 1}"
            items.append(item)
        return items

    def _party(self, key: Any, number: int) -> str:
        """Return a party's key: by its place in a list, or as in the example of the whole agreement."""
        parties = whole(self.schemas.root.get("properties", {}).get("parties"), self.schemas.references)
        named = [each.get("key") for each in next(iter(parties.get("examples", ())), ()) if isinstance(each, dict)]
        place = number or (named.index(key) + 1 if key in named else 1)
        return f"party-{min(place, FEWEST['parties'])}"

    def _at_home(self, part: Mapping[str, Any], value: Any, number: int) -> Any:
        """Return an example with the parties of this agreement in place of those that it speaks of."""
        if part.get("x-party"):
            return self._party(value, number)
        if isinstance(value, dict):
            properties = part.get("properties", {})
            return {
                name: self._at_home(whole(properties.get(name), self.schemas.references), each, number)
                for name, each in value.items()
            }
        if isinstance(value, list):
            item = whole(part.get("items"), self.schemas.references)
            numbers = range(1, len(value) + 1) if len(value) > 1 else (number,)
            return [self._at_home(item, each, place) for place, each in zip(numbers, value, strict=True)]
        return value

    def _fits(self, schema: Any, value: Any) -> bool:
        # The validator takes long to import.
        from clausebook.validate.keywords import errors_of

        return not errors_of(schema, self.schemas.references, {}, set(), value, 1)


def _is_a(part: Mapping[str, Any], kind: str) -> bool:
    keyword = {"object": "properties", "array": "items"}[kind]
    return bool(part.get("type", kind if keyword in part else "") == kind)


def _is_blank(value: Any) -> bool:
    """Tell whether a value is words to fill in, or a list of them: nobody can leave them in without being seen."""
    if isinstance(value, list):
        return bool(value) and all(map(_is_blank, value))
    return isinstance(value, str) and BLANK.search(value) is not None


def _title(part: Mapping[str, Any], at: _At) -> str:
    return str(at.label or part.get("title") or at.name.replace("_", " ").capitalize())
