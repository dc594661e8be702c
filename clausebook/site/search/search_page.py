"""The page of the search; what runs on it is `templates/site/docs/assets/search.js`."""

from __future__ import annotations

from clausebook.site.markup import SEARCH, filled
from clausebook.site.page import Heading, SearchRecord, SitePage
from clausebook.site.search.synonyms import Synonyms


def search_site_page(synonyms: Synonyms) -> SitePage:
    """Return the page of the search."""
    body = filled("search", path=SEARCH, common=" ".join(synonyms.common), phrases=" ".join(synonyms.phrases))
    top, itself = Heading("Search", "page_title", 1), SearchRecord("", "Search", part=True)
    return SitePage(SEARCH, "Search", body, "Search all agreements.", (top,), (itself,))
