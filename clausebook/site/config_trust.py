"""What a `mkdocs.yml` may say without being trusted: nothing that runs code, or reads or loads from elsewhere.

Whoever builds a pull request at home runs its configuration. So what is not known to be harmless is refused, unless
the person at the keyboard says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from clausebook.findings.model import Finding
from clausebook.findings.near_names import nearest

THEME_SEARCH = ("search", "material/search")
"""The plugins with which the theme's own search finds our pages, in one index that is read from a disk, too.

They read all pages at once.
"""

PLUGINS = ("clausebook", *THEME_SEARCH)
THEMES = ("material", "mkdocs", "readthedocs")

_KEYS = (
    "copyright", "dev_addr", "docs_dir", "draft_docs", "edit_uri", "edit_uri_template", "exclude_docs", "extra",
    "extra_css", "extra_javascript", "extra_templates", "markdown_extensions", "nav", "not_in_nav", "plugins",
    "remote_branch", "remote_name", "repo_name", "repo_url", "site_author", "site_description", "site_dir",
    "site_name", "site_url", "strict", "theme", "use_directory_urls", "validation", "watch",
)  # fmt: skip
# Python-Markdown's own and those of pymdown-extensions that read no files and call nothing that a text can name.
_EXTENSIONS = (
    "abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code", "footnotes", "md_in_html",
    "meta", "nl2br", "sane_lists", "smarty", "tables", "toc", "wikilinks", "pymdownx.arithmatex", "pymdownx.betterem",
    "pymdownx.caret", "pymdownx.critic", "pymdownx.details", "pymdownx.emoji", "pymdownx.escapeall", "pymdownx.extra",
    "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.keys", "pymdownx.magiclink", "pymdownx.mark",
    "pymdownx.progressbar", "pymdownx.saneheaders", "pymdownx.smartsymbols", "pymdownx.superfences",
    "pymdownx.tabbed", "pymdownx.tasklist", "pymdownx.tilde",
)  # fmt: skip
_PLAIN = ("map", "seq", "str", "int", "float", "bool", "null", "timestamp")
_SETTINGS = {"hooks": "`hooks` runs Python files", "INHERIT": "`INHERIT` reads another configuration"}
_ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)

Said = tuple[yaml.Node, str, str]
"""Where something is refused, what it is, and what mends it."""


def untrusted(config_file: Path) -> Iterator[Finding]:
    """Yield what a `mkdocs.yml` asks for that is not known to be harmless; nothing if MkDocs cannot read it either."""
    for place, what, mend in _refused(_read(config_file), config_file.resolve().parent):
        yield Finding(
            rule="core/site-config",
            message=f"{what}: that is done only if you ask for it",
            path=config_file.name,
            line=place.start_mark.line + 1,
            column=place.start_mark.column + 1,
            hint=f"{mend}; or, if you know what it does, say --trust-config",
        )


def plugins_named(config_file: Path) -> tuple[str, ...]:
    """Return the plugins that a `mkdocs.yml` names; none if it cannot be read."""
    return tuple(name for value in _said(_read(config_file), "plugins") for _, name in _names(value))


def plugin_setting(config_file: Path, plugin: str, name: str) -> str:
    """Return what a `mkdocs.yml` sets for one of its plugins, the tag of what is no text; "" if it sets nothing."""
    plugins = (each for value in _said(_read(config_file), "plugins") for each in (*_items(value), value))
    settings = (each for named in plugins for given in _said(named, plugin) for each in _said(given, name))
    # Of what is said twice, MkDocs takes the last.
    return next((each.value if isinstance(each.value, str) else each.tag for each in [*settings][::-1]), "")


def folders_named(config_file: Path) -> tuple[str, ...]:
    """Return the folders that the pages and templates of a `mkdocs.yml` may lie in, as it names them."""
    node = _read(config_file)
    themes = (each for theme in _said(node, "theme") for each in _said(theme, "custom_dir"))
    return ("docs", *(each.value for each in (*_said(node, "docs_dir"), *themes) if isinstance(each.value, str)))


def _read(config_file: Path) -> yaml.Node | None:
    """Return what a `mkdocs.yml` says as MkDocs reads it: by another parser it could say something else."""
    try:
        return yaml.compose(config_file.read_bytes(), Loader=yaml.SafeLoader)
    except (OSError, yaml.YAMLError, UnicodeError):
        return None


def _said(node: yaml.Node | None, name: str) -> Iterator[yaml.Node]:
    """Yield the values of a key, which may stand there more than once."""
    yield from (value for key, value in _pairs(node) if key.value == name)


def _refused(node: yaml.Node | None, root: Path) -> Iterator[Said]:
    if node is None:
        return
    yield from _tags(node, set())
    yield from _links(node, root / "docs", root)
    for key, value in _pairs(node):
        name = str(key.value)
        if name not in _KEYS:
            yield key, _SETTINGS.get(name, f"`{name}` is no setting that is known"), _mend(name, _KEYS)
        elif name in ("docs_dir", "watch"):
            yield from _outside(_items(value), root, name)
        elif name == "theme":
            yield from _theme(value, root)
        elif name == "plugins":
            for place, plugin in _names(value):
                if plugin not in PLUGINS:
                    yield place, f"the plugin `{plugin}` runs code of its own", _mend(plugin, PLUGINS)
        elif name == "markdown_extensions":
            for place, extension in _names(value):
                if extension.removeprefix("markdown.extensions.") not in _EXTENSIONS:
                    said = f"the Markdown extension `{extension}` may run code or read files"
                    yield place, said, _mend(extension, _EXTENSIONS)
        elif name in ("extra_css", "extra_javascript"):
            for place, file in _names(value):
                if _ELSEWHERE.match(file):
                    said = f"`{name}` loads `{file}` from another host"
                    yield place, said, "copy the file into the site's own folder"


def _mend(name: str, known: Sequence[str]) -> str:
    like = nearest(name, known) if name not in _SETTINGS else None
    return f"take it out, or did you mean `{like}`?" if like else "take it out"


def _theme(value: yaml.Node, root: Path) -> Iterator[Said]:
    for each in _said(value, "custom_dir"):
        yield from _outside([each], root, "custom_dir")
    for each in _said(value, "name") if _pairs(value) else [value]:
        if each.value not in THEMES and each.tag != "tag:yaml.org,2002:null":
            yield each, f"the theme `{each.value}` is not one that is known", f"choose {' or '.join(THEMES)}"


def _links(place: yaml.Node, folder: Path, root: Path) -> Iterator[Said]:
    """Yield a link in a folder that leads out of the repository: what it leads to would be published."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() and not _inside(path, root):
            said = f"{path.relative_to(root).as_posix()} is a link out of the repository"
            yield place, said, "put the file itself in its place"


