"""Charts as SVG: drawn when the site is made, by Leather, which gives shapes with attributes alone.

No style stands in them that the policy of the pages would forbid, and no colour: the style sheet has those, for light
and for dark pages.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from markupsafe import Markup

from clausebook.facts.metrics.watching import number_in_words

_MOST = Decimal(10) ** 15

Point = tuple[str, Decimal]
"""A day, ISO 8601, and a value."""

_WIDTH, _HEIGHT = 480, 200
_MONTHS_APART = (1, 2, 3, 6, 12, 24, 60, 120, 300, 1200, 6000, 36000)
_MOST_TICKS = 4
_BAR, _AROUND, _TEXT, _MOST_NAME = 24, 40, 9, 24
"""Of charts of bars: the height of one, that of what is around all, the width of a letter, a name's most letters."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """A series of a chart: its name in the style sheet, and points in the order of their days; or dots alone."""

    look: str
    points: Sequence[Point]
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: what it stands for, how long it is, at least 0, and what that is in words."""

    name: str
    value: Decimal
    words: str


def day_chart(anchor: str, title: str, description: str, lines: Sequence[DayLine]) -> Markup:
    """Return a chart of values by day, "" if nothing is to be drawn; `anchor` is its own on the page."""
    points = [point for line in lines for point in line.points]
    if not points:
        return Markup()
    # Only where a chart is drawn: it brings in what runs tests, which takes longer than ten charts.
    import leather

    _without_colours()
    chart = leather.Chart()
    days, values = [_number(day) for day, _ in points], [_drawable(value) for _, value in points]
    # A scale has two ends.
    low, high = min(values), max(values)
    chart.set_x_scale(_Days(min(days) - 1, max(days) + 1))
    chart.add_y_scale(*((low, high) if low < high else (low - 1, high + 1)))
    chart.add_x_axis(_ticks(min(days), max(days)), lambda value, index, count: _month(value))
    chart.add_y_axis(tick_formatter=lambda value, index, count: number_in_words(value))
    for line in lines:
        if line.points:
            add = chart.add_dots if line.dots else chart.add_line
            add([(_number(day), _drawable(value)) for day, value in line.points])
    drawn = chart.to_svg_group(_WIDTH, _HEIGHT)
    _named(drawn, [line.look for line in lines if line.points])
    return _picture(anchor, title, description, drawn, _HEIGHT)


def _drawable(value: Decimal) -> Decimal:
    """Return a value that can be drawn: of what nobody measures, the most that anybody does."""
    return max(-_MOST, min(value, _MOST))


def bar_chart(anchor: str, title: str, description: str, bars: Sequence[Bar]) -> Markup:
    """Return a chart of bars below each other, "" if there are none; `anchor` is its own on the page.

    What a bar stands for is at its left, and what it says at its end: there is no scale to read it off.
    """
    if not bars:
        return Markup()
    import leather

    _without_colours()
    chart = leather.Chart()
    # Of two bars with one name the chart would draw but one; the first place is the lowest.
    places = [str(number) for number in range(len(bars))]
    names = {place: _cut(bar.name, _MOST_NAME) for place, bar in zip(places, bars, strict=True)}
    chart.set_y_scale(leather.Ordinal(places[::-1]))
    # The words at the end of the longest bar want room.
    wide = _WIDTH - _TEXT * (max(map(len, names.values())) + 4)
    room = max(wide - _TEXT * (max(len(bar.words) for bar in bars) + 1), wide // 4)
    chart.set_x_scale(leather.Linear(0, (max(_drawable(bar.value) for bar in bars) or 1) * wide / room))
    chart.set_x_axis(leather.Axis(ticks=[0], tick_formatter=lambda value, index, count: ""))
    chart.set_y_axis(leather.Axis(tick_formatter=lambda value, index, count: names[str(value)]))
    chart.add_bars([(_drawable(bar.value), place) for place, bar in zip(places, bars, strict=True)])
    height = _BAR * len(bars) + _AROUND
    drawn = chart.to_svg_group(_WIDTH, height)
    _named(drawn, ["bars"])
    for group in drawn.iter("g"):
        if group.get("class") == "cb-series cb-bars":
            # The chart draws the lowest first.
            for bar, drawn_bar in zip(bars[::-1], list(group), strict=True):
                _worded(group, drawn_bar, bar.words)
    return _picture(anchor, title, description, drawn, height)


def _worded(group: ET.Element, drawn: ET.Element, words: str) -> None:
    """Write words at the end of a bar."""
    end, top, height = (float(drawn.get(name, 0)) for name in ("x", "y", "height"))
    end += float(drawn.get("width", 0))
    place = {"x": _place(str(end + _TEXT)), "y": _place(str(top + height / 2)), "dy": "0.35em", "font-size": "13"}
    ET.SubElement(group, "text", place).text = words


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _picture(anchor: str, title: str, description: str, drawn: ET.Element, height: int) -> Markup:
    root = ET.Element("svg", {"class": "cb-chart", "viewBox": f"0 0 {_WIDTH} {height}", "role": "img"})
    root.set("aria-labelledby", f"{anchor}-title {anchor}-desc")
    for name, words in (("title", title), ("desc", description)):
        ET.SubElement(root, name, {"id": f"{anchor}-{name}"}).text = words
    root.append(drawn)
    return Markup(ET.tostring(root, encoding="unicode"))


class _Days:
    """A scale of days as numbers; the library's own looks for round numbers among them, which takes long."""

    def __init__(self, first: int, last: int) -> None:
        self._first, self._last = first, last

    def contains(self, v: int) -> bool:
        return self._first <= v <= self._last

    def project(self, value: int, range_min: float, range_max: float) -> float:
        return range_min + (range_max - range_min) * (value - self._first) / (self._last - self._first)


