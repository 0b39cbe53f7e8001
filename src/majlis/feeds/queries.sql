-- name: wishes
-- What a member reads besides people, and what she does not want to read: ids of hashtags, and her filters in
-- force with their words and posts (JSON). One row.
SELECT (SELECT array_agg(t.tag_id) FROM posts_tagfollow t WHERE t.follower_id = %(viewer)s),
       (SELECT jsonb_agg(jsonb_build_object(
                'id', f.id, 'title', f.title, 'action', f.action, 'contexts', f.contexts,
                'expires_at', f.expires_at,
                'keywords', coalesce((SELECT jsonb_agg(jsonb_build_array(k.id, k.keyword, k.whole_word) ORDER BY k.id)
                                      FROM feeds_filterkeyword k WHERE k.filter_id = f.id), '[]'),
                'post_ids', coalesce((SELECT jsonb_agg(x.post_id ORDER BY x.id)
                                      FROM feeds_filterpost x WHERE x.filter_id = f.id), '[]')) ORDER BY f.id)
          FROM feeds_filter f
         WHERE f.owner_id = %(viewer)s AND (f.expires_at IS NULL OR f.expires_at > %(at)s))::text;

-- name: ring_authors
-- The newest 33 posts of every author: 32 for the ring, one to tell whether there are more.
SELECT x.author_id, array_agg(x.id ORDER BY x.id DESC) FROM (
    SELECT p.author_id, p.id, row_number() OVER (PARTITION BY p.author_id ORDER BY p.id DESC) AS place
    FROM posts_post p
    WHERE p.deleted_at IS NULL AND p.withdrawn_at IS NULL AND p.imported_from = '' AND p.audience <> 'mentioned'
) x WHERE x.place <= 33 GROUP BY x.author_id;

-- name: ring_tags
-- The newest 33 public posts of every hashtag that somebody follows.
SELECT t.id, (
    SELECT array_agg(p.id ORDER BY p.id DESC) FROM (
        SELECT p.id FROM posts_posttag g JOIN posts_post p ON p.id = g.post_id
        WHERE g.tag_id = t.id AND p.deleted_at IS NULL AND p.withdrawn_at IS NULL AND p.imported_from = ''
          AND p.audience = 'public'
        ORDER BY g.post_id DESC LIMIT 33
    ) p
) FROM (SELECT DISTINCT f.tag_id AS id FROM posts_tagfollow f) t;

-- name: ring_tag
-- The newest 33 public posts of one hashtag.
SELECT p.id FROM posts_posttag g JOIN posts_post p ON p.id = g.post_id
WHERE g.tag_id = %(tag)s AND p.deleted_at IS NULL AND p.withdrawn_at IS NULL AND p.imported_from = ''
  AND p.audience = 'public'
ORDER BY g.post_id DESC LIMIT 33;

-- name: ring_facts
-- What rings must know of one post again: its author, whether it belongs in rings, its hashtags.
SELECT p.author_id,
       p.deleted_at IS NULL AND p.withdrawn_at IS NULL AND p.imported_from = '' AND p.audience <> 'mentioned',
       p.audience = 'public',
       (SELECT array_agg(g.tag_id) FROM posts_posttag g WHERE g.post_id = p.id)
FROM posts_post p WHERE p.id = %(post)s;

-- name: merged
-- The newest (or, upward, the oldest) posts of many authors and hashtags between two ids: what rings give,
-- from the tables. The way for deep pages, and the oracle of the rings.
SELECT id FROM (
    SELECT p.id FROM unnest(%(authors)s::bigint[]) AS s(id) CROSS JOIN LATERAL (
        SELECT p.id FROM posts_post p
        WHERE p.author_id = s.id AND p.deleted_at IS NULL AND p.withdrawn_at IS NULL AND p.imported_from = ''
          AND p.audience <> 'mentioned' AND p.id < %(below)s AND p.id > %(above)s
        ORDER BY p.id {{order}} LIMIT %(limit)s
    ) p
    UNION
    SELECT p.id FROM unnest(%(tags)s::bigint[]) AS s(id) CROSS JOIN LATERAL (
        SELECT p.id FROM posts_posttag g JOIN posts_post p ON p.id = g.post_id
        WHERE g.tag_id = s.id AND p.deleted_at IS NULL AND p.withdrawn_at IS NULL AND p.imported_from = ''
          AND p.audience = 'public' AND g.post_id < %(below)s AND g.post_id > %(above)s
        ORDER BY g.post_id {{order}} LIMIT %(limit)s
    ) p
) x ORDER BY id {{order}} LIMIT %(limit)s;

