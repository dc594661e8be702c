"""The frame of the site: what MkDocs makes of the pages in the navigation, the site's own pages and the theme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from clausebook.repository.hashed import hash_of
from clausebook.repository.temporary import temporary_folder
from clausebook.site.feeding import FedPage, Feed
from clausebook.site.page import SitePage


def frame_key(look: str, digests: Iterable[str], elsewhere: Iterable[SitePage]) -> str:
    """Return the key of a frame: of a look, the digests of what it is fed, and the pages that are made elsewhere."""
    return hash_of((look, *digests, *(f"{page.path} {page.updated}" for page in elsewhere)))


def frame(root: Path, fed: Sequence[FedPage], elsewhere: Sequence[SitePage], *, trusted: bool) -> Mapping[str, bytes]:
    """Return the files of the frame by path. Raises as `mkdocs_build.build_site` does."""
    # MkDocs takes long to import, and most builds need no new frame.
    from clausebook.site.mkdocs_build import build_site

    with temporary_folder() as folder:
        out = folder / "site"
        build_site(root, out, Feed(fed, elsewhere=elsewhere, whole=False), trusted=trusted)
        return {
            path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()
        }
