"""The only caller of git: one long-lived process for all reads, and a few short calls.

Every call but `configure` is a reading one, names no hook, pager or network, and gets no text of a user's on its
command line: names are given to the long-lived process, everything else is an object's id. Filters run in one place,
`as_stored`, as they do whenever git itself compares files with what is committed. What git runs for each file of a
diff (`cli.git_driver`) calls git by itself, in the user's own surroundings: its output is git's, as the user set it up.
Git 2.20 or newer will do.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Self

from clausebook.findings.model import RepositoryError
from clausebook.repository.tree import MAX_FILE_SIZE

TIME_LIMIT = 60.0
"""Seconds that git may take to answer."""

KEPT_BYTES = 32 << 20
"""How much of what was read is kept, in bytes."""

# Where the user says which configuration counts and how far to look for a repository; the rest of GIT_*
# would change what is read, or name programs to run.
_KEPT = re.compile(r"GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|CEILING_DIRECTORIES|EXEC_PATH)")

_SETTINGS: Mapping[str, str] = {
    "GIT_ALLOW_PROTOCOL": "none",  # holds even where the configuration allows one, and in gits without the next
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
_OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    "--no-optional-locks",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "protocol.allow=never"),
    *("-c", "advice.graftFileDeprecated=false"),
    # Else what the first commit brought in is in no log for whoever has set it so.
    *("-c", "log.showRoot=true"),
)

_PACKS = ("--git-path", "objects/pack")

_HEADER = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) (commit|tree|blob|tag) ([0-9]+)")
_UNSPEAKABLE = re.compile(r"[\x00-\x20\x7f]")


class GitUnavailable(RepositoryError):
    """There is no git, or no repository that it can read: there are no revisions, and the rest goes on."""


MISSING = "is missing from this clone"
"""What the message of a MissingObject says."""


class MissingObject(RepositoryError):
    """This clone does not have what is to be read: it is a shallow or a partial one, or damaged."""


@dataclass(frozen=True, slots=True)
class GitObject:
    """An object of the repository; `data` is empty where it is larger than what was asked for."""

    oid: str
    kind: str
    size: int
    data: bytes


class Git:
    """A repository, open for reading. A context manager: it owns the long-lived process.

    `path` is the project's folder, anywhere inside a work tree, or a bare repository. `prefix` is where the
    project lies in it: "" or a path that ends with a slash. `is_whole` tells that nobody promises what is not here.
    May be used from several threads.
    Raises GitUnavailable.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        program = shutil.which("git")
        if program is None:
            raise GitUnavailable("git is not installed, so there are no revisions to read", "install git")
        self._command = (program, *_OPTIONS)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline: float | None = None
        self._closed = threading.Event()
        self._kept: OrderedDict[str, GitObject] = OrderedDict()
        self._kept_bytes = 0
        bare, shallow, packs, *prefix = self._discover().split("\n")
        self.bare = bare == "true"
        self.shallow = shallow == "true"
        self.prefix = "".join(prefix)
        # Git marks what it has got from somebody who promises the rest; to ask for its configuration takes longer.
        self.is_whole = not any((path / packs).glob("*.promisor"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._closed.set()
        with self._lock:
            self._end()

    def read(self, oid: str, limit: int = MAX_FILE_SIZE) -> GitObject:
        """Return an object by its full id, without its data if that is larger than `limit` bytes.

        Raises MissingObject if this clone does not have it.
        """
        with self._lock:
            kept = self._kept.get(oid)
            if kept is not None:
                self._kept.move_to_end(oid)
                return kept
            # Older gits end at each object that they may not fetch, and starting them again takes long.
            found = self._ask(oid, limit) if self.has(oid) else None
            if found is not None and len(found.data) == found.size:
                self._keep(found)
        if found is None:
            raise MissingObject(f"the object {oid[:12]} {MISSING}", self.whole_clone())
        return found

    def find(self, name: str) -> GitObject | None:
        """Return the object that git knows by this name, or None if there is none, or more than one."""
        if not name or _UNSPEAKABLE.search(name) or len(name) > 1000:
            return None
        try:
            name.encode()
        except UnicodeEncodeError:
            return None
        with self._lock:
            return self._ask(name, MAX_FILE_SIZE)

    def run(self, *arguments: str, given: str = "") -> str:
        """Return what a reading command prints, of what is `given` to it, if anything.

        Raises RepositoryError if it fails, which in a partial clone is taken for a MissingObject.
        """
        done = self._call(*arguments, given=os.fsencode(given))
        if done.returncode and self.partial:
            raise MissingObject(f"what git {arguments[0]} needs {MISSING}", self.whole_clone())
        if done.returncode:
            said = _last_line(done.stderr)
            raise RepositoryError(f"git {arguments[0]} failed: {said}", self.whole_clone())
        return os.fsdecode(done.stdout)

    def as_stored(self, paths: Sequence[str]) -> list[str]:
        """Return the id that git would store each file of the work tree under, after the filters set for it.

        Paths are those below the project's folder. Raises RepositoryError, also where a filter fails.
        """
        done = self._call("hash-object", "--stdin-paths", given=b"".join(os.fsencode(path) + b"\n" for path in paths))
        found = os.fsdecode(done.stdout).split()
        if done.returncode or len(found) != len(paths):
            raise RepositoryError(f"git hash-object failed: {_last_line(done.stderr)}", "see what git status says")
        return found

    def merged(self, ours: Path, base: Path, theirs: Path) -> bytes | None:
        """Return a text with the changes of two others from their `base`; None where they change the same lines."""
        done = self._call("merge-file", "-p", "--", str(ours), str(base), str(theirs))
        return None if done.returncode else done.stdout

    def succeeds(self, *arguments: str) -> str | None:
        """Return what a reading command prints, or None if it says no."""
        done = self._call(*arguments)
        return None if done.returncode else os.fsdecode(done.stdout)

    def configure(self, *arguments: str) -> None:
        """Change the configuration of this clone. Raises RepositoryError."""
        done = self._call("config", "--local", *arguments)
        if done.returncode:
            said = _last_line(done.stderr)
            raise RepositoryError(f"git's configuration cannot be changed: {said}", "see git config --local --list")

    @cached_property
    def partial(self) -> bool:
        """Whether it is a partial clone, which leaves objects out until they are asked for: here they never are."""
        return bool(self.succeeds("config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$"))

    @property
    def boundary(self) -> str:
        """The ids of the commits at which a shallow clone ends, a line each."""
        place = self.path / self.run("rev-parse", "--git-path", "shallow").removesuffix("\n") if self.shallow else None
        return place.read_text(encoding="ascii") if place else ""

    def has(self, oid: str) -> bool:
        """Tell whether the clone has an object, by its full id; of one that is not partial it is taken for granted."""
        return self.is_whole or bytes.fromhex(oid) in self._here

    @cached_property
    def _here(self) -> frozenset[bytes]:
        """The ids of all objects of a partial clone."""
        listed = self.run("cat-file", "--batch-check=%(objectname)", "--batch-all-objects", "--unordered")
        return frozenset(map(bytes.fromhex, listed.split()))

    def whole_clone(self) -> str:
        """Return what to do where something is missing."""
        what, mend = self.why_lacking()
        return f"this is {what}: fetch the rest with {mend}" if self.shallow or self.partial else mend

    def why_lacking(self) -> tuple[str, str]:
        """Return what kind of clone lacks something, and the command that mends it."""
        if self.shallow:
            return "a shallow clone", "git fetch --unshallow"
        if self.partial:
            return "a partial clone", "git fetch --refetch --no-filter"
        return "a damaged repository", "see git fsck"

    def _discover(self) -> str:
        if not self.path.is_dir():
            raise GitUnavailable(f"`{self.path}` is no folder", "name the repository with --root")
        self._refuse_what_lies_inside()
        done = self._call("rev-parse", "--is-bare-repository", "--is-shallow-repository", *_PACKS, "--show-prefix")
        if done.returncode == 0:
            return os.fsdecode(done.stdout).removesuffix("\n")
        said = _last_line(done.stderr)
        if "dubious ownership" in said or b"safe.directory" in done.stderr:
            raise GitUnavailable(
                "git does not read this folder, for it belongs to another user",
                "if you trust it: git config --global --add safe.directory FOLDER",
            )
        if "not a git repository" in said:
            # Without the folder's name: the message stands on the site, which is the same wherever it is built.
            raise GitUnavailable(
                "this folder is in no git repository, so it has no revisions", "begin one with git init, and commit"
            )
        said = said.replace(str(self.path), "this folder")
        raise GitUnavailable(f"git cannot read this folder: {said}", "see what git status says there")

    def _refuse_what_lies_inside(self) -> None:
        """Raise GitUnavailable if git would read a bare repository that is part of the work tree one is in."""
        folders = (self.path.resolve(), *self.path.resolve().parents)
        for number, folder in enumerate(folders):
            if (folder / ".git").exists():
                return
            looks_bare = (folder / "HEAD").exists() and (folder / "objects").exists() and (folder / "refs").exists()
            if looks_bare and any((above / ".git").exists() for above in folders[number + 1 :]):
                raise GitUnavailable(
                    f"the folder `{folder.name}` holds a git repository of its own inside another one, "
                    "whose history is not that of these files",
                    "remove its HEAD, objects and refs",
                )

    def _call(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                [*self._command, *arguments],
                cwd=self.path,
                env=environment(),
                input=given,
                capture_output=True,
                timeout=TIME_LIMIT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise RepositoryError(
                f"git {arguments[0]} takes longer than {TIME_LIMIT:g} seconds", "see whether the disk answers"
            ) from error
        except OSError as error:
            raise GitUnavailable(
                f"git cannot be started: {error.strerror}", "see whether git --version works"
            ) from error

    def _ask(self, name: str, limit: int) -> GitObject | None:
        sending, receiving = self._start()
        self._deadline = time.monotonic() + TIME_LIMIT
        try:
            sending.write(name.encode() + b"\n")
            sending.flush()
            header = receiving.readline()
            match = _HEADER.fullmatch(header.removesuffix(b"\n"))
            if match is None:
                if header.endswith((b" missing\n", b" ambiguous\n")):
                    return None
                raise EOFError
            oid, kind, size = match[1].decode(), match[2].decode(), int(match[3])
            data = receiving.read(size) if size <= limit else _skip(receiving, size)
            if receiving.read(1) != b"\n":
                raise EOFError
            return GitObject(oid, kind, size, data)
        except (OSError, EOFError) as error:
            late = time.monotonic() > self._deadline
            self._end()
            if self.partial and not late:
                # Asked for what a partial clone leaves out, gits older than 2.45 end because they may not fetch it.
                return None
            why = f"takes longer than {TIME_LIMIT:g} seconds" if late else "gave up"
            raise RepositoryError(f"git {why} while reading {name[:12]}", self.whole_clone()) from error
        finally:
            self._deadline = None

    def _keep(self, found: GitObject) -> None:
        self._kept[found.oid] = found
        self._kept_bytes += found.size
        while self._kept_bytes > KEPT_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= oldest.size

    def _start(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            if self._closed.is_set():
                raise RuntimeError("the repository is closed")
            self._process = subprocess.Popen(
                [*self._command, "cat-file", "--batch"],
                cwd=self.path,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()
        sending, receiving = self._process.stdin, self._process.stdout
        if sending is None or receiving is None:
            raise RuntimeError("git was started without pipes")
        return sending, receiving

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None and not self._closed.wait(1.0):
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                process.kill()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with contextlib.suppress(OSError):
                        pipe.close()


def environment() -> dict[str, str]:
    """Return the environment in which git runs: the user's, without what would change what is read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or _KEPT.fullmatch(name)}
    return {**kept, **_SETTINGS}


def _skip(receiving: IO[bytes], size: int) -> bytes:
    while size > 0:
        read = receiving.read(min(size, 1 << 16))
        if not read:
            raise EOFError
        size -= len(read)
    return b""


def _last_line(stderr: bytes) -> str:
    """Return git's complaint, without its label."""
    lines = [line for line in stderr.decode(errors="replace").splitlines() if line.startswith(("fatal: ", "error: "))]
    return lines[0].partition(": ")[2] if lines else "it does not say why"
