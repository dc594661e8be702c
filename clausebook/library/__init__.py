"""An agreement type: its outline, clauses, glossary and wording, read from files."""
