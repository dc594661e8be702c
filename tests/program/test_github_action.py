"""The GitHub action and its workflows: what they may do, and the action's own steps run against a local repository.

Steps that use other actions are left out, and so is what the network is needed for: develop.py is not run, but what
it was asked for is written down. All else is run as a runner would run it, by bash.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

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
REVIEW = ROOT / ".github/workflows/clausebook.yml"
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
    if path == REVIEW:
        # Its own step reads the last review's comment; the program gets no token.
        allowed |= {"pull-requests": "read"}
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
    (step,) = steps(COMMENT)
    assert "uses" not in step
    assert step["run"].startswith("python3 -I - <<'END'\n")
    assert list(load(COMMENT)["on"]) == ["workflow_run"]
    assert load(COMMENT)["on"]["workflow_run"]["workflows"] == [load(REVIEW)["name"]]


def test_the_token_is_in_no_step_that_runs_the_pull_request() -> None:
    checkout, last, action = steps(REVIEW)
    assert last["env"]["TOKEN"] == "${{ github.token }}"
    assert "github.token" not in str(checkout) + str(action)
    assert "git fetch" not in str(action)
    assert action["with"]["previous"] == "${{ steps.last.outputs.file }}"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one agreement on `main`, and the branch of a pull request checked out."""
    made = new_repository(nda_repository(tmp_path))
    made.commit("First draft")
    made.git("checkout", "--quiet", "-b", "counter-proposal")
    return made


def runner(repository: Repository, tmp_path: Path, **inputs: str) -> Runner:
    event = {"event.pull_request.number": "7"}
    return Runner(tmp_path / "runner", repository.root, inputs, event)


def test_the_steps_check_build_review_and_write_redlines(repository: Repository, tmp_path: Path) -> None:
    repository.replace("Counter-proposal", AGREEMENT, TOPIC, "a digital atlas of garden birds")
    before = repository.state()
    machine = runner(repository, tmp_path, comment="true")
    code = machine.run()
    assert code == 0, machine.said
    out = Path(machine.outputs["steps.install.outputs.folder"])
    review = (out / "review/comment.md").read_text(encoding="utf-8")
    assert "digital" in review
    summary = machine.summary.read_text(encoding="utf-8")
    assert summary.startswith((out / "review/summary.md").read_text(encoding="utf-8"))
    assert re.search(
        r"### What it took\n\n.*\n.*\n\| install \| \d+ \| \|\n\| check \| \d+ \| \|\n\| build \| \d+ \| \d\.\d \|",
        summary,
    )
    assert re.search(r"\n\| review \| \d+ \| \d\.\d \|\n$", summary)
    redlines = out / "review/redlines"
    assert (redlines / "sparrow-finch-redline.pdf").read_bytes().startswith(b"%PDF")
    assert zipfile.is_zipfile(redlines / "sparrow-finch-redline.docx")
    assert "sparrow-finch-redline.docx" in (redlines / "index.html").read_text(encoding="utf-8")
    assert json.loads((out / "review/review.json").read_text(encoding="utf-8"))["agreements"]
    assert (out / "site/agreements/sparrow-finch/sparrow-finch.pdf").is_file()
    comment = Path(machine.outputs["steps.comment.outputs.folder"])
    assert (comment / "number").read_text(encoding="utf-8") == "7\n"
    assert (comment / "comment.md").read_text(encoding="utf-8") == review
    assert repository.state() == before


def test_the_repository_is_reviewed_once(repository: Repository, tmp_path: Path) -> None:
    text = ACTION.read_text(encoding="utf-8")
    assert text.count("clausebook review ") == 1
    assert "clausebook redline" not in text


def test_a_changed_look_is_shown_on_a_page_of_its_own(repository: Repository, tmp_path: Path) -> None:
    look = "templates/pdf/common.typ"
    text = (repository.project / look).read_text("utf-8").replace("#1f3a5f", "#7a1f1f")
    repository.commit("Red", {look: text})
    machine = runner(repository, tmp_path, commands="review")
    assert machine.run() == 0, machine.said
    out = Path(machine.outputs["steps.install.outputs.folder"])
    assert "data:image/png" in (out / "review/review.html").read_text(encoding="utf-8")
    assert "sparrow-finch: these pages look different: 1" in (out / "review/summary.md").read_text(encoding="utf-8")


def test_the_program_is_installed_as_develop_installs_it(repository: Repository, tmp_path: Path) -> None:
    machine = runner(repository, tmp_path, commands="check")
    assert machine.run() == 0, machine.said
    assert machine.installed.read_text(encoding="utf-8") == f"-P {ROOT}/develop.py clausebook --version\n"
    assert list(machine.codes) == ["Install Clausebook", "Check", "Say what it took", "Verdict"]


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
    assert "And no more." in (out / "review/comment.md").read_text(encoding="utf-8")
    redlines = sorted(path.name for path in (out / "review/redlines").iterdir())
    assert redlines == ["index.html", "library.html"], "one page for all agreements"


