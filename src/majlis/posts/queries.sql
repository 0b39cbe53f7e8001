-- name: hydrate
-- Everything about posts that does not depend on who is looking, one row a post.
SELECT p.id, p.author_id, p.kind, p.audience, p.circle_id, p.title, p.text, p.html, p.warning, p.sensitive,
       p.language, p.reply_to_id, p.reply_to_author_id, p.thread_id, p.boost_of_id, p.quote_of_id, p.quote_state,
       p.may_reply, p.may_quote, p.cover_id, p.imported_from, p.made_at, p.edited_at,
       a.name AS application_name, a.website AS application_website,
       n.replies, n.boosts, n.quotes, n."like", n.love, n.laugh, n.wow, n.sad, n.angry,
       (SELECT jsonb_agg(jsonb_build_object(
                'id', m.id, 'key', m.key, 'alt', m.alt, 'focus_x', m.focus_x, 'focus_y', m.focus_y,
                'blurhash', m.blurhash, 'colour', m.colour, 'animated', m.animated, 'variants', m.variants)
               ORDER BY m.position, m.id)
          FROM media_photo m WHERE m.post_id = p.id)::text AS photos,
       (SELECT jsonb_build_object(
                'id', q.id, 'options', q.options, 'votes', q.votes, 'voters', q.voters, 'multiple', q.multiple,
                'hide_totals', q.hide_totals, 'ends_at', q.ends_at, 'closed_at', q.closed_at)
          FROM posts_poll q WHERE q.post_id = p.id)::text AS poll,
       (SELECT jsonb_agg(jsonb_build_object('id', w.id, 'handle', w.handle, 'domain', w.domain) ORDER BY x.id)
          FROM posts_mention x JOIN people_profile w ON w.id = x.profile_id WHERE x.post_id = p.id)::text AS mentions,
       (SELECT jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'shown', t.shown) ORDER BY g.id)
          FROM posts_posttag g JOIN posts_tag t ON t.id = g.tag_id WHERE g.post_id = p.id)::text AS tags,
       (SELECT jsonb_build_object(
                'url', c.url, 'title', c.title, 'description', c.description, 'site', c.site,
                'author_name', c.author_name, 'image_key', c.image_key, 'image_width', c.image_width,
                'image_height', c.image_height, 'blurhash', c.blurhash, 'language', c.language)
          FROM posts_postcard k JOIN posts_linkcard c ON c.id = k.card_id
         WHERE k.post_id = p.id AND c.fetched_at IS NOT NULL AND c.title <> '')::text AS card
FROM posts_post p
LEFT JOIN posts_postcount n ON n.post_id = p.id
LEFT JOIN accounts_application a ON a.id = p.application_id
WHERE p.id = ANY(%(ids)s) AND p.deleted_at IS NULL AND p.withdrawn_at IS NULL;

-- name: marks
-- What one member has done with posts: her reaction, boost, bookmark, pin, muted conversation, votes.
SELECT p.id,
       (SELECT r.kind FROM posts_reaction r WHERE r.post_id = p.id AND r.profile_id = %(viewer)s),
       EXISTS (SELECT 1 FROM posts_post b WHERE b.author_id = %(viewer)s AND b.boost_of_id = p.id AND b.deleted_at IS NULL),
       EXISTS (SELECT 1 FROM posts_bookmark k WHERE k.profile_id = %(viewer)s AND k.post_id = p.id),
       EXISTS (SELECT 1 FROM posts_pin n WHERE n.profile_id = %(viewer)s AND n.post_id = p.id),
       EXISTS (SELECT 1 FROM posts_threadmute t WHERE t.profile_id = %(viewer)s AND t.thread_id = p.thread_id),
       (SELECT array_agg(v.choice ORDER BY v.choice) FROM posts_pollvote v
          JOIN posts_poll q ON q.id = v.poll_id WHERE q.post_id = p.id AND v.profile_id = %(viewer)s)
FROM posts_post p WHERE p.id = ANY(%(ids)s);

