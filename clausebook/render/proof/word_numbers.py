"""The numbers that a word processor prints by itself, resolved from a DOCX file's numbering and styles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from clausebook.render.docx.automatic_numbers import spell

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def value(element: Element | None, name: str, default: str = "", of: str = "val") -> str:
    """Return an attribute of a child element, or of none the default."""
    child = element.find(W + name) if element is not None else None
    return default if child is None else child.get(W + of, default)


class _Level(NamedTuple):
    """What the level of a numbering says: where it begins anew, if it does, its kind, its text and what follows."""

    abstract: str
    override: str
    element: Element
    kind: str
    text: str
    after: str


class Numbers:
    """Word's counters: one set for each abstract numbering, whatever the number of its instances."""

    def __init__(self, numbering: Element, styles: Mapping[str, Element]) -> None:
        self._styles = styles
        self._levels: dict[str, dict[int, Element]] = {
            abstract.get(f"{W}abstractNumId", ""): {
                int(level.get(f"{W}ilvl", "0")): level for level in abstract.findall(f"{W}lvl")
            }
            for abstract in numbering.findall(f"{W}abstractNum")
        }
        self._nums = {num.get(f"{W}numId", ""): num for num in numbering.findall(f"{W}num")}
        self._counters: dict[str, dict[int, int]] = {}
        self._known: dict[tuple[str, int], _Level] = {}
        self._begun: set[tuple[str, int]] = set()
        self._by_style: dict[str, tuple[str, int]] = {}

    def label(self, properties: Element | None) -> tuple[str, Element | None]:
        """Return the number in front of a paragraph, by its properties, and the level that it is of."""
        num, at = self._place(properties)
        if num == "0":
            return "", None
        if (num, at) not in self._known:
            self._known[num, at] = self._level(num, at)
        abstract, override, level, kind, text, after = self._known[num, at]
        counters = self._counters.setdefault(abstract, {})
        if override and (num, at) not in self._begun:
            counters[at] = int(override)
        elif at in counters:
            counters[at] += 1
        else:
            counters[at] = int(value(level, "start", "0"))
        self._begun.add((num, at))
        for deeper in [other for other in counters if other > at]:
            del counters[deeper]
        if kind in ("bullet", "none"):
            return "", level
        for upper in range(at + 1):
            if f"%{upper + 1}" in text:
                form = value(self._levels[abstract][upper], "numFmt", "decimal")
                text = text.replace(f"%{upper + 1}", spell(counters[upper], form))
        return text + after, level

    def _level(self, num: str, at: int) -> _Level:
        abstract = value(self._nums[num], "abstractNumId")
        level = self._levels[abstract][at]
        override = self._nums[num].find(f"{W}lvlOverride[@{W}ilvl='{at}']")
        return _Level(
            abstract,
            value(override, "startOverride"),
            level,
            value(level, "numFmt", "decimal"),
            value(level, "lvlText"),
            "" if value(level, "suff") == "nothing" else " ",
        )

    def _place(self, properties: Element | None) -> tuple[str, int]:
        direct = properties.find(f"{W}numPr") if properties is not None else None
        if direct is not None:
            return value(direct, "numId", "0"), int(value(direct, "ilvl", "0"))
        style = value(properties, "pStyle", "Normal")
        if style not in self._by_style:
            self._by_style[style] = self._of_style(style)
        return self._by_style[style]

    def _of_style(self, name: str) -> tuple[str, int]:
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            style: Any = self._styles.get(name)
            given = style.find(f"{W}pPr/{W}numPr") if style is not None else None
            if given is not None:
                num = value(given, "numId", "0")
                if num == "0":
                    return "0", 0
                levels = self._levels[value(self._nums[num], "abstractNumId")]
                linked = [level for level, element in levels.items() if value(element, "pStyle") == name]
                return num, linked[0] if linked else int(value(given, "ilvl", "0"))
            name = value(style, "basedOn")
        return "0", 0
