"""The review report: what a change of a repository does to its agreements, in every format."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from PIL import Image

from clausebook.findings.characters import without_hidden
from clausebook.findings.model import Finding, RepositoryError
from clausebook.language.sandbox import Sandbox
from clausebook.review import library_edits, look_pages
from clausebook.review.fitting import Block, Part, fitted
from clausebook.review.formats import REVIEWS
from clausebook.review.inert import BREAK, inert, inert_message
from clausebook.review.look_edits import EFFECTS
from clausebook.review.look_pages import pages_line
from clausebook.review.markdown import COMMENT, MARKER, as_markdown
from clausebook.review.model import Review, worst
from clausebook.review.redline_files import redlined
from clausebook.review.reviewing import review
from tests.support.git_repositories import Repository, run, state_of
from tests.support.repositories import ROOT
from tests.support.reviewed_repositories import CHOICE, CLAUSES, DEAL, GLOSSARY, KEEPING, NAME, OTHER, OUTLINE

pytestmark = pytest.mark.slow("reviews of branches of a real repository")

GOLDEN = Path(__file__).parents[1] / "cases" / "review"
HOSTILE = (
    "@everyone #12 GH-7 <script>alert(1)</script> <!-- clausebook-review --> **b** `c` [x](https://evil.example) "
    "https://evil.example www.evil.example </details> | a | :tada: owner/repo#3 a@evil.example ~~s~~ &amp; ![i](x)"
)

WORDING = """---
title: Limits
slot: limits
departs_from: {clause: limits, version: "1.0"}
approver: General Counsel
reason: The atlas is out of print.
---
Nothing limits {{ ref('promise') }}.
"""
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
LIVE = re.compile(r"@[\w.-]|#\d|[a-z]-\d|(?:https?|ftp)://|www\.|[0-9a-f]{7}|:[a-z0-9_+-]+:", re.IGNORECASE)
"""What GitHub makes a mention, a link or a picture of, though it is no mark of Markdown's."""


def write(repository: Repository, path: str, text: str) -> None:
    place = repository.project / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def edit(repository: Repository, path: str, old: str, new: str) -> None:
    content = (repository.project / path).read_text(encoding="utf-8")
    assert old in content
    write(repository, path, content.replace(old, new))


def rules(found: Review) -> list[str]:
    return [finding.rule for finding in found.findings]


def golden(name: str, text: str, update: bool) -> None:
    place = GOLDEN / name
    if update:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    assert place.read_text(encoding="utf-8") == text


def anonymous(found: Review) -> str:
    """Return the Markdown with a base whose id does not depend on every file of the type."""
    return as_markdown(found).replace(inert(found.base.commit[:8]), "12345678")


def test_nothing_changed(repository: Repository, reviewed: Callable[..., Review]) -> None:
    found = reviewed()
    assert (found.agreements, found.library, found.findings, found.notes) == ((), (), (), ())
    assert found.untouched == 2
    assert worst(found) == ""
    assert "The text of no agreement changes; no new findings." in as_markdown(found)
    assert REVIEWS["github"](found) == ""


def test_data_edit(repository: Repository, reviewed: Callable[..., Review], update_golden: bool) -> None:
    edit(repository, DEAL, "P3Y", "P2Y")
    named: list[str] = []
    found = reviewed(progress=named.append)
    assert named == [NAME], "an agreement whose sources are the same is not assembled"
    (agreement,) = found.agreements
    assert [change.place for change in agreement.changes] == ["keeping"]
    assert agreement.comparison
    assert agreement.comparison.causes["keeping"].kind == "data"
    assert (worst(found), found.untouched, found.library) == ("note", 1, ())
    golden("data-edit.md", anonymous(found), update_golden)


def test_a_link_that_changes_is_told(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, DEAL, "secrets:", "links: {accompanies: [heron-kite]}\nsecrets:")
    found = reviewed()
    (agreement,) = found.agreements
    assert (agreement.changes, rules(found)) == ((), ["core/link-parties"])
    said = "link accompanies none → heron-kite, its text is the same."
    assert said in as_markdown(found)
    assert said in unescape(REVIEWS["html"](found))
    (told,) = json.loads(REVIEWS["json"](found))["agreements"]
    assert (told["before"]["links"], told["after"]["links"]) == ({}, {"accompanies": ["heron-kite"]})


def test_a_link_is_looked_at_when_its_other_end_changes(
    repository: Repository, reviewed: Callable[..., Review]
) -> None:
    edit(repository, DEAL, "secrets:", "links: {under: heron-kite}\nsecrets:")
    edit(repository, DEAL, "Sparrow Maps", "Heron Charts")
    repository.git("add", ".")
    repository.git("commit", "--quiet", "-m", "Link")
    edit(repository, OTHER, "Finch & Daughters", "Finch & Sons")
    found = reviewed("HEAD")
    assert rules(found) == ["core/link-parties"]
    assert [agreement.id for agreement in found.agreements] == ["heron-kite", NAME]


