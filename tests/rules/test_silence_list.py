"""What a deal leaves to the standard, as a person reads it."""

from __future__ import annotations

from clausebook.assemble.left_to_standard import Silent
from clausebook.rules.silence_list import LeftOpen, as_text, left_open

SILENCES = (
    Silent("/duties/0/due", "duties", "2.1 Duties", ""),
    Silent("/duties/2/due", "duties", "2.1 Duties", ""),
    Silent("/notice", "end", "6.2 Termination", "No Party may end this Agreement for convenience."),
    Silent("/notice", "end", "6.2 Termination", ""),
)


def test_the_same_field_of_several_items_stands_once_and_words_win() -> None:
    assert left_open(SILENCES, {"/notice": "Notice period"}.get) == (  # type: ignore[arg-type]
        LeftOpen("2.1 Duties", "due", ("/duties/0/due", "/duties/2/due"), ""),
        LeftOpen(
            "6.2 Termination",
            "Notice period",
            ("/notice",),
            "No Party may end this Agreement for convenience.",
        ),
    )


def test_what_the_standard_decides_comes_before_what_it_says_nothing_of() -> None:
    told = as_text("pear-orchard", left_open(SILENCES, lambda pointer: ""))
    assert told.splitlines() == [
        "pear-orchard: left to the standard",
        "  6.2 Termination",
        "    notice (/notice): “No Party may end this Agreement for convenience.”",
        "  Nothing is said of",
        "    2.1 Duties: due",
    ]
