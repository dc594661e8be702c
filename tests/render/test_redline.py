"""Redlines in every format: either text can be read back, nothing internal leaves, and all of it can be found."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausebook.compare.changes import changes
from clausebook.compare.changes_only import excerpt
from clausebook.compare.documents import compare
from clausebook.compare.model import MarkedClause, Redline
from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    Item,
    ItemList,
    Paragraph,
    Run,
    Schedule,
    Section,
    SignatureBlock,
    SignatureLine,
    Table,
)
from clausebook.document.walk import map_document
from clausebook.document.words import words
from clausebook.findings.model import FindingsError
from clausebook.render.docx.redline import render_redline_docx
from clausebook.render.pdf.glyphs import MissingGlyphs
from clausebook.render.pdf.typesetting import LookFault
from clausebook.render.redline.formats import REDLINES, RedlineOptions
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.html import render_html
from clausebook.render.redline.markdown import clause_markdown, render_markdown
from clausebook.render.redline.marks import parts
from clausebook.render.redline.pdf import render_pdf
from clausebook.render.redline.pdf_content import content
from clausebook.render.redline.summary import coverage, covered, excerpt_notes, followers
from clausebook.render.redline.text import render_text
from tests.support.docx_reader import docx_part
from tests.support.html_reader import read_html
from tests.support.look_edits import PDF_GOOD, REDLINE_BAD, REDLINE_DOCX_BAD
from tests.support.looks import DOCX_LOOK, changed_look
from tests.support.pdf_reader import outside
from tests.support.redline_reader import (
    Side,
    html_column_words,
    html_words,
    markdown_body,
    markdown_words,
    pdf_side_words,
    text_words,
)
from tests.support.redline_resolver import accepted, rejected
from tests.support.sample_documents import plain, sample
from tests.support.tagged_words import pdf_words
from tests.support.tiers import examples, sampled

ROOT = Path(__file__).resolve().parents[2]
LOOK = ROOT / "templates" / "pdf"
CASES = ROOT / "tests" / "cases" / "redline"
SIDES: tuple[Side, ...] = ("old", "new")

VOCABULARY = (
    "the", "Party", "shall", "pay", "within", "90", "60", "days", "not", "notice.", "Fee,", "(a)", "and", "or", "of",
    "[-gone-]", "{+new+}", "{>>note<<}", "[●]", "[", "]", "{", "}", "-", "+", "\\", "\\\\", "|", "•", "=" * 92, "a|b",
    "<del>", "</ins>", "<b>", "&amp;", "*x*", "**", "_u_", "~~s~~", "`c`", "#", "1.", "---", "> q", "<!--", "$x$", "!",
    "-]", "[-", "+}", "{+", "<<}", "“quoted”", "é", "x" * 40, "#set", "\"a'", "redline-note", "end of what moved here",
)  # fmt: skip
LINKS = ({"target": "https://a.example/x"}, {"target": "https://b.example/?y=1&z=_"})
LOOKS = st.sampled_from([{}, {}, {"strong": True}, {"emphasis": True}, {"target": "#a"}, {"target": "#gone"}, *LINKS])


def runs() -> st.SearchStrategy[tuple[Run, ...]]:
    """Give runs of a few words each, some of them with a look."""
    text = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=5).map(" ".join)
    run = st.builds(lambda text, look, space: Run(text + space, **look), text, LOOKS, st.sampled_from(["", " "]))
    return st.lists(run, min_size=1, max_size=3).map(tuple)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> tuple[Block, ...]:
    """Give blocks such as a clause has; each list is numbered from its start."""
    found: list[Block] = []
    for kind in draw(st.lists(st.sampled_from("pppltb" if depth < 2 else "p"), min_size=1, max_size=4)):
        if kind == "p":
            found.append(Paragraph(draw(runs())))
        elif kind == "t":
            rows = draw(st.lists(st.tuples(runs(), runs()), min_size=2, max_size=4))
            found.append(Table(("left", "right"), rows[0], tuple(rows[1:])))
        else:
            bodies = draw(st.lists(st.tuples(runs(), st.booleans()), min_size=1, max_size=3))
            items = tuple(
                Item(
                    f"({'abc'[index]})" if kind == "l" else "",
                    (Paragraph(body), *(draw(blocks(depth + 1)) if deeper else ())),
                )
                for index, (body, deeper) in enumerate(bodies)
            )
            found.append(ItemList(items, kind == "l", depth))
    return tuple(found)


@st.composite
def versions(draw: st.DrawFn) -> tuple[Document, Document]:
    """Give two versions of an agreement: each thing may change, come, go and move."""
    pool = {name: [draw(blocks()), draw(blocks())] for name in "abcde"}
    titles = [draw(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map(" ".join)) for _ in range(3)]

    def clause(name: str, number: str) -> Clause:
        return Clause(name, number, draw(st.sampled_from(titles)), draw(st.sampled_from(pool[name])))

    def version() -> Document:
        order = draw(st.permutations("abcde"))[: draw(st.integers(2, 5))]
        cut = draw(st.integers(0, len(order)))
        sections = [
            Section(name, f"{place}.", draw(st.sampled_from(titles)), tuple(
                clause(each, f"{place}.{index}") for index, each in enumerate(inside, 1)
            ))
            for place, (name, inside) in enumerate(
                draw(st.sampled_from([
                    [("one", order[:cut]), ("two", order[cut:])],
                    [("two", order[:cut]), ("one", order[cut:])],
                    [("two", order)],
                ])), 1
            )
        ]  # fmt: skip
        lone = draw(st.sampled_from(pool["a"]))
        terms = tuple(
            Definition(f"term-{name}", name, pool[name][0]) for name in draw(st.sampled_from(["ab", "ba", "b", "abc"]))
        )
        lines = (SignatureLine("By:", "signature"), SignatureLine("Name:", "name", draw(runs())))
        return replace(
            sample(),
            kind=draw(st.sampled_from(titles)),
            title=draw(st.sampled_from(titles)),
            opening=Clause(draw(st.sampled_from(["opening", "other"])), "", "", lone),
            sections=tuple(sections),
            closing=draw(st.sampled_from([None, Clause("closing", "", "", lone)])),
            signatures=tuple(
                SignatureBlock(f"s-{each}", "harborview", draw(runs()), lines)
                for each in draw(st.sampled_from(["12", "21", "1", ""]))
            ),
            schedules=(Schedule("terms", "Schedule A", draw(st.sampled_from(titles)), (), terms),),
        )

    return version(), version()


def headed(redline: Redline) -> RedlineHeading:
    """Return the redline's heading, each change with a cause."""
    found = tuple(replace(change, cause=f"INTERNAL cause of {change.place}") for change in changes(redline))
    return RedlineHeading.of(redline, "Version 1.0", "Version 1.1", found)


