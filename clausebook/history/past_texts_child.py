"""The process that assembles past texts beside another one, into the user's cache; see `past_texts`."""

from __future__ import annotations

from pathlib import Path

from clausebook.children.bounded import Channel
from clausebook.findings.model import RepositoryError
from clausebook.history.past_texts import Wanted, assemble_ahead
from clausebook.history.sources import Sources
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git


def serve(channel: Channel) -> None:
    """Assemble the texts that are asked for, and end."""
    for asked, _ in channel.questions():
        root = Path(asked["root"])
        try:
            with Git(root) as git:
                wanted = (Wanted(Sources(**origin), GitTree(git, commit)) for commit, origin in asked["texts"])
                for _key in assemble_ahead(root, wanted):
                    channel.step()
        except RepositoryError:
            # Whoever asked assembles the rest, and says what is wrong.
            return
        return
