"""What changed from one number of a format to the next, as data."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.formats.renames import CHANGES, carried, former, renames, under_all_names
from clausebook.formats.table import FORMATS
from clausebook.records.since_execution import contract_data

names = st.sampled_from(["id", "key", "title", "wording", "format"])
values = st.recursive(
    st.text(max_size=3) | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
agreements = st.dictionaries(st.sampled_from(["id", "schedules", "parties"]), values, max_size=3)


def test_each_change_makes_a_number_that_is_known() -> None:
    for name, made in CHANGES.items():
        assert set(made) <= set(FORMATS[name].numbers[1:])


def test_a_handle_of_a_schedule_became_its_key() -> None:
    first = {"id": "a", "schedules": [{"id": "plates", "title": "Plates"}]}
    second = {"format": 2, "id": "a", "schedules": [{"key": "plates", "title": "Plates"}]}
    assert carried(first, "agreement", 1, 2) == second
    assert carried(second, "agreement", 2, 2) is second
    assert list(carried(first, "agreement", 1, 2)["schedules"][0]) == ["key", "title"]


@given(agreements)
def test_what_is_carried_stays_as_it_was(data: dict[str, Any]) -> None:
    before = copy.deepcopy(data)
    carried(data, "agreement", 1, 2)
    under_all_names(data, "agreement", 1)
    assert data == before


@given(agreements)
def test_a_clause_of_any_time_finds_a_deal_of_any_time(data: dict[str, Any]) -> None:
    later = carried(data, "agreement", 1, 2)
    assert contract_data({**data, "lifecycle": {}}) == under_all_names(data, "agreement", 1)
    schedules = data.get("schedules")
    if isinstance(schedules, list) and not any(isinstance(each, dict) and "key" in each for each in schedules):
        assert contract_data(later) == contract_data(data)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("schedules", 0, "key"), ("schedules", 0, "id")),
        (("schedules", "12", "key", "x"), ("schedules", "12", "id", "x")),
        (("schedules", 0, "title"), ("schedules", 0, "title")),
        (("parties", 0, "key"), ("parties", 0, "key")),
        (("schedules",), ("schedules",)),
        ((), ()),
    ],
)
def test_a_place_is_found_under_its_former_name(path: tuple[str | int, ...], found: tuple[str | int, ...]) -> None:
    assert former(path, "agreement", 1) == found
    assert former(path, "agreement", 2) == path


def test_formats_that_never_changed_have_no_changes() -> None:
    assert renames("clause", 1, 1) == renames("agreement", 2, 2) == ()
