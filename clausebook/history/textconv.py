"""Show an agreement's file to git as the contract's words: what a diff driver compares line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    Item,
    ItemList,
    Paragraph,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    Table,
)
from clausebook.document.walk import data_pointers
from clausebook.document.words import text_of
from clausebook.findings.characters import without_hidden
from clausebook.findings.model import Finding, RepositoryError
from clausebook.findings.pointers import escaped
from clausebook.history.sources import sources
from clausebook.load.yaml import Data, load_yaml
from clausebook.repository import user_cache
from clausebook.repository.agreement_files import FOLDER, is_id, path_in
from clausebook.repository.engine import engine
from clausebook.repository.hashed import HashedDisk
from clausebook.repository.overlaid import Overlaid
from clausebook.repository.tree import DiskTree

INDENT = "  "
"""Before all that is no heading: git names the last line without it at the top of each change."""

_SENTENCE_END = re.compile(r"(?:(?<=\w{4}[.?!])|(?<=[)”][.?!])) (?![a-z])")
"""After a word long enough to be no abbreviation; where a line breaks is of no account to the words."""


class CannotShow(Exception):
    """The content is no agreement that could be assembled; the message says why, in one line."""


def textconv(file: Path, root: Path) -> bytes:
    """Return what git compares for a file that holds an agreement of any time: its words, in UTF-8.

    It is assembled with the library of the work tree at `root`; the file's name and place are of no account. What
    cannot be assembled comes back unchanged after a comment that says why. Raises OSError if the file cannot be read.
    """
    content = file.read_bytes()
    try:
        return _words(content, root)
    except CannotShow as error:
        why = str(error)
    except RepositoryError as error:
        why = error.message
    except Exception as error:  # git shows no difference at all when this fails
        why = f"Clausebook itself failed on it: {type(error).__name__}: {error}"
    return f"# Not shown in the contract's words: {_one_line(why)}\n".encode() + content


def plain_text(document: Document) -> Iterator[str]:
    """Yield the document's lines: headings and sentences each on a line of its own, all but headings indented."""
    yield document.kind
    yield document.title
    for part in document.parts():
        match part:
            case Section() | Schedule():
                yield from ("", f"{part.number} {part.title}")
            case Clause():
                yield ""
                if part.number or part.title:
                    yield _one_line(f"{part.number} {part.title}")
                yield from _blocks(part.blocks, INDENT)
            case SignatureBlock():
                yield from ("", _one_line(text_of(part.heading)))
                for line in part.lines:
                    yield INDENT + _one_line(f"{line.label} {text_of(line.runs)}")
            case Definition():
                yield from _blocks(part.blocks, INDENT)


def unspoken(document: Document, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each value that no word of the document came from, so that no change of data is hidden."""
    spoken = {"/title"}.union(*map(data_pointers, document.parts()))
    for pointer, value in _leaves(data, ""):
        parts = pointer.split("/")
        if not any("/".join(parts[:length]) in spoken for length in range(2, len(parts) + 1)):
            yield f"{INDENT}{pointer} {json.dumps(value, ensure_ascii=False)}"


class _Overlaid(Overlaid, HashedDisk):
    """The work tree with one file's content replaced, or the file added."""

    def __init__(self, root: Path, path: str, content: bytes) -> None:
        HashedDisk.__init__(self, root)
        Overlaid.__init__(self, DiskTree(root), {path: content})


def _words(content: bytes, root: Path) -> bytes:
    agreement = _id_of(content)
    known = path_in(HashedDisk(root), agreement)
    tree = _Overlaid(root, known, content)
    origin = sources(tree, agreement)
    assembled = partial(_assembled, tree, agreement, known)
    return user_cache.kept("git-words", (engine(), origin.key), assembled) if origin else assembled()


def _id_of(content: bytes) -> str:
    loaded = load_yaml(content, FOLDER)
    data: Data = loaded.value
    if not isinstance(data, dict):
        raise CannotShow(_first(loaded.findings) or "it holds no agreement")
    agreement = data.get("id")
    if not isinstance(agreement, str) or not is_id(agreement):
        raise CannotShow("it has no `id` that could be one")
    return agreement


def _assembled(tree: _Overlaid, agreement: str, path: str) -> bytes:
    from clausebook.language.sandbox import Sandbox
    from clausebook.library.bundle import TypeBundle
    from clausebook.project.project import Project
    from clausebook.repository.agreement_files import AgreementFile

    kinds: dict[str, TypeBundle] = {}
    with Sandbox() as sandbox:
        found = Project(tree.root, sandbox, kinds, None, tree).assemble(AgreementFile(agreement, path))
    if found.document is None:
        of_types = (finding for bundle in kinds.values() for finding in bundle.findings)
        raise CannotShow(_first((*found.findings, *of_types)) or "it cannot be assembled")
    rest = list(unspoken(found.document, found.data))
    lines = [*plain_text(found.document), *(("", "Data that is not in the words", *rest) if rest else ())]
    return "".join(f"{line}\n" for line in lines).encode()


def _first(findings: Iterable[Finding]) -> str:
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        return ""
    line = f" (line {errors[0].line})" if errors[0].line and errors[0].path.startswith(FOLDER) else ""
    more = f"; and {len(errors) - 1} more" if len(errors) > 1 else ""
    return f"{errors[0].message}{line}{more}"


def _blocks(blocks: Iterable[Block], indent: str) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph():
                yield from _sentences(block.runs, indent, indent)
            case ItemList():
                for item in block.items:
                    yield from _item(item, indent)
            case Table():
                for row in (block.header, *block.rows):
                    yield f"{indent}| {' | '.join(_one_line(text_of(cell)) for cell in row)} |"


def _item(item: Item, indent: str) -> Iterator[str]:
    deeper = indent + INDENT
    blocks, lead = list(item.blocks), f"{indent}{item.number or '-'} "
    if blocks and isinstance(blocks[0], Paragraph):
        yield from _sentences(blocks[0].runs, lead, deeper)
        del blocks[0]
    else:
        yield lead.rstrip()
    yield from _blocks(blocks, deeper)


def _sentences(runs: Runs, first: str, indent: str) -> Iterator[str]:
    text = _one_line(text_of(runs))
    for number, sentence in enumerate(_SENTENCE_END.split(text) if text else ()):
        yield (indent if number else first) + sentence


def _leaves(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Yield each scalar, and each empty collection, with its JSON pointer."""
    if isinstance(value, Mapping) and value:
        for key, held in value.items():
            yield from _leaves(held, f"{pointer}/{escaped(key)}")
    elif isinstance(value, list) and value:
        for index, held in enumerate(value):
            yield from _leaves(held, f"{pointer}/{index}")
    else:
        yield pointer, value


def _one_line(text: str) -> str:
    return " ".join(without_hidden(text).split())
