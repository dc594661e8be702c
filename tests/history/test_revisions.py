"""The revisions of an agreement: which commits they are, what is said of them, and what is read at each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clausebook.document.fingerprints import fingerprint
from clausebook.document.words import words
from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.history.past_texts import ABSENT
from clausebook.history.revisions import WORK_TREE, History, agreement_at, commit_of, history
from clausebook.history.sources import sources
from clausebook.language.sandbox import Sandbox
from clausebook.repository import user_cache
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.repository.hashed import HashedDisk
from tests.support.git_repositories import Repository, document_at, new_repository, run, state_of
from tests.support.repositories import nda_repository

pytestmark = [
    pytest.mark.slow("git repositories of every shape: merges, renames, clones that lack objects"),
    pytest.mark.usefixtures("shared_cache"),
]

NAME = "sparrow-finch"
DEAL = f"agreements/{NAME}.yaml"
KEEPING = "templates/nda/clauses/keeping.md"
LIMITS = "templates/nda/clauses/limits.md"
OUTLINE = "templates/nda/outline.yaml"
SCHEMA = "schemas/nda/agreement.schema.json"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository of one agreement, committed."""
    made = new_repository(nda_repository(tmp_path))
    made.commit("First draft")
    return made


@pytest.fixture
def untouched(repository: Repository) -> Iterator[Callable[[], None]]:
    """Prove at the end that the repository is as it was when the returned function was called."""
    states: list[tuple[str, ...]] = []
    yield lambda: states.append(repository.state())
    assert states
    assert repository.state() == states[0]


def subjects(found: History) -> list[str]:
    return [revision.subject for revision in found.revisions]


def test_revisions_are_the_commits_that_changed_the_text(repository: Repository, untouched: Callable[[], None]) -> None:
    repository.replace("Widen the topic", DEAL, "garden birds", "garden and sea birds")
    repository.replace("Say a thing in a comment", DEAL, "secrets:", "# what is kept\nsecrets:")
    repository.replace("Edit the library", KEEPING, "keep each other's", "shall keep each other's")
    repository.replace("Edit the schema's description", SCHEMA, "keep each other's", "hold one another's")
    repository.replace(
        "Define Secret more widely", "templates/nda/glossary.yaml", "what one party", "all that one party"
    )
    repository.commit(
        "Edit something else", {"README.md": "x", "agreements/README.md": "y", "templates/pdf/z.txt": "z"}
    )
    repository.replace("Change the guidance", KEEPING, "guidance: Always used.", "guidance: Used always.")
    repository.replace("Sign", DEAL, "{party: finch}", "{party: finch, name: Robin Sample}")
    untouched()
    found = history(repository.project, NAME)
    assert subjects(found) == [
        "Sign",
        "Define Secret more widely",
        "Edit the library",
        "Widen the topic",
        "First draft",
    ]
    assert [revision.changed for revision in found.revisions] == [1, 1, 1, 1, None]
    assert found.notes == ()
    first = found.revisions[-1]
    assert (first.commit, first.short) == (repository.commits[0], repository.commits[0][:8])
    assert (first.author, first.date) == ("Ada Example", "2026-01-01T00:00:00Z")
    assert (first.version, first.status, first.title) == ("1.0", "approved", "Talks about a bird atlas")
    assert (first.id, first.path, first.merge, first.problem) == (NAME, DEAL, False, "")
    assert "Zoë Ångström" in {revision.author for revision in found.revisions}
    assert len({revision.fingerprint for revision in found.revisions}) == 5


def test_each_revision_has_the_library_of_its_time(repository: Repository, untouched: Callable[[], None]) -> None:
    second = repository.replace("Edit the library", KEEPING, "keep each other's", "shall keep each other's")
    untouched()
    found = history(repository.project, NAME)
    texts = [document_at(repository.project, NAME, commit) for commit in (repository.commits[0], second)]
    assert [fingerprint(text) for text in texts] == [revision.fingerprint for revision in found.revisions[::-1]]
    assert [" shall keep " in " ".join(words(text)) for text in texts] == [False, True]


