"""What a template says whatever the data are: the terms, references and labels that it names itself, in quotes.

To call a function for each of them would take most of the time of rendering. So each is marked in the template's own
words when it is compiled; see `fillings` for what becomes of the marks that stand in what it gave.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from jinja2 import nodes

from clausebook.language.fillings import CLOSE, FIXED_CLOSE, FIXED_OPEN, OPEN, Fixed

FEWEST_AND_MOST = {"define": (1, 1), "label": (1, 2), "ref": (1, 2), "ref_item": (2, 2), "ref_number": (1, 2)} | {
    "term": (1, 1)
}
"""The functions that can be fixed, with how many texts in quotes they take then."""

FIXED = re.compile(f"{FIXED_OPEN}([0-9]+){FIXED_CLOSE}")
"""The mark of a fixed call, and its number."""

_OWN = re.compile(f"[{OPEN}{CLOSE}{FIXED_OPEN}{FIXED_CLOSE}]")


def fix(tree: nodes.Template, known: Set[str]) -> tuple[Fixed, ...]:
    """Put a mark in the place of each call of a `known` function that is fixed; return the calls, by their marks.

    What a macro or a block gives may be printed more than once, or never: there no call is fixed; nor is one in a
    template that writes marks of its own.
    """
    texts = (each.data for each in tree.find_all(nodes.TemplateData))
    constants = (each.value for each in tree.find_all(nodes.Const) if isinstance(each.value, str))
    if any(_OWN.search(text) for given in (texts, constants) for text in given):
        return ()
    taken = {each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"}
    taken |= {each.name for each in tree.find_all(nodes.Macro)}
    found: list[Fixed] = []
    _fix(tree.body, (FEWEST_AND_MOST.keys() & known) - taken, found)
    return tuple(found)


def _fix(body: Sequence[nodes.Node], functions: Set[str], found: list[Fixed]) -> None:
    for part in body:
        match part:
            case nodes.Output():
                for place, each in enumerate(part.nodes):
                    if call := _fixed(each, functions):
                        mark = nodes.TemplateData(f"{FIXED_OPEN}{len(found)}{FIXED_CLOSE}")
                        mark.set_lineno(each.lineno)
                        part.nodes[place] = mark
                        found.append(call)
            case nodes.If():
                for inner in (part.body, part.elif_, part.else_):
                    _fix(inner, functions, found)
            case nodes.For() if not part.recursive:
                for inner in (part.body, part.else_):
                    _fix(inner, functions, found)


def _fixed(each: nodes.Node, functions: Set[str]) -> Fixed | None:
    if not (isinstance(each, nodes.Call) and isinstance(each.node, nodes.Name) and each.node.name in functions):
        return None
    fewest, most = FEWEST_AND_MOST[each.node.name]
    texts = tuple(given.value for given in each.args if isinstance(given, nodes.Const) and isinstance(given.value, str))
    others = each.kwargs or each.dyn_args or each.dyn_kwargs or len(texts) < len(each.args)
    return None if others or not fewest <= len(texts) <= most else Fixed(each.node.name, texts, each.lineno)
