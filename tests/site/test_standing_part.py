"""Where an agreement stands, as the site shows it: from real records in a git repository."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from clausebook.amending.effect import Effect
from clausebook.document.model import Document
from clausebook.history.revisions import Revision
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.amendment import amend
from clausebook.lifecycle.execution import execute
from clausebook.lifecycle.standing import AmendmentStep, ExecutedText, Standing
from clausebook.lifecycle.turns import receive, send
from clausebook.lifecycle.voiding import void
from clausebook.lifecycle.wet_ink import Returned
from clausebook.project.project import Project
from clausebook.records.model import Direction, Turn
from clausebook.site.markup import day
from clausebook.site.page import SitePage
from clausebook.site.page_tree import page_tree
from clausebook.site.revision_marks import revision_marks
from clausebook.site.site_content import SiteContent
from clausebook.site.steps import notices
from clausebook.verify.model import Signatory, Verification
from tests.support.git_repositories import Repository, run
from tests.support.html_reader import Element, read_html
from tests.support.record_cases import DEAL, NAME, PDF, RECORD, Stub, committed_repository, edit, words_of
from tests.support.repositories import PARTNERSHIP
from tests.support.whole_sites import with_history, write_site

pytestmark = pytest.mark.slow("pages of agreements that were sent, executed and amended")

AMENDMENT = f"{NAME}-amendment-1"
HOSTILE = '</td></section><script>alert("1")</script> {{ 7*7 }} *b* onload="x"'
STATEMENT = f"Maria Quill, who saw the original, {HOSTILE}"
PAPER = b"%PDF-1.7\na second counterpart\n%%EOF\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@dataclass
class Named(Stub):
    """Finds signatories by what it is told of them."""

    found: Sequence[Signatory] = ()

    def __call__(self, *given: Any) -> Verification:
        return replace(super().__call__(*given), signatories=tuple(self.found))


def project(repository: Repository, sandbox: Sandbox) -> Project:
    return Project(repository.project, sandbox)


def new(folder: Path) -> Repository:
    """Make a repository that can amend, with one approved agreement."""
    repository = committed_repository(folder)
    for name in ("templates/amendment", "schemas/amendment"):
        shutil.copytree(PARTNERSHIP / name, repository.project / name)
    repository.commit("Learn to amend")
    return repository


def sent(repository: Repository, sandbox: Sandbox, name: str = NAME) -> None:
    send(project(repository, sandbox), name, "2026-01-05", "finch", f"Our first text {HOSTILE}")
    receive(project(repository, sandbox), name, "2026-01-08", "finch", "They agree")
    repository.commit("Send it")


def executed(repository: Repository, sandbox: Sandbox, name: str = NAME, version: str = "1.0") -> None:
    """Execute with a signature in the file for the first block and a statement for the second."""
    found = (
        Signatory("sparrow-1", "Sparrow Maps Ltd", f"Wren {HOSTILE}", "certificate", "2026-03-09T12:30:00Z", "signed"),
        Signatory("finch-1", "Finch & Daughters LLP", "", "attestation", "", f"attested: {STATEMENT} (no …)"),
    )
    words = words_of(repository.project, sandbox, name)
    verify = Named(words, "incomplete", agreement=name, version=version, found=found)
    returned = Returned([PDF, PAPER], (), {"finch-1": STATEMENT}, ["as-the-test-wants"])
    assert execute(project(repository, sandbox), name, returned, verify, "2026-04-01").record
    repository.commit("Execute it")


def redrafted(repository: Repository) -> None:
    edit(repository, DEAL, 'version: "1.0"', 'version: "1.1"')
    edit(repository, DEAL, "status: executed", "status: draft")
    edit(repository, DEAL, "kept_for: P3Y", "kept_for: P4Y")
    repository.commit("Keep it for longer")


def amended(repository: Repository, sandbox: Sandbox) -> None:
    """Execute Amendment No. 1, and set the agreement's status."""
    edit(repository, f"agreements/{AMENDMENT}.yaml", "status: draft", "status: approved")
    executed(repository, sandbox, AMENDMENT, "1.0")
    edit(repository, DEAL, "status: executed", "status: active")
    repository.commit("It is amended")


def told(repository: Repository) -> SiteContent:
    content = with_history(repository.project)
    assert not content.broken, [finding.message for broken in content.broken for finding in broken.findings]
    return content


