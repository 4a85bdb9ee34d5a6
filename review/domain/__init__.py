"""What happens, in verbs."""
