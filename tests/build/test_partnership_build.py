"""Pages of partnerships in a site built from the store: each change is shown, and no page that it spares changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from tests.support.git_repositories import Repository

pytestmark = pytest.mark.slow("sites of four agreements, built several times")

METHOD = """\
name: SAIL
steps:
  - {id: scan, title: Look out, aim: See who is at sea.}
  - {id: kickoff, title: Cast off, aim: Leave the harbor.}
ratings: {high: 3, low: 1}
weights: {strategic_fit: 1}
points:
  - {id: seen, kind: strategy, step: scan, title: Seen, needs: [/scan/industry, /kickoff/pilot]}
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "cache"))


def built(repository: Repository, out: Path, *options: str) -> dict[str, bytes]:
    command = ["build", "--root", str(repository.project), "--out", str(out), *options]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.html") if path.is_file()}


def write(repository: Repository, path: str, text: str) -> None:
    place = repository.project / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8")


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def test_what_is_told_of_partnerships_is_shown_by_the_next_build(repository: Repository, tmp_path: Path) -> None:
    out, heron = tmp_path / "out", "agreements/heron/spark/index.html"
    opportunity = "title: Far shores\norganisation: {name: Gull}\nscan: {industry: Fishing, strategic_fit: high}\n"
    write(repository, "templates/spark.yaml", METHOD)
    write(repository, "agreements/journal/heron.yaml", "spark: {scan: {industry: Fishing}}\n")
    write(repository, "agreements/pipeline/gull.yaml", opportunity)
    first = built(repository, out)
    assert {heron, "pipeline/index.html", "pipeline/gull/index.html"} <= first.keys()
    assert "agreements/avocet/spark/index.html" not in first
    assert b"Far shores" in first["index.html"]

    write(
        repository,
        "agreements/journal/heron.yaml",
        "spark: {scan: {industry: Fishing}, kickoff: {pilot: {scope: A bay.}}}\n",
    )
    second = built(repository, out)
    assert changed(first, second) == {heron, "pipeline/index.html", "index.html"}
    assert b"A bay." in second[heron]

    write(repository, "agreements/pipeline/gull.yaml", opportunity.replace("high", "low"))
    third = built(repository, out)
    assert changed(second, third) == {"pipeline/index.html", "pipeline/gull/index.html"}

    write(repository, "scan.yaml", "trends: [{on: 2026-01-02, trend: The tide turns., source: a port}]\n")
    fourth = built(repository, out)
    assert changed(third, fourth) == {"pipeline/index.html"}

    (repository.project / "agreements/pipeline/gull.yaml").unlink()
    last = built(repository, out)
    assert "pipeline/gull/index.html" not in last
    assert last == built(repository, tmp_path / "anew", "--no-cache", "--jobs", "1")
