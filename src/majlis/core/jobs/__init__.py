"""Work that follows a change: jobs in PostgreSQL, enqueued in the caller's transaction, run by workers.

Owns the queue, its workers, retries, dead letters and the ticks of recurring jobs.
Knows nothing of what any job does; modules register theirs in their ``jobs.py``.
"""

from majlis.core.jobs.actions import enqueue, enqueue_many
from majlis.core.jobs.registry import Lane, PermanentError, Run, job

__all__ = ["Lane", "PermanentError", "Run", "enqueue", "enqueue_many", "job"]
