"""A million posts to search: words as often as people use them, in two languages, and a few that are hard.

Words come from texts of the shared data folder where it is present (``MAJLIS_SHARED``, or ``shared`` beside the
checkout), which are read for measuring only: they end with the database. Without it words are made up after
Zipf's law.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper

from majlis.core.clock import now
from majlis.core.ids import lowest_id_at
from majlis.core.text.arabic import tokens_for_index
from majlis.discovery import actions
from majlis.people import actions as people

SHARED = Path(os.environ.get("MAJLIS_SHARED") or Path(__file__).parents[2] / "shared") / "data"
TEXTS = {
    "en": (
        "complaints/en_airlines.jsonl",
        "complaints/en_care_threads.jsonl",
        "training/en_tweets_rated.tsv",
    ),
    "ar": (
        "posts/ar_one_day.jsonl",
        "complaints/ar_egypt_companies.jsonl",
        "complaints/ar_saudi_tech.jsonl",
        "training/ar_emoji_train_negative.tsv",
        "training/ar_emoji_train_positive.tsv",
    ),
}
SECONDS_APART = 31

Chunk = tuple[str, str]
"""A few words as they were written, and the same as they are searched."""


@dataclass
class Library:
    """What was made: the searcher, and words by how many posts of a thousand have them (``words``)."""

    reader: int
    posts: int
    words: dict[str, list[str]] = field(default_factory=dict)
    pairs: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    arabic: list[str] = field(default_factory=list)
    real: bool = False


def fill(count: int, facts: Path) -> None:
    """Fill an empty house with ``count`` posts, and write the ``Library`` to a file."""
    dice = random.Random(7)
    reader = people.create_profile(
        user_id=None, handle="reader", display_name="Reader", kind="person", at=now()
    )
    chunks = {language: list(_chunks(files, dice)) for language, files in TEXTS.items()}
    real = all(chunks.values())
    chunks = (
        chunks
        if real
        else {"en": _made_up("bcdfgklmnprstaeiou", dice), "ar": _made_up("بتجحدرسشصعفقكلمن", dice)}
    )
    library = Library(reader, count, real=real)
    seen: Counter[str] = Counter()
    _people(count // 50, reader, list({chunk[0] for chunk in chunks["en"][:20_000]}))
    _posts(_drafts(count, chunks, dice, seen, library), count)
    _tags()
    _frequencies(seen, count, library)
    actions.index_profiles()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE, FREEZE)")
    facts.write_text(json.dumps(asdict(library)))


def _chunks(files: tuple[str, ...], dice: random.Random) -> Iterator[Chunk]:
    """The texts cut into pieces of two to nine words, so that words keep their neighbours."""
    for name in files:
        path = SHARED / name
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            text = json.loads(line)["text"] if path.suffix == ".jsonl" else line.rpartition("\t")[2]
            words = text.replace("\x00", "").split()
            while words:
                size = dice.randint(2, 9)
                piece, words = " ".join(words[:size]), words[size:]
                yield piece, " ".join(tokens_for_index(piece))


def _made_up(letters: str, dice: random.Random) -> list[Chunk]:
    made = {"".join(dice.choice(letters) for _ in range(dice.randint(4, 7))) for _ in range(30_000)}
    words = sorted(word for word in made if tokens_for_index(word) == [word])
    weights = list(accumulate(1 / place for place in range(1, len(words) + 1)))
    lines = (" ".join(dice.choices(words, cum_weights=weights, k=5)) for _ in range(100_000))
    return [(line, line) for line in lines]


def _drafts(
    count: int, chunks: dict[str, list[Chunk]], dice: random.Random, seen: Counter[str], library: Library
) -> Iterator[tuple[int, str, str, str]]:
    """(number, language, text, words); the first is the newest. Besides real words, planted ones:

    qdawn and qdusk in a tenth each and never together; qfestival only in a month long ago, and there in every
    third; qwhisper only in posts that the searcher may not see, one in twenty; qmint in every thousandth.
    """
    for n in range(count):
        language = "ar" if dice.random() < 0.6 else "en"
        parts = dice.choices(chunks[language], k=dice.choice((1, 2, 2, 3, 3, 4)))
        planted = [{0: "qdawn", 1: "qdusk"}.get(n % 10, "")]
        planted += ["qfestival"] if 0.8 < n / count < 0.88 and n % 3 == 0 else []
        planted += ["qwhisper"] if n % 20 == 0 else []
        planted += ["qmint"] if n % 1000 == 7 else []
        text = " ".join([*(part[0] for part in parts), *planted]).strip()
        words = " ".join([*(part[1] for part in parts), *planted]).strip()
        if n % 10 == 3:
            unique = list(set(words.split()))
            seen.update(unique)
            if n % (count // 200) < 10:
                _note(words.split(), language, dice, library)
        yield n, language, text, words


def _note(words: list[str], language: str, dice: random.Random, library: Library) -> None:
    """Keep what somebody who remembers this post might type."""
    if len(words) > 3:
        at = dice.randrange(len(words) - 2)
        library.phrases.append(f'"{words[at]} {words[at + 1]}"')
        library.pairs.append(" ".join(dice.sample(words, 2)))
        if language == "ar":
            library.arabic.append(f"وال{words[at]} {words[at + 2][0]}ّ{words[at + 2][1:]}")


def _posts(drafts: Iterator[tuple[int, str, str, str]], count: int) -> None:
    with connection.cursor() as cursor:
        again = _without_indexes(cursor)
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("CREATE TEMP TABLE drafts (n bigint, language text, text text, words text)")
        with cursor.copy("COPY drafts FROM STDIN") as lines:
            for draft in drafts:
                lines.write_row(draft)
        # in the order in which posts are written: the oldest first
        cursor.execute(
            """
            INSERT INTO posts_post (id, author_id, kind, audience, title, text, html, warning, sensitive, language,
                thread_id, quote_state, may_reply, may_quote, imported_from, imported_id, made_at, search)
            SELECT d.id, 1 + d.n * 7919 %% %(people)s, 'note',
                CASE WHEN d.n %% 20 = 0 THEN 'mentioned' WHEN d.n %% 20 = 1 THEN 'unlisted'
                     WHEN d.n %% 20 = 2 THEN 'followers' ELSE 'public' END,
                '', d.text, '<p>' || d.text || '</p>', '', false, d.language, d.id, '', 'everyone', 'everyone', '', '',
                now() - d.n * %(apart)s * interval '1 s', to_tsvector('simple', d.words)
            FROM (SELECT %(newest)s - ((n * %(apart)s * 1000) << 16) AS id, * FROM drafts) d ORDER BY d.n DESC""",
            {"people": count // 50, "newest": lowest_id_at(now()), "apart": SECONDS_APART},
        )
        cursor.execute("DROP TABLE drafts")
        for statement in again:
            cursor.execute(statement)


def _without_indexes(cursor: CursorWrapper) -> list[str]:
    """Drop what is checked or kept row by row; the statements that bring it back."""
    cursor.execute("""
        SELECT format('ALTER TABLE posts_post DROP CONSTRAINT %I', conname),
               format('ALTER TABLE posts_post ADD CONSTRAINT %I %s NOT VALID', conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = 'posts_post'::regclass AND contype = 'f'
        UNION ALL
        SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes
        WHERE tablename = 'posts_post' AND indexdef NOT LIKE '%UNIQUE%'""")
    found = cursor.fetchall()
    for drop, _again in found:
        cursor.execute(drop)
    return [again for _drop, again in found]


def _people(count: int, reader: int, names: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_profile (id, kind, handle, domain, skeleton, display_name, bio, bio_html, fields,
                avatar_key, avatar_animated, avatar_alt, header_key, header_alt, languages, locked, discoverable,
                indexable, hide_network, preferences, made_at, example, search)
            SELECT n, 'person', 'author_' || n, '', 'author_' || n, w.words[1 + n %% cardinality(w.words)],
                '', '', '[]', '', false, '', '', '', '[]', false, true, n %% 10 <> 0, false, '{}', now(), false,
                setweight(to_tsvector('simple', 'author ' || w.words[1 + n %% cardinality(w.words)]), 'A')
            FROM generate_series(1, %(people)s) n, (SELECT %(words)s::text[] AS words) w""",
            {"people": count, "words": names},
        )
        cursor.execute(
            """INSERT INTO people_profilecount (profile_id, followers, following, posts)
               SELECT n, n * 37 %% 5000, 0, 50 FROM generate_series(1, %(people)s) n""",
            {"people": count},
        )
        cursor.execute(
            """INSERT INTO people_follow (id, follower_id, followed_id, show_boosts, notify, made_at)
               SELECT 1000000 + n, %(reader)s, n * 3, true, false, now() FROM generate_series(1, 300) n""",
            {"reader": reader},
        )


