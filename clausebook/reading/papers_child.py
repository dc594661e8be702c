"""The child process that reads the papers of others."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any
from xml.etree import ElementTree

from clausebook.children.bounded import Channel
from clausebook.reading.pages import Characters, PagesError, flattened, opened, spoken, text_of

_MOST_PART = 64 << 20
"""Bytes of a part of a Word file, unpacked."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_APART = {f"{_WORD}{name}" for name in ("p", "tab", "br", "cr", "tc")}


def serve(channel: Channel) -> None:
    """Answer until the parent is gone."""
    for question, files in channel.questions():
        try:
            channel.tell(_pdf(files[0], question["pages"]) if question["kind"] == "pdf" else _word_file(files[0]))
        except PagesError as error:
            channel.tell({"problem": str(error)})


def _pdf(content: bytes, wanted: list[int]) -> dict[str, Any]:
    mute, texts = [], {}
    bound = Characters()
    with opened(content) as document:
        pages = len(document)
        for index in range(pages):
            with flattened(document, index) as page, text_of(page, bound) as text:
                if not text.count_chars():
                    mute.append(index + 1)
                elif index + 1 in wanted:
                    texts[index + 1] = spoken(text.get_text_range())
    return {"pages": pages, "mute": mute, "texts": texts}


def _word_file(content: bytes) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if _BODY not in package.namelist():
                raise PagesError("it is a ZIP, and no Word file")
            texts = [_words(package, name) for name in sorted(package.namelist()) if _is_text(name)]
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ElementTree.ParseError,
        OSError,
    ) as error:
        raise PagesError("it is a Word file that is damaged or encrypted") from error
    return {"pages": 0, "mute": [], "texts": {0: "\n".join(texts)}}


def _is_text(name: str) -> bool:
    return name == _BODY or (name.startswith(("word/header", "word/footer")) and name.endswith(".xml"))


def _words(package: zipfile.ZipFile, name: str) -> str:
    """Return the words of a part; what was deleted in tracked changes is none of them."""
    with package.open(name) as part:
        xml = part.read(_MOST_PART + 1)
    if len(xml) > _MOST_PART:
        raise PagesError(f"it holds more than {_MOST_PART >> 20} MiB of text")
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise PagesError("it declares entities, as no word processor does")
    words = []
    for element in ElementTree.fromstring(xml).iter():
        if element.tag == f"{_WORD}t":
            words.append(element.text or "")
        elif element.tag in _APART:
            words.append(" ")
    return "".join(words)
