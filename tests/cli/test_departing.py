"""`clausebook depart`: words of a deal's own that begin as the library's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.language.sandbox import Sandbox
from tests.support.bad_input import tame_repository, tree_state
from tests.support.checks import nothing_but_approvals
from tests.support.executed_repositories import record
from tests.support.repositories import nda_repository, partnership_repository

REASON = "The atlas is printed: in year two."


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with a fallback for a slot, and an agreement without the other slot."""
    folder = tame_repository(tmp_path)
    clauses = folder / "templates" / "nda" / "clauses"
    text = (clauses / "keeping.md").read_text(encoding="utf-8")
    for old, new in (
        ("id: keeping", "id: keeping-short"),
        ("position: standard", "position: fallback 1\napprover: General Counsel"),
        ("guidance: Always used.", "obligations:\n  - {who: all, what: keep secrets}   # the one duty"),
    ):
        text = text.replace(old, new)
    (clauses / "keeping-short.md").write_text(text, encoding="utf-8")
    begin_filled_in(folder, "nda")
    return folder


def begin_filled_in(root: Path, kind: str) -> None:
    """Begin `owl-deal`, and write something into each of its blanks."""
    assert invoke(root, "new", kind, "owl-deal").exit_code == 0
    path = root / "agreements" / "owl-deal.yaml"
    text = re.sub(r"(?<=\ba )\[([A-Z])", lambda blank: f"[{blank[1].lower()}", path.read_text(encoding="utf-8"))
    path.write_text(re.sub(r"\[([A-Za-z][^\[\]]*)\]", r"\1", text), encoding="utf-8")


def test_words_of_its_own_begin_as_the_librarys(root: Path) -> None:
    before = invoke(root, "show", "sparrow-finch").stdout
    path = root / "agreements" / "sparrow-finch.yaml"
    text = path.read_text(encoding="utf-8")
    done = invoke(root, "depart", "sparrow-finch", "keeping", "--reason", REASON)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "written: agreements/sparrow-finch/keeping.md, from keeping 1.0; agreements/sparrow-finch.yaml names it\n"
    )
    assert path.read_text(encoding="utf-8") == f"{text}\nclauses:\n  keeping:\n    wording: keeping.md\n"
    library = (root / "templates" / "nda" / "clauses" / "keeping.md").read_text(encoding="utf-8")
    assert (root / "agreements" / "sparrow-finch" / "keeping.md").read_text(encoding="utf-8") == (
        '---\ntitle: Keeping\nslot: keeping\ndeparts_from: {clause: keeping, version: "1.0"}\n'
        f'reason: "{REASON}"\n---\n' + library.split("\n---\n", 1)[1]
    )
    assert nothing_but_approvals(invoke(root, "check"))
    assert invoke(root, "show", "sparrow-finch").stdout == before


def test_without_a_reason_the_check_asks_for_it_and_for_nothing_else(root: Path) -> None:
    done = invoke(root, "depart", "sparrow-finch", "keeping")
    assert done.exit_code == 0
    assert "Say why under `reason` in agreements/sparrow-finch/keeping.md" in done.stdout
    checked = invoke(root, "check", "sparrow-finch")
    assert checked.exit_code == 1
    assert (
        "agreements/sparrow-finch/keeping.md:1:1: error: the front matter of this wording lacks `reason`"
        in checked.stdout
    )
    assert checked.stdout.endswith("\n1 error\n")
    path = root / "agreements" / "sparrow-finch" / "keeping.md"
    text = path.read_text(encoding="utf-8")
    assert "\n# reason:\n" in text
    path.write_text(text.replace("\n# reason:\n", "\nreason: The post is slow.\n"), encoding="utf-8")
    assert nothing_but_approvals(invoke(root, "check"))


def test_the_choice_of_a_fallback_gives_way_and_its_reason_is_kept(root: Path) -> None:
    path = root / "agreements" / "sparrow-finch.yaml"
    text = path.read_text(encoding="utf-8")
    choices = (
        "\nclauses:   # chosen in May\n"
        "    keeping:   # both sides\n"
        "        use: keeping-short\n"
        "        reason: Somebody must keep it.\n"
        "\n    # The usual one.\n"
        "    limits: {use: limits}\n\n# Nothing below.\n"
    )
    path.write_text(text + choices, encoding="utf-8")
    assert invoke(root, "depart", "sparrow-finch", "keeping", "--reason", "It is ours.").exit_code == 0
    assert path.read_text(encoding="utf-8") == text + (
        "\nclauses:   # chosen in May\n"
        "    keeping:\n"
        "      wording: keeping.md\n"
        "\n    # The usual one.\n"
        "    limits: {use: limits}\n\n# Nothing below.\n"
    )
    wording = (root / "agreements" / "sparrow-finch" / "keeping.md").read_text(encoding="utf-8")
    assert wording.startswith(
        '---\ntitle: Keeping\nslot: keeping\ndeparts_from: {clause: keeping-short, version: "1.0"}\n'
        "# This clause was chosen because: Somebody must keep it.\n"
        "reason: It is ours.\n"
        "approver: General Counsel\n"
        "obligations:\n  - {who: all, what: keep secrets}   # the one duty\n---\n"
    )
    assert invoke(root, "depart", "sparrow-finch", "limits", "--reason", "It is ours.").exit_code == 0
    assert path.read_text(encoding="utf-8").endswith(
        "\n    # The usual one.\n    limits:\n      wording: limits.md\n\n# Nothing below.\n"
    )


