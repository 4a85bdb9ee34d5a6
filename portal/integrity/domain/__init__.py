"""What changes records: opening, investigating, noticing, deciding, serving, reporting; and the comparison with others' records."""
