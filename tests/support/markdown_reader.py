"""Reads Markdown as GitHub does, to see which words a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

STYLES = ("<strong>", "</strong>", "<em>", "</em>")


# What is behind a backslash is a token of its own, and no footnote.
WRITTEN = re.compile(r"\[\^([0-9]+)\]")
NOTE = re.compile("\ue000([0-9]+)\ue001")
NOTE_TEXT = re.compile("\ue000([0-9]+)\ue001: ")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Structure(Exception):
    """The Markdown holds something that no writer of ours writes."""


def markdown_words(text: str) -> list[str]:
    """Return the words that are seen; raise Structure for markup that a contract cannot hold."""
    texts = [*_texts(_tokens(text))]
    said = {match[1]: text for text in texts if (match := NOTE_TEXT.match(text))}
    found = []
    for text in texts:
        if not NOTE_TEXT.match(text):
            # What a footnote says is read after the paragraph that marks it.
            notes = [said.pop(name) for name in NOTE.findall(text)]
            found += [text, *(note.replace("\ue001:", "\ue001 ", 1) for note in notes)]
    if said:
        raise Structure(f"footnotes that nothing marks: {[*said]}")
    return NOTE.sub(lambda match: match[1].translate(RAISED), " ".join(found)).split()


def markdown_outline(text: str) -> list[str]:
    """Return the kinds of the blocks, in order."""
    return [token.type for token in _tokens(text)]


def _tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("text_join").parse(text)


def _texts(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("code_block", "fence", "html_block", "blockquote_open", "hr"):
            raise Structure(token.type)
        if token.type == "ordered_list_open":
            raise Structure("an ordered list: numbers are written out")
        if token.type == "inline":
            yield "".join(_inline(token))


def _inline(token: Token) -> Iterator[str]:
    for child in token.children or ():
        match child.type:
            case "text":
                yield WRITTEN.sub("\ue000\\1\ue001", child.content)
            case "text_special":
                yield child.content
            case "softbreak" | "hardbreak":
                yield " "
            case "strong_open" | "strong_close" | "em_open" | "em_close" | "link_close":
                pass
            case "link_open":
                if not str(child.attrs["href"]).startswith(("https:", "mailto:")):
                    raise Structure(f"a link to {child.attrs['href']}")
            case "html_inline" if child.content in STYLES:
                pass
            case other:
                raise Structure(other)