def two(value: str = "Other Value Ltd") -> Redline:
    """Return a redline with everything in it: changed, added, removed, moved, renumbered."""
    old, new = sample(), sample(value)
    scope, money = new.sections[0].clauses
    fresh = Clause("fresh", "1.1", "Fresh", (Paragraph(plain("All new, see ")),))
    law = new.sections[1].clauses[0]
    general = new.schedules[1].clauses[0]
    more = Clause("more", "2.", "More", (Paragraph((*plain("As in "), Run("Section 2.2", target="#scope"))),))
    return compare(
        replace(old, schedules=(old.schedules[0], replace(old.schedules[1], clauses=(general, _see("1.1", more))))),
        replace(
            new,
            sections=(
                replace(new.sections[0], clauses=(fresh, replace(money, title="Money & Terms"))),
                replace(new.sections[1], clauses=(law, replace(scope, number="2.2"))),
            ),
            signatures=new.signatures[:1],
            schedules=(new.schedules[0], replace(new.schedules[1], clauses=(general, more))),
        ),
    )


def _see(number: str, clause: Clause) -> Clause:
    return replace(clause, blocks=(Paragraph((*plain("As in "), Run(f"Section {number}", target="#scope"))),))


def _elsewhere(run: Run) -> Run:
    return replace(run, target="https://b.example/new") if run.text == "the site" else run


