"""Business pages: what they say of themselves, their teams and roles, offerings, reviews, verification.

A page is a profile of kind ``business`` with more to it. Must not know insights, care or studio.
"""
