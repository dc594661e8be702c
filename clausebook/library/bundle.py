"""Load an agreement type with what is needed to assemble agreements of it."""

from __future__ import annotations

import hashlib
import json
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from clausebook.findings.model import Finding, finding_in
from clausebook.findings.pointers import parts
from clausebook.library.loading import LoadedType, load_type
from clausebook.library.model import AgreementType
from clausebook.library.same_facts import same_facts
from clausebook.repository.tree import Tree
from clausebook.validate.common import APART
from clausebook.validate.schemas import SchemaStore
from clausebook.validate.shape import schema_shape


@dataclass(frozen=True, slots=True)
class TypeBundle:
    """A type with what is needed to assemble agreements of it; `kind` is None if it cannot be used."""

    kind: AgreementType | None
    shape: Mapping[str, Any]
    shape_id: str
    findings: tuple[Finding, ...]


def load_bundle(tree: Tree, name: str, store: SchemaStore, under: str = "") -> TypeBundle:
    """Load a type by the schemas of a store, from below the folder `under` if one is named."""
    schemas = store.of(name)
    try:
        loaded = load_type(tree, name, store.checks, under)
    except Exception as error:  # the type's own schemas may let anything through
        loaded = LoadedType(None, (internal(f"{under}/templates/{name}".lstrip("/"), error),))
    findings, shape = schemas.findings, {}
    if not findings:
        try:
            shape = schema_shape(schemas.root, schemas.references)
            # No clause can speak of it: a text must not change with what became of its agreement, or of another.
            for apart in APART:
                shape.get("p", {}).pop(apart, None)
        except Exception as error:  # schemas are proven right only when they fail
            findings = schemas.faults(error)
    shape_id = hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()
    unknown = _unknown_places(loaded.kind, shape) if loaded.kind and not findings else ()
    kind = loaded.kind
    if kind and not under:
        facts = same_facts(name, shape, f"{schemas.folder}/{schemas.root_file}")
        kind = replace(kind, rules=(*kind.rules, *facts))
    return TypeBundle(None if findings else kind, shape, shape_id, (*findings, *loaded.findings, *unknown))


def _unknown_places(kind: AgreementType, shape: Mapping[str, Any]) -> Iterator[Finding]:
    """Find places of the term that the schemas do not know: nothing would ever stand there."""
    for name, place in kind.outline.term.items():
        if not name.startswith("x-") and not _knows(shape, parts(place)):
            said = (
                f"`{name}` of the term is to stand at `{place}`, but the schemas of `{kind.name}` know no such property"
            )
            hint = "write the path of a property of the agreement’s data, such as /term/end_date"
            yield finding_in(kind.outline.path, "core/outline-term", said, hint)


def _knows(shape: Mapping[str, Any], steps: Iterable[str]) -> bool:
    for step in steps:
        if shape.get("o") or (shape.get("x") and step.startswith("x-")):
            return True
        inner = shape.get("i") if step.isdecimal() and "i" in shape else shape.get("p", {}).get(step)
        if inner is None:
            return False
        shape = inner
    return True


def internal(path: str, error: Exception) -> Finding:
    """Return the finding of something in which Clausebook itself failed."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "clausebook" in frame.filename] or frames
    said = f"{type(error).__name__}: {str(error)[:200]} ({Path(own[-1].filename).name}, line {own[-1].lineno})"
    return finding_in(path, "core/internal", f"Clausebook itself failed on this: {said}", "report it, with the file")
