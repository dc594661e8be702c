"""Edits of the looks: those that change, hide, cover, shrink, clip or drop words, and those that only look otherwise.

They are tables of what is done and where. 'VALUE' is what the agreement's data say, wherever data can.
"""

from __future__ import annotations

from collections.abc import Mapping

VALUE = "shall not"

# ---- PDF: lines of Typst that are put before the contract. ----------------------------------------------------

_PDF_PLACES = {
    "the phrase": f'"{VALUE}"',
    "a word": '"not"',
    "strong words": "strong",
    "sections": "heading.where(level: 1)",
    "clauses": "heading.where(level: 2)",
    "tables": "table",
    "lists": "enum",
    "bullets": "list",
    "emphatic words": "emph",
    "links": "link",
}
_PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M0 0h9v9z'/></svg>"
_PDF_DEEDS = {
    "hides": "hide(it)",
    "drops": "[]",
    "rewords": "[shall]",
    "repeats": "it + it",
    "adds": "it + [ never]",
    "adds beside": "it + pdf.artifact[ never]",
    "sets aside": "pdf.artifact(it)",
    "whitens": "{ set text(fill: white); show text: set text(fill: white); it }",
    "fades": "{ show text: set text(fill: luma(225)); it }",
    "makes clear": "{ show text: set text(fill: rgb(0, 0, 0, 4%)); it }",
    "paints with a pattern": "{ show text: set text(fill: gradient.linear(white, white)); it }",
    "shrinks": "{ show text: set text(size: 1pt); it }",
    "makes small": "{ show text: set text(size: 3pt); it }",
    "scales": "scale(x: 8%, y: 8%, reflow: true, it)",
    "narrows": "scale(x: 5%, it)",
    "mirrors": "scale(x: -100%, it)",
    "clips": "box(width: 2pt, height: 2pt, clip: true, it)",
    "cuts off": "box(height: 1pt, clip: true, it)",
    "moves aside": "move(dx: 900pt, it)",
    "moves up": "move(dy: -260pt, it)",
    "covers": "box(it + place(top + left, dy: -4pt, rect(width: 100%, height: 100% + 8pt, fill: white)))",
    "blackens": "box(fill: black, it)",
    "strikes": "{ show text: strike; it }",
    "squeezes": "{ show text: set text(tracking: -0.7em); it }",
    "writes over": "box(it + place(top + left, pdf.artifact[MMMMMMM]))",
    "makes a picture": f'box(image(bytes("{_PICTURE}"), format: "svg", width: 9pt, alt: "shall not")) + hide(it)',
}
_PDF_WHOLE = {
    "black pages": "#set page(fill: black)",
    "covered pages": "#set page(foreground: rect(width: 100%, height: 100%, fill: white))",
    "half covered pages": "#set page(foreground: place(left, dx: 2in, rect(width: 2in, height: 100%, fill: white)))",
    "white text": "#show text: set text(fill: white)",
    "small text": "#show text: set text(size: 2pt)",
    "lines over lines": "#set par(leading: -0.6em, spacing: -0.6em)",
    "ruled out": "#set page(foreground: stack(..range(200).map(n => v(3pt) + line(length: 100%, stroke: 1pt))))",
    "another word": '#show "USD": "EUR"',
    "another number": '#show "1,000": "9,000"',
    "turned figures": '#show "1": it => box(rotate(90deg, it))',
    "upside down": '#show "not": it => box(rotate(180deg, it))',
    "an exponent": '#show "not": it => box(baseline: -3pt, it)',
    "underlined through": '#show "not": it => underline(offset: -0.28em, evade: false, it)',
    "words in the header": "#set page(header: [The parties agree that the fee is doubled.])",
    "words in the footer": "#set page(footer: [Void after 30 days])",
    "words in the margin": "#set page(background: place(left + horizon, rotate(90deg, text(size: 8pt)[Fee doubled])))",
    "a faint mark": "#set page(background: place(center + horizon, text(size: 90pt, fill: luma(235))[VOID]))",
    "a page of its own": "#pagebreak()\n#pdf.artifact[The fee is doubled]\n#pagebreak()",
    "a link of its own": '#show "not": it => link("https://evil.example/", it)',
    "a file of its own": '#pdf.attach("terms.txt", bytes("Void"), mime-type: "text/plain")',
    "dark watermark": "#set page(foreground: rotate(-50deg, text(size: 120pt, fill: luma(60))[VOID]))",
}
PDF_BAD: Mapping[str, str] = {
    f"{deed} {place}": f"#show {where}: it => {what}\n"
    for place, where in _PDF_PLACES.items()
    for deed, what in _PDF_DEEDS.items()
} | {name: f"{line}\n" for name, line in _PDF_WHOLE.items()}

