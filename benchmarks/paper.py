"""Paper that was signed with ink, as a scanner makes it: pictures of the pages, askew, with strokes of a pen."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

import pikepdf
import pypdfium2
from pikepdf import Name

Stroke = tuple[float, float, float, float]
"""From where to where a pen goes, in points from the lower left corner."""

SIGNATURE: tuple[Stroke, ...] = ((150, 300, 190, 330), (190, 330, 210, 296), (210, 296, 262, 326), (262, 326, 300, 306))


def signed_paper(
    pdf: bytes,
    strokes: Sequence[Stroke] = SIGNATURE,
    pages: Sequence[int] | None = None,
    *,
    askew: bool = True,
    layer: Sequence[str] = (),
) -> bytes:
    """Return a scan of the printed PDF, with strokes on its last page; `layer` is what a scanner reads on each page.

    Pages are counted from 0, or from the last one as -1.
    """
    source = pypdfium2.PdfDocument(pdf)
    wanted = [index % len(source) for index in (pages if pages is not None else range(len(source)))]
    with pikepdf.new() as made:
        for place, index in enumerate(wanted):
            page = source[index]
            width, height = page.get_size()
            drawn = _inked(page.render(scale=2, grayscale=True), strokes if index == wanted[-1] else (), height)
            image = made.make_stream(
                zlib.compress(drawn[2]),
                Type=Name.XObject,
                Subtype=Name.Image,
                Filter=Name.FlateDecode,
                Width=drawn[0],
                Height=drawn[1],
                ColorSpace=Name.DeviceGray,
                BitsPerComponent=8,
            )
            new = made.add_blank_page(page_size=(width, height))
            new.add_resource(image, Name.XObject, Name("/Scan"))
            turn = "0.9998 0.02 -0.02 0.9998 4 -5 cm " if askew else ""
            new.contents_add(f"q {turn}{width} 0 0 {height} 0 0 cm /Scan Do Q".encode())
            if layer:
                font = pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
                new.add_resource(font, Name.Font, Name("/F"))
                said = (
                    layer[place].encode("latin-1", "replace").replace(b"\\", b"").replace(b"(", b"").replace(b")", b"")
                )
                new.contents_add(b"BT 3 Tr /F 1 Tf 10 400 Td (" + said + b") Tj ET")
        source.close()
        out = io.BytesIO()
        made.save(out, deterministic_id=True)
        return out.getvalue()


def _inked(bitmap: pypdfium2.PdfBitmap, strokes: Sequence[Stroke], height: float) -> tuple[int, int, bytes]:
    rows, stride, width, tall = bytearray(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height
    scale = tall / height
    for x1, y1, x2, y2 in strokes:
        for step in range(401):
            x, y = x1 + (x2 - x1) * step / 400, y1 + (y2 - y1) * step / 400
            for across in range(3):
                for down in range(3):
                    at = (int((height - y) * scale) + down) * stride + int(x * scale) + across
                    rows[at] = 30
    return width, tall, b"".join(bytes(rows[row * stride : row * stride + width]) for row in range(tall))