def test_comment_alone_is_nothing(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, DEAL, "secrets:", "# kept\nsecrets:")
    found = reviewed()
    assert (found.agreements, found.untouched, worst(found)) == ((), 2, "")


def test_library_edit_touches_two(repository: Repository, reviewed: Callable[..., Review], update_golden: bool) -> None:
    edit(repository, KEEPING, "keep each", "shall keep each")
    found = reviewed()
    (clause,) = found.library
    assert (clause.kind, clause.name, clause.touched) == ("clause", "keeping", ("heron-kite", NAME))
    assert clause.executed == ()
    assert [group.agreements for group in clause.groups] == [("heron-kite", NAME)]
    assert not clause.groups[0].alike
    assert rules(found) == ["core/clause-version"]
    assert worst(found) == "warning"
    text = anonymous(found)
    assert text.count("<del>") + text.count("<ins>") == 2 + 1, "the key, and one redline for both"
    golden("library-edit.md", text, update_golden)


def test_library_edit_with_a_new_version(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, KEEPING, "keep each", "shall keep each")
    edit(repository, KEEPING, '"1.0"', '"1.1"')
    found = reviewed()
    assert not found.findings
    assert (found.library[0].old_version, found.library[0].new_version) == ("1.0", "1.1")
    assert "Clause keeping 1.0 → 1.1" in as_markdown(found)


def library_part(review: Review) -> str:
    return REVIEWS["html"](review).partition("<h2>Edits of the library")[2]


def test_a_clause_edit_shows_the_words_that_a_deal_has_and_folds_the_source(
    repository: Repository, reviewed: Callable[..., Review]
) -> None:
    edit(repository, KEEPING, "keep each", "shall keep each")
    words, _, source = library_part(reviewed()).partition("<details>")
    assert "as heron-kite has them" in words
    assert "Heron and Finch<ins> shall</ins> keep" in words
    assert "{{" not in words
    assert "{{" in source.partition("</details>")[0]


def test_of_a_clause_that_no_draft_uses_the_source_is_shown(
    repository: Repository, reviewed: Callable[..., Review], update_golden: bool
) -> None:
    edit(repository, f"{CLAUSES}/keeping-shorter.md", "try to keep", "shall try to keep")
    edit(repository, f"{CLAUSES}/keeping-shorter.md", '"1.0"', '"1.1"')
    found = reviewed()
    assert found.library[0].unmoved == ()
    shown = library_part(found)
    assert "No draft uses it, so there are no words of a deal to show." in shown
    assert "<details open>" in shown
    golden("unused-clause.md", anonymous(found), update_golden)


def test_of_a_clause_whose_words_stay_in_all_drafts_they_are_named(
    repository: Repository, reviewed: Callable[..., Review]
) -> None:
    edit(repository, KEEPING, "keep each", "{{ 'keep' }} each")
    found = reviewed()
    assert found.library[0].unmoved == ("heron-kite", NAME)
    for told in (library_part(found), as_markdown(found)):
        assert f"The drafts that use it say what they said before: heron-kite, {NAME}." in told


def test_guidance_is_no_change_of_words(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, KEEPING, "Always used.", "Used always.")
    edit(repository, KEEPING, "position: standard", "position: standard\napprover: Nobody yet")
    found = reviewed()
    assert (found.agreements, found.findings) == ((), ())
    assert found.library[0].facts == ("approver: none → Nobody yet", "guidance: Always used. → Used always.")
    assert "It changes the text of no agreement." in as_markdown(found)


@pytest.mark.parametrize(
    ("path", "old", "new", "kind"),
    [
        (GLOSSARY, "what one party", "all that one party", "term"),
        (OUTLINE, "The Promise", "The Vow", "outline"),
        (OUTLINE, 'label: "Signed:"', 'label: "Signature:"', "outline"),
    ],
)
def test_other_library_edits(
    repository: Repository, reviewed: Callable[..., Review], path: str, old: str, new: str, kind: str
) -> None:
    edit(repository, path, old, new)
    found = reviewed()
    (edited,) = found.library
    assert (edited.kind, edited.touched) == (kind, ("heron-kite", NAME))
    assert [group.agreements for group in edited.groups] == [("heron-kite", NAME)]
    assert edited.changes
    for write_format in REVIEWS.values():
        write_format(found)


MOVED = (
    (OUTLINE, "      - {id: keeping, clause: keeping, item: /secrets}\n", ""),
    (
        OUTLINE,
        "when: secrets.exceptions}\n",
        "when: secrets.exceptions}\n      - {id: keeping, clause: keeping, item: /secrets}\n",
    ),
)


