"""What the owner looks at: four questions, each answered with a sentence first, and the monthly report of them.

Owns the questions, the report, its print and who gets it when. Computes no money and no reach of its own.
"""
