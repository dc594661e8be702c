"""Compile clause templates, or take them from the user's cache. Only in the child process: see `environment`."""

from __future__ import annotations

import hashlib
import marshal
import sys
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes
from jinja2.environment import Template

from clausebook.language import environment, fixed, silences
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
        for node in tree.find_all(FORBIDDEN_TAGS):
            raise TemplateSyntaxError("include, import, extends and block are not available", node.lineno, name, name)
        told = (*(each.test for each in tree.find_all(nodes.If)), *(each.node for each in tree.find_all(nodes.Assign)))
        for each in told:
            if isinstance(each, nodes.Tuple):
                raise TemplateSyntaxError("a comma stands where there can be none", each.lineno, name, name)
        calls = fix(tree, DIALECTS[within.dialect].functions) if speaks else ()
        mark_branches(tree)
        code = within.compile(tree, name, name)
        if kept:
            kept.keep(_KIND, key, marshal.dumps((code, tuple(map(tuple, calls)))))
    template = Template.from_code(within, code, within.make_globals(None))
    return Compiled(template, tuple(map(Fixed._make, calls)))


@cache
def _compiler() -> str:
    """A change of what may be compiled makes what was compiled before useless."""
    own = (Path(f"{each.__file__}").read_bytes() for each in (environment, fixed, silences))
    told = "\0".join((sys.version, metadata.version("jinja2"))).encode()
    return hashlib.sha256(b"\0".join((told, Path(__file__).read_bytes(), *own))).hexdigest()
