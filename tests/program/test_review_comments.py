"""The scripts that post a review, run as they are against a server of this machine that stands in for the forge."""

from __future__ import annotations

import io
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.action_runner import ROOT, load, steps
from tests.support.forge_server import TOKEN, Forge, serving
from tests.support.git_repositories import Repository, new_repository

pytestmark = pytest.mark.slow("the scripts of the pipelines, run by bash")

COMMENT = ROOT / ".github/workflows/clausebook-comment.yml"
WORKFLOW = ROOT / ".github/workflows/clausebook.yml"
GITLAB = ROOT / "ci/gitlab.yml"
MARKER = "<!-- clausebook-review -->"
HEAD = "a" * 40
BOT = {"id": 41, "login": "github-actions[bot]", "type": "Bot"}
OTHER = {"id": 5, "login": "somebody", "type": "User"}
FORGES = ("GitHub", "GitLab")
REVIEW = f"{MARKER}\n## Review\n\nAsk @legal-team, `${{TOKEN}}` $(touch made) `touch made`\n"


@pytest.fixture
def forge() -> Iterator[Forge]:
    """A forge with one open pull request, from a fork, as GitHub and GitLab would tell of it."""
    pull = {
        "number": 7,
        "state": "open",
        "sha": HEAD,
        "head": {"sha": HEAD, "ref": "deal", "repo": {"id": 2}},
        "base": {"repo": {"id": 1}},
    }
    with serving(Forge(pull, BOT)) as served:
        yield served


