"""Reading revisions: the right files of the right commit, and the repository as it was."""

from __future__ import annotations

import inspect
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clausebook.findings.model import RepositoryError
from clausebook.repository.git import process as git_module
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.objects import read_commit
from clausebook.repository.git.process import Git, GitUnavailable
from clausebook.repository.git.revision_names import head_of, merge_base, resolve
from clausebook.repository.hashed import HashedDisk
from clausebook.repository.tree import MAX_FILE_SIZE, DiskTree, TreeError
from tests.support.git_repositories import Repository, new_repository, run, state_of
from tests.support.repositories import nda_repository

pytestmark = pytest.mark.slow("git repositories in every state")

DEAL = "agreements/sparrow-finch.yaml"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository of one agreement, committed."""
    made = new_repository(nda_repository(tmp_path))
    made.commit("First draft")
    return made


@pytest.fixture
def untouched(repository: Repository) -> Iterator[Callable[[], None]]:
    """Prove at the end that the repository is as it was when the returned function was called."""
    states: list[tuple[str, ...]] = []
    yield lambda: states.append(repository.state())
    assert states
    assert repository.state() == states[0]


def every_file(tree: Any, folder: str = "") -> Iterator[str]:
    for name in tree.names(folder):
        path = f"{folder}/{name}" if folder else name
        if name.endswith("/"):
            yield from every_file(tree, path[:-1])
        else:
            yield path


def test_a_revision_has_the_files_of_its_checkout(repository: Repository, untouched: Callable[[], None]) -> None:
    repository.commit(
        "Add names of other languages", {"templates/nda/Übersicht.md": "x\n", "agreements/naïve/ß.md": "y\n"}
    )
    untouched()
    disk = DiskTree(repository.project)
    with Git(repository.project) as git:
        tree = GitTree(git, repository.commits[-1])
        inside = [path for path in every_file(disk) if not path.startswith(".git/")]
        assert list(every_file(tree)) == inside
        assert [tree.read(path) for path in inside] == [disk.read(path) for path in inside]
        assert tree.names("nowhere") == tree.names(DEAL) == []
        before = GitTree(git, repository.commits[0])
        assert "Übersicht.md" not in before.names("templates/nda")
        assert "naïve/" in tree.names("agreements")


def test_lines_end_with_line_feeds_alone(repository: Repository, untouched: Callable[[], None]) -> None:
    repository.commit("Use the line ends of another system", {"agreements/a.md": b"one\r\ntwo\rthree\n"})
    untouched()
    with Git(repository.project) as git:
        assert GitTree(git, repository.commits[-1]).read("agreements/a.md") == b"one\ntwo\rthree\n"


def test_links_submodules_and_folders_are_no_files(repository: Repository, untouched: Callable[[], None]) -> None:
    (repository.project / "agreements" / "link.yaml").symlink_to("sparrow-finch.yaml")
    (repository.project / "linked").symlink_to("agreements")
    repository.commit("Add links")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{repository.commits[0]},agreements/module")
    (repository.project / "agreements" / "module").mkdir()
    repository.git("commit", "--quiet", "--message", "Add a submodule")
    untouched()
    with Git(repository.project) as git:
        tree = GitTree(git, repository.git("rev-parse", "HEAD"))
        assert "module" not in " ".join(tree.names("agreements"))
        assert "link.yaml" in tree.names("agreements")
        for path, said in (
            ("agreements/link.yaml", "symbolic link"),
            ("linked/sparrow-finch.yaml", "symbolic link"),
            ("agreements/module", "does not exist"),
            ("agreements", "a folder"),
            ("agreements/none.yaml", "does not exist"),
            ("../agreements", "does not exist"),
        ):
            with pytest.raises(TreeError, match=said):
                tree.read(path)
        with pytest.raises(TreeError, match="symbolic link"):
            tree.names("linked")


def test_a_file_that_is_too_large_is_not_read(repository: Repository, untouched: Callable[[], None]) -> None:
    repository.commit("Add files", {"large": b"x" * (MAX_FILE_SIZE + 1), "largest": b"x" * MAX_FILE_SIZE, "none": b""})
    untouched()
    with Git(repository.project) as git:
        tree = GitTree(git, repository.commits[-1])
        with pytest.raises(TreeError, match=r"1\.0 MiB; at most 1 MiB"):
            tree.read("large")
        assert len(tree.read("largest")) == MAX_FILE_SIZE
        assert tree.read("none") == b""


def test_every_way_to_name_a_commit(repository: Repository, untouched: Callable[[], None]) -> None:
    first = repository.commits[0]
    second = repository.commit("Second")
    repository.git("tag", "sent")
    repository.git("tag", "--annotate", "--message", "m", "signed", first)
    repository.git("branch", "counter-proposal", first)
    repository.git("update-ref", "refs/tags/--help", first)
    repository.git("update-ref", "refs/heads/entwürfe/größe", first)
    untouched()
    with Git(repository.project) as git:
        names = {
            first: ("HEAD~1", "HEAD^", first, first[:7], "signed", "counter-proposal", "--help", "entwürfe/größe"),
            second: ("HEAD", "main", "sent", "refs/tags/sent", second[:12], "main~0"),
        }
        for commit, said in names.items():
            assert {name: resolve(git, name) for name in said} == dict.fromkeys(said, commit)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "nothing",
            "",
            " ",
            "HEAD~9",
            "0" * 40,
            "main:agreements",
            ":/First",
            "main..sent",
            "@{yesterday}",
            "a\nHEAD",
        ),
        *("--all", "-h", "HEAD^{tree}", "\ud800", "x" * 5000, "main\\", "\0", "HEAD extra"),
    ],
)
def test_what_names_no_commit(name: str, repository: Repository, untouched: Callable[[], None]) -> None:
    untouched()
    with Git(repository.project) as git, pytest.raises(RepositoryError, match="there is no revision") as caught:
        resolve(git, name)
    assert "main" in caught.value.hint


def test_a_near_name_is_offered(repository: Repository) -> None:
    repository.git("tag", "sent-to-finch")
    with Git(repository.project) as git, pytest.raises(RepositoryError) as caught:
        resolve(git, "send-to-finch")
    assert "`sent-to-finch`" in caught.value.hint


def test_a_name_with_two_meanings_is_refused(repository: Repository, untouched: Callable[[], None]) -> None:
    repository.git("tag", "agreed")
    repository.commit("Second")
    repository.git("branch", "agreed")
    untouched()
    with Git(repository.project) as git:
        with pytest.raises(RepositoryError, match="more than one revision") as caught:
            resolve(git, "agreed")
        assert caught.value.hint == "write refs/heads/agreed or refs/tags/agreed"
        assert resolve(git, "refs/tags/agreed") == repository.commits[0]


def test_a_common_ancestor_is_found_or_said_to_be_missing(repository: Repository) -> None:
    first = repository.commits[0]
    repository.git("checkout", "--quiet", "-b", "side")
    side = repository.commit("Side")
    repository.git("checkout", "--quiet", "main")
    main = repository.commit("Main")
    repository.git("checkout", "--quiet", "--orphan", "stranger")
    stranger = repository.commit("Stranger")
    state = repository.state()
    with Git(repository.project) as git:
        assert merge_base(git, side, main) == first
        with pytest.raises(RepositoryError, match="no common ancestor"):
            merge_base(git, side, stranger)
    assert repository.state() == state


def test_a_commit_is_read_whole(repository: Repository) -> None:
    subject = "Größer\x1b[31m als \u202e zuvor,\nin zwei Zeilen\n\nUnd mehr."
    oid = repository.commit(subject, author="Zoë Ångström")
    with Git(repository.project) as git:
        commit = read_commit(git, oid)
        with pytest.raises(RepositoryError, match="is a tree, not a commit"):
            read_commit(git, commit.tree)
        with pytest.raises(RepositoryError, match="missing from this clone"):
            read_commit(git, "1" * 40)
    assert commit.author == "Zoë Ångström"
    assert commit.subject == "Größer\ufffd[31m als \ufffd zuvor, in zwei Zeilen"
    assert commit.date == "2026-01-02T00:00:00Z"
    assert commit.parents == (repository.commits[0],)


def test_a_commit_in_an_old_encoding_is_read(repository: Repository) -> None:
    repository.git("config", "i18n.commitEncoding", "ISO-8859-1")
    (repository.root / "message").write_bytes("Größe".encode("latin-1"))
    repository.git("commit", "--quiet", "--allow-empty", "--file", "message")
    with Git(repository.project) as git:
        commit = read_commit(git, head_of(git) or "")
    assert commit.subject == "Größe"


def test_bare_clones_worktrees_and_subfolders_read_alike(tmp_path: Path) -> None:
    outer = new_repository(tmp_path / "größer und mehr", "ein Ordner/projekt")
    shutil.copytree(nda_repository(tmp_path), outer.project)
    oid = outer.commit("First draft")
    with Git(outer.project) as git:
        assert git.prefix == "ein Ordner/projekt/"
        assert "agreements/" in GitTree(git, oid).names("")
        expected = GitTree(git, oid).read(DEAL)
    plain = new_repository(nda_repository(tmp_path / "plain"))
    oid = plain.commit("First draft")
    bare, linked = tmp_path / "bare.git", tmp_path / "linked"
    run(tmp_path, "clone", "--quiet", "--bare", str(plain.root), str(bare))
    plain.git("worktree", "add", "--quiet", "--detach", str(linked))
    for place, is_bare in ((bare, True), (linked, False)):
        state = state_of(place)
        with Git(place) as git:
            assert git.bare is is_bare
            assert head_of(git) == oid
            assert GitTree(git, oid).read(DEAL) == expected
        assert state_of(place) == state


def test_replacements_and_grafts_do_not_count(repository: Repository, untouched: Callable[[], None]) -> None:
    first = repository.commits[0]
    second = repository.replace("Second", DEAL, "garden birds", "sea birds")
    repository.git("replace", second, first)
    (repository.root / ".git" / "info").mkdir(exist_ok=True)
    (repository.root / ".git" / "info" / "grafts").write_text(f"{second}\n")
    untouched()
    with Git(repository.project) as git:
        assert b"sea birds" in GitTree(git, second).read(DEAL)
        assert read_commit(git, second).parents == (first,)
        assert git.run("rev-list", second).split() == [second, first]


def test_nothing_that_the_repository_names_is_run(
    repository: Repository, untouched: Callable[[], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "gpg.program", "filter.x.smudge"):
        repository.git("config", name, str(trap))
    repository.git("config", "log.showSignature", "true")
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        shutil.copy(trap, repository.root / ".git" / "hooks" / hook)
    (tmp_path / "sprung").unlink(missing_ok=True)
    # State is taken without the trap's help: status would run it.
    repository.git("config", "--unset", "core.fsmonitor")
    untouched()
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "sprung"))
    with Git(repository.project) as git:
        commit = head_of(git) or ""
        assert commit == repository.commits[-1]
        assert DEAL.split("/")[1] in GitTree(git, commit).names("agreements")
        git.run("rev-list", commit)
    assert not (tmp_path / "sprung").exists()


def test_a_partial_clone_fetches_nothing(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    partial = tmp_path / "partial"
    source = f"file://{repository.root}"
    run(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", source, str(partial))
    run(partial, "config", "protocol.file.allow", "always")
    before = sorted(path.name for path in (partial / ".git" / "objects").rglob("*"))
    with Git(partial) as git:
        tree = GitTree(git, repository.commits[-1])
        for _ in range(2):
            with pytest.raises(TreeError, match="cannot be read") as caught:
                tree.read(DEAL)
            assert "partial clone" in caught.value.hint
        assert "sparrow-finch.yaml" in tree.names("agreements")
    assert sorted(path.name for path in (partial / ".git" / "objects").rglob("*")) == before


def test_one_process_reads_all(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    start = subprocess.Popen.__init__

    def counted(self: Any, arguments: list[str], *rest: Any, **named: Any) -> None:
        started.append(arguments)
        start(self, arguments, *rest, **named)

    monkeypatch.setattr(subprocess.Popen, "__init__", counted)
    with Git(repository.project) as git:
        tree = GitTree(git, head_of(git) or "")
        for path in every_file(tree):
            tree.read(path)
    assert [arguments[-2:] for arguments in started if "cat-file" in arguments] == [["cat-file", "--batch"]]
    assert len(started) == 2


def test_what_was_read_is_kept_within_bounds(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_module, "KEPT_BYTES", 3000)
    with Git(repository.project) as git:
        tree = GitTree(git, head_of(git) or "")
        read = {path: tree.read(path) for path in every_file(tree)}
        assert git._kept_bytes == sum(found.size for found in git._kept.values()) <= 3000
        assert {path: tree.read(path) for path in every_file(tree)} == read


def test_where_there_is_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GitUnavailable, match="in no git repository"):
        Git(tmp_path)
    with pytest.raises(GitUnavailable, match="is no folder"):
        Git(tmp_path / "none")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitUnavailable, match="not installed"):
        Git(tmp_path)


def fake_git(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Put a git before the real one that does something else on some commands."""
    program = folder / "fake" / "git"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\ncase "$*" in\n{body}\nesac\nexec {shutil.which("git")} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for git is a shell script")