def test_a_clause_that_the_outline_moves_is_the_outline_s_and_told_once(
    repository: Repository, reviewed: Callable[..., Review], update_golden: bool
) -> None:
    for path, old, new in MOVED:
        edit(repository, path, old, new)
    found = reviewed()
    (outline,) = found.library
    (group,) = outline.groups
    (change,) = group.changes
    assert (outline.kind, group.agreements) == ("outline", ("heron-kite", NAME))
    assert (change.only_moved, change.old_number, change.number) == (True, "1.", "2.")
    assert not redlined(found)
    golden("moved.md", anonymous(found), update_golden)


def test_what_moves_to_another_number_is_another_group(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, OUTLINE, "slots:\n", "slots:\n      - {id: first, clause: first, when: secrets.topic == 'x'}\n")
    first = (repository.project / f"{CLAUSES}/limits.md").read_text(encoding="utf-8").partition("{{")[0]
    write(repository, f"{CLAUSES}/first.md", first.replace("limits", "first") + "This comes first.\n")
    edit(repository, OTHER, "topic: a printed atlas of sea birds", "topic: x")
    repository.commit("Begin with another")
    for path, old, new in MOVED:
        edit(repository, path, old, new)
    (outline,) = reviewed("HEAD").library
    assert [(group.agreements, group.changes[0].number) for group in outline.groups] == [
        (("heron-kite",), "3."),
        ((NAME,), "2."),
    ]


def test_a_clause_is_blamed_for_no_change_of_the_outline(
    repository: Repository, reviewed: Callable[..., Review]
) -> None:
    for path, old, new in MOVED:
        edit(repository, path, old, new)
    edit(repository, f"{CLAUSES}/limits.md", "does not cover", "leaves out")
    edits = {each.name: [group.changes for group in each.groups] for each in reviewed().library}
    assert {name: [change.place for group in groups for change in group] for name, groups in edits.items()} == {
        "limits": ["limits"],
        OUTLINE: ["keeping"],
    }


def test_a_change_that_many_deals_make_alike_is_told_once_and_another_is_not(
    repository: Repository, reviewed: Callable[..., Review]
) -> None:
    for path in (DEAL, OTHER):
        edit(repository, path, "P3Y", "P2Y")
    edit(repository, OTHER, "what was public before", "what was known before")
    found = reviewed()
    assert {each.change.place: each.agreements for each in found.told} == {
        "keeping": ("heron-kite", NAME),
        "limits": ("heron-kite",),
    }
    edit(repository, OTHER, "P2Y", "P4Y")
    assert len(reviewed().told) == 3


def test_both_signature_blocks_of_an_agreement_are_in_a_group(
    repository: Repository, reviewed: Callable[..., Review]
) -> None:
    edit(repository, OUTLINE, 'label: "Signed:"', 'label: "Signature:"')
    found = reviewed()
    (group,) = found.library[0].groups
    assert {place for _, _, place in group.covers} == {"sparrow-1", "heron-1", "finch-1"}
    assert not redlined(found)