def pages(repository: Repository) -> dict[str, SitePage]:
    return {page.path: page for page in page_tree(told(repository))}


def page(found: Mapping[str, SitePage], name: str = NAME) -> Element:
    return read_html(found[f"agreements/{name}/index.html"].body)


def said(element: Element) -> str:
    return " ".join(element.words())


def steps(of: Element) -> list[tuple[str, str]]:
    """Return the steps with their states."""
    (bar,) = of.all("ol", class_="cb-steps")
    return [(each.all("strong")[0].words()[0], each.attributes["class"].rpartition("-")[2]) for each in bar.all("li")]


def part(of: Element, anchor: str) -> str:
    """Return the words from a heading to the next one."""
    order = [each for each in of.all() if each.tag in ("h2", "h3")]
    place = next(index for index, each in enumerate(order) if each.attributes.get("id") == anchor)
    text, start = said(of), said(order[place])
    after = text[text.index(start) :]
    following = next((said(each) for each in order[place + 1 :]), "")
    return after[: after.index(following)] if following and following in after else after


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> dict[str, dict[str, SitePage]]:
    """Return the site at each stage of one agreement."""
    repository = new(tmp_path_factory.mktemp("life"))
    found = {"new": pages(repository)}
    sent(repository, sandbox)
    found["answered"] = pages(repository)
    executed(repository, sandbox)
    found["executed"] = pages(repository)
    redrafted(repository)
    found["redrafted"] = pages(repository)
    amend(project(repository, sandbox), NAME, "2026-10-01")
    repository.commit("Draft the amendment")
    found["being-amended"] = pages(repository)
    amended(repository, sandbox)
    found["amended"] = pages(repository)
    edit(repository, DEAL, "status: active", "status: terminated")
    repository.commit("It is over")
    found["terminated"] = pages(repository)
    return found


# The stage


TEXT = ExecutedText("1.0", "ab", NAME, "2026-03-09")


def turn(number: int, direction: Direction) -> Turn:
    return Turn(NAME, number, direction, f"2026-01-0{number}", "finch", "1.0", "ab", "", ())


def step(number: int, done: str = "") -> AmendmentStep:
    return AmendmentStep(
        f"{NAME}-amendment-{number}", NAME, number, "1.0", "1.1", Effect("", "signature"), done, "draft"
    )


def standing(version: str = "1.0", status: str = "executed", texts: Sequence[ExecutedText] = (TEXT,)) -> Standing:
    return Standing(NAME, version, status, {"finch": "Finch"}, texts=tuple(texts))


def test_a_restated_text_says_from_when_each_amendment_in_it_is_in_force() -> None:
    """Those in force since their execution are not told again; one that lapsed never is."""
    late = [
        (Effect("2027-03-01"), "The changes of Amendment No. 1 are in force from March 1, 2027 on."),
        (Effect("", "lapsed"), "The changes of Amendment No. 1 are never in force, for it lapsed."),
        (Effect("", "condition"), "The changes of Amendment No. 1 are not in force until it takes effect."),
        (Effect("2026-06-01"), "word for word what the original and its amendments make."),
    ]
    for effect, told in late:
        first, last = (
            replace(step(1, "2026-06-01"), effect=effect),
            replace(step(2, "2026-06-02"), effect=Effect("2026-06-02")),
        )
        texts = (TEXT, ExecutedText("1.1", "cd", last.id, "2026-06-02"))
        found = replace(standing("1.1", texts=texts), amendments=(first, last))
        assert notices(found, "", {}).striptags().endswith(told)


