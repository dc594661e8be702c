"""A time-stamping authority (RFC 3161) and a list of revoked certificates, served on this machine for tests."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import tsp
from pyhanko.keys.internal import translate_pyca_cryptography_key_to_asn1
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.support import signing_keys


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """Serve, and give the address; `/broken` below it answers nonsense, and `/root.crl` lists no certificate."""
    pair = signing_keys.authority()
    store = SimpleCertificateStore()
    store.register(signing_keys.root().asn1)
    stamper = DummyTimeStamper(pair.asn1, translate_pyca_cryptography_key_to_asn1(pair.key), store)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/broken":
                self._answer(b"no time today", "text/plain")
            else:
                self._answer(stamper.request_tsa_response(asked).dump(), "application/timestamp-reply")

        def do_GET(self) -> None:
            self._answer(signing_keys.crl_of(signing_keys.root()), "application/pkix-crl")

        def _answer(self, content: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