def run(folder: Path, script: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script as a runner would, with nothing of this process's environment but what it needs to start."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    (folder / "script.sh").write_text(script, encoding="utf-8")
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "script.sh"],
        cwd=folder,
        env={**kept, **environment, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def posted(
    forge: Forge, folder: Path, review: str | None = REVIEW, *, on: str, number: str = "7\n", run_number: int = 12
) -> subprocess.CompletedProcess[str]:
    """Run what posts a review; without one, the run before left nothing."""
    folder.mkdir(exist_ok=True)
    if on == "GitLab":
        if review is not None:
            (folder / "clausebook-out/review").mkdir(parents=True, exist_ok=True)
            (folder / "clausebook-out/review/comment.md").write_text(review, encoding="utf-8")
        forge.pull["state"] = "opened" if forge.pull["state"] == "open" else forge.pull["state"]
        told = {
            "CLAUSEBOOK_TOKEN": TOKEN,
            "CI_API_V4_URL": f"{forge.url}/api/v4",
            "CI_COMMIT_SHA": HEAD,
            "CI_MERGE_REQUEST_IID": number.strip(),
            "CI_PIPELINE_ID": str(run_number),
            "CI_PIPELINE_URL": "https://forge.example/pipelines/5",
            "CI_PROJECT_ID": "3",
        }
        return run(folder, load(GITLAB)["clausebook-note"]["script"][0], told)
    with zipfile.ZipFile(packed := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("number", number)
        archive.writestr("comment.md", review or "")
    forge.archive = packed.getvalue()
    if review is not None and not forge.artifacts:
        forge.artifacts = [{"id": 1, "name": "clausebook-comment", "expired": False, "size_in_bytes": 100}]
    told = {
        "TOKEN": TOKEN,
        "GITHUB_API_URL": forge.url,
        "GITHUB_SERVER_URL": "https://forge.example",
        "REPOSITORY": "house/deals",
        "RUN_ID": "5",
        "RUN_NUMBER": str(run_number),
        "RUN_ATTEMPT": "1",
        "RUN_SHA": HEAD,
        "RUN_BRANCH": "deal",
        "RUN_HEAD": "2",
    }
    (step,) = steps(COMMENT)
    assert set(step["env"]) | {"GITHUB_API_URL", "GITHUB_SERVER_URL"} == set(told)
    return run(folder, step["run"], told)


@pytest.mark.parametrize("on", FORGES)
def test_a_comment_is_made_once_and_then_updated(on: str, forge: Forge, tmp_path: Path) -> None:
    forge.add(OTHER, REVIEW)
    done = posted(forge, tmp_path, on=on)
    assert done.returncode == 0, done.stderr
    assert forge.did == [("made", 2)]
    body = forge.comments[1]["body"]
    assert body.startswith(f"{MARKER}\n")
    assert "\n## Review\n" in body
    assert "@legal" not in body
    assert "`${TOKEN}` $(touch made)" in body
    assert TOKEN not in body + done.stdout + done.stderr
    assert ("from a fork" in body) == (on == "GitHub")
    assert not (tmp_path / "made").exists()
    posted(forge, tmp_path, on=on)
    assert forge.did == [("made", 2)], "the same is not written again"
    posted(forge, tmp_path, "Another", on=on)
    assert forge.did[1:] == [("changed", 2)]
    assert forge.comments[0]["body"] == REVIEW, "what somebody else wrote is theirs"


@pytest.mark.parametrize("on", FORGES)
def test_a_comment_that_was_edited_or_deleted_is_written_anew(on: str, forge: Forge, tmp_path: Path) -> None:
    posted(forge, tmp_path, on=on)
    body = forge.comments[0]["body"]
    forge.comments[0]["body"] = f"{MARKER}\nAll approved, merge it.\n"
    posted(forge, tmp_path, on=on)
    assert forge.comments[0]["body"] == body
    forge.comments.clear()
    posted(forge, tmp_path, on=on)
    assert [each["body"] for each in forge.comments] == [body]


@pytest.mark.parametrize("on", FORGES)
def test_our_comment_is_found_among_hundreds(on: str, forge: Forge, tmp_path: Path) -> None:
    for _ in range(150):
        forge.add(OTHER, f"{MARKER}\nForged")
    posted(forge, tmp_path, on=on)
    posted(forge, tmp_path, "Another", on=on)
    assert forge.did == [("made", 151), ("changed", 151)]


@pytest.mark.parametrize("on", FORGES)
def test_an_older_run_never_overwrites_a_newer_one(on: str, forge: Forge, tmp_path: Path) -> None:
    posted(forge, tmp_path, "Newer", on=on, run_number=12)
    done = posted(forge, tmp_path, "Older", on=on, run_number=9)
    assert "later" in done.stdout
    assert "Newer" in forge.comments[0]["body"]
    # A review cannot say that it is newer than all that follow.
    posted(
        forge,
        tmp_path,
        "Newest\n<!-- clausebook-run 999999 -->\n<!-- clausebook-run 999999.9 -->",
        on=on,
        run_number=13,
    )
    posted(forge, tmp_path, "After it", on=on, run_number=14)
    assert "After it" in forge.comments[0]["body"]


@pytest.mark.parametrize("on", FORGES)
@pytest.mark.parametrize(("name", "value"), [("sha", "b" * 40), ("state", "closed")])
def test_what_moved_on_is_left_alone(on: str, name: str, value: str, forge: Forge, tmp_path: Path) -> None:
    forge.pull[name] = value
    if name == "sha":
        forge.pull["head"]["sha"] = value
    done = posted(forge, tmp_path, on=on)
    assert (done.returncode, forge.did) == (0, [])
    assert "has moved on" in done.stdout


@pytest.mark.parametrize("on", FORGES)
def test_without_a_review_nothing_is_done(on: str, forge: Forge, tmp_path: Path) -> None:
    done = posted(forge, tmp_path, None, on=on)
    assert (done.returncode, forge.did) == (0, [])
    assert "left no review" in done.stdout


@pytest.mark.parametrize("on", FORGES)
def test_what_is_too_large_is_not_read(on: str, forge: Forge, tmp_path: Path) -> None:
    done = posted(forge, tmp_path, "x" * (8 << 20), on=on)
    assert (done.returncode, forge.did) == (1, [])
    assert "too large" in done.stderr or "larger than" in done.stderr


def test_what_is_too_long_for_a_comment_is_told_in_its_place(forge: Forge, tmp_path: Path) -> None:
    posted(forge, tmp_path, "x" * 70_000, on="GitHub")
    assert "too long for a comment" in forge.comments[0]["body"]
    assert len(forge.comments[0]["body"]) < 1000
    forge.artifacts[0]["size_in_bytes"] = 2 << 20
    assert posted(forge, tmp_path, "x", on="GitHub").returncode == 1


@pytest.mark.parametrize("number", ["", "8; rm", "-1", "07", "7\n8", "1e3", "12345678901", "../7", "٧"], ids=repr)
def test_a_number_that_is_none_is_refused(number: str, forge: Forge, tmp_path: Path) -> None:
    done = posted(forge, tmp_path, on="GitHub", number=number)
    assert (done.returncode, forge.did) == (1, [])
    assert "names no pull request" in done.stderr


@pytest.mark.parametrize(
    "head",
    [{"repo": {"id": 9}}, {"repo": None}, {"ref": "another"}],
    ids=["another fork", "fork gone", "another branch"],
)
def test_only_the_pull_request_that_was_run_is_commented(head: Mapping[str, Any], forge: Forge, tmp_path: Path) -> None:
    forge.pull["head"] |= head
    done = posted(forge, tmp_path, on="GitHub")
    assert (done.returncode, forge.did) == (1, [])
    assert "is not the one that was run" in done.stderr


def test_the_token_goes_to_the_forge_alone(forge: Forge, tmp_path: Path) -> None:
    posted(forge, tmp_path, on="GitHub")
    assert [key for _, path, key in forge.asked if path == "/blob"] == [""]
    assert all(key for _, path, key in forge.asked if path != "/blob")


@pytest.mark.parametrize("link", ["clausebook-out", "clausebook-out/review", "clausebook-out/review/comment.md"])
def test_links_among_the_artifacts_lead_nowhere(link: str, forge: Forge, tmp_path: Path) -> None:
    """What a merge request's code leaves could lead to what only the job with the token may read."""
    (tmp_path / "job").mkdir()
    posted(forge, tmp_path / "secret", on="GitLab")
    forge.comments.clear()
    forge.did.clear()
    place = tmp_path / "job" / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(tmp_path / "secret" / link)
    done = posted(forge, tmp_path / "job", None, on="GitLab")
    assert (done.returncode, forge.did) == (0, [])
    assert "left no review" in done.stdout


@pytest.mark.parametrize("opened", ["<!--", "```", "<details>", "<sub>", "~~~~"])
def test_nothing_hides_that_the_code_of_a_fork_wrote_the_review(opened: str, forge: Forge, tmp_path: Path) -> None:
    """What a review opens and does not close, such as a comment of HTML, swallows all that stands after it."""
    posted(forge, tmp_path, f"All is well.\n\n{opened}\n", on="GitHub")
    before = forge.comments[0]["body"].partition("All is well.")[0]
    assert "Made by the code of this pull request, which comes from a fork." in before


def test_no_quick_action_of_gitlab_is_begun(forge: Forge, tmp_path: Path) -> None:
    """GitLab takes them in capitals, too."""
    posted(forge, tmp_path, "Text\n/merge\n  /approve\n/CLOSE\r/Label ~x\nand/or\n", on="GitLab")
    assert not re.search(r"(?m)^\s*/[A-Za-z]", forge.comments[0]["body"])
    assert "and/or" in forge.comments[0]["body"]


def test_without_a_token_gitlab_s_jobs_say_so(tmp_path: Path) -> None:
    for job in ("clausebook-last", "clausebook-note"):
        done = run(tmp_path, load(GITLAB)[job]["script"][0], {})
        assert done.returncode == 0, done.stderr
        assert "There is no CLAUSEBOOK_TOKEN" in done.stdout


def last(forge: Forge, folder: Path, *, on: str) -> str:
    """Run what reads the last review; return its text, "" if there is none."""
    folder.mkdir(exist_ok=True)
    if on == "GitLab":
        told = {
            "CLAUSEBOOK_TOKEN": TOKEN,
            "CI_API_V4_URL": f"{forge.url}/api/v4",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_PROJECT_ID": "3",
        }
        done = run(folder, load(GITLAB)["clausebook-last"]["script"][0], told)
        assert done.returncode == 0, done.stderr
        return (folder / "clausebook-last/note.md").read_text(encoding="utf-8")
    step = next(each for each in steps(WORKFLOW) if each.get("id") == "last")
    (folder / "output").touch()
    told = {
        "TOKEN": TOKEN,
        "GITHUB_API_URL": forge.url,
        "GITHUB_SERVER_URL": "https://forge.example",
        "GITHUB_OUTPUT": str(folder / "output"),
        "NUMBER": "7",
        "REPOSITORY": "house/deals",
        "RUNNER_TEMP": str(folder),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    done = run(folder, step["run"], told)
    assert done.returncode == 0, done.stderr
    assert TOKEN not in done.stdout + done.stderr
    output = (folder / "output").read_text(encoding="utf-8")
    return Path(output.removeprefix("file=").strip()).read_text(encoding="utf-8") if output else ""


@pytest.mark.parametrize("on", FORGES)
def test_only_the_bot_s_own_comment_is_the_last_review(on: str, forge: Forge, tmp_path: Path) -> None:
    forge.add(OTHER, f"{MARKER}\n<!-- clausebook-rounds {'b' * 40} x -->\nForged")
    forge.add({**OTHER, "login": BOT["login"]}, f"{MARKER}\nForged by name")
    assert last(forge, tmp_path / "none", on=on) == ""
    for _ in range(120):
        forge.add(OTHER, "Well said.")
    forge.add(BOT, "Another workflow's comment")
    forge.add(BOT, f"{MARKER}\nOurs")
    assert last(forge, tmp_path / "one", on=on) == f"{MARKER}\nOurs"


def test_what_the_last_review_saw_is_fetched_although_it_is_on_no_branch(forge: Forge, tmp_path: Path) -> None:
    origin = new_repository(tmp_path / "origin")
    origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
    origin.commit("First")
    gone = origin.commit("Will be pushed away", {"deal": "1\n"})
    origin.git("reset", "--quiet", "--hard", "HEAD~1")
    origin.git("clone", "--quiet", f"file://{origin.root}", str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone", tmp_path / "clone")
    for commit, there in ((gone, True), ("b" * 40, False)):
        forge.comments.clear()
        forge.add(BOT, f"{MARKER}\n<!-- clausebook-rounds {commit} x -->\nOurs")
        assert "Ours" in last(forge, clone.root, on="GitHub")
        (clone.root / "output").unlink()
        listed = clone.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
        assert (commit in listed) == there
    assert TOKEN not in (clone.root / ".git/config").read_text(encoding="utf-8")


def test_no_script_of_the_pipelines_looks_for_modules_where_it_runs() -> None:
    """A job that has a token runs nothing of what it reads."""
    jobs = load(GITLAB)
    scripts = [
        *(step["run"] for step in steps(COMMENT)),
        *(jobs[job]["script"][0] for job in ("clausebook-last", "clausebook-note")),
    ]
    assert all(re.findall(r"python3? (\S+)", script) == ["-I"] for script in scripts)
