"""The pages of a partnership: what is known of each step of the method, what it still lacks, how it was and is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from clausebook.facts.metrics.agreement_metrics import AgreementMetrics
from clausebook.facts.metrics.gates import GATE_STATES, WatchedGate, gates_in
from clausebook.facts.spark.equity import Equity
from clausebook.facts.spark.gathered import all_of, called
from clausebook.facts.spark.matrix import Rated, rated
from clausebook.facts.spark.method import Method, MethodStep
from clausebook.facts.spark.partnerships import Partnership, PointAnswered, answered
from clausebook.records.opportunities import our_name, own_name
from clausebook.site.markup import filled, headings
from clausebook.site.metrics_pages import METRICS_PART
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.spark.method_content import BEFORE_AFTER, MethodContent, partnership_entry, shown_to
from clausebook.site.spark.told import ToldValue, told, with_names

Trail = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as the page shows it: what is told of it, and each of its points with what is not told yet, in words.

    `gates` are those that it plans, open or shut by what was measured under the agreement.
    """

    step: MethodStep
    parts: tuple[ToldValue, ...]
    points: tuple[tuple[PointAnswered, str], ...]
    gates: tuple[WatchedGate, ...] = ()

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return f"page_{self.step.id}"

    @property
    def answered(self) -> int:
        """How many of its points are answered."""
        return sum(not lacking for _, lacking in self.points)


def partnership_pages(
    content: MethodContent,
    partnership: Partnership,
    path: str,
    trail: Trail,
    facts: Mapping[str, str] = MappingProxyType({}),
    notice: str = "",
    equity: Equity | None = None,
    watched: AgreementMetrics | None = None,
    *,
    internal: bool = False,
) -> Iterator[SitePage]:
    """Yield the page of a partnership, and those of before and after.

    `facts` stand above its steps, `notice` before all. `equity` is that of its agreement, and `watched` what was
    measured under it. What is `internal` stands on pages for the house's lawyers alone.
    """
    method = content.method
    steps = tuple(_steps(content, partnership, watched.gates if watched else (), internal=internal))
    name = f"{partnership.title}: {method.name}"
    entry = partnership_entry(content, partnership, path, internal=internal)
    body = filled(
        "spark/partnership",
        path=path,
        trail=trail,
        method=method,
        has_agreement=partnership.has_agreement,
        entry=entry,
        steps=steps,
        ratings=_ratings(method, shown_to(content, partnership, internal=internal)),
        worth=method.ratings,
        facts=facts,
        notice=notice,
        equity=equity,
        GATE_STATES=GATE_STATES,
        METRICS_PART=METRICS_PART,
    )
    about = f"What is known of the partnership by the steps of {method.name}, and what it lacks."
    yield SitePage(path, name, body, about, headings(body), tuple(_records(name, partnership, steps)))
    told_at_length = (part for step in steps for part in step.parts if part.look == BEFORE_AFTER)
    for (where, title), part in zip(entry.stories, told_at_length, strict=True):
        here = [*trail, (path, method.name if partnership.has_agreement else partnership.title)]
        body = filled("spark/story", path=where, trail=here, title=title, entry=entry, story=part)
        record = SearchRecord("", title, tuple(part.texts()), part=True)
        yield SitePage(where, title, body, part.about, headings(body), (record,))


def _steps(
    content: MethodContent, partnership: Partnership, watched: Sequence[WatchedGate], *, internal: bool
) -> Iterator[ShownStep]:
    points, sides = answered(content.method, partnership), _sides(content, partnership)
    shown = shown_to(content, partnership, internal=internal)
    for step in content.method.steps:
        data = shown.steps.get(step.id, {})
        found = tuple(
            with_names(part, sides)
            for schemas in content.schemas.get(step.id, ())
            for part in told(schemas, data, internal=internal)
        )
        mine = (
            (each, "; ".join(called(content.method, content.schemas, need) for need in each.lacking)) for each in points
        )
        planned = list(gates_in({step.id: data}))
        gates = tuple(each for each in watched if each.gate in planned)
        yield ShownStep(step, found, tuple(pair for pair in mine if pair[0].point.step == step.id), gates)


def _sides(content: MethodContent, partnership: Partnership) -> Mapping[str, str]:
    """Return who is meant where data of the steps say `ours` and `theirs`, by short names, as far as they are known."""
    house, organisation = own_name(content.landscape), partnership.organisation
    said = partnership.deal.get("parties", ())
    named = ((each.get("legal_name"), each.get("short_name")) for each in said)
    parties = {str(name): str(short or name) for name, short in named if name}
    if parties:
        house = our_name(house, [*parties])
        organisation = all_of([short for name, short in parties.items() if name != house])
    return {side: name for side, name in (("ours", parties.get(house, house)), ("theirs", organisation)) if name}


def _ratings(method: Method, partnership: Partnership) -> Mapping[str, Rated]:
    """Return the ratings that are told in the first step, by the names of its properties."""
    first = partnership.steps.get(method.steps[0].id, {}) if method.steps else {}
    return {name: rated(method, first[name]) for name in method.weights if name in first}


def _records(name: str, partnership: Partnership, steps: Sequence[ShownStep]) -> Iterator[SearchRecord]:
    yield SearchRecord("", name, (partnership.organisation,), part=True)
    for each in steps:
        if each.parts:
            texts = (f"{part.title}: {text}" for part in each.parts for text in part.texts())
            yield SearchRecord(each.anchor, each.step.title, tuple(texts))
