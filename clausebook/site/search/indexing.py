"""The index of a shard, made by Pagefind: a record a part of a page, in which each clause has its own anchor."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.metadata import version
from itertools import count
from subprocess import CalledProcessError

from pagefind_bin import get_executable

from clausebook.children.child import OutOfBounds, Trade, run_program
from clausebook.findings.model import RepositoryError
from clausebook.repository.archive import Archive, archive_of
from clausebook.repository.temporary import temporary_folder
from clausebook.repository.user_cache import kept_or_made
from clausebook.site.page import SearchRecord
from clausebook.site.search.records import SearchPage, facet_word
from clausebook.site.search.synonyms import CLOSING, OPENING, Synonyms, hiding

PAGEFIND = Trade("", 120.0, 4096)
"""The bounds of one shard. 100 agreements of 14 000 words take 2.5 seconds and 400 MiB."""

ENGINE = ("pagefind.js", "wasm.*")
"""What runs in the browser: needed once, not in each shard."""

ENTRY = "pagefind-entry.json"
"""The file of an index that changes whenever another one does."""

_INDEX = (ENTRY, "*.pf_meta", "index/*", "fragment/*")
_NO_EXIT_CODE = 256


def index_of(
    pages: Iterable[SearchPage], language: str, synonyms: Synonyms, *, engine: bool = False
) -> Mapping[str, bytes]:
    """Return what `made_index` does, kept by what it is made of."""
    sources, wanted = _all_sources(pages, synonyms), _wanted(engine)
    key = [version("pagefind-bin"), language, *wanted, *(f"{name}\n{text}" for name, text in sources.items())]
    return Archive(kept_or_made("search", key, lambda: archive_of(_indexed(sources, language, wanted)))).files()


def made_index(
    pages: Iterable[SearchPage], language: str, synonyms: Synonyms, *, engine: bool = False
) -> Mapping[str, bytes]:
    """Return the files of the index of some pages, by path; with the `engine`, also what runs in the browser.

    Pages without records are left out. Raises RepositoryError if the files cannot be made.
    """
    return _indexed(_all_sources(pages, synonyms), language, _wanted(engine))


def _wanted(engine: bool) -> Sequence[str]:
    return (*_INDEX, *(ENGINE if engine else ()))


def _all_sources(pages: Iterable[SearchPage], synonyms: Synonyms) -> Mapping[str, str]:
    hidden = hiding(synonyms)
    return dict(sorted(source for page in pages if page.records for source in _sources(page, hidden)))


def _sources(page: SearchPage, hidden: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Yield each part of a page as HTML, by a file's name that stays whatever other pages there are."""
    place = hashlib.sha256(page.address.encode()).hexdigest()[:16]
    about = [("title", page.title), ("at", page.address)]
    head = "".join(f'<meta data-pagefind-meta="{name}[content]" content="{escape(said)}">' for name, said in about)
    # Pagefind writes filters in another order each time, so what an agreement is chosen by are hidden words, too.
    chosen = " ".join(f"{OPENING}{facet_word(*facet)}{CLOSING}" for facet in page.facets)
    foot = f"<p>{chosen}</p>" if chosen else ""
    number, body = count(), ""
    for record in page.records:
        if record.part and body:
            yield f"{place}-{next(number):03}.html", _source(head, body + foot)
            body = ""
        body += _place(record, hidden)
    yield f"{place}-{next(number):03}.html", _source(head, body + foot)


def _source(head: str, body: str) -> str:
    return f"<!doctype html><html><body><main data-pagefind-body>{head}{body}</main></body></html>"


def _place(record: SearchRecord, hidden: Callable[[str], str]) -> str:
    anchor = f' id="{escape(record.anchor)}"' if record.anchor else ""
    heading = f"<h2{anchor}>{escape(record.title)}</h2>" if record.title else ""
    return heading + "".join(f"<p>{escape(hidden(passage))}</p>" for passage in record.passages)


def _indexed(sources: Mapping[str, str], language: str, wanted: Iterable[str]) -> Mapping[str, bytes]:
    with temporary_folder() as folder:
        site, out = folder / "site", folder / "out"
        site.mkdir()
        for name, text in sources.items():
            (site / name).write_text(text, "utf-8")
        command = [str(get_executable()), "--site", str(site), "--output-path", str(out)]
        try:
            run_program([*command, "--silent", "--force-language", language], b"", PAGEFIND, {}, _NO_EXIT_CODE)
        except OutOfBounds as error:
            raise RepositoryError(f"the search cannot be made: {error}", "give the machine more room") from error
        except (CalledProcessError, OSError) as error:
            said = error.stderr.decode("utf-8", "replace") if isinstance(error, CalledProcessError) else str(error)
            last = (said.strip().splitlines() or ["Pagefind failed"])[-1]
            raise RepositoryError(f"the search cannot be made: {last}", "install Clausebook's packages anew") from error
        found = (path for pattern in wanted for path in sorted(out.glob(pattern)))
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}
