"""Facts about posts of pages: what taking them costs, and what is asked of ten million of them."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from pathlib import Path
from statistics import median

from bench.house import House, house, tree_cpu
from bench.load import get, load
from bench.report import Figure, table

# Pages and posts of very different sizes: the first page has a fifth of all facts, its first post a twelfth of these.
FILL = """
import sys
from django.db import connection
from majlis.core.clock import now
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
count = int(sys.argv[1])
baker = people.create_profile(user_id=None, handle="template", display_name="T", kind="person", at=now())
template = posts.publish(by=baker, params=PostParams(text="Bread, still warm, until noon."), at=now()).post_id
TABLES = ("fact", "encounter", "hourly", "pageviewer", "standing", "lastseen")
with connection.cursor() as cursor:
    def run(text, *given):
        cursor.execute(text, given or None)
    run("TRUNCATE insights_fact, insights_encounter, insights_hourly, insights_pageviewer, insights_measuredpost, "
        "insights_standing, insights_lastseen, insights_following")
    cursor.execute("SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'f' AND conrelid IN "
                   "(SELECT oid FROM pg_class WHERE relname IN ('insights_measuredpost', 'insights_following', "
                   "'posts_post', 'people_profilecount', 'studio_trackedlink', 'studio_click', 'studio_order'))")
    for table, name in cursor.fetchall():  # no page behind the facts is needed to count them
        run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    run("SET work_mem = '256MB'")
    run("SET maintenance_work_mem = '512MB'")
    kept = []
    for table in TABLES:
        cursor.execute("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                       "WHERE conrelid = ('insights_' || %s)::regclass AND contype = 'p'", [table])
        for name, definition in cursor.fetchall():
            kept.append(f"ALTER TABLE insights_{table} ADD CONSTRAINT {name} {definition}")
            run(f"ALTER TABLE insights_{table} DROP CONSTRAINT {name}")
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'insights_' || %s", [table])
        for name, definition in cursor.fetchall():
            kept.append(definition)
            run(f"DROP INDEX {name}")
    run('''INSERT INTO insights_measuredpost (post_id, page_id, audience, appeared_at, eligible, outside, unmeasured)
           SELECT page * 100 + post, page, 'public', now() - interval '89 days' + (post * 2.15) * interval '1 day',
                  100000, 1000, 500
           FROM generate_series(1, 100) page, generate_series(1, 40) post''')
    run('''INSERT INTO insights_fact (page_id, post_id, viewer, kind, source, paid, nonce, currency, at, arrived_at)
           SELECT page, page * 100 + post, 1 + (random() * 100000)::int,
                  CASE WHEN what < .45 THEN 1 WHEN what < .9 THEN 2 WHEN what < .94 THEN 3 WHEN what < .97 THEN 4
                       WHEN what < .98 THEN 5 WHEN what < .985 THEN 6 WHEN what < .99 THEN 7 WHEN what < .999 THEN 10
                       ELSE 11 END,
                  CASE WHEN place < .7 THEN 1 WHEN place < .9 THEN 7 ELSE 4 END, place < .05, n, '',
                  now() - interval '89 days' + (post * 2.15) * interval '1 day' + random() ^ 3 * interval '36 hours', now()
           FROM (SELECT n, 1 + floor(100 * random() ^ 3)::int AS page, 1 + floor(40 * random() ^ 1.5)::int AS post,
                        random() AS what, random() AS place
                 FROM generate_series(1, %s) n OFFSET 0) g
           ORDER BY post''', count)
    run('''INSERT INTO insights_encounter
           (post_id, viewer, follower, state, organic, paid, impressions, served_at, viewed_at, engaged_at, first_view)
           SELECT post_id, viewer, viewer %% 10 <> 0, min(CASE WHEN kind IN (3, 4, 5, 6, 7, 10) THEN 1 WHEN kind = 2 THEN 2
                  ELSE 3 END), bool_or(kind = 2 AND NOT paid), bool_or(kind = 2 AND paid),
                  count(*) FILTER (WHERE kind = 2), min(at) FILTER (WHERE kind = 1), min(at) FILTER (WHERE kind = 2),
                  min(at) FILTER (WHERE kind IN (3, 4, 5, 6, 7, 10)), NULL
           FROM insights_fact GROUP BY 1, 2'''.replace('%%', '%'))
    run('''INSERT INTO insights_hourly (page_id, hour, post_id, kind, source, paid, facts, reach)
           SELECT page_id, date_trunc('hour', at, 'UTC'), post_id, kind, source, paid, count(*), count(DISTINCT viewer)
           FROM insights_fact GROUP BY 1, 2, 3, 4, 5, 6''')
    run('''INSERT INTO insights_pageviewer (page_id, viewer, met_at, last_at, followed_at, clicked_at)
           SELECT page_id, viewer, greatest(served_at, at), at, CASE WHEN viewer % 10 <> 0 THEN at END, clicked_at
           FROM (SELECT page_id, viewer, date_bin('15 minutes', max(at) FILTER (WHERE kind = 1), 'epoch') AS served_at,
                        date_bin('15 minutes', max(at) FILTER (WHERE kind = 2), 'epoch') AS at,
                        date_bin('15 minutes', max(at) FILTER (WHERE kind = 10), 'epoch') AS clicked_at
                 FROM insights_fact WHERE kind IN (1, 2, 10) GROUP BY 1, 2) f''')
    run('''INSERT INTO insights_standing (post_id, follower, state, members, viewed, organic, paid, impressions)
           SELECT post_id, follower, state, count(*), count(viewed_at), count(*) FILTER (WHERE organic),
                  count(*) FILTER (WHERE paid), sum(impressions)
           FROM insights_encounter GROUP BY 1, 2, 3''')
    run('''INSERT INTO insights_lastseen (page_id, at, met, viewers, followers, clicked)
           SELECT page_id, m.at, sum(m.met), sum(m.viewers), sum(m.followers), sum(m.clicked)
           FROM insights_pageviewer v, LATERAL (VALUES
               (v.met_at, 1, 0, 0, 0), (v.last_at, 0, 1, 0, 0), (v.followed_at, 0, 0, 1, 0),
               (CASE WHEN v.last_at IS NOT NULL AND v.clicked_at IS NOT NULL THEN least(v.last_at, v.clicked_at) END,
                0, 0, 0, 1)) m (at, met, viewers, followers, clicked)
           WHERE m.at IS NOT NULL GROUP BY 1, 2''')
    run('''INSERT INTO posts_post
           SELECT (jsonb_populate_record(t, jsonb_build_object('id', m.post_id, 'author_id', m.page_id))).*
           FROM insights_measuredpost m, posts_post t WHERE t.id = %s''', template)
    run('''INSERT INTO insights_following (id, page_id, viewer, outside, since, until)
           SELECT page * 1000000 + n, page, n, n % 100 = 0, now() - random() ^ 2 * interval '400 days',
                  CASE WHEN n % 12 = 0 THEN now() - random() * interval '30 days' END
           FROM generate_series(1, 100) page, generate_series(1, 100000 / page) n''')
    run("DELETE FROM insights_following WHERE until < since")
    run('''INSERT INTO people_profilecount (profile_id, followers, following, posts)
           SELECT page_id, count(*) FILTER (WHERE until IS NULL), 0, 40 FROM insights_following GROUP BY 1''')
    run('''INSERT INTO studio_trackedlink (id, code, target, label, utm_source, utm_medium, utm_campaign, utm_content,
                                           made_at, page_id)
           SELECT page, 'code' || page, 'https://shop.example', '', '', '', '', '', now() - interval '1 year', page
           FROM generate_series(1, 100) page''')
    run('''INSERT INTO studio_click (id, link_id, post_id, token, viewer, source, paid, made_at)
           SELECT row_number() OVER (), page_id, post_id, 't' || row_number() OVER (), viewer, source, paid, at
           FROM insights_fact WHERE kind = 10''')
    run('''INSERT INTO studio_order (id, external_id, value, currency, reported_by, customer, ordered_at, arrived_at,
                                     click_id, page_id, placed, state)
           SELECT id, id, 12.5, 'EUR', 'server', '', least(made_at + interval '1 hour', now()), now(), id, link_id, true,
                  '{}'
           FROM studio_click WHERE id % 9 = 0''')
    for statement in kept:
        run(statement)
    for table in (*(f"insights_{name}" for name in TABLES), "insights_following", "insights_measuredpost",
                  "posts_post", "studio_click", "studio_order"):
        run(f"VACUUM (ANALYZE) {table}")
    cursor.execute("SELECT (SELECT count(*) FROM insights_fact), (SELECT count(*) FROM insights_encounter), "
                   "(SELECT count(*) FROM insights_hourly), (SELECT count(*) FROM insights_pageviewer)")
    print(cursor.fetchone())
"""
# Everything by the functions that the studio's pages and the API call. What takes little is asked often, for CPU is
# counted in hundredths of a second.
ASK = """
import json, statistics, sys, time
from datetime import timedelta
from django.conf import settings
from django.db import connection
from bench.house import tree_cpu
from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.core.clock import now
from majlis.insights import archive, economy, ledger, windows
from majlis.insights.reports.audience import audience
from majlis.insights.reports.overview import overview
from majlis.insights.reports.post import post, series
from majlis.insights.reports.posts import posts
from majlis.studio.results.funnel import of_window, results
from majlis.web.studio.last_days import last_days
database, at, found = int(sys.argv[1]), now(), {}
def cpu():
    return time.process_time() + tree_cpu(database)
def timed(name, work, least=0.4):
    work()
    taken, before, began = [], cpu(), time.perf_counter()
    while len(taken) < 5 or time.perf_counter() - began < least:
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1e3)
    found[name] = statistics.median(taken), (cpu() - before) / len(taken) * 1e3
