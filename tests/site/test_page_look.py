"""What decides on how pages are rendered: whatever of it changes is noticed, wherever it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.findings.model import RepositoryError
from clausebook.site.audience import AUDIENCES
from clausebook.site.page_look import audience_of, look_of

USUAL = "docs_dir: templates/site/docs\ntheme:\n  name: material\n"
RENDERER = "clausebook.site.page_look"
LYING: dict[str, tuple[str, str]] = {
    "where the site's look usually lies": (USUAL, "templates/site/docs/a.md"),
    "what the search says": (USUAL, "templates/site/search.yaml"),
    "the configuration": (USUAL, "mkdocs.yml"),
    "another folder of pages": ("docs_dir: pages\n", "pages/a.md"),
    "another folder, in one line": ("{'docs_dir': pages, theme: material}\n", "pages/a.md"),
    "the folder that MkDocs takes": ("theme: material\n", "docs/a.md"),
    "another folder of templates": ("theme: {name: material, custom_dir: theme}\n", "theme/main.html"),
}


@pytest.mark.parametrize(("config", "path"), LYING.values(), ids=LYING.keys())
def test_a_change_is_noticed_wherever_it_lies(tmp_path: Path, config: str, path: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("one", "utf-8")
    (tmp_path / "mkdocs.yml").write_text(config, "utf-8")
    before = look_of(tmp_path, RENDERER)
    assert before == look_of(tmp_path, RENDERER) != ""
    with (tmp_path / path).open("a", encoding="utf-8") as file:
        file.write("\n# two")
    assert look_of(tmp_path, RENDERER) != before


@pytest.mark.parametrize("linked", ["docs", "docs/a.css", "docs/assets"])
def test_what_a_link_leads_to_is_not_known(tmp_path: Path, linked: str) -> None:
    (tmp_path / "mkdocs.yml").write_text(USUAL, "utf-8")
    (tmp_path / "elsewhere").mkdir()
    place = tmp_path / "templates/site" / linked
    place.parent.mkdir(parents=True)
    place.symlink_to(tmp_path / "elsewhere")
    assert look_of(tmp_path, RENDERER) == ""


@pytest.mark.parametrize(
    ("plugins", "said"),
    [
        ("[clausebook]", "internal-legal"),
        ("[clausebook: {audience: business}]", "business"),
        ("{clausebook: {audience: business}}", "business"),
        ("[clausebook: {audience: internal-legal, audience: business}]", "business"),
        ("[clausebook: {audience: !ENV [WHOM, business]}]", "!ENV"),
        ("[clausebook: {audience: [business]}]", "nobody"),
    ],
)
def test_for_whom_a_site_is_follows_mkdocs_and_is_never_guessed(tmp_path: Path, plugins: str, said: str) -> None:
    (tmp_path / "mkdocs.yml").write_text(f"plugins: {plugins}\n", "utf-8")
    if said in AUDIENCES:
        assert audience_of(tmp_path) == said
    else:
        with pytest.raises(RepositoryError, match=said):
            audience_of(tmp_path)
