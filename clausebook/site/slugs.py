"""Names for addresses, made of names that people gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clausebook.repository.portable_names import plain_name

MOST = 60
"""How long a name in an address is; the number that tells it from others comes on top."""


def slugs(names: Iterable[str]) -> Mapping[str, str]:
    """Return a name for addresses for each of several names, no two the same, in whichever order they come."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(set(names)):
        base = plain_name(name, MOST) or "name"
        slug, number = base, 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        taken.add(slug)
        found[name] = slug
    return found
