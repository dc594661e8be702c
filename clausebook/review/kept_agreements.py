"""Drafts of a commit, kept in the user's cache: the same commit gives the same, whoever asks for it next."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any

from clausebook.assemble.left_to_standard import Silent
from clausebook.document.interchange import part_from_plain, part_to_plain
from clausebook.document.model import Block, Document
from clausebook.document.walk import kept, map_texts
from clausebook.findings.model import Finding, finding_data
from clausebook.findings.register import Rule
from clausebook.project.agreement import Agreement
from clausebook.project.project import MAKERS, MARKERS, Project
from clausebook.repository import user_cache
from clausebook.repository.agreement_files import AgreementFile
from clausebook.repository.engine import engine
from clausebook.repository.hashed import HashedTree
from clausebook.repository.tree import TreeError

MOST_TEXTS, MOST_DATA = 4096, 64
"""Texts of clauses and data of agreements that are shared by those that are read one after another."""

_SIZE = 4
_CACHE = "reviewed"


class KeptAgreements:
    """The agreements of a project that is read from a commit: each from the cache, or assembled and put there.

    What came of a record is read from it each time, and so is what could not be assembled: that may not last.
    """

    def __init__(self, project: Project, tree: HashedTree) -> None:
        self._project = project
        try:
            held = [tree.digest(name) for name in MARKERS]
            self._key = (engine(__name__, *MAKERS), str(project.judging), *held)
        except TreeError:
            self._key = ()

    def assemble(self, file: AgreementFile) -> Agreement:
        """Return an agreement as `Project.assemble` does."""
        key = (*self._key, file.path)
        content = user_cache.find(_CACHE, key) if self._key else None
        if content is not None:
            return self._read(file, content)
        found = self._project.assemble(file)
        if self._key and found.document and found.inputs and found.record is None:
            user_cache.keep(_CACHE, key, _written(found, found.document))
        return found

    def _read(self, file: AgreementFile, content: bytes) -> Agreement:
        first = int.from_bytes(content[:_SIZE])
        held: dict[str, Any] = json.loads(zlib.decompress(content[_SIZE : _SIZE + first]))
        texts, data = map(_text, _parts(content[_SIZE + first :], held["sizes"])), _data(held["data"])
        document = map_texts(part_from_plain(Document, held["document"]), lambda blocks: next(texts))
        return Agreement(
            file,
            data,
            replace(document, form=held["form"]),
            tuple(map(_finding, held["findings"])),
            self._project.inputs(file, data),
            silences=tuple(Silent(**each) for each in held["silences"]),
        )


def _written(agreement: Agreement, document: Document) -> bytes:
    """Return an agreement as JSON with its size before it, and the texts of clauses and definitions; all compressed."""
    texts: list[bytes] = []

    def keep(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        texts.append(_packed(blocks))
        return ()

    held = {
        "data": _json(agreement.data),
        "document": part_to_plain(map_texts(document, keep)),
        "sizes": list(map(len, texts)),
        "form": document.form,
        "findings": [
            finding_data(each) | {"declared": each.declared and asdict(each.declared)} for each in agreement.findings
        ],
        "silences": list(map(asdict, agreement.silences)),
    }
    head = _pressed(held)
    return b"".join((len(head).to_bytes(_SIZE), head, *texts))


def _parts(content: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    start = 0
    for size in sizes:
        yield content[start : start + size]
        start += size


@kept
def _packed(blocks: tuple[Block, ...]) -> bytes:
    return _pressed(part_to_plain(blocks))


def _pressed(value: object) -> bytes:
    return zlib.compress(_json(value).encode(), 1)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# What is the same on both sides, or in many agreements, is one object: it takes less room, and is compared at once.
@lru_cache(MOST_TEXTS)
def _text(content: bytes) -> tuple[Block, ...]:
    blocks: tuple[Block, ...] = part_from_plain(tuple[Block, ...], json.loads(zlib.decompress(content)))
    return blocks


@lru_cache(MOST_DATA)
def _data(content: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(content)
    return data


def _finding(held: dict[str, Any]) -> Finding:
    declared = held.pop("declared")
    del held["severity"]
    return Finding(**held, declared=Rule(**declared) if declared else None)
