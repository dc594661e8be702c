"""What a machine without this disk needs to make agreements: the files that are built from, and git's history."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from clausebook.findings.model import RepositoryError
from clausebook.repository.confined import CONFIG, SHARED, is_shared
from clausebook.repository.git.process import Git, GitUnavailable
from clausebook.repository.git.shipped_history import SentHistory, history_of, restore

MOST = 1 << 30
"""Bytes of all files together, and of the history, that are sent."""

_HINT = "build it without a cluster, or correct that first"


@dataclass(frozen=True, slots=True)
class Shipment:
    """A repository as bytes: its files as a compressed archive, named by its hash, and its history, if it has one."""

    digest: str
    files: bytes
    history: SentHistory | None

    def unpack(self, folder: Path) -> Path:
        """Write the repository into an empty folder; return its root.

        Raises ValueError if it is not what `shipment_of` packed; RepositoryError as `restore` does.
        """
        if self.digest != _digest(self.files, self.history):
            raise ValueError("what was sent is damaged")
        if not hasattr(tarfile, "data_filter"):
            raise RepositoryError("its Python cannot unpack safely", "use Python 3.11.4 or newer")
        root = folder
        if self.history:
            restore(self.history, folder)
            if any(part in ("", ".", "..", ".git") for part in self.history.prefix.split("/")[:-1]):
                raise ValueError("the folder of the project leads out")
            root = folder / self.history.prefix
        root.mkdir(parents=True, exist_ok=True)
        with tarfile.open(fileobj=io.BytesIO(self.files), mode="r:gz") as archive:
            # The filter lets no member, and no link, lead out.
            for member in _bounded(archive):
                archive.extract(member, root, filter="data")
        return root


def shipment_of(root: Path, paths: Iterable[str]) -> Shipment:
    """Return what is sent of a repository; `paths` are those of the files that it is built from.

    Of those beside its folders only what decides on texts and pages. Raises RepositoryError for what cannot be sent.
    """
    sent = [path for path in paths if "/" in path or is_shared(path) or path == CONFIG]
    try:
        with Git(root) as git:
            sent = list(_not_ignored(git, sent))
            history = history_of(git, SHARED, MOST)
    except GitUnavailable:
        history = None
    files = _archive(root.resolve(), sent)
    return Shipment(_digest(files, history), files, history)


def _not_ignored(git: Git, paths: Iterable[str]) -> Iterator[str]:
    """Yield the paths that git does not ignore. Raise RepositoryError for an ignored one that texts may depend on."""
    listed = git.run("ls-files", "--others", "--ignored", "--exclude-standard", "-z", "--", *SHARED, ":(glob)*")
    ignored = {*listed.split("\0")}
    for path in paths:
        if path not in ignored:
            yield path
        elif "/" in path:
            raise RepositoryError(
                f"git ignores `{path}`, so it is not sent to a cluster", "remove it, or add it to git"
            )


def _archive(root: Path, paths: Iterable[str]) -> bytes:
    stream = io.BytesIO()
    total = 0
    with tarfile.open(fileobj=stream, mode="w") as archive:
        sent = {*paths}
        for path in sorted(sent):
            place = root / path
            member = tarfile.TarInfo(path)
            try:
                if place.is_symlink():
                    member.type, member.linkname = tarfile.SYMTYPE, place.readlink().as_posix()
                    led = place.resolve(strict=True)
                    if not led.is_relative_to(root) or led.relative_to(root).as_posix() not in sent:
                        raise RepositoryError(f"`{path}` is a link to what is not sent to a cluster", _HINT)
                    archive.addfile(member)
                    continue
                if not place.is_file():
                    raise RepositoryError(f"`{path}` is not a plain file, so it is not sent to a cluster", _HINT)
                content = place.read_bytes()
                member.size, member.mode = len(content), place.stat().st_mode & 0o755
            except (OSError, RuntimeError) as error:
                why = getattr(error, "strerror", "it is a link that leads in a circle")
                raise RepositoryError(f"`{path}` cannot be sent to a cluster: {why}", _HINT) from error
            total += len(content)
            if total > MOST:
                raise RepositoryError(f"the repository's files are larger than {MOST >> 20} MiB", _HINT)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(stream.getvalue(), 3, mtime=0)


def _bounded(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    total = 0
    for member in archive:
        total += member.size
        if total > MOST or not (member.isreg() or member.issym()) or ".git" in member.name.split("/"):
            raise ValueError(f"`{member.name}` is nothing that is sent")
        yield member


def _digest(files: bytes, history: SentHistory | None) -> str:
    digest = hashlib.sha256(hashlib.sha256(files).digest())
    if history:
        digest.update(hashlib.sha256(history.bundle).digest())
        digest.update(repr((history.prefix, history.head, history.refs, history.base, history.shallow)).encode())
        digest.update(repr((history.staged, sorted(history.settings.items()))).encode())
    return digest.hexdigest()
