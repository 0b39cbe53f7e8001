"""The inbox of a page with a hundred thousand conversations: its lists, and the pages of a shift of 500 open ones."""

from __future__ import annotations

import json
import re
import socket
import time
from statistics import median

from bench.house import House, house
from bench.load import answer_to
from bench.report import Figure

# Half of the words are posts, which the page must be allowed to see; half came from outside. A second page has as many.
FILL = """
import sys
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from majlis.accounts.models import User
from majlis.brands.models import Page, TeamMember
from majlis.core.clock import now
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
count = int(sys.argv[1])
def made(handle, kind="person", user=None):
    return people.create_profile(user_id=user, handle=handle, display_name=handle.title(), kind=kind, at=now())
user = User.objects.create_user("salma@example.org", "a walk by the sea", joined_at=now(), confirmed_at=now())
salma, shops = made("salma", user=user.id), [made(f"shop_{n}", "business") for n in range(2)]
for shop in shops:
    Page.objects.get_or_create(profile_id=shop, defaults={"made_at": now()})
    TeamMember.objects.create(page_id=shop, member_id=salma, role="support", made_at=now())
members = [made(f"customer_{n}") for n in range(200)]
said = PostParams(text="The bread was hard, and nobody answers")
template = posts.publish(by=members[0], params=said, at=now()).post_id
with connection.cursor() as cursor:
    def run(text, **given):
        cursor.execute(text, given or None)
    run('''CREATE TEMP TABLE g AS
           SELECT n, page, (page_no * 10 + 1) * 10000000::bigint + n AS id, (%(members)s::bigint[])[1 + n %% 200] AS member,
                  CASE WHEN n <= 500 THEN 'open' WHEN n <= 900 THEN 'waiting' WHEN n <= 1000 THEN 'snoozed'
                       WHEN n %% 9 = 0 THEN 'confirmed' ELSE 'solved' END AS status,
                  now() - n * interval '9 minutes' * (CASE WHEN n <= 1000 THEN 0.1 ELSE 1 END) AS at, random() AS dice
           FROM unnest(%(pages)s::bigint[]) WITH ORDINALITY p (page, page_no), generate_series(1, %(count)s) n''',
        members=members, pages=shops, count=count)
    run('''INSERT INTO care_cause (id, page_id, name, name_ar, kind, made_at)
           SELECT page + k, page, 'Cause ' || k, '', '', now()
           FROM unnest(%(pages)s::bigint[]) page, generate_series(1, 8) k''',
        pages=shops)
    run('''INSERT INTO care_person (id, page_id, name, made_at) SELECT id, page, 'Customer ' || n, at FROM g''')
    run('''INSERT INTO care_channel
               (id, page_id, person_id, first_person_id, kind, key, profile_id)
           SELECT id, page, id, id, CASE WHEN n %% 2 = 0 THEN 'member' ELSE 'x' END, id::text,
                  CASE WHEN n %% 2 = 0 THEN member END
           FROM g'''.replace('%%', '%'))
    run('''INSERT INTO care_conversation (id, page_id, person_id, source, status, priority, priority_said, assignee_id,
               cause_id, cause_said, language, complaint, opened_at, last_at, last_in_at, messages, unanswered, due_at,
               due_kind, breached, reopened, version)
           SELECT id, page, id, (ARRAY['mention', 'comment', 'direct', 'review',
                  'outside.x'])[1 + n %% 5], status,
                  CASE WHEN dice < .05 THEN 0 WHEN dice < .2 THEN 1 WHEN dice < .9 THEN 2 ELSE 3 END, false,
                  CASE WHEN n %% 4 = 0 THEN %(salma)s::bigint END,
                  CASE WHEN n %% 3 = 0 THEN page + 1 + n %% 8 END, false,
                  (ARRAY['ar', 'en', 'de'])[1 + n %% 3], dice, at, at, at, 2, status = 'open',
                  CASE WHEN status = 'open' THEN at + interval '30 minutes' END,
                  CASE WHEN status = 'open' THEN 'first' ELSE '' END,
                  false, 0, 1 FROM g''', salma=salma)
    run('''INSERT INTO posts_post
           SELECT (jsonb_populate_record(t, jsonb_build_object('id', g.id, 'author_id', g.member, 'made_at', g.at))).*
           FROM g, posts_post t WHERE t.id = %(template)s AND g.n %% 2 = 0''', template=template)
    run('''INSERT INTO care_message (id, page_id, conversation_id, side, source, post_id, outside_id, channel_id, text, at,
               cause, language, dialect)
           SELECT id * 2 + k, page, id, 'customer', 'mention', CASE WHEN n %% 2 = 0 AND k = 1 THEN id END,
                  CASE WHEN n %% 2 = 0 AND k = 1 THEN '' ELSE (id * 2 + k)::text END, id, 'It never came, number ' || n,
                  at + k * interval '1 second', '', '', ''
           FROM g, generate_series(0, 1) k'''.replace('%%', '%'))
    run('''INSERT INTO care_step (id, conversation_id, what, status, by_customer, details, at)
           SELECT id, id, 'solved', status, false, '{}', at FROM g WHERE status <> 'open' ''')
    run('''INSERT INTO care_conversationtag (id, conversation_id, page_id, name)
           SELECT id, id, page, 'tag ' || n %% 20 FROM g WHERE n %% 10 = 0'''.replace('%%', '%'))
    for table in ("care_person", "care_channel", "care_conversation", "care_message", "care_step", "care_conversationtag",
                  "posts_post"):
        run(f"VACUUM (ANALYZE) {table}")
store = SessionStore()
store[SESSION_KEY] = str(user.pk)
store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
store[HASH_SESSION_KEY] = user.get_session_auth_hash()
store["profile_id"] = salma
store.save()
print(store.session_key, shops[0], salma)
"""
ASK = """
import json, statistics, sys, time
from django.db import connection
from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.care import inbox
from majlis.care.inbox import VIEWS, Wanted
from majlis.core import sql
from majlis.core.clock import now
team = team_door(page_id=int(sys.argv[1]), by=int(sys.argv[2]), needs=Permission.ANSWER)
found = {}
def timed(name, work):
    times = []
    for _time in range(9):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1e3)
    found[name] = statistics.median(times), max(times[1:])
def listed(name, **wanted):
    timed(name, lambda: inbox.listing(team, Wanted(**wanted), at=now()))
for view in VIEWS:
    listed(view, view=view)
    listed(f"{view}, newest", view=view, order="newest")
    row = inbox.listing(team, Wanted(view=view), at=now())
    if row.next:
        listed(f"{view}, page 2", view=view, after=row.next)
NARROW = {"source": "review", "cause": int(sys.argv[1]) + 3, "priority": 0, "language": "de", "tag": "tag 10",
          "assignee": int(sys.argv[2]), "words": "number 400", "person": 0}
for view in ("open", "all"):
    for name, value in NARROW.items():
        listed(f"{view} by {name}", view=view, **{name: value})
    listed(f"{view} by cause, none", view=view, cause=0)
    listed(f"{view} by words that nobody said", view=view, words="nowhere nothing")
    listed(f"{view} by a tag of none", view=view, tag="no such tag")
    listed(f"{view} by a language of none", view=view, language="xx")
timed("counts", lambda: inbox.counts(team, at=now()))
timed("how many are open", lambda: inbox.open_ones(team))
print(json.dumps(found))
"""
LIST, PAGE = 50, 100
"""Milliseconds: the lists of issue 5, and a page."""


