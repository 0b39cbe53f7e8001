"""The change log: what every server process must hear of to keep its memory true."""

from __future__ import annotations

from django.db import models


class CurrentTransaction(models.Func):
    """The id of the writing transaction, as a number (``xid8`` counts for ever, it does not wrap)."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class Change(models.Model):
    """One line of the log. Written in the transaction of the change itself, read by every process.

    ``seq`` is taken before the commit, so a lower one may appear later; readers therefore follow
    ``xact``, see ``core/changes.py``.
    """

    seq = models.BigAutoField(primary_key=True)
    xact = models.BigIntegerField(db_default=CurrentTransaction(), db_index=True)
    kind = models.CharField(max_length=32)
    subject = models.BigIntegerField()
    data = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_index=True)
