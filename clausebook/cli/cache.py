"""The commands that show what is kept from earlier runs, and throw it away."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from clausebook.cli.group import cli
from clausebook.cli.printing import print_json, print_table
from clausebook.cli.running import count, usage_errors
from clausebook.repository import user_cache
from clausebook.repository.store import DAMAGED, FOREIGN


@cli.group()
def cache() -> None:
    """Show what is kept from earlier runs so that nothing is made twice, or throw it away.

    It is never needed: without it, all is made anew and comes out the same. CLAUSEBOOK_CACHE names another folder for
    it, CLAUSEBOOK_CACHE_SIZE how much it may hold (4G unless you say so), and CLAUSEBOOK_NO_CACHE=1 does without.

    \b
    Examples:
      clausebook cache info
      clausebook cache clear
      CLAUSEBOOK_CACHE_SIZE=500M clausebook build
    """


@cache.command()
@click.option("--report", type=click.Choice(("text", "json")), default="text", show_default=True, help="How to print.")
def info(report: str) -> None:
    """Say where it is, what is in it and how much it may hold. Reads all of it, to find what is damaged or foreign.

    \b
    Examples:
      clausebook cache info
      clausebook cache info --report json
    """
    with usage_errors():
        found = _told()
        if report == "json":
            print_json(found)
            return
        for store in (found, found["compiled"]):
            click.echo(
                f"{store['folder']}: {count(store['entries'], 'file')}, {_size(store['bytes'])} of at most ", nl=False
            )
            click.echo(
                _size(store["most"]) + (" (compiled clauses: of use here alone)" if "kinds" not in store else "")
            )
        if found["kinds"]:
            rows = [(kind, f"{each['entries']:,}", _size(each["bytes"])) for kind, each in found["kinds"].items()]
            print_table(("kind", "files", "size"), rows)
        if found["damaged"]:
            click.echo(f"damaged, and made anew when needed: {found['damaged']}")
        if found["foreign"]:
            click.echo(f"not used, for it is no file of yours alone, or none of the cache's: {found['foreign']}")
        if user_cache.is_off():
            click.echo(f"{user_cache.OFF} is set: nothing of it is read, and nothing kept")


@cache.command()
def clear() -> None:
    """Throw it away: its own files alone, and nothing else that lies in its folder.

    \b
    Example:
      clausebook cache clear
    """
    with usage_errors():
        own, compiled = user_cache.stores()
        removed = own.clear() + compiled.clear()
        left = sum(1 for _ in own.entries())
        click.echo(
            f"removed {count(removed, 'file')} from {own.folder}"
            + (f"; left what is not its own: {left}" if left else "")
        )


def _told() -> dict[str, Any]:
    own, compiled = user_cache.stores()
    kinds: dict[str, Counter[str]] = {}
    faults: Counter[str] = Counter()
    for each in own.entries():
        faults[each.fault] += 1
        if each.kind and each.fault != FOREIGN:
            kinds.setdefault(each.kind, Counter()).update(entries=1, bytes=each.size)
    code = list(compiled.entries())
    total = sum(kinds.values(), Counter(entries=0, bytes=0))
    return {
        "folder": str(own.folder),
        "entries": total["entries"],
        "bytes": total["bytes"],
        "most": own.most,
        "kinds": {kind: dict(kinds[kind]) for kind in sorted(kinds)},
        "damaged": faults[DAMAGED],
        "foreign": faults[FOREIGN],
        "compiled": {
            "folder": str(compiled.folder),
            "entries": len(code),
            "bytes": sum(each.size for each in code),
            "most": compiled.most,
        },
    }


def _size(size: int) -> str:
    unit = next((power for power in (3, 2, 1) if size >= 1024**power), 0)
    return f"{size / 1024**unit:.1f} {' KMG'[unit]}iB" if unit else f"{size} bytes"
