"""The terms that an agreement can use: the type's glossary and the agreement's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from clausebook.assemble.inputs import Deal
from clausebook.findings.model import Finding
from clausebook.language.sheets import TemplateJob, Term
from clausebook.library.model import AgreementType, GlossaryEntry
from clausebook.library.shorthand import written_out


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms by key, and all their `forms`. A term is `shared` (defined by a template) or the deal's `own` (by data)."""

    shared: Mapping[str, GlossaryEntry]
    own: Mapping[str, str]
    terms: tuple[Term, ...]
    forms: tuple[str, ...]
    names: Mapping[str, str]
    findings: tuple[Finding, ...]


def vocabulary(deal: Deal, kind: AgreementType) -> Vocabulary:
    """Join both glossaries; where they define the same term, the deal's own counts, and a note says so."""
    shared = {term_key(entry.term): entry for entry in kind.glossary}
    own: dict[str, str] = {}
    names = {key: entry.term for key, entry in shared.items()}
    forms = {key: entry.forms for key, entry in shared.items()}
    findings = []
    for index, entry in enumerate(deal.data.get("glossary", ())):
        key, pointer = term_key(entry["term"]), f"/glossary/{index}"
        if key in own or key in shared:
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
    every = tuple(dict.fromkeys(form for each in forms.values() for form in each))
    terms = (
        Term(key, each, None if key in own else _definition(f"term:{key}", shared[key], every))
        for key, each in forms.items()
    )
    return Vocabulary(shared, own, tuple(terms), every, names, tuple(findings))


def term_key(term: str) -> str:
    """Return the key of a term: its letters and digits, lower case, joined by hyphens."""
    return "-".join(re.findall(r"[^\W_]+", term.casefold()))


def anchor(key: str) -> str:
    """Return the anchor of a term's definition."""
    return f"term-{key}"


def job(name: str, text: str, forms: tuple[str, ...], shorthand: tuple[str, ...] | None, dialect: int) -> TemplateJob:
    """Return the template of a text; one in shorthand is written out, and its terms are those with the `forms`."""
    if shorthand is None:
        return TemplateJob(name, text, dialect=dialect)
    return TemplateJob(name, written_out(text, forms, shorthand), dialect=dialect, short=text)


def _definition(name: str, entry: GlossaryEntry, forms: tuple[str, ...]) -> TemplateJob:
    return job(name, entry.definition, forms, entry.shorthand, entry.dialect)
