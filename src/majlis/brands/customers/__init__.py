"""Customers of a page: records, what they are called elsewhere, consents, merging, erasing, and who joined herself.

Invariants: an e-mail or id leads to one record of a page; whoever changes customers of a page holds its lock
(:func:`keeping.lock`), taken before orders are; nothing here asks whether an address is a member's, save for her.
"""
