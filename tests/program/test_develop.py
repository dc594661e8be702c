"""Setting up: what of the user's configuration counts, what is trusted, and what is said when it cannot be done.

The environments and pip are real. The installer that pip brings in is a stand-in, from an index in a folder, for
nothing here needs a network; `.ci/setup` proves the same with the real one.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

import clausebook

pytestmark = pytest.mark.slow("environments set up in clones, whole and broken")

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BASE = getattr(sys, "_base_executable", sys.executable)
HOSTILE = """\
[global]
index-url = https://clerk:secret@index.example/simple
proxy = proxy.example:3128
extra-index-url = https://poison.example/simple
find-links = /poison
no-index = true
[install]
cert = /house.pem
constraint = /poison.txt
no-binary = :all:
target = /nowhere
"""
# Started by a shell, for the path of its Python may hold a space.
STAND_IN = """\
#!/bin/sh
'''exec' "${0%/*}/../../bin/python" "$0" "$@"
' '''
import json, os, sys, sysconfig
seen = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_"))}
with open(os.environ["RECORD"], "a") as file:
    file.write(json.dumps([sys.argv[1:], seen]) + "\\n")
if os.environ.get("BRINGS"):
    os.mkdir(os.path.join(sysconfig.get_path("purelib"), os.environ["BRINGS"]))
if os.environ.get("SAYS"):
    print(os.environ["SAYS"])
    sys.exit(2)
