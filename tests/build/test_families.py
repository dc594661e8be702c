"""Which agreements belong together, by what their files name."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.build.families import families, names_in

IDS = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)


@pytest.mark.parametrize(
    "text",
    [
        "links:\n  under: master-deal\n",
        "links:\n  under: 'master-deal' # the master\n",
        "links: {under: master-deal}\n",
        "links:\n  accompanies:\n  - master-deal\n",
        'links:\n  accompanies: [other, "master-deal"]\n',
        "links:\n  under:\n    master-deal\n",
        'links:\n  under: "master\\x2ddeal"\n',
        "master-deal: {}\r\n",
        '{"links":{"under":"master-deal"}}',
        '{"links": {"under": ["master-deal"]}}',
    ],
)
def test_a_value_that_is_an_id_is_seen_however_it_is_written(text: str) -> None:
    assert "master-deal" in names_in(text.encode(), "agreements/a.yaml")


def test_a_word_in_a_sentence_names_no_agreement() -> None:
    text = b"vision: both parties of the master-deal, a long one, agree\n"
    assert "master-deal" not in names_in(text, "agreements/a.yaml")


@given(st.dictionaries(IDS, st.lists(IDS, max_size=3), max_size=8))
def test_every_id_that_is_a_value_of_json_is_seen(data: dict[str, list[str]]) -> None:
    wanted = {*data, *(name for names in data.values() for name in names)}
    assert wanted <= names_in(json.dumps(data).encode(), "agreements/a.yaml")


@given(st.dictionaries(IDS, st.lists(IDS, max_size=3), max_size=12))
def test_each_known_id_is_in_one_family_with_all_that_it_names(named: dict[str, list[str]]) -> None:
    found = families(named, named)
    assert sorted(name for family in found for name in family) == sorted(named)
    home = {name: family for family in found for name in family}
    assert all(other in home[name] for name, others in named.items() for other in others if other in named)


def test_an_amendment_belongs_to_what_it_amends_and_its_own_amendments() -> None:
    known = ("deal", "deal-amendment-2", "deal-amendment-2-amendment-1", "ideal")
    assert families(known, {}) == (known[:3], ("ideal",))
