"""A forge's API for tests, on this machine: the comments of one pull request, and what a run left."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "token-of-the-bot"


@dataclass
class Forge:
    """What the forge has. `comments` are those of the one pull request; `did` what was written, `asked` all calls."""

    pull: dict[str, Any]
    me: dict[str, Any]
    comments: list[dict[str, Any]] = field(default_factory=list)
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    archive: bytes = b""
    url: str = ""
    did: list[tuple[str, int]] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, author: dict[str, Any], body: str) -> None:
        """Let somebody comment."""
        self.comments.append({"id": len(self.comments) + 1, "user": author, "author": author, "body": body})

    def page(self, found: list[Any], query: dict[str, list[str]]) -> list[Any]:
        """Return the page that is asked for, of a hundred at the most."""
        size, number = int(query.get("per_page", ["30"])[0]), int(query.get("page", ["1"])[0])
        return found[(number - 1) * size : number * size]

    def answer(self, method: str, address: str, data: Any) -> Any:
        """Answer a call; None if there is no such thing."""
        parts = urlsplit(address)
        path, query = parts.path, parse_qs(parts.query)
        if method == "GET" and re.search(r"/(comments|notes)$", path):
            return self.page(self.comments, query)
        if method == "POST":
            self.add(self.me, data["body"])
            self.did.append(("made", self.comments[-1]["id"]))
            return self.comments[-1]
        if found := re.search(r"/(?:comments|notes)/([0-9]+)$", path):
            comment = next(each for each in self.comments if each["id"] == int(found[1]))
            comment["body"] = data["body"]
            self.did.append(("changed", comment["id"]))
            return comment
        if path.endswith("/artifacts"):
            return {"artifacts": self.page(self.artifacts, query)}
        if path.endswith("/user"):
            return self.me
        if re.search(r"/(pulls|merge_requests)/[0-9]+$", path):
            return self.pull
        return None


@contextmanager
def serving(forge: Forge) -> Iterator[Forge]:
    """Serve it on a free port. An artifact is had from another host, as forges do."""

    class Handler(BaseHTTPRequestHandler):
        def handle_call(self) -> None:
            """Answer one call."""
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            key = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
            forge.asked.append((self.command, self.path, key))
            if self.path.endswith("/zip"):
                self.send_response(302)
                self.send_header("Location", f"{forge.url.replace('127.0.0.1', 'localhost')}/blob")
                self.end_headers()
                return
            if self.path == "/blob":
                self._send(200, forge.archive)
                return
            if TOKEN not in key:
                self._send(401, b"{}")
                return
            found = forge.answer(self.command, self.path, json.loads(sent) if sent else None)
            self._send(404 if found is None else 200, json.dumps(found).encode())

        def _send(self, code: int, content: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    for method in ("GET", "POST", "PATCH", "PUT"):
        setattr(Handler, f"do_{method}", Handler.handle_call)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    forge.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
