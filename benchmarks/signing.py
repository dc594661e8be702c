"""Time what signing adds: form fields, signatures, and the verdict: `python -m benchmarks.signing`, at the root.

Form fields are timed by processor time, the best of some runs, on the repository's own agreements: the PDF that Typst
made, with fields, less the one without. Signing is timed by the clock. Verifying is the command, a process of its own,
by its processor time and that of its children, the best of some runs: the first fills the user's cache.
"""

from __future__ import annotations

import io
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from clausebook.document.outgoing import outgoing
from clausebook.document.words import text_of
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.records.model import EXECUTED
from clausebook.render.pdf.blanks import blanks
from clausebook.render.pdf.content import content
from clausebook.render.pdf.fields import add_fields
from clausebook.render.pdf.writer import MAIN, lay_out
from clausebook.signing.credentials import Credentials, from_pkcs12
from clausebook.signing.sign import Wishes, sign

LOOK = Path("templates/pdf")
RUNS = 7
VERIFICATIONS = 4


def main() -> int:
    """Print the table."""
    print(f"Python {platform.python_version()}, {platform.machine()}, best of {RUNS} runs\n")
    print("| agreement | pages | fields | adding them | signing, each | verifying |")
    print("|---|--:|--:|--:|--:|--:|")
    for record in sorted(Path(EXECUTED).glob("*/*/signed.pdf")):
        pdf = record.read_bytes()
        print(f"| {record.parent}, executed | {_pages(pdf)} | | | | {_verifying(pdf):.1f} s |")
    with Project(Path.cwd()) as project:
        for agreement in project.assemble_all():
            if agreement.document is None:
                print(f"{agreement.file.id} has errors: run clausebook check", file=sys.stderr)
                return 2
            if agreement.record is None:
                _row(project, agreement)
    return 0


def _row(project: Project, agreement: Agreement) -> None:
    document = agreement.document
    if document is None:
        return
    leaving = outgoing(document)
    plain = lay_out(MAIN, LOOK, {"agreement": content(leaving)})
    fields = blanks(leaving)
    adding = min(_timed(time.process_time, lambda: add_fields(plain, fields)) for _ in range(RUNS))
    pdf = project.render(agreement, ("pdf",))[f"{document.id}.pdf"]
    pages = _pages(pdf)
    signing = []
    for block in document.signatures:
        name = next((text_of(line.runs) for line in block.lines if line.field == "name"), "") or block.id
        credentials, moment = _credentials(name), datetime.now(UTC)
        start = time.perf_counter()
        pdf = sign(pdf, f"{block.id}-signature", credentials, Wishes(moment, moment.date().isoformat()))
        signing.append(time.perf_counter() - start)
    print(
        f"| {document.id} | {pages} | {len(fields)} | {adding * 1000:.1f} ms "
        f"| {min(signing) * 1000:,.0f} ms | {_verifying(pdf):.1f} s |"
    )


def _verifying(pdf: bytes) -> float:
    """Return the processor time of `clausebook verify`, with that of its children."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "signed.pdf")
        path.write_bytes(pdf)

        def verify() -> None:
            subprocess.run([sys.executable, "-m", "clausebook", "verify", path], stdout=subprocess.DEVNULL, check=False)

        return min(_timed(_of_children, verify) for _ in range(VERIFICATIONS))


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def _timed(clock: Callable[[], float], work: Callable[[], object]) -> float:
    start = clock()
    work()
    return clock() - start


def _credentials(name: str) -> Credentials:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2096, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    bundle = pkcs12.serialize_key_and_certificates(b"", key, certificate, None, serialization.NoEncryption())
    return from_pkcs12(bundle, "benchmark.p12", lambda: b"")


if __name__ == "__main__":
    sys.exit(main())