def _outside(places: list[yaml.Node], root: Path, name: str) -> Iterator[Said]:
    for each in places:
        if not isinstance(each.value, str) or "\0" in each.value or not _inside(root / each.value, root):
            yield each, f"`{name}` leads out of the repository", "name a folder inside it"
        elif name != "watch":
            yield from _links(each, root / each.value, root)


def _inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # links that lead to themselves
        return False


def _tags(node: yaml.Node, seen: set[int]) -> Iterator[Said]:
    """Yield what would be made by a tag, which can name any Python object or variable of the environment."""
    if id(node) in seen:
        return
    seen.add(id(node))
    name = node.tag.replace("tag:yaml.org,2002:", "!!")
    if name.removeprefix("!!") not in _PLAIN:
        merge, other = "`<<` takes in settings out of sight", f"the tag `{name}` runs code or reads what is outside"
        yield node, merge if name == "!!merge" else other, "write out what it stands for"
    for each in node.value if isinstance(node, yaml.SequenceNode) else ():
        yield from _tags(each, seen)
    for pair in _pairs(node):
        for each in pair:
            yield from _tags(each, seen)


def _pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _items(node: yaml.Node) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else [node]


def _names(node: yaml.Node) -> Iterator[tuple[yaml.Node, str]]:
    """Yield the names in a list of names, of mappings by name, or of both; or in one mapping."""
    for each in _items(node):
        pairs = _pairs(each)
        # A script is a mapping that says its path; what else it says is told with the same words.
        paths = [value for key, value in pairs if key.value == "path"]
        for name in paths or [key for key, _ in pairs] or [each]:
            if isinstance(name.value, str):
                yield name, name.value