def test_of_an_outline_what_changed_is_shown_and_what_is_past_the_bound_is_said(
    repository: Repository, reviewed: Callable[..., Review], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(repository, OUTLINE, "title: Words", "title: Meanings")
    (found,) = reviewed().library
    (change,) = found.changes
    assert change.before.splitlines()[:2] == ["…", '- {label: "Name:", field: name, value: name}']
    assert change.after.splitlines()[-1] == "- {id: words, title: Meanings, definitions: true}"
    monkeypatch.setattr(library_edits, "MOST_LINES", 10)
    (found,) = reviewed().library
    assert (found.changes, found.facts) == ((), ("Only its first 10 lines are compared.",))


def test_library_and_data_in_one_clause(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, KEEPING, "keep each", "shall keep each")
    edit(repository, DEAL, "P3Y", "P2Y")
    found = reviewed()
    (clause,) = found.library
    assert clause.touched == ("heron-kite", NAME)
    assert [group.agreements for group in clause.groups] == [("heron-kite",)]
    text = as_markdown(found)
    assert f"together with the deal’s data, in `{NAME}`" in text
    assert text.count("<summary>Redline") == 2


def test_fallback_chosen(repository: Repository, reviewed: Callable[..., Review], update_golden: bool) -> None:
    edit(repository, DEAL, "secrets:", f"{CHOICE}secrets:")
    found = reviewed()
    (agreement,) = found.agreements
    (deviation,) = agreement.deviations
    assert (deviation.slot, deviation.happened, deviation.before) == ("keeping", "added", None)
    assert [(each.need.role, each.state, each.need.pointer) for each in agreement.approvals] == [
        ("General Counsel", "missing", "/clauses/keeping"),
        ("Chief Privacy Officer", "missing", "/clauses/keeping"),
    ]
    assert rules(found) == ["core/approval-needed", "core/approval-needed"]
    assert worst(found) == "warning"
    golden("fallback.md", anonymous(found), update_golden)
    assert f"::warning file={DEAL},line=10,col=20,title=core/approval-needed::" in REVIEWS["github"](found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("approver: General Counsel and Chief Privacy Officer\n", ""),
        ("approver: General Counsel and Chief Privacy Officer", "approver: Anybody"),
        ("position: fallback 1", "position: standard"),
    ],
)
def test_the_base_s_approvers_are_asked(
    old: str, new: str, repository: Repository, reviewed: Callable[..., Review]
) -> None:
    """The approver and the words go together, and the version goes up: all is in order at the head."""
    edit(repository, DEAL, "secrets:", f"{CHOICE}secrets:")
    edit(repository, DEAL, "status: draft", "status: approved")
    repository.commit("Approve")
    run(repository.root, "branch", "--force", "main", "HEAD")
    shorter = f"{CLAUSES}/keeping-shorter.md"
    edit(repository, shorter, old, new)
    edit(repository, shorter, "try to", "hope to")
    edit(repository, shorter, '"1.0"', '"1.1"')
    if new == "position: standard":
        edit(repository, KEEPING, "position: standard", "position: fallback 1")
    found = reviewed()
    asked = {(each.need.role, each.state) for agreement in found.agreements for each in agreement.approvals}
    assert {("General Counsel", "missing"), ("Chief Privacy Officer", "missing")} <= asked
    assert "core/rule-given-up" in rules(found)
    assert worst(found) == "error"


def test_status_alone_asks_for_approvals(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, DEAL, "secrets:", f"{CHOICE}secrets:")
    repository.commit("Choose")
    run(repository.root, "branch", "--force", "main", "HEAD")
    edit(repository, DEAL, "status: draft", "status: approved")
    found = reviewed()
    (agreement,) = found.agreements
    assert (agreement.changes, agreement.deviations) == ((), ())
    assert rules(found) == ["core/approval-missing", "core/approval-missing"]
    assert "status draft → approved, its text is the same." in as_markdown(found)


def test_negotiated_wording_and_back(repository: Repository, reviewed: Callable[..., Review]) -> None:
    write(repository, f"agreements/{NAME}/limits.md", WORDING)
    edit(repository, DEAL, "secrets:", "clauses: {limits: {wording: limits.md}}\nsecrets:")
    found = reviewed()
    (deviation,) = found.agreements[0].deviations
    assert deviation.after
    assert (deviation.happened, deviation.after.position) == ("added", "negotiated")
    text = as_markdown(found)
    assert "in place of limits@" in text
    assert "reason: The atlas is out of print." in text
    repository.commit("Negotiate")
    back = reviewed(base="HEAD", head="main", exact=True)
    assert [each.happened for each in back.agreements[0].deviations] == ["removed"]
    assert back.agreements[0].approvals == ()


def test_added_removed_renamed(repository: Repository, reviewed: Callable[..., Review], update_golden: bool) -> None:
    deal = (repository.project / DEAL).read_text(encoding="utf-8")
    (repository.project / DEAL).unlink()
    write(repository, "agreements/warbler-finch.yaml", deal.replace(NAME, "warbler-finch").replace("P3Y", "P4Y"))
    (repository.project / OTHER).unlink()
    new = "id: owl-crane\ntype: nda\ntitle: Night flights\nversion: '0.1'\nstatus: draft\nparties:\n"
    new += "  - key: owl\n    legal_name: Owl Inc.\n    short_name: Owl\n"
    new += "  - key: crane\n    legal_name: Crane Inc.\n    short_name: Crane\n"
    new += f"{CHOICE}secrets:\n  topic: lamps\n  kept_for: P1Y\nsignatures:\n  - party: owl\n  - party: crane\n"
    write(repository, "agreements/owl-crane.yaml", new)
    found = reviewed()
    assert [(each.id, each.happened) for each in found.agreements] == [
        ("heron-kite", "removed"),
        ("owl-crane", "added"),
        ("warbler-finch", "renamed"),
    ]
    removed, added, renamed = found.agreements
    assert added.deviations[0].happened == "added"
    assert len(added.approvals) == 2
    assert removed.changes == ()
    assert [change.place for change in renamed.changes] == ["keeping"]
    golden("added-removed-renamed.md", anonymous(found), update_golden)


