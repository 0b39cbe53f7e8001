"""Every test of people runs on the database and sees what was told.

What needs Django is imported late: this file is read before Django is set up.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from majlis.core import events as core_events
from majlis.people import events


@pytest.fixture(autouse=True)
def told() -> Iterator[list[Any]]:
    """The events of people, as they were emitted."""
    from majlis import wiring

    heard: list[Any] = []
    kinds = [kind for _name, kind in inspect.getmembers(events, inspect.isclass)]
    core_events.wire({kind: [heard.append] for kind in kinds})
    yield heard
    wiring.install()


_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?([a-z_]+)\"?")


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[list[str]]]:
    """``with statements() as seen:`` collects each statement as its verb and first table."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        seen: list[str] = []
        with CaptureQueriesContext(connection) as captured:
            yield seen
        for query in captured.captured_queries:
            verb, *_rest = query["sql"].split(None, 1)
            table = _TABLE.search(query["sql"])
            if verb not in {"SAVEPOINT", "RELEASE"}:
                seen.append(f"{verb} {table[1] if table else ''}".strip())

    return collect
