"""Load: bytes of a YAML file to plain data, with every problem and every position."""