def test_invalid_at_head(repository: Repository, reviewed: Callable[..., Review], update_golden: bool) -> None:
    edit(repository, DEAL, "title: Talks about a bird atlas", "title: [Talks")
    edit(repository, OTHER, "P3Y", "P2Y")
    found = reviewed()
    assert worst(found) == "error"
    assert [note.rule for note in found.notes] == ["core/review-unassembled"]
    assert [bool(each.changes) for each in found.agreements] == [True, False]
    golden("invalid.md", anonymous(found), update_golden)
    assert f"::error file={DEAL}" in REVIEWS["github"](found)


def test_invalid_at_base(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, DEAL, "P3Y", "three years")
    repository.commit("Break")
    edit(repository, DEAL, "three years", "P3Y")
    found = reviewed(base="topic")
    assert (worst(found), found.findings, len(found.notes)) == ("note", (), 1)
    assert "not valid at the base" in found.notes[0].message


def test_old_findings_are_not_new(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, DEAL, "P3Y", "three years")
    repository.commit("Break")
    edit(repository, DEAL, "garden birds", "all birds")
    found = reviewed(base="topic")
    assert found.findings == ()
    assert "at the base and at the head" in found.notes[0].message


def test_broken_library(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, KEEPING, "|and_list }}", "|and_list }")
    found = reviewed()
    assert worst(found) == "error"
    assert len(found.notes) == 2
    for write_format in REVIEWS.values():
        write_format(found)


def test_base_is_the_common_ancestor(repository: Repository, reviewed: Callable[..., Review]) -> None:
    repository.git("checkout", "--quiet", "main")
    repository.replace("Meanwhile", OTHER, "sea birds", "all sea birds")
    repository.git("checkout", "--quiet", "topic")
    repository.replace("Shorten", DEAL, "P3Y", "P2Y")
    found = reviewed(base="main", head="topic")
    assert [each.id for each in found.agreements] == [NAME]
    assert "the last revision shared with main" in found.base.name
    exact = reviewed(base="main", head="topic", exact=True)
    assert [each.id for each in exact.agreements] == ["heron-kite", NAME]


@pytest.mark.parametrize("name", ["nowhere", "--help", "v1..v2", "HEAD:x", "Zoë"])
def test_unknown_base(repository: Repository, reviewed: Callable[..., Review], name: str) -> None:
    with pytest.raises(RepositoryError, match="there is no revision"):
        reviewed(base=name)


def test_no_common_ancestor(repository: Repository, reviewed: Callable[..., Review]) -> None:
    repository.git("checkout", "--quiet", "--orphan", "lonely")
    repository.commit("Alone")
    with pytest.raises(RepositoryError, match="no common ancestor"):
        reviewed(base="main")


def lose(repository: Repository, name: str) -> None:
    """Take an object out of the repository, as a damaged or partial clone lacks it."""
    oid = repository.git("rev-parse", name)
    (repository.root / ".git" / "objects" / oid[:2] / oid[2:]).unlink()


@pytest.mark.parametrize("lost", ["main:agreements", f"main:{KEEPING}"])
def test_what_the_clone_lacks_on_either_side_is_an_error(repository: Repository, sandbox: Sandbox, lost: str) -> None:
    repository.replace("Reword", KEEPING, "keep each", "shall keep each")
    lose(repository, lost)
    found = review(repository.project, "main", "topic", sandbox)
    assert worst(found) == "error"
    assert "core/file-unreadable" in rules(found)
    assert "is missing from this clone" in as_markdown(found)


def test_a_branch_whose_commit_the_clone_lacks_is_said_to_be_missing(repository: Repository, sandbox: Sandbox) -> None:
    repository.replace("Shorten", DEAL, "P3Y", "P2Y")
    repository.git("branch", "gone", "topic")
    repository.replace("Shorten more", DEAL, "P2Y", "P1Y")
    lose(repository, "gone")
    with pytest.raises(RepositoryError, match="the commit of `gone` is missing from this clone"):
        review(repository.project, "gone", "main", sandbox)


def test_base_without_agreements(repository: Repository, reviewed: Callable[..., Review]) -> None:
    repository.git("checkout", "--quiet", "--orphan", "empty")
    repository.git("rm", "-r", "--quiet", "--cached", ".")
    tree = repository.git("write-tree")
    start = run(repository.root, "commit-tree", "-m", "Start", tree)
    found = reviewed(base=start, head="topic", exact=True)
    assert [each.happened for each in found.agreements] == ["added", "added"]
    assert [note.rule for note in found.notes] == ["core/review-base"]


def test_bare_clone(repository: Repository, tmp_path: Path, sandbox: Sandbox) -> None:
    repository.replace("Shorten", DEAL, "P3Y", "P2Y")
    run(repository.root, "clone", "--quiet", "--bare", ".", str(tmp_path / "bare"))
    before = state_of(tmp_path / "bare")
    found = review(tmp_path / "bare", "main", "", sandbox)
    assert [each.id for each in found.agreements] == [NAME]
    assert found.head.commit
    assert state_of(tmp_path / "bare") == before


