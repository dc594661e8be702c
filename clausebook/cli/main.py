"""The command line: the only place that puts stages together for a person, and the only one that prints.

A command is a module of this folder, named like it: `upgrade-clauses` is `upgrade_clauses.py`.
"""

from importlib import import_module
from pkgutil import iter_modules

from clausebook import cli as folder
from clausebook.children.memory import collect_rarely
from clausebook.cli.group import cli
from clausebook.cli.process import end_in_order, speak_utf8
from clausebook.cli.running import usage_errors

for module in iter_modules(folder.__path__, f"{folder.__name__}."):
    if module.name != __name__:
        import_module(module.name)


def main() -> None:
    """Run the command line."""
    speak_utf8()
    end_in_order()
    collect_rarely()
    # The help is printed while the arguments are read, before a command can turn a full disk into a message.
    with usage_errors():
        cli(prog_name="clausebook")