def door(page):
    return OnTeam(page, 1, Role.OWNER, "page", "Page", "Asia/Beirut", False)
def over(days):
    return windows.last_days(days, at=at, zone="Asia/Beirut")
for name, page, post_id in (("the largest", 1, 101), ("a usual", 50, 5020)):
    since = post(door(page), post_id=post_id, at=at).appeared_at
    timed(f"{name} post: exact reach and ledger", lambda: ledger.ledger(post_id=post_id))
    timed(f"{name} post: hourly series", lambda: series(post_id, appeared_at=since, at=at))
    timed(f"{name} post: all of its page", lambda: post(door(page), post_id=post_id, at=at))
for name, page in (("the largest", 1), ("a usual", 50)):
    def board():
        last_days(door(page), at=at)
        for days in (7, 28, 90):
            overview(door(page), window=over(days))
        posts(door(page), window=over(28))
    timed(f"{name} page: dashboard (today, overview of 7, 28, 90 days, posts)", board)
    timed(f"{name} page: … today", lambda: last_days(door(page), at=at))
    timed(f"{name} page: … overview of 90 days", lambda: overview(door(page), window=over(90)))
    timed(f"{name} page: … posts of 28 days", lambda: posts(door(page), window=over(28)))
    timed(f"{name} page: … posts of 90 days", lambda: posts(door(page), window=over(90)))
    timed(f"{name} page: audience of 90 days", lambda: audience(door(page), window=over(90)))
    timed(f"{name} page: results of 28 days", lambda: results(door(page), window=over(28)))
    timed(f"{name} page: results of 90 days", lambda: results(door(page), window=over(90)))
    timed(f"{name} page: what break-even asks of its last weeks", lambda: economy.last_weeks(page_id=page, at=at))
