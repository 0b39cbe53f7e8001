"""The example community: its words, names, pictures and who is who.

Everything here is made up, and written for this house. Knows the modules it fills; nobody but ``demo`` knows it.
"""
