"""A redline names its texts without reading more of the past than it needs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clausebook.history.comparison import compared
from clausebook.history.explained import comments_of
from clausebook.history.newest import NewestFirst
from clausebook.history.revisions import WORK_TREE, commit_of, history
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.repository import user_cache
from clausebook.repository.git.process import Git
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

NAME = "sparrow-finch"
DEAL = f"agreements/{NAME}.yaml"
KEEPING = "templates/nda/clauses/keeping.md"
LATER = ("P4Y", "P5Y", "P6Y", "P7Y", "P8Y")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An agreement whose text changed five times, each time with a version of its own; nothing is known of it yet."""
    made = new_repository(nda_repository(tmp_path))
    made.commit("First draft")
    for number, (old, new) in enumerate(zip(("P3Y", *LATER), LATER, strict=False)):
        text = (made.project / DEAL).read_text(encoding="utf-8").replace(f"kept_for: {old}", f"kept_for: {new}")
        made.commit(f"Keep them {new}", {DEAL: text.replace(f'"1.{number}"', f'"1.{number + 1}"')})
    return made


@pytest.fixture
def assembled(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows with each text that is assembled; the user's cache is empty."""
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    done: list[str] = []
    assemble = Project.assemble

    def counted(self: Project, file: object) -> object:
        done.append(str(file))
        return assemble(self, file)  # type: ignore[arg-type]

    monkeypatch.setattr(Project, "assemble", counted)
    return done


def read(root: Path, old: str, new: str, assembled: list[str]) -> tuple[str, str, int]:
    """Return the two commits that were compared, and how many texts were assembled for it."""
    before = len(assembled)
    with Sandbox() as sandbox:
        found = compared(root, NAME, old, new, sandbox)
    return found.old.commit, found.new.commit, len(assembled) - before


def test_the_newest_text_costs_no_more_than_naming_it(repository: Repository, assembled: list[str]) -> None:
    root, newest = repository.project, repository.commits[-1]
    assert read(root, "standard", "HEAD", assembled) == ("", newest, 1)
    assert read(root, "standard", "", assembled) == ("", newest, 1)
    assert read(root, "1.0", "", assembled) == (repository.commits[0], newest, 2)
    assert read(root, "1.0", "1.3", assembled) == (repository.commits[0], repository.commits[3], 2)


def test_the_text_before_it_is_read_as_far_as_it_goes(repository: Repository, assembled: list[str]) -> None:
    # Both texts for their names, the one before them to see where the older begins; then the two that are compared.
    assert read(repository.project, "", "", assembled) == (repository.commits[-2], repository.commits[-1], 3 + 2)


def test_what_is_not_committed_is_held_against_the_last_commit_alone(
    repository: Repository, assembled: list[str]
) -> None:
    place = repository.project / DEAL
    place.write_text(place.read_text(encoding="utf-8").replace("garden birds", "sea birds"), encoding="utf-8")
    assert read(repository.project, "standard", "", assembled) == ("", "", 2 + 1)
    place.write_text("# only a comment\n" + repository.git("show", f"HEAD:{DEAL}"), encoding="utf-8")
    assert read(repository.project, "standard", "", assembled)[1] == repository.commits[-1]


def test_versions_and_branches_are_found_without_assembling(repository: Repository, assembled: list[str]) -> None:
    with Git(repository.project) as git:
        assert [commit_of(git, repository.project, NAME, f"1.{number}") for number in range(6)] == repository.commits
        assert commit_of(git, repository.project, NAME, "main") == repository.commits[-1]
    assert assembled == []


def mend(repository: Repository) -> None:
    repository.replace("Break it", DEAL, "kept_for: P8Y", "kept_for: long")
    repository.replace("Mend it", DEAL, "kept_for: long", "kept_for: P8Y")


def break_it(repository: Repository) -> None:
    repository.replace("Break it", DEAL, "kept_for: P8Y", "kept_for: long")


def edit_the_library(repository: Repository) -> None:
    repository.replace("Edit what none of them shows", KEEPING, "keep each other's", "shall keep each other's")
    repository.replace("And back", KEEPING, "shall keep each other's", "keep each other's")
    repository.replace("Call it 2.0", DEAL, 'version: "1.5"', 'version: "2.0"')


def take_it_away(repository: Repository) -> None:
    repository.commit("Take it away", {DEAL: None})


def edit_here(repository: Repository) -> None:
    place = repository.project / DEAL
    place.write_text(place.read_text(encoding="utf-8").replace("garden birds", "sea birds"), encoding="utf-8")


def bring_back_here(repository: Repository) -> None:
    text = repository.git("show", f"HEAD:{DEAL}")
    take_it_away(repository)
    (repository.project / DEAL).write_text(text, encoding="utf-8")


def change_nothing(repository: Repository) -> None:
    """Leave it as it is."""


@pytest.mark.slow("every kind of newest commit")
@pytest.mark.parametrize("head", ["", "HEAD~1"])
@pytest.mark.parametrize(
    "change", [change_nothing, mend, break_it, edit_the_library, take_it_away, edit_here, bring_back_here]
)
def test_its_texts_are_those_of_the_history(
    repository: Repository, change: Callable[[Repository], None], head: str
) -> None:
    change(repository)
    revisions = history(repository.project, NAME, head).revisions
    with Git(repository.project) as git, NewestFirst(git, repository.project, NAME, head, lambda name: None) as past:
        found = [(past.first(number), past.text(number).fingerprint) for number in past.revisions()]
    assert found == [(revision.commit, revision.fingerprint) for revision in revisions]
    assert WORK_TREE not in dict(found)


def test_a_redline_names_no_address_of_who_wrote_a_text(repository: Repository) -> None:
    repository.replace("Keep them for long", DEAL, "kept_for: P8Y", "kept_for: P9Y", "ada@counsel.example")
    repository.replace("And longer", DEAL, "kept_for: P9Y", "kept_for: P10Y", "Ada Counsel (ada@counsel.example)")
    with Sandbox() as sandbox:
        found = compared(repository.project, NAME, "", "", sandbox)
    old, new = found.names(internal=False)
    assert old.endswith(" by ada")
    assert new.endswith(" by Ada Counsel (ada)")
    assert comments_of(found, "Somebody", internal=False).author == "Ada Counsel (ada)"
