"""What became of an agreement since it was executed: what may be told, what is found, and what the site shows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from clausebook.amending.changes_file import data_mark
from clausebook.amending.effect import Effect
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.execution import execute
from clausebook.lifecycle.standing import AmendmentStep, ExecutedFiles, ExecutedText, Standing
from clausebook.lifecycle.wet_ink import Returned
from clausebook.load.positions import Positions
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.records.record_files import executed
from clausebook.records.since_execution import Lifecycle, Renewal, lifecycle_of
from clausebook.render.formats import USUAL
from clausebook.repository.tree import DiskTree
from clausebook.site.entries import renewed_until
from clausebook.site.markup import day
from clausebook.site.page_tree import page_tree
from clausebook.site.site_entry import SiteEntry
from clausebook.site.steps import notices, stage_cell, steps
from clausebook.validate.common import check_common
from tests.support.executed_repositories import record
from tests.support.git_repositories import Repository
from tests.support.html_reader import Element, read_html
from tests.support.record_cases import (
    CLAUSES,
    DAY,
    DEAL,
    NAME,
    PDF,
    SCHEMA,
    Stub,
    committed_repository,
    edit,
    executed_version,
    words_of,
)
from tests.support.repositories import PARTNERSHIP, partnership_repository
from tests.support.whole_sites import site_content

LATER = "sparrow-finch-2"
MARK = "zzqINTERNALqzz"
HOSTILE = '</p><script>alert("1")</script> {{ 7*7 }} *b*'

RENEWED = """
lifecycle:
  renewals:
    - {on: 2028-01-15, until: 2030-02-28, by: a letter}
    - {on: 2030-01-10, until: 2031-02-28}
