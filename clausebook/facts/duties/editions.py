"""Which state of an agreement is at hand: how many commits touched what its days are reckoned from. No clock."""

from __future__ import annotations

from datetime import UTC, datetime

from clausebook.facts.duties.feed import EPOCH, Edition
from clausebook.findings.model import RepositoryError
from clausebook.project.project import Project
from clausebook.records.journal import journal_path
from clausebook.records.model import EXECUTED
from clausebook.records.registered import REGISTERED
from clausebook.repository.agreement_files import EVIDENCE, FOLDER, SUFFIXES, paths
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import commits_of

MOST_COMMITS = 100_000

LIBRARY = "templates"
"""What declares days and duties of all agreements: to correct it moves those that were reckoned by it."""


def edition_of(project: Project, agreement: str) -> Edition:
    """Return the state of an agreement: EPOCH if it is in no history. What is not committed adds nothing to it."""
    own = (*paths(agreement), f"{FOLDER}/{agreement}", journal_path(agreement), f"{EVIDENCE}/{agreement}")
    paper = (f"{REGISTERED}/{agreement}{each}" for each in SUFFIXES)
    amended = (f"{EXECUTED}/{name}" for name in project.known if name.startswith(agreement))
    try:
        with Git(project.root) as git:
            found = commits_of(git, (*own, *paper, *amended, LIBRARY), MOST_COMMITS)
            if not found:
                return EPOCH
            seconds = int(git.run("show", "--no-patch", "--format=%ct", found[0]))
    except RepositoryError:
        return EPOCH
    return Edition(len(found), datetime.fromtimestamp(seconds, UTC))
