"""A real browser, Chromium, that opens pages of a built site at a sub-path of a server of the test's own."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedReader, RawIOBase
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import sleep
from typing import Any

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
    return read_html(_run(address, *options, "--dump-dom"), strict=False)


def printed(address: str, *options: str) -> bytes:
    """Open an address and return its page as it is printed, as PDF."""
    with TemporaryDirectory() as folder:
        _run(address, *options, f"--print-to-pdf={folder}/printed.pdf")
        return Path(folder, "printed.pdf").read_bytes()


def _run(address: str, *options: str) -> str:
    with TemporaryDirectory() as profile:
        command = [CHROMIUM or "chromium", "--headless", "--disable-gpu", f"--user-data-dir={profile}"]
        command += ["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []
        command += [f"--host-resolver-rules={_NOWHERE}", "--virtual-time-budget=30000", *options]
        done = subprocess.run([*command, address], capture_output=True, check=True, timeout=_TIMEOUT, text=True)
    return done.stdout


def awaited(address: str, expression: str) -> object:
    """Open an address and return what an expression gives as soon as it gives something true; None if it never does.

    A page's workers run in real time, which `opened` does not wait for. Chromium is spoken to through a pipe.
    """
    to_child, from_us = os.pipe()
    to_us, from_child = os.pipe()
    ours = [fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in (to_child, from_child)]

    def take_pipe() -> None:
        os.dup2(ours[0], 3)
        os.dup2(ours[1], 4)

    with TemporaryDirectory() as profile:
        command = [CHROMIUM or "chromium", "--headless", "--disable-gpu", f"--user-data-dir={profile}"]
        command += ["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []
        command += [f"--host-resolver-rules={_NOWHERE}", "--remote-debugging-pipe"]
        child = subprocess.Popen(command, preexec_fn=take_pipe, pass_fds=(3, 4), stderr=subprocess.DEVNULL)
        for each in (to_child, from_child, *ours):
            os.close(each)
        try:
            with open(from_us, "wb", buffering=0) as asking, open(to_us, "rb") as answers:
                return _found(asking, answers, address, expression)
        finally:
            child.terminate()
            child.wait()


def _found(asking: RawIOBase, answers: BufferedReader, address: str, expression: str) -> object:
    numbers = count(1)

    def ask(method: str, session: str = "", **given: object) -> dict[str, Any]:
        number = next(numbers)
        asked = {"id": number, "method": method, "params": given} | ({"sessionId": session} if session else {})
        asking.write(json.dumps(asked).encode() + b"\0")
        while True:
            said = bytearray()
            while (byte := answers.read(1)) != b"\0":
                assert byte, "Chromium has gone"
                said += byte
            answer = json.loads(said)
            if answer.get("id") == number:
                return dict(answer.get("result", {}))

    target = ask("Target.createTarget", url=address)["targetId"]
    session = ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for _ in range(_TIMEOUT * 5):
        found = ask("Runtime.evaluate", session, expression=expression, returnByValue=True)
        if value := found.get("result", {}).get("value"):
            return value
        sleep(0.2)
    return None


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
