"""An independent reader of HTML pages for the tests: text, ids, links. Knows nothing of the writer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(re.findall(r"\w+", "area base br col embed hr img input link meta param source track wbr"))

BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
        "header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul",
    )
)


@dataclass
class Element:
    """An element of a page: its tag, attributes and the text inside."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        """Return the text inside, with a line break at each edge of a block."""
        parts: list[str] = []
        self._collect(parts)
        return "".join(parts)

    def raw_text(self) -> str:
        """Return the text inside, with nothing added between elements."""
        return "".join(child if isinstance(child, str) else child.raw_text() for child in self.children)

    def words(self) -> list[str]:
        """Return the white-space separated words inside."""
        return self.text().split()

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Return the elements inside with this tag and these attributes, in order; `class_` for class."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        found: list[Element] = []
        for child in self.children:
            if isinstance(child, Element):
                if (not tag or child.tag == tag) and all(child.attributes.get(k) == v for k, v in wanted.items()):
                    found.append(child)
                found += child.all(tag, **attributes)
        return found

    def by_id(self, anchor: str) -> Element:
        """Return the one element with this id."""
        found = self.all(id=anchor)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} elements have the id {anchor!r}")
        return found[0]

    def ids(self) -> list[str]:
        """Return all ids inside, in order, repeated ones repeated."""
        return [element.attributes["id"] for element in self.all() if "id" in element.attributes]

    def shape(self) -> object:
        """Return the tags and attributes inside, without any text."""
        inside = [child.shape() for child in self.children if isinstance(child, Element)]
        return (self.tag, tuple(sorted(self.attributes.items())), tuple(inside))

    def _collect(self, parts: list[str]) -> None:
        if self.tag in ("script", "style", "template"):
            return
        edge = "\n" if self.tag in BLOCKS else ""
        parts.append(edge)
        for child in self.children:
            if isinstance(child, str):
                parts.append(child)
            else:
                child._collect(parts)
        parts.append(edge)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.problems.append(f"an attribute twice in <{tag}> at {self.getpos()}")
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag != tag:
            self.problems.append(f"</{tag}> closes <{self.open[-1].tag}> at {self.getpos()}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_html(html: str, *, strict: bool = True) -> Element:
    """Return the root of a page or a piece of one; `strict` refuses tags that are not balanced."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    problems = builder.problems + [f"<{element.tag}> is never closed" for element in builder.open[1:]]
    if strict and problems:
        raise AssertionError("; ".join(problems[:5]))
    return builder.root
