"""Names of files and folders that every system can have."""

from __future__ import annotations

import pytest

from clausebook.repository.agreement_files import id_problem
from clausebook.repository.portable_names import name_problem, plain_name, same_but_for_case


@pytest.mark.parametrize(
    "name", ["con", "NUL", "aux.md", "Prn.yaml", "com1", "lpt9.md", "con .md", "a:b.md", "what?", "a."]
)
def test_names_that_windows_cannot_have(name: str) -> None:
    assert "Windows" in name_problem(name)


@pytest.mark.parametrize("name", ["console", "com", "com10", "auxiliary.md", "stage-plan.md", "Ünïcode.md", ".hidden"])
def test_names_that_all_systems_can_have(name: str) -> None:
    assert name_problem(name) == ""


def test_names_that_differ_in_nothing_but_capitals() -> None:
    assert list(same_but_for_case(["Plan.md", "other.md", "plan.md"])) == [("plan.md", "Plan.md")]


@pytest.mark.parametrize("name", ["index", "executed", "con", "com1", "nul"])
def test_ids_that_no_agreement_can_have(name: str) -> None:
    assert f"{name} cannot be" in id_problem(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mara Quillon", "mara-quillon"),
        ("Zoë Ångström", "zoe-angstrom"),
        ("reporting/report/quality#3", "reporting-report-quality-3"),
        ("../../etc/passwd", "etc-passwd"),
        ("<script>", "script"),
        ("Straße", "strasse"),
        ("山田", ""),
        ("one two three four", "one-two-three"),
    ],
)
def test_a_plain_name_is_taken_by_every_system(text: str, name: str) -> None:
    assert plain_name(text, 26 if name.startswith("reporting") else 14) == name
