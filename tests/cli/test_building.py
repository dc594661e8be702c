"""The command line, as people, scripts and continuous integration use it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from clausebook import __version__
from clausebook.cli import main as cli
from tests.support.bad_input import good_agreement, place_of, run, tame_repository, tree_state
from tests.support.git_repositories import new_repository
from tests.support.repositories import ROOT

COMMANDS = ("build", "check", "list", "serve")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with two good agreements."""
    folder = tame_repository(tmp_path)
    good_agreement(folder, "wren-robin")
    return folder


@pytest.fixture
def spoilt(root: Path) -> Path:
    """Return a repository with a good and a bad agreement."""
    good_agreement(root, "wren-robin", ("kept_for: P3Y", "kept_for: three years"))
    return root


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


def draft(root: Path) -> None:
    """Make a clause a draft, which is a warning wherever it is used."""
    clause = root / "templates" / "nda" / "clauses" / "keeping.md"
    clause.write_text(clause.read_text(encoding="utf-8").replace("status: approved", "status: draft"), encoding="utf-8")


@pytest.mark.slow("the whole site from the bare command")
def test_no_command_builds_all(root: Path) -> None:
    done = run(root)
    assert (done.code, done.err, done.left) == (0, "", ())
    assert re.fullmatch(r"2 agreements built, \d+ files changed, in site/\n", done.out)
    for name in ("sparrow-finch", "wren-robin"):
        folder = root / "site" / "agreements" / name
        files = {path.name for path in folder.iterdir() if path.is_file()}
        assert files == {"index.html", *(f"{name}{end}" for end in (".md", ".pdf", ".docx", ".ics", "-facts.json"))}
    before = tree_state(root / "site")
    assert run(root, "build").out == "2 agreements built, 0 files changed, in site/\n"
    assert tree_state(root / "site") == before


def test_build_py_is_the_same(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "build.py"), "build", "wren-robin", "--format", "md", "--root", str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (root / "site" / "agreements" / "wren-robin" / "wren-robin.md").is_file()


def test_build_of_one_agreement(root: Path) -> None:
    done = invoke(root, "build", "wren-robin")
    assert done.exit_code == 0
    assert sorted(tree_state(root / "site")) == [
        f"agreements/wren-robin/wren-robin.{end}" for end in ("docx", "md", "pdf")
    ]


