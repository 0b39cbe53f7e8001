"""Profiles and how they stand to each other: follows, friends, circles, lists, blocks, mutes.

Owns who may be found, shown and followed. Must not know what anybody posts.
"""
