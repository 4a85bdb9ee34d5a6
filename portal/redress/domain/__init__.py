"""What changes requests: asking, answering at both instances; and what each desk reads."""
