"""Logins: who may sign in and how, sessions, invitations, applications and their tokens. Secrets live here.

Must not know profiles, posts or anything public; a token names its profile by number only.
"""
