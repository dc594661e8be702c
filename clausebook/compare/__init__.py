"""Compare two documents: the redline that shows every change at its clause, and the changes in a list."""
