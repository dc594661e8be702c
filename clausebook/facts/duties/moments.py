"""Reckon days: what counts from what, month ends and business days, each with its arithmetic in words. No clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice

from clausebook.facts.duties.asked_due import DueAsked, StartAsked
from clausebook.language.filters import FilterError, duration_in_words
from clausebook.language.reckoning import (
    FREQUENCIES,
    Unreckonable,
    business_day,
    is_business_day,
    moved,
    plain,
    public_holidays,
)
from clausebook.library.declared import Counting

MOST = 1_000
"""Days of one duty that are listed, at most; there may be more, and it is told."""

OPEN_ENDED = 12
"""Times that are listed of what has no known end, where nobody asks until when."""

MOST_PERIODS = 100_000
"""Periods that are gone through to find those in question: some 270 years of days."""

MOST_BUSINESS_DAYS = 1_000

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or what it waits for: `waits` names events that no journal records yet, and then `day` is None.

    `words` say how it is reckoned. `closes` tells that what ends, ends with this day: what follows begins on the next.
    """

    day: date | None
    words: str
    waits: tuple[str, ...] = ()
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that came to pass; `key` tells those of one name apart."""

    day: date
    key: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What days are reckoned from: events by name, oldest first, and key dates by name.

    `dates` gives None for one that the deal does not have, and raises Unreckonable for a name that is none, or that
    counts from itself. Of `counting`, `place` is the number in the text.
    """

    events: Mapping[str, tuple[Happened, ...]]
    dates: Callable[[str], Moment | None]
    counting: Counting = field(default_factory=Counting)

    def without(self, keys: Set[str]) -> Known:
        """Leave out the events of some keys."""
        kept = {name: tuple(each for each in found if each.key not in keys) for name, found in self.events.items()}
        return replace(self, events=kept) if keys else self


def moment(start: StartAsked, known: Known) -> Moment | None:
    """Return the day from which something counts, with what moves it; None where the data give none."""
    found = _base(start, known)
    return shifted(found, start) if found else None


def shifted(found: Moment, start: StartAsked) -> Moment:
    """Return a day moved as a start says."""
    for name, amount in start.shifts:
        found = _SHIFTS[name](found, amount, start) if amount else found
    return found


def _base(start: StartAsked, known: Known) -> Moment | None:
    match start.basis:
        case "on":
            return Moment(_day(start.says), start.says) if start.says else None
        case "event":
            return _event(start.says, known)
        case "recorded":
            return _event(start.says, known) if known.events.get(start.says) else None
        case "date":
            return known.dates(start.says)
    there = [found for each in start.among if each.counts and (found := moment(each, known))]
    if not there:
        return None
    dated = [each for each in there if each.day]
    if start.basis == "earliest":
        return min(dated, key=lambda each: each.day or date.max) if dated else there[0]
    waits = tuple(dict.fromkeys(name for each in there for name in each.waits))
    if waits:
        parts = ", or ".join(each.words for each in there)
        return Moment(None, f"the latest of: {parts}" if len(there) > 1 else parts, waits)
    return max(there, key=lambda each: each.day or date.min)


def _event(name: str, known: Known) -> Moment:
    found = known.events.get(name)
    if found:
        return happened(found[-1], name)
    return Moment(None, f"{_OWN_DAYS.get(name) or f'the day of {called(name)}'}, which is not recorded yet", (name,))


_OWN_DAYS: Mapping[str, str] = {
    "last-signature": "the day of the last signature",
    "conditions-met": "the day on which all conditions are met",
    "renewed-until": "the day until which it is renewed",
    "ended": "the day on which it ends",
}
"""What the day of an event of the program's own is called."""


def happened(event: Happened, name: str) -> Moment:
    """Return the day of an event."""
    return Moment(event.day, f"{event.day}, {called(name)}{f' “{event.key}”' if event.key else ''}")