def test_build_in_other_formats(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = invoke(root, "build", "--format", "html", "--format", "txt", "--format", "html", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert done.output == f"4 files built, 4 changed, in {out}\n"
    assert sorted(path.name for path in out.rglob("*.*")) == [
        f"{name}.{end}" for name in ("sparrow-finch", "wren-robin") for end in ("html", "txt")
    ]
    assert not (root / "site").exists()


def test_unknown_format(root: Path) -> None:
    done = invoke(root, "build", "--format", "wordperfect")
    assert done.exit_code == 2
    assert "there is no format `wordperfect`" in done.stderr
    assert "the formats are: md, pdf, docx, html" in done.stderr


@pytest.mark.parametrize("command", ["build", "check"])
def test_unknown_agreement(root: Path, command: str) -> None:
    done = invoke(root, command, "wren-robbin")
    assert done.exit_code == 2
    assert "there is no agreement `wren-robbin`" in done.stderr
    assert "did you mean `wren-robin`?" in done.stderr
    assert "there are: sparrow-finch, wren-robin" in invoke(root, command, "../../etc/passwd").stderr


def test_an_error_in_one_of_them_stops_the_writing_of_all(spoilt: Path) -> None:
    for arguments in (["build"], ["build", "--format", "md"]):
        done = invoke(spoilt, *arguments)
        assert done.exit_code == 1
        assert "agreements/wren-robin.yaml:12:13: error: " in done.output
        assert done.output.endswith("1 error\nNothing was written.\n")
        assert not (spoilt / "site").exists()
    assert invoke(spoilt, "build", "sparrow-finch", "--format", "md").exit_code == 0


def test_warnings_fail_only_when_strict(root: Path) -> None:
    draft(root)
    for command in (["check"], ["build", "--format", "md"]):
        kind = invoke(root, *command)
        assert kind.exit_code == 0
        assert "2 warnings" in kind.output
        strict = (
            invoke(root, *command, "--strict", "--out", str(root / "other"))
            if "build" in command
            else invoke(root, *command, "--strict")
        )
        assert strict.exit_code == 1
    assert not (root / "other").exists()


def test_check(root: Path, spoilt: Path) -> None:
    assert invoke(root, "check", "sparrow-finch").output == "1 agreement checked\n"
    done = invoke(spoilt, "check")
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "agreements/wren-robin.yaml:12:13: error: `kept_for`: “three years” is not a length of time "
        "[core/value-duration]",
        "    field: /secrets/kept_for",
        "    mend:  write P and a number with Y, M, W or D (P90D is 90 days, P6M six months, P2Y two years); "
        "hours as PT24H",
        "1 error",
    ]
    assert sorted(path.name for path in spoilt.iterdir()) == ["agreements", "mkdocs.yml", "schemas", "templates"]


@pytest.mark.parametrize("command", [["check"], ["build"], ["build", "--format", "md"]])
def test_reports(spoilt: Path, command: list[str]) -> None:
    found = json.loads(invoke(spoilt, *command, "--report", "json").output)["findings"]
    assert list(map(place_of, found)) == ["agreements/wren-robin.yaml:12:13 core/value-duration /secrets/kept_for"]
    line = invoke(spoilt, *command, "--report", "github").output
    assert line.startswith("::error file=agreements/wren-robin.yaml,line=12,col=13,title=core/value-duration::")
    assert line.count("\n") == 1
    (log,) = json.loads(invoke(spoilt, *command, "--report", "sarif").output)["runs"]
    assert [result["ruleId"] for result in log["results"]] == ["core/value-duration"]


@pytest.mark.parametrize(("report", "output"), [("json", '{\n  "findings": []\n}\n'), ("github", "")])
def test_reports_of_nothing(root: Path, report: str, output: str) -> None:
    assert invoke(root, "check", "--report", report).output == output


def test_list(root: Path) -> None:
    lines = invoke(root, "list").output.splitlines()
    assert lines[0].split() == ["id", "version", "status", "parties", "owner", "title"]
    assert lines[1].split()[:5] == ["sparrow-finch", "1.0", "approved", "Sparrow,", "Finch"]
    assert len(lines) == 3


def test_list_as_json(spoilt: Path) -> None:
    done = invoke(spoilt, "list", "--json")
    assert done.exit_code == 1
    good, bad = json.loads(done.stdout)
    assert good == {
        "id": "sparrow-finch",
        "title": "Talks about a bird atlas",
        "version": "1.0",
        "status": "approved",
        "parties": ["Sparrow", "Finch"],
        "ends": "",
        "owner": "",
        "holds": [],
        "void": {},
        "links": {},
        "linked_by": {},
    }
    assert (bad["id"], bad["status"]) == ("wren-robin", "has errors")
    assert "run `clausebook check`" in done.stderr


@pytest.mark.slow("each command where there is no repository, as a real process")
def test_outside_a_repository(tmp_path: Path) -> None:
    for arguments in ([], ["build"], ["check"], ["list"]):
        done = run(tmp_path, *arguments)
        assert done.code == 2
        assert done.out == ""
        assert "is in no Clausebook repository" in done.err
        assert "mend:  run the command inside one, or name it with --root" in done.err


@pytest.mark.parametrize("command", ["build", "check", "list", "serve", "spark"])
def test_a_folder_that_is_no_repository_is_told(tmp_path: Path, command: str) -> None:
    for name, said in (("nowhere", "is no folder"), ("", "no Clausebook repository|has no mkdocs.yml")):
        done = CliRunner().invoke(cli.cli, [command, "--root", str(tmp_path / name)])
        assert (done.exit_code, done.stdout) == (2, "")
        assert re.search(said, done.stderr), done.stderr


def test_from_a_folder_inside_the_repository(root: Path) -> None:
    assert run(root / "templates" / "nda", "check").out == "2 agreements checked\n"


@pytest.mark.parametrize("folder", ["agreements", "schemas", "templates"])
def test_a_missing_folder(root: Path, folder: str) -> None:
    shutil.rmtree(root / folder)
    done = invoke(root, "check")
    assert done.exit_code == 2
    assert f"it has no folder {folder}" in done.stderr


BROKEN_LOOKS = {
    "pdf": ("templates/pdf", "templates/pdf:1:1", "no pdf can be made: its look has no file agreement.typ"),
    "docx": ("templates/docx", "templates/docx:1:1", "no part [Content_Types].xml"),
    "main file": ("templates/pdf/agreement.typ", "templates/pdf:1:1", "its look has no file agreement.typ"),
    "part": ("templates/pdf/common.typ", "templates/pdf/agreement.typ:5:9", "made: file not found: common.typ"),
}


def looks_told(root: Path, *arguments: str) -> list[tuple[str, str]]:
    """Return place and words of what a command says that refuses a broken look."""
    done = invoke(root, *arguments, "--report", "json")
    assert done.exit_code == 1
    told = (each for each in json.loads(done.stdout)["findings"] if each["severity"] == "error")
    return [(place_of(each), each["message"]) for each in told]


@pytest.mark.parametrize("kind", BROKEN_LOOKS)
def test_a_missing_look_is_told_once_for_all_agreements(root: Path, kind: str) -> None:
    gone, place, said = BROKEN_LOOKS[kind]
    (shutil.rmtree if (root / gone).is_dir() else os.remove)(root / gone)
    [told] = looks_told(root, "build")
    assert told[0] == f"{place} core/render-failed"
    assert told[1].endswith(said)
    assert looks_told(root, "build", "sparrow-finch", "wren-robin") == [told]
    assert told in looks_told(root, "check")


def test_a_fault_of_a_look_is_told_where_it_stands(root: Path) -> None:
    with (root / "templates" / "pdf" / "common.typ").open("a", encoding="utf-8") as file:
        line = len((root / "templates" / "pdf" / "common.typ").read_text(encoding="utf-8").splitlines()) + 1
        file.write("#let x = (\n")
    expected = (f"templates/pdf/common.typ:{line}:10 core/render-failed", "no pdf can be made: unclosed delimiter")
    assert looks_told(root, "build") == looks_told(root, "build", "sparrow-finch", "wren-robin") == [expected]


def test_a_fault_of_the_sites_theme_is_told_where_it_stands(root: Path) -> None:
    added(root / "templates" / "site" / "theme" / "main.html", "{{ 1 + config.site_name }}", "</title>")
    [(place, said)] = looks_told(root, "build")
    assert place == "templates/site/theme/main.html:5:1 core/site-unusable"
    assert "unsupported operand" in said
    assert looks_told(root, "check") == [(place, said)]
    assert not (root / "site").exists()


def test_a_look_that_fails_for_one_agreement_is_told_of_it(root: Path) -> None:
    added(
        root / "templates/pdf/agreement.typ", '#if "wren" in sys.inputs.agreement { panic("no wrens") }\n', "#contract("
    )
    place = "templates/pdf/agreement.typ:15:38 core/render-failed"
    assert looks_told(root, "build") == [(place, "the pdf of `wren-robin` cannot be made: panicked with: no wrens")]


@pytest.mark.parametrize(("name", "part"), [("pdf", "pdf/redline.typ"), ("docx", "docx/reference/word/styles.xml")])
def test_a_redline_says_which_look_is_broken(root: Path, name: str, part: str) -> None:
    (root / "templates" / part).unlink()
    new_repository(root).commit("Begin")
    done = invoke(root, "redline", "wren-robin", "standard", "--format", name, "--out", str(root / "redline"))
    assert done.exit_code == 1
    assert done.stdout.startswith(f"templates/{name}:1:1: error: ")
    assert part.rpartition("/")[2] in done.stdout
    assert not (root / "redline").exists()


def added(path: Path, text: str, before: str) -> None:
    """Put text into a file, before what stands there once."""
    content = path.read_text(encoding="utf-8")
    assert content.count(before) == 1
    path.write_text(content.replace(before, text + before), encoding="utf-8")


def test_a_look_that_changes_words(root: Path) -> None:
    added(root / "templates" / "pdf" / "agreement.typ", '#show "keep each": "read each"\n', "#contract(")
    done = invoke(root, "build", "wren-robin", "--report", "json")
    assert done.exit_code == 1
    (told,) = json.loads(done.stdout)["findings"]
    assert place_of(told) == "templates/pdf:1:1 core/output-words"
    assert re.search(r"says “.*read each.*” where the agreement says “.*keep each.*”, in “\d", told["message"]), told[
        "message"
    ]
    assert not (root / "site").exists()


def test_a_look_that_hides_words(root: Path) -> None:
    styles = root / "templates" / "docx" / "reference" / "word" / "styles.xml"
    added(styles, "<w:rPr><w:vanish/></w:rPr>", '<w:pPr><w:spacing w:before="0" w:after="130"')
    done = invoke(root, "build", "wren-robin", "--report", "json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)["findings"]
    assert {place_of(each) for each in told} == {"templates/docx:1:1 core/output-hidden"}
    assert "hidden text" in told[0]["message"]
    repository = new_repository(root)
    (root / "trust.yaml").write_text(f"looks: [{told[0]['hint'].partition('branch: ')[2]}]\n", encoding="utf-8")
    assert invoke(root, "build", "wren-robin").exit_code == 1, "the work tree does not say which looks are trusted"
    repository.commit("Trust the look")
    assert invoke(root, "build", "wren-robin").exit_code == 0


def test_a_missing_configuration_of_the_site(root: Path) -> None:
    (root / "mkdocs.yml").unlink()
    for command in ("build", "serve"):
        done = invoke(root, command)
        assert done.exit_code == 2
        assert "mkdocs.yml" in done.stderr


def test_a_repository_without_agreements(root: Path) -> None:
    for path in (root / "agreements").iterdir():
        path.unlink()
    assert invoke(root, "check").output == "0 agreements checked\n"
    assert json.loads(invoke(root, "list", "--json").output) == []
    assert invoke(root, "build").exit_code == 0


@pytest.mark.parametrize("arguments", [[], ["wren-robin"]])
def test_where_nothing_can_be_written(root: Path, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    done = invoke(root, "build", *arguments, "--out", str(tmp_path / "file" / "out"))
    assert done.exit_code == 2
    assert "cannot write" in done.stderr
    assert "mend:" in done.stderr
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.slow("every way to name a folder that holds sources")
@pytest.mark.parametrize("arguments", [[], ["wren-robin"]])
@pytest.mark.parametrize("out", [".", "..", "agreements", "templates/site", "schemas/new"])
def test_never_writes_over_the_repository(root: Path, arguments: list[str], out: str) -> None:
    before = tree_state(root.parent)
    done = run(root, "build", *arguments, "--out", out, CLAUSEBOOK_CACHE="")
    assert done.code == 2
    assert "holds the repository's own files" in done.err
    assert tree_state(root.parent) == before


def test_never_takes_a_foreign_folders_place(root: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "birds.jpg").write_bytes(b"mine")
    done = invoke(root, "build", "--out", str(tmp_path / "photos"))
    assert done.exit_code == 2
    assert "holds no site of Clausebook's" in done.stderr
    assert sorted(tree_state(tmp_path / "photos")) == ["birds.jpg"]


def test_follows_no_link_out_of_the_repository(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "site").symlink_to(tmp_path / "elsewhere")
    for arguments in ([], ["wren-robin"]):
        done = invoke(root, "build", *arguments)
        assert done.exit_code == 2
        assert "is a link that leads out of the repository" in done.stderr
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["biuld"], "Did you mean 'build'?"),
        (["publish"], "No such command 'publish'"),
        (["check", "--report", "xml"], "'xml' is not one of"),
        (["build", "--out"], "requires an argument"),
        (["list", "extra"], "unexpected extra argument"),
    ],
)
def test_wrong_usage(arguments: list[str], words: str) -> None:
    done = CliRunner().invoke(cli.cli, arguments)
    assert done.exit_code == 2
    assert words in done.stderr


