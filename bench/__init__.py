"""Benchmarks against named peers, all measured in the same run. Each prints a table; none is a test."""
