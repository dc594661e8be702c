"""Writing what was built: whole or not at all, only what changed, and nowhere else."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from clausebook.findings.model import RepositoryError
from clausebook.repository import writing as publishing
from clausebook.repository.writing import TEMPORARY, publish, publish_together, publish_tree
from tests.support.file_trees import files_in

MARKS = ("agreements/index.html", "clauses/index.html")
FILES = {"agreements/a/a.md": b"one", "agreements/a/a.pdf": b"%PDF", "agreements/b/b.md": b"two"}
SITE = {**FILES, **dict.fromkeys(MARKS, b"<html>"), "index.html": b"home", "assets/x.css": b"css"}


def staged(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def test_writes_files_and_the_folders_above_them(tmp_path: Path) -> None:
    assert publish(FILES, tmp_path / "out") == sorted(FILES)
    assert files_in(tmp_path / "out") == FILES


def test_writes_only_what_changed(tmp_path: Path) -> None:
    publish(FILES, tmp_path)
    for path in tmp_path.rglob("*.*"):
        os.utime(path, (1, 1))
    assert publish({**FILES, "agreements/b/b.md": b"new"}, tmp_path) == ["agreements/b/b.md"]
    changed = [path.name for path in tmp_path.rglob("*.*") if path.stat().st_mtime != 1]
    assert changed == ["b.md"]


def test_leaves_other_files_alone(tmp_path: Path) -> None:
    staged(tmp_path, {"agreements/a/notes.txt": b"mine", "other": b"mine"})
    publish(FILES, tmp_path)
    assert files_in(tmp_path) == {**FILES, "agreements/a/notes.txt": b"mine", "other": b"mine"}


def test_a_failure_in_the_middle_leaves_old_files_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(FILES, tmp_path)
    replace = os.replace

    def failing(source: Path, target: Path) -> None:
        if target.name == "a.pdf":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(RepositoryError, match=r"a\.pdf.*No space left") as caught:
        publish({name: content + b" new" for name, content in FILES.items()}, tmp_path)
    assert caught.value.hint
    assert files_in(tmp_path) == {**FILES, "agreements/a/a.md": b"one new"}


def killed_while_writing(out: Path) -> None:
    os.replace = lambda source, target: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
    publish({name: content + b" new" for name, content in FILES.items()}, out)


def test_a_killed_run_leaves_old_files_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    publish(FILES, tmp_path)
    process = multiprocessing.get_context("spawn").Process(target=killed_while_writing, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    left = {name: content for name, content in files_in(tmp_path).items() if name not in FILES}
    assert len(left) == len(FILES)
    assert all(name.endswith(TEMPORARY) for name in left)
    assert {name: files_in(tmp_path)[name] for name in FILES} == FILES
    assert publish(FILES, tmp_path) == []
    assert files_in(tmp_path) == FILES


def test_cleans_no_folder_that_it_does_not_write_into(tmp_path: Path) -> None:
    other = staged(tmp_path, {f"elsewhere/.x.1{TEMPORARY}": b""})
    publish(FILES, other)
    assert (other / "elsewhere" / f".x.1{TEMPORARY}").exists()


@pytest.mark.parametrize("link", ["agreements", "agreements/a", "agreements/a/a.md"])
def test_refuses_links_that_lead_out(tmp_path: Path, link: str) -> None:
    out, outside = tmp_path / "out", tmp_path / "outside"
    outside.mkdir()
    target = outside / "a.md" if link.endswith(".md") else outside
    (outside / "a.md").write_bytes(b"mine")
    (out / link).parent.mkdir(parents=True)
    (out / link).symlink_to(target)
    with pytest.raises(RepositoryError, match="leads out"):
        publish(FILES, out)
    assert files_in(outside) == {"a.md": b"mine"}


def test_a_link_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "agreements").symlink_to("agreements")
    with pytest.raises(RepositoryError, match="cannot write"):
        publish(FILES, tmp_path)


def test_writes_through_no_planted_temporary_file(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    out = tmp_path / "out"
    (out / "agreements" / "a").mkdir(parents=True)
    for name in (f".a.md{TEMPORARY}", f".a.md.{os.getpid()}{TEMPORARY}"):
        (out / "agreements" / "a" / name).symlink_to(victim)
    publish(FILES, out)
    assert victim.read_bytes() == b"mine"
    assert files_in(out) == FILES


def no_larger_file_than(most: int, out: Path, write: Callable[[Mapping[str, bytes], Path], object]) -> None:
    """Write new files where none may be large, which is how a full disk behaves; end with what was said."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        write({**{name: content + b" new" for name, content in SITE.items()}, "search.json": bytes(most + 1)}, out)
    except RepositoryError as error:
        sys.exit(f"{error.message}; {error.hint}")


