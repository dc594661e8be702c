"""Hostile values in every place where a value can stand: no structure and no text changes, in any format."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clausebook.assemble.assembler import assemble
from clausebook.assemble.inputs import Deal, Inputs
from clausebook.document.model import Document
from clausebook.document.words import passages, words
from clausebook.library.loading import load_wordings
from clausebook.load.positions import Positions
from clausebook.project.loading import load_agreement
from clausebook.project.project import Project
from clausebook.records.since_execution import contract_data
from clausebook.validate.schemas import SchemaStore
from tests.support.executed_repositories import AMENDMENT
from tests.support.reading import STRUCTURE, WORDS, render_all
from tests.support.repositories import DEALS, ROOT
from tests.support.tiers import examples, sampled

AGREEMENTS = sampled([*DEALS, AMENDMENT], ["health-ecosystem-hub", AMENDMENT], "every deal, with thrice the values")
WANTED = examples(10_000)
LAST = "Zzz "
TOKEN = re.compile(rf"(?:{LAST})?Vq(\d+)z")

FRAGMENTS = (
    "{{ 7*7 }}", "{% if x %}", "{# c #}", "<script>alert(1)</script>", "</p></article>", "<!--", "-->", "&amp;",
    "&#x41;",
    "*bold*", "**", "__u__", "`code`", "[x](javascript:alert(1))", "![i](https://example.com/i.png)", "[x]: y", "~~s~~",
    "# ", "- ", "1. ", "> ", "---", "|", "| a | b |", "\\", "\\n", "\\u{41}", "#set page(width: 1pt)", "#import",
    "$x^2$",
    "@ref", "<label>", "= Heading", "//", "/* c */", "\"", "'", "''", "“”", "%s", "%1", "{0}", "{n}", "$1", "\\1",
    "</w:t></w:r>", "]]>", "<?xml?>", "https://example.com/?a=b&c=d", "www.example.com", "a@example.com", ":smile:",
    "...", "--", "---", "(c)", "(r)", "(a)", "fi ffl", "Ünïcödé", "Ελλάδα", "Киев", "½ ± § ¶ € £ ™ © …", "é",
    "1,000.50",
    "not", "NOT", "Section 9.9", "x" * 60, "W" * 120, "a_b_c", "C:\\temp", "~", "^", "=", "+", ";", ":", "?",
)  # fmt: skip


def hostile(chance: random.Random, number: int) -> str:
    """Return a value of one to four fragments; one in two hundred is ten thousand characters long."""
    if number % 200 == 7:
        return "Long" + chance.choice(FRAGMENTS).strip() + "n" * 9_000
    text = chance.choice(("", " ")).join(chance.choice(FRAGMENTS) for _ in range(chance.randint(1, 4)))
    text = " ".join(text.split())
    # Some values open a sentence and get a capital letter: that is no change to be found here.
    return text[:1].upper() + text[1:]


@pytest.fixture(scope="module")
def project(amended: Path) -> Iterator[Project]:
    with Project(amended) as opened:
        yield opened


def leaves(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every text in the data."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from leaves(value, (*path, index))
    elif isinstance(data, str):
        yield path


def own_term(data: dict[str, Any]) -> tuple[str | int, ...]:
    """Return the place of the last of the agreement's own terms, which no clause uses."""
    return ("glossary", len(data["glossary"]) - 1, "term")


def put(data: Any, path: tuple[str | int, ...], value: str) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value


def get(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def free_places(project: Project, data: dict[str, Any]) -> list[tuple[str | int, ...]]:
    """Return the places where any text may stand: those whose token the schemas accept."""
    schemas = project.store.of(data["type"])
    outside = ("id", "type", "version", "status", "clauses", "schedules", "approvals", "spark")
    places = [path for path in leaves(data) if path[0] not in outside]
    # Terms that clauses use by name must stay; a term that none uses stands for them.
    places = [path for path in places if path[0] != "glossary" or path[-1] == "definition" or path == own_term(data)]
    places += [("schedules", index, "title") for index in range(len(data.get("schedules", ())))]
    forms: dict[tuple[str | int, ...], Callable[[int], str] | None] = {path: lambda n: f"Vq{n}z" for path in places}
    # Keys that are no keys hide what names one, so what is wrong is looked for again without them.
    for form in (lambda n: f"Vq{n}z.", None, None):
        trial = filled(data, {path: make(n) for n, (path, make) in enumerate(forms.items()) if make})
        wrong = {finding.pointer for finding in schemas.validate(trial, Positions(), "x")}
        for path in places:
            pointer = "".join(f"/{step}" for step in path)
            if forms[path] is not None and pointer in wrong:
                forms[path] = form
    return [path for path in places if forms[path] is not None]


def filled(data: dict[str, Any], values: dict[tuple[str | int, ...], str]) -> dict[str, Any]:
    changed = copy.deepcopy(data)
    for path, value in values.items():
        put(changed, path, value)
    return changed


def document_of(project: Project, name: str, data: dict[str, Any]) -> Document:
    bundle = project.type(data["type"])
    assert bundle.kind is not None
    wordings, _ = load_wordings(project.tree, f"agreements/{name}", SchemaStore(project.tree).checks)
    deal = Deal(name, f"agreements/{name}.yaml", contract_data(data), wordings, lambda pointer: (1, 1))
    found = assemble(Inputs(deal, bundle.kind, bundle.shape, bundle.shape_id), project.sandbox)
    assert found.document is not None, found.findings
    return found.document


def with_values(text: str, values: list[str]) -> str:
    return TOKEN.sub(lambda match: values[int(match[1])], text)


@pytest.mark.slow("no value in any place of a deal can become structure, in any of the four formats")
@pytest.mark.parametrize("name", AGREEMENTS)
def test_a_value_is_the_same_characters_everywhere_and_nothing_else(project: Project, name: str) -> None:
    (file,) = project.files([name])
    data, findings, _ = load_agreement(project.tree, file, project.store)
    assert data is not None, findings
    data = copy.deepcopy(data)  # what is loaded is shared
    data.setdefault("glossary", []).append({"term": "Zzz", "definition": "means a term that comes last"})
    places = free_places(project, data)
    assert len(places) > (100 if "purpose" in data else 15)
    tokens = {path: f"Vq{n}z" for n, path in enumerate(places)}
    tokens[own_term(data)] = LAST + tokens[own_term(data)]
    plain = document_of(project, name, filled(data, tokens))
    structure = {key: STRUCTURE[key](made) for key, made in render_all(plain, ROOT).items()}
    chance = random.Random(name)
    tried = 0
    while tried < WANTED / len(AGREEMENTS):
        values = [hostile(chance, tried + n) for n in range(len(places))]
        values = [LAST + value if path == own_term(data) else value for path, value in zip(places, values, strict=True)]
        document = document_of(project, name, filled(data, dict(zip(places, values, strict=True))))
        assert list(passages(document)) == [with_values(text, values) for text in passages(plain)]
        for key, made in render_all(document, ROOT).items():
            assert WORDS[key](made) == words(document), key
            # A value that is too long for a form field stays in a paragraph.
            assert [_text_part(part) for part in STRUCTURE[key](made)] == [_text_part(part) for part in structure[key]]
        tried += len(places)


def _text_part(part: object) -> object:
    return "/P" if part == "/Form" else part