-- name: ancestors
-- The posts a post answers, up to the first, nearest first; only what the viewer may see, and no further.
WITH RECURSIVE up AS (
    SELECT p.id, p.reply_to_id, 0 AS depth FROM posts_post p WHERE p.id = %(post)s
    UNION ALL
    SELECT p.id, p.reply_to_id, up.depth + 1
    FROM up JOIN posts_post p ON p.id = up.reply_to_id
    WHERE up.depth < %(most)s AND {{visible(p)}}
)
SELECT up.id FROM up WHERE up.depth > 0 ORDER BY up.depth DESC;

-- name: descendants
-- The answers below a post that the viewer may see, depth first in order of time; what hangs below
-- something she may not see is not shown either.
WITH RECURSIVE down AS (
    SELECT p.id, ARRAY[p.id] AS path, 0 AS depth FROM posts_post p WHERE p.id = %(post)s
    UNION ALL
    SELECT p.id, down.path || p.id, down.depth + 1
    FROM down JOIN posts_post p ON p.reply_to_id = down.id
    WHERE down.depth < %(deepest)s AND {{visible(p)}}
)
SELECT down.id FROM down WHERE down.depth > 0 ORDER BY down.path LIMIT %(most)s;

-- name: revisions
-- What a post said before, oldest first.
SELECT r.title, r.html, r.text, r.warning, r.sensitive, r.media::text, r.poll_options::text, r.made_at
FROM posts_revision r WHERE r.post_id = %(post)s ORDER BY r.id;

-- name: reacted_by
-- Who reacted to a post, newest first.
SELECT r.id, r.profile_id, r.kind FROM posts_reaction r
JOIN people_profile w ON w.id = r.profile_id AND w.withdrawn_at IS NULL
WHERE r.post_id = %(post)s AND r.id < %(below)s AND r.id > %(above)s
  AND NOT EXISTS (SELECT 1 FROM people_block b WHERE (b.blocker_id = r.profile_id AND b.blocked_id = %(viewer)s)
                  OR (b.blocker_id = %(viewer)s AND b.blocked_id = r.profile_id))
ORDER BY r.id {{order}} LIMIT %(limit)s;

-- name: boosted_by
-- Who boosted a post, among the boosts the viewer may see, newest first.
SELECT p.id, p.author_id FROM posts_post p
WHERE p.boost_of_id = %(post)s AND p.id < %(below)s AND p.id > %(above)s AND {{visible(p)}}
ORDER BY p.id {{order}} LIMIT %(limit)s;

-- name: quotes_of
-- The posts that quote a post, newest first.
SELECT p.id FROM posts_post p
WHERE p.quote_of_id = %(post)s AND p.quote_state = 'accepted'
  AND p.id < %(below)s AND p.id > %(above)s AND {{visible(p)}}
ORDER BY p.id {{order}} LIMIT %(limit)s;

-- name: pinned
-- The posts on top of a profile, last pinned first.
SELECT p.id FROM posts_pin n JOIN posts_post p ON p.id = n.post_id
WHERE n.profile_id = %(author)s AND {{visible(p)}} ORDER BY n.id DESC;

-- name: scheduled
-- What waits for its hour, last written first.
SELECT d.id, d.params::text, d.due_at, d.failure, d.made_at FROM posts_draft d
WHERE d.author_id = %(by)s AND d.due_at IS NOT NULL AND d.id < %(below)s AND d.id > %(above)s
ORDER BY d.id {{order}} LIMIT %(limit)s;

-- name: drafts
-- Drafts, newest first.
SELECT d.id, d.params::text, d.due_at, d.failure, d.made_at FROM posts_draft d
WHERE d.author_id = %(by)s AND d.due_at IS NULL ORDER BY d.id DESC LIMIT %(limit)s;

-- name: draft
-- One draft or scheduled post of a member.
SELECT d.id, d.params::text, d.due_at, d.failure, d.made_at FROM posts_draft d
WHERE d.author_id = %(by)s AND d.id = %(id)s;

