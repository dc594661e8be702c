"""Pages rendered with MkDocs one at a time: what a whole `mkdocs build` would make of them, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import get_files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page

from clausebook.repository.temporary import temporary_folder
from clausebook.site.audience import LEGAL
from clausebook.site.feeding import FedPage, Feed
from clausebook.site.mkdocs_build import configuration, explained, plugin_of
from clausebook.site.page import SitePage
from clausebook.site.page_tree import page_tree
from clausebook.site.plugin import file_of, source_of
from clausebook.site.site_content import SiteContent


class PageRenderer:
    """Renders pages by the `mkdocs.yml` of a repository. A context manager; `listed` are the pages of the navigation.

    Raises as `mkdocs_build.build_site` does.
    """

    def __init__(self, root: Path, listed: Iterable[SitePage], *, trusted: bool = False) -> None:
        self._root, self._trusted = root, trusted
        self._listed = tuple(listed)
        self._room = temporary_folder()

    def __enter__(self) -> PageRenderer:
        self._folder = self._room.__enter__()
        with explained(self._root):
            config = configuration(self._root / "mkdocs.yml", trusted=self._trusted, site_dir=str(self._folder))
            self._plugin = plugin_of(config)
            config.plugins.on_startup(command="build", dirty=False)
            self._plugin.feed = Feed(FedPage(page, "", str) for page in self._listed)
            self._config: MkDocsConfig = config.plugins.on_config(config)
            self._config.plugins.on_pre_build(config=self._config)
            files = get_files(self._config)
            env = self._config.theme.get_env()
            files.add_files_from_theme(env, self._config)
            self._files = self._config.plugins.on_files(files, config=self._config)
            set_exclusions(self._files, self._config)
            self._nav = self._config.plugins.on_nav(
                get_navigation(self._files, self._config), config=self._config, files=self._files
            )
            for file in self._files.documentation_pages():
                page = file.page or Page(None, file, self._config)
                _populate_page(page, self._config, self._files)
            self._env = self._config.plugins.on_env(env, config=self._config, files=self._files)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._config.plugins.on_shutdown()
        self._room.__exit__(kind, error, trace)

    def rendered(self, pages: Iterable[FedPage]) -> Mapping[str, bytes]:
        """Return the finished pages by path."""
        found = {}
        for fed in pages:
            self._plugin.fed[source_of(fed.page)] = fed
            file = file_of(fed.page, self._config)
            page = Page(None, file, self._config)
            with explained(self._root):
                _populate_page(page, self._config, self._files)
                _build_page(page, self._config, (), self._nav, self._env)
            place = Path(file.abs_dest_path)
            found[fed.page.path] = place.read_bytes()
            place.unlink()
            del self._plugin.fed[source_of(fed.page)]
        return found


def listed_pages(audience: str = LEGAL) -> list[SitePage]:
    """Return the pages that stand in the navigation, as those of an empty site: their titles are the same."""
    return [page for page in page_tree(SiteContent((), (), audience=audience)) if page.listed]
