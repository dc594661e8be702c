"""What a review says of approvals: those that a change asks for, brings, or makes void."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.review.formats import REVIEWS
from clausebook.review.model import Review, worst
from clausebook.review.reviewing import review
from tests.support import approving
from tests.support.approving import COUNSEL, DEAL, FOLDER, INES, LIBRARY, OWN, PRIVACY, TOMAS, Signed

pytestmark = [
    pytest.mark.slow("reviews of branches of a real repository"),
    pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="signatures are made by ssh-keygen of OpenSSH"),
]

GIVEN = [
    f"{COUNSEL}: keeping: given by {INES}",
    f"{COUNSEL}: limits: given by {INES}",
    f"{PRIVACY}: kept-long: given by {TOMAS}",
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    with Sandbox() as sandbox:
        yield approving.make_signed(tmp_path_factory.mktemp("template"), sandbox)


@pytest.fixture
def place(template: Signed, tmp_path: Path) -> Signed:
    return approving.copied(template, tmp_path)


def reviewed(place: Signed, base: str = "main", head: str = "", **more: Any) -> Review:
    return review(place.root, base, head, place.sandbox, **more)


def shown(found: Review) -> list[str]:
    return [
        f"{each.need.role}: {each.need.id}: {each.state}{f' by {each.by}' if each.by else ''}"
        for _, each in found.approvals()
    ]


def test_a_new_deal_shows_each_approval_in_every_format(place: Signed) -> None:
    found = reviewed(place)
    assert shown(found) == GIVEN
    assert shown(reviewed(place, head="change")) == GIVEN
    assert worst(found) == "note"
    told = f"approved, {INES}, 2026-03-02, signed"
    for name in ("markdown", "html"):
        text = unescape(REVIEWS[name](found)).replace("\\", "").replace("\u2060", "")
        assert told in text, name
        assert "they are kept for 6 years" in text, name
    (agreement,) = json.loads(REVIEWS["json"](found))["agreements"]
    first = agreement["approvals"][0]
    assert {name: first[name] for name in ("kind", "slot", "role", "state", "by", "date", "proof", "pointer")} == {
        "kind": "clause", "slot": "keeping", "role": COUNSEL, "state": "given", "by": INES, "date": "2026-03-02",
        "proof": "signed", "pointer": "/clauses/keeping",
    }  # fmt: skip
    assert first["path"] == f"{FOLDER}/general-counsel-2026-03-02-ines-marchetti.yaml"


def test_what_lapses_by_a_change_is_told_and_is_an_error(place: Signed) -> None:
    place.edit(OWN, ("Nothing limits", "Hardly anything limits"))
    place.path(f"{FOLDER}/chief-privacy-officer-2026-03-02-tomas-reed.yaml").unlink()
    found = reviewed(place, "change")
    assert shown(found) == [GIVEN[0], f"{COUNSEL}: limits: lapsed by {INES}", f"{PRIVACY}: kept-long: missing"]
    (changed,) = (each for each in found.findings if each.rule == "core/approved-changed")
    assert changed.message.endswith(f"(by its own data: 2 Limits); what the {COUNSEL} approved has lapsed")
    others = {each.rule for each in found.findings if each is not changed}
    assert others == {"core/approval-outdated", "core/approval-missing"}
    assert worst(found) == "error"
    assert f"changed since it was approved**, {INES}" in REVIEWS["markdown"](found)


def test_approvals_alone_are_told_as_far_as_they_changed(place: Signed) -> None:
    path = f"{FOLDER}/general-counsel-2026-03-02-ines-marchetti.yaml"
    place.sign(path, "mallory")
    found = reviewed(place, "change")
    assert shown(found) == [f"{COUNSEL}: {each}: refused by {INES}" for each in ("keeping", "limits")]
    assert "does not count**" in REVIEWS["markdown"](found)
    place.path(path).unlink()
    assert shown(reviewed(place, "change")) == [f"{COUNSEL}: {each}: missing" for each in ("keeping", "limits")]


def test_what_did_not_change_asks_for_nothing(place: Signed) -> None:
    place.path(f"{FOLDER}/general-counsel-2026-03-02-ines-marchetti.yaml").unlink()
    place.commit()
    place.edit(f"{LIBRARY}/clauses/limits.md", ('version: "1.0"', 'version: "1.1"'), ("does not cover", "covers not"))
    assert shown(reviewed(place, "change")) == []


JUDGED = {
    "approvers.yaml": "who may approve",
    "authority.yaml": "who may bind the house",
    f"{LIBRARY}/approvals.yaml": "what the deals of the type `nda` are judged by",
    f"{LIBRARY}/rules.yaml": "what the deals of the type `nda` are judged by",
}


@pytest.mark.parametrize("path", JUDGED)
def test_who_and_what_judges_deals_is_changed_by_the_general_counsel_alone(path: str, place: Signed) -> None:
    text = place.path(path).read_text() if place.path(path).exists() else "rules: []\n"
    place.write(path, f"{text}# edited\n")
    (found,) = (each for each in reviewed(place, "change").findings if each.rule == "core/rule-given-up")
    assert found.message == f"the change touches {JUDGED[path]}, in `{path}`: only the {COUNSEL} can give that up"
    assert found.path == path
    later = reviewed(place, "change", approved=[COUNSEL]).findings
    assert "core/rule-given-up" not in {each.rule for each in later}


def test_a_limit_that_is_loosened_still_asks(place: Signed) -> None:
    place.edit(f"{LIBRARY}/approvals.yaml", ("> 1830", "> 99999"), ("kept_for: P6Y", "kept_for: P500Y"))
    place.edit(DEAL, ("P6Y", "P7Y"))
    assert f"{PRIVACY}: kept-long: lapsed by {TOMAS}" in shown(reviewed(place))
