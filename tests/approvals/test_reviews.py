"""Reviews of a forge: of exactly what is judged, by who may approve, and only as much as they prove."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from clausebook.approvals.reviews import ForgeReview, read_reviews
from clausebook.cli.main import cli
from clausebook.findings.model import RepositoryError
from clausebook.language.sandbox import Sandbox
from tests.support import approving
from tests.support.approving import COUNSEL, DEAL, FOLDER, INES, LIBRARY, NAME, PRIVACY, RULES, TOMAS, Signed

pytestmark = [
    pytest.mark.slow("each in a git repository of its own"),
    pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="signatures are made by ssh-keygen of OpenSSH"),
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    with Sandbox() as sandbox:
        made = approving.make_signed(tmp_path_factory.mktemp("template"), sandbox)
        made.at_base(f"{LIBRARY}/approvals.yaml", RULES.replace("proof: signed", "proof: reviewed"))
        shutil.rmtree(made.path(FOLDER))
        made.commit()
        yield made


@pytest.fixture
def place(template: Signed, tmp_path: Path) -> Signed:
    return approving.copied(template, tmp_path)


def by(place: Signed, revision: str = "HEAD", *logins: str, date: str = "2026-03-02") -> list[ForgeReview]:
    """Return reviews of a revision."""
    commit = place.repository.git("rev-parse", revision)
    return [ForgeReview(login, commit, date) for login in logins or ("INES", "tomas")]


GIVEN = ["keeping: given", "limits: given", "kept-long: given"]
MISSING = ["keeping: missing", "limits: missing", "kept-long: missing"]


def test_a_review_of_what_is_checked_out_approves_it(place: Signed) -> None:
    assert place.states() == MISSING
    assert place.states(reviews=by(place)) == GIVEN
    assert place.states(reviews=by(place, "HEAD", "ines")) == [*GIVEN[:2], MISSING[2]]
    first = place.approvals(reviews=by(place)).standings[0]
    assert (first.by, first.proof, first.date) == (INES, "reviewed", "2026-03-02")


def test_a_review_of_another_commit_counts_for_nothing(place: Signed) -> None:
    reviews = by(place)
    place.edit(DEAL, ("a printed atlas", "a bound atlas"))
    assert place.states(reviews=reviews) == MISSING, "not committed"
    place.commit()
    assert place.states(reviews=reviews) == MISSING
    assert place.states(reviews=by(place)) == GIVEN
    place.write(f"{LIBRARY}/clauses/new.md", "not known to git")
    assert place.states(reviews=by(place)) == MISSING


def test_a_review_counts_in_the_merge_that_a_forge_tests(place: Signed) -> None:
    git, reviews = place.repository.git, by(place)
    git("checkout", "--quiet", "main")
    place.write("agreements/README.md", "The deals.\n")
    place.commit()
    git("checkout", "--quiet", "--detach")
    place.repository.merge("Try it", "change")
    assert place.states(reviews=reviews) == GIVEN
    place.edit(DEAL, ("a printed atlas", "a bound atlas"))
    git("commit", "--quiet", "--all", "--amend", "--no-edit")
    assert place.states(reviews=reviews) == MISSING, "the merge brings something that nobody reviewed"


def test_a_merge_that_does_not_come_from_the_protected_branch_is_none(place: Signed) -> None:
    git, reviews = place.repository.git, by(place)
    git("checkout", "--quiet", "-b", "aside", "main")
    place.write("agreements/README.md", "The deals.\n")
    place.commit()
    place.repository.merge("Try it", "change")
    assert place.states(reviews=reviews) == MISSING


def test_nobody_reviews_their_own_change_or_out_of_office(place: Signed) -> None:
    place.edit(DEAL, ("a printed atlas", "a bound atlas"))
    place.commit(INES)
    own = f"refused: {INES} made the change, and nobody approves their own"
    assert place.states(reviews=by(place))[0] == f"keeping: {own}"
    place.at_base("approvers.yaml", place.approvers(tomas="    until: 2026-03-01\n"))
    out = f"kept-long: refused: {TOMAS} was not in office on"
    assert place.states(reviews=by(place))[2] == f"{out} 2026-03-02"
    assert place.states(reviews=by(place, date=""))[2] == f"{out} a day that is not told"


def test_a_review_is_no_signature(place: Signed) -> None:
    place.at_base(f"{LIBRARY}/approvals.yaml", RULES)
    assert place.states(reviews=by(place)) == [
        "keeping: refused: it is reviewed, and must be signed",
        "limits: refused: it is reviewed, and must be signed",
        "kept-long: given",
    ]


def test_commands_take_the_reviews_of_github(place: Signed, tmp_path: Path) -> None:
    commit = place.repository.git("rev-parse", "HEAD")
    file = tmp_path / "reviews.json"

    def told(*reviews: tuple[str, str]) -> tuple[int, str]:
        listed = [
            {"user": {"login": login}, "state": state, "commit_id": commit, "submitted_at": "2026-03-02T10:00:00Z"}
            for login, state in reviews
        ]
        file.write_text(json.dumps([listed[:1], listed[1:]]))
        done = CliRunner().invoke(cli, ["check", NAME, "--reviews", str(file), "--root", str(place.root)])
        return done.exit_code, done.output

    approved = ("ines", "APPROVED"), ("tomas", "APPROVED")
    assert told(*approved)[0] == 0
    assert told(*approved, ("ines", "COMMENTED"))[0] == 0
    for state in ("CHANGES_REQUESTED", "DISMISSED"):
        code, said = told(*approved, ("Ines", state))
        assert code == 1
        assert said.count("core/approval-missing") == 2
    told(*approved)
    listed = CliRunner().invoke(cli, ["approvals", NAME, "--reviews", str(file), "--root", str(place.root)])
    assert f"given    {COUNSEL}: 1. Keeping departs" in listed.output
    assert f"by {TOMAS}, 2026-03-02 (reviewed)" in listed.output
    built = ["build", NAME, "--format", "html", "--out", str(tmp_path / "out"), "--root", str(place.root)]
    assert "NOT APPROVED" not in _built(built, tmp_path, "--reviews", str(file))
    assert "NOT APPROVED" in _built(built, tmp_path)
    assert PRIVACY in listed.output


def _built(command: list[str], folder: Path, *more: str) -> str:
    done = CliRunner().invoke(cli, [*command, *more])
    assert done.exit_code == 0, done.output
    return (folder / f"out/agreements/{NAME}/{NAME}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "data",
    [{}, ["x"], [{"login": "ines"}], [{"login": 1, "commit": "x"}], [{"login": "", "commit": "x"}], b"{", b"\xff"],
)
def test_reviews_that_are_none_are_refused_in_words(data: Any, tmp_path: Path) -> None:
    file = tmp_path / "reviews.json"
    file.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    with pytest.raises(RepositoryError, match="review"):
        read_reviews(file)


def test_reviews_that_are_not_there_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="cannot be read"):
        read_reviews(tmp_path / "reviews.json")
