"""The look: the parts of the reference package, and the marks in them that a document fills."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from clausebook.document.model import PageSetup
from clausebook.repository.tree import Tree

LOOK_FOLDER = "templates/docx/reference"

CONTENT_TYPES = "[Content_Types].xml"
PACKAGE_RELATIONSHIPS = "_rels/.rels"
CORE = "docProps/core.xml"
DOCUMENT = "word/document.xml"
DOCUMENT_RELATIONSHIPS = "word/_rels/document.xml.rels"
NUMBERING = "word/numbering.xml"
STYLES = "word/styles.xml"
SIGNING_FOOTER = "word/footer-signatures.xml"
SMALLER = 6 / 7
"""By how much letters and spaces are smaller in what has a look of its own in the PDF: it is close in Word, too."""

REQUIRED = (CONTENT_TYPES, PACKAGE_RELATIONSHIPS, CORE, DOCUMENT, DOCUMENT_RELATIONSHIPS, NUMBERING, STYLES)

_PART = re.compile(r"(\[Content_Types\]\.xml|_rels/\.rels|docProps/\w+\.xml|word/(\w+/)*[\w-]+\.(xml|xml\.rels|png))")
_FIELD = re.compile(r"\{\{(\w+)\}\}")
_REGION = re.compile(r"<!--if (\w+)-->(.*?)<!--end \1-->", re.DOTALL)
_PAGE_SIZE = re.compile(r'<w:pgSz [^>]*w:w="(\d+)"')
_PAGE_SIZE_WHOLE = re.compile(r"<w:pgSz [^>]*/>")
_RIGHT_TAB = re.compile(r'(<w:tab w:val="right"[^>]* w:pos=")(\d+)')
_MARGINS = re.compile(r"<w:pgMar [^>]*>")
_SECTION = re.compile(r"<w:sectPr>.*?</w:sectPr>", re.DOTALL)
_FIELD_BEGINS, _FIELD_ENDS = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "end"))
_TITLE_PAGE = "<w:titlePg/>"
_SIGNING = re.compile(r'<Relationship (?=[^>]*Target="footer-signatures\.xml")[^>]*\bId="(\w+)"')
_FOOTER = re.compile(r'(<w:footerReference [^>]*r:id=")\w+')
_SIZE = re.compile(r'(<w:sz(?:Cs)? w:val="|\bw:(?:before|after)=")(\d+)')
_SIDE = re.compile(r'w:(?:left|right)="(\d+)"')
_ABSTRACT = re.compile(r"<w:abstractNum .*?</w:abstractNum>", re.DOTALL)
_CLAUSE_TEXT = re.compile(r'<w:style [^>]*w:styleId="ClauseText".*?</w:style>', re.DOTALL)
_LEFT = re.compile(r'<w:ind [^>]*?w:left="(\d+)"')


@dataclass(frozen=True, slots=True)
class Look:
    """The reference package: text parts by name, other parts as bytes, and its measures.

    `text_width` is the width between the margins, `clause_indent` the indent of a clause's text
    and `indents` that of each list level's text: all in twentieths of a point. `section` is the
    `w:sectPr` of the pages; `signing_section` that of signature blocks, "" where the look has no
    footer for them, and `later_section` that of what follows them.
    """

    texts: Mapping[str, str]
    others: Mapping[str, bytes]
    text_width: int
    clause_indent: int
    indents: tuple[int, ...]
    section: str
    signing_section: str
    later_section: str

    def number_of(self, style: str) -> str:
        """Return the `w:numPr` by which a style numbers its paragraphs."""
        own = rf'<w:style [^>]*w:styleId="{style}"(?:(?!</w:style>).)*?(<w:numPr>.*?</w:numPr>)'
        found = re.search(own, self.texts[STYLES], re.DOTALL)
        return found[1] if found else ""


def load_look(tree: Tree, folder: str = LOOK_FOLDER) -> dict[str, bytes]:
    """Return the reference package's parts, by name, from its folder in the tree."""
    return {name: tree.read(f"{folder}/{name}") for name in _parts(tree, folder, "")}


def read_look(parts: Mapping[str, bytes], page: PageSetup | None = None) -> Look:
    """Return the look, on other pages if a document asks for them.

    Raise ValueError when a part is missing or cannot be used.
    """
    for name in REQUIRED:
        if name not in parts:
            raise ValueError(f"the DOCX reference package has no part {name}")
    look = _read_look(tuple(sorted(parts.items())))
    return _on_page(look, page) if page else look


