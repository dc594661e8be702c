"""A repository's own templates of pages: they stand before the engine's, do no harm, and their faults are findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.findings.model import FindingsError
from clausebook.repository.tree import DiskTree
from clausebook.site.executives_page import executives_page
from clausebook.site.markup import filled
from clausebook.site.own_pages import MOST, own_pages, using
from clausebook.site.page_tree import page_tree
from clausebook.site.site_entry import SiteLists
from tests.support.site_content import content

HOSTILE = "<b>&</b>"


def own(root: Path, **templates: str) -> Path:
    """Write templates of a repository's own, by name; return its root."""
    folder = root / "templates/site/pages"
    folder.mkdir(parents=True)
    for name, source in templates.items():
        (folder / f"{name}.html").write_text(source, "utf-8")
    return root


def shown(root: Path, name: str = "story", **values: object) -> str:
    with using(own_pages(root)):
        return filled(name, path="a/index.html", **values)


def fault(root: Path, **values: object) -> tuple[str, int, str]:
    with pytest.raises(FindingsError) as failed:
        shown(root, **values)
    (finding,) = failed.value.findings
    assert finding.hint
    return finding.path, finding.line, finding.message


def test_a_template_of_ones_own_stands_before_the_engines_and_can_take_in_its_pieces(tmp_path: Path) -> None:
    source = '{% from "pieces.html" import crumbs %}{{ crumbs(path, [], title) }}{{ link(path, "index.html", title) }}'
    page = shown(own(tmp_path, story=source), title=HOSTILE)
    assert 'aria-current="page">&lt;b&gt;&amp;&lt;/b&gt;</li>' in page
    assert '<a href="../">&lt;b&gt;&amp;&lt;/b&gt;</a>' in page
    # Elsewhere, the engine's own goes on.
    assert "Nothing waits for a decision" in executives_page(SiteLists()).body


def test_a_piece_of_ones_own_stands_in_the_engines_pages(tmp_path: Path) -> None:
    piece = '{% macro figures_of(figures) %}<p id="mine">{{ figures|length }}</p>{% endmacro %}'
    with using(own_pages(own(tmp_path, figures=piece))):
        (home, *_) = page_tree(content(2))
    assert '<p id="mine">' in home.body


def test_every_page_can_be_made_where_templates_may_do_little(tmp_path: Path) -> None:
    usual = [(page.path, page.body) for page in page_tree(content(2))]
    with using(own_pages(own(tmp_path, unused="x"))):
        assert [(page.path, page.body) for page in page_tree(content(2))] == usual


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("\n{% if %}", "Expected an expression"),
        ("\n{{ nothing }}", "'nothing' is undefined"),
        ("\n{{ title.nothing.more }}", "no attribute 'nothing'"),
        ('\n{% include "nowhere.html" %}', "nowhere.html"),
        ("\n{{ 1 / 0 }}", "division by zero"),
        ("\n{{ link.__globals__ }}", "unsafe"),
        ("\n{{ link.__init__.__self__ }}", "unsafe"),
        ("\n{{ ''.__class__.__mro__ }}", "unsafe"),
        ("\n{{ seen.append(1) }}", "unsafe"),
        ("\n{{ place.read_text() }}", "may not call"),
        ("\n{{ tree.read('mkdocs.yml') }}", "may not call"),
        ("\n{{ opened('/etc/passwd') }}", "may not call"),
        ("\n{{ '{0.__class__}'.format(title) }}", "unsafe"),
        ("\n{% macro more() %}{{ more() }}{% endmacro %}{{ more() }}", "recursion"),
    ],
)
def test_a_fault_is_a_finding_with_its_line(tmp_path: Path, source: str, said: str) -> None:
    place = tmp_path / "secret"
    place.write_text("secret")
    path, line, message = fault(
        own(tmp_path, story=source), title="x", seen=[], place=place, tree=DiskTree(tmp_path), opened=open
    )
    assert (path, line) == ("templates/site/pages/story.html", 2)
    assert said in message
    assert str(tmp_path) not in message


def test_a_fault_of_the_engines_own_is_no_fault_of_the_repositorys(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="undefined") as failed:
        shown(own(tmp_path, other="x"), "duties")
    assert not isinstance(failed.value, FindingsError)


@pytest.mark.parametrize(
    ("content", "said"), [(b"\xff\xfe", "UTF-8"), (b"x" * (2 << 20), "at most"), (None, "leads out")]
)
def test_what_cannot_be_read_is_a_finding(tmp_path: Path, content: bytes | None, said: str) -> None:
    place = own(tmp_path / "here") / "templates/site/pages/home.html"
    if content is None:
        (tmp_path / "elsewhere.html").write_text("{{ path }}")
        place.symlink_to(tmp_path / "elsewhere.html")
    else:
        place.write_bytes(content)
    with pytest.raises(FindingsError) as failed:
        own_pages(tmp_path / "here")
    (finding,) = failed.value.findings
    assert finding.path == "templates/site/pages/home.html"
    assert said in finding.message


def test_there_is_an_end_to_how_many(tmp_path: Path) -> None:
    root = own(tmp_path, **{f"t{number}": "" for number in range(MOST + 1)})
    with pytest.raises(FindingsError, match="more than"):
        own_pages(root)