def test_no_repository(repository: Repository, sandbox: Sandbox) -> None:
    shutil.rmtree(repository.root / ".git")
    with pytest.raises(RepositoryError):
        review(repository.project, "main", "", sandbox)


def test_type_renamed(repository: Repository, reviewed: Callable[..., Review]) -> None:
    shutil.move(repository.project / "templates/nda", repository.project / "templates/secrecy")
    shutil.move(repository.project / "schemas/nda", repository.project / "schemas/secrecy")
    edit(repository, "schemas/secrecy/agreement.schema.json", '"nda"', '"secrecy"')
    for path in (DEAL, OTHER):
        edit(repository, path, "type: nda", "type: secrecy")
        edit(repository, path, "P3Y", "P2Y")
    found = reviewed()
    assert [[change.place for change in each.changes] for each in found.agreements] == [["keeping"], ["keeping"]]
    assert found.notes == ()


def test_hostile_values(repository: Repository, reviewed: Callable[..., Review]) -> None:
    quoted = json.dumps(HOSTILE)
    edit(repository, DEAL, "a printed atlas of garden birds", quoted)
    edit(repository, DEAL, "title: Talks about a bird atlas", f"title: {quoted}")
    edit(repository, DEAL, "Sparrow Maps Ltd", quoted)
    edit(repository, GLOSSARY, "what one party", "what one party @everyone <b> https://evil.example")
    found = reviewed()
    text = as_markdown(found)
    assert text.startswith(f"{MARKER}\n")
    assert text.count(MARKER) == 1
    shown = READER.render(text)
    assert "<script" not in shown
    assert "<img" not in shown
    assert shown.count("<a ") == len(re.findall(r'<a (?:id="change-\d+"|href="#user-content-change-\d+")>', shown))
    assert not LIVE.search(shown)
    assert shown.count("<details>") == shown.count("</details>") == text.count("\n<summary>")
    for live in ("@everyone", "@evil", "#12", "#3", "GH-7", "https://evil", "www.evil", ":tada:"):
        assert live not in text, live
    assert f"@{BREAK}everyone" in text
    page = REVIEWS["html"](found)
    assert "<script" not in page
    assert "<img" not in page
    assert "href=" not in page
    assert json.loads(REVIEWS["json"](found))["agreements"][1]["title"] == HOSTILE
    assert "\n<script" not in REVIEWS["github"](found)


@pytest.mark.parametrize(
    "text",
    [
        *("_https://evil.example", "1https://evil.example", "éhttps://evil.example", "xHTTPS://evil.example"),
        *("_www.evil.example", "*www.evil.example", "ftp://evil.example", "_ftp://evil.example"),
        *("_@everyone", "a@_b.evil.example", "mailto:a@evil.example", "_mailto:a@evil.example", "xmpp:a@evil.example"),
        *("owner/repo#1", "_#1", "_GH-1", "DEAL-12", "owner/repo@0123456", "0123456789abcdef0123456789abcdef01234567"),
        *(":heart_eyes:", "_:+1:", ":-1:", ":e-mail:"),
    ],
)
def test_nothing_in_a_value_becomes_a_link_or_a_reference(text: str) -> None:
    assert LIVE.search(text)
    shown = READER.renderInline(inert(text))
    assert not LIVE.search(shown)
    assert unescape(shown.replace(BREAK, "")) == text


@given(st.text(max_size=60) | st.text("_hftpsw:/.@#1a-\\GH", max_size=40))
def test_inert_text_is_one_line_and_shows_itself(text: str) -> None:
    written = inert(text)
    assert "\n" not in written
    shown = READER.renderInline(written)
    assert not re.search(r"<(?!!---->)", shown)
    assert not LIVE.search(shown)
    assert unescape(shown.replace(BREAK, "")) == without_hidden(" ".join(text.split()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write `use: KEY` here", "write <code>use: KEY</code> here"),
        ("`<agreement>`: `x` *y*", "<code>&lt;agreement&gt;</code>: <code>x</code> *y*"),
        ("1. `a` ``b` `c", "1. <code>a</code> ``b` `c"),
        ("`<!-- clausebook-review -->`", "`&lt;!-- clausebook-review --&gt;`"),
        ("`@everyone` `https://evil.example` `www.evil.example` `a|b` `<b x>`", ""),
        ("\\`a` \\", "\\<code>a</code> \\"),
    ],
)
def test_what_a_message_says_between_backticks_is_code_and_nothing_live(text: str, shown: str) -> None:
    written = READER.renderInline(inert_message(text)).replace(BREAK, "")
    assert written == (shown or text.replace("<", "&lt;").replace(">", "&gt;"))
    assert not LIVE.search(READER.renderInline(inert_message(text)))


