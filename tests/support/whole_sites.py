"""Sites as a whole: everything that is shown of a repository, at once, and what MkDocs makes of it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from clausebook.approvals.desk import Desk
from clausebook.facts.duties.editions import editions_of
from clausebook.facts.duties.paper_duties import paper_duties
from clausebook.findings.model import RepositoryError
from clausebook.history.past_texts import Room
from clausebook.language.sandbox import Sandbox
from clausebook.project.agreement import ordered
from clausebook.project.project import Project
from clausebook.repository.git.process import Git
from clausebook.site.feeding import feed_of
from clausebook.site.gathering import content_of, repository_findings
from clausebook.site.mkdocs_build import build_site
from clausebook.site.page_tree import page_tree
from clausebook.site.past import with_past
from clausebook.site.site_content import SiteContent


def site_content(root: Path) -> SiteContent:
    """Return everything that the site shows of a repository, its past aside."""
    with Project(root) as project, Desk(project) as desk:
        content = content_of(project, desk, [desk.marked(each) for each in project.assemble_all()])
        papers = tuple(owed for _, owed in paper_duties(project))
        ids = (each.id for each in (*(one.facts.duties for one in content.agreements if one.facts), *papers))
        findings = ordered((*repository_findings(project), *content.findings))
        return replace(content, papers=papers, findings=findings, editions=editions_of(root, ids))


def with_history(root: Path) -> SiteContent:
    """Return everything that the site shows of a repository."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox())
        room = stack.enter_context(Room(root, sandbox))
        try:
            git = stack.enter_context(Git(root))
        except RepositoryError:
            git = None
        return with_past(site_content(root), root, sandbox, room, git)


def write_site(root: Path, out: Path, content: SiteContent) -> tuple[str, ...]:
    """Have MkDocs write a site; return its warnings."""
    return build_site(root, out, feed_of(page_tree(content)))
