"""Read revisions from git, and never touch the repository: no branch, index, work tree or object of it."""
