"""What git runs for each agreement of a diff: words to a person, git's own bytes to whatever else reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from clausebook.cli.git_driver import LARGEST, NOTE
from clausebook.history.git_diff import words_cache
from clausebook.history.git_setup import set_up
from clausebook.repository import user_cache
from clausebook.repository.tree import MAX_FILE_SIZE
from tests.support.executed_repositories import AMENDMENT, EXECUTED
from tests.support.git_repositories import Repository, new_repository
from tests.support.git_words import edit, hunks, read_by_a_person, run_git
from tests.support.repositories import nda_repository

AGREEMENT = "agreements/sparrow-finch.yaml"
TOPIC, OTHER = "a printed atlas of garden birds", "a digital atlas of garden birds"
WHY_NOT = "# Not in the contract's words: "


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with one committed agreement that git shows in words, and a cache and folder of its own."""
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    made = new_repository(tmp_path / "deals")
    shutil.move(nda_repository(tmp_path), made.root / "moved")
    for each in (made.root / "moved").iterdir():
        shutil.move(each, made.root)
    (made.root / "moved").rmdir()
    set_up(made.project)
    made.commit("First draft")
    return made


def _reworded(repository: Repository, path: str = AGREEMENT) -> None:
    edit(repository, path, TOPIC, OTHER)


def _renamed(repository: Repository) -> None:
    repository.git("mv", AGREEMENT, "agreements/osprey.yaml")
    _reworded(repository, "agreements/osprey.yaml")
    repository.git("add", "--all")


def _copied(repository: Repository) -> None:
    content = (repository.project / AGREEMENT).read_text(encoding="utf-8")
    copy = content.replace(TOPIC, OTHER).replace("id: sparrow-finch", "id: osprey")
    (repository.project / "agreements/osprey.yaml").write_text(copy, encoding="utf-8")
    repository.git("add", "--all")


def _executable(repository: Repository) -> None:
    (repository.project / AGREEMENT).chmod(0o755)


def _both(repository: Repository) -> None:
    _reworded(repository)
    _executable(repository)


def _linked(repository: Repository) -> None:
    (repository.project / AGREEMENT).unlink()
    (repository.project / AGREEMENT).symlink_to("/etc/passwd")


def _windows(repository: Repository) -> None:
    place = repository.project / AGREEMENT
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))


def _windows_and_reworded(repository: Repository) -> None:
    _reworded(repository)
    _windows(repository)
    repository.git("config", "core.autocrlf", "true")
    repository.git("config", "core.safecrlf", "false")


def _binary(repository: Repository) -> None:
    (repository.project / AGREEMENT).write_bytes(bytes(range(256)) * 9)


def _removed(repository: Repository) -> None:
    (repository.project / AGREEMENT).unlink()


def _hostile_names(repository: Repository) -> None:
    content = (repository.project / AGREEMENT).read_bytes()
    for name in (b"a\nb", b"-x", b"$(touch pwned)", b'"q"', b"\xe9", b"a b", b"\x1b[31m", b"--output=pwned", b"%s;ls"):
        with open(os.fsencode(repository.project) + b"/agreements/" + name + b".yaml", "wb") as file:
            file.write(content)
    repository.git("add", "--all")


CHANGES: dict[str, tuple[Callable[[Repository], None], tuple[str, ...]]] = {
    "reworded": (_reworded, ()),
    "mode": (_executable, ()),
    "words and mode": (_both, ()),
    "removed": (_removed, ()),
    "renamed": (_renamed, ("--cached",)),
    "copied": (_copied, ("--cached", "--find-copies-harder")),
    "a link": (_linked, ()),
    "other line ends": (_windows, ()),
    "line ends that git changes": (_windows_and_reworded, ()),
    "binary": (_binary, ()),
    "hostile names": (_hostile_names, ("--cached",)),
}


@pytest.mark.slow("git itself runs our program")
@pytest.mark.parametrize("name", CHANGES)
def test_in_a_pipe_a_diff_is_git_s_own(repository: Repository, name: str) -> None:
    change, options = CHANGES[name]
    change(repository)
    own = run_git(repository.project, "diff", "--no-ext-diff", *options)
    ours = run_git(repository.project, "diff", *options)
    assert own.stdout
    assert (ours.stdout, ours.stderr, ours.returncode) == (own.stdout, own.stderr, 0)
    assert not (repository.project / "pwned").exists()


