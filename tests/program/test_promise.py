"""What passes `check` builds: what building would refuse, beside the data themselves, `check` has refused already."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clausebook.cli.main import cli
from tests.support.bad_input import good_agreement, tame_repository
from tests.support.git_repositories import new_repository

Spoil = Callable[[Path], Any]

DEAL = "agreements/sparrow-finch.yaml"
WORDING = "---\ntitle: Plan\n---\nA plan.\n"


def text(file: str, old: str, new: str) -> Spoil:
    """Replace a text in a file of the repository."""

    def spoil(root: Path) -> None:
        place = root / file
        content = place.read_text(encoding="utf-8")
        assert old in content
        place.write_text(content.replace(old, new, 1), encoding="utf-8")

    return spoil


def without(*names: str) -> Spoil:
    """Take files or folders away."""

    def spoil(root: Path) -> None:
        for name in names:
            shutil.rmtree(root / name) if (root / name).is_dir() else (root / name).unlink()

    return spoil


def file(name: str, content: str) -> Spoil:
    """Add a file, or write one anew."""

    def spoil(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")

    return spoil


def named(agreement: str) -> Spoil:
    """Add an agreement of that id."""
    return lambda root: good_agreement(root, agreement)


def clause(name: str) -> Spoil:
    """Give the standard clause another name."""

    def spoil(root: Path) -> None:
        folder = root / "templates" / "nda"
        content = (folder / "clauses" / "limits.md").read_text(encoding="utf-8")
        (folder / "clauses" / "limits.md").unlink()
        (folder / "clauses" / f"{name}.md").write_text(content.replace("id: limits", f"id: {name}"), encoding="utf-8")
        text("templates/nda/outline.yaml", "clause: limits", f"clause: {name}")(root)

    return spoil


def schedule(name: str) -> Spoil:
    """Give the deal, as a draft, a schedule of its own with that id: nobody has approved it yet."""

    def spoil(root: Path) -> None:
        place = root / "schemas" / "nda" / "agreement.schema.json"
        schema = json.loads(place.read_text(encoding="utf-8"))
        schema["properties"]["schedules"] = {}
        place.write_text(json.dumps(schema), encoding="utf-8")
        file("agreements/sparrow-finch/plan.md", WORDING)(root)
        text = (root / DEAL).read_text(encoding="utf-8").replace("status: approved", "status: draft")
        added = f"schedules: [{{id: {name}, title: Plan, wording: plan.md}}]\n"
        (root / DEAL).write_text(text + added, encoding="utf-8")

    return spoil


def second_type(name: str) -> Spoil:
    """Add a type that no agreement is of."""

    def spoil(root: Path) -> None:
        shutil.copytree(root / "schemas" / "nda", root / "schemas" / name)
        if not (root / "templates" / name).exists():
            shutil.copytree(root / "templates" / "nda", root / "templates" / name)

    return spoil


REFUSED: dict[str, tuple[Spoil, set[tuple[str, str]]]] = {
    "letters of no font": (text(DEAL, "Sparrow Maps Ltd", "雀 Maps Ltd"), {("core/pdf-glyph", DEAL)}),
    "letters of no font in the title": (text(DEAL, "Talks about", "議 about"), {("core/pdf-glyph", DEAL)}),
    "letters from right to left": (text(DEAL, "Sparrow Maps Ltd", "דרור Ltd"), {("core/pdf-glyph", DEAL)}),
    "letters of no font in a clause": (
        text("templates/nda/clauses/limits.md", "does not cover", "does not 覆 cover"),
        {("core/pdf-glyph", "templates/nda/clauses/limits.md")},
    ),
    "the id of a page": (named("index"), {("core/agreement-file-name", "agreements/index.yaml")}),
    "the id of a device": (named("aux"), {("core/agreement-file-name", "agreements/aux.yaml")}),
    "the id of another device": (named("com1"), {("core/agreement-file-name", "agreements/com1.yaml")}),
    "a clause named like a device": (clause("con"), {("core/clause-id", "templates/nda/clauses/con.md")}),
    "a wording named like a device": (
        file("agreements/sparrow-finch/nul.md", WORDING),
        {("core/wording-name", "agreements/sparrow-finch/nul.md")},
    ),
    "wordings that differ in capitals": (
        lambda root: [file(f"agreements/sparrow-finch/{name}.md", WORDING)(root) for name in ("plan", "Plan")],
        {("core/wording-name", "agreements/sparrow-finch/plan.md")},
    ),
    "a type named like a look": (second_type("pdf"), {("core/type-name", "schemas/pdf")}),
    "a type named like a device": (second_type("lpt1"), {("core/type-name", "schemas/lpt1")}),
    "types that differ in capitals": (second_type("NDA"), {("core/type-name", "schemas/nda")}),
    "a schedule with the id of the text": (schedule("agreement-text"), {("core/schedule-id", DEAL)}),
    "a schedule with the id of a definition": (schedule("term-secrets"), {("core/schedule-id", DEAL)}),
    "a schedule with the id of a signature": (schedule("sparrow-1"), {("core/schedule-id", DEAL)}),
    "parties of one name": (text(DEAL, "short_name: Finch", "short_name: SPARROW"), {("core/party-name", DEAL)}),
    "no look of the PDF": (without("templates/pdf"), {("core/render-failed", "templates/pdf")}),
    "no part of the look of the PDF": (
        without("templates/pdf/common.typ"),
        {("core/render-failed", "templates/pdf/agreement.typ")},
    ),
    "a broken look of the PDF": (
        text("templates/pdf/agreement.typ", "#import", "#nonsense\n#import"),
        {("core/render-failed", "templates/pdf/agreement.typ")},
    ),
    "a look without fields": (
        text("templates/pdf/common.typ", 'alt: "field:"', 'alt: "plain:"'),
        {("core/render-failed", "templates/pdf")},
    ),
    "no look of Word files": (without("templates/docx"), {("core/render-failed", "templates/docx")}),
    "no styles of Word files": (
        without("templates/docx/reference/word/styles.xml"),
        {("core/render-failed", "templates/docx")},
    ),
    "an unknown field in the look of Word files": (
        text("templates/docx/reference/word/document.xml", "<w:body>", "<w:body>{{nonsense}}"),
        {("core/render-failed", "templates/docx")},
    ),
    "a look that drops a word of most contracts": (
        text("templates/pdf/agreement.typ", "#contract(", '#show "shall not": "shall"\n#contract('),
        {("core/output-words", "templates/pdf")},
    ),
    "a look that changes a word of this deal": (
        text("templates/pdf/agreement.typ", "#contract(", '#show "Sparrow Maps Ltd": "Finch"\n#contract('),
        {("core/output-words", "templates/pdf")},
    ),
    "a look of Word files that hides words": (
        text("templates/docx/reference/word/styles.xml", "<w:rPrDefault><w:rPr>", "<w:rPrDefault><w:rPr><w:vanish/>"),
        {("core/output-hidden", "templates/docx")},
    ),
    "no configuration of the site": (without("mkdocs.yml"), {("core/site-unusable", "mkdocs.yml")}),
    "no YAML in the configuration": (file("mkdocs.yml", "site_name: [x\n"), {("core/site-unusable", "mkdocs.yml")}),
    "a configuration without the plugin": (
        text("mkdocs.yml", "  - clausebook\n", "  - search\n"),
        {("core/site-unusable", "mkdocs.yml")},
    ),
    "a plugin that is not there": (
        text("mkdocs.yml", "\n  - clausebook\n", "\n  - clausebook\n  - serch\n"),
        {("core/site-config", "mkdocs.yml")},
    ),
    "a theme that is not there": (
        text("mkdocs.yml", "name: material", "name: matter"),
        {("core/site-config", "mkdocs.yml")},
    ),
    "no look of the site": (without("templates/site"), {("core/site-unusable", "mkdocs.yml")}),
    "a broken template of the site": (
        file("templates/site/theme/main.html", "{% extends 'base.html' %}{% block"),
        {("core/site-unusable", "templates/site/theme/main.html")},
    ),
    "a template of the site that asks for what is not there": (
        text("templates/site/theme/main.html", "config.site_name", "config.site_nome.first"),
        {("core/site-unusable", "templates/site/theme/main.html")},
    ),
    "a page of the site's own in the way": (
        file("templates/site/docs/agreements/sparrow-finch/index.md", "# Mine\n"),
        {("core/site-unusable", "mkdocs.yml")},
    ),
    "a type without an outline": (
        lambda root: [second_type("lease")(root), without("templates/lease/outline.yaml")(root)],
        {("core/file-unreadable", "templates/lease/outline.yaml")},
    ),
    "a type in use nowhere, with a broken clause": (
        lambda root: [
            second_type("lease")(root),
            text("templates/lease/clauses/limits.md", "id: limits", "id: limit")(root),
        ],
        {("core/clause-id", "templates/lease/clauses/limits.md")},
    ),
}

BUILT: dict[str, tuple[Spoil, ...]] = {
    "letters of many languages, and a very long word": (
        text(DEAL, "Sparrow Maps Ltd", "Žižkův Łąka Ćwierć Ωμέγα Журавль Đặng ẞ ₿ № ½ → ✓ ≤ x\u0302 e\u0301 Ltd"),
        text(DEAL, "a printed atlas", "a " + "x" * 400 + " atlas"),
    ),
    "markup in every value": (text(DEAL, "Talks about a bird atlas", "'<b>*{{ #set $x$ \\u{41} ]]> &amp; `a`'"),),
    "very long names and many signatures": (
        text(DEAL, "Sparrow Maps Ltd", "Sparrow " * 200 + "Ltd"),
        text(DEAL, "  - {party: finch}", "\n".join(["  - {party: finch}"] * 30)),
    ),
    "the longest id, and ids like parts of the site, the search, a file and a device with more": tuple(
        map(named, ("clauses", "history", "search", "sitemap", "console", "x" * 63))
    ),
    "a clause and a schedule named like a page, a page of the site's own, and a type that nothing is of": (
        second_type("lease"),
        clause("index"),
        schedule("index"),
        file("templates/site/docs/about.md", "# About\n"),
    ),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tame_repository(tmp_path)


def invoke(root: Path, command: str) -> Result:
    return CliRunner().invoke(cli, [command, "--report", "json", "--root", str(root)])


def findings(done: Result) -> list[dict[str, Any]]:
    """Return the findings but notes, as that a repository has no history yet, and but approvals that a draft needs."""
    told = json.loads(done.stdout)["findings"]
    return [each for each in told if each["severity"] != "note" and each["rule"] != "core/approval-needed"]


@pytest.mark.parametrize("kind", REFUSED)
def test_check_refuses_what_cannot_be_built(root: Path, kind: str) -> None:
    spoil, expected = REFUSED[kind]
    spoil(root)
    found = findings(invoke(root, "check"))
    assert {(finding["rule"], finding["path"]) for finding in found} == expected
    assert len(found) == len(expected), "each is told once"
    assert all(finding["severity"] == "error" and finding["message"] and finding["hint"] for finding in found)


@pytest.mark.parametrize("kind", BUILT)
def test_what_passes_check_is_built(root: Path, kind: str) -> None:
    for spoil in BUILT[kind]:
        spoil(root)
    checked = invoke(root, "check")
    assert (checked.exit_code, findings(checked)) == (0, [])
    built = invoke(root, "build")
    assert (built.exit_code, findings(built)) == (0, [])
    for agreement in (root / "agreements").glob("*.yaml"):
        folder = root / "site" / "agreements" / agreement.stem
        assert {path.suffix for path in folder.iterdir() if path.is_file()} >= {".html", ".md", ".pdf", ".docx"}


def test_a_name_without_glyphs_is_one_finding_with_its_letters(root: Path) -> None:
    text(DEAL, "legal_name: Sparrow Maps Ltd", "legal_name: 雀地図 雀 Ltd")(root)
    [finding] = findings(invoke(root, "check"))
    assert (finding["pointer"], finding["line"]) == ("/parties/0/legal_name", 8)
    assert "“図” (U+56F3), “地” (U+5730), “雀” (U+96C0), in `legal_name`" in finding["message"]
    assert findings(invoke(root, "build")) == [finding]


def test_only_what_a_build_of_one_agreement_needs_is_asked_of_it(root: Path) -> None:
    without("mkdocs.yml")(root)
    done = CliRunner().invoke(cli, ["check", "sparrow-finch", "--root", str(root)])
    assert (done.exit_code, done.output) == (0, "1 agreement checked\n")


def test_what_a_changed_look_does_is_told_once_where_it_was_changed(root: Path) -> None:
    """The look that the base has is not tried on every agreement; one that was changed since is."""
    good_agreement(root, "wren-robin")
    repository = new_repository(root)
    repository.commit("Begin")
    text("templates/pdf/agreement.typ", "#contract(", '#show "Sparrow Maps Ltd": "Finch"\n#contract(')(root)
    [finding] = findings(invoke(root, "check"))
    assert (finding["path"], finding["line"], finding["rule"]) == (
        "templates/pdf/agreement.typ",
        15,
        "core/output-words",
    )
    assert "the pdf of `sparrow-finch` says “" in finding["message"]
    assert "and so is it with 1 more of the files" in finding["message"]
    repository.commit("Let the look say another name")
    assert findings(invoke(root, "check")) == []
    assert {each["rule"] for each in findings(invoke(root, "build"))} == {"core/output-words"}