-- name: public
-- Public posts of this server that start a conversation.
SELECT p.id FROM posts_post p
WHERE p.audience = 'public' AND p.boost_of_id IS NULL AND p.deleted_at IS NULL AND p.imported_from = ''
  AND (p.reply_to_id IS NULL OR p.reply_to_author_id = p.author_id)
  AND (NOT %(only_media)s OR EXISTS (SELECT 1 FROM media_photo m WHERE m.post_id = p.id))
  AND p.id < %(below)s AND p.id > %(above)s AND {{visible(p)}}
ORDER BY p.id {{order}} LIMIT %(limit)s;

-- name: tagged
-- Public posts with all of some hashtags, any of some, none of some.
SELECT p.id FROM posts_post p
WHERE p.id IN (SELECT g.post_id FROM posts_posttag g JOIN posts_tag t ON t.id = g.tag_id
               WHERE t.name = ANY(%(any)s) AND g.post_id < %(below)s AND g.post_id > %(above)s
               ORDER BY g.post_id {{order}} LIMIT 2000)
  AND NOT EXISTS (SELECT 1 FROM unnest(%(all)s::text[]) AS w(name) WHERE NOT EXISTS (
        SELECT 1 FROM posts_posttag g JOIN posts_tag t ON t.id = g.tag_id WHERE g.post_id = p.id AND t.name = w.name))
  AND NOT EXISTS (SELECT 1 FROM posts_posttag g JOIN posts_tag t ON t.id = g.tag_id
        WHERE g.post_id = p.id AND t.name = ANY(%(none)s))
  AND p.audience = 'public'
  AND (NOT %(only_media)s OR EXISTS (SELECT 1 FROM media_photo m WHERE m.post_id = p.id))
  AND {{visible(p)}}
ORDER BY p.id {{order}} LIMIT %(limit)s;

-- name: profile
-- The posts of one profile that the viewer may see.
SELECT p.id FROM posts_post p
WHERE p.author_id = %(author)s AND p.id < %(below)s AND p.id > %(above)s AND p.deleted_at IS NULL
  AND (NOT %(without_boosts)s OR p.boost_of_id IS NULL)
  AND (NOT %(without_replies)s OR p.reply_to_author_id IS NULL OR p.reply_to_author_id = p.author_id)
  AND (NOT %(only_media)s OR EXISTS (SELECT 1 FROM media_photo m WHERE m.post_id = p.id))
  AND (NOT %(only_articles)s OR p.kind = 'article')
  AND (%(tag)s = '' OR EXISTS (SELECT 1 FROM posts_posttag g JOIN posts_tag t ON t.id = g.tag_id
                               WHERE g.post_id = p.id AND t.name = %(tag)s))
  AND {{visible(p)}}
ORDER BY p.id {{order}} LIMIT %(limit)s;

-- name: bookmarks
-- What a member kept: (cursor, post).
SELECT k.id, p.id FROM posts_bookmark k JOIN posts_post p ON p.id = k.post_id
WHERE k.profile_id = %(viewer)s AND k.id < %(below)s AND k.id > %(above)s AND {{visible(p)}}
ORDER BY k.id {{order}} LIMIT %(limit)s;

-- name: favourites
-- What a member reacted to: (cursor, post).
SELECT r.id, p.id FROM posts_reaction r JOIN posts_post p ON p.id = r.post_id
WHERE r.profile_id = %(viewer)s AND r.id < %(below)s AND r.id > %(above)s AND {{visible(p)}}
ORDER BY r.id {{order}} LIMIT %(limit)s;

-- name: direct
-- Posts to the mentioned alone that a member wrote or is mentioned in.
SELECT p.id FROM posts_post p
WHERE p.audience = 'mentioned' AND p.id < %(below)s AND p.id > %(above)s AND p.id IN (
    SELECT w.id FROM posts_post w WHERE w.author_id = %(viewer)s AND w.audience = 'mentioned' AND w.deleted_at IS NULL
    UNION ALL
    SELECT m.post_id FROM posts_mention m WHERE m.profile_id = %(viewer)s
) AND {{visible(p)}}
ORDER BY p.id {{order}} LIMIT %(limit)s;

