"""Signing a PDF in one of its fields: PAdES, as a further revision that changes nothing of what was there."""

from clausebook.signing.credentials import Ask, Credentials, from_files, from_pkcs12
from clausebook.signing.signing import LongTerm, Wishes, sign, signature_fields
from clausebook.signing.tokens import from_token

__all__ = [
    "Ask",
    "Credentials",
    "LongTerm",
    "Wishes",
    "from_files",
    "from_pkcs12",
    "from_token",
    "sign",
    "signature_fields",
]
