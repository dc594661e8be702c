"""The templates of the site's look: they print what a page is made of, and call nothing else.

MkDocs runs them as they are, and any template can reach all of Python: a look that somebody else changed would run
their code in whoever builds it.
"""

from __future__ import annotations

from types import BuiltinMethodType
from typing import Any, ClassVar

from jinja2 import Environment, Template, TemplateSyntaxError
from jinja2.environment import create_cache
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Cycler, Joiner
from markupsafe import Markup

from clausebook.children.here import bounded_here

_CALLED = (Macro, BlockReference, LoopContext, Joiner)
_PLAIN = (str, dict, list, tuple)
_JINJA = (LoopContext, Cycler, Markup)

SECONDS, MEGABYTES = 30.0, 1024
"""What a page may take: a thousand times what one of the engine's own does."""

_MOST_BITS = 1 << 16


class BoundedTemplate(Template):
    """A template that is stopped where it loops for ever, or fills the memory."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Return the page. Raises TimeoutError, MemoryError."""
        with bounded_here(SECONDS, MEGABYTES):
            return super().render(*args, **kwargs)


class ThemeEnvironment(SandboxedEnvironment):
    """Lets a template call macros and blocks, methods of texts, lists and mappings, and what Jinja itself gives."""

    template_class = BoundedTemplate
    # One such step can take hours in which nothing can stop it.
    intercepted_binops: ClassVar[frozenset[str]] = frozenset({"*", "**"})  # type: ignore[misc]

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Reckon, but not with numbers of any length."""
        if isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length() * (abs(right) if operator == "**" else 1)
            if bits + right.bit_length() > _MOST_BITS:
                raise SecurityError("a template may not reckon with numbers that long")
        return super().call_binop(context, operator, left, right)

    def compile(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the code of a template, of which what is constant is reckoned here; too much is a fault of it."""
        try:
            with bounded_here(SECONDS, MEGABYTES):
                return super().compile(source, *args, **kwargs)
        except (MemoryError, RecursionError, TimeoutError) as error:
            name, filename = (*args, None, None)[:2]
            try:
                raise TemplateSyntaxError(str(error) or type(error).__name__, 1, name, filename) from error
            except TemplateSyntaxError:
                # It shows the template among what was running.
                self.handle_exception(source=source)

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