def called(name: str) -> str:
    """Return an event's name in words."""
    return name.replace("-", " ")


def _lasting(found: Moment, amount: str, start: StartAsked) -> Moment:
    said = f"the last day of {words_of(amount)} from {found.words}"
    if found.day is None:
        return replace(found, words=said, closes=True)
    first = found.day + ONE_DAY if found.closes else found.day
    return Moment(_last_day(first, amount, 1), said, closes=True)


def _later(found: Moment, amount: str, start: StartAsked) -> Moment:
    day = found.day and _moved(found.day, amount, 1)
    return replace(found, day=day, words=f"{words_of(amount)} after {found.words}", closes=False)


def _earlier(found: Moment, amount: str, start: StartAsked) -> Moment:
    day = found.day and _moved(found.day, amount, -1)
    return replace(found, day=day, words=f"{words_of(amount)} before {found.words}", closes=False)


def _business_days(found: Moment, amount: str, start: StartAsked) -> Moment:
    try:
        count = int(amount)
    except ValueError:
        raise Unreckonable(f"business days are a whole number, not “{amount[:80]}”") from None
    if abs(count) > MOST_BUSINESS_DAYS:
        raise Unreckonable(f"more than {MOST_BUSINESS_DAYS:,} business days are not reckoned with")
    where = f"{start.country}{f'-{start.region}' if start.region else ''}"
    noun = "business day" if abs(count) == 1 else "business days"
    said = f"{abs(count)} {noun} ({where}) {'after' if count >= 0 else 'before'} {found.words}"
    if found.day is None:
        public_holidays(start.country, start.region)
        return replace(found, words=said, closes=False)
    return Moment(business_day(found.day, count, start.country, start.region), said)


_SHIFTS: Mapping[str, Callable[[Moment, str, StartAsked], Moment]] = {
    "lasting": _lasting,
    "plus": _later,
    "minus": _earlier,
    "business_days": _business_days,
}


@dataclass(frozen=True, slots=True)
class Falling:
    """One time that something is due: `number` counts from 1, or `key` names the event that it follows.

    `period` are the first and the last day of the period that it is for, or None.
    """

    number: int
    moment: Moment
    key: str = ""
    period: tuple[date, date] | None = None


def falling(due: DueAsked, known: Known, since: str, until: str) -> tuple[tuple[Falling, ...], bool]:
    """Return the times at which something is due between two days, ISO 8601 or "", and whether there are more.

    What is open is always among them. Raises Unreckonable.
    """
    name, most = due.start.says, MOST
    if due.every:
        last = None if due.times else known.dates(due.until)
        endless = not due.times and (last is None or last.day is None)
        every, most = _periods(due, known, last, until), OPEN_ENDED if endless and not until else MOST
    elif due.repeats and known.events.get(name):
        each_time = enumerate(known.events[name], 1)
        every = (Falling(n, shifted(happened(each, name), due.start), each.key) for n, each in each_time)
    else:
        found = moment(due.start, known)
        every = iter((Falling(1, found),) if found else ())
    moved_on = (replace(each, moment=rolled(each.moment, due, known)) for each in every)
    there = (each for each in moved_on if _within(each.moment.day, since, until))
    kept = tuple(islice(there, most + 1))
    return kept[:most], len(kept) > most


def rolled(found: Moment, due: DueAsked, known: Known) -> Moment:
    """Return a day, or the business day beside it, if it is none and the text, or what is due, says that it moves."""
    forwards = dict(due.start.shifts).get("plus")
    way = due.roll or (known.counting.roll if forwards else "")
    if found.day is None or way not in ("next", "previous"):
        return found
    there = (found.day, due.start.country, due.start.region)
    if is_business_day(*there):
        return found
    day = business_day(found.day, 1 if way == "next" else -1, *there[1:])
    place = f" ({known.counting.place})" if way == known.counting.roll and known.counting.place else ""
    return replace(
        found, day=day, words=f"{found.words}; {found.day} is no business day, and the {way} one counts{place}"
    )


