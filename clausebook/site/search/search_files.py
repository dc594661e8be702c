"""The files of the search: the index of each shard, and what leads the search page to them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from clausebook.site.search.indexing import index_of
from clausebook.site.search.records import SearchPage
from clausebook.site.search.shards import shards_of
from clausebook.site.search.synonyms import Synonyms

FOLDER = "search"
"""Where the search stands in the site: its page, and a folder for each index."""

_SITE = "site"
"""The index of all pages that are no agreement's; what runs in the browser stands with it."""


def search_files(pages: Iterable[SearchPage], language: str, synonyms: Synonyms) -> Mapping[str, bytes]:
    """Return all files of the search but for its page, by path from the site's root. Raises as `index_of` does."""
    found = {page.address: page for page in pages if page.records}
    of_agreements = {address for address, page in found.items() if page.facets}
    shards = {name: [found[each] for each in members] for name, members in shards_of(of_agreements).items()}
    site = [page for address, page in sorted(found.items()) if address not in of_agreements]
    indexes = {_SITE: index_of(site, language, synonyms, engine=True)}
    indexes |= {name: index_of(members, language, synonyms) for name, members in shards.items()}
    lists = search_lists(indexes, [found[address] for address in sorted(of_agreements)])
    files = {f"{FOLDER}/{name}/{path}": each for name, index in indexes.items() for path, each in index.items()}
    return {**files, **lists}


def search_lists(indexes: Mapping[str, Mapping[str, bytes]], agreements: Sequence[SearchPage]) -> Mapping[str, bytes]:
    """Return the two lists that the search page reads: of the indexes by name, and of the values to choose from."""
    tags = {name: hashlib.sha256(index["pagefind-entry.json"]).hexdigest()[:12] for name, index in indexes.items()}
    facets: dict[str, set[str]] = {}
    for page in agreements:
        for name, value in page.facets:
            facets.setdefault(name, set()).add(value)
    lists = {"shards.json": tags, "facets.json": {name: sorted(values) for name, values in facets.items()}}
    return {f"{FOLDER}/{name}": f"{json.dumps(said, ensure_ascii=False)}\n".encode() for name, said in lists.items()}