@pytest.mark.parametrize(
    ("found", "stage", "since"),
    [
        (standing(status="draft", texts=()), "not-sent", ""),
        (replace(standing(texts=()), turns=(turn(1, "sent"),)), "sent", "2026-01-01"),
        (replace(standing(texts=()), turns=(turn(1, "sent"), turn(2, "received"))), "answered", "2026-01-02"),
        (replace(standing(), turns=(turn(1, "sent"),)), "executed", "2026-03-09"),
        (standing(status="active"), "executed", "2026-03-09"),
        (standing("1.1", "draft"), "redrafted", ""),
        (replace(standing("1.1", "draft"), amendments=(step(1),)), "being-amended", ""),
        (
            replace(
                standing("1.1", texts=(TEXT, ExecutedText("1.1", "cd", f"{NAME}-amendment-1", "2026-06-01"))),
                amendments=(step(1, "2026-06-01"),),
            ),
            "amended",
            "2026-06-01",
        ),
        (standing(status="expired"), "expired", ""),
        (standing(status="terminated"), "terminated", ""),
        (standing(status="superseded"), "superseded", ""),
        # Without a record a status proves nothing.
        (standing(status="expired", texts=()), "not-sent", ""),
    ],
)
def test_the_stage_follows_from_the_records(found: Standing, stage: str, since: str) -> None:
    assert (found.stage, found.since) == (stage, since)


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ("2026-03-09", '<time datetime="2026-03-09">March 9, 2026</time>'),
        ("2026-12-31T07:05:59Z", '<time datetime="2026-12-31T07:05:59Z">December 31, 2026, 07:05 UTC</time>'),
        ("2026-13-01", "2026-13-01"),
        ("<soon>", "&lt;soon&gt;"),
        ("", ""),
    ],
)
def test_dates_are_written_as_people_write_them(date: str, shown: str) -> None:
    assert day(date) == shown


# The page of an agreement


@pytest.mark.parametrize(
    ("stage", "wanted"),
    [
        ("new", [("Approved", "now"), ("Sent", "next"), ("Executed", "next")]),
        ("answered", [("Approved", "done"), ("Answered", "now"), ("Executed", "next")]),
        ("executed", [("Drafted", "done"), ("Sent", "done"), ("Executed", "now")]),
        ("redrafted", [("Drafted", "done"), ("Sent", "done"), ("Executed", "done"), ("New", "now")]),
        ("being-amended", [("Drafted", "done"), ("Sent", "done"), ("Executed", "done"), ("Being", "now")]),
        ("amended", [("Drafted", "done"), ("Sent", "done"), ("Executed", "done"), ("Amended", "now")]),
        (
            "terminated",
            [("Drafted", "done"), ("Sent", "done"), ("Executed", "done"), ("Amended", "done"), ("Terminated", "now")],
        ),
    ],
)
def test_a_page_shows_the_steps(
    stage: str, wanted: list[tuple[str, str]], life: dict[str, dict[str, SitePage]]
) -> None:
    found = page(life[stage])
    assert steps(found) == wanted
    (current,) = found.all("li", aria_current="step")
    assert current.attributes["class"].endswith("cb-step-now")


def test_turns_tell_date_version_and_to_whom(life: dict[str, dict[str, SitePage]]) -> None:
    (table,) = [each for each in page(life["answered"]).all("table") if "Turns" in said(each.all("caption")[0])]
    rows = [[said(cell) for cell in row.all("td")] for row in table.all("tr") if row.all("td")]
    assert [row[:4] for row in rows] == [
        ["1", "January 5, 2026", "Sent to Finch", "1.0"],
        ["2", "January 8, 2026", "Answer from Finch", "1.0"],
    ]
    assert rows[0][5] == f"Our first text {HOSTILE}"


def test_who_is_to_sign_is_told_before_the_execution(life: dict[str, dict[str, SitePage]]) -> None:
    found = part(page(life["answered"]), "page_execution")
    assert "Nobody has signed" in found
    assert "Wren Example" in found
    assert "Finch & Daughters LLP" in found


def test_an_execution_tells_who_signed_when_and_by_what_evidence(life: dict[str, dict[str, SitePage]]) -> None:
    found = page(life["executed"])
    (table,) = [each for each in found.all("table") if "Signatories" in said(each.all("caption")[0])]
    rows = [[said(cell) for cell in row.all("td")] for row in table.all("tr") if row.all("td")]
    assert rows == [
        [
            f"Wren {HOSTILE}",
            "Sparrow Maps Ltd",
            "March 9, 2026, 12:30 UTC",
            "Digital signature in the file",
            "signed",
        ],
        ["–", "Finch & Daughters LLP", "–", "Statement of a named person", f"“{STATEMENT}”"],
    ]
    text = part(found, "page_execution")
    assert "Text matches, evidence incomplete" in text
    assert "Executed on March 9, 2026." in text
    # It was committed as the fourth commit: 1 January and three days.
    assert "found when the execution was recorded, which was committed on January 4, 2026" in text
    assert "as the test wants it" in text
    facts = {each.all("dt")[0].text().strip(): said(each.all("dd")[0]) for each in found.all(class_="cb-fact")}
    assert facts["Signatories"].endswith("for Finch & Daughters LLP · signed, as a named person states")


