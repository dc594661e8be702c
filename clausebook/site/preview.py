"""Serve the site while its sources are edited: each change is built again, and told to whoever listens."""

from __future__ import annotations

import contextlib
import logging
import os
import posixpath
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.livereload import LiveReloadServer
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from clausebook.findings.model import Finding, FindingsError, RepositoryError
from clausebook.repository.temporary import temporary_folder
from clausebook.site.mkdocs_build import configuration, explained, listening, plugin_of


@dataclass(frozen=True, slots=True)
class Built:
    """How a build went: what it found, what MkDocs warns of, and, if there is no new site, what the problem is."""

    seconds: float
    findings: Sequence[Finding]
    warnings: Sequence[str]
    problem: str = ""


class Listener(Protocol):
    """Whoever is told what happens."""

    def building(self, url: str) -> None:
        """A build begins, of the site that will be at an address."""

    def progress(self, name: str) -> None:
        """It is at something."""

    def built(self, done: Built) -> None:
        """It is done."""

    def serving(self, url: str, watched: Sequence[str]) -> None:
        """The site is there, and changes of files and folders are waited for, by their path."""


class Saves:
    """Knows which saves are new: a system tells of one several times, and an editor keeps files of its own."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, ...]] = {}

    def new(self, *places: str) -> bool:
        """Tell whether one of these files is another than when it was asked of last."""
        found = [self._is_new(place) for place in places if not Path(place).name.startswith((".", "#"))]
        return any(found)

    def _is_new(self, place: str) -> bool:
        if not place or place.endswith("~"):
            return False
        try:
            state = os.stat(place)
            now: tuple[int, ...] = (state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
        except OSError:
            now = ()
        before = self._known.get(place)
        self._known[place] = now
        return now != before


class _Server(LiveReloadServer):
    """Knows what it watches, by `places`, and has files made that are asked for: `late` gives them by their paths.

    It hears of changes from the system at once, and by looking, where the system tells nothing; of each it builds once.
    """

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Answer until it is told to end, which may be before it has begun: then its socket is closed already."""
        try:
            super().serve_forever(poll_interval)
        except (OSError, ValueError):
            if self.fileno() != -1:
                raise

    def __init__(self, config: MkDocsConfig, root: Path) -> None:
        host, port = config.dev_addr
        super().__init__(lambda: None, host, port, str(root), urlsplit(config.site_url or "/").path)
        self.places: list[Path] = []
        self.late: Callable[[str], bytes | None] = lambda path: None
        self._made_late: list[Path] = []
        self._saves = Saves()
        self._quick = Observer()
        self._heard = FileSystemEventHandler()
        self._heard.on_any_event = self._hear  # type: ignore[method-assign]

    def watch(self, path: str, func: None = None, *, recursive: bool = True) -> None:
        place = Path(path).resolve()
        if place in self.places:
            return
        self.places.append(place)
        # MkDocs' own way of hearing would build for whatever is told.
        self._watched_paths[str(place)] = 1
        self._watch_refs[str(place)] = self.observer.schedule(self._heard, str(place), recursive=recursive)
        with contextlib.suppress(OSError):  # there are only so many places that a system watches
            self._quick.schedule(self._heard, str(place), recursive=recursive)

    def listen(self) -> None:
        """Begin to hear of changes."""
        self.observer.start()
        with contextlib.suppress(OSError):
            self._quick.start()

    def shutdown(self, wait: bool = False) -> None:
        """End it."""
        if self._quick.is_alive():
            self._quick.stop()
        super().shutdown(wait)

    def forget_late(self) -> None:
        """Remove the files that were asked for: they may be of an earlier text."""
        while self._made_late:
            self._made_late.pop().unlink(missing_ok=True)

    def _hear(self, event: FileSystemEvent) -> None:
        # The system also tells that a file was read, which a build does.
        if event.is_directory or event.event_type not in ("created", "modified", "moved", "deleted"):
            return
        with self._rebuild_cond:
            if self._saves.new(os.fsdecode(event.src_path), os.fsdecode(event.dest_path)):
                self._want_rebuild = True
                self._rebuild_cond.notify_all()

    def _serve_request(self, environ: Any, start_response: Any) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        try:
            self._make_late(posixpath.normpath(f"/{path.removeprefix(self.mount_path)}").lstrip("/"))
        except (FindingsError, RepositoryError) as error:
            start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
            return [_reason(error).encode()]
        return super()._serve_request(environ, start_response)

    def _make_late(self, path: str) -> None:
        place = Path(self.root, *path.split("/"))
        content = None if place.exists() else self.late(path)
        if content is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            self._made_late.append(place)


