"""The rules about partnerships find careless edits, where they are, and nothing in clean deals."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from tests.support import tiers
from tests.support.seeded_deals import CLEAN, SLIPS, UNSEEN_DEALS, clean, judged, repository_of_types, seeds

PARTS = 12
"""One part of the edits is tried in the suite, the rest with them in the full tier."""


pytestmark = pytest.mark.slow("assembles whole deals, to prove rules on more than their own examples")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository_of_types(tmp_path_factory.mktemp("defects"))


def test_nothing_is_found_in_clean_deals(root: Path) -> None:
    with Sandbox() as sandbox:
        agreements = list(clean(root, CLEAN, sandbox))
    assert [each.file.id for each in agreements if each.document] == list(CLEAN)
    # What the library could say better is no fault of a deal, and one deal has values for rules that no clause prints.
    found = [(each.file.id, finding.rule) for each in agreements for finding in each.findings if finding.pointer]
    assert found == [("milestone-lab", "core/value-unshown")] * 2


ONCE_MISJUDGED = (
    "city-pharmacist",
    "employer-checks",
    "harvest-hearing",
    "harvest-rides",
    "night-nurse-line",
    "pulse-bicycles",
    "school-eyes",
)
"""Unseen deals in which rules found faults that were none."""


@pytest.mark.parametrize(
    "names", tiers.sampled([ONCE_MISJUDGED, UNSEEN_DEALS], [ONCE_MISJUDGED], "reads all of the unseen deals")
)
def test_nothing_is_found_in_unseen_deals(root: Path, names: tuple[str, ...]) -> None:
    with Sandbox() as sandbox:
        agreements = list(clean(root, names, sandbox))
    assert [each.file.id for each in agreements if each.document] == list(names)
    assert [(each.file.id, finding) for each in agreements for finding in each.findings if finding.pointer] == []


def test_the_edits_are_of_rules_that_there_are(root: Path) -> None:
    with Sandbox() as sandbox:
        kind = Project(root, sandbox).type("partnership").kind
    assert kind
    there = {rule.rule.id.partition("/")[2] for rule in kind.rules}
    gone = {each.rule for each in seeds()} - there
    assert not gone, f"take the edits of these rules out of the list, or give the rules back: {sorted(gone)}"


@pytest.mark.parametrize("part", tiers.sampled(range(PARTS), [0], "tries every edit that is listed"))
def test_an_edit_is_found_where_it_is(root: Path, part: int) -> None:
    with Sandbox() as sandbox:
        missed = [
            f"{seed.rule} in {seed.deal} at {seed.at}: {[(each.rule, each.pointer) for each in findings]}"
            for seed, findings in judged(root, seeds()[part::PARTS], sandbox)
            if (f"partnership/{seed.rule}", seed.at) not in {(each.rule, each.pointer) for each in findings}
        ]
    assert not missed, "\n".join(missed)


def test_a_finding_says_what_is_wrong_in_the_words_of_the_deal(root: Path) -> None:
    clean = [each for each in seeds() if each.rule == "quorum-above-seats"][:1]
    with Sandbox() as sandbox:
        [(seed, findings)] = judged(root, clean, sandbox)
    [finding] = findings
    assert (finding.rule, finding.severity) == ("partnership/quorum-above-seats", "error")
    assert finding.message == "the quorum is 9 of 7 members"
    assert finding.pointer == seed.at


@pytest.mark.parametrize("part", tiers.sampled(range(4), [0], "tries every slip that is listed"))
def test_a_slip_is_found_where_it_is_if_the_list_says_so(root: Path, part: int) -> None:
    with Sandbox() as sandbox:
        wrong = [
            f"{seed.slip} in {seed.deal} at {seed.at}: {[(each.rule, each.pointer) for each in findings]}"
            for seed, findings in judged(root, seeds(SLIPS)[part::4], sandbox)
            if bool(seed.rule) != any(each.rule == seed.rule and each.pointer.startswith(seed.at) for each in findings)
        ]
    assert not wrong, "\n".join(wrong)
