"""What a template asks for and the data leave out: which part of its text it gives for that reason.

A compiled template tells where the branches of its conditions begin and end; no text changes with that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2 import nodes

BEGIN, END = "begin of a branch", "end of a branch"
"""The filters that a compiled template applies where a branch begins and ends; no template can write these names."""

_EXPRESSION = re.compile("\ue002[0-9]+\ue003|[^\ue002]+")
"""What one expression gave, or words between them: a chunk holds marks of `fixed` calls too."""


def mark_branches(tree: nodes.Template) -> None:
    """Let the branches of conditions, and what stands for an empty loop, tell where they begin and end."""

    def called(name: str, line: int) -> nodes.Node:
        # Of all that a template can do, a filter is found and called with the fewest steps.
        call = nodes.Filter(nodes.Const(None), name, [], [], None, None)
        return nodes.ExprStmt(call).set_lineno(line)

    def marked(body: list[nodes.Node], line: int) -> list[nodes.Node]:
        return [called(BEGIN, line), *body, called(END, line)]

    inner = {id(each) for part in tree.find_all(nodes.If) for each in part.elif_}
    for part in list(tree.find_all(nodes.If)):
        part.body = marked(part.body, part.lineno)
        if id(part) not in inner:
            part.else_ = marked(part.else_, part.lineno)
    for loop in list(tree.find_all(nodes.For)):
        loop.else_ = marked(loop.else_, loop.lineno)
        if _leaves_out(loop):
            loop.body = [*marked([], loop.lineno), *loop.body]
    for parent in [tree, *tree.find_all(nodes.Node)]:
        for name, value in parent.iter_fields():
            if isinstance(value, list) and any(map(_leaves_out, value)):
                ended = ((each, *(marked([], each.lineno) if _leaves_out(each) else ())) for each in value)
                setattr(parent, name, [each for pair in ended for each in pair])


def _leaves_out(part: object) -> bool:
    """Tell whether a node is a loop that leaves out items for what they have not: nothing is said for that reason."""
    return isinstance(part, nodes.For) and part.test is not None and not list(_negations(part.test))


def _negations(test: nodes.Node) -> Iterator[nodes.Node]:
    yield from [test] if isinstance(test, nodes.Not) else test.find_all(nodes.Not)


@dataclass(slots=True)
class Silences:
    """What a template asked for and the data leave out, each with the part of the text that was said for that reason.

    `written` is how much text there is, `asked` what nothing has claimed yet. A branch of an `if` and an empty loop
    claim what was asked right before them; the rest was asked by the next expression that gives text.
    """

    written: int = 0
    found: list[tuple[str, int, int]] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)
    _open: list[tuple[tuple[str, ...], int]] = field(default_factory=list)

    def ask(self, pointer: str) -> None:
        """Note what was asked for, here."""
        if (pointer, self.written) not in self.asked:
            self.asked.append((pointer, self.written))

    def begin(self) -> None:
        """Begin what is said by a branch."""
        here: tuple[str, ...] = ()
        if self.asked:
            here = tuple(pointer for pointer, at in self.asked if at == self.written)
            self.asked = [each for each in self.asked if each[1] != self.written]
        self._open.append((here, self.written))

    def end(self) -> None:
        """End what is said by a branch."""
        pointers, start = self._open.pop()
        if pointers:
            self.found += [(pointer, start, self.written) for pointer in pointers]

    def claim(self, chunk: str) -> None:
        """Note that what comes next is said for what was asked."""
        found = _EXPRESSION.match(chunk)
        end = self.written + (found.end() if found else 0)
        self.found += [(pointer, at, end) for pointer, at in self.asked]
        self.asked.clear()
