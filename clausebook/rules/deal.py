"""Judge a deal by the rules of its type, and prove each rule by its own examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clausebook.assemble.inputs import Deal
from clausebook.findings.model import Finding, finding_in
from clausebook.language.sandbox import Sandbox
from clausebook.library.bundle import TypeBundle
from clausebook.library.model import RuleExample
from clausebook.load.problems import too_many
from clausebook.rules.evaluating import evaluate


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
            said = f"the rule `{rule.rule.id}` cannot judge `{deal.id}`: {problem.message}"
            hint = "mend the rule, so that it also holds for deals like this one"
            yield finding_in(rule.path, "core/rule-fails", said, hint, rule.line)
        for fault in each.faults:
            line, column = deal.locate(fault.pointer)
            place = (deal.path, line, column, fault.pointer)
            yield Finding(rule.rule.id, fault.message, *place, rule.rule.mend, declared=rule.rule)
        if each.cut:
            yield too_many(deal.path, f"the rule `{rule.rule.id}` finds more; the rest is left out")


def unproven(bundle: TypeBundle, sandbox: Sandbox) -> Iterator[Finding]:
    """Yield the rules and limits of a type that their own examples show to be wrong."""
    kind = bundle.kind
    if kind is None:
        return
    for rule in (*kind.rules, *(limit.rule for limit in kind.approvals.limits)):
        for name, example in (("bad", rule.bad), ("good", rule.good)):
            for each in evaluate([rule], example, bundle, sandbox):
                if each.problems:
                    said = f"the rule `{rule.rule.id}` fails on its `{name}` example: {each.problems[0].message}"
                    yield finding_in(rule.path, "core/rule-fails", said, each.problems[0].hint, rule.line)
                elif bool(each.faults) is not (name == "bad"):
                    what = "something" if each.faults else "nothing"
                    said = f"the rule `{rule.rule.id}` finds {what} in its `{name}` example"
                    hint = "correct the rule, or the example"
                    yield finding_in(rule.path, "core/rule-example", said, hint, rule.line)
