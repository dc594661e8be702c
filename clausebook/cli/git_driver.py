"""What git runs for each agreement in a diff: it shows words to a person, and the file to whatever reads the output.

git starts it anew for every file, so what is known is found without loading click or the engine. It hands git two
trees that hold the one file, before and after, and lets git compare and print them: header, names, colours and
settings are git's own. For words, the trees lie in a store of objects where the words stand in for the file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import select
import stat
import subprocess
import sys
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from clausebook.cli.process import end_in_order
from clausebook.history.git_diff.words_cache import ShownFile, find, state_of

ASKED = "CLAUSEBOOK_WORDS"
"""Set by `git words`: words, whoever reads them. It holds the command's options, which git does not hand on."""

LARGEST = 1 << 20
"""The largest file of the work tree that is shown in words, in bytes."""

NOTE = "# In the contract's words: executed texts as signed, all others with the clause library of the work tree"
SAME = "no word of the contract differs, only the YAML: git diff --no-ext-diff"

_HEADINGS = ("-c", "diff.clausebook.xfuncname=^([^[:space:]].*)$")
"""At the top of each change git names the last line that is not indented: a heading."""

_HANDED_ON = re.compile(
    r"-[wbW]|-U\d{1,6}|--unified=\d{1,6}|--(?:no-)?color(?:=\w+)?|--word-diff(?:=\w+)?|--color-words|--color-moved"
    r"|--ignore-(?:all-space|space-change|blank-lines)|--function-context|--minimal|--patience|--histogram"
)
_READER_IS_GONE = (-13, 141)
"""The exit codes of git for that."""

_PLAIN_FILES = (0o100644, 0o100755)


class FileSide(NamedTuple):
    """A file before or after: its path, where git put its content, its hash (zeros: not known to git) and its mode."""

    path: str
    file: str
    blob: str
    mode: int


FileSides = Sequence[FileSide | None]


def main(arguments: Sequence[str]) -> None:
    """Show one file of a diff; the arguments are the project's folder and what git gives an external diff."""
    root, path, *given = arguments
    if not given:
        _say(f"* Unmerged path {path}")
        return
    other, about = given[6:8] if len(given) > 7 else (path, "")
    sides = (_side(path, *given[:3]), _side(other, *given[3:6]))
    copied = "copy from" in about
    options = _options()
    if options is not None and all(side is None or side.mode in _PLAIN_FILES for side in sides):
        try:
            words = _words(Path(root), sides)
            why_not = words.why_not
            if not why_not:
                _show_words(words, options, copied)
                return
        except BrokenPipeError:
            raise
        except Exception as error:  # git shows nothing more at all where this fails
            why_not = f"Clausebook itself failed on it: {type(error).__name__}: {error}"
        _say(f"# Not in the contract's words: {_line(why_not)}")
    _show_files(sides, options or (), copied)


def _options() -> list[str] | None:
    """Return options of git's diff to go by, None where no person reads: a patch must stay one that applies."""
    asked = os.environ.get(ASKED)
    if asked is not None:
        return [word for word in asked.split() if _HANDED_ON.fullmatch(word)]
    if sys.stdout.isatty():
        return []
    paged = os.environ.get("GIT_PAGER_IN_USE", "").lower() not in ("", "0", "false", "no", "off")
    return [] if paged and not stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode) else None


def _side(path: str, file: str, blob: str, mode: str) -> FileSide | None:
    return None if blob == "." else FileSide(path, file, blob, int(mode, 8))


class _Words(NamedTuple):
    """The sides of a change with the hash of each, and their words by that hash; or why there are none."""

    sides: FileSides
    shown: Mapping[str, ShownFile]
    why_not: str


def _words(root: Path, sides: FileSides) -> _Words:
    """Look the words of both sides up, and make them if they are not known, with those of the files to come."""
    work, of_work = b"", ""
    hashed: list[FileSide | None] = []
    for side in sides:
        if side and not side.blob.strip("0"):
            with open(side.file, "rb") as file:
                work = file.read(LARGEST + 1).replace(b"\r\n", b"\n")
            if len(work) > LARGEST:
                return _Words(sides, {}, f"the file is larger than {LARGEST >> 20} MiB")
            of_work = _hash(b"blob", work, len(side.blob))
            hashed.append(side._replace(blob=of_work))
        else:
            hashed.append(side)
    state = state_of(root)
    blobs = [side.blob if side else "" for side in hashed]
    shown = {blob: known for blob in blobs if blob and (known := find(state, blob))}
    if any(blob and blob not in shown for blob in blobs):
        from clausebook.history.git_diff.files_to_come import DiffedFile, shown_ahead

        named = next(side.path for side in reversed(hashed) if side).rpartition("/")[2]
        total, counter = (int(os.environ.get(f"GIT_DIFF_PATH_{name}", 0)) for name in ("TOTAL", "COUNTER"))
        change = DiffedFile(named, (blobs[0], blobs[1]), of_work, work, max(0, total - counter))
        shown = shown_ahead(root, state, change)
    return _Words(hashed, shown, next((shown[blob].why_not for blob in blobs if blob and shown[blob].why_not), ""))