"""


@pytest.fixture
def develop() -> ModuleType:
    """Return develop.py as a module of its own."""
    return module_of(ROOT)


def module_of(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("develop_of_this_test", root / "develop.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# What counts of a configuration


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Variables that lead to a hostile configuration, and to no other one."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "user").mkdir()
    (tmp_path / "user/pip.conf").write_text(HOSTILE, encoding="utf-8")
    return {"PIP_CONFIG_FILE": str(tmp_path / "user/pip.conf"), "PIP_EXTRA_INDEX_URL": "https://poison.example/2"}


WAY = {"index-url": "https://clerk:secret@index.example/simple", "proxy": "proxy.example:3128", "cert": "/house.pem"}


def test_only_the_way_to_the_index_counts(develop: ModuleType, configuration: dict[str, str], tmp_path: Path) -> None:
    found = develop.configured(str(tmp_path), configuration)
    assert {name: found[name] for name in WAY} == WAY
    assert set(found) <= set(develop.HONOURED)
    way = develop.way_to_index(found)
    assert way["PIP_INDEX_URL"] == way["UV_DEFAULT_INDEX"] == WAY["index-url"]
    assert way["HTTPS_PROXY"] == way["http_proxy"] == "http://proxy.example:3128"
    assert way["PIP_CERT"] == way["SSL_CERT_FILE"] == "/house.pem"
    assert "poison" not in str(way)


def test_variables_go_before_files_and_an_environment_before_the_user(
    develop: ModuleType, configuration: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "xdg/pip").mkdir(parents=True)
    name = "pip.ini" if os.name == "nt" else "pip.conf"
    (tmp_path / "xdg/pip" / name).write_text("[global]\nproxy = user.example\nclient_cert = /mine.pem\n")
    (tmp_path / name).write_text("[global]\nproxy = environment.example\n")
    variables = {"XDG_CONFIG_HOME": str(tmp_path / "xdg"), "APPDATA": str(tmp_path / "xdg")}
    found = develop.configured(str(tmp_path), variables)
    if sys.platform != "darwin":
        assert found["client-cert"] == "/mine.pem"
    assert found["proxy"] == "environment.example"
    assert develop.configured(str(tmp_path), {**variables, **configuration})["proxy"] == "proxy.example:3128"
    variables["PIP_PROXY"] = "variable.example"
    assert develop.configured(str(tmp_path), {**variables, **configuration})["proxy"] == "variable.example"
    assert develop.configured(str(tmp_path), {"PIP_CONFIG_FILE": os.devnull}) == {}


def test_variables_of_installers_are_taken_away(develop: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_FIND_LINKS", "pip_no_binary", "UV_INDEX", "UV_CONFIG_FILE", "PYTHONPATH", "PYTHONHOME"):
        monkeypatch.setenv(name, "poison")
    kept = develop.clean()
    assert "poison" not in kept.values()
    assert kept["PIP_CONFIG_FILE"] == os.devnull
    assert kept["PATH"] == os.environ["PATH"]


def test_certificates_of_the_configuration_go_before_all_variables(
    develop: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(name, "/another")
    way = develop.way_to_index({"cert": "/house.pem"})
    assert "/another" not in way.values()
    assert way["REQUESTS_CA_BUNDLE"] == way["SSL_CERT_FILE"] == "/house.pem"
    assert develop.way_to_index({"cert": str(tmp_path)})["SSL_CERT_DIR"] == str(tmp_path)
    assert develop.way_to_index({})["PIP_CERT"] == "/another"


@pytest.mark.parametrize(
    "content", [b"index-url = x\n", b"[global]\nproxy = a\nproxy = b\n"], ids=["no section", "twice"]
)
def test_a_configuration_that_cannot_be_read_is_named(develop: ModuleType, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pip.conf").write_bytes(content)
    with pytest.raises(OSError, match=r"pip\.conf cannot be read.* Correct it$") as caught:
        develop.configured(str(tmp_path), {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf")})
    assert "\n" not in str(caught.value)


# What is said


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (
            "Resolved 65 packages in 18ms\n  × Failed to download `jinja2==3.1.6`\n"
            "  ╰─▶ Hash mismatch for `jinja2==3.1.6`\n\n      Expected:\n        sha256:00\n",
            ["not in requirements.lock", "git checkout", "jinja2==3.1.6"],
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n    uv==1 from https://index",
            ["not in requirements.lock", "uv==1"],
        ),
        (
            "error: Failed to install: a.whl\n  Caused by: failed to copy /é/file\n"
            "  Caused by: No space left on device (os error 28)",
            ["the disk is full", "Free some space"],
        ),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError('<urllib3 object at 0x7>: "
            "Name or service not known')': /simple/uv/\nERROR: No matching distribution found for uv==1",
            ["cannot be reached", "Name or service"],
        ),
        (
            "error: Failed to fetch: `https://clerk:secret@index.example/a/`\n  Caused by: error sending request\n"
            "  Caused by: invalid peer certificate: UnknownIssuer",
            ["certificate is not trusted", "`cert`"],
        ),
        (
            "error: Failed to fetch: `https://clerk:secret@index.example/a/`\n  Caused by: dns error",
            ["cannot be reached", "index-url"],
        ),
        ("HTTP status client error (401 Unauthorized) for url (https://c:secret@index.example/a/)", ["refuses access"]),
        ("  × No solution found when resolving:\n  ╰─▶ a==1 has no wheels with a matching tag", ["lacks a package"]),
        ("Something new\nhappened https://clerk:secret@index.example", ["failed: Something new / happened"]),
        ("", ["said nothing"]),
    ],
)  # fmt: skip
def test_what_an_installer_says_becomes_one_line(develop: ModuleType, output: str, words: list[str]) -> None:
    line = develop.reason(output, "requirements.lock")
    assert [word for word in words if word not in line] == []
    assert "\n" not in line
    assert "secret" not in line


def test_a_python_that_is_too_old_is_told_so(
    develop: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))
    monkeypatch.setattr(sys, "version", "3.10.13 (main)")
    assert develop.main(["build"]) == 2
    assert capsys.readouterr().err == (
        "[develop] Clausebook needs Python 3.11 or newer; this is Python 3.10.13. Run the command with a newer one.\n"
    )


def test_an_old_python_need_import_nothing_that_it_does_not_have() -> None:
    tree = ast.parse((ROOT / "develop.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    names = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    assert not names & {"tomllib", "dataclasses", "graphlib", "zoneinfo", "importlib.metadata"}


@pytest.mark.parametrize("number", ["ENOSPC", "EROFS", "EACCES"])
def test_what_the_system_refuses_says_what_to_do(develop: ModuleType, number: str) -> None:
    import errno

    code = getattr(errno, number)
    line = develop.explained(OSError(code, os.strerror(code), "/clone/.venv"))
    assert "/clone/.venv" in line
    assert "Free some space" in line or "Make its folder writable" in line


# What is trusted


@dataclass(frozen=True)
class Clone:
    """A clone whose installer is a stand-in, and what that was asked to do."""

    root: Path
    variables: dict[str, str]

    @property
    def stamp(self) -> dict[str, str]:
        data: dict[str, str] = json.loads((self.root / ".venv/clausebook-environment.json").read_text())
        return data

    def run(self, *arguments: str, python: str = BASE, **variables: str) -> tuple[int, list[str], list[list[str]]]:
        """Return the exit code, the lines on the error output, and what the installer was asked for since."""
        record = Path(self.variables["RECORD"])
        record.write_text("")
        done = subprocess.run(
            [python, str(self.root / "develop.py"), *arguments],
            env={**self.variables, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert "Traceback" not in done.stderr
        calls = [json.loads(line) for line in record.read_text().splitlines()]
        for _, seen in calls:
            assert set(seen) <= {"PIP_CONFIG_FILE", "PIP_INDEX_URL", "PIP_CERT", "UV_DEFAULT_INDEX", "UV_HTTP_TIMEOUT",
                                 "UV_SYSTEM_CERTS"}  # fmt: skip
        return done.returncode, done.stderr.splitlines(), [call[0] for call in calls]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone without an environment, in a folder with a space and a letter that is not ASCII."""
    folder = tmp_path_factory.mktemp("setting up")
    root = folder / "clone é"
    (root / "clausebook").mkdir(parents=True)
    for name in ("develop.py", "pyproject.toml", "clausebook/__init__.py"):
        shutil.copy(ROOT / name, root / name)
    (root / "build.py").write_text("")
    for name in ("requirements.lock", "requirements-dev.lock"):
        (root / name).write_text("none==1\n")
    page = folder / "index/uv"
    page.mkdir(parents=True)
    wheel = page / "uv-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        program = zipfile.ZipInfo("uv-1.0.data/scripts/uv")
        program.external_attr = 0o100755 << 16
        archive.writestr(program, STAND_IN)
        archive.writestr("uv-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: uv\nVersion: 1.0\n")
        archive.writestr("uv-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        names = [*archive.namelist(), "uv-1.0.dist-info/RECORD"]
        archive.writestr("uv-1.0.dist-info/RECORD", "".join(f"{name},,\n" for name in names))
    (page / "index.html").write_text(
        f'<a href="{wheel.name}">{wheel.name}</a><a href="uv-9-py3-none-any.whl">newer</a>'
    )
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (root / "installer.lock").write_text(f"uv==1.0 --hash=sha256:{digest}\n")
    (folder / "pip.conf").write_text(
        f"[global]\nindex-url = {page.parent.as_uri()}\n"
        "no-index = true\nno-binary = :all:\nconstraint = /nowhere\ntarget = /nowhere\npython = /nowhere\ncert ="
    )
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "PYTHON", "COV_", "COVERAGE_"))}
    hostile = {"PIP_CONFIG_FILE": str(folder / "pip.conf"), "PIP_NO_BINARY": ":all:", "UV_OFFLINE": "1"}
    return Clone(root, {**kept, **hostile, "HOME": str(folder), "RECORD": str(folder / "record")})


