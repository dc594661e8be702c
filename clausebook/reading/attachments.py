"""The files attached to a PDF, read as what they are: bytes from outside."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from typing import Any

import pikepdf

from clausebook.reading.bounds import MAX_DEPTH, Budget, PdfTextError, bounded_memory

MOST_FILES = 64
"""How many attachments are looked at."""


class AttachmentsError(Exception):
    """The attachments cannot be read; the message says why."""


def attachments(pdf: bytes, wanted: Collection[str] = ()) -> tuple[tuple[str, bytes], ...]:
    """Return name and content of each attached file, a name as often as it occurs.

    `wanted` names those whose content is read; empty for all. Of the others no more than the name is told.
    Raise AttachmentsError if the PDF cannot be read.
    """
    try:
        with bounded_memory(), pikepdf.open(io.BytesIO(pdf)) as opened:
            return tuple(_files(opened, wanted, Budget()))
    except pikepdf.PasswordError as error:
        raise AttachmentsError("the PDF is encrypted") from error
    except AttachmentsError:
        raise
    except PdfTextError as error:
        raise AttachmentsError("an attached file is too large, or packed in an unusual way") from error
    except Exception as error:  # the library raises many types on damaged files
        raise AttachmentsError(f"the PDF is damaged: {error}") from error


def _files(pdf: pikepdf.Pdf, wanted: Collection[str], budget: Budget) -> Iterator[tuple[str, bytes]]:
    names: Any = pdf.Root.get("/Names")
    tree = names.get("/EmbeddedFiles") if isinstance(names, pikepdf.Dictionary) else None
    listed: Any = pdf.Root.get("/AF")
    found: list[Any] = list(_specifications(tree, budget))
    known = {each.objgen for each in found if each.is_indirect}
    for each in listed if isinstance(listed, pikepdf.Array) else ():
        # What is associated is attached, whether or not it is also in the list of attachments.
        if isinstance(each, pikepdf.Dictionary) and not (each.is_indirect and each.objgen in known):
            found.append(each)
    if len(found) > MOST_FILES:
        raise AttachmentsError(f"it has more than {MOST_FILES} attachments")
    for each in found:
        name = str(each.get("/UF", each.get("/F", "")))
        if wanted and name not in wanted:
            yield name, b""
            continue
        embedded: Any = each.get("/EF")
        held = [embedded[key] for key in embedded.keys()] if isinstance(embedded, pikepdf.Dictionary) else []  # noqa: SIM118
        # One name may stand for another file on each kind of machine.
        yield from (
            (name, each) for each in {budget.admit(one): None for one in held if isinstance(one, pikepdf.Stream)}
        )


def _specifications(tree: Any, budget: Budget) -> Iterator[Any]:
    """Yield the file specifications of a name tree."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        budget.step()
        if depth > MAX_DEPTH:
            raise AttachmentsError("its list of attachments is nested too deeply")
        if not isinstance(node, pikepdf.Dictionary):
            continue
        names: Any = node.get("/Names")
        if isinstance(names, pikepdf.Array):
            budget.step(len(names))
            for index in range(1, len(names), 2):
                if isinstance(names[index], pikepdf.Dictionary):
                    yield names[index]
        kids: Any = node.get("/Kids")
        if isinstance(kids, pikepdf.Array):
            budget.step(len(kids))
            waiting += [(kid, depth + 1) for kid in reversed(list(kids))]
