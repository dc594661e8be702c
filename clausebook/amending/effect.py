"""When the executed texts of an agreement take effect, as their own words say.

Nothing is backdated: no text takes effect before the last signature, or before the condition that it waits for is met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from clausebook.amending.amendment_chain import Chain
from clausebook.amending.amendment_files import amendments
from clausebook.assemble.inputs import AMENDS
from clausebook.findings.model import FindingsError
from clausebook.findings.pointers import value_at
from clausebook.load.numbered import newest
from clausebook.load.yaml import load_yaml
from clausebook.records.journal import journal_of
from clausebook.records.model import ExecutedVersion
from clausebook.records.record_files import data_of, executed
from clausebook.records.since_execution import met_on
from clausebook.repository.agreement_files import path_in
from clausebook.repository.tree import Tree, TreeError
from clausebook.validate.value_formats import is_date

AMENDMENT_EFFECTIVE = "/effective"
"""Where an amendment's data say when it takes effect; for other types the outline tells."""

TAKES_EFFECT = "takes_effect"
"""Under `amends` of what amends an amendment: when that one takes effect by its terms as amended."""

_CONDITIONAL = ("condition", "conditions")

Waits = Literal["", "signature", "condition", "lapsed"]
"""For what a text still waits that is to take effect: its last signature, or its condition; or that it lapsed."""


@dataclass(frozen=True, slots=True)
class Effect:
    """When a text takes effect: `day` is ISO 8601, "" if it waits; then it is not before `earliest`, "" if any day."""

    day: str
    waits: Waits = ""
    earliest: str = ""

    def has_begun(self, day: str) -> bool:
        """Tell whether the text has taken effect on a day."""
        return "" < self.day <= day

    def words(self) -> str:
        """Say when the text takes effect, or why not, of which it is the predicate."""
        return f"takes effect on {self.day}" if self.day else _WAITING[self.waits]


def last_signature(record: ExecutedVersion) -> str:
    """Return the day of the last signature, ISO 8601: that of the execution, where no day is known of each of them.

    Signatures say UTC: the day of the execution may be the one before, where they were made.
    """
    days = [signatory.time[:10] for signatory in record.signatories]
    return min(record.date, max(days)) if days and all(map(is_date, days)) else record.date


def effect(told: Any, record: ExecutedVersion | None, met: str = "", earliest: str = "") -> Effect:
    """Return when a text takes effect, of which the data say `told`, which need not be valid.

    `record` is its execution, None until it is executed, and `met` the day on which its condition was met, or "".
    It takes effect on no day before `earliest`, if that is told.
    """
    fixed = _day_told(told, "date", ("fixed-date",))
    conditional = _set_by(told) in _CONDITIONAL
    if record is None:
        return Effect("", "condition" if conditional else "signature", fixed)
    signed = max(last_signature(record), earliest)
    if conditional:
        day = max(signed, met)
        if day > _day_told(told, "lapses", _CONDITIONAL) > "":
            return Effect("", "lapsed")
        return Effect(day) if met else Effect("", "condition", signed)
    return Effect(max(fixed, signed))


def _set_by(told: Any) -> Any:
    return told.get("set_by") if isinstance(told, Mapping) else None


def _day_told(told: Any, name: str, kinds: Sequence[str]) -> str:
    """Return a day that the data tell of a text that takes effect in one of the ways, "" if they tell none."""
    day = told.get(name) if _set_by(told) in kinds else ""
    return day if isinstance(day, str) and is_date(day) else ""


def effect_of(
    tree: Tree, agreement: str, record: ExecutedVersion | None, data: Mapping[str, Any] | None = None
) -> Effect:
    """Return when an agreement or an amendment takes effect: its executed version, or its file if `record` is None.

    `data` are those of the file as they are today, if they are known already.
    """

    def today() -> Mapping[str, Any]:
        return data_today(tree, agreement) if data is None else newest(data)

    try:
        agreed = newest(data_of(tree, record)) if record else today()
    except FindingsError:
        agreed = {}  # what is wrong with it is told of itself
    kind = record.type if record else str(agreed.get("type", ""))
    place = AMENDMENT_EFFECTIVE if AMENDS in agreed else _place(tree, kind)
    told = value_at(agreed, place) if place else None

    def met(told: Any) -> str:
        # Only that a condition is met is written down after the execution.
        return met_on(today()) if _set_by(told) in _CONDITIONAL else ""

    own = effect(told, record, met(told))
    for terms, changed in _amended_terms(tree, agreement, record) if record and AMENDS in agreed else ():
        # What has taken effect stays in effect, and what lapsed has lapsed, before its terms are changed.
        if not changed.day or (own.day and own.day <= changed.day):
            continue
        if own.waits != "lapsed" and not changed.day > _day_told(told, "lapses", _CONDITIONAL) > "":
            told, own = terms, effect(terms, record, met(terms), changed.day)
    return own


def _amended_terms(tree: Tree, amendment: str, record: ExecutedVersion) -> Iterator[tuple[Any, Effect]]:
    """Yield when an executed amendment takes effect by each executed amendment of it, and when that one does."""
    for _, name in sorted(amendments(tree, amendment).items()):
        try:
            told = [(each, data_of(tree, each).get(AMENDS)) for each in executed(tree, name)[-1:]]
        except FindingsError:
            continue  # what is wrong with it is told of itself
        for each, recited in told:
            if isinstance(recited, Mapping) and recited.get("version") == record.version:
                yield recited.get(TAKES_EFFECT), effect_of(tree, name, each)


def effects(tree: Tree, chain: Chain) -> Mapping[str, Effect]:
    """Return when each executed text of a chain takes effect, by the folder of its record."""
    records = dict.fromkeys(text.by for text in chain.texts)
    return {record.folder: effect_of(tree, record.agreement, record) for record in records}


_WAITING: Mapping[Waits, str] = {
    "": "takes effect on no day that is known",
    "signature": "is not signed by all",
    "condition": "waits for a condition that is not recorded as met",
    "lapsed": "lapsed before it took effect",
}


def data_today(tree: Tree, agreement: str) -> Mapping[str, Any]:
    """Return the data of an agreement as they are today, after its journal; {} if they cannot be read."""
    value = _read(tree, path_in(tree, agreement))
    return journal_of(tree, agreement)[0].after(newest(value)) if value else {}


def _place(tree: Tree, kind: str) -> str:
    """Return where the data of a type say when a text takes effect, as a JSON pointer; "" if the type does not tell."""
    term = _read(tree, f"templates/{kind}/outline.yaml").get("term")
    told = term.get("effective") if isinstance(term, dict) else None
    return told if isinstance(told, str) else ""


def _read(tree: Tree, path: str) -> Mapping[str, Any]:
    try:
        value = load_yaml(tree.read(path), path).value
    except TreeError:
        value = None
    return value if isinstance(value, dict) else {}
