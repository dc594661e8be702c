"""Clausebook: agreements as code for legal teams."""

__version__ = "0.1.0"
