"""Benchmarks: CPU per operation and ratios to a limit or a peer in the same run. Never a test."""
