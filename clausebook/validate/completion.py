"""What is missing: the least that the schemas ask for, made of their examples; and how it is written, with blanks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clausebook.load.editing import scalar
from clausebook.validate.described import FEWEST, Parts, below, parts_of, schemas_at
from clausebook.validate.value_formats import VALUE_FORMATS, matches

MOST_DEPTH = 12
"""How deep the least that is needed may be nested; a schema may ask for itself."""

BLANKS = ("[{0}]", "[{0}].", "a [{0}]")
"""What stands where somebody must fill in words, in the forms that a value may have to have."""

CUT = "…"
"""What stands in a mend for a group or a list that is too deep to show."""

_LONGEST = 160

_PLAIN = re.compile(
    r"(?!(?i:true|false|null|yes|no|on|off)$)"
    r"([A-Za-z][A-Za-z .;'’()/-]*[A-Za-z.)]|[A-Za-z]|[0-9]{4}-[0-9]{2}-[0-9]{2}|P[0-9A-Z]+|[a-z][a-z0-9_-]*)"
)
"""Text that needs no quotation marks, whatever reads it."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Completes data by the schemas; a party is named by one of the `parties`' keys."""

    root: Any
    references: Mapping[str, Any]
    parties: Sequence[str] = ()

    def written(self, path: Sequence[str | int]) -> str:
        """Return the property at a path as a line of YAML, with a blank for each fact; at most two levels of it."""
        schemas, name = self._at(path), str(path[-1])
        fewest = FEWEST.get(name, 1) if len(path) == 1 else 1
        texts = [f"{name}: {written(self._form(schemas, name, levels, most, 0, fewest))}" for levels, most in _SIZES]
        return next((text for text in texts if len(text) <= _LONGEST), texts[-1])

    def mend(self, path: Sequence[str | int], verb: str) -> str:
        """Return what to do where the property at a path is missing or empty: its form, and where to find a pattern."""
        parts = self._parts(self._at(path))
        said = f"{verb} `{self.written(path)}`"
        if any(part.get("type") in ("object", "array") for part in parts):
            return f"{said}; `clausebook new {self._type()} ID` writes a whole pattern" if len(path) == 1 else said
        how = _how(parts)
        return f"{said}; {how}" if how else said

    def wanted_by(self, path: Sequence[str | int]) -> str:
        """Return the name of the property without which the value at a path cannot be what it is, "" if none."""
        for part in self._parts(self._at(path[:-1])):
            names = _dict(part.get("if")).get("required", ())
            if len(names) == 1 and path[-1] in _dict(_dict(part.get("else")).get("properties")):
                return str(names[0])
        return ""

    def completed(self, value: Any, wrong: AbstractSet[tuple[str, ...]]) -> Any:
        """Return the data with the least in the place of what is missing, and of `wrong` values if they are needed."""
        return self._completed((self.root,), value, wrong, ())

    def _at(self, path: Sequence[str | int]) -> Sequence[Any]:
        return schemas_at(self.root, self.references, path)

    def _inside(self, schemas: Sequence[Any], step: str | int) -> Sequence[Any]:
        return below(schemas, self.references, step)

    def _parts(self, schemas: Sequence[Any]) -> Parts:
        return tuple(part for schema in schemas for part in parts_of(schema, self.references, choices=False))

    def _completed(
        self, schemas: Sequence[Any], value: Any, wrong: AbstractSet[tuple[str, ...]], path: tuple[str, ...]
    ) -> Any:
        if path in wrong:
            return self._least(schemas, 0, 0)
        if isinstance(value, list):
            return [
                self._completed(self._inside(schemas, n), item, wrong, (*path, str(n))) for n, item in enumerate(value)
            ]
        if not isinstance(value, dict):
            return value
        needed = _needed(self._parts(schemas))
        found = {
            name: self._completed(self._inside(schemas, name), item, wrong, (*path, name))
            for name, item in value.items()
            if name in needed or (*path, name) not in wrong
        }
        return found | {name: self._least(self._inside(schemas, name), 0, 0) for name in needed if name not in found}

    def _type(self) -> str:
        named = [part["const"] for part in self._parts(self._at(("type",))) if "const" in part]
        return str(named[0]) if named else "TYPE"

    def _form(self, schemas: Sequence[Any], name: str, levels: int, most: int, number: int, fewest: int = 1) -> Any:
        """Return how a value is written: fixed words as they are, a blank for all that only the parties know."""
        parts = self._parts(schemas)
        fixed = [value for part in parts for value in (part.get("const"), *part.get("enum", ())) if value is not None]
        if fixed:
            known = [example for part in parts for example in part.get("examples", ()) if example in fixed]
            return (known or fixed)[0]
        if any(part.get("x-party") for part in parts):
            if 0 < number <= len(self.parties):
                return self.parties[number - 1]
            return f"[{' or '.join(self.parties[:4]) or 'key of a party'}]"
        if any(part.get("type") == "array" for part in parts):
            items = self._inside(schemas, "0")
            if not levels and any(part.get("type") in ("object", "array") for part in self._parts(items)):
                return None
            count = max(fewest, *(part.get("minItems", 1) for part in parts))
            numbers = range(1, min(count, most) + 1) if count > 1 else (number,)
            shown = [self._form(items, _title(parts, name), levels, most, each) for each in numbers]
            return [*shown, None] if len(shown) < count else shown
        if any(part.get("type") == "object" for part in parts):
            names = _first_form(parts) or next(
                (list(part["properties"])[:1] for part in parts if "properties" in part), []
            )
            if not levels or not names:
                return None
            return {each: self._form(self._inside(schemas, each), each, levels - 1, most, number) for each in names}
        blanks = [blank.format(f"{_title(parts, name)} {number or ''}".rstrip()) for blank in BLANKS]
        patterns = [part["pattern"] for part in parts if "pattern" in part]
        return next((each for each in blanks if all(matches(pattern, each) for pattern in patterns)), blanks[0])

    def _least(self, schemas: Sequence[Any], index: int, depth: int) -> Any:
        parts = self._parts(schemas)
        examples = [example for part in parts for example in part.get("examples", ())]
        first = examples[0] if examples else None
        if any(part.get("x-party") for part in parts) and self.parties:
            return self.parties[index % len(self.parties)]
        if depth > MOST_DEPTH or not any(part.get("type") in ("object", "array") for part in parts):
            return first if first is not None else next((part["enum"][0] for part in parts if part.get("enum")), None)
        if any(part.get("type") == "array" for part in parts):
            return self._items(schemas, parts, depth)
        known = [name for part in parts for name in part.get("properties", {})]
        names = _first_form(parts) or (list(first)[:1] if isinstance(first, dict) else [])
        found = {}
        for name in sorted(names, key=lambda name: known.index(name) if name in known else len(known)):
            within = self._inside(schemas, name)
            found[name] = self._least(within, index, depth + 1)
            # A payer and a payee are two.
            index += any(part.get("x-party") for part in self._parts(within))
        return found

    def _items(self, schemas: Sequence[Any], parts: Parts, depth: int) -> list[Any]:
        count = max((part.get("minItems", 0) for part in parts), default=0) or 1
        items = [self._least(self._inside(schemas, n), n, depth + 1) for n in range(count)]
        known = next((example for part in parts for example in part.get("examples", ())), None)
        if known and any(items.count(item) > 1 for item in items):
            return list(known)
        for rule in (part["x-sum"] for part in parts if "x-sum" in part):
            each = (Decimal(rule["total"]) / count).quantize(Decimal("0.01"))
            for n, item in enumerate(items):
                share = each if n else Decimal(rule["total"]) - each * (count - 1)
                item[rule["of"]] = int(share) if share == int(share) else str(share)
        return items


