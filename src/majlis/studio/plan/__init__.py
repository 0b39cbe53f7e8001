"""A plan as a table: read from a CSV of many rows, looked at first, taken as a whole or not at all; and written.

Owns what a column is called in both languages, how dates and times may be written, and how a cell is made
harmless for a spreadsheet.
"""
