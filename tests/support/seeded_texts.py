"""Agreements of the tests' own with defects in their words, as `tests/cases/defects/reading.yaml` lists them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from clausebook.findings.model import Finding
from clausebook.language.sandbox import Sandbox
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project, all_findings
from tests.support.repositories import PARTNERSHIP, ROOT, TYPES

CASES = YAML(typ="safe").load((ROOT / "tests" / "cases" / "defects" / "reading.yaml").read_bytes())

Place = tuple[str, str, int, str]
"""A rule, a file, a line and a pointer."""


def repository_of(name: str) -> Path:
    """Return the folder of a repository of the tests."""
    return next(path for path in (PARTNERSHIP.parent / name, TYPES / name) if path.is_dir())


def assembled(root: Path, name: str, files: dict[str, bytes], sandbox: Sandbox) -> tuple[Agreement, set[Place]]:
    """Return an agreement of a repository with other files, and where what is found there."""
    project = Project(root, sandbox).with_files({**program_files(), **files})
    [agreement] = project.assemble_all([name])
    assert agreement.document, agreement.findings
    return agreement, set(map(place, all_findings(project, [agreement])))


def program_files() -> dict[str, bytes]:
    """Return the schemas of the program itself, which the repositories of the tests do not hold."""
    return {f"schemas/{path.name}": path.read_bytes() for path in (ROOT / "schemas").glob("*.schema.json")}


def place(finding: Finding) -> Place:
    """Return the rule of a finding, and where it stands."""
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