_SIZES = ((2, 2), (1, 2), (1, 1))
"""How many levels a mend shows, and how many items of a list: the first that is short enough."""


def written(value: Any) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {written(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return CUT if value is None else scalar(value, _PLAIN)


def _needed(parts: Parts) -> list[str]:
    return list(dict.fromkeys(name for part in parts for name in part.get("required", ())))


def _first_form(parts: Parts) -> list[str]:
    """Return the names of the properties that must be there; of a choice, those of its first form."""
    choices = (part[keyword] for part in parts for keyword in ("oneOf", "anyOf") if keyword in part)
    first = tuple(choice[0] for choice in choices if isinstance(choice[0], dict))
    return _needed((*parts, *first))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _title(parts: Parts, name: str) -> str:
    return str(next((part["title"] for part in parts if "title" in part), name.replace("_", " ").capitalize()))


def _how(parts: Parts) -> str:
    """Return how a single value is written, "" if any words do."""
    for part in parts:
        if part.get("format") in VALUE_FORMATS:
            return VALUE_FORMATS[part["format"]][2]
        if "enum" in part or "const" in part or part.get("x-party"):
            return ""
    for part in parts:
        if "x-message" in part and "pattern" in part:
            return str(part["x-message"])
    if any(part.get("type") == "boolean" for part in parts):
        return "true or false, without quotes"
    return "a whole number, without quotes" if any(part.get("type") == "integer" for part in parts) else ""
