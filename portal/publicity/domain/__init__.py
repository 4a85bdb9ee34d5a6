"""What can be done with notices and objections."""
