"""Install the diff driver with which git shows an agreement's words: the one writer of git's configuration."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from clausebook.findings.model import RepositoryError
from clausebook.repository.agreement_files import FOLDER, SUFFIXES
from clausebook.repository.git.process import Git
from clausebook.repository.writing import publish, refuse_special

DRIVER = "clausebook"
ATTRIBUTES = ".gitattributes"
LINES = tuple(f"{FOLDER}/*{suffix} diff={DRIVER}" for suffix in SUFFIXES)

HOW = (
    "`git diff` at a terminal shows the words of agreements that changed; `git diff --no-ext-diff` their YAML",
    "`git words log`, `git words show` and `git words diff` show words of the past, in pipes too, and take --word-diff",
    "all else in git goes by the YAML as before: a diff in a pipe or a file, blame, log, grep, add -p, merges, patches",
)
"""What a person who has set it up should know."""

_SECTION = f"diff.{DRIVER}"
_ALIAS = "alias.words"
_FORMER = tuple(f"{_SECTION}.{name}" for name in ("textconv", "cachetextconv", "xfuncname"))
"""What was set by a Clausebook whose words `git blame` and `git log` took for the file, too."""

_WORDS = (
    '!words() { cd "./$GIT_PREFIX" || return; case "$1" in diff|log|show) what=$1; shift;; *) what=diff;; esac; '
    'CLAUSEBOOK_WORDS=" $*" git "$what" -p --ext-diff "$@"; }; words'
)
"""git hands no options on to what shows a diff, so they are told in a variable as well."""


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
        now = {name: git.succeeds("config", "--local", "--null", "--get-all", name) for name in (*wanted, *_FORMER)}
        alias = git.succeeds("config", "--null", "--get", _ALIAS) or ""
        done = []
        if alias and not _is_ours(alias):
            del wanted[_ALIAS]
            done.append("`git words` is an alias of your own, and stays: words are shown by git log -p --ext-diff")
        for name in _FORMER:
            if now[name] is not None:
                git.configure("--unset-all", name)
                done.append(f"removed from this clone's configuration: {name}")
        for name, value in wanted.items():
            if now[name] != f"{value}\0":
                git.configure("--replace-all", name, value)
                done.append(f"set in this clone's configuration: {name}")
        missing = [line for line in LINES if not _applies(git, line.split()[0])]
    if missing:
        lines = _lines(root / ATTRIBUTES)
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        _write(root / ATTRIBUTES, [*lines, *(f"{line}\n" for line in missing)])
        done.append(f"added to {ATTRIBUTES}, to be committed: {'; '.join(missing)}")
    return [*(done or ["git shows agreements in the contract's words already: nothing to do"]), *HOW]


def remove(root: Path) -> list[str]:
    """Undo `set_up`, but leave lines of .gitattributes that are committed: without the driver they do nothing.

    Returns what was done. Raises RepositoryError as `set_up` does.
    """
    # git itself waits at a pipe.
    refuse_special(root / ATTRIBUTES, "replace it by a file")
    with Git(root) as git:
        _refuse_bare(git)
        installed = git.succeeds("config", "--local", "--get-regexp", rf"^diff\.{DRIVER}\.") is not None
        alias = git.succeeds("config", "--local", "--null", "--get", _ALIAS) or ""
        committed = (git.succeeds("show", f"HEAD:./{ATTRIBUTES}") or "").splitlines()
        done = []
        if installed:
            git.configure("--remove-section", _SECTION)
            done.append(f"removed from this clone's configuration: {_SECTION}")
        if _is_ours(alias):
            git.configure("--unset-all", _ALIAS)
            done.append(f"removed from this clone's configuration: {_ALIAS}")
    place = root / ATTRIBUTES
    lines = _lines(place)
    ours = [line for line in lines if line.strip() in LINES and line.strip() not in committed]
    if ours:
        _write(place, [line for line in lines if line not in ours])
        done.append(f"removed from {ATTRIBUTES}: {'; '.join(map(str.strip, ours))}")
    return done or ["nothing was installed"]


def _settings(prefix: str) -> dict[str, str]:
    """Return the driver's configuration; `prefix` is where the project lies in the repository."""
    program = Path(sys.executable).as_posix()
    # -P: what happens to lie in the repository is not taken for a package. git runs this in its own shell, on
    # Windows too, at the top of whichever work tree is looked at. A textconv would be short, but blame, log -S and
    # all that is compared then take the words for the file; where Clausebook is gone, git shows the file.
    command = shlex.join([program, "-P", "-m", "clausebook.cli.git_driver", prefix or "."])
    file = 'git --no-pager diff --no-ext-diff --no-index -- "$2" "$5"'
    # Else git would ask this one where somebody, or git difftool, named another program.
    other = 'if [ "$GIT_EXTERNAL_DIFF" ] && [ -z "$CLAUSEBOOK_WORDS" ]; then eval "$GIT_EXTERNAL_DIFF \\"\\$@\\""'
    return {
        f"{_SECTION}.command": f'words() {{ {other}; else {command} "$@" || {file} || :; fi; }}; words',
        _ALIAS: _WORDS,
    }


def _is_ours(alias: str) -> bool:
    return "CLAUSEBOOK_WORDS=" in alias


def _refuse_bare(git: Git) -> None:
    if git.bare:
        raise RepositoryError(f"`{git.path}` is a bare repository: it has no files to show", "set up a clone of it")


def _applies(git: Git, pattern: str) -> bool:
    """Tell whether the driver is assigned to files of a pattern, by whatever line of whatever file."""
    path = pattern.replace("*", "any")
    return git.succeeds("check-attr", "-z", "diff", "--", path) == f"{path}\0diff\0{DRIVER}\0"


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
