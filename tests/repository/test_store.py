"""A store: sealed, private, bounded, safe between processes, and done without where there can be none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.repository import store as stores
from clausebook.repository.store import BLOCK, DAMAGED, FOREIGN, FORMAT, Store, StoredEntry, noticed
from tests.support.tiers import examples

posix = pytest.mark.skipif(not hasattr(os, "getuid"), reason="only POSIX tells who may write to a folder")
KEY = ("key", "of the thing")


@pytest.fixture(autouse=True)
def _nothing_noticed() -> Iterator[None]:
    noticed.clear()
    yield
    noticed.clear()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def files(store: Store) -> list[Path]:
    """Return the files of a store's entries."""
    return sorted(store.folder.glob(f"{FORMAT}/[0-9a-f][0-9a-f]/*"))


def entry(store: Store, content: bytes = b"content", kind: str = "things", key: tuple[str, ...] = KEY) -> Path:
    """Keep something; return its file."""
    before = set(files(store))
    store.keep(kind, key, content)
    (made,) = set(files(store)) - before
    return made


def faults(store: Store) -> dict[str, int]:
    """Return what was noticed of a store."""
    return {why: number for (folder, why), number in noticed.items() if folder == str(store.folder)}


PARTS = st.lists(st.text(max_size=6), max_size=3).map(tuple)


@given(st.dictionaries(st.tuples(st.sampled_from(("things", "others")), PARTS), st.binary(max_size=40), max_size=8))
@settings(max_examples=examples(60))
def test_each_thing_is_found_under_its_own_kind_and_key(
    tmp_path_factory: pytest.TempPathFactory, things: dict[tuple[str, tuple[str, ...]], bytes]
) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    for (kind, key), content in things.items():
        assert store.find(kind, key) is None
        store.keep(kind, key, content)
    assert {(kind, key): Store(store.folder).find(kind, key) for kind, key in things} == things
    assert len(files(store)) == len(things)
    assert not noticed