def test_numbers_that_only_move_are_no_changed_clauses(repository: Repository) -> None:
    slots = "      - {id: keeping, clause: keeping, item: /secrets}\n"
    front = "id: opening\ntitle: Purpose\nslot: purpose\nversion: '1.0'\nstatus: approved\nposition: standard"
    opening = f"---\n{front}\n---\nWe talk.\n"
    content = (repository.project / OUTLINE).read_text()
    added = content.replace(slots, "      - {id: purpose, clause: opening}\n" + slots)
    repository.commit("Add a clause before all others", {OUTLINE: added, "templates/nda/clauses/opening.md": opening})
    assert [revision.changed for revision in history(repository.project, NAME).revisions] == [1, None]


def test_a_clause_whose_emphasis_alone_changed_has_changed(repository: Repository) -> None:
    content = (repository.project / KEEPING).read_text()
    repository.commit("Stress the duty", {KEEPING: content.replace(" keep ", " **keep** ", 1)})
    assert [revision.changed for revision in history(repository.project, NAME).revisions] == [1, None]


def test_a_renamed_agreement_is_followed(repository: Repository, untouched: Callable[[], None]) -> None:
    text = (repository.project / DEAL).read_text()
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    text = (repository.project / DEAL).read_text().replace(f"id: {NAME}", "id: wren-finch")
    repository.commit("Rename the agreement", {DEAL: None, "agreements/wren-finch.yaml": text})
    repository.commit(
        "Unrelated: a new agreement of the old name's kin", {"agreements/x.yaml": text.replace("wren-finch", "x")}
    )
    last = repository.replace("Narrow the topic", "agreements/wren-finch.yaml", "sea birds", "gulls")
    untouched()
    found = history(repository.project, "wren-finch")
    assert subjects(found) == ["Narrow the topic", "Widen the topic", "First draft"]
    assert [revision.id for revision in found.revisions] == ["wren-finch", NAME, NAME]
    with Git(repository.project) as git, Sandbox() as sandbox:
        old = agreement_at(git, repository.project, "wren-finch", repository.commits[0], sandbox)
        assert old.document is not None
        assert old.document.id == NAME
    assert document_at(repository.project, "wren-finch", last).id == "wren-finch"


def test_a_renamed_type_is_followed(repository: Repository, untouched: Callable[[], None]) -> None:
    for folder in ("schemas", "templates"):
        repository.git("mv", f"{folder}/nda", f"{folder}/mutual-nda")
    schema = (repository.project / "schemas/mutual-nda/agreement.schema.json").read_text()
    text = (repository.project / DEAL).read_text()
    repository.commit(
        "Rename the type",
        {
            DEAL: text.replace("type: nda", "type: mutual-nda").replace("schemas/nda", "schemas/mutual-nda"),
            "schemas/mutual-nda/agreement.schema.json": schema.replace('"const": "nda"', '"const": "mutual-nda"'),
        },
    )
    repository.replace("Edit the library", KEEPING.replace("/nda/", "/mutual-nda/"), "keep each", "shall keep each")
    untouched()
    found = history(repository.project, NAME)
    assert subjects(found) == ["Edit the library", "First draft"]
    assert document_at(repository.project, NAME, repository.commits[0]).type == "nda"
    assert document_at(repository.project, NAME, repository.commits[1]).type == "mutual-nda"


def test_a_branch_that_was_merged_as_it_was_is_listed_itself(
    repository: Repository, untouched: Callable[[], None]
) -> None:
    repository.git("checkout", "--quiet", "-b", "counter-proposal")
    repository.replace("Propose five years", DEAL, "P3Y", "P5Y")
    repository.replace("Propose four years", DEAL, "P5Y", "P4Y")
    repository.git("checkout", "--quiet", "main")
    repository.commit("Edit something else", {"README.md": "x"})
    repository.merge("Merge the counter-proposal", "counter-proposal")
    untouched()
    found = history(repository.project, NAME)
    assert subjects(found) == ["Propose four years", "Propose five years", "First draft"]
    assert not any(revision.merge for revision in found.revisions)


