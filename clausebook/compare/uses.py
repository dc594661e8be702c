"""Who uses a defined term, and who refers to a clause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from clausebook.compare.texts import normal
from clausebook.document.model import Block, Definition, Document
from clausebook.document.walk import runs_of, texts_of


@dataclass(frozen=True, slots=True)
class Use:
    """A place that uses a term or refers to something; a definition's title is its term."""

    place: str
    number: str
    title: str


class Uses:
    """Everything that a document's runs point to, and from where."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def of(self, place: str) -> tuple[Use, ...]:
        """Return where something is referred to, it or one of its items, in reading order."""
        found = (uses for anchor, uses in self._by_anchor.items() if anchor.partition("--")[0] == place)
        return self._in_order({use for uses in found for use in uses if use.place != place})

    def of_term(self, definition: Definition) -> tuple[Use, ...]:
        """Return where a term is used; looked for as a word in documents that do not mark their terms."""
        if any(entry.id in self._by_anchor for entry in self.document.definitions()):
            return self._in_order({use for use in self._by_anchor.get(definition.id, ()) if use.place != definition.id})
        word = re.compile(rf"(?<!\w){re.escape(definition.term)}(?!\w)")
        texts = ((use, blocks) for use, blocks in self._places if use.place != definition.id)
        return tuple(use for use, blocks in texts if any(word.search(normal(runs)) for runs in texts_of(blocks)))

    @cached_property
    def _places(self) -> tuple[tuple[Use, tuple[Block, ...]], ...]:
        document = self.document
        # A text that has no heading of its own is known by that of the section or schedule around it.
        headings = {
            clause.id: (part.number, part.title)
            for part in document.groups()
            for clause in part.clauses
            if not (clause.number or clause.title)
        }
        clauses = [
            (Use(clause.id, *headings.get(clause.id, (clause.number, clause.title))), clause.blocks)
            for clause in document.clauses()
        ]
        terms = [(Use(entry.id, "", entry.term), entry.blocks) for entry in self.document.definitions()]
        return (*clauses, *terms)

    @cached_property
    def _by_anchor(self) -> dict[str, dict[Use, None]]:
        found: dict[str, dict[Use, None]] = {}
        for use, blocks in self._places:
            for run in runs_of(blocks):
                if run.target.startswith("#"):
                    found.setdefault(run.target[1:], {})[use] = None
        return found

    def _in_order(self, uses: set[Use]) -> tuple[Use, ...]:
        return tuple(use for use, _ in self._places if use in uses)