def render(name: str, redline: Redline, **options: object) -> bytes:
    """Render in one format."""
    return REDLINES[name](redline, headed(redline), RedlineOptions(look=LOOK, **options))  # type: ignore[arg-type]


def fragment(redline: Redline, **options: object) -> str:
    """Render as a fragment of HTML."""
    return render_html(redline, headed(redline), **options)  # type: ignore[arg-type]


def side_words(redline: Redline, side: Side) -> list[str]:
    """Return the words of one side by the definition of the marks."""
    return words(rejected(redline) if side == "old" else accepted(redline))


READERS: Mapping[str, tuple[Callable[[Redline], str], Callable[[str, Side], list[str]]]] = {
    "text": (lambda redline: render_text(redline, headed(redline)), text_words),
    "markdown": (lambda redline: render_markdown(redline, headed(redline)), markdown_words),
    "html": (fragment, html_words),
    "html side by side": (lambda redline: fragment(redline, view="side-by-side"), html_column_words),
}


@pytest.mark.parametrize("name", READERS)
def test_either_text_can_be_read_back(name: str) -> None:
    write, read = READERS[name]
    redline = two()
    for side in SIDES:
        assert read(write(redline), side) == side_words(redline, side)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(versions())
def test_either_text_of_any_two_versions_can_be_read_back(pair: tuple[Document, Document]) -> None:
    redline = compare(*pair)
    for side in SIDES:
        expected = side_words(redline, side)
        for name, (write, read) in READERS.items():
            assert read(write(redline), side) == expected, name


def test_the_documents_themselves_are_read_back() -> None:
    redline = two()
    assert text_words(READERS["text"][0](redline), "old") == words(redline.old)
    assert text_words(READERS["text"][0](redline), "new") == words(redline.new)


@pytest.mark.parametrize("side", SIDES)
def test_a_pdf_s_tags_give_back_either_text(side: Side) -> None:
    redline = two()
    still = compare(
        replace(redline.old, sections=redline.new.sections, opening=redline.old.opening),
        replace(redline.new, sections=(redline.new.sections[0], replace(redline.new.sections[1], title="Laws"))),
    )
    last = coverage(headed(still), still).split()
    found = pdf_side_words(render("pdf", still), side)
    expected = side_words(still, side)
    assert found[-len(last) :] == last
    assert found[-len(last) - len(expected) : -len(last)] == expected


@pytest.mark.slow("the PDF of a redline is read back, for any two texts")
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(versions())
def test_the_pdf_of_any_two_versions_gives_back_either_text(pair: tuple[Document, Document]) -> None:
    redline = compare(*pair)
    data = render("pdf", redline)
    if any(part.move for part in parts(redline)):
        return
    last = len(coverage(headed(redline), redline).split())
    for side in SIDES:
        expected = side_words(redline, side)
        assert pdf_side_words(data, side)[-last - len(expected) : -last] == expected


def test_what_follows_in_numbers_is_named_and_the_rest_counted() -> None:
    old = sample()
    clauses = tuple(Clause(f"c{n}", f"9.{n}", f"Clause {n}", (Paragraph(plain("Words.")),)) for n in range(1, 10))
    before = replace(old, sections=(*old.sections, Section("nine", "9.", "Nine", clauses)))
    first, *rest = clauses
    moved = (*(replace(each, number=f"9.{n}") for n, each in enumerate(rest, 1)), replace(first, number="9.9"))
    after = replace(before, sections=(*old.sections, Section("nine", "9.", "Nine", moved)))
    redline = compare(before, after)
    (change,) = changes(redline)
    assert change.only_moved
    assert followers(redline) == (
        "Numbers that follow: 9.1 Clause 2 (was 9.2), 9.2 Clause 3 (was 9.3), 9.3 Clause 4 (was 9.4), "
        "9.4 Clause 5 (was 9.5), 9.5 Clause 6 (was 9.6), 9.6 Clause 7 (was 9.7) and 2 more"
    )
    assert covered((change,), redline) == coverage(headed(redline), redline)
    assert covered((change,), redline).startswith("1 change, and 8 numbers that follow.")
    assert followers(compare(before, before)) == ""


