"""No change is judged by rules of its own: what it takes away judges it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.findings.model import RepositoryError
from clausebook.repository.git.process import Git, GitUnavailable
from tests.support.git_repositories import Repository, new_repository
from tests.support.rule_cases import CASES, lay

FALLBACK = """---
id: keeping-short
title: Keeping
slot: keeping
version: "1.0"
status: approved
position: fallback 1
approver: General Counsel and Chief Privacy Officer
guidance: Where the other side asks for it.
---
The borrower shall keep the books dry.
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = new_repository(tmp_path / "git")
    lay(CASES / "_base", made.project)
    slots = sorted((made.project / "templates/loan/clauses").glob("*.md"))
    slot = next(line.split(": ")[1] for line in slots[0].read_text().splitlines() if line.startswith("slot: "))
    clause = FALLBACK.replace("slot: keeping", f"slot: {slot}").replace("keeping-short", f"{slot}-short")
    (made.project / f"templates/loan/clauses/{slot}-short.md").write_text(clause)
    made.commit("Lend the books")
    made.git("branch", "-M", "main")
    made.git("checkout", "--quiet", "-b", "change")
    return made


def short(repository: Repository) -> Path:
    return next((repository.project / "templates/loan/clauses").glob("*-short.md"))


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text)


def reviewed(repository: Repository, *arguments: str) -> tuple[int, dict[str, list[str]]]:
    command = ["review", "--base", "main", "--format", "json", "--root", str(repository.project), *arguments]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code in (0, 1), done.output
    found: dict[str, list[str]] = {}
    for finding in json.loads(done.stdout)["findings"]:
        found.setdefault(finding["rule"], []).append(finding["message"])
    return done.exit_code, found


APPROVER = "approver: General Counsel and Chief Privacy Officer\n"


def test_nothing_is_given_up_by_other_edits(repository: Repository) -> None:
    edit(short(repository), ("dry", "dry and clean"), ('"1.0"', '"1.1"'))
    code, found = reviewed(repository)
    assert "core/rule-given-up" not in found
    assert code == 0


def test_a_change_does_not_remove_its_own_approver(repository: Repository) -> None:
    edit(short(repository), (APPROVER, ""), ("dry", "wet"), ('"1.0"', '"1.1"'))
    code, found = reviewed(repository)
    assert (code, len(found["core/rule-given-up"])) == (1, 2)
    code, found = reviewed(repository, "--approved", "general counsel")
    assert (code, len(found["core/rule-given-up"])) == (1, 1)
    code, found = reviewed(repository, "--approved", "general counsel", "--approved", "Chief Privacy Officer")
    assert (code, found.get("core/rule-given-up")) == (0, None)


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("General Counsel and Chief Privacy Officer", "Chief Privacy Officer", 1),
        ("General Counsel and Chief Privacy Officer", "Anybody", 2),
        ("General Counsel and Chief Privacy Officer", "Chief Privacy Officer, general counsel", 0),
        ("General Counsel and Chief Privacy Officer", "Chief Privacy Officer and General Counsel and Anybody", 0),
    ],
)
def test_each_office_counts(old: str, new: str, count: int, repository: Repository) -> None:
    edit(short(repository), (old, new))
    _, found = reviewed(repository)
    assert len(found.get("core/rule-given-up", [])) == count


def test_the_same_words_under_another_name_are_a_successor(repository: Repository) -> None:
    path = short(repository)
    text = path.read_text().replace("-short\n", "-brief\n", 1).replace(APPROVER, "")
    path.with_name(path.name.replace("-short", "-brief")).write_text(text)
    path.unlink()
    code, found = reviewed(repository)
    assert (code, len(found["core/rule-given-up"])) == (1, 2)


def test_a_departure_that_becomes_the_standard_is_still_asked_for(repository: Repository) -> None:
    path = short(repository)
    standard = next(
        each
        for each in path.parent.glob("*.md")
        if "slot: " + path.name[:-9] + "\n" in each.read_text() and each != path
    )
    edit(standard, ("position: standard", "position: fallback 1"))
    edit(path, ("position: fallback 1", "position: standard"))
    code, found = reviewed(repository)
    assert code == 1
    assert any("makes the standard of the fallback 1" in each for each in found["core/rule-given-up"])


def test_a_departure_that_goes_gives_nothing_up_where_others_stay(repository: Repository) -> None:
    path = short(repository)
    repository.git("checkout", "--quiet", "main")
    other = path.with_name(path.name.replace("-short", "-brief"))
    other.write_text(path.read_text().replace("-short\n", "-brief\n", 1).replace(APPROVER, "").replace("k 1", "k 2"))
    repository.commit("Have another fallback, which needs nobody")
    repository.git("checkout", "--quiet", "change")
    repository.merge("Take it over", "main")
    path.unlink()
    assert "core/rule-given-up" not in reviewed(repository)[1]


def test_a_type_that_goes_and_another_that_comes_give_nothing_up(repository: Repository) -> None:
    for folder in ("templates", "schemas"):
        (repository.project / folder / "loan").rename(repository.project / folder / "deposit")
    assert "core/rule-given-up" not in reviewed(repository)[1]


