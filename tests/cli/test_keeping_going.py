"""One agreement with an error takes neither the site nor the files from the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.language.sandbox import Sandbox
from tests.support.bad_input import good_agreement, tame_repository, tree_state
from tests.support.executed_repositories import record

GOOD, BAD = "sparrow-finch", "wren-robin"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with two good agreements."""
    folder = tame_repository(tmp_path)
    good_agreement(folder, BAD)
    return folder


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


def contents(folder: Path) -> dict[str, str]:
    """Return a hash of each file."""
    return {name: state[0] for name, state in tree_state(folder).items()}


def spoil(root: Path) -> None:
    """Leave an agreement's file unfinished."""
    with (root / "agreements" / f"{BAD}.yaml").open("a", encoding="utf-8") as file:
        file.write("parties: [\n")


@pytest.mark.slow("the whole site, three times")
def test_the_others_have_their_site_and_the_broken_one_says_why(root: Path) -> None:
    invoke(root, "build", "--out", str(root / "before"))
    spoil(root)
    done = invoke(root, "build", "--keep-going")
    assert done.exit_code == 1
    assert done.output.splitlines()[-1].startswith("1 agreement built, ")
    assert done.output.endswith(f", in {root / 'site'}; left out for their errors: {BAD}\n")
    pages = root / "site" / "agreements"
    files, before = contents(pages / GOOD), contents(root / "before" / "agreements" / GOOD)
    assert {f"{GOOD}.{ending}": files[f"{GOOD}.{ending}"] for ending in ("md", "pdf", "docx")}.items() <= before.items()
    assert list(tree_state(pages / BAD)) == ["index.html"]
    page = (pages / BAD / "index.html").read_text(encoding="utf-8")
    assert f"{BAD} cannot be built" in page
    assert "close each [ with ]" in page
    assert "Cannot be built" in (pages / "index.html").read_text(encoding="utf-8")
    assert BAD in (root / "site" / "index.html").read_text(encoding="utf-8")
    # A site that is there is not kept with files of what is broken now.
    built = invoke(root, "build", "--keep-going", "--out", str(root / "before"))
    assert built.exit_code == 1
    assert contents(root / "before") == contents(root / "site")


def test_files_are_written_of_the_others(root: Path) -> None:
    spoil(root)
    done = invoke(root, "build", "--keep-going", "--format", "md")
    assert done.exit_code == 1
    assert sorted(tree_state(root / "site")) == [f"agreements/{GOOD}/{GOOD}.md"]
    assert done.output.endswith(f"; left out for their errors: {BAD}\n")


@pytest.mark.slow("the whole site")
def test_what_has_a_text_and_an_error_is_shown_without_files(root: Path) -> None:
    """An approval is missing, say: the text can be read, but nothing can be sent out from the site."""
    path = root / "agreements" / f"{BAD}.yaml"
    path.write_text(f"{path.read_text('utf-8')}links: {{under: nobody}}\n", encoding="utf-8")
    done = invoke(root, "build", "--keep-going")
    assert done.exit_code == 1, done.output
    assert not [name for name in tree_state(root / "site" / "agreements" / BAD) if not name.endswith("index.html")]
    page = (root / "site" / "agreements" / BAD / "index.html").read_text(encoding="utf-8")
    assert "This agreement is not valid. No files of it are offered." in page
    assert 'id="agreement-text"' in page
    assert f"{GOOD}.pdf" in tree_state(root / "site" / "agreements" / GOOD)
    assert sorted(tree_state(root / "other")) == []
    assert invoke(root, "build", "--keep-going", "--format", "md", "--out", str(root / "other")).exit_code == 1
    assert sorted(tree_state(root / "other")) == [f"agreements/{GOOD}/{GOOD}.md"]


@pytest.mark.slow("the whole site")
def test_an_executed_text_stays_whatever_becomes_of_its_file(root: Path) -> None:
    with Sandbox() as sandbox:
        record(root, BAD, "2026-03-02", sandbox)
    spoil(root)
    done = invoke(root, "build", "--keep-going")
    assert done.exit_code == 1, done.output
    folder = root / "site" / "agreements" / BAD
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "The file of this agreement is not valid. The text below is the one that was executed last." in page
    assert "close each [ with ]" in page
    assert "garden birds" in page
    assert f"{BAD}-1.0-signed.pdf" in tree_state(folder)


def test_what_keeps_every_site_from_being_built_still_does(root: Path) -> None:
    (root / "mkdocs.yml").write_text("site_name: Deals\nhooks: [run.py]\n", encoding="utf-8")
    spoil(root)
    done = invoke(root, "build", "--keep-going")
    assert done.exit_code == 1
    assert done.output.endswith("Nothing was written.\n")
    assert not (root / "site").exists()


def test_without_an_error_nothing_is_different(root: Path) -> None:
    done = invoke(root, "build", "--keep-going", "--format", "md")
    assert (done.exit_code, done.output.count("left out")) == (0, 0)
