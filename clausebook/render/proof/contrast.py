"""Whether a colour shows on another, by the measure of WCAG 2."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

LEAST = 3.0
"""The least contrast between words and what is beneath them: what WCAG 2 asks of large print."""

WHITE = (1.0, 1.0, 1.0)


@lru_cache(maxsize=1024)
def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the contrast ratio of two colours, each of red, green and blue from 0 to 1: from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Sequence[float]) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