@given(st.text(max_size=60) | st.text("`_hftpsw:/.@#1a-\\GH<>|&", max_size=40))
def test_a_message_is_one_line_and_shows_itself(text: str) -> None:
    written = inert_message(text)
    assert "\n" not in written
    shown = READER.renderInline(written)
    assert not re.search(r"<(?!!---->|/?code>)", shown)
    assert not re.search(r"@[\w.-]|://|www\.", shown)
    said = unescape(shown.replace(BREAK, "").replace("<code>", "`").replace("</code>", "`"))
    assert said == without_hidden(" ".join(text.split()))


def test_giant_change_is_folded_down(repository: Repository, reviewed: Callable[..., Review]) -> None:
    words = " ".join(f"bird{number}" for number in range(20_000))
    edit(repository, DEAL, "what was public before", words)
    edit(repository, OTHER, "P3Y", "P2Y")
    text = as_markdown(reviewed())
    assert len(text) < COMMENT.limit
    assert text.startswith(MARKER)
    assert "Its redline is in review.html; or run `clausebook redline sparrow-finch " in text
    assert "<del>3</del><ins>2</ins>" in text, "the small one is still there"
    assert text.count("<details>") == text.count("</details>") == 1


def test_a_giant_title_leaves_the_counts(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, DEAL, "title: Talks about a bird atlas", f"title: {'Talks ' * 30_000}")
    text = as_markdown(reviewed())
    assert len(text) < COMMENT.limit
    assert text.startswith(MARKER)
    assert f"`{NAME}`: Version 1.0" in text


def test_many_small_things_leave_the_counts(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, DEAL, "P3Y", "P2Y")
    found = reviewed()
    finding = Finding(rule="core/internal", message="m" * 100, path=DEAL)
    many = replace(
        found,
        agreements=tuple(
            replace(found.agreements[0], after=replace(found.agreements[0].facts, id=f"deal-{number}"))
            for number in range(3000)
        ),
        findings=(finding,) * 3000,
    )
    text = as_markdown(many)
    assert len(text) < COMMENT.limit
    assert text.startswith(MARKER)
    assert "3,000 agreements" in text
    for limit in range(1000, 6000, 150):
        short = as_markdown(found, replace(COMMENT, limit=limit))
        assert len(short) <= limit
        assert short.count("<details>") == short.count("</details>")


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 90), st.none() | st.integers(0, 90), st.booleans()))),
    st.integers(10, 400),
)
def test_fitted_keeps_pieces_whole(sizes: list[list[tuple[int, int | None, bool]]], limit: int) -> None:
    parts = [
        Part(
            [Block("a" * size, None if less is None else "b" * less, first) for size, less, first in blocks],
            "c" * len(blocks),
        )
        for blocks in sizes
    ]
    text = fitted(parts, limit, "last")
    assert len(text) <= limit
    if text != "last":
        whole = {block.text for part in parts for block in part.blocks} | {
            short or "" for part in parts for short in (part.shorter, *(block.shorter for block in part.blocks))
        }
        assert set(text.strip("\n").split("\n\n")) <= whole | {""}


def test_json_structure(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, KEEPING, "keep each", "shall keep each")
    edit(repository, DEAL, "secrets:", f"{CHOICE}secrets:")
    data = json.loads(REVIEWS["json"](reviewed()))
    assert list(data) == [
        "review", "worst", "base", "head", "untouched", "agreements", "library", "told", "holders",
        "edit_approvals", "since", "rounds", "state", "pages", "findings", "notes",
    ]  # fmt: skip
    assert data["review"] == "clausebook-review/1"
    other, deal = data["agreements"]
    assert [change["in_library"] for change in other["changes"]] == [True]
    assert deal["changes"][0]["cause"]["kind"] == "both"
    assert deal["deviations"][0]["after"]["clause"] == "keeping-shorter"
    assert data["library"][0]["groups"][0]["agreements"] == ["heron-kite"]
    assert len(deal["after"]["fingerprint"]) == 64


def test_page_stands_alone(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, KEEPING, "keep each", "shall keep each")
    edit(repository, DEAL, "secrets:", f"{CHOICE}secrets:")
    page = REVIEWS["html"](reviewed())
    assert page.startswith("<!doctype html>")
    assert "src=" not in page
    assert "default-src 'none'" in page
    assert page.count('<div class="redline">') == 4


LOOK = "templates/pdf/common.typ"


