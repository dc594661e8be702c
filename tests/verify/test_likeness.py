"""Pages that came back, held against ours: which words are the agreement's, by where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import pytest

from clausebook.document.model import Clause, Document, Section, SignatureBlock, SignatureLine
from clausebook.reading.pages import Box, Page, Word
from clausebook.verify.model import Difference, Signature
from clausebook.verify.pages.added_marks import judged
from clausebook.verify.pages.differences import differences
from clausebook.verify.pages.likeness import Likeness, Stray, likeness
from clausebook.verify.pages.page_fitting import matched
from clausebook.verify.pages.pictures import Ink, PageFit, PagePair
from tests.support import returns
from tests.support.sample_documents import plain, sample

WIDTH, HEIGHT = 600.0, 800.0
TEXT = {700: "The fee is 500 dollars.", 680: "It is due in May, and", 660: "once a year thereafter."}
"""By the height at which a line stands; the words of a line begin 60 points from one another."""

FIELD = Box(100, 400, 300, 430)


def line(left: float, bottom: float, text: str, height: float = 10) -> Iterator[Word]:
    for number, word in enumerate(text.split()):
        start = left + 60 * number
        yield Word(word, Box(start, bottom, start + 5 * len(word), bottom + height))


def page(text: Mapping[float, str] = TEXT, *more: Word) -> Page:
    return Page(WIDTH, HEIGHT, (*(word for bottom, said in text.items() for word in line(100, bottom, said)), *more))


def edited(old: str, new: str) -> Page:
    assert any(old in said for said in TEXT.values())
    return page({bottom: said.replace(old, new) for bottom, said in TEXT.items()})


def alike(pairs: Sequence[PagePair]) -> Sequence[Ink]:
    return [Ink() for _ in pairs]


def unlike(pairs: Sequence[PagePair]) -> Sequence[Ink]:
    return [Ink(unlike=True) for _ in pairs]


def never(pairs: Sequence[PagePair]) -> Sequence[Ink]:
    assert not pairs
    return []


def compared(
    *theirs: Page,
    ours: Sequence[Page] = (page(),),
    draw: Callable[[Sequence[PagePair]], Sequence[Ink]] = unlike,
    service: bool = True,
) -> Likeness:
    found = likeness(ours, theirs, {0: [FIELD]}, draw, service=service)
    assert found
    return found


def told(strays: Sequence[Stray]) -> list[str]:
    return [f"{stray.page} {stray.word.text}" for stray in strays]


@pytest.mark.parametrize("service", [True, False])
def test_the_same_page_is_the_same(service: bool) -> None:
    assert compared(page(), draw=alike, service=service) == Likeness()
    assert Likeness().same


@pytest.mark.parametrize(
    ("theirs", "missing", "added"),
    [
        (edited("500", "900"), ["1 500"], ["1 900"]),
        (
            edited("once", "once not"),
            ["1 a", "1 year", "1 thereafter."],
            ["1 not", "1 a", "1 year", "1 thereafter."],
        ),
        (page(TEXT, *line(100, 690, "double")), [], ["1 double"]),
        (edited("once a year thereafter.", ""), ["1 once", "1 a", "1 year", "1 thereafter."], []),
        # The same words, but two of them in each other's place.
        (edited("fee is", "is fee"), ["1 fee", "1 is"], ["1 is", "1 fee"]),
    ],
)
@pytest.mark.parametrize("service", [True, False])
def test_other_words_are_found_where_they_stand(
    theirs: Page, missing: list[str], added: list[str], service: bool
) -> None:
    found = compared(theirs, service=service)
    assert (told(found.missing), told(found.added), found.tolerated, found.unlike) == (missing, added, (), ())
    assert not found.same


def test_words_and_looks_that_only_one_part_tells_of_are_no_same() -> None:
    stray = Stray(1, Word("x", FIELD))
    assert not Likeness(missing=(stray,)).same
    assert not Likeness(added=(stray,)).same
    assert not Likeness(unlike=(1,)).same
    assert Likeness(tolerated=(stray,), before=(page(),), after=(page(),), drawn=(1,)).same


@pytest.mark.parametrize(
    ("bottom", "height", "at_field", "service", "tolerated"),
    [
        # In the margin, where a service puts its mark, and no larger than that.
        (30, 10, False, True, True),
        (30, 18, False, True, True),
        (30, 19, False, True, False),
        (30, 10, False, False, False),
        # At a field: what a signatory writes into it; a service's stamp may reach further.
        (410, 10, True, True, True),
        (410, 30, True, True, True),
        (410, 10, True, False, True),
        (440, 10, True, True, True),
        (440, 10, False, False, False),
        # Far from the fields, in a gap of the text.
        (670, 8, False, True, False),
    ],
)
def test_what_is_added_is_tolerated_where_it_may_be(
    bottom: float, height: float, at_field: bool, service: bool, tolerated: bool
) -> None:
    more = next(line(250, bottom, "added", height))
    ours = page({**TEXT, 380: "Signed by the parties."})
    theirs = replace(ours, words=(*ours.words, more))
    found = compared(theirs, ours=[ours], draw=alike, service=service)
    strays = found.tolerated if tolerated else found.added
    assert [(stray.word.text, stray.at_field) for stray in strays] == [("added", at_field)]
    assert (found.same, found.missing) == (tolerated, ())


def test_fewer_pages_than_ours_cannot_be_compared() -> None:
    assert likeness([page(), page()], [page()], {}, alike, service=True) is None


LAST = page({700: "In witness the parties sign.", 660: "Wren Example"})
MORE, EMPTY = page({700: "Certificate of completion"}), page({})


def test_pages_around_the_agreement_are_a_service_s() -> None:
    found = compared(MORE, page(), edited("500", "900"), EMPTY, MORE, ours=[page(), page()], draw=alike)
    assert (found.before, found.after) == ((MORE,), (EMPTY, MORE))
    assert (told(found.missing), told(found.added)) == (["2 500"], ["3 900"])


def test_pages_around_an_agreement_that_was_signed_by_itself_are_strange() -> None:
    found = compared(MORE, page(), LAST, EMPTY, MORE, ours=[page(), LAST], draw=alike, service=False)
    assert (found.before, found.after, found.missing) == ((), (), ())
    assert told(found.added) == [
        f"{number} {word}" for number in (1, 5) for word in ("Certificate", "of", "completion")
    ]
    assert found.unlike == (4,)


def test_the_first_place_where_the_pages_fit_is_theirs() -> None:
    found = compared(page(), page(), draw=alike)
    assert (found.before, found.after) == ((), (page(),))


@pytest.mark.parametrize(
    ("theirs", "seen"),
    [
        (page(), (2,)),
        (page(TEXT, *line(100, 30, "Envelope")), (2,)),
        (page(TEXT, *line(100, 410, "Wren")), (2,)),
        # Where words tell already what is wrong, the picture says nothing more.
        (page(TEXT, *line(100, 690, "double")), ()),
        (edited("500", "900"), ()),
    ],
)
def test_a_page_that_looks_otherwise_is_told_where_its_words_do_not(theirs: Page, seen: tuple[int, ...]) -> None:
    assert compared(MORE, theirs).unlike == seen
    assert compared(MORE, theirs, draw=alike).unlike == ()


def test_what_is_drawn_in_a_margin_is_told() -> None:
    assert compared(MORE, page(), draw=lambda pairs: [Ink(beside=True) for _ in pairs]).drawn == (2,)


def test_a_page_of_other_words_is_not_looked_at() -> None:
    half = page({700: "The fee is 500 dollars.", 680: "It is"})
    ours = page({700: "The fee is 500 dollars.", 680: "It is due in May, and on and on."})
    assert len(ours.words) == 14
    assert compared(half, ours=[ours]).unlike == ()
    assert told(compared(half, ours=[ours], draw=unlike).missing)[0] == "1 due"
    assert compared(half, ours=[ours], draw=alike).same
    compared(page({700: "The fee is 500 dollars.", 680: "It"}), ours=[ours], draw=never)
    compared(MORE, page(), ours=[LAST, LAST], draw=never)


def test_pictures_are_compared_where_the_agreement_is() -> None:
    asked: list[PagePair] = []

    def draw(pairs: Sequence[PagePair]) -> Sequence[Ink]:
        asked.extend(pairs)
        return alike(pairs)

    mark, large, stamp = (next(line(100, *each)) for each in ((30, "Envelope"), (50, "DRAFT", 30), (410, "Wren")))  # type: ignore[misc]
    compared(MORE, page(TEXT, mark, large, stamp), draw=draw)
    (pair,) = asked
    assert (pair.ours, pair.theirs, pair.fit) == (0, 1, PageFit())
    assert pair.body
    assert (pair.body.bottom, pair.body.top) == (658.5, 711.5)
    assert pair.fields == (FIELD.around(20),)
    assert pair.told == (mark.box.around(1.5),)
    asked.clear()
    compared(page(), draw=draw, service=False)
    assert (asked[0].body, asked[0].fields) == (None, (FIELD.around(2),))


def test_an_agreement_without_words_is_as_large_as_its_page() -> None:
    found = compared(page({}, *line(100, 700, "void")), ours=[EMPTY], draw=alike)
    assert told(found.added) == ["1 void"]


# Words that only read otherwise


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("dollars.", "dol1ars.", False),
        ("dollars.", "dollars", False),
        ("dollars.", "doliars.", True),
        ("thereafter.", "there­after.", True),
        ("500", "5OO", False),
        ("500", "900", False),
        ("May,", "May;", False),
        ("fee", "f€€", False),
    ],
)
def test_a_page_that_looks_the_same_may_read_otherwise_in_letters_alone(old: str, new: str, same: bool) -> None:
    found = compared(edited(old, new), draw=alike)
    assert found.same is same
    assert (told(found.missing), told(found.added)) == (([], []) if same else ([f"1 {old}"], [f"1 {new}"]))


def test_words_that_a_program_split_or_dropped_are_the_line_s() -> None:
    joined = page({700: "The fee is 500 dollars.", 680: "It is due in", 660: "once a year thereafter."})
    joined = replace(joined, words=(*joined.words, Word("May,and", Box(340, 680, 362, 690))))
    assert compared(joined, draw=alike).same
    for word in ("fee", "500"):
        # What reads as nothing at all is seen all the same.
        dropped = replace(page(), words=tuple(each for each in page().words if each.text != word))
        assert compared(dropped, draw=alike).same
        assert told(compared(dropped, draw=unlike).missing) == [f"1 {word}"]


def test_figures_of_one_line_do_not_make_up_for_those_of_another() -> None:
    ours = page({700: "Pay 10 first", 680: "and 20 last", 660: "to all of us."})
    theirs = page({700: "Pay 20 first", 680: "and 10 last", 660: "to all of us."})
    found = compared(theirs, ours=[ours], draw=alike)
    assert told(found.missing) == ["1 10", "1 20"]


# Pages of another size, place or turn


def moved(scale: float, across: float, up: float, turn: int = 0, of: Page | None = None) -> Page:
    def placed(box: Box) -> Box:
        box = Box(*(each * scale for each in (box.left, box.bottom, box.right, box.top)))
        box = Box(box.left + across, box.bottom + up, box.right + across, box.top + up)
        if turn == 90:
            return Box(HEIGHT - box.top, box.left, HEIGHT - box.bottom, box.right)
        if turn == 180:
            return Box(WIDTH - box.right, HEIGHT - box.top, WIDTH - box.left, HEIGHT - box.bottom)
        if turn == 270:
            return Box(box.bottom, WIDTH - box.right, box.top, WIDTH - box.left)
        return box

    size = (HEIGHT, WIDTH) if turn in (90, 270) else (WIDTH, HEIGHT)
    return Page(*size, tuple(Word(word.text, placed(word.box)) for word in (of or page()).words))


@pytest.mark.parametrize(
    ("theirs", "fit"),
    [
        (moved(1, 0, 0), PageFit()),
        (moved(1, 0.01, -0.01), PageFit()),
        (moved(1, 10, 0), PageFit(1, -10, 0)),
        (moved(1, 0, -30), PageFit(1, 0, 30)),
        (moved(0.5, 0, 0), PageFit(2, 0, 0)),
        (moved(0.8, 12, 24), PageFit(1.25, -15, -30)),
        *((moved(1, 0, 0, turn), PageFit(turn=turn)) for turn in (90, 180, 270)),
        (moved(0.8, 12, 24, 90), PageFit(1.25, -15, -30, 90)),
    ],
)
def test_a_page_is_laid_on_ours_whatever_its_size_place_and_turn(theirs: Page, fit: PageFit) -> None:
    (found,) = matched([page()], [theirs])
    assert (found.gone, found.come) == ((), ())
    assert found.fit.turn == fit.turn
    assert (found.fit.scale, found.fit.across, found.fit.up) == pytest.approx((fit.scale, fit.across, fit.up), abs=1e-6)


@pytest.mark.parametrize("scale", [0.25, 4])
def test_a_page_that_would_have_to_be_scaled_out_of_all_measure_is_another(scale: float) -> None:
    (found,) = matched([page()], [moved(scale, 0, 0)])
    assert len(found.gone) >= len(page().words) - 2


def test_a_page_of_few_words_lies_as_the_one_before_it() -> None:
    few = page({700: "Wren Example signs"})
    lower = Page(WIDTH, HEIGHT, tuple(line(110, 690, "Wren Example signs")))
    first, second = matched([page(), few], [moved(1, 10, -10), lower])
    assert (first.fit, second.fit) == (PageFit(1, -10, 10), PageFit(1, -10, 10))
    assert (second.gone, second.come) == ((), ())
    (alone,) = matched([few], [lower])
    assert (alone.fit, len(alone.gone)) == (PageFit(), 3)
    _, turned = matched([page(), few], [page(), moved(1, 0, 0, 90, few)])
    assert (turned.fit, turned.gone) == (PageFit(turn=90), ())


def test_a_page_that_is_hardly_scaled_is_not_scaled() -> None:
    (found,) = matched([page()], [moved(1.00005, 10, 0)])
    assert found.fit.scale == 1
    assert found.fit.across == pytest.approx(-10, abs=0.1)


def test_four_words_tell_where_a_page_lies() -> None:
    four = page({700: "Wren Example signs here"})
    (found,) = matched([four], [moved(1, 10, -10, of=four)])
    assert (found.fit, found.gone) == (PageFit(1, -10, 10), ())


def test_words_close_together_tell_no_scale() -> None:
    close = Page(
        WIDTH, HEIGHT, tuple(Word(text, Box(100 + 6 * at, 700, 105 + 6 * at, 710)) for at, text in enumerate("abcd"))
    )
    (found,) = matched([close], [moved(1, 10, -10, of=close)])
    assert (found.fit, found.gone) == (PageFit(1, -10, 10), ())


def test_a_column_tells_the_scale_by_its_height() -> None:
    column = page({700 - 40 * number: text for number, text in enumerate("abcdef")})
    (found,) = matched([column], [moved(0.5, 0, 0, of=column)])
    assert (found.fit, found.gone) == (PageFit(2), ())


@pytest.mark.parametrize(("across", "up", "near"), [(2.5, 0, True), (2.6, 0, False), (0, -2.5, True), (0, -2.6, False)])
def test_a_word_stands_where_it_was_or_hardly_beside(across: float, up: float, near: bool) -> None:
    first, *rest = page().words
    box = Box(first.box.left + across, first.box.bottom + up, first.box.right + across, first.box.top + up)
    (found,) = matched([page()], [Page(WIDTH, HEIGHT, (Word(first.text, box), *rest))])
    assert [word.text for word in found.gone] == ([] if near else ["The"])


def test_words_that_stand_twice_do_not_tell_where_a_page_lies() -> None:
    ours = page({700: "one two three four one", 680: "void void"})
    theirs = page({700: "one two three four one", 680: "void"})
    (found,) = matched([ours], [theirs])
    assert (found.fit, [word.text for word in found.gone]) == (PageFit(), ["void"])


# In which clause


def agreement() -> Document:
    fee, term = (
        Clause(name, number, title, ()) for name, number, title in (("fee", "1.1", "Fee"), ("term", "1.2", "Term"))
    )
    bare, unnumbered = Clause("bare", "", "", ()), Clause("notices", "", "Notices", ())
    sections = (Section("money", "1.", "Money", (fee, term, bare, unnumbered)),)
    return replace(sample(), opening=None, closing=None, schedules=(), sections=sections)


OURS = (
    page({740: "1. Money . . 1", 720: "Some words", 700: "1. Money", 660: "1.1 Fee", 640: "The fee is 500 dollars"}),
    page({700: "and no more", 660: "1.2 Term", 640: "It ends in May", 600: "Notices"}),
)


def stray(number: int, left: float, bottom: float, text: str) -> Stray:
    return Stray(number, next(line(left, bottom, text)))


@pytest.mark.parametrize(
    ("missing", "added", "before", "expected"),
    [
        ([(1, 100, 640, "500")], [(1, 100, 640, "900")], 0, [("1.1 Fee (page 1)", "500", "900")]),
        ([(1, 100, 640, "500")], [(3, 100, 640, "900")], 2, [("1.1 Fee (page 1)", "500", "900")]),
        ([(1, 100, 640, "500")], [], 0, [("1.1 Fee (page 1)", "500", "")]),
        ([], [(1, 100, 720, "x")], 0, [("page 1", "", "x")]),
        ([], [(1, 100, 690, "x")], 0, [("1. Money (page 1)", "", "x")]),
        ([], [(2, 100, 700, "x")], 0, [("1.1 Fee (page 2)", "", "x")]),
        ([], [(2, 100, 640, "x")], 0, [("1.2 Term (page 2)", "", "x")]),
        ([], [(2, 100, 580, "x")], 0, [("Notices (page 2)", "", "x")]),
        # Right above a heading, and in its line.
        ([], [(1, 100, 670, "x")], 0, [("1. Money (page 1)", "", "x")]),
        ([], [(1, 100, 660, "x")], 0, [("1.1 Fee (page 1)", "", "x")]),
        # Words of one line belong together, in their order; those of another do not.
        ([(1, 200, 640, "b"), (1, 100, 642, "a")], [], 0, [("1.1 Fee (page 1)", "a b", "")]),
        (
            [(1, 100, 640, "b"), (1, 100, 644.5, "a")],
            [],
            0,
            [("1.1 Fee (page 1)", "a", ""), ("1.1 Fee (page 1)", "b", "")],
        ),
        ([(1, 100, 640, "b"), (1, 100, 644, "a")], [], 0, [("1.1 Fee (page 1)", "a b", "")]),
        (
            [(2, 100, 640, "b"), (1, 100, 640, "a")],
            [],
            0,
            [("1.1 Fee (page 1)", "a", ""), ("1.2 Term (page 2)", "b", "")],
        ),
    ],
)
def test_where_words_differ(
    missing: list[tuple[int, float, float, str]],
    added: list[tuple[int, float, float, str]],
    before: int,
    expected: list[tuple[str, str, str]],
) -> None:
    found = Likeness(
        tuple(stray(*each) for each in missing), tuple(stray(*each) for each in added), before=(MORE,) * before
    )
    assert differences(agreement(), OURS, found) == tuple(Difference(*each) for each in expected)


def test_a_page_that_only_looks_otherwise_is_named() -> None:
    found = Likeness(added=(stray(2, 100, 640, "x"),), unlike=(1, 2))
    assert [each.place for each in differences(agreement(), OURS, found)] == ["1.2 Term (page 2)", "page 1"]


# What of the added a person has to read


NO_MARK = "in the margin stand words that are no known mark of a signing service"


def of(text: str) -> Page:
    return Page(WIDTH, HEIGHT, tuple(line(10, 700, text)))


def signing(name: str) -> Document:
    lines = (SignatureLine("Name:", "name", plain(name)), SignatureLine("Title:", "title", plain("Editor")))
    return replace(sample(), signatures=(SignatureBlock("sparrow-1", "sparrow", (), lines),))


@pytest.mark.parametrize(
    ("found", "doubts"),
    [
        (Likeness(), []),
        (
            Likeness(tolerated=(stray(2, 10, 30, "Fee"), stray(2, 70, 30, "doubled"), stray(1, 10, 30, "Void"))),
            [
                f"page 1: {NO_MARK}: “Void”; read them",
                f"page 2: {NO_MARK}: “Fee doubled”; read them",
            ],
        ),
        (
            Likeness(tolerated=tuple(replace(stray(1, 10, 400, each), at_field=True) for each in ("Wren", "Example"))),
            [],
        ),
        (
            Likeness(
                tolerated=tuple(replace(stray(1, 10, 400, each), at_field=True) for each in ("Editor", "2031-05-06"))
            ),
            [],
        ),
        (
            Likeness(tolerated=(replace(stray(1, 10, 400, "void"), at_field=True),)),
            [
                "page 1: at the signatures stand words that are no known stamp with the signatories' names and dates: "
                "“void”; read them"
            ],
        ),
        # A name is a stamp at a field, and no mark in a margin.
        (
            Likeness(tolerated=(stray(1, 10, 30, "Wren"), stray(1, 70, 30, "Example"))),
            [
                f"page 1: {NO_MARK}: “Wren Example”; read them",
            ],
        ),
        (
            Likeness(drawn=(3,)),
            ["page 3: in the margin something is drawn that cannot be read as words; look at it"],
        ),
        (
            Likeness(before=(of("A side letter."),), after=(EMPTY,)),
            [
                "a page was added before the agreement that is not known as a service's certificate: "
                "“A side letter.”; read it",
                "a page was added after the agreement that is not known as a service's certificate: it holds no words",
            ],
        ),
    ],
)
def test_what_is_no_known_form_has_to_be_read(found: Likeness, doubts: list[str]) -> None:
    added = judged(found, signing("Wren Example"), ())
    assert (added.certificate, list(added.doubts)) == ((), doubts)


def test_only_a_trusted_certificate_gives_a_name_to_a_stamp() -> None:
    found = Likeness(tolerated=tuple(replace(stray(1, 10, 400, each), at_field=True) for each in ("Finn", "Sample")))
    made = Signature("finch-1-signature", "signature", "Finn Sample")
    assert judged(found, signing("Wren Example"), [replace(made, trusted=True)]).doubts == ()
    for trusted in (False, None):
        assert judged(found, signing("Wren Example"), [replace(made, trusted=trusted)]).doubts


def certificate(*lines: str) -> Page:
    (text,) = returns.certificate(["Wren Example"])
    text = text.replace("sparrow-finch", "sample")
    return of(" ".join((*text.split(), *lines)))


@pytest.mark.parametrize(
    ("before", "after", "known"),
    [
        ((certificate(),), (), [0]),
        ((), (certificate(),), [0]),
        # Further pages of the service's lines are its certificate on its own side alone.
        ((), (certificate(), of("Status: Completed")), [0, 1]),
        ((certificate(), of("Status: Completed")), (), [0, 1]),
        ((certificate(),), (of("Status: Completed"),), [0]),
        ((of("Status: Completed"),), (certificate(),), [1]),
        # Two that claim to be one, one that says more, and none.
        ((certificate(),), (certificate(),), []),
        ((), (certificate("The", "fee", "is", "doubled."), of("Status: Completed")), []),
        ((), (of("Status: Completed"),), []),
    ],
)
def test_one_whole_certificate_is_known(before: tuple[Page, ...], after: tuple[Page, ...], known: list[int]) -> None:
    party = replace(sample().parties[0], legal_name="Sparrow")
    document = replace(signing("Wren Example"), id="sample", parties=(party,))
    added = judged(Likeness(before=before, after=after), document, ())
    pages = (*before, *after)
    assert [at for at, page in enumerate(pages) if any(page is each for each in added.certificate)] == known
    assert len(added.doubts) == len(pages) - len(known)
