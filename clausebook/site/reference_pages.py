"""The schemas as a reference to read: a page a file, with each property and what may be written there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clausebook.findings.pointers import parts
from clausebook.records.results_files import COLUMNS
from clausebook.repository.tree import Tree, TreeError, names_in
from clausebook.site.markup import HOME, REFERENCE, filled, headings, humane
from clausebook.site.page import SearchRecord, SitePage
from clausebook.validate.schema_files import AGREEMENT_SCHEMA, SHARED, SUFFIX, parse_schemas, read_schemas

FOLDER = "schemas"
REFERENCE_WEIGHT = 0.1
"""How much the search favours the reference: whoever looks for words wants agreements and clauses first."""

_MOST_EXAMPLES, _DEEPEST = 3, 12
_JOINED = ("allOf", "anyOf", "oneOf", "then", "else")
_KINDS = {"string": "Text", "integer": "Whole number", "number": "Number", "boolean": "Yes or no", "object": "Group"}
_FORMATS = {"date": "Date", "duration": "Duration", "date-time": "Date and time", "email": "E-mail address"}
_BOUNDS = {
    "minLength": "{} letters or more",
    "maxLength": "{} letters at most",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minItems": "{} or more of them",
    "maxItems": "{} of them at most",
    "x-party": "the key of one of the parties",
    "uniqueItems": "no entry twice",
    "x-unique": "no two entries with the same {}",
    "x-not-before": "not before {}",
    "x-equals": "the same as {}",
    "x-message": "{}",
    "default": "{} if left out",
}


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """A schema file by its folder, "schemas/partnership" or "schemas", and its name without its ending."""

    folder: str
    name: str
    schema: Mapping[str, Any] = field(repr=False)

    @property
    def path(self) -> str:
        """Where its page is written."""
        inner = f"{self.folder}/{self.name}".removeprefix(f"{FOLDER}/")
        return f"reference/{inner.replace('_', '-')}/index.html"

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.schema.get("title") or humane(self.name))


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """A property: its `place` in the data ("renewal.notice"), which is its anchor too, and what is told of it.

    `kind` is in words; `target` and `anchor` lead to what it refers to. `allowed` are the values that it may have, each
    with its words; `bounds` are in words.
    """

    place: str
    title: str
    about: str
    kind: str
    must: bool
    internal: bool
    target: str
    target_anchor: str
    allowed: tuple[tuple[str, str], ...]
    bounds: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchemaPart:
    """A property of a file's own, or a definition that others refer to, with all that is below it."""

    anchor: str
    row: SchemaRow
    rows: tuple[SchemaRow, ...]
    shared: bool


def schema_files(tree: Tree) -> tuple[SchemaFile, ...]:
    """Return the schemas that can be read: those of each agreement type, the agreement's own first, then all others."""
    found = []
    folders = [f"{FOLDER}/{name[:-1]}" for name in names_in(tree, FOLDER) if name.endswith("/")]
    for folder in (*sorted(each for each in folders if AGREEMENT_SCHEMA in names_in(tree, each)), FOLDER):
        try:
            files = parse_schemas(folder, read_schemas(tree, folder)).files
        except TreeError:
            continue
        mine = (name for name, schema in files.items() if name != SHARED and isinstance(schema, dict))
        for name in sorted(mine, key=lambda name: (name != AGREEMENT_SCHEMA, name)):
            found.append(SchemaFile(folder, name.removesuffix(SUFFIX), files[name]))
    return tuple(found)


def reference_pages(files: Sequence[SchemaFile]) -> Iterator[SitePage]:
    """Yield the list of schemas, and a page for each."""
    groups: dict[str, list[SchemaFile]] = {}
    for each in files:
        groups.setdefault(each.folder, []).append(each)
    named = [(_group(folder, mine), mine) for folder, mine in groups.items()]
    body = filled("reference", path=REFERENCE, groups=named, FOLDER=FOLDER, RESULTS=COLUMNS)
    about = "What may be written in each file, property by property."
    search = (SearchRecord("", "Reference"),)
    yield SitePage(REFERENCE, "Reference", body, about, headings(body), search, REFERENCE_WEIGHT, listed=True)
    known = {(each.folder, each.name): each for each in files}
    for each in files:
        yield _page(each, _group(each.folder, groups[each.folder]), known)


def _group(folder: str, files: Sequence[SchemaFile]) -> str:
    return humane(folder.removeprefix(f"{FOLDER}/")) if folder != FOLDER else "Files that all types share"


def _page(file: SchemaFile, group: str, known: Mapping[tuple[str, str], SchemaFile]) -> SitePage:
    found = list(_parts(file, known))
    trail = [(HOME, "Home"), (REFERENCE, "Reference")]
    body = filled("schema", path=file.path, trail=trail, file=file, group=group, parts=found, examples=_examples)
    title = f"{group}: {file.title}" if file.folder != FOLDER else file.title
    records = [SearchRecord("", title, (str(file.schema.get("description", "")),), part=True)]
    for each in found:
        said = (f"{row.place}: {row.title}. {row.about}" for row in (each.row, *each.rows))
        records.append(SearchRecord(each.anchor, f"{file.title}: {each.row.title}", tuple(said)))
    about = str(file.schema.get("description", ""))
    return SitePage(file.path, title, body, about, headings(body), tuple(records), REFERENCE_WEIGHT)


