"""What is sent to other machines: what decides on texts and pages, nothing else, and nothing that leads out."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clausebook.approvals.change import unchanged
from clausebook.build import shipment as module
from clausebook.build.git_state import git_state
from clausebook.build.shipment import Shipment, shipment_of
from clausebook.build.work_tree import seen_files
from clausebook.findings.model import RepositoryError
from clausebook.repository.confined import SHARED
from clausebook.repository.git.base import base_of
from clausebook.repository.git.process import Git
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository
from tests.support.small_sites import NAMES


def shipped(root: Path) -> Shipment:
    return shipment_of(root, seen_files(root, {}))


def unpacked(root: Path, folder: Path) -> Path:
    folder.mkdir()
    return shipped(root).unpack(folder)


def files_in(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def told(root: Path) -> tuple[object, ...]:
    """Return what git tells of a repository that decides on pages."""
    state = git_state(root, NAMES)
    with Git(root) as git:
        clean = unchanged(git, SHARED, "HEAD", "")
        return state.commits, state.at_base, state.editions, state.head, base_of(git), clean, git.shallow, git.prefix


def test_what_is_built_from_is_sent_and_nothing_else(repository: Repository, tmp_path: Path) -> None:
    root = repository.project
    for path in (".env", "notes.txt", "node_modules/x.yaml", ".git/hooks/post-checkout"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text("secret", "utf-8")
    (root / "passwords.yaml").write_text("secret", "utf-8")
    (root / ".gitignore").write_text("passwords.yaml\n", "utf-8")
    there = unpacked(root, tmp_path / "there")
    expected = {path: content for path, content in files_in(root).items() if path.startswith(SHARED)}
    assert files_in(there) == {**expected, "mkdocs.yml": (root / "mkdocs.yml").read_bytes()}
    assert not (there / ".git/hooks").exists()


def clean(repository: Repository) -> None:
    pass


def edited(repository: Repository) -> None:
    (repository.project / "agreements/heron.yaml").write_text("id: heron\n", "utf-8")


def staged_and_taken_back(repository: Repository) -> None:
    place = repository.project / "agreements/heron.yaml"
    before = place.read_bytes()
    place.write_text("id: heron\n", "utf-8")
    repository.git("add", "--all")
    place.write_bytes(before)


def untracked(repository: Repository) -> None:
    (repository.project / "templates/more.md").write_text("More.", "utf-8")


def on_a_branch(repository: Repository) -> None:
    repository.git("tag", "--annotate", "first", "--message", "The first", "HEAD~1")
    repository.git("switch", "--quiet", "--create", "change")
    repository.replace("Take more", "agreements/heron.yaml", "kept_for: P3Y", "kept_for: P5Y")


def detached(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--detach", "HEAD~1")


def with_a_remote(repository: Repository) -> None:
    repository.git("update-ref", "refs/remotes/origin/trunk", "HEAD~1")
    repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")


def with_a_setting(repository: Repository) -> None:
    repository.git("branch", "protected", "HEAD~1")
    repository.git("config", "clausebook.base", "protected")


@pytest.mark.parametrize(
    "change",
    [clean, edited, staged_and_taken_back, untracked, on_a_branch, detached, with_a_remote, with_a_setting],
)
def test_git_tells_the_same_there(repository: Repository, tmp_path: Path, change: Callable[[Repository], None]) -> None:
    change(repository)
    there = unpacked(repository.project, tmp_path / "there")
    assert told(there) == told(repository.project)


def test_git_tells_the_same_of_a_shallow_clone(repository: Repository, tmp_path: Path) -> None:
    repository.git("clone", "--quiet", "--depth", "1", f"file://{repository.root}", str(tmp_path / "shallow"))
    there = unpacked(tmp_path / "shallow", tmp_path / "there")
    assert told(there) == told(tmp_path / "shallow")


def test_git_tells_the_same_of_a_project_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    root = nda_repository(tmp_path / "all")
    repository = new_repository(tmp_path / "all", "repository")
    repository.commit("Agree")
    (tmp_path / "there").mkdir()
    there = shipped(root).unpack(tmp_path / "there")
    assert there == tmp_path / "there/repository"
    assert told(there) == told(root)


def test_a_variable_names_the_base_for_the_other_machine_too(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("branch", "protected", "HEAD~1")
    monkeypatch.setenv("CLAUSEBOOK_BASE", "protected")
    here, sent = told(repository.project), shipped(repository.project)
    monkeypatch.delenv("CLAUSEBOOK_BASE")
    (tmp_path / "there").mkdir()
    assert told(sent.unpack(tmp_path / "there")) == here


def test_a_stash_stays_at_home(repository: Repository, tmp_path: Path) -> None:
    edited(repository)
    repository.git("-c", "user.name=Ada Example", "-c", "user.email=ada@example.com", "stash", "--quiet")
    stash = repository.git("rev-parse", "refs/stash")
    there = unpacked(repository.project, tmp_path / "there")
    with Git(there) as git:
        assert git.find(stash) is None


def test_a_folder_without_git_is_sent_without_history(tmp_path: Path) -> None:
    root = nda_repository(tmp_path)
    there = unpacked(root, tmp_path / "there")
    assert not (there / ".git").exists()
    assert (there / "mkdocs.yml").is_file()


def test_a_repository_without_commits_is_sent(tmp_path: Path) -> None:
    root = nda_repository(tmp_path)
    new_repository(root)
    there = unpacked(root, tmp_path / "there")
    assert git_state(there, ()) == git_state(root, ())


def test_links_that_lead_inside_are_sent(repository: Repository, tmp_path: Path) -> None:
    (repository.project / "agreements/wren.yaml").symlink_to("heron.yaml")
    there = unpacked(repository.project, tmp_path / "there")
    assert (there / "agreements/wren.yaml").readlink() == Path("heron.yaml")


@pytest.mark.parametrize("target", ["/etc/hostname", "../../outside.yaml", "../.env", "nothing.yaml", "wren.yaml"])
def test_links_to_what_is_not_sent_are_told(repository: Repository, target: str) -> None:
    for place in (repository.project / ".env", repository.project.parent / "outside.yaml"):
        place.write_text("secret", "utf-8")
    (repository.project / "agreements/wren.yaml").symlink_to(target)
    with pytest.raises(RepositoryError, match=r"agreements/wren\.yaml"):
        shipped(repository.project)


def test_what_git_ignores_among_what_is_built_from_is_told(repository: Repository) -> None:
    (repository.project / ".git/info/exclude").write_text("wren.yaml\n", "utf-8")
    (repository.project / "agreements/wren.yaml").write_text("id: wren\n", "utf-8")
    with pytest.raises(RepositoryError, match=r"git ignores `agreements/wren\.yaml`"):
        shipped(repository.project)


def test_what_is_too_large_is_told(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1000)
    with pytest.raises(RepositoryError, match="larger than"):
        shipped(repository.project)


def packed(*members: tarfile.TarInfo) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(bytes(member.size)) if member.isreg() else None)
    return gzip.compress(stream.getvalue())


def member(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.size, found.type, found.linkname = size, kind, link
    return found


@pytest.mark.parametrize(
    "hostile",
    [
        member("../out.yaml"),
        member("agreements/../../out.yaml"),
        member("agreements/link", kind=tarfile.SYMTYPE, link="../../out.yaml"),
        member("agreements/link", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        member("agreements/link", kind=tarfile.LNKTYPE, link="mkdocs.yml"),
        member("agreements/pipe", kind=tarfile.FIFOTYPE),
        member(".git/config"),
        member("agreements/large", size=2000),
    ],
    ids=lambda each: f"{each.name} {each.linkname}",
)
def test_nothing_that_leads_out_is_unpacked(
    tmp_path: Path, hostile: tarfile.TarInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 1000)
    files = packed(hostile)
    (tmp_path / "there").mkdir()
    with pytest.raises((ValueError, tarfile.TarError)):
        Shipment(module._digest(files, None), files, None).unpack(tmp_path / "there")
    assert [path for path in tmp_path.rglob("*") if path.is_file() or path.is_symlink()] == []


def test_a_history_that_leads_out_is_not_unpacked(repository: Repository, tmp_path: Path) -> None:
    sent = shipped(repository.project)
    assert sent.history
    for number, change in enumerate(
        ({"prefix": "../x/"}, {"head": "ref: ../../x\n"}, {"refs": "0 ../x"}, {"shallow": "../x"})
    ):
        history = replace(sent.history, **change)
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(ValueError, match=r"history|leads out"):
            Shipment(module._digest(sent.files, history), sent.files, history).unpack(folder)


def test_what_was_damaged_on_the_way_is_not_unpacked(repository: Repository, tmp_path: Path) -> None:
    sent = shipped(repository.project)
    with pytest.raises(ValueError, match="damaged"):
        replace(sent, files=sent.files + b"x").unpack(tmp_path)
