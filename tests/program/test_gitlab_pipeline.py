"""The pipeline for GitLab: who has the token, and its script run by bash with the real program on a merge request."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.action_runner import ROOT, load
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

pytestmark = pytest.mark.slow("the pipeline's own script, run as GitLab runs it")

PIPELINE = ROOT / "ci/gitlab.yml"
AGREEMENT = "agreements/sparrow-finch.yaml"
TOPIC = "a printed atlas of garden birds"
CLAUSE = "templates/nda/clauses/limits.md"


def job(name: str) -> dict[str, Any]:
    """Return a job with what it extends."""
    jobs = load(PIPELINE)
    found: dict[str, Any] = dict(jobs[name])
    while "extends" in found:
        parent = jobs[found.pop("extends")]
        found = {**parent, **found, "variables": {**parent.get("variables", {}), **found.get("variables", {})}}
    return found


def test_the_token_is_for_jobs_that_run_nothing_of_the_merge_request() -> None:
    for name in ("clausebook-last", "clausebook-note"):
        found = job(name)
        assert found["environment"] == {"name": "clausebook-note", "action": "access"}
        assert found["variables"]["GIT_STRATEGY"] == "none"
        assert found["script"][0].count("python3 -I - <<'END'") == 1
    program = job("clausebook")
    assert "environment" not in program
    assert "TOKEN" not in str(program)
    # GitLab makes a variable of this name known to jobs of its environment alone, if it is set so.
    assert "CLAUSEBOOK_TOKEN" not in load(PIPELINE)["variables"]


def test_notes_of_one_merge_request_are_written_one_after_the_other() -> None:
    assert job("clausebook-note")["resource_group"] == "clausebook-note-$CI_MERGE_REQUEST_IID"
    assert job("clausebook-note")["interruptible"] is False


def test_python_never_looks_for_modules_where_it_is_called() -> None:
    for flag in re.findall(r"(?:python3?|PYTHON)\"? (\S+)", str(job("clausebook")["script"])):
        assert flag in ("-I", "-P")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """What a job has of the project: one agreement, a merge request checked out, and its origin."""
    origin = new_repository(nda_repository(tmp_path))
    origin.commit("First draft")
    origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
    origin.git("clone", "--quiet", f"file://{origin.root}", str(tmp_path / "job"))
    made = Repository(tmp_path / "job", tmp_path / "job")
    made.git("checkout", "--quiet", "-b", "deal")
    return made


class Job:
    """A run of the job that runs the program."""

    def __init__(self, repository: Repository, folder: Path, target: str = "main", **told: str) -> None:
        folder.mkdir()
        inner = folder / "inner"
        inner.write_text(
            f"""#!/bin/sh\ncase "$2" in */develop.py) echo "$@" >> '{folder}/installed'; exit;; esac\n"""
            f"""exec '{sys.executable}' "$@"\n"""
        )
        program = folder / "bin/python3"
        program.parent.mkdir()
        program.write_text(
            """#!/bin/sh\n[ "$1 $2 $3" = "-I -m venv" ] || exit 9\n"""
            f"""mkdir -p "$4/bin" && cp '{inner}' "$4/bin/python"\n"""
        )
        for each in (inner, program):
            each.chmod(0o755)
        for name in ("keep_ready.py", "took.py"):
            place = repository.root / "ci" / name
            if not told.get("CLAUSEBOOK_REPOSITORY"):
                place.parent.mkdir(exist_ok=True)
                place.write_bytes((ROOT / "ci" / name).read_bytes())
        defaults = {name: str(value) for name, value in load(PIPELINE)["variables"].items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_", "CI_"))}
        environment = {
            **kept,
            **defaults,
            "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
            "CI": "true",
            "CI_PROJECT_DIR": str(repository.root),
            "CI_COMMIT_SHA": repository.git("rev-parse", "HEAD"),
            "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": target,
            "TMPDIR": str(folder),
            **told,
        }
        script = folder / "script.sh"
        script.write_text(job("clausebook")["script"][0], encoding="utf-8")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=repository.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.code, self.said = done.returncode, done.stdout + done.stderr
        self.installed = (folder / "installed").read_text("utf-8") if (folder / "installed").is_file() else ""
        self.out = repository.root / "clausebook-out"

    @property
    def review(self) -> dict[str, Any]:
        """The review as data."""
        found: dict[str, Any] = json.loads((self.out / "review/review.json").read_text(encoding="utf-8"))
        return found


def test_the_job_checks_builds_and_reviews(repository: Repository, tmp_path: Path) -> None:
    repository.replace("Counter-proposal", AGREEMENT, TOPIC, "a digital atlas of garden birds")
    done = Job(repository, tmp_path / "runner")
    assert done.code == 0, done.said
    assert done.installed == f"-P {repository.root}/develop.py clausebook --version\n"
    assert "digital" in (done.out / "review/comment.md").read_text(encoding="utf-8")
    assert (done.out / "review/redlines/sparrow-finch-redline.docx").is_file()
    assert (done.out / "site/agreements/sparrow-finch/sparrow-finch.pdf").is_file()
    quality = json.loads((done.out / "review/code-quality.json").read_text(encoding="utf-8"))
    assert all({"description", "fingerprint", "severity", "location"} <= set(each) for each in quality)
    reports = job("clausebook")["artifacts"]["reports"]
    assert (repository.root / reports["codequality"]).is_file()
    took = (done.out / "took.md").read_text(encoding="utf-8")
    assert re.search(r"\| check \| \d+ \| \|\n\| build \| \d+ \| \d\.\d \|\n\| ready \|", took)
    assert took in done.said


def test_what_the_branch_got_meanwhile_is_not_told(repository: Repository, tmp_path: Path) -> None:
    repository.replace("Counter-proposal", AGREEMENT, TOPIC, "a digital atlas of garden birds")
    origin = Repository(tmp_path / "repository", tmp_path / "repository")
    clause = (origin.project / CLAUSE).read_text(encoding="utf-8")
    outdated = origin.git("rev-parse", "main")
    base = origin.commit("Meanwhile", {CLAUSE: f"{clause}\nAnd no more.\n"})
    repository.git("fetch", "--quiet", "origin", base)
    repository.git("checkout", "--quiet", "--detach", base)
    repository.merge("Merge the merge request", "deal")
    done = Job(
        repository,
        tmp_path / "runner",
        CI_MERGE_REQUEST_EVENT_TYPE="merged_result",
        CI_MERGE_REQUEST_DIFF_BASE_SHA=outdated,
    )
    assert done.code == 0, done.said
    assert (len(done.review["agreements"]), done.review["library"]) == (1, [])
    assert done.review["base"]["commit"] == base


def test_a_broken_agreement_fails_the_job_and_takes_no_site(repository: Repository, tmp_path: Path) -> None:
    other = (repository.project / AGREEMENT).read_text(encoding="utf-8").replace("sparrow-finch", "wren-robin")
    repository.commit("Another", {"agreements/wren-robin.yaml": other})
    repository.replace("Fault", AGREEMENT, "kept_for: P3Y", "kept_for: [")
    done = Job(repository, tmp_path / "runner")
    assert done.code == 1, done.said
    assert (done.out / "site/agreements/wren-robin/wren-robin.pdf").is_file()
    assert not (done.out / "site/agreements/sparrow-finch/sparrow-finch.pdf").exists()
    quality = json.loads((done.out / "review/code-quality.json").read_text(encoding="utf-8"))
    assert AGREEMENT in [each["location"]["path"] for each in quality]


def test_the_last_note_tells_what_is_new_since_though_it_was_pushed_away(
    repository: Repository, tmp_path: Path
) -> None:
    repository.replace("Counter-proposal", AGREEMENT, TOPIC, "a digital atlas of garden birds")
    first = Job(repository, tmp_path / "runner")
    note = (first.out / "review/comment.md").read_text(encoding="utf-8")
    last = repository.root / "clausebook-last"
    last.mkdir()
    (last / "note.md").write_text(note, encoding="utf-8")
    repository.git("add", AGREEMENT)
    repository.git("push", "--quiet", "origin", "deal:refs/keep/1")
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    text = (repository.project / AGREEMENT).read_text(encoding="utf-8")
    text = text.replace(TOPIC, "a digital atlas of garden birds").replace("P3Y", "P2Y")
    (repository.project / AGREEMENT).write_text(text, encoding="utf-8")
    repository.git("add", AGREEMENT)
    repository.git("-c", "core.hooksPath=/dev/null", "commit", "--quiet", "--message", "Both at once")
    second = Job(repository, tmp_path / "again")
    new = (second.out / "review/comment.md").read_text("utf-8").partition("ince the last review")[2]
    new = new.partition("\n### ")[0]
    assert "2 years" in new
    assert "digital" not in new


@pytest.mark.parametrize("planted", ["clausebook-out", "clausebook-last"])
def test_links_that_a_merge_request_brings_lead_nowhere(planted: str, repository: Repository, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "note.md").write_text("<!-- clausebook-rounds --upload-pack=touch -->", encoding="utf-8")
    (repository.root / planted).symlink_to(elsewhere)
    done = Job(repository, tmp_path / "runner")
    assert done.code == 0, done.said
    assert [path.name for path in elsewhere.iterdir()] == ["note.md"]


def test_the_program_may_lie_in_another_repository(repository: Repository, tmp_path: Path) -> None:
    program = new_repository(tmp_path / "program")
    files = {f"ci/{name}": (ROOT / "ci" / name).read_text("utf-8") for name in ("keep_ready.py", "took.py")}
    commit = program.commit("The program", {"develop.py": "", **files})
    program.git("config", "uploadpack.allowAnySHA1InWant", "true")
    done = Job(
        repository,
        tmp_path / "runner",
        CLAUSEBOOK_REPOSITORY=f"file://{program.root}",
        CLAUSEBOOK_COMMIT=commit,
    )
    assert done.code == 0, done.said
    assert re.fullmatch(r"-P \S+/program/develop\.py clausebook --version\n", done.installed)
    assert not (repository.root / "ci").exists()


def test_a_target_that_is_not_there_is_told(repository: Repository, tmp_path: Path) -> None:
    done = Job(repository, tmp_path / "runner", "no-such-branch")
    assert done.code != 0
    assert "no-such-branch" in done.said
