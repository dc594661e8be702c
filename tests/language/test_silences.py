"""What a template asks for and the data leave out, and what it says for that reason."""

from __future__ import annotations

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Subject, TemplateJob

SHAPE = {
    "p": {
        "a": {},
        "b": {},
        "items": {"i": {"p": {"x": {}}}},
        "deep": {"p": {"e": {}}},
        "some": {"i": {"p": {"a": {}, "b": {}}}},
    }
}
DATA = {"a": "given", "some": [{"a": "x"}, {"a": "y", "b": "b"}, {"a": "z"}]}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{% if b %}With b.{% else %}Without b.{% endif %} End.", [("/b", "Without b.")]),
        ("{% if b %}With b.{% endif %} End.", [("/b", "")]),
        ("{% if not b %}No b.{% endif %} End.", [("/b", "No b.")]),
        ("{% if b %}B{% elif a %}A instead{% else %}C{% endif %}.", [("/b", "A instead")]),
        ("{% if b %}B{% elif deep.e %}E{% else %}C{% endif %}.", [("/b", "C"), ("/deep/e", "C")]),
        ("{% if a %}{% if b %}B{% else %}a alone{% endif %}{% endif %}", [("/b", "a alone")]),
        ("Within {{ deep.e|default('15 days') }} of it.", [("/deep/e", "15 days")]),
        ("It is {{ 'big' if b else 'small' }} then.", [("/b", "small")]),
        ("{% for item in items %}{{ item.x }}{% endfor %}End.", [("/items", "")]),
        ("{% for item in items %}{{ item.x }}{% else %}None.{% endfor %}", [("/items", "None.")]),
        ("{% if b is defined %}B{% else %}none{% endif %}", [("/b", "none")]),
        ("{% if items|length > 1 %}several{% else %}one{% endif %}", [("/items", "one")]),
        ("{% for each in some if each.b %}{{ each.a }}{% endfor %} End.", [("/some/0/b", ""), ("/some/2/b", "")]),
        ("{% for each in some if not each.b %}One.{% endfor %}", [("/some/0/b", "One."), ("/some/2/b", "One.")]),
        ("{% if a == 'given' %}A{% endif %} {{ a }}.", []),
    ],
)
def test_what_is_said_for_what_is_left_out(source: str, wanted: list[tuple[str, str]]) -> None:
    with Sandbox() as sandbox:
        subject = Subject(DATA, "en-US", SHAPE, "silences")
        sheet = sandbox.render(subject, [TemplateJob("clause", source)], (), ()).sheets["clause"]
    assert not sheet.problems
    assert [(each.pointer, sheet.text[each.start : each.end]) for each in sheet.silences] == wanted
