"""`clausebook new`: a first deal that passes the check, and a copy of another that does."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.lifecycle.turns import send
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from tests.support.bad_input import good_agreement, tame_repository, tree_state
from tests.support.checks import nothing_but_approvals
from tests.support.executed_repositories import AMENDMENT, EXECUTED, record
from tests.support.repositories import DEALS, nda_repository, partnership_repository
from tests.support.tiers import sampled

pytestmark = pytest.mark.slow("new agreements of every type, checked by the command")


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


def data_of(root: Path, name: str) -> dict[str, object]:
    """Return an agreement's data."""
    value = load_yaml((root / "agreements" / f"{name}.yaml").read_bytes(), name).value
    assert isinstance(value, dict)
    return value


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a repository of the small type, whose schemas tell next to nothing."""
    return nda_repository(tmp_path)


@pytest.fixture(scope="module")
def samples(amended: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tests' own deals and library, with an amendment among them."""
    return shutil.copytree(amended, tmp_path_factory.mktemp("samples") / "repository")


def test_a_new_agreement_passes_the_check_and_is_the_least(small: Path) -> None:
    done = invoke(small, "new", "nda", "owl-and-tit")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "written: agreements/owl-and-tit.yaml\n"
        "It passes the check, which warns of each blank. Fill in the 5 blanks in [ ], and look at every value.\n"
    )
    assert (small / "agreements" / "owl-and-tit.yaml").read_text(encoding="utf-8") == NEW_NDA
    checked = invoke(small, "check")
    assert checked.exit_code == 0
    assert checked.stdout.count("[core/value-blank]") == 5
    assert checked.stdout.endswith("5 warnings\n2 agreements checked\n")
    assert invoke(small, "check", "--strict").exit_code == 1, "a blank is not to be signed"


NEW_NDA = """\
# yaml-language-server: $schema=../schemas/nda/agreement.schema.json

# The least that an agreement of the type nda must say. Fill in what stands in [ ], and look at every
# other value: it is an example. A comment with + names what may be added there and, where that is known, what
# holds without it.
# Then run: clausebook check owl-and-tit

id: owl-and-tit
type: nda
title: Owl And Tit
version: "0.1"
# One of: draft, approved.
status: draft

parties:
  - key: party-1
    legal_name: "[Legal name 1]"
    short_name: "[Short name 1]"
    # + registration, identifier, formerly, successor_to
  - key: party-2
    legal_name: "[Legal name 2]"
    short_name: "[Short name 2]"

secrets:
  topic: "[Topic]"
  kept_for: P30D
  # + exceptions: It decides whether the contract has “Limits”.

signatures:
  - party: party-1
    # + name
  - party: party-2

# + links: The agreements that this one is under, accompanies or replaces, by id. Internal: not printed.
"""


def test_a_new_partnership_passes_the_check_and_explains_itself(samples: Path) -> None:
    done = invoke(samples, "new", "partnership", "harbor-telehealth")
    assert (done.exit_code, done.stderr) == (0, "")
    blanks = re.search(r"the (\d+) blanks", done.stdout)
    checked = invoke(samples, "check", "harbor-telehealth")
    assert blanks
    assert checked.exit_code == 0
    assert checked.stdout.count("[core/value-blank]") == int(blanks[1])
    assert checked.stdout.endswith(f"{blanks[1]} warnings\n1 agreement checked\n")
    text = (samples / "agreements" / "harbor-telehealth.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schemas/partnership/agreement.schema.json\n")
    assert max(map(len, text.splitlines())) <= 120
    # What silence decides, from the schema and from the outline.
    assert (
        "# + exclusivity: Whether a party promises not to do the same with others. Left out: nobody is bound." in text
    )
    assert "It decides whether the contract has “Reversion of Intellectual Property”." in " ".join(
        line.strip("# ") for line in text.splitlines()
    )
    # What has nothing in it yet says what keeps anybody from writing below it; so does the error of who does.
    empty = [line for line in text.splitlines() if "{}" in line and not line.lstrip().startswith("#")]
    assert empty
    assert all(line.endswith(": {}  # to write below it, delete the {}") for line in empty)
    # Which clause fills the slot, and which others there are.
    assert "Its clause is ip-shared; `clauses` below may" in text
    # Each side of the deal owes its own duties, as in the schema's example.
    roles = data_of(samples, "harbor-telehealth")["roles_and_responsibilities"]
    assert '"healthcare_partner": {"duties": [{"party": "party-1"' in json.dumps(roles)
    assert '"non_healthcare_partner": {"duties": [{"party": "party-2"' in json.dumps(roles)


def test_nothing_can_be_taken_out_of_a_new_partnership(samples: Path, tmp_path: Path) -> None:
    root = partnership_repository(tmp_path)
    invoke(root, "new", "partnership", "least")
    path = root / "agreements" / "least.yaml"
    text = path.read_text(encoding="utf-8")
    sections = [name for name in data_of(root, "least") if re.search(rf"^{name}:", text, re.MULTILINE)]
    assert len(sections) == 16
    for line in (line for line in text.splitlines() if re.fullmatch(r"    (scope|text|governing_law): .*", line)):
        path.write_text(text.replace(f"{line}\n", ""), encoding="utf-8")
        assert invoke(root, "check", "least").exit_code == 1, line


