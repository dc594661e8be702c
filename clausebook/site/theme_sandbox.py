"""The templates of the site's look: they print what a page is made of, and call nothing else.

MkDocs runs them as they are, and any template can reach all of Python: a look that somebody else changed would run
their code in whoever builds it.
"""

from __future__ import annotations

from types import BuiltinMethodType
from typing import Any

from jinja2 import Environment
from jinja2.environment import create_cache
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Cycler, Joiner
from markupsafe import Markup

_CALLED = (Macro, BlockReference, LoopContext, Joiner)
_PLAIN = (str, dict, list, tuple)
_JINJA = (LoopContext, Cycler, Markup)


class ThemeEnvironment(SandboxedEnvironment):
    """Lets a template call macros and blocks, methods of texts, lists and mappings, and what Jinja itself gives."""

    def is_safe_callable(self, obj: Any) -> bool:
        """Tell that a template may call it, or raise SecurityError: MkDocs' objects write files and load modules."""
        method = getattr(obj, "__wrapped__", obj)
        owner = getattr(method, "__self__", None)
        # A mapping of MkDocs' own has methods that are none of a mapping's.
        plain = isinstance(method, BuiltinMethodType) and isinstance(owner, _PLAIN)
        given = isinstance(obj, _CALLED) or any(obj is each for each in self.globals.values())
        if not (plain or given or isinstance(owner, _JINJA)) or not super().is_safe_callable(obj):
            raise SecurityError(f"a template may not call `{getattr(obj, '__name__', type(obj).__name__)}`")
        return True


def sandboxed(env: Environment) -> ThemeEnvironment:
    """Return an environment like MkDocs', but for what its templates may do."""
    made = ThemeEnvironment()
    vars(made).update(vars(env), cache=create_cache(400))
    return made