def test_help_has_examples_and_says_how_it_ends() -> None:
    done = CliRunner().invoke(cli.cli, ["--help"])
    assert done.exit_code == 0
    assert "Exit codes: 0 clean, 1 findings of severity error, 2 could not run." in done.output
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", done.output, re.MULTILINE)
        text = CliRunner().invoke(cli.cli, [command, "-h"]).output
        assert re.search(rf"Examples:\n +clausebook {command}", text), text


def test_version() -> None:
    assert CliRunner().invoke(cli.cli, ["--version"]).output == f"clausebook, version {__version__}\n"


@pytest.mark.slow("output in a pipe, from a real process")
def test_nothing_is_coloured_and_nothing_moves_where_nobody_watches(root: Path) -> None:
    for variables in ({}, {"NO_COLOR": "1"}, {"CI": "true"}, {"TERM": "xterm-256color"}):
        done = run(root, "list", **variables)
        assert "\x1b" not in done.out + done.err
        assert done.err == ""


@pytest.mark.slow("output on a terminal, from a real process")
def test_no_colour_on_a_terminal_where_none_is_wanted(root: Path) -> None:
    colour = re.compile(r"\x1b\[(\d+;)*[34][0-9]")
    assert colour.search(on_a_terminal(root, "check"))
    assert not colour.search(on_a_terminal(root, "check", NO_COLOR="1"))


