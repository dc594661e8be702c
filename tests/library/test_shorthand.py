"""Terms by their plain words and references as `[[slot]]`: the same clause as with calls."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.library.shorthand import phrases

FORMS = ("Party", "Parties", "Term", "Renewal Term", "Data Flow", "Fees")
NAMES = ("Data Flow Act", "CFR")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Each Party pays.", "Each {{ term('Party') }} pays."),
        ("the Party’s Fees", "the {{ term('Party') }}’s {{ term('Fees') }}"),
        ("the Party's share", "the {{ term('Party') }}'s share"),
        ("a Renewal Term of", "a {{ term('Renewal Term') }} of"),
        ("a Renewal\n   Term of", "a {{ term('Renewal Term')\n }} of"),
        ("a Renewal\n\nTerm of", "a Renewal\n\n{{ term('Term') }} of"),
        (r"\Term of years", "Term of years"),
        (r"no \Renewal Term", "no Renewal Term"),
        ("the Data Flow Act and its Data Flow", "the Data Flow Act and its {{ term('Data Flow') }}"),
        ("Terminal, Partying, party, non-Party, Party-led", None),
        ("1. **Fees.** The Fees are due.", "1. **Fees.** The {{ term('Fees') }} are due."),
        ("**Fees** and more", "**{{ term('Fees') }}** and more"),
        ("[the Act](https://example.org/Fees)", None),
        ("{{ 'Fees' }}{% if Term %}{# Party #}{{ term('Fees') }}", None),
        ("{{ term('Fees", None),
        ("see [[notices]] and [[notices#fax]]", "see {{ ref('notices') }} and {{ ref('notices', 'fax') }}"),
        ("see [[No Such\\']]", "see {{ ref('No Such\\\\\\'') }}"),
        ("a [box] and [ [x]", None),
    ],
)
def test_what_is_short_is_written_out(short: str, long: str | None) -> None:
    expected = short if long is None else long
    if "Party-led" in short:
        expected = short.replace("Party-led", "{{ term('Party') }}-led")
    assert phrases(FORMS, NAMES).written_out(short) == expected


@given(st.lists(st.sampled_from([*FORMS, *NAMES, " ", "\n", "\\", "[[", "]]", "a", "#", "**", ".", "{{", "}}", "'"])))
def test_lines_stay_and_what_is_written_out_stays(parts: list[str]) -> None:
    source = "".join(parts)
    long = phrases(FORMS, NAMES).written_out(source)
    assert long.count("\n") == source.count("\n")
    if "\\" not in source:
        assert phrases(FORMS, NAMES).written_out(long) == long


def test_without_terms_nothing_is_recognised() -> None:
    assert phrases((), ()).written_out("Each Party.") == "Each Party."


@pytest.mark.parametrize("hostile", ["{{" * 60_000, "[[" * 60_000, "**" * 60_000, "\\" * 120_000, "](" * 60_000])
def test_a_hostile_text_takes_no_longer_than_another(hostile: str) -> None:
    begun = time.process_time()
    phrases(FORMS, NAMES).written_out(hostile)
    phrases(FORMS, NAMES).undefined(hostile)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Each Party names a Project Lead, and the Project\nLead acts.", [(1, 20, "Project Lead")]),
        ("It says so. The Party and Others agree.", [(1, 27, "Others")]),
        ("**Notices to Sellers.** Each Party writes.", []),
        ("under 45 CFR 164 and the Data Flow Act", []),
        ("{% if x %}{% endif %} The Party", []),
        ("grade A or better, as I see it", []),
        ("pays;\n\nNothing else", []),
        ("1. one;\n2. Two things", []),
        (r"no \Parties here", []),
        ("the first\nline of the Zoo", [(2, 13, "Zoo")]),
    ],
)
def test_capitals_of_no_term_are_found_where_they_stand(text: str, found: list[tuple[int, int, str]]) -> None:
    assert list(phrases(FORMS, NAMES).undefined(text)) == found
