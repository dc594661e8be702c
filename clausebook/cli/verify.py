"""The command that tells whether a PDF that came back is what was agreed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import content_of, progress, root_of, usage_errors
from clausebook.findings.model import RepositoryError

MOST_CERTIFICATE = 1 << 20

certificate_option = click.option(
    "--certificate",
    "certificates",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A root certificate to trust, PEM or DER; may be given again.",
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
@certificate_option
@attest_option
@click.option("--agreement", default="", metavar="ID", help="The agreement that the file should be.")
@click.option("--format", "name", type=click.Choice(("text", "json")), default="text", show_default=True)
@root_option
def verify(
    files: tuple[Path, ...],
    certificates: tuple[Path, ...],
    attestations: tuple[str, ...],
    agreement: str,
    name: str,
    root: Path | None,
) -> None:
    """Tell whether a PDF that came back is what was agreed.

    Three questions are answered apart: do the pages say what this repository says; is the file intact since it was
    signed; who signed it, by what evidence. Several files are taken as counterparts of one agreement.
    Nothing is fetched from a network.

    \b
    Exit codes: 0 verified, 1 differs or tampered, 2 could not run,
                3 the text matches but evidence is incomplete, 4 could not tell.

    \b
    Examples:
      clausebook verify signed.pdf --certificate company-root.pem
      clausebook verify ours.pdf theirs.pdf --format json
      clausebook verify printed.pdf scan.pdf --attest "larkmoor-1=Maria Quill, who saw the paper original"
    """
    with usage_errors():
        from clausebook.language.sandbox import Sandbox
        from clausebook.verify.certificates import read_certificates
        from clausebook.verify.integrity.byte_ranges import MAX_BYTES
        from clausebook.verify.model import EXIT_CODES
        from clausebook.verify.verdict_report import REPORTS
        from clausebook.verify.verifying import verify as verified

        pdfs = [content_of(path, MAX_BYTES) for path in files]
        contents = [(str(path), content_of(path, MOST_CERTIFICATE)) for path in certificates]
        roots = [each for label, content in contents for each in read_certificates(content, label)]
        who = dict(map(attestation, attestations))
        with Sandbox() as sandbox, progress("Verifying", 0):
            found = verified(root_of(root), pdfs, roots, who, sandbox, agreement)
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