def write_tree_of(folder: Path, out: Path, marks: tuple[str, ...]) -> list[str]:
    """Write the files of a folder as a tree, each read when it is written."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes for path in folder.rglob("*") if path.is_file()}
    return publish_tree(files, out, marks)


def write_tree(files: Mapping[str, bytes], out: Path) -> None:
    write_tree_of(out.parent / "source", out, MARKS)


@pytest.mark.slow("a process for each way to write")
@pytest.mark.parametrize("there", [SITE, {}], ids=["a site", "nothing"])
@pytest.mark.parametrize("write", [publish, write_tree, publish_together])
def test_a_full_disk_changes_nothing(
    tmp_path: Path, there: dict[str, bytes], write: Callable[[Mapping[str, bytes], Path], object]
) -> None:
    out = tmp_path / "out"
    if there:
        publish(there, out)
    staged(tmp_path / "source", {**{name: content + b" new" for name, content in SITE.items()}, "z.json": bytes(9999)})
    process = multiprocessing.get_context("spawn").Process(target=no_larger_file_than, args=(5000, out, write))
    process.start()
    process.join()
    assert process.exitcode == 1
    assert files_in(out) == there
    assert out.exists() == bool(there)


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_is_no_plain_file_is_never_replaced(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    publish(SITE, out)
    place = out / "index.html"
    place.unlink()
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(os.path.relpath(place))
    else:
        place.symlink_to(os.devnull)
    before = place.lstat()
    stage = staged(tmp_path / "source", SITE)
    for write in (
        lambda: publish(SITE, out),
        lambda: publish_together(SITE, out),
        lambda: write_tree_of(stage, out, MARKS),
    ):
        with pytest.raises(RepositoryError, match=f"is a {kind}, and is never replaced"):
            write()
    fewer = staged(tmp_path / "fewer", {name: content for name, content in SITE.items() if name != "index.html"})
    write_tree_of(fewer, out, MARKS)
    assert kind == "device" or (place.lstat().st_ino, place.lstat().st_mode) == (before.st_ino, before.st_mode)


def test_nothing_is_written_into_what_is_git_s_own(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for place in (tmp_path / ".git", tmp_path / ".git" / "hooks"):
        with pytest.raises(RepositoryError, match="git's own"):
            publish(FILES, place)
        with pytest.raises(RepositoryError, match="git's own"):
            write_tree_of(staged(tmp_path / "staged", SITE), place, MARKS)
    assert files_in(tmp_path / ".git") == {}


def test_a_site_takes_the_place_of_no_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "out")
    with pytest.raises(RepositoryError, match="is a pipe"):
        write_tree_of(staged(tmp_path / "source", SITE), tmp_path / "out", MARKS)


@pytest.mark.parametrize("blocked", ["out", "out/agreements", "out/agreements/a"])
def test_a_file_where_a_folder_should_be(tmp_path: Path, blocked: str) -> None:
    (tmp_path / blocked).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / blocked).write_bytes(b"mine")
    with pytest.raises(RepositoryError, match="cannot write"):
        publish(FILES, tmp_path / "out")
    assert (tmp_path / blocked).read_bytes() == b"mine"


def test_a_folder_where_a_file_should_be(tmp_path: Path) -> None:
    (tmp_path / "agreements" / "a" / "a.md" / "x").mkdir(parents=True)
    with pytest.raises(RepositoryError, match=r"a\.md"):
        publish(FILES, tmp_path)


def test_a_tree_becomes_the_same_as_the_staged_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert write_tree_of(staged(tmp_path / "one", SITE), out, MARKS) == sorted(SITE)
    fewer = {name: content for name, content in SITE.items() if not name.startswith(("agreements/b", "assets"))}
    assert write_tree_of(staged(tmp_path / "two", {**fewer, "index.html": b"new"}), out, MARKS) == ["index.html"]
    assert files_in(out) == {**fewer, "index.html": b"new"}
    assert not (out / "assets").exists()
    assert not (out / "agreements" / "b").exists()


def test_a_tree_may_take_the_place_of_files_of_agreements(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(FILES, out)
    write_tree_of(staged(tmp_path / "staged", SITE), out, MARKS)
    assert files_in(out) == SITE


@pytest.mark.parametrize(
    "foreign",
    [
        {"index.html": b"mine"},
        {"agreements/deal.yaml": b"id: deal"},
        {"agreements/deal/notes.txt": b"mine"},
        {"agreements/deal.yaml": b"", "schemas/x": b"", "templates/x": b"", "mkdocs.yml": b""},
        {".git/HEAD": b"ref"},
        {"agreements/index.html": b"mine", "shop/index.html": b"mine"},
    ],
    ids=lambda files: "+".join(files),
)
def test_a_tree_takes_no_other_folders_place(tmp_path: Path, foreign: dict[str, bytes]) -> None:
    out = staged(tmp_path / "out", foreign)
    with pytest.raises(RepositoryError, match="no site of Clausebook's"):
        write_tree_of(staged(tmp_path / "staged", SITE), out, MARKS)
    assert files_in(out) == foreign


def test_a_tree_whose_writing_was_killed_can_be_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = publishing._put
    for most in range(len(SITE)):
        out, written = tmp_path / f"out-{most}", [0]

        def failing(target: Path, content: bytes, most: int = most, written: list[int] = written) -> None:
            if written[0] == most:
                raise KeyboardInterrupt
            written[0] += 1
            put(target, content)

        monkeypatch.setattr(publishing, "_put", failing)
        with pytest.raises(KeyboardInterrupt):
            write_tree_of(staged(tmp_path / "staged", SITE), out, MARKS)
        monkeypatch.setattr(publishing, "_put", put)
        write_tree_of(tmp_path / "staged", out, MARKS)
        assert files_in(out) == SITE


def test_a_tree_removes_links_but_not_what_they_lead_to(tmp_path: Path) -> None:
    out, outside = tmp_path / "out", staged(tmp_path / "outside", {"mine": b"mine", "also/mine": b"mine"})
    write_tree_of(staged(tmp_path / "staged", SITE), out, MARKS)
    (out / "file").symlink_to(outside / "mine")
    (out / "folder").symlink_to(outside)
    (out / "circle").symlink_to(out)
    write_tree_of(tmp_path / "staged", out, MARKS)
    assert sorted(os.listdir(out)) == ["agreements", "assets", "clauses", "index.html"]
    assert files_in(outside) == {"mine": b"mine", "also/mine": b"mine"}


def publish_often(out: Path, mark: bytes) -> None:
    for _ in range(30):
        publish({name: content + mark for name, content in FILES.items()}, out)


def test_two_builds_at_once_leave_whole_files(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    marks = (b"1" * 100_000, b"2" * 100_000)
    processes = [context.Process(target=publish_often, args=(tmp_path, mark)) for mark in marks]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    found = files_in(tmp_path)
    assert sorted(found) == sorted(FILES)
    for name, content in found.items():
        assert content in {FILES[name] + mark for mark in marks}
