"""Build the site: find out what changed, have it made, make anew the lists that show it, and write what differs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from clausebook.build.explaining import keep_reasons
from clausebook.build.frame import frame, frame_key
from clausebook.build.git_state import GitState, git_state
from clausebook.build.keys import Task, shared_parts, tasks_of
from clausebook.build.made import Head, PageHead, head_from, search_from
from clausebook.build.made_store import PARCEL, MadeStore
from clausebook.build.options import SiteOptions
from clausebook.build.out_folder import site_files_in, write_site
from clausebook.build.search_build import OWN_ENTRY, SearchBuild
from clausebook.build.site_lists import ListMaker
from clausebook.build.work_tree import SeenFile, kept_from, seen_files, to_keep
from clausebook.build.workers import Batch, Workers, all_done
from clausebook.build.working import Done, Order, WorkOptions
from clausebook.findings.model import Finding, FindingsError, RepositoryError, has_errors
from clausebook.records.registered import registered_ids
from clausebook.repository.agreement_files import find_agreements
from clausebook.repository.confined import belongs_to
from clausebook.repository.hashed import hash_of
from clausebook.repository.temporary import temporary_folder
from clausebook.repository.tree import DiskTree
from clausebook.repository.writing import check_place
from clausebook.site.feeding import FedPage, Feed, SiteFiles
from clausebook.site.markup import AGREEMENTS, DUTIES

_SEEN, _PAGES, _RENDERED, _FRAMES = "seen-files", "pages", "page-heads", "frames"

MARKS = (AGREEMENTS, DUTIES)
"""Files by which a site of Clausebook's is known."""

LARGEST_BATCH = 16
"""Agreements of a family that one worker makes in a row."""

Progress = Callable[[str], None]
"""Is told the id of each agreement that was made, and "" for each that is there already."""


@dataclass(frozen=True, slots=True)
class SiteSources:
    """What a site is made from: the files, the ids of the agreements, what git tells, and the task of each.

    `shared` are the parts of every task's key.
    """

    files: Mapping[str, SeenFile]
    known: tuple[str, ...]
    git: GitState
    shared: Mapping[str, str]
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class SitePart:
    """A part of the site that was made: under a key, with its head, and the hashes of its rendered pages by path."""

    key: str
    head: Head
    rendered: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MadeSite:
    """A site whose parts are made, by the id of the agreement or the name of the list. Nothing is written yet."""

    sources: SiteSources
    parts: Mapping[str, SitePart]
    findings: tuple[Finding, ...]

    @property
    def broken(self) -> tuple[str, ...]:
        """The ids of the agreements that could not be assembled."""
        return tuple(name for name in self.sources.known if self.parts[name].head.broken)


def sources_of(root: Path, options: SiteOptions, store: MadeStore) -> SiteSources:
    """Look at the repository: what a site would be made from."""
    before = store.find(_SEEN, str(root))
    files = seen_files(root, kept_from(before) if before else {})
    if (now := to_keep(files)) != before:
        store.note(_SEEN, str(root), now)
    tree = DiskTree(root)
    known = tuple(file.id for file in find_agreements(tree)[0])
    git = git_state(root, {*known, *registered_ids(tree)})
    shared = shared_parts(files, git, options.making.parts())
    return SiteSources(files, known, git, shared, tuple(tasks_of(known, files, git, shared)))


