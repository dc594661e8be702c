"""A real browser, Chromium, that opens pages of a built site at a sub-path of a server of the test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from tests.support.html_reader import Element, read_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BELOW = "/house/agreements/"
"""Where the site stands on the server."""

_NOWHERE = "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
_TIMEOUT = 120


@dataclass
class ServedSite:
    """A site while it is served: every request so far, with the bytes of its answer, and 0 for one without."""

    address: str
    requests: list[tuple[str, int]] = field(default_factory=list)

    def opened(self, page: str, *options: str) -> Element:
        """Open a page as `opened` does."""
        return opened(f"{self.address}{page}", *options)


def opened(address: str, *options: str) -> Element:
    """Open an address, wait until nothing moves on its page any more, and return what it is then."""
    with TemporaryDirectory() as profile:
        command = [CHROMIUM or "chromium", "--headless", "--disable-gpu", f"--user-data-dir={profile}"]
        command += ["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []
        command += [f"--host-resolver-rules={_NOWHERE}", "--virtual-time-budget=30000", *options, "--dump-dom"]
        done = subprocess.run([*command, address], capture_output=True, check=True, timeout=_TIMEOUT, text=True)
    return read_html(done.stdout, strict=False)


@contextmanager
def served(site: Path) -> Iterator[ServedSite]:
    """Serve a folder while the block runs."""
    known = ServedSite("")

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            inside = path.startswith(BELOW)
            return super().translate_path(path.removeprefix(BELOW.rstrip("/")) if inside else "/nothing-is-here")

        def send_head(self):  # type: ignore[no-untyped-def]
            file = Path(self.translate_path(self.path.partition("?")[0]))
            file = file / "index.html" if file.is_dir() else file
            known.requests.append((self.path, file.stat().st_size if file.is_file() else 0))
            return super().send_head()

        def log_message(self, *said: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        known.address = f"http://127.0.0.1:{server.server_address[1]}{BELOW}"
        try:
            yield known
        finally:
            server.shutdown()
            thread.join()
