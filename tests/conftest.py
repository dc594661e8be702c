"""What all tests share: the tiers, repositories that are dear to make, the flag for golden files, the root."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clausebook.children import child
from clausebook.language.sandbox import Sandbox
from clausebook.repository import user_cache
from tests.support import tiers
from tests.support.executed_repositories import amended_repository
from tests.support.repositories import partnership_repository
from tests.support.sandboxes import handed_on

MEASURED_START = (
    "import resource; bound = resource.setrlimit; "
    "resource.setrlimit = lambda kind, value: kind == resource.RLIMIT_FSIZE or bound(kind, value); " + child.START
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the tiers of tests, and the one way to change golden files."""
    parser.addoption("--quick", action="store_true", help="run the quick tests alone: at most a minute")
    parser.addoption("--full", action="store_true", help="run all tests: whole benches, every example")
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the tests got into the golden files; read the difference before committing it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the tier of tests."""
    for mark in tiers.MARKS.values():
        config.addinivalue_line("markers", mark)
    if config.getoption("--quick") and config.getoption("--full"):
        raise pytest.UsageError("--quick and --full are two tiers: choose one")
    tiers.choose(_tier(config))


def pytest_report_header(config: pytest.Config) -> str:
    """Say which tests are left out."""
    out = tiers.LEFT_OUT[_tier(config)]
    return f"tests: {_tier(config)}" + (f", without those marked {' or '.join(out)}" if out else "")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not of the tier."""
    out = [item for item in items if tiers.left_out(item, _tier(config))]
    if out:
        config.hook.pytest_deselected(items=out)
        gone = set(out)
        items[:] = [item for item in items if item not in gone]


def _tier(config: pytest.Config) -> str:
    return next((tier for tier in ("quick", "full") if config.getoption(f"--{tier}")), "suite")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Tell whether golden files are to be written, not compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def repository_root() -> Path:
    """Return the root of this repository."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def partnership(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with the tests' own deals and library, none of them sent; no test may change it."""
    return partnership_repository(tmp_path_factory.mktemp("partnership"))


@pytest.fixture(scope="session")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same with an executed agreement and the draft of its amendment; no test may change it."""
    with Sandbox() as sandbox:
        return amended_repository(tmp_path_factory.mktemp("amended"), sandbox)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests away from the user's cache, whose content would decide what they test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(user_cache.VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _signals() -> None:
    """Let the processes that tests start be ended as a shell ends them, though the tests run in the background."""
    for name, default in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, default)


@pytest.fixture(scope="session", autouse=True)
def _children(_own_cache: None) -> Iterator[None]:
    """Hand the children that render clauses on, and let them write down what they ran while coverage is measured.

    Otherwise a child may write no file, and it is killed when it is not needed any more.
    """
    with pytest.MonkeyPatch.context() as patch:
        if "coverage" in sys.modules and sys.modules["coverage"].Coverage.current():
            patch.setattr(child, "START", MEASURED_START)
            patch.setattr(Sandbox, "close", _close_gently)
        with handed_on():
            yield


def _close_gently(self: Sandbox, close: Callable[[Sandbox], None] = Sandbox.close) -> None:
    if self._child:
        # Coverage writes its data when the child is told to end.
        self._child.running.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.running.process.wait(timeout=5)
    close(self)
