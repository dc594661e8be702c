"""The table of docs/spark.md is true: each place that it names is there, and it names every point of the method."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from clausebook.facts.spark.gathered import can_be_said, step_schemas
from clausebook.facts.spark.method import Method, read_method
from clausebook.facts.spark.spark_findings import SparkCheck
from clausebook.findings.pointers import parts
from clausebook.project.project import Project
from tests.support.repositories import ROOT

TEXT = (ROOT / "docs" / "spark.md").read_text(encoding="utf-8")
TABLE = TEXT.partition("## Where each line")[2]
ROWS = [line.strip("| ").split(" | ") for line in TABLE.splitlines() if line.startswith("| ")]


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    with Project(ROOT) as opened:
        yield opened


@pytest.fixture(scope="module")
def method(project: Project) -> Method:
    return read_method(project.tree)[0]


def test_nothing_is_wrong_with_the_method(project: Project, method: Method) -> None:
    assert [each for each in SparkCheck(project).shared() if each.path == method.at.path] == []


def test_each_row_says_what_where_and_where_it_is_seen() -> None:
    assert len(ROWS) > 70
    assert [row for row in ROWS if len(row) != 3] == []


def test_each_pointer_of_the_table_leads_to_what_the_schemas_know(project: Project, method: Method) -> None:
    schemas = step_schemas(project, method)
    told = dict.fromkeys(re.findall(r"`(/[a-z_/]+)`", TABLE))
    assert len(told) > 50
    unknown = [each for each in told if not can_be_said(schemas[parts(each)[0]], parts(each)[1:])]
    assert unknown == []


def test_each_point_of_the_method_stands_in_the_table_and_no_other(method: Method) -> None:
    titles = [each.title for each in method.points]
    named = dict.fromkeys(re.findall(r"\(point ([^)]+)\)", TABLE))
    assert sorted(named) == sorted(titles)


def test_each_sample_that_the_table_names_is_there() -> None:
    named = {name for row in ROWS for name in re.findall(r"the sample `([a-z-]+)`", row[1])}
    assert len(named) == 7
    assert [name for name in named if not (ROOT / "agreements" / f"{name}.yaml").is_file()] == []
