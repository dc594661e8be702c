"""The part of the MkDocs plugin that feeds finished pages to MkDocs, wherever they come from.

Each page reaches MkDocs as an empty Markdown file; its finished body takes the place of what
Python-Markdown makes of nothing, so no word of a contract is ever read as Markdown.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.config.base import Config
from mkdocs.config.config_options import Choice
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from clausebook.findings.model import Finding, FindingsError, RepositoryError
from clausebook.repository.hashed import folder_hash
from clausebook.repository.tree import DiskTree
from clausebook.site.audience import AUDIENCES, LEGAL, LEGAL_PAGES
from clausebook.site.config_trust import THEME_SEARCH
from clausebook.site.feeding import FedPage, Feed, feed_of
from clausebook.site.from_disk import write_scripts
from clausebook.site.markup import SEARCH, place_of
from clausebook.site.page import Heading, SitePage
from clausebook.site.page_tree import error_tree
from clausebook.site.search.records import SearchPage, own_page, search_page
from clausebook.site.search.search_files import FOLDER, grouped, search_files
from clausebook.site.search.search_page import search_site_page
from clausebook.site.search.synonyms import Synonyms, read_synonyms
from clausebook.site.security import theme_scripts, with_policy
from clausebook.site.theme_sandbox import sandboxed

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.utils.templates import TemplateContext

log = logging.getLogger("mkdocs.plugins.clausebook")

NO_DATE = "1970-01-01"
"""Stands where MkDocs wants a date and the data gives none; the sitemap leaves it out."""

WATCHED = ("agreements", "schemas", "templates")
"""The folders whose changes make `mkdocs serve` build again."""

_PAGES = (".html", ".htm", ".xhtml", ".xht")
_ID = re.compile(r' id="([^"]+)"')
_FOLDER = re.compile(r'(<a [^>]*?href=")((?:\./|\.\./|[^":#?/]+/)+)(?=["#?])')


class Options(Config):  # type: ignore[no-untyped-call]
    """The plugin's options in mkdocs.yml: for whom the site is built."""

    audience = Choice(AUDIENCES, default=LEGAL)


class FeedingPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]
    """Feed pages to MkDocs: those of the `feed` that was set."""

    def __init__(self) -> None:
        self.feed: Feed | None = None
        self.progress: Callable[[str], None] = lambda name: None
        self.findings: tuple[Finding, ...] = ()
        """What the last build found."""
        self._preview = False
        self._scripts = re.compile("")
        self._theme_searches = self._from_disk = False
        self._synonyms = Synonyms()
        self._own: list[SearchPage] = []
        self._whole = True
        self._search_files: Callable[[], Mapping[str, bytes]] = dict
        self.fed: dict[str, FedPage] = {}
        self._elsewhere: tuple[SitePage, ...] = ()
        self._new = _Made()
        self._built = _Made()

    def made(self, config: MkDocsConfig) -> Feed:
        """Return what to feed where nothing was set. Raise FindingsError for what is wrong."""
        return Feed()

    def late(self, root: Path, path: str) -> bytes | None:
        """Return a file that a preview makes when somebody asks for it, None if it is none. Raise FindingsError."""
        return self._search_files().get(path) if path.startswith(f"{FOLDER}/") else None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note whether this is a preview; what was built before is not there any more."""
        self._preview = command == "serve"
        self._built = _Made()

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the pages and the files beside them. Raise PluginError on findings, but never in a preview."""
        self.fed, self._own = {}, []
        self._theme_searches = any(name in config.plugins for name in THEME_SEARCH)
        self._from_disk = self._theme_searches and not config.use_directory_urls
        self._new = _Made(_look(config))
        self._scripts = theme_scripts(config.theme.dirs)
        for file in files:
            if file.src_uri.lower().endswith(_PAGES):
                raise PluginError(f"{file.src_uri} would have no security policy: write it as a Markdown page")
        for file in files.documentation_pages():
            # The navigation and the search need a reader's own pages: MkDocs may not pass them over.
            file.is_modified = lambda: True  # type: ignore[method-assign]
        feed = self._fed(config)
        self._elsewhere, self._whole = tuple(feed.elsewhere), feed.whole
        for fed in (*feed.pages, *self._search_page()):
            self.fed[source_of(fed.page)] = fed
            # A page that the navigation shows is made each time, for its title is read from it.
            self._put(files, file_of(fed.page, config), fed.digest, fed.page.listed)
        for path, (digest, content) in feed.files.items():
            file = _Download.generated(config, path, content=b"", inclusion=InclusionLevel.INCLUDED)
            if isinstance(file, _Download):
                file.given = content
            self._put(files, file, digest)
        config.nav = _without(config.nav, frozenset(LEGAL_PAGES) - files.src_uris.keys())
        return files

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """Name in the sitemap the pages that are made elsewhere, too: all by their paths, whoever makes them."""
        if template_name == "sitemap.xml":
            more = []
            for page in self._elsewhere:
                file = file_of(page, config)
                MkDocsPage(None, file, config).meta = {"updated": page.updated}
                more.append(file)
            context["pages"] = sorted([*context["pages"], *more], key=lambda file: str(file.src_uri))
        return context

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Let the look's templates do nothing but print."""
        return sandboxed(env)

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Set what the page's front matter would say."""
        page.update_date = NO_DATE
        fed = self.fed.get(page.file.src_uri)
        if fed:
            finished = fed.page
            # Themes print titles and descriptions as they are.
            page.title = escape(finished.title)
            page.meta["description"] = escape(finished.description)
            # The tabs are the navigation; what stands beside a page is its own table of contents, if it has one.
            parts = any(heading.children for heading in finished.contents)
            # We know the page's records without parsing it, which takes the theme's search most of a build.
            page.meta["search"] = {"exclude": True}
            page.meta["hide"] = ["navigation"] if parts else ["navigation", "toc"]
            if finished.updated:
                page.update_date = page.meta["updated"] = finished.updated
        return markdown

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Put the finished body in the page's place, and its contents in the table of contents."""
        fed = self.fed.get(page.file.src_uri)
        if not fed:
            self._own.append(own_page(page.url, str(page.title), html))
            return html
        body = fed.body() if config.use_directory_urls else _with_files(fed.body())
        page.toc = TableOfContents([_anchor(heading) for heading in fed.page.contents])
        page.present_anchor_ids = set(_ID.findall(body))
        return body

    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Add the content security policy."""
        return self._guarded(output, page.file.dest_uri)

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Add the content security policy to the theme's own pages."""
        if template_name.endswith(".html"):
            return self._guarded(output_content, template_name)
        return output_content

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Put our records into the search index; remove the packed sitemap, whose bytes depend on the compressor."""
        Path(config.site_dir, "sitemap.xml.gz").unlink(missing_ok=True)
        index = Path(config.site_dir, "search", "search_index.json")
        if index.is_file():
            found = json.loads(index.read_text("utf-8"))
            found["docs"] = self._records(found["docs"], "" if config.use_directory_urls else "index.html")
            index.write_text(json.dumps(found, separators=(",", ":")), "utf-8")
        if self._from_disk:
            write_scripts(Path(config.site_dir), config.theme.dirs)
        if not self._theme_searches:
            self._search_files = cache(partial(self._found_by, config.theme.get("language") or "en"))
            # A preview makes them when somebody searches: an edit would wait for them.
            if not self._preview:
                _write_search(Path(config.site_dir), self._search_files())
        for place in self._built.digests.keys() - self._new.digests.keys():
            # MkDocs empties the folder before a build, but not before one that passes over what did not change.
            Path(place).unlink(missing_ok=True)
        self._built = self._new

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Watch the repository's folders as well."""
        self._preview = True
        for folder in WATCHED:
            path = root_of(config) / folder
            if path.is_dir():
                server.watch(str(path))
        return server

    def _guarded(self, html: str, path: str) -> str:
        asks = not self._theme_searches
        searches = asks and path == SEARCH
        disk = self._from_disk
        return with_policy(html, self._scripts, preview=self._preview, asks=asks, searches=searches, disk=disk)

    def _search_page(self) -> Iterable[FedPage]:
        return () if self._theme_searches else feed_of([search_site_page(self._synonyms)]).pages

    def _found_by(self, language: str) -> Mapping[str, bytes]:
        """Return the files of our own search, by path; of what is not whole those for the pages of the site's own."""
        groups = grouped(search_page(fed.page) for fed in self.fed.values()) if self._whole else {}
        return search_files(groups, self._own, language, self._synonyms)

    def _put(self, files: Files, file: File, digest: str, always: bool = False) -> None:
        """Add a file. A build that passes over what did not change asks it whether it did, by its digest."""
        if file.src_uri in files.src_uris:
            raise PluginError(f"{file.src_uri} is a page of Clausebook: rename the file of that name in docs_dir")
        built, place = self._built, file.abs_dest_path
        same = not always and built.look == self._new.look and built.digests.get(place) == digest
        self._new.digests[place] = digest
        there = same and Path(place).is_file()
        file.is_modified = lambda: not there  # type: ignore[method-assign]
        files.append(file)

    def _records(self, found: list[dict[str, Any]], file: str) -> list[dict[str, Any]]:
        """Return the index's records, ours in place of what was found on our pages. Titles and texts are HTML.

        `file` is what stands behind the folder of a page in an address.
        """
        ours = {fed.page.path.removesuffix("index.html") + file: fed.page for fed in self.fed.values()}
        records = [record for record in found if record["location"].partition("#")[0] not in ours]
        for location, page in ours.items():
            for record in page.search:
                fragment = f"#{record.anchor}" if record.anchor else ""
                text = "".join(f"<p>{escape(passage, quote=False)}</p>" for passage in record.passages)
                title = escape(record.title, quote=False)
                found_here = {"location": location + fragment, "title": title, "text": text}
                records.append(found_here | ({"boost": page.weight} if page.weight != 1 else {}))
        return records

    def _fed(self, config: MkDocsConfig) -> Feed:
        try:
            self._synonyms = Synonyms() if self._theme_searches else read_synonyms(DiskTree(root_of(config)))
            return self.feed or self.made(config)
        except FindingsError as error:
            # Whoever has pages at hand tells of findings himself.
            if self.feed is not None:
                raise
            findings = error.findings
        except RepositoryError as error:
            findings = (Finding(rule="core/repository", message=error.message, path=".", hint=error.hint),)
        except Exception as error:
            # In a preview an exception would leave the browser waiting for ever.
            if not self._preview:
                raise
            log.error("the site cannot be built", exc_info=error)
            findings = (Finding(rule="core/internal", message=f"{type(error).__name__}: {error}", path="."),)
        self.findings = findings
        if self._preview:
            return feed_of(error_tree(findings))
        raise PluginError("\n".join(["The site cannot be built:", *map(_line, findings)]))


