"""The command that serves the site while it is written."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, root_option, trust_config_option
from clausebook.cli.process import Ended
from clausebook.cli.running import (
    count,
    progress,
    root_of,
    site_config,
    stopped,
    usage_errors,
)
from clausebook.findings.model import RepositoryError

if TYPE_CHECKING:
    from clausebook.site.preview import Built


@cli.command()
@click.option("--address", default="127.0.0.1:8000", show_default=True, metavar="HOST:PORT", help="Where to serve.")
@trust_config_option
@root_option
def serve(address: str, trust_config: bool, root: Path | None) -> None:
    """Serve the site while you write: every saved change is built again.

    \b
    Examples:
      clausebook serve
      clausebook serve --address 127.0.0.1:8080
    """
    with usage_errors(), stopped("Nothing is served."):
        folder = root_of(root)
        config = site_config(folder)
        click.echo("Starting …")
        from mkdocs.config.base import ValidationError
        from mkdocs.config.config_options import IpAddress

        from clausebook.site.preview import preview

        try:
            IpAddress().validate(address)  # type: ignore[no-untyped-call]
            with contextlib.closing(Told()) as told:
                preview(config, address, told, trusted=trust_config)
        except ValidationError as error:
            hint = "write a host and a port, such as 127.0.0.1:8000"
            raise RepositoryError(f"cannot serve at {address}: {error}", hint) from error
        except OSError as error:
            raise RepositoryError(f"cannot serve at {address}: {error.strerror}", "choose another --address") from error
        except Ended:
            raise
        except KeyboardInterrupt:
            click.echo("stopped")


class Told:
    """Prints what a preview tells: its address, what it watches, each build with its time, each error with its mend."""

    def __init__(self) -> None:
        self._serves = False
        self._bar = contextlib.ExitStack()
        self._advance: Callable[[str], None] = lambda name: None

    def building(self, url: str) -> None:
        """Say that a build begins; the first one reads everything, and shows how far it is."""
        if self._serves:
            self._say("a file has changed: building again …")
        else:
            self._say(f"building the site for {url}; the first time takes longest …")
        self._advance = self._bar.enter_context(progress("Building", 0))

    def progress(self, name: str) -> None:
        """Say what the build is at, to whoever watches."""
        self._advance(name)

    def built(self, done: Built) -> None:
        """Say how long it took, and all that is wrong."""
        from clausebook.findings.report import as_text

        self._bar.close()
        for warning in () if done.problem else done.warnings:
            self._say(f"MkDocs warns: {warning}")
        errors = [finding for finding in done.findings if finding.severity == "error"]
        if done.problem:
            # At the first build the command ends with it.
            if self._serves:
                self._say(f"cannot be built: {done.problem}\n    mend:  mend that; the site stays as it was until then")
            return
        told = f"built in {done.seconds:.1f} s"
        self._say(f"{told}, with {count(len(errors), 'error')}:\n{as_text(errors)}" if errors else told)

    def serving(self, url: str, watched: Sequence[str]) -> None:
        """Say where the site is."""
        self._serves = True
        self._say(f"watching {', '.join(watched)}")
        self._say(f"serving at {url} – stop with Ctrl-C")

    def close(self) -> None:
        """Take away what shows how far a build is."""
        self._bar.close()

    def _say(self, text: str) -> None:
        click.echo(f"{datetime.now().astimezone():%H:%M:%S}  {text}")
