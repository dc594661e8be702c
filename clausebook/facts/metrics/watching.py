"""Hold what was measured against a target: met, on track, at risk or missed, with the arithmetic. Pure, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from clausebook.language.filters import date_in_words
from clausebook.language.reckoning import FREQUENCIES, Unreckonable, moved, plain
from clausebook.records.results_files import MetricResult

MetricState = Literal["met", "on-track", "at-risk", "missed", "no-data", "no-target"]

STATES: Mapping[MetricState, str] = {
    "met": "met",
    "on-track": "on track",
    "at-risk": "at risk",
    "missed": "missed",
    "no-data": "no data",
    "no-target": "no target",
}
"""What each state is called."""

_MARGINS = {"increase": 1, "decrease": -1}
_ONE_DAY = timedelta(days=1)
_LANGUAGE = "en-US"


@dataclass(frozen=True, slots=True)
class Metric:
    """What an agreement measures; `baseline` and `target` are None where it states none.

    `direction` is increase, decrease, maintain or ""; `period` how often it is measured: a word such as quarterly, or a
    duration. Its path goes from the baseline on the day `start` to the target on the day `by`: ISO 8601, "" while they
    are open. `follows` is what the agreement says of a miss, `serves` are goals of ours.
    """

    name: str
    unit: str = ""
    currency: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    direction: str = ""
    period: str = ""
    start: str = ""
    by: str = ""
    stage_gate: bool = False
    follows: str = ""
    owner: str = ""
    place: str = ""
    definition: str = ""
    serves: tuple[str, ...] = ()

    @property
    def held_each_period(self) -> bool:
        """Whether each result must reach the target: something follows from a miss, or there is no way towards it."""
        return bool(self.follows or self.stage_gate or self.baseline is None or self.direction == "maintain")

    @property
    def aim(self) -> str:
        """The target in words, "" without one."""
        if self.target is None:
            return ""
        how = {"decrease": "at most ", "maintain": ""}.get(self.direction, "at least ")
        return f"{how}{self.figure(self.target)}"

    def figure(self, value: Decimal) -> str:
        """Return a value with its unit, as people write it: 12,000 patients, 62.5%, USD 4.20."""
        if self.currency:
            return f"{self.currency} {number_in_words(value)}"
        unit = "%" if self.unit == "percent" else f" {self.unit}"
        return f"{number_in_words(value)}{unit}".strip()


@dataclass(frozen=True, slots=True)
class WatchedMetric:
    """A metric with what was measured, the oldest first, and where that leaves it.

    `reckoning` is the arithmetic in words; `asked` is what the path asks for on the day of the newest result, None
    without one. `short` counts the newest results in a row that do not reach the target. `late` is the ISO day by which
    a newer result was to be there, "" if none is lacking.
    """

    metric: Metric
    state: MetricState
    reckoning: str
    results: tuple[MetricResult, ...] = ()
    asked: Decimal | None = None
    short: int = 0
    late: str = ""

    @property
    def newest(self) -> MetricResult | None:
        """The newest result."""
        return self.results[-1] if self.results else None

    @property
    def consequence(self) -> str:
        """What the agreement says follows, as the newest result misses the target; "" if it does not."""
        return self.metric.follows if self.short else ""


def watched(metric: Metric, results: Sequence[MetricResult], as_of: str) -> WatchedMetric:
    """Return where a metric stands on a day, ISO 8601, by its results up to that day; "" where nothing is measured."""
    mine = sorted((each for each in results if each.metric == metric.name and each.date <= as_of), key=_by_day)
    late = _late(metric, mine[-1].date if mine else "", as_of)
    if not mine:
        early = f": measuring begins on {_day(metric.start)}" if metric.start > as_of else ""
        return WatchedMetric(metric, "no-data", f"no result{f' by {_day(as_of)}' if as_of else ''}{early}", late=late)
    newest = mine[-1]
    said = f"{metric.figure(newest.value)} on {_day(newest.date)}"
    if metric.target is None:
        return WatchedMetric(metric, "no-target", f"{said}; no target is agreed", tuple(mine), late=late)
    reached = [reaches(each.value, metric.target, metric.direction) for each in mine]
    short = next((count for count, each in enumerate(reversed(reached)) if each), len(reached))
    asked = _asked(metric, newest.date)
    state, why = _stands(metric, newest, as_of, asked)
    in_a_row = f"; {short} results in a row do not reach it" if short > 1 and state == "missed" else ""
    shown = None if asked is None else _rounded(asked, metric, newest.value)
    return WatchedMetric(metric, state, f"{said}; {why}{in_a_row}", tuple(mine), shown, short, late)


def reaches(value: Decimal, target: Decimal, direction: str) -> bool:
    """Tell whether a value reaches a target: at least it, with `decrease` at most it, with `maintain` exactly it."""
    return {"decrease": value <= target, "maintain": value == target}.get(direction, value >= target)


def number_in_words(value: Decimal) -> str:
    """Return a number as people write it: 12,000 or −62.5."""
    return f"{value:,f}".replace("-", "−")


def _stands(metric: Metric, newest: MetricResult, as_of: str, asked: Fraction | None) -> tuple[MetricState, str]:
    target, value = metric.target or Decimal(0), newest.value
    if reaches(value, target, metric.direction):
        return "met", f"the target is {metric.aim}"
    how = {"decrease": "above", "maintain": "away from"}.get(metric.direction, "short of")
    away = f"{number_in_words(abs(target - value))} {how} the target of {metric.aim}"
    if metric.by and metric.by <= as_of:
        return "missed", f"{away}, which was to be reached by {_day(metric.by)}"
    if metric.held_each_period:
        return "missed", f"{away}, which each result is to reach"
    sign, base = _MARGINS.get(metric.direction, 1), metric.baseline or Decimal(0)
    if asked is None:
        better = (value - base) * sign > 0
        said = f"{'better' if better else 'no better'} than the baseline of {metric.figure(base)}"
        return ("on-track" if better else "at-risk"), f"{away}, {said}; by when it is to be reached is open"
    shown, passed, whole = _rounded(asked, metric, value), _passed(metric, newest.date), _whole(metric)
    path = (
        f"the path asks for {number_in_words(base)} + ({number_in_words(target)} − {number_in_words(base)}) × "
        f"{passed:,} of {whole:,} days = {number_in_words(shown)}"
    )
    return ("on-track" if (Fraction(value) - asked) * sign >= 0 else "at-risk"), path


def _asked(metric: Metric, day: str) -> Fraction | None:
    """Return what the path asks for on a day: the same step forward each day. None where there is no path."""
    if metric.baseline is None or metric.target is None or metric.direction == "maintain" or _whole(metric) < 1:
        return None
    base, target = Fraction(metric.baseline), Fraction(metric.target)
    return base + (target - base) * _passed(metric, day) / _whole(metric)


def _whole(metric: Metric) -> int:
    """Return the days of the path; 0 where there is none."""
    if not (metric.start and metric.by):
        return 0
    return (date.fromisoformat(metric.by) - date.fromisoformat(metric.start)).days


def _passed(metric: Metric, day: str) -> int:
    passed = (date.fromisoformat(day) - date.fromisoformat(metric.start)).days
    return min(max(passed, 0), _whole(metric))


def _rounded(value: Fraction, metric: Metric, measured: Decimal) -> Decimal:
    """Return a value of the path with a place more than what was agreed and measured have."""
    known = (metric.baseline, metric.target, measured)
    places = max(max(0, -int(each.as_tuple().exponent)) for each in known if each is not None) + 1
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _late(metric: Metric, newest: str, as_of: str) -> str:
    """Return the last day of the period of which a result is lacking, "" if none is."""
    length = plain(FREQUENCIES.get(metric.period, metric.period))
    known = newest or metric.start
    if not known or not isinstance(length, tuple):
        return ""
    try:
        # A period that ends with a month is followed by one that does, too.
        ends = moved(date.fromisoformat(known) + (_ONE_DAY if newest else timedelta()), length, 1) - _ONE_DAY
    except (Unreckonable, OverflowError):
        return ""
    return ends.isoformat() if ends.isoformat() < as_of else ""


def _day(text: str) -> str:
    return date_in_words(text, _LANGUAGE)


def _by_day(result: MetricResult) -> tuple[str, int]:
    return result.date, result.line
