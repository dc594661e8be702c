"""The command that tells whether a PDF that came back is what was agreed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import progress, root_of, usage_errors
from clausebook.findings.model import RepositoryError
from clausebook.repository.tree import content_of

if TYPE_CHECKING:
    from clausebook.verify.model import RoleKind
    from clausebook.verify.trust import TrustStore

MOST_LIST = 8 << 20
"""Bytes of a list of revoked certificates."""

_FILE = click.Path(path_type=Path)


def trust_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say whose certificates prove what."""
    for option in reversed(
        (
            click.option(
                "--trust",
                "parties",
                multiple=True,
                metavar="PARTY=FILE",
                help="Certificates (PEM or DER) that prove signatures of a party, by its key, name or signature block.",
            ),
            click.option(
                "--trust-service",
                "services",
                multiple=True,
                metavar="NAME=FILE",
                help="Certificates that prove the seals of a signing service.",
            ),
            click.option(
                "--trust-time", "times", multiple=True, metavar="NAME=FILE", help="Certificates that prove time stamps."
            ),
            click.option(
                "--crl", "crls", multiple=True, type=_FILE, metavar="FILE", help="A list of revoked certificates."
            ),
            click.option(
                "--ocsp", "ocsps", multiple=True, type=_FILE, metavar="FILE", help="An answer about revocation (OCSP)."
            ),
            click.option(
                "--online", is_flag=True, help="Ask whoever issued the certificates whether they were revoked."
            ),
            click.option("--base", default="", metavar="BRANCH", help="The protected branch, whose trust.yaml counts."),
            click.option("--certificate", "certificates", multiple=True, hidden=True),
        )
    ):
        command = option(command)
    return command


def trust_store(root: Path, given: Mapping[str, Any]) -> TrustStore:
    """Return whom to trust: as trust.yaml of the base says, and as the options do; they are taken out of `given`."""
    from clausebook.verify.certificates import read_certificates
    from clausebook.verify.model import Role
    from clausebook.verify.trust import anchor
    from clausebook.verify.trust_file import MOST_BYTES, read_crls, read_ocsp, trusted_at_base

    if given["certificates"]:
        raise RepositoryError(
            "--certificate trusted a certificate for everything",
            "say whose it is: --trust PARTY=FILE, --trust-service NAME=FILE or --trust-time NAME=FILE",
        )
    kinds: Mapping[str, tuple[RoleKind, str]] = {
        "parties": ("party", "--trust"),
        "services": ("service", "--trust-service"),
        "times": ("time", "--trust-time"),
    }
    anchors = []
    for name, (kind, option) in kinds.items():
        for text in given[name]:
            who, equals, file = text.partition("=")
            if not equals or not who.strip() or not file.strip():
                raise RepositoryError(f"`{text}` does not say whose certificates they are", f"write {option} NAME=FILE")
            path = Path(file.strip())
            role = Role(kind, who.strip(), f"{option} {path.name}")
            anchors.append(anchor(role, read_certificates(content_of(path, MOST_BYTES), str(path))))
    store = trusted_at_base(root, given["base"])
    return replace(
        store,
        anchors=(*store.anchors, *anchors),
        crls=tuple(each for path in given["crls"] for each in read_crls(content_of(path, MOST_LIST), str(path))),
        ocsps=tuple(each for path in given["ocsps"] for each in read_ocsp(content_of(path, MOST_BYTES), str(path))),
        online=given["online"],
    )


attest_option = click.option(
    "--attest",
    "attestations",
    multiple=True,
    metavar="SIGNATORY=WHO AND WHAT",
    help="Who attests that a signatory signed on paper, and what they saw; may be given again.",
)


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE.pdf...", type=click.Path(path_type=Path))
@trust_options
@attest_option
@click.option("--agreement", default="", metavar="ID", help="The agreement that the file should be.")
@click.option("--format", "name", type=click.Choice(("text", "json")), default="text", show_default=True)
@root_option
def verify(
    files: tuple[Path, ...],
    attestations: tuple[str, ...],
    agreement: str,
    name: str,
    root: Path | None,
    **trust: Any,
) -> None:
    """Tell whether a PDF that came back is what was agreed.

    Three questions are answered apart: do the pages say what this repository says; is the file intact since it was
    signed; who signed it, by what evidence. Several files are taken as counterparts of one agreement.
    Whose certificates prove what, trust.yaml says as it stands on the protected branch, and the options beside it.
    Nothing is fetched from a network, unless --online is given.

    \b
    Exit codes: 0 verified, 1 differs or tampered, 2 could not run,
                3 the text matches but evidence is incomplete, 4 could not tell.

    \b
    Examples:
      clausebook verify signed.pdf --trust harborview=harborview.pem --trust larkmoor=larkmoor.pem
      clausebook verify ours.pdf theirs.pdf --format json
      clausebook verify printed.pdf scan.pdf --attest "larkmoor-1=Maria Quill, who saw the paper original"
    """
    with usage_errors():
        from clausebook.language.sandbox import Sandbox
        from clausebook.verify.integrity.byte_ranges import MAX_BYTES
        from clausebook.verify.model import EXIT_CODES
        from clausebook.verify.verdict_report import REPORTS
        from clausebook.verify.verifying import verify as verified

        pdfs = [content_of(path, MAX_BYTES) for path in files]
        store = trust_store(root_of(root), trust)
        who = dict(map(attestation, attestations))
        # A text that was executed is read, and asks for no clause to be rendered.
        with Sandbox(wait=True) as sandbox, progress("Verifying", 0):
            found = verified(root_of(root), pdfs, store, who, sandbox, agreement)
        click.echo(REPORTS[name](found), nl=False)
        sys.exit(EXIT_CODES[found.verdict])


def attestation(text: str) -> tuple[str, str]:
    """Return signature block and words of an attestation. Raise RepositoryError if it is not written as one."""
    block, equals, words = text.partition("=")
    if not equals or not block.strip() or not words.strip():
        raise RepositoryError(
            f"`{text}` is no attestation", 'write --attest "harborview-1=Maria Quill, who saw the paper original"'
        )
    return block.strip(), words.strip()


def signing_day(text: str) -> tuple[str, str]:
    """Return signature block and day of a signature on paper. Raise RepositoryError if it is not written as one."""
    block, equals, day = text.partition("=")
    if not equals or not block.strip() or not day.strip():
        raise RepositoryError(f"`{text}` names no signatory and day", "write --signed-on harborview-1=2026-03-04")
    return block.strip(), day.strip()
