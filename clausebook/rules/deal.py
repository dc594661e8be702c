"""Judge a deal by the rules of its type, and prove each rule by its own examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from clausebook.assemble.inputs import Deal
from clausebook.findings.model import Finding, finding_in
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import TemplateProblem
from clausebook.library.bundle import TypeBundle
from clausebook.library.model import DealRule, RuleExample
from clausebook.load.problems import too_many
from clausebook.repository import user_cache
from clausebook.repository.engine import engine
from clausebook.rules.evaluating import evaluate

MAKERS = ("clausebook.language.worker",)
"""What else decides on what a rule tells; it runs in a child."""


def judged(
    deal: Deal,
    bundle: TypeBundle,
    uses: Sequence[Mapping[str, Any]],
    as_of: str,
    sandbox: Sandbox,
    *,
    signing: bool = False,
) -> Iterator[Finding]:
    """Yield what the rules of a type find in a valid deal; `uses` as `RuleExample` has it, `as_of` may be "".

    Rules for `signing` are asked then, and no others.
    """
    rules = tuple(rule for rule in (bundle.kind.rules if bundle.kind else ()) if rule.signing == signing)
    for each in evaluate(rules, RuleExample(deal.data, as_of, tuple(uses)), bundle, sandbox):
        rule = each.rule
        for problem in each.problems:
            said = f"the rule `{rule.rule.id}` cannot judge `{deal.id}`: {_where(rule, problem)}{problem.message}"
            hint = "mend the rule, so that it also holds for deals like this one"
            yield finding_in(rule.path, "core/rule-fails", said, hint, rule.line)
        for fault in each.faults:
            line, column = deal.locate(fault.pointer)
            place = (deal.path, line, column, fault.pointer)
            yield Finding(rule.rule.id, fault.message, *place, rule.rule.mend, declared=rule.rule)
        if each.cut:
            yield too_many(deal.path, f"the rule `{rule.rule.id}` finds more; the rest is left out")


def unproven(bundle: TypeBundle, sandbox: Sandbox) -> tuple[Finding, ...]:
    """Return the rules and limits of a type that their own examples show to be wrong. What was proven is remembered."""
    if bundle.kind is None:
        return ()
    rules = (*bundle.kind.rules, *(limit.rule for limit in bundle.kind.approvals.limits))
    key = (engine(__name__, *MAKERS), bundle.shape_id, bundle.kind.outline.language, repr(rules))
    if user_cache.find("rules", key) is not None:
        return ()
    found = tuple(_unproven(rules, bundle, sandbox))
    if not found:
        user_cache.keep("rules", key, b"")
    return found


def _unproven(rules: Iterable[DealRule], bundle: TypeBundle, sandbox: Sandbox) -> Iterator[Finding]:
    for rule in rules:
        for name, example in (("bad", rule.bad), ("good", rule.good)):
            for each in evaluate([rule], example, bundle, sandbox):
                if each.problems:
                    problem = each.problems[0]
                    why = f"{_where(rule, problem)}{problem.message}"
                    said = f"the rule `{rule.rule.id}` fails on its `{name}` example: {why}"
                    yield finding_in(rule.path, "core/rule-fails", said, problem.hint, rule.line)
                elif bool(each.faults) is not (name == "bad"):
                    what = "something" if each.faults else "nothing"
                    said = f"the rule `{rule.rule.id}` finds {what} in its `{name}` example"
                    must = "must hold in it" if name == "bad" else "must not hold in it"
                    hint = f"correct `when`, which {must}, or correct the example"
                    yield finding_in(rule.path, "core/rule-example", said, hint, rule.line)


def _where(rule: DealRule, problem: TemplateProblem) -> str:
    # A filter that there is not is told where the template's branch begins.
    filter_name = problem.message.removeprefix("there is no filter ")
    key = rule.key_at(problem.line, filter_name.strip("`") if filter_name != problem.message else "")
    return f"in `{key}`: " if key else ""
