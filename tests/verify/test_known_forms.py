"""What services and programs add: known when it is one of their forms from end to end, and shown whole when not."""

from __future__ import annotations

import pytest

from clausebook.verify.pages.known_forms import (
    Values,
    certificate_form,
    forms,
    is_mark,
    is_page,
    is_stamp,
    is_title_page,
    values,
)
from tests.support import returns

GIVEN = values(
    ["Imogen Tessaro", "Rufus Adeyemi-Lindqvist"],
    ["Harborview Regional Health", "Cornerway Stores Inc."],
    ["Chief Executive Officer"],
    ["retail-telehealth", "retail-telehealth.pdf"],
    ["imogen.tessaro@harborview.example rufus@cornerway.example fee-is-doubled@harborview.example x@evil.example"],
)
PAGE = "\n".join(returns.certificate(["Imogen Tessaro", "Rufus Adeyemi-Lindqvist"])[0].splitlines())
PAGE = PAGE.replace("imogen@sparrow.example", "imogen.tessaro@harborview.example")
PAGE = PAGE.replace("rufus@sparrow.example", "rufus@cornerway.example").replace("sparrow-finch", "retail-telehealth")


def test_e_mails_are_made_of_names() -> None:
    assert GIVEN.emails == {"imogen.tessaro@harborview.example", "rufus@cornerway.example"}


@pytest.mark.parametrize(
    ("email", "known"),
    [
        ("imogen.tessaro@harborview.example", True),
        ("imogen_tessaro@harborview.example", True),
        ("imogentessaro@harborview.example", True),
        ("imogen@harborview.example", True),
        ("tessaro@harborview.example", True),
        ("i.tessaro@harborview.example", True),
        ("imogen.t@harborview.example", True),
        ("it@harborview.example", True),
        ("(Rufus.Adeyemi-Lindqvist@cornerway.example),", True),
        ("ral@cornerway.example", True),
        ("rufus.lindqvist@cornerway.example", True),
        ("imogen@harborview-regional.example", True),
        ("imogen@health.harborview.example", True),
        # The names in another order, or with anything more.
        ("tessaro.imogen@harborview.example", False),
        ("imogen.void@harborview.example", False),
        ("void.imogen@harborview.example", False),
        ("imogenx@harborview.example", False),
        ("x@harborview.example", False),
        # At a house of another name.
        ("imogen@harborview-void.example", False),
        ("imogen@void.harborview.example", False),
        ("imogen@evil.example", False),
        ("imogen@example", False),
        ("imogen.tessaro", False),
    ],
)
def test_an_e_mail_that_says_more_than_names_is_none(email: str, known: bool) -> None:
    houses = ["Harborview Regional Health", "Cornerway Stores Inc."]
    given = values(["Imogen Tessaro", "Rufus Adeyemi-Lindqvist"], houses, [], [], [f"Sent to {email}"])
    assert bool(given.emails) is known


def test_an_e_mail_at_a_house_of_one_word_is_one() -> None:
    assert values(["Ann Bo"], ["Maps"], [], [], ["ann@maps.example"]).emails == {"ann@maps.example"}


def test_a_whole_page_is_known() -> None:
    assert certificate_form(PAGE, GIVEN) == "envelope"
    assert is_title_page(PAGE)
    assert not is_title_page("A side letter.")
    assert not is_title_page("A side letter. " * 40 + PAGE), "what begins in another way claims to be nothing"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Envelope Summary", "The parties further agree that the fee is doubled. Envelope Summary"),
        ("Status: Completed", "Status: Completed subject to board approval"),
        ("Security Level: Email", "Security Level: none"),
        ("Imogen Tessaro", "Mallory Other"),
        ("imogen.tessaro@harborview.example", "fee-is-doubled@harborview.example"),
        ("Using IP Address: 192.0.2.7", "Using IP Address: 192.0.2.7 void"),
        ("retail-telehealth.pdf", "side letter.pdf"),
        (returns.ENVELOPE, "for_30_days_only_and_then_void_01"),
        ("Status: Completed", "Status: Voided"),
    ],
)
def test_one_word_more_and_it_is_not(old: str, new: str) -> None:
    assert old in PAGE
    assert certificate_form(PAGE.replace(old, new, 1), GIVEN) == ""


def test_a_page_that_an_attacker_made_is_none() -> None:
    page = (
        "Certificate Of Completion Status: Completed Signed: Imogen Tessaro Signed: Rufus Adeyemi-Lindqvist Viewed Sent"
    )
    assert certificate_form(page, GIVEN) == ""


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (f"Docusign Envelope ID: {returns.ENVELOPE}", True),
        (f"Docusign Envelope ID: {returns.ENVELOPE} Docusign Envelope ID: {returns.ENVELOPE}", True),
        ("Docusign Envelope ID: for_30_days_only_and_then_void_01", False),
        ("for_30_days_only_and_then_void_01", False),
        ("Docusign Envelope ID:", False),
        ("Doc ID: 4be0643f1d98573b97dcdca98a65347b6e0a1f1c", True),
        ("Fee doubled", False),
        ("3", False),
    ],
)
def test_marks_in_the_margins(text: str, known: bool) -> None:
    assert is_mark(text, GIVEN) == known


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Signed by Imogen Tessaro, Harborview Regional Health 2031-05-06 09:14:03 +00:00", True),
        ("Digitally signed by Imogen Tessaro. Timestamp: 2031-05-06 09:14:03 UTC.", True),
        ("Digitally signed by IMOGEN TESSARO Date: 2031.05.06 09:14:03 +02'00'", True),
        ("Imogen Tessaro Chief Executive Officer 2031-05-06", True),
        ("Senior Vice President and General Counsel", True),
        ("Signed by Mallory Other 2031-05-06 09:14:03 +00:00", False),
        ("Imogen Tessaro for_30_days_only_and_then_void_01", False),
        ("Imogen Tessaro subject to board approval", False),
        ("Imogen", False),
        ("Vice President of nothing", False),
    ],
)
def test_stamps_at_the_fields(text: str, known: bool) -> None:
    assert is_stamp(text, GIVEN) == known


def test_every_form_is_whole() -> None:
    for name, form in forms().items():
        assert form.fields, name
        if form.begins:
            assert form.pages, name
            assert form.completed, name
            assert any(form.completed in line for line in form.pages), name


def test_names_that_look_like_patterns_are_names() -> None:
    given = values(["Ann .* Other"], [], [], [], [])
    assert is_stamp("Signed by Ann .* Other", given)
    assert not is_stamp("Signed by Ann Void Other", given)
    assert not is_stamp("Signed by", Values())
    assert not is_page("", "envelope", given)


def test_long_texts_are_judged_in_time() -> None:
    assert not is_stamp("1 " * 100_000 + "x", GIVEN)
    assert certificate_form(PAGE + " Status: Completed" * 20_000 + " x", GIVEN) == ""
