"""Set the repository up and run it: `python3 develop.py build`, `test`, `check` or `clausebook`.

Needs Python and nothing else. Makes `.venv` beside this file, unless it runs in a virtual
environment already, and keeps the packages in it at the versions of requirements.lock.
This file is written so that Python 3.6 can read it and say that it is too old.
"""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
LOCK = os.path.join(ROOT, "requirements.lock")
# Each file's tests stay in one process: they share what is dear to make.
TESTS = ["-m", "pytest", "-n", "auto", "--dist", "loadfile"]
COMMANDS = {
    "build": [["build.py", "build"]],
    "clausebook": [["build.py"]],
    "test": [TESTS],
    "check": [["-m", "ruff", "check"], ["-m", "ruff", "format", "--check"], ["-m", "mypy"], TESTS],
}


def main(arguments: "list[str]") -> int:
    """Run one command in an environment that is up to date; return its exit code."""
    if sys.version_info < (3, 11):
        return refuse("Clausebook needs Python 3.11 or newer; this is Python {}.".format(sys.version.split()[0]))
    if not arguments or arguments[0] not in COMMANDS:
        return refuse("Usage: python3 develop.py ({}) [arguments]".format("|".join(COMMANDS)))
    name, rest = arguments[0], arguments[1:]
    if name == "check" and rest:
        return refuse("`check` takes no arguments: it runs every check.")
    try:
        python = environment()
        install(python)
    except (OSError, subprocess.CalledProcessError) as error:
        return refuse("The environment could not be set up: {}".format(error))
    codes = [run(python, command + rest) for command in COMMANDS[name]]
    return next((code for code in codes if code), 0)


def environment() -> str:
    """Return the path of the environment's Python, and make the environment if there is none."""
    if sys.prefix != sys.base_prefix:
        return sys.executable
    folder = os.path.join(ROOT, ".venv")
    python = os.path.join(folder, "Scripts", "python.exe") if os.name == "nt" else os.path.join(folder, "bin", "python")
    if not os.path.exists(python):
        say("Making a virtual environment in .venv")
        # What may be there has no Python that runs: the remains of one whose Python was removed.
        subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", "--clear", folder])
    return python


def install(python: str) -> None:
    """Bring the environment's packages to the lock's versions, unless they are there already."""
    # The folder counts too: an environment in use may hold clausebook from another clone.
    state = hashlib.sha256(b"\0".join([ROOT.encode(), read(LOCK), read(os.path.join(ROOT, "pyproject.toml"))]))
    stamp = os.path.join(ask(python, "sys.prefix"), "clausebook-lock.sha256")
    if os.path.exists(stamp) and read(stamp) == state.hexdigest().encode():
        return
    if ask(python, "find_spec('pip') is None") == "True":
        add_pip(python)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    say("Installing the packages of requirements.lock (some minutes the first time)")
    subprocess.check_call([*pip, "--only-binary", ":all:", "--require-hashes", "--requirement", LOCK])
    say("Installing clausebook from this folder")
    subprocess.check_call([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT])
    with open(stamp, "w") as file:
        file.write(state.hexdigest())


def add_pip(python: str) -> None:
    """Put pip into the environment from Python's own copy of it."""
    if ask(python, "find_spec('ensurepip') is None") == "True":
        raise OSError(
            "this Python comes without pip. On Debian and Ubuntu, `sudo apt install python3-venv` adds it; "
            "a Python from python.org has it."
        )
    subprocess.check_call([python, "-m", "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL)


def ask(python: str, expression: str) -> str:
    """Return what an expression is in the environment's Python."""
    code = "import sys; from importlib.util import find_spec; print({})".format(expression)
    return subprocess.check_output([python, "-c", code]).decode().strip()


def read(path: str) -> bytes:
    """Return a file's bytes."""
    with open(path, "rb") as file:
        return file.read()


def run(python: str, arguments: "list[str]") -> int:
    """Run Python with the arguments in the repository's root; return its exit code."""
    say("Running python " + " ".join(arguments))
    return subprocess.call([python, *arguments], cwd=ROOT)


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
