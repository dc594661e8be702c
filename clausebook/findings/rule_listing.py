"""The register of rules as text, JSON or a page of Markdown."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby

from clausebook.findings.characters import shortened, without_hidden
from clausebook.findings.model import RepositoryError
from clausebook.findings.near_names import did_you_mean
from clausebook.findings.register import Rule

_WIDTH = 100


def found(name: str, declared: Mapping[str, Rule]) -> Rule:
    """Return the rule of an id, whose part before the slash may be left out. Raise RepositoryError if there is none."""
    rule = declared.get(name) or next((each for each in declared.values() if each.id.partition("/")[2] == name), None)
    if rule is None:
        forms = [form for each in declared for form in (each, each.partition("/")[2])]
        hint = did_you_mean(name, forms, "`clausebook rules` lists all")
        raise RepositoryError(f"there is no rule `{without_hidden(shortened(name))}`", hint)
    return rule


def as_lines(listed: Sequence[Rule]) -> str:
    """Return a line a rule: its id, severity and title."""
    width = max((len(rule.id) for rule in listed), default=0)
    return "\n".join(f"{rule.id:{width}}  {rule.severity:7}  {rule.title}" for rule in listed)


def as_text(rule: Rule, written: str = "") -> str:
    """Return all that is said of one rule; `written` is where a type has it, and "" if the program does."""
    place = f"in {written}" if written else f"at the stage `{rule.stage}`"
    told = (("why", rule.why), ("mend", rule.mend), ("written" if written else "found", place))
    lines = [
        textwrap.fill(text, _WIDTH, initial_indent=f"  {name + ':':9}", subsequent_indent=" " * 11)
        for name, text in told
    ]
    return "\n".join([f"{rule.id} ({rule.severity}): {rule.title}", *lines])


def as_json(listed: Iterable[Rule]) -> str:
    """Return a JSON object with the list of rules."""
    return json.dumps({"rules": [asdict(rule) for rule in listed]}, indent=2, ensure_ascii=False)


def as_markdown(listed: Iterable[Rule]) -> str:
    """Return the reference page, a section a stage."""
    lines = [
        "# Rules",
        "",
        "Every rule that a finding of `clausebook check`, `build`, `review` and the other commands can name, by the "
        "stage that looks. `clausebook rules ID` prints one. An error stops a build, a warning does with `--strict`, "
        "a note never does.",
    ]
    for stage, declared in groupby(listed, key=lambda rule: rule.stage):
        lines += ["", f"## {stage.capitalize()}"]
        for rule in declared:
            lines += ["", f"### `{rule.id}`", "", f"**{rule.title}** ({rule.severity}). {rule.why} *Mend:* {rule.mend}"]
    return "\n".join(lines) + "\n"
