"""Ways to get a text through without approval, each tried in a real git repository: none works.

Each begins where all is approved: a deal on the branch `change` with a fallback, a clause of its own and a value beyond
a limit, approved by signatures of SSH. An attack does something to it, and says what the desk must say of that.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.approvals.approval_files import read_approvals
from clausebook.approvals.signatures import MOST_BYTES
from clausebook.cli.main import cli
from clausebook.language.sandbox import Sandbox
from clausebook.repository.portable_names import name_problem
from clausebook.repository.tree import DiskTree
from tests.support import approving
from tests.support.approving import COUNSEL, DAY, DEAL, FOLDER, INES, LIBRARY, NAME, OWN, PRIVACY, TOMAS, Signed
from tests.support.executed_repositories import record
from tests.support.git_repositories import run

pytestmark = [
    pytest.mark.slow("each attack in a git repository of its own"),
    pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="signatures are made by ssh-keygen of OpenSSH"),
]

ALL_GIVEN = ["keeping: given", "limits: given", "kept-long: given"]
BY_INES = f"{FOLDER}/general-counsel-{DAY}-ines-marchetti.yaml"
BY_TOMAS = f"{FOLDER}/chief-privacy-officer-{DAY}-tomas-reed.yaml"
NO_SIGNATURE = f"its signature is not one of {INES} over this approval"

Attack = Callable[[Signed], None]
ATTACKS: dict[str, tuple[Attack, tuple[str, ...]]] = {}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    with Sandbox() as sandbox:
        yield approving.make_signed(tmp_path_factory.mktemp("template"), sandbox)


@pytest.fixture
def place(template: Signed, tmp_path: Path) -> Signed:
    return approving.copied(template, tmp_path)


def attack(*told: str) -> Callable[[Attack], Attack]:
    """Register an attack with what is told of the needs that it leaves open, each by its beginning."""

    def kept(made: Attack) -> Attack:
        ATTACKS[made.__name__] = made, told
        return made

    return kept


def test_nothing_is_open_before_an_attack(place: Signed) -> None:
    assert place.states() == ALL_GIVEN
    assert place.rules() == []


# ---- The deal is another one than was approved. ---------------------------------------------------------------------


@attack("keeping: lapsed", "limits: lapsed")
def clause_text_changed_after_approval(place: Signed) -> None:
    place.edit(f"{LIBRARY}/clauses/keeping-short.md", ("try to keep", "need not keep"))
    place.edit(OWN, ("Nothing limits", "Nobody need heed"))


@attack("limits: lapsed")
def negotiated_wording_edited(place: Signed) -> None:
    place.edit(OWN, ("Nothing limits", "Hardly anything limits"))


@attack("limits: lapsed")
def title_of_the_negotiated_wording_changed(place: Signed) -> None:
    place.edit(OWN, ("title: Limits", "title: No Limits"))


@attack("keeping: lapsed", "kept-long: lapsed")
def value_that_a_limit_watches_changed(place: Signed) -> None:
    place.edit(DEAL, ("P6Y", "P60Y"))


@attack("keeping: lapsed", "kept-long: lapsed")
def value_changed_that_is_told_in_the_same_words(place: Signed) -> None:
    place.edit(DEAL, ("P6Y", "P72M"))


def _limit(place: Signed, rule: str) -> None:
    """Add a limit to the base, and have what it tells approved."""
    limit = f"""  - id: odd
    title: Odd
    why: Because.
    offices: [{PRIVACY}]
{rule}
    at: [secrets.kept_for]
    message: it is odd
    bad: {{secrets: {{kept_for: P7Y}}, parties: [{{}}, {{}}]}}
    good: {{}}
