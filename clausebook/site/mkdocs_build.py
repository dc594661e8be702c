"""Build the site with MkDocs from content that is already at hand."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.utils.yaml import yaml_load

from clausebook.findings.model import FindingsError, RepositoryError, finding_in
from clausebook.repository.tree import DiskTree
from clausebook.site.config_trust import THEME_SEARCH, plugins_named, untrusted
from clausebook.site.feeding import Feed
from clausebook.site.plugin import FeedingPlugin
from clausebook.site.search.synonyms import read_synonyms

PLUGIN = "clausebook"
UNUSABLE = "core/site-unusable"
"""The rule of a site that cannot be built, whatever agreements it shows."""

_TEMPLATES = (".html", ".xml")


def configuration(config_file: Path, *, trusted: bool = False, offline: bool = False, **settings: Any) -> MkDocsConfig:
    """Load a `mkdocs.yml`. Raise FindingsError for what it may not ask for unless it is `trusted`.

    That of an `offline` site has links that name files, and the theme's own search.
    """
    if not trusted and (findings := tuple(untrusted(config_file))):
        raise FindingsError(findings)
    if offline:
        settings["use_directory_urls"] = False
        if not set(THEME_SEARCH) & set(plugins_named(config_file)):
            with config_file.open("rb") as file:
                named = yaml_load(file).get("plugins") or []
            searching: dict[str, object] = {"search": {}}
            settings["plugins"] = named | searching if isinstance(named, dict) else [*named, searching]
    return load_config(str(config_file), **settings)


def build_site(root: Path, out: Path, feed: Feed, *, trusted: bool = False, offline: bool = False) -> tuple[str, ...]:
    """Write the site of what is fed into `out`, which MkDocs empties first, by the `mkdocs.yml` in `root`.

    An `offline` site is to be opened from a disk.

    Returns MkDocs' warnings. Raises RepositoryError if the configuration cannot be used or the build fails, and
    FindingsError as `configuration` does, and for a fault of the theme or of the search's words.
    """
    with explained(root) as said:
        config = configuration(root / "mkdocs.yml", trusted=trusted, offline=offline, site_dir=str(out))
        plugin = plugin_of(config)
        # MkDocs would make words of findings.
        read_synonyms(DiskTree(root))
        config.plugins.on_startup(command="build", dirty=False)
        # MkDocs keeps a plugin for the builds that follow: those must not meet these pages.
        plugin.feed = feed
        try:
            build(config)
        finally:
            plugin.feed = None
            config.plugins.on_shutdown()
    return tuple(said)


def plugin_of(config: MkDocsConfig) -> FeedingPlugin:
    """Return the plugin that a configuration uses. Raise RepositoryError if it does not."""
    plugin = config.plugins.get(PLUGIN)
    if not isinstance(plugin, FeedingPlugin):
        raise RepositoryError("mkdocs.yml does not use the clausebook plugin", f"add `{PLUGIN}` to its plugins")
    return plugin


def own_pages(root: Path, *, trusted: bool = False) -> frozenset[str]:
    """Return the names of the files in the site's own folder of pages. Raise as `build_site` does."""
    try:
        folder = Path(configuration(root / "mkdocs.yml", trusted=trusted).docs_dir)
    except MkDocsException as error:
        raise RepositoryError(f"MkDocs cannot build the site: {error}") from error
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect MkDocs' warnings and errors, which it would print."""
    logger, listener = logging.getLogger("mkdocs"), _Listener()
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(listener)
    try:
        yield listener.said
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagate


@contextmanager
def explained(root: Path) -> Iterator[list[str]]:
    """Collect MkDocs' warnings; raise RepositoryError for what stops it, FindingsError for a fault of the theme."""
    with listening() as said:
        try:
            yield said
        except MkDocsException as error:
            reasons = "; ".join(dict.fromkeys([*said, error.message]))
            raise RepositoryError(f"MkDocs cannot build the site: {reasons}") from error
        except Exception as error:
            # MkDocs lets what goes wrong in a template through; Jinja shows its lines among those that were running.
            frames = traceback.extract_tb(error.__traceback__)
            places = [(Path(each.filename), each.lineno or 1) for each in frames if each.filename.endswith(_TEMPLATES)]
            if not places:
                raise
            path, line = next((each for each in reversed(places) if each[0].is_relative_to(root)), places[-1])
            name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
            said_of_it = f"the site's theme cannot be used: {str(error).replace(f'{root}/', '')}"
            hint = "correct the template, or take back what was last changed in templates/site/theme"
            raise FindingsError([finding_in(name, UNUSABLE, said_of_it, hint, line)]) from error