HEADERS = {
    "reworded": ["index"],
    "mode": ["old mode 100644", "new mode 100755"],
    "words and mode": ["old mode 100644", "new mode 100755", "index"],
    "removed": ["deleted file mode 100644", "index"],
    "renamed": ["similarity index", f"rename from {AGREEMENT}", "rename to agreements/osprey.yaml", "index"],
    "copied": ["similarity index", f"copy from {AGREEMENT}", "copy to agreements/osprey.yaml", "index"],
}


@pytest.mark.slow("git itself runs our program")
@pytest.mark.parametrize("name", HEADERS)
def test_words_stand_below_git_s_own_header(repository: Repository, name: str) -> None:
    change, options = CHANGES[name]
    change(repository)
    own = run_git(repository.project, "diff", "--no-ext-diff", *options).stdout.decode().splitlines()
    ours = read_by_a_person(repository.project, "diff", *options).splitlines()
    changed = bool(ours) and ours[0] == NOTE
    assert changed == (name != "mode")
    header = [line for line in ours[changed:] if line[:1] not in (" ", "@", "+", "-") or line[:3] in ("---", "+++")]
    similar = "similarity index"
    assert [line for line in header if not line.startswith(similar)] == [
        line for line in own[: len(header)] if not line.startswith(similar)
    ]
    assert [line.startswith(start) for line, start in zip(header[1:], HEADERS[name], strict=False)] == [True] * len(
        HEADERS[name]
    )
    text = "\n".join(hunks("\n".join(ours)))
    assert (TOPIC in text) == changed
    assert "topic:" not in text


@pytest.mark.slow("git itself runs our program")
def test_hostile_names_are_quoted_and_run_nothing(repository: Repository) -> None:
    _hostile_names(repository)
    shown = read_by_a_person(repository.project, "diff", "--cached")
    own = run_git(repository.project, "diff", "--cached", "--no-ext-diff").stdout.decode(errors="surrogateescape")
    names = [line for line in own.splitlines() if line.startswith(("diff --git", "+++"))]
    assert [line for line in shown.splitlines() if line.startswith(("diff --git", "+++"))] == names
    assert "\x1b" not in shown
    assert not (repository.project / "pwned").exists()


BROKEN = {
    "no YAML": (b"parties: [\n", "line 19: `parties` is given a second time", 1),
    "control characters": (b"note: \x1b[31mred\n", "U+001B", 1),
    "a value of another kind": (b"version: [1, 2]\n", "`version` is given a second time", 1),
}


@pytest.mark.slow("git itself runs our program")
@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_does_not_load_is_shown_as_yaml_on_both_sides(repository: Repository, name: str) -> None:
    added, why, lines = BROKEN[name]
    with (repository.project / AGREEMENT).open("ab") as file:
        file.write(added)
    for arguments in (("diff",), ("diff", "-R")):
        shown = read_by_a_person(repository.project, *arguments)
        first, _, rest = shown.partition("\n")
        assert first.startswith(WHY_NOT)
        assert why in first
        assert len(hunks(rest)) == lines
    assert rest.endswith("\n")


@pytest.mark.slow("git itself runs our program")
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe\x00 not text", "not in UTF-8"),
        (b"just: a mapping\n", "it has no `id`"),
        (b"id: ../../etc\ntype: nda\n", "it has no `id`"),
        (b"id: sparrow-finch\ntype: nda\n", "missing"),
        (b"id: sparrow-finch\ntype: unheard-of\n", "there is no agreement type"),
        (b"id: sparrow-finch\ntype: nda\n" + b"x" * (LARGEST + 1), "the file is larger than 1 MiB"),
        (b"a: &b [1]\nc: *b\n", "`&b` names a value for use elsewhere"),
    ],
    ids=["empty", "binary", "no id", "path as id", "lacking fields", "unknown type", "too large", "anchor"],
)
def test_what_cannot_be_assembled_is_shown_as_git_would(repository: Repository, content: bytes, why: str) -> None:
    (repository.project / AGREEMENT).write_bytes(content)
    in_the_work_tree = read_by_a_person(repository.project, "diff")
    own = run_git(repository.project, "diff", "--no-ext-diff").stdout.decode(errors="surrogateescape")
    first, _, rest = in_the_work_tree.partition("\n")
    assert first.startswith(WHY_NOT)
    assert why in first
    assert rest == own
    repository.commit("Spoil it")
    committed = read_by_a_person(repository.project, "diff", "HEAD~1", "HEAD")
    assert why in committed.partition("\n")[0]
    assert committed.partition("\n")[2] == rest


