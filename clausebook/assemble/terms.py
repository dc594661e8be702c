"""The terms that an agreement can use: the type's glossary and the agreement's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from clausebook.assemble.inputs import Deal
from clausebook.findings.model import Finding
from clausebook.language.sheets import Term
from clausebook.library.model import AgreementType, GlossaryEntry


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms by key. A term is `shared` (its definition is a template) or the deal's `own` (data at a pointer).

    `placed` are shared ones without a definition: a clause defines them where they stand.
    """

    shared: Mapping[str, GlossaryEntry]
    own: Mapping[str, str]
    terms: tuple[Term, ...]
    names: Mapping[str, str]
    placed: frozenset[str]
    findings: tuple[Finding, ...]


def vocabulary(deal: Deal, kind: AgreementType) -> Vocabulary:
    """Join both glossaries; where they define the same term, the deal's own counts, and a note says so."""
    shared = {term_key(entry.term): entry for entry in kind.glossary}
    own: dict[str, str] = {}
    names = {key: entry.term for key, entry in shared.items()}
    terms = {
        key: Term(key, _forms(entry.term, entry.plural), entry.definition, entry.dialect)
        for key, entry in shared.items()
    }
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
        inherited = terms[key].forms if key in terms else ()
        terms[key] = Term(key, _forms(entry["term"], entry.get("plural", ""), *inherited))
    placed = frozenset(key for key, entry in shared.items() if not entry.definition and key not in own)
    return Vocabulary(shared, own, tuple(terms.values()), names, placed, tuple(findings))


def term_key(term: str) -> str:
    """Return the key of a term: its letters and digits, lower case, joined by hyphens."""
    return "-".join(re.findall(r"[^\W_]+", term.casefold()))


def anchor(key: str) -> str:
    """Return the anchor of a term's definition."""
    return f"term-{key}"


def _forms(*forms: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, forms)))
