"""`clausebook spark`: partnerships by step and rank, and what one of them lacks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from tests.support.repositories import ROOT, nda_repository

METHOD = """\
name: Two Steps
steps:
  - {id: scan, title: Look, aim: Find partners.}
  - {id: partner, title: Ask, aim: Approach them.}
  - {id: align, title: Agree, aim: Put it into an agreement., of_agreements: true}
ratings: {high: 3, low: 1}
weights: {strategic_fit: 2, market_reach: 1}
points:
  - {id: lead, kind: strategy, step: partner, title: Shared goals, needs: [/partner/goals]}
  - id: fit
    kind: strategy
    step: scan
    title: A good fit
    needs: [/scan/brings, "/scan/lead|/scan/complements/*/weakness"]
  - {id: paper, kind: challenge, step: align, title: On paper, needs: [/deal/secrets]}
"""
BOATS = """\
title: Boats by Evening
organisation: {name: Otter Boats}
scan: {strategic_fit: high, market_reach: {rating: low, words: one lake}, brings: [boats]}
partner:
  stakeholders:
    - {who: Ada Sample, role: director, influence: high, stance: planted against it}
"""
KITES = "title: Kites\norganisation: {name: Kestrel Kites}\nscan: {strategic_fit: {rating: high}, market_reach: high}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with a method, two opportunities, one that is closed, and an agreement with a journal."""
    root = nda_repository(tmp_path)
    (root / "templates" / "spark.yaml").write_text(METHOD, encoding="utf-8")
    (root / "scan.yaml").write_text("organisation: Sparrow Maps Ltd\n", encoding="utf-8")
    pipeline = root / "agreements" / "pipeline"
    pipeline.mkdir()
    (pipeline / "boats.yaml").write_text(BOATS, encoding="utf-8")
    (pipeline / "kites.yaml").write_text(KITES, encoding="utf-8")
    (pipeline / "gone.yaml").write_text(f"{KITES}closed: {{on: 2026-04-02, why: no wind}}\n", encoding="utf-8")
    return root


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


def shown(root: Path, *arguments: str) -> list[dict[str, Any]]:
    """Return what the command prints for programs."""
    done = invoke(root, "spark", *arguments, "--format", "json")
    assert (done.exit_code, done.stderr) == (0, "")
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def test_an_opportunity_that_cannot_be_read_is_not_said_to_be_missing(root: Path) -> None:
    (root / "agreements" / "pipeline" / "torn.yaml").write_text("title: Torn\n", encoding="utf-8")
    done = invoke(root, "spark", "torn")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "`organisation` is missing" in done.stderr


def test_partnerships_stand_by_step_the_best_first(root: Path) -> None:
    done = invoke(root, "spark")
    assert done.exit_code == 0
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["step", "id", "partner", "score", "of", "100", "answered"],
        ["Look", "kites", "Kestrel", "Kites", "100:", "(2", "×", "3", "+", "1", "×", "3)", "of", "9", "0", "of", "3"],
        ["Ask", "boats", "Otter", "Boats", "78:", "(2", "×", "3", "+", "1", "×", "1)", "of", "9", "0", "of", "3"],
        ["Agree", "sparrow-finch", "Finch", "&", "Daughters", "LLP", "not", "rated", "1", "of", "3"],
    ]


def test_what_belongs_to_a_later_step_is_not_lacking_yet(root: Path) -> None:
    done = invoke(root, "spark", "--lacking")
    assert [line.split()[-3:] for line in done.stdout.splitlines()[1:]] == [
        ["A", "good", "fit"],
        ["A", "good", "fit"],
        ["A", "good", "fit"],
    ]
    place = root / "agreements" / "pipeline" / "kites.yaml"
    place.write_text(KITES.replace("market_reach: high}", "brings: [kites], lead: {from: forum}}"), encoding="utf-8")
    assert "kites" not in invoke(root, "spark", "--lacking").stdout


def test_one_shows_what_is_said_and_what_it_lacks(root: Path) -> None:
    lines = [line.split() for line in invoke(root, "spark", "boats").stdout.splitlines()]
    assert ["Look", "Strategic", "fit", "high"] in lines
    assert ["Look", "Market", "reach", "low,", "one", "lake"] in lines
    assert ["Look", "strategy", "A", "good", "fit", "Look:", "Lead", "or", "Look:", "Our", "weakness"] in lines
    assert ["Ask", "strategy", "Shared", "goals", "Ask:", "Goals"] in lines
    assert ["Agree", "challenge", "On", "paper", "Agreement:", "/secrets"] in lines