def _without_colours() -> None:
    from leather import theme

    theme.background_color = "none"
    theme.tick_color = theme.zero_color = theme.label_color = "currentColor"
    theme.default_series_colors = ["currentColor"] * 9
    theme.tick_font_family = "inherit"
    theme.tick_font_size = 13
    theme.tick_font_char_height, theme.tick_font_char_width = 13, 8
    theme.margin = 0.02
    # Words in the page say which line is which.
    theme.legend_font_char_height = theme.legend_gap = 0


def _named(drawn: ET.Element, looks: Sequence[str]) -> None:
    """Give each series the name by which the style sheet knows it; take the legend out, and places nobody sees."""
    for group in drawn.iter("g"):
        if group.find("./g/rect") is not None and group.find("./g/text") is not None:
            group.clear()
    series = (each for each in drawn.iter("g") if each.get("class", "").startswith("series"))
    for group, look in zip(series, looks, strict=True):
        group.set("class", f"cb-series cb-{look}")
    for each in drawn.iter():
        for name in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height"):
            if name in each.attrib:
                each.set(name, _place(each.attrib[name]))
        if "d" in each.attrib:
            each.set("d", " ".join(part if part.isalpha() else _place(part) for part in each.attrib["d"].split()))


def _place(text: str) -> str:
    return f"{round(float(text), 1) + 0.0:.1f}".removesuffix(".0")


def _number(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _ticks(first: int, last: int) -> list[int]:
    """Return the first days of months, a few of them, between two days; or else the days themselves."""
    start, end = date.fromordinal(first), date.fromordinal(last)
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    apart = next(each for each in _MONTHS_APART if len(months) <= each * _MOST_TICKS)
    found = [date(each // 12, each % 12 + 1, 1).toordinal() for each in months if each % apart == 0]
    return [each for each in found if first <= each <= last] or [first]


@lru_cache(1024)
def _month(day: int) -> str:
    from babel.dates import format_date

    return str(format_date(date.fromordinal(day), "MMM yyyy", locale="en_US"))
