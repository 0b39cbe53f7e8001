"""Tracked links: ``/l/CODE`` leads to the address a team gave it, and each visit is a click of its post.

Invariant: nothing but the table of links says where a code leads, and only a page's team writes that table.
"""