def test_an_agreement_that_was_sent_departs_from_what_was_sent(root: Path) -> None:
    assert invoke(root, "send", "sparrow-finch", "--date", "2026-05-01").exit_code == 0
    clause = root / "templates" / "nda" / "clauses" / "keeping.md"
    front, words = clause.read_text(encoding="utf-8").split("\n---\n", 1)
    clause.write_text(front.replace('version: "1.0"', 'version: "1.1"') + "\n---\nKeep it.\n", encoding="utf-8")
    done = invoke(root, "depart", "sparrow-finch", "keeping", "--reason", "It is ours.")
    assert done.exit_code == 0
    assert "from keeping 1.0;" in done.stdout
    wording = (root / "agreements" / "sparrow-finch" / "keeping.md").read_text(encoding="utf-8")
    assert wording.endswith(f"\n---\n{words}")


def test_what_was_sent_already_is_remarked(root: Path) -> None:
    assert invoke(root, "send", "sparrow-finch", "--date", "2026-05-01").stdout.count("\n") == 1
    again = invoke(root, "send", "sparrow-finch", "--date", "2026-05-04")
    assert again.exit_code == 0
    assert again.stdout.splitlines()[1:] == ["The same text was sent already, as version 1.0 on 2026-05-01."]


@pytest.mark.slow("every kind of slot of a whole agreement")
def test_any_slot_of_a_partnership_can_depart(tmp_path: Path) -> None:
    root = partnership_repository(tmp_path)
    begin_filled_in(root, "partnership")
    before = invoke(root, "show", "owl-deal").stdout
    outline = (root / "templates" / "partnership" / "outline.yaml").read_text(encoding="utf-8")
    slots = re.findall(r"(?m)^ *- \{id: ([a-z-]+), clause: [a-z-]+, item", outline)
    assert slots
    for slot in ("opening", *slots[::6], "closing"):
        assert invoke(root, "depart", "owl-deal", slot, "--reason", "It is ours.").exit_code == 0, slot
    assert nothing_but_approvals(invoke(root, "check", "owl-deal"))
    assert invoke(root, "show", "owl-deal").stdout == before
    with Sandbox() as sandbox:
        record(root, "retail-telehealth", "2026-11-12", sandbox)
    done = invoke(root, "depart", "retail-telehealth", "opening")
    assert done.exit_code == 2
    assert "of `retail-telehealth` is executed: its words are never changed" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message", "mend"),
    [
        (("owl-del", "keeping"), "there is no agreement `owl-del`", "did you mean `owl-deal`?"),
        (("owl-deal", "keping"), "there is no slot `keping`", "did you mean `keeping`?"),
        (("owl-deal", "limits"), "is not part of `owl-deal`", "give the data that call for it"),
        (("owl-own", "keeping"), "has words of this deal's own already", "agreements/owl-own/words.md"),
        (("owl-deal", "keeping"), "`agreements/owl-deal/keeping.md` is there already", "wording: keeping.md"),
        (("owl-flow", "limits"), "is not written on lines of its own", "on a line"),
    ],
)
def test_what_cannot_depart_is_said(root: Path, arguments: tuple[str, str], message: str, mend: str) -> None:
    folder = root / "agreements"
    for name, choice, file in (
        ("owl-own", "\n  keeping: {wording: words.md}\n", "words.md"),
        ("owl-flow", " {keeping: {use: keeping-short}}\n", ""),
    ):
        assert invoke(root, "new", "nda", name, "--like", "sparrow-finch").exit_code == 0
        with (folder / f"{name}.yaml").open("a", encoding="utf-8") as agreement:
            agreement.write(f"clauses:{choice}")
        if file:
            (folder / name).mkdir()
            (folder / name / file).write_text(
                "---\n{title: A, slot: keeping, reason: B,departs_from: {clause: keeping, version: '1.0'}}\n---\nIt.\n",
                encoding="utf-8",
            )
    (folder / "owl-deal").mkdir()
    (folder / "owl-deal" / "keeping.md").write_text("---\n{}\n---\nKeep it.\n", encoding="utf-8")
    before = tree_state(root)
    done = invoke(root, "depart", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert mend in done.stderr
    assert tree_state(root) == before


def test_another_wording_that_is_not_finished_hides_no_slip(root: Path) -> None:
    assert invoke(root, "depart", "owl-deal", "keeping").exit_code == 0
    done = invoke(root, "depart", "owl-deal", "keping")
    assert "there is no slot `keping`" in done.stderr
    assert "has words of this deal's own already" in invoke(root, "depart", "owl-deal", "keeping").stderr
    (line,) = [line for line in invoke(root, "check", "owl-deal").stdout.splitlines() if "mend:" in line]
    assert line.strip() == "mend:  say there why this deal needs it, after `reason:`"


def test_a_type_without_words_of_its_own_is_told(tmp_path: Path) -> None:
    root = nda_repository(tmp_path)
    schema = root / "schemas" / "nda" / "agreement.schema.json"
    data = json.loads(schema.read_text(encoding="utf-8"))
    data["properties"].pop("clauses", None)
    schema.write_text(json.dumps(data), encoding="utf-8")
    before = tree_state(root)
    done = invoke(root, "depart", "sparrow-finch", "keeping")
    assert done.exit_code == 2
    assert "deals of the type `nda` cannot have words of their own" in done.stderr
    assert "schemas/nda/" in done.stderr
    assert tree_state(root) == before
