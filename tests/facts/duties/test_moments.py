"""Days are reckoned right: month ends, leap years, business days, periods; and what cannot be reckoned says so."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.facts.duties.asked_due import DueAsked, StartAsked
from clausebook.facts.duties.moments import MOST, OPEN_ENDED, Happened, Known, Moment, falling, moment
from clausebook.language.reckoning import Unreckonable, business_day
from clausebook.library.declared import Counting
from tests.support.tiers import examples

DAYS = st.dates(date(1990, 1, 1), date(2150, 12, 31))


def start(basis: str = "on", says: str = "", *among: StartAsked, counts: bool = True, **shifts: str) -> StartAsked:
    return StartAsked(basis, says, among, counts, tuple(shifts.items()), "US", "")  # type: ignore[arg-type]


def due(begins: StartAsked, every: str = "", at: str = "end", times: str = "", *, repeats: bool = False) -> DueAsked:
    return DueAsked(begins, every, at, "end", times, repeats)  # type: ignore[arg-type]


def known(end: str = "", **events: str) -> Known:
    happened = {
        name.replace("_", "-"): tuple(Happened(date.fromisoformat(day)) for day in days.split())
        for name, days in events.items()
    }
    dates = {"end": Moment(date.fromisoformat(end), f"{end}, End of the term") if end else None}
    return Known(happened, dates.get)


def days(asked: DueAsked, of: Known, since: str = "", until: str = "") -> list[str]:
    return [str(each.moment.day or "") for each in falling(asked, of, since, until)[0]]


@pytest.mark.parametrize(
    ("begins", "shifts", "day"),
    [
        ("2028-02-29", {"plus": "P1Y"}, "2029-02-28"),
        ("2027-01-31", {"plus": "P1M"}, "2027-02-28"),
        ("2027-12-31", {"minus": "P120D"}, "2027-09-02"),
        ("2027-04-19", {"lasting": "P2Y"}, "2029-04-18"),
        ("2027-02-28", {"lasting": "P1M"}, "2027-03-27"),
        ("2028-03-01", {"lasting": "P1Y"}, "2029-02-28"),
        ("2027-03-01", {"lasting": "P1Y"}, "2028-02-29"),
        ("2028-02-29", {"lasting": "P1Y"}, "2029-02-28"),
        ("2027-01-31", {"lasting": "P1M"}, "2027-02-28"),
        ("2026-08-31", {"lasting": "P1M"}, "2026-09-30"),
        ("2027-07-02", {"business_days": "1"}, "2027-07-06"),
        ("2027-07-06", {"business_days": "-1"}, "2027-07-02"),
        ("2027-05-10", {"plus": "PT24H"}, "2027-05-11"),
        ("2027-05-10", {"plus": "PT36H"}, "2027-05-12"),
    ],
)
def test_a_day_is_moved_by_the_calendar(begins: str, shifts: dict[str, str], day: str) -> None:
    found = moment(start("on", begins, **shifts), known())
    assert found
    assert str(found.day) == day


@settings(max_examples=examples(200))
@given(DAYS, st.integers(0, 60), st.integers(0, 400))
def test_a_duration_later_is_what_another_library_says(day: date, months: int, more: int) -> None:
    found = moment(start("on", str(day), plus=f"P{months}M{more}D"), known())
    assert found
    assert found.day == day + relativedelta(months=months) + timedelta(days=more)


@settings(max_examples=examples(200))
@given(DAYS, st.integers(1, 48))
def test_times_that_follow_each_other_leave_no_day_out_and_have_none_in_common(day: date, months: int) -> None:
    asked = due(start("on", str(day)), f"P{months}M", times="40")
    ends = [each.moment.day for each in falling(asked, known(), "", "")[0]]
    begins = [day, *(end + timedelta(days=1) for end in ends[:-1] if end)]
    assert len(ends) == 40
    for number, (opens, closes) in enumerate(zip(begins, ends, strict=True)):
        following = day + relativedelta(months=months * (number + 1))
        lacks_the_day = day.day > monthrange(following.year, following.month)[1]
        assert closes == (following if lacks_the_day else following - timedelta(days=1))
        assert opens <= closes


@pytest.mark.parametrize(
    ("begins", "way", "day"),
    [
        (start("on", "2027-05-20", plus="P10D"), "", "2027-06-01"),
        (start("on", "2027-05-20", plus="P10D"), "none", "2027-05-30"),
        (start("on", "2027-05-20", plus="P11D"), "", "2027-06-01"),
        (start("on", "2027-05-20", plus="P12D"), "", "2027-06-01"),
        (start("on", "2027-05-30"), "", "2027-05-30"),
        (start("on", "2030-02-25", minus="P120D"), "", "2029-10-28"),
        (start("on", "2030-02-25", minus="P120D"), "previous", "2029-10-26"),
    ],
)
def test_a_time_that_ends_on_no_business_day_ends_as_the_text_counts(begins: StartAsked, way: Any, day: str) -> None:
    # May 30, 2027 is a Sunday and May 31 Memorial Day; October 28, 2029 is a Sunday.
    counts = replace(known(), counting=Counting("next", "Schedule B, 12(a)"))
    (found,) = falling(replace(due(begins), roll=way), counts, "", "")[0]
    assert str(found.moment.day) == day
    moved = day == "2027-06-01" and found.moment.words.startswith(("10 days", "11 days"))
    assert ("the next one counts (Schedule B, 12(a))" in found.moment.words) == moved


def test_periods_of_the_calendar_are_those_that_end_after_the_start() -> None:
    asked = replace(due(start("on", "2027-03-15", plus="P20D"), "quarterly"), calendar=True, whole=True)
    assert days(asked, known("2028-03-14")) == ["2027-04-20", "2027-07-20", "2027-10-20", "2028-01-20"]


def test_a_business_day_of_each_month_counts_from_its_first_day() -> None:
    asked = replace(due(start("on", "2027-03-10", minus="P1D", business_days="5"), "monthly", "start"), calendar=True)
    assert days(asked, known("2027-06-06")) == ["2027-04-07", "2027-05-07"]


def test_a_period_that_the_end_cuts_short_counts_unless_it_must_be_whole() -> None:
    asked = due(start("on", "2027-02-01"), "monthly")
    assert days(asked, known("2027-04-15")) == ["2027-02-28", "2027-03-31", "2027-04-15"]
    assert days(replace(asked, whole=True), known("2027-04-15")) == ["2027-02-28", "2027-03-31"]


def test_a_week_is_no_period_of_the_calendar() -> None:
    with pytest.raises(Unreckonable, match="is no period of the calendar"):
        days(replace(due(start("on", "2027-02-01"), "weekly"), calendar=True), known("2027-04-15"))


@settings(max_examples=examples(100))
@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(1, 60))
def test_business_days_go_forth_and_back(day: date, count: int) -> None:
    later = business_day(day, count, "US", "")
    assert later.weekday() < 5
    assert business_day(later + timedelta(days=1), -1, "US", "") == later
    assert sum(business_day(day, each, "US", "") <= later for each in range(1, count + 5)) == count


def test_the_end_that_nobody_knows_yet_is_called_by_its_words() -> None:
    waiting = moment(start("event", "ended"), known())
    assert waiting
    assert waiting.words == "the day on which it ends, which is not recorded yet"


def test_what_waits_for_an_event_is_open_until_it_is_recorded() -> None:
    begins = start("event", "notice-of-breach", plus="P20D")
    waiting = moment(begins, known())
    assert waiting
    assert waiting.day is None
    assert waiting.waits == ("notice-of-breach",)
    assert "20 days after the day of notice of breach, which is not recorded yet" in waiting.words
    found = moment(begins, known(notice_of_breach="2027-05-01"))
    assert found
    assert str(found.day) == "2027-05-21"


def test_the_latest_waits_for_all_and_the_earliest_for_one() -> None:
    both = (start("on", "2027-03-01"), start("event", "license"))
    latest, earliest = (moment(start(name, "", *both), known()) for name in ("latest", "earliest"))
    assert latest
    assert latest.day is None
    assert latest.waits == ("license",)
    assert earliest
    assert str(earliest.day) == "2027-03-01"
    dated = moment(start("latest", "", *both), known(license="2027-04-01"))
    assert dated
    assert str(dated.day) == "2027-04-01"


def test_what_does_not_count_and_what_the_data_leave_out_is_passed_over() -> None:
    begins = start("latest", "", start("on", ""), start("event", "license", counts=False), start("on", "2027-03-01"))
    found = moment(begins, known())
    assert found
    assert str(found.day) == "2027-03-01"
    assert moment(start("on", ""), known()) is None
    assert moment(start("recorded", "ended"), known()) is None


def test_the_last_period_ends_with_the_term() -> None:
    asked = due(start("on", "2027-01-01", plus="P30D"), "quarterly")
    assert days(asked, known("2027-08-15")) == ["2027-04-30", "2027-07-30", "2027-09-14"]


def test_periods_that_follow_an_end_are_counted_from_it() -> None:
    term = start("on", "2026-03-01", lasting="P2Y")
    known_term = Known({}, {"end": None, "term": moment(term, known())}.get)
    asked = due(start("date", "term", minus="P90D"), "P1Y", "start", times="3")
    # The terms end on February 29, 2028, and on February 28 of 2029 and 2030.
    assert days(asked, known_term) == ["2027-12-01", "2028-11-30", "2029-11-30"]


def test_each_event_of_a_name_is_followed_by_a_time_of_its_own() -> None:
    asked = due(start("event", "incident", plus="P3D"), repeats=True)
    assert days(asked, known(incident="2027-05-01 2027-06-01")) == ["2027-05-04", "2027-06-04"]
    assert days(asked, known()) == [""]


def test_what_has_no_end_is_listed_a_while_and_as_far_as_somebody_asks() -> None:
    asked = due(start("on", "2027-01-01"), "monthly")
    found, more = falling(asked, known(), "", "")
    assert len(found) == OPEN_ENDED
    assert more
    assert len(days(asked, known(), "2030-01-01", "2030-12-31")) == 12


def test_two_hundred_years_of_days_are_bounded() -> None:
    found, more = falling(due(start("on", "2027-01-01"), "daily"), known("2227-01-01"), "", "")
    assert len(found) == MOST
    assert more
    last = ["2226-12-30", "2226-12-31", "2227-01-01"]
    last = ["2226-12-30", "2226-12-31", "2227-01-01"]
    assert days(due(start("on", "2027-01-01"), "daily"), known("2227-01-01"), last[0]) == last


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (due(start("on", "2027-01-01"), "P0D"), "no length"),
        (due(start("on", "soon")), "is no date"),
        (due(start("on", "2027-01-01", plus="soon")), "is no duration"),
        (due(start("on", "2027-01-01"), "fortnightly"), "is no duration"),
        (due(start("on", "2027-01-01", business_days="two")), "whole number"),
        (due(start("on", "2027-01-01", business_days="5000")), "more than 1,000"),
        (due(start("on", "9999-12-01", plus="P1Y")), "beyond the years"),
        (due(start("on", "2027-01-01"), "P1M", times="-1"), "whole number"),
        (due(start("on", "2027-01-01"), "P1M", times="9" * 5000), "whole number"),
        (due(start("on", "2027-01-01"), "P401Y"), "more than 400 years"),
        (due(start("on", "2027-01-01", plus="P999999D")), "more than 400 years"),
        # What waits for its event is no reason to find out only when that has happened.
        (due(start("event", "opening"), "P0D"), "no length"),
        (due(start("event", "opening"), "P999999Y"), "more than 400 years"),
        (due(start("event", "opening"), "P1M", times="often"), "whole number"),
        (due(start("event", "opening", plus="P999999D")), "more than 400 years"),
        (
            due(replace(start("event", "opening", business_days="2"), country="XX")),
            "no public holidays are known of XX",
        ),
    ],
)
def test_what_cannot_be_reckoned_says_so(asked: DueAsked, said: str) -> None:
    with pytest.raises(Unreckonable, match=said):
        falling(asked, known(), "", "")