def test_a_merge_that_makes_a_text_of_its_own_is_a_revision(
    repository: Repository, untouched: Callable[[], None]
) -> None:
    repository.git("checkout", "--quiet", "-b", "counter-proposal")
    repository.replace("Propose five years", DEAL, "P3Y", "P5Y")
    repository.git("checkout", "--quiet", "main")
    repository.replace("Edit the library", LIMITS, "does not cover", "covers none of the following")
    repository.merge("Merge the counter-proposal", "counter-proposal")
    repository.git("checkout", "--quiet", "-b", "lost", "HEAD~1")
    repository.replace("Propose six years", DEAL, "P3Y", "P6Y")
    repository.git("checkout", "--quiet", "main")
    repository.merge("Merge and keep ours", "lost", "--strategy", "ours")
    untouched()
    found = history(repository.project, NAME)
    assert subjects(found) == ["Merge the counter-proposal", "Edit the library", "First draft"]
    assert [revision.merge for revision in found.revisions] == [True, False, False]
    assert [revision.changed for revision in found.revisions] == [1, 1, None]


def test_an_agreement_that_a_merge_brought_keeps_its_branch(repository: Repository) -> None:
    text = (repository.project / DEAL).read_text().replace(NAME, "late")
    repository.git("checkout", "--quiet", "-b", "late")
    repository.commit("Draft the late one", {"agreements/late.yaml": text})
    repository.git("checkout", "--quiet", "main")
    repository.replace("Edit the library", LIMITS, "does not cover", "covers none of the following")
    repository.merge("Bring the late one", "late")
    assert subjects(history(repository.project, "late")) == ["Bring the late one", "Draft the late one"]


def test_a_revision_that_cannot_be_assembled_is_said_and_passed(
    repository: Repository, untouched: Callable[[], None]
) -> None:
    repository.replace("Break the data", DEAL, "kept_for: P3Y", "kept_for: long")
    repository.replace("Say a thing in a comment", DEAL, "secrets:", "# what is kept\nsecrets:")
    broken = repository.replace("Break the library", KEEPING, "parties|pluck", "parties|plunk")
    repository.replace("Mend the data", DEAL, "kept_for: long", "kept_for: P4Y")
    repository.replace("Mend the library", KEEPING, "parties|plunk", "parties|pluck")
    repository.commit("Break the whole file", {DEAL: "id: [\n"})
    repository.git("mv", "templates", "elsewhere")
    repository.commit("Remove the library")
    repository.git("revert", "--no-edit", "HEAD", "HEAD~1")
    untouched()
    found = history(repository.project, NAME)
    assert [(revision.subject, bool(revision.problem), revision.changed) for revision in found.revisions] == [
        ('Revert "Break the whole file"', False, 0),
        ('Revert "Remove the library"', True, None),
        ("Remove the library", True, None),
        ("Break the whole file", True, None),
        ("Mend the library", False, 1),
        ("Mend the data", True, None),
        ("Break the data", True, None),
        ("First draft", False, None),
    ]
    problems = {revision.subject: (revision.problem, revision.hint) for revision in found.revisions}
    assert f"{DEAL}, line" in problems["Break the data"][0]
    assert f"{KEEPING}, line" in problems["Mend the data"][0]
    assert all(hint for problem, hint in problems.values() if problem)
    assert {revision.version for revision in found.revisions if revision.subject == "Break the data"} == {"1.0"}
    with pytest.raises(FindingsError, match="long"):
        document_at(repository.project, NAME, broken)


def test_the_work_tree_is_the_newest_revision_if_its_text_differs(
    repository: Repository, untouched: Callable[[], None]
) -> None:
    place = repository.project / DEAL
    text = place.read_text()
    place.write_text(text.replace("secrets:", "# a comment\nsecrets:"))
    assert subjects(history(repository.project, NAME)) == ["First draft"]
    place.write_text(text.replace("garden birds", "sea birds"))
    untouched()
    found = history(repository.project, NAME)
    assert subjects(found) == ["not committed yet", "First draft"]
    newest = found.revisions[0]
    assert (newest.commit, newest.short, newest.date, newest.author) == ("", WORK_TREE, "", "")
    assert newest.changed == 1
    assert fingerprint(document_at(repository.project, NAME, "")) == newest.fingerprint
    assert subjects(history(repository.project, NAME, head="HEAD")) == ["First draft"]


