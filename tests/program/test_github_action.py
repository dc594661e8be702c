"""The GitHub action and its workflows: what they may do, and the action's own steps run against a local repository.

Steps that use other actions are left out, and so is what the network is needed for: develop.py is not run, but what
it was asked for is written down. All else is run as a runner would run it, by bash.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.action_runner import ACTION as ACTION_PATH
from tests.support.action_runner import ROOT, Runner, load, steps
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

pytestmark = pytest.mark.slow("the action's own scripts, run as GitHub runs them")

ACTION = ROOT / ACTION_PATH
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FILES = [ACTION, *WORKFLOWS]
COMMENT = ROOT / ".github/workflows/clausebook-comment.yml"
AGREEMENT = "agreements/sparrow-finch.yaml"
TOPIC = "a printed atlas of garden birds"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_actions_of_others_are_pinned_by_hash_with_their_version(path: Path) -> None:
    uses = re.findall(r"^\s*(?:- )?uses: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert uses or not any("uses" in step for step in steps(path))
    for each in uses:
        assert re.match(r"\./|[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", each), each


def test_one_action_has_one_version_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for path in FILES:
        for name, pin in re.findall(r"uses: ([\w.-]+/[\w.-]+)@(.*)", path.read_text(encoding="utf-8")):
            pins.setdefault(name, set()).add(pin)
    assert all(len(found) == 1 for found in pins.values()), pins


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_expression_is_a_part_of_a_script(path: Path) -> None:
    for step in steps(path):
        scripts = (step.get("run", ""), step.get("with", {}).get("script", ""))
        assert not any("${{" in script for script in scripts), step.get("name")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_have_the_least_permissions(path: Path) -> None:
    data = load(path)
    assert data["permissions"] == {}
    assert data["concurrency"]["group"]
    writing = path == COMMENT
    allowed = {"actions": "read", "pull-requests": "write"} if writing else {"contents": "read"}
    for job in data["jobs"].values():
        assert job["permissions"] == allowed
        assert job["timeout-minutes"] <= 60
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
    text = path.read_text(encoding="utf-8")
    assert "pull_request_target" not in text
    assert "secrets" not in re.sub(r"#.*", "", text)


def test_the_workflow_that_may_write_runs_nothing_of_the_pull_request() -> None:
    used = [step["uses"].partition("@")[0] for step in steps(COMMENT)]
    assert used == ["actions/github-script"]
    assert list(load(COMMENT)["on"]) == ["workflow_run"]
    assert load(COMMENT)["on"]["workflow_run"]["workflows"] == [load(ROOT / ".github/workflows/clausebook.yml")["name"]]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one agreement on `main`, and the branch of a pull request checked out."""
    made = new_repository(nda_repository(tmp_path))
    made.commit("First draft")
    made.git("checkout", "--quiet", "-b", "counter-proposal")
    return made


def runner(repository: Repository, tmp_path: Path, **inputs: str) -> Runner:
    event = {"event.pull_request.base.sha": repository.commits[0], "event.pull_request.number": "7"}
    return Runner(tmp_path / "runner", repository.root, inputs, event)


def test_the_steps_check_build_review_and_write_redlines(repository: Repository, tmp_path: Path) -> None:
    repository.replace("Counter-proposal", AGREEMENT, TOPIC, "a digital atlas of garden birds")
    before = repository.state()
    machine = runner(repository, tmp_path, comment="true")
    code = machine.run()
    assert code == 0, machine.said
    out = Path(machine.outputs["steps.install.outputs.folder"])
    review = (out / "review.md").read_text(encoding="utf-8")
    assert "digital" in review
    assert machine.summary.read_text(encoding="utf-8") == review
    assert (out / "redlines/sparrow-finch-redline.pdf").read_bytes().startswith(b"%PDF")
    assert zipfile.is_zipfile(out / "redlines/sparrow-finch-redline.docx")
    assert (out / "site/agreements/sparrow-finch/sparrow-finch.pdf").is_file()
    comment = Path(machine.outputs["steps.comment.outputs.folder"])
    assert (comment / "number").read_text(encoding="utf-8") == "7\n"
    assert (comment / "review.md").read_text(encoding="utf-8") == review
    assert repository.state() == before
    assert not (out / "review.html").exists(), "no look changed"


def test_a_changed_look_is_shown_on_a_page_of_its_own(repository: Repository, tmp_path: Path) -> None:
    look = "templates/pdf/common.typ"
    text = (repository.project / look).read_text("utf-8").replace("#1f3a5f", "#7a1f1f")
    repository.commit("Red", {look: text})
    machine = runner(repository, tmp_path, commands="review")
    assert machine.run() == 0, machine.said
    out = Path(machine.outputs["steps.install.outputs.folder"])
    assert "data:image/png" in (out / "review.html").read_text(encoding="utf-8")
    assert "sparrow-finch: these pages look otherwise: 1" in (out / "review.md").read_text(encoding="utf-8")


