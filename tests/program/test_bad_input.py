"""Bad input, as a user meets it: the real command line, run on a repository in which much is wrong."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from clausebook.cli.main import cli
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Subject, TemplateJob
from tests.support.bad_input import (
    CASES,
    LONGEST,
    Run,
    good_agreement,
    most_memory,
    place_of,
    run,
    tame_repository,
    tree_state,
)
from tests.support.reading import WORDS

pytestmark = pytest.mark.slow(
    "the real command on a repository in which all is wrong, within bounds of time and memory"
)

AGREEMENTS = sorted(path.name for path in (CASES / "agreements").iterdir())
CLAUSES = sorted(path.name for path in (CASES / "clauses").iterdir())
MOST_MEMORY = 2 << 30
"""Bytes that no run may need."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with one good agreement, its site built."""
    root = tame_repository(tmp_path_factory.mktemp("bad-input"))
    done = run(root, "build")
    assert (done.code, done.err) == (0, "")
    return root


@pytest.fixture(scope="module")
def bad(built: Path) -> Iterator[Path]:
    """Return the built repository after every case was put into it, with a last agreement that has one mistake."""
    for case in AGREEMENTS:
        shutil.copy(CASES / "agreements" / case / "agreement.yaml", built / "agreements" / f"{case}.yaml")
    for case in CLAUSES:
        shutil.copy(CASES / "clauses" / case / "clause.md", built / "templates" / "nda" / "clauses" / f"{case}.md")
        good_agreement(built, f"clause-{case}", ("secrets:", f"clauses: {{keeping: {{use: {case}}}}}\nsecrets:"))
    good_agreement(built, "zz-last", ("kept_for: P3Y", "kept_for: three years"))
    before = tree_state(built / "site")
    yield built
    assert tree_state(built / "site") == before, "something that was built has changed"


@pytest.fixture(scope="module")
def checked(bad: Path) -> Run:
    """Check the repository of all cases."""
    return run(bad, "check", "--report", "json")


@pytest.fixture(scope="module")
def rendered(bad: Path) -> Run:
    """Build the PDF of every agreement of the repository of all cases."""
    return run(bad, "build", "--format", "pdf", "--report", "json")


def lines_about(done: Run, *paths: str) -> list[str]:
    """Return the places of the findings about the files."""
    return [place_of(finding) for finding in done.findings() if finding["path"] in paths]


