"""The command that signs a PDF."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import Output, cli
from clausebook.cli.running import check_target, usage_errors
from clausebook.findings.model import RepositoryError
from clausebook.repository.tree import content_of

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

    from clausebook.signing.credentials import Ask, Credentials

_SIGNED = re.compile(r"-signed(-[0-9]+)?\Z")
_MAX_PASSPHRASE = 4096

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@cli.command()
@click.argument("file", type=_FILE)
@click.option("--signatory", metavar="BLOCK", help="Who signs: the id of their signature block.")
@click.option("--field", metavar="NAME", help="The field to sign, where it is no signature block's.")
@click.option("--p12", type=_FILE, help="Key and certificates in one PKCS#12 file (.p12, .pfx).")
@click.option("--key", type=_FILE, help="The key, in PEM or DER; with --certificate.")
@click.option("--certificate", type=_FILE, help="The certificate of --key, or of the key on a token.")
@click.option("--chain", type=_FILE, multiple=True, help="Certificates between it and its root. May be repeated.")
@click.option("--pkcs11", type=_FILE, metavar="LIBRARY", help="The library of the token that holds the key.")
@click.option("--token", metavar="LABEL", help="The token; with --pkcs11.")
@click.option("--key-label", metavar="LABEL", help="The key on the token; with --pkcs11.")
@click.option("--passphrase-file", type=_FILE, help="A file whose first line is the passphrase or PIN.")
@click.option("--passphrase-env", metavar="NAME", help="The environment variable that holds it.  [default: ask]")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="The date of signature to fill in.  [default: today]")
@click.option("--no-date", is_flag=True, help="Leave the signatory's date as it is.")
@click.option("--reason", default="", help="Why it is signed; shown in the stamp, and read by a person on `verify`.")
@click.option("--location", default="", help="Where it is signed; shown in the stamp, and read as well.")
@click.option("--stamp-name", default="", metavar="NAME", help="Who signs, in the stamp.  [default: the certificate's]")
@click.option("--timestamp-url", default="", metavar="URL", help="Have an RFC 3161 authority stamp the time.")
@click.option("--long-term", is_flag=True, help="Embed what validation will need in years; needs a time stamp.")
@click.option("--trust", type=_FILE, multiple=True, help="A root to trust for --long-term. May be repeated.")
@click.option("--allow-expired", is_flag=True, help="Sign with a certificate that is not valid today.")
@click.option("--out", type=Output("name a file", dir_okay=False), help="The signed file.  [default: beside FILE]")
@click.option("--overwrite", is_flag=True, help="Replace the signed file if it exists.")
def sign(
    file: Path,
    signatory: str | None,
    field: str | None,
    p12: Path | None,
    key: Path | None,
    certificate: Path | None,
    chain: tuple[Path, ...],
    pkcs11: Path | None,
    token: str | None,
    key_label: str | None,
    passphrase_file: Path | None,
    passphrase_env: str | None,
    day: str | None,
    no_date: bool,
    reason: str,
    location: str,
    stamp_name: str,
    timestamp_url: str,
    long_term: bool,
    trust: tuple[Path, ...],
    allow_expired: bool,
    out: Path | None,
    overwrite: bool,
) -> None:
    """Sign a PDF in the field of one signatory.

    The signature (PAdES) is appended: nothing of the file is changed, and earlier signatures stay valid. The field
    shows who signed and when, the signatory's date is filled in, and their name and date are locked. The signed file
    is FILE-signed.pdf, then FILE-signed-2.pdf and so on, and FILE itself is left as it is.

    A passphrase or PIN is asked for, or read from a file or an environment variable; never give it as an argument.
    The network is used only for --timestamp-url, and for --long-term: that fetches revocation lists and answers from
    the addresses that the certificates name.

    \b
    Examples:
      clausebook sign deal.pdf --signatory acme --p12 jane.p12
      clausebook sign deal.pdf --signatory acme --key jane.key --certificate jane.pem --passphrase-env KEY_PASSPHRASE
      clausebook sign deal-signed.pdf --signatory beta --pkcs11 /usr/lib/opensc-pkcs11.so --token Card --key-label Sign
      clausebook sign deal.pdf --signatory acme --p12 jane.p12 --timestamp-url https://time.example/tsr
    """
    from clausebook.validate.value_formats import check_date

    with usage_errors():
        if (signatory is None) == (field is None):
            raise RepositoryError("it does not say who signs", "give --signatory, or --field")
        if sum(source is not None for source in (p12, key, pkcs11)) != 1:
            raise RepositoryError("it does not say with which key", "give one of --p12, --key and --pkcs11")
        if no_date and day is not None:
            raise RepositoryError("--date and --no-date exclude each other", "give one of them")
        if day is not None:
            check_date(day)
        if not re.match(r"(https?://[^\s/]+)?", timestamp_url).end() and timestamp_url:  # type: ignore[union-attr]
            raise RepositoryError(
                f"`{timestamp_url}` is no address of a time-stamping authority", "begin with https://"
            )

        from clausebook.signing.sign import LongTerm, Wishes, signature_fields
        from clausebook.signing.sign import sign as signed
        from clausebook.verify.integrity.byte_ranges import MAX_BYTES
        from clausebook.verify.trust import FIELD_OF_AGREEMENT

        pdf = _read(file, MAX_BYTES)
        name = field if field is not None else f"{signatory}{FIELD_OF_AGREEMENT}"
        fields = signature_fields(pdf)
        target = out or _beside(file, 1 + sum(fields.values()))
        check_target(target)
        if target.exists() and not overwrite:
            raise RepositoryError(f"`{target}` exists already", "name another with --out, or give --overwrite")
        now = datetime.now().astimezone()
        wishes = Wishes(
            moment=now,
            date=None if no_date else day or now.date().isoformat(),
            reason=reason,
            location=location,
            stamp_name=stamp_name,
            timestamp_url=timestamp_url,
            long_term=LongTerm(_certificates(trust)) if long_term else None,
            allow_expired=allow_expired,
        )
        ask = _asking(passphrase_file, passphrase_env)
        with _credentials(p12, key, certificate, chain, pkcs11, token, key_label, ask) as credentials:
            result = signed(pdf, name, credentials, wishes)
            who = credentials.name
        _write(target, result)
        click.echo(f"{who} signed `{name}`: {target}")
        left = [item for item, done in fields.items() if not done and item != name]
        click.echo(f"Still to be signed: {', '.join(left)}" if left else "All signature fields are signed.")


@contextlib.contextmanager
def _credentials(
    p12: Path | None,
    key: Path | None,
    certificate: Path | None,
    chain: Sequence[Path],
    library: Path | None,
    token: str | None,
    label: str | None,
    ask: Ask,
) -> Iterator[Credentials]:
    """Open the key that was named."""
    from clausebook.signing.credentials import from_files, from_pkcs12
    from clausebook.signing.smart_cards import from_token

    if library is None and (token is not None or label is not None):
        raise RepositoryError("--token and --key-label belong to --pkcs11", "give --pkcs11, or leave them out")
    if p12 is not None:
        if certificate is not None or chain:
            raise RepositoryError("a PKCS#12 file brings its certificates", "leave out --certificate and --chain")
        yield from_pkcs12(_read(p12), p12.name, ask)
    elif key is not None:
        if certificate is None:
            raise RepositoryError("the key's certificate is missing", "give it with --certificate")
        yield from_files(_read(key), key.name, _read(certificate), certificate.name, _certificates(chain), ask)
    elif library is not None:
        if token is None or label is None:
            raise RepositoryError("it does not say which key on which token", "give --token and --key-label")
        own = _certificates([certificate])[0] if certificate is not None else None
        with from_token(library, token, label, ask, certificate=own, chain=_certificates(chain)) as opened:
            yield opened


def _asking(file: Path | None, variable: str | None) -> Ask:
    """Return what gives the passphrase: from the file, the variable, or the person."""
    if file is not None and variable is not None:
        raise RepositoryError("--passphrase-file and --passphrase-env exclude each other", "give one of them")

    def ask() -> bytes:
        if file is not None:
            lines = _read(file, _MAX_PASSPHRASE).splitlines()
            return lines[0] if lines else b""
        if variable is not None:
            if variable not in os.environ:
                # Not repeated: whoever mistakes the option may have given the passphrase itself.
                raise RepositoryError(
                    "the environment has no variable of the name that --passphrase-env gives", "set it, or name another"
                )
            return os.environ[variable].encode()
        if not _watched():
            raise RepositoryError(
                "the key needs a passphrase, and there is nobody to ask", "give --passphrase-file or --passphrase-env"
            )
        return str(click.prompt("Passphrase or PIN", hide_input=True, err=True)).encode()

    return ask


def _watched() -> bool:
    """Tell whether there is a person to ask."""
    return sys.stdin.isatty()


def _certificates(files: Sequence[Path]) -> tuple[Certificate, ...]:
    from clausebook.verify.certificates import read_certificates

    return tuple(item for file in files for item in read_certificates(_read(file), file.name))


def _beside(file: Path, number: int) -> Path:
    """Return where the signed file goes: beside the other one, named for how many have signed."""
    stem = _SIGNED.sub("", file.stem)
    return file.with_name(f"{stem}-signed{'' if number == 1 else f'-{number}'}.pdf")


def _read(file: Path, limit: int = 1 << 20) -> bytes:
    return content_of(file, limit, "check its name and rights")


def _write(target: Path, content: bytes) -> None:
    from clausebook.repository.writing import publish

    publish({target.name: content}, target.parent)
