"""Reads either text back out of a redline, each format by a reader of its own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Literal

import pikepdf
from markdown_it import MarkdownIt

from tests.support.html_reader import BLOCKS, Element, read_html
from tests.support.tagged_words import pdf_words

Side = Literal["old", "new"]

DROPPED = {"old": "inserted", "new": "deleted"}
MARKS = {"[-": "deleted", "{+": "inserted", "{>>": "note"}
ENDS = {"deleted": "-]", "inserted": "+}", "note": "<<}"}
TABLE_RULE = re.compile(r" *(\|-+)+\|")
STYLES = ("<strong>", "</strong>", "<em>", "</em>")


class Structure(Exception):
    """The redline holds something that no writer of ours writes."""


def text_words(text: str, side: Side) -> list[str]:
    """Return the words of one side from a redline in plain text."""
    lines = text.split("\n")
    first, last = (index for index, line in enumerate(lines) if line == "=" * 92)
    body = "\n".join(line for line in lines[first + 1 : last] if not TABLE_RULE.fullmatch(line))
    found, depth = "", 0
    for mark, part in _text_parts(body):
        if mark == "note":
            depth += part.startswith("Moved here") - part.startswith("end of what")
        elif mark != DROPPED[side] and not (depth and side == "old"):
            found += part
    return found.split()


def _text_parts(body: str) -> Iterator[tuple[str, str]]:
    """Yield each stretch of one mark, its escapes undone; bullets and bars of tables are spaces."""
    mark, found, index = "", "", 0
    while index < len(body):
        if body[index] == "\\":
            found += body[index + 1]
            index += 2
            continue
        here = [ENDS[mark]] if mark else list(MARKS)
        edge = next((each for each in here if body.startswith(each, index)), "")
        if edge:
            yield mark, found
            mark, found = ("" if mark else MARKS[edge]), ""
            index += len(edge)
        else:
            found += " " if body[index] in "|•¶" else body[index]
            index += 1
    if mark:
        raise Structure(f"{mark} is never closed")
    yield mark, found


def markdown_body(text: str) -> list:
    """Return the tokens of the contract: what stands between the two rules."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    rules = [index for index, token in enumerate(tokens) if token.type == "hr"]
    if len(rules) != 2:
        raise Structure(f"{len(rules)} rules")
    return tokens[rules[0] + 1 : rules[1]]


def markdown_words(text: str, side: Side) -> list[str]:
    """Return the words of one side from a redline in Markdown."""
    found, depth = [], 0
    for token in markdown_body(text):
        if token.type in ("code_block", "fence", "html_block", "ordered_list_open"):
            raise Structure(token.type)
        depth += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.type == "inline" and not (depth and side == "old"):
            found.append("".join(_markdown_inline(token, side)))
    return " ".join(found).split()


def _markdown_inline(token: object, side: Side) -> Iterator[str]:
    inside: list[str] = []
    for child in token.children or ():  # type: ignore[attr-defined]
        shown = not {"kbd", {"old": "ins", "new": "del"}[side]} & set(inside)
        if child.type == "html_inline" and child.content not in STYLES:
            name = child.content.strip("</>")
            if name not in ("del", "ins", "kbd"):
                raise Structure(child.content)
            if child.content.startswith("</"):
                if inside.pop() != name:
                    raise Structure(f"{child.content} closes another tag")
            else:
                inside.append(name)
        elif child.type in ("text", "text_special"):
            yield child.content if shown else ""
        elif child.type in ("softbreak", "hardbreak"):
            yield " "
        elif child.type not in (
            "html_inline", "strong_open", "strong_close", "em_open", "em_close", "link_open", "link_close",
        ):  # fmt: skip
            raise Structure(child.type)
    if inside:
        raise Structure(f"<{inside[-1]}> is never closed")


def html_words(html: str, side: Side) -> list[str]:
    """Return the words of one side from the inline view."""
    article = read_html(html).by_id("agreement-text")
    out = {"old": "ins", "new": "del"}[side]

    def shown(element: Element) -> bool:
        classes = element.attributes.get("class", "").split()
        furniture = any(name.startswith("redline-") for name in classes)
        return not furniture and element.tag != out and not (side == "old" and "moved-here" in classes)

    return _html_text(article, shown).split()


def html_column_words(html: str, side: Side) -> list[str]:
    """Return the words of one column of the view side by side."""
    article = read_html(html).by_id("agreement-text")
    columns = [each for each in article.all("div") if each.attributes.get("class") == side]
    return " ".join(
        _html_text(column, lambda each: not each.attributes.get("class", "").startswith("redline-"))
        for column in columns
    ).split()


def _html_text(element: Element, shown: object) -> str:
    edge = "\n" if element.tag in BLOCKS else ""
    parts = [edge]
    for child in element.children:
        if isinstance(child, str):
            parts.append(child)
        elif shown(child):  # type: ignore[operator]
            parts.append(_html_text(child, shown))
    return "".join([*parts, edge])


def pdf_side_words(data: bytes, side: Side) -> list[str]:
    """Return the words of a redline as PDF but for those that only the other side has, by the tags' decorations."""
    decoration = {"old": "/Underline", "new": "/LineThrough"}[side]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for element in pdf.objects:
            if isinstance(element, pikepdf.Dictionary) and element.get("/S") == "/Span":
                attributes = element.get("/A", pikepdf.Array())
                many = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
                if any(each.get("/TextDecorationType") == decoration for each in many):
                    element.ActualText = pikepdf.String("")
        without = io.BytesIO()
        pdf.save(without)
    return pdf_words(without.getvalue())
