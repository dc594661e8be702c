"""A folder in which what is dear to make is kept, each thing under the hash of all that went into it.

An entry is a file `store-1/ab/<kind>.<digest>`, `ab` being the first two digits of its digest, which is the hash of its
kind and key. It begins with its seal, a hash of that name and of its content. Entries are bytes that are read, never
code that is run: a store may be carried to other machines. What is not sealed, or might have been written by another
user, is not used, and `noticed` counts it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import re
import stat
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

FORMAT = "store-1"
"""The folder of this format's entries. What another version of the program keeps beside it is not ours to touch."""

LARGEST = 256 << 20
"""The largest entry, in bytes; none is larger than a quarter of its store."""

BLOCK = 4096
"""What the smallest file takes of a disk: what entries take is counted in such blocks."""

DAMAGED, FOREIGN = "damaged", "foreign"
noticed: Counter[tuple[str, str]] = Counter()
"""How often something could not be used, or not be kept: by the store's folder, and why it could not."""

_DAY = 24 * 60 * 60
_NEW, _WEIGHT, _SECRET = "new", "clausebook-weight", "clausebook-secret"
_SHARDS = tuple(f"{number:02x}" for number in range(256))
_NAME = re.compile(r"([a-z][a-z0-9-]{0,30})\.([0-9a-f]{64})")
_LEFT_OVER = re.compile(r"([0-9]{1,10})-([0-9a-f]{8})-[0-9]{1,10}")
_SEAL = hashlib.sha256().digest_size
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | _PLAIN
_TOKEN, _numbers = os.urandom(4).hex(), itertools.count()


class StoredEntry(NamedTuple):
    """What lies in a store: its kind, "" if that is none; its bytes; DAMAGED, FOREIGN, or "" if it is good."""

    kind: str
    size: int
    fault: str


