"""A repository's own templates of pages, which stand before those that lie beside this module.

They are as hostile as all of its files: they print what a page is made of, and call nothing but what is given to them.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType, MappingProxyType, MethodType
from typing import Any

from jinja2 import ChoiceLoader, Environment, FunctionLoader, Undefined
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import modifies_known_mutable

from clausebook.findings.model import FindingsError, finding_in
from clausebook.render.page_templates import page_templates
from clausebook.repository.confined import PAGES
from clausebook.repository.tree import DiskTree, Tree, TreeError, files_below, unreadable
from clausebook.site.theme_sandbox import ThemeEnvironment

MOST = 200
"""How many there may be."""

_UNUSABLE = "core/site-unusable"
_HINT = "correct it, or remove it: then the page is as it comes with Clausebook"
_ENDING = ".html"
_ENGINE = "clausebook."


class PageEnvironment(ThemeEnvironment):
    """Lets a template call the functions that it is given, and methods of the engine's data that nothing changes."""

    def is_safe_callable(self, obj: Any) -> bool:
        """Tell that a template may call it, or raise SecurityError."""
        owner = getattr(obj, "__self__", None)
        if isinstance(obj, MethodType):
            given = _is_frozen(owner)
        else:
            # What is not there says so itself when it is called.
            given = isinstance(obj, Undefined) or (isinstance(obj, FunctionType) and _is_ours(obj))
        return given or isinstance(owner, MappingProxyType) or super().is_safe_callable(obj)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether a template may read it: nothing of Python's own, and nothing that changes what it belongs to."""
        return super().is_safe_attribute(obj, attr, value) and not modifies_known_mutable(obj, attr)


@dataclass(frozen=True)
class OwnPages:
    """The templates of a repository by name, as they were when they were read."""

    sources: Mapping[str, str] = field(default_factory=dict)
    _made: dict[Sequence[Any], Environment] = field(default_factory=dict, repr=False, compare=False)

    def filled(
        self, folder: Path, name: str, functions: Sequence[Callable[..., object]], values: dict[str, Any]
    ) -> str:
        """Return the page of a template; those of the engine lie in `folder`. Raises FindingsError for a fault."""
        if not self.sources:
            return page_templates(folder, *functions).get_template(name).render(values)
        key = (folder, *functions)
        if key not in self._made:
            self._made[key] = self._environment(page_templates(folder, *functions))
        try:
            return self._made[key].get_template(name).render(values)
        except Exception as error:
            path, line = _place(error)
            if not path:
                raise
            said = f"the template of a page cannot be used: {str(error) or type(error).__name__}"
            raise FindingsError([finding_in(path, _UNUSABLE, said, _HINT, line)]) from error

    def _environment(self, usual: Environment) -> PageEnvironment:
        made = PageEnvironment()
        names = ("autoescape", "finalize", "undefined", "trim_blocks", "lstrip_blocks", "keep_trailing_newline")
        vars(made).update({name: getattr(usual, name) for name in names})
        # It makes texts of any length.
        made.globals = {name: each for name, each in usual.globals.items() if name != "lipsum"}
        assert usual.loader
        made.loader = ChoiceLoader([FunctionLoader(self._source), usual.loader])
        return made

    def _source(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        source = self.sources.get(name)
        return None if source is None else (source, f"{PAGES}/{name}", lambda: True)


_USUAL = OwnPages()
_USED: ContextVar[OwnPages | None] = ContextVar("_USED", default=None)


def pages_in_use() -> OwnPages:
    """Return the templates with which pages are made at the moment."""
    return _USED.get() or _USUAL


@contextmanager
def using(own: OwnPages) -> Iterator[None]:
    """Make pages with a repository's own templates while the block runs."""
    token = _USED.set(own)
    try:
        yield
    finally:
        _USED.reset(token)


def own_pages(root: Path) -> OwnPages:
    """Return the templates of a repository. Raises FindingsError for what cannot be read."""
    return OwnPages(dict(_read(DiskTree(root))))


def _is_frozen(owner: Any) -> bool:
    kept = getattr(type(owner), "__dataclass_params__", None)
    return kept is not None and kept.frozen and type(owner).__module__.startswith(_ENGINE)


def _is_ours(function: FunctionType) -> bool:
    return (function.__module__ or "").startswith(_ENGINE)


def _read(tree: Tree) -> Iterator[tuple[str, str]]:
    paths = [path for path in files_below(tree, PAGES) if path.endswith(_ENDING)]
    if len(paths) > MOST:
        said = f"there are {len(paths)} templates of pages, more than {MOST}"
        raise FindingsError([finding_in(PAGES, _UNUSABLE, said, "remove those that change nothing")])
    for path in paths:
        try:
            yield path.removeprefix(f"{PAGES}/"), tree.read(path).decode()
        except TreeError as error:
            raise FindingsError([unreadable(path, error)]) from error
        except UnicodeDecodeError as error:
            said = "the template of a page is not UTF-8"
            raise FindingsError([finding_in(path, _UNUSABLE, said, "save it as UTF-8")]) from error


def _place(error: Exception) -> tuple[str, int]:
    """Return path and line of what was running last of a repository's own, "" if nothing was."""
    if isinstance(error, TemplateSyntaxError) and (error.filename or "").startswith(f"{PAGES}/"):
        return str(error.filename), error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    found = [(each.filename, each.lineno or 1) for each in frames if each.filename.startswith(f"{PAGES}/")]
    return found[-1] if found else ("", 0)
