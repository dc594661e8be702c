"""Names that a file or a folder cannot have everywhere: a repository is checked out on all systems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize

DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)))
)
"""What Windows takes for a device, whatever ending follows."""

_REFUSED = re.compile(r'[<>:"|?*\\]|[ .]$')


def name_problem(name: str) -> str:
    """Return why not every system can have a file or folder of that name, "" if all can."""
    if name.partition(".")[0].rstrip(" ").casefold() in DEVICES:
        return f"{name} cannot be a name: Windows takes it for a device, and could not check the repository out"
    if found := _REFUSED.search(name):
        where = "at its end" if found.end() == len(name) and found[0] in " ." else "in it"
        return f"“{name}” cannot be a name: Windows allows no `{found[0]}` {where}, and could not check it out"
    return ""


def plain_name(text: str, most: int) -> str:
    """Return a text as a name that every system takes, of so many characters at most; "" if nothing of it is left.

    It is its letters without accents, and its digits, in lower case, with hyphens between them.
    """
    plain = normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:most].strip("-")


def same_but_for_case(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each name that differs from one before it in nothing but capitals, with that one."""
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(name.casefold(), name)
        if first != name:
            yield name, first