@given(st.binary(max_size=60), st.data())
@settings(max_examples=examples(60))
def test_any_damage_is_noticed(tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    file = entry(store, content)
    sealed = file.read_bytes()
    damaged = data.draw(
        st.one_of(
            st.integers(0, len(sealed) - 1).map(lambda length: sealed[:length]),
            st.binary(min_size=1, max_size=4).map(lambda more: sealed + more),
            st.tuples(st.integers(0, len(sealed) - 1), st.integers(1, 255)).map(
                lambda flip: sealed[: flip[0]] + bytes([sealed[flip[0]] ^ flip[1]]) + sealed[flip[0] + 1 :]
            ),
        )
    )
    noticed.clear()
    file.write_bytes(damaged)
    assert store.find("things", KEY) is None
    assert faults(store) == {DAMAGED: 1}
    assert store.keep("things", KEY, content)
    assert store.find("things", KEY) == content


@pytest.mark.parametrize(("kind", "key"), [("things", ("another",)), ("others", KEY)])
def test_an_entry_under_the_name_of_another_is_noticed(store: Store, kind: str, key: tuple[str, ...]) -> None:
    one, other = entry(store), entry(store, b"other", kind, key)
    shutil.copyfile(one, other)
    assert store.find(kind, key) is None
    assert faults(store) == {DAMAGED: 1}
    assert store.find("things", KEY) == b"content"


def test_a_store_that_was_copied_elsewhere_is_read_there(store: Store, tmp_path: Path) -> None:
    entry(store)
    shutil.copytree(store.folder, tmp_path / "copy")
    assert Store(tmp_path / "copy").find("things", KEY) == b"content"


def test_what_is_bound_to_a_machine_is_of_no_use_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bound = Store(tmp_path / "store", bound=True)
    entry(bound)
    assert Store(tmp_path / "store", bound=True).find("things", KEY) == b"content"
    shutil.copytree(tmp_path / "store", tmp_path / "copy")
    assert Store(tmp_path / "copy", bound=True).find("things", KEY) is None
    monkeypatch.setattr(stores, "_start", lambda: "another start")
    assert Store(tmp_path / "store", bound=True).find("things", KEY) is None
    plain = Store(tmp_path / "plain")
    forged = entry(plain, b"forged")
    shutil.copyfile(forged, next((tmp_path / "store").glob(f"{FORMAT}/*/{forged.name}")))
    monkeypatch.undo()
    assert Store(tmp_path / "store", bound=True).find("things", KEY) is None


@posix
def test_a_secret_that_others_may_have_written_binds_nothing(tmp_path: Path) -> None:
    entry(Store(tmp_path / "store", bound=True))
    secret = tmp_path / "store" / FORMAT / "clausebook-secret"
    for spoil in (lambda: secret.chmod(0o666), lambda: secret.write_bytes(b"short")):
        spoil()
        store = Store(tmp_path / "store", bound=True)
        assert store.find("things", KEY) is None
        store.keep("things", ("another",), b"content")
        assert store.find("things", ("another",)) is None
        secret.chmod(0o600)


def _linked(file: Path) -> None:
    content = file.with_name("elsewhere")
    file.rename(content)
    file.symlink_to(content)


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _writable(file: Path) -> None:
    file.chmod(0o622)


def _in_a_writable_folder(file: Path) -> None:
    file.parent.chmod(0o777)


def _in_a_writable_store(file: Path) -> None:
    file.parents[1].chmod(0o770)


def _in_a_linked_store(file: Path) -> None:
    home = file.parents[1]
    home.rename(home.with_name("elsewhere"))
    home.symlink_to("elsewhere")


FOREIGNERS = (_linked, _folder, _pipe, _writable, _in_a_writable_folder, _in_a_writable_store, _in_a_linked_store)


@posix
@pytest.mark.parametrize("spoil", FOREIGNERS)
def test_what_others_might_have_written_is_not_used(store: Store, spoil: object) -> None:
    spoil(entry(store))  # type: ignore[operator]
    again = Store(store.folder)
    assert again.find("things", KEY) is None
    assert faults(again) == {FOREIGN: 1}
    assert FOREIGN in {each.fault for each in again.entries()}


@posix
def test_what_is_somebody_else_s_is_not_used(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    entry(store)
    other = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: other)
    again = Store(store.folder)
    assert again.find("things", KEY) is None
    again.keep("things", ("another",), b"content")
    assert faults(again) == {FOREIGN: 1, "others may write to it": 1}
    assert len(files(store)) == 1
    assert again.clear() == 0
    assert len(files(store)) == 1


@posix
def test_a_link_is_replaced_and_not_followed(store: Store) -> None:
    file = entry(store)
    theirs = store.folder / "theirs"
    theirs.write_bytes(b"theirs")
    file.unlink()
    file.symlink_to(theirs)
    store.keep("things", KEY, b"content")
    assert store.find("things", KEY) == b"content"
    assert theirs.read_bytes() == b"theirs"


def test_a_store_of_another_version_is_left_alone(store: Store) -> None:
    file = entry(store)
    other = store.folder / "store-2" / file.relative_to(store.folder / FORMAT)
    other.parent.mkdir(parents=True)
    shutil.copyfile(file, other)
    assert store.clear() == 1
    assert other.is_file()
    assert Store(store.folder).find("things", KEY) is None


def test_clearing_takes_the_store_s_own_files_alone(store: Store, tmp_path: Path) -> None:
    file = entry(store)
    theirs = [store.folder / "letter.txt", store.folder / FORMAT / "letter.txt", file.parent / "letter.txt"]
    theirs += [file.with_name(f"things.{'e' if file.parent.name[0] == 'd' else 'd'}{'0' * 63}")]
    theirs += [file.with_name(f"things.{'0' * 63}"), file.with_name("0" * 64), store.folder / FORMAT / "new" / "draft"]
    for each in theirs:
        each.write_text("theirs", encoding="utf-8")
    file.chmod(0o666)  # it is not used, but it is the store's own
    outside = tmp_path / "outside"
    (outside / "cd").mkdir(parents=True)
    (outside / "cd" / f"things.cd{'0' * 62}").write_text("theirs", encoding="utf-8")
    (store.folder / FORMAT / "cd").symlink_to(outside / "cd")
    assert store.clear() == 1
    assert all(each.read_text(encoding="utf-8") == "theirs" for each in theirs)
    assert len(list((outside / "cd").iterdir())) == 1
    assert not file.exists()


def test_an_empty_store_leaves_nothing(store: Store) -> None:
    entry(store)
    assert store.clear() == 1
    assert list(store.folder.iterdir()) == []
    store.keep("things", KEY, b"again")
    assert store.find("things", KEY) == b"again"
    assert Store(store.folder / "none").clear() == 0


@posix
def test_clearing_follows_no_link_to_a_store(store: Store, tmp_path: Path) -> None:
    file = entry(store)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / FORMAT).symlink_to(store.folder / FORMAT)
    (store.folder / FORMAT / "ab").mkdir(exist_ok=True)
    assert Store(tmp_path / "linked").clear() == 0
    assert file.is_file()
    assert (store.folder / FORMAT / "ab").is_dir()


