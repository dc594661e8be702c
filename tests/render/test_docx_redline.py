"""The redlined DOCX: accepting all gives the new text, rejecting all the old, by Word's rules and in LibreOffice."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings

from clausebook.compare.changes import changes
from clausebook.compare.documents import compare
from clausebook.compare.model import Redline
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    Item,
    ItemList,
    Origin,
    Paragraph,
    Run,
    Runs,
    Schedule,
    Section,
    Table,
)
from clausebook.document.outgoing import outgoing
from clausebook.document.walk import map_document
from clausebook.document.words import words
from clausebook.project.project import Project
from clausebook.render.docx.comments import Comment, Comments
from clausebook.render.docx.document import render_docx
from clausebook.render.docx.look import load_look
from clausebook.render.docx.redline import render_redline_docx
from clausebook.render.docx.redline_numbers import Pair, plan_both_headings, plan_both_list
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.summary import coverage
from clausebook.repository.tree import DiskTree
from tests.support.compare_cases import document as read_case
from tests.support.compare_strategies import arrangements, pairs
from tests.support.docx_office import ACCEPT, LEAVE, OFFICE, REJECT, Job, office_texts
from tests.support.docx_package import contents_words, parts_of
from tests.support.docx_reader import W, docx_paragraphs, docx_part, docx_words
from tests.support.docx_resolver import accept_all, reject_all
from tests.support.docx_tracking import RESOLVED, check_sides, check_tracked
from tests.support.redline_resolver import accepted, rejected
from tests.support.repositories import partnership_repository
from tests.support.sample_documents import plain, sample
from tests.support.tiers import examples

ROOT = Path(__file__).parents[2]
LOOK = load_look(DiskTree(ROOT))
CASES = sorted((ROOT / "tests" / "cases" / "compare").iterdir())
AUTHOR = "Harborview Health System"
BASE = "Redline against version 0.1 (8a2a54102d65)"
COVERAGE = "12 changes; nothing else in the text differs"

DocumentPair = tuple[Document, Document]


def redlined(old: Document, new: Document) -> bytes:
    """Return the redline of two documents."""
    return redline_docx(compare(old, new))


def redline_docx(redline: Redline) -> bytes:
    """Return a redline as DOCX."""
    return render_redline_docx(redline, LOOK, author=AUTHOR, base=BASE, coverage=COVERAGE)


def clause(number: str, title: str, *blocks: Block) -> Clause:
    """Return a clause with an id after its number."""
    return Clause(f"c-{title.lower().replace(' ', '-')}", number, title, blocks or (Paragraph(plain("Some text.")),))


def paragraphs(*texts: str) -> tuple[Paragraph, ...]:
    """Return plain paragraphs."""
    return tuple(Paragraph(plain(text)) for text in texts)


def items(*texts: str, level: int = 0) -> ItemList:
    """Return a list (a), (b) … of plain items."""
    return ItemList(
        tuple(Item(f"({chr(97 + place)})", paragraphs(text)) for place, text in enumerate(texts)), True, level
    )


def table(*rows: str) -> Table:
    """Return a table of two columns from rows of the form "a|b"."""
    header, *body = [tuple(plain(cell) if cell else () for cell in row.split("|")) for row in rows]
    return Table(("left", "right"), header, tuple(body))


def body(*blocks: Block) -> Document:
    """Return the sample with one section, whose first clause holds the blocks."""
    clauses = (clause("1.1", "The Text", *blocks), clause("1.2", "What Follows"))
    return replace(sample(), sections=(Section("first", "1.", "First", clauses),))


def sections(*titles: str, extra: Block | None = None) -> Document:
    """Return the sample with sections of two clauses each, numbered from 1, and a block in each first clause."""
    made = []
    for place, title in enumerate(titles, 1):
        blocks = (*paragraphs(f"The {title} begins here."), *([extra] if extra else []))
        inner = (clause(f"{place}.1", f"{title} One", *blocks), clause(f"{place}.2", f"{title} Two"))
        made.append(Section(title, f"{place}.", f"{title} Part", inner))
    return replace(sample(), sections=tuple(made))


def hand_made() -> Iterator[tuple[str, Document, Document]]:
    """Yield named pairs that try each kind of change."""
    a, b = sample(), sample("Lakeside Clinics")
    bare = replace(a, opening=None, closing=None, signatures=(), schedules=())
    yield "same", a, a
    yield "value everywhere", a, b
    yield "kind and title", a, replace(a, kind="Other Agreement", title="Another “Title” & More")
    yield "title prefixed", a, replace(a, kind="Sample Agreement again", title="New " + a.title)
    yield "opening, closing, signatures and schedules go", a, bare
    yield "one signature and one schedule go", a, replace(a, signatures=a.signatures[1:], schedules=a.schedules[:1])
    yield "schedules swapped", a, replace(a, schedules=_renumbered_schedules(a.schedules[1], a.schedules[0]))
    entries = a.schedules[0].definitions
    swapped = replace(a.schedules[0], definitions=entries[::-1])
    yield "definitions swapped", a, replace(a, schedules=(swapped, a.schedules[1]))
    shorter = replace(a.schedules[0], definitions=entries[1:])
    yield "a definition goes", a, replace(a, schedules=(shorter, a.schedules[1]))
    reworded = Definition("term-party", "Party", paragraphs("“Party” means anybody who signs."))
    yield (
        "a definition reworded",
        a,
        replace(a, schedules=(replace(a.schedules[0], definitions=(reworded, entries[1])), a.schedules[1])),
    )
    first = a.signatures[0]
    lines = replace(first, lines=(first.lines[1], first.lines[0], *first.lines[2:3]))
    yield "signature lines", a, replace(a, signatures=(lines, a.signatures[1]))
    yield "section moved", sections("Alpha", "Beta", "Gamma"), sections("Gamma", "Alpha", "Beta")
    with_table = items("one thing;", "another thing.")
    yield "section with a list goes", sections("Alpha", "Beta", extra=with_table), sections("Beta", extra=with_table)
    small = table("Head|Count", "a thing|1", "|")
    yield "section with a table moved", sections("Alpha", "Beta", extra=small), sections("Beta", "Alpha", extra=small)
    yield "last section with a table goes", sections("Alpha", "Beta", extra=small), sections("Alpha", extra=small)
    yield "words", body(*paragraphs("The cost is 50 of it.")), body(*paragraphs("The whole cost is 60 of it, or less."))
    yield (
        "end and next start",
        body(*paragraphs("First one", "Second one")),
        body(*paragraphs("First one and more", "A new Second one")),
    )
    yield (
        "end and new paragraph",
        body(*paragraphs("First one", "Last")),
        body(*paragraphs("First one and more", "Something new here", "Last")),
    )
    yield (
        "paragraphs about a table",
        body(*paragraphs("Before it"), small, *paragraphs("After it")),
        body(*paragraphs("Instead of that"), small, *paragraphs("Following")),
    )
    yield (
        "table rows",
        body(table("H|I", "a|1", "b|2", "|", "d|4")),
        body(table("H|J", "b|2", "new|5", "|", "|", "d|44")),
    )
    yield "table of other columns", body(small), body(Table(("left",), (plain("Only"),), ((plain("cell"),),)))
    yield "tables one after another", body(small, table("X|Y", "p|q")), body(table("X|Y", "p|q"), small)
    yield "list items", body(items("one", "two", "three", "four")), body(items("zero", "one", "three new", "four"))
    yield (
        "first item goes",
        body(items("one", "two", "three"), *paragraphs("Between."), items("x", "y")),
        body(items("two", "three"), *paragraphs("Between."), items("y")),
    )
    yield "list goes before a table", body(items("one", "two"), small), body(small)
    yield "list becomes text", body(items("one", "two")), body(*paragraphs("one", "two"))
    deep = ItemList((Item("(a)", (*paragraphs("outer"), items("inner one", "inner two", level=1))),), True, 0)
    deeper = ItemList(
        (Item("(a)", (*paragraphs("outer"), items("inner two", level=1))), Item("(b)", paragraphs("x"))), True, 0
    )
    yield "nested items", body(deep), body(deeper)
    lead = ItemList((Item("(a)", (*paragraphs("The lead of old"), small)), Item("(b)", paragraphs("z"))), True, 0)
    leads = ItemList(
        (Item("(a)", (*paragraphs("Quite another start", "The lead of old"), small)), Item("(b)", paragraphs("z"))),
        True,
        0,
    )
    yield "an item's first paragraph", body(lead), body(leads)
    bullets = ItemList(tuple(Item("", paragraphs(text)) for text in ("red", "green", "blue")), False, 0)
    yield "bullets", body(bullets), body(replace(bullets, items=(bullets.items[2], *bullets.items[:1])))
    odd = ItemList(tuple(Item(n, paragraphs(f"text {n}")) for n in ("1)", "2)", "2A)", "3)")), True, 0)
    other = ItemList(tuple(Item(n, paragraphs(f"text {n}")) for n in ("1)", "2A)", "4)")), True, 0)
    yield "odd numbers", body(odd), body(other)
    yield "another numbering", body(*paragraphs("t")), _with_numbers(body(*paragraphs("t")), "Article I", "I.1", "I.2")
    one, two = body().sections[0].clauses
    untitled = replace(body(), sections=(Section("first", "1.", "First", (replace(one, number="", title=""), two)),))
    yield "a clause gets a heading", untitled, body()
    paragraph = "A paragraph that wanders from one clause to another."
    left = replace(body(), sections=(_section(clause("1.1", "A", *paragraphs("x", paragraph)), clause("1.2", "B")),))
    right = replace(
        body(), sections=(_section(clause("1.1", "A", *paragraphs("x")), clause("1.2", "B", *paragraphs(paragraph))),)
    )
    yield "a paragraph to another clause", left, right
    split = replace(left, sections=(_section(clause("1.1", "A", *paragraphs("x " + paragraph)), clause("1.2", "B")),))
    yield "a sentence becomes a paragraph", split, left
    twice = replace(
        body(), sections=(_section(clause("1.1", "A", *paragraphs(paragraph, "x", paragraph)), clause("1.2", "B")),)
    )
    yield "the same paragraph twice", right, twice


def _section(*clauses: Clause) -> Section:
    return Section("first", "1.", "First", clauses)


def _renumbered_schedules(*schedules: Schedule) -> tuple[Schedule, ...]:
    return tuple(replace(one, number=f"Schedule {letter}") for one, letter in zip(schedules, "ABCDEFGH", strict=False))


def _with_numbers(document: Document, number: str, *clauses: str) -> Document:
    (section,) = document.sections
    inner = tuple(replace(one, number=text) for one, text in zip(section.clauses, clauses, strict=True))
    return replace(document, sections=(replace(section, number=number, clauses=inner),))


@cache
def all_pairs() -> dict[str, DocumentPair]:
    """Return the pairs by hand and those of the cases for comparing, there and back."""
    found = {name: (old, new) for name, old, new in hand_made()}
    for case in CASES:
        old, new = (read_case((case / f"{side}.txt").read_text(encoding="utf-8")) for side in ("left", "right"))
        found[case.name] = old, new
    return found | {f"{name}, back": (new, old) for name, (old, new) in found.items()}


@pytest.fixture(scope="module")
def agreements(tmp_path_factory: pytest.TempPathFactory) -> DocumentPair:
    """Assemble an agreement before and after a negotiation."""
    root = partnership_repository(tmp_path_factory.mktemp("negotiated"))
    old = assembled(root)
    path = root / "agreements" / "retail-telehealth.yaml"
    text = path.read_text(encoding="utf-8")
    for before, after in (
        ("    convenience:\n      notice: P90D", "    convenience:\n      notice: P60D"),
        ("title: Retail Telehealth Network", "title: Retail Telehealth and Care Network"),
        ('cap: {amount: "150000", currency: USD}', 'cap: {amount: "175000", currency: USD}'),
        ("        - signs in the stores\n", ""),
        ("      - joint marketing\n", "      - joint marketing\n      - interpreters for patients\n"),
        ("      - kind: mediation\n", "      - kind: negotiation\n        time_limit: P30D\n      - kind: mediation\n"),
        (
            "      - duty: develop marketing campaigns for the telehealth network\n",
            "      - duty: run a telephone line for patients\n        lead: larkmoor\n"
            "        due_event: from the first visit on\n        cost: as a Shared Cost\n"
            "      - duty: develop marketing campaigns for the telehealth network\n",
        ),
    ):
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    return old, assembled(root)


def assembled(root: Path) -> Document:
    """Return the outgoing document of the agreement that the tests negotiate."""
    with Project(root) as project:
        (agreement,) = project.assemble_all(["retail-telehealth"])
    assert agreement.document, agreement.findings
    return outgoing(agreement.document)


@pytest.mark.parametrize("name", list(all_pairs()))
def test_accepting_gives_the_new_text_and_rejecting_the_old(name: str) -> None:
    old, new = all_pairs()[name]
    data = redlined(old, new)
    check_tracked(data, AUTHOR)
    check_sides(data, old, new)


def commented(old: Document, new: Document) -> tuple[bytes, list[str]]:
    """Return the redline of two documents with a comment beside each change, and what the comments say."""
    redline = compare(old, new)
    said = [change.summary() for change in changes(redline)]
    comments = [
        Comment(change.part, change.place, (text, "Why.")) for change, text in zip(changes(redline), said, strict=True)
    ]
    made = Comments("Ada <Counsel>", "2026-11-22", tuple(comments))
    data = render_redline_docx(redline, LOOK, author=AUTHOR, base=BASE, coverage=COVERAGE, comments=made)
    return data, said


@pytest.mark.parametrize("name", [name for name in all_pairs() if not name.endswith(", back")])
def test_each_change_has_its_comment_where_it_is(name: str) -> None:
    old, new = all_pairs()[name]
    data, said = commented(old, new)
    check_tracked(data, AUTHOR)
    check_sides(data, old, new)
    document = docx_part(data, "word/document.xml")
    if not said or not {each.tag.removeprefix(W) for each in document.iter()} & {
        "ins",
        "del",
        "moveTo",
        "rPrChange",
        "pPrChange",
    }:
        return
    told = docx_part(data, "word/comments.xml")
    assert ["".join(each.itertext()).removesuffix("Why.") for each in told] == said
    numbers = sorted(each.get(W + "id", "") for each in told)
    assert len(set(numbers)) == len(numbers)
    assert {(each.get(W + "author"), each.get(W + "date")) for each in told} == {
        ("Ada <Counsel>", "2026-11-22T00:00:00Z")
    }
    for mark in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert sorted(each.get(W + "id", "") for each in document.iter(W + mark)) == numbers, mark


def test_a_comment_begins_and_ends_with_the_words_that_changed() -> None:
    old, new = (body(*paragraphs(f"It is due within {days} days of the notice.")) for days in (90, 60))
    content = zipfile.ZipFile(io.BytesIO(commented(old, new)[0])).read("word/document.xml").decode()
    (inside,) = re.findall(r"<w:commentRangeStart [^>]*/>(.*?)<w:commentRangeEnd ", content)
    assert re.sub(r"<[^>]*>", "|", inside).replace("|", "") == "9060"


@settings(max_examples=examples(120), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(pairs())
def test_any_pair_resolves_to_both(pair: DocumentPair) -> None:
    old, new = pair
    data = redlined(old, new)
    check_tracked(data, AUTHOR)
    for resolve, side in RESOLVED:
        assert docx_words(resolve(data)) == words(new if side == "new" else old)


@settings(max_examples=examples(120), suppress_health_check=[HealthCheck.too_slow])
@given(arrangements())
def test_words_arranged_anew_are_tracked_by_their_paragraphs_ends(found: tuple[tuple[Block, ...], ...]) -> None:
    old, new = (body(*blocks) for blocks in found)
    redline = compare(old, new)
    assert words(accepted(redline)) == words(new)
    assert words(rejected(redline)) == words(old)
    assert "More differs" not in coverage(RedlineHeading.of(redline, "Old", "New"), redline)
    data = redline_docx(redline)
    check_tracked(data, AUTHOR)
    check_sides(data, old, new)


@pytest.mark.slow("a whole agreement before and after a negotiation, not only parts of one")
def test_an_assembled_agreement_resolves_to_both(agreements: DocumentPair) -> None:
    old, new = agreements
    data = redlined(old, new)
    check_tracked(data, AUTHOR)
    check_sides(data, old, new)
    unchanged = len(re.findall(rb"<w:p>", parts_of(render_docx(new, LOOK))["word/document.xml"]))
    tracked = len(re.findall(rb"<w:(?:ins|del) ", parts_of(data)["word/document.xml"]))
    assert tracked < unchanged / 4, "a redline of few changes must leave most of the text alone"


def test_a_link_that_leads_elsewhere_is_tracked_with_both_addresses() -> None:
    old, to = sample(), "https://b.example/new"
    new = map_document(old, lambda run: replace(run, target=to) if run.text == "the site" else run)
    parts = parts_of(redlined(old, new))
    body, links = (parts[f"word/{name}"].decode() for name in ("document.xml", "_rels/document.xml.rels"))
    for mark, address in (("del", "https://example.com/a?b=1&amp;c=2"), ("ins", to)):
        (found,) = re.findall(rf'<Relationship [^>]*Target="{re.escape(address)}"[^>]*>', links)
        number = re.search(r'Id="(\w+)"', found)
        assert number
        assert re.search(rf'<w:hyperlink [^>]*r:id="{number[1]}"[^>]*><w:{mark} ', body)


def test_each_kind_of_change_is_tracked_as_itself() -> None:
    small = table("Head|Count", "a thing|1")
    moved = redlined(sections("Alpha", "Beta", extra=small), sections("Beta", "Alpha", extra=small))
    root = docx_part(moved, "word/document.xml")
    ways = {way: [start.attrib[f"{W}name"] for start in root.iter(f"{W}move{way}RangeStart")] for way in ("From", "To")}
    assert sorted(ways["From"]) == sorted(ways["To"])
    assert ways["From"], "paragraphs that wander are moves"
    rows = [row.find(f"{W}trPr") for row in root.iter(f"{W}tr")]
    tags = [[child.tag.removeprefix(W) for child in row][-1] for row in rows if row is not None]
    assert {"ins", "del"} <= set(tags), "rows cannot be moved"


def test_a_long_move_is_one() -> None:
    old = sections("Alpha", "Beta", extra=items("one thing;", "another thing;", "a third thing."))
    new = sections("Beta", "Alpha", extra=items("one thing;", "another thing;", "a third thing."))
    moved = docx_part(redlined(old, new), "word/document.xml")
    assert len(list(moved.iter(f"{W}moveToRangeStart"))) == 1
    assert len(list(moved.iter(f"{W}moveTo"))) > 10


def test_numbers_of_references_change_under_a_name_of_their_own() -> None:
    def referring(number: str, *before: Section) -> Document:
        run = Run(f"Section\u00a0{number}", target="#law", origin=Origin("reference", "sample", "1.0", "law"))
        law = Clause("law", number, "Law", (Paragraph((*plain("This is "), run, *plain("."))),))
        return replace(sample(), sections=(*before, Section("last", f"{number[0]}.", "Last", (law,))))

    new_section = Section("first", "1.", "First", (clause("1.1", "New Clause"),))
    root = docx_part(redlined(referring("1.1"), referring("2.1", new_section)), "word/document.xml")
    changes = [
        (
            element.tag.removeprefix(W),
            "".join(text.text or "" for tag in ("t", "delText") for text in element.iter(f"{W}{tag}")),
        )
        for element in root.iter()
        if element.attrib.get(f"{W}author") == "Numbering" and len(element)
    ]
    assert changes == [("del", "Section\u00a01.1"), ("ins", "Section\u00a02.1")] or changes == [
        ("del", "1.1"),
        ("ins", "2.1"),
    ]
    # Who accepts has a reference that Word keeps right, who rejects the old words.
    (field,) = [element for element in root.iter(f"{W}instrText") if (element.text or "").startswith("REF")]
    assert field.text == "REF law \\n \\h"
    assert field in [each for element in root.iter(f"{W}ins") for each in element.iter()]


def test_kept_headings_and_items_keep_words_own_numbers() -> None:
    data = redlined(sections("Alpha", "Beta"), sections("New", "Alpha", "Beta"))
    root = docx_part(data, "word/document.xml")
    styles = root.findall(f".//{W}pPr/{W}pStyle")
    assert sum(style.attrib[f"{W}val"] == "Heading1" for style in styles) == 3
    body_numbers = [number.attrib[f"{W}val"] for number in root.iter(f"{W}numId")]
    assert "0" not in body_numbers
    assert "2. Alpha Part" in docx_paragraphs(accept_all(data))
    assert "1. Alpha Part" in docx_paragraphs(reject_all(data))


def test_contents_are_left_out_where_a_side_has_none() -> None:
    bare = replace(sample(), sections=(), schedules=())
    for old, new in ((bare, sample()), (sample(), bare)):
        data = redlined(old, new)
        assert docx_part(data, "word/document.xml").find(f".//{W}sdt") is None
        check_sides(data, old, new)


def test_unchanged_documents_have_no_changes() -> None:
    part = parts_of(redlined(sample(), sample()))["word/document.xml"]
    assert part == parts_of(render_docx(sample(), LOOK))["word/document.xml"]


def test_base_and_coverage_stand_on_every_page_and_are_no_words() -> None:
    data = redlined(sample(), sample("Lakeside Clinics"))
    parts = parts_of(data)
    for name, text in (("header", BASE), ("header-first", BASE), ("footer", COVERAGE)):
        assert text in "".join(ElementTree.fromstring(parts[f"word/{name}.xml"]).itertext())
    footer = docx_part(data, "word/footer.xml")
    assert "".join(list(footer)[-1].itertext()) == COVERAGE, "the last line says what the redline covers"
    assert BASE not in " ".join(docx_words(data))
    clean = b"".join(parts_of(render_docx(sample(), LOOK)).values())
    assert b"Redline" not in clean
    assert b"if redline" not in clean


def test_bytes_are_the_same_each_time() -> None:
    old, new = sample(), sample("Lakeside Clinics")
    assert redlined(old, new) == redlined(old, new)


def test_names_are_escaped_and_what_xml_cannot_hold_is_refused() -> None:
    redline = compare(sample(), sample("Lakeside Clinics"))
    data = render_redline_docx(redline, LOOK, author='A & B "C" <D>', base="<b>{{title}}</b>", coverage="&c;")
    authors = {element.attrib.get(f"{W}author") for element in docx_part(data, "word/document.xml").iter(f"{W}ins")}
    assert authors == {'A & B "C" <D>'}
    assert "<b>{{title}}</b>" in "".join(docx_part(data, "word/header.xml").itertext())
    for bad in ({"author": "A\x00"}, {"base": "\x0b"}, {"coverage": "\ufffe"}):
        given_names = {"author": AUTHOR, "base": BASE, "coverage": COVERAGE} | bad
        with pytest.raises(ValueError, match="which no XML file can hold"):
            render_redline_docx(redline, LOOK, **given_names)


def test_a_look_without_the_places_of_a_redline_is_refused() -> None:
    redline = compare(sample(), replace(sample(), title="Other"))
    bare = {**LOOK, "word/footer.xml": LOOK["word/footer.xml"].replace(b"{{coverage}}", b"")}
    with pytest.raises(ValueError, match=r"no place for \{\{coverage\}\}"):
        render_redline_docx(redline, bare, author=AUTHOR, base=BASE, coverage=COVERAGE)
    odd = {**LOOK, "word/document.xml": LOOK["word/document.xml"].replace(b"{{title}}", b"The {{title}}")}
    with pytest.raises(ValueError, match=r"no run of its own for \{\{title\}\}"):
        render_redline_docx(redline, odd, author=AUTHOR, base=BASE, coverage=COVERAGE)


@pytest.mark.parametrize(
    ("pairs_of_numbers", "automatic"),
    [
        ([("(a)", "(a)"), ("(b)", None), ("(c)", "(b)")], [True, True, True]),
        ([(None, "(a)"), ("(a)", "(b)")], [True, True]),
        ([("(a)", "(a)"), ("(b)", "(c)")], [True, False]),
        ([("1.", "(a)"), ("2.", "(b)")], [False, False]),
        ([("(a)", None), ("(b)", None), (None, "1."), (None, "2."), (None, "3.")], [False, False, True, True, True]),
        ([], []),
    ],
)
def test_numbers_of_items_on_both_sides(pairs_of_numbers: list[Pair], automatic: list[bool]) -> None:
    plan = plan_both_list(pairs_of_numbers)
    assert list(plan.automatic) == automatic
    assert (plan.format is None) == (not any(automatic))


def test_numbers_of_headings_on_both_sides() -> None:
    plan = plan_both_headings(
        [
            (("1.", "1."), [("1.1", "1.1"), ("1.2", None), ("1.3", "1.2")]),
            (("2.", None), [("2.1", None)]),
            (("3.", "2."), [("3.1", "2.1"), (None, "2.3")]),
        ]
    )
    assert plan.upper == (True, True, True)
    assert plan.lower == ((True, True, True), (True,), (True, False))


def filled(document: Document) -> Document:
    """Return the document with a word in each empty paragraph and title; LibreOffice treats empty ones oddly."""

    def text(runs: Runs) -> Runs:
        words_ = tuple(replace(run, text=" ".join(run.text.split())) for run in runs if run.text.strip())
        return words_ or plain("word")

    def one(block: Block) -> Block:
        match block:
            case Paragraph():
                return replace(block, runs=text(block.runs))
            case ItemList():
                return replace(block, items=tuple(replace(item, blocks=led(item.blocks)) for item in block.items))
            case Table():
                return block

    def led(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        lead = () if blocks and isinstance(blocks[0], Paragraph) else paragraphs("lead")
        return (*lead, *map(one, blocks))

    def each(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        return tuple(replace(c, title=c.title.strip() or "Title", blocks=tuple(map(one, c.blocks))) for c in clauses)

    def definitions(found: tuple[Definition, ...]) -> tuple[Definition, ...]:
        return tuple(replace(d, blocks=tuple(map(one, d.blocks)) or paragraphs(d.term)) for d in found)

    unnumbered = {
        name: value and replace(value, blocks=tuple(map(one, value.blocks)))
        for name, value in (("opening", document.opening), ("closing", document.closing))
    }
    return replace(
        document,
        **unnumbered,
        title=document.title.strip() or "Title",
        sections=tuple(replace(s, title=s.title.strip() or "S", clauses=each(s.clauses)) for s in document.sections)
        or (_section(),),
        schedules=tuple(
            replace(s, title=s.title.strip() or "S", clauses=each(s.clauses), definitions=definitions(s.definitions))
            for s in document.schedules
        ),
        signatures=tuple(replace(s, heading=text(s.heading)) for s in document.signatures),
    )


def random_pairs(count: int) -> list[DocumentPair]:
    """Return the same pairs of random documents each time."""
    found: list[DocumentPair] = []

    @settings(
        max_examples=count, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(pairs())
    def gather(pair: DocumentPair) -> None:
        old, new = map(filled, pair)
        if old != new:
            found.append((old, new))

    gather()
    return found


def without_contents(lines: list[str], document: Document) -> list[str]:
    """Return the lines of text without the table of contents."""
    entries = len([1 for part in (*document.sections, *document.schedules) for _ in (part, *part.clauses)])
    return lines if not entries else [*lines[:2], *lines[3 + entries :]]


@pytest.mark.slow("a word processor that is not ours accepts and rejects every kind of change")
@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice (soffice) is not installed, so no word processor resolved the redlines"
)
def test_libreoffice_resolves_every_redline_to_both(tmp_path: Path, agreements: DocumentPair) -> None:
    named = {**all_pairs(), "agreement": agreements}
    named |= {f"random {place}": pair for place, pair in enumerate(random_pairs(examples(40)))}
    jobs = []
    for old, new in named.values():
        data = redlined(old, new)
        jobs += [Job(ACCEPT, data), Job(LEAVE, render_docx(new, LOOK))]
        jobs += [Job(REJECT, data), Job(LEAVE, render_docx(old, LOOK))]
    texts = office_texts(jobs, tmp_path)
    for place, name in enumerate(named):
        accepted, new_text, rejected, old_text = texts[4 * place : 4 * place + 4]
        pair = named[name]
        if all(one.sections or one.schedules for one in pair):
            assert accepted == new_text, name
            assert rejected == old_text, name
        else:
            assert accepted[-len(new_text) :] == without_contents(new_text, pair[1]), name
            assert rejected[-len(old_text) :] == without_contents(old_text, pair[0]), name
    old, new = agreements
    start = [*new.kind.split(), *new.title.split()]
    printed = [word for line in texts[4 * list(named).index("agreement")] for word in line.replace("•", "").split()]
    assert printed == [*start, "Contents", *contents_words(new), *words(new)[len(start) :]]


@pytest.mark.parametrize(("name", "around"), [("one-word", 0), ("section moved", 1), ("schedules swapped, back", 1)])
def test_contents_with_pages_stand_in_a_field_only_where_something_moved(name: str, around: int) -> None:
    old, new = all_pairs()[name]
    data = redlined(old, new)
    told = [(field.text or "").split()[0] for field in docx_part(data, "word/document.xml").iter(f"{W}instrText")]
    assert told.count("TOC") == around
    assert "PAGEREF" in told
    marks = [mark.attrib[f"{W}fldCharType"] for mark in docx_part(data, "word/document.xml").iter(f"{W}fldChar")]
    assert marks.count("begin") == marks.count("separate") == marks.count("end")
