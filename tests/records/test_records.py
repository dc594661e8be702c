"""Records of executed agreements: what proves them, what is said of edits, and who knows of them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clausebook.cli.main import cli
from clausebook.document.fingerprints import fingerprint
from clausebook.document.interchange import from_json
from clausebook.document.outgoing import outgoing
from clausebook.history.revisions import history
from clausebook.history.sources import sources
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.wet_ink import Returned
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from clausebook.records.record_files import document_of, executed, read_executed
from clausebook.render.markdown import render_markdown
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import head_of
from clausebook.repository.hashed import HashedDisk
from clausebook.review.reviewing import review
from clausebook.signing.sign import sign
from tests.support import signing_keys, signing_pdfs
from tests.support.git_repositories import Repository
from tests.support.record_cases import (
    CLAUSES,
    DEAL,
    KEEPING,
    NAME,
    PDF,
    RECORD,
    committed_repository,
    edit,
    executed_version,
    raise_library,
)

pytestmark = pytest.mark.slow("records written by execution, then edited in every way")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """A repository with a committed record, whose signed file is the real PDF of the agreement, unsigned."""
    made = committed_repository(tmp_path_factory.mktemp("template"))
    project = Project(made.project, sandbox)
    pdf = project.render(project.assemble(project.files([NAME])[0]), ("pdf",))[f"{NAME}.pdf"]
    executed_version(made, sandbox, Returned([pdf]))
    made.commit("Execute")
    return made


@pytest.fixture
def repository(template: Repository, tmp_path: Path) -> Repository:
    root = tmp_path / "repository"
    shutil.copytree(template.root, root, symlinks=True)
    return Repository(root, root, list(template.commits))


def run(repository: Repository, *arguments: str) -> Result:
    """Run a command in the repository; it never fails itself."""
    done = CliRunner().invoke(cli, [*arguments, "--root", str(repository.project)])
    assert "failed itself" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def checked(repository: Repository) -> list[dict[str, Any]]:
    """Return the findings of `check`, but that a record which the base does not have like this waits for approval."""
    found: list[dict[str, Any]] = json.loads(run(repository, "check", "--report", "json").output)["findings"]
    assert not [finding for finding in found if finding["rule"] == "core/internal"], found
    return [finding for finding in found if finding["rule"] != "core/approval-missing"]


def rules(repository: Repository, severity: str = "error") -> set[str]:
    return {finding["rule"] for finding in checked(repository) if finding["severity"] == severity}


def rehash(repository: Repository, name: str) -> None:
    """Write the hash of a changed file into the record, as whoever hides an edit would."""
    place = repository.project / RECORD
    record: Any = load_yaml((place / "record.yaml").read_bytes(), "").value
    old = next(file["sha256"] for file in record["files"] if file["name"] == name)
    new = hashlib.sha256((place / name).read_bytes()).hexdigest()
    edit(repository, f"{RECORD}/record.yaml", old, new)


def test_a_whole_record_has_no_findings(repository: Repository) -> None:
    assert checked(repository) == []
    assert run(repository, "check").output == "1 agreement checked\n"


@pytest.mark.parametrize("name", ["agreement.md", "data.json", "document.json", "signed.pdf"])
def test_every_file_is_proven(repository: Repository, name: str) -> None:
    place = repository.project / RECORD / name
    content = place.read_bytes()
    place.write_bytes(content + b"\n")
    assert {"core/record-damaged", "core/record-edited"} <= rules(repository)
    place.unlink()
    assert "core/file-unreadable" in rules(repository)
    place.mkdir()
    assert rules(repository)
    place.rmdir()
    place.write_bytes(content)
    assert checked(repository) == []


def test_what_is_not_part_of_a_record_is_told(repository: Repository) -> None:
    for path in (
        f"{RECORD}/notes.txt",
        f"{RECORD}/more/a.txt",
        f"agreements/executed/{NAME}/loose.txt",
        "agreements/executed/a.txt",
    ):
        place = repository.project / path
        place.parent.mkdir(exist_ok=True)
        place.write_text("hello\n", encoding="utf-8")
        assert rules(repository) == {"core/record-stray"}, path
        place.unlink()
    shutil.rmtree(repository.project / RECORD / "more")
    assert checked(repository) == []


def test_an_edit_that_hides_itself_is_seen_in_git(repository: Repository) -> None:
    place = repository.project / RECORD
    edit(repository, f"{RECORD}/document.json", "garden birds", "sea birds")
    document = from_json((place / "document.json").read_bytes())
    record: Any = load_yaml((place / "record.yaml").read_bytes(), "").value
    edit(repository, f"{RECORD}/record.yaml", record["text"], fingerprint(document))
    rehash(repository, "document.json")
    (place / "agreement.md").write_text(render_markdown(outgoing(document)), encoding="utf-8")
    rehash(repository, "agreement.md")
    said = " ".join(finding["message"] for finding in checked(repository))
    assert "has another text attached" in said
    repository.commit("Nothing to see here")
    assert {"core/record-edited", "core/record-damaged"} <= rules(repository)
    repository.commit("Back", {path.relative_to(repository.project).as_posix(): None for path in place.iterdir()})
    assert "core/record-damaged" in rules(repository), "an empty folder is no record"
    place.rmdir()
    assert "core/record-missing" in rules(repository)
    assert "core/record-gone" in rules(repository, "warning"), "a record that is gone is missed"
    repository.git("checkout", "--quiet", repository.commits[1], "--", RECORD)
    assert checked(repository) == []


def test_what_git_stores_through_a_filter_is_compared_as_it_is_stored(repository: Repository) -> None:
    """As with Git LFS: what is committed is not what lies in the folder."""
    program = "import sys; sys.stdout.write(sys.stdin.buffer.read().hex())"
    repository.git("config", "filter.hex.clean", f'"{Path(sys.executable).as_posix()}" -c "{program}"')
    repository.git("config", "filter.hex.required", "true")
    (repository.root / ".gitattributes").write_text("*.pdf filter=hex\n", encoding="utf-8")
    repository.git("checkout", "--quiet", "--orphan", "stored")
    repository.git("read-tree", "--empty")
    repository.commit("Keep signed files elsewhere")
    stored = repository.git("show", f"HEAD:./{RECORD}/signed.pdf").strip()
    signed = repository.project / RECORD / "signed.pdf"
    assert bytes.fromhex(stored) == signed.read_bytes()
    assert checked(repository) == []
    signed.write_bytes(signed.read_bytes() + b"%")
    rehash(repository, "signed.pdf")
    assert rules(repository) == {"core/record-edited"}
    repository.git("config", "filter.hex.clean", "no-such-program")
    assert rules(repository) == set()
    assert rules(repository, "note") == {"core/record-history"}, "what cannot be told is said"


def test_words_of_the_markdown_are_those_of_the_document(repository: Repository) -> None:
    edit(repository, f"{RECORD}/agreement.md", "garden birds", "sea birds")
    rehash(repository, "agreement.md")
    said = " ".join(finding["message"] for finding in checked(repository))
    assert "has not the words of document.json" in said


@pytest.mark.parametrize("mark", ["*{}*", "<strong>{}</strong>"])
def test_marks_of_the_markdown_may_be_those_of_another_engine(repository: Repository, mark: str) -> None:
    edit(repository, f"{RECORD}/agreement.md", "**Talks about a bird atlas**", mark.format("Talks about a bird atlas"))
    rehash(repository, "agreement.md")
    assert rules(repository) == {"core/record-edited"}


def test_without_git_edits_cannot_be_told(repository: Repository, tmp_path: Path) -> None:
    shutil.rmtree(repository.root / ".git")
    assert rules(repository, "note") == {"core/record-history"}
    assert rules(repository) == set()


def test_a_shallow_clone_says_so(repository: Repository, tmp_path: Path) -> None:
    repository.commit("More", {"README.md": "hello\n"})
    repository.git("clone", "--quiet", "--depth", "1", f"file://{repository.root}", str(tmp_path / "shallow"))
    clone = Repository(tmp_path / "shallow", tmp_path / "shallow")
    assert rules(clone, "note") == {"core/record-history"}
    assert rules(clone) == set()


def test_line_ends_of_a_checkout_are_no_edit(repository: Repository) -> None:
    for name in ("record.yaml", "document.json", "data.json", "agreement.md"):
        place = repository.project / RECORD / name
        place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    assert checked(repository) == []


HOSTILE: dict[str, list[bytes]] = {
    "record.yaml": [
        b"", b"\0", b"[]", b"a: &a [*a]", b"format: clausebook-record/1\n", b"x" * (2 << 20), b"format: [" * 2000,
        b"format: clausebook-record/1\nversion: '2.0'\n", b"format: clausebook-record/3\n",
    ],
    "document.json": [
        b"", b"{}", b"[" * 100_000, b"x" * (17 << 20), b'{"format":"clausebook-document/1","document":{"id":[]}}',
    ],
    "data.json": [b"", b"[]", b'{"a":' * 50_000, b'{"id": "\\ud800"}', b"1e999", b"x" * (17 << 20)],
    "signed.pdf": [b"", b"%PDF-1.7", b"\0" * 1000, b"%PDF-1.7\n" + b"(" * 100_000],
    "agreement.md": [b"", b"\xff\xfe\0"],
}  # fmt: skip


@pytest.mark.parametrize("rehashed", [False, True])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_records_are_findings(repository: Repository, name: str, rehashed: bool) -> None:
    record = (repository.project / RECORD / "record.yaml").read_bytes()
    for content in HOSTILE[name]:
        (repository.project / RECORD / "record.yaml").write_bytes(record)
        (repository.project / RECORD / name).write_bytes(content)
        if rehashed and name != "record.yaml":
            rehash(repository, name)
        found = checked(repository)
        assert [finding for finding in found if finding["severity"] == "error"], content[:40]


def test_fields_of_a_record_are_read_strictly(repository: Repository) -> None:
    place = repository.project / RECORD / "record.yaml"
    content = place.read_text(encoding="utf-8")
    for old, new in (
        ("date: 2026-03-10", "date: 2026-99-10"),
        ("date: 2026-03-10", "date: [1]"),
        ("version:", "versions:"),
        ("verdict:", "extra: a\nverdict:"),
        ("clauses:\n", "clauses: []\nclauses:\n"),
        ('name: "signed.pdf"', 'name: "../../../../etc/passwd"'),
        ('name: "signed.pdf"', 'name: "data.json"'),
        ('name: "signed.pdf"', "name: 7"),
        ("agreement: ", "agreement: other # "),
        ("type: ", "type: true # "),
    ):
        assert old in content
        place.write_text(content.replace(old, new, 1), encoding="utf-8")
        assert "core/record-damaged" in rules(repository) or "core/yaml-duplicate-key" in rules(repository), (old, new)


def test_links_in_records_are_findings(repository: Repository, tmp_path: Path) -> None:
    place = repository.project / RECORD
    inside, outside = repository.project / "copy.pdf", tmp_path / "outside.pdf"
    for target in (inside, outside):
        shutil.copy(place / "signed.pdf", target)
        (place / "signed.pdf").unlink()
        (place / "signed.pdf").symlink_to(target)
        assert rules(repository)
        (place / "signed.pdf").unlink()
        shutil.copy(target, place / "signed.pdf")
    moved = repository.project / "moved"
    shutil.move(place, moved)
    place.symlink_to(moved)
    assert rules(repository)
    place.unlink()
    place.symlink_to(place)
    assert rules(repository)


def test_a_large_signed_file_is_read(repository: Repository) -> None:
    place = repository.project / RECORD / "signed.pdf"
    place.write_bytes(place.read_bytes() + b"%" * (3 << 20))
    rehash(repository, "signed.pdf")
    found = checked(repository)
    assert {finding["rule"] for finding in found} == {"core/record-edited"}
    with place.open("r+b") as file:
        file.truncate((64 << 20) + 1)
    assert any("at most 64 MiB" in finding["message"] for finding in checked(repository))


def orphan(repository: Repository) -> dict[str, Any]:
    (found,) = [finding for finding in checked(repository) if finding["rule"] == "core/record-orphan"]
    assert found["severity"] == "error"
    return found


def test_the_file_of_an_executed_agreement_that_is_gone_is_brought_back(repository: Repository) -> None:
    repository.commit("Note something", {DEAL: (repository.project / DEAL).read_text() + "# last\n"})
    last = repository.commits[-1]
    content = (repository.project / DEAL).read_bytes()
    (repository.project / DEAL).unlink()
    for _ in ("not committed yet", "committed"):
        found = orphan(repository)
        assert f"executed as version 1.0 on 2026-03-10, but the agreement's file {DEAL} is gone" in found["message"]
        command = re.search(r"git checkout [0-9a-f]+ -- .+", found["hint"])
        assert command, found["hint"]
        assert last.startswith(command[0].split()[2])
        repository.git(*command[0].split()[1:])
        assert (repository.project / DEAL).read_bytes() == content
        assert checked(repository) == []
        repository.commit("Drop it", {DEAL: None})


def test_its_folder_comes_back_with_it(repository: Repository) -> None:
    folder = f"agreements/{NAME}"
    repository.commit("Keep a wording", {f"{folder}/notes.md": "Words.\n"})
    repository.git("rm", "--quiet", "-r", DEAL, folder)
    repository.commit("Drop both")
    hint = orphan(repository)["hint"]
    assert hint.endswith(f"git checkout {repository.commits[-2][:12]} -- {DEAL} {folder}")
    repository.git(*hint.partition("git ")[2].split())
    assert (repository.project / folder / "notes.md").is_file()


def test_the_file_that_was_lost_in_a_merge_is_brought_back(repository: Repository) -> None:
    last, content = repository.git("rev-parse", "HEAD").strip(), (repository.project / DEAL).read_bytes()
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.git("rm", "--quiet", "--cached", DEAL)
    (repository.project / DEAL).unlink()
    repository.commit("Begin elsewhere")
    repository.git("merge", "--quiet", "--allow-unrelated-histories", "--strategy", "ours", "-m", "Join", last)
    assert f"git checkout {last[:12]} -- {DEAL}" in orphan(repository)["hint"]
    repository.git("checkout", last[:12], "--", DEAL)
    assert (repository.project / DEAL).read_bytes() == content


def test_a_file_that_git_does_not_have_is_made_from_the_record(repository: Repository) -> None:
    shutil.rmtree(repository.root / ".git")
    (repository.project / DEAL).unlink()
    hint = orphan(repository)["hint"]
    assert hint.endswith(f"copy {RECORD}/data.json to {DEAL}, and set its `status` to executed")
    shutil.copy(repository.project / RECORD / "data.json", repository.project / DEAL)
    edit(repository, DEAL, '"status":"approved"', '"status":"executed"')
    assert rules(repository) == set()


def test_a_record_of_no_agreement_is_told(repository: Repository) -> None:
    folder = repository.project / "agreements/executed"
    shutil.copytree(folder / NAME, folder / "heron")
    assert orphan(repository)["hint"] == "an executed agreement keeps its id", "its record is that of another one"
    shutil.rmtree(folder / "heron")
    for name in ("-x; rm a", "$(a)", "*"):
        shutil.copytree(folder / NAME, folder / name)
        assert "git" not in orphan(repository)["hint"]
        shutil.rmtree(folder / name)


def test_drift_of_the_library_is_one_note_a_clause(repository: Repository, sandbox: Sandbox) -> None:
    other = (repository.project / DEAL).read_text(encoding="utf-8").replace(NAME, "heron-kite")
    other = other.replace("status: executed", "status: approved")
    (repository.project / "agreements/heron-kite.yaml").write_text(other, encoding="utf-8")
    assert "core/record-drift" not in rules(repository, "note")
    raise_library(repository)
    found = [finding for finding in checked(repository) if finding["rule"] == "core/record-drift"]
    assert [finding["message"] for finding in found] == [
        f"1 executed agreement still runs on version 1.0 of `keeping` (now 1.1): {NAME}"
    ]
    assert found[0]["path"] == KEEPING
    assert found[0]["message"] in run(repository, "check").output
    edit(repository, DEAL, "status: executed", "status: expired")
    assert "core/record-drift" not in rules(repository, "note"), "what has expired does not run"


def test_several_executed_agreements_are_counted(repository: Repository, sandbox: Sandbox) -> None:
    from clausebook.lifecycle.execution import execute
    from tests.support.record_cases import Stub

    other = (repository.project / DEAL).read_text(encoding="utf-8").replace(NAME, "heron-kite")
    (repository.project / "agreements/heron-kite.yaml").write_text(
        other.replace("status: executed", "status: approved"), encoding="utf-8"
    )
    execute(
        Project(repository.project, sandbox), "heron-kite", Returned([PDF]), Stub(agreement="heron-kite"), "2026-05-01"
    )
    raise_library(repository)
    said = " ".join(finding["message"] for finding in checked(repository) if finding["rule"] == "core/record-drift")
    assert said == f"2 executed agreements still run on version 1.0 of `keeping` (now 1.1): heron-kite, {NAME}"


def test_the_record_is_read_at_every_revision(repository: Repository, sandbox: Sandbox) -> None:
    raise_library(repository)
    repository.commit("Reword the library")
    edit(repository, DEAL, "status: executed", "status: active")
    repository.commit("Begin")
    edit(repository, DEAL, 'version: "1.0"', 'version: "1.1"')
    edit(repository, DEAL, "status: active", "status: draft")
    edit(repository, DEAL, "a printed atlas", "a drawn atlas")
    repository.commit("Draft again")
    found = history(repository.project, NAME)
    assert [each.subject for each in found.revisions] == ["Draft again", "First draft"]
    assert [each.problem for each in found.revisions] == ["", ""]
    with Git(repository.project) as git:
        tree = GitTree(git, head_of(git) or "")
        (record,) = executed(tree, NAME)
        disk = HashedDisk(repository.project)
        assert executed(disk, NAME) == (record,)
        assert document_of(tree, record) == document_of(disk, record)
        assert sources(tree, NAME) == sources(disk, NAME)


def test_the_executed_text_is_a_base(repository: Repository) -> None:
    edit(repository, DEAL, 'version: "1.0"', 'version: "1.1"')
    edit(repository, DEAL, "status: executed", "status: draft")
    edit(repository, DEAL, "a printed atlas", "a drawn atlas")
    done = run(repository, "redline", NAME, "executed")
    assert done.exit_code == 0
    assert "From: Version 1.0 as executed on 2026-03-10" in done.output
    assert "[-printed-]{+drawn+}" in done.output
    assert "/secrets/topic" in done.output


def test_a_review_knows_what_is_executed(repository: Repository, sandbox: Sandbox) -> None:
    raise_library(repository)
    repository.commit("Reword the library")
    found = review(repository.project, "HEAD~1", "HEAD", sandbox, exact=True)
    (clause,) = found.library
    assert (clause.name, clause.touched, clause.executed) == ("keeping", (), ())
    assert found.agreements == ()
    edit(repository, DEAL, 'version: "1.0"', 'version: "1.1"')
    edit(repository, DEAL, "status: executed", "status: draft")
    edit(repository, DEAL, "a printed atlas", "a drawn atlas")
    found = review(repository.project, "HEAD", "", sandbox, exact=True)
    (agreement,) = found.agreements
    assert agreement.executed
    assert [change.place for change in agreement.changes] == ["term-secret"]


def test_a_review_shows_an_edit_of_executed_data(repository: Repository, sandbox: Sandbox) -> None:
    edit(repository, DEAL, "a printed atlas", "a drawn atlas")
    found = review(repository.project, "HEAD", "", sandbox, exact=True)
    assert "core/executed-data" in {finding.rule for finding in found.findings}


def test_executed_outputs_are_those_that_were_signed(repository: Repository, sandbox: Sandbox) -> None:
    raise_library(repository)
    project = Project(repository.project, sandbox)
    rendered = project.render(project.assemble(project.files([NAME])[0]), ("pdf", "md"))
    assert rendered[f"{NAME}.pdf"] == (repository.project / RECORD / "signed.pdf").read_bytes()
    assert rendered[f"{NAME}.md"] == (repository.project / RECORD / "agreement.md").read_bytes()


def test_a_type_that_is_gone_leaves_the_record(repository: Repository, sandbox: Sandbox) -> None:
    shutil.rmtree(repository.project / "templates/nda")
    shutil.rmtree(repository.project / "schemas/nda")
    project = Project(repository.project, sandbox)
    found = project.assemble(project.files([NAME])[0])
    assert found.document
    assert found.record


def test_reading_records_is_pure(repository: Repository) -> None:
    before = repository.state()
    for _ in range(2):
        found, problems = read_executed(HashedDisk(repository.project), NAME)
        assert (len(found), problems) == (1, ())
    assert repository.state() == before
    assert executed(HashedDisk(repository.project), "../../etc") == ()
    assert executed(HashedDisk(repository.project), "nobody") == ()


def test_signed_in_its_fields_then_executed(tmp_path: Path) -> None:
    """The way through with nothing imitated: build, send, sign twice, execute, check, and build the same again."""
    repository = committed_repository(tmp_path)
    root = signing_keys.root()
    (tmp_path / "root.pem").write_bytes(root.pem)
    edit(repository, DEAL, "{party: finch}", "{party: finch, name: Finn Sample}")
    assert run(repository, "send", NAME, "--date", "2026-03-04").exit_code == 0
    repository.commit("Send")
    out = str(tmp_path / "out")
    assert run(repository, "build", NAME, "--format", "pdf", "--out", out).exit_code == 0
    built = (tmp_path / f"out/agreements/{NAME}/{NAME}.pdf").read_bytes()
    signed = built
    for field, name in (("sparrow-1-signature", "Wren Example"), ("finch-1-signature", "Finn Sample")):
        signer = signing_keys.issue(name, signing_keys.intermediate(), organisation="Example")
        signed = sign(signed, field, signer.credentials(), signing_pdfs.WISHES)
        (tmp_path / f"{field}.pdf").write_bytes(signed)
    half, whole = (str(tmp_path / f"{field}.pdf") for field in ("sparrow-1-signature", "finch-1-signature"))
    trust = [f"--trust={party}={tmp_path / 'root.pem'}" for party in ("sparrow", "finch")]
    before = repository.state()
    (tmp_path / "broken.pdf").write_bytes(signed.replace(b"/Type", b"/Tipe", 3))
    (tmp_path / "none.pdf").write_bytes(b"hello")
    for file, code in ((half, 3), (str(tmp_path / "broken.pdf"), 1), (str(tmp_path / "none.pdf"), 4)):
        done = run(repository, "execute", NAME, "--signed", file, *trust)
        assert (done.exit_code, "Nothing was written" in done.output) == (code, True), done.output
    assert run(repository, "execute", NAME, "--signed", whole).exit_code == 3, "nobody is trusted without a root"
    assert run(repository, "execute", NAME, "--signed", str(tmp_path / "missing.pdf")).exit_code == 2
    assert repository.state() == before
    done = run(repository, "execute", NAME, "--signed", whole, *trust)
    assert done.exit_code == 0, done.output
    assert f"in {RECORD}/" in done.output
    assert run(repository, "execute", NAME, "--signed", whole, *trust).exit_code == 2
    repository.commit("Execute")
    raise_library(repository)
    (repository.project / f"{CLAUSES}/limits.md").unlink()
    slot = "      - {id: limits, clause: limits, item: /secrets, when: secrets.exceptions}\n"
    edit(repository, "templates/nda/outline.yaml", slot, "")
    assert rules(repository) == set()
    again = str(tmp_path / "again")
    assert run(repository, "build", NAME, "--format", "pdf", "--out", again).exit_code == 0
    assert (tmp_path / f"again/agreements/{NAME}/{NAME}.pdf").read_bytes() == built
    verified = run(repository, "verify", str(repository.project / RECORD / "signed.pdf"), *trust)
    assert verified.exit_code == 0, verified.output


def test_half_a_record_is_told_and_can_be_removed(repository: Repository) -> None:
    (repository.project / RECORD / "record.yaml").unlink()
    found = [finding for finding in checked(repository) if finding["rule"] == "core/record-damaged"]
    assert [finding["path"] for finding in found] == [RECORD]
    assert "move the folder out of the repository, with the signed file in it" in found[0]["hint"]
    shutil.rmtree(repository.project / RECORD)
    edit(repository, DEAL, "status: executed", "status: approved")
    assert rules(repository) == set()
