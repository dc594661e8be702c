"""Documents that are little more than their signature blocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from clausebook.document.model import Document, SignatureBlock, SignatureLine
from clausebook.document.outgoing import outgoing
from tests.support.sample_documents import plain, sample


def signatory(number: int, name: str = "", title: str = "", party: str = "p") -> SignatureBlock:
    return SignatureBlock(
        f"{party}-{number}",
        party,
        plain(f"Party {number}, Inc."),
        (
            SignatureLine("By:", "signature"),
            SignatureLine("Name:", "name", plain(name) if name else ()),
            SignatureLine("Title:", "title", plain(title) if title else ()),
            SignatureLine("Date:", "date"),
        ),
    )


def with_signatures(*blocks: SignatureBlock, **more: Any) -> Document:
    return outgoing(replace(sample(), sections=(), schedules=(), signatures=blocks, **more))