def _show_words(words: _Words, options: Sequence[str], copied: bool) -> None:
    old, new = (words.shown[side.blob].words if side else b"" for side in words.sides)
    before, after = words.sides
    if old != new:
        _say(NOTE)
    elif before and after and before._replace(file="", blob="") == after._replace(file="", blob=""):
        _say(f"# {_line(after.path)}: {SAME}")
    with _store() as store:
        for side in filter(None, words.sides):
            _put(store, b"blob", words.shown[side.blob].words, side.blob)
        # The store is all that git may read here: else it would find the files themselves.
        alone = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": "", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1"}
        _compare(store, words.sides, (*_HEADINGS, "diff"), options, copied, alone)


def _show_files(sides: FileSides, options: Sequence[str], copied: bool) -> None:
    """Show the files as git itself would."""
    with _store() as store:
        objects = os.path.abspath(_output("rev-parse", "--git-path", "objects").removesuffix(b"\n"))
        _write(store, "info/alternates", objects + b"\n")
        _compare(store, [_stored(store, side) for side in sides], ("diff",), options, copied, {})


def _stored(store: str, side: FileSide | None) -> FileSide | None:
    """Return a side with the hash that git gives to its content, after the filters set for it."""
    if side is None or side.blob.strip("0"):
        return side
    filters = [f"--path={side.path}"] if stat.S_ISREG(side.mode) else ["--no-filters"]
    blob = _output("hash-object", "-w", *filters, "--", side.file, store=store).decode().strip()
    return side._replace(blob=blob)


def _compare(
    store: str, sides: FileSides, command: Sequence[str], options: Sequence[str], copied: bool, env: Mapping[str, str]
) -> None:
    """Let git print the difference of two trees that hold the sides."""
    held = [{os.fsencode(side.path): side} if side else {} for side in sides]
    old, new = held[0], {**held[0], **held[1]} if copied else held[1]
    renames = ["--find-copies-harder", "--find-copies=1%"] if copied else ["--find-renames=1%"]
    trees = [_tree(store, files, _width(sides)) for files in (old, new)]
    arguments = [*command, "--no-ext-diff", "--no-textconv", *renames, *options, *trees, "--"]
    done = subprocess.run(
        [_git(), "--no-pager", *arguments], env={**os.environ, **env, "GIT_OBJECT_DIRECTORY": store}, check=False
    )
    if done.returncode not in (0, *_READER_IS_GONE):
        raise RuntimeError(f"git diff gave up with exit code {done.returncode}")


def _tree(store: str, files: Mapping[bytes, FileSide], width: int) -> str:
    """Write a tree of files, by their paths in it, and return its hash."""
    entries = []
    folders: dict[bytes, dict[bytes, FileSide]] = {}
    for path, side in files.items():
        name, inside, rest = path.partition(b"/")
        if inside:
            folders.setdefault(name, {})[rest] = side
        else:
            entries.append((name, b"%o %s\0" % (side.mode, name) + bytes.fromhex(side.blob)))
    for name, held in folders.items():
        entries.append((name + b"/", b"40000 %s\0" % name + bytes.fromhex(_tree(store, held, width))))
    return _put(store, b"tree", b"".join(entry for _, entry in sorted(entries)), "", width)


def _put(store: str, kind: bytes, content: bytes, name: str = "", width: int = 40) -> str:
    """Write an object into a store under its hash, or under a name that stands for it; return that."""
    name = name or _hash(kind, content, width)
    _write(store, f"{name[:2]}/{name[2:]}", zlib.compress(b"%s %d\0" % (kind, len(content)) + content, 1))
    return name


def _hash(kind: bytes, content: bytes, width: int) -> str:
    digest = hashlib.sha1(usedforsecurity=False) if width == 40 else hashlib.sha256()
    digest.update(b"%s %d\0" % (kind, len(content)) + content)
    return digest.hexdigest()


def _width(sides: FileSides) -> int:
    return max(len(side.blob) for side in sides if side)


def _store() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="clausebook-diff-", ignore_cleanup_errors=True)


def _write(store: str, name: str, content: bytes) -> None:
    place = os.path.join(store, name)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with open(place, "wb") as file:
        file.write(content)


def _output(*arguments: str, store: str = "") -> bytes:
    env = {**os.environ, "GIT_OBJECT_DIRECTORY": store} if store else None
    return subprocess.run([_git(), *arguments], env=env, stdout=subprocess.PIPE, check=True).stdout


def _git() -> str:
    """Return where git is: never in the folder that is looked at, where Windows would look first."""
    name = "git.exe" if os.name == "nt" else "git"
    places = (os.path.join(folder, name) for folder in os.get_exec_path() if os.path.isabs(folder))
    return next(filter(os.path.isfile, places), name)


def _line(text: str) -> str:
    from clausebook.findings.characters import one_line, without_hidden

    return without_hidden(one_line(text, 500))


def _say(line: str) -> None:
    sys.stdout.buffer.write(os.fsencode(line) + b"\n")
    sys.stdout.buffer.flush()


def _is_read() -> bool:
    """Tell whether anybody still reads what is printed: a pager may have been left."""
    if not hasattr(select, "poll") or not stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode):
        return True
    asked = select.poll()
    asked.register(sys.stdout.fileno(), 0)
    return not asked.poll(0)


if __name__ == "__main__":
    end_in_order()
    # git says that it died where this fails, and would go on else: so it ends early, and in order.
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        if _is_read():
            main(sys.argv[1:])