def test_the_program_is_installed_as_develop_installs_it(repository: Repository, tmp_path: Path) -> None:
    machine = runner(repository, tmp_path, commands="check")
    assert machine.run() == 0, machine.said
    assert machine.installed.read_text(encoding="utf-8") == f"-P {ROOT}/develop.py clausebook --version\n"
    assert list(machine.codes) == ["Install Clausebook", "Check", "Verdict"]


def test_reviews_are_handed_on_to_each_command(repository: Repository, tmp_path: Path) -> None:
    file = tmp_path / "reviews é.json"
    file.write_text("[]", encoding="utf-8")
    machine = runner(repository, tmp_path, reviews=str(file))
    assert machine.run() == 0, machine.said
    file.write_text("{}", encoding="utf-8")
    machine = runner(repository, tmp_path / "again", reviews=str(file))
    assert machine.run() == 2
    assert machine.said.count("are no list") == 3


def test_an_edit_of_the_library_is_reviewed_too(repository: Repository, tmp_path: Path) -> None:
    clause = sorted((repository.project / "templates/nda/clauses").glob("*.md"))[0]
    repository.commit("Edit", {f"templates/nda/clauses/{clause.name}": clause.read_text("utf-8") + "\nAnd no more.\n"})
    machine = runner(repository, tmp_path, commands="review")
    code = machine.run()
    assert code in (0, 1), machine.said
    out = Path(machine.outputs["steps.install.outputs.folder"])
    assert "And no more." in (out / "review.md").read_text(encoding="utf-8")
    assert zipfile.is_zipfile(out / "redlines/sparrow-finch-redline.docx")


def test_a_fault_is_marked_and_fails_the_run_at_its_end(repository: Repository, tmp_path: Path) -> None:
    repository.replace("Fault", AGREEMENT, "kept_for: P3Y", "kept_for: long")
    machine = runner(repository, tmp_path, comment="true")
    assert machine.run() == 1, machine.said
    assert list(machine.codes)[-1] == "Verdict"
    assert "Build" not in machine.codes
    assert f"::error file={AGREEMENT}" in machine.said
    assert "::error::clausebook check ended with exit code 1." in machine.said
    out = Path(machine.outputs["steps.install.outputs.folder"])
    assert (out / "review.md").stat().st_size
    assert not (out / "site").exists()


