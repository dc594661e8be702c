"""The fingerprint of a text: what moves it, what does not, and that another program can compute it."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from clausebook.document.fingerprints import fingerprint, fingerprints
from clausebook.document.interchange import from_json, to_json
from clausebook.document.model import Clause, Document, Item, ItemList, Paragraph, Run, Section, Table
from clausebook.document.outgoing import outgoing
from clausebook.document.walk import map_document
from clausebook.document.words import words
from tests.support.compare_strategies import documents, pairs
from tests.support.sample_documents import sample

LEFT_OUT = {
    Document: {"id", "type", "version", "status", "draft", "language", "parties", "form"},
    Table: {"alignments"},
}
"""Fields that are no part of the text, by the parts that hold them; elsewhere `_INTERNAL`."""
_INTERNAL = {"id", "anchor", "source", "origin", "party", "term", "level"}


def characters(runs: tuple[Run, ...]) -> list[tuple[str, bool, bool, str]]:
    """Return the characters of a text with their looks; of white space the first, as one space."""
    found: list[tuple[str, bool, bool, str]] = []
    for run in runs:
        for each in run.text:
            if not each.isspace():
                found.append((each, run.strong, run.emphasis, run.target))
            elif found and found[-1][0] != " ":
                found.append((" ", run.strong, run.emphasis, run.target))
    return found[:-1] if found and found[-1][0] == " " else found


def seen(part: Any) -> Any:
    """Return what of a part belongs to its text."""
    if isinstance(part, tuple):
        return characters(part) if part and isinstance(part[0], Run) else [seen(each) for each in part]
    if isinstance(part, Document):
        return [seen(part.kind), seen(part.title), seen(tuple(part.sequence()))]
    if not is_dataclass(part):
        return " ".join(part.split()) if isinstance(part, str) else part
    left_out = LEFT_OUT.get(type(part), set()) | (_INTERNAL if not isinstance(part, Document) else set())
    if isinstance(part, Clause):
        left_out -= {"level"}
    told = [seen(getattr(part, field.name)) for field in fields(part) if field.name not in left_out]
    return [type(part).__name__, *told]


def with_block(block: Any) -> Document:
    """Return the sample with a block at the end of its first clause."""
    document = sample()
    section = document.sections[0]
    clause = replace(section.clauses[0], blocks=(*section.clauses[0].blocks, block))
    section = replace(section, clauses=(clause, *section.clauses[1:]))
    return replace(document, sections=(section, *document.sections[1:]))


def test_the_lines_of_form_2_are_as_written_down() -> None:
    runs = (
        Run(" Pay "),
        Run("now", strong=True),
        Run(" at "),
        Run('the "site"', target="https://a.example"),
        Run(".\n"),
    )
    cell = (Run("x\u00a0y", emphasis=True),)
    table = Table(("left",), (cell,), (((),),))
    items = ItemList((Item("(a)", (Paragraph((Run("é"),)), table)),), True, 0)
    clause = Clause("pay", "1.1", "Pay  it", (Paragraph(runs), items, table))
    sections = (Section("s", "1.", "Money", (clause,)),)
    document = replace(sample(), opening=None, closing=None, sections=sections, schedules=())
    lines = [
        '["clausebook-text/2","Sample Agreement","A Sample of “Everything”"]',
        '["section","1.","Money"]',
        '["clause","1.1","Pay it"]',
        '["paragraph",[["Pay ",false,false,""],["now",true,false,""],[" at ",false,false,""],'
        '["the \\"site\\"",false,false,"https://a.example"],[".",false,false,""]]]',
        '["list",true,[["(a)",["paragraph",[["é",false,false,""]]],["table",[[["x y",false,true,""]]],[[[]]]]]]]',
        '["table",[[["x y",false,true,""]]],[[[]]]]',
        *(
            '["signature",[["Harborview Health System",false,false,""]],[["By:","signature",[]],'
            f'["Name:","name",{name}],["Title:","title",[["Chief Executive Officer",false,false,""]]],'
            '["Date:","date",[]]]]'
            for name in ('[["Dana Example",false,false,""]]', "[]")
        ),
    ]
    assert fingerprint(document) == hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_form_1_is_that_of_the_words() -> None:
    text = sample()
    assert fingerprints(text)[0] == fingerprint(text, 1) == hashlib.sha256(" ".join(words(text)).encode()).hexdigest()
    assert fingerprint(replace(text, form=1)) == fingerprint(text, 1)
    assert fingerprint(replace(text, form=1), 2) == fingerprint(text)


def test_what_form_2_covers_and_form_1_does_not() -> None:
    def changed(text: str, **look: Any) -> Document:
        return map_document(sample(), lambda run: replace(run, **look) if run.text == text else run)

    base = sample()
    for other in (
        changed("the site", target="https://example.com/b"),
        changed("strong", strong=False),
        changed("emphatic", emphasis=False),
        changed("Section\u00a01.1", target="#money"),
    ):
        assert fingerprint(other) != fingerprint(base)
        assert fingerprint(other, 1) == fingerprint(base, 1)
    told = (Run("a"),)
    kinds = (
        Paragraph((*told, Run(" "), *told)),
        ItemList((Item("", (Paragraph(told),)), Item("", (Paragraph(told),))), False, 0),
        ItemList((Item("", (Paragraph(told), Paragraph(told))),), False, 0),
        ItemList((Item("a", (Paragraph(told),)),), True, 0),
        Table(("left",), (told,), ((told,),)),
        Table(("left", "left"), (told, told), ()),
    )
    assert len({fingerprint(with_block(kind)) for kind in kinds}) == len(kinds)
    assert len({fingerprint(with_block(kind), 1) for kind in kinds}) == 1


@given(pairs())
def test_two_texts_have_one_fingerprint_where_they_are_seen_alike(found: tuple[Document, Document]) -> None:
    one, other = found
    assert (fingerprint(one) == fingerprint(other)) == (seen(one) == seen(other))


@given(documents(), documents())
def test_strangers_have_one_fingerprint_where_they_are_seen_alike(one: Document, other: Document) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (seen(one) == seen(other))


@given(documents(), st.data())
def test_each_thing_that_is_seen_moves_it(document: Document, data: st.DataObject) -> None:
    runs: list[Run] = []
    map_document(document, lambda run: runs.append(run) or run)  # type: ignore[func-returns-value]
    printed = [run for run in runs if run.text.strip()]
    if not printed:
        return
    chosen = data.draw(st.sampled_from(printed))
    change = data.draw(
        st.sampled_from(
            [
                {"text": f"{chosen.text}x"},
                {"strong": not chosen.strong},
                {"emphasis": not chosen.emphasis},
                {"target": f"{chosen.target}x"},
            ]
        )
    )
    other = map_document(document, lambda run: replace(run, **change) if run is chosen else run)  # type: ignore[arg-type]
    assert fingerprint(other) != fingerprint(document)


@given(documents(), st.booleans(), st.integers(1, 5))
def test_what_is_not_text_does_not_move_it(document: Document, draft: bool, at: int) -> None:
    def split(part: Any) -> Any:
        if isinstance(part, tuple):
            if part and isinstance(part[0], Run):
                return tuple(replace(run, text=text) for run in part for text in (run.text[:at], run.text[at:]))
            return tuple(map(split, part))
        if not is_dataclass(part) or isinstance(part, Run):
            return part
        return replace(part, **{field.name: split(getattr(part, field.name)) for field in fields(part)})  # type: ignore[type-var]

    mark = fingerprint(document)
    assert fingerprint(split(document)) == mark
    assert fingerprint(replace(document, draft=draft, status="executed", version="9.9")) == mark
    assert fingerprint(outgoing(document)) == mark
    assert fingerprint(from_json(to_json(document))) == mark


def test_a_text_as_json_keeps_its_form() -> None:
    for form in (1, 2):
        text = replace(sample(), form=form)
        assert from_json(to_json(text)) == text
        assert outgoing(text).form == form