def test_a_pdf_has_the_words_of_both_sides_where_things_moved() -> None:
    redline = two()
    found = iter(pdf_words(render("pdf", redline)))
    assert all(word in found for word in ["[Moved", "to", "2.2", "Scope]", "1.1", "Scope"])
    assert all(word in found for word in ["[Moved", "here", "from", "1.1", "Scope]", "2.2"])


@pytest.mark.slow("the longest words there are stay on the page of a redline")
@pytest.mark.parametrize("value", ["x" * 3000, "W" * 300, "a/b@c.d_e-" * 50, "#set page(width: 1pt)", "*b* $x$ <l> @r"])
def test_no_word_runs_off_the_page(value: str) -> None:
    redline = compare(sample("y" * 400), sample(value))
    data = render("pdf", redline)
    assert outside(data)[:1] == []
    moved = two(value)
    assert outside(render("pdf", moved))[:1] == []


def test_an_anchor_that_passed_from_one_item_to_another_is_given_once() -> None:
    def clause(first: str, second: str, tail: str) -> Clause:
        items = (
            Item("(a)", (Paragraph(plain("one")),), first),
            Item("(b)", (Paragraph(plain(f"two {tail}")),), second),
        )
        see = Paragraph((*plain("See "), Run("that", target="#c--x")))
        return Clause("c", "3.1", "Clause", (ItemList(items, True, 0), see))

    old, new = (
        replace(sample(), sections=(*sample().sections, Section("third", "3.", "Third", (each,))))
        for each in (clause("c--x", "", "ends."), clause("", "c--x", "goes on."))
    )
    assert render("pdf", compare(old, new))


def test_a_pdf_is_the_same_bytes_every_time() -> None:
    assert render("pdf", two()) == render("pdf", two())


def test_a_pdf_needs_its_look_and_letters_that_it_has() -> None:
    redline = compare(sample(), sample("漢"))
    with pytest.raises(ValueError, match="look"):
        REDLINES["pdf"](redline, headed(redline), RedlineOptions())
    with pytest.raises(MissingGlyphs, match="漢"):
        render("pdf", redline)
    with pytest.raises(MissingGlyphs):
        render("pdf", compare(sample(), sample("א")))


@pytest.mark.parametrize("name", REDLINES)
def test_nothing_internal_leaves_unless_asked_for(name: str) -> None:
    redline = two()
    quiet, told = (render(name, redline, internal=internal) for internal in (False, True))
    read = {"pdf": lambda data: " ".join(pdf_words(data))}.get(name, lambda data: data.decode())
    assert "INTERNAL" not in read(quiet)
    assert read(told).count("INTERNAL cause of money") == {"html": 2}.get(name, 1)
    usual = render(name, redline)
    assert usual == (told if name == "json" else quiet)
    for text in (read(quiet), read(told)):
        for internal in ("sample-clause", "/parties/0", "INTERNAL guidance", "INTERNAL reason", "INTERNAL approver"):
            assert internal not in text


@pytest.mark.parametrize("name", ["text", "markdown", "html", "pdf"])
def test_it_begins_with_what_is_compared_and_ends_with_what_it_covers(name: str) -> None:
    redline = two()
    data = render(name, redline)
    found = pdf_words(data) if name == "pdf" else re.sub(r"<[^>]*>|[`|\\*]", " ", data.decode()).split()
    text = " ".join(found)
    for side, label in ((redline.old, "1.0"), (redline.new, "1.1")):
        assert text.index(f"Version {label}") < text.index(fingerprint(side)[:12]) < text.index("What changed")
    assert text.endswith("changes, and 1 number that follows. Nothing else in the text differs.")
    if name in ("text", "markdown"):
        assert data.decode().splitlines()[-1] == coverage(headed(redline), redline)