def preview(config_file: Path, address: str, listener: Listener, *, trusted: bool = False) -> None:
    """Serve the site of a `mkdocs.yml` at an address, HOST:PORT, until somebody interrupts.

    Raises RepositoryError if the first build fails, OSError if the address cannot be had, and FindingsError for what
    the configuration may not ask for unless it is `trusted`.
    """
    # Pages that did not change are passed over: the plugin knows them, which MkDocs cannot know.
    logging.getLogger("mkdocs.commands.build").addFilter(lambda record: "'dirty' build" not in str(record.msg))
    with temporary_folder() as folder, contextlib.ExitStack() as stack:
        site = folder / "site"
        config = _configuration(config_file, site, address, trusted)
        plugin = plugin_of(config)
        config.plugins.on_startup(command="serve", dirty=True)
        stack.callback(config.plugins.on_shutdown)
        server = _Server(config, site)
        stack.callback(server.shutdown)
        server.server_bind()
        plugin.progress = listener.progress

        def make(config: MkDocsConfig | None = None) -> str:
            listener.building(server.url)
            server.forget_late()
            begun = time.monotonic()
            problem = ""
            said: list[str] = []
            try:
                with explained(config_file.parent) as said:
                    config = config or _configuration(config_file, site, address, trusted)
                    config.site_url = server.url
                    build(config, serve_url=server.url, dirty=True)
            except (RepositoryError, FindingsError, OSError) as error:
                problem = _reason(error)
            listener.built(Built(time.monotonic() - begun, () if problem else plugin.findings, said, problem))
            return problem

        def again() -> None:
            try:
                make()
            except Exception as error:  # a look can be wrong in any way, and the next change may mend it
                listener.built(Built(0, (), (), f"{type(error).__name__}: {error}"))

        server.builder = again
        server.late = partial(plugin.late, config_file.resolve().parent)
        server.error_handler = lambda code: _error_page(site, code)
        _watch(server, config, config_file)
        server.listen()
        # `serve` is not to do it again: the first build may take long, and what changes meanwhile counts.
        server.server_bind = server.observer.start = lambda: None  # type: ignore[method-assign]
        if problem := make(config):
            raise RepositoryError(f"the site cannot be built: {problem}", "mend that, and start again")
        listener.serving(server.url, list(_outermost(server.places, config_file.parent)))
        server.serve()  # type: ignore[no-untyped-call]


def _configuration(config_file: Path, site: Path, address: str, trusted: bool) -> MkDocsConfig:
    with listening() as said:
        try:
            return configuration(config_file, trusted=trusted, site_dir=str(site), dev_addr=address)
        except MkDocsException as error:
            reasons = "; ".join(said) or str(error)
            raise RepositoryError(f"mkdocs.yml cannot be used: {reasons}", "correct it") from error


def _watch(server: _Server, config: MkDocsConfig, config_file: Path) -> None:
    for place in (config.docs_dir, str(config_file)):
        server.watch(place)
    config.plugins.on_serve(server, config=config, builder=server.builder)
    for place in config.watch:
        server.watch(place)


def _outermost(places: Sequence[Path], root: Path) -> Iterator[str]:
    """Yield the places, each once, and none that lies in another; as a person in the repository writes them."""
    for place in dict.fromkeys(places):
        if not any(other in place.parents for other in places):
            name = place.relative_to(root).as_posix() if place.is_relative_to(root) else str(place)
            yield f"{name}/" if place.is_dir() else name


def _error_page(site: Path, code: int) -> bytes | None:
    page = site / f"{code}.html"
    return page.read_bytes() if page.is_file() else None


def _reason(error: Exception | SystemExit) -> str:
    if isinstance(error, FindingsError):
        return "; ".join(f"{each.path}, line {each.line}: {each.message}" for each in error.findings)
    return str(error.strerror or error) if isinstance(error, OSError) else str(error) or type(error).__name__