def test_a_clean_work_tree_has_the_key_of_its_commit(repository: Repository) -> None:
    with Git(repository.project) as git:
        committed = sources(GitTree(git, repository.commits[0]), NAME)
    assert sources(HashedDisk(repository.project), NAME) == committed
    assert committed is not None
    # Line ends of another system, and folders without files, are nothing to git.
    place = repository.project / LIMITS
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    (repository.project / "templates" / "nda" / "empty").mkdir()
    assert sources(HashedDisk(repository.project), NAME) == committed


def test_an_agreement_that_is_not_committed_yet(repository: Repository, untouched: Callable[[], None]) -> None:
    text = (repository.project / DEAL).read_text().replace(NAME, "new-one")
    (repository.project / "agreements" / "new-one.yaml").write_text(text)
    untouched()
    assert subjects(history(repository.project, "new-one")) == ["not committed yet"]


def test_an_agreement_that_was_removed(repository: Repository, untouched: Callable[[], None]) -> None:
    repository.commit("Remove it", {DEAL: None, "agreements/README.md": "x"})
    repository.commit("Later")
    untouched()
    found = history(repository.project, NAME)
    assert subjects(found) == ["First draft"]
    assert [note.rule for note in found.notes] == ["core/history-gone"]


def test_notes_name_the_file_that_is_there(tmp_path: Path) -> None:
    root = nda_repository(tmp_path)
    (root / DEAL).rename(root / f"agreements/{NAME}.yml")
    assert [note.path for note in history(root, NAME).notes] == [f"agreements/{NAME}.yml"]


def test_the_note_on_an_agreement_that_is_gone_names_the_file_that_was_there(repository: Repository) -> None:
    content = (repository.project / DEAL).read_text()
    repository.commit("Name it otherwise", {DEAL: None, f"agreements/{NAME}.yml": content})
    repository.commit("Remove it", {f"agreements/{NAME}.yml": None, "agreements/README.md": "x"})
    assert [note.path for note in history(repository.project, NAME).notes] == [f"agreements/{NAME}.yml"]


def test_an_agreement_that_was_removed_and_restored(repository: Repository) -> None:
    text = (repository.project / DEAL).read_text()
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    repository.commit("Remove it", {DEAL: None, "agreements/README.md": "x"})
    repository.replace("Edit the library meanwhile", KEEPING, "keep each other's", "shall keep each other's")
    repository.commit("Restore the first draft", {DEAL: text})
    assert subjects(history(repository.project, NAME)) == ["Restore the first draft", "Widen the topic", "First draft"]


def test_without_git_or_commits_there_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = nda_repository(tmp_path)
    found = history(root, NAME)
    assert subjects(found) == ["not committed yet"]
    assert [(note.rule, note.severity) for note in found.notes] == [("core/history-none", "note")]
    new_repository(root)
    found = history(root, NAME)
    assert subjects(found) == ["not committed yet"]
    assert [note.rule for note in found.notes] == ["core/history-empty"]
    monkeypatch.setenv("PATH", "")
    assert [note.message for note in history(root, NAME).notes] == [
        "git is not installed, so there are no revisions to read"
    ]
    with pytest.raises(RepositoryError, match="there is no agreement `sparow-finch`"):
        history(root, "sparow-finch")
    with pytest.raises(RepositoryError, match="not installed"):
        history(root, NAME, head="HEAD")


def test_a_shallow_clone_says_where_it_ends(repository: Repository, tmp_path: Path) -> None:
    for number in range(4, 8):
        repository.replace(f"{number} years", DEAL, f"P{number - 1}Y", f"P{number}Y")
    repository.commit("Edit something else", {"README.md": "x"})
    clone = tmp_path / "shallow"
    run(tmp_path, "clone", "--quiet", "--depth", "3", f"file://{repository.root}", str(clone))
    state = state_of(clone)
    found = history(clone, NAME)
    assert subjects(found) == ["7 years", "6 years"]
    assert [note.rule for note in found.notes] == ["core/history-cut"]
    assert found.notes[0].hint == "git fetch --unshallow"
    with pytest.raises(RepositoryError, match="there is no revision") as caught, Git(clone) as git:
        commit_of(git, clone, NAME, "HEAD~4")
    assert caught.value.hint
    assert state_of(clone) == state


