"""Build the site with MkDocs from content that is already at hand."""

from __future__ import annotations

from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import ConfigurationError

from clausebook.errors import RepositoryError
from clausebook.site.content import SiteContent
from clausebook.site.plugin import ClausebookPlugin

PLUGIN = "clausebook"


def build_site(root: Path, out: Path, content: SiteContent) -> None:
    """Write the site into `out`, which MkDocs empties first, by the `mkdocs.yml` in `root`.

    Raise RepositoryError if the configuration cannot be used, and MkDocs' own exceptions
    (all of `mkdocs.exceptions.MkDocsException`) if the build fails.
    """
    try:
        config = load_config(str(root / "mkdocs.yml"), site_dir=str(out))
    except ConfigurationError as error:
        raise RepositoryError(f"mkdocs.yml cannot be used: {error.message}") from error
    plugin = config.plugins.get(PLUGIN)
    if not isinstance(plugin, ClausebookPlugin):
        raise RepositoryError("mkdocs.yml does not use the clausebook plugin", f"add “{PLUGIN}” to its plugins")
    plugin.content = content
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config)
    finally:
        config.plugins.on_shutdown()
