"""The words of an agreement that are in force on a day, and what a reader must know of the chain on that day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clausebook.amending.amendment_chain import Chain
from clausebook.amending.effect import Effect, effects, last_signature
from clausebook.amending.restated_copy import copy_on
from clausebook.amending.words_in_force import InForce, in_force
from clausebook.document.model import Document
from clausebook.findings.model import FindingsError
from clausebook.formats.locale_words import locale_words
from clausebook.project.project import Project
from clausebook.records.journal import journal_path
from clausebook.records.links import linked_agreement
from clausebook.repository.agreement_files import AgreementFile


@dataclass(frozen=True, slots=True)
class WordsOn:
    """The words in force on a day; `told` says in sentences what they come from, and what is signed and left out."""

    document: Document
    told: tuple[str, ...]


def words_on(project: Project, file: AgreementFile, day: str) -> WordsOn:
    """Return the words of an agreement that are in force on a day, ISO 8601.

    Raises FindingsError if an executed record or amendment cannot be proven, and RepositoryError if no words are in
    force on that day, or nobody can tell which.
    """
    tree, past = project.tree, project.chain_of(file.id)
    # Only what the parties signed counts: each amendment must say what its changes do.
    executed = [each for name in (each.id for each in past.amendments if each.record) for each in project.files([name])]
    unproven = [found for each in executed for found in project.assemble(each).findings if found.severity == "error"]
    if past.damaged or unproven:
        raise FindingsError(tuple(dict.fromkeys((*past.damaged, *unproven))))
    data = project.load(file)[0] or {}
    days = effects(tree, past)
    found = in_force(past, days, day)
    return WordsOn(copy_on(tree, past, found), tuple(_told(past, days, found, data, day)))


def _told(past: Chain, days: Mapping[str, Effect], found: InForce, data: Mapping[str, Any], day: str) -> Iterator[str]:
    whole, *amended = found.by
    text = f"version {whole.version}, executed on {whole.date}"
    if amended:
        named = locale_words("en").listed([f"No. {past.number(each)}" for each in amended])
        text += f", as amended by Amendment{'s' * (len(amended) > 1)} {named}"
    end = linked_agreement(past.agreement, data, {}, executed=True)
    if end.lifecycle.ended and end.lifecycle.ended <= day:
        yield f"Not in force on {day}: the agreement {end.ending}. Its last words are those of {text}."
    else:
        yield f"In force on {day}: {text}. These words are in force since {found.since}."
        if end.over and not end.lifecycle.ended:
            place = journal_path(past.agreement)
            yield f"The agreement {end.ending}, but no day is told: write it as `on` of `ended` in {place}."
    for record in dict.fromkeys(each.by for each in past.texts):
        if not days[record.folder].has_begun(day):
            number = past.number(record)
            name = f"Amendment No. {number}" if number else f"version {record.version}"
            said = f"{name}, signed on {last_signature(record)}, {days[record.folder].words()}"
            yield f"Left out: {said}."
    for each in past.pending:
        yield f"Left out: Amendment No. {each.number}, which is not executed."
