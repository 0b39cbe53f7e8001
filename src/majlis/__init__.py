"""Majlis: a social network that people and businesses run themselves."""
