"""Build the agreements of this repository: the same as the command `clausebook`."""

from __future__ import annotations

from clausebook.cli.main import main

if __name__ == "__main__":
    main()
