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
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from django.db import connection

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


def rows(query: str, /, **parameters: Any) -> list[Row]:
    """All rows of a query, on Django's connection of this thread."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: list[Row] = cursor.fetchall()
        return found


def column(query: str, /, **parameters: Any) -> list[Any]:
    """The first column of all rows."""
    return [row[0] for row in rows(query, **parameters)]


def one(query: str, /, **parameters: Any) -> Row | None:
    """The first row, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: Row | None = cursor.fetchone()
        return found


def execute(query: str, /, **parameters: Any) -> int:
    """Run a statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        touched: int = cursor.rowcount
        return touched


def dicts(query: str, /, **parameters: Any) -> Iterator[Mapping[str, Any]]:
    """Rows as mappings from column name to value."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [item[0] for item in cursor.description]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))
