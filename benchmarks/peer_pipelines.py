"""What people would build themselves, in the Python where it is installed; it knows nothing of Clausebook.

    python peer_pipelines.py WAY TEXTS OUT WORKERS

TEXTS is a folder of Markdown files, OUT one that is made anew. Ways: `typst`, an untagged PDF of each by pandoc and
Typst, a DOCX by pandoc, and then a site of all by MkDocs Material; `weasyprint`, a PDF of each by pandoc and
WeasyPrint; `site` and `site-with-search`, MkDocs Material alone; `templates`, the Word templates of `docxtpl` from
texts with tags; `docxtpl`, a DOCX of each entry in TEXTS/deals.json from its template in TEXTS. Agreements are made in
WORKERS processes at a time, and the site in one, as MkDocs does it. Typst is kept in the process, with the fonts that
it brings: started anew for each agreement it takes longer.
"""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

CONFIGURATION = """\
site_name: Agreements
theme: {name: material, font: false}
docs_dir: docs
site_dir: site
nav: [Home: index.md]
not_in_nav: "*.md"
"""
"""Pages are not in the navigation, which would be on every page: that is the kinder way."""


@cache
def pandoc() -> str:
    """Return the path of the pandoc that the wheel brings."""
    return str(importlib.import_module("pypandoc").get_pandoc_path())


def convert(text: Path, out: Path) -> None:
    """Have pandoc write a text in the format that the name of `out` ends with."""
    subprocess.run([pandoc(), "-f", "gfm", "-s", "-M", f"title={text.stem}", text, "-o", out], check=True)


def typst(out: Path, text: Path) -> None:
    """Write an untagged PDF, by pandoc and Typst, and a DOCX, by pandoc."""
    source = out / f"{text.stem}.typ"
    convert(text, source)
    compiler: Any = importlib.import_module("typst")
    compiler.compile(str(source), str(source.with_suffix(".pdf")), ignore_system_fonts=True, pdf_tags=False)
    convert(text, out / f"{text.stem}.docx")


def weasyprint(out: Path, text: Path) -> None:
    """Write a PDF, by pandoc and WeasyPrint."""
    page = out / f"{text.stem}.html"
    convert(text, page)
    printer: Any = importlib.import_module("weasyprint")
    printer.HTML(page).write_pdf(page.with_suffix(".pdf"))


def template(out: Path, text: Path) -> None:
    """Write a Word template of a text with tags."""
    convert(text, out / f"{text.stem}.docx")


def docxtpl(out: Path, templates: Path, deal: dict[str, Any]) -> None:
    """Fill the template of a deal."""
    filled: Any = importlib.import_module("docxtpl").DocxTemplate(templates / f"{deal['template']}.docx")
    filled.render(deal["values"], autoescape=True)
    filled.save(out / f"{deal['id']}.docx")


def site(out: Path, texts: Path, plugins: str) -> None:
    """Write a site of all texts."""
    shutil.copytree(texts, out / "docs")
    names = sorted(path.stem for path in texts.glob("*.md"))
    index = "".join(f"- [{name}]({name}.md)\n" for name in names)
    (out / "docs" / "index.md").write_text(f"# Agreements\n\n{index}", encoding="utf-8")
    (out / "mkdocs.yml").write_text(f"{CONFIGURATION}plugins: [{plugins}]\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=out, check=True)


def each(work: Callable[..., None], things: Iterable[object], workers: int) -> None:
    """Do the work on all things, in so many processes at a time."""
    if workers == 1:
        for thing in things:
            work(thing)
        return
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(work, things))


def main(way: str, texts: Path, out: Path, workers: int) -> int:
    """Go one way."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    found = sorted(texts.glob("*.md"))
    if way == "typst":
        each(partial(typst, out), found, workers)
        site(out / "pages", texts, "search")
    elif way == "weasyprint":
        each(partial(weasyprint, out), found, workers)
    elif way == "templates":
        each(partial(template, out), found, workers)
    elif way == "docxtpl":
        deals = json.loads((texts / "deals.json").read_text(encoding="utf-8"))
        each(partial(docxtpl, out, texts), deals, workers)
    else:
        site(out, texts, {"site": "", "site-with-search": "search"}[way])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve(), int(sys.argv[4])))
