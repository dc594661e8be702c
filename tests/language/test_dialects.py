"""Clause languages by number: a template is read in the one of its file, whatever else stands beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clausebook.children.bounded import Channel
from clausebook.document.model import Document
from clausebook.document.words import words
from clausebook.formats.table import FORMATS
from clausebook.language.dialects import DIALECTS, Dialect
from clausebook.language.filters import Filters
from clausebook.language.sandbox import Answer, Sandbox, _Child, requests, sheets_of
from clausebook.language.sheets import Setting, Subject, TemplateJob
from clausebook.language.worker import Worker
from clausebook.lifecycle.turns import send
from clausebook.project.project import Project
from tests.support.record_cases import KEEPING, NAME
from tests.support.repositories import nda_repository

SECOND = 2


class Silent(Channel):
    """Tells nobody, and bounds nothing: this process is the tests' own."""

    def tell(self, message: object, *files: bytes) -> None:
        """Say nothing."""

    def step(self) -> None:
        """Go on."""


class HereSandbox(Sandbox):
    """Renders in this process, where a test can add to the languages."""

    def start(self) -> None:
        """Start no child."""
        self.worker, self.child = Worker(Silent(1.0)), _Child(None)  # type: ignore[arg-type]

    def ask(
        self, subject: Subject, setting: Setting | None, jobs: Sequence[TemplateJob], taken: int
    ) -> Mapping[str, Answer]:
        """Answer at once."""
        answer: Mapping[str, Any] = {}
        for request in requests(self.child, subject, setting, jobs, taken, step=False):
            answer = json.loads(json.dumps(self.worker.answer(json.loads(json.dumps(request)))))
        return sheets_of(self.child, setting, jobs, answer)


def _second(language: str) -> Mapping[str, Callable[..., object]]:
    """Return filters of a language that has another word for a period, and no `sentence`."""
    table = dict(Filters(language).table())
    del table["sentence"]
    return {**table, "duration": lambda value: "as long as the law says"}


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DIALECTS, SECOND, Dialect(_second, DIALECTS[1].functions - {"has"}))
    for name in ("clause", "negotiated"):
        monkeypatch.setitem(FORMATS, name, replace(FORMATS[name], numbers=(1, 2), dialects=(1, SECOND)))


def rendered(sandbox: Sandbox, source: str, dialect: int) -> tuple[str, list[str]]:
    subject = Subject({"time": "P3Y"}, "en-GB", {"p": {"time": {}}}, "s")
    sheet = sandbox.render(subject, [TemplateJob("c", source, dialect=dialect)], [], []).sheets["c"]
    return sheet.text, [problem.rule for problem in sheet.problems]


@pytest.mark.usefixtures("second")
def test_a_template_has_the_filters_and_functions_of_its_language() -> None:
    with HereSandbox() as sandbox:
        source = "{{ time|duration }}"
        assert rendered(sandbox, source, 1)[0] != rendered(sandbox, source, SECOND)[0] == "as long as the law says"
        assert rendered(sandbox, source, 1)[0] != "as long as the law says", "what is remembered is of one language"
        assert rendered(sandbox, "{{ 'a'|sentence }}", 1) == ("A", [])
        assert rendered(sandbox, "{{ 'a'|sentence }}", SECOND)[1] == ["core/template-syntax"]
        assert rendered(sandbox, "{% if has('x') %}{% endif %}", SECOND)[1] == ["core/template-name"]


def text(root: Path, sandbox: Sandbox) -> Document:
    project = Project(root, sandbox)
    found = project.assemble(project.files([NAME])[0])
    assert found.document, [finding.message for finding in found.findings]
    return found.document


def with_second_language(root: Path) -> None:
    """Rewrite a clause of the library in the second language."""
    path, schema = root / KEEPING, root / "schemas" / "clause.schema.json"
    path.write_text(path.read_text(encoding="utf-8").replace("id: keeping", "format: 2\nid: keeping"), encoding="utf-8")
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "{% if has('limits') %}, subject to {{ ref('limits') }}{% endif %}", ""
        )
    )
    data = json.loads(schema.read_text(encoding="utf-8"))
    data["properties"]["format"]["const"] = 2
    schema.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.usefixtures("second")
def test_clauses_of_two_languages_stand_in_one_agreement(tmp_path: Path) -> None:
    root = nda_repository(tmp_path)
    with HereSandbox() as sandbox:
        before = " ".join(words(text(root, sandbox)))
        with_second_language(root)
        after = " ".join(words(text(root, sandbox)))
    assert "for 3 years, subject to" in before
    assert "for as long as the law says." in after
    assert before.partition("limits")[2] == after.partition("limits")[2]


@pytest.mark.usefixtures("second")
def test_a_clause_that_was_sent_keeps_the_language_of_its_time(tmp_path: Path) -> None:
    root = nda_repository(tmp_path)
    with HereSandbox() as sandbox:
        before = text(root, sandbox)
        send(Project(root, sandbox), NAME, "2026-03-04")
        with_second_language(root)
        after = text(root, sandbox)
    assert words(after) == words(before)
