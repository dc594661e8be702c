"""What building would refuse although the data are right: types, looks, characters, the site's configuration.

`check` says it, so that what passes it builds.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from clausebook.findings.model import Finding, FindingsError, RepositoryError
from clausebook.library.names import LOOK_FOLDERS
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.render.formats import USUAL
from clausebook.render.proof.at_base import changed_at
from clausebook.render.trial import LOOKS, look_findings
from clausebook.repository import user_cache
from clausebook.repository.confined import CONFIG, HIDDEN
from clausebook.repository.temporary import temporary_folder
from clausebook.site.config_trust import untrusted
from clausebook.site.page_look import look_of

RESTORE = "copy it from the Clausebook repository"


def promise(
    project: Project, agreements: Sequence[Agreement], *, whole: bool, trusted: bool = False
) -> Iterator[Finding]:
    """Yield what is wrong beside the agreements' own data; with `whole`, all that a site is built from.

    `trusted` is whether the site's configuration may run code.
    """
    if whole:
        for name in project.store.types():
            if name not in LOOK_FOLDERS:
                # The site shows every type's library; the findings of a type are the project's.
                project.type(name)
    unusable = list(look_findings(project.root))
    yield from unusable
    for agreement in agreements:
        yield from project.unshown(agreement)
    yield from _of_changed_looks(project, agreements, {each.path.split("/")[1] for each in unusable})
    if whole:
        yield from site_findings(project, trusted=trusted)


def _of_changed_looks(project: Project, agreements: Sequence[Agreement], told: Collection[str]) -> Iterator[Finding]:
    """Yield, once a look that is changed and not told of, what it does to the agreements: a trial has not all words."""
    for name in LOOKS:
        if name in told or not changed_at(project.root, name):
            continue
        wrong: list[Finding] = []
        for agreement in agreements:
            for render in (project.render, project.render_restated):
                try:
                    render(agreement, (name,))
                except FindingsError as error:
                    wrong += [each for each in error.findings if each.path.startswith("templates/")][:1]
        if wrong:
            further = f"; and so is it with {len(wrong) - 1} more of the files" if len(wrong) > 1 else ""
            yield replace(wrong[0], message=f"{wrong[0].message}{further}")


def site_findings(project: Project, *, trusted: bool = False) -> Iterator[Finding]:
    """Yield why the site cannot be built, whatever agreements it shows."""
    config = project.root / CONFIG
    if not config.is_file():
        yield _finding(f"the repository has no {CONFIG}, without which no site can be built", RESTORE)
        return
    names = _pages(project)
    key = _state(project.root, names)
    if key and user_cache.find("sites", key) is not None:
        return
    found = list(_tried(project.root, names, trusted))
    if key and not found:
        user_cache.keep("sites", key, b"")
    yield from found


def _tried(root: Path, names: Sequence[str], trusted: bool) -> Iterator[Finding]:
    # MkDocs takes longer to import than a check.
    from clausebook.site.feeding import feed_of
    from clausebook.site.mkdocs_build import build_site, own_pages
    from clausebook.site.page_tree import page_tree
    from clausebook.site.site_content import SiteContent

    try:
        for name in sorted(own_pages(root, trusted=trusted) & set(names)):
            said = f"{name} is a page of Clausebook, and there is a page of that name of the site's own"
            yield _finding(said, "rename the site's own page")
        with temporary_folder() as folder:
            build_site(root, folder / "site", feed_of(page_tree(SiteContent((), ()))), trusted=trusted)
    except FindingsError as error:
        yield from error.findings
    except RepositoryError as error:
        yield _finding(error.message.replace(f"{root}/", ""), error.hint or f"see {CONFIG} and {HIDDEN}/")
    except Exception as error:  # what plugins and hooks of the site's own do is theirs
        yield _finding(f"the site cannot be built: {type(error).__name__}: {error}", f"see {CONFIG} and {HIDDEN}/")


def _pages(project: Project) -> tuple[str, ...]:
    """Return the pages that agreements and clauses will have, by their names in the site's folder of pages."""
    types = [name for name in sorted(project.store.types()) if name not in LOOK_FOLDERS]
    kinds = (kind for name in types if (kind := project.type(name).kind))
    clauses = dict.fromkeys(clause for kind in kinds for clause in kind.clauses)
    files = (f"agreements/{file.id}/{name}" for file in project.files() for name in _names(file.id))
    return (*files, *(f"clauses/{clause}/index.md" for clause in clauses))


def _names(name: str) -> tuple[str, ...]:
    return ("index.md", *(f"{name}.{each}" for each in USUAL))


def _state(root: Path, names: Sequence[str]) -> tuple[str, ...]:
    """Return a key of all that decides on whether a site can be built; () if not all of it is known."""
    look = "" if any(untrusted(root / CONFIG)) else look_of(root, "clausebook.site.mkdocs_build")
    return (look, importlib.metadata.version("pagefind-bin"), *names) if look else ()


def _finding(message: str, hint: str) -> Finding:
    return Finding(rule="core/site-unusable", message=message, path=CONFIG, line=1, column=1, hint=hint)
