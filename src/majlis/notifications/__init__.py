"""What a member is told: in the app, live, grouped; which kinds she wants, and from whom.

Must not know feeds or pages; learns from events what happened.
"""