def test_a_bare_clone_a_worktree_and_a_subfolder_list_alike(repository: Repository, tmp_path: Path) -> None:
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    expected = history(repository.project, NAME)
    bare, linked = tmp_path / "bare.git", tmp_path / "linked worktree"
    run(tmp_path, "clone", "--quiet", "--bare", str(repository.root), str(bare))
    repository.git("worktree", "add", "--quiet", "--detach", str(linked))
    repository.git("checkout", "--quiet", "--detach")
    for place in (bare, linked, repository.project):
        state = state_of(place)
        assert history(place, NAME) == expected
        assert document_at(place, NAME, repository.commits[0]).title == "Talks about a bird atlas"
        assert state_of(place) == state
    outer = new_repository(tmp_path / "größer", "verträge")
    shutil.copytree(nda_repository(tmp_path / "copy"), outer.project)
    outer.commit("First draft")
    outer.commit("Not ours", {"../agreements/sparrow-finch.yaml": "x"})
    outer.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    found = history(outer.project, NAME)
    assert [revision.fingerprint for revision in found.revisions] == [
        revision.fingerprint for revision in expected.revisions
    ]
    assert found.revisions[0].path == DEAL


def test_tags_and_versions_name_revisions(repository: Repository, untouched: Callable[[], None]) -> None:
    first = repository.commits[0]
    repository.git("tag", "--annotate", "--message", "m", "sent", first)
    repository.git("tag", "--annotate", "--message", "m", "on-a-tree", "HEAD^{tree}")
    repository.git("update-ref", "refs/tags/--help", first)
    agreed = repository.replace("Say which version this is", DEAL, 'version: "1.0"', 'version: "1.1"')
    widened = repository.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    final = repository.replace("Agreed", DEAL, 'version: "1.1"', 'version: "2.0"')
    repository.commit("Edit something else", {"README.md": "x"})
    repository.git("tag", "executed")
    repository.git("tag", "1.1")
    repository.git("tag", "2.0")
    untouched()
    found = history(repository.project, NAME)
    assert [(revision.commit, revision.versions, revision.tags) for revision in found.revisions] == [
        (widened, ("1.1", "2.0"), ("1.1", "2.0", "executed")),
        (first, ("1.0", "1.1"), ("--help", "sent")),
    ]
    with Git(repository.project) as git:
        names = {"1.0": first, "v1.0": first, "sent": first, "--help": first, "HEAD~2": widened, WORK_TREE: ""}
        assert {name: commit_of(git, repository.project, NAME, name) for name in names} == names
        # The tag 2.0 is on a later commit, at which the text was the same.
        assert commit_of(git, repository.project, NAME, "2.0") == repository.commits[-1]
        assert commit_of(git, repository.project, NAME, final[:8]) == final
        with pytest.raises(RepositoryError, match="both a version of sparrow-finch and a branch or tag") as caught:
            commit_of(git, repository.project, NAME, "1.1")
        assert caught.value.hint == f"write {widened[:8]} for the version, {repository.commits[-1][:8]} for the other"
        with pytest.raises(RepositoryError, match=r"there is no revision `1\.3`") as caught:
            commit_of(git, repository.project, NAME, "1.3")
        assert "`1.1`" in caught.value.hint
        with pytest.raises(RepositoryError, match="there is no revision `HEAD~99`"):
            commit_of(git, repository.project, NAME, "HEAD~99")
    assert agreed not in {revision.commit for revision in found.revisions}


def test_a_revision_before_the_agreement_existed(repository: Repository, untouched: Callable[[], None]) -> None:
    text = (repository.project / DEAL).read_text().replace(NAME, "late").replace("bird atlas", "map of the moon")
    late = repository.commit("Draft the late one", {"agreements/late.yaml": "# A quite different file\n" + text})
    untouched()
    with pytest.raises(RepositoryError, match=r"no agreement `late` yet at .* \(2026-01-01, First draft\)") as caught:
        document_at(repository.project, "late", repository.commits[0])
    assert caught.value.hint == f"its first revision is {late[:8]}"
    with pytest.raises(RepositoryError, match="there is no revision `nowhere`"):
        history(repository.project, NAME, head="nowhere")


