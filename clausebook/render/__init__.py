"""Render: a Document to text or bytes of a format."""
