"""Install the diff driver with which git shows an agreement's words: the one writer of git's configuration."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from clausebook.findings.model import RepositoryError
from clausebook.repository.agreement_files import FOLDER, SUFFIXES
from clausebook.repository.git.process import TIME_LIMIT, Git, environment
from clausebook.repository.writing import publish, refuse_special

DRIVER = "clausebook"
ATTRIBUTES = ".gitattributes"
LINES = tuple(f"{FOLDER}/*{suffix} diff={DRIVER}" for suffix in SUFFIXES)

_SECTION = f"diff.{DRIVER}"


def set_up(root: Path) -> list[str]:
    """Install the driver in the local configuration of the repository that holds `root`; return what was done.

    The configuration is shared by all work trees of the clone, and no other clone. What is installed already stays.
    Raises RepositoryError where there is no git, no repository or no work tree.
    """
    # git itself waits at a pipe.
    refuse_special(root / ATTRIBUTES, "replace it by a file")
    with Git(root) as git:
        _refuse_bare(git)
        wanted = _settings(git.prefix)
        now = {name: git.succeeds("config", "--local", "--null", "--get-all", name) for name in wanted}
    done = []
    for name, value in wanted.items():
        if now[name] != f"{value}\0":
            _configure(root, "--replace-all", name, value)
            done.append(f"git config {name}: {value}")
    if done:
        done.insert(0, "set in this clone's configuration:")
    missing = [line for line in LINES if not _applies(root, line.split()[0])]
    if missing:
        lines = _lines(root / ATTRIBUTES)
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        _write(root / ATTRIBUTES, [*lines, *(f"{line}\n" for line in missing)])
        done.append(f"added to {ATTRIBUTES}, to be committed: {'; '.join(missing)}")
    return done or ["git shows agreements in the contract's words already: nothing to do"]


def remove(root: Path) -> list[str]:
    """Undo `set_up`, but leave lines of .gitattributes that are committed: without the driver they do nothing.

    Returns what was done. Raises RepositoryError as `set_up` does.
    """
    # git itself waits at a pipe.
    refuse_special(root / ATTRIBUTES, "replace it by a file")
    with Git(root) as git:
        _refuse_bare(git)
        installed = git.succeeds("config", "--local", "--get-regexp", rf"^diff\.{DRIVER}\.") is not None
        committed = (git.succeeds("show", f"HEAD:./{ATTRIBUTES}") or "").splitlines()
    done = []
    if installed:
        _configure(root, "--remove-section", _SECTION)
        done.append(f"removed from this clone's configuration: {_SECTION}")
    place = root / ATTRIBUTES
    lines = _lines(place)
    ours = [line for line in lines if line.strip() in LINES and line.strip() not in committed]
    if ours:
        _write(place, [line for line in lines if line not in ours])
        done.append(f"removed from {ATTRIBUTES}: {'; '.join(map(str.strip, ours))}")
    return done or ["nothing was installed"]


def _settings(prefix: str) -> Mapping[str, str]:
    """Return the driver's configuration; `prefix` is where the project lies in the repository."""
    program = Path(sys.executable).as_posix()
    # -P: what happens to lie in the repository is not taken for a package. git runs this in its own shell, on
    # Windows too, at the top of whichever work tree is looked at; where Clausebook is gone, the file is shown.
    command = shlex.join([program, "-P", "-m", "clausebook", "textconv", "--root", prefix or "."])
    return {
        f"{_SECTION}.textconv": f'words() {{ {command} "$1" || cat "$1"; }}; words',
        # git would keep the words by file alone, and show yesterday's after the library was edited.
        f"{_SECTION}.cachetextconv": "false",
        f"{_SECTION}.xfuncname": "^([^[:space:]].*)$",
    }


def _refuse_bare(git: Git) -> None:
    if git.bare:
        raise RepositoryError(f"`{git.path}` is a bare repository: it has no files to show", "set up a clone of it")


def _applies(root: Path, pattern: str) -> bool:
    """Tell whether the driver is assigned to files of a pattern, by whatever line of whatever file."""
    path = pattern.replace("*", "any")
    return _git(root, "check-attr", "-z", "diff", "--", path).stdout == f"{path}\0diff\0{DRIVER}\0".encode()


def _configure(root: Path, *arguments: str) -> None:
    done = _git(root, "config", "--local", *arguments)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().removeprefix("error: ")
        raise RepositoryError(f"git's configuration cannot be changed: {said}", "see git config --local --list")


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", *arguments], cwd=root, env=environment(), capture_output=True, timeout=TIME_LIMIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RepositoryError(f"git {arguments[0]} does not answer: {error}", "see git status") from error


def _lines(place: Path) -> list[str]:
    if place.is_symlink():
        raise RepositoryError(f"`{place}` is a link, which git does not follow", "replace it by a file")
    try:
        return place.read_bytes().decode(errors="surrogateescape").splitlines(keepends=True)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RepositoryError(f"`{place}` cannot be read: {error.strerror}", "see whether it may be read") from error


def _write(place: Path, lines: list[str]) -> None:
    if not lines:
        place.unlink(missing_ok=True)
        return
    publish({place.name: "".join(lines).encode(errors="surrogateescape")}, place.parent)