@pytest.mark.slow("git itself runs our program")
def test_where_no_word_differs_it_says_so(repository: Repository) -> None:
    edit(repository, AGREEMENT, "parties:", "parties: # whoever signs")
    shown = read_by_a_person(repository.project, "diff")
    assert shown == f"# {AGREEMENT}: no word of the contract differs, only the YAML: git diff --no-ext-diff\n"


@pytest.mark.slow("git itself runs our program")
def test_a_value_that_no_word_came_from_is_shown(repository: Repository) -> None:
    edit(repository, AGREEMENT, "status: approved", "status: draft")
    assert hunks(read_by_a_person(repository.project, "diff")) == ['-  /status "approved"', '+  /status "draft"']


@pytest.mark.slow("git itself runs our program")
def test_an_edit_of_the_library_is_no_change_of_the_agreement(repository: Repository) -> None:
    _reworded(repository)
    before = hunks(read_by_a_person(repository.project, "diff", "--", AGREEMENT))
    clause = next((repository.project / "templates/nda/clauses").glob("*.md"))
    clause.write_text(clause.read_text("utf-8") + "\n\nThe parties shake hands.\n", encoding="utf-8")
    after = read_by_a_person(repository.project, "diff", "-U99", "--", AGREEMENT)
    assert hunks(after) == before
    whole = read_by_a_person(repository.project, "-c", "diff.context=99", "diff", "--", AGREEMENT)
    assert "   The parties shake hands." in whole


@pytest.mark.slow("git itself runs our program")
def test_the_settings_of_a_person_hold(repository: Repository) -> None:
    _reworded(repository)
    shown = read_by_a_person(
        repository.project, "-c", "color.diff=always", "-c", "diff.noprefix=true", "-c", "diff.context=0", "diff"
    )
    assert "\x1b[31m" in shown
    assert f"--- {AGREEMENT}" in shown
    assert len(hunks(shown.replace("\x1b[31m", "").replace("\x1b[32m", ""))) == 2


@pytest.mark.slow("git itself runs our program")
def test_an_unmerged_file_is_git_s_own_to_show(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "other")
    repository.replace("Other", AGREEMENT, TOPIC, OTHER)
    repository.git("checkout", "-q", "main")
    repository.replace("Ours", AGREEMENT, TOPIC, "a map")
    assert run_git(repository.project, "merge", "other").returncode == 1
    for arguments in (("diff",), ("diff", "HEAD"), ("diff", "--cached"), ("diff", "--ours")):
        assert run_git(repository.project, *arguments).returncode == 0
    own = run_git(repository.project, "diff", "--cached", "--no-ext-diff").stdout
    assert run_git(repository.project, "diff", "--cached").stdout == own


@pytest.mark.slow("git itself runs our program")
def test_a_repository_with_long_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    root = nda_repository(tmp_path)
    made = Repository(root, root)
    made.git("init", "--quiet", "--initial-branch=main", "--object-format=sha256")
    set_up(root)
    made.commit("First draft")
    _reworded(made)
    own = run_git(root, "diff", "--no-ext-diff").stdout
    assert run_git(root, "diff").stdout == own
    assert len(hunks(read_by_a_person(root, "diff"))) == 2


def _many(repository: Repository, count: int) -> None:
    content = (repository.project / AGREEMENT).read_text(encoding="utf-8")
    names = [f"deal-{number:02}" for number in range(count)]
    repository.commit(
        "Many", {f"agreements/{name}.yaml": content.replace("id: sparrow-finch", f"id: {name}") for name in names}
    )
    for name in names:
        _reworded(repository, f"agreements/{name}.yaml")


