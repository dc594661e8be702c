"""Which words of an agreement are in force on a day, and where the order in which amendments take effect matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebook.amending.amendment_chain import Amendment, Chain, RecordedText
from clausebook.amending.applying import AmendmentError
from clausebook.amending.effect import Effect, last_signature
from clausebook.amending.instructions import HEADS
from clausebook.document.model import Clause, Definition, Document, Schedule, Section
from clausebook.document.words import called
from clausebook.findings.model import RepositoryError
from clausebook.records.journal import journal_path
from clausebook.records.model import ExecutedVersion


@dataclass(frozen=True, slots=True)
class InForce:
    """The words that are in force on a day: of version `version`, with `without`, earlier amendments not in force yet.

    `by` are the records that they come from, the whole text's first. `since` is the day from which they are in force.
    """

    document: Document
    by: tuple[ExecutedVersion, ...]
    since: str
    without: tuple[int, ...] = ()


def in_force(chain: Chain, days: Mapping[str, Effect], day: str) -> InForce:
    """Return the words that are in force on a day, ISO 8601.

    Raises RepositoryError if none are, or nobody can tell which.

    They are those of the last whole text that has taken effect, changed by each of its amendments that has, in order
    of their numbers. An amendment that has taken effect before an earlier one must touch nothing that this one does.
    """
    begun = [texts for texts in chain.wholes() if days[texts[0].by.folder].has_begun(day)]
    if not begun:
        raise _before(chain, days, day)
    whole, *amended = begun[-1]
    by_record = {each.record.folder: each for each in chain.amendments if each.record}
    made = [by_record[text.by.folder] for text in amended]
    missing: list[Amendment] = []
    text, by = whole.document, [whole.by]
    for recorded, amendment in zip(amended, made, strict=True):
        if not days[recorded.by.folder].has_begun(day):
            missing.append(amendment)
            continue
        by.append(recorded.by)
        text = _carried(text, recorded, amendment, missing)
    since = max(days[each.folder].day for each in by)
    last = max((each.number for each in made if each not in missing), default=0)
    return InForce(text, tuple(by), since, tuple(each.number for each in missing if each.number < last))


def met_place(one: Amendment, other: Amendment) -> str:
    """Return the heading of a place that both amendments change, "" if it is all one which takes effect first."""
    here, there = (frozenset(_touched(each)) for each in (one, other))
    both = sorted(here & there)
    if _NUMBERS in here | there and here and there:
        both = both or [_NUMBERS]
    return _called(both[0], other) if both else ""


_NUMBERS = "numbers"
"""What a renumbering touches: each number and each reference, wherever it stands."""


def _touched(amendment: Amendment) -> Iterator[str]:
    """Yield the id of each part that an amendment changes, adds or takes away, and what it changes beside them."""
    changes, base = amendment.changes, amendment.base
    if changes is None or base is None:
        return
    groups = {group.id: group for group in base.groups()}
    for each in changes.instructions:
        if not each.kind:
            yield _NUMBERS
        elif each.kind in HEADS:
            yield each.kind
        else:
            group = each.new if each.action == "add" else groups.get(each.place) if each.action == "delete" else None
            yield each.new.id if each.action == "add" else each.place
            yield from (part.id for name in ("clauses", "definitions") for part in getattr(group, name, ()))


def _called(place: str, amendment: Amendment) -> str:
    """Return what a reader calls what an amendment touches."""
    for document in (amendment.base, amendment.restated):
        for part in document.parts() if document else ():
            if part.id == place and isinstance(part, Definition):
                return f"the definition of “{part.term}”"
            if part.id == place and isinstance(part, Section | Schedule | Clause):
                return called(part)
    return f"the {place}"


def _carried(text: Document, recorded: RecordedText, amendment: Amendment, missing: Sequence[Amendment]) -> Document:
    """Return the text as an amendment changes it that has taken effect, though the `missing` earlier ones have not."""
    if not missing or amendment.changes is None:
        return recorded.document
    said = f"Amendment No. {amendment.number} has taken effect, and Amendment No. "
    for each in missing:
        if place := met_place(each, amendment):
            raise RepositoryError(f"{said}{each.number} has not, though both change {place}", _ASK)
    try:
        return amendment.changes.restate(text)
    except AmendmentError as error:
        raise RepositoryError(f"{said}{missing[-1].number}, on which it rests, has not: {error}", _ASK) from error


def _before(chain: Chain, days: Mapping[str, Effect], day: str) -> RepositoryError:
    """Say why no words are in force yet on a day."""
    if not chain.texts:
        hint = f"record the execution: clausebook execute {chain.agreement} --signed FILE.pdf"
        return RepositoryError(f"no version of `{chain.agreement}` is executed, so no words of it are in force", hint)
    first = chain.texts[0].by
    begins = days[first.folder]
    said = f"no words of `{chain.agreement}` are in force on {day}: version {first.version}, signed on "
    hint = f"ask for {begins.day} or a later day" if begins.day else _RECORD.format(journal_path(chain.agreement))
    return RepositoryError(f"{said}{last_signature(first)}, {begins.words()}", hint)


_ASK = "ask counsel which words hold, and let the next amendment say so; `clausebook check` names the place"
_RECORD = "when the conditions are met, write the day as `on` of `conditions_met` in {}, and what tells it"
