"""What is missing, as it could be written: the least that the schemas ask for, made of their own examples."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clausebook.validate.described import Parts, inside, parts_of

MOST_DEPTH = 12
"""How deep the least that is needed may be nested; a schema may ask for itself."""

_PLAIN = re.compile(
    r"[A-Za-z][A-Za-z .;'’()/-]*[A-Za-z.)]|[A-Za-z]|[0-9]{4}-[0-9]{2}-[0-9]{2}|P[0-9A-Z]+|[a-z][a-z0-9_-]*"
)
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off"))


@dataclass(frozen=True, slots=True)
class Completion:
    """Completes data by the schemas; a party is named by one of the `parties`' keys."""

    root: Any
    references: Mapping[str, Any]
    parties: Sequence[str] = ()

    def least(self, path: Sequence[str | int]) -> Any:
        """Return the least value that can stand at a path, None if the schemas know nothing of it."""
        schemas = self._at(path)
        return self._least(schemas, 0, 0) if schemas else None

    def written(self, path: Sequence[str | int]) -> str:
        """Return the property at a path with its least value, as a line of YAML."""
        value = self.least(path)
        return f"{path[-1]}:" if value in (None, "", [], {}) else f"{path[-1]}: {written(value)}"

    def completed(self, value: Any, wrong: AbstractSet[tuple[str, ...]]) -> Any:
        """Return the data with the least in the place of what is missing, and of `wrong` values if they are needed."""
        return self._completed((self.root,), value, wrong, ())

    def _at(self, path: Sequence[str | int]) -> Sequence[Any]:
        schemas: Sequence[Any] = (self.root,)
        for step in path:
            schemas = self._inside(schemas, str(step))
        return schemas

    def _inside(self, schemas: Sequence[Any], step: str) -> Sequence[Any]:
        parts = (part for schema in schemas for part in parts_of(schema, self.references))
        return [schema for part in parts for schema in inside(part, step) if isinstance(schema, dict)]

    def _parts(self, schemas: Sequence[Any]) -> Parts:
        return tuple(part for schema in schemas for part in parts_of(schema, self.references, choices=False))

    def _completed(
        self, schemas: Sequence[Any], value: Any, wrong: AbstractSet[tuple[str, ...]], path: tuple[str, ...]
    ) -> Any:
        if path in wrong:
            return self._least(schemas, 0, 0)
        if isinstance(value, list):
            return [
                self._completed(self._inside(schemas, str(n)), item, wrong, (*path, str(n)))
                for n, item in enumerate(value)
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
        items = [self._least(self._inside(schemas, str(n)), n, depth + 1) for n in range(count)]
        known = next((example for part in parts for example in part.get("examples", ())), None)
        if known and any(items.count(item) > 1 for item in items):
            return list(known)
        for rule in (part["x-sum"] for part in parts if "x-sum" in part):
            each = (Decimal(rule["total"]) / count).quantize(Decimal("0.01"))
            for n, item in enumerate(items):
                share = each if n else Decimal(rule["total"]) - each * (count - 1)
                item[rule["of"]] = int(share) if share == int(share) else str(share)
        return items


def written(value: Any) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {written(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return "…" if value is None else json.dumps(value, ensure_ascii=False)


def _needed(parts: Parts) -> list[str]:
    return list(dict.fromkeys(name for part in parts for name in part.get("required", ())))


def _first_form(parts: Parts) -> list[str]:
    """Return the names of the properties that must be there; of a choice, those of its first form."""
    choices = (part[keyword] for part in parts for keyword in ("oneOf", "anyOf") if keyword in part)
    first = tuple(choice[0] for choice in choices if isinstance(choice[0], dict))
    return _needed((*parts, *first))