def test_a_statement_is_never_called_cryptographic(life: dict[str, dict[str, SitePage]]) -> None:
    # The reference says of statements that they are none.
    for path, found in life["executed"].items():
        assert path.startswith("reference/") or "cryptographic" not in found.body


def test_a_verified_file_is_said_to_be_so(tmp_path: Path, sandbox: Sandbox) -> None:
    repository = new(tmp_path)
    verify = Stub(words_of(repository.project, sandbox))
    assert execute(project(repository, sandbox), NAME, Returned([PDF]), verify, "2026-04-01").record
    text = part(page(pages(repository)), "page_execution")
    assert "Verified Executed on March 9, 2026. The words of what came back signed are those of version 1.0." in text
    # Nothing is committed: nobody can tell when.
    assert "This was found when the execution was recorded." in text
    assert "as the test wants it" not in text


def test_the_files_of_the_record_stand_beside_the_page(life: dict[str, dict[str, SitePage]]) -> None:
    found = life["executed"][f"agreements/{NAME}/index.html"]
    assert found.files[f"{NAME}-1.0-signed.pdf"] == PDF
    assert found.files[f"{NAME}-1.0-signed-2.pdf"] == PAPER
    assert found.files[f"{NAME}-1.0-executed.md"].startswith(b"#")
    links = {said(each): each.attributes["href"] for each in page(life["executed"]).all("a", class_="cb-button")}
    folder = f"../../agreements/{NAME}"
    assert links["Signed PDF of version 1.0"] == f"{folder}/{NAME}-1.0-signed.pdf"
    assert links["Signed PDF, counterpart 2 of version 1.0"] == f"{folder}/{NAME}-1.0-signed-2.pdf"
    assert links["Executed text, Markdown of version 1.0"] == f"{folder}/{NAME}-1.0-executed.md"
    assert {"Unsigned PDF", "Word", "Markdown"} <= links.keys()


def test_a_void_record_is_told_and_its_file_is_not_offered(tmp_path: Path, sandbox: Sandbox) -> None:
    repository = new(tmp_path)
    verify = Stub(words_of(repository.project, sandbox))
    assert execute(project(repository, sandbox), NAME, Returned([PDF]), verify, "2026-04-01").record
    void(project(repository, sandbox), NAME, "1.0", HOSTILE, "Ada Quill", "2026-05-02", "2026-05-03")
    found = pages(repository)
    assert [name for name in found[f"agreements/{NAME}/index.html"].files if "signed" in name] == []
    text = part(page(found), "void_1")
    assert "Void Executed on " in text
    assert f"void since May 2, 2026. Ada Quill said why: {HOSTILE} The record stays" in text
    assert "Nobody has signed: no execution of this agreement is recorded." in said(page(found))


def test_a_file_that_is_not_as_recorded_is_not_offered(tmp_path: Path, sandbox: Sandbox) -> None:
    repository = new(tmp_path)
    executed(repository, sandbox)
    (repository.project / RECORD / "signed.pdf").write_bytes(PDF + b"more")
    (repository.project / RECORD / "signed-2.pdf").unlink()
    found = pages(repository)
    files = found[f"agreements/{NAME}/index.html"].files
    assert [name for name in files if "signed" in name] == []
    notices = [said(each) for each in page(found).all("p", class_="cb-notice cb-notice-bad")]
    assert [each.split()[0] for each in notices] == [f"{RECORD}/signed-2.pdf", f"{RECORD}/signed.pdf"]


def test_a_draft_after_the_executed_text_says_that_nobody_signed_it(life: dict[str, dict[str, SitePage]]) -> None:
    (notice,) = page(life["redrafted"]).all("p", class_="cb-notice")
    assert said(notice) == (
        "The text below is a draft of version 1.1. The parties have not signed it: what they signed is version 1.0, "
        "of March 9, 2026."
    )
    (notice,) = page(life["being-amended"]).all("p", class_="cb-notice")
    assert "which Amendment No. 1 is to bring in" in said(notice)
    links = {said(each): each.attributes["href"] for each in page(life["redrafted"]).all("a", class_="cb-button")}
    assert "PDF" in links  # the draft's own: it is not the signed one's "Unsigned PDF"


def test_signatories_are_those_of_the_version_that_they_signed(life: dict[str, dict[str, SitePage]]) -> None:
    for stage, name in {
        "answered": "Signatories",
        "executed": "Signatories",
        "amended": "Signatories of version 1.0",
    }.items():
        facts = [said(each.all("dt")[0]) for each in page(life[stage]).all(class_="cb-fact")]
        assert [each for each in facts if each.startswith("Signatories")] == [name]


