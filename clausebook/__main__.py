"""Run the command line: `python -m clausebook`."""

from clausebook.cli.main import main

main()