@pytest.mark.parametrize(
    ("arguments", "message", "mend"),
    [
        (("ndaa", "owl"), "there is no agreement type `ndaa`", "did you mean `nda`?"),
        (("nda", "sparrow-finch"), "`sparrow-finch` is taken: `agreements/sparrow-finch.yaml` is there", "another id"),
        (("nda", "robin"), "`robin` is taken: `agreements/robin/` is there already", "another id"),
        (("nda", "wren"), "`wren` is taken: `agreements/executed/wren/` is there already", "another id"),
        (("nda", "heron"), "`heron` is taken: `agreements/Heron.yml` is there already", "another id"),
        (("nda", "sparrow-finch-amendment-2"), "is kept for an amendment of `sparrow-finch`", "another id"),
        (("nda", "executed"), "executed cannot be an id", "another id"),
        (("nda", "../owl"), "holds a path", "another id"),
        (("nda", "Owl"), "cannot be an id", "another id"),
        (
            ("nda", "owl", "--like", "sparow-finch"),
            "there is no agreement `sparow-finch`",
            "did you mean `sparrow-finch`?",
        ),
    ],
)
def test_what_cannot_be_begun_is_said(small: Path, arguments: tuple[str, ...], message: str, mend: str) -> None:
    for folder in ("robin", "executed/wren"):
        (small / "agreements" / folder).mkdir(parents=True)
    (small / "agreements" / "Heron.yml").write_text("id: heron\n", encoding="utf-8")
    before = tree_state(small)
    done = invoke(small, "new", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert mend in done.stderr
    assert tree_state(small) == before


def test_an_id_that_the_type_does_not_allow_is_refused(samples: Path) -> None:
    done = invoke(samples, "new", "partnership", "1st-deal")
    assert done.exit_code == 2
    assert "begins with a letter" in done.stderr


def test_an_amendment_is_not_begun_this_way(samples: Path) -> None:
    done = invoke(samples, "new", "amendment", "second-thoughts")
    assert done.exit_code == 2
    assert "is drafted from the agreement that it amends" in done.stderr
    done = invoke(samples, "new", "partnership", "second-thoughts", "--like", AMENDMENT)
    assert done.exit_code == 2
    assert f"copy that agreement: --like {EXECUTED}" in done.stderr


def test_a_type_whose_clauses_need_what_its_schemas_do_not_ask_for(small: Path) -> None:
    path = small / "schemas" / "nda" / "agreement.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"]["secrets"]["required"] = []
    path.write_text(json.dumps(schema), encoding="utf-8")
    assert invoke(small, "new", "nda", "owl-and-tit").exit_code == 0
    assert data_of(small, "owl-and-tit")["secrets"] == {"topic": "[Topic]", "kept_for": "P30D"}
    # No value could do: nothing is written, and it is said what is wrong.
    clause = small / "templates" / "nda" / "clauses" / "keeping.md"
    clause.write_text(clause.read_text(encoding="utf-8") + "{{ party('owl').legal_name }}\n", encoding="utf-8")
    done = invoke(small, "new", "nda", "owl-and-wren")
    assert done.exit_code == 2
    assert "makes no agreement that passes: no party has the key `owl`" in done.stderr
    assert "--like" in done.stderr
    assert not (small / "agreements" / "owl-and-wren.yaml").exists()


def test_a_type_with_errors_is_reported(small: Path) -> None:
    (small / "templates" / "nda" / "outline.yaml").write_text("kind: [\n", encoding="utf-8")
    done = invoke(small, "new", "nda", "owl-and-tit")
    assert done.exit_code == 1
    assert "templates/nda/outline.yaml" in done.stdout
    assert "Nothing was written." in done.stdout