@pytest.mark.slow("output on a terminal, from a real process")
def test_progress_is_shown_to_a_person_only(root: Path) -> None:
    assert "Checking" in on_a_terminal(root, "check")
    assert "Checking" not in on_a_terminal(root, "check", CI="true")


@pytest.mark.slow("output on a terminal, from real processes")
@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("build",), ("Making", "2/2", "left", "Writing the site", "2 agreements built")),
        (("redline", "wren-robin", "standard"), ("Comparing", "No changes")),
        (("revisions", "wren-robin"), ("Reading revisions", "First draft")),
        (("sign-map", "wren-robin"), ("Assembling", "Rendering", "signature")),
    ],
    ids=lambda given: given[0],
)
def test_long_commands_show_how_far_they_are_and_say_their_outcome(
    root: Path, command: tuple[str, ...], said: tuple[str, ...]
) -> None:
    new_repository(root).commit("First draft")
    shown = on_a_terminal(root, *command)
    assert [words for words in said if words not in shown] == []


def on_a_terminal(root: Path, *arguments: str, **variables: str) -> str:
    """Run the command with a terminal as its outputs; return all that it shows."""
    import pty

    leader, follower = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR", "FORCE_COLOR")}
    environment = {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **variables}
    process = subprocess.Popen(
        [sys.executable, "-m", "clausebook", *arguments],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    shown = b""
    try:
        while piece := os.read(leader, 65536):
            shown += piece
    except OSError:  # Linux: the other end is closed
        pass
    finally:
        os.close(leader)
    assert process.wait(timeout=30) == 0
    return shown.decode()


def test_a_failure_of_its_own_is_no_traceback(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **named: object) -> None:
        raise KeyError("unheard of")

    monkeypatch.setattr("clausebook.project.making.assemble", fail)
    done = invoke(root, "check", "--report", "json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)["findings"]
    assert [finding["path"] for finding in found] == ["agreements/sparrow-finch.yaml", "agreements/wren-robin.yaml"]
    assert {finding["rule"] for finding in found} == {"core/internal"}
    assert "KeyError: 'unheard of'" in found[0]["message"]
    monkeypatch.setattr("clausebook.project.project.in_groups", fail)
    done = invoke(root, "check")
    assert done.exit_code == 2
    assert f"clausebook: failed itself: KeyError: 'unheard of' ({Path(__file__).name}, line" in done.stderr


def test_an_interruption(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("clausebook.project.making.assemble", interrupt)
    done = invoke(root, "check")
    assert (done.exit_code, done.stderr) == (2, "clausebook: interrupted\n")


def test_the_child_that_renders_may_die(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from clausebook.children import child

    monkeypatch.setattr(child, "START", "import os; os.abort()")
    done = invoke(root, "check")
    assert done.exit_code == 2
    assert "clauses cannot be rendered" in done.stderr
    assert "mend:" in done.stderr


@pytest.mark.slow("two people's builds in one clone, as real processes")
def test_two_builds_at_once(root: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    builds = [
        subprocess.Popen(
            [sys.executable, "-m", "clausebook", "build"],
            cwd=root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    ends = [(*build.communicate(timeout=60), build.returncode) for build in builds]
    assert [(errors, code) for _, errors, code in ends] == [("", 0)] * 3
    assert run(root, "build").out == "2 agreements built, 0 files changed, in site/\n"


@pytest.mark.slow("MkDocs' own command refuses what ours refuses")
def test_mkdocs_build_refuses_what_has_errors(spoilt: Path) -> None:
    done = mkdocs(spoilt, "build")
    assert done.returncode == 1
    assert "agreements/wren-robin.yaml:12:13: `kept_for`: “three years” is not a length of time" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (spoilt / "site" / "agreements").exists()


@pytest.mark.slow("MkDocs' own command builds the same site")
def test_mkdocs_build_is_the_same_site(root: Path) -> None:
    assert mkdocs(root, "build", "--strict", "--site-dir", str(root / "theirs")).returncode == 0
    assert run(root, "build", "--out", "ours").code == 0
    theirs, ours = (
        {name: content for name, (content, _) in tree_state(root / out).items()} for out in ("theirs", "ours")
    )
    assert theirs == ours


def mkdocs(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run MkDocs itself."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.slow("a real server that sees a file change")
@pytest.mark.parametrize(
    "program", [["mkdocs", "serve", "--dev-addr"], ["clausebook", "serve", "--address"]], ids=" ".join
)
def test_serve_shows_what_is_wrong_and_then_what_is_right(root: Path, program: list[str]) -> None:
    place = root / "agreements" / "wren-robin.yaml"
    good = place.read_text(encoding="utf-8")
    with served(root, program) as address:
        assert "Talks about a bird atlas" in fetched(f"{address}/agreements/wren-robin/", "agreement-text")
        place.write_text(good.replace("kept_for: P3Y", "kept_for: three years"), encoding="utf-8")
        page = fetched(f"{address}/", "is not a length of time")
        assert "agreements/wren-robin.yaml" in page
        assert "<code>kept_for</code>" in page
        assert "`kept_for`" not in page
        place.write_text("%PDF-1.7 no: YAML: at all", encoding="utf-8")
        fetched(f"{address}/", "not valid YAML")
        place.write_text(good.replace("bird atlas", "fish atlas"), encoding="utf-8")
        fetched(f"{address}/agreements/wren-robin/", "Talks about a fish atlas")


@contextmanager
def served(root: Path, program: list[str]) -> Iterator[str]:
    """Serve the site on a free port of this machine for a moment; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    process = subprocess.Popen(
        [sys.executable, "-m", *program, address],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://{address}"
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def fetched(address: str, words: str, seconds: float = 30) -> str:
    """Return the page as soon as it holds the words."""
    end = time.monotonic() + seconds
    page = ""
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                page = answer.read().decode()
        except urllib.error.HTTPError as error:
            page = error.read().decode()
        except OSError:
            page = ""
        if words in page:
            return page
        time.sleep(0.1)
    raise AssertionError(f"{address} does not say {words!r} after {seconds} seconds: {page[-500:]}")


@pytest.mark.slow("a real server that cannot start")
@pytest.mark.parametrize("address", ["nowhere", "127.0.0.1", "127.0.0.1:x", "256.1.1.1:80"])
def test_serve_at_a_wrong_address(root: Path, address: str) -> None:
    done = run(root, "serve", "--address", address)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert f"cannot serve at {address}: " in done.err
    assert "mend:  write a host and a port" in done.err
    assert done.left == ()


@pytest.mark.slow("a real server that cannot start")
def test_serve_at_a_taken_address(root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run(root, "serve", "--address", f"127.0.0.1:{taken.getsockname()[1]}")
    assert done.code == 2
    assert "cannot serve at 127.0.0.1:" in done.err


def test_commands_are_all_tested() -> None:
    assert set(COMMANDS) <= set(cli.cli.list_commands(click.Context(cli.cli)))
