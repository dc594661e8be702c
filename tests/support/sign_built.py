"""Sign built PDFs in all their fields with keys made for it, so that their conformance can be checked.

    python -m tests.support.sign_built OUT FILE.pdf …

Writes each as OUT/NAME-signed.pdf, and the first one also as OUT/NAME-archived.pdf, with time stamps and data for
long-term validation. A restated copy, which nobody signs, is told and left out. Prints the paths; fails if a signed
file does not verify, or none is to be signed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from clausebook.findings.model import RepositoryError
from clausebook.signing.sign import LongTerm, Wishes, sign, signature_fields
from clausebook.verify.integrity.examine import examine
from tests.support import signing_keys
from tests.support.returned_files import trusting
from tests.support.signing_authority import serving
from tests.support.signing_pdfs import DATE, MOMENT


def main(out: Path, files: list[Path]) -> None:
    """Sign the files."""
    out.mkdir(parents=True, exist_ok=True)
    roots = (signing_keys.root().asn1,)
    with serving() as url:
        signable = [file for file in files if _is_signed(file)]
        if not signable:
            sys.exit("there is no file to sign")
        for position, file in enumerate(signable):
            plain = Wishes(MOMENT, DATE, reason="Agreed", location="Zürich")
            kinds = {"signed": plain}
            if position == 0:
                kinds["archived"] = Wishes(MOMENT, DATE, timestamp_url=url, long_term=LongTerm(roots))
            for kind, wishes in kinds.items():
                pdf = file.read_bytes()
                for number, field in enumerate(signature_fields(pdf), start=1):
                    issued = signing_keys.issue(f"Signer {number}", signing_keys.root(), crl=f"{url}/root.crl")
                    pdf = sign(pdf, field, issued.credentials(), wishes)
                fact = examine(pdf, trusting(*roots))
                if not fact.sound or not fact.signatures or not all(item.trusted for item in fact.signatures):
                    sys.exit(f"{file}: signed, but it does not verify: {fact}")
                target = out / f"{file.stem}-{kind}.pdf"
                target.write_bytes(pdf)
                sys.stdout.write(f"{target}\n")


def _is_signed(file: Path) -> bool:
    try:
        return bool(signature_fields(file.read_bytes()))
    except RepositoryError as error:
        sys.stderr.write(f"{file} is not signed: {error}\n")
        return False


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]])