@pytest.fixture
def made(clone: Clone) -> Iterator[Clone]:
    """The clone with an environment that has the program's packages."""
    code, said, _ = clone.run("build")
    assert code == 0, said
    yield clone
    for name in ("requirements.lock", "requirements-dev.lock"):
        (clone.root / name).write_text("none==1\n")


def locks(call: list[str]) -> list[str]:
    return [Path(each).name for each in call if each.endswith(".lock")]


def test_a_build_brings_in_what_the_program_needs_alone(clone: Clone) -> None:
    shutil.rmtree(clone.root / ".venv", ignore_errors=True)
    code, said, calls = clone.run("build")
    assert code == 0, said
    packages, own = calls
    assert locks(packages) == ["requirements.lock"]
    for option in ("--no-config", "--require-hashes", "--only-binary", "--no-deps"):
        assert option in packages
    assert own[-1].endswith("-py3-none-any.whl")
    assert "--offline" in own
    assert set(clone.stamp) == {"requirements.lock"}
    assert clone.run("build") == (0, ["[develop] Running python build.py build"], [])


def test_the_tests_bring_in_their_lock_on_top_and_a_build_leaves_it(made: Clone) -> None:
    _, _, calls = made.run("test")
    assert locks(calls[0]) == ["requirements.lock", "requirements-dev.lock"]
    assert "--reinstall" not in calls[0]
    assert set(made.stamp) == {"requirements.lock", "requirements-dev.lock"}
    assert made.run("build")[2] == made.run("test")[2] == []
    (made.root / "requirements.lock").write_text("none==2\n")
    assert locks(made.run("clausebook")[2][0]) == ["requirements.lock"]
    assert set(made.stamp) == {"requirements.lock", "requirements-dev.lock"}
    assert made.run("test")[2] == []


