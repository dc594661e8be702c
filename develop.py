"""Set the repository up and run it: `python3 develop.py build`, `test`, `check` or `clausebook`.

Needs Python and nothing else. Makes `.venv` beside this file, unless it runs in a virtual environment already, and
brings in the packages of the locks with the installer of installer.lock. What is installed is decided by their hashes;
of the user's configuration of pip only the way to the index counts: its address, proxy and certificates.
This file is written so that Python 3.6 can read it and say that it is too old.
"""

import base64
import configparser
import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import zipfile
from typing import Iterator

ROOT = os.path.dirname(os.path.abspath(__file__))
PROGRAM, CHECKS, INSTALLER = "requirements.lock", "requirements-dev.lock", "installer.lock"
# Each file's tests stay in one process: they share what is dear to make. Files of few tests are often dear: not last.
TESTS = ["-m", "pytest", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
COMMANDS = {
    "build": [["build.py", "build"]],
    "clausebook": [["build.py"]],
    "test": [TESTS],
    "check": [["-m", "ruff", "check"], ["-m", "ruff", "format", "--check"], ["-m", "mypy"], TESTS],
}
# All other commands need the lock of the checks on top.
PROGRAM_ALONE = ("build", "clausebook")

# Written last and whole. It names the locks that the environment holds; none while packages are brought in.
STAMP = "clausebook-environment.json"
HONOURED = ("index-url", "proxy", "cert", "client-cert", "trusted-host")
# What an installer's output holds, in lower case, and what is wrong then and to be done. The first that fits counts.
REASONS = (
    (
        ("hash mismatch", "do not match the hashes", "in --require-hashes mode"),
        "the index has a file whose hash is not in {lock}. If it was edited, restore it (`git checkout -- {lock}`); "
        "else ask whoever runs the index",
    ),
    (
        ("no space left on device", "os error 28", "disk quota exceeded", "not enough space"),
        "the disk is full. Free some space and run the command again",
    ),
    (
        ("read-only file system", "permission denied", "access is denied"),
        "a file cannot be written. Make its folder writable, or run in a virtual environment in another folder",
    ),
    (
        ("certificate_verify_failed", "invalid peer certificate", "tls ca certificate", "unknownissuer"),
        "the index's certificate is not trusted. Name your house's certificates with `cert` in pip's configuration",
    ),
    (
        ("unauthorized", "forbidden", "proxy authentication"),
        "the index or proxy refuses access. Correct its address or its credentials in pip's configuration",
    ),
    (
        (
            "newconnectionerror",
            "connecttimeout",
            "proxyerror",
            "max retries exceeded",
            "connection broken",
            "dns error",
            "error sending request",
            "connection refused",
            "connect error",
            "timed out",
            "failed to fetch",
        ),
        "the package index cannot be reached. Check the network and the index-url and proxy of pip's configuration",
    ),
    (
        ("no wheels with", "no matching distribution", "no solution found", "not found in the package registry"),
        "the index lacks a package of {lock} for this Python and system. Use a Python and a system that README.md "
        "names, or an index that has all packages",
    ),
)


class SetUpError(OSError):
    """What keeps the environment from being set up, and what to do about it, in one line."""


def main(arguments: "list[str]") -> int:
    """Run one command in an environment that is up to date; return its exit code."""
    if sys.version_info < (3, 11):
        return refuse(
            "Clausebook needs Python 3.11 or newer; this is Python {}. Run the command with a newer one.".format(
                sys.version.split()[0]
            )
        )
    if not arguments or arguments[0] not in COMMANDS:
        return refuse("Usage: python3 develop.py ({}) [arguments]".format("|".join(COMMANDS)))
    name, rest = arguments[0], arguments[1:]
    if name == "check" and rest:
        return refuse("`check` takes no arguments: it runs every check.")
    try:
        with alone():
            python, folder = environment()
            install(python, folder, [PROGRAM] if name in PROGRAM_ALONE else [PROGRAM, CHECKS])
    except (OSError, subprocess.CalledProcessError) as error:
        return refuse("The environment could not be set up: {}".format(explained(error)))
    codes = [run(python, folder, command + rest) for command in COMMANDS[name]]
    return next((code for code in codes if code), 0)


@contextlib.contextmanager
def alone() -> "Iterator[None]":
    """Let no second run in this clone set up at the same time, where the system has locks of files."""
    with open(os.path.abspath(__file__), "rb") as file:
        try:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Waiting for another run that is setting up")
                fcntl.flock(file, fcntl.LOCK_EX)
        except (ImportError, OSError):
            pass
        yield


def environment() -> "tuple[str, str]":
    """Return the environment's Python and folder; make the environment if there is none, or half of one."""
    folder = os.path.join(ROOT, ".venv")
    if sys.prefix != sys.base_prefix:
        check_active(sys.prefix, folder)
        return sys.executable, sys.prefix
    python = os.path.join(folder, "Scripts", "python.exe") if os.name == "nt" else os.path.join(folder, "bin", "python")
    if os.path.exists(python) and stamped(folder) != {}:
        check_made_for(folder, python)
        return python, folder
    # Else there is nothing, or what a run left that was broken off, or whose Python was removed.
    say("Making a virtual environment in .venv")
    os.makedirs(folder, exist_ok=True)
    stamp(folder, {})
    for entry in os.listdir(folder):
        path = os.path.join(folder, entry)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif entry != STAMP:
            os.remove(path)
    call([sys.executable, "-I", "-m", "venv", "--without-pip", folder], clean(), PROGRAM)
    return python, folder


def check_active(prefix: str, own: str) -> None:
    """Refuse an active environment that is the `.venv` of another clone: its `clausebook` would run this one."""
    clone = os.path.dirname(prefix)
    if os.path.exists(own) and os.path.samefile(prefix, own):
        check_made_for(prefix, sys.executable)
    elif os.path.basename(prefix) == ".venv" and os.path.exists(os.path.join(clone, "develop.py")):
        raise SetUpError(
            "the active environment is that of another clone, {}. Run `deactivate` first, or work there".format(clone)
        )


def check_made_for(folder: str, python: str) -> None:
    """Refuse a `.venv` that was made by another Python or in another folder, as copying a clone makes one."""
    mend = "Delete {} and run the command again".format(folder)
    mine = "{}.{}".format(*sys.version_info[:2])
    try:
        found = {ask(python, "'{}.{}'.format(*sys.version_info[:2])")}
        lines = read(os.path.join(folder, "pyvenv.cfg")).decode("utf-8", "replace").splitlines()
    except (OSError, subprocess.CalledProcessError):
        raise SetUpError(".venv has no Python that runs. {}".format(mend)) from None
    config = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    version = config.get("version", config.get("version_info", mine)).split(".")
    others = (found | {".".join(version[:2])}) - {mine}
    if others:
        raise SetUpError(
            ".venv was made by Python {} and this is Python {}. {}, or run it with that Python".format(
                min(others), mine, mend
            )
        )
    made = re.sub(r".* -m venv (--\S+ )*", "", config.get("command", ""))
    if (
        made
        and not config["command"].endswith(folder)
        and not (os.path.exists(made) and os.path.samefile(made, folder))
    ):
        raise SetUpError(".venv was made for another folder, {}. {}".format(made, mend))


def install(python: str, folder: str, locks: "list[str]") -> None:
    """Bring the environment's packages to the locks' versions, unless they are there already."""
    wanted = {lock: state(lock) for lock in locks}
    found = stamped(folder)
    if found and all(found.get(lock) == wanted[lock] for lock in locks):
        return
    settings = configured(folder, os.environ)
    uv = installer(python, folder, settings)
    packages = ask(python, "__import__('sysconfig').get_path('purelib')")
    before = os.stat(packages).st_mtime_ns
    if found:
        stamp(folder, {})
    arguments = [uv, "pip", "install", "--no-config", "--no-progress", "--python", python, "--no-deps"]
    # What somebody else installed, or a run that was broken off, is not trusted.
    again = [] if found else ["--reinstall"]
    try:
        say("Installing the packages of {} (some minutes the first time)".format(" and ".join(locks)))
        files = [argument for lock in locks for argument in ("--requirement", os.path.join(ROOT, lock))]
        call(
            [*arguments, *again, "--only-binary", ":all:", "--require-hashes", *files],
            way_to_index(settings),
            " ".join(locks),
        )
        with tempfile.TemporaryDirectory() as work:
            call([*arguments, "--reinstall", "--offline", "--no-cache", wheel_of_this_folder(work)], clean(), PROGRAM)
    except (OSError, subprocess.CalledProcessError):
        # Nothing was brought in, so a lock that cannot be had costs no environment that is good.
        if found and os.stat(packages).st_mtime_ns == before:
            stamp(folder, found)
        raise
    stamp(folder, {**(found or {}), **wanted})


def state(lock: str) -> str:
    """Return a digest of all that an environment with this lock's packages depends on."""
    # The folder counts too: an environment in use may hold clausebook from another clone.
    names = [lock, "pyproject.toml", os.path.join("clausebook", "__init__.py")]
    return hashlib.sha256(b"\0".join([ROOT.encode(), *(read(os.path.join(ROOT, name)) for name in names)])).hexdigest()


def stamped(folder: str) -> "dict[str, str] | None":
    """Return the state of each lock that the environment holds: none if it was left half-made, None if nobody said."""
    try:
        found = json.loads(read(os.path.join(folder, STAMP)).decode("utf-8", "replace"))
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def stamp(folder: str, states: "dict[str, str]") -> None:
    """Write down which locks the environment holds, whole or not at all."""
    path = os.path.join(folder, STAMP)
    with open(path + ".new", "w") as file:
        json.dump(states, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def installer(python: str, folder: str, settings: "dict[str, str]") -> str:
    """Return the path of the installer that installer.lock pins; bring it in by the environment's own pip."""
    lock = os.path.join(ROOT, INSTALLER)
    name = "clausebook-installer-"
    # Beside the packages, not among them. Under its last name it is whole.
    place = os.path.join(folder, name + hashlib.sha256(read(lock)).hexdigest()[:16])
    if not os.path.isdir(place):
        if ask(python, "find_spec('pip') is None") == "True":
            add_pip(python)
        for old in os.listdir(folder):
            if old.startswith(name):
                shutil.rmtree(os.path.join(folder, old))
        say("Bringing in the installer of {}".format(INSTALLER))
        new = os.path.join(folder, name + "new")
        # So loud, because it tells only then that an index refuses access.
        options = [
            "-vv",
            "--disable-pip-version-check",
            "--no-input",
            "--no-compile",
            "--retries",
            "2",
            "--timeout",
            "30",
        ]
        hashed = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", lock]
        call(
            [python, "-I", "-m", "pip", "install", *options, *hashed, "--target", new],
            way_to_index(settings),
            INSTALLER,
        )
        os.rename(new, place)
    for scripts, program in (("bin", "uv"), ("Scripts", "uv.exe"), ("bin", "uv.exe")):
        if os.path.exists(os.path.join(place, scripts, program)):
            return os.path.join(place, scripts, program)
    raise SetUpError("{} holds no installer. Delete it and run the command again".format(place))


def add_pip(python: str) -> None:
    """Put pip into the environment from Python's own copy of it."""
    if ask(python, "find_spec('ensurepip') is None") == "True":
        raise SetUpError(
            "this Python comes without pip. On Debian and Ubuntu, `sudo apt install python3-venv` adds it; "
            "a Python from python.org has it."
        )
    call([python, "-I", "-m", "ensurepip", "--default-pip"], clean(), INSTALLER)


def configured(folder: str, variables: "os._Environ[str] | dict[str, str]") -> "dict[str, str]":
    """Return what pip's configuration says about the way to the index, and nothing else of it."""
    settings = {}
    for path in configuration_files(folder, variables):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path)
        except (configparser.Error, UnicodeDecodeError) as error:
            raise SetUpError(
                "pip's configuration {} cannot be read ({}). Correct it".format(path, " ".join(str(error).split()))
            ) from None
        for section in ("global", "install"):
            for name, value in parser.items(section) if parser.has_section(section) else ():
                settings[name.replace("_", "-")] = value
    for name in HONOURED:
        settings[name] = variables.get("PIP_" + name.upper().replace("-", "_")) or settings.get(name, "")
    return {name: settings[name].strip() for name in HONOURED if settings[name].strip()}


def configuration_files(folder: str, variables: "os._Environ[str] | dict[str, str]") -> "list[str]":
    """Return where pip looks for its configuration; what a later file says goes before an earlier one's word."""
    named = variables.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return []
    home = os.path.expanduser("~")
    if os.name == "nt":
        name = "pip.ini"
        shared = [os.path.join(variables.get("PROGRAMDATA", "C:\\ProgramData"), "pip")]
        own = [os.path.join(home, "pip"), os.path.join(variables.get("APPDATA", home), "pip")]
    else:
        name = "pip.conf"
        shared = [os.path.join(each, "pip") for each in (variables.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")]
        own = [os.path.join(home, ".pip"), os.path.join(variables.get("XDG_CONFIG_HOME") or home + "/.config", "pip")]
        support = "Library/Application Support/pip"
        if sys.platform == "darwin":
            shared = [os.path.join("/", support)]
            own[1] = os.path.join(home, support if os.path.isdir(os.path.join(home, support)) else ".config/pip")
        shared.append("/etc")
    return [os.path.join(each, name) for each in [*shared, *own, folder]] + ([named] if named else [])


def clean() -> "dict[str, str]":
    """Return the environment variables without those that change what an installer does."""
    unwanted = ("PIP_", "UV_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(unwanted)}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PYTHONNOUSERSITE": "1", "PYTHONSAFEPATH": "1"}


def way_to_index(settings: "dict[str, str]") -> "dict[str, str]":
    """Return the variables that lead to the index. As variables, its credentials are in no list of processes."""
    way = {**clean(), "UV_HTTP_TIMEOUT": "60"}
    if "index-url" in settings:
        way.update(PIP_INDEX_URL=settings["index-url"], UV_DEFAULT_INDEX=settings["index-url"])
    if "proxy" in settings:
        proxy = settings["proxy"] if "://" in settings["proxy"] else "http://" + settings["proxy"]
        way.update(dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy))
    if "trusted-host" in settings:
        hosts = " ".join(settings["trusted-host"].split())
        way.update(PIP_TRUSTED_HOST=hosts, UV_INSECURE_HOST=hosts)
    if "client-cert" in settings:
        path = os.path.expanduser(settings["client-cert"])
        way.update(PIP_CLIENT_CERT=path, SSL_CLIENT_CERT=path)
    # Each installer and each of its versions reads some of these, and one goes before `cert`: all say the same.
    named = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    cert = settings.get("cert") or next((way[name] for name in named if way.get(name)), "")
    if cert:
        path = os.path.expanduser(cert)
        for name in (*named, "SSL_CERT_DIR"):
            way.pop(name, None)
        way.update(PIP_CERT=path, REQUESTS_CA_BUNDLE=path)
        way["SSL_CERT_DIR" if os.path.isdir(path) else "SSL_CERT_FILE"] = path
    store = ssl.get_default_verify_paths()
    if os.name == "nt" or sys.platform == "darwin" or store.cafile or store.capath:
        way["UV_SYSTEM_CERTS"] = "1"
    return way


def wheel_of_this_folder(work: str) -> str:
    """Write a wheel that leads to the package in this folder, with its commands and plugins; return its path."""
    import tomllib

    project = tomllib.loads(read(os.path.join(ROOT, "pyproject.toml")).decode())["project"]
    found = re.search('__version__ = "(.+)"', read(os.path.join(ROOT, "clausebook", "__init__.py")).decode())
    version = found.group(1) if found else "0"
    groups = {"console_scripts": project["scripts"], **project["entry-points"]}
    metadata = ["Metadata-Version: 2.1", "Name: " + project["name"], "Version: " + version]
    metadata += ["Requires-Python: " + project["requires-python"]]
    metadata += ["Requires-Dist: " + each for each in project["dependencies"]]
    entries = [
        line
        for group, names in groups.items()
        for line in ["[{}]".format(group), *("{} = {}".format(*each) for each in names.items())]
    ]
    stem = "{}-{}".format(project["name"], version)
    files = {
        # As code, because a plain path is read in the encoding of the locale.
        project["name"] + ".pth": ["import sys; sys.path.append({!a})".format(ROOT)],
        stem + ".dist-info/METADATA": metadata,
        stem + ".dist-info/WHEEL": [
            "Wheel-Version: 1.0",
            "Generator: develop.py",
            "Root-Is-Purelib: true",
            "Tag: py3-none-any",
        ],
        stem + ".dist-info/entry_points.txt": entries,
    }
    contents = {name: ("\n".join(lines) + "\n").encode() for name, lines in files.items()}
    record = ["{},sha256={},{}".format(name, short_digest(each), len(each)) for name, each in contents.items()]
    record.append(stem + ".dist-info/RECORD,,")
    contents[stem + ".dist-info/RECORD"] = ("\n".join(record) + "\n").encode()
    path = os.path.join(work, stem + "-py3-none-any.whl")
    with zipfile.ZipFile(path, "w") as archive:
        for name, each in contents.items():
            archive.writestr(name, each)
    return path


def short_digest(content: bytes) -> str:
    """Return the SHA-256 as the record of a wheel writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def call(arguments: "list[str]", variables: "dict[str, str]", lock: str) -> None:
    """Run a program without its output; raise what is wrong in one line when it fails."""
    done = subprocess.run(
        arguments, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise SetUpError(reason(done.stdout.decode("utf-8", "replace"), lock))


def reason(output: str, lock: str) -> str:
    """Return in one line what an installer's output says is wrong, and what to do; no credentials of an address."""
    output = re.sub(r"<[^<>]*>", "", re.sub(r"://[^/\s]+@", "://", output))
    lines = [
        " ".join(re.sub(r"[\x00-\x1f\u2500-\u25ff\u00d7]|^\s*error:", " ", line, flags=re.I).split())
        for line in output.splitlines()
    ]
    lines = [line for line in lines if line]
    for signs, meaning in REASONS:
        found = [number for number, line in enumerate(lines) if any(sign in line.lower() for sign in signs)]
        if found:
            return "{} ({})".format(meaning.format(lock=lock), " ".join(lines[found[-1] : found[-1] + 2])[:240])
    return "the installer failed: {}".format(" / ".join(lines[-3:])[:400] or "it said nothing")


def explained(error: "OSError | subprocess.CalledProcessError") -> str:
    """Return in one line what is wrong, with what to do about it where the system's own words do not say it."""
    if isinstance(error, SetUpError):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM):
        return reason("{}: {}".format(os.strerror(error.errno), error.filename or ROOT), PROGRAM)
    return " ".join(str(error).split())


def ask(python: str, expression: str) -> str:
    """Return what an expression is in the environment's Python."""
    code = "import sys; from importlib.util import find_spec; print({})".format(expression)
    return subprocess.check_output([python, "-I", "-c", code]).decode().strip()


def read(path: str) -> bytes:
    """Return a file's bytes."""
    with open(path, "rb") as file:
        return file.read()


def run(python: str, folder: str, arguments: "list[str]") -> int:
    """Run Python with the arguments in the repository's root; return its exit code."""
    say("Running python " + " ".join(arguments))
    return subprocess.call([python, *arguments], cwd=ROOT, env=compiled_once(folder))


def compiled_once(folder: str) -> "dict[str, str]":
    """Return the environment variables; who wants no bytecode beside the sources has it in the environment."""
    variables = dict(os.environ)
    # As containers set it. Without any, each of the tests' many processes compiles all that it imports.
    if variables.pop("PYTHONDONTWRITEBYTECODE", ""):
        variables.setdefault("PYTHONPYCACHEPREFIX", os.path.join(folder, "bytecode"))
    return variables


def say(line: str) -> None:
    """Print one line at once, before the output of the program that it announces."""
    sys.stderr.write("[develop] " + line + "\n")
    sys.stderr.flush()


def refuse(line: str) -> int:
    """Say what is wrong; return the exit code for "could not run"."""
    say(line)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
