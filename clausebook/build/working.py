"""What a worker does: it makes agreements and renders their pages. It gets little and gives bytes, wherever it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from clausebook.build.made import Parcel, head_from
from clausebook.build.options import MakingOptions
from clausebook.children.memory import give_back
from clausebook.facts.duties.editions import EPOCH, Edition
from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.repository.archive import Archive

if TYPE_CHECKING:
    from clausebook.build.agreement_task import Maker
    from clausebook.build.page_renderer import PageRenderer
    from clausebook.language.sandbox import Sandbox

RENDERER = "clausebook.build.page_renderer"
"""The module that, with all it imports, decides on how a page is rendered."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted of an agreement: to make it, unless its `parcel` is there, and to render its pages.

    Without `pages`, by path, all of them are rendered that the navigation does not show.
    """

    id: str
    family: tuple[str, ...] = ()
    edition: Edition = EPOCH
    parcel: Parcel | None = None
    pages: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an order; `rendered` are the finished pages by path."""

    id: str
    parcel: Parcel
    rendered: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class WorkOptions:
    """Where and how all orders are done; pages are rendered unless MkDocs is to do it for all of them at once."""

    root: Path
    making: MakingOptions
    rendering: bool = True
    trusted: bool = False


class Workshop:
    """Does orders, one after the other; what they share is loaded when it is first needed. A context manager."""

    def __init__(self, options: WorkOptions) -> None:
        self._options = options
        self._stack = ExitStack()
        self._making = self._stack.enter_context(ExitStack())
        self._sandbox: Sandbox | None = None
        self._maker: Maker | None = None
        self._shared = ""
        self._renderer: PageRenderer | None = None

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def refresh(self, shared: str) -> None:
        """Let go of what may have changed; of what agreements share only if `shared`, a hash of it, is another one."""
        if self._maker and shared == self._shared:
            self._maker.forget()
        elif self._maker:
            self._making.close()
            self._maker = None
        self._shared = shared

    def done(self, orders: Sequence[Order]) -> Iterator[Done]:
        """Yield what comes of orders, in their order. Raises RepositoryError, and FindingsError for a faulty theme."""
        for order in orders:
            parcel = order.parcel or self._made(order)
            give_back()
            yield Done(order.id, parcel, self._rendered(parcel, order.pages) if self._options.rendering else {})

    def _made(self, order: Order) -> Parcel:
        # Who has nothing to make loads nothing for it.
        from clausebook.build.agreement_task import Maker
        from clausebook.language.sandbox import Sandbox

        if self._sandbox is None:
            self._sandbox = self._stack.enter_context(Sandbox())
        if self._maker is None:
            maker = Maker(self._options.root, self._options.making, self._sandbox)
            self._maker = self._making.enter_context(maker)
        return self._maker.made(order.id, order.family, order.edition)

    def _rendered(self, parcel: Parcel, paths: Sequence[str] | None) -> Mapping[str, bytes]:
        from clausebook.build.page_renderer import PageRenderer, listed_pages
        from clausebook.site.feeding import FedPage

        if self._renderer is None:
            options = self._options
            renderer = PageRenderer(options.root, listed_pages(options.making.audience), trusted=options.trusted)
            self._renderer = self._stack.enter_context(renderer)
        archive = Archive(parcel.archive)
        wanted = [
            FedPage(each.page, each.digest, partial(archive.text, each.page.path))
            for each in head_from(parcel.head).pages
            if not each.page.listed and (paths is None or each.page.path in paths)
        ]
        return self._renderer.rendered(wanted)


def faults(error: Exception) -> Exception:
    """Return an error as it can be sent from one process to another."""
    if isinstance(error, FindingsError | RepositoryError):
        return error
    return RepositoryError(f"an agreement cannot be made: {type(error).__name__}: {error}")
