"""What MkDocs is fed: finished pages and files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from clausebook.site.page import SitePage

SiteFiles = Mapping[str, tuple[str, Callable[[], bytes]]]
"""Files of a site by path, each with a hash of its content, and what gives that."""


@dataclass(frozen=True, slots=True)
class FedPage:
    """A page to be fed: `body` gives the one that `page` may lack, and `digest` is that of the whole."""

    page: SitePage
    digest: str
    body: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Feed:
    """What MkDocs is fed: pages and files.

    `elsewhere` are pages of the same site that are not fed, for the sitemap names them too; `whole` tells that there
    are none, so that the search can be made of what is fed.
    """

    pages: Iterable[FedPage] = ()
    files: SiteFiles = field(default_factory=dict)
    elsewhere: Iterable[SitePage] = ()
    whole: bool = True


def feed_of(pages: Iterable[SitePage]) -> Feed:
    """Return pages that are at hand as a whole."""
    pages = tuple(pages)
    files = {each.beside(name): content for each in pages for name, content in each.files.items()}
    return Feed(
        [FedPage(each, each.digest, partial(str, each.body)) for each in pages],
        {path: (hashlib.sha256(content).hexdigest(), partial(bytes, content)) for path, content in files.items()},
    )
