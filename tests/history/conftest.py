"""What tests of the past share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clausebook.repository import user_cache


@pytest.fixture(scope="module")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the tests of a module a cache of their own, in which texts of the past are kept from one to the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(user_cache.VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield
