"""Formulas of METRICS as pure functions: numbers in, numbers out. No models, no clock, no pages.

Money is Decimal, times have a time zone, and where there is nothing to divide by the answer is None. NumPy and
SciPy are loaded by the functions that need them, so that a server which computes nothing does not carry them.
"""
