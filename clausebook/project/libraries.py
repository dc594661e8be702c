"""The library that each agreement goes by: today's, or the one that it was sent with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import InitVar, dataclass, field
from functools import lru_cache

from clausebook.findings.model import Finding
from clausebook.language.sandbox import Sandbox
from clausebook.library.bundle import TypeBundle, load_bundle
from clausebook.library.model import AgreementType
from clausebook.load.yaml import load_yaml
from clausebook.project.type_schemas import choice_findings, schema_findings
from clausebook.records.model import as_sent_folder
from clausebook.records.sent import SentStore, is_sent, sent_bundle
from clausebook.repository.tree import Tree
from clausebook.rules.deal import unproven
from clausebook.validate.schemas import SchemaStore


@dataclass
class Libraries:
    """The agreement types of a tree, each loaded once; `known` were loaded before, of a tree with the same ones."""

    tree: Tree
    known: InitVar[dict[str, TypeBundle] | None] = None
    same: InitVar[SchemaStore | None] = None
    _sent: dict[str, SentStore | None] = field(default_factory=dict, init=False)
    _as_sent: dict[str, TypeBundle] = field(default_factory=dict, init=False)

    def __post_init__(self, known: dict[str, TypeBundle] | None, same: SchemaStore | None) -> None:
        self.store = same or SchemaStore(self.tree)
        self._types: dict[str, TypeBundle] = {} if known is None else known

    def over(self, tree: Tree) -> Libraries:
        """Return the types for another tree that has the same ones; what is loaded is shared."""
        return Libraries(tree, self._types, self.store)

    def type(self, name: str) -> TypeBundle:
        """Return an agreement type as it is today."""
        if name not in self._types:
            self._types[name] = load_bundle(self.tree, name, self.store)
        return self._types[name]

    def kind(self, name: str) -> AgreementType | None:
        """Return an agreement type as it is today, None if there is none of that name, or it cannot be used."""
        return self.type(name).kind if name in self.store.types() else None

    def sent(self, agreement: str) -> SentStore | None:
        """Return what is read in place of today's library, if the agreement was sent."""
        if agreement not in self._sent:
            there = is_sent(self.tree, agreement)
            self._sent[agreement] = SentStore(self.tree, agreement, self.store) if there else None
        return self._sent[agreement]

    def store_of(self, agreement: str) -> SchemaStore:
        """Return the schemas that an agreement goes by."""
        return self.sent(agreement) or self.store

    def type_of(self, agreement: str, name: str) -> TypeBundle:
        """Return the type that an agreement goes by."""
        sent = self.sent(agreement)
        if sent is None:
            return self.type(name)
        if agreement not in self._as_sent:
            self._as_sent[agreement] = sent_bundle(self.tree, sent, name, self.kind(name))
        return self._as_sent[agreement]

    def term_of(self, agreement: str, name: str) -> Mapping[str, str]:
        """Return where the data of an agreement say how long it lasts, by the type that it goes by.

        Of the type no more is read than the file of its outline.
        """
        sent = self.sent(agreement)
        folder = f"{as_sent_folder(agreement)}/templates/{sent.kept(name)}" if sent else f"templates/{name}"
        return _term(self.tree.read(f"{folder}/outline.yaml"))

    def unproven(self, sandbox: Sandbox) -> tuple[Finding, ...]:
        """Return what is wrong with the rules of the types that were loaded, by the examples of each."""
        return tuple(finding for bundle in self._types.values() for finding in unproven(bundle, sandbox))

    def schema_findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the schemas of the types that were loaded, although they can be used."""
        for name in self._types:
            if name in self.store.types():
                yield from schema_findings(self.tree, self.store.of(name), name)
        yield from choice_findings(self.tree, self.store.types())

    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong with the types that were loaded."""
        every = (*self._types.values(), *self._as_sent.values())
        return tuple(finding for bundle in every for finding in bundle.findings)


@lru_cache(64)
def _term(content: bytes) -> Mapping[str, str]:
    """Return what an outline says of the term; the same outline lies beside many agreements that were sent."""
    value = load_yaml(content, "").value
    told = value.get("term") if isinstance(value, dict) else None
    return {name: each for name, each in told.items() if isinstance(each, str)} if isinstance(told, dict) else {}