-- name: tag
-- A hashtag and whether the viewer follows it.
SELECT t.id, t.name, t.shown,
       EXISTS (SELECT 1 FROM posts_tagfollow f WHERE f.tag_id = t.id AND f.follower_id = %(viewer)s),
       EXISTS (SELECT 1 FROM posts_tagfeature f WHERE f.tag_id = t.id AND f.profile_id = %(viewer)s)
FROM posts_tag t WHERE t.name = %(name)s;

-- name: tag_history
-- Public posts and people per day with a hashtag, the last seven days.
SELECT g.tag_id, (p.made_at AT TIME ZONE 'UTC')::date AS day, count(*), count(DISTINCT p.author_id)
FROM posts_posttag g JOIN posts_post p ON p.id = g.post_id
WHERE g.tag_id = ANY(%(tags)s) AND g.post_id >= %(since)s AND p.audience = 'public' AND p.deleted_at IS NULL
  AND p.withdrawn_at IS NULL AND p.imported_from = ''
GROUP BY 1, 2;

-- name: followed_tags
-- Hashtags a member follows, last followed first.
SELECT f.id, t.id, t.name, t.shown FROM posts_tagfollow f JOIN posts_tag t ON t.id = f.tag_id
WHERE f.follower_id = %(viewer)s AND f.id < %(below)s AND f.id > %(above)s
ORDER BY f.id {{order}} LIMIT %(limit)s;

-- name: used_tags
-- Hashtags in a profile's public posts, most used first, without those on the profile.
SELECT t.id, t.name, t.shown FROM posts_posttag g
JOIN posts_post p ON p.id = g.post_id AND p.author_id = %(profile)s AND p.audience IN ('public', 'unlisted')
     AND p.deleted_at IS NULL AND p.withdrawn_at IS NULL
JOIN posts_tag t ON t.id = g.tag_id
WHERE NOT EXISTS (SELECT 1 FROM posts_tagfeature x WHERE x.profile_id = %(profile)s AND x.tag_id = t.id)
GROUP BY t.id, t.name, t.shown ORDER BY count(*) DESC, max(p.id) DESC LIMIT %(limit)s;

-- name: featured_tags
-- Hashtags on a profile, with how often and when last the profile's public posts used them.
SELECT f.id, t.name, t.shown, count(p.id), max(p.made_at) FROM posts_tagfeature f
JOIN posts_tag t ON t.id = f.tag_id
LEFT JOIN posts_posttag g ON g.tag_id = t.id
LEFT JOIN posts_post p ON p.id = g.post_id AND p.author_id = f.profile_id AND p.audience IN ('public', 'unlisted')
     AND p.deleted_at IS NULL AND p.withdrawn_at IS NULL
WHERE f.profile_id = %(profile)s GROUP BY f.id, t.name, t.shown ORDER BY f.id;

-- name: due_polls
-- Polls whose time is over and whose end was not told yet.
SELECT q.id FROM posts_poll q JOIN posts_post p ON p.id = q.post_id
WHERE q.closed_at IS NULL AND q.ends_at <= %(at)s AND p.deleted_at IS NULL ORDER BY q.ends_at LIMIT %(limit)s;

-- name: deleted
-- Deleted posts whose content is still there although the time for undoing is over.
SELECT p.id FROM posts_post p
WHERE p.deleted_at <= %(before)s AND (p.html <> '' OR p.search IS NOT NULL OR p.text <> '') LIMIT %(limit)s;

-- name: indexable
-- Public posts that anybody may find through a search engine: (id, handle, last change), the oldest first.
SELECT p.id, w.handle, coalesce(p.edited_at, p.made_at) FROM posts_post p
JOIN people_profile w ON w.id = p.author_id AND w.indexable AND w.domain = '' AND w.limited_at IS NULL
WHERE p.audience = 'public' AND p.boost_of_id IS NULL AND {{visible(p)}}
ORDER BY p.id OFFSET %(start)s LIMIT %(limit)s;

-- name: indexable_count
-- How many there are.
SELECT count(*) FROM posts_post p
JOIN people_profile w ON w.id = p.author_id AND w.indexable AND w.domain = '' AND w.limited_at IS NULL
WHERE p.audience = 'public' AND p.boost_of_id IS NULL AND {{visible(p)}};