@pytest.mark.parametrize("side", ["base", "head"])
def test_a_library_that_cannot_be_read_is_told_and_stops_no_review(side: str, repository: Repository) -> None:
    outline = repository.project / "templates/loan/outline.yaml"
    good = outline.read_text()
    outline.write_text("sections: none\n")
    if side == "base":
        repository.commit("Break the outline")
        repository.git("branch", "--force", "main")
        outline.write_text(good)
    edit(short(repository), (APPROVER, ""), ('"1.0"', '"1.1"'))
    code, found = reviewed(repository)
    assert "core/rule-given-up" not in found
    assert code == 1
    if side == "base":
        # Nothing says any more what must be approved, so all must be.
        assert "cannot be read on the protected branch" in found["core/approval-missing"][0]


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        (None, "format: 1\n", 1),
        ("format: 1\n", "format: 1\nparties: []\n", 1),
        ("format: 1\n", None, 1),
        ("format: 1\n", "format: 1\n", 0),
        (None, None, 0),
    ],
)
def test_a_change_of_the_file_of_whom_to_trust_is_told(
    before: str | None, after: str | None, count: int, repository: Repository
) -> None:
    if before:
        repository.commit("Trust somebody", {"trust.yaml": before})
        repository.git("branch", "--force", "main")
    repository.commit("Want something", {"trust.yaml": after} if after or before else {"other.yaml": "a: 1\n"})
    assert len(reviewed(repository)[1].get("core/rule-given-up", ())) == count


def test_whom_to_trust_is_the_general_counsel_s(repository: Repository) -> None:
    (repository.project / "trust").mkdir()
    (repository.project / "trust/new.pem").write_text("a certificate")
    code, found = reviewed(repository)
    assert code == 1
    assert "whom the repository trusts (1 file)" in found["core/rule-given-up"][0]
    assert reviewed(repository, "--approved", "General Counsel")[0] == 0


@pytest.mark.parametrize("path", ["trust/parties/root.pem", "keys/root.pem", "root.pem"])
def test_certificates_are_kept_wherever_they_lie(path: str, repository: Repository) -> None:
    certificate = repository.project / path
    certificate.parent.mkdir(parents=True, exist_ok=True)
    certificate.write_text("ours")
    (repository.project / "trust.yaml").write_text(f"format: 1\nparties:\n  - {{party: us, authorities: [{path}]}}\n")
    repository.git("checkout", "--quiet", "main")
    repository.commit("Trust ours")
    repository.git("checkout", "--quiet", "-B", "change")
    certificate.write_text("theirs")
    code, found = reviewed(repository)
    assert code == 1
    assert "whom the repository trusts (1 file)" in found["core/rule-given-up"][0]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("templates/pdf/agreement.typ", "The look of the PDF of every agreement"),
        ("templates/docx/deep/reference.xml", "A part of the look of the Word file"),
        ("templates/site/docs/a.md", "A page of the site"),
        ("mkdocs.yml", "The configuration of the site"),
    ],
)
def test_changed_looks_are_listed(path: str, said: str, repository: Repository) -> None:
    (repository.project / path).parent.mkdir(parents=True, exist_ok=True)
    (repository.project / path).write_text('#show "shall not": "shall"\n')
    done = CliRunner().invoke(cli, ["review", "--base", "main", "--root", str(repository.project)])
    assert path in done.stdout.replace("\\", "")
    assert said in done.stdout


def test_a_repository_inside_is_not_read_as_the_history(
    repository: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = repository.root / "deals"
    inner.mkdir()
    for name in ("objects", "refs"):
        (inner / name).mkdir()
    (inner / "HEAD").write_text("ref: refs/heads/main\n")
    (inner / "config").write_text("[core]\n\tbare = true\n")
    with pytest.raises(GitUnavailable, match="a git repository of its own inside another"), Git(inner):
        pass
    below = inner / "more"
    below.mkdir()
    with pytest.raises(GitUnavailable, match="inside another"), Git(below):
        pass
    bare = tmp_path / "bare.git"
    repository.git("clone", "--quiet", "--bare", str(repository.root), str(bare))
    with Git(bare) as git:
        assert git.bare
    with pytest.raises(RepositoryError), Git(tmp_path / "none"):
        pass


TRUSTED = "format: 1\nparties:\n  - {{party: us, authorities: [{path}]}}\n"


@pytest.mark.parametrize("path", ["linked/root.pem", "keys/../../root.pem", "a/" * 3000 + "root.pem"])
@pytest.mark.parametrize("head", ["", "HEAD"])
def test_paths_that_cannot_be_looked_at_are_told_as_any_other(repository: Repository, path: str, head: str) -> None:
    (repository.project / "linked").symlink_to("templates")
    repository.commit("Trust what cannot be read", {"trust.yaml": TRUSTED.format(path=path)})
    _, found = reviewed(repository, "--head", head)
    assert "whom the repository trusts (" in found["core/rule-given-up"][0]


def test_a_folder_of_trust_that_is_a_link_hides_nothing(repository: Repository) -> None:
    (repository.project / "trust").symlink_to("templates")
    repository.commit("Trust somebody", {"trust.yaml": TRUSTED.format(path="root.pem"), "root.pem": "a certificate"})
    _, found = reviewed(repository, "--head", "HEAD")
    assert "whom the repository trusts (2 files)" in found["core/rule-given-up"][0]