@pytest.mark.parametrize("like", sampled(DEALS, ["health-ecosystem-hub", "innovation-lab"], "the other deals"))
def test_a_copy_of_each_agreement_passes_the_check(samples: Path, like: str) -> None:
    done = invoke(samples, "new", "partnership", f"copy-of-{like}", "--like", like)
    assert (done.exit_code, done.stderr) == (0, "")
    checked = invoke(samples, "check", f"copy-of-{like}")
    assert nothing_but_approvals(checked)
    old, new = data_of(samples, like), data_of(samples, f"copy-of-{like}")
    assert new == {
        **{key: value for key, value in old.items() if key not in ("approvals", "lifecycle")},
        "id": f"copy-of-{like}",
        "version": "0.1",
        "status": "draft",
    }
    folders = [samples / "agreements" / name for name in (like, f"copy-of-{like}")]
    words = [{path.name: path.read_bytes() for path in folder.glob("*.md")} for folder in folders]
    assert words[0] == words[1]
    assert [path.name for path in folders[1].glob("*") if path.suffix != ".md"] == []


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_copy_keeps_every_other_line(tmp_path: Path, ending: str) -> None:
    root = tame_repository(tmp_path)
    wanted = good_agreement(
        root,
        "wren-robin",
        ("status: approved", "status: approved   # since May"),
        ("secrets:", "# What is kept secret.\nsecrets:"),
    )
    text = wanted.read_text(encoding="utf-8")
    path = root / "schemas" / "nda" / "agreement.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"] |= {"approvals": {}, "lifecycle": {}}
    path.write_text(json.dumps(schema), encoding="utf-8")
    head, _, rest = text.partition("signatures:")
    approvals = "# Both approved it.\napprovals:\n  - by: Ada\n    # in May\n    date: 2026-05-01\n\n"
    whole = f"{head}{approvals}# Who signs.\nsignatures:{rest}"
    wanted.with_suffix(".yml").write_bytes(whole.replace("\n", ending).encode())
    wanted.unlink()
    done = invoke(root, "new", "nda", "owl-and-tit", "--like", "wren-robin")
    assert done.exit_code == 0, done.output
    assert "Not copied: its approvals." in done.stdout
    copy = (root / "agreements" / "owl-and-tit.yaml").read_bytes().decode()
    expected = f"{head}# Who signs.\nsignatures:{rest}"
    for old, new in (
        ("id: wren-robin", "id: owl-and-tit"),
        ('"1.0"', '"0.1"'),
        ("status: approved ", "status: draft "),
    ):
        expected = expected.replace(old, new, 1)
    first, _, others = expected.partition("\n")
    said = "# Copied from wren-robin, version 1.0: what follows is that deal's until you change it."
    assert copy == f"{first}\n\n{said}\n{others}".replace("\n", ending)


def test_a_copy_of_an_ended_agreement_begins_anew(tmp_path: Path) -> None:
    root = partnership_repository(tmp_path)
    path = root / "agreements" / "retail-telehealth.yaml"
    # As a draft it may be sent before all is approved.
    path.write_text(path.read_text(encoding="utf-8").replace("status: approved", "status: in-review"), encoding="utf-8")
    with Project(root) as project:
        send(project, "retail-telehealth", "2026-01-05", "cornerway")
        record(root, "retail-telehealth", "2026-11-12", project.sandbox)
    path = root / "agreements" / "retail-telehealth.yaml"
    text = path.read_text(encoding="utf-8")
    ended = "\n# Its end.\nlifecycle:\n  ended: {on: 2030-02-28, why: It was not renewed.}\n"
    path.write_text(text.replace("status: executed", "status: expired") + ended, encoding="utf-8")
    assert invoke(root, "check", "retail-telehealth").exit_code == 0
    done = invoke(root, "new", "partnership", "owl-and-tit", "--like", "retail-telehealth")
    assert "Not copied: what became of it, its turns, its records.\n" in done.stdout
    assert nothing_but_approvals(invoke(root, "check", "owl-and-tit"))
    copy = (root / "agreements" / "owl-and-tit.yaml").read_text(encoding="utf-8")
    assert "lifecycle" not in copy
    assert "# Its end." not in copy


def test_a_deal_with_errors_is_not_copied(tmp_path: Path) -> None:
    root = tame_repository(tmp_path)
    good_agreement(root, "wren-robin", ("kept_for: P3Y", "kept_for: three years"))
    done = invoke(root, "new", "nda", "owl-and-tit", "--like", "wren-robin")
    assert done.exit_code == 1
    assert "agreements/wren-robin.yaml:12:13: error" in done.stdout
    assert "Nothing was written." in done.stdout
    assert not (root / "agreements" / "owl-and-tit.yaml").exists()


def test_a_copy_goes_by_the_library_of_today(samples: Path, tmp_path: Path) -> None:
    # The deal that was sent keeps the library as sent; what a copy of it lacks today is said where it stands.
    root = partnership_repository(tmp_path)
    path = root / "agreements" / "retail-telehealth.yaml"
    # As a draft it may be sent before all is approved.
    path.write_text(path.read_text(encoding="utf-8").replace("status: approved", "status: in-review"), encoding="utf-8")
    with Project(root) as project:
        send(project, "retail-telehealth", "2026-01-05", "cornerway")
    path = root / "schemas" / "partnership" / "purpose.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"]["objective"]["required"].append("sponsor")
    schema["properties"]["objective"]["properties"]["sponsor"] = {"type": "string"}
    path.write_text(json.dumps(schema), encoding="utf-8")
    assert invoke(root, "check", "retail-telehealth").exit_code == 0
    done = invoke(root, "new", "partnership", "owl-and-tit", "--like", "retail-telehealth")
    assert done.exit_code == 1
    assert re.search(r"agreements/retail-telehealth.yaml:\d+:\d+: error: `sponsor` is missing", done.stdout)
    assert not (root / "agreements" / "owl-and-tit.yaml").exists()