# ---- PDF: what is replaced in 'common.typ', or put before. -----------------------------------------------------

PDF_GOOD: Mapping[str, tuple[str, str]] = {
    "accent": ('#let accent = rgb("#1f3a5f")', '#let accent = rgb("#7a1f1f")'),
    "black accent": ('#let accent = rgb("#1f3a5f")', "#let accent = black"),
    "faint": ("#let faint = luma(105)", "#let faint = luma(130)"),
    "larger text": ("#let body-size = 10.5pt", "#let body-size = 13pt"),
    "smaller text": ("#let body-size = 10.5pt", "#let body-size = 8pt"),
    "smaller tables": ("#let table-size = 9.5pt", "#let table-size = 7.5pt"),
    "small print": ("#let small-size = 8pt", "#let small-size = 7pt"),
    "thicker rules": ("#let hairline = 0.4pt + luma(190)", "#let hairline = 2pt + luma(90)"),
    "no anchors": ("#let anchors = true", "#let anchors = false"),
    "wide margins": ("left: 1.4in, right: 1.1in", "left: 2in, right: 1.6in"),
    "narrow margins": ("left: 1.4in, right: 1.1in", "left: 1in, right: 0.6in"),
    "steps": ("#let step = 2.4em", "#let step = 3.4em"),
    "another paper": ('paper: "us-letter"', 'paper: "a4"'),
    "a small paper": ('paper: "us-letter"', 'paper: "a5"'),
    "another font": ('font: ("Libertinus Serif", ', 'font: ('),
    "a font of one width": ('font: ("Libertinus Serif", ', 'font: ("DejaVu Sans Mono", "Libertinus Serif", '),
    "ragged": ("set par(justify: true", "set par(justify: false"),
    "wide lines": ("leading: 0.62em", "leading: 1.1em"),
    "close lines": ("leading: 0.62em", "leading: 0.45em"),
    "spaced paragraphs": ("spacing: 0.95em", "spacing: 1.6em"),
    "no draft mark": ("background: if agreement.draft", "background: if false"),
    "a smaller draft mark": ("let size = 140pt", "let size = 80pt"),
    "header on the left": ("running(..header)", "running(header.last(), header.first())"),
    "dark head of tables": (
        'show table.cell.where(y: 0): set text(weight: "bold")',
        'show table.cell.where(y: 0): set text(weight: "bold", fill: white)',
    ),
    "zebra": ("fill: (x, y) => if y == 0 { accent.lighten(93%) }", "fill: (x, y) => if calc.even(y) { luma(230) }"),
    "grid": ("else if y == 1 { 0.5pt + accent } else { hairline })", "else { hairline }, rest: hairline)"),
    "roomy cells": ("inset: (x: 5pt, y: 5pt)", "inset: (x: 9pt, y: 8pt)"),
    "other bullets": ('marker: text("•")', 'marker: text("–")'),
    "a larger title": ("text(size: 22pt", "text(size: 30pt"),
    "underlined links": ("it.address, text(fill: accent, body)", "it.address, underline(body)"),
    "larger headings": ("size: 12.5pt", "size: 16pt"),
    "light strong": ("set strong(delta: 300)", "set strong(delta: 200)"),
}  # fmt: skip
_DARK_HEAD = "fill: (x, y) => if y == 0 { accent.lighten(93%) }", "fill: (x, y) => if y == 0 { accent }"
PDF_MORE: Mapping[str, tuple[str, str]] = {"dark head of tables": _DARK_HEAD}
"""What is replaced as well."""

# ---- DOCX: properties that are put into a place of a part. -----------------------------------------------------