def expected(case: Path) -> list[str]:
    return (case / "expected.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("case", AGREEMENTS)
def test_agreement(rendered: Run, case: str) -> None:
    assert lines_about(rendered, f"agreements/{case}.yaml") == expected(CASES / "agreements" / case)


@pytest.mark.parametrize("case", CLAUSES)
def test_clause(rendered: Run, case: str) -> None:
    paths = (f"agreements/clause-{case}.yaml", f"templates/nda/clauses/{case}.md")
    assert lines_about(rendered, *paths) == expected(CASES / "clauses" / case)


def test_every_finding_has_a_place_and_a_mend(rendered: Run) -> None:
    for finding in rendered.findings():
        assert finding["line"] >= 1, finding
        assert finding["column"] >= 1, finding
        assert finding["message"], finding
        assert finding["hint"], finding
        assert len(finding["message"]) < 400, finding


@pytest.mark.parametrize("name", ["checked", "rendered"])
def test_all_else_is_still_checked(request: pytest.FixtureRequest, name: str) -> None:
    done: Run = request.getfixturevalue(name)
    assert lines_about(done, "agreements/zz-last.yaml") == [
        "agreements/zz-last.yaml:12:13 core/value-duration /secrets/kept_for"
    ]
    assert lines_about(done, "agreements/sparrow-finch.yaml") == []


@pytest.mark.parametrize("name", ["checked", "rendered"])
def test_it_ends_in_findings_alone(request: pytest.FixtureRequest, name: str) -> None:
    done: Run = request.getfixturevalue(name)
    assert done.code == 1
    assert done.err == ""
    assert "Traceback" not in done.out
    assert not [finding for finding in done.findings() if finding["rule"] == "core/internal"]
    assert done.left == ()


def test_a_check_finds_all_that_a_build_does(checked: Run, rendered: Run) -> None:
    assert checked.findings() == rendered.findings()


def test_the_whole_build_leaves_the_site_alone(bad: Path) -> None:
    before = tree_state(bad / "site")
    done = run(bad, "build")
    assert done.code == 1
    assert done.out.endswith("Nothing was written.\n")
    assert (done.err, done.left) == ("", ())
    assert tree_state(bad / "site") == before


@pytest.mark.parametrize("case", ["loops-for-ever", "doubling", "deep-brackets", "too-many-values"])
def test_a_greedy_clause_is_stopped_in_time(bad: Path, case: str) -> None:
    done = run(bad, "check", f"clause-{case}", "--report", "json")
    assert done.code == 1
    assert done.seconds < LONGEST
    assert {finding["rule"] for finding in done.findings()} & {
        "core/template-time",
        "core/template-memory",
        "core/template-recursion",
        "core/template-length",
    }
    assert most_memory() < MOST_MEMORY


def make_large(place: Path) -> None:
    with place.open("wb") as file:
        file.write(b'id: alone\ntitle: "')
        file.write(b"x" * (50 << 20))
        file.write(b'"\n')


def make_deep(place: Path) -> None:
    place.write_text("id: alone\ntitle: " + "[" * 10_000 + "]" * 10_000 + "\n", encoding="utf-8")


def make_deep_blocks(place: Path) -> None:
    place.write_text("".join(" " * depth + "a:\n" for depth in range(1_000)), encoding="utf-8")


def make_undecodable(place: Path) -> None:
    place.write_bytes(b"id: alone\ntitle: caf\xe9\n")


def make_utf_16(place: Path) -> None:
    place.write_bytes("id: alone\n".encode("utf-16"))


def make_many_values(place: Path) -> None:
    place.write_text("id: alone\nlist:\n" + "- x\n" * 60_000, encoding="utf-8")


def make_link_out(place: Path) -> None:
    outside = place.parents[2] / "outside.yaml"
    outside.write_text("id: alone\n", encoding="utf-8")
    place.symlink_to(outside)


def make_link_to_nowhere(place: Path) -> None:
    place.symlink_to("nowhere.yaml")


def make_link_in_a_circle(place: Path) -> None:
    place.symlink_to(place.name)


def make_pipe(place: Path) -> None:
    os.mkfifo(place)


def make_socket(place: Path) -> None:
    os.chdir(place.parent)
    with socket.socket(socket.AF_UNIX) as file:
        file.bind(place.name)


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (make_large, "1:1 core/file-unreadable"),
        (make_deep, "2:47 core/yaml-too-deep"),
        (make_deep_blocks, "41:41 core/yaml-too-deep"),
        (make_undecodable, "2:11 core/yaml-encoding"),
        (make_utf_16, "1:1 core/yaml-encoding"),
        (make_many_values, "50002:3 core/yaml-too-large"),
        (make_link_out, "1:1 core/file-unreadable"),
        (make_link_to_nowhere, "1:1 core/file-unreadable"),
        (make_link_in_a_circle, "1:1 core/file-unreadable"),
        (make_pipe, "1:1 core/file-unreadable"),
        (make_socket, "1:1 core/file-unreadable"),
    ],
    ids=lambda value: value.__name__.removeprefix("make_") if callable(value) else "",
)
def test_a_file_that_no_case_can_hold(
    built: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], place: str
) -> None:
    monkeypatch.chdir(built)
    file = built / "agreements" / "alone.yaml"
    make(file)
    try:
        done = run(built, "check", "alone", "sparrow-finch", "--report", "json")
        (finding,) = [finding for finding in done.findings() if finding["path"] == "agreements/alone.yaml"]
    finally:
        file.unlink()
    assert place_of(finding) == f"agreements/alone.yaml:{place}"
    assert finding["hint"]
    assert (done.code, done.err) == (1, "")
    assert done.seconds < LONGEST
    assert most_memory() < MOST_MEMORY


def test_two_agreements_with_one_id(built: Path) -> None:
    place = good_agreement(built, "twice")
    other = place.with_suffix(".yml")
    shutil.copy(place, other)
    try:
        done = run(built, "check", "sparrow-finch", "--report", "json")
    finally:
        place.unlink()
        other.unlink()
    (finding,) = [
        finding
        for finding in done.findings()
        if finding["rule"] == "core/agreement-id-repeated" and "two" in finding["message"]
    ]
    assert place_of(finding) == "agreements/twice.yml:1:1 core/agreement-id-repeated"
    assert "agreements/twice.yaml" in finding["message"]
    assert done.code == 1


@pytest.mark.parametrize(
    "name",
    [
        "agreements",
        "agreements/sparrow-finch",
        "schemas",
        "schemas/nda",
        "schemas/nda/agreement.schema.json",
        "schemas/clause.schema.json",
        "templates",
        "templates/nda",
        "templates/nda/clauses",
        "templates/nda/clauses/limits.md",
        "templates/nda/outline.yaml",
        "templates/nda/glossary.yaml",
        "templates/pdf",
        "templates/docx",
        "templates/site/docs/secret.txt",
        "mkdocs.yml",
    ],
)
def test_a_link_out_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    root = tame_repository(tmp_path)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    outside = tmp_path / "outside"
    link = root / name
    if link.exists():
        shutil.move(link, outside)
    else:
        outside.mkdir()
        (outside / "secret.md").write_text("---\n---\nsecret\n", encoding="utf-8")
        link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside)
    done = CliRunner().invoke(cli, ["build", "--report", "json", "--root", str(root)])
    findings = json.loads(done.stdout)["findings"]
    (finding,) = [finding for finding in findings if finding["path"] == name and "link" in finding["message"]][:1]
    assert finding["hint"] == "replace the link by what it leads to"
    assert (done.exit_code, done.stderr, list(temporary.iterdir())) == (1, "", [])
    assert not (root / "site").exists()


