"""Who may bind a house, up to what amount, for how long and to what, as `authority.yaml` says at the base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clausebook.approvals.offices import in_office, name_key, same_office
from clausebook.findings.model import Finding
from clausebook.findings.register import Rule
from clausebook.language.dialects import RULES
from clausebook.language.reckoning import Unreckonable, less, moved, plain
from clausebook.language.sandbox import Sandbox
from clausebook.library.bundle import TypeBundle
from clausebook.library.model import DealRule, RuleExample
from clausebook.repository.tree import Tree
from clausebook.rules.evaluating import evaluate
from clausebook.validate.repository_files import load_repository_file

AUTHORITY = "authority.yaml"


@dataclass(frozen=True, slots=True)
class Power:
    """What an office of an entity may bind it to; "", () and None set no limit.

    `amounts` are the most by currency, `term` is the longest duration (ISO 8601). `deputies` are names with the first
    and the last day on which they stand in.
    """

    entity: str
    office: str
    amounts: Mapping[str, Decimal]
    term: str = ""
    kinds: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    deputies: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Powers:
    """The powers of a house, and within what duration deals with the same party add up, "" for always."""

    powers: tuple[Power, ...] = ()
    within: str = ""

    def of(self, entity: str) -> tuple[Power, ...]:
        """Return the powers of an entity, by its legal name."""
        return tuple(each for each in self.powers if name_key(each.entity) == name_key(entity))


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a deal commits its parties to: the amounts by currency, and the duration or ""."""

    amounts: Mapping[str, Decimal]
    term: str = ""


def read_powers(tree: Tree) -> tuple[Powers, tuple[Finding, ...]]:
    """Return the powers that the file of a tree states, none if it has errors, and every finding about it."""
    value, _, findings = load_repository_file(tree, AUTHORITY, "authority")
    if value is None:
        return Powers(), findings
    powers = tuple(
        Power(
            entry["entity"],
            entry["office"],
            {each["currency"]: Decimal(str(each["amount"])) for each in entry.get("limits", ())},
            entry.get("term", ""),
            tuple(entry.get("kinds", ())),
            entry.get("from", ""),
            entry.get("until", ""),
            tuple((each["name"], each["from"], each["until"]) for each in entry.get("deputies", ())),
        )
        for entry in value["authority"]
    )
    return Powers(powers, value.get("within", "")), findings


def commitment_of(data: Mapping[str, Any], bundle: TypeBundle, sandbox: Sandbox) -> Commitment | None:
    """Return what a deal commits to, by the expressions of its type; None if the type has none, or they fail."""
    rules = bundle.kind.approvals if bundle.kind else None
    if rules is None or not rules.commitment:
        return None
    asked = [_asking("amount", f"({rules.commitment})", "{{ it.currency }} {{ it.amount }}", when="1 == 1")]
    asked += [_asking("term", f"[{rules.term}]", "{{ it }}")] if rules.term else []
    judgments = evaluate(asked, RuleExample(data), bundle, sandbox)
    if any(judgment.problems for judgment in judgments):
        return None
    amounts: dict[str, Decimal] = {}
    for fault in judgments[0].faults:
        currency, _, amount = fault.message.partition(" ")
        amounts[currency] = amounts.get(currency, Decimal(0)) + Decimal(amount)
    terms = judgments[1].faults if rules.term else ()
    return Commitment(amounts, terms[0].message if terms else "")


def counted(powers: Powers, executed: str, as_of: str) -> bool:
    """Tell whether a deal that was executed on a day, "" if it was not, still adds up with others as of another day."""
    if not (powers.within and executed and as_of):
        return True
    return bool(moved(plain(executed), plain(powers.within), 1).isoformat() >= as_of)


def beyond(
    powers: Powers, entity: str, person: str, office: str, kind: str, deal: Commitment | None,
    others: Sequence[Commitment], as_of: str,
) -> str:  # fmt: skip
    """Return why a person in an office may not bind an entity to a deal, together with others; "" if they may.

    An entity of which nothing is stated is not judged: it answers for itself.
    """
    own = powers.of(entity)
    if not own:
        return ""
    who = " ".join(filter(None, (person, f"({office})" if office else ""))) or "nobody who is named"
    held = [each for each in own if (office and same_office(each.office, office)) or _deputy(each, person, as_of)]
    if not held:
        return f"{who} has no authority to bind {entity}"
    told = [_beyond(power, who, kind, deal, others, as_of) for power in held]
    return "" if "" in told else told[0]


def _beyond(
    power: Power, who: str, kind: str, deal: Commitment | None, others: Sequence[Commitment], as_of: str
) -> str:
    if as_of and not in_office(as_of, power.first, power.last):
        return f"the authority of {who} does not hold on {as_of}"
    if power.kinds and kind not in power.kinds:
        return f"{who} may bind {power.entity} to {' and '.join(power.kinds)} only"
    if deal is None:
        return f"it cannot be told what the deal commits {power.entity} to" if power.amounts or power.term else ""
    for currency, amount in _summed((deal, *others)).items() if power.amounts else ():
        if currency not in power.amounts:
            return f"{who} has no authority for amounts in {currency}"
        if amount > power.amounts[currency]:
            more = f", with {len(others)} more of the same party" if others else ""
            return f"{who} may bind {power.entity} up to {currency} {power.amounts[currency]:,}, not {amount:,}{more}"
    if power.term and (not deal.term or _longer(deal.term, power.term)):
        return f"{who} may bind {power.entity} for {power.term} at most, not {deal.term or 'without an end'}"
    return ""


def _longer(term: str, most: str) -> bool:
    try:
        return less(most, term) or (term != most and not less(term, most) and plain(term) != plain(most))
    except Unreckonable:
        return True


def _deputy(power: Power, person: str, as_of: str) -> bool:
    return any(
        name_key(name) == name_key(person) and (not as_of or first <= as_of <= last)
        for name, first, last in power.deputies
    )


def _summed(deals: Iterable[Commitment]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for deal in deals:
        for currency, amount in deal.amounts.items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return found


def _asking(name: str, source: str, told: str, when: str = "it") -> DealRule:
    """Return a rule that tells the items of a list of which `when` holds."""
    rule = Rule(id=f"asked/{name}", severity="note", stage="deal", title="", why="", mend="")
    nothing = RuleExample({})
    return DealRule(rule, (("it", source),), (), when, ("it",), told, nothing, nothing, "", 1, RULES)
