"""Prove of a redline that was made that it says both texts, and marks as come or gone what came or went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from clausebook.compare.model import Redline
from clausebook.document.words import words
from clausebook.findings.model import Finding, FindingsError, finding_in
from clausebook.render.docx.footnotes import FOOTNOTES
from clausebook.render.docx.look import DOCUMENT
from clausebook.render.pdf.breaks import BREAK_HELPER
from clausebook.render.proof.docx import parts_of, read_parts
from clausebook.render.proof.glyph_maps import UnknownDrawing
from clausebook.render.proof.proving import WORDS, changed_hint, unread
from clausebook.render.proof.tagged import STRUCK, UNDERLINED, read_without
from clausebook.render.proof.word_numbers import W
from clausebook.render.proof.wrong_words import ProofSubject, Wrong, subject, told, wrong_words

Data = Mapping[str, Any]
Runs = str | Sequence[str | Data]

_COMES, _GOES = (f"{W}ins", f"{W}moveTo"), (f"{W}del", f"{W}moveFrom")
_CELLS = {f"{W}cellIns": f"{W}ins", f"{W}cellDel": f"{W}del"}
"""The marks of cells whose column came or went."""
_RANGES = frozenset(f"{W}move{way}Range{end}" for way in ("From", "To") for end in ("Start", "End"))
_TAKEN = frozenset({*_COMES, *_GOES, *_RANGES, f"{W}delText", f"{W}tr", f"{W}tc", f"{W}tbl"})
"""What changes that are taken can take out of what holds it, or change."""
_BEGINNING = 8

_SIDES: tuple[tuple[bytes, str, Callable[[Data], bool]], ...] = (
    (b"", "", lambda run: False),
    (STRUCK, ", without what is marked as gone,", lambda run: run.get("mark") == "deleted"),
    (
        UNDERLINED,
        ", without what is marked as come or moved,",
        lambda run: run.get("mark") == "inserted" or (run.get("mark") == "same" and bool(run.get("moved"))),
    ),
)
"""What the tags of a PDF leave out, how that is told, and which runs of the look's data it is."""


def prove_pdf(data: Data, name: str, content: bytes) -> None:
    """Raise FindingsError unless a redline as PDF says what its look was given, and marks it as that tells."""
    called = f"the redline of `{name}` as pdf"
    passages = list(_passages(data))
    try:
        sides = read_without(content, *(mark for mark, _, _ in _SIDES))
    except UnknownDrawing as error:
        raise FindingsError([unread("pdf", called, error)]) from error
    for shown, (_, without, dropped) in zip(sides, _SIDES, strict=True):
        said, parts = _said(passages, dropped)
        found = [word for each in shown.passages for word in each.words.split()]
        start = _start(said, found)
        wrong = wrong_words(said, found[start:])
        findings = told(ProofSubject("pdf", called + without, parts), WORDS, wrong, changed_hint("pdf"))
        if findings := findings or list(_unsaid(data["redline"], called, found[:start])):
            raise FindingsError(findings)


def prove_docx(redline: Redline, content: bytes, notes: Sequence[str] = ()) -> None:
    """Raise FindingsError unless a redline as DOCX turns into the new text or the old, as its changes are taken.

    `notes` stand before either.
    """
    before = " ".join(notes).split()
    called = f"the redline of `{redline.new.id}` as docx, with its changes"
    for document, goes, taken in ((redline.new, _GOES, "accepted,"), (redline.old, _COMES, "rejected,")):
        try:
            parts = parts_of(content)
            for name in (DOCUMENT, FOOTNOTES):
                if name in parts:
                    _resolve(parts[name], goes)
            read = read_parts(parts, judged=False)
        except (KeyError, ValueError, ParseError) as error:
            raise FindingsError([unread("docx", called, error)]) from error
        faults = [Wrong(index - len(before), f"says a number, and {reason}") for index, reason in read.fleeting]
        # What stands before the text is wrong where the text would begin, if it is not what it ought to be.
        said = read.words[len(before) :] if read.words[: len(before)] == before else read.words
        if wrong := wrong_words(words(document), said) or faults:
            raise FindingsError(
                told(subject(document, "docx", f"{called} {taken}"), WORDS, wrong, changed_hint("docx"))
            )


# ---- PDF ---------------------------------------------------------------------------------------------------------


def _said(
    passages: Sequence[tuple[str, Runs]], dropped: Callable[[Data], bool]
) -> tuple[list[str], list[tuple[str, int]]]:
    """Return the words of the passages without some of their runs, and how many each part has."""
    said: list[str] = []
    parts: list[tuple[str, int]] = []
    for place, runs in passages:
        kept = (
            run if isinstance(run, str) else run["text"] for run in runs if isinstance(run, str) or not dropped(run)
        )
        found = "".join(kept).replace(BREAK_HELPER, "").split()
        said += found
        parts.append((place, len(found)))
    return said, parts


def _start(said: Sequence[str], found: Sequence[str]) -> int:
    """Return where the contract begins: what stands before it may say some of its words as well."""
    beginning = list(said[:_BEGINNING])
    places = (at for at in range(len(found) - 1, -1, -1) if found[at : at + _BEGINNING] == beginning)
    return next(places, max(0, len(found) - len(said)))


