"""The site: a tree of finished pages, and the MkDocs plugin that feeds it to MkDocs."""
