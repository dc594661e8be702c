"""What decides on how the site's pages are rendered, whatever they say."""

from __future__ import annotations

import hashlib
import importlib.metadata
from pathlib import Path

from clausebook.repository.confined import CONFIG
from clausebook.repository.engine import engine
from clausebook.repository.hashed import folder_hash, hash_of, leads_on
from clausebook.site.config_trust import look_folders, plugins_named

LOOK_PACKAGES = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "jinja2")
"""Packages that decide on rendered pages."""

READ_ALL = ("search", "material/search")
"""Plugins that read all pages at once."""


def look_of(root: Path) -> str:
    """Return a hash of all that decides on how pages are rendered, their bodies aside."""
    config = (root / CONFIG).read_bytes()
    versions = (f"{name} {importlib.metadata.version(name)}" for name in LOOK_PACKAGES)
    own = engine("clausebook.build.page_renderer")
    folders = (folder_hash(folder) for folder in look_folders(root))
    return hash_of((hashlib.sha256(config).hexdigest(), *folders, own, *versions))


def is_whole(root: Path) -> bool:
    """Tell whether MkDocs must render all pages at once: for a plugin, or a link to a folder, which it follows."""
    return any(name in READ_ALL for name in plugins_named(root / CONFIG)) or any(map(leads_on, look_folders(root)))