class TestTroubleWithGit:
    """What git says when it will not, or cannot, read."""

    @pytest.mark.parametrize(
        ("said", "message"),
        [
            ("detected dubious ownership in repository at /x", "belongs to another user"),
            ("bad config line 1 in file .git/config", "cannot read .*: bad config line 1"),
            ("not a git repository (or any parent)", "in no git repository"),
        ],
    )
    def test_at_the_start(
        self, said: str, message: str, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake_git(tmp_path, monkeypatch, f"*rev-parse*) echo 'fatal: {said}' >&2; exit 128;;")
        with pytest.raises(GitUnavailable, match=message) as caught:
            Git(repository.project)
        assert caught.value.hint

    @pytest.mark.parametrize(
        ("does", "message"),
        [("exit 1", "gave up"), ("exec sleep 60", "takes longer than 0.2"), ("echo nonsense", "gave up")],
    )
    def test_while_reading(
        self, does: str, message: str, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake_git(tmp_path, monkeypatch, f"*cat-file*) {does};;")
        monkeypatch.setattr(git_module, "TIME_LIMIT", 0.2)
        with Git(repository.project) as git, pytest.raises(RepositoryError, match=message):
            git.read(repository.commits[0])

    @pytest.mark.parametrize(
        ("does", "message"), [("exec sleep 60", "takes longer than"), ("echo 'fatal: oh' >&2; exit 128", "failed: oh")]
    )
    def test_in_a_short_call(
        self, does: str, message: str, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake_git(tmp_path, monkeypatch, f"*rev-list*) {does};;")
        monkeypatch.setattr(git_module, "TIME_LIMIT", 2.0)
        with Git(repository.project) as git, pytest.raises(RepositoryError, match=message):
            git.run("rev-list", repository.commits[0])


def test_folders_however_deep_are_hashed_alike_at_a_commit_and_on_disk(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repository.project / "templates"
    for _ in range(300):
        folder /= "a"
        folder.mkdir()
    (folder / "clause.md").write_text("Deep.\n")
    commit = repository.commit("Nest folders")
    disk = HashedDisk(repository.project)
    # What the disk has to do for each path would take some seconds.
    monkeypatch.setattr(disk, "_inside", repository.project.joinpath)
    with Git(repository.project) as git:
        tree, limit = GitTree(git, commit), sys.getrecursionlimit()
        sys.setrecursionlimit(len(inspect.stack(0)) + 100)
        try:
            assert tree.digest("templates") == disk.digest("templates")
            assert tree.read(f"templates/{'a/' * 300}clause.md") == b"Deep.\n"
        finally:
            sys.setrecursionlimit(limit)


def test_a_folder_that_holds_another_a_thousand_million_times_is_hashed_at_once(repository: Repository) -> None:
    def tree(inside: str, names: str) -> str:
        told = "".join(f"040000 tree {inside}\t{name}\n" for name in names).encode()
        made = subprocess.run(["git", "mktree"], cwd=repository.root, input=told, capture_output=True, check=True)
        return made.stdout.decode().strip()

    inside = repository.git("rev-parse", "HEAD:templates")
    for _ in range(30):
        inside = tree(inside, "ab")
    commit = repository.git("commit-tree", "-m", "Nest", tree(inside, "x"))
    with Git(repository.project) as git:
        assert GitTree(git, commit).digest("x")


def test_what_the_first_commit_brought_in_is_in_a_log(repository: Repository) -> None:
    repository.git("config", "log.showRoot", "false")
    with Git(repository.project) as git:
        assert git.run("log", "--diff-filter=A", "--format=%s", "--", ":(top)").strip()