def test_it_says_when_nothing_differs() -> None:
    redline = compare(sample(), sample())
    for name in REDLINES:
        data = render(name, redline)
        text = " ".join(pdf_words(data)) if name == "pdf" else data.decode()
        assert "No changes. Nothing in the text differs." in text
    assert "<ins>" not in fragment(redline).partition("<article")[2]


def test_what_the_changes_do_not_name_is_never_denied() -> None:
    redline = two()
    heading = headed(redline)
    (name,) = {change.name() for change in heading.changes if change.place == "money"}
    said = coverage(replace(heading, changes=tuple(each for each in heading.changes if each.place != "money")), redline)
    assert said.endswith(f"More differs than these changes name: read {name}.")


def test_marks_that_do_not_lead_back_to_a_text_are_never_called_complete() -> None:
    redline = two()

    def cut(part: MarkedClause) -> MarkedClause:
        return replace(part, blocks=part.blocks[1:]) if part.id == "money" and part.blocks else part

    sections = tuple(replace(part, clauses=tuple(map(cut, part.clauses))) for part in redline.sections)
    assert "More differs" in coverage(headed(redline), replace(redline, sections=sections))


def test_numbers_alone_that_differ_are_told() -> None:
    old = replace(sample(), sections=(Section("s", "1.", "S", (Clause("c", "1.1", "C", (numbered("(a)"),)),)),))
    new = replace(old, sections=(Section("s", "1.", "S", (Clause("c", "1.1", "C", (numbered("(i)"),)),)),))
    assert coverage(headed(compare(old, new)), compare(old, new)) == "No changes but 1 number."


def numbered(number: str) -> ItemList:
    """Return a list of one item."""
    return ItemList((Item(number, (Paragraph(plain("An item.")),)),), True, 0)


def test_one_change_is_counted_as_one() -> None:
    new = replace(sample(), title="Another")
    redline = compare(sample(), new)
    assert coverage(headed(redline), redline) == "1 change. Nothing else in the text differs."


def test_json_is_a_stable_shape() -> None:
    redline = two()
    data = json.loads(render("json", redline))
    assert list(data) == ["schema", "agreement", "from", "to", "changes", "renumbered", "covers"]
    assert data["schema"] == 1
    assert data["from"] == {"name": "Version 1.0", "fingerprint": fingerprint(redline.old), "form": 2}
    assert data["renumbered"] == 1
    assert [change["id"] for change in data["changes"]] == [f"change-{n}" for n in range(1, len(data["changes"]) + 1)]
    moved = next(change for change in data["changes"] if change["place"] == "scope")
    assert moved["kinds"] == ["moved", "reworded"]
    assert moved["edits"][0]["before"] == "Harborview Health System"
    assert {"text": "Other Value Ltd", "mark": "inserted"} in moved["edits"][0]["excerpt"]


@pytest.mark.parametrize("name", ["text", "markdown", "html", "json", "pdf"])
def test_a_link_that_leads_elsewhere_is_told_with_both_addresses(name: str) -> None:
    new = map_document(sample(), _elsewhere)
    content = render(name, compare(sample(), new))
    shown = " ".join(pdf_words(content)) if name == "pdf" else content.decode()
    shown = re.sub(r"\s|\\|</?a[^>]*>|\u200b", "", shown.replace("&amp;", "&"))
    assert "“thesite”nowleadstohttps://b.example/new,nottohttps://example.com/a?b=1&c=2" in shown
    if name in ("text", "markdown", "html"):
        assert shown.count("link:https://example.com/a?b=1&c=2→https://b.example/new") == 1


def test_colors_only_when_asked_for() -> None:
    redline = two()
    assert b"\x1b" not in render("text", redline)
    colored = render("text", redline, color=True).decode()
    assert "\x1b[31m[-Harborview Health System-]\x1b[0m\x1b[32m{+Other Value Ltd+}\x1b[0m" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == render("text", redline).decode()


