"""The rows of the agency's half."""