def test_entries_are_listed_with_what_is_wrong(store: Store) -> None:
    entry(store, b"12345")
    entry(store, b"1", "others").write_bytes(b"damaged")
    files(store)[0].with_name("stranger").write_bytes(b"123")
    assert sorted(store.entries()) == [
        StoredEntry("", 3, FOREIGN),
        StoredEntry("others", 7, DAMAGED),
        StoredEntry("things", 37, ""),
    ]
    assert not noticed


def test_what_was_used_last_goes_last(tmp_path: Path) -> None:
    store = Store(tmp_path, 64 * BLOCK)
    for number in range(40):
        os.utime(entry(store, bytes([number]), key=(f"{number}",)), (number, number))
    assert store.find("things", ("3",)) == b"\3"
    number = 40
    while len(files(store)) >= number:
        os.utime(entry(store, bytes([number]), key=(f"{number}",)), (number, number))
        number += 1
    left = [each for each in range(number) if store.find("things", (f"{each}",)) is not None]
    assert number > 56, "nothing goes while there is room"
    assert len(left) == 48
    assert left == [3, *range(number - 47, number)]


def test_the_bound_holds_over_all_kinds_and_processes(tmp_path: Path) -> None:
    for number in range(400):
        # A store of its own is a process of its own: what it counts, it knows from the disk.
        Store(tmp_path, 64 * BLOCK).keep(f"kind-{number % 7}", (f"{number}",), bytes(5000))
        assert sum(-(-each.stat().st_size // BLOCK) for each in files(Store(tmp_path))) <= 64
    assert len(files(Store(tmp_path))) >= 20


def test_a_store_whose_count_is_lost_is_counted_anew(tmp_path: Path) -> None:
    big, small = Store(tmp_path), Store(tmp_path, 16 * BLOCK)
    for number in range(40):
        big.keep("things", (f"{number}",), b"")
    (tmp_path / FORMAT / "clausebook-weight").unlink()
    small.keep("things", ("more",), b"")
    assert len(files(small)) <= 16


def test_counting_is_seldom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    prune = Store._prune

    def pruned(self: Store) -> int:
        counted.append(1)
        return prune(self)

    monkeypatch.setattr(Store, "_prune", pruned)
    store = Store(tmp_path, 800 * BLOCK)
    for number in range(4000):
        store.keep("things", (f"{number % 790}",), b"")
    assert len(counted) < 4000 / 80


@pytest.mark.parametrize("most", [0, 100, 4 * BLOCK])
def test_what_is_larger_than_a_quarter_is_not_kept(tmp_path: Path, most: int) -> None:
    store = Store(tmp_path, most)
    assert not store.keep("things", KEY, bytes(BLOCK))
    assert store.find("things", KEY) is None
    assert not noticed


def test_a_file_of_any_size_is_read_within_bounds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    file = entry(store)
    with file.open("r+b") as opened:
        opened.truncate(1 << 40)
    assert store.find("things", KEY) is None
    assert faults(store) == {DAMAGED: 1}


def test_kinds_are_names(store: Store) -> None:
    for kind in ("", "../x", "a/b", "A", "a" * 40):
        with pytest.raises(ValueError, match="no name for a kind"):
            store.keep(kind, KEY, b"")


def python(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a program of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


WRITE = """
import sys
from pathlib import Path
from clausebook.repository.store import Store, noticed
store, number = Store(Path(sys.argv[1]), 1 << 20), int(sys.argv[2])
print("ready", flush=True)
input()
for turn in range(300):
    key = (str((turn * 7 + number) % 60),)
    content = store.find("things", key)
    assert content in (None, key[0].encode() * 500), content
    store.keep("things", key, key[0].encode() * 500)
print(dict(noticed))
"""


def test_processes_write_at_once(tmp_path: Path) -> None:
    writers = [python(WRITE, tmp_path, number) for number in range(3)]
    for each in writers:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    assert [each.communicate("\n", timeout=60)[0] for each in writers] == ["{}\n"] * 3
    store = Store(tmp_path)
    assert [each.fault for each in store.entries()] == [""] * 60
    assert not list((tmp_path / FORMAT / "new").iterdir())


CLEAR = """
import sys
from pathlib import Path
from clausebook.repository.store import Store
print("ready", flush=True)
input()
for turn in range(60):
    Store(Path(sys.argv[1])).clear()
print({})
"""


def test_it_may_be_cleared_while_processes_write(tmp_path: Path) -> None:
    workers = [python(program, tmp_path, number) for number, program in enumerate((WRITE, CLEAR, WRITE))]
    for each in workers:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    for each in workers:
        assert each.stdin
        each.stdin.write("\n")
        each.stdin.flush()
    assert [each.communicate(timeout=60)[0] for each in workers] == ["{}\n"] * 3
    assert {each.fault for each in Store(tmp_path).entries()} <= {""}


KILLED = """
import os, sys
from pathlib import Path
from clausebook.repository import store as stores
def waiting(*paths):
    print("written", flush=True)
    input()
stores.os.replace = waiting
stores.Store(Path(sys.argv[1])).keep("things", ("key", "of the thing"), b"half")
"""


def test_a_writer_that_is_killed_leaves_nothing_that_is_found(store: Store) -> None:
    writer = python(KILLED, store.folder)
    assert writer.stdout
    assert writer.stdout.readline() == "written\n"
    Store(store.folder).keep("others", KEY, b"content")
    assert len(list((store.folder / FORMAT / "new").iterdir())) == 1, "it is still being written"
    writer.kill()
    writer.communicate()
    assert store.find("things", KEY) is None
    store.keep("things", KEY, b"whole")
    assert store.find("things", KEY) == b"whole"
    assert not list((store.folder / FORMAT / "new").iterdir())
    assert not noticed


@pytest.mark.parametrize(
    ("process", "token", "day", "left"),
    [
        (os.getpid(), stores._TOKEN, None, True),
        (os.getpid(), "0" * 8, None, False),  # of a process before this one, which had its number
        (os.getppid(), "0" * 8, None, os.name == "posix"),
        (os.getppid(), "0" * 8, 0, False),
        (9999999999, "0" * 8, None, False),
    ],
    ids=["its own", "an earlier process of its number", "another process", "another one, long ago", "no process"],
)
def test_what_is_left_over_goes(store: Store, process: int, token: str, day: int | None, left: bool) -> None:
    entry(store)
    place = store.folder / FORMAT / "new" / f"{process}-{token}-7"
    place.write_bytes(b"half")
    if day is not None:
        os.utime(place, (day, day))
    Store(store.folder).keep("others", KEY, b"")
    assert place.exists() is left


FULL = """
import resource, sys
from pathlib import Path
from clausebook.repository.store import Store, noticed
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
store = Store(Path(sys.argv[1]))
store.keep("things", ("small",), b"small")
assert not store.keep("things", ("large",), bytes(9000))
print([why for folder, why in noticed], store.find("things", ("small",)), store.find("things", ("large",)))
"""


@posix
def test_a_full_disk_is_done_without(store: Store) -> None:
    assert python(FULL, store.folder).communicate(timeout=60)[0] == "['File too large'] b'small' None\n"
    assert len(files(store)) == 1
    assert not list((store.folder / FORMAT / "new").iterdir())


@pytest.mark.parametrize("place", ["", FORMAT, f"{FORMAT}/new"])
def test_a_store_that_cannot_be_made_is_done_without(store: Store, place: str) -> None:
    file = store.folder / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("a letter", encoding="utf-8")
    assert not store.keep("things", KEY, b"made")
    assert not store.can_keep()
    assert store.find("things", KEY) is None
    assert len(noticed) <= 2
    assert file.read_text(encoding="utf-8") == "a letter"
    store.clear()
    assert file.read_text(encoding="utf-8") == "a letter"


@posix
def test_a_link_to_nowhere_is_told_of(store: Store) -> None:
    store.folder.symlink_to("nowhere")
    store.keep("things", KEY, b"content")
    assert faults(store) == {"No such file or directory": 1}


def test_a_store_that_cannot_be_written_is_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    entry(store)
    opened = os.open

    def refusing(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_WRONLY:
            raise OSError(30, "Read-only file system")
        return opened(path, flags, mode)

    monkeypatch.setattr(os, "open", refusing)
    again = Store(store.folder)
    assert again.find("things", KEY) == b"content"
    for number in range(3):
        assert not again.keep("things", (f"{number}",), b"")
    assert faults(again) == {"Read-only file system": 3}
