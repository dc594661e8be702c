"""What was made of an agreement, or of the site's lists: pages and files, in one archive that can be kept and sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from clausebook.document.interchange import part_from_plain, part_to_plain
from clausebook.findings.model import Finding, finding_from, finding_to
from clausebook.repository.archive import archive_of
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.site_entry import SiteEntry

_APART = ("uses", "owed", "registers", "metrics", "partnership", "glance")
"""What some lists alone show of an agreement: it has a mark of its own each."""

_NOTHING = SiteEntry("", "")


@dataclass(frozen=True, slots=True)
class PageHead:
    """A page without its body, what the search knows of it, and its files; `digest` is that of the whole page."""

    page: SitePage
    digest: str


@dataclass(frozen=True, slots=True)
class Head:
    """What is to be known at once of what was made: its findings, its pages, and a hash of each file by path.

    `marks` are hashes of what lists show of it, by kind. `broken` tells that an agreement could not be assembled.
    """

    findings: tuple[Finding, ...] = ()
    pages: tuple[PageHead, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """What was made, as bytes that can be kept and sent: what is wanted often apart from what is large."""

    head: bytes
    entry: bytes
    search: bytes
    archive: bytes


def parcel(
    pages: Iterable[SitePage], findings: Sequence[Finding] = (), entry: SiteEntry | None = None, calendar: bytes = b""
) -> Parcel:
    """Return pages, with the files beside them, as a parcel; the same ones give the same bytes."""
    pages = tuple(pages)
    files = {page.beside(name): content for page in pages for name, content in page.files.items()}
    apart = {name: getattr(entry, name) for name in _APART} if entry else {}
    listed = replace(entry, **{name: getattr(_NOTHING, name) for name in _APART}) if entry else None
    search = {page.path: part_to_plain(page.search) for page in pages if page.search}
    marked = {"listed": listed, "search": search, "calendar": calendar, **apart}
    held = {
        "findings": findings_to(findings),
        "pages": [{"page": part_to_plain(_without_more(page)), "digest": page.digest} for page in pages],
        "files": {path: hashlib.sha256(content).hexdigest() for path, content in files.items()},
        "marks": {name: _mark(each) for name, each in marked.items()},
        "broken": bool(entry and entry.broken),
    }
    told = entry_to(entry, calendar) if entry else b""
    bodies = {page.path: page.body.encode() for page in pages}
    return Parcel(_json(held), told, _json(search), archive_of({**bodies, **files}))


def entry_to(entry: SiteEntry, calendar: bytes) -> bytes:
    """Return what lists show of an agreement, and its calendar, as JSON."""
    return _json({"entry": part_to_plain(entry), "calendar": calendar.decode()})


def entry_from(content: bytes | str) -> tuple[SiteEntry, bytes]:
    """Return what lists show of an agreement, and its calendar, from their JSON."""
    told = json.loads(content)
    entry: SiteEntry = part_from_plain(SiteEntry, told["entry"])
    return entry, told["calendar"].encode()


def search_from(content: bytes) -> Mapping[str, tuple[SearchRecord, ...]]:
    """Return what the search knows of each page, by path, from its JSON."""
    return {path: tuple(map(_record_from, each)) for path, each in json.loads(content).items()}


def _record_from(said: Mapping[str, Any]) -> SearchRecord:
    # There are hundreds of thousands of them, of our own making: what reads all other kinds takes five times as long.
    return SearchRecord(said["anchor"], said["title"], tuple(said.get("passages", ())), said.get("part", False))


def head_from(content: bytes) -> Head:
    """Return the head of an archive from its JSON. Raises KeyError, TypeError, ValueError, InterchangeError."""
    held: dict[str, Any] = json.loads(content)
    pages = tuple(PageHead(part_from_plain(SitePage, each["page"]), each["digest"]) for each in held["pages"])
    return Head(findings_from(held["findings"]), pages, held["files"], held["marks"], held["broken"])


def findings_to(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as plain data, for JSON."""
    return list(map(finding_to, findings))


def findings_from(held: Iterable[dict[str, Any]]) -> tuple[Finding, ...]:
    """Return findings from their plain data."""
    return tuple(map(finding_from, held))


def _without_more(page: SitePage) -> SitePage:
    return replace(page, body="", search=(), files={})


def _mark(value: object) -> str:
    return hashlib.sha256(value if isinstance(value, bytes) else repr(value).encode()).hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
