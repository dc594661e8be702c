"""Keep what is dear to render, by the hash of all that went into it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from clausebook.document.model import Document
from clausebook.repository import user_cache
from clausebook.repository.engine import engine
from clausebook.repository.hashed import folder_hash


def cached(
    root: Path, format_name: str, document: Document, render: Callable[[Document, Path], bytes], more: str = ""
) -> bytes:
    """Return the rendered document, from the user's cache if the same was rendered before.

    `more` names whatever else goes into the file.
    """
    folder = user_cache.cache_folder("rendered")
    place = folder / f"{_key(root, format_name, document, more)}.{format_name}" if folder else None
    kept = user_cache.read(place) if place else None
    if kept is not None:
        return kept
    content = render(document, root)
    if place:
        user_cache.write(place, content)
    return content


def _key(root: Path, format_name: str, document: Document, more: str) -> str:
    parts = (format_name, engine(), look_digest(root, format_name), repr(document), more)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def look_digest(root: Path, format_name: str) -> str:
    """Return a hash of all that is in a format's look now: while a site is served, it is edited."""
    return folder_hash(root / "templates" / format_name)
