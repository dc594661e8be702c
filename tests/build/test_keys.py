"""What goes into the key of an agreement, and what does not: the agreements that an edit makes anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from clausebook.build.git_state import git_state
from clausebook.build.made_store import MadeStore, opened_store
from clausebook.build.options import MakingOptions, SiteOptions
from clausebook.build.site_build import sources_of
from clausebook.repository import user_cache
from tests.support.git_repositories import Repository
from tests.support.small_sites import NAMES

ALL = set(NAMES)
LINKED = {"heron", "redwing"}


PLAIN = SiteOptions()


def keys(repository: Repository, options: SiteOptions = PLAIN, store: MadeStore | None = None) -> dict[str, str]:
    if store is None:
        with opened_store() as opened:
            return keys(repository, options, opened)
    return {task.id: task.key for task in sources_of(repository.project, options, store).tasks}


def write(path: str, more: str = "\n") -> Callable[[Repository], object]:
    def change(repository: Repository) -> None:
        place = repository.project / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text((place.read_text("utf-8") if place.is_file() else "") + more, "utf-8")

    return change


def committed(path: str) -> Callable[[Repository], object]:
    def change(repository: Repository) -> None:
        write(path)(repository)
        repository.git("commit", "--quiet", "--all", "--message", "Change it")

    return change


def escaped(repository: Repository) -> None:
    write("agreements/plover.yaml", 'links:\n  accompanies: ["av\\x6fcet"]\n')(repository)


EDITS: dict[str, tuple[Callable[[Repository], object], set[str]]] = {
    "nothing": (lambda repository: None, set()),
    "an agreement": (write("agreements/avocet.yaml"), {"avocet"}),
    "one that is linked": (write("agreements/heron.yaml"), LINKED),
    "its journal": (write("agreements/journal/avocet.yaml"), {"avocet"}),
    "its evidence": (write("agreements/evidence/avocet/a.yaml"), {"avocet"}),
    "its results": (write("agreements/results/avocet.csv"), {"avocet"}),
    "its record": (write("agreements/executed/avocet/1.0/record.yaml"), {"avocet"}),
    "its approvals": (write("agreements/avocet/approvals/a.yaml"), {"avocet"}),
    "an amendment of it": (write("agreements/avocet-amendment-1.yaml"), {"avocet", "avocet-amendment-1"}),
    "a link written with escapes": (escaped, {"plover", "avocet"}),
    "a clause": (write("templates/nda/outline.yaml"), ALL),
    "a schema": (write("schemas/clause.schema.json"), ALL),
    "the look of the PDF": (write("templates/pdf/common.typ"), ALL),
    "who approves": (write("approvers.yaml"), ALL),
    "the look of the site": (write("templates/site/docs/notes.md"), set()),
    "the configuration of the site": (write("mkdocs.yml"), set()),
    "a note to people": (write("README.md"), set()),
    "a commit of an agreement": (committed("agreements/avocet.yaml"), {"avocet"}),
    "a commit of something else": (committed("mkdocs.yml"), set()),
    "a tag": (lambda repository: repository.git("tag", "v1"), ALL),
    "another agreement": (write("agreements/dove.yaml", "id: dove\n"), {"dove"}),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_makes_anew_what_it_may_change(repository: Repository, name: str) -> None:
    edit, wanted = EDITS[name]
    with opened_store() as store:
        before = keys(repository, store=store)
        edit(repository)
        after = keys(repository, store=store)
    assert {each for each in after if before.get(each) != after[each]} == wanted


def test_what_changes_what_is_made_is_in_the_key(repository: Repository) -> None:
    keeping = SiteOptions(MakingOptions(sound_files_only=True))
    assert not set(keys(repository).values()) & set(keys(repository, keeping).values())
    assert keys(repository, SiteOptions(jobs=7)) == keys(repository)


def test_keys_are_the_same_wherever_the_repository_lies(repository: Repository, tmp_path: Path) -> None:
    shutil.copytree(repository.root, tmp_path / "other")
    assert keys(Repository(tmp_path / "other", tmp_path / "other")) == keys(repository)


def test_what_git_told_of_a_part_of_the_history_is_asked_again_of_more(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        repository.replace("Take longer", "agreements/avocet.yaml", f"for: P{number + 3}Y", f"for: P{number + 4}Y")
    clone = Repository(tmp_path / "clone", tmp_path / "clone")
    repository.git("clone", "--quiet", "--depth=1", repository.root.as_uri(), str(clone.root))
    seen = []
    for depth in ("--depth=2", "--depth=3", "--unshallow"):
        clone.git("fetch", "--quiet", depth)
        kept = git_state(clone.project, {*NAMES})
        with monkeypatch.context() as patch:
            patch.setenv(user_cache.OFF, "1")
            assert git_state(clone.project, {*NAMES}) == kept
        seen.append(kept.editions["avocet"][0])
    assert seen == [2, 3, 4]