def test_a_lock_that_cannot_be_had_costs_no_good_environment(made: Clone) -> None:
    before = made.stamp
    (made.root / "requirements.lock").write_text("none==2\n")
    code, said, _ = made.run("build", SAYS="Hash mismatch for `none==2`")
    assert code == 2
    assert said[-1].startswith(
        "[develop] The environment could not be set up: the index has a file whose hash is not in"
    )
    assert len([line for line in said if "Installing" not in line]) == 1
    assert made.stamp == before


def test_what_is_half_made_is_made_anew(made: Clone) -> None:
    (made.root / "requirements.lock").write_text("none==2\n")
    code, said, _ = made.run("build", BRINGS="half", SAYS="No space left on device")
    assert code == 2
    assert "the disk is full" in said[-1]
    assert made.stamp == {}
    (made.root / ".venv/remains").mkdir()
    code, said, calls = made.run("build")
    assert code == 0
    assert said[0] == "[develop] Making a virtual environment in .venv"
    assert "--reinstall" not in calls[0] or made.stamp
    assert not (made.root / ".venv/remains").exists()


def test_what_nobody_answers_for_is_installed_again_by_its_hashes(clone: Clone, tmp_path: Path) -> None:
    subprocess.run([BASE, "-m", "venv", tmp_path / "mine"], check=True)
    python = next(path for path in (tmp_path / "mine").glob("*/python*") if path.stem == "python")
    code, said, calls = clone.run("build", python=str(python))
    assert code == 0, said
    assert "--reinstall" in calls[0]
    assert clone.run("build", python=str(python))[2] == []


def test_a_stamp_that_is_damaged_counts_as_none(develop: ModuleType, tmp_path: Path) -> None:
    assert develop.stamped(str(tmp_path)) is None
    for content in (b"", b"{", b"\xff", b"[]", b"1"):
        (tmp_path / develop.STAMP).write_bytes(content)
        assert develop.stamped(str(tmp_path)) == {}
    develop.stamp(str(tmp_path), {"requirements.lock": "a"})
    assert develop.stamped(str(tmp_path)) == {"requirements.lock": "a"}
    assert [path.name for path in tmp_path.iterdir()] == [develop.STAMP]


