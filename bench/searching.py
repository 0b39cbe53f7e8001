"""Searches of every kind, one after the other on one connection; what each kind takes.

Run inside a house that ``bench.library`` filled. CPU of the database is that of the connection's own process.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.library import Library
from majlis.core import sql
from majlis.core.clock import now
from majlis.discovery import queries

Search = Callable[[str], Any]


def measure(facts: Path, rounds: int) -> str:
    """Per kind, in milliseconds, as JSON: median, p95 and maximum of the time, then the same of the CPU.

    CPU is the database's and this process' together: on a machine with nothing else to do it is the time.
    """
    library = Library(**json.loads(facts.read_text()))
    at = now()
    backend = sql.column("SELECT pg_backend_pid()")[0]
    kinds = _kinds(library, at)
    for search, texts in kinds.values():
        search(texts[0])
    dice = random.Random(11)
    return json.dumps(
        {
            name: _figures(search, [dice.choice(texts) for _each in range(rounds)], backend)
            for name, (search, texts) in kinds.items()
        }
    )


def _kinds(library: Library, at: datetime) -> dict[str, tuple[Search, list[str]]]:
    reader = library.reader
    words = library.words

    def posts(text: str) -> Any:
        return queries.posts(text=text, viewer=reader, at=at)

    def people(text: str) -> Any:
        return queries.people(text=text, viewer=reader, at=at)

    def tags(text: str) -> Any:
        return queries.tags(text=text, viewer=reader, at=at)

    def all_three(text: str) -> Any:
        return people(text), tags(text), posts(text)

    def hidden(text: str) -> Any:
        return queries.posts(text=text, viewer=None, at=at)

    both = [f"{one} {other}" for one, other in zip(words["frequent"], words["frequent"][1:], strict=False)]
    return {
        "200 posts by primary key": (_by_key(library), ["-"]),
        "a frequent word": (posts, words["frequent"]),
        "a middling word": (posts, words["middling"]),
        "a seldom word": (posts, words["less"]),
        "a rare word": (posts, words["rare"]),
        "two frequent words": (posts, both),
        "two words of one post": (posts, library.pairs),
        "Arabic, with article and diacritics": (posts, library.arabic),
        "a phrase": (posts, library.phrases),
        "two in every tenth that never meet": (posts, ["qdawn qdusk"]),
        "two middling, hardly together": (posts, _shuffled_pairs(words["middling"])),
        "frequent and rare": (
            posts,
            [f"{one} {other}" for one, other in zip(words["frequent"] * 9, words["rare"], strict=False)],
        ),
        "without a word": (posts, [f"{word} -qdawn" for word in words["middling"]]),
        "only a month long ago": (posts, ["qfestival"]),
        "only in what she may not see": (posts, ["qwhisper"]),
        "in every thousandth": (posts, ["qmint"]),
        "not signed in, a middling word": (hidden, words["middling"]),
        "has:poll and a frequent word": (posts, [f"{word} has:poll" for word in words["frequent"]]),
        "language and a middling word": (posts, [f"{word} language:fr" for word in words["middling"]]),
        "of an author": (posts, [f"from:author_{n} {words['frequent'][0]}" for n in range(1, 60)]),
        "hashtag": (posts, [f"#tag{n}" for n in range(1, 100)]),
        "hashtag and word": (posts, [f"#tag{n} {words['frequent'][0]}" for n in range(1, 100)]),
        "no such word": (posts, ["qqqqqqzz"]),
        "people: beginning of every name": (people, ["auth"]),
        "people: a handle": (people, [f"author_{n}" for n in range(1, 60)]),
        "people: a word": (people, words["frequent"]),
        "hashtags by their beginning": (tags, ["t", "tag1", "tag99", "tag5"]),
        "all three: a middling word": (all_three, words["middling"]),
        "all three: two words of one post": (all_three, library.pairs),
    }


def _shuffled_pairs(words: list[str]) -> list[str]:
    shuffled = random.Random(5).sample(words, len(words))
    return [f"{one} {other}" for one, other in zip(words, shuffled, strict=True) if one != other]


def _by_key(library: Library) -> Search:
    ids = sql.column("SELECT id FROM posts_post TABLESAMPLE system (5) WHERE deleted_at IS NULL LIMIT 20000")
    dice = random.Random(2)

    def read(_text: str) -> Any:
        chosen = dice.sample(ids, 200)
        return sql.rows(
            "SELECT p.id, p.author_id, p.search FROM posts_post p WHERE p.id = ANY(%(ids)s)", ids=chosen
        )

    return read


def _figures(search: Search, texts: list[str], backend: int) -> list[float]:
    taken, busy = [], []
    for text in texts:
        begin, before, own = time.perf_counter(), _cpu(backend), time.process_time()
        search(text)
        taken.append((time.perf_counter() - begin) * 1000)
        busy.append(_cpu(backend) - before + (time.process_time() - own) * 1000)
    return [*_middle_late_most(taken), *_middle_late_most(busy)]


def _middle_late_most(values: list[float]) -> list[float]:
    values.sort()
    return [values[len(values) // 2], values[int(len(values) * 0.95)], values[-1]]


def _cpu(backend: int) -> float:
    """Milliseconds that a process has run."""
    try:
        return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return float("nan")
