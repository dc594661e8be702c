"""Which agreements belong together: what is made of one may depend on the others of its family, and on no more."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from clausebook.repository.agreement_files import is_id

_ALONE = re.compile(rb"(?m)(?:^[ \t]*|[:\-,\[{?][ \t]+|[\"'\[{,])([a-z0-9][a-z0-9-]{0,62})[\"']?[ \t]*(?=$|[\r,\]}:#])")
"""What may be a whole value: an id in the midst of a sentence names no agreement."""

AMENDING = re.compile(r"-amendment-[0-9]+$")


def names_in(content: bytes, path: str) -> frozenset[str]:
    """Return the values of a YAML or JSON file that have the form of an id, whichever of them are ids."""
    found = {each.decode() for each in _ALONE.findall(content)}
    if b"\\" in content:
        # A value may be written with escapes; the loader, which takes long to import, is seldom needed.
        from clausebook.load.yaml import load_yaml

        found |= {each for each in _texts(load_yaml(content, path).value) if is_id(each)}
    return frozenset(found)


def _texts(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list | tuple):
            waiting += each
        elif isinstance(each, str):
            yield each


def families(known: Collection[str], named: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the known ids in families; `named` are those that the files of each may name.

    An amendment belongs to what it amends by its own name.
    """
    head = {name: name for name in known}

    def top(name: str) -> str:
        while head[name] != name:
            head[name] = head[head[name]]
            name = head[name]
        return name

    for name in known:
        for other in (*named.get(name, ()), AMENDING.sub("", name)):
            if other in head:
                one, two = sorted((top(name), top(other)))
                head[two] = one
    found: dict[str, list[str]] = {}
    for name in sorted(known):
        found.setdefault(top(name), []).append(name)
    return tuple(map(tuple, found.values()))
