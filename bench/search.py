"""Search in a house with a million posts: words that are in most posts, in few, and that never meet."""

from __future__ import annotations

import json

from bench.house import house
from bench.report import Figure

SEED = """
import random, sys
from itertools import accumulate
from django.db import connection
from majlis.core.clock import now
from majlis.core.ids import lowest_id_at
from majlis.core.text.arabic import tokens_for_index
from majlis.discovery import actions
from majlis.people import actions as people
count = int(sys.argv[1])
dice = random.Random(7)
def word(number):
    letters = "بتجحدرسشصعفقكلمن" if number % 2 else "bcdfgklmnprstaeiou"
    return "".join(dice.choice(letters) for _ in range(dice.randint(4, 7)))
made = dict.fromkeys(map(word, range(40_000)))
words = [each for each in made if tokens_for_index(each) == [each]][:20_000]
reader = people.create_profile(user_id=None, handle="reader", display_name="Reader", kind="person", at=now())
with connection.cursor() as cursor:
    cursor.execute("DROP INDEX IF EXISTS posts_search")
    cursor.execute('''
        INSERT INTO people_profile (id, kind, handle, domain, skeleton, display_name, bio, bio_html, fields,
            avatar_key, avatar_animated, avatar_alt, header_key, header_alt, languages, locked, discoverable, indexable,
            hide_network, preferences, made_at, example, search)
        SELECT n, 'person', 'author_' || n, '', 'author_' || n,
            w.words[1 + n %% 20000] || ' ' || w.words[1 + n * 7 %% 20000],
            '', '', '[]', '', false, '', '', '', '[]', false, true, n %% 10 <> 0, false, '{}', now(), false,
            setweight(to_tsvector('simple', 'author ' || w.words[1 + n %% 20000] || ' ' || w.words[1 + n * 7 %% 20000]), 'A')
        FROM generate_series(1, %(people)s) n, (SELECT %(words)s::text[] AS words) w''',
        {"people": count // 50, "words": words})
    cursor.execute('''
        INSERT INTO people_profilecount (profile_id, followers, following, posts)
        SELECT n, n * 37 %% 5000, 0, 50 FROM generate_series(1, %(people)s) n''', {"people": count // 50})
    cursor.execute('''
        INSERT INTO people_follow (id, follower_id, followed_id, show_boosts, notify, made_at)
        SELECT 1000000 + n, %(reader)s, n * 3, true, false, now() FROM generate_series(1, 300) n''', {"reader": reader})
    # Zipf's law; a tenth of all posts say dawn, another tenth dusk, none both
    weights = list(accumulate(1 / place for place in range(1, 20_001)))
    cursor.execute("CREATE TEMP TABLE drafts (n bigint, text text)")
    with cursor.copy("COPY drafts FROM STDIN") as lines:
        for n in range(1, count + 1):
            text = dice.choices(words, cum_weights=weights, k=12)
            text.append({0: "dawn", 1: "dusk"}.get(n % 10, ""))
            lines.write_row((n, " ".join(text)))
    cursor.execute('''
        INSERT INTO posts_post (id, author_id, kind, audience, title, text, html, warning, sensitive, language,
            thread_id, quote_state, may_reply, may_quote, imported_from, imported_id, made_at, search)
        SELECT %(newest)s - ((d.n * 31000) << 16), 1 + d.n * 7919 %% %(people)s, 'note',
            CASE WHEN d.n %% 20 = 0 THEN 'followers' WHEN d.n %% 20 = 1 THEN 'unlisted' ELSE 'public' END,
            '', d.text, d.text, '', false, 'ar', %(newest)s - ((d.n * 31000) << 16), '', 'everyone', 'everyone', '', '',
            now() - d.n * interval '31 s', to_tsvector('simple', d.text)
        FROM drafts d''', {"people": count // 50, "newest": lowest_id_at(now())})
    cursor.execute("CREATE INDEX posts_search ON posts_post USING gin (search)")
    cursor.execute('''INSERT INTO posts_tag (id, name, shown, usable, made_at)
        SELECT k, 'tag' || k, 'tag' || k, true, now() FROM generate_series(1, 1000) k''')
    cursor.execute('''INSERT INTO posts_posttag (id, post_id, tag_id)
        SELECT row_number() OVER (), p.id, ceil(power(1000, random()))
        FROM posts_post p WHERE abs(hashtext(p.text)) % 3 = 0''')
actions.index_profiles()
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE posts_post")
    cursor.execute("VACUUM ANALYZE people_profile")
    cursor.execute("ANALYZE")
print(reader, *[words[place] for place in (0, 1, 9, 10, 99, 100, 999, 1000, 9999, 10000)])
"""

MEASURE = """
import json, sys, time
from majlis.core.clock import now
from majlis.discovery import queries
(reader, first, second, tenth, other_tenth, hundredth, other_hundredth, thousandth, other_thousandth, rare,
 other_rare) = sys.argv[2:13]
rounds = int(sys.argv[1])
texts = {
    "in most posts": first,
    "in every tenth": tenth,
    "in every hundredth": hundredth,
    "in every thousandth": thousandth,
    "rare": rare,
    "two frequent": f"{first} {second}",
    "frequent and rare": f"{first} {rare}",
    "two middling": f"{hundredth} {other_hundredth}",
    "two that never meet": "dawn dusk",
    "phrase": f'"{tenth} {other_tenth}"',
    "without a word": f"{hundredth} -dawn",
    "by an author": f"from:author_77 {first}",
    "hashtag and word": f"#tag1 {first}",
    "no such word": "qqqqqqzz",
}
def took(call):
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1000
asked = {name: (queries.posts, text) for name, text in texts.items()}
asked["people: prefix"] = (queries.people, "auth")
asked["people: name"] = (queries.people, first)
asked["hashtags"] = (queries.tags, "tag1")
def figures(search, text):
    values = sorted(took(lambda: search(text=text, viewer=int(reader), at=now())) for _ in range(rounds))
    return [values[len(values) // 2], values[int(len(values) * 0.95)]]
print(json.dumps({name: figures(*each) for name, each in asked.items()}))
"""


def measure(*, quick: bool = False) -> list[Figure]:
    """Target: 95 of 100 searches within 50 ms at a million posts, whatever the words; kind by kind."""
    with house() as where:
        facts = where.run(SEED, "100000" if quick else "1000000").split()
        times: dict[str, list[float]] = json.loads(where.run(MEASURE, "20" if quick else "60", *facts))
    worst = max(times, key=lambda name: times[name][1])
    return [
        Figure("search: p95 of the slowest kind", times[worst][1], "ms", 50, beside=worst),
        *(
            Figure(f"search, {name}: p95", late, "ms", 50, beside=f"median {middle:.1f} ms")
            for name, (middle, late) in times.items()
        ),
    ]
