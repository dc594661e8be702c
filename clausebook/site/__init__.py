"""A tree of pages made from a project, and the MkDocs plugin that feeds it."""
