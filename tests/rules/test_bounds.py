"""Rules are bounded: whatever one asks for, a check ends, and says which rule it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from tests.support.rule_cases import CASES, lay

RULE = """rules:
  - id: {id}
    severity: warning
    title: A rule
    why: Because.
    mend: Mend it.
    {each}
    when: {when}
    at: [loan.notice]
    message: {message}
    bad: {{loan: {{notice: P3D}}}}
    good: {{loan: {{notice: P14D}}}}
"""


def found(root: Path, **rule: str) -> list[tuple[str, str]]:
    lay(CASES / "_base", root)
    text = RULE.format(**{"id": "bounded", "each": "", "when": "1 == 1", "message": "wrong", **rule})
    (root / "templates" / "loan" / "rules.yaml").write_text(text, encoding="utf-8")
    with Sandbox(time_limit=0.5) as sandbox:
        project = Project(root, sandbox)
        agreements = list(project.assemble_all())
        return [(each.rule, each.message) for agreement in agreements for each in agreement.findings]


@pytest.mark.parametrize(
    "when",
    [
        "loan.notice|most_days / 0 > 1",
        "loan.from + 'P9999999Y' > loan.until",
        "loan.nothing > 1",
        "'a' * 1000000000 == 'b'",
        "loan.notice < 60",
        "loan.from|nothing",
        "range(1000000000)|length > 1",
        "loan.__class__",
        "loan.from + (",
        "[[1], [2]]|unique",
        "1 == 1) %}{{ fault(loan) }}{% endif %}{% if (1 == 2",
    ],
)
def test_a_rule_that_cannot_judge_says_so(tmp_path: Path, when: str) -> None:
    ((rule, message),) = found(tmp_path, when=repr(when) if "'" not in when else f'"{when}"')
    assert rule == "core/rule-fails"
    assert "loan/bounded" in message


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("loan.notice < P10D", "in `when`: there is nothing of the name `P10D`"),
        ("loan.notice < 10 days", "in `when`: `days` cannot stand where it does"),
        ("loan.notice < 10", "in `when`: the duration `P14D` cannot be compared with the number `10`"),
        ("loan.notice < '10 days'", "in `when`: the duration `P14D` cannot be compared with the text “10 days”"),
        ("loan.notice = 'P10D'", "in `when`: `=` cannot stand where it does"),
        ("loan.notice|most_days > 2,000", "in `when`: a comma stands where there can be none"),
        ("parties|where(loan, 'heron')", "in `when`: where takes the name of a property in quotes"),
        ("loan.from|plus_busines_days(5) > loan.until", "in `when`: there is no filter `plus_busines_days`"),
        ("loan.notice + 'P1D' > 'P2D'", "`+` takes two numbers, or a date and a duration, and not the duration `P14D`"),
    ],
)
def test_a_slip_in_a_rule_is_told_where_it_is_and_in_words(tmp_path: Path, when: str, said: str) -> None:
    ((rule, message),) = found(tmp_path, when=f'"{when}"')
    assert rule == "core/rule-fails"
    assert said in message


def test_a_slip_in_a_message_is_told_there(tmp_path: Path) -> None:
    ((_, message),) = found(tmp_path, message="'{{ 1 + loan.notice|duration }}'")
    assert "in `message`: `+` takes two numbers" in message


def test_a_message_tells_one_fault_alone(tmp_path: Path) -> None:
    loops, ends = (each * 8 for each in ("{% for p in parties %}", "{% endfor %}"))
    ((rule, message),) = found(tmp_path, message=repr(f"{loops}{{{{ fault(loan) }}}}x{ends}"))
    assert rule == "core/rule-fails"
    assert "tells one fault" in message


def test_a_rule_without_end_is_stopped(tmp_path: Path) -> None:
    each = "each: {" + ", ".join(f"p{n}: parties" for n in range(19)) + "}"
    ((rule, message),) = found(tmp_path, each=each, when="p0.key == 'nobody'")
    assert rule == "core/rule-fails"
    assert "takes longer" in message


def test_a_rule_tells_no_more_than_a_hundred_faults(tmp_path: Path) -> None:
    each = "each: {" + ", ".join(f"p{n}: parties" for n in range(7)) + "}"
    told = found(tmp_path, each=each)
    assert [rule for rule, _ in told].count("core/too-many-findings") == 1
    assert len(set(told)) == 2
