"""Logins on the database: what was told is heard, mail is delivered at once, nobody's limit is full."""

from __future__ import annotations

from logins import choice, post, told

__all__ = ["choice", "post", "told"]
