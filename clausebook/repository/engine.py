"""Which version of the program makes something: a fingerprint of the sources that can decide on it.

They are found by following imports, those inside functions too, so that no list must be kept.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]

DECIDING = ("babel", "jinja2", "jsonschema", "markdown-it-py", "pikepdf", "pypandoc_binary", "ruamel.yaml", "typst")
"""The libraries that decide on texts and files, too."""

_IMPORT = re.compile(
    r"^[ \t]*from (clausebook(?:\.\w+)*) import (\([^)]*\)|.*)$|^[ \t]*import (clausebook[\w.]*)", re.MULTILINE
)


@cache
def engine(*modules: str) -> str:
    """Return the fingerprint of some modules and all that they import; without a name, of the whole program."""
    digest = hashlib.sha256()
    for path in sources(*modules):
        digest.update(f"{path.relative_to(PACKAGE).as_posix()}\0".encode() + _hash(path))
    for name in DECIDING:
        digest.update(f"{name} {importlib.metadata.version(name)}\0".encode())
    return digest.hexdigest()


@cache
def packages() -> str:
    """Return the names and versions of all packages that lie beside the program's, as their folders say them."""
    places = (Path(each) for each in sys.path if each.endswith("-packages"))
    return "\n".join(
        sorted(name for place in places if place.is_dir() for name in os.listdir(place) if "-info" in name)
    )


def sources(*modules: str) -> tuple[Path, ...]:
    """Return the files of some modules and of all that they import, and the data beside them, in order.

    Without a name, all files of the program. Raises FileNotFoundError for a module that there is not.
    """
    if not modules:
        return tuple(sorted(path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts))
    found: dict[str, Path] = {}
    wanted = list(modules)
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        path = _file(name)
        if path is None:
            raise FileNotFoundError(name)
        found[name] = path
        wanted += _imported(path)
        wanted += [name.rpartition(".")[0]] if "." in name else []
    beside = (each for folder in {path.parent for path in found.values()} for each in folder.iterdir())
    data = (each for each in beside if each.is_file() and each.suffix not in (".py", ".pyc"))
    return tuple(sorted({*found.values(), *data}))


@cache
def _hash(path: Path) -> bytes:
    content = path.read_bytes()
    # A work tree on Windows may end lines in another way.
    return hashlib.sha256(content.replace(b"\r\n", b"\n") if path.suffix == ".py" else content).digest()


@cache
def _imported(path: Path) -> frozenset[str]:
    """Return the modules of this package that the module in a file imports."""
    found: set[str] = set()
    for module, names, plain in _IMPORT.findall(path.read_text(encoding="utf-8")):
        if plain:
            found.add(plain)
            continue
        found.add(module)
        parts = (f"{module}.{name}" for name in re.findall(r"(\w+)(?: as \w+)?[,)\s]*", names))
        found |= {part for part in parts if _file(part)}
    return frozenset(found)


@cache
def _file(module: str) -> Path | None:
    path = PACKAGE.parent.joinpath(*module.split("."))
    if (path / "__init__.py").is_file():
        return path / "__init__.py"
    return path.with_suffix(".py") if path.with_suffix(".py").is_file() else None
