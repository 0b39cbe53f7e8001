"""Promotion: a page pays, from a balance that the operator tops up, to show a post beyond its organic reach.

``account`` the book, ``actions`` what a team does, ``auction`` who wins a place and what it pays (no database),
``slots`` which places of a home page there are and for whom, ``charging`` what happens when one was seen.
The promises to members stand in docs/promotion.md.
"""
