"""How much work, memory and nesting a PDF from outside may ask for."""

from __future__ import annotations

import contextlib
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

MAX_DEPTH = 64
_STEPS = 4_000_000
_MAX_STREAM = 1 << 20
_MAX_TOTAL = 1 << 25
_MAX_DECODED = 1 << 26
_FLATE = (pikepdf.Name("/FlateDecode"), pikepdf.Array([pikepdf.Name("/FlateDecode")]))
_LIMITS_LOCK = threading.Lock()


class PdfTextError(Exception):
    """The file is no PDF, has no structure tree, is damaged, or asks for too much work."""


@contextlib.contextmanager
def bounded_memory() -> Iterator[None]:
    """Bound what the library unpacks by itself (object streams), where its version can."""
    bound = getattr(pikepdf.settings, "set_qpdf_limits", None)
    if bound is None:
        yield
        return
    with _LIMITS_LOCK:
        before = bound(flate_max_memory=_MAX_DECODED, png_max_memory=_MAX_DECODED, run_length_max_memory=_MAX_DECODED)
        try:
            yield
        finally:
            bound(**before)


@dataclass(slots=True)
class Budget:
    """Work left: objects, operators and map entries; bytes of streams decoded."""

    steps: int = _STEPS
    octets: int = _MAX_TOTAL

    def step(self, count: int = 1) -> None:
        """Take steps off the budget. Raise PdfTextError when it is used up."""
        self.steps -= count
        if self.steps < 0:
            raise PdfTextError("the PDF is too complex")

    def admit(self, stream: pikepdf.Stream) -> bytes:
        """Return the decoded bytes of a stream that is not too large."""
        content = stream.read_raw_bytes()
        if "/Filter" in stream:
            if stream.get("/Filter") not in _FLATE or "/DecodeParms" in stream:
                raise PdfTextError("the PDF's pages are packed in an unusual way")
            content = zlib.decompressobj().decompress(content, _MAX_STREAM + 1)
        self.octets -= len(content)
        if len(content) > _MAX_STREAM or self.octets < 0:
            raise PdfTextError("the PDF's pages are too large")
        return content