"""
ENDED = "  ended: {on: 2031-02-28, why: The term ran out.}\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture(scope="module")
def executed_once(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """Make a repository whose agreement was executed before its type knew of a life after execution."""
    repository = committed_repository(tmp_path_factory.mktemp("executed"))
    executed_version(repository, sandbox)
    return repository.project


@pytest.fixture
def repository(tmp_path: Path, executed_once: Path) -> Repository:
    """Copy that repository, learn of the life after execution, and add a second agreement."""
    root = tmp_path / "copy"
    shutil.copytree(executed_once, root)
    learn(root)
    deal = (root / DEAL).read_text(encoding="utf-8")
    later = deal.replace(f"id: {NAME}", f"id: {LATER}").replace("status: executed", "status: approved")
    (root / f"agreements/{LATER}.yaml").write_text(later.replace("a bird atlas", "a moth atlas"), encoding="utf-8")
    return Repository(root, root)


def learn(root: Path) -> None:
    shutil.copy(PARTNERSHIP / "schemas/partnership/common.schema.json", root / "schemas/nda")
    schema = json.loads((root / SCHEMA).read_text(encoding="utf-8"))
    schema["properties"]["lifecycle"] = {"$ref": "common.schema.json#/$defs/lifecycle"}
    (root / SCHEMA).write_text(json.dumps(schema), encoding="utf-8")


def tell(repository: Repository, told: str, status: str = "executed", name: str = NAME) -> None:
    path = repository.project / f"agreements/{name}.yaml"
    text = path.read_text(encoding="utf-8").replace("status: executed", f"status: {status}")
    path.write_text(text + told, encoding="utf-8")


def assembled(repository: Repository, sandbox: Sandbox, name: str = NAME) -> Agreement:
    project = Project(repository.project, sandbox)
    return project.assemble(project.files([name])[0])


def found(repository: Repository, sandbox: Sandbox, name: str = NAME) -> list[tuple[str, str, str]]:
    return [(each.severity, each.rule, each.pointer) for each in assembled(repository, sandbox, name).findings]


# What may be told


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (RENEWED, "executed"),
        (RENEWED, "active"),
        (RENEWED + ENDED, "expired"),
        ("\nlifecycle:\n" + ENDED, "terminated"),
        (f"\nlifecycle:\n  superseded_by: {LATER}\n", "superseded"),
        (f"\nlifecycle:\n{ENDED}  superseded_by: {LATER}\n", "terminated"),
        (f"\nlifecycle:\n  ended: {{on: {DAY}}}\n", "terminated"),
    ],
)
def test_an_executed_agreement_may_tell_what_became_of_it(
    repository: Repository, sandbox: Sandbox, told: str, status: str
) -> None:
    before = assembled(repository, sandbox).document
    tell(repository, told, status)
    after = assembled(repository, sandbox)
    assert after.findings == ()
    assert before is not None
    assert after.document == replace(before, status=status)


def test_nothing_else_may_change_with_it(repository: Repository, sandbox: Sandbox) -> None:
    tell(repository, RENEWED)
    edit(repository, DEAL, "P3Y", "P2Y")
    assert found(repository, sandbox) == [("error", "core/executed-data", "/secrets/kept_for")]


def test_it_is_checked_by_the_schemas_of_today(repository: Repository, sandbox: Sandbox) -> None:
    kept = repository.project / f"agreements/{NAME}/as-sent/{SCHEMA}"
    assert "lifecycle" not in kept.read_text(encoding="utf-8")
    tell(repository, "\nlifecycle:\n  renewals: [{on: 2028-01-15, until: 2027-01-15, how: so}]\n")
    edit(repository, DEAL, "kept_for: P3Y", "kept_for: three years")
    lines = (repository.project / DEAL).read_text(encoding="utf-8").splitlines()
    findings = assembled(repository, sandbox).findings
    pointers = [each.pointer for each in findings]
    at = "/lifecycle/renewals/0"
    assert sorted(pointers) == [f"{at}/how", f"{at}/until", "/secrets/kept_for"]
    assert {each.line for each in findings if each.pointer.startswith(at)} == {len(lines)}


def test_a_type_that_does_not_know_it_refuses_it(repository: Repository, sandbox: Sandbox) -> None:
    edit(repository, SCHEMA, '"lifecycle"', '"x-life"')
    tell(repository, RENEWED)
    assert found(repository, sandbox) == [("error", "core/property-unknown", "/lifecycle")]


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ("long", "/lifecycle"),
        ({"renewals": [{"on": "2028-01-15"}]}, "/lifecycle/renewals/0"),
        ({"renewals": [{"on": "soon", "until": "2028-01-15"}]}, "/lifecycle/renewals/0/on"),
        ({"renewals": {}}, "/lifecycle/renewals"),
        ({"ended": {"why": "So."}}, "/lifecycle/ended"),
        ({"superseded_by": 3}, "/lifecycle/superseded_by"),
    ],
)
def test_what_the_engine_relies_on_is_checked_whatever_a_type_allows(told: object, pointer: str) -> None:
    party = {"key": "wren", "legal_name": "Wren Ltd", "short_name": "Wren"}
    names = dict.fromkeys(("id", "type", "title", "version", "status"), "a")
    data = {**names, "parties": [party], "signatures": []}
    assert check_common(data, Positions(), "a.yaml", ()) == []
    assert [each.pointer for each in check_common({**data, "lifecycle": told}, Positions(), "a.yaml", ())] == [pointer]


def test_the_next_draft_keeps_it_and_can_be_executed(repository: Repository, sandbox: Sandbox) -> None:
    tell(repository, RENEWED, "approved")
    edit(repository, DEAL, 'version: "1.0"', 'version: "1.1"')
    assert found(repository, sandbox) == [("warning", "core/restatement-untold", "/version")]
    project = Project(repository.project, sandbox)
    verify = Stub(words_of(repository.project, sandbox), version="1.1")
    made = execute(project, NAME, Returned([PDF]), verify, "2030-03-01", "2030-03-01")
    assert made.record
    assert [each.rule for each in made.warnings] == ["core/restatement-untold"]
    assert found(repository, sandbox) == []
    edit(repository, DEAL, "    - {on: 2030-01-10, until: 2031-02-28}\n", "")
    assert found(repository, sandbox) == []


# What is found


@pytest.mark.parametrize(
    ("told", "status", "wanted"),
    [
        ("", "expired", ("note", "core/lifecycle-untold", "/status")),
        ("", "terminated", ("note", "core/lifecycle-untold", "/status")),
        ("", "superseded", ("note", "core/lifecycle-untold", "/status")),
        ("\nlifecycle:\n" + ENDED, "superseded", ("note", "core/lifecycle-untold", "/status")),
        ("\nlifecycle:\n" + ENDED, "active", ("error", "core/lifecycle-status", "/lifecycle/ended")),
        (
            f"\nlifecycle:\n  superseded_by: {LATER}\n",
            "executed",
            ("error", "core/lifecycle-status", "/lifecycle/superseded_by"),
        ),
        (
            "\nlifecycle:\n  superseded_by: a-crow\n",
            "superseded",
            ("error", "core/lifecycle-successor", "/lifecycle/superseded_by"),
        ),
        (
            f"\nlifecycle:\n  superseded_by: {NAME}\n",
            "superseded",
            ("error", "core/lifecycle-successor", "/lifecycle/superseded_by"),
        ),
        (
            "\nlifecycle:\n  renewals: [{on: 2026-03-09, until: 2030-02-28}]\n",
            "active",
            ("error", "core/lifecycle-dates", "/lifecycle/renewals/0/on"),
        ),
        (
            RENEWED.replace("2030-01-10", "2028-01-14"),
            "active",
            ("error", "core/lifecycle-dates", "/lifecycle/renewals/1/on"),
        ),
        (
            RENEWED.replace("2031-02-28", "2030-02-28"),
            "active",
            ("error", "core/lifecycle-dates", "/lifecycle/renewals/1/until"),
        ),
        (
            "\nlifecycle:\n  ended: {on: 2026-03-09}\n",
            "terminated",
            ("error", "core/lifecycle-dates", "/lifecycle/ended/on"),
        ),
        (
            RENEWED + "  ended: {on: 2030-01-09}\n",
            "terminated",
            ("error", "core/lifecycle-dates", "/lifecycle/ended/on"),
        ),
        (
            RENEWED + "  ended: {on: 2030-01-11}\n",
            "expired",
            ("warning", "core/lifecycle-expired-early", "/lifecycle/ended/on"),
        ),
    ],
)
def test_what_does_not_fit_is_found(
    repository: Repository, sandbox: Sandbox, told: str, status: str, wanted: tuple[str, str, str]
) -> None:
    tell(repository, told, status)
    (finding,) = assembled(repository, sandbox).findings
    assert (finding.severity, finding.rule, finding.pointer) == wanted
    assert finding.line > 1
    assert finding.hint


def test_only_what_was_executed_has_a_life_after_it(repository: Repository, sandbox: Sandbox) -> None:
    tell(repository, RENEWED, name=LATER)
    assert found(repository, sandbox, LATER) == [("error", "core/lifecycle-early", "/lifecycle")]


def test_two_agreements_do_not_supersede_each_other(repository: Repository, sandbox: Sandbox) -> None:
    third = "sparrow-finch-3"
    root = repository.project
    deal = (root / f"agreements/{LATER}.yaml").read_text(encoding="utf-8")
    (root / f"agreements/{third}.yaml").write_text(deal.replace(LATER, third), encoding="utf-8")
    tell(repository, f"\nlifecycle:\n  superseded_by: {LATER}\n", "superseded")
    tell(repository, f"\nlifecycle:\n  superseded_by: {third}\n", name=LATER)
    assert found(repository, sandbox) == []
    tell(repository, f"\nlifecycle:\n  superseded_by: {LATER}\n", name=third)
    assert found(repository, sandbox) == [], "a circle of others is a finding of theirs"
    edit(repository, f"agreements/{third}.yaml", f"superseded_by: {LATER}", f"superseded_by: {NAME}")
    assert found(repository, sandbox) == [("error", "core/lifecycle-successor", "/lifecycle/superseded_by")]


# What it is no part of


def test_it_is_no_part_of_the_contract(repository: Repository, sandbox: Sandbox) -> None:
    data = {"title": "A", "status": "active", "lifecycle": {"superseded_by": LATER}}
    assert data_mark(data) == data_mark({"title": "A", "status": "expired"})
    with (repository.project / f"{CLAUSES}/keeping.md").open("a", encoding="utf-8") as clause:
        clause.write("\n{% if lifecycle %}Renewed.{% endif %}\n")
    assert [each.rule for each in assembled(repository, sandbox, LATER).findings] == ["core/template-name"]


@pytest.mark.slow("a whole agreement in three formats, before and after")
def test_nothing_of_it_leaves_the_house_and_the_files_stay(tmp_path: Path, sandbox: Sandbox) -> None:
    root = partnership_repository(tmp_path)
    name = "retail-telehealth"
    record(root, name, "2026-11-12", sandbox)
    project = Project(root, sandbox)
    before = project.render(project.assemble(project.files([name])[0]), USUAL)
    with (root / f"agreements/{name}.yaml").open("a", encoding="utf-8") as file:
        file.write(
            f"\nlifecycle:\n  renewals: [{{on: 2027-01-15, until: 2030-02-28, by: {MARK}}}]\n"
            f"  ended: {{on: 2030-02-28, why: {MARK}.}}\n  x-note: {MARK}\n"
        )
    text = (root / f"agreements/{name}.yaml").read_text(encoding="utf-8")
    path = root / f"agreements/{name}.yaml"
    path.write_text(text.replace("status: executed", "status: expired"), encoding="utf-8")
    project = Project(root, sandbox)
    agreement = project.assemble(project.files([name])[0])
    assert agreement.findings == ()
    assert agreement.record
    assert project.render(agreement, USUAL) == before
    assert len(before) == len(USUAL)


# What the site shows


TEXT = ExecutedText("1.0", "ab", NAME, "2026-03-09")
AMENDED = (TEXT, ExecutedText("1.1", "cd", f"{NAME}-amendment-1", "2028-06-01"))
PAGE = f"agreements/{NAME}/index.html"
TITLES = {NAME: "A bird atlas", LATER: "A moth atlas <i>"}
TOLD = lifecycle_of({"lifecycle": {"renewals": [{"on": "2028-01-15", "until": "2030-02-28", "by": HOSTILE}]}})


@pytest.fixture(scope="module")
def execution(executed_once: Path) -> ExecutedFiles:
    (record,) = executed(DiskTree(executed_once), NAME)
    return ExecutedFiles(replace(record, date=TEXT.date))


def standing(
    execution: ExecutedFiles, told: Lifecycle = TOLD, status: str = "active", texts: Sequence[ExecutedText] = (TEXT,)
) -> Standing:
    step = AmendmentStep(f"{NAME}-amendment-1", NAME, 1, "1.0", "1.1", Effect("2028-06-01"), "2028-06-01", "executed")
    return Standing(
        NAME,
        texts[-1].version,
        status,
        {},
        executions=(execution,),
        texts=tuple(texts),
        amendments=(step,) if len(texts) > 1 else (),
        lifecycle=told,
    )


def bar(shown: Standing) -> list[tuple[str, str]]:
    """Return the steps from the execution on, with their states."""
    items = read_html(steps(shown)).all("li")
    return [(each.all("strong")[0].words()[0], each.attributes["class"].rpartition("-")[2]) for each in items][2:]


def said(shown: Standing, titles: Mapping[str, str] = TITLES) -> list[str]:
    return [" ".join(each.words()) for each in read_html(notices(shown, PAGE, titles)).all("p")]


def test_the_last_event_is_where_it_stands(execution: ExecutedFiles) -> None:
    renewed = standing(execution)
    assert (renewed.stage, renewed.since) == ("renewed", "2028-01-15")
    assert bar(renewed) == [("Executed", "done"), ("Renewed", "now")]
    then_amended = standing(execution, texts=AMENDED)
    assert (then_amended.stage, then_amended.since) == ("amended", "2028-06-01")
    assert bar(then_amended) == [("Executed", "done"), ("Renewed", "done"), ("Amended", "now")]
    again = Lifecycle((*TOLD.renewals, Renewal("2030-01-10", "2031-02-28")))
    assert bar(standing(execution, again, texts=AMENDED)) == [
        ("Executed", "done"),
        ("Amended", "done"),
        ("Renewed", "now"),
    ]
    ended = standing(execution, replace(TOLD, ended="2030-02-28"), "expired")
    assert (ended.stage, ended.since) == ("expired", "2030-02-28")
    assert bar(ended) == [("Executed", "done"), ("Renewed", "done"), ("Expired", "now")]


def test_a_list_shows_until_when_and_since_when(execution: ExecutedFiles) -> None:
    def cell(shown: Standing) -> str:
        entry = SiteEntry("", "", stage=shown.stage, since=shown.since, until=renewed_until(shown))
        return " ".join(read_html(stage_cell(entry)).words())

    assert cell(standing(execution)) == "Renewed until February 28, 2030"
    assert cell(standing(execution, replace(TOLD, ended="2029-06-30"), "terminated")) == "Terminated June 30, 2029"
    assert cell(standing(execution, Lifecycle(superseded_by=LATER), "superseded")) == "Superseded"


KEPT = "Its text below is kept as it was executed."


@pytest.mark.parametrize(
    ("told", "status", "wanted"),
    [
        (TOLD, "active", [f"Renewed on January 15, 2028 until February 28, 2030, by {HOSTILE}."]),
        (Lifecycle(), "expired", [f"This agreement is expired. {KEPT}"]),
        (Lifecycle(ended="2030-02-28"), "expired", [f"Expired on February 28, 2030. {KEPT}"]),
        (
            Lifecycle(ended="2029-06-30", why=f"A breach. {HOSTILE}"),
            "terminated",
            [f"Terminated on June 30, 2029. A breach. {HOSTILE} {KEPT}"],
        ),
        (Lifecycle(superseded_by=LATER), "superseded", [f"Superseded by A moth atlas <i>. {KEPT}"]),
        (Lifecycle(superseded_by="unknown"), "superseded", [f"Superseded by unknown. {KEPT}"]),
        (
            Lifecycle(ended="2029-06-30", superseded_by=LATER),
            "superseded",
            [f"Superseded by A moth atlas <i> on June 30, 2029. {KEPT}"],
        ),
        (
            Lifecycle(ended="2029-06-30", superseded_by=LATER),
            "terminated",
            [f"Terminated on June 30, 2029. Superseded by A moth atlas <i>. {KEPT}"],
        ),
        (
            Lifecycle((Renewal("2028-01-15", "2030-02-28"), Renewal("2030-01-10", "2031-02-28")), "2031-02-28"),
            "expired",
            [
                f"Expired on February 28, 2031. {KEPT}",
                "Renewed on January 15, 2028 until February 28, 2030. "
                "Renewed on January 10, 2030 until February 28, 2031.",
            ],
        ),
    ],
)
def test_notices_tell_what_became_of_it(
    execution: ExecutedFiles, told: Lifecycle, status: str, wanted: list[str]
) -> None:
    shown = standing(execution, told, status)
    assert said(shown) == wanted
    assert "<script" not in notices(shown, PAGE, TITLES)


def test_the_successor_names_all_that_it_supersedes(execution: ExecutedFiles) -> None:
    shown = replace(standing(execution, Lifecycle()), supersedes=(LATER,))
    (notice,) = read_html(notices(shown, PAGE, TITLES)).all("p")
    assert " ".join(notice.words()) == "Supersedes A moth atlas <i>."
    assert notice.all("a")[0].attributes["href"] == f"../../agreements/{LATER}/"
    assert said(replace(shown, supersedes=("a", LATER, "c"))) == ["Supersedes a, A moth atlas <i> and c."]


def test_the_site_tells_links_on_both_pages(repository: Repository) -> None:
    tell(repository, f"links: {{under: {NAME}, replaces: [{NAME}]}}\n", name=LATER)
    content = site_content(repository.project)
    assert not content.has_errors()
    pages = {page.path: page.body for page in page_tree(content)}

    def facts(path: str) -> dict[str, tuple[str, str]]:
        found = read_html(pages[path]).all("div", class_="cb-fact")
        told = {" ".join(each.all("dt")[0].words()): each.all("dd")[0] for each in found}
        linked = {
            name: each
            for name, each in told.items()
            if each.all("a") and "agreements/" in str(each.all("a")[0].attributes)
        }
        return {
            name: (" ".join(each.words()), str(each.all("a")[0].attributes["href"])) for name, each in linked.items()
        }

    old, new = f"../../agreements/{NAME}/", f"../../agreements/{LATER}/"
    later = f"agreements/{LATER}/index.html"
    assert facts(later) == {
        "Mutual Non-Disclosure Agreement under": ("Talks about a bird atlas Executed", old),
        "Replaces": ("Talks about a bird atlas Executed", old),
    }
    assert facts(PAGE) == {
        "Agreements under this one": ("Talks about a moth atlas Approved", new),
        "Replaced by": ("Talks about a moth atlas Approved", new),
    }


def test_the_site_tells_it_on_both_pages(repository: Repository) -> None:
    tell(repository, f"{RENEWED}{ENDED}  superseded_by: {LATER}\n", "superseded")
    content = site_content(repository.project)
    assert not content.has_errors()
    pages = {page.path: page.body for page in page_tree(content)}

    def first(path: str) -> Element:
        return read_html(pages[path]).all("p", class_="cb-notice")[0]

    old, new = first(PAGE), first(f"agreements/{LATER}/index.html")
    assert " ".join(old.words()).startswith("Superseded by Talks about a moth atlas on February 28, 2031. The term")
    assert old.all("a")[0].attributes["href"] == f"../../agreements/{LATER}/"
    assert " ".join(new.words()) == "Supersedes Talks about a bird atlas."
    assert new.all("a")[0].attributes["href"] == f"../../agreements/{NAME}/"
    assert day("2031-02-28") in pages["agreements/index.html"]
