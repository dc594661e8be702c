"""The terms that an agreement can use: the type's glossary and the agreement's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from clausebook.assemble.inputs import Deal
from clausebook.findings.model import Finding
from clausebook.language.sheets import TemplateJob, Term
from clausebook.library.model import AgreementType, GlossaryEntry
from clausebook.library.shorthand import phrases


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms by key, and all their `forms`. A term is `shared` (defined by a template) or the deal's `own` (by data).

    `placed` are shared ones without a definition: a clause defines them where they stand.
    """

    shared: Mapping[str, GlossaryEntry]
    own: Mapping[str, str]
    terms: tuple[Term, ...]
    forms: tuple[str, ...]
    names: Mapping[str, str]
    placed: frozenset[str]
    findings: tuple[Finding, ...]


def vocabulary(deal: Deal, kind: AgreementType) -> Vocabulary:
    """Join both glossaries; where they define the same term, the deal's own counts, and a note says so."""
    own: dict[str, str] = {}
    shared = _shared(kind.glossary)
    if not deal.data.get("glossary"):
        return shared
    names, forms = dict(shared.names), {term.key: term.forms for term in shared.terms}
    findings = []
    for index, entry in enumerate(deal.data["glossary"]):
        key, pointer = term_key(entry["term"]), f"/glossary/{index}"
        if key in own or key in shared.shared:
            rule, where, hint = (
                ("core/term-redefined", "in this agreement", "define each term once")
                if key in own
                else ("core/term-departs", "by the shared glossary; this agreement departs from it", "")
            )
            message = f"the term “{entry['term']}” is already defined {where}"
            findings.append(deal.finding(rule, message, f"{pointer}/term", hint))
        own[key] = pointer
        names[key] = entry["term"]
        # Clauses of the library go on using the forms that the shared glossary lists.
        forms[key] = tuple(dict.fromkeys(filter(None, (entry["term"], entry.get("plural", ""), *forms.get(key, ())))))
    return _vocabulary(shared.shared, own, forms, names, tuple(findings))


@lru_cache(64)
def _shared(glossary: tuple[GlossaryEntry, ...]) -> Vocabulary:
    """Return the terms of a glossary, for deals without any of their own."""
    shared = {term_key(entry.term): entry for entry in glossary}
    forms = {key: entry.forms for key, entry in shared.items()}
    return _vocabulary(shared, {}, forms, {key: entry.term for key, entry in shared.items()}, ())


def _vocabulary(
    shared: Mapping[str, GlossaryEntry],
    own: Mapping[str, str],
    forms: Mapping[str, tuple[str, ...]],
    names: Mapping[str, str],
    findings: tuple[Finding, ...],
) -> Vocabulary:
    every = tuple(dict.fromkeys(form for each in forms.values() for form in each))
    placed = frozenset(key for key, entry in shared.items() if not entry.definition and key not in own)

    def definition(key: str) -> TemplateJob | None:
        if key in placed or key in own:
            return None
        entry = shared[key]
        return job(f"term:{key}", entry.definition, every, entry.shorthand, entry.dialect)

    terms = tuple(Term(key, each, definition(key)) for key, each in forms.items())
    return Vocabulary(shared, own, terms, every, names, placed, findings)


@lru_cache(4096)
def term_key(term: str) -> str:
    """Return the key of a term: its letters and digits, lower case, joined by hyphens."""
    return "-".join(re.findall(r"[^\W_]+", term.casefold()))


@lru_cache(4096)
def anchor(key: str) -> str:
    """Return the anchor of a term's definition."""
    return f"term-{key}"


def job(
    name: str, text: str, forms: tuple[str, ...], shorthand: tuple[str, ...] | None, dialect: int, item: str = ""
) -> TemplateJob:
    """Return the template of a text; one in shorthand is written out, and its terms are those with the `forms`."""
    if shorthand is None:
        return TemplateJob(name, text, item, dialect)
    return TemplateJob(name, phrases(forms, shorthand).written_out(text), item, dialect, text)