def test_controls_cannot_reach_a_terminal() -> None:
    redline = compare(sample(), sample("a\x1b]0;title\x07b\x9bc\x01d"))
    text = render("text", redline).decode()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def test_every_change_can_be_reached_and_left() -> None:
    for view in ("inline", "side-by-side"):
        for redline in (two(), compare(sample(), sample("Other Value Ltd"))):
            page = read_html(fragment(redline, view=view))
            # The sample has one list twice, with one anchor.
            ids = [anchor for anchor in page.ids() if anchor != "scope--second"]
            assert len(ids) == len(set(ids))
            targets = [link.attributes["href"][1:] for link in page.all("a") if link.attributes["href"].startswith("#")]
            assert set(targets) <= set(page.ids())
            steps = [anchor for anchor in ids if re.fullmatch(r"change-\d+", anchor)]
            summary = page.by_id("redline_summary").all("a")
            assert len(steps) == len(summary) == len(changes(redline))
            assert {link.attributes["href"] for link in summary} == {f"#{anchor}" for anchor in steps}
            assert [step.attributes["aria-label"] for step in page.all("div", class_="redline-step")][:1] == [
                f"Change 1 of {len(steps)}"
            ]


def test_a_contract_s_own_anchors_are_not_taken() -> None:
    clause = Clause("change-1", "3.1", "Change control", (Paragraph(plain("As agreed.")),))
    old = replace(sample(), sections=(*sample().sections, Section("third", "3.", "Third", (clause,))))
    page = read_html(fragment(compare(old, replace(old, title="Other"))))
    assert page.by_id("change-1").tag == "h3"
    assert page.by_id("change_1").attributes["class"] == "redline-step"


def test_html_needs_no_script_and_no_style_of_its_own() -> None:
    for view in ("inline", "side-by-side"):
        page = read_html(fragment(two(), view=view, fold=True, internal=True))
        assert not page.all("script") + page.all("style")
        assert not [element for element in page.all() if "style" in element.attributes]
        assert not [name for element in page.all() for name in element.attributes if name.startswith("on")]


def test_folding_hides_only_what_did_not_change() -> None:
    old = sample()
    general = old.schedules[1].clauses[0]
    new = replace(
        old, schedules=(old.schedules[0], replace(old.schedules[1], clauses=(replace(general, title="Letters"),)))
    )
    redline = compare(old, new)
    whole, folded = (read_html(fragment(redline, fold=fold)) for fold in (False, True))
    assert not whole.all("details")
    shut = folded.all("details")
    assert [each.all("summary")[0].raw_text() for each in shut] == [
        "Unchanged: Opening",
        "Unchanged: 1. First Section to 2. Second Section",
        "Unchanged: Closing",
        "Unchanged: 2 signature blocks",
        "Unchanged: Schedule A Definitions",
    ]
    assert not [element for each in shut for element in each.all() if element.tag in ("ins", "del")]
    assert html_words(fragment(redline, fold=True), "new") == words(new)


def excerpt_of(redline: Redline) -> tuple[Redline, RedlineHeading]:
    """Return what changed of a redline, with its heading."""
    heading = headed(redline)
    found = excerpt(redline, heading.changes)
    return found.redline, replace(heading, excerpt=found)


@pytest.mark.parametrize("name", READERS)
def test_an_excerpt_has_what_changed_of_both_texts(name: str) -> None:
    redline, _ = excerpt_of(two())
    write, read = READERS[name]
    for side, document in zip(SIDES, (redline.old, redline.new), strict=True):
        assert side_words(redline, side) == words(document)
        assert read(write(redline), side) == words(document)
    assert len(words(redline.new)) < len(words(two().new))


def test_an_excerpt_is_known_by_the_fingerprint_of_the_whole_text() -> None:
    redline, heading = excerpt_of(two())
    mark = fingerprint(two().new)[:12]
    assert mark in content(redline, heading, internal=False)["words"]["text-mark"]
    notes = excerpt_notes(heading)
    data = render_redline_docx(redline, DOCX_LOOK, author="A", base="b", coverage="c", notes=notes)
    assert mark in "".join(docx_part(data, "word/footer.xml").itertext())


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(versions())
def test_an_excerpt_of_any_two_versions_resolves_to_what_changed_of_both(pair: tuple[Document, Document]) -> None:
    whole = compare(*pair)
    redline, heading = excerpt_of(whole)
    for side, document in zip(SIDES, (redline.old, redline.new), strict=True):
        assert side_words(redline, side) == words(document)
    assert coverage(heading, redline) == coverage(headed(whole), whole)
    there = {(part.mark, part.id) for part in parts(redline)}
    assert there <= {(part.mark, part.id) for part in parts(whole)}
    assert {change.place for change in heading.changes if change.part not in ("document", "party")} <= {
        name for _, name in there
    }
    render_redline_docx(redline, DOCX_LOOK, author="A", base="b", coverage="c", notes=excerpt_notes(heading))


