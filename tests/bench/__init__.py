"""Benches: what `make bench` measures, each beside the machine's limit in the same run."""
