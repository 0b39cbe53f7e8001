"""Plots: one specification (Vega-Lite) for the page and for every file, in the reader's language.

Invariant: what is drawn is what the table beside it says. No number, date or word is formatted by the drawing.
"""