STYLES, NUMBERING, PAGE = "word/styles.xml", "word/numbering.xml", "word/document.xml"
_LEVEL = '<w:lvlText w:val="%1.%2"/>'
_BORDER = '<w:pgBorders><w:top w:val="single" w:sz="{}" w:space="24"/></w:pgBorders>'
_RUN_DEEDS = {
    "hides": "<w:vanish/>",
    "hides on the web": "<w:webHidden/>",
    "hides marks": "<w:specVanish/>",
    "whitens": '<w:color w:val="FFFFFF"/>',
    "nearly whitens": '<w:color w:val="FDFDFD"/>',
    "fades": '<w:color w:val="E4E4E4"/>',
    "takes a theme's colour": '<w:color w:val="000000" w:themeColor="background1"/>',
    "shrinks": '<w:sz w:val="2"/>',
    "makes small": '<w:sz w:val="6"/>',
    "strikes": "<w:strike/>",
    "strikes twice": "<w:dstrike/>",
    "narrows": '<w:w w:val="5"/>',
    "squeezes": '<w:spacing w:val="-200"/>',
    "raises": '<w:position w:val="900"/>',
    "blackens": '<w:highlight w:val="black"/>',
    "shades": '<w:shd w:val="clear" w:color="auto" w:fill="000000"/>',
    "sets in signs": '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>',
    "fits": '<w:fitText w:val="10"/>',
}
_PARAGRAPH_DEEDS = {
    "moves aside": '<w:ind w:left="20000"/>',
    "moves out": '<w:ind w:left="-9000"/>',
    "cuts lines": '<w:spacing w:line="20" w:lineRule="exact"/>',
    "frames": '<w:framePr w:w="10" w:h="10" w:hRule="exact"/>',
}
_STYLED = (
    "Normal",
    "BodyText",
    "ClauseText",
    "Heading1",
    "Heading2",
    "ListNumber",
    "ListBullet",
    "TableText",
    "Title",
    "Subtitle",
)


def _styled(name: str, group: str, what: str) -> tuple[str, str, str]:
    """Return a part, the place in it after which something is put, and what."""
    return STYLES, f'w:styleId="{name}">', f"<w:{group}>{what}</w:{group}>"


DOCX_BAD: Mapping[str, tuple[str, str, str]] = (
    {f"{deed} {name}": _styled(name, "rPr", what) for name in _STYLED for deed, what in _RUN_DEEDS.items()}
    | {f"{deed} {name}": _styled(name, "pPr", what) for name in _STYLED for deed, what in _PARAGRAPH_DEEDS.items()}
    | {f"{deed} all": (STYLES, "<w:rPrDefault><w:rPr>", what) for deed, what in _RUN_DEEDS.items() if "sz" not in what}
    | {f"{deed} links": _styled("Hyperlink", "rPr", what) for deed, what in _RUN_DEEDS.items()}
    | {f"{deed} numbers": (NUMBERING, _LEVEL, f"<w:rPr>{what}</w:rPr>") for deed, what in _RUN_DEEDS.items()}
    | {
        "another number": (NUMBERING, _LEVEL, '<w:suff w:val="nothing"/>'),
        "adds a word": (PAGE, "<!--body-->", "<w:p><w:r><w:t>never</w:t></w:r></w:p>"),
        "covers the pages": (PAGE, '<w:pgSz w:w="12240" w:h="15840"/>', _BORDER.format(960)),
        "blackens the pages": (PAGE, 'officeDocument/2006/relationships">', '<w:background w:color="000000"/>'),
    }
)  # fmt: skip

