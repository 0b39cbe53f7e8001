"""The queries of discovery, with the rules about whom and what a search may find."""

from __future__ import annotations

from typing import Final

from majlis.core import sql
from majlis.posts.slices import keys_sql
from majlis.posts.visibility import SEES

# What the searcher chose, and what is never a hit: boosts and what is gone.
_WANTED: Final = """(§.deleted_at IS NULL AND §.boost_of_id IS NULL
    AND (%(language)s::text = '' OR §.language = %(language)s::text)
    AND (NOT %(only_media)s::boolean OR EXISTS (SELECT 1 FROM media_photo m WHERE m.post_id = §.id))
    AND (NOT %(only_polls)s::boolean OR EXISTS (SELECT 1 FROM posts_poll q WHERE q.post_id = §.id))
    AND (NOT %(only_links)s::boolean OR EXISTS (SELECT 1 FROM posts_postcard k WHERE k.post_id = §.id))
    AND (NOT %(only_replies)s::boolean OR §.reply_to_author_id IS NOT NULL)
    AND (%(author)s::bigint IS NULL OR §.author_id = %(author)s::bigint)
    AND (cardinality(%(tags)s::text[]) = 0 OR cardinality(%(tags)s::text[]) = (
        SELECT count(*) FROM posts_posttag g WHERE g.post_id = §.id AND g.tag_id = ANY(ARRAY(
            SELECT t.id FROM posts_tag t WHERE t.name = ANY(%(tags)s::text[]))))))"""
_MATCHING: Final = "(%(words)s::text = '' OR §.search @@ websearch_to_tsquery('simple', %(words)s::text))"
# A member's own posts and those she has to do with are always hers to find. Others' unlisted posts are
# not, and of the rest only those whose author wants to be found and is not limited.
_FINDABLE: Final = """(§.author_id = %(viewer)s
    OR EXISTS (SELECT 1 FROM posts_mention x WHERE x.post_id = §.id AND x.profile_id = %(viewer)s)
    OR EXISTS (SELECT 1 FROM posts_bookmark x WHERE x.profile_id = %(viewer)s AND x.post_id = §.id)
    OR EXISTS (SELECT 1 FROM posts_reaction x WHERE x.post_id = §.id AND x.profile_id = %(viewer)s)
    OR (§.audience <> 'unlisted' AND EXISTS (
        SELECT 1 FROM people_profile w WHERE w.id = §.author_id AND w.indexable AND (
            w.limited_at IS NULL OR EXISTS (
                SELECT 1 FROM people_follow x WHERE x.follower_id = %(viewer)s AND x.followed_id = w.id)))))"""
_NOT_BLOCKED: Final = """(NOT EXISTS (
        SELECT 1 FROM people_block x WHERE x.blocker_id = %(viewer)s AND x.blocked_id = §.author_id)
    AND NOT EXISTS (
        SELECT 1 FROM people_domainblock x JOIN people_profile w ON w.domain = x.domain
        WHERE x.blocker_id = %(viewer)s AND w.id = §.author_id AND w.domain <> ''))"""
_NOT_MUTED: Final = """NOT EXISTS (
        SELECT 1 FROM people_mute x WHERE x.muter_id = %(viewer)s AND x.muted_id = §.author_id
          AND (x.expires_at IS NULL OR x.expires_at > %(at)s))"""
_READABLE: Final = f"({_NOT_BLOCKED} AND {_NOT_MUTED})"
_DISCOVERABLE: Final = """EXISTS (SELECT 1 FROM people_profile w WHERE w.id = §.author_id AND w.discoverable
    AND w.limited_at IS NULL AND w.withdrawn_at IS NULL)"""
# what everybody may see, of people who want to be discovered: all that trends are made of
_COMMON: Final = f"""(§.audience = 'public' AND §.boost_of_id IS NULL AND §.deleted_at IS NULL
    AND §.withdrawn_at IS NULL AND §.imported_from = '' AND {_DISCOVERABLE})"""
_ALLOWED_LINK: Final = r"""NOT EXISTS (SELECT 1 FROM discovery_trendrefusal n
    WHERE (n.kind = 'link' AND n.subject = §.url)
       OR (n.kind = 'host' AND n.subject = lower(substring(§.url FROM '^https?://([^/?#:]+)'))))"""
# Relevance, halved when a post is a month old and again with every doubling of its age.
_RELEVANCE: Final = """((0.05 + CASE WHEN %(words)s::text = '' THEN 0
        ELSE ts_rank(§.search, websearch_to_tsquery('simple', %(words)s::text), 1) END)
    / (1 + greatest((%(now)s::bigint - §.id) >> 16, 0) / 2592000000.0))"""
# A profile's name, handle or bio has all the words, or words that begin so.
_NAMED: Final = "§.search @@ to_tsquery('simple', %(names)s)"

SQL: Final = sql.load(
    "majlis.discovery",
    visible=SEES,
    wanted=_WANTED,
    matching=_MATCHING,
    findable=_FINDABLE,
    not_blocked=_NOT_BLOCKED,
    not_muted=_NOT_MUTED,
    readable=_READABLE,
    discoverable=_DISCOVERABLE,
    common=_COMMON,
    allowed_link=_ALLOWED_LINK,
    relevance=_RELEVANCE,
    slices=keys_sql("§.id"),
    named=_NAMED,
)
