"""Which state of an agreement is at hand: how many commits touched what its days are reckoned from. No clock."""

from __future__ import annotations

from datetime import UTC, datetime

from clausebook.facts.duties.feed import EPOCH, Edition
from clausebook.findings.model import RepositoryError
from clausebook.project.project import Project
from clausebook.records.journal import journal_path
from clausebook.records.model import EXECUTED
from clausebook.repository.agreement_files import FOLDER, paths
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import commits_of

MOST_COMMITS = 100_000


def edition_of(project: Project, agreement: str) -> Edition:
    """Return the state of an agreement: EPOCH if it is in no history. What is not committed adds nothing to it."""
    places = (*paths(agreement), journal_path(agreement), f"{FOLDER}/evidence/{agreement}")
    amended = (f"{EXECUTED}/{name}" for name in project.known if name.startswith(agreement))
    try:
        with Git(project.root) as git:
            found = commits_of(git, (*places, *amended), MOST_COMMITS)
            if not found:
                return EPOCH
            seconds = int(git.run("show", "--no-patch", "--format=%ct", found[0]))
    except RepositoryError:
        return EPOCH
    return Edition(len(found), datetime.fromtimestamp(seconds, UTC))
