"""The MkDocs plugin, by which `mkdocs build` gives the same pages."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig

from clausebook.site.plugin import Feed, FeedingPlugin


class ClausebookPlugin(FeedingPlugin):
    """Feed agreements and the clause library to MkDocs."""

    def made(self, config: MkDocsConfig) -> Feed:
        """Return all pages and files of the repository, made anew where they changed. Raises FindingsError."""
        return Feed()
