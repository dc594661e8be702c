"""Detached signatures over approvals, made by ssh-keygen and gpg, and judged as these judge them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from clausebook.approvals.model import Key
from clausebook.approvals.signatures import NAMESPACE, key_problem, signed_by
from tests.support.approving import make_key

needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="signatures are made by ssh-keygen")
needs_gpg = pytest.mark.skipif(shutil.which("gpg") is None, reason="signatures are made by gpg")

SAID = b"approved\n"
WHO = "Ines Marchetti <ines@example.org>"


# ---- SSH ------------------------------------------------------------------------------------------------------------


def ssh_signed(folder: Path, key: str, content: bytes = SAID, namespace: str = NAMESPACE, *more: str) -> bytes:
    """Sign some content."""
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, *more, "-f", str(folder / key)]
    return subprocess.run(command, input=content, check=True, capture_output=True).stdout


def ssh_says(folder: Path, key: str, content: bytes, signature: bytes) -> bool:
    """Tell whether ssh-keygen takes a signature for one of a key, in our namespace."""
    (folder / "signature").write_bytes(signature)
    (folder / "allowed").write_text(f"ines {(folder / f'{key}.pub').read_text()}")
    command = ["ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-f", str(folder / "allowed"), "-I", "ines"]
    command += ["-s", str(folder / "signature")]
    return subprocess.run(command, input=content, check=False, capture_output=True).returncode == 0


def ssh_key(folder: Path, name: str) -> Key:
    """Return a public key."""
    return Key(ssh=" ".join((folder / f"{name}.pub").read_text().split()))


KINDS = {
    "ed25519": ("ed25519",),
    "rsa": ("rsa", "-b", "2048"),
    "p256": ("ecdsa", "-b", "256"),
    "p384": ("ecdsa", "-b", "384"),
    "p521": ("ecdsa", "-b", "521"),
}


@needs_ssh
@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_of_ssh_is_judged_as_ssh_keygen_judges_it(kind: str, tmp_path: Path) -> None:
    make_key(tmp_path, "ines", *KINDS[kind])
    make_key(tmp_path, "other", *KINDS[kind])
    keys = [Key(openpgp=b"none"), ssh_key(tmp_path, "other"), ssh_key(tmp_path, "ines")]
    good = ssh_signed(tmp_path, "ines")
    assert signed_by(SAID, good, keys) == keys[2]
    # Other line ends, which git may have given it, ssh-keygen does not read.
    assert signed_by(SAID, good.replace(b"\n", b"\r\n"), keys) == keys[2]
    for content, signature in (
        (SAID, good),
        (SAID + b"!", good),
        (SAID, ssh_signed(tmp_path, "other")),
        (SAID, ssh_signed(tmp_path, "ines", namespace="file")),
        (SAID, good[:-60] + good[-40:]),
        (SAID, good.replace(b"U1NI", b"U1NJ")),
        (SAID, b""),
    ):
        ours = signed_by(content, signature, [ssh_key(tmp_path, "ines")]) is not None
        assert ours == ssh_says(tmp_path, "ines", content, signature), signature


@needs_ssh
def test_both_hashes_of_ssh_are_read_and_short_keys_of_rsa_are_not(tmp_path: Path) -> None:
    make_key(tmp_path, "ines")
    make_key(tmp_path, "short", "rsa", "-b", "1024")
    keys = [ssh_key(tmp_path, "ines"), ssh_key(tmp_path, "short")]
    for name in ("sha256", "sha512"):
        assert signed_by(SAID, ssh_signed(tmp_path, "ines", SAID, NAMESPACE, "-O", f"hashalg={name}"), keys) == keys[0]
    assert signed_by(SAID, ssh_signed(tmp_path, "short"), keys) is None


@needs_ssh
def test_every_byte_of_a_signature_of_ssh_counts(tmp_path: Path) -> None:
    make_key(tmp_path, "ines")
    key, good = ssh_key(tmp_path, "ines"), ssh_signed(tmp_path, "ines")
    lines = good.splitlines()
    body = b"".join(lines[1:-1])
    for at in range(len(body.rstrip(b"="))):
        changed = body[:at] + (b"A" if body[at : at + 1] != b"A" else b"B") + body[at + 1 :]
        assert signed_by(SAID, b"\n".join((lines[0], changed, lines[-1])), [key]) is None, at


# ---- OpenPGP --------------------------------------------------------------------------------------------------------


class Gpg:
    """gpg with a ring of its own."""

    def __init__(self, home: Path) -> None:
        home.mkdir(mode=0o700)
        self.environment: Mapping[str, str] = {**os.environ, "GNUPGHOME": str(home), "LC_ALL": "C"}

    def run(self, *arguments: str, given: bytes = b"", fails: bool = False) -> bytes:
        """Run it; return what it prints."""
        command = ["gpg", "--batch", "--yes", "--pinentry-mode", "loopback", "--passphrase", "", *arguments]
        done = subprocess.run(command, input=given, env=self.environment, check=False, capture_output=True)
        assert fails or done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout

    def make(self, expires: str = "0", kind: str = "ed25519", *more: str) -> None:
        """Make a key."""
        self.run(*more, "--quick-generate-key", WHO, kind, "sign", expires)

    @property
    def certificate(self) -> bytes:
        """The certificate, as it is exported."""
        return self.run("--armor", "--export", WHO)

    def sign(self, *more: str) -> bytes:
        """Sign."""
        return self.run(*more, "--armor", "--detach-sign", "--local-user", WHO, given=SAID)


@pytest.fixture
def gpg(tmp_path: Path) -> Iterator[Gpg]:
    made = Gpg(tmp_path / "gnupg")
    yield made
    subprocess.run(["gpgconf", "--kill", "all"], env=made.environment, check=False, capture_output=True)


@needs_gpg
@pytest.mark.parametrize("kind", ["ed25519", "rsa2048", "nistp256"])
def test_a_signature_of_openpgp_counts_for_its_key_alone(gpg: Gpg, tmp_path: Path, kind: str) -> None:
    gpg.make(kind=kind)
    other = Gpg(tmp_path / "other")
    other.make(kind=kind)
    key, signature = Key(openpgp=gpg.certificate), gpg.sign()
    assert signed_by(SAID, signature, [Key(openpgp=other.certificate), key]) == key
    assert signed_by(SAID + b"!", signature, [key]) is None
    assert signed_by(SAID, other.sign(), [key]) is None
    assert signed_by(SAID, b"no signature", [key, Key(openpgp=b"no certificate")]) is None
    subprocess.run(["gpgconf", "--kill", "all"], env=other.environment, check=False, capture_output=True)


@needs_gpg
def test_a_revoked_certificate_counts_no_more(gpg: Gpg) -> None:
    gpg.make()
    signature, before = gpg.sign(), Key(openpgp=gpg.certificate)
    assert signed_by(SAID, signature, [before]) == before
    home = Path(gpg.environment["GNUPGHOME"])
    (revocation,) = (home / "openpgp-revocs.d").glob("*.rev")
    text = revocation.read_text().replace(":-----BEGIN", "-----BEGIN")
    gpg.run("--import", given=text.encode())
    assert signed_by(SAID, signature, [Key(openpgp=gpg.certificate)]) is None


@needs_gpg
def test_a_signature_stays_valid_when_its_key_has_expired(gpg: Gpg) -> None:
    past = ("--faked-system-time", "20260102T000000!")
    gpg.make("2026-02-01", "ed25519", *past)
    key = Key(openpgp=gpg.certificate)
    assert signed_by(SAID, gpg.sign("--faked-system-time", "20260110T000000!"), [key]) == key


# ---- Keys that cannot be read. --------------------------------------------------------------------------------------


@needs_ssh
def test_a_key_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    make_key(tmp_path, "ines")
    make_key(tmp_path, "short", "rsa", "-b", "1024")
    good = ssh_key(tmp_path, "ines")
    signature = ssh_signed(tmp_path, "ines")
    assert key_problem(good) == ""
    for line in ("ssh-ed25519", "no key", "ssh-ed25519 AAAA", ssh_key(tmp_path, "short").ssh, good.ssh[:60]):
        assert key_problem(Key(ssh=line)), line
        assert signed_by(SAID, signature, [Key(ssh=line), good]) == good, line
    assert key_problem(Key(openpgp=b"no certificate"))
