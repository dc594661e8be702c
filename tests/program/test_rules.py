"""Each rule is declared once, has an example that breaks it and one that does not, and a place in the reference."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from clausebook.findings.model import Finding
from clausebook.findings.register import UndeclaredRule, rule_of, rules
from clausebook.findings.rule_listing import as_markdown
from clausebook.language.sandbox import Sandbox
from tests.support.repositories import ROOT
from tests.support.rule_cases import CASES, STANDING, checked, layers

pytestmark = pytest.mark.slow("every rule's example, checked as a repository")

NAMES = {rule.id.partition("/")[2]: rule for rule in rules().values()}
WITH_FOLDERS = sorted(name for name in NAMES if not (CASES / name / "how.md").is_file())
REFERENCE = ROOT / "docs" / "rules.md"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert {path.name for path in CASES.iterdir() if not path.name.startswith("_")} == set(NAMES)


@pytest.mark.parametrize("standing", STANDING, ids=lambda names: "".join(names) or "_base")
def test_nothing_is_wrong_before_a_case(standing: tuple[str, ...], tmp_path: Path, sandbox: Sandbox) -> None:
    assert checked([CASES / name for name in standing], tmp_path, sandbox) == ()


@pytest.mark.parametrize("name", WITH_FOLDERS)
def test_the_bad_example_breaks_the_rule_and_the_good_one_none(name: str, tmp_path: Path, sandbox: Sandbox) -> None:
    case = CASES / name
    bad = checked((*layers(case), case / "bad"), tmp_path / "bad", sandbox)
    assert NAMES[name].id in {finding.rule for finding in bad}
    assert checked((*layers(case), case / "good"), tmp_path / "good", sandbox) == ()


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(WITH_FOLDERS)))
def test_a_rule_without_folders_names_the_test_that_shows_it(name: str) -> None:
    told = (CASES / name / "how.md").read_text(encoding="utf-8")
    shown = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?", told)
    for file, test in shown:
        assert (ROOT / file).is_file(), file
        assert not test or f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), test
    assert shown


def test_no_rule_is_declared_twice() -> None:
    declared = [
        name
        for path in (ROOT / "clausebook" / "findings" / "rules").glob("*.yaml")
        for name in re.findall(r"^- id: (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted(declared) == sorted(rules())


def test_an_undeclared_rule_cannot_be_used() -> None:
    with pytest.raises(UndeclaredRule, match="core/value-date"):
        Finding(rule="core/value-dates", message="m", path="p")


def test_every_rule_that_the_program_names_is_declared() -> None:
    named = {
        node.value
        for path in (ROOT / "clausebook").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"core/[a-z-]+[a-z]", node.value)
    }
    assert named <= rules().keys()


def test_every_declared_rule_is_used() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "clausebook").rglob("*.py"))
    made = {"core/value-date", "core/value-duration", "core/value-email"}
    made |= {f"core/approval-{state}" for state in ("needed", "missing", "outdated")}
    assert {name for name in rules() if f'"{name}"' not in sources} <= made


def test_rules_are_told_in_sentences() -> None:
    for rule in rules().values():
        assert rule.title[0].isupper(), rule
        assert not rule.title.endswith("."), rule
        assert rule.why.endswith("."), rule
        assert rule.mend.endswith("."), rule


def test_a_rule_is_found_by_its_id() -> None:
    assert rule_of("core/value-date").stage == "validate"


def test_the_reference_page_is_the_register(update_golden: bool) -> None:
    told = as_markdown(rules().values())
    if update_golden:
        REFERENCE.write_text(told, encoding="utf-8")
    assert REFERENCE.read_text(encoding="utf-8") == told
