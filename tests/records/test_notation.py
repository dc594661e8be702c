"""Records as YAML: written in one way, and read strictly, whoever wrote them."""

from __future__ import annotations

from typing import Any

import pytest

from clausebook.records.model import TURN_FORMAT, ClauseVersion, Turn
from clausebook.records.notation import read, write

TURN = Turn("wren", 3, "sent", "2026-03-04", "finch", "1.0", "ab12", "As agreed.", (ClauseVersion("a", "b", "1.0"),))
GIVEN: dict[str, Any] = {"agreement": "wren", "number": 3}
WRITTEN = write(TURN, TURN_FORMAT, "A turn.", tuple(GIVEN)).decode()


def found(text: str) -> tuple[Turn | None, list[tuple[str, str]]]:
    turn, findings = read(Turn, text.encode(), "turn.yaml", "turn", GIVEN)
    assert all((each.path, each.line > 0) == ("turn.yaml", True) for each in findings)
    assert all(each.hint for each in findings)
    return turn, [(each.rule, each.message) for each in findings]


def test_what_is_written_is_read_again_with_what_its_place_tells() -> None:
    assert "agreement:" not in WRITTEN
    assert found(WRITTEN) == (TURN, [])
    assert found(f"{WRITTEN}agreement: wren\nnumber: 3\nx-note: [1]\n") == (TURN, [])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "agreement: finch\n", "`agreement` is not wren, as the place of the file says"),
        ("", "y-note: a\n", "`y-note` is unknown"),
        ("party: ", "x-party: ", "`party` is missing"),
        ('direction: "sent"', 'direction: "flown"', "`direction` is none of sent, received"),
        ("date: 2026-03-04", "date: 7", "`date` is no text"),
        ("date: 2026-03-04", "date: [2026-03-04]", "`date` is no text"),
        ('- slot: "a"', '- slot: "a"\n    more: "a"', "`clauses/0/more` is unknown"),
        ('- slot: "a"', "- slot: true", "`clauses/0/slot` is no text"),
        ("clauses:", "clauses: ab\nx-clauses:", "`clauses` is no list"),
        ("clauses:", "clauses: [ab]\nx-clauses:", "`clauses/0` is not made of names and values"),
        ("turn/1", "record/1", "`format` is not clausebook-turn/1"),
    ],
)
def test_what_is_not_as_it_was_written_is_damaged(old: str, new: str, said: str) -> None:
    assert old in WRITTEN
    assert found(WRITTEN.replace(old, new, 1) if old else WRITTEN + new) == (None, [("core/record-damaged", said)])


def test_the_number_of_a_turn_is_a_number() -> None:
    turn, (finding,) = read(Turn, WRITTEN.encode(), "turn.yaml", "turn", {**GIVEN, "number": "3"})
    assert (turn, finding.message) == (None, "`number` is no number")


def test_a_record_of_a_newer_program_is_not_called_damaged() -> None:
    turn, ((rule, said),) = found(WRITTEN.replace("turn/1", "turn/2"))
    assert (turn, rule) == (None, "core/format-unknown")
    assert "this is format 2 of a turn" in said


@pytest.mark.parametrize("text", ["[]", "a: [", "a", f"{WRITTEN}party: finch\n"])
def test_what_is_no_sound_yaml_of_names_and_values_is_no_record(text: str) -> None:
    turn, findings = read(Turn, text.encode(), "turn.yaml", "turn", GIVEN)
    assert turn is None
    assert findings