def _parts(file: SchemaFile, known: Mapping[tuple[str, str], SchemaFile]) -> Iterator[SchemaPart]:
    reader = _Reader(file, known)
    own = [(name, part, name, must) for name, part, must in _properties(_entry(file.schema))]
    shared = [(name, part, f"def-{name}", False) for name, part in file.schema.get("$defs", {}).items()]
    for name, part, anchor, must in (*own, *shared):
        if isinstance(part, dict):
            row = reader.row(part, name, must)
            yield SchemaPart(anchor, row, tuple(reader.below(part, anchor)), anchor != name)


def _entry(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of an entry, where a file is a list."""
    items = schema.get("items")
    return items if isinstance(items, dict) else schema


class _Reader:
    """Reads what a file says of its properties; references lead to the pages of the `known` files."""

    def __init__(self, file: SchemaFile, known: Mapping[tuple[str, str], SchemaFile]) -> None:
        self._file, self._known = file, known
        self._seen: set[str] = set()

    def row(self, part: Mapping[str, Any], place: str, must: bool) -> SchemaRow:
        """Return what is said of a property."""
        target, anchor = self._target(part)
        items = part.get("items")
        if not target and isinstance(items, dict):
            target, anchor = self._target(items)
        labels = part.get("x-labels", {})
        values = part.get("enum") or ([part["const"]] if "const" in part else [])
        bounds = (
            words.format(_said(part[key]))
            for key, words in _BOUNDS.items()
            if part.get(key) and (key, part[key]) != ("minLength", 1)
        )
        return SchemaRow(
            place,
            str(part.get("title") or humane(place.rpartition(".")[2])),
            str(part.get("description", "")),
            _kind(part),
            must,
            bool(part.get("x-internal")),
            target,
            anchor,
            tuple((_said(value), str(labels.get(value, "") if isinstance(value, str) else "")) for value in values),
            tuple(dict.fromkeys(bounds)),
            tuple(_said(each) for each in _examples(part)),
        )

    def below(self, part: Mapping[str, Any], place: str, deep: int = 0) -> Iterator[SchemaRow]:
        """Yield what is said of all properties below one, each place once, in their order."""
        if deep > _DEEPEST:
            return
        items = part.get("items")
        if isinstance(items, dict):
            yield from self.below(items, f"{place}[]", deep + 1)
        for name, inner, must in _properties(part):
            inside = f"{place}.{name}"
            if isinstance(inner, dict) and inside not in self._seen:
                self._seen.add(inside)
                yield self.row(inner, inside, must)
                yield from self.below(inner, inside, deep + 1)

    def _target(self, part: Mapping[str, Any]) -> tuple[str, str]:
        """Return the page and the anchor to which a reference leads, "" each without one, or if it is not known."""
        name, _, pointer = str(part.get("$ref", "")).partition("#")
        if not part.get("$ref"):
            return "", ""
        folder = FOLDER if name == SHARED else self._file.folder
        file = self._known.get((folder, name.removeprefix("../").removesuffix(SUFFIX))) if name else self._file
        return (file.path, _anchor(pointer)) if file else ("", "")


def _anchor(pointer: str) -> str:
    """Return the anchor of what a pointer names, "" for the whole file or for what has no row of its own."""
    match [str(each) for each in parts(pointer)]:
        case ["$defs", name]:
            return f"def-{name}"
        case ["properties", name]:
            return name
    return ""


def _properties(part: Mapping[str, Any], must: bool = True) -> Iterator[tuple[str, Any, bool]]:
    """Yield each property with its schema, and whether it must be there; those of choices need not."""
    required = part.get("required", ()) if must else ()
    for name, inner in part.get("properties", {}).items():
        yield name, inner, name in required
    for name, inner in part.get("patternProperties", {}).items():
        if name != "^x-":
            yield "*", inner, False
    if isinstance(part.get("additionalProperties"), dict):
        yield "*", part["additionalProperties"], False
    for key in _JOINED:
        inner = part.get(key, ())
        for each in inner if isinstance(inner, list) else [inner]:
            if isinstance(each, dict):
                yield from _properties(each, must and key == "allOf")


def _kind(part: Mapping[str, Any]) -> str:
    if part.get("type") == "array" or "items" in part:
        items = part.get("items")
        inner = _kind(items) if isinstance(items, dict) else ""
        return f"List: {inner[:1].lower()}{inner[1:]}" if inner else "List"
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2].partition("#")[0].removesuffix(SUFFIX)
        return humane(name)
    if "enum" in part:
        return "One of"
    if "const" in part:
        return "Always"
    said = part.get("type", "")
    kinds = [_KINDS.get(each, humane(each)) for each in ([said] if isinstance(said, str) else said) if each]
    return _FORMATS.get(str(part.get("format", "")), " or ".join(kinds) or "Any value")


def _examples(part: Mapping[str, Any]) -> Sequence[Any]:
    found = part.get("examples", ())
    return found[:_MOST_EXAMPLES] if isinstance(found, list) else ()


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
