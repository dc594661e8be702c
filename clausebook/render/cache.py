"""Keep what is dear to render, by the hash of all that went into it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from clausebook import __version__
from clausebook.model import Document

FOLDER = ".clausebook/cache"
ENGINES = ("typst", "pypandoc_binary")


def cached(root: Path, format_name: str, document: Document, render: Callable[[Document, Path], bytes]) -> bytes:
    """Return the rendered document, from the repository's cache if the same was rendered before.

    A cache that cannot be written is done without; a damaged entry is rendered again.
    """
    place = root.joinpath(*FOLDER.split("/"), f"{_key(root, format_name, document)}.{format_name}")
    kept = _read(place)
    if kept is not None:
        return kept
    content = render(document, root)
    _write(place, content)
    return content


def _key(root: Path, format_name: str, document: Document) -> str:
    parts = (format_name, _engine(), _look(root, format_name), repr(document))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def _engine() -> str:
    """Name this version of the engine by its own sources and of the programs it renders with."""
    digest = hashlib.sha256(__version__.encode())
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest() + "".join(importlib.metadata.version(name) for name in ENGINES)


@cache
def _look(root: Path, format_name: str) -> str:
    folder = root / "templates" / format_name
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _read(place: Path) -> bytes | None:
    try:
        stored = place.read_bytes()
    except OSError:
        return None
    seal, content = stored[:32], stored[32:]
    return content if hashlib.sha256(content).digest() == seal else None


def _write(place: Path, content: bytes) -> None:
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(hashlib.sha256(content).digest() + content)
        os.replace(temporary, place)
    except OSError:
        temporary.unlink(missing_ok=True)
