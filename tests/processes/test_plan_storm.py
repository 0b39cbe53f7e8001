"""The storm over a plan: workers are killed again and again at the hour of many entries; each leaves once, whole."""

from __future__ import annotations

import os
import random
import signal
import time

import psycopg
import pytest

import houses
from houses import until

pytestmark = pytest.mark.slow

ENTRIES = 150
PARTS = 3  # the post, a further part, the first comment
SECONDS = float(os.environ.get("MAJLIS_TESTS_STORM_SECONDS", "40"))

_PLAN = """
from datetime import timedelta
from plans import content, team_of
from majlis.studio import actions as studio
from majlis.studio.models import Entry
bakery = cast.bakery()
team = team_of(bakery)
at = now()
with transaction.atomic():
    for number in range(given):
        said = content(f"entry {number}", thread=(f"more of {number}",), first_comment=f"below {number}")
        made = studio.make(team=team, draft=studio.Draft(content=said), at=at)
        studio.schedule(team=team, entry_id=made, due=at + timedelta(hours=1), at=at)
    # their hour is now, all at once
    Entry.objects.update(due_at=at)
result = bakery.page.id
"""
_LEFT = "SELECT count(*) FROM studio_entry e WHERE e.page_id = %s AND e.post_id IS NOT NULL"


def test_every_entry_leaves_once_whatever_is_killed() -> None:
    with houses.house(workers=2, MAJLIS_JOB_WORKERS="2") as house:
        page = house.hand(_PLAN, ENTRIES)
        chance, killed = random.Random(11), 0
        with psycopg.connect(house.database_url(), autocommit=True) as database:

            def left() -> int:
                row = database.execute(_LEFT, (page,)).fetchone()
                return int(row[0]) if row else 0

            over = time.monotonic() + SECONDS
            while time.monotonic() < over and left() < ENTRIES:
                for pid in house.job_processes():
                    try:
                        os.kill(pid, signal.SIGKILL)
                        killed += 1
                    except ProcessLookupError:
                        continue
                time.sleep(chance.uniform(0.4, 2.5))
            until(lambda: left() == ENTRIES, 120, every=0.5, why=f"{left()} of {ENTRIES} left")
            posts = database.execute(
                "SELECT p.text, p.id FROM posts_post p WHERE p.author_id = %s", (page,)
            ).fetchall()
            failed = database.execute(
                "SELECT count(*) FROM studio_entry e WHERE e.failed_at IS NOT NULL"
            ).fetchone()
        print(f"killed {killed} workers; {len(posts)} posts of {ENTRIES} entries")
        assert killed > 0
        assert failed == (0,)
        said = sorted(text for text, _id in posts)
        assert len(said) == len(set(said)) == ENTRIES * PARTS
        wanted = {f"{word} {n}" for n in range(ENTRIES) for word in ("entry", "more of", "below")}
        assert set(said) == wanted
