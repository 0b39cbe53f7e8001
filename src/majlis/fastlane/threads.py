"""The threads of the lane: what is not in memory is read from the database here, off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

Given = ParamSpec("Given")
Result = TypeVar("Result")


class DatabaseThreads(ThreadPoolExecutor):
    """Threads whose database connections are looked at before each piece of work, as Django does before
    each request: one that died with the database is replaced instead of failing for ever."""

    def submit(
        self, work: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        """Run ``work`` in a thread."""
        return super().submit(_on_a_living_connection, work, *args, **kwargs)  # type: ignore[arg-type]


def _on_a_living_connection(
    work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
) -> Result:
    close_old_connections()
    return work(*args, **kwargs)
