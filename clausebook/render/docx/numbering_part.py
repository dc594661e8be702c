"""The numbering part: the reference package's, with the document's own formats and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from clausebook.render.docx.automatic_numbers import HeadingPlan, NumberFormat
from clausebook.render.docx.look import NUMBERING, find_abstract
from clausebook.render.docx.markup import escape

_LEVEL = re.compile(r'<w:lvl w:ilvl="(\d)".*?</w:lvl>', re.DOTALL)
_START = re.compile(r'<w:start w:val="[^"]*"/>')
_KIND = re.compile(r'<w:numFmt w:val="[^"]*"/>')
_TEXT = re.compile(r'<w:lvlText w:val="[^"]*"/>')
_IDENTITY = re.compile(r'<w:(?:nsid|tmpl|name) w:val="[^"]*"/>')
_ID = re.compile(r'w:abstractNumId="(\d+)"')
_NUM = re.compile(r'<w:num w:numId="(\d+)"')

LIST_LEVELS = 9


class ListNumbering:
    """Gathers the numberings that a document needs while its text is written."""

    def __init__(self, part: str) -> None:
        self._part = part
        scheme = _scheme(part)
        self._items = scheme.items
        self._kinds = scheme.kinds
        self._texts = scheme.texts
        self._next_abstract = scheme.next_abstract
        self._next_num = scheme.next_num
        self._abstracts: dict[tuple[int, str, str], tuple[int, str]] = {}
        self._apart: list[str] = []
        self._nums: list[str] = []

    def kind(self, level: int) -> str:
        """Return the number kind that the look gives to lists of a level."""
        return self._kinds[min(level, LIST_LEVELS - 1)]

    def add_list(self, depth: int, style: NumberFormat, apart: bool = False) -> int:
        """Return the id of a new `w:num` for one list, which starts at its format's own start.

        Lists of one format share an abstract numbering and start again at their first item.
        One that is `apart` has its own: its first item may come or go, and a start would go with it.
        """
        text = f"{style.before}%{depth + 1}{style.after}"
        if apart:
            return self._add_apart(depth, style, text)
        abstract = self._abstract(depth, style.kind, text)
        num = self._next_num
        self._next_num += 1
        self._nums.append(
            f'<w:num w:numId="{num}"><w:abstractNumId w:val="{abstract}"/><w:lvlOverride w:ilvl="{depth}">'
            f'<w:startOverride w:val="{style.start}"/></w:lvlOverride></w:num>'
        )
        return num

    def add_whole(self, depth: int, style: NumberFormat) -> int:
        """Return the id of a new `w:num` whose first level looks as a list's at a depth.

        A paragraph whose list and depth are tracked needs it: LibreOffice restores its numbering, but not its level.
        """
        levels = [level[0] for level in _LEVEL.finditer(self._items)]
        items = self._items.replace(levels[0], levels[depth].replace(f'w:ilvl="{depth}"', 'w:ilvl="0"'))
        return self._add_apart(0, style, f"{style.before}%1{style.after}", items)

    def part(self, sections: HeadingPlan, schedules: HeadingPlan) -> str:
        """Return the finished numbering part."""
        plans = [((plan.upper_format, plan.lower_format), plan.wide) for plan in (sections, schedules)]
        before, after, end = _with_headings(self._part, *plans)
        new = "".join([xml for _, xml in self._abstracts.values() if xml])
        return before + new + "".join(self._apart) + after + "".join(self._nums) + end

    def _add_apart(self, depth: int, style: NumberFormat, text: str, items: str = "") -> int:
        abstract, num = self._next_abstract, self._next_num
        self._next_abstract += 1
        self._next_num += 1
        self._apart.append(self._variant(abstract, depth, style.kind, text, style.start, items))
        self._nums.append(f'<w:num w:numId="{num}"><w:abstractNumId w:val="{abstract}"/></w:num>')
        return num

    def _abstract(self, depth: int, kind: str, text: str) -> int:
        key = (depth, kind, text)
        if key not in self._abstracts:
            if self._kinds[depth] == kind and self._texts[depth] == escape(text):
                self._abstracts[key] = (_number(self._items), "")
            else:
                number = self._next_abstract
                self._next_abstract += 1
                self._abstracts[key] = (number, self._variant(number, depth, kind, text))
        return self._abstracts[key][0]

    def _variant(self, number: int, depth: int, kind: str, text: str, start: int = 1, items: str = "") -> str:
        element = _IDENTITY.sub("", _ID.sub(f'w:abstractNumId="{number}"', items or self._items, count=1))
        return _with_level(element, depth, kind, text, start)


@dataclass(frozen=True, slots=True)
class _Scheme:
    """What a numbering part says of lists: the element, kind and text of each level, the next free ids."""

    items: str
    kinds: tuple[str, ...]
    texts: tuple[str, ...]
    next_abstract: int
    next_num: int


@lru_cache(maxsize=8)
def _scheme(part: str) -> _Scheme:
    items = find_abstract(part, "Items")
    levels = [level[0] for level in _LEVEL.finditer(items)]
    if len(levels) != LIST_LEVELS:
        raise ValueError(f"the list numbering of the DOCX reference package's {NUMBERING} needs nine levels")
    return _Scheme(
        items,
        tuple(_attribute(_KIND, level) for level in levels),
        tuple(_attribute(_TEXT, level) for level in levels),
        max(map(int, _ID.findall(part))) + 1,
        max(map(int, _NUM.findall(part))) + 1,
    )


_Levels = tuple[tuple[NumberFormat | None, NumberFormat | None], tuple[bool, bool]]


@lru_cache(maxsize=64)
def _with_headings(part: str, sections: _Levels, schedules: _Levels) -> tuple[str, str, str]:
    """Return the part up to its first `w:num`, the `w:num`s, and its end, with the formats of headings in it."""
    for name, levels in (("Sections", sections), ("Schedules", schedules)):
        old = element = find_abstract(part, name)
        for level, (style, wide) in enumerate(zip(*levels, strict=True)):
            if style:
                text = f"{style.before}%{level + 1}{style.after}"
                element = _with_level(element, level, style.kind, text, style.start, wide)
        part = part.replace(old, element)
    at = part.index("<w:num ")
    end = part.index("</w:numbering>")
    return part[:at], part[at:end], part[end:]


@lru_cache(maxsize=256)
def _with_level(element: str, level: int, kind: str, text: str, start: int, wide: bool = False) -> str:
    def mend(match: re.Match[str]) -> str:
        if int(match[1]) != level:
            return match[0]
        lvl = _START.sub(f'<w:start w:val="{start}"/>', match[0], count=1)
        lvl = _KIND.sub(f'<w:numFmt w:val="{kind}"/>', lvl, count=1)
        lvl = _TEXT.sub(lambda _: f'<w:lvlText w:val="{escape(text)}"/>', lvl, count=1)
        return lvl.replace("<w:lvlText ", '<w:suff w:val="space"/><w:lvlText ', 1) if wide else lvl

    return _LEVEL.sub(mend, element)


def _attribute(pattern: re.Pattern[str], level: str) -> str:
    found = pattern.search(level)
    if not found:
        raise ValueError(f"a level of the DOCX reference package's {NUMBERING} lacks a format or a text")
    return found[0].split('"')[1]


def _number(element: str) -> int:
    found = _ID.search(element)
    return int(found[1]) if found else 0
