"""Make the pages that show many agreements, and look at what is of no single one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from clausebook.build.git_state import GitState
from clausebook.build.made import Parcel, entry_to, findings_to, parcel
from clausebook.document.interchange import part_to_plain
from clausebook.facts.duties.due_list import DueWanted, due_items
from clausebook.facts.duties.feed import feed
from clausebook.facts.duties.paper_duties import paper_duties
from clausebook.history.clause_versions import clause_versions
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.repository.tree import DiskTree
from clausebook.site.clause_words import chosen, clause_words
from clausebook.site.duty_pages import duties_page, registers_page
from clausebook.site.executives_page import executives_page
from clausebook.site.gathering import kinds_of, repository_findings
from clausebook.site.metrics_pages import metrics_page
from clausebook.site.own_pages import own_pages, using
from clausebook.site.page import SitePage
from clausebook.site.page_tree import hub_pages, library_pages, main_pages
from clausebook.site.reference_pages import reference_pages, schema_files
from clausebook.site.site_entry import SiteEntry, SiteLists
from clausebook.site.spark.method_content import method_content, method_steps, opportunity_entries
from clausebook.site.spark.pipeline_pages import pipeline_pages


def list_parcel(root: Path, name: str, lists: SiteLists) -> Parcel:
    """Return the pages of a list by its name. Raises FindingsError for a fault of a template of the house's own."""
    with using(own_pages(root)):
        return parcel(_pages(root, name, lists))


def _pages(root: Path, name: str, lists: SiteLists) -> Iterator[SitePage]:
    match name:
        case "main":
            yield from main_pages(lists)
        case "hub":
            yield from hub_pages(lists)
        case "library":
            with Sandbox(wait=True) as sandbox:
                project = Project(root, sandbox)
                kinds = kinds_of(project)
                words = tuple(clause_words(project, chosen(kinds, lists.entries)))
            versions = clause_versions(root)
            yield from library_pages(replace(lists, types=kinds, words=words, versions=versions))
        case "pipeline":
            with Sandbox() as sandbox:
                method = method_content(Project(root, sandbox))
            yield from pipeline_pages(replace(lists, method=method))
        case "metrics":
            yield metrics_page(lists)
        case "reference":
            yield from reference_pages(schema_files(DiskTree(root)))
        case "executives":
            yield executives_page(lists)
        case "duties":
            yield duties_page(lists)
        case _:
            yield registers_page(lists)


def showing(root: Path, lists: SiteLists) -> list[str]:
    """Return the ids of the agreements in whose words the library's clauses are shown."""
    with Sandbox(wait=True) as sandbox:
        found = chosen(kinds_of(Project(root, sandbox)), lists.entries)
    return sorted({name for name, _ in found.values()})


def looked_at(root: Path, git: GitState) -> dict[str, Any]:
    """Return what is of no single agreement, as JSON data; see `site_lists.General`."""
    with Sandbox() as sandbox:
        project = Project(root, sandbox)
        findings = repository_findings(project)
        clauses = sum(len(kind.clauses) for kind in kinds_of(project))
        method = method_content(project)
        owed = tuple(due_items([each for _, each in paper_duties(project)], DueWanted()))
    editions = {each.agreement: git.edition(each.agreement) for each in owed}
    papers = entry_to(SiteEntry("", "", owed=owed), feed(owed, editions) if owed else b"")
    return {
        "findings": findings_to(findings),
        "clauses": clauses,
        "papers": papers.decode(),
        "steps": part_to_plain(method_steps(method.method)),
        "opportunities": part_to_plain(opportunity_entries(method)),
    }
