"""The formulas by which an amendment says what it changes: data of the type, which counsel edits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from clausebook.amending.amendment_files import OPERATIVE, amending_type
from clausebook.findings.model import Finding, SourceFile, has_errors
from clausebook.formats.numbers import UnknownFormat, source_number, unknown
from clausebook.load.yaml import Loaded, load_yaml
from clausebook.repository.tree import Tree, TreeError, unreadable
from clausebook.validate.schemas import load_schemas

SCHEMA = "operative.schema.json"

_NAME = re.compile(r"\{([^{}]*)\}")
_FILLED = (
    ("title named", "number title"),
    ("item_of", "item place"),
    ("paragraph_counted table_counted", "ordinal"),
    ("paragraph_leading", "item"),
    ("paragraph_beginning", "words"),
    ("kind_replaced title_replaced", "former title"),
    ("clause_renamed section_renamed schedule_renamed", "place cited former title"),
    ("clause_replaced clause_reserved clause_deleted section_reserved section_deleted", "place cited"),
    ("schedule_replaced schedule_reserved schedule_deleted", "place cited"),
    ("section_added_alone schedule_added_alone text_added_first item_replaced item_deleted", "place cited"),
    ("clause_added section_added schedule_added item_added text_added", "place cited after"),
    ("clause_added_first section_added_first schedule_added_first", "place cited before"),
    ("clause_added_alone", "place cited within"),
    ("definition_named definition_added_first definition_replaced definition_deleted", "term within"),
    ("definition_added", "term within after"),
    ("paragraph_replaced paragraph_deleted", "place cited paragraph"),
    ("table_replaced table_deleted", "place cited table"),
    ("row_replaced row_deleted row_added row_added_first", "place cited table row"),
    ("cell_replaced", "place cited table row column former new"),
    ("restated_notice", "kind version date amendments day"),
    ("restated_notice_pending", "kind version date amendments"),
    ("restated_amendment", "number date"),
    ("restated_amendment_draft", "number"),
    ("restated_unsigned", "kind"),
)
"""Formulas and phrases, and the names in braces that each can hold; all others hold none."""

OF_AGREEMENT = "of_agreement"
_OF_SCHEDULE = "of_agreement_schedule"
_KNOWN = {name: frozenset(known.split()) for names, known in _FILLED for name in names.split()}
_GENERAL = frozenset({"place", "cited"})
_PLAIN = ("section", "reserved")
_COPY = "restated_"
_FORMER = frozenset({"former"})
"""What is told by the place already, and can be left out; where something else can be, `_SPARED` says so."""
_SPARED: Mapping[str, frozenset[str]] = {
    "cell_replaced": frozenset(),
    **dict.fromkeys(("title", "named"), frozenset({"title"})),
    **dict.fromkeys(("definition_named", "definition_replaced", "definition_deleted"), frozenset({"within"})),
    **dict.fromkeys(("definition_added", "definition_added_first"), frozenset({"term", "within"})),
    "restated_unsigned": frozenset({"kind"}),
}


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

    def of_agreement(self, *, in_schedule: bool) -> str:
        """Return what joins a place to the agreement: of the Agreement, or to it; "" if the type does not say."""
        plain = self.phrases.get(OF_AGREEMENT, "")
        return self.phrases.get(_OF_SCHEDULE, plain) if in_schedule else plain

    def amending(self, references: Mapping[str, str]) -> tuple[Wording, Mapping[str, str]]:
        """Return the formulas for a text, and how its places are cited, of which `references` are its own patterns.

        An amendment, which is known by how it refers to itself, is called another name than an agreement.
        """
        itself = f" {self.phrases.get('amendment_itself')}"
        if not any(itself in each for each in references.values()):
            return self, references

        def named(text: str) -> str:
            old = self.phrases.get("agreement_named", "")
            return text.replace(old, self.phrases.get("amendment_named", old)) if old else text

        formulas = {name: Formula(named(each.heading), named(each.text)) for name, each in self.formulas.items()}
        phrases = {name: named(each) for name, each in self.phrases.items()}
        cited = {name: each.replace(itself, "") for name, each in references.items()}
        return replace(self, formulas=formulas, phrases=phrases), cited


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
    wording = Wording(
        title=data["title"],
        section=data["section"],
        named=data["named"],
        reserved=data["reserved"],
        columns=tuple(data["renumbered_columns"]),
        formulas=formulas,
        phrases={name: each for name, each in data.items() if isinstance(each, str)},
        ordinals=tuple(data.get("ordinals", ())),
        restated={name.removeprefix(_COPY): " ".join(data[name].split()) for name in data if name.startswith(_COPY)},
    )
    return wording, tuple(findings)


def amending_wording(tree: Tree) -> Wording | None:
    """Return the formulas of the type that amends, None if there is none or they cannot be used."""
    name = amending_type(tree)
    return load_wording(tree, f"templates/{name}")[0] if name else None


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """Fill a formula; what is filled in is never read as a formula."""
    return _NAME.sub(lambda match: values.get(match[1], match[0]), pattern)


def _wrong_names(loaded: Loaded, path: str) -> Iterator[Finding]:
    """Find names in braces that a formula is not filled with, and words that leave out what the change is."""
    data: Any = loaded.value
    at = SourceFile(path, loaded.positions.value)
    for name, value in data.items():
        known = _KNOWN.get(name, frozenset())
        needed = known - _GENERAL - _SPARED.get(name, _FORMER)
        places = known & _GENERAL
        known |= {OF_AGREEMENT} if "cited" in known and OF_AGREEMENT in data else set()
        for part, text in value.items() if isinstance(value, dict) else [("", value)]:
            if not isinstance(text, str) or name in _PLAIN or "x-" in (name[:2], part[:2]):
                continue
            held, pointer = frozenset(_NAME.findall(text)), f"/{name}/{part}" if part else f"/{name}"
            for wrong in sorted(held - known):
                message = f"`{name}` cannot be filled with {{{wrong}}}"
                hint = f"it can hold {', '.join(f'{{{each}}}' for each in sorted(known)) or 'no names in braces'}"
                yield at.finding("core/operative-words", message, pointer, hint)
            missing = [f"{{{each}}}" for each in sorted(needed - held)]
            missing += [" or ".join(f"{{{each}}}" for each in sorted(places))] if places and not places & held else []
            if missing and part != "heading" and known >= held:
                message = f"`{name}` says too little without {', '.join(missing)}: nobody could tell what changes"
                yield at.finding("core/operative-words", message, pointer, "write what it leaves out into its words")