@dataclass
class _Made:
    """What a build made: a digest of each file by its place, and one of the look."""

    look: str = ""
    digests: dict[str, str] = field(default_factory=dict)


class _Download(File):
    """A file that is handed on as it is, even if it ends in .md; its content is asked for when it is written."""

    given: Callable[[], bytes]

    def is_documentation_page(self) -> bool:
        return False

    def copy_file(self, dirty: bool = False) -> None:
        if not dirty or self.is_modified():
            self.content_bytes = self.given()
            super().copy_file()
            self.content_bytes = b""


def _without(nav: Any, pages: frozenset[str]) -> Any:
    """Return a navigation without some pages, and without groups of nothing else."""
    match nav:
        case list():
            return [left for each in nav if (left := _without(each, pages))]
        case dict():
            return {title: left for title, each in nav.items() if (left := _without(each, pages))}
        case _:
            return None if nav in pages else nav


def _write_search(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of the search, and remove those of what is not found any more."""
    old = {each for each in folder.joinpath(FOLDER).rglob("*") if each.is_file()} - {folder / SEARCH}
    for path in old - {folder / name for name in files}:
        path.unlink()
    for name, content in files.items():
        path = folder / name
        if path not in old or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def source_of(page: SitePage) -> str:
    """Return the name of the empty Markdown file that stands for a page."""
    return page.path.removesuffix(".html") + ".md"


def file_of(page: SitePage, config: MkDocsConfig) -> File:
    """Return the empty Markdown file that stands for a page."""
    level = InclusionLevel.INCLUDED if page.listed else InclusionLevel.NOT_IN_NAV
    return File.generated(config, source_of(page), content="", inclusion=level)


def root_of(config: MkDocsConfig) -> Path:
    """Return the repository of a configuration."""
    return Path(config.config_file_path).resolve().parent if config.config_file_path else Path.cwd()


def _look(config: MkDocsConfig) -> str:
    """Return a digest of what all pages share: the configuration and the templates of the theme that are ours."""
    custom, file = config.theme.get("custom_dir"), config.config_file_path
    own = hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""
    return own + (folder_hash(Path(custom)) if custom else "")


def _with_files(body: str) -> str:
    """Return a page's body whose links name the files of pages where they named folders, which only a server knows."""
    return _FOLDER.sub(r"\1\2index.html", body)


def _anchor(heading: Heading) -> AnchorLink:
    anchor = AnchorLink(escape(heading.title), heading.anchor, heading.level)
    anchor.children = [_anchor(child) for child in heading.children]
    return anchor


def _line(finding: Finding) -> str:
    return f"  {place_of(finding)}: {finding.message}" + (f" ({finding.hint})" if finding.hint else "")
