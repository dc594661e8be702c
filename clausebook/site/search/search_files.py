"""The files of the search: the index of each shard, and what leads the search page to them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from clausebook.site.search.indexing import ENTRY, index_of
from clausebook.site.search.records import SearchPage, facet_word
from clausebook.site.search.search_shards import shards_of
from clausebook.site.search.synonyms import Synonyms

FOLDER = "search"
"""Where the search stands in the site: its page, and a folder for each index."""

SITE = "site"
"""The index of our pages that are no agreement's; what runs in the browser stands with it."""

OWN = "own"
"""The index of the pages that somebody wrote for the site."""


def grouped(pages: Iterable[SearchPage]) -> Mapping[str, Sequence[SearchPage]]:
    """Return the pages of each index, by its name. Records may be left out: facets tell what is an agreement's."""
    found = {page.address: page for page in pages}
    of_agreements = {address for address, page in found.items() if page.facets}
    shards = {name: [found[each] for each in members] for name, members in shards_of(of_agreements).items()}
    return {SITE: [page for address, page in sorted(found.items()) if address not in of_agreements], **shards}


def search_files(
    groups: Mapping[str, Sequence[SearchPage]], own: Sequence[SearchPage], language: str, synonyms: Synonyms
) -> Mapping[str, bytes]:
    """Return all files of the search but for its page, by path from the site's root.

    Without groups, which are made elsewhere then, only the index of the site's `own` pages. Raises as `index_of` does.
    """
    every = {**groups, **({OWN: own} if own else {})}
    indexes = {name: index_of(pages, language, synonyms, engine=name == SITE) for name, pages in every.items()}
    files = {f"{FOLDER}/{name}/{path}": each for name, index in indexes.items() for path, each in index.items()}
    marks = {name: hashlib.sha256(index[ENTRY]).hexdigest() for name, index in indexes.items()}
    return {**files, **(search_lists(marks, groups) if groups else {})}


def search_lists(marks: Mapping[str, str], groups: Mapping[str, Sequence[SearchPage]]) -> Mapping[str, bytes]:
    """Return the two lists that the search page reads: of the indexes by name, and of the values to choose from,
    each with the word that finds it.

    `marks` are hashes of the indexes' entries, by name.
    """
    tags = {name: mark[:12] for name, mark in sorted(marks.items())}
    facets: dict[str, set[str]] = {}
    for page in (page for pages in groups.values() for page in pages):
        for name, value in page.facets:
            facets.setdefault(name, set()).add(value)
    words = {name: {each: facet_word(name, each) for each in sorted(values)} for name, values in facets.items()}
    lists = {"shards.json": tags, "facets.json": words}
    return {f"{FOLDER}/{name}": f"{json.dumps(said, ensure_ascii=False)}\n".encode() for name, said in lists.items()}