def _within(day: date | None, since: str, until: str) -> bool:
    return day is None or since <= day.isoformat() <= (until or date.max.isoformat())


def _periods(due: DueAsked, known: Known, last: Moment | None, until: str) -> Iterator[Falling]:
    """Yield what is due for each period, the earliest first, until the term or the days in question end."""
    first = _base(due.start, known)
    if first is None:
        return
    length = FREQUENCIES.get(due.every, due.every)
    said, most = f"{words_of(length)} from {first.words}", _times(due.times)
    if _length(length) == (0, 0):
        raise Unreckonable(f"a period of {words_of(length)} has no length")
    if first.day is None:
        open_still = replace(first, words=f"the {due.at} of each period of {said}", closes=False)
        yield Falling(1, shifted(open_still, due.start))
        return
    begun = first.day + ONE_DAY if first.closes else first.day
    if due.calendar:
        begun, said = _calendar_start(begun, length), f"{words_of(length)} of the calendar"
    end = last.day if last and last.day and not due.times else date.max
    for number in range(1, most + 1):
        try:
            opens, closes = _moved(begun, length, number - 1), _last_day(begun, length, number)
        except Unreckonable:
            return  # beyond the year 9999
        if opens > end or (due.whole and closes > end):
            return
        # What begins with the end of something else counts from that end, for whoever must act before it.
        back = ONE_DAY if first.closes and not due.calendar else timedelta()
        day = min(closes, end) if due.at == "end" else opens - back
        words = f"{day}, the {due.at} of period {number}, each of {said}"
        found = shifted(Moment(day, words), due.start)
        if found.day and ((due.at == "start" and found.day > end) or (until and found.day.isoformat() > until)):
            return  # what moves the day is the same for all periods: none that follows is due earlier
        if not due.calendar or (found.day and found.day >= first.day):
            yield Falling(number, found, period=(opens, min(closes, end)))


def _calendar_start(day: date, length: str) -> date:
    """Return the first day of the month, quarter, half or year of the calendar in which a day lies."""
    months, days = _length(length)
    if days or 12 % months:
        raise Unreckonable(
            f"{words_of(length)} is no period of the calendar: it is a month, a quarter, a half or a year"
        )
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _times(said: str) -> int:
    if said and not (said.isdecimal() and len(said) < 10):
        raise Unreckonable(f"how often it is due is a whole number, not “{said[:80]}”")
    return min(int(said), MOST_PERIODS) if said else MOST_PERIODS


def words_of(amount: str) -> str:
    """Return a duration in words. Raises Unreckonable if it is none, or too long."""
    _length(amount)
    try:
        return duration_in_words(amount, "en-US").replace("\N{NO-BREAK SPACE}", " ")
    except FilterError:
        raise Unreckonable(f"“{amount}” is no duration, such as P30D") from None


def later(day: str, amount: str) -> str:
    """Return the day, ISO 8601, a duration later. Raises Unreckonable if it is none."""
    return _moved(_day(day), amount, 1).isoformat()


def _moved(day: date, amount: str, sign: int) -> date:
    return moved(day, _length(amount), sign)


def _length(amount: str) -> tuple[int, int]:
    """Return a duration in months and days. Raises Unreckonable."""
    found = plain(amount)
    if not isinstance(found, tuple):
        raise Unreckonable(f"“{amount}” is no duration, such as P30D")
    return found


def _last_day(begun: date, amount: str, count: int) -> date:
    """Return the last day of a time that begins on a day; where a month lacks that day, the time ends with the month.

    A month from January 31 ends on February 28, and a year from March 1, 2027 on February 29, 2028.
    """
    return max(_moved(begun, amount, count) - ONE_DAY, _moved(begun - ONE_DAY, amount, count))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreckonable(f"“{text}” is no date, such as 2027-04-19") from None