whole = {"since": over(90).since, "until": at + timedelta(days=1)}
before = of_window(**whole)
timed("house: funnel of 90 days, all in the database", lambda: of_window(**whole))
began, taken = time.perf_counter(), cpu()
moved = archive.archive(at=at + timedelta(days=settings.MAJLIS.facts_days - 30))
found["moving to files"] = (time.perf_counter() - began) * 1e3, (cpu() - taken) * 1e3
connection.cursor().execute("VACUUM insights_fact")
assert of_window(**whole) == before
timed("house: funnel of 90 days, two thirds in files", lambda: of_window(**whole))
timed("the largest page: results of 90 days, two thirds in files", lambda: results(door(1), window=over(90)))
found["moved"] = moved
found["sizes"] = [before.served, before.viewed, before.clicked, before.ordered]
print(json.dumps(found))
"""
TARGETS = {
    "exact reach": 10, "hourly": 10, "dashboard": 150, "audience": 150, "results": 150, "break-even": 150, "funnel": 2_000,
}  # fmt: skip
# readers with sessions, posts of pages, and beacons of ten reports each as browsers would send them
BEACONS = """
import json, sys
from datetime import timedelta
from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.insights import tickets
from majlis.insights.kinds import Source
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
readers, pages, each, rounds = map(int, sys.argv[1:5])
def made(handle, kind="person", user=None):
    return people.create_profile(user_id=user, handle=handle, display_name=handle, kind=kind, at=now())
shops = [made(f"shop_{number}", "business") for number in range(pages)]
measured = [posts.publish(by=shop, params=PostParams(text=f"Bread {number}"), at=now()).post_id
            for shop in shops for number in range(each)]
bodies, earlier = [], now() - timedelta(seconds=30)
for number in range(readers):
    user = User.objects.create_user(f"r{number}@example.org", "a walk by the sea", joined_at=now(), confirmed_at=now())
    reader = made(f"reader_of_{number}", user=user.id)
    people.follow_in_bulk(pairs=[(reader, shop) for shop in shops], at=now())
    store = SessionStore()
    store[SESSION_KEY] = str(user.id)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    for round_ in range(rounds):
        load = tickets.new_load()
        for start in range(0, len(measured), 10):
            sealed = {"viewer": reader, "source": Source.HOME, "paid": False, "load": load, "at": earlier}
            lines = [
                [str(post), tickets.issue(post_id=post, **sealed), 2, 1200 + number]
                for post in measured[start:start + 10]
            ]
            bodies.append([round_, store.session_key, json.dumps(lines)])
