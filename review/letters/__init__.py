"""What people are told, a file for each process."""
