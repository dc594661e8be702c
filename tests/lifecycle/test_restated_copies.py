"""A text that amendments made is shown as the copy that it is, unsigned, in every format; its own words stay."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result

from clausebook.amending.amendment_chain import chain
from clausebook.amending.restated_copy import as_copy
from clausebook.cli import main as cli
from clausebook.document.fingerprints import fingerprint, fingerprints
from clausebook.document.interchange import from_json, to_json
from clausebook.document.model import Document, SignatureBlock
from clausebook.document.outgoing import outgoing, same_text
from clausebook.document.presented import presented
from clausebook.document.words import part_passages, words
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.amendment import amend
from clausebook.lifecycle.execution import execute
from clausebook.lifecycle.wet_ink import Returned
from clausebook.project.project import Project
from clausebook.reading.form_fields import field_places
from clausebook.repository.tree import DiskTree
from clausebook.site.page_tree import page_tree
from clausebook.verify.model import Verification
from clausebook.verify.trust import TrustStore
from clausebook.verify.verifying import verify
from tests.support.executed_repositories import edit, executed_repository, record
from tests.support.html_reader import read_html
from tests.support.reading import WORDS
from tests.support.whole_sites import site_content

pytestmark = pytest.mark.slow("agreements executed and amended, and their copies in each format")

NAME = "sparrow-finch"
FIRST, SECOND = f"{NAME}-amendment-1", f"{NAME}-amendment-2"
FORMATS = ("md", "docx", "pdf")
KIND = "Mutual Non-Disclosure Agreement"
NOTICE = (
    f"Restated as of 1 June 2026. This copy shows the {KIND}, version 1.0, executed on 2 March 2026, as amended by "
    "Amendment No. 1 (executed on 1 June 2026). It is for convenience only and is not signed. "
    f"The {KIND} and its amendments, as executed, govern."
)
DRAFT_NOTICE = (
    f"Not in force. This copy shows how the {KIND}, version 1.0, executed on 2 March 2026, would read as amended by "
    "Amendment No. 1 (not executed). It is for convenience only and is not signed."
)
UNSIGNED = (
    "Signature lines are omitted from this copy. The signatures of the parties appear on the "
    f"{KIND} and its amendments, as executed."
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """A repository with an executed agreement and the draft of its first amendment; not to be changed."""
    root = executed_repository(tmp_path_factory.mktemp("copies"), sandbox)
    wording = (root / "templates" / "amendment" / "operative.yaml").read_text(encoding="utf-8")
    assert "restated_" not in wording, "the words are those of the language"
    redraft(root, "1.0", "1.1", "P3Y", "P5Y")
    amend(Project(root, sandbox), NAME)
    return root


@pytest.fixture
def drafted(once: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(once, tmp_path / "repository")
    return tmp_path / "repository"


@pytest.fixture
def amended(drafted: Path, sandbox: Sandbox) -> Path:
    """The same with its amendment executed."""
    in_force(drafted, FIRST, "2026-06-01", sandbox)
    return drafted


def redraft(root: Path, old: str, new: str, before: str, years: str) -> None:
    edit(
        root,
        NAME,
        (f'version: "{old}"\nstatus: executed', f'version: "{new}"\nstatus: approved'),
        (f"kept_for: {before}", f"kept_for: {years}"),
    )


def in_force(root: Path, name: str, day: str, sandbox: Sandbox) -> None:
    edit(root, name, ("status: draft", "status: approved"))
    record(root, name, day, sandbox)
    edit(root, NAME, ("status: approved", "status: executed"))


def invoke(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


def built(root: Path, name: str, out: Path) -> Path:
    options = [option for each in (*FORMATS, "html", "txt") for option in ("--format", each)]
    result = invoke(root, "build", name, *options, "--out", str(out))
    assert result.exit_code == 0, result.output
    return out / "agreements" / name


def document(root: Path, sandbox: Sandbox, name: str = NAME) -> Document:
    project = Project(root, sandbox)
    found = project.assemble(project.files([name])[0])
    assert found.document is not None, found.findings
    return found.document


def pages(pdf: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(opened[number].get_textpage().get_text_bounded().split()) for number in range(len(opened))]
    finally:
        opened.close()


def docx_parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}


@pytest.mark.parametrize("state", ["in force", "draft"])
def test_every_format_says_that_it_is_a_copy_and_has_no_lines_to_sign_on(
    state: str, drafted: Path, sandbox: Sandbox, tmp_path: Path
) -> None:
    whole = document(drafted, sandbox)
    assert whole.restated is None, "a draft is not marked"
    if state == "in force":
        in_force(drafted, FIRST, "2026-06-01", sandbox)
    name, stem = (NAME, NAME) if state == "in force" else (FIRST, f"{FIRST}-restated")
    mark = "Restated copy – unsigned" if state == "in force" else "Restated copy – unsigned, not in force"
    notice = NOTICE if state == "in force" else DRAFT_NOTICE
    folder = built(drafted, name, tmp_path / "out")
    told = [f"{whole.kind} {whole.title}", f"{mark} {notice}"]
    for part in whole.parts():
        if isinstance(part, SignatureBlock):
            told += [UNSIGNED] * (part is whole.signatures[0])
        else:
            told += part_passages(part)
    wanted = " ".join(told).split()
    for suffix in FORMATS:
        assert WORDS[suffix]((folder / f"{stem}.{suffix}").read_bytes()) == wanted, suffix
    text = " ".join((folder / f"{stem}.txt").read_text(encoding="utf-8").split())
    assert f"{mark} {notice}" in text
    assert UNSIGNED in text
    assert f"{notice}</p>" in (folder / f"{stem}.html").read_text(encoding="utf-8")
    pdf = (folder / f"{stem}.pdf").read_bytes()
    assert not field_places(pdf), "nobody signs a copy"
    said = f"text {fingerprint(whole)[:12]} · {mark}"
    assert all(said in page for page in pages(pdf))
    parts = docx_parts((folder / f"{stem}.docx").read_bytes())
    assert all(said in parts[each] for each in parts if re.fullmatch(r"word/footer\w*\.xml", each))


def test_the_agreement_s_own_words_and_fingerprint_stay(drafted: Path, sandbox: Sandbox) -> None:
    before = document(drafted, sandbox)
    in_force(drafted, FIRST, "2026-06-01", sandbox)
    now = document(drafted, sandbox)
    assert now.restated is not None
    assert words(now) == words(before)
    assert fingerprints(now) == fingerprints(before)
    assert same_text(now, before)
    assert from_json(to_json(outgoing(now))) == outgoing(now)
    assert presented(presented(now)) == presented(now)
    # The next amendment starts from these words.
    redraft(drafted, "1.1", "1.2", "P5Y", "P6Y")
    assert document(drafted, sandbox).restated is None
    amend(Project(drafted, sandbox), NAME)
    assert NOTICE not in " ".join(words(document(drafted, sandbox, SECOND)))
    assert all(text.document.restated is None for text in chain(DiskTree(drafted), NAME).texts)


def test_a_copy_names_every_amendment_since_the_agreement_was_executed_as_a_whole(
    amended: Path, sandbox: Sandbox
) -> None:
    redraft(amended, "1.1", "1.2", "P5Y", "P6Y")
    amend(Project(amended, sandbox), NAME, "2027-01-01")
    in_force(amended, SECOND, "2026-09-01", sandbox)
    found = document(amended, sandbox).restated
    assert found is not None
    assert found.notice.startswith(
        f"Restated as of 1 January 2027. This copy shows the {KIND}, version 1.0, executed on 2 March 2026, as amended "
        "by Amendment No. 1 (executed on 1 June 2026) and Amendment No. 2 (executed on 1 September 2026). It is"
    )


def test_counsel_edits_the_words(amended: Path, sandbox: Sandbox) -> None:
    path = amended / "templates" / "amendment" / "operative.yaml"
    text = path.read_text(encoding="utf-8")
    own = 'restated_mark: Conformed copy\nrestated_notice: "As of {day}: {kind} {version} of {date}, {amendments}."\n'
    path.write_text(f"{text}\n{own}", encoding="utf-8")
    found = document(amended, sandbox).restated
    assert found is not None
    assert (found.mark, found.notice, found.unsigned) == (
        "Conformed copy",
        "As of 1 June 2026: Mutual Non-Disclosure Agreement 1.0 of 2 March 2026, "
        "Amendment No. 1 (executed on 1 June 2026).",
        UNSIGNED,
    )
    path.write_text(f'{text}\nrestated_mark: "Copy of {{day}}"\n', encoding="utf-8")
    redraft(amended, "1.1", "1.2", "P5Y", "P6Y")
    result = invoke(amended, "amend", NAME)
    assert "`restated_mark` cannot be filled with {day}" in result.output


def test_a_german_copy_has_german_words(amended: Path) -> None:
    found = chain(DiskTree(amended), NAME)
    made = found.amendments[0]
    assert made.restated is not None
    told = as_copy(DiskTree(amended), found, made, replace(made.restated, language="de-DE")).restated
    assert told is not None
    assert told.mark == "Konsolidierte Lesefassung – ohne Unterschriften"
    assert told.notice.startswith("Stand: 1. Juni 2026.")


def test_nobody_signs_executes_or_verifies_a_copy_by_mistake(amended: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    file = built(amended, NAME, tmp_path / "out") / f"{NAME}.pdf"
    key = tmp_path / "key.p12"
    key.write_bytes(b"")
    given = ["sign", str(file), "--signatory", "sparrow-1", "--p12", str(key)]
    result = CliRunner().invoke(cli.cli, given, prog_name="clausebook")
    assert result.exit_code == 2
    assert "it is a restated copy of version 1.1 of `sparrow-finch`, which nobody signs" in result.output

    found = verify(amended, [file.read_bytes()], TrustStore(()), {}, sandbox)
    assert (found.verdict, found.signatories) == ("unknown", ())
    assert found.reasons[0].words.startswith("it is a restated copy of version 1.1 of `sparrow-finch`")
    assert "its words are those that this repository has" in found.reasons[0].words

    result = invoke(amended, "ready", NAME)
    assert f"version 1.1 is in force by `{FIRST}`: its restated copy is not signed" in " ".join(result.output.split())

    def check(pdfs: object, attestations: object) -> Verification:
        return verify(amended, [file.read_bytes()], TrustStore(()), {}, sandbox)

    redraft(amended, "1.1", "1.2", "P5Y", "P6Y")
    amend(Project(amended, sandbox), NAME)
    edit(amended, SECOND, ("status: draft", "status: approved"))
    made = execute(Project(amended, sandbox), SECOND, Returned((file.read_bytes(),)), check, "2026-12-01")
    assert made.record is None
    assert made.refusal == "what came back is not proven to be the agreement"


def test_a_copy_of_an_amendment_that_is_not_executed_is_told_as_one(
    drafted: Path, sandbox: Sandbox, tmp_path: Path
) -> None:
    content = (built(drafted, FIRST, tmp_path / "out") / f"{FIRST}-restated.pdf").read_bytes()
    found = verify(drafted, [content], TrustStore(()), {}, sandbox)
    assert found.verdict == "unknown"
    assert "its words are those that this repository has" in found.reasons[0].words
    # Another text: the copy is still told as one, and that it differs.
    edit(drafted, NAME, ("kept_for: P5Y", "kept_for: P7Y"))
    amend(Project(drafted, sandbox), NAME)
    found = verify(drafted, [content], TrustStore(()), {}, sandbox)
    assert found.verdict == "differs"
    assert "it is a restated copy of version 1.1" in found.reasons[0].words


def test_the_site_shows_the_notice_and_no_signature_lines(amended: Path) -> None:
    tree = page_tree(site_content(amended))
    page = next(each for each in tree if NAME in each.path and "amendment" not in each.path)
    text = " ".join(read_html(page.body).words())
    assert NOTICE in text
    assert UNSIGNED in text
    assert 'class="signature"' not in page.body
    assert "page_signatures" not in page.body


def test_show_prints_the_notice(amended: Path) -> None:
    text = " ".join(invoke(amended, "show", NAME).output.split())
    assert NOTICE in text
    assert UNSIGNED in text


def test_the_words_of_a_day_are_a_copy_once_an_amendment_is_in_force(amended: Path) -> None:
    before = " ".join(invoke(amended, "text", NAME, "--as-of", "2026-05-31").output.split())
    assert "Restated" not in before
    after = " ".join(invoke(amended, "text", NAME, "--as-of", "2026-06-01").output.split())
    assert NOTICE in after
    assert UNSIGNED in after


def test_what_is_executed_and_has_not_taken_effect_is_not_said_to_be_in_force(amended: Path, sandbox: Sandbox) -> None:
    redraft(amended, "1.1", "1.2", "P5Y", "P6Y")
    amend(Project(amended, sandbox), NAME)
    edit(
        amended,
        SECOND,
        ("  set_by: last-signature", "  set_by: condition\n  condition: the lease of the garden room is renewed"),
    )
    in_force(amended, SECOND, "2026-09-01", sandbox)
    found = document(amended, sandbox).restated
    assert found is not None
    assert found.mark == "Restated copy – unsigned, not in force"
    assert "and Amendment No. 2 (executed on 1 September 2026). It is" in found.notice


def test_a_character_of_the_notice_that_cannot_be_shown_is_told(amended: Path, tmp_path: Path) -> None:
    path = amended / "templates" / "amendment" / "operative.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\nrestated_mark: Copy \u05d0\n", encoding="utf-8")
    for command in (("build", NAME, "--format", "pdf", "--out", str(tmp_path / "out")), ("check", NAME)):
        result = invoke(amended, *command)
        assert result.exit_code == 1, result.output
        assert "no font of the PDF has the character “\u05d0”" in result.output
        assert "templates/amendment/operative.yaml" in result.output