def test_an_excerpt_keeps_the_headings_that_a_changed_clause_stands_under() -> None:
    old = sample()
    section = old.sections[0]
    upper, lower = section.clauses
    below = replace(lower, level=1)
    before, after = (
        replace(old, sections=(replace(section, clauses=(upper, below_)), *old.sections[1:]))
        for below_ in (below, replace(below, title="Coins"))
    )
    redline, heading = excerpt_of(compare(before, after))
    assert [(clause.id, bool(clause.blocks)) for clause in redline.new.sections[0].clauses] == [
        (upper.id, False),
        (lower.id, True),
    ]
    assert heading.excerpt
    assert heading.excerpt.left_out["clauses"] == len([each for each in after.clauses() if each.blocks]) - 1


def test_an_excerpt_says_what_it_leaves_out_and_what_relies_on_a_changed_term() -> None:
    old = sample()
    terms = old.schedules[0]
    first, *others = terms.definitions
    term = replace(first, blocks=(Paragraph((Run(first.term, strong=True), Run(" means something else."))),))
    new = replace(old, schedules=(replace(terms, definitions=(term, *others)), *old.schedules[1:]))
    redline, heading = excerpt_of(compare(old, new))
    (change,) = heading.changes
    assert change.uses, "the sample must use its first term"
    whole, relied = excerpt_notes(heading)
    assert whole == (
        "Excerpt: this shows what changed, under its headings and numbers, and is not the whole agreement. "
        f"Unchanged and left out: {sum(bool(each.blocks) for each in new.clauses())} clauses"
        + (f", {len(others)} definition{'s' * (len(others) != 1)}," if others else "")
        + " and 2 signature blocks."
    )
    assert relied.startswith(f"Definition of “{first.term}” changed, and ")
    for use in change.uses:
        assert use.title in relied
    for name in ("text", "markdown", "html", "pdf"):
        data = REDLINES[name](redline, heading, RedlineOptions(look=LOOK))
        said = " ".join(pdf_words(data)) if name == "pdf" else data.decode()
        assert relied.split("“")[0] in re.sub(r"\s+", " ", said), name


HOSTILE = (
    "<script>alert(1)</script>", "</ins>", "<del>", "</del></p></article>", '" onmouseover="x', "*b*", "**b", "~~s~~",
    "# h", "- item", "1. item", "> quote", "---", "===", "| a | b |", "\\", "&amp;", "<!-- c -->", "```", "`c`",
    "[x](y)", "![i](https://x.org)", "www.example.com", "<kbd>", "</kbd>", "[-x-]", "{+x+}", "{>>x<<}", "x\\",
    "{{ 7*7 }}",
)  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_changes_no_structure(value: str) -> None:
    plain_pair, hostile = compare(sample("One"), sample("Two")), compare(sample("One"), sample(value))
    for view in ("inline", "side-by-side"):
        assert _shape(fragment(hostile, view=view)) == _shape(fragment(plain_pair, view=view))
    outlines = [
        [token.type for token in markdown_body(render("markdown", each).decode())] for each in (hostile, plain_pair)
    ]
    assert outlines[0] == outlines[1]
    for name, (write, read) in READERS.items():
        assert read(write(hostile), "new") == words(hostile.new), name
        assert read(write(hostile), "old") == words(hostile.old), name


def _shape(html: str) -> object:
    return [(element.tag, element.attributes.get("class")) for element in read_html(html).by_id("agreement-text").all()]