@pytest.mark.slow("git itself runs our program")
@pytest.mark.parametrize("between", [(), ("--cached",), ("HEAD~1", "HEAD"), ("HEAD~1",)], ids=str)
def test_the_first_file_of_a_diff_makes_the_words_of_all(
    repository: Repository, tmp_path: Path, between: tuple[str, ...]
) -> None:
    _many(repository, 3)
    if between:
        repository.git("add", "--all")
    if "HEAD~1" in between:
        repository.commit("Reworded")
    # The second file is shown by a program that can only look up: whatever it would make raises.
    stopped = tmp_path / "stopped"
    (stopped / "clausebook_stopped").mkdir(parents=True)
    (stopped / "sitecustomize.py").write_text(
        "import os, sys\n"
        "class Refusing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        made = name == 'clausebook.history.git_diff.shown_files'\n"
        "        if made and os.environ.get('GIT_DIFF_PATH_COUNTER') != '1':\n"
        "            raise RuntimeError('the engine is loaded again')\n"
        "sys.meta_path.insert(0, Refusing())\n",
        encoding="utf-8",
    )
    path = os.pathsep.join(filter(None, (str(stopped), os.environ.get("PYTHONPATH", ""))))
    shown = read_by_a_person(repository.project, "diff", *between, environment={"PYTHONPATH": path})
    assert shown.count(NOTE) == 3
    assert WHY_NOT not in shown


@pytest.mark.slow("git itself runs our program")
def test_two_diffs_at_once_and_nothing_is_left(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setenv("GIT_PAGER_IN_USE", "true")
    monkeypatch.setattr(tempfile, "tempdir", None)
    _many(repository, 2)
    before = repository.state()
    running = [
        subprocess.Popen(["git", "diff"], cwd=repository.project, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    first, second = (process.communicate() for process in running)
    assert first == second
    assert first[1] == b""
    assert first[0].count(NOTE.encode()) == 2
    assert list(folder.iterdir()) == []
    assert repository.state() == before


@pytest.mark.slow("git itself runs our program")
def test_a_pager_that_is_left_ends_it_without_a_word(repository: Repository) -> None:
    _many(repository, 2)
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "GIT_PAGER_IN_USE": "true"}
    done = subprocess.run(
        ["git", "diff"], cwd=repository.project, stdout=writing, stderr=subprocess.PIPE, env=environment, check=False
    )
    os.close(writing)
    assert done.stderr == b""


@pytest.mark.slow("git itself runs our program")
def test_a_cache_that_cannot_be_made_is_done_without(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "file"))
    _reworded(repository)
    assert len(hunks(read_by_a_person(repository.project, "diff"))) == 2


@pytest.mark.slow("an executed agreement and its amendment")
def test_executed_agreements_and_amendments(amended: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    root = tmp_path / "deals"
    shutil.copytree(amended, root)
    made = new_repository(root)
    set_up(root)
    agreement, amendment = (f"agreements/{name}.yaml" for name in (EXECUTED, AMENDMENT))
    edit(made, agreement, 'version: "1.1"\nstatus: approved', 'version: "1.0"\nstatus: executed')
    made.commit("It is executed")
    edit(made, agreement, "status: executed", "status: approved")
    edit(made, amendment, "status: draft", "status: approved")
    shown = read_by_a_person(root, "diff", "-U0")
    assert shown.count(NOTE) == 2
    # The library has been edited since.
    library = "The committee keeps minutes of its own."
    both = [line for line in hunks(shown) if library not in line]
    assert both == ['-  /status "draft"', '+  /status "approved"', '-  /status "executed"', '+  /status "approved"']
    assert [line.strip() for line in hunks(shown) if line not in both] == [f"+  {library}"]
    made.git("checkout", "-q", ".")
    # A text that was signed stays what it was, whatever is written over its data.
    edit(made, agreement, "\ntitle: ", "\ntitle: New ")
    first, _, rest = read_by_a_person(root, "diff", "-U0").partition("\n")
    assert first.startswith(WHY_NOT)
    assert [line[:7] for line in hunks(rest)] == ["-title:", "+title:"]


def test_what_is_on_disk_tells_whether_words_are_known(repository: Repository) -> None:
    root = repository.project
    before = words_cache.state_of(root)
    assert before == words_cache.state_of(root)
    clause = next((root / "templates/nda/clauses").glob("*.md"))
    status = clause.stat()
    clause.write_bytes(clause.read_bytes().swapcase())
    os.utime(clause, ns=(status.st_atime_ns, status.st_mtime_ns))
    after = words_cache.state_of(root)
    assert after not in ("", before)
    (root / "templates/link").symlink_to(root)
    assert words_cache.state_of(root) == ""
    assert words_cache.find("", "0" * 40) is None


def test_the_driver_reads_as_much_as_the_engine() -> None:
    assert LARGEST == MAX_FILE_SIZE
