"""What may leave the house: the Document that counterparties see.

An allow-list: the outgoing document is built anew from the fields named here, so
a field added to the model later does not leave until somebody decides that it may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from clausebook.document.model import (
    Clause,
    Definition,
    Document,
    Item,
    ItemList,
    PageSetup,
    Paragraph,
    Party,
    Restated,
    Run,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    SignatureLine,
    Table,
)
from clausebook.document.walk import Blocks, kept

T = TypeVar("T")

_PLAIN = (str, int)
_MARK = ("draft", "unapproved", "restated", "front")
_HEAD = ("id", "type", "kind", "title", "version", *_MARK, "language", "parties", "form", "order", "page")
_LEAVING: Mapping[type, tuple[str, ...]] = {
    Document: (*_HEAD, "opening", "sections", "closing", "signatures", "schedules"),
    PageSetup: ("width", "height", "top", "right", "bottom", "left", "contents", "tickable", "look"),
    Party: ("key", "legal_name", "short_name"),
    Restated: ("mark", "notice", "unsigned", "text"),
    Section: ("id", "number", "title", "clauses", "definitions"),
    Clause: ("id", "number", "title", "blocks", "level"),
    Schedule: ("id", "number", "title", "clauses", "definitions"),
    Definition: ("id", "term", "blocks"),
    SignatureBlock: ("id", "party", "heading", "lines"),
    SignatureLine: ("label", "field", "runs"),
    Paragraph: ("runs", "anchor"),
    ItemList: ("items", "ordered", "level"),
    Item: ("number", "blocks", "anchor"),
    Table: ("alignments", "header", "rows"),
}
"""The fields that leave, of each part that does."""


def outgoing(document: Document) -> Document:
    """Return the document without anything internal: sources, origins, status."""
    return Document(status="", **_fields(document))


def outgoing_part(part: T) -> T:
    """Return a part of a document without anything internal."""
    return type(part)(**_fields(part))


def same_text(one: Document, other: Document) -> bool:
    """Tell whether two documents are the same to everybody outside: words, structure and links, whatever their form."""
    orders = ([part.id for part in each.sequence()] for each in (one, other))
    furniture: dict[str, Any] = {"draft": False, "unapproved": False, "restated": None, "front": ()}
    one, other = (replace(outgoing(each), form=1, order=(), page=None, **furniture) for each in (one, other))
    return one == other and next(orders) == next(orders)


def _fields(part: Any) -> dict[str, Any]:
    if isinstance(part, Clause | Definition):
        return {
            name: _blocks(part.blocks) if name == "blocks" else getattr(part, name) for name in _LEAVING[type(part)]
        }
    return {name: _leaving(getattr(part, name)) for name in _LEAVING[type(part)]}


@kept
def _blocks(blocks: Blocks) -> Blocks:
    return tuple(map(_leaving, blocks))


def _leaving(value: Any) -> Any:
    if value is None or isinstance(value, _PLAIN):
        return value
    if not isinstance(value, tuple):
        return type(value)(**_fields(value))
    return _runs(value) if value and isinstance(value[0], Run) else tuple(map(_leaving, value))


def _runs(runs: Runs) -> Runs:
    """Drop the origins; neighbours that differ in nothing else become one run."""
    leaving: list[Run] = []
    for run in runs:
        last = leaving[-1] if leaving else None
        if last and not run.target and (last.strong, last.emphasis, last.target) == (run.strong, run.emphasis, ""):
            leaving[-1] = Run(last.text + run.text, run.strong, run.emphasis)
        else:
            leaving.append(Run(run.text, run.strong, run.emphasis, run.target))
    return tuple(leaving)