bodies.sort(key=lambda body: body[0])
with open(sys.argv[5], "w") as file:
    json.dump([body[1:] for body in bodies], file)
"""
HOME = """
import sys
from majlis.accounts import tokens
from majlis.core.clock import now
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
def made(handle, kind):
    return people.create_profile(user_id=None, handle=handle, display_name=handle.title(), kind=kind, at=now())
reader = made("hungry", "person")
shops = [made(f"baker_{number}", "business") for number in range(int(sys.argv[1]))]
people.follow_in_bulk(pairs=[(reader, shop) for shop in shops], at=now())
for number in range(3):
    for shop in shops:
        posts.publish(by=shop, params=PostParams(text=f"Bread number {number}: a usual post with #bread"), at=now())
print(tokens.issue_token(user_id=None, profile_id=reader, application="bench", scopes="read write", at=now()))
"""


def measure(*, quick: bool = False) -> list[Figure]:
    """Targets: home at most 5 % dearer; ledger and hours 10 ms, what the studio's pages ask 150 ms, the funnel of the
    house 2 s at ten million facts."""
    with house() as where:
        figures = [_home(where, quick=quick)]
        print(table(figures), file=sys.stderr, flush=True)
        where.run(FILL, "1000000" if quick else "10000000")
        found = json.loads(where.run(ASK, str(where.database)).splitlines()[-1])
        moved, sizes = found.pop("moved"), found.pop("sizes")
        for name, (value, cpu) in found.items():
            target = next((most for word, most in TARGETS.items() if word in name), None)
            more = (
                f", {moved} facts"
                if name.startswith("moving")
                else f", steps {sizes}"
                if "funnel" in name
                else ""
            )
            named = f"{'1' if quick else '10'} M facts: {name}"
            beside = f"CPU, database included: {cpu:.1f} ms{more}"
            figures.append(Figure(named, value, "ms", target, beside=beside))
        return figures


def beacons(*, quick: bool = False) -> list[Figure]:
    """Target: 20,000 facts a second and core, which is 50 µs of CPU a fact in the server and the database."""
    with house() as where:
        return _beacons(where, quick=quick)


def _home(where: House, *, quick: bool) -> Figure:
    """Every post of the page is a business's: the most that there can be to tell."""
    token = where.run(HOME, "60")
    get(where, "/bench/keep", token=token)
    requests = 3_000 if quick else 8_000
    ratios, told, untold = [], [], []
    for _round in range(5):
        without = load(where, "/bench/untold", token=token, requests=requests).cpu
        with_ = load(where, "/bench/told", token=token, requests=requests).cpu
        ratios.append(with_ / without)
        told.append(with_)
        untold.append(without)
    return Figure(
        "home of 20, warm, all posts of pages: taking facts costs", (median(ratios) - 1) * 100, "%", 5,
        beside=f"{median(told):.0f} against {median(untold):.0f} µs of CPU",
    )  # fmt: skip


def _beacons(where: House, *, quick: bool) -> list[Figure]:
    bodies = Path(where.environment["MAJLIS_DATA_DIR"]) / "beacons.json"
    rounds = 2 if quick else 8
    where.run(BEACONS, "100", "10", "10", str(rounds), str(bodies))
    requests = [_request(where.port, key, body) for key, body in json.loads(bodies.read_text())]
    facts = len(requests) * 10
    database = tree_cpu(where.database)
    before, began = where.cpu(), time.perf_counter()
    threads = [threading.Thread(target=_send, args=(where.port, requests[start::64])) for start in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    server, stored = where.cpu() - before, tree_cpu(where.database) - database
    counted = int(
        where.run("from majlis.insights.models import Fact\nprint(Fact.objects.filter(kind=2).count())")
    )
    assert counted == facts, f"{counted} of {facts} were counted"
    return [
        Figure(
            "beacons: facts taken a second of CPU, server and database together", facts / (server + stored), "", 20_000,
            "at least", f"{facts / seconds:.0f} a second by the clock, the sender on the same cores",
        ),
        Figure("beacons: CPU of the server a fact", server / facts * 1e6, "µs"),
        Figure("beacons: CPU of the database a fact", stored / facts * 1e6, "µs"),
    ]  # fmt: skip


def _request(port: int, key: str, body: str) -> bytes:
    head = (
        f"POST /facts HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"User-Agent: Mozilla/5.0 (bench)\r\nCookie: majlis_session={key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def _send(port: int, requests: list[bytes]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(60)
        for request in requests:
            connection.sendall(request)
            answer = connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 204"), answer
