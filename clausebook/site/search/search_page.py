"""The page of the search; what runs on it is `templates/site/docs/assets/search.js`."""

from __future__ import annotations

from clausebook.site.markup import SEARCH, filled, headings
from clausebook.site.page import SitePage
from clausebook.site.search.synonyms import Synonyms


def search_site_page(synonyms: Synonyms) -> SitePage:
    """Return the page of the search."""
    body = filled("search", path=SEARCH, common=" ".join(synonyms.common), phrases=" ".join(synonyms.phrases))
    return SitePage(SEARCH, "Search", body, "Search all agreements.", headings(body))
