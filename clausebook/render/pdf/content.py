"""What the look of the PDF is given: an allow-list of the Document, as plain data.

Nothing internal is in it: no origin, source, status or party data, only what a counterparty may read.
`templates/pdf/README.md` describes it for the look's designer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from clausebook.document.model import (
    Block,
    Clause,
    Document,
    Item,
    ItemList,
    PageSetup,
    Paragraph,
    Run,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    Table,
)
from clausebook.document.notes import is_mark, notes_in, text_of_note, without_notes
from clausebook.document.presented import named_fingerprint, presented
from clausebook.document.walk import anchors_of, runs_in, runs_of
from clausebook.document.words import text_of
from clausebook.findings.characters import one_line
from clausebook.formats.locale_words import LocaleWords, locale_words
from clausebook.render.draft_mark import draft_mark, text_mark
from clausebook.render.pdf.blanks import Blank, blanks, known_name
from clausebook.render.pdf.breaks import cell_width, column_widths, with_helpers

FINGERPRINT = 12
_RUNNING = 64
_MAX_ADDRESS = 2000
_CONTENTS_FROM = 3
# White space that would break a line by itself; the other kinds are left as they are.
_BREAKS = "\t\n\v\f\r\x1c-\x1f\x85\u2029"
# A single space, which nearly all are, is none that must be found.
_BREAKING = re.compile(f" [ {_BREAKS}]+|[{_BREAKS}][ {_BREAKS}]*")

Data = dict[str, Any]
Cell = TypeVar("Cell")


def content(document: Document) -> str:
    """Return the document as the JSON text that the look reads, with the places of form fields."""
    document = presented(document)
    led = {run.target.removeprefix("#") for part in document.parts() for run in runs_in(part)}
    led.update(run.target.removeprefix("#") for run in runs_of(document.front))
    return json.dumps(_Writer(led.intersection(_targets(document))).document(document), ensure_ascii=False)


def furniture(document: Document) -> Data:
    """Return what a page says beside the contract, in the contract's language."""
    said = locale_words(document.language)
    return {
        "draft": draft_mark(document),
        "page": said.around_pages,
        "version": said.version.format(version=_short(document.version)),
        "text-mark": text_mark(document, named_fingerprint(document)[:FINGERPRINT]),
        "signatures": said.signatures,
        "signature-page": said.signature_page.format(title=_short(document.title)),
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns the model's parts into plain data; links lead only to anchors in `anchors`.

    What has no heading has an anchor only where a link leads to it, for each takes time to lay out.
    """

    anchors: Set[str]
    notes: Mapping[str, Runs] = field(default_factory=dict)

    def document(self, document: Document) -> Data:
        language, _, region = document.language.partition("-")
        return {
            "language": language.lower(),
            "region": region.upper() or None,
            "kind": _text(document.kind),
            "title": _text(document.title),
            "kind-short": _short(document.kind),
            "title-short": _short(document.title),
            "id-short": _short(document.id),
            "fingerprint": named_fingerprint(document)[:FINGERPRINT],
            "draft": document.draft,
            "version-short": _short(document.version),
            "words": furniture(document),
            "contents": len(document.sections) >= _CONTENTS_FROM and (not document.page or document.page.contents),
            "page": page_data(document.page),
            "parts": list(self.parts(document)),
        }

    def parts(self, document: Document) -> Iterator[Data]:
        signatures = iter(self.signatures(document))
        if document.front:
            yield {"is": "clause", "front": True} | self.clause(Clause("", "", "", document.front))
        for part in document.sequence():
            match part:
                case Clause():
                    yield {"is": "clause"} | self.clause(part)
                case SignatureBlock():
                    yield {"is": "signature"} | next(signatures)
                case _:
                    yield {"is": type(part).__name__.lower()} | self.group(part)

    def group(self, part: Section | Schedule) -> Data:
        return self._titled(part.id, part.number, part.title) | {
            "clauses": [self.clause(clause) for clause in part.clauses],
            "definitions": [
                {"anchor": "", "blocks": self.blocks(definition.blocks)} | self.anchor(definition.id)
                for definition in part.definitions
            ],
        }

    def clause(self, clause: Clause) -> Data:
        titled = self._titled(clause.id, clause.number, clause.title)
        return titled | {"level": clause.level, "blocks": self.blocks(clause.blocks)}

    def blocks(self, blocks: tuple[Block, ...]) -> list[Data]:
        notes = {item.anchor: text_of_note(item) for item in notes_in(blocks)}
        return (replace(self, notes=notes) if notes else self).within(blocks)

    def within(self, blocks: Iterable[Block]) -> list[Data]:
        return [self.block(block) for block in without_notes(blocks)]

    def block(self, block: Block) -> Data:
        if isinstance(block, Paragraph):
            return {"is": "paragraph", "runs": self.runs(block.runs)} | self.anchor(block.anchor)
        if isinstance(block, ItemList):
            return {"is": "list", "ordered": block.ordered, "items": [self.item(item) for item in block.items]}
        return self.table(block)

    def item(self, item: Item) -> Data:
        return {"number": _text(item.number), "blocks": self.within(item.blocks)} | self.anchor(item.anchor)

    def table(self, table: Table) -> Data:
        return table_data(table.alignments, (table.header, *table.rows), text_of, self.runs)

    def signatures(self, document: Document) -> list[Data]:
        fields = {(blank.number, blank.line): blank for blank in blanks(document)}
        said = locale_words(document.language)
        return [
            self.signature(block, [fields.get((number, index)) for index in range(len(block.lines))], said)
            for number, block in enumerate(document.signatures, 1)
        ]

    def signature(self, block: SignatureBlock, fields: Sequence[Blank | None], said: LocaleWords) -> Data:
        party, name = _short(text_of(block.heading)), _short(known_name(block))
        told = {"party": party, "who": f"{name}, {party}" if name else party}
        return {
            "id": block.id,
            "heading": self.runs(block.heading),
            "lines": [
                {"label": _text(line.label), "field": line.field, "runs": self.runs(line.runs)}
                | (
                    {
                        "name": blank.name,
                        "anchor": blank.anchor,
                        # What a person who cannot see the page is told of the field.
                        "tip": said.fields[line.field].format(label=line.label.strip(":"), **told),
                    }
                    if blank
                    else {}
                )
                for line, blank in zip(block.lines, fields, strict=True)
            ],
        }

    def runs(self, runs: Runs, widest: float | None = None) -> list[str | Data]:
        """Return the text, a run for each change of look: a plain one as a string."""
        texts = with_helpers([_BREAKING.sub(" ", run.text) for run in runs], widest)
        pieces: list[str | Data] = []
        for run, text in zip(runs, texts, strict=True):
            piece = self.run(run, text)
            last = pieces[-1] if pieces else None
            if isinstance(piece, str) and isinstance(last, str):
                pieces[-1] = last + piece
            elif text:
                pieces.append(piece)
        return pieces

    def run(self, run: Run, text: str) -> str | Data:
        look: Data = {}
        if run.strong:
            look["strong"] = True
        if run.emphasis:
            look["emphasis"] = True
        if is_mark(run) and run.target[1:] in self.notes:
            anchor = run.target[1:]
            look["note"] = {"anchor": anchor, "runs": self.runs(self.notes[anchor])}
        elif run.target.startswith("#"):
            if run.target[1:] in self.anchors:
                look["anchor"] = run.target[1:]
        elif run.target.startswith(("https:", "mailto:")) and len(run.target) <= _MAX_ADDRESS:
            look["address"] = run.target
        return {"text": text} | look if look else text

    def anchor(self, anchor: str) -> Data:
        return {"anchor": anchor} if anchor in self.anchors else {}

    def _titled(self, anchor: str, number: str, title: str) -> Data:
        return {"anchor": anchor, "number": _BREAKING.sub(" ", number).strip(" "), "title": _text(title)}


def table_data(
    alignments: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    text: Callable[[Cell], str],
    runs: Callable[[Cell, float], list[str | Data]],
) -> Data:
    """Return a table, header first: `text` gives what decides on the columns' widths, `runs` what is printed."""
    widths = column_widths([list(map(text, row)) for row in rows])
    header, *body = ([runs(cell, cell_width(width)) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return {
        "is": "table",
        "alignments": list(alignments),
        "widths": [round(width, 3) for width in widths],
        "header": header,
        "rows": body,
    }


def _targets(document: Document) -> Iterable[str]:
    """Return the anchors that links lead to: all but those of definitions.

    A contract names its defined terms a few thousand times; as many links double the file and the time that it takes.
    """
    definitions = {definition.id for definition in document.definitions()}
    return (anchor for anchor in anchors_of(document) if anchor not in definitions)


def page_data(page: PageSetup | None) -> Data | None:
    """Return the pages' measures in points, without what the look decides on."""
    if page is None:
        return None
    given = {name: getattr(page, name) / 20 for name in ("width", "height", "top", "right", "bottom", "left")}
    return {name: measure for name, measure in given.items() if measure >= 0}


def _text(text: str) -> str:
    """Return a text on a line of its own, with break helpers."""
    return with_helpers([_BREAKING.sub(" ", text)])[0]


def _short(text: str) -> str:
    """Return a text for a running line, cut to one line."""
    return one_line(text, _RUNNING)
