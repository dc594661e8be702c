"""What an amendment, or what accompanies an agreement, recites of it, and whether the records say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from clausebook.amending.amendment_chain import AGAIN, Chain
from clausebook.amending.changes_file import Changes
from clausebook.amending.effect import AMENDMENT_EFFECTIVE, TAKES_EFFECT, data_today, effect_of
from clausebook.amending.restatement import last_text
from clausebook.assemble.inputs import AMENDS
from clausebook.findings.model import Finding, SourceFile
from clausebook.findings.pointers import value_at
from clausebook.repository.tree import Tree

RULE = "core/amendment-recital"

_WHEN_RECITED = ("fingerprint", "effective_date")
"""What an amendment recites or leaves out, as its owner likes."""


def recited(past: Chain, changes: Changes, draft: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the amendment of these changes says of the agreement that it amends, as its data have it.

    The agreement is named as it was signed last as a whole; amendments since then are named one by one, up to the text
    that is amended, which must be one of the chain. `draft` are the data of the text that the amendment makes: of an
    amendment they say when it takes effect as amended.
    """
    whole, *since = past.made_of(changes.base.version)
    earlier = [
        {"number": past.number(by), "version": by.version, "date": by.date} for by in (each.by for each in since)
    ]
    return {
        "agreement": past.agreement,
        "number": changes.number,
        "kind": whole.document.kind,
        "title": whole.document.title,
        "version": whole.document.version,
        "date": whole.by.date,
        **({"earlier": earlier} if earlier else {}),
        "fingerprint": changes.base.fingerprint,
        **({"renumber": True} if changes.renumber else {}),
        **({TAKES_EFFECT: value_at(draft, AMENDMENT_EFFECTIVE)} if AMENDS in draft else {}),
    }


def recital_findings(
    tree: Tree, past: Chain, changes: Changes, data: Mapping[str, Any], at: SourceFile
) -> Iterator[Finding]:
    """Yield what an amendment that is not executed recites of its agreement otherwise than the records have it."""
    draft = data_today(tree, past.agreement)
    draft = draft if str(draft.get("version")) == changes.restated.version else {}
    told, facts = data[AMENDS], recited(past, changes, draft)
    again = AGAIN.format(agreement=past.agreement)
    facts["effective_date"] = effect_of(tree, past.agreement, past.made_of(changes.base.version)[0].by).day
    for name, fact in facts.items():
        if name != "renumber" and told.get(name) != fact and not (name in _WHEN_RECITED and name not in told):
            shown = "the records tell it otherwise" if isinstance(fact, list) else f"it is {fact or 'not known yet'}"
            said = f"`{name}` of the amended agreement is not what was executed: {shown}"
            place = f"/{AMENDS}/{name}" if name in told else f"/{AMENDS}"
            yield at.finding(
                RULE, said, place, again if name != "effective_date" else "correct the day or leave it out"
            )
    if "earlier" in told and "earlier" not in facts:
        said = "no amendment was executed before this one, since the agreement was signed as a whole"
        yield at.finding(RULE, said, f"/{AMENDS}/earlier", again)


def accompaniment_findings(place: str, past: Chain, data: Mapping[str, Any], at: SourceFile) -> Iterator[Finding]:
    """Yield what data recite, at a JSON pointer, of an agreement that they accompany otherwise than it was executed."""
    told = value_at(data, place)
    if not past.texts or not isinstance(told, Mapping):
        return  # it is to be signed together with that agreement
    facts = {"kind": past.wholes()[-1][0].document.kind, **last_text(past)}
    for name in ("kind", "title", "version", "date", "amendments"):
        if told.get(name) != facts.get(name):
            said = f"`{name}` of `{past.agreement}`, which this accompanies, is not what was executed"
            shown = json.dumps(facts[name], ensure_ascii=False) if name in facts else ""
            hint = f"write {name}: {shown}" if shown else f"leave `{name}` out: nothing of it was executed"
            yield at.finding("core/accompanied-recital", said, f"{place}/{name}" if name in told else place, hint)