def _unsaid(front: Data, called: str, found: Sequence[str]) -> Iterator[Finding]:
    """Yield that the list of changes lacks a word: the look may say more there, but nothing less."""
    changes = (each["name"] + each["rest"] for each in front["changes"])
    facts = (text for each in front["facts"] for text in each)
    wanted = (
        " ".join((front["of"], *facts, *front["notes"], front["changes-title"], *changes))
        .replace(BREAK_HELPER, "")
        .split()
    )
    rest = iter(found)
    for word in wanted:
        if word not in rest:
            message = f"{called} does not say “{word}” where it belongs, before the contract"
            yield finding_in("templates/pdf", WORDS, message, changed_hint("pdf"))
            return


def _passages(data: Data) -> Iterator[tuple[str, Runs]]:
    """Yield the texts of the contract as the look is to print them, each with the name of the part that it is of."""
    yield from (("the title", data[name]) for name in ("kind", "title-runs"))
    for index, part in enumerate(data["parts"]):
        yield from _part(part, "the closing" if index else "the opening")
    yield "the last line", data["redline"]["coverage"]


def _part(part: Data, within: str) -> Iterator[tuple[str, Runs]]:
    headings = [part[key] for key in ("number", "title", "heading") if part.get(key)]
    # Its name is that of the new text, if it has a part in it.
    names = (
        " ".join(word for each in headings for word in _said([("", each)], side)[0]) for _, _, side in _SIDES[1::-1]
    )
    heading = next(filter(None, names), "")
    place = f"“{heading}”" if heading else within
    if note := part.get("note"):
        yield place, f"[{note}]"
    yield from ((place, each) for each in headings)
    yield from ((place, runs) for runs in _blocks(part.get("blocks", ())))
    for line in part.get("lines", ()):
        yield from ((place, line[key]) for key in ("label", "runs"))
    for inner in (*part.get("clauses", ()), *part.get("definitions", ())):
        yield from _part(inner, place)


def _blocks(blocks: Sequence[Data]) -> Iterator[Runs]:
    for block in blocks:
        if block["is"] == "paragraph":
            yield block["runs"]
            for run in block["runs"]:
                if not isinstance(run, str) and "note" in run:
                    yield run["text"]
                    yield run["note"]["runs"]
        elif block["is"] == "table":
            yield from (cell for row in (block["header"], *block["rows"]) for cell in row)
        else:
            for item in block["items"]:
                yield item["number"]
                yield from _blocks(item["blocks"])


# ---- DOCX --------------------------------------------------------------------------------------------------------


def _resolve(document: Element, goes: tuple[str, str]) -> None:
    """Take all tracked changes of a document in one way, as word processors do."""
    restored = goes is _COMES
    for holder in reversed([each for each in document.iter() if len(each)]):
        inside = {each.tag for each in holder}
        match holder.tag.removeprefix(W):
            case "pPr":
                _settle(holder, restored=restored)
            case "rPr" if f"{W}rPrChange" in inside:
                _settle_look(holder, restored=restored)
            case "rPr" | "trPr" | "tcPr":
                continue
            case _:
                if not inside.isdisjoint(_TAKEN):
                    _take(holder, goes)
                if f"{W}p" in inside:
                    _join(holder, goes)
    for row in document.iter(f"{W}trPr"):
        row[:] = [each for each in row if each.tag not in (*_COMES, *_GOES)]
    for cell in document.iter(f"{W}tcPr"):
        cell[:] = [each for each in cell if each.tag not in _CELLS]


def _take(holder: Element, goes: tuple[str, str]) -> None:
    for place in range(len(holder) - 1, -1, -1):
        each = holder[place]
        row = each.find(f"{W}trPr") if each.tag == f"{W}tr" else None
        cell = each.find(f"{W}tcPr") if each.tag == f"{W}tc" else None
        if (
            each.tag in goes
            or each.tag in _RANGES
            or (row is not None and any(mark.tag in goes for mark in row))
            or (cell is not None and any(mark.tag in _CELLS and _CELLS[mark.tag] in goes for mark in cell))
        ):
            del holder[place]
        elif each.tag in (*_COMES, *_GOES):
            holder[place : place + 1] = list(each)
        elif each.tag == f"{W}delText":
            each.tag = f"{W}t"
        elif each.tag == f"{W}tbl" and each.find(f"{W}tr") is None:
            del holder[place]


def _join(holder: Element, goes: tuple[str, str]) -> None:
    """Let each paragraph whose end goes run on into the next."""
    for place in range(len(holder) - 2, -1, -1):
        one, following = holder[place], holder[place + 1]
        marks = one.find(f"{W}pPr/{W}rPr")
        if marks is not None and any(each.tag in goes for each in marks) and following.tag == f"{W}p":
            own = 1 if len(following) and following[0].tag == f"{W}pPr" else 0
            following[own:own] = [each for each in one if each.tag != f"{W}pPr"]
            del holder[place]


def _settle(properties: Element, *, restored: bool) -> None:
    """Forget what the properties of a paragraph were, or put them back."""
    for change in properties.findall(f"{W}pPrChange"):
        former = change.find(f"{W}pPr")
        properties.remove(change)
        if restored and former is not None:
            properties[:] = [*deepcopy(list(former)), *properties.findall(f"{W}rPr")]


def _settle_look(properties: Element, *, restored: bool) -> None:
    """Forget how words looked, or let them look so again."""
    for change in properties.findall(f"{W}rPrChange"):
        former = change.find(f"{W}rPr")
        properties.remove(change)
        if restored and former is not None:
            properties[:] = list(former)