def test_what_a_step_says_answers_a_point_of_it(root: Path) -> None:
    place = root / "agreements" / "pipeline" / "boats.yaml"
    more = "    - {ours: a, theirs: b, meet: partly}\n"
    place.write_text(f"{BOATS}  goals:\n{more}", encoding="utf-8")
    (one,) = shown(root, "boats", "--lacking")
    assert [each["id"] for each in one["points"]] == ["fit", "paper"]
    assert "Shared goals" not in invoke(root, "spark", "boats", "--lacking").stdout


def test_a_journal_moves_an_agreement_to_a_later_step(root: Path) -> None:
    (root / "agreements" / "journal").mkdir()
    text = "spark: {scan: {strategic_fit: low, brings: [words], lead: {from: forum}}}\n"
    (root / "agreements" / "journal" / "sparrow-finch.yaml").write_text(text, encoding="utf-8")
    (one,) = shown(root, "sparrow-finch")
    assert (one["step"], one["agreement"], one["score"]) == ("align", "approved", 22.2)
    assert [each["id"] for each in one["points"] if not each["lacking"]] == ["fit", "paper"]


def test_what_people_think_of_it_is_never_told(root: Path) -> None:
    for arguments in (("spark", "boats"), ("spark", "boats", "--format", "json"), ("spark", "--format", "json")):
        done = invoke(root, *arguments)
        assert "Ada Sample" in done.stdout
        assert "planted" not in done.stdout


def test_a_closed_opportunity_is_shown_when_it_is_named(root: Path) -> None:
    assert [each["id"] for each in shown(root)] == ["boats", "kites", "sparrow-finch"]
    assert [each["id"] for each in shown(root, "gone")] == ["gone"]


def test_what_cannot_be_read_is_told_beside_the_others(root: Path) -> None:
    (root / "agreements" / "pipeline" / "bad.yaml").write_text("title: Bad\n", encoding="utf-8")
    done = invoke(root, "spark")
    assert done.exit_code == 1
    assert "kites" in done.stdout
    assert "agreements/pipeline/bad.yaml" in done.stderr
    assert invoke(root, "spark", "kites").exit_code == 0


def test_an_id_that_is_none_is_refused_with_the_nearest(root: Path) -> None:
    done = invoke(root, "spark", "boat")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "did you mean `boats`?" in done.stderr


def test_a_repository_without_a_method_says_so(root: Path) -> None:
    (root / "templates" / "spark.yaml").unlink()
    done = invoke(root, "spark")
    assert done.exit_code == 2
    assert "templates/spark.yaml" in done.stderr


def test_the_repository_s_own_method_answers_every_point(root: Path) -> None:
    shutil.copy(ROOT / "templates" / "spark.yaml", root / "templates")
    (one,) = shown(root, "boats")
    assert len(one["points"]) == 29
    assert all(":" in each for point in one["points"] for each in point["lacking"])


def test_an_agreement_shows_what_each_party_gives_and_gets(root: Path) -> None:
    (root / "templates" / "nda" / "facts.yaml").write_text(
        "tables:\n"
        "  - id: contributions\n"
        "    title: Contributions\n"
        "    each: {one: parties}\n"
        "    columns:\n"
        "      what: {title: What, value: \"'maps'\"}\n"
        "      giver: {title: Given by, kind: party, value: one.key}\n"
        "      amount: {title: Amount, kind: number, value: \"80 if one.key == 'finch' else 20\"}\n"
        "      currency: {title: Currency, value: \"'USD'\"}\n",
        encoding="utf-8",
    )
    place = root / "templates" / "spark.yaml"
    place.write_text(f"{METHOD}equity: {{least_share: 25}}\n", encoding="utf-8")
    lines = invoke(root, "spark", "sparrow-finch").stdout.splitlines()
    assert [line.split() for line in lines[-2:]] == [
        ["Sparrow", "USD", "20", "of", "100", "is", "20.0%", "–", "too", "little"],
        ["Finch", "USD", "80", "of", "100", "is", "80.0%", "–", "enough"],
    ]
    (one,) = shown(root, "sparrow-finch")
    assert [each["verdict"] for each in one["equity"]["parties"]] == ["too little", "enough"]
    assert "equity" not in shown(root, "boats")[0]