def measure(*, quick: bool = False) -> list[Figure]:
    """Targets: 50 ms a list, 100 ms a page, at 100,000 conversations of a page and 500 open ones."""
    with house() as where:
        session, page, salma = where.run(FILL, "20000" if quick else "100000").split()
        found = json.loads(where.run(ASK, page, salma))
        ranked = sorted(found.items(), key=lambda each: -each[1][0])
        worst, (value, _most) = ranked[0]
        beside = "; ".join(f"{name} {took:.1f}" for name, (took, _most) in ranked[:8])
        named = f"inbox, {'20,000' if quick else '100,000'} conversations"
        figures = [
            Figure(f"{named}: slowest of {len(found)} lists ({worst})", value, "ms", LIST, beside=beside),
            Figure(f"{named}: list of what is open", found["open"][0], "ms", LIST),
        ]
        return figures + _pages(where, session, named)


def _pages(where: House, session: str, named: str) -> list[Figure]:
    base = "/studio/shop_0/inbox"
    with socket.create_connection(("127.0.0.1", where.port)) as line:

        def ask(address: str, tag: str = "") -> tuple[float, float, bytes]:
            asked = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: majlis_session={session}\r\n"
            asked += f"If-None-Match: {tag}\r\n" if tag else ""
            times, before = [], 0.0
            for number in range(45):
                if number == 5:
                    before = where.cpu()
                began = time.perf_counter()
                body = answer_to(line, (asked + "\r\n").encode())
                times.append((time.perf_counter() - began) * 1e3)
            return median(times), (where.cpu() - before) / 40 * 1e3, body

        one = re.findall(rb"/inbox/(\d+)", ask(base)[2])[0].decode()
        found = []
        for name, address in (
            ("the list as a page", base), ("a conversation beside it", f"{base}/{one}"),
            ("the rows again", f"{base}/rows"), ("the conversation again", f"{base}/{one}/talk"),
        ):  # fmt: skip
            value, cpu, body = ask(address)
            beside = f"CPU of the server {cpu:.1f} ms, {len(body)} bytes"
            found.append(Figure(f"{named}: {name}", value, "ms", PAGE, beside=beside))
        return found
