"""What is wrong, where, and what mends it; and how findings are printed."""
