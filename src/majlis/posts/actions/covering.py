"""Covering photos by decision of the operator."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from majlis.core import events, sql
from majlis.posts.events import PostCounted

_SET: Final = """
    UPDATE posts_post SET sensitive = %(sensitive)s
    WHERE id = ANY(%(ids)s) AND author_id = %(author)s AND sensitive <> %(sensitive)s AND boost_of_id IS NULL
      AND deleted_at IS NULL
    RETURNING id
"""


def set_sensitive(*, author_id: int, post_ids: list[int], sensitive: bool) -> list[int]:
    """Mark posts of one author as sensitive, or no longer; those that changed. Nobody's edit: no history."""
    with transaction.atomic():
        changed: list[int] = sql.column(_SET, ids=post_ids, author=author_id, sensitive=sensitive)
        for post_id in changed:  # what is remembered of them is stale
            events.emit(PostCounted(post_id=post_id))
    return changed
