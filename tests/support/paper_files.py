"""Papers of others as tests need them: PDFs of some pages, scans, Word files, and what is hostile or broken."""

from __future__ import annotations

import io
import zipfile

import pikepdf
from pikepdf import Dictionary, Name

LEASE = (
    "Lease of a boathouse between Heron Boatworks Ltd and Marsh Lane Rowing Club",
    "from May 1, 2026 to 30 April 2029 on ninety (90) days' notice; rent GBP 1,250,000.00",
)
"""The pages of a lease."""

_BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
_PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


def pdf(*pages: str, password: str = "") -> bytes:
    """Return a PDF whose pages say these words, in which "" makes a page a picture."""
    made = pikepdf.new()
    font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for text in pages:
        page = made.add_blank_page(page_size=(595, 842))
        page.Resources = Dictionary(Font=Dictionary(F0=font))
        words = text.replace("\\", "").replace("(", "\\(").replace(")", "\\)")
        page.Contents = made.make_stream(
            f"BT /F0 9 Tf 40 780 Td ({words}) Tj ET".encode() if text else b"0 0 300 300 re f"
        )
    out = io.BytesIO()
    encryption = pikepdf.Encryption(owner="o", user=password) if password else False
    made.save(out, deterministic_id=not password, encryption=encryption)
    return out.getvalue()


def docx(*paragraphs: str, body: str = "", extra: str = "") -> bytes:
    """Return a Word file of these paragraphs, or of a body as it stands."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        told = "".join(map(_PARAGRAPH.format, paragraphs))
        package.writestr("word/document.xml", body or extra + _BODY.format(told))
    return out.getvalue()