DOCX_GOOD: Mapping[str, tuple[str, str, str]] = {
    "red headings": (STYLES, '<w:color w:val="1F3A5F"/>', '<w:color w:val="8A1F1F"/>'),
    "grey headings": (STYLES, '<w:color w:val="1F3A5F"/>', '<w:color w:val="666666"/>'),
    "another font": (STYLES, 'w:ascii="Cambria" w:eastAsia="Cambria"', 'w:ascii="Arial" w:eastAsia="Arial"'),
    "larger": (STYLES, '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang', '<w:sz w:val="26"/><w:lang'),
    "smaller": (STYLES, '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang', '<w:sz w:val="18"/><w:lang'),
    "smaller tables": (STYLES, '<w:sz w:val="20"/>', '<w:sz w:val="16"/>'),
    "wide lines": (STYLES, 'w:line="266"', 'w:line="360"'),
    "close lines": (STYLES, 'w:line="266"', 'w:line="230"'),
    "spaced paragraphs": (STYLES, 'w:after="130"', 'w:after="240"'),
    "thick rules": (STYLES, '<w:bottom w:val="single" w:sz="8"', '<w:bottom w:val="double" w:sz="24"'),
    "shaded heads": (STYLES, 'w:fill="EDF0F4"', 'w:fill="FFE9B0"'),
    "larger title": (STYLES, '<w:sz w:val="40"/>', '<w:sz w:val="56"/>'),
    "capitals": (STYLES, "<w:smallCaps/>", "<w:caps/>"),
    "italic terms": (STYLES, '<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr><w:b/><w:bCs/></w:rPr>',
                     '<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr><w:i/><w:iCs/></w:rPr>'),
    "plain links": (STYLES, '<w:color w:val="1F4E9E"/><w:u w:val="single"/>', '<w:u w:val="none"/>'),
    "indented": (STYLES, '<w:pPr><w:ind w:left="720"/></w:pPr>', '<w:pPr><w:ind w:left="1000"/></w:pPr>'),
    "not hidden": (STYLES, '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang', '<w:vanish w:val="0"/><w:lang'),
    "A4": (PAGE, '<w:pgSz w:w="12240" w:h="15840"/>', '<w:pgSz w:w="11906" w:h="16838"/>'),
    "narrow margins": (PAGE, 'w:right="1440" w:bottom="1440"', 'w:right="900" w:bottom="900"'),
    "bullets": (NUMBERING, '<w:lvlText w:val="•"/>', '<w:lvlText w:val="■"/>'),
    "numbers in blue": (NUMBERING, _LEVEL, _LEVEL + '<w:rPr><w:color w:val="1F3A9F"/></w:rPr>'),
    "page border": (PAGE, "<w:titlePg/>", _BORDER.format(8) + "<w:titlePg/>"),
}  # fmt: skip

# ---- Redlines: what is replaced in 'redline.typ' or 'common.typ', and what the finding says. ----------------------

_MARK, _BEGIN = "#let marked(it, body) = {", "#contract(agreement)"
_SWAP = 'it.mark = ("inserted": "deleted", "deleted": "inserted", "same": "same").at(it.mark)'
REDLINE_BAD: Mapping[str, tuple[str, str, str, str]] = {
    "rewords": ("redline.typ", _BEGIN, f'#show "agree": "refuse"\n{_BEGIN}', "says “The Parties refuse with"),
    "rewords what went": ("common.typ", _MARK, _MARK + ' if it.mark == "deleted" { return strike[Old] }', "OldOther"),
    "rewords what came": (
        "common.typ",
        _MARK,
        _MARK + ' if it.mark == "inserted" { return underline[New] }',
        "SystemNew",
    ),
    "shows what went as kept": ("common.typ", "strike(stroke: 0.7pt, body)", "body", "marked as gone, says"),
    "shows what came as kept": (
        "common.typ",
        _MARK,
        _MARK + ' if it.mark == "inserted" { return body }',
        "marked as come",
    ),
    "shows what was kept as gone": (
        "common.typ",
        "{ return lines(it) }",
        '{ return if it.contains("In writing") { strike(it) } else { lines(it) } }',
        "marked as gone, says",
    ),
    "swaps the marks": ("common.typ", _MARK, _MARK + _SWAP, "marked as gone, says"),
    "drops notes": ("common.typ", "#let note(it) = if it", "#let note(it) = if false and it", "[Moved to 2.2 Scope]"),
    "drops the changes": ("redline.typ", "..front.changes.map", "..front.changes.slice(1).map", "does not say “"),
    "drops the fingerprints": ("redline.typ", ", mark)]", ", [])]", "does not say “"),
    "drops the last line": ("redline.typ", "strong(front.coverage)", "strong[All.]", "in the last line"),
}
REDLINE_DOCX_BAD: Mapping[str, tuple[str, str, str]] = {
    "another number": (NUMBERING, _LEVEL, _LEVEL + '<w:suff w:val="nothing"/>'),
    "adds a word": (PAGE, "<!--body-->", "<w:p><w:r><w:t>never</w:t></w:r></w:p><!--body-->"),
    "drops the text": (PAGE, "<!--body-->", ""),
}