@pytest.mark.parametrize(
    ("path", "kind", "of", "said"),
    [
        ("templates/pdf/agreement.typ", "look", "", "The look of the PDF of every agreement"),
        ("templates/pdf/fonts/own.ttf", "look", "", "A font for the PDFs"),
        ("templates/pdf/README.md", "look", "", "nothing is made from it"),
        (
            "templates/docx/reference/word/styles.xml",
            "look",
            "",
            "Fonts, sizes, colours, spacing and indents of the Word",
        ),
        ("templates/docx/reference/docProps/core.xml", "look", "", "A part of the look of the Word file"),
        ("templates/site/docs/index.md", "look", "", "A page of the site"),
        ("templates/site/theme/main.html", "look", "", "The theme of the site"),
        ("mkdocs.yml", "look", "", "The configuration of the site"),
        (".vscode/settings.json", "look", "", "no text is made from it"),
        ("schemas/whole/nda.schema.json", "schema", "nda", "What editors complete and check agreements by"),
        ("schemas/whole/any.schema.json", "schema", "", "What editors complete and check agreements by"),
    ],
)
def test_a_file_that_shapes_outputs_is_told_with_what_it_can_do(
    repository: Repository, reviewed: Callable[..., Review], path: str, kind: str, of: str, said: str
) -> None:
    place = repository.project / path
    there = place.is_file()
    write(repository, path, f"{place.read_text(encoding='utf-8') if there else ''}\n")
    found = reviewed()
    (edited,) = found.library
    assert (edited.kind, edited.type, edited.path) == (kind, of, path)
    assert edited.happened == ("edited" if there else "added")
    assert said in edited.facts[0]
    assert (found.agreements, found.findings) == ((), ())
    for name in ("markdown", "html", "json"):
        text = unescape(REVIEWS[name](found)).replace(BREAK, "").replace("\\", "")
        assert said in text, name
        assert path in text, name


def test_every_file_of_the_looks_has_its_effect() -> None:
    held = (
        path.relative_to(ROOT).as_posix()
        for name in ("pdf", "docx", "site")
        for path in (ROOT / "templates" / name).rglob("*")
    )
    for path in (*held, "mkdocs.yml"):
        assert any(fnmatchcase(path, pattern) for pattern, _ in EFFECTS), path


def test_a_changed_look_is_shown_before_and_after(repository: Repository, reviewed: Callable[..., Review]) -> None:
    assert reviewed().pages == ()
    edit(repository, LOOK, 'accent = rgb("#1f3a5f")', 'accent = rgb("#7a1f1f")')
    found = reviewed()
    assert [each.agreement for each in found.pages] == ["heron-kite", "sparrow-finch"]
    first = found.pages[0].pages[0]
    before, after = (
        Image.open(io.BytesIO(png)).convert("RGB").getcolors(1 << 20) for png in (first.before, first.after)
    )
    assert any(red > blue + 40 for _, (red, _, blue) in after), "a title in red"
    assert not any(red > blue + 40 for _, (red, _, blue) in before)
    page = REVIEWS["html"](found)
    assert (
        page.count('<img src="data:image/png;base64,')
        == page.count("src=")
        == 2 * sum(len(each.pages) for each in found.pages)
    )
    assert "- heron-kite: these pages look different: 1" in without_hidden(as_markdown(found))
    told = json.loads(REVIEWS["json"](found))["pages"]
    assert told[0] == {"agreement": "heron-kite", "more": 0, "problem": "", "pages": [1, 2]}


def test_no_more_pages_are_shown_than_a_reader_looks_at(
    repository: Repository, reviewed: Callable[..., Review], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_pages, "MOST_SHOWN", 1)
    edit(repository, LOOK, 'paper: "us-letter"', 'paper: "a5"')
    found = reviewed().pages[0]
    assert len(found.pages) == 1
    assert pages_line(found) == "heron-kite: these pages look different: 1, and 1 page more."


def test_a_look_that_looks_the_same_or_cannot_be_used_is_said(
    repository: Repository, reviewed: Callable[..., Review]
) -> None:
    edit(repository, LOOK, "#let accent", "// The house's colour.\n#let accent")
    assert pages_line(reviewed().pages[0]) == "heron-kite: every page looks the same."
    edit(repository, LOOK, "#let accent", "#nonsense\n#let accent")
    assert "heron-kite: its pages cannot be compared: unknown variable: nonsense" in pages_line(reviewed().pages[0])


def test_same_review_twice_is_the_same(repository: Repository, reviewed: Callable[..., Review]) -> None:
    edit(repository, KEEPING, "keep each", "shall keep each")
    edit(repository, DEAL, "P3Y", "P2Y")
    first, second = reviewed(), reviewed()
    for name, write_format in REVIEWS.items():
        assert write_format(first) == write_format(second), name
