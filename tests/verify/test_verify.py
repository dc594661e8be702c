"""What `verify` says of PDFs that came back, in one repository with one agreement of two signatories."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pikepdf
import pytest

from clausebook.document.fingerprints import fingerprint
from clausebook.lifecycle.execution import execute
from clausebook.lifecycle.wet_ink import Returned
from clausebook.project.project import Project
from clausebook.verify.verdict_report import json_report, text_report
from clausebook.verify.verifying import verify
from tests.support import returns, signing_keys
from tests.support.git_repositories import new_repository
from tests.support.returned_files import AGREEMENT, FIELDS, NAMES, Place, made, sealed, signed, trusting

pytestmark = pytest.mark.slow("files signed, sealed, scanned and rewritten, judged in a real repository")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


def test_a_file_signed_in_its_fields_is_verified(place: Place) -> None:
    found = place.verify(signed(place.pdf))
    assert found.verdict == "verified", text_report(found)
    assert found.text.outcome == "same-bytes"
    assert (found.text.attached, found.text.repository, len(found.text.commits)) == ("matches", "matches", 1)
    assert [each.evidence for each in found.signatories] == ["certificate", "certificate"]
    assert not any(each.doubt for each in found.signatories)


def test_without_roots_the_evidence_is_incomplete(place: Place) -> None:
    found = place.verify(signed(place.pdf), trusted=False)
    assert found.verdict == "incomplete"
    assert any("nobody's certificates" in reason.words for reason in found.reasons)


def test_an_unsigned_file_lacks_all_evidence(place: Place) -> None:
    found = place.verify(place.pdf)
    assert (found.verdict, found.text.outcome) == ("incomplete", "same-bytes")
    assert [each.evidence for each in found.signatories] == ["none", "none"]


def test_one_signature_of_two_is_incomplete(place: Place) -> None:
    found = place.verify(signed(place.pdf, NAMES[:1]))
    assert found.verdict == "incomplete"
    assert [each.evidence for each in found.signatories] == ["certificate", "none"]


def test_a_certificate_of_somebody_else_is_a_doubt(place: Place) -> None:
    found = place.verify(signed(place.pdf, ("Mallory Other", NAMES[1])))
    assert found.verdict == "incomplete"
    assert found.signatories[0].doubt
    settled = place.verify(
        signed(place.pdf, ("Mallory Other", NAMES[1])), attested={"sparrow-1": "Ada Quill, who saw the mandate"}
    )
    assert (settled.verdict, settled.signatories[0].evidence) == ("incomplete", "attestation")


def test_counterparts_are_put_together(place: Place) -> None:
    ours, theirs = signed(place.pdf, NAMES[:1]), signed(place.pdf, NAMES[1:], FIELDS[1:])
    found = place.verify(ours, theirs)
    assert found.verdict == "verified", text_report(found)


def test_attestations_of_wet_ink_are_no_cryptographic_evidence(place: Place) -> None:
    attested = dict.fromkeys(("sparrow-1", "finch-1"), "Ada Quill, who keeps the paper original")
    found = place.verify(place.pdf, attested=attested)
    assert found.verdict == "incomplete"
    assert [each.evidence for each in found.signatories] == ["attestation", "attestation"]
    assert all("no cryptographic evidence" in each.detail for each in found.signatories)


def test_a_scan_beside_the_file_that_was_printed_and_signed_is_incomplete(place: Place) -> None:
    attested = dict.fromkeys(("sparrow-1", "finch-1"), "Ada Quill, who keeps the paper original")
    found = place.verify(place.pdf, returns.scan(place.pdf), attested=attested)
    assert found.verdict == "incomplete"
    assert any("scan" in reason.words for reason in found.reasons)
    assert place.verify(returns.scan(place.pdf), attested=attested).verdict == "unknown"


@pytest.mark.parametrize("service", returns.SERVICES)
def test_a_service_s_file_under_its_seal_is_verified(service: str, place: Place) -> None:
    back = sealed(returns.SERVICES[service](place.pdf, returns.stamps(place.pdf, NAMES), NAMES))
    found = place.verify(back)
    assert found.verdict == "verified", text_report(found)
    kept = "matches" if service == "audit report" else "missing"
    assert (found.text.outcome, found.text.attached) == ("same-words", kept)
    assert [each.evidence for each in found.signatories] == ["completion", "completion"]
    assert found.text.tolerated
    assert "added, and no part of the agreement: a page after the agreement:" in text_report(found)
    assert any("no part of it" in reason.words for reason in found.reasons)


@pytest.mark.parametrize("service", returns.SERVICES)
def test_a_service_s_file_without_seal_lacks_evidence(service: str, place: Place) -> None:
    found = place.verify(returns.SERVICES[service](place.pdf, [], NAMES))
    assert (found.verdict, found.text.outcome) == ("incomplete", "same-words")
    assert all("no seal protects it" in each.detail for each in found.signatories)


def test_a_scan_cannot_be_told(place: Place) -> None:
    found = place.verify(returns.scan(place.pdf))
    assert (found.verdict, found.text.outcome) == ("unknown", "unreadable")


def test_a_rewritten_file_without_its_words_differs(place: Place) -> None:
    found = place.verify(returns.enveloped(returns.written_over(place.pdf, [(0, 200, 500, "not")], 10), [], NAMES))
    assert found.verdict == "differs"
    assert any("not" in each.found for each in found.text.differences)


def _attachment(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    return returns.changed(pdf, change)


def _swapped(pdf: pikepdf.Pdf) -> None:
    content = json.loads(pdf.attachments["agreement.json"].get_file().read_bytes())
    content["document"]["title"] = "Talks about a whale atlas"
    _rewrite(pdf, "agreement.json", json.dumps(content).encode())


def _damaged(pdf: pikepdf.Pdf) -> None:
    _rewrite(pdf, "agreement.json", b"{}")


def _doubled(pdf: pikepdf.Pdf) -> None:
    tree = pdf.Root.Names.EmbeddedFiles
    names = list(tree.Names)
    tree.Names = pikepdf.Array([*names, *names[:2]])


def _one_gone(pdf: pikepdf.Pdf) -> None:
    del pdf.attachments["manifest.json"]
    del pdf.Root["/AF"]


def _rewrite(pdf: pikepdf.Pdf, name: str, content: bytes) -> None:
    specification = pdf.attachments[name].obj
    stream = pdf.make_stream(content)
    specification.EF = pikepdf.Dictionary(F=stream, UF=stream)


@pytest.mark.parametrize("change", [_swapped, _damaged, _doubled, _one_gone])
def test_an_attachment_that_was_tampered_with_is_told(change: Callable[[pikepdf.Pdf], None], place: Place) -> None:
    found = place.verify(_attachment(place.pdf, change))
    assert (found.verdict, found.text.attached) == ("differs", "damaged"), text_report(found)


@pytest.mark.parametrize("name", ["agreement.json", "manifest.json"])
def test_an_attachment_of_a_newer_format_cannot_be_judged(name: str, place: Place) -> None:
    def newer(pdf: pikepdf.Pdf) -> None:
        content = pdf.attachments[name].get_file().read_bytes()
        _rewrite(pdf, name, re.sub(rb"(clausebook-[a-z]+)/[0-9]", rb"\1/7", content, count=1))

    found = place.verify(_attachment(place.pdf, newer))
    assert (found.verdict, found.text.outcome) == ("unknown", "unreadable")
    assert "format 7" in found.text.problem
    assert "newer than" in found.text.problem
    beside = place.verify(signed(place.pdf), _attachment(place.pdf, newer))
    assert beside.verdict == "incomplete", "it is never passed over"


def test_another_version_s_text_is_told_as_a_redline(place: Place) -> None:
    yaml = place.root / "agreements" / f"{AGREEMENT}.yaml"
    before = yaml.read_text()
    try:
        yaml.write_text(before.replace("P3Y", "P9Y"))
        with Project(place.root) as project:
            found = project.assemble(project.files([AGREEMENT])[0])
            other = project.render(found, ("pdf",))[f"{AGREEMENT}.pdf"]
    finally:
        yaml.write_text(before)
    told = place.verify(signed(other))
    assert (told.verdict, told.text.attached, told.text.repository) == ("differs", "matches", "differs")
    assert any("9" in each.found or "nine" in each.found for each in told.text.differences), text_report(told)


def test_what_was_built_with_the_former_fingerprint_is_still_verified(place: Place) -> None:
    with Project(place.root) as project:
        found = project.assemble(project.files([AGREEMENT])[0])
        assert found.document
        former = replace(found.document, form=1)
        old = project.render(replace(found, document=former), ("pdf",))[f"{AGREEMENT}.pdf"]
    assert old != place.pdf
    for pdf, outcome in ((signed(old), "same-bytes"), (returns.flattened(old), "same-words")):
        told = place.verify(pdf)
        assert (told.text.outcome, told.text.repository) == (outcome, "matches"), text_report(told)
        assert told.text.fingerprint == fingerprint(former) != fingerprint(found.document)
        assert len(told.text.commits) == 1
    assert place.verify(signed(old)).verdict == "verified"
    assert place.verify(signed(old, NAMES[:1]), signed(place.pdf, NAMES[1:], FIELDS[1:])).verdict == "verified"


def test_what_this_repository_does_not_have_cannot_be_told(place: Place) -> None:
    yaml = place.root / "agreements" / f"{AGREEMENT}.yaml"
    before = yaml.read_text()
    try:
        yaml.write_text(before.replace('"1.0"', '"7.0"'))
        with Project(place.root) as project:
            found = project.assemble(project.files([AGREEMENT])[0])
            other = project.render(found, ("pdf",))[f"{AGREEMENT}.pdf"]
    finally:
        yaml.write_text(before)
    told = place.verify(signed(other))
    assert told.verdict == "unknown"
    assert "no text of `sparrow-finch` in version 7.0" in told.text.problem


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (b"", "unknown"),
        (b"no PDF at all", "unknown"),
        (b"%PDF-1.7\n%%EOF\n", "unknown"),
        (returns.page_of("A page of somebody else's."), "unknown"),
    ],
)
def test_what_is_none_of_ours_cannot_be_told(content: bytes, verdict: str, place: Place) -> None:
    found = place.verify(content)
    assert found.verdict == verdict
    assert found.reasons


def test_truncated_and_encrypted_files_cannot_be_told_or_are_tampered_with(place: Place) -> None:
    whole = signed(place.pdf)
    for part in (whole[: len(whole) // 2], whole[:-2000], returns.encrypted(place.pdf)):
        assert place.verify(part).verdict in ("unknown", "differs")


def test_pages_added_before_the_signatures_differ(place: Place) -> None:
    found = place.verify(signed(returns.with_pages(place.pdf, "Side letter: the fee is doubled.")))
    assert found.verdict == "differs", text_report(found)


def test_both_reports_hold_what_was_found(place: Place) -> None:
    found = place.verify(signed(place.pdf))
    assert text_report(found).startswith("sparrow-finch 1.0: VERIFIED")
    data = json.loads(json_report(found))
    assert data["verdict"] == "verified"
    assert [each["block"] for each in data["signatories"]] == ["sparrow-1", "finch-1"]


@pytest.mark.slow("the command as a mailbox or a pipeline runs it, in a process of its own")
def test_the_command_tells_by_its_exit_code(place: Place, tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(signing_keys.root().pem)
    files = {
        "signed.pdf": (signed(place.pdf), 0),
        "changed.pdf": (returns.written_over(place.pdf, [(0, 200, 500, "not")]), 1),
        "unsigned.pdf": (place.pdf, 3),
        "scan.pdf": (returns.scan(place.pdf), 4),
    }
    for name, (content, code) in files.items():
        (tmp_path / name).write_bytes(content)
        run = _clausebook(
            place.root, "verify", str(tmp_path / name), "--trust", f"sparrow={root}", "--trust", f"finch={root}"
        )
        assert run.returncode == code, run.stdout + run.stderr
        assert "Traceback" not in run.stderr
    run = _clausebook(place.root, "verify", str(tmp_path / "none.pdf"))
    assert run.returncode == 2
    assert "none.pdf" in run.stderr
    run = _clausebook(place.root, "verify", str(tmp_path / "scan.pdf"), "--attest", "nothing")
    assert run.returncode == 2
    assert "is no attestation" in run.stderr


def _clausebook(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "clausebook", *arguments, "--root", str(root)],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
        check=False,
    )


def test_a_version_that_the_work_tree_has_left_behind_is_held_against_its_record(place: Place, tmp_path: Path) -> None:
    root = new_repository(tmp_path / "executed").root
    shutil.copytree(place.root, root, dirs_exist_ok=True)
    schema = root / "schemas" / "nda" / "agreement.schema.json"
    schema.write_text(schema.read_text().replace('["draft", "approved"]', '["draft", "approved", "executed"]'))
    back = signed(place.pdf)
    with Project(root) as project:
        execute(
            project,
            AGREEMENT,
            Returned([back]),
            lambda pdfs, who: verify(root, pdfs, trusting(signing_keys.root().asn1), who, place.sandbox),
            "2100-03-04",
        )
    yaml = root / "agreements" / f"{AGREEMENT}.yaml"
    yaml.write_text(yaml.read_text().replace('"1.0"', '"2.0"').replace("executed", "draft").replace("P3Y", "P9Y"))
    found = verify(root, [back], trusting(signing_keys.root().asn1), {}, place.sandbox)
    assert (found.verdict, found.text.version, found.text.outcome) == ("verified", "1.0", "same-bytes")


def test_a_text_whose_look_cannot_lay_it_out_any_more_is_laid_out_by_today_s(place: Place, tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "old")
    shutil.copytree(place.root, repository.root, dirs_exist_ok=True)
    look = repository.root / "templates" / "pdf" / "common.typ"
    today = look.read_text()
    look.write_text(today.replace('alt: "field:"', 'alt: "nothing:"'))
    repository.commit("Agree, by a look without places for fields")
    look.write_text(today)
    yaml = repository.root / "agreements" / f"{AGREEMENT}.yaml"
    yaml.write_text(yaml.read_text().replace('"1.0"', '"2.0"'))
    repository.commit("Take a later look")
    found = verify(repository.root, [signed(place.pdf)], trusting(signing_keys.root().asn1), {}, place.sandbox)
    assert (found.verdict, found.text.version) == ("verified", "1.0"), text_report(found)


def test_what_is_said_of_several_pages_is_said_once_and_nothing_is_left_out(place: Place) -> None:
    with pikepdf.open(io.BytesIO(place.pdf)) as opened:
        pages = range(len(opened.pages))
    margins = [(number, 200, 8, "subject to our side letter") for number in pages]
    comments = [f"Comment {number}" for number in range(30)]
    back = returns.changed(returns.written_over(place.pdf, margins), partial(_commented, comments))
    doubts = place.verify(back).text.doubts
    said = f"pages 1 to {len(pages)}: in the margin stand words that are no known mark"
    assert sum(doubt.startswith(said) for doubt in doubts) == 1, doubts
    assert all(any(f"“{comment}”" in doubt for doubt in doubts) for comment in comments)


def _commented(comments: Sequence[str], opened: pikepdf.Pdf) -> None:
    notes = (
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 0, 0], Contents=comment)
        for comment in comments
    )
    page = opened.pages[0].obj
    page.Annots = pikepdf.Array([*page.get("/Annots", ()), *map(opened.make_indirect, notes)])