def test_a_fault_is_marked_and_fails_the_run_at_its_end(repository: Repository, tmp_path: Path) -> None:
    other = (repository.project / AGREEMENT).read_text(encoding="utf-8").replace("sparrow-finch", "wren-robin")
    repository.commit("Another", {"agreements/wren-robin.yaml": other})
    repository.replace("Fault", AGREEMENT, "kept_for: P3Y", "kept_for: long")
    machine = runner(repository, tmp_path, comment="true")
    assert machine.run() == 1, machine.said
    assert list(machine.codes)[-1] == "Verdict"
    assert machine.said.count(f"::error file={AGREEMENT}") == 1
    for command in ("check", "build", "review"):
        assert f"::error::clausebook {command} ended with exit code 1." in machine.said
    out = Path(machine.outputs["steps.install.outputs.folder"])
    assert (out / "review/comment.md").stat().st_size
    # The others have their site, and nothing of the broken one can be signed.
    assert (out / "site/agreements/wren-robin/wren-robin.pdf").is_file()
    assert not (out / "site/agreements/sparrow-finch/sparrow-finch.pdf").exists()
    assert "cannot be built" in (out / "site/agreements/sparrow-finch/index.html").read_text(encoding="utf-8")
    assert "sparrow-finch.pdf" not in [path.name for path in (out / "signed-ready").iterdir()]
    assert machine.outputs["steps.build.outputs.site"] == "true"


def test_where_no_site_can_be_built_nothing_is_ready(repository: Repository, tmp_path: Path) -> None:
    repository.commit("No site", {"mkdocs.yml": "hooks: [run.py]\n"})
    machine = runner(repository, tmp_path, commands="build")
    assert machine.run() == 1, machine.said
    assert "Keep what is ready to be signed" not in machine.codes


def test_without_a_review_all_that_is_found_is_marked(repository: Repository, tmp_path: Path) -> None:
    repository.replace("Fault", AGREEMENT, "kept_for: P3Y", "kept_for: long")
    machine = runner(repository, tmp_path, commands="check")
    assert machine.run() == 1, machine.said
    assert f"::error file={AGREEMENT}" in machine.said


def test_what_the_branch_got_meanwhile_is_not_told_as_the_pull_request_s(
    repository: Repository, tmp_path: Path
) -> None:
    repository.replace("Counter-proposal", AGREEMENT, TOPIC, "a digital atlas of garden birds")
    repository.git("checkout", "--quiet", "main")
    clause = "templates/nda/clauses/limits.md"
    text = (repository.project / clause).read_text(encoding="utf-8")
    repository.commit("Meanwhile", {clause: f"{text}\nAnd no more.\n"})
    repository.git("update-ref", "refs/remotes/origin/main", "main")
    repository.git("checkout", "--quiet", "--detach", "main")
    head = repository.merge("Merge the pull request", "counter-proposal")
    machine = runner(repository, tmp_path, commands="review")
    machine.told = {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_BASE_REF": "main",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_SHA": head,
    }
    assert machine.run() == 0, machine.said
    out = Path(machine.outputs["steps.install.outputs.folder"]) / "review"
    review = json.loads((out / "review.json").read_text(encoding="utf-8"))
    assert (len(review["agreements"]), review["library"]) == (1, [])
    assert "And no more" not in (out / "comment.md").read_text(encoding="utf-8")


def test_the_last_review_s_comment_tells_what_is_new_since(repository: Repository, tmp_path: Path) -> None:
    repository.replace("Counter-proposal", AGREEMENT, TOPIC, "a digital atlas of garden birds")
    machine = runner(repository, tmp_path, commands="review")
    assert machine.run() == 0, machine.said
    first = Path(machine.outputs["steps.install.outputs.folder"]) / "review/comment.md"
    repository.replace("Shorten", AGREEMENT, "P3Y", "P2Y")
    machine = runner(repository, tmp_path / "again", commands="review", previous=str(first))
    assert machine.run() == 0, machine.said
    second = Path(machine.outputs["steps.install.outputs.folder"]) / "review/comment.md"
    new = second.read_text(encoding="utf-8").partition("ince the last review")[2].partition("\n### ")[0]
    assert "2 years" in new
    assert "digital" not in new


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
    assert list((Path(machine.outputs["steps.install.outputs.folder"]) / "review/redlines").iterdir())
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
    redlines = Path(machine.outputs["steps.install.outputs.folder"]) / "review/redlines"
    assert [path.name for path in redlines.iterdir()] == ["index.html"]


@pytest.mark.parametrize("base", ["no-such-branch", "--help", "$(touch made)", "; touch made"])
def test_a_base_that_is_none_fails_the_review(repository: Repository, tmp_path: Path, base: str) -> None:
    machine = runner(repository, tmp_path, commands="review", base=base)
    assert machine.run() == 2, machine.said
    assert "::error::clausebook review ended with exit code 2." in machine.said
    assert not (repository.root / "made").exists()
    assert not (Path(machine.outputs["steps.install.outputs.folder"]) / "review/review.json").exists()


def test_redlines_are_bounded(repository: Repository, tmp_path: Path) -> None:
    repository.replace("Counter-proposal", AGREEMENT, TOPIC, "a map")
    machine = runner(repository, tmp_path, commands="review", **{"most-redlines": "0"})
    assert machine.run() == 0, machine.said
    assert re.search(r"redlines: 1 file; left out, see .*index.html: sparrow-finch\n", machine.said)
    redlines = Path(machine.outputs["steps.install.outputs.folder"]) / "review/redlines"
    assert [path.name for path in redlines.iterdir()] == ["index.html"]
