"""Defects that are put into agreements of the tests' own: each is found, where it stands, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from clausebook.findings.model import Finding
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project, all_findings
from tests.support.repositories import PARTNERSHIP, ROOT, TYPES

CASES = YAML(typ="safe").load((ROOT / "tests" / "cases" / "defects" / "reading.yaml").read_bytes())
AGREEMENTS = [case["agreement"] for case in CASES]

Place = tuple[str, str, int, str]
"""A rule, a file, a line and a pointer."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def repository_of(name: str) -> Path:
    """Return the folder of a repository of the tests."""
    return next(path for path in (PARTNERSHIP.parent / name, TYPES / name) if path.is_dir())


def found(root: Path, name: str, files: dict[str, bytes], sandbox: Sandbox) -> set[Place]:
    """Return what is found in an agreement of a repository with other files."""
    project = Project(root, sandbox).with_files({**program_files(), **files})
    agreements = list(project.assemble_all([name]))
    assert all(each.document for each in agreements), [each.findings for each in agreements]
    return set(map(place, all_findings(project, agreements)))


def program_files() -> dict[str, bytes]:
    """Return the schemas of the program itself, which the repositories of the tests do not hold."""
    return {f"schemas/{path.name}": path.read_bytes() for path in (ROOT / "schemas").glob("*.schema.json")}


def place(finding: Finding) -> Place:
    return finding.rule, finding.path, finding.line, finding.pointer


def seeded(case: dict[str, Any]) -> tuple[dict[str, bytes], set[Place]]:
    """Return the files of an agreement with all its defects, and what is to be found in them."""
    repository, name = case["agreement"].split("/")
    root = repository_of(repository)
    texts: dict[str, str] = {}
    wanted: list[tuple[str, str, dict[str, Any]]] = []
    for defect in (*case["defects"], *case.get("sound", ())):
        file = f"agreements/{name}/{defect['file']}" if "file" in defect else f"agreements/{name}.yaml"
        text = texts.get(file) or (root / file).read_text(encoding="utf-8")
        assert defect["old"] in text, defect
        texts[file] = text.replace(defect["old"], defect["new"], 1)
        rule = defect.get("rule", [])
        rules = rule if isinstance(rule, list) else [rule]
        wanted += [(rule, file, defect) for rule in rules]
    places = {
        (f"core/{rule}", file, line_of(texts[file], defect.get("on", defect["new"])), defect.get("pointer", ""))
        for rule, file, defect in wanted
    }
    return {file: text.encode() for file, text in texts.items()}, places


def line_of(text: str, words: str) -> int:
    """Return the line on which words stand."""
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize("case", CASES, ids=AGREEMENTS)
def test_every_defect_is_found_where_it_stands_and_nothing_else(case: dict[str, Any], sandbox: Sandbox) -> None:
    repository, name = case["agreement"].split("/")
    root = repository_of(repository)
    files, wanted = seeded(case)
    told = found(root, name, files, sandbox) - found(root, name, {}, sandbox)
    assert sorted(wanted - told) == []
    assert sorted(told - wanted) == []


def test_there_are_enough_of_them() -> None:
    assert sum(len(case["defects"]) for case in CASES) >= 60


def test_a_term_for_a_single_use_is_told_once(sandbox: Sandbox) -> None:
    glossary = "templates/partnership/glossary.yaml"
    clause = "templates/partnership/clauses/shared-vision.md"
    entry = "- term: Lodestar\n  plural: Lodestars\n  definition: means the aim that all others serve.\n"
    texts = {path: (PARTNERSHIP / path).read_text(encoding="utf-8") for path in (glossary, clause)}
    files = {
        glossary: (entry + texts[glossary]).encode(),
        clause: (texts[clause] + "\nThe {{ term('Lodestar') }} is the care of patients.\n").encode(),
    }
    told = found(PARTNERSHIP, "innovation-lab", files, sandbox)
    single = ("core/term-single-use", glossary, 3, "")
    assert single in told
    files[clause] += b"\nNo {{ term('Lodestar') }} is a gain.\n"
    assert single not in found(PARTNERSHIP, "innovation-lab", files, sandbox)