def test_an_ended_agreement_says_so(life: dict[str, dict[str, SitePage]]) -> None:
    notices = [said(each) for each in page(life["terminated"]).all("p", class_="cb-notice")]
    assert notices[0] == "This agreement is terminated. Its text below is kept as it was executed."


# Amendments


def chain_of(found: Element) -> list[list[str]]:
    (chain,) = found.all("ol", class_="cb-chain")
    return [[said(each) for each in item.all("p")] for item in chain.all("li", class_="cb-link")]


def test_the_chain_leads_from_the_original_to_the_restated_text(life: dict[str, dict[str, SitePage]]) -> None:
    assert chain_of(page(life["being-amended"])) == [
        ["Original agreement Latest executed text", "Version 1.0 · executed March 9, 2026"],
        [
            "Amendment No. 1 Draft",
            "To take effect on October 1, 2026, or with the last signature if that is later · not executed",
        ],
        ["Restated text", "Version 1.1 · not executed"],
    ]
    assert chain_of(page(life["amended"])) == [
        ["Original agreement", "Version 1.0 · executed March 9, 2026"],
        ["Amendment No. 1 Executed", "Effective October 1, 2026 · executed March 9, 2026"],
        ["Restated text Latest executed text", "Version 1.1"],
    ]


def test_the_page_of_an_amendment_leads_back(life: dict[str, dict[str, SitePage]]) -> None:
    found = page(life["amended"], AMENDMENT)
    assert chain_of(found) == [
        ["Talks about a bird atlas", "Version 1.0, which is amended"],
        ["Amendment No. 1 Executed", "Effective October 1, 2026 · executed March 9, 2026"],
        ["Restated text", "Version 1.1"],
    ]
    notice = found.all("p", class_="cb-notice")[0]
    assert notice.all("a")[0].attributes["href"] == f"../../agreements/{NAME}/"
    assert "It amends version 1.0 of that agreement and makes version 1.1 of it." in said(notice)
    head = [said(each) for each in found.all("ul", class_="cb-downloads")[0].all("a")]
    # The restated copy is not among the amendment's own files.
    assert head == [
        *("Signed PDF of version 1.0", "Signed PDF, counterpart 2 of version 1.0"),
        *("Unsigned PDF", "Word", "Markdown"),
    ]


@pytest.mark.parametrize("name", [NAME, AMENDMENT])
@pytest.mark.parametrize("stage", ["being-amended", "amended", "terminated"])
def test_every_link_of_the_chain_leads_somewhere(stage: str, name: str, life: dict[str, dict[str, SitePage]]) -> None:
    site = life[stage]
    there = {path.removesuffix("index.html") for path in site}
    for path, each in site.items():
        there |= {f"{path.rpartition('/')[0]}/{file}" for file in each.files}
    found = page(site, name)
    hrefs = [each.attributes["href"] or "" for each in found.all("a")]
    for href in (each for each in hrefs if not each.startswith("mailto:")):
        target = urlsplit(urljoin(f"https://x.example/agreements/{name}/", href))
        assert target.netloc == "x.example"
        assert unquote(target.path.removeprefix("/")) in there, href
        if target.fragment:
            at = page(site, unquote(target.path).split("/")[2]) if "/agreements/" in target.path else found
            assert target.fragment in at.ids() or not target.path.startswith("/agreements/"), href
    wanted = {f"{AMENDMENT}-restated{end}" for end in (".pdf", ".docx", ".md")}
    assert wanted <= {href.rpartition("/")[2] for href in hrefs}


# Lists


def test_the_lists_show_the_standing(life: dict[str, dict[str, SitePage]]) -> None:
    wanted = {
        "new": "Not sent",
        "answered": "Answered",
        "executed": "Executed",
        "redrafted": "New draft",
        "being-amended": "Being amended",
        "amended": "Amended",
        "terminated": "Terminated",
    }
    for stage, name in wanted.items():
        table = read_html(life[stage]["agreements/index.html"].body).all("table")[0]
        row = table.all("tr")[1].all("td")
        assert said(row[0]).startswith("Talks about a bird atlas")
        shown = [said(each) for each in row[2].all("span") if "cb-chip" in each.attributes.get("class", "")]
        assert (name in shown) == (stage != "new")
        assert len(shown) == len(set(shown))