class Store:
    """The entries in one folder, of which `most` bytes are kept; those that were used last go last.

    Several processes may use it at once, and it may be written to by nobody: then nothing is kept. With `bound`, an
    entry is of use to this machine alone, since it was last started: its seals are made with a secret that tells when
    and where it was written, which no copy of the folder can say of itself.
    """

    def __init__(self, folder: Path, most: int = sys.maxsize, *, bound: bool = False) -> None:
        self.folder, self.most, self._bound = folder, most, bound
        self._home = os.fspath(folder / FORMAT)
        self._sound: set[str] = set()
        self._swept = False

    def find(self, kind: str, key: Iterable[str]) -> bytes | None:
        """Return what was kept of one kind under a key; None if there is nothing, or it cannot be used."""
        name, shard = _named(kind, key)
        content, fault, used = self._read(name, shard)
        if fault:
            noticed[os.fspath(self.folder), fault] += 1
        elif content is not None and abs(time.time() - used) > _DAY:
            with contextlib.suppress(OSError):
                os.utime(f"{self._home}/{shard}/{name}")
        return content

    def keep(self, kind: str, key: Iterable[str], content: bytes) -> bool:
        """Keep something of one kind under a key, in one step, if that can be done; tell whether it was."""
        name, shard = _named(kind, key)
        if not _NAME.fullmatch(name):
            raise ValueError(f"{kind!r} is no name for a kind of entries")
        if _SEAL + len(content) > min(LARGEST, self.most // 4):
            return False
        temporary = f"{self._home}/{_NEW}/{os.getpid()}-{_TOKEN}-{next(_numbers)}"
        try:
            self._write(temporary, name, shard, content)
            return True
        except OSError as error:
            _remove(temporary)
            # Else it is just being cleared by somebody.
            if not isinstance(error, FileNotFoundError | FileExistsError) or not self.folder.is_dir():
                noticed[os.fspath(self.folder), error.strerror or str(error)] += 1
            return False

    def forget(self, kind: str, key: Iterable[str]) -> None:
        """Remove what was kept of one kind under a key."""
        name, shard = _named(kind, key)
        with contextlib.suppress(OSError):
            if self._is_sound(shard):
                _remove(f"{self._home}/{shard}/{name}")

    def can_keep(self) -> bool:
        """Tell whether what is kept now is likely to be found by the next process."""
        with contextlib.suppress(OSError):
            os.makedirs(f"{self._home}/{_NEW}", mode=0o700, exist_ok=True)
            return self._is_sound(_NEW) and os.access(f"{self._home}/{_NEW}", os.W_OK)
        return False

    def entries(self) -> Iterator[StoredEntry]:
        """Yield all that lies where entries lie, each read and held against its seal."""
        for folder in ("", *self._shards()):
            with contextlib.suppress(OSError):
                if not self._is_sound(folder):
                    yield StoredEntry("", 0, FOREIGN)
        for shard, each in self._listed():
            kind = _kind(shard, each)
            fault = self._read(each.name, shard)[1] if kind else FOREIGN
            with contextlib.suppress(OSError):
                yield StoredEntry(kind, each.stat(follow_symlinks=False).st_size, fault)

    def clear(self) -> int:
        """Remove all that is the store's own, and its folders if nothing else is in them; return how many entries."""
        removed = 0
        if not self._names(""):
            return removed
        for shard, each in self._listed():
            with contextlib.suppress(OSError):
                if _kind(shard, each) and _is_private(each.stat(follow_symlinks=False), stat.S_IFREG, others=0):
                    removed += _remove(each.path)
        names = [f"{_NEW}/{name}" for name in self._names(_NEW) if _LEFT_OVER.fullmatch(name)]
        for name in (*names, *({_WEIGHT, _SECRET} & {*self._names("")})):
            _remove(f"{self._home}/{name}")
        for folder in (*(f"{self._home}/{each}" for each in (_NEW, *_SHARDS)), self._home):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
        return removed

    def _write(self, temporary: str, name: str, shard: str, content: bytes) -> None:
        seal = self._seal(name, content)
        if not self._swept:
            self._sweep()
        for made in (False, True):
            try:
                if seal is None or not (self._is_sound(_NEW) and self._is_sound(shard)):
                    raise PermissionError(errno.EPERM, "others may write to it")
                with open(os.open(temporary, _WRITE | os.O_EXCL, 0o600), "wb") as file:
                    file.write(seal)
                    file.write(content)
                os.replace(temporary, f"{self._home}/{shard}/{name}")
                break
            except FileNotFoundError:
                # Nothing was kept there yet, or it is being cleared.
                _remove(temporary)
                if made:
                    raise
                for each in (_NEW, shard):
                    os.makedirs(f"{self._home}/{each}", mode=0o700, exist_ok=True)
        self._weigh(_blocks(_SEAL + len(content)))

    def _read(self, name: str, shard: str) -> tuple[bytes | None, str, float]:
        """Return what an entry holds, None if it is of no use; why, "" if there is none; and when it was last used."""
        place = f"{self._home}/{shard}/{name}"
        try:
            descriptor = os.open(place, os.O_RDONLY | _PLAIN)
        except (FileNotFoundError, NotADirectoryError):
            return None, "", 0
        except OSError:
            return None, FOREIGN, 0
        try:
            status = os.fstat(descriptor)
            if not self._is_sound(shard) or not _is_private(status, stat.S_IFREG):
                return None, FOREIGN, 0
            stored = os.read(descriptor, status.st_size) if status.st_size <= LARGEST + _SEAL else b""
        except OSError:
            return None, DAMAGED, 0
        finally:
            os.close(descriptor)
        content = stored[_SEAL:]
        if len(stored) < _SEAL or self._seal(name, content) != stored[:_SEAL]:
            return None, DAMAGED, 0
        return content, "", status.st_mtime

    def _seal(self, name: str, content: bytes) -> bytes | None:
        """Return the seal of an entry; None if the store is bound to this machine, and cannot be."""
        digest = hashlib.sha256(name.encode())
        digest.update(content)
        if not self._bound:
            return digest.digest()
        return self._secret and hashlib.blake2b(digest.digest(), key=self._secret, digest_size=_SEAL).digest()

    @cached_property
    def _secret(self) -> bytes | None:
        place = f"{self._home}/{_SECRET}"
        with contextlib.suppress(OSError):
            os.makedirs(self._home, mode=0o700, exist_ok=True)
            with contextlib.suppress(FileExistsError), open(os.open(place, _WRITE | os.O_EXCL, 0o600), "wb") as file:
                file.write(os.urandom(_SEAL))
            with open(os.open(place, os.O_RDONLY | _PLAIN), "rb") as file:
                status, secret = os.fstat(file.fileno()), file.read(_SEAL)
            if self._is_sound("") and _is_private(status, stat.S_IFREG) and len(secret) == _SEAL:
                # A copy has another time of change, which no archive can set, and seldom the same number.
                told = f"{status.st_ino} {status.st_ctime_ns} {_start()}"
                return hashlib.sha256(secret + told.encode()).digest()
        return None

    def _is_sound(self, shard: str) -> bool:
        """Tell whether nobody else may write to a folder of the store. What is so is not asked again."""
        if shard not in self._sound:
            for folder in (self._home, f"{self._home}/{shard}"):
                if not _is_private(os.lstat(folder.rstrip("/")), stat.S_IFDIR):
                    return False
            self._sound.add(shard)
        return True

    def _names(self, folder: str) -> list[str]:
        with contextlib.suppress(OSError):
            return os.listdir(f"{self._home}/{folder}") if self._is_sound(folder) else []
        return []

    def _shards(self) -> list[str]:
        return sorted({*self._names("")} & {*_SHARDS})

    def _listed(self) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """Yield all that lies in the folders of entries, and the folder's name."""
        for shard in self._shards():
            with contextlib.suppress(OSError):
                if self._is_sound(shard):
                    with os.scandir(f"{self._home}/{shard}") as found:
                        yield from [(shard, each) for each in found]

    def _weigh(self, blocks: int) -> None:
        """Count what was written; once that is too much, remove what was not used for longest.

        The count is the length of a file, to which each process appends: it is never less than the truth by more than
        what is written while another process counts anew.
        """
        with open(os.open(f"{self._home}/{_WEIGHT}", _WRITE | os.O_APPEND, 0o600), "wb", buffering=0) as file:
            file.write(bytes(blocks))
            counted = os.fstat(file.fileno()).st_size
            if counted == blocks or counted * BLOCK > self.most:
                file.truncate(self._prune())

    def _prune(self) -> int:
        """Return how many blocks the entries take: three quarters of what they may, if they took nearly all of it."""
        found = []
        for shard, each in self._listed():
            with contextlib.suppress(OSError):
                status = each.stat(follow_symlinks=False)
                if _kind(shard, each) and _is_private(status, stat.S_IFREG):
                    found.append((status.st_mtime_ns, each.name, _blocks(status.st_size), each.path))
        total, most = sum(blocks for _, _, blocks, _ in found), self.most // BLOCK
        if total > most * 7 // 8:  # else the next count would be due too soon
            for _, _, blocks, path in sorted(found):
                total -= blocks if _remove(path) else 0
                if total <= most * 3 // 4:
                    break
        return total

    def _sweep(self) -> None:
        """Remove what processes left that were killed while they wrote."""
        self._swept = True
        for name in self._names(_NEW):
            place, found = f"{self._home}/{_NEW}/{name}", _LEFT_OVER.fullmatch(name)
            if found and not _is_written(place, *found.groups()):
                _remove(place)


def _named(kind: str, key: Iterable[str]) -> tuple[str, str]:
    """Return the name of an entry, and that of the folder in which it lies."""
    digest = hashlib.sha256(kind.encode())
    for part in key:
        said = part.encode("utf-8", "surrogatepass")
        digest.update(b"\0%d\0" % len(said))
        digest.update(said)
    name = digest.hexdigest()
    return f"{kind}.{name}", name[:2]


def _kind(shard: str, entry: os.DirEntry[str]) -> str:
    """Return the kind of an entry, by its name alone; "" if it is none."""
    found = _NAME.fullmatch(entry.name)
    return found[1] if found and found[2].startswith(shard) else ""


def _is_private(status: os.stat_result, kind: int, others: int = 0o022) -> bool:
    """Tell whether something is of a kind, and this user's own, and others may not write to it."""
    if stat.S_IFMT(status.st_mode) != kind:
        return False
    return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & others)


def _blocks(size: int) -> int:
    return -(-size // BLOCK)


def _remove(place: str) -> bool:
    """Remove a file, or a link itself; tell whether that was done."""
    with contextlib.suppress(OSError):
        os.unlink(place)
        return True
    return False


def _is_written(place: str, process: str, token: str) -> bool:
    """Tell whether somebody may be writing a file still. If it is removed all the same, its writer does without."""
    try:
        if time.time() - os.lstat(place).st_mtime > _DAY:
            return False
        if int(process) == os.getpid():
            return token == _TOKEN
        if sys.platform != "win32":  # where a signal of 0 ends the process
            os.kill(int(process), 0)
    except (FileNotFoundError, ProcessLookupError, OverflowError):
        return False
    except OSError:  # somebody else's process
        return True
    return True


def _start() -> str:
    """Return what tells apart each time that the machine was started; "" where nothing does."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    return ""
