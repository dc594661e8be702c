"""The search of a site whose pages are made one by one: what did not change is not indexed again."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from clausebook.build.keys import program
from clausebook.build.made import Head, search_from
from clausebook.build.made_store import MadeStore
from clausebook.repository.hashed import hash_of
from clausebook.repository.tree import DiskTree
from clausebook.site.feeding import SiteFiles
from clausebook.site.search.indexing import ENTRY, made_index
from clausebook.site.search.records import SearchPage, search_page
from clausebook.site.search.search_files import FOLDER, OWN, SITE, grouped, search_lists
from clausebook.site.search.synonyms import FILE, Synonyms, read_synonyms

OWN_ENTRY = f"{FOLDER}/{OWN}/{ENTRY}"
"""The entry of the index of the pages that somebody wrote for the site."""

_INDEXES = "search-indexes"
_MAKER = "clausebook.site.search.indexing"


class SearchBuild:
    """Makes the indexes of a site. `heads` are those of all of its parts, each with the key of the part."""

    def __init__(self, root: Path, store: MadeStore, heads: Iterable[tuple[str, Head]], *, trusted: bool) -> None:
        self._root, self._store, self._trusted = root, store, trusted
        self._keys: dict[str, str] = {}
        self._marks: dict[str, str] = {}
        pages = []
        for key, head in heads:
            for each in head.pages:
                page = search_page(each.page)
                self._keys[page.address], self._marks[page.address] = key, head.marks["search"]
                pages.append(page)
        self._groups = grouped(pages)

    def files(self, own: str) -> SiteFiles:
        """Return the files of the search; `own` is the hash of the entry of the site's own pages' index, "" if none."""
        indexes = {name: self._index(name, pages) for name, pages in self._groups.items()}
        entries = ({OWN: own} if own else {}) | {name: index[ENTRY][0] for name, index in indexes.items()}
        lists = search_lists(entries, self._groups)
        return {
            **{f"{FOLDER}/{name}/{path}": file for name, index in indexes.items() for path, file in index.items()},
            **{path: (hashlib.sha256(text).hexdigest(), partial(bytes, text)) for path, text in lists.items()},
        }

    def prepare(self) -> None:
        """Make the indexes of agreements, for `files` to find, also of a build that knows more pages."""
        for name, pages in self._groups.items():
            if name != SITE:
                self._index(name, pages)

    def _index(self, name: str, pages: Sequence[SearchPage]) -> SiteFiles:
        return self._store.files(_INDEXES, self._key(name, pages), partial(self._indexed, name, pages))

    def _indexed(self, name: str, pages: Sequence[SearchPage]) -> Mapping[str, bytes]:
        language, synonyms = self._look
        return made_index(map(self._with_records, pages), language, synonyms, engine=name == SITE)

    def _with_records(self, page: SearchPage) -> SearchPage:
        path = f"{page.address}index.html"
        return replace(page, records=search_from(self._store.search(self._keys[page.address])).get(path, ()))

    def _key(self, name: str, pages: Sequence[SearchPage]) -> str:
        said = (f"{page.address} {page.title} {page.facets} {self._marks[page.address]}" for page in pages)
        return hash_of((self._shared, str(name == SITE), *said))

    @cached_property
    def _shared(self) -> str:
        files = (self._root / name for name in ("mkdocs.yml", FILE))
        digests = (hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "" for file in files)
        return hash_of((program(_MAKER), importlib.metadata.version("pagefind-bin"), *digests))

    @cached_property
    def _look(self) -> tuple[str, Synonyms]:
        from clausebook.site.mkdocs_build import configuration

        config = configuration(self._root / "mkdocs.yml", trusted=self._trusted)
        return config.theme.get("language") or "en", read_synonyms(DiskTree(self._root))
