"""Profiles and how they stand to each other: follows, friends, circles, lists, blocks, mutes.

Must not know what anybody posts.
"""
