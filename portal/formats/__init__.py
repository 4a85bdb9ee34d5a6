"""Dates as forms write and read them; ISO comes first, because that is what a browser's date field understands."""