class SiteBuild:
    """Makes the parts of a site of one repository.

    `look` is the hash of what decides on how pages are rendered, "" if MkDocs is to render all of them at once. The
    `workers` do what must be done.
    """

    def __init__(
        self, root: Path, options: SiteOptions, store: MadeStore, look: str = "", workers: Workers | None = None
    ) -> None:
        self._root, self._options, self._store, self._look = root, options, store, look
        self._workers = workers or partial(all_done, jobs=options.jobs)

    def made(self, sources: SiteSources, progress: Progress = lambda name: None) -> MadeSite:
        """Return the site with all of its parts made: those that are there already are not made again."""
        audience = self._options.making.audience
        lists = ListMaker(self._root, self._store, sources.files, sources.known, sources.git, audience)
        try:
            parts = self.agreements(sources, progress)
        except FindingsError as error:
            # What stops them all may follow from what is wrong with no single one.
            raise FindingsError((*lists.general.findings, *error.findings)) from error
        heads = {name: (parts[name].key, parts[name].head) for name in sources.known}
        for name, (_, head) in heads.items():
            if not _is_whole(head) and not has_errors(head.findings):
                hint = "run it again with --no-cache, and report it"
                raise RepositoryError(f"`{name}` was made without its files, and without a reason", hint)
        with ThreadPoolExecutor(1) as beside:
            # What can be asked of agreements is known before the lists are.
            indexed = beside.submit(self._search(parts).prepare) if self._look else None
            parts |= self._listed(dict(lists.made(heads)))
            if indexed:
                indexed.result()
        findings = {finding for name in sources.known for finding in parts[name].head.findings}
        told = sorted({*findings, *lists.general.findings}, key=lambda finding: finding.sort_key)
        return MadeSite(sources, parts, tuple(told))

    def _listed(self, made: Mapping[str, tuple[str, Head]]) -> Mapping[str, SitePart]:
        """Return the parts of the site that are lists, with their pages rendered."""
        orders = [
            Order(name, parcel=self._store.parcel(key), pages=tuple(self._lacking(head)))
            for name, (key, head) in made.items()
            if self._rendered(head) is None
        ]
        for done in self._done([[order] for order in orders]):
            self._keep_pages(made[done.id][1], done)
        return {name: SitePart(key, head, self._rendered(head) or {}) for name, (key, head) in made.items()}

    def _search(self, parts: Mapping[str, SitePart]) -> SearchBuild:
        heads = [(part.key, part.head) for part in parts.values()]
        return SearchBuild(self._root, self._store, heads, trusted=self._options.trusted)

    def agreements(self, sources: SiteSources, progress: Progress = lambda name: None) -> dict[str, SitePart]:
        """Return the parts of the site that agreements are, by id: those that are there are not made again."""
        # In one order, whichever was made first: MkDocs' search has them in it.
        return dict(sorted(self._agreements(sources, progress), key=lambda made: made[0]))

    def entries(self, key: str, head: Head) -> Iterator[tuple[str, str]]:
        """Yield kind and key of all that is kept of an agreement, what tells that it is there last."""
        pages = self._rendered_alone(head)
        yield from ((_PAGES, self._key_of(each)) for each in pages)
        if pages:
            yield _RENDERED, self._key_of(*pages)
        yield from ((kind, key) for kind in PARCEL)

    def written(self, site: MadeSite, out: Path) -> int:
        """Write the site; return how many files changed. Raises as `mkdocs_build.build_site` and `write_site` do."""
        check_place(out, MARKS)
        keep_reasons(self._store, out, site.sources.tasks, site.sources.files)
        if self._look:
            return write_site(self._wanted(site), out, MARKS, self._store)
        from clausebook.site.mkdocs_build import build_site

        with temporary_folder() as folder:
            staged = folder / "site"
            options = self._options
            build_site(self._root, staged, self.feed(site), trusted=options.trusted, offline=options.offline)
            return write_site(site_files_in(staged), out, MARKS, self._store)

    def _wanted(self, site: MadeSite) -> SiteFiles:
        """Return the files of the site, those of its frame among them. Raises as `mkdocs_build.build_site` does."""
        found = dict(self._contents(site))
        pages = [(part.key, each) for part in site.parts.values() for each in part.head.pages]
        listed = [(key, each) for key, each in pages if each.page.listed]
        elsewhere = [each.page for _, each in pages if not each.page.listed]
        fed = [FedPage(each.page, each.digest, partial(self._body, key, each.page.path)) for key, each in listed]
        make = partial(frame, self._root, fed, elsewhere, trusted=self._options.trusted)
        framed = self._store.files(_FRAMES, frame_key(self._look, [each.digest for each in fed], elsewhere), make)
        for path in sorted(found.keys() & framed.keys()):
            raise RepositoryError(f"{path} is made by Clausebook", "rename the file of that name among the site's own")
        own = framed[OWN_ENTRY][0] if OWN_ENTRY in framed else ""
        return {**found, **framed, **self._search(site.parts).files(own)}

    def feed(self, site: MadeSite) -> Feed:
        """Return the pages and files of a site for MkDocs to render."""
        return Feed(list(self._fed(site)), dict(self._contents(site)))

    def _fed(self, site: MadeSite) -> Iterator[FedPage]:
        for part in site.parts.values():
            search = search_from(self._store.search(part.key))
            for each in part.head.pages:
                page = replace(each.page, search=search.get(each.page.path, ()))
                yield FedPage(page, each.digest, partial(self._body, part.key, page.path))

    def _body(self, key: str, path: str) -> str:
        return self._store.file(key, path).decode()

    def _agreements(self, sources: SiteSources, progress: Progress) -> Iterator[tuple[str, SitePart]]:
        tasks = {task.id: task for task in sources.tasks}
        wanted: dict[str, Order] = {}
        for task in sources.tasks:
            head = self._known(task.key)
            rendered = self._rendered(head) if head else None
            if head and rendered is not None:
                yield task.id, SitePart(task.key, head, rendered)
                progress("")
                continue
            parcel = self._store.parcel(task.key) if head else None
            pages = tuple(self._lacking(head)) if head and parcel else None
            wanted[task.id] = Order(task.id, task.family, sources.git.edition(task.id), parcel, pages)
        for done in self._done(batches(sources, wanted)):
            key = tasks[done.id].key
            if wanted[done.id].parcel is None:
                self._store.keep_parcel(key, done.parcel)
            head = head_from(done.parcel.head)
            self._keep_pages(head, done)
            yield done.id, SitePart(key, head, self._rendered(head) or {})
            progress(done.id)

    def _known(self, key: str) -> Head | None:
        """Return the head of what was made before; None of what had errors: what to do depends on other agreements."""
        content = self._store.head(key)
        head = head_from(content) if content else None
        return head if head and _is_whole(head) and not has_errors(head.findings) else None

    def _done(self, batches: Sequence[Batch]) -> Iterator[Done]:
        options = WorkOptions(self._root, self._options.making, bool(self._look), self._options.trusted)
        return self._workers(options, batches)

    def _rendered(self, head: Head) -> Mapping[str, str] | None:
        """Return the hashes of the rendered pages of a part; None if they are not known."""
        pages = self._rendered_alone(head)
        found = self._store.find(_RENDERED, self._key_of(*pages)) if pages else b""
        paths = (each.page.path for each in pages)
        return None if found is None else dict(zip(paths, found.decode().split(), strict=True))

    def _rendered_alone(self, head: Head) -> Sequence[PageHead]:
        """Return the pages of a part that are not rendered with the frame of the site."""
        return [each for each in head.pages if not each.page.listed] if self._look else []

    def _lacking(self, head: Head) -> Iterator[str]:
        for each in head.pages:
            if self._store.find(_PAGES, self._key_of(each)) is None:
                yield each.page.path

    def _keep_pages(self, head: Head, done: Done) -> None:
        pages, marks = self._rendered_alone(head), []
        for each in pages:
            content = done.rendered.get(each.page.path)
            if content is None:
                content = self._store.find(_PAGES, self._key_of(each)) or b""
            else:
                self._store.keep(_PAGES, self._key_of(each), content)
            marks.append(hashlib.sha256(content).hexdigest())
        if marks:
            self._store.keep(_RENDERED, self._key_of(*pages), " ".join(marks).encode())

    def _key_of(self, *pages: PageHead) -> str:
        return hash_of((self._look, *(f"{each.page.path} {each.digest}" for each in pages)))

    def _contents(self, site: MadeSite) -> Iterator[tuple[str, tuple[str, Callable[[], bytes]]]]:
        """Yield the path of each file of the site's parts, the hash of its content, and what gives that."""
        for part in site.parts.values():
            for path, mark in part.head.files.items():
                yield path, (mark, partial(self._store.file, part.key, path))
            for each in part.head.pages:
                if each.page.path in part.rendered:
                    page = partial(self._store.there, _PAGES, self._key_of(each))
                    yield each.page.path, (part.rendered[each.page.path], page)


def _is_whole(head: Head) -> bool:
    """Tell whether an agreement was made with its files, which one that can be assembled always has."""
    return bool(head.files) and not head.broken


def batches(sources: SiteSources, wanted: Mapping[str, Order]) -> list[Batch]:
    """Return orders in batches of one family each, those first that will take longest."""
    sizes: dict[str, int] = {}
    for path, each in sources.files.items():
        if name := belongs_to(path):
            sizes[name] = sizes.get(name, 0) + each.stamp[0]
    found: dict[tuple[str, ...], list[Order]] = {}
    for order in wanted.values():
        found.setdefault(order.family, []).append(order)
    split = [
        orders[start : start + LARGEST_BATCH]
        for orders in found.values()
        for start in range(0, len(orders), LARGEST_BATCH)
    ]
    return sorted(split, key=lambda orders: (-sum(sizes.get(each.id, 0) for each in orders), orders[0].id))
