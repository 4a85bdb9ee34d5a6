"""States and kinds, a file for each process."""
