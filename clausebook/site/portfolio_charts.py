"""The portfolio in charts, each with its table: by partner, industry and status, and by when agreements end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from clausebook.document.statuses import STATUSES
from clausebook.site.charts import Bar, bar_chart
from clausebook.site.markup import humane
from clausebook.site.site_entry import SiteEntry

MOST_BARS, _MOST_ROWS = 10, 200
"""How many bars a chart has, and how many rows the table below it."""

_UNKNOWN = "Not told"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its title, and the table of what it shows: rows of `columns`. `left` counts what is no bar."""

    anchor: str
    title: str
    chart: Markup
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    left: int = 0


def portfolio_figures(entries: Sequence[SiteEntry]) -> list[Figure]:
    """Return the charts of the home page: agreements by status, value by industry, ends by quarter."""
    there = [each for each in entries if not each.broken]
    figures = [
        _figure("by-status", "Agreements by status", _counted(map(_status, there), _order), ("Status", "Agreements"))
    ]
    figures += [each for currency in currencies(there) for each in value_figures(there, currency, ("industry",))]
    ends = _counted(
        (_quarter(each.glance.ends.day) for each in there if each.glance.ends), lambda name: (not name, name)
    )
    figures.append(_figure("by-end", "When agreements end", ends, ("Quarter", "Agreements")))
    return [each for each in figures if each.chart]


def currencies(entries: Iterable[SiteEntry]) -> list[str]:
    """Return the codes of the currencies in which agreements are worth something, "" among them for none."""
    return sorted({each.glance.currency for each in entries if each.glance.amount})


def value_figures(entries: Sequence[SiteEntry], currency: str, parts: Iterable[str]) -> Iterator[Figure]:
    """Yield what agreements in one currency are worth, by each of the `parts`: partner, industry or status."""
    worth = [each for each in entries if each.glance.amount and each.glance.currency == currency]
    for part in parts:
        sums: dict[str, Decimal] = {}
        for entry in worth:
            for name in dict.fromkeys(_PARTS[part](entry)) or (_UNKNOWN,):
                sums[name] = sums.get(name, Decimal(0)) + entry.glance.amount
        bars = [Bar(name, value, f"{currency} {value:,}".strip()) for name, value in _largest(sums)]
        title = f"Value by {part}, in {currency}" if currency else f"Value by {part}"
        yield _figure(f"value-{part}-{currency.lower() or 'none'}", title, bars, (part.capitalize(), "Value"))


def _figure(anchor: str, title: str, bars: Sequence[Bar], columns: tuple[str, ...]) -> Figure:
    shown = bars[:MOST_BARS]
    said = "; ".join(f"{bar.name}: {bar.words}" for bar in shown)
    chart = bar_chart(anchor, title, f"{said}. The table below has every value.", shown)
    rows = tuple((bar.name, bar.words) for bar in bars[:_MOST_ROWS])
    return Figure(anchor, title, chart, columns, rows, len(bars) - len(shown))


def _counted(names: Iterable[str], order: Callable[[str], tuple[int, str]]) -> list[Bar]:
    """Return how often each name is there; "" stands for what is open."""
    found = Counter(names)
    return [Bar(name or "Open", Decimal(found[name]), f"{found[name]:,}") for name in sorted(found, key=order)]


def _largest(sums: dict[str, Decimal]) -> list[tuple[str, Decimal]]:
    return sorted(sums.items(), key=lambda found: (-found[1], found[0]))


def _status(entry: SiteEntry) -> str:
    return humane(entry.status)


def _order(status: str) -> tuple[int, str]:
    known = list(map(humane, STATUSES))
    return (known.index(status) if status in known else len(known), status)


def _quarter(day: str) -> str:
    """Return the quarter of an ISO 8601 day, "2029, 2nd quarter"; "" for a day that is open."""
    return f"{day[:4]}, {_QUARTERS[(int(day[5:7]) - 1) // 3]} quarter" if day else ""


_QUARTERS = ("1st", "2nd", "3rd", "4th")

_PARTS: dict[str, Callable[[SiteEntry], Iterable[str]]] = {
    "partner": lambda entry: (each.short_name for each in entry.organisations if each.partner),
    "industry": lambda entry: (each.industry for each in entry.organisations if each.partner and each.industry),
    "status": lambda entry: (_status(entry),),
}
"""By what the value of agreements is shown: one with several partners counts with each of them."""