def test_the_markdown_of_one_part_stands_alone() -> None:
    redline = two()
    found = {part.id: clause_markdown(redline, part) for part in parts(redline)}
    assert found["law"] == "### 2.1 Law\n\n<del>Harborview Health System</del><ins>Other Value Ltd</ins>"
    assert found["scope"].startswith("> <kbd>Moved here from 1.1 Scope</kbd>\n>\n> ### 2.2 Scope\n>\n> The Parties")


@pytest.mark.parametrize(
    ("name", "file", "options"),
    [
        ("text", "redline.txt", {}),
        ("markdown", "redline.md", {}),
        ("markdown", "internal.md", {"internal": True}),
        ("html", "redline.html", {}),
        ("html", "side-by-side.html", {"view": "side-by-side", "internal": True}),
        ("json", "redline.json", {}),
    ],
)
def test_golden(name: str, file: str, options: dict[str, object], update_golden: bool) -> None:
    data = render(name, two(), **options)
    path = CASES / file
    if update_golden:
        path.write_bytes(data)
    assert data.decode() == path.read_text(encoding="utf-8")


def test_a_hundred_pages_take_no_time() -> None:
    paragraph = Paragraph(plain("Each Party shall keep complete records of what it does under this Agreement. " * 10))
    clauses = [Clause(f"c{n}", f"1.{n}", f"Clause {n}", (paragraph,) * 2) for n in range(300)]
    old = replace(sample(), sections=(Section("long", "1.", "Long", tuple(clauses)),))
    longer = Paragraph((*paragraph.runs, *plain("Not so.")))
    clauses[::10] = [replace(clause, blocks=(paragraph, longer)) for clause in clauses[::10]]
    redline = compare(old, replace(old, sections=(Section("long", "1.", "Long", tuple(clauses)),)))
    heading = headed(redline)
    for write in (render_html, render_markdown):
        start = time.perf_counter()
        write(redline, heading)
        # Ten times what it takes: this is against mistakes, the benchmark measures.
        assert time.perf_counter() - start < 1.0


def test_a_look_that_is_broken_is_named(tmp_path: Path) -> None:
    redline = two()
    (tmp_path / "redline.typ").write_text("#panic()")
    with pytest.raises(LookFault):
        render_pdf(redline, headed(redline), tmp_path)


# PDF/UA lets no text that came be underlined as a link, too.
REDLINE_GOOD = [each for each in PDF_GOOD if each != "underlined links"]


@pytest.mark.parametrize("name", REDLINE_BAD)
def test_a_look_that_changes_the_words_or_marks_of_a_redline_is_refused(tmp_path: Path, name: str) -> None:
    file, old, new, said = REDLINE_BAD[name]
    look = changed_look(tmp_path, old, new, file)
    with pytest.raises(FindingsError) as refused:
        REDLINES["pdf"](two(), headed(two()), RedlineOptions(look=look))
    told = refused.value.findings
    assert {each.rule for each in told} == {"core/output-words"}
    assert any(said in each.message for each in told), [each.message for each in told]


@pytest.mark.parametrize("name", sampled(REDLINE_GOOD, REDLINE_GOOD[::6], "every harmless change"))
def test_a_look_that_only_looks_otherwise_makes_redlines(tmp_path: Path, name: str) -> None:
    assert REDLINES["pdf"](two(), headed(two()), RedlineOptions(look=changed_look(tmp_path, *PDF_GOOD[name])))


@pytest.mark.parametrize("name", REDLINE_DOCX_BAD)
def test_a_reference_package_that_changes_the_words_of_a_redline_is_refused(name: str) -> None:
    part, old, new = REDLINE_DOCX_BAD[name]
    text = DOCX_LOOK[part].decode()
    assert old in text
    look = {**DOCX_LOOK, part: text.replace(old, new).encode()}
    with pytest.raises(FindingsError) as refused:
        render_redline_docx(two(), look, author="Harborview", base="Before", coverage="All")
    assert {each.rule for each in refused.value.findings} == {"core/output-words"}
    assert "the redline of `sample` as docx, with its changes accepted, says" in refused.value.findings[0].message