-- name: conversations
-- Conversations a member takes part in by posts to the mentioned alone: (last post, thread, read to). What
-- she put away comes back with the next post; somebody she blocks does not bring it back.
SELECT x.last_id, x.thread_id, coalesce(k.read_to, 0) FROM (
    SELECT max(p.id) AS last_id, p.thread_id FROM posts_post p
    WHERE p.audience = 'mentioned' AND p.id IN (
        SELECT w.id FROM posts_post w
        WHERE w.author_id = %(viewer)s AND w.audience = 'mentioned' AND w.deleted_at IS NULL
        UNION ALL
        SELECT m.post_id FROM posts_mention m WHERE m.profile_id = %(viewer)s
    )
    AND (%(thread)s::bigint IS NULL OR p.thread_id = %(thread)s)
    AND NOT EXISTS (SELECT 1 FROM people_block b WHERE b.blocker_id = %(viewer)s AND b.blocked_id = p.author_id)
    AND {{visible(p)}}
    GROUP BY p.thread_id
) x
LEFT JOIN feeds_conversationmark k ON k.profile_id = %(viewer)s AND k.thread_id = x.thread_id
WHERE x.last_id < %(below)s AND x.last_id > %(above)s AND x.last_id > coalesce(k.hidden_to, 0)
ORDER BY x.last_id {{order}} LIMIT %(limit)s;

-- name: mark_conversation
-- How far a member has read in a conversation, and up to where she put it away, as far as given.
INSERT INTO feeds_conversationmark (id, profile_id, thread_id, read_to, hidden_to)
VALUES (%(id)s, %(viewer)s, %(thread)s, coalesce(%(read)s, 0), coalesce(%(hidden)s, 0))
ON CONFLICT (profile_id, thread_id) DO UPDATE
SET read_to = coalesce(%(read)s, feeds_conversationmark.read_to),
    hidden_to = coalesce(%(hidden)s, feeds_conversationmark.hidden_to);

-- name: markers
-- How far a member has read.
SELECT m.timeline, m.last_read_id, m.version, m.updated_at FROM feeds_marker m
WHERE m.profile_id = %(viewer)s AND m.timeline = ANY(%(timelines)s);

-- name: set_marker
-- She has read to here. Never moves backwards by a slower device.
INSERT INTO feeds_marker (id, profile_id, timeline, last_read_id, version, updated_at)
VALUES (%(id)s, %(viewer)s, %(timeline)s, %(last)s, 0, %(at)s)
ON CONFLICT (profile_id, timeline) DO UPDATE
SET last_read_id = excluded.last_read_id, version = feeds_marker.version + 1, updated_at = excluded.updated_at
RETURNING timeline, last_read_id, version, updated_at;

-- name: house_rules
-- The rules for the order of home feeds there were, newest first, and who set each.
SELECT r.recipe, r.choice, r.made_at, u.email FROM feeds_houserule r LEFT JOIN accounts_user u ON u.id = r.made_by_id
ORDER BY r.id DESC LIMIT %(limit)s;

-- name: set_house_rule
-- Another rule, in force from now on.
INSERT INTO feeds_houserule (id, recipe, choice, made_by_id, made_at)
VALUES (%(id)s, %(recipe)s, %(choice)s, %(by)s, %(at)s);

-- name: closeness
-- What a reader did herself towards each of some authors lately, and whether they follow her.
SELECT a.id,
       EXISTS (SELECT 1 FROM people_follow f WHERE f.follower_id = a.id AND f.followed_id = %(viewer)s),
       coalesce(r.count, 0)::int, coalesce(w.count, 0)::int
FROM unnest(%(authors)s::bigint[]) AS a(id)
LEFT JOIN (
    SELECT p.author_id, count(*) FROM posts_reaction r JOIN posts_post p ON p.id = r.post_id
    WHERE r.profile_id = %(viewer)s AND r.id > %(since)s AND p.author_id = ANY(%(authors)s) GROUP BY 1
) r ON r.author_id = a.id
LEFT JOIN (
    SELECT p.reply_to_author_id AS author_id, count(*) FROM posts_post p
    WHERE p.author_id = %(viewer)s AND p.id > %(since)s AND p.deleted_at IS NULL
      AND p.reply_to_author_id = ANY(%(authors)s) GROUP BY 1
) w ON w.author_id = a.id;