# The history


def test_the_history_marks_what_was_sent_and_executed(life: dict[str, dict[str, SitePage]]) -> None:
    found = read_html(life["amended"][f"agreements/{NAME}/history/index.html"].body)
    (table,) = found.all("table", data_cb_look="history")
    marks = [[said(each) for each in row.all("ul", class_="cb-marks")] for row in table.all("tr")[1:]]
    assert marks == [
        ["Executed March 9, 2026, by Amendment No. 1"],
        ["Sent January 5, 2026, to Finch Executed March 9, 2026"],
    ]


def revision(slug: str, date: str, text: str, *versions: str) -> Revision:
    return Revision(slug, slug, date, "", "", NAME, "", "", versions, "", (), text, None, merge=False)


def test_a_mark_stands_at_the_revision_that_has_the_words() -> None:
    rows = [
        revision("d", "2026-03-01T00:00:00Z", "ab", "2.0"),
        revision("c", "2026-02-01T00:00:00Z", "zz", "1.0"),
        revision("b", "2026-01-01T00:00:00Z", "ab", "1.0"),
        revision("a", "2025-12-01T00:00:00Z", "ab", "1.0"),
        revision("none", "2025-11-01T00:00:00Z", "", "1.0"),
    ]
    old = replace(rows[1], former=("ab-in-form-1",))
    assert [old.is_named(mark) for mark in ("zz", "ab-in-form-1", "ab", "")] == [True, True, False, False]
    lost = replace(turn(2, "sent"), text="")
    found, unseen = revision_marks(
        replace(standing(), turns=(turn(1, "sent"), lost, turn(3, "received"))), rows, "index.html"
    )
    assert {slug: len(marks) for slug, marks in found.items()} == {"b": 2}
    assert [re.sub("<.*?>", "", each) for each in unseen] == ["Sent, version 1.0, January 2, 2026, to Finch"]


# The site as a whole


def test_nothing_of_the_records_is_more_than_text(life: dict[str, dict[str, SitePage]]) -> None:
    for stage, site in life.items():
        for path, each in site.items():
            if not path.startswith("agreements/") or "/redlines/" in path:
                continue
            body = read_html(each.body)
            assert body.all("script") == [], (stage, path)
            assert not [e for e in body.all() if any(name.startswith("on") for name in e.attributes)], (stage, path)
            ids = body.ids()
            assert len(ids) == len(set(ids)), (stage, path)
    assert HOSTILE in said(page(life["executed"]))


def test_the_headings_are_in_order_and_in_the_contents(life: dict[str, dict[str, SitePage]]) -> None:
    found = life["amended"][f"agreements/{NAME}/index.html"]
    entry = next(each for each in found.contents[0].children if each.title == "Where it stands")
    assert [(each.title, each.anchor) for each in entry.children] == [
        ("Negotiation", "page_turns"),
        ("Execution of version 1.0", "page_execution"),
        ("Chain of amendments", "page_amendments"),
    ]
    ids = read_html(found.body).ids()
    assert {each.anchor for each in entry.children} <= set(ids)


def test_a_shallow_clone_does_not_guess_when_it_was_recorded(tmp_path: Path, sandbox: Sandbox) -> None:
    repository = new(tmp_path)
    executed(repository, sandbox)
    assert told(repository).histories[NAME].recorded == {"1.0": "2026-01-03T00:00:00Z"}
    run(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository.root}", "shallow")
    assert told(Repository(tmp_path / "shallow", tmp_path / "shallow")).histories[NAME].recorded == {}


def test_two_builds_are_the_same_and_hold_the_records(tmp_path: Path, sandbox: Sandbox) -> None:
    repository = new(tmp_path)
    sent(repository, sandbox)
    executed(repository, sandbox)
    for name in ("one", "two"):
        write_site(repository.project, tmp_path / name, told(repository))
    one, two = (
        {path.relative_to(tmp_path / name).as_posix(): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    )
    assert one == two
    assert one[f"agreements/{NAME}/{NAME}-1.0-signed.pdf"] == PDF
    built = read_html(one[f"agreements/{NAME}/index.html"].decode(), strict=False)
    article = built.by_id("agreement-text")
    document: Document = told(repository).agreements[0].document
    assert article.all("ol", class_="cb-steps") == []
    assert document.version in said(built.all("h3", id="page_execution")[0])
