"""What decides on how the site's pages are rendered, whatever they say."""

from __future__ import annotations

import hashlib
import importlib.metadata
from pathlib import Path

from clausebook.findings.model import RepositoryError
from clausebook.repository.confined import CONFIG, HIDDEN
from clausebook.repository.engine import engine
from clausebook.repository.hashed import folder_hash, hash_of
from clausebook.site.audience import AUDIENCES, LEGAL
from clausebook.site.config_trust import THEME_SEARCH, folders_named, plugin_setting, plugins_named

LOOK_PACKAGES = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "jinja2")
"""Packages that decide on rendered pages."""


def look_of(root: Path, renderer: str, audience: str = LEGAL) -> str:
    """Return a hash of all that decides on how a module renders pages, their bodies aside; "" if it is not all known.

    What code of one's own does is not known, nor what a link leads to: ask `config_trust.untrusted` for the first.
    The navigation is that of the `audience`.
    """
    config = root / CONFIG
    folders = sorted({root / name for name in (HIDDEN, *folders_named(config))})
    if any(path.is_symlink() for folder in folders for path in (folder, *folder.rglob("*"))):
        return ""
    versions = (f"{name} {importlib.metadata.version(name)}" for name in LOOK_PACKAGES)
    said = hashlib.sha256(config.read_bytes()).hexdigest()
    return hash_of((said, *map(folder_hash, folders), engine(renderer), audience, *versions))


def audience_of(root: Path) -> str:
    """Return for whom the `mkdocs.yml` of a repository builds the site. Raise RepositoryError for nobody known."""
    said = plugin_setting(root / CONFIG, "clausebook", "audience") or LEGAL
    if said not in AUDIENCES:
        hint = f"write {' or '.join(AUDIENCES)} as `audience` of the clausebook plugin"
        raise RepositoryError(f"mkdocs.yml builds the site for “{said}”, and nobody is known by that name", hint)
    return said


def is_whole(root: Path) -> bool:
    """Tell whether MkDocs must render all pages at once."""
    return any(name in THEME_SEARCH for name in plugins_named(root / CONFIG))