def test_a_link_within_the_repository_is_fine(tmp_path: Path) -> None:
    root = tame_repository(tmp_path)
    (root / "templates" / "nda" / "glossary.yaml").rename(root / "words.yaml")
    (root / "templates" / "nda" / "glossary.yaml").symlink_to("../../words.yaml")
    assert run(root, "check").code == 0


HOSTILE = (
    "{{ 7*7 }}",
    "{% raw %}",
    "<script>alert(1)</script>",
    "*bold* __bold__ `code`",
    "[x](javascript:alert(1))",
    "![x](https://example.com/x.png)",
    "#set page(width: 1pt)",
    "$ sum $ @ref <label> \\u{41} // no comment",
    "&lt;b&gt; &#x41;",
    "| a | b |",
    "1. one",
    "--- - + #",
    "C:\\temp\\new ~ ^ % _",
    "]]> <!-- --> ?>",
)


def test_values_come_out_as_they_went_in(tmp_path: Path) -> None:
    root = tame_repository(tmp_path)
    long_value = "palimpsest " * 900 + "x" * 100
    values = "".join(f"    - '{value}'\n" for value in HOSTILE)
    good_agreement(
        root,
        "hostile",
        ("topic: a printed atlas of garden birds", f"topic: {long_value}"),
        ("    - what was public before\n    - what the recipient learned from others\n", values),
    )
    done = run(root, "build")
    assert (done.code, done.err) == (0, "")
    folder = root / "site" / "agreements" / "hostile"
    page = (folder / "index.html").read_text(encoding="utf-8")
    text = page[page.index('<article id="agreement-text"') :]
    contents = {
        "html": text[: text.index("</article>") + len("</article>")].encode(),
        **{name: (folder / f"hostile.{name}").read_bytes() for name in ("md", "docx", "pdf")},
    }
    found = {name: " ".join(WORDS[name](content)) for name, content in contents.items()}
    for value in (*HOSTILE, long_value):
        assert " ".join(value.split()) in found["html"]
    assert {text == found["html"] for text in found.values()} == {True}


def test_a_list_of_ten_thousand_items(tmp_path: Path) -> None:
    root = tame_repository(tmp_path)
    items = "".join(f"    - item {number}\n" for number in range(10_000))
    good_agreement(root, "many", ("    - what was public before\n", items))
    done = run(root, "check", "--report", "json")
    assert done.code == 1
    assert done.seconds < LONGEST
    assert lines_about(done, "templates/nda/clauses/limits.md") == [
        "templates/nda/clauses/limits.md:12:1 core/clause-markdown"
    ]


TYPES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(CASES / "types.yaml")


@pytest.mark.parametrize("case", TYPES, ids=lambda case: case["change"][0]["new"].strip()[:50])
def test_a_type_that_is_wrong(tmp_path: Path, case: dict[str, Any]) -> None:
    root = tame_repository(tmp_path)
    for change in case["change"]:
        place = root / change["file"]
        text = place.read_text(encoding="utf-8")
        assert change["old"] in text
        place.write_text(text.replace(change["old"], change["new"], 1), encoding="utf-8")
    done = CliRunner().invoke(cli, ["check", "--report", "json", "--root", str(root)])
    findings = json.loads(done.stdout)["findings"]
    assert list(map(place_of, findings)) == case["findings"]
    assert (done.exit_code, done.stderr) == (bool(case["findings"]), "")
    assert all(finding["hint"] for finding in findings)


def test_every_slow_clause_leaves_less_time_to_the_next() -> None:
    slow = (CASES / "clauses" / "loops-for-ever" / "clause.md").read_text(encoding="utf-8").rpartition("---\n")[2]
    jobs = [TemplateJob(f"slow-{number}", f"{slow}{number}") for number in range(3)]
    with Sandbox(time_limit=1.0) as sandbox:
        rendering = sandbox.render(Subject({}, "en-US", {}, ""), [*jobs, TemplateJob("quick", "words")], (), ())
    said = [problem.message for job in jobs for problem in rendering.sheets[job.name].problems]
    assert [message.rpartition("than ")[2] for message in said] == ["1 seconds", "0.5 seconds", "0.5 seconds"]
    assert rendering.sheets["quick"].text == "words"
