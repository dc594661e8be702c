"""For whom a site is built: what stays with the house's lawyers stands in no file of the others' site."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli.main import cli
from tests.support.file_trees import files_in
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import partnership_repository

pytestmark = pytest.mark.slow("sites of a whole agreement, with a past")

DEAL, JOURNAL = "agreements/billing-transparency.yaml", "agreements/journal/billing-transparency.yaml"
STAKEHOLDER = "stakeholders: [{who: Wilhelmina Roe, role: signs, stance: Zephyr%s}]"
_OF_LAWYERS = (
    *("Where each clause came from", "eparts from standard", "depart from the standard", "the playbook", "fallback"),
    "Library clause",
)
PLANTED = ("reason", "note", "standard", "fallback", "subject", "journal", "opportunity")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository with a word of its own in each place that is for the house's lawyers."""
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "cache"))
    root = partnership_repository(tmp_path)
    for place in (root / "agreements").iterdir():
        if place.stem != "billing-transparency":
            shutil.rmtree(place) if place.is_dir() else place.unlink()
    write(root, "templates/spark.yaml", "name: SAIL\nsteps: [{id: partner, title: Partner, aim: Find one.}]\n")
    write(root, JOURNAL, f"spark: {{partner: {{{STAKEHOLDER % 'journal'}}}}}\n")
    opportunity = f"title: Far shores\norganisation: {{name: Gull}}\npartner: {{{STAKEHOLDER % 'opportunity'}}}\n"
    write(root, "agreements/pipeline/gull.yaml", opportunity)
    replaced(root, DEAL, r"reason: Nothing is", "reason: Zephyrreason is")
    for name, word in (("amendment", "standard"), ("dispute-litigation", "fallback")):
        replaced(root, f"templates/partnership/clauses/{name}.md", r"guidance: >-\n\s*", f"\\g<0>Zephyr{word}. ")
    repository = new_repository(root)
    repository.commit("Begin")
    write(root.parent, "mail.eml", "It is fine by me.")
    command = [
        "approve",
        "billing-transparency",
        "--root",
        str(root),
        "--role",
        "General Counsel",
        "--by",
        "Ida Sample",
    ]
    proof = ["--evidence", str(root.parent / "mail.eml"), "--recorded-by", "Abe Sample", "--date", "2026-10-21"]
    done = CliRunner().invoke(cli, [*command, *proof, "--note", "Zephyrnote"])
    assert "written" in done.output
    repository.replace("Give way, for Zephyrsubject", DEAL, "Bartholomew Quist", "Bartholomew Q. Quist")
    repository.replace("Write it anew, for Zephyrsubject", DEAL, "title: ", "title: Another ")
    return repository


def write(root: Path, path: str, text: str) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8")


def replaced(root: Path, path: str, old: str, new: str) -> None:
    text, count = re.subn(old, new, (root / path).read_text("utf-8"), count=1)
    assert count, (path, old)
    write(root, path, text)


def build(repository: Repository, out: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["build", "--root", str(repository.project), "--out", str(out), *options])


def texts(out: Path) -> Iterator[tuple[str, str]]:
    """Yield each file of a site as text, unpacked."""
    for path, content in files_in(out).items():
        plain = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
        yield path, unescape(plain.decode("utf-8", "replace"))


def planted(out: Path) -> dict[str, list[str]]:
    """Return where each planted word stands."""
    found: dict[str, list[str]] = {}
    for path, text in texts(out):
        for word in re.findall("zephyr([a-z]+)", text.lower()):
            found.setdefault(word, []).append(path)
    return found


def test_what_is_for_lawyers_stands_in_no_file_of_others(repository: Repository, tmp_path: Path) -> None:
    legal, business, whole = tmp_path / "legal", tmp_path / "business", tmp_path / "whole"
    done = build(repository, legal)
    assert done.exit_code == 0, done.output
    # A word of the search may stand there by its stem.
    assert planted(legal).keys() >= set(PLANTED)
    done = build(repository, business, "--audience", "business")
    assert done.exit_code == 0, done.output
    assert planted(business) == {}
    pages = dict(texts(business))
    assert not [path for path in pages if path.startswith(("clauses/", "playbook/"))]
    led = {path for path, text in pages.items() if re.search(r'href="[./]*(?:clauses|playbook)/', text)}
    assert led == set()
    for page in ("index.html", "executives/index.html", "agreements/billing-transparency/index.html"):
        assert "approvals to give" in pages[page]
        for said in _OF_LAWYERS:
            assert said not in pages[page], (page, said)
    assert "Wilhelmina Roe" in pages["agreements/billing-transparency/spark/index.html"]
    assert [path for path in pages if "/redlines/" in path]

    again = build(repository, whole, "--audience", "business", "--no-cache", "--jobs", "1")
    assert again.exit_code == 0, again.output
    assert files_in(whole) == files_in(business)


def test_the_configuration_may_say_for_whom_a_site_is(repository: Repository, tmp_path: Path) -> None:
    config = repository.project / "mkdocs.yml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("  - clausebook\n", "  - clausebook: {audience: business}\n"), "utf-8")
    assert build(repository, tmp_path / "out").exit_code == 0
    assert not (tmp_path / "out/clauses").exists()
    assert build(repository, tmp_path / "out", "--audience", "internal-legal").exit_code == 0
    assert (tmp_path / "out/clauses/index.html").exists()
    config.write_text(text.replace("  - clausebook\n", "  - clausebook: {audience: nobody}\n"), "utf-8")
    done = build(repository, tmp_path / "out")
    assert done.exit_code == 2
    assert "mkdocs.yml builds the site for “nobody”" in done.output
