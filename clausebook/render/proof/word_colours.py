"""The colours of WordprocessingML, as they are written."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from clausebook.render.proof.contrast import WHITE
from clausebook.render.proof.word_numbers import W

PALE = {"yellow": (1.0, 1.0, 0.0), "white": WHITE, "lightGray": (0.83,) * 3, "cyan": (0.0, 1.0, 1.0)}
"""The colours of highlighting by name."""


def fill(shade: Element | None, beneath: tuple[float, ...]) -> tuple[float, ...]:
    """Return the colour of a shading, or what is beneath it."""
    if shade is None or shade.get(f"{W}val") in ("nil", None):
        return beneath
    if shade.get(f"{W}val") != "clear":
        return (0.0,) * 3
    return rgb(shade.get(f"{W}fill", "auto"), beneath)


def rgb(written: str, other: tuple[float, ...]) -> tuple[float, ...]:
    """Return a colour as shares of red, green and blue; `other` if it is written in another way."""
    try:
        red, green, blue = bytes.fromhex(written)
    except ValueError:
        return other
    return red / 255, green / 255, blue / 255
