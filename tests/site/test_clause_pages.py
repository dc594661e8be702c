"""The clause library as its readers see it: list, usage with reasons, versions, rules, and the playbook."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from clausebook.findings.register import Rule
from clausebook.history.clause_versions import clause_versions
from clausebook.library.model import DealRule, RuleExample, Slot
from clausebook.site.clause_pages import clause_pages, clauses_page, judging_rules, touching_rules
from clausebook.site.entries import site_entry
from clausebook.site.library_map import library_map
from clausebook.site.page import SitePage
from clausebook.site.playbook_page import playbook_page
from clausebook.site.site_content import AgreementPage
from clausebook.site.site_entry import ClauseUse, ClauseWords, SiteEntry
from tests.support.git_repositories import new_repository
from tests.support.html_reader import Element, read_html
from tests.support.site_content import sample_document, sample_type

KIND = sample_type()
WHY = "They lead, and <b>we</b> follow."
USES = (
    ClauseUse("scope-narrow", "scope", "1.1", "0.9", reason=WHY),
    ClauseUse("money", "money", "1.2", "1.0"),
)
ENTRIES = (
    SiteEntry("harbor", "Harbor", type="sample", status="draft", uses=USES),
    SiteEntry(
        "quay", "Quay", type="sample", status="executed", uses=(ClauseUse("sample-clause", "scope", "1", "1.0"),)
    ),
)
LIBRARY = library_map([KIND], ENTRIES)


def _pages() -> dict[str, SitePage]:
    versions = {"templates/sample/clauses/scope-narrow.md": (("0.9", "2025-03-01"), ("1.0", "2026-02-03"))}
    return {page.path.split("/")[1]: page for page in clause_pages([KIND], LIBRARY, (), versions)}


def _rows(page: Element, caption: str) -> list[list[str]]:
    (table,) = (each for each in page.all("table") if each.all("caption")[0].text() == caption)
    return [[" ".join(cell.text().split()) for cell in row.all("td")] for row in table.all("tr") if row.all("td")]


def test_the_list_is_one_table_with_filters_for_what_people_choose_by() -> None:
    page = read_html(clauses_page([KIND], LIBRARY).body, strict=False)
    (table,) = page.all("table")
    assert len(table.all("tbody")[0].all("tr")) == len(KIND.clauses)
    (form,) = page.all("div", data_cb_narrows="clauses")
    found = {
        select.attributes["name"]: [option.text() for option in select.all("option")[1:]]
        for select in form.all("select")
    }
    assert found == {
        "type": ["Sample Agreement"],
        "section": ["First Section", "General Terms", "In no slot of the outline", "Second Section"],
        "position": ["By counsel", "Fallback 1", "Standard"],
        "use": ["Unused", "Used"],
        "approver": ["General Counsel", "Nobody"],
    }
    # A row is found by the numbers of its choices.
    marks = {
        row.all("a")[0].text(): (row.attributes["data-cb-use"], row.attributes["data-cb-position"])
        for row in table.all("tbody")[0].all("tr")
    }
    assert marks["Scope narrow"] == ("1", "1")
    assert marks["Scope wide"] == ("0", "0")
    (nothing,) = page.all("p", data_cb_nothing="clauses")
    assert nothing.text().strip().startswith("No clause fits")


def test_a_clause_says_who_took_it_and_why() -> None:
    body = _pages()["scope-narrow"].body
    page = read_html(body, strict=False)
    assert _rows(page, "Agreements with this clause") == [
        ["Harbor", "1.1", "Draft", "0.9 not the current version", WHY],
    ]
    assert "<b>we</b>" not in body
    assert "1 of the 2 agreements that fill this place" in " ".join(page.text().split())


def test_a_clause_tells_its_versions_and_who_has_the_words_of_each() -> None:
    page = read_html(_pages()["scope-narrow"].body, strict=False)
    assert _rows(page, "Versions of this clause") == [
        ["1.0 today’s", "February 3, 2026", "–"],
        ["0.9", "March 1, 2025", "Harbor (draft)"],
    ]


def _rule(name: str, when: str) -> DealRule:
    told = Rule(id=name, severity="warning", stage="deal", title=f"Title of {name}", why="why", mend="mend")
    example = RuleExample({})
    return DealRule(told, (), (), when, ("a",), "message", example, example, "templates/sample/rules.yaml", 1, 1)


def test_rules_touch_a_clause_whose_data_they_read_or_that_they_name() -> None:
    slots = (Slot("scope", "sample-clause", item="/task/scope"), *KIND.outline.sections[0].slots[1:])
    first = dataclasses.replace(KIND.outline.sections[0], slots=slots)
    rules = (
        _rule("reads", "task.scope.size > 3"),
        _rule("names", "uses|find('slot', 'scope')"),
        _rule("other", "task.scopes or my.task.scope"),
    )
    outline = dataclasses.replace(KIND.outline, sections=(first, *KIND.outline.sections[1:]))
    kind = dataclasses.replace(KIND, outline=outline, rules=rules)
    found = [rule.rule.id for rule, _ in touching_rules(kind, kind.clauses["scope-narrow"], judging_rules(kind))]
    assert found == ["reads", "names"]
    assert not list(touching_rules(kind, kind.clauses["money"], judging_rules(kind)))


def test_reasons_of_a_deal_go_with_the_clauses_that_it_chose() -> None:
    document = sample_document(1, "x")
    data = {"clauses": {"scope": {"clause": "scope-narrow", "reason": WHY}}}
    uses = site_entry(AgreementPage(document, "", data), "").uses
    assert {use.anchor: use.reason for use in uses if use.anchor == "scope"} == {"scope": WHY}


def test_the_playbook_holds_every_clause_with_its_guidance_and_approver() -> None:
    words = ClauseWords(
        "sample", "scope-narrow", "harbor", "Harbor", "Scope", "<p>Now</p>", "sample-clause", "<p><ins>Now</ins></p>"
    )
    made = playbook_page([KIND], LIBRARY, [words])
    page = read_html(made.body, strict=False)
    assert made.listed
    assert len(page.all("div", class_="cb-position")) == len(KIND.clauses)
    said = " ".join(page.text().split())
    assert said.count("When to use <it>.") == len(KIND.clauses)
    assert said.count("To be approved by: General Counsel") == 2
    assert "Against the standard, sample-clause, as Harbor has it: Now" in said
    assert "No agreement has this clause as it is today. Its template stands" in said
    assert not re.search(r"\{[{%#]", said)
    anchors = set(page.ids())
    assert {record.anchor for record in made.search if record.anchor} <= anchors


def test_versions_have_the_days_of_their_commits(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    path = "templates/sample/clauses/scope.md"
    head = '---\nid: scope\nversion: "{}"\n---\n'
    repository.commit("One", {path: head.format("1.0") + "Words.\n"})
    repository.commit("Typo", {path: head.format("1.0") + "+version: 7.0\n++ b/templates/other.md\n"})
    repository.commit("Two", {path: head.format("1.1") + "Words.\n", "templates/other.md": "version: <b>\n"})
    assert clause_versions(tmp_path) == {path: (("1.0", "2026-01-01"), ("1.1", "2026-01-03"))}
    assert clause_versions(tmp_path / "nowhere") == {}
