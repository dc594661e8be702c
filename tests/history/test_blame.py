"""Who brought each sentence in: through renames, merges, reverts, new numbers and another order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausebook.cli.main import cli
from clausebook.findings.model import RepositoryError
from clausebook.history.blame import Blame, BroughtIn, blame
from clausebook.history.sentences import sentences
from clausebook.language.sandbox import Sandbox
from clausebook.repository.git.process import Git
from tests.support.git_repositories import Repository, document_at, new_repository, run
from tests.support.repositories import nda_repository, partnership_repository
from tests.support.tiers import examples

pytestmark = [
    pytest.mark.slow("git repositories of every shape, with the library of each commit"),
    pytest.mark.usefixtures("shared_cache"),
]

NAME = "sparrow-finch"
DEAL = f"agreements/{NAME}.yaml"
KEEPING = "templates/nda/clauses/keeping.md"
LIMITS = "templates/nda/clauses/limits.md"
OUTLINE = "templates/nda/outline.yaml"
HERON = "A heron may be told of it."


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = new_repository(nda_repository(tmp_path))
    made.commit("First draft")
    return made


def blamed(repository: Repository, sandbox: Sandbox, place: str = "", head: str = "", name: str = NAME) -> Blame:
    with Git(repository.project) as git:
        return blame(git, repository.project, name, place, sandbox, head)


def origin(repository: Repository, sandbox: Sandbox, words: str, name: str = NAME) -> BroughtIn:
    """Return the origin of the one sentence that holds some words."""
    (found,) = [
        each.origin for each in blamed(repository, sandbox, name=name).sentences if words in each.sentence.words
    ]
    return found


def subject(repository: Repository, sandbox: Sandbox, words: str, name: str = NAME) -> str:
    found = origin(repository, sandbox, words, name)
    return found.commit.subject if found.commit else "not committed yet"


def said(found: Blame) -> set[str]:
    """Return the subjects of the commits of all sentences."""
    return {each.origin.commit.subject for each in found.sentences if each.origin.commit}


def add(repository: Repository, path: str, sentence: str, subject: str, author: str = "") -> str:
    """Commit another sentence at the end of a clause."""
    content = (repository.project / path).read_text(encoding="utf-8")
    return repository.commit(subject, {path: f"{content.rstrip()}\n\n{sentence}\n"}, author)


def test_each_sentence_has_the_commit_that_brought_it(repository: Repository, sandbox: Sandbox) -> None:
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds", author="Bao Sample")
    repository.replace("Say 1.1", DEAL, 'version: "1.0"', 'version: "1.1"')
    added = add(repository, KEEPING, HERON, "Tell the heron")
    found = origin(repository, sandbox, HERON)
    assert found.commit is not None
    assert (found.commit.oid, found.version, found.why) == (added, "1.1", "library")
    assert found.cause == "library (keeping@1.0)"
    topic = origin(repository, sandbox, "sea birds")
    assert topic.commit is not None
    assert (topic.commit.subject, topic.commit.author, topic.version) == ("Widen the topic", "Bao Sample", "1.0")
    assert (topic.why, topic.first) == ("data", False)
    assert said(blamed(repository, sandbox, "limits")) == {"First draft"}
    assert {(each.origin.first, each.origin.cause) for each in blamed(repository, sandbox, "limits").sentences} == {
        (True, "library (limits@1.0)")
    }


def test_a_place_is_named_by_its_number_its_id_or_its_title(repository: Repository, sandbox: Sandbox) -> None:
    by_id = blamed(repository, sandbox, "keeping").sentences
    heading = by_id[0].sentence
    assert heading.heading
    for name in (heading.number, heading.number.rstrip("."), heading.words, heading.words.upper()):
        assert blamed(repository, sandbox, name).sentences == by_id
    with pytest.raises(RepositoryError, match="no clause, section, schedule or defined term `keping`") as error:
        blamed(repository, sandbox, "keping")
    assert "keeping" in error.value.hint


def test_a_new_number_or_order_brings_nothing_in(repository: Repository, sandbox: Sandbox) -> None:
    front = "id: opening\ntitle: Purpose\nslot: purpose\nversion: '1.0'\nstatus: approved\nposition: standard"
    slots = "      - {id: keeping, clause: keeping, item: /secrets}\n"
    content = (repository.project / OUTLINE).read_text()
    assert slots in content
    added = content.replace(slots, "      - {id: purpose, clause: opening}\n" + slots)
    clause = f"---\n{front}\n---\nWe talk.\n"
    repository.commit("Add a clause first", {OUTLINE: added, "templates/nda/clauses/opening.md": clause})
    moved = added.replace(slots, "") + slots if added.endswith(slots) else added.replace(slots, "")
    limits = next(line for line in moved.splitlines(keepends=True) if "id: limits" in line)
    repository.commit("Move a clause", {OUTLINE: moved.replace(limits, limits + slots)})
    told = {
        each.sentence.words: each.origin.commit.subject
        for each in blamed(repository, sandbox).sentences
        if each.origin.commit
    }
    assert {words for words, said in told.items() if said != "First draft"} == {"Purpose", "We talk."}


def test_what_went_and_came_back_is_told_as_such(repository: Repository, sandbox: Sandbox) -> None:
    brought = add(repository, KEEPING, HERON, "Tell the heron")
    removed = repository.replace("Do not", KEEPING, HERON, "")
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    back = add(repository, KEEPING, HERON, "Tell it after all")
    found = origin(repository, sandbox, HERON)
    assert found.commit is not None
    assert found.commit.oid == back
    assert found.earlier is not None
    assert (found.earlier.brought.oid, found.earlier.removed.oid) == (brought, removed)
    assert origin(repository, sandbox, "sea birds").earlier is None


def test_one_more_of_the_same_words_is_new_and_did_not_come_back(repository: Repository, sandbox: Sandbox) -> None:
    add(repository, KEEPING, HERON, "Tell the heron")
    add(repository, LIMITS, HERON, "Tell it twice")
    told = {
        each.sentence.place: each.origin
        for each in blamed(repository, sandbox).sentences
        if each.sentence.words == HERON
    }
    assert {place: each.commit and each.commit.subject for place, each in told.items()} == {
        "keeping": "Tell the heron",
        "limits": "Tell it twice",
    }
    assert told["limits"].earlier is None


def test_a_sentence_that_moves_to_another_clause_is_not_new(repository: Repository, sandbox: Sandbox) -> None:
    add(repository, KEEPING, HERON, "Tell the heron")
    keeping = (repository.project / KEEPING).read_text().replace(HERON, "")
    limits = f"{(repository.project / LIMITS).read_text().rstrip()}\n\n{HERON}\n"
    repository.commit("Move it", {KEEPING: keeping, LIMITS: limits})
    assert subject(repository, sandbox, HERON) == "Tell the heron"


def test_renames_are_followed(repository: Repository, sandbox: Sandbox) -> None:
    add(repository, KEEPING, HERON, "Tell the heron")
    text = (repository.project / DEAL).read_text().replace(f"id: {NAME}", "id: wren-finch")
    repository.commit("Rename it", {DEAL: None, "agreements/wren-finch.yaml": text})
    for folder in ("schemas", "templates"):
        repository.git("mv", f"{folder}/nda", f"{folder}/pact")
    schema = (repository.project / "schemas/pact/agreement.schema.json").read_text()
    repository.commit(
        "Rename the type",
        {
            "agreements/wren-finch.yaml": text.replace("type: nda", "type: pact").replace(
                "schemas/nda", "schemas/pact"
            ),
            "schemas/pact/agreement.schema.json": schema.replace('"const": "nda"', '"const": "pact"'),
        },
    )
    said = {
        each.origin.commit.subject
        for each in blamed(repository, sandbox, name="wren-finch").sentences
        if each.origin.commit
    }
    assert said == {"First draft", "Tell the heron"}


def test_a_merge_is_asked_which_branch_had_it(repository: Repository, sandbox: Sandbox) -> None:
    repository.git("checkout", "--quiet", "-b", "proposal")
    add(repository, KEEPING, HERON, "Tell the heron")
    repository.git("checkout", "--quiet", "main")
    repository.replace("Edit the limits", LIMITS, "does not cover", "covers none of the following")
    repository.merge("Merge the proposal", "proposal")
    assert subject(repository, sandbox, HERON) == "Tell the heron"
    assert subject(repository, sandbox, "covers none") == "Edit the limits"


def test_what_only_the_merge_has_is_its_own(repository: Repository, sandbox: Sandbox) -> None:
    repository.git("checkout", "--quiet", "-b", "proposal")
    repository.replace("Edit the limits", LIMITS, "does not cover", "covers none of the following")
    repository.git("checkout", "--quiet", "main")
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    repository.git("merge", "--quiet", "--no-commit", "--no-ff", "proposal")
    add(repository, KEEPING, HERON, "Merge, and tell the heron")
    assert len(repository.git("rev-list", "--parents", "-1", "HEAD").split()) == 3
    assert subject(repository, sandbox, HERON) == "Merge, and tell the heron"


def test_octopus_and_criss_cross_merges(repository: Repository, sandbox: Sandbox) -> None:
    for number, (path, words) in enumerate(((KEEPING, HERON), (LIMITS, "An owl may not."))):
        repository.git("checkout", "--quiet", "-b", f"side-{number}", repository.commits[0])
        add(repository, path, words, f"Side {number}")
    repository.git("checkout", "--quiet", "main")
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    run(repository.root, "merge", "--quiet", "--message", "Octopus", "side-0", "side-1")
    assert subject(repository, sandbox, HERON) == "Side 0"
    assert subject(repository, sandbox, "An owl may not.") == "Side 1"
    # Each of two branches merges the other, and both are merged again.
    repository.git("checkout", "--quiet", "-b", "one")
    add(repository, KEEPING, "One said so.", "One")
    repository.git("checkout", "--quiet", "-b", "two", "main")
    add(repository, LIMITS, "Two said so.", "Two")
    two = repository.git("rev-parse", "HEAD")
    repository.merge("Two takes one", "one")
    repository.git("checkout", "--quiet", "one")
    repository.merge("One takes two", two)
    repository.replace("After", DEAL, "sea birds", "gulls")
    repository.merge("Both", "two")
    assert subject(repository, sandbox, "One said so.") == "One"
    assert subject(repository, sandbox, "Two said so.") == "Two"


def test_a_squash_is_one_commit(repository: Repository, sandbox: Sandbox) -> None:
    repository.git("checkout", "--quiet", "-b", "proposal")
    add(repository, KEEPING, HERON, "Tell the heron")
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--squash", "proposal")
    repository.commit("All at once")
    assert subject(repository, sandbox, HERON) == "All at once"


def test_the_outline_is_told_from_the_library(repository: Repository, sandbox: Sandbox) -> None:
    content = (repository.project / OUTLINE).read_text()
    title = next(line for line in content.splitlines() if line.strip().startswith("title:") or "title: " in line)
    words = title.partition("title: ")[2].split(",")[0].strip(" }")
    repository.commit("Name it otherwise", {OUTLINE: content.replace(words, "Things between us", 1)})
    found = origin(repository, sandbox, "Things between us")
    assert found.why == "outline"


def test_commits_that_cannot_be_assembled_are_counted(repository: Repository, sandbox: Sandbox) -> None:
    repository.replace("Break it", DEAL, "kept_for: P3Y", "kept_for: long")
    add(repository, KEEPING, HERON, "Tell the heron")
    repository.replace("Mend it", DEAL, "kept_for: long", "kept_for: P3Y")
    found = origin(repository, sandbox, HERON)
    assert found.commit is not None
    assert (found.commit.subject, found.unread) == ("Mend it", 2)


def test_an_agreement_that_was_removed_and_added_again(repository: Repository, sandbox: Sandbox) -> None:
    text = (repository.project / DEAL).read_text()
    repository.commit("Remove it", {DEAL: None, "agreements/README.md": "x"})
    repository.commit("Bring it back", {DEAL: text})
    assert said(blamed(repository, sandbox)) == {"Bring it back"}
    earlier = {each.origin.earlier for each in blamed(repository, sandbox).sentences}
    assert [(each.brought.subject, each.removed.subject) for each in earlier if each] == [("First draft", "Remove it")]
    done = CliRunner().invoke(cli, ["log", NAME, "--root", str(repository.project)])
    assert "brought the agreement back, which" in done.output


def test_what_is_not_committed_is_said_to_be(repository: Repository, sandbox: Sandbox) -> None:
    place = repository.project / DEAL
    place.write_text(place.read_text().replace("garden birds", "sea birds"))
    assert subject(repository, sandbox, "sea birds") == "not committed yet"
    assert blamed(repository, sandbox, head="HEAD").sentences != blamed(repository, sandbox).sentences


def test_names_and_subjects_with_signs_for_a_terminal_are_shown_without_them(
    repository: Repository, sandbox: Sandbox
) -> None:
    evil = "Eve \x1b[2J\u202eExample"
    content = f"{(repository.project / KEEPING).read_text().rstrip()}\n\n{HERON}\n"
    repository.commit("Tell \x1b]0;x\x07 the\u202e heron\r\nand more", {KEEPING: content}, author=evil)
    far = run(repository.root, "log", "-1", "--format=%H")
    for command in ("blame", "log"):
        for form in ("text", "json"):
            done = CliRunner().invoke(cli, [command, NAME, "--format", form, "--root", str(repository.project)])
            assert done.exit_code == 0, done.output
            assert far[:8] in done.output
            assert not {"\x1b", "\x07", "\u202e", "\r"} & set(done.output)


@pytest.mark.parametrize("seconds", ["0", "99999999999999", "253402300800"])
def test_dates_out_of_range_stop_nothing(repository: Repository, seconds: str) -> None:
    content = f"{(repository.project / KEEPING).read_text().rstrip()}\n\n{HERON}\n"
    (repository.project / KEEPING).write_text(content)
    repository.git("add", "--all")
    tree = repository.git("write-tree")
    people = f"author Eve <e@example.com> {seconds} +9999\ncommitter Eve <> {seconds} -9999"
    raw = f"tree {tree}\nparent {repository.commits[-1]}\n{people}\n\nTell the heron\n"
    place = repository.root / "raw"
    place.write_text(raw)
    oid = repository.git("hash-object", "-t", "commit", "-w", "--literally", str(place))
    place.unlink()
    repository.git("update-ref", "HEAD", oid)
    done = CliRunner().invoke(cli, ["blame", NAME, "keeping", "--root", str(repository.project)])
    assert done.exit_code == 0, done.output
    assert oid[:8] in done.output
    assert CliRunner().invoke(cli, ["log", NAME, "--root", str(repository.project)]).exit_code == 0


def test_the_command_prints_groups_and_data(repository: Repository) -> None:
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds", author="Bao Sample")
    add(repository, KEEPING, f"{HERON} {'herring ' * 40}eaten.", "Tell the heron")
    arguments = [NAME, "--root", str(repository.project)]
    done = CliRunner().invoke(cli, ["blame", *arguments])
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert sum(line.startswith(repository.commits[-1][:8]) for line in lines) == 1
    assert all(len(line) <= 100 for line in lines)
    assert done.output.split().count("herring") == 40
    found = json.loads(CliRunner().invoke(cli, ["blame", *arguments, "keeping", "--format", "json"]).stdout)
    assert {each["commit"] for each in found} == {repository.commits[0], repository.commits[-1]}
    assert {"place", "number", "words", "date", "author", "subject", "version", "why", "cause"} <= found[0].keys()


EDITS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from([KEEPING, LIMITS])), min_size=1, max_size=8)


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS)
def test_the_commit_has_the_sentence_and_its_parent_has_not(
    edits: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox
) -> None:
    """Each edit adds a sentence to a clause, or takes it away where it stands; now and then both texts move on."""
    repository = new_repository(nda_repository(tmp_path_factory.mktemp("edits")))
    repository.commit("First draft")
    for letter, path in edits:
        sentence = f"Sentence {letter} stands here."
        content = (repository.project / path).read_text(encoding="utf-8")
        changed = content.replace(f"\n{sentence}\n", "") if sentence in content else f"{content}\n{sentence}\n"
        repository.commit(f"{letter} in {path}", {path: changed})
    known: dict[str, list[str]] = {}
    for commit in repository.commits:
        known[commit] = [each.words for each in sentences(document_at(repository.project, NAME, commit))]
    for each in blamed(repository, sandbox).sentences:
        commit = each.origin.commit
        assert commit is not None
        words = each.sentence.words
        assert words in known[commit.oid]
        if commit.parents:
            assert known[commit.parents[0]].count(words) < known[commit.oid].count(words)
        else:
            assert each.origin.first
        before = repository.commits[: repository.commits.index(commit.oid)]
        stood = any(words in known[older] for older in before)
        assert (each.origin.earlier is not None) == (stood and words not in known[before[-1]])


def test_a_subject_without_end_does_not_fill_the_screen(repository: Repository, tmp_path: Path) -> None:
    content = f"{(repository.project / KEEPING).read_text().rstrip()}\n\n{HERON}\n"
    repository.commit("word " * 5000, {KEEPING: content}, author="Long " * 200)
    for command in ("blame", "log"):
        done = CliRunner().invoke(cli, [command, NAME, "keeping", "--root", str(repository.project)])
        assert done.exit_code == 0
        assert len(done.stdout) < 3000


def test_words_of_the_deals_own_are_told_from_the_library(tmp_path: Path, sandbox: Sandbox) -> None:
    repository = new_repository(partnership_repository(tmp_path))
    repository.commit("First draft")
    own = "agreements/last-mile-delivery/force-majeure.md"
    add(repository, own, HERON, "Tell the heron")
    add(repository, "templates/partnership/clauses/shared-vision.md", "An owl may not.", "Tell the owl")
    places = ("force-majeure", "shared-vision")
    told = {
        each.sentence.words: each.origin
        for place in places
        for each in blamed(repository, sandbox, place, name="last-mile-delivery").sentences
    }
    assert [(told[words].why, told[words].first) for words in (HERON, "An owl may not.")] == [
        ("wording", False),
        ("library", False),
    ]
    first = [each for words, each in told.items() if words not in (HERON, "An owl may not.")]
    assert {(each.why, each.first) for each in first} == {("wording", True), ("library", True)}
