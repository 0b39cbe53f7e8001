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
import threading
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, cast

import psycopg
from django.db import connections
from psycopg._queries import _query2pg_nocache
from psycopg.abc import DumperKey, PyFormat
from psycopg.adapt import Dumper, Loader, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
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


def _asked(query: str, parameters: dict[str, Any]) -> tuple[PGresult, Any]:
    """What the database answers, on Django's connection of this thread and in its transaction, and what reads
    the answer's rows.

    Django makes a new cursor with wrappers around it for every query, which costs as much again as the query
    itself, and the driver's cursor once more (docs/decisions/0007). So what the driver has prepared on this
    connection is asked without either. Only where queries are counted or wrapped, Django's own is used.
    """
    django: Any = connections["default"]  # looked up once: every look costs microseconds
    if django.force_debug_cursor or django.execute_wrappers:
        with django.cursor() as wrapped:
            wrapped.execute(query, parameters)
            return _readable(wrapped.pgresult, _of(django.connection).values)
    if not django.health_check_done:
        django.close_if_health_check_failed()
    django.ensure_connection()  # refuses in an event loop, on which the lane relies
    django.validate_no_broken_transaction()
    held = _of(django.connection)
    with django.wrap_database_errors:
        result = _prepared(held, query, parameters)
        if result is None:
            held.cursor.execute(query, parameters)
            result = cast("PGresult", held.cursor.pgresult)
    return _readable(result, held.values)


def _readable(result: PGresult, values: Any) -> tuple[PGresult, Any]:
    values.set_pgresult(result)
    return result, values


def _prepared(held: _Held, query: str, parameters: dict[str, Any]) -> PGresult | None:
    """The answer to a statement that the driver has prepared, in one call of libpq's; None when it has not.
    Only what was asked several times is prepared, so this is never a long statement that somebody at a keyboard
    would like to interrupt."""
    raw, values = held.raw, held.values
    server = raw.pgconn
    text, formats, names = _in_the_drivers_words(query)
    given = values.dump_sequence([parameters[name] for name in names], formats)
    known = raw._prepared._names
    key = (text, values.types)
    name = known.get(key)
    if name is None:
        return None
    known.move_to_end(key)  # the driver forgets what was not asked for longest
    if not raw.autocommit and server.transaction_status == TransactionStatus.IDLE:
        _good(server, server.exec_(raw._get_tx_start_command()))
    result = _good(server, server.exec_prepared(name, given, values.formats))
    while note := server.notifies():  # heard meanwhile: the driver keeps it for whoever listens
        if server.notify_handler:
            server.notify_handler(note)
    return result


def _good(server: Any, result: PGresult) -> PGresult:
    if result.status in _GOOD:
        return result
    if server.status == ConnStatus.BAD:
        raise psycopg.OperationalError(server.get_error_message())
    raise psycopg.errors.error_from_result(result)


@lru_cache(2_000)
def _in_the_drivers_words(query: str) -> tuple[bytes, list[PyFormat], list[str]]:
    """A statement as the driver names it when it prepares it, and its parameters in the order of ``$1``, ``$2``."""
    text, formats, names, _parts = _query2pg_nocache(query.encode(), "utf-8")
    return text, formats, names or []


_GOOD: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


_this_thread = threading.local()
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


class _Held:
    """What belongs to one connection: a cursor (one will do, because everything is read before the next
    query) and what translates values."""

    def __init__(self, raw: psycopg.Connection[Row]) -> None:
        self.raw: Any = raw
        self.cursor = raw.cursor()
        # Django's loader of moments is written in Python; the driver's own gives the same, in UTC
        self.cursor.adapters.register_loader("timestamptz", _MOMENTS)
        self.cursor.adapters.register_dumper(list, _Lists)
        self.values: Any = Transformer(self.cursor)


def _of(raw: psycopg.Connection[Row]) -> _Held:
    """What is held for this thread's connection; anew when the connection is new."""
    held: _Held | None = getattr(_this_thread, "held", None)
    if held is None or held.raw is not raw:
        held = _this_thread.held = _Held(raw)
    return held


def rows(query: str, /, **parameters: Any) -> list[Row]:
    """All rows of a query, on Django's connection of this thread."""
    result, values = _asked(query, parameters)
    found: list[Row] = values.load_rows(0, result.ntuples, tuple)
    return found


def column(query: str, /, **parameters: Any) -> list[Any]:
    """The first column of all rows."""
    return [row[0] for row in rows(query, **parameters)]


def one(query: str, /, **parameters: Any) -> Row | None:
    """The first row, if there is one."""
    result, values = _asked(query, parameters)
    found: Row | None = values.load_rows(0, 1, tuple)[0] if result.ntuples else None
    return found


def execute(query: str, /, **parameters: Any) -> int:
    """Run a statement; the number of rows it touched."""
    touched = _asked(query, parameters)[0].command_tuples
    return -1 if touched is None else touched


def dicts(query: str, /, **parameters: Any) -> Iterator[Mapping[str, Any]]:
    """Rows as mappings from column name to value."""
    result, values = _asked(query, parameters)
    names = [(result.fname(place) or b"").decode() for place in range(result.nfields)]
    found = values.load_rows(0, result.ntuples, tuple)
    for row in found:
        yield dict(zip(names, row, strict=True))