def test_no_module_of_the_repository_is_run(repository: Repository, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    planted = f"from pathlib import Path\nPath({str(ran)!r}).touch()\n"
    names = (
        "json",
        "sys",
        "os",
        "types",
        "logging",
        "site",
        "sitecustomize",
        "encodings/__init__",
        "clausebook/__init__",
    )
    repository.commit("Plant", {f"{name}.py": planted for name in names})
    repository.replace("Counter-proposal", AGREEMENT, TOPIC, "a digital atlas of garden birds")
    machine = runner(repository, tmp_path)
    assert machine.run() == 0, machine.said
    assert list((Path(machine.outputs["steps.install.outputs.folder"]) / "redlines").iterdir())
    assert not ran.exists()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_python_never_looks_for_modules_where_it_is_called(path: Path) -> None:
    for step in steps(path):
        for flag in re.findall(r"(?:python3?|PYTHON)\"? (\S+)", step.get("run", "")):
            assert flag in ("-I", "-P"), step["run"]


def test_an_unchanged_agreement_has_no_redline(repository: Repository, tmp_path: Path) -> None:
    repository.commit("A note", {"NOTES.md": "Nothing that matters.\n"})
    machine = runner(repository, tmp_path, commands="review")
    assert machine.run() == 0, machine.said
    assert not list((Path(machine.outputs["steps.install.outputs.folder"]) / "redlines").iterdir())


@pytest.mark.parametrize("base", ["", "no-such-branch", "--help", "$(touch made)", "; touch made"])
def test_a_base_that_is_none_fails_the_review(repository: Repository, tmp_path: Path, base: str) -> None:
    machine = runner(repository, tmp_path, commands="review", base=base)
    machine.event = {}
    assert machine.run() == 2, machine.said
    assert "::error::clausebook review ended with exit code 2." in machine.said
    assert not (repository.root / "made").exists()
    assert not (Path(machine.outputs["steps.install.outputs.folder"]) / "review.json").exists()


def test_redlines_are_bounded(repository: Repository, tmp_path: Path) -> None:
    repository.replace("Counter-proposal", AGREEMENT, TOPIC, "a map")
    machine = runner(repository, tmp_path, commands="review", **{"most-redlines": "0"})
    assert machine.run() == 0, machine.said
    assert "the first 0 of 1 changed agreements" in machine.said
    assert not list((Path(machine.outputs["steps.install.outputs.folder"]) / "redlines").iterdir())


HEAD = "a" * 40
PULL = {
    "number": 7,
    "state": "open",
    "head": {"sha": HEAD, "ref": "deal", "repo": {"id": 2}},
    "base": {"repo": {"id": 1}},
}
STUB = """
const fs = require('fs');
const given = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const did = [];
const listComments = {}, listWorkflowRunArtifacts = {};
const github = {
  paginate: async (what) => (what === listComments ? given.comments : given.artifacts),
  rest: {
    actions: {
      listWorkflowRunArtifacts,
      downloadArtifact: async () => ({ data: fs.readFileSync(given.zip) }),
    },
    pulls: { get: async ({ pull_number }) => ({ data: { ...given.pull, number: pull_number } }) },
    issues: {
      listComments,
      createComment: async (what) => did.push(['create', what]),
      updateComment: async (what) => did.push(['update', what]),
    },
  },
};
const core = { info: (what) => did.push(['info', what]), setFailed: (what) => did.push(['failed', what]) };
const context = {
  repo: { owner: 'house', repo: 'deals' },
  serverUrl: 'https://github.example',
  payload: {
    workflow_run: { id: 5, head_sha: 'a'.repeat(40), head_branch: 'deal', head_repository: { id: 2 } },
  },
};
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
new AsyncFunction('require', 'github', 'core', 'context', given.script)(require, github, core, context)
  .catch((error) => did.push(['thrown', String(error).slice(0, 200)]))
  .then(() => console.log(JSON.stringify(did)));
"""


def commented(
    folder: Path, files: Mapping[str, str], *, pull: object = PULL, comments: object = (), size: int = 100
) -> list[list[Any]]:
    """Run the comment's script on an artifact of these files; return what it did."""
    if not shutil.which("node") or not shutil.which("unzip"):
        pytest.skip("the comment's script needs node and unzip, which this machine does not have")
    with zipfile.ZipFile(folder / "artifact.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    given = {
        "script": steps(COMMENT)[0]["with"]["script"],
        "zip": str(folder / "artifact.zip"),
        "artifacts": [{"id": 1, "name": "clausebook-comment", "expired": False, "size_in_bytes": size}]
        if files
        else [],
        "pull": pull,
        "comments": comments,
    }
    (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
    (folder / "stub.cjs").write_text(STUB, encoding="utf-8")
    done = subprocess.run(
        ["node", str(folder / "stub.cjs"), str(folder / "given.json")],
        env={**os.environ, "RUNNER_TEMP": str(folder)},
        capture_output=True,
        check=True,
        timeout=60,
    )
    did: list[list[Any]] = json.loads(done.stdout)
    return did


def test_a_comment_is_made_once_and_then_updated(tmp_path: Path) -> None:
    files = {"number": "7\n", "review.md": "## Review\n\nAsk @legal-team, `${process.env.TOKEN}` ${{ secrets.X }}\n"}
    (((kind, made)),) = commented(tmp_path, files)
    assert kind == "create"
    assert made["issue_number"] == 7
    body = made["body"]
    assert body.startswith("<!-- clausebook-review -->\n## Review")
    assert "@legal" not in body
    assert "`${process.env.TOKEN}` ${{ secrets.X }}" in body
    assert "from a fork" in body
    ours = {"id": 3, "user": {"login": "github-actions[bot]"}, "body": body}
    theirs = {"id": 2, "user": {"login": "somebody"}, "body": body}
    assert commented(tmp_path, files, comments=[theirs, ours]) == []
    files["review.md"] = "Another"
    (((kind, made)),) = commented(tmp_path, files, comments=[theirs, ours])
    assert (kind, made["comment_id"]) == ("update", 3)


@pytest.mark.parametrize(
    "number", ["", "8; rm", "-1", "07", "7\n8", "1e3", "12345678901"], ids=lambda number: repr(number)
)
def test_a_number_that_is_none_is_refused(tmp_path: Path, number: str) -> None:
    assert [did[0] for did in commented(tmp_path, {"number": number, "review.md": "x"})] == ["failed"]


@pytest.mark.parametrize(
    ("head", "did"),
    [
        ({"sha": "b" * 40}, "info"),
        ({"repo": {"id": 9}}, "failed"),
        ({"repo": None}, "failed"),
        ({"ref": "another"}, "failed"),
    ],
    ids=["newer head", "another fork", "fork gone", "another branch"],
)
def test_only_the_pull_request_that_was_run_is_commented(tmp_path: Path, head: Mapping[str, Any], did: str) -> None:
    pull = {**PULL, "head": {"sha": HEAD, "ref": "deal", "repo": {"id": 2}, **head}}
    assert [each[0] for each in commented(tmp_path, {"number": "7", "review.md": "x"}, pull=pull)] == [did]


def test_what_is_too_large_is_not_read_or_not_posted(tmp_path: Path) -> None:
    assert commented(tmp_path, {"number": "7", "review.md": "x"}, size=2 << 20)[0][0] == "failed"
    bomb = commented(tmp_path, {"number": "7", "review.md": "x" * (8 << 20)})
    assert bomb[0][0] == "thrown"
    (((kind, made)),) = commented(tmp_path, {"number": "7", "review.md": "x" * 70_000})
    assert kind == "create"
    assert "too long for a comment" in made["body"]
    assert len(made["body"]) < 1000


def test_without_a_review_nothing_is_done(tmp_path: Path) -> None:
    assert [did[0] for did in commented(tmp_path, {})] == ["info"]