def _on_page(look: Look, page: PageSetup) -> Look:
    """Return the look on other pages: what ends at the right margin there ends at theirs."""
    document = _PAGE_SIZE_WHOLE.sub(f'<w:pgSz w:w="{page.width}" w:h="{page.height}"/>', look.texts[DOCUMENT])
    for side in ("top", "right", "bottom", "left"):
        if (measure := getattr(page, side)) >= 0:
            document = re.sub(rf'(<w:pgMar [^>]*w:{side}=")\d+', rf"\g<1>{measure}", document)
    width = page.width - sum(_sides(document))
    wider = width - look.text_width
    styles = _RIGHT_TAB.sub(lambda match: f"{match[1]}{int(match[2]) + wider}", look.texts[STYLES])
    if page.look:
        styles = _SIZE.sub(lambda match: f"{match[1]}{round(int(match[2]) * SMALLER)}", styles)
    texts = {**look.texts, DOCUMENT: document, STYLES: styles}
    section, signing, later = _sections(texts)
    return replace(look, texts=texts, text_width=width, section=section, signing_section=signing, later_section=later)


def find_abstract(numbering: str, name: str) -> str:
    """Return the `w:abstractNum` element of that name from the numbering part."""
    for element in _ABSTRACT.findall(numbering):
        if f'<w:name w:val="{name}"/>' in element:
            return str(element)
    raise ValueError(f"the DOCX reference package's {NUMBERING} has no abstractNum with the name {name}")


def fill(text: str, fields: Mapping[str, str], regions: Mapping[str, bool]) -> str:
    """Return a part with its fields filled in and its regions kept or left out.

    `fields` are already escaped for XML; an unknown field or region is a ValueError.
    """

    try:
        pieces = list(_template(text, tuple(sorted(regions.items()))))
        pieces[1::2] = [fields[name] for name in pieces[1::2]]
    except KeyError as error:
        raise ValueError(f"the DOCX reference package uses the unknown name {error}") from error
    return "".join(pieces)


@lru_cache(maxsize=8)
def _read_look(parts: tuple[tuple[str, bytes], ...]) -> Look:
    texts: dict[str, str] = {}
    others: dict[str, bytes] = {}
    for name, content in parts:
        if name.endswith(".png"):
            others[name] = content
        elif _PART.fullmatch(name):
            texts[name] = content.decode("utf-8")
    if texts[DOCUMENT].count(_FIELD_BEGINS) != texts[DOCUMENT].count(_FIELD_ENDS):
        raise ValueError(
            f"the DOCX reference package's {DOCUMENT} ends a field that it does not begin: "
            f"the contents are no field any more, so take {_FIELD_ENDS} and its run, after <!--contents-->, out"
        )
    page = _PAGE_SIZE.search(texts[DOCUMENT])
    sides = _sides(texts[DOCUMENT])
    if not page or len(sides) != 2:
        raise ValueError(f"the DOCX reference package's {DOCUMENT} has no page size or margins")
    indents = tuple(int(left) for left in _LEFT.findall(find_abstract(texts[NUMBERING], "Items")))
    clause = _CLAUSE_TEXT.search(texts[STYLES])
    clause_indent = int((_LEFT.search(clause[0]) or ("", "0"))[1]) if clause else 0
    return Look(texts, others, int(page[1]) - sum(sides), clause_indent, indents, *_sections(texts))


def _sections(texts: Mapping[str, str]) -> tuple[str, str, str]:
    found = _SECTION.search(texts[DOCUMENT])
    footer = _SIGNING.search(texts[DOCUMENT_RELATIONSHIPS])
    section = found[0] if found else ""
    later = section.replace(_TITLE_PAGE, "")
    if not footer or not later:
        return section, "", later
    # A continuous section has its own footer from the first page on that it begins.
    signing = _FOOTER.sub(rf"\g<1>{footer[1]}", later)
    return section, signing.replace("<w:pgSz", '<w:type w:val="continuous"/><w:pgSz', 1), later


@lru_cache(maxsize=256)
def _template(text: str, regions: tuple[tuple[str, bool], ...]) -> tuple[str, ...]:
    """Return texts and names of fields in turn."""
    kept = dict(regions)
    return tuple(_FIELD.split(_REGION.sub(lambda match: match[2] if kept[match[1]] else "", text)))


def _parts(tree: Tree, folder: str, inside: str) -> Iterator[str]:
    for name in tree.names(f"{folder}/{inside}".rstrip("/")):
        if name.endswith("/"):
            yield from _parts(tree, folder, inside + name)
        elif _PART.fullmatch(inside + name):
            yield inside + name


def _sides(document: str) -> list[int]:
    margins = _MARGINS.search(document)
    return [int(side) for side in _SIDE.findall(margins[0])] if margins else []
