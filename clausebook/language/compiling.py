"""Compile clause templates, or take them from the user's cache. Only in the child process: see `environment`."""

from __future__ import annotations

import hashlib
import marshal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes
from jinja2.environment import Template

from clausebook.language.dialects import DIALECTS
from clausebook.language.environment import ClauseEnvironment
from clausebook.language.fillings import Fixed
from clausebook.language.fixed import fix
from clausebook.language.silences import mark_branches
from clausebook.repository.store import Store

FORBIDDEN_TAGS = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block)
_KIND = "templates"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled template, and the calls that stand in it as marks, by their numbers."""

    template: Template
    fixed: tuple[Fixed, ...]


def compile_template(
    within: ClauseEnvironment, name: str, source: str, kept: Store | None = None, *, speaks: bool = True
) -> Compiled:
    """Compile a template, or take what it was compiled to from `kept`, which nobody else can have written.

    One that `speaks` of terms and places has calls that are fixed.

    Raise TemplateSyntaxError, or Refused for tags that are not available.
    """
    key = (_compiler(), within.language, str(within.dialect), str(speaks), name, source)
    stored = kept.find(_KIND, key) if kept else None
    if stored is not None:
        code, calls = marshal.loads(stored)
    else:
        tree = within.parse(source, name, name)
        every = list(_nodes(tree))
        for node in every:
            if isinstance(node, FORBIDDEN_TAGS):
                said = "include, import, extends and block are not available"
                raise TemplateSyntaxError(said, node.lineno, name, name)
        tests = (each.test for each in every if isinstance(each, nodes.If))
        told = (*tests, *(each.node for each in every if isinstance(each, nodes.Assign)))
        for each in told:
            if isinstance(each, nodes.Tuple):
                raise TemplateSyntaxError("a comma stands where there can be none", each.lineno, name, name)
        calls = fix(tree, every, DIALECTS[within.dialect].functions) if speaks else ()
        mark_branches(every)
        code = within.compile(tree, name, name)
        if kept:
            kept.keep(_KIND, key, marshal.dumps((code, tuple(map(tuple, calls)))))
    template = Template.from_code(within, code, within.make_globals(None))
    return Compiled(template, tuple(map(Fixed._make, calls)))


def _nodes(tree: nodes.Template) -> Iterator[nodes.Node]:
    """Yield all nodes of a template in order: Jinja's own `find_all` takes far longer."""
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        below: list[nodes.Node] = []
        for name in node.fields:
            value = getattr(node, name, None)
            if isinstance(value, nodes.Node):
                below.append(value)
            elif isinstance(value, list):
                below += [each for each in value if isinstance(each, nodes.Node)]
        waiting += reversed(below)


@cache
def _compiler() -> str:
    """Return a hash of what decides on what a template is compiled to."""
    own = (path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    told = f"{sys.version}\0{metadata.version('jinja2')}".encode()
    return hashlib.sha256(b"\0".join((told, *own))).hexdigest()
