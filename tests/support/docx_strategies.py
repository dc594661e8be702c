"""Documents for the DOCX tests: any text, any numbers, any nesting."""

from __future__ import annotations

from hypothesis import strategies as st

from clausebook.document.model import (
    Alignment,
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

HOSTILE = (
    "{{ 7*7 }}",
    "{{title}}",
    "<script>alert(1)</script>",
    "</w:t></w:r></w:p><w:p>",
    "<!--body-->",
    "<!--if draft-->x<!--end draft-->",
    "<!--contents-->",
    "]]><![CDATA[",
    "&amp; &#0; &lt;",
    "\"quoted\" and 'so'",
    "*bold* [x](javascript:1)",
    "#set page(width: 1pt)",
    "%1.%2 \\1 \\g<0>",
    "a\u00a0b \u202e \u200b",
    "漢字 \U0001f600",
    "x" * 3000,
)

TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(
        st.one_of(
            st.sampled_from("ab <>&\"'%{}1.\t\n\u2028\x85"),
            st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"),
        ),
        max_size=12,
    ),
)

ANCHORS = ("a", "A", "a-b", "a_b", "1st", "é", "_x", "x" * 60, "x" * 61)
TARGETS = (
    "",
    "",
    *("#" + anchor for anchor in ANCHORS),
    "#nowhere",
    'https://example.com/ü?a=1&b="2"',
    "mailto:a@example.com",
    "javascript:alert(1)",
    "https://[broken",
)
ALIGNMENTS: tuple[Alignment, ...] = ("left", "center", "right")
ODD_NUMBERS = ("", "3A.", "(ab)", "Reserved", "%1", "(i)", "(c)", "7.", "x" * 70, "1.1", " 1. ", "(\u00a02)", "٣")


def numbers(formats: tuple[str, ...], count: int) -> st.SearchStrategy[list[str]]:
    """Give `count` numbers, most of them in one of the series that `formats` name."""

    def series(style: str, start: int) -> list[str]:
        names = {
            "a": "abcdefghijklmnopqrstuvwxyz",
            "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "i": ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"),
            "I": ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"),
            "1": tuple(map(str, range(1, 30))),
        }
        before, kind, after = style.split("|")
        return [before + names[kind][start + place] + after for place in range(count)]

    straight = st.builds(series, st.sampled_from(formats), st.integers(0, 3))
    odd = st.lists(st.one_of(st.none(), st.none(), st.sampled_from(ODD_NUMBERS)), min_size=count, max_size=count)
    return st.builds(lambda names, gaps: [gap or name for name, gap in zip(names, gaps, strict=True)], straight, odd)


LIST_FORMATS = ("(|a|)", "(|i|)", "(|A|)", "|1|.", "|I|.", "Item |1|:")
SECTION_FORMATS = ("|1|.", "Section |1|", "Article |I|", "|A|.", "§ |1|")
SCHEDULE_FORMATS = ("Schedule |A|", "Schedule |A| –", "Annex |I|", "Exhibit |1|")

runs = st.lists(st.builds(Run, TEXT, st.booleans(), st.booleans(), st.sampled_from(TARGETS)), max_size=3).map(tuple)
paragraphs = st.builds(Paragraph, runs, st.sampled_from(("", *ANCHORS)))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Give a table of one to four columns."""
    alignments = draw(st.lists(st.sampled_from(ALIGNMENTS), min_size=1, max_size=4))
    row = st.lists(runs, min_size=len(alignments), max_size=len(alignments)).map(tuple)
    return Table(tuple(alignments), draw(row), tuple(draw(st.lists(row, max_size=3))))


@st.composite
def lists(draw: st.DrawFn, depth: int = 0) -> ItemList:
    """Give a list, other lists in its items."""
    count = draw(st.integers(0, 4))
    ordered = draw(st.booleans())
    given = draw(numbers(LIST_FORMATS, count)) if ordered else [""] * count
    inside: st.SearchStrategy[Block] = paragraphs
    if depth < 3:
        inside = st.one_of(paragraphs, lists(depth + 1), tables())
    bodies = [tuple(draw(st.lists(inside, max_size=3))) for _ in given]
    anchor = st.sampled_from(("", *ANCHORS))
    items = tuple(Item(number, body, draw(anchor)) for number, body in zip(given, bodies, strict=True))
    return ItemList(items, ordered, min(depth, 2))


blocks = st.lists(st.one_of(paragraphs, lists(), tables()), max_size=3).map(tuple)


@st.composite
def clauses(draw: st.DrawFn, prefix: str, number: str) -> tuple[Clause, ...]:
    """Give clauses whose numbers follow a pattern, with exceptions."""
    count = draw(st.integers(0, 3))
    before = number.rstrip(".").split(" ")[-1] + "." if draw(st.booleans()) else ""
    given = draw(numbers((f"{before}|1|", f"{before}|1|.", f"({before}|a|)"), count))
    return tuple(
        Clause(f"{prefix}-{place}", label, draw(TEXT), draw(blocks), level=draw(st.sampled_from((0, 0, 0, 1, 2))))
        for place, label in enumerate(given)
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Give a document with anything in any place."""

    def numbered(formats: tuple[str, ...]) -> list[str]:
        return draw(numbers(formats, draw(st.integers(0, 4))))

    sections = tuple(
        Section(f"section-{place}", number, draw(TEXT), draw(clauses(f"s{place}", number)))
        for place, number in enumerate(numbered(SECTION_FORMATS))
    )
    schedules = tuple(
        Schedule(
            f"schedule-{place}",
            number,
            draw(TEXT),
            draw(clauses(f"t{place}", number)),
            tuple(draw(st.lists(st.builds(Definition, st.sampled_from(ANCHORS), TEXT, blocks), max_size=2))),
        )
        for place, number in enumerate(numbered(SCHEDULE_FORMATS))
    )
    line = st.builds(SignatureLine, TEXT, st.sampled_from(("signature", "name", "date")), runs)
    signatures = st.builds(SignatureBlock, st.just("s-1"), st.just("s"), runs, st.lists(line, max_size=3).map(tuple))
    unnumbered = st.none() | st.builds(Clause, st.just("unnumbered"), st.just(""), st.just(""), blocks)
    return Document(
        id="generated",
        type="generated",
        kind=draw(TEXT),
        title=draw(TEXT),
        version="1.0",
        status="draft",
        draft=draw(st.booleans()),
        language="en-US",
        parties=(),
        opening=draw(unnumbered),
        sections=sections,
        closing=draw(unnumbered),
        signatures=tuple(draw(st.lists(signatures, max_size=2))),
        schedules=schedules,
        order=draw(st.just(()) | st.permutations(["unnumbered", "section-0", "s-1", "schedule-0"]).map(tuple)),
    )