@pytest.mark.parametrize(
    "name", ["sparow-finch", "", "../x", "agreements/sparrow-finch", "--help", "x\0y", "\ud800", "a" * 300]
)
def test_an_unknown_agreement(name: str, repository: Repository, untouched: Callable[[], None]) -> None:
    untouched()
    for look in (history, lambda root, agreement: document_at(root, agreement, repository.commits[0])):
        with pytest.raises(RepositoryError, match="there is no agreement") as caught:
            look(repository.project, name)
        assert NAME in caught.value.hint


def test_the_second_listing_assembles_nothing(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.replace("Break the data", DEAL, "kept_for: P3Y", "kept_for: long")
    repository.replace("Mend the data", DEAL, "kept_for: long", "kept_for: P9Y")
    done: list[str] = []
    first = history(repository.project, NAME, progress=done.append)
    assert len(done) == 3
    monkeypatch.setattr(Sandbox, "start", lambda self: pytest.fail("a text was assembled again"))
    assert history(repository.project, NAME) == first


def test_without_a_cache_all_goes_on(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "file"))
    assert subjects(history(repository.project, NAME)) == ["First draft"]


PARTIAL = {
    "blob:none": (["Four years", "First draft"], "the files of 2 of 3 commits are not in it"),
    "tree:0": (["Four years"], "what was before {last} is not in it"),
    "tree:2": (["Four years", "First draft"], "the files of 2 of 3 commits are not in it"),
}


@pytest.mark.parametrize("left_out", PARTIAL)
def test_a_partial_clone_says_what_is_not_in_it_and_fetches_nothing(
    repository: Repository, tmp_path: Path, left_out: str
) -> None:
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    repository.git("tag", "--annotate", "--message", "signed", "wide")
    repository.replace("Four years", DEAL, "P3Y", "P4Y")
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
    clone = tmp_path / "partial"
    run(tmp_path, "clone", "--quiet", f"--filter={left_out}", f"file://{repository.root}", str(clone))
    before = sorted(path.name for path in (clone / ".git" / "objects").rglob("*"))
    listed, said = PARTIAL[left_out]
    found = history(clone, NAME)
    assert subjects(found) == listed
    assert [revision.problem for revision in found.revisions] == ["", *[ABSENT] * (len(listed) - 1)]
    (note,) = found.notes
    assert note.rule == "core/history-cut"
    assert note.message == "this is a partial clone: " + said.format(last=repository.commits[-1][:8])
    assert history(clone, NAME) == found
    assert sorted(path.name for path in (clone / ".git" / "objects").rglob("*")) == before
    with Git(clone) as git, Sandbox() as sandbox:
        assert agreement_at(git, clone, NAME, repository.commits[-1], sandbox).document
        try:
            old = agreement_at(git, clone, NAME, repository.commits[0], sandbox)
            said = "".join(finding.message + finding.hint for finding in old.findings)
        except RepositoryError as error:
            said = error.message + error.hint
        assert "is missing from this clone" in said
        assert "partial clone" in said
    run(clone, *note.hint.removeprefix("git ").split())
    whole = history(clone, NAME)
    assert subjects(whole) == ["Four years", "Widen the topic", "First draft"]
    assert whole.notes == ()


def test_a_bare_partial_clone_without_any_file_lists_what_it_knows(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    clones = {}
    for left_out in ("blob:none", "tree:0"):
        clones[left_out] = tmp_path / left_out.replace(":", "-")
        source = f"file://{repository.root}"
        run(tmp_path, "clone", "--quiet", "--bare", f"--filter={left_out}", source, str(clones[left_out]))
    found = history(clones["blob:none"], NAME)
    assert [(revision.problem, revision.subject) for revision in found.revisions] == [(ABSENT, "First draft")]
    assert "partial clone" in found.revisions[0].hint
    with pytest.raises(RepositoryError, match="is missing from this clone") as caught:
        history(clones["tree:0"], NAME)
    assert "partial clone" in caught.value.hint