def _tags() -> None:
    with connection.cursor() as cursor:
        cursor.execute("""INSERT INTO posts_tag (id, name, shown, usable, made_at)
            SELECT k, 'tag' || k, 'tag' || k, true, now() FROM generate_series(1, 1000) k""")
        cursor.execute("""INSERT INTO posts_posttag (id, post_id, tag_id)
            SELECT row_number() OVER (), p.id, ceil(power(1000, random()))
            FROM posts_post p WHERE abs(hashtext(p.text)) % 3 = 0""")


def _frequencies(seen: Counter[str], count: int, library: Library) -> None:
    """Sort words into kinds by how many posts of a thousand say them (the sample is a tenth of all)."""
    kinds = {"frequent": (20, 1000), "middling": (3, 20), "less": (0.3, 3), "rare": (0, 0.03)}
    planted = {"qdawn", "qdusk", "qfestival", "qwhisper", "qmint"}
    for kind, (least, most) in kinds.items():
        at_most = max(most * count / 10_000, 1)
        fitting = [word for word, times in seen.items() if least * count / 10_000 < times <= at_most]
        fitting = [word for word in fitting if word not in planted and word.isalpha() and len(word) > 2]
        library.words[kind] = random.Random(3).sample(sorted(fitting), min(60, len(fitting)))
