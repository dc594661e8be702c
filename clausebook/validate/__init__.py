"""Validate: data against JSON Schemas, with every finding."""
