"""A finished page: what a site generator needs to know of it, and nothing of the generator."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from clausebook.repository.portable_names import plain_name
from clausebook.site.slugs import MOST

# A name that ends as another one’s number does has a number of its own.
_PLAIN = re.compile("(?!.* [0-9a-f]{8}$)[a-z0-9 ]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of a page's table of contents. `title` is plain text, `level` counts from 1."""

    title: str
    anchor: str
    level: int
    children: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """A place that the search can find: its anchor on the page ("" for the page), title and text, all plain.

    With `part`, a part of the page begins here: words that are asked for together are found where one part has all.
    """

    anchor: str
    title: str
    passages: tuple[str, ...] = ()
    part: bool = False


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page of the tree.

    `path` is where it is written, "agreements/harbor/index.html"; `title` and `description` are plain
    text; `body` is finished HTML. `contents` is one heading of level 1 that holds the others, or
    nothing. `listed` says that the page stands in the site's navigation. `updated` is an ISO date
    or "". `search` is all that the search knows of the page, `weight` how much it favours it, `facets` by what
    an agreement's page can be chosen, each a name and a value in words. `files` stand beside the page, by name.
    """

    path: str
    title: str
    body: str
    description: str = ""
    contents: tuple[Heading, ...] = ()
    search: tuple[SearchRecord, ...] = ()
    weight: float = 1.0
    facets: tuple[tuple[str, str], ...] = ()
    listed: bool = False
    updated: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A hash of what is written as the page; what the search knows and what stands beside it are not in it."""
        said = (self.path, self.title, self.body, self.description, self.contents, self.listed, self.updated)
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def beside(self, name: str) -> str:
        """Return where a file that stands beside the page is written."""
        folder = self.path.rpartition("/")[0]
        return f"{folder}/{name}" if folder else name


def address(page: str, target: str) -> str:
    """Return the relative link from one page to another, both by path; "a/index.html" is written "a/"."""
    return "../" * page.count("/") + target.removesuffix("index.html") or "./"


def agreement_path(agreement_id: str) -> str:
    """Return where the agreement's page is written."""
    return f"agreements/{agreement_id}/index.html"


def history_path(agreement_id: str) -> str:
    """Return where the page of the agreement's history is written."""
    return f"agreements/{agreement_id}/history/index.html"


def organisation_slug(legal_name: str) -> str:
    """Return the name of an organisation in addresses, which follows from its own name alone."""
    name = " ".join(re.sub("[.,]", " ", legal_name.casefold()).split())
    if _PLAIN.fullmatch(name) and len(name) <= MOST:
        return name.replace(" ", "-")
    return f"{plain_name(name, MOST)}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".strip("-")


def organisation_path(legal_name: str) -> str:
    """Return where the page of an organisation is written."""
    return f"organisations/{organisation_slug(legal_name)}/index.html"
