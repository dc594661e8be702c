"""The commands about an agreement's past, on real git repositories."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.repositories import ROOT, nda_repository

pytestmark = pytest.mark.slow("the commands about the past, in repositories with a long one")

YAML = "agreements/sparrow-finch.yaml"


def git(root: Path, *arguments: str) -> None:
    name = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in
            (("NAME", "Wren Example"), ("EMAIL", "wren@example.com"), ("DATE", "2026-03-01T12:00:00Z"))}  # fmt: skip
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, env={**os.environ, **name})


def clausebook(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "clausebook", *arguments, "--root", str(root)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=root,
    )


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = nda_repository(tmp_path_factory.mktemp("past"))
    file = root / YAML
    git(root, "init", "-q", "-b", "main")
    for old, new, message in (
        ("", "", "First draft"),
        ("kept_for: P3Y\n", "kept_for: P5Y\n", "Keep secrets for five years"),
        ('version: "1.0"', 'version: "1.1"', "Name the version"),
        ("printed atlas", "printed and digital atlas", "Widen the topic"),
    ):
        file.write_text(file.read_text().replace(old, new) if old else file.read_text())
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", message)
    git(root, "tag", "agreed")
    return root


def test_revisions_are_listed_newest_first(repository: Path) -> None:
    listed = clausebook(repository, "revisions", "sparrow-finch", "--json")
    assert listed.returncode == 0, listed.stderr
    found = json.loads(listed.stdout)
    assert [each["subject"] for each in found] == ["Widen the topic", "Keep secrets for five years", "First draft"]
    assert [each["tags"] for each in found] == [["agreed"], [], []]
    table = clausebook(repository, "revisions", "sparrow-finch").stdout
    assert "Widen the topic (agreed)" in table
    assert "@example.com" not in table


@pytest.mark.slow("another locale, in a real process")
def test_names_of_tags_are_the_same_in_every_locale(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(repository), str(clone)], check=True, capture_output=True)
    git(clone, "tag", "Zoë–漢")
    done = subprocess.run(
        [sys.executable, "-m", "clausebook", "revisions", "sparrow-finch"],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        capture_output=True,
    )
    assert "Zoë–漢" in done.stdout.decode(), done.stderr.decode()


def test_a_redline_of_the_changes_only_names_what_it_leaves_out(repository: Path) -> None:
    whole, short = (
        clausebook(repository, "redline", "sparrow-finch", *more).stdout for more in ((), ("--changes-only",))
    )
    assert "Excerpt: this shows what changed" in short
    assert "Unchanged and left out: " in short
    assert len(short) < len(whole)
    assert short.splitlines()[-1] == whole.splitlines()[-1]


@pytest.mark.parametrize("name", ["text", "markdown", "html", "json"])
def test_a_redline_is_printed(repository: Path, name: str) -> None:
    shown = clausebook(repository, "redline", "sparrow-finch", "--format", name)
    assert shown.returncode == 0, shown.stderr
    assert "digital" in shown.stdout
    assert "Nothing else in the text differs." in shown.stdout
    assert ("/secrets/topic" in shown.stdout) == (name in ("text", "json"))


def test_a_redline_names_its_sides_by_version_date_and_person(repository: Path) -> None:
    said = clausebook(repository, "redline", "sparrow-finch", "1.0", "1.1", "--outward").stdout
    assert re.search(r"^From: Version 1\.0 of \d{4}-\d\d-\d\d by \w", said, re.MULTILINE)
    assert re.search(r"^To: Version 1\.1 of \d{4}-\d\d-\d\d by \w", said, re.MULTILINE)


def test_what_may_leave_the_house_is_chosen(repository: Path) -> None:
    assert "/secrets/topic" not in clausebook(repository, "redline", "sparrow-finch", "--outward").stdout
    assert (
        "/secrets/topic" in clausebook(repository, "redline", "sparrow-finch", "--internal", "--format", "html").stdout
    )


def test_comments_tell_causes_and_nothing_internal_unless_asked(repository: Path, tmp_path: Path) -> None:
    def said(*more: str) -> str:
        target = tmp_path / "commented.docx"
        done = clausebook(repository, "redline", "sparrow-finch", "--comments", "--out", str(target), *more)
        assert done.returncode == 0, done.stderr
        return zipfile.ZipFile(target).read("word/comments.xml").decode()

    assert "printed and digital atlas" in said()
    assert "/secrets/topic" not in said()
    assert "/secrets/topic" in said("--internal")
    refused = clausebook(repository, "redline", "sparrow-finch", "--comments")
    assert refused.returncode == 2
    assert "a text has no comments" in refused.stderr


@pytest.mark.parametrize("name", ["docx", "pdf"])
def test_a_redline_is_written(repository: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / f"redline.{name}"
    done = clausebook(repository, "redline", "sparrow-finch", "1.0", "1.1", "--format", name, "--out", str(target))
    assert done.returncode == 0, done.stderr
    assert target.read_bytes()[:2] == (b"PK" if name == "docx" else b"%P")


def test_the_ending_of_its_file_tells_the_format_of_a_redline(repository: Path, tmp_path: Path) -> None:
    def written(name: str) -> subprocess.CompletedProcess[str]:
        return clausebook(repository, "redline", "sparrow-finch", "1.0", "1.1", "--out", str(tmp_path / name))

    assert written("redline.json").returncode == 0
    assert json.loads((tmp_path / "redline.json").read_text(encoding="utf-8"))
    refused = written("redline.xyz")
    assert refused.returncode == 2
    assert "no format of a redline has the ending `.xyz`" in refused.stderr
    assert "the endings are: .txt, .md, .html, .docx, .pdf, .json" in refused.stderr
    assert not (tmp_path / "redline.xyz").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("redline", "nobody"), "nobody"),
        (("redline", "sparrow-finch", "--changes-only", "--format", "json"), "nothing but changes"),
        (("redline", "sparrow-finch", "no-such-revision"), "no-such-revision"),
        (("redline", "sparrow-finch", "9.9"), "9.9"),
        (("revisions", "nobody"), "nobody"),
        (("review", "--base", "no-such-revision"), "no-such-revision"),
        (("redline", "sparrow-finch", "--format", "html", "--out", "/no/such/folder/x.html"), "folder"),
    ],
)
def test_what_cannot_be_is_said_with_exit_code_2(repository: Path, arguments: tuple[str, ...], said: str) -> None:
    done = clausebook(repository, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "mend:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_redline_against_the_standard(repository: Path) -> None:
    shown = clausebook(repository, "redline", "sparrow-finch", "standard")
    assert shown.returncode == 0, shown.stderr
    assert "No changes" in shown.stdout


def test_a_review_of_a_branch(repository: Path) -> None:
    shown = clausebook(repository, "review", "--base", "HEAD~1", "--head", "HEAD")
    assert shown.returncode == 0, shown.stderr
    assert "<!-- clausebook-review -->" in shown.stdout
    assert "digital" in shown.stdout
    assert clausebook(repository, "review", "--base", "HEAD~1", "--fail-on", "note").returncode == 1
    assert clausebook(repository, "review", "--base", "HEAD~1", "--fail-on", "never").returncode == 0


def test_a_review_in_every_form_and_the_next_round(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "review"
    first = clausebook(repository, "review", "--base", "HEAD~1", "--head", "HEAD", "--out", str(out))
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    named = {"comment.md", "summary.md", "review.html", "review.json", "mail.txt", "code-quality.json"}
    assert {each.name for each in out.iterdir()} == named
    assert all(name in first.stderr for name in named)
    comment = out / "comment.md"
    again = ("review", "--base", "HEAD~1", "--head", "HEAD", "--since", "last", "--comment", str(comment))
    assert clausebook(repository, *again).stdout == comment.read_text(encoding="utf-8"), "it is the same round"
    mail = clausebook(repository, "review", "--base", "HEAD~1", "--format", "mail").stdout
    assert mail == (out / "mail.txt").read_text(encoding="utf-8").replace("(HEAD)", "")
    assert max(map(len, mail.splitlines())) <= 72
    assert clausebook(repository, "review", "--base", "HEAD~1", "--since", "last").returncode == 2


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there is no such device")
def test_of_a_comment_without_end_only_the_beginning_is_read(repository: Path) -> None:
    told = ("review", "--base", "HEAD~1", "--head", "HEAD", "--since", "last", "--comment", "/dev/zero")
    done = clausebook(repository, *told)
    assert (done.returncode, "What changes" in done.stdout) == (0, True), done.stderr


def test_a_revision_that_is_not_valid_is_a_finding(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(repository), str(clone)], check=True, capture_output=True)
    file = clone / YAML
    file.write_text(file.read_text().replace("kept_for: P5Y", "kept_for: five years"))
    done = clausebook(clone, "redline", "sparrow-finch", "1.0", "work tree")
    assert done.returncode == 1
    assert f"{YAML}:12" in done.stdout


def test_the_newest_text_is_named_by_its_newest_version(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(repository), str(clone)], check=True, capture_output=True)
    file = clone / YAML
    file.write_text(file.read_text().replace('version: "1.1"', 'version: "2.0"'))
    git(clone, "commit", "-qam", "Call it version two")
    done = clausebook(clone, "redline", "sparrow-finch")
    assert "To: Version 2.0" in done.stdout
    assert "To: Version 1.1" in clausebook(clone, "redline", "sparrow-finch", "1.0", "1.1").stdout


@pytest.mark.parametrize("place", ["agreements/executed/record.yaml", YAML, "templates/nda/outline.yaml", "mkdocs.yml"])
def test_a_redline_takes_no_place_of_the_repositorys_own(repository: Path, tmp_path: Path, place: str) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(repository), str(clone)], check=True, capture_output=True)
    (clone / place).parent.mkdir(parents=True, exist_ok=True)
    before = (clone / place).read_bytes() if (clone / place).exists() else None
    # From elsewhere, too: it is the place that counts, not the repository that is open.
    done = clausebook(repository, "redline", "sparrow-finch", "--format", "html", "--out", str(clone / place))
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds the repository's own files" in done.stderr
    assert ((clone / place).read_bytes() if (clone / place).exists() else None) == before
