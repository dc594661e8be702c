"""The formulas by which an amendment says what it changes: data of the type, which counsel edits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clausebook.amending.amendment_files import OPERATIVE
from clausebook.findings.model import Finding, SourceFile, has_errors
from clausebook.formats.numbers import UnknownFormat, source_number, unknown
from clausebook.load.yaml import Loaded, load_yaml
from clausebook.repository.tree import Tree, TreeError, unreadable
from clausebook.validate.schemas import load_schemas

SCHEMA = "operative.schema.json"

_NAME = re.compile(r"\{([^{}]*)\}")
_GENERAL = frozenset({"place", "cited"})
_KNOWN: Mapping[str, frozenset[str]] = {
    "title": frozenset({"number", "title"}),
    "named": frozenset({"number", "title"}),
    "replaced": _GENERAL,
    "renamed": _GENERAL | {"former", "title"},
    "added": _GENERAL | {"after"},
    "added_first": _GENERAL | {"before"},
    "added_alone": _GENERAL | {"within"},
    "reserved": _GENERAL,
    "deleted": _GENERAL,
}
_COPY = "restated_"
_RESTATED = frozenset({"kind", "version", "date", "amendments"})
_TERM = frozenset({"term", "within"})
_TABLE = _GENERAL | {"table"}
_ROW = _TABLE | {"row"}
_OWN: Mapping[str, frozenset[str]] = {
    "item_of": frozenset({"item", "place"}),
    "definition_named": _TERM,
    "paragraph_counted": frozenset({"ordinal"}),
    "paragraph_leading": frozenset({"item"}),
    "paragraph_beginning": frozenset({"words"}),
    "table_alone": frozenset(),
    "table_counted": frozenset({"ordinal"}),
    "paragraph_replaced": _GENERAL | {"paragraph"},
    "paragraph_deleted": _GENERAL | {"paragraph"},
    "text_added": _GENERAL | {"after"},
    "text_added_first": _GENERAL,
    "table_replaced": _TABLE,
    "table_deleted": _TABLE,
    "row_replaced": _ROW,
    "row_deleted": _ROW,
    "row_added": _ROW,
    "row_added_first": _ROW,
    "cell_replaced": _ROW | {"column", "former", "new"},
    "kind_replaced": frozenset({"former", "title"}),
    "title_replaced": frozenset({"former", "title"}),
    "definition_added": _TERM | {"after"},
    "definition_added_first": _TERM,
    "definition_replaced": _TERM,
    "definition_deleted": _TERM,
    "restated_mark": frozenset(),
    "restated_mark_pending": frozenset(),
    "restated_notice": _RESTATED | {"day"},
    "restated_notice_pending": _RESTATED,
    "restated_amendment": frozenset({"number", "date"}),
    "restated_amendment_draft": frozenset({"number"}),
    "restated_unsigned": frozenset({"kind"}),
}
_FORMER = frozenset({"former"})
"""What is told by the place already, and can be left out; where something else can be, `_SPARED` says so."""
_SPARED: Mapping[str, frozenset[str]] = {
    "cell_replaced": frozenset(),
    "title": frozenset({"title"}),
    "named": frozenset({"title"}),
    **dict.fromkeys(("definition_named", "definition_replaced", "definition_deleted"), frozenset({"within"})),
    **dict.fromkeys(("definition_added", "definition_added_first"), frozenset({"term", "within"})),
    "restated_unsigned": frozenset({"kind"}),
}
_NOTHING = ("parties", "opening", "closing", "signatures", "renumbered", "section_added_alone", "schedule_added_alone")
_INSIDE = ("paragraph_counted", "paragraph_leading", "paragraph_beginning", "table_alone", "table_counted")
_PHRASES = ("title", "named", "item_of", "definition_named", "opening_named", "closing_named", *_INSIDE)


@dataclass(frozen=True, slots=True)
class Formula:
    """The heading and the words of one kind of change."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """All formulas by name; `section` is the amendment's section in which the changes stand.

    `phrases` are by name how places inside a clause are called, and `ordinals` first, second … Those, and the formulas
    of what changes inside a clause, may be missing.
    `restated` has what a restated copy says of itself, as far as the type says it, by the names of `LocaleWords`.
    """

    title: str
    section: str
    named: str
    reserved: str
    columns: tuple[str, ...]
    formulas: Mapping[str, Formula]
    phrases: Mapping[str, str] = field(default_factory=dict)
    ordinals: tuple[str, ...] = ()
    restated: Mapping[str, str] = field(default_factory=dict)


def load_wording(tree: Tree, folder: str) -> tuple[Wording | None, tuple[Finding, ...]]:
    """Return the formulas in the folder of an agreement type, or None if they cannot be used; and every finding."""
    path = f"{folder}/{OPERATIVE}"
    try:
        content = tree.read(path)
    except TreeError as error:
        return None, (unreadable(path, error),)
    loaded = load_yaml(content, path)
    findings = list(loaded.findings)
    try:
        source_number(loaded.value, "operative")
    except UnknownFormat as error:
        return None, (unknown(error, path, loaded.positions.value),)
    if loaded.value is not None:
        schemas = load_schemas(tree, "schemas", SCHEMA)
        findings += schemas.validate(loaded.value, loaded.positions, path, known=loaded.findings)
    if has_errors(findings) or not isinstance(loaded.value, dict):
        return None, tuple(findings)
    findings += _wrong_names(loaded, path)
    if has_errors(findings):
        return None, tuple(findings)
    data: Mapping[str, Any] = loaded.value
    formulas = {
        name: Formula(each["heading"], " ".join(each["text"].split()))
        for name, each in data.items()
        if isinstance(each, dict)
    }
    copies = {name.removeprefix(_COPY): " ".join(data[name].split()) for name in data if name.startswith(_COPY)}
    wording = Wording(
        title=data["title"],
        section=data["section"],
        named=data["named"],
        reserved=data["reserved"],
        columns=tuple(data["renumbered_columns"]),
        formulas=formulas,
        phrases={name: each for name, each in data.items() if isinstance(each, str)},
        ordinals=tuple(data.get("ordinals", ())),
        restated=copies,
    )
    return wording, tuple(findings)


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """Fill a formula; what is filled in is never read as a formula."""
    return _NAME.sub(lambda match: values.get(match[1], match[0]), pattern)


def _wrong_names(loaded: Loaded, path: str) -> Iterator[Finding]:
    """Find names in braces that a formula is not filled with, and words that leave out what the change is."""
    data: Any = loaded.value
    at = SourceFile(path, loaded.positions.value)
    for name, value in data.items():
        filled_too = name in _PHRASES or name.startswith(_COPY)
        texts: Sequence[tuple[str, str]] = [(f"/{name}", value)] if filled_too else []
        if isinstance(value, dict):
            texts = [(f"/{name}/{part}", text) for part, text in value.items() if isinstance(text, str)]
        known = _allowed(name)
        for pointer, text in texts:
            held = _NAME.findall(text)
            for wrong in dict.fromkeys(found for found in held if found not in known):
                message = f"`{name}` cannot be filled with {{{wrong}}}"
                hint = f"it can hold {', '.join(f'{{{each}}}' for each in sorted(known)) or 'no names in braces'}"
                yield at.finding("core/operative-words", message, pointer, hint)
            needed = known - _GENERAL - _SPARED.get(name, _FORMER)
            missing = [] if pointer.endswith("/heading") else [f"{{{each}}}" for each in sorted(needed - {*held})]
            places = known & _GENERAL
            if places and not places & {*held} and not pointer.endswith("/heading"):
                missing.append(" or ".join(f"{{{each}}}" for each in sorted(places)))
            if missing and known >= {*held}:
                message = f"`{name}` says too little without {', '.join(missing)}: nobody could tell what changes"
                yield at.finding("core/operative-words", message, pointer, "write what it leaves out into its words")


def _allowed(name: str) -> frozenset[str]:
    if name in _OWN:
        return _OWN[name]
    if name in _NOTHING or name.split("_")[0] in _NOTHING:
        return _GENERAL if name.endswith("_alone") else frozenset()
    return _KNOWN[name] if name in _KNOWN else _KNOWN.get(name.partition("_")[2], frozenset())
