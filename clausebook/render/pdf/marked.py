"""Take marked sequences out of a page: the words of a field's value become the field's own drawing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import pikepdf


@dataclass(slots=True)
class Taken:
    """What stood in one marked sequence: its operators, where it begins, the extent of its text in points."""

    matrix: pikepdf.Matrix
    operators: list[Any] = field(default_factory=list)
    bottom: float = float("inf")
    top: float = float("-inf")


def take(page: pikepdf.Page, numbers: Collection[int]) -> tuple[bytes, dict[int, Taken]]:
    """Return the page's operators without the marked sequences of those numbers, and what was in them."""
    kept: list[Any] = []
    found: dict[int, Taken] = {}
    matrix, stack = pikepdf.Matrix(), []
    taken: Taken | None = None
    depth, size = 0, 0.0
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "BDC" and taken is None:
            number = _number(instruction.operands)
            if number in numbers:
                taken = found.setdefault(number, Taken(matrix))
                depth = 0
                continue
        elif operator in ("BDC", "BMC"):
            depth += 1
        elif operator == "EMC" and taken is not None:
            if depth == 0:
                taken = None
                continue
            depth -= 1
        elif operator == "q":
            stack.append(matrix)
        elif operator == "Q":
            matrix = stack.pop()
        elif operator == "cm":
            matrix = pikepdf.Matrix(*map(float, instruction.operands)) @ matrix
        if taken is None:
            kept.append(instruction)
            continue
        taken.operators.append(instruction)
        if operator == "Tf":
            size = float(instruction.operands[1])
        elif operator == "Tm":
            _, baseline = (pikepdf.Matrix(*map(float, instruction.operands)) @ matrix).transform((0, 0))
            taken.bottom = min(taken.bottom, float(baseline) - 0.25 * size)
            taken.top = max(taken.top, float(baseline) + 0.85 * size)
    return pikepdf.unparse_content_stream(kept), found


def drawing(parts: Collection[Taken], left: float, bottom: float) -> bytes:
    """Return operators that draw what was taken, from a new origin."""
    written = [b"/Tx BMC\nq\n1 0 0 1 %b %b cm" % (decimal(-left), decimal(-bottom))]
    for part in parts:
        placed = b" ".join(map(decimal, part.matrix.shorthand))
        written.append(b"q\n%b cm\n%b\nQ" % (placed, pikepdf.unparse_content_stream(part.operators)))
    return b"\n".join((*written, b"Q\nEMC"))


def decimal(value: float) -> bytes:
    """Return a number as PDF writes it, to a fraction of a point."""
    return f"{value:.5f}".rstrip("0").rstrip(".").encode()


def _number(operands: Any) -> int:
    given = operands[1] if len(operands) > 1 else None
    number: Any = given.get("/MCID", -1) if isinstance(given, pikepdf.Dictionary) else -1
    return int(number)
