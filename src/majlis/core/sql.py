"""Hot SQL stands in ``queries.sql`` beside its module: a name, a line that says what for, the query.

    -- name: newest_of_author
    -- The newest posts of one author, for a ring.
    SELECT …;

``load("majlis.posts")["newest_of_author"]`` is the text. ``{{fragment}}`` is replaced by the fragment
given to :func:`load` under that name; this is how the one visibility predicate gets into every query.
Parameters are psycopg's ``%(name)s``.
"""

from __future__ import annotations

import re
import select
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, Final, cast

import psycopg
from django.db import connections
from psycopg.abc import DumperKey, PyFormat
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format
from psycopg.types.array import ListDumper

_QUERY = re.compile(r"^-- name: (\w+)\n((?:--[^\n]*\n)+)(.*?);\s*$", re.MULTILINE | re.DOTALL)
_FRAGMENT = re.compile(r"\{\{(\w+)(?:\((\w+)\))?\}\}")

Row = tuple[Any, ...]


def load(package: str, file: str = "queries.sql", **fragments: str) -> dict[str, str]:
    """The named queries of a package.

    ``{{visible(p)}}`` becomes the fragment ``visible`` with ``§`` replaced by the alias ``p``.

    Raises:
        KeyError: a query names a fragment that was not given.
        ValueError: two queries share a name, or the file holds none.
    """
    text = (files(package) / file).read_text(encoding="utf-8")

    def fill(match: re.Match[str]) -> str:
        return fragments[match[1]].replace("§", match[2] or "")

    queries: dict[str, str] = {}
    for name, _comment, body in _QUERY.findall(text):
        if name in queries:
            raise ValueError(f"two queries are named {name} in {package}/{file}")
        queries[name] = _FRAGMENT.sub(fill, body).strip()
    if not queries:
        raise ValueError(f"no queries in {package}/{file}")
    return queries


@contextmanager
def _executed(query: str, parameters: dict[str, Any]) -> Iterator[Any]:
    """A cursor that has run the query, on Django's connection of this thread and in its transaction.

    Django makes a new cursor with wrappers around it for every query, which costs as much again as the
    query itself (docs/decisions/0007). One cursor per connection will do, because everything is fetched before the
    next query; only where queries are counted or wrapped, Django's own is used.
    """
    django: Any = connections["default"]  # looked up once: every look costs microseconds
    if django.force_debug_cursor or django.execute_wrappers:
        with django.cursor() as wrapped:
            wrapped.execute(query, parameters)
            yield wrapped
        return
    if not django.health_check_done:
        _look_at(django)
    django.ensure_connection()  # refuses in an event loop, on which the lane relies
    django.validate_no_broken_transaction()
    with django.wrap_database_errors:
        cursor = _cursor_of(django.connection)
        cursor.execute(query, parameters)
        yield cursor


def _look_at(django: Any) -> None:
    """Once a request: close a connection that the database has ended, so that a new one is made.

    Django asks ``SELECT 1`` for that. A connection that ended has something to read while nothing was asked,
    which costs no round trip to see; only then is it asked.
    """
    raw = django.connection
    if raw is None or django.in_atomic_block:
        return
    if raw.closed or (_has_something_to_say(raw) and not django.is_usable()):
        django.close()
    django.health_check_done = True


def _has_something_to_say(raw: psycopg.Connection[Row]) -> bool:
    waiting = select.poll()
    waiting.register(raw.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


_held = threading.local()
_MOMENTS: Final = cast(
    "type[Loader]", psycopg.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, Format.TEXT)
)


class _Ids(Dumper):
    """A list of whole numbers as ``bigint[]``."""

    oid = psycopg.adapters.types["int8"].array_oid

    def dump(self, obj: list[int]) -> bytes:
        return f"{{{','.join(map(str, obj))}}}".encode()


class _Lists(ListDumper):
    """Lists; those of whole numbers, which ids come in, without asking about each (70 µs for 26 of them)."""

    def get_key(self, obj: list[Any], format: PyFormat) -> DumperKey:  # noqa: A002  # the driver's name
        return (list, int) if _are_numbers(obj) else super().get_key(obj, format)

    def upgrade(self, obj: list[Any], format: PyFormat) -> Any:  # noqa: A002
        return _Ids(list, self._tx) if _are_numbers(obj) else super().upgrade(obj, format)


def _are_numbers(given: list[Any]) -> bool:
    return set(map(type, given)) == {int}


def _cursor_of(raw: psycopg.Connection[Row]) -> psycopg.Cursor[Row]:
    """The cursor of this thread's connection; a new one when the connection is new."""
    cursor: psycopg.Cursor[Row] | None = getattr(_held, "cursor", None)
    if cursor is None or cursor.connection is not raw:
        cursor = _held.cursor = raw.cursor()
        # Django's loader of moments is written in Python; the driver's own gives the same, in UTC
        cursor.adapters.register_loader("timestamptz", _MOMENTS)
        cursor.adapters.register_dumper(list, _Lists)
    return cursor


def rows(query: str, /, **parameters: Any) -> list[Row]:
    """All rows of a query, on Django's connection of this thread."""
    with _executed(query, parameters) as cursor:
        found: list[Row] = cursor.fetchall()
        return found


def column(query: str, /, **parameters: Any) -> list[Any]:
    """The first column of all rows."""
    return [row[0] for row in rows(query, **parameters)]


def one(query: str, /, **parameters: Any) -> Row | None:
    """The first row, if there is one."""
    with _executed(query, parameters) as cursor:
        found: Row | None = cursor.fetchone()
        return found


def execute(query: str, /, **parameters: Any) -> int:
    """Run a statement; the number of rows it touched."""
    with _executed(query, parameters) as cursor:
        touched: int = cursor.rowcount
        return touched


def dicts(query: str, /, **parameters: Any) -> Iterator[Mapping[str, Any]]:
    """Rows as mappings from column name to value."""
    with _executed(query, parameters) as cursor:
        names = [item[0] for item in cursor.description]
        found = cursor.fetchall()
    for row in found:
        yield dict(zip(names, row, strict=True))