"""
    place.at_base(f"{LIBRARY}/approvals.yaml", f"{place.path(f'{LIBRARY}/approvals.yaml').read_text()}{limit}")
    place.give(PRIVACY, TOMAS, "tomas")
    assert "odd: given" in place.states()


@attack("odd: lapsed")
def value_changed_in_a_deal_that_a_limit_cannot_judge(place: Signed) -> None:
    _limit(place, "    when: secrets.kept_for|most_days / (secrets.kept_for|most_days - 2192) > 0")
    place.edit(DEAL, ("a printed atlas", "a bound atlas"))


@attack("odd: lapsed")
def value_changed_behind_what_a_limit_tells_at_most(place: Signed) -> None:
    _limit(place, f"    each: {{{', '.join(f'p{n}: parties' for n in range(7))}}}\n    when: secrets.kept_for")
    place.edit(DEAL, ("a printed atlas", "a bound atlas"))


@attack("keeping: lapsed")
def another_clause_of_the_same_words_but_version(place: Signed) -> None:
    place.edit(f"{LIBRARY}/clauses/keeping-short.md", ('version: "1.0"', 'version: "1.1"'))


@attack("limits: lapsed")
def another_clause_for_the_approved_one(place: Signed) -> None:
    place.edit(DEAL, ("limits: {wording: limits.md}", "limits: {wording: other.md}"))
    place.write(OWN.replace("limits.md", "other.md"), approving.WORDING.replace("Nothing", "Not even a judge"))


@attack("keeping: missing")
def fallback_taken_anew(place: Signed) -> None:
    place.path(BY_INES).unlink()
    place.give(COUNSEL, INES, "ines", only=["limits"])


@attack("keeping: missing", "limits: missing", "kept-long: missing")
def status_set_to_approved_without_anything(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    assert "status: approved" in place.path(DEAL).read_text()


# ---- The approval was given for something else. ---------------------------------------------------------------------


def _other(place: Signed, name: str = "globe") -> None:
    text = place.path(DEAL).read_text().replace(f"id: {NAME}", f"id: {name}")
    place.write(f"agreements/{name}.yaml", text)
    place.write(f"agreements/{name}/limits.md", approving.WORDING)


def test_a_copy_of_an_approved_deal_is_not_approved(place: Signed) -> None:
    shutil.copytree(place.path(f"agreements/{NAME}"), place.path("agreements/globe"))
    _other(place)
    assert place.states("globe") == [
        f"{each}: refused: it was given for `{NAME}`" for each in ("keeping", "limits", "kept-long")
    ]
    place.edit(f"agreements/globe/approvals/{Path(BY_INES).name}", (f'agreement: "{NAME}"', 'agreement: "globe"'))
    assert f"keeping: refused: {NO_SIGNATURE}" in place.states("globe")


def test_a_renamed_deal_is_not_approved(place: Signed) -> None:
    place.repository.git("mv", f"agreements/{NAME}", "agreements/globe")
    place.repository.git("mv", DEAL, "agreements/globe.yaml")
    place.edit("agreements/globe.yaml", (f"id: {NAME}", "id: globe"))
    place.commit()
    assert place.states("globe")[0] == f"keeping: refused: it was given for `{NAME}`"


def test_an_approval_copied_from_another_agreement_does_not_count(place: Signed) -> None:
    _other(place)
    place.give(COUNSEL, INES, "ines", name="globe")
    for end in ("", ".sig"):
        shutil.copy(place.path(f"{BY_INES.replace(NAME, 'globe')}{end}"), place.path(f"{BY_INES}{end}"))
    assert place.states()[:2] == [f"{each}: refused: it was given for `globe`" for each in ("keeping", "limits")]


@attack(f"keeping: refused: {NO_SIGNATURE}")
def fingerprint_edited_after_signing(place: Signed) -> None:
    before = place.needs()[0].fingerprint
    place.edit(DEAL, ("a printed atlas", "a printed map"))
    place.edit(f"{LIBRARY}/clauses/keeping-short.md", ("try to keep", "need not keep"))
    place.edit(BY_INES, (before, place.needs()[0].fingerprint))


@attack(f"keeping: refused: {NO_SIGNATURE}")
def agreement_edited_after_signing(place: Signed) -> None:
    place.edit(BY_INES, (f'agreement: "{NAME}"', f'agreement: "{NAME}"\nnote: "Whatever comes."'))


@attack("kept-long: refused: its signature is not one of Tomas Reed over this approval")
def signature_of_another_file(place: Signed) -> None:
    shutil.copy(place.path(f"{BY_INES}.sig"), place.path(f"{BY_TOMAS}.sig"))


@attack("keeping: lapsed", "limits: lapsed")
def approval_of_a_clause_passed_for_one_of_another(place: Signed) -> None:
    first, second = (need.fingerprint for need in place.needs()[:2])
    place.edit(BY_INES, (first, "X"), (second, first), ("X", second))
    place.sign(BY_INES, "ines")


# ---- Whoever signed may not, or did not. ----------------------------------------------------------------------------


@attack(f"keeping: refused: {NO_SIGNATURE}")
def other_key(place: Signed) -> None:
    place.sign(BY_INES, "mallory")


@attack(f"keeping: refused: {NO_SIGNATURE}")
def key_of_another_approver(place: Signed) -> None:
    place.sign(BY_INES, "tomas")


@attack(f"keeping: refused: {NO_SIGNATURE}")
def other_namespace(place: Signed) -> None:
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", str(place.keys / "ines")]
    made = subprocess.run(command, input=place.path(BY_INES).read_bytes(), check=True, capture_output=True)
    place.write(f"{BY_INES}.sig", made.stdout)


@attack(f"keeping: refused: {NO_SIGNATURE}")
def namespace_renamed_in_the_signature(place: Signed) -> None:
    other_namespace(place)
    lines = place.path(f"{BY_INES}.sig").read_text().splitlines()
    blob = base64.b64decode("".join(lines[1:-1]))
    blob = blob.replace(b"\0\0\0\3git", b"\0\0\0\x13clausebook-approval")
    place.write(f"{BY_INES}.sig", f"{lines[0]}\n{base64.b64encode(blob).decode()}\n{lines[-1]}\n")


@attack(f"keeping: refused: {NO_SIGNATURE}")
def an_empty_signature(place: Signed) -> None:
    place.write(f"{BY_INES}.sig", "-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n")


@attack("keeping: refused: it is stated, and must be signed")
def stated_where_signed_is_demanded(place: Signed) -> None:
    place.path(f"{BY_INES}.sig").unlink()


@attack("keeping: refused: it is attested, and must be signed")
def attested_where_signed_is_demanded(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    place.give(COUNSEL, INES, evidence=b"From: Ines\n\nFine.\n")


@attack("keeping: refused: `approvers.yaml` on the protected branch does not name Mallory Vane")
def approver_only_in_the_head(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    person = f'  - name: Mallory Vane\n    offices: [{COUNSEL}]\n    keys: [{{ssh: "{place.public("mallory")}"}}]\n'
    place.write("approvers.yaml", place.approvers() + person)
    place.give(COUNSEL, "Mallory Vane", "mallory")
    place.commit()


@attack(f"keeping: refused: {TOMAS} does not hold the office of {COUNSEL}")
def role_only_in_the_head(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    place.edit("approvers.yaml", (f"[{PRIVACY}]", f"[{PRIVACY}, {COUNSEL}]"))
    place.give(COUNSEL, TOMAS, "tomas")
    place.commit()


@attack(f"keeping: refused: {NO_SIGNATURE}")
def key_only_in_the_head(place: Signed) -> None:
    place.edit("approvers.yaml", (place.public("ines"), place.public("mallory")))
    place.sign(BY_INES, "mallory")
    place.commit()


@attack(f"keeping: refused: the key that signed it did not count on {DAY}")
def expired_key(place: Signed) -> None:
    place.at_base("approvers.yaml", place.approvers(ines="        until: 2026-03-01\n"))


@attack(f"keeping: refused: the key that signed it did not count on {DAY}")
def key_not_yet_valid(place: Signed) -> None:
    place.at_base("approvers.yaml", place.approvers(ines="        from: 2026-03-03\n"))


@attack(f"keeping: refused: {INES} was not in office on {DAY}")
def approver_out_of_office(place: Signed) -> None:
    place.at_base("approvers.yaml", place.approvers(ines="    until: 2026-03-01\n"))


@attack("keeping: refused: `approvers.yaml` on the protected branch does not name Ines Marchetti")
def approver_taken_back_at_the_base(place: Signed) -> None:
    place.at_base("approvers.yaml", place.approvers().replace(INES, "Ines Other"))


def test_an_approval_of_a_day_to_come_does_not_count_yet(place: Signed) -> None:
    assert place.states(as_of="2026-03-01")[0] == f"keeping: refused: its day, {DAY}, is yet to come"
    assert place.states(as_of=DAY) == ALL_GIVEN


@attack("keeping: refused: its day, 2026-31-31, is no day")
def a_day_that_is_none(place: Signed) -> None:
    place.edit(BY_INES, (f"date: {DAY}", "date: 2026-31-31"))
    place.sign(BY_INES, "ines")


# ---- The rules are bent by the change itself. -----------------------------------------------------------------------


@attack("kept-long: missing")
def limit_loosened_in_the_head(place: Signed) -> None:
    place.path(BY_TOMAS).unlink()
    place.edit(f"{LIBRARY}/approvals.yaml", ("> 1830", "> 99999"), ("kept_for: P6Y", "kept_for: P500Y"))
    place.commit()


@attack("keeping: missing", "limits: missing", "kept-long: missing")
def rules_removed_in_the_head(place: Signed) -> None:
    place.path(f"{LIBRARY}/approvals.yaml").unlink()
    shutil.rmtree(place.path(FOLDER))
    place.commit()


@attack("keeping: refused: it is stated, and must be signed")
def proof_loosened_in_the_head(place: Signed) -> None:
    place.edit(f"{LIBRARY}/approvals.yaml", ("proof: signed", "proof: stated"))
    place.path(f"{BY_INES}.sig").unlink()
    place.commit()


@attack("keeping: missing")
def clause_called_standard_in_the_head(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    place.edit(f"{LIBRARY}/clauses/keeping-short.md", ("position: fallback 1", "position: standard"))
    place.commit()


@attack("keeping: missing")
def approver_removed_in_the_head(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    place.edit(f"{LIBRARY}/clauses/keeping-short.md", (f"approver: {COUNSEL}\n", ""))
    place.commit()


@attack("library: missing")
def clause_added_as_standard_in_the_head(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    soft = approving.FALLBACK.replace("keeping-short", "keeping-soft").replace("fallback 1", "standard")
    place.write(f"{LIBRARY}/clauses/keeping-soft.md", soft)
    place.edit(DEAL, ("keeping-short", "keeping-soft"))
    place.commit()


@attack("library: missing")
def standard_reworded_in_the_head(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    place.edit(DEAL, ("  keeping: {use: keeping-short, reason: Asked for.}\n", ""))
    place.edit(f"{LIBRARY}/clauses/keeping.md", ("keep each other's", "may tell each other's"))
    place.commit()


@attack("library: missing")
def shared_term_reworded_in_the_head(place: Signed) -> None:
    place.edit(f"{LIBRARY}/glossary.yaml", ("what one party tells", "what no party ever tells"))
    place.commit()


@attack("secret: missing")
def shared_term_given_another_meaning(place: Signed) -> None:
    own = "glossary: [{term: Secret, plural: Secrets, definition: means nothing that anybody knows}]\n"
    place.write(DEAL, f"{place.path(DEAL).read_text()}{own}")
    place.commit()


@attack("secret: lapsed")
def meaning_of_a_term_changed_after_approval(place: Signed) -> None:
    shared_term_given_another_meaning(place)
    place.give(COUNSEL, INES, "ines", only=["secret"], date="2026-03-03")
    assert "secret: given" in place.states()
    place.edit(DEAL, ("that anybody knows", "at all"))


@attack(": missing", "keeping: missing", "limits: missing")
def type_that_only_the_head_has(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    for folder in ("templates", "schemas"):
        shutil.copytree(place.path(f"{folder}/nda"), place.path(f"{folder}/soft"))
    place.path("templates/soft/approvals.yaml").unlink()
    place.edit("schemas/soft/agreement.schema.json", ('"const": "nda"', '"const": "soft"'))
    place.edit(DEAL, ("type: nda", "type: soft"))
    place.commit()


@attack("library: missing")
def library_kept_as_if_it_had_been_sent(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    place.edit(DEAL, ("  keeping: {use: keeping-short, reason: Asked for.}\n", ""))
    for folder in ("templates/nda", "schemas"):
        shutil.copytree(place.path(folder), place.path(f"agreements/{NAME}/as-sent/{folder}"))
    kept = f"agreements/{NAME}/as-sent/{LIBRARY}/clauses/keeping.md"
    place.edit(kept, ("keep each other's", "may tell each other's"))
    place.commit()


@attack("keeping: missing", "limits: missing", "kept-long: missing")
def approvals_listed_in_the_data(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    listed = [
        f"{{slot: {slot}, by: {INES}, role: {COUNSEL}, date: {DAY}}}" for slot in ("keeping", "limits", "kept-long")
    ]
    place.write(DEAL, f"{place.path(DEAL).read_text()}approvals: [{', '.join(listed)}]\n")


def test_an_approval_rule_cannot_be_waived(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    waiver = f"{{rule: core/approval-missing, at: /clauses, by: {INES}, reason: In a hurry., until: 2027-01-01}}"
    place.write(DEAL, f"{place.path(DEAL).read_text()}waivers: [{waiver}]\n")
    assert {"core/approval-missing", "core/waiver-rule"} <= set(place.rules())


@attack(": missing")
def unapproved_text_recorded_as_executed(place: Signed) -> None:
    shutil.rmtree(place.path(FOLDER))
    place.edit("schemas/nda/agreement.schema.json", ('"approved"\n', '"approved", "executed"\n'))
    record(place.root, NAME, "2026-03-05", place.sandbox)
    place.commit()
    result = CliRunner().invoke(cli, ["check", "--root", str(place.root)])
    assert result.exit_code == 1
    assert "let the protected branch have the text that was to be signed first, then its record; or" in result.output


def test_what_the_protected_branch_had_to_sign_is_executed_without_more(place: Signed) -> None:
    place.edit("schemas/nda/agreement.schema.json", ('"approved"\n', '"approved", "executed"\n'))
    place.commit()
    place.repository.git("checkout", "--quiet", "-B", "main")
    place.repository.git("checkout", "--quiet", "-b", "execution")
    record(place.root, NAME, "2026-03-05", place.sandbox)
    place.commit(INES)
    assert place.states() == []


@attack("nda/dull/secrets: missing")
def error_waived_in_the_name_of_an_office(place: Signed) -> None:
    rule = {"id": "dull", "severity": "error", "title": "Dull", "why": "It is.", "mend": "Mend it.", "message": "dull"}
    rule |= {
        "when": "secrets.kept_for",
        "at": ["secrets.kept_for"],
        "bad": {"secrets": {"kept_for": "P1Y"}},
        "good": {},
    }
    shutil.copy(Path(__file__).parents[2] / "schemas/rules.schema.json", place.path("schemas"))
    place.at_base(f"{LIBRARY}/rules.yaml", json.dumps({"rules": [rule]}))
    assert "nda/dull" in place.rules()
    waiver = f"{{rule: nda/dull, at: /secrets, by: {INES}, reason: In a hurry., until: 2027-01-01}}"
    place.write(DEAL, f"{place.path(DEAL).read_text()}waivers: [{waiver}]\n")
    assert "nda/dull" not in place.rules()


# ---- Nobody approves their own change. ------------------------------------------------------------------------------

OWN_CHANGE = f"keeping: refused: {INES} made the change, and nobody approves their own"


@attack(OWN_CHANGE)
def own_change_by_name(place: Signed) -> None:
    place.edit(DEAL, ("a printed atlas", "a bound atlas"))
    place.commit("ines  MARCHETTI")


@attack(OWN_CHANGE)
def own_change_by_address(place: Signed) -> None:
    place.edit(DEAL, ("a printed atlas", "a bound atlas"))
    place.repository.git("add", "--all")
    place.repository.git("commit", "--quiet", "-m", "Go on", "--author", "I. M. <INES@example.org>")


@attack(OWN_CHANGE)
def own_change_as_a_second_author(place: Signed) -> None:
    place.edit(DEAL, ("a printed atlas", "a bound atlas"))
    place.repository.git("add", "--all")
    place.repository.git("commit", "--quiet", "-m", "Go on\n\nCo-authored-by: I. M. <ines@example.org>")


@attack(OWN_CHANGE)
def own_change_that_is_not_committed(place: Signed) -> None:
    place.repository.git("config", "user.email", "ines@example.org")
    place.edit(DEAL, ("a printed atlas", "a bound atlas"))


@attack(OWN_CHANGE)
def own_change_in_a_file_that_git_does_not_know(place: Signed) -> None:
    place.repository.git("config", "user.name", INES)
    place.repository.git("rm", "--quiet", "--cached", OWN)
    place.repository.git("commit", "--quiet", "--message", "Go on")


def test_a_change_before_a_rename_is_an_own_one(place: Signed) -> None:
    place.edit(DEAL, ("a printed atlas", "a bound atlas"))
    place.commit(INES)
    place.repository.git("mv", f"agreements/{NAME}", "agreements/globe")
    place.repository.git("mv", DEAL, "agreements/globe.yaml")
    place.edit("agreements/globe.yaml", (f"id: {NAME}", "id: globe"))
    place.commit()
    place.give(COUNSEL, INES, "ines", name="globe", date="2026-03-03")
    place.commit()
    assert OWN_CHANGE in place.states("globe")


# ---- Attested, by evidence. -----------------------------------------------------------------------------------------


def _attested(place: Signed, **more: str) -> str:
    place.path(BY_TOMAS).unlink()
    place.path(f"{BY_TOMAS}.sig").unlink()
    return place.give(PRIVACY, TOMAS, evidence=b"From: Tomas Reed\r\n\r\nSix years are fine.\r\n", **more)


def test_evidence_attests(place: Signed) -> None:
    _attested(place)
    assert place.states() == ALL_GIVEN


@attack("kept-long: refused: who attests an approval is somebody else than who gives it")
def attested_by_the_approver(place: Signed) -> None:
    _attested(place, recorded_by="tomas  reed")


@attack("kept-long: refused: who attests an approval is somebody else than who gives it")
def attested_by_the_approver_under_an_address(place: Signed) -> None:
    _attested(place, recorded_by="Tomas@example.org")


@attack("kept-long: refused: who attests an approval is somebody else than who gives it")
def attested_by_nobody(place: Signed) -> None:
    place.edit(_attested(place), ('recorded_by: "Odile Park"\n', ""))


@attack("kept-long: refused: the evidence ")
def evidence_missing(place: Signed) -> None:
    place.path(_attested(place)).with_suffix(".eml").unlink()


@attack("kept-long: refused: the evidence ")
def evidence_swapped(place: Signed) -> None:
    place.path(_attested(place)).with_suffix(".eml").write_bytes(b"From: Tomas Reed\n\nSixty years are fine.\n")


@attack("kept-long: refused: the evidence ")
def evidence_elsewhere(place: Signed) -> None:
    path = place.path(_attested(place))
    name = path.with_suffix(".eml").name
    path.with_suffix(".eml").rename(place.path(f"agreements/{name}"))
    place.edit(path.relative_to(place.root).as_posix(), (name, f"../../{name}"))


@attack("kept-long: refused: the evidence ")
def evidence_that_is_empty(place: Signed) -> None:
    path = place.path(_attested(place))
    record = read_approvals(_tree(place), NAME)[0][0].record
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    place.put(replace(record, sha256=empty), path.name)
    path.with_suffix(".eml").write_bytes(b"")


def _tree(place: Signed) -> DiskTree:
    return DiskTree(place.root)


# ---- All of them. ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ATTACKS)
def test_it_does_not_work(name: str, place: Signed) -> None:
    made, told = ATTACKS[name]
    made(place)
    states = place.states()
    assert [line for line in told if not any(each.startswith(line) for each in states)] == [], states


# ---- Files that are none, or not what they seem. --------------------------------------------------------------------


def test_a_broken_file_beside_a_good_one_is_told_and_takes_nothing_away(place: Signed) -> None:
    for name, content in {
        "0.yaml": b"format: clausebook-approval/1\nagreement: [\n",
        "1.yaml": b"\x00\xff\xfe binary",
        "2.yaml": b"x: " + b"y" * (2 << 20),
        "3.yaml": b"format: clausebook-approval/1\nagreement: atlas\n",
        "4.yaml": b"format: clausebook-approval/9\n",
        "big.yaml.sig": b"y" * (MOST_BYTES + 1),
        "photo.png": b"\x89PNG" + b"\0" * 4096,
    }.items():
        place.write(f"{FOLDER}/{name}", content)
    assert place.states() == ALL_GIVEN
    found = place.approvals().findings
    assert [Path(each.path).name for each in found] == ["0.yaml", "1.yaml", "2.yaml", "3.yaml", "4.yaml"]


@attack("keeping: missing", "limits: missing")
def a_signature_that_is_too_big(place: Signed) -> None:
    place.write(f"{BY_INES}.sig", b"y" * (MOST_BYTES + 1))


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_an_approval_that_is_a_link_does_not_count(place: Signed) -> None:
    inside, outside = place.path("kept.yaml"), place.keys / "kept.yaml"
    for target in (inside, outside):
        place.path(BY_INES).rename(target)
        place.path(BY_INES).symlink_to(target)
        assert place.states()[:2] == ["keeping: missing", "limits: missing"]
        assert place.approvals().findings[0].rule == "core/file-unreadable"
        place.path(BY_INES).unlink()
        target.rename(place.path(BY_INES))


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_folder_of_approvals_that_is_a_link_does_not_count(place: Signed) -> None:
    place.path(FOLDER).rename(place.path("kept"))
    place.path(FOLDER).symlink_to(place.path("kept"))
    assert [each.partition(":")[2] for each in place.states()] == [" missing"] * 3


# ---- What does no harm to an approval. ------------------------------------------------------------------------------


def test_what_git_does_to_a_branch_leaves_approvals_valid(place: Signed) -> None:
    git = place.repository.git
    place.at_base("agreements/README.md", "The deals.\n")
    assert place.states() == ALL_GIVEN, "rebased"
    git("checkout", "--quiet", "-b", "squashed", "main")
    git("merge", "--quiet", "--squash", "change")
    place.commit()
    assert place.states() == ALL_GIVEN, "squashed"
    git("checkout", "--quiet", "main")
    place.repository.merge("Take the deal", "squashed")
    assert place.states() == ALL_GIVEN, "merged"


def test_approvals_are_judged_in_a_shallow_clone(place: Signed, tmp_path: Path) -> None:
    url = place.repository.root.as_uri()
    run(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=change", url, "shallow")
    assert place.states(root=tmp_path / "shallow") == ALL_GIVEN


def test_in_a_clone_without_the_protected_branch_nobody_is_known(place: Signed, tmp_path: Path) -> None:
    url = place.repository.root.as_uri()
    run(tmp_path, "clone", "--quiet", "--depth=1", "--branch=change", url, "shallow")
    run(tmp_path / "shallow", "remote", "set-head", "origin", "--delete")
    assert {each.partition(": ")[2] for each in place.states(root=tmp_path / "shallow")} == {
        f"refused: `approvers.yaml` on the protected branch does not name {name}" for name in (INES, TOMAS)
    }


def test_a_checkout_with_other_line_ends_leaves_approvals_valid(place: Signed) -> None:
    _attested(place)
    for path in place.path(FOLDER).iterdir():
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    assert place.states() == ALL_GIVEN
    for path in place.path(FOLDER).iterdir():
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    assert place.states() == ALL_GIVEN


def test_a_number_that_only_moved_is_no_change(place: Signed) -> None:
    place.edit(f"{LIBRARY}/outline.yaml", ('clause: "{n}."', 'clause: "§ {n}"'))
    assert place.states() == ALL_GIVEN


def test_the_names_of_the_files_suit_every_system(place: Signed) -> None:
    for role, by in ((COUNSEL, INES), ("CON", "Zoë Ångström"), ('A/B: "C"?', "x" * 300), ("法務", "山田")):
        record = replace(read_approvals(_tree(place), NAME)[0][0].record, role=role, by=by)
        name = approving.file_name(record)
        assert name_problem(name) == ""
        assert len(name) <= 120


# ---- What the program does with what is open. -----------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "in-review", "approved"])
def test_what_is_open_warns_in_a_draft_and_stops_from_approved_on(place: Signed, status: str, tmp_path: Path) -> None:
    def told(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, [*arguments, "--root", str(place.root)])
        return done.exit_code, done.output

    place.edit(DEAL, ("status: approved", f"status: {status}"))
    place.give(COUNSEL, INES, "ines", only=["limits"])
    place.edit(OWN, ("Nothing limits", "Hardly anything limits"))
    place.sign(BY_TOMAS, "mallory")
    place.commit()
    draft = status != "approved"
    code, said = told("check", NAME)
    assert code == (0 if draft else 1)
    for rule in ("needed", "to-renew", "doubtful") if draft else ("missing", "outdated", "refused"):
        assert f"core/approval-{rule}" in said
    out = tmp_path / "out"
    code, said = told("build", NAME, "--format", "html", "--out", str(out))
    text = (out / f"agreements/{NAME}/{NAME}.html").read_text(encoding="utf-8")
    assert [mark for mark in ("DRAFT", "NOT APPROVED") if mark in text] == ["DRAFT" if draft else "NOT APPROVED"]
    assert ("core/built-unapproved" in said) == (not draft)
    code, said = told("send", NAME, "--to", "finch", "--date", "2026-03-04")
    assert code == (0 if draft else 1), said
    assert ("core/approval-missing" in said) == (not draft)
