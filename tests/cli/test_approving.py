"""`approvals` and `approve`, as a person types them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.language.sandbox import Sandbox
from tests.support import approving
from tests.support.approving import COUNSEL, FOLDER, INES, NAME, PRIVACY, TOMAS, Signed

pytestmark = [
    pytest.mark.slow("commands in a git repository"),
    pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="signatures are made by ssh-keygen of OpenSSH"),
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    with Sandbox() as sandbox:
        made = approving.make_signed(tmp_path_factory.mktemp("template"), sandbox)
        shutil.rmtree(made.path(FOLDER))
        made.commit()
        yield made


@pytest.fixture
def place(template: Signed, tmp_path: Path) -> Signed:
    return approving.copied(template, tmp_path)


def run(place: Signed, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(place.root)])
    return done.exit_code, done.output


def approve(place: Signed, role: str, by: str, *more: str) -> tuple[int, str]:
    return run(place, "approve", NAME, "--role", role, "--by", by, "--date", "2026-03-04", *more)


def test_what_is_approved_with_a_key_and_by_evidence_counts(place: Signed) -> None:
    code, said = approve(place, "general  counsel", INES, "--key", str(place.keys / "ines"))
    assert code == 0, said
    path = f"{FOLDER}/general-counsel-2026-03-04-ines-marchetti.yaml"
    assert said.startswith(f"approved by {INES}, {COUNSEL}, 2026-03-04, in {path}:\n  1. Keeping departs")
    assert "does not count" not in said
    assert place.path(f"{path}.sig").is_file()
    mail = place.keys / "Mail.EML"
    mail.write_text("From: Tomas\n\nFine.\n")
    evidence = ("--evidence", str(mail), "--recorded-by", "Odile Park", "--note", "By mail")
    assert approve(place, PRIVACY, TOMAS, *evidence)[0] == 0
    assert place.path(f"{FOLDER}/chief-privacy-officer-2026-03-04-tomas-reed.eml").read_bytes() == mail.read_bytes()
    code, said = run(place, "approvals", NAME)
    assert said.splitlines()[1:] == [
        f"  given    {COUNSEL}: 1. Keeping departs from the standard (fallback 1) — by {INES}, 2026-03-04 (signed)",
        f"  given    {COUNSEL}: 2. Limits is wording that no library has — by {INES}, 2026-03-04 (signed)",
        f"  given    {PRIVACY}: Secrets are kept for long: they are kept for 6 years — by {TOMAS}, 2026-03-04"
        " (attested)",
    ]
    told = json.loads(run(place, "approvals", NAME, "--format", "json")[1])["approvals"][NAME]
    assert [(each["need"]["id"], each["state"]) for each in told] == [
        ("keeping", "given"), ("limits", "given"), ("kept-long", "given"),
    ]  # fmt: skip


def test_what_does_not_count_is_said_at_once(place: Signed) -> None:
    code, said = approve(place, COUNSEL, INES, "--only", "limits")
    assert code == 0
    assert "It does not count yet: it is stated, and must be signed" in said
    assert f"To sign it: ssh-keygen -Y sign -n clausebook-approval -f KEY {FOLDER}/" in said
    assert "Keeping" not in said
    assert "does not hold the office" in approve(place, COUNSEL, TOMAS, "--key", str(place.keys / "tomas"))[1]
    # What another approval lacks is not what this one does.
    said = approve(place, COUNSEL, INES, "--key", str(place.keys / "tomas"))[1]
    assert said.startswith("written, and not yet an approval, by")
    assert f"It does not count yet: its signature is not one of {INES} over this approval" in said


@pytest.mark.parametrize(
    ("role", "more", "said"),
    [
        ("General Councel", (), "Did you mean"),
        (COUNSEL, ("--only", "limit"), "is not asked for `limit`"),
        (COUNSEL, ("--key", "none"), "there is no key `none`"),
        (COUNSEL, ("--evidence", "none.eml", "--recorded-by", "Odile Park"), "`none.eml` cannot be read"),
        (COUNSEL, ("--evidence", "none.eml"), "--recorded-by"),
    ],
)
def test_a_slip_is_told_in_words_and_writes_nothing(role: str, more: tuple[str, ...], said: str, place: Signed) -> None:
    code, told = approve(place, role, INES, *more)
    assert (code, said.casefold() in told.casefold()) == (2, True), told
    assert "Traceback" not in told
    assert not place.path(FOLDER).exists()
