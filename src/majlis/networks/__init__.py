"""Networks outside this house, a folder each; and the archives people bring from them.

Owns how an outside network's data looks and what of it can be taken.
Must not know pages, apps or federation: nothing here is imported by what lies below it.
"""
