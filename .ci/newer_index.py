#!/usr/bin/env python3
"""Serve an index with credentials and a newer, broken release of everything: `newer_index.py UPSTREAM LOG`.

Prints its port. Pages come from the index UPSTREAM; files are fetched from where it says. LOG gets a line a page.
"""

from __future__ import annotations

import base64
import re
import sys
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

UPSTREAM, LOG = sys.argv[1].rstrip("/"), sys.argv[2]
NEEDED = "Basic " + base64.b64encode(b"clerk:word-of-the-index").decode()


class Index(BaseHTTPRequestHandler):
    """Answers for /simple/NAME/."""

    def do_GET(self) -> None:
        """Answer with the upstream's page and a newer release on top of it."""
        name = self.path.strip("/").rpartition("/")[2]
        if self.headers.get("Authorization") != NEEDED:
            self._answer(401, b"")
        elif not self.path.startswith("/simple/") or name.endswith(".whl"):
            self._answer(200, b"no wheel")
        else:
            page = f"{UPSTREAM}/{name}/"
            request = urllib.request.Request(page, headers={"Accept": "text/html"})
            with urllib.request.urlopen(request) as answer:
                text = answer.read().decode()
            with open(LOG, "a", encoding="utf-8") as log:
                log.write(name + "\n")
            found = re.sub(r'href="([^"]+)"', lambda each: f'href="{urllib.parse.urljoin(page, each[1])}"', text)
            newer = f'<a href="{name.replace("-", "_")}-9999.0-py3-none-any.whl">newer</a></body>'
            self._answer(200, found.replace("</body>", newer).encode())

    def _answer(self, code: int, content: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        if code == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="index"')
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
