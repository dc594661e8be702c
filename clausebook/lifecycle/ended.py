"""Whether an agreement has ended, as its data tell it, or told it of the version that was executed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clausebook.findings.model import RepositoryError
from clausebook.history.past_texts import said_version
from clausebook.project.project import Project
from clausebook.records.links import linked_agreement
from clausebook.repository.agreement_files import AgreementFile
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import commits_of
from clausebook.repository.tree import TreeError

MOST_COMMITS = 200
"""How many commits of an agreement's file are looked at for what it told of the executed version."""


def ending(project: Project, file: AgreementFile, data: Mapping[str, Any], version: str) -> str:
    """Return how an agreement with valid data has ended, as "ended on 2027-01-31"; "" if it is in force.

    `version` is the one that was executed last. A draft has a status of its own: then it counts what was committed
    last of that version. Without git nobody can tell.
    """
    told = linked_agreement(file.id, data, {}, executed=True).ending
    return told or _committed_ending(project, file, version)


def _committed_ending(project: Project, file: AgreementFile, version: str) -> str:
    try:
        with Git(project.root) as git:
            for commit in commits_of(git, [file.path], MOST_COMMITS):
                tree = GitTree(git, commit)
                if said_version(tree, file.path) == version:
                    data = Project(project.root, project.sandbox, judging=None, over=tree).load(file)[0]
                    return linked_agreement(file.id, data, {}, executed=True).ending if data else ""
    except (RepositoryError, TreeError):
        return ""
    return ""
