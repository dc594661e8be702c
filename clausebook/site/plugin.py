"""The MkDocs plugin: feeds the tree of finished pages to MkDocs.

Each page reaches MkDocs as an empty Markdown file; its finished body takes the place of what
Python-Markdown makes of nothing, so no word of a contract is ever read as Markdown.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.config.base import Config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.toc import AnchorLink, TableOfContents

from clausebook.findings.model import Finding, FindingsError, RepositoryError
from clausebook.language.sandbox import Sandbox
from clausebook.repository.hashed import folder_hash
from clausebook.repository.tree import DiskTree
from clausebook.site.gathering import site_content
from clausebook.site.markup import SEARCH, place_of
from clausebook.site.page import Heading, SitePage
from clausebook.site.page_tree import error_tree, page_tree
from clausebook.site.past import with_history
from clausebook.site.search.search_files import FOLDER, search_files
from clausebook.site.search.records import SearchPage, own_page, search_page
from clausebook.site.search.search_page import search_site_page
from clausebook.site.search.synonyms import Synonyms, read_synonyms
from clausebook.site.security import theme_scripts, with_policy
from clausebook.site.site_content import AgreementHistory, SiteContent
from clausebook.site.theme_sandbox import sandboxed

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.pages import Page as MkDocsPage

log = logging.getLogger("mkdocs.plugins.clausebook")

NO_DATE = "1970-01-01"
"""Stands where MkDocs wants a date and the data gives none; the sitemap leaves it out."""

THEME_SEARCH = ("search", "material/search")
"""The plugins with which the theme's own search finds our pages, in one index that is read from a disk, too."""

WATCHED = ("agreements", "schemas", "templates")
"""The folders whose changes make `mkdocs serve` build again."""

_PAGES = (".html", ".htm", ".xhtml", ".xht")
_ID = re.compile(r' id="([^"]+)"')


class Options(Config):  # type: ignore[no-untyped-call]
    """The plugin's options in mkdocs.yml: there are none."""


class ClausebookPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]
    """Feed agreements and the clause library to MkDocs.

    Set `content` to build a site from content that is already at hand.
    """

    def __init__(self) -> None:
        self.content: SiteContent | None = None
        self.progress: Callable[[str], None] = lambda name: None
        self.findings: tuple[Finding, ...] = ()
        """What the last build found."""
        self._preview = False
        self._scripts = re.compile("")
        self._theme_searches = False
        self._synonyms = Synonyms()
        self._own: list[SearchPage] = []
        self._pages: dict[str, SitePage] = {}
        self._new = _Made()
        self._built = _Made()
        self._histories: dict[str, tuple[str, AgreementHistory]] = {}

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note whether this is a preview; what was built before is not there any more."""
        self._preview = command == "serve"
        self._built = _Made()

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the pages and the files beside them. Raise PluginError on findings, but never in a preview."""
        self._pages, self._own = {}, []
        self._theme_searches = any(name in config.plugins for name in THEME_SEARCH)
        self._new = _Made(_look(config))
        self._scripts = theme_scripts(config.theme.dirs)
        for file in files:
            if file.src_uri.lower().endswith(_PAGES):
                raise PluginError(f"{file.src_uri} would have no security policy: write it as a Markdown page")
        for file in files.documentation_pages():
            # The navigation and the search need a reader's own pages: MkDocs may not pass them over.
            file.is_modified = lambda: True  # type: ignore[method-assign]
        for page in self._tree(config):
            source = _source(page.path)
            self._pages[source] = page
            level = InclusionLevel.INCLUDED if page.listed else InclusionLevel.NOT_IN_NAV
            # A page that the navigation shows is made each time, for its title is read from it.
            self._put(files, File.generated(config, source, content="", inclusion=level), page.digest, page.listed)
            folder = page.path.rpartition("/")[0]
            for name, content in page.files.items():
                place = f"{folder}/{name}" if folder else name
                file = _Download.generated(config, place, content=content, inclusion=InclusionLevel.INCLUDED)
                self._put(files, file, hashlib.sha256(content).hexdigest())
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Let the look's templates do nothing but print."""
        return sandboxed(env)

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Set what the page's front matter would say."""
        page.update_date = NO_DATE
        finished = self._pages.get(page.file.src_uri)
        if finished:
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
        finished = self._pages.get(page.file.src_uri)
        if not finished:
            self._own.append(own_page(page.url, str(page.title), html))
            return html
        page.toc = TableOfContents([_anchor(heading) for heading in finished.contents])
        page.present_anchor_ids = set(_ID.findall(finished.body))
        return finished.body

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
            found["docs"] = self._records(found["docs"])
            index.write_text(json.dumps(found, separators=(",", ":")), "utf-8")
        if _source(SEARCH) in self._pages:
            self._search_files(config)
        for place in self._built.digests.keys() - self._new.digests.keys():
            # MkDocs empties the folder before a build, but not before one that passes over what did not change.
            Path(place).unlink(missing_ok=True)
        self._built = self._new

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Watch the repository's folders as well."""
        self._preview = True
        for folder in WATCHED:
            path = _root(config) / folder
            if path.is_dir():
                server.watch(str(path))
        return server

    def _guarded(self, html: str, path: str) -> str:
        asks = not self._theme_searches
        return with_policy(html, self._scripts, preview=self._preview, asks=asks, searches=asks and path == SEARCH)

    def _search_files(self, config: MkDocsConfig) -> None:
        """Write the files of our own search, and remove those of what is not found any more."""
        folder = Path(config.site_dir)
        pages = (*map(search_page, self._pages.values()), *self._own)
        files = search_files(pages, config.theme.get("language") or "en", self._synonyms)
        old = {each for each in folder.joinpath(FOLDER).rglob("*") if each.is_file()} - {folder / SEARCH}
        for path in old - {folder / name for name in files}:
            path.unlink()
        for name, content in files.items():
            path = folder / name
            if path not in old or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)

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

    def _records(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the index's records, ours in place of what was found on our pages. Titles and texts are HTML."""
        ours = {page.path.removesuffix("index.html"): page for page in self._pages.values()}
        records = [record for record in found if record["location"].partition("#")[0] not in ours]
        for location, page in ours.items():
            for record in page.search:
                fragment = f"#{record.anchor}" if record.anchor else ""
                text = "".join(f"<p>{escape(passage, quote=False)}</p>" for passage in record.passages)
                title = escape(record.title, quote=False)
                found_here = {"location": location + fragment, "title": title, "text": text}
                records.append(found_here | ({"boost": page.weight} if page.weight != 1 else {}))
        return records

    def _tree(self, config: MkDocsConfig) -> tuple[SitePage, ...]:
        try:
            content = self.content or _load(_root(config), self._histories, self.progress)
            self.findings = content.all_findings()
            # Who has content at hand has looked at what is wrong with it.
            if self.content is None and not self._preview and content.has_errors():
                raise FindingsError(f for f in content.all_findings() if f.severity == "error")
            if self._theme_searches:
                return page_tree(content)
            self._synonyms = read_synonyms(DiskTree(_root(config)))
            return (*page_tree(content), search_site_page(self._synonyms))
        except FindingsError as error:
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
            return error_tree(findings)
        raise PluginError("\n".join(["The site cannot be built:", *map(_line, findings)]))


@dataclass
class _Made:
    """What a build made: a digest of each file by its place, and one of the look."""

    look: str = ""
    digests: dict[str, str] = field(default_factory=dict)


class _Download(File):
    """A file that is handed on as it is, even if it ends in .md."""

    def is_documentation_page(self) -> bool:
        return False


def _load(root: Path, known: dict[str, tuple[str, AgreementHistory]], progress: Callable[[str], None]) -> SiteContent:
    content = site_content(root, progress)
    with Sandbox() as sandbox:
        return with_history(content, root, sandbox, lambda name: progress(f"the past of {name}"), known)


def _source(path: str) -> str:
    """Return the name of the Markdown file by which MkDocs knows a page."""
    return path.removesuffix(".html") + ".md"


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).resolve().parent if config.config_file_path else Path.cwd()


def _look(config: MkDocsConfig) -> str:
    """Return a digest of what all pages share: the configuration and the templates of the theme that are ours."""
    custom, file = config.theme.get("custom_dir"), config.config_file_path
    own = hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""
    return own + (folder_hash(Path(custom)) if custom else "")


def _anchor(heading: Heading) -> AnchorLink:
    anchor = AnchorLink(escape(heading.title), heading.anchor, heading.level)
    anchor.children = [_anchor(child) for child in heading.children]
    return anchor


def _line(finding: Finding) -> str:
    return f"  {place_of(finding)}: {finding.message}" + (f" ({finding.hint})" if finding.hint else "")