def test_the_stamp_depends_on_the_folder_the_lock_and_the_version(made: Clone) -> None:
    module = module_of(made.root)
    seen = {module.state("requirements.lock"), module.state("requirements-dev.lock")}
    assert made.stamp["requirements.lock"] in seen
    module.ROOT = str(ROOT)
    seen.add(module.state("requirements.lock"))
    assert len(seen) >= 2


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda text: re.sub(r"(?m)^version = .*$", "version = 3.6.1", text), "made by Python 3.6 and this is"),
        (lambda text: text.replace("/.venv", "/../another/.venv"), "made for another folder"),
    ],
    ids=["another Python", "another clone"],
)
def test_an_environment_of_another_python_or_clone_is_refused(
    made: Clone, edit: Callable[[str], str], words: str
) -> None:
    path = made.root / ".venv/pyvenv.cfg"
    text = path.read_text(encoding="utf-8")
    path.write_text(edit(text), encoding="utf-8")
    try:
        code, (said,), calls = made.run("build")
    finally:
        path.write_text(text, encoding="utf-8")
    assert (code, calls) == (2, [])
    assert words in said
    assert f"Delete {made.root / '.venv'}" in said


def test_the_active_environment_of_another_clone_is_refused(develop: ModuleType, made: Clone, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"that of another clone, .* Run `deactivate` first"):
        develop.check_active(str(made.root / ".venv"), str(tmp_path / ".venv"))
    develop.check_active(str(tmp_path), str(tmp_path / ".venv"))


def test_no_bytecode_beside_the_sources_is_not_none_at_all(
    develop: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "imported.py").touch()
    monkeypatch.setattr(develop, "ROOT", str(tmp_path))
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert develop.run(sys.executable, str(tmp_path / "environment"), ["-c", "import imported"]) == 0
    assert not (tmp_path / "__pycache__").exists()
    assert list((tmp_path / "environment" / "bytecode").rglob("imported.*.pyc"))


def test_the_wheel_of_a_folder_leads_to_it(develop: ModuleType, tmp_path: Path) -> None:
    path = Path(develop.wheel_of_this_folder(str(tmp_path)))
    info = f"clausebook-{clausebook.__version__}.dist-info"
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    assert f"Version: {clausebook.__version__}\n".encode() in content[f"{info}/METADATA"]
    entries = content[f"{info}/entry_points.txt"].decode()
    assert f"[console_scripts]\nclausebook = {PROJECT['project']['scripts']['clausebook']}\n" in entries
    assert "[mkdocs.plugins]\nclausebook = " in entries
    (line,) = content["clausebook.pth"].decode("ascii").splitlines()
    assert ast.literal_eval(line.partition("append(")[2].rstrip(")")) == str(ROOT)
    for name, digest, size in (each.split(",") for each in content[f"{info}/RECORD"].decode().splitlines()[:-1]):
        assert int(size) == len(content[name])
        expected = base64.urlsafe_b64encode(hashlib.sha256(content[name]).digest()).decode().rstrip("=")
        assert digest == f"sha256={expected}"


# The locks


def entries(lock: str) -> dict[str, str]:
    """Return what a lock says of each package: its version, marker and hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return {entry.partition("==")[0]: entry for entry in text.splitlines()}


def names(requirements: list[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", each)[0]).lower() for each in requirements}


def test_the_program_needs_nothing_of_the_checks() -> None:
    program, checks = entries("requirements.lock"), entries("requirements-dev.lock")
    tools = names(PROJECT["project"]["optional-dependencies"]["dev"]) | names(PROJECT["build-system"]["requires"])
    assert names(PROJECT["project"]["dependencies"]) <= set(program)
    assert tools <= set(program) | set(checks)
    # pyhanko needs lxml too.
    assert tools & set(program) <= {"lxml"}
    for name in set(program) & set(checks):
        assert program[name].split()[0] == checks[name].split()[0], "two versions of one package"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "installer.lock"])
def test_every_entry_is_exact_has_hashes_and_names_no_place(lock: str) -> None:
    assert len(entries(lock)) == len(re.findall(r"(?m)^\S+==", (ROOT / lock).read_text(encoding="utf-8")))
    for entry in entries(lock).values():
        assert re.fullmatch(r"[a-z0-9-]+==[0-9]\S*( +; [^-]*?)?( +--hash=sha256:[0-9a-f]{64})+ *", entry), entry[:80]


def test_the_installer_is_one_package() -> None:
    assert list(entries("installer.lock")) == ["uv"]
