-- name: posts_by_slice
-- Posts with the words, slice of time by slice of time from the newest back, until there are enough: per slice
-- how many were read and the ids of those that fit, newest first. A slice read to its limit holds more than
-- that and has to be cut finer; the walk ends there. ``every`` word is looked for in the index; where the
-- search asks for more (an order, a word left out) it is ``strict`` and each post is looked at.
-- id + 0: without knowing the words the planner would rather read all posts by their ids.
WITH RECURSIVE walk AS (
    SELECT 0 AS place, 0::bigint AS reached, 0::bigint AS fitting, false AS cut, '{}'::bigint[] AS ids
    UNION ALL
    SELECT w.place + 1, h.reached, w.fitting + cardinality(h.ids), h.reached >= coalesce(h.limited, 9e9), h.ids
    FROM walk w CROSS JOIN LATERAL (
        SELECT count(*) AS reached, min(x.limited) AS limited,
               coalesce(array_agg(x.id ORDER BY x.id DESC) FILTER (
                   WHERE (NOT %(strict)s::boolean OR {{matching(x)}}) AND {{wanted(x)}}), '{}') AS ids
        FROM (
            SELECT p.*, nullif((%(limits)s::int[])[w.place + 1], 0) AS limited FROM posts_post p
            WHERE p.search @@ websearch_to_tsquery('simple', %(every)s::text)
              AND {{slices(p)}} && (%(slices)s::text[])[w.place + 1]::int[]
              AND p.id + 0 < %(below)s AND p.id + 0 > %(above)s
            LIMIT nullif((%(limits)s::int[])[w.place + 1], 0)
        ) x
    ) h
    WHERE NOT w.cut AND w.fitting < %(enough)s AND w.place < cardinality(%(slices)s::text[])
)
SELECT w.reached, w.cut, w.ids FROM walk w WHERE w.place > 0 ORDER BY w.place;

-- name: posts_of_author
-- The newest posts of one author: how many were read, the oldest of them, and those that fit.
SELECT count(*), min(x.id), coalesce(array_agg(x.id ORDER BY x.id DESC) FILTER (WHERE {{matching(x)}} AND {{wanted(x)}}), '{}')
FROM (
    SELECT p.* FROM posts_post p
    WHERE p.author_id = %(author)s::bigint AND p.deleted_at IS NULL AND p.id < %(below)s AND p.id > %(above)s
    ORDER BY p.id DESC LIMIT %(window)s
) x;

-- name: posts_with_tag
-- The same of one hashtag.
SELECT count(*), min(x.id), coalesce(array_agg(x.id ORDER BY x.id DESC) FILTER (WHERE {{matching(x)}} AND {{wanted(x)}}), '{}')
FROM (
    SELECT g.post_id FROM posts_posttag g JOIN posts_tag t ON t.id = g.tag_id
    WHERE t.name = %(tag)s::text AND g.post_id < %(below)s AND g.post_id > %(above)s
    ORDER BY g.post_id DESC LIMIT %(window)s
) g JOIN posts_post x ON x.id = g.post_id;

-- name: findable_posts
-- Of these posts the newest that the viewer may see and find, with their relevance. Whom she asked for by
-- name she finds though she mutes her.
SELECT p.id, {{relevance(p)}} FROM posts_post p
WHERE p.id = ANY(%(ids)s) AND {{findable(p)}} AND {{not_blocked(p)}}
  AND (%(author)s::bigint IS NOT NULL OR {{not_muted(p)}}) AND {{visible(p)}}
ORDER BY p.id DESC LIMIT %(most)s;

-- name: people
-- People by handle, name and bio: whom the name names exactly, then those the viewer follows, then names
-- before bios, friends of friends, and the well-followed. Candidates are bounded: a frequent word reads the
-- 500 most followed and any 500 others.
WITH candidates AS (
    (SELECT p.id FROM people_profile p
     WHERE upper(p.handle) = upper(%(handle)s) AND (%(domain)s::text = '' OR upper(p.domain) = upper(%(domain)s)))
    UNION
    -- OFFSET 0: each is looked up by its id; the planner would rather read all profiles
    (SELECT p.id FROM (
        SELECT f.followed_id FROM people_follow f WHERE f.follower_id = %(viewer)s ORDER BY f.id DESC LIMIT 2000
     ) f CROSS JOIN LATERAL (SELECT x.* FROM people_profile x WHERE x.id = f.followed_id OFFSET 0) p
     WHERE {{named(p)}})
    UNION
    (SELECT p.id FROM (
        SELECT c.profile_id FROM people_profilecount c
        WHERE NOT %(following_only)s::boolean ORDER BY c.followers DESC LIMIT 500
     ) c CROSS JOIN LATERAL (SELECT x.* FROM people_profile x WHERE x.id = c.profile_id OFFSET 0) p
     WHERE {{named(p)}})
    UNION
    (SELECT p.id FROM people_profile p WHERE NOT %(following_only)s::boolean AND {{named(p)}} LIMIT 500)
), judged AS (
    SELECT p.id, p.search, c.followers,
           upper(p.handle) = upper(%(handle)s) AND (%(domain)s::text = '' OR upper(p.domain) = upper(%(domain)s)) AS exact,
           f.id IS NOT NULL AS followed, p.id = %(viewer)s AS herself
    FROM (SELECT DISTINCT k.id FROM candidates k) k
    JOIN people_profile p ON p.id = k.id
    LEFT JOIN people_profilecount c ON c.profile_id = p.id
    LEFT JOIN people_follow f ON f.follower_id = %(viewer)s AND f.followed_id = p.id
    WHERE p.withdrawn_at IS NULL AND p.moved_to_id IS NULL
      AND (NOT %(following_only)s::boolean OR f.id IS NOT NULL)
      AND (f.id IS NOT NULL OR p.id = %(viewer)s
           OR (p.discoverable AND p.limited_at IS NULL)
           OR (upper(p.handle) = upper(%(handle)s) AND p.limited_at IS NULL))
      AND NOT EXISTS (SELECT FROM people_block x WHERE x.blocker_id = %(viewer)s AND x.blocked_id = p.id)
      AND NOT EXISTS (SELECT FROM people_block x WHERE x.blocker_id = p.id AND x.blocked_id = %(viewer)s)
      AND NOT EXISTS (SELECT FROM people_domainblock x
                      WHERE x.blocker_id = %(viewer)s AND p.domain <> '' AND x.domain = p.domain)
      AND NOT EXISTS (SELECT FROM people_mute x WHERE x.muter_id = %(viewer)s AND x.muted_id = p.id
                      AND upper(p.handle) <> upper(%(handle)s) AND (x.expires_at IS NULL OR x.expires_at > %(at)s))
)
SELECT j.id FROM (
    SELECT k.*, coalesce(ts_rank('{0, 0, 0, 1}', k.search, to_tsquery('simple', %(names)s)), 0) > 0 AS by_name
    FROM judged k
    ORDER BY k.exact DESC, k.herself DESC NULLS LAST, k.followed DESC, by_name DESC, k.followers DESC NULLS LAST
    LIMIT %(limit)s::int + %(offset)s::int + 100
) j
LEFT JOIN LATERAL (
    SELECT count(*) AS through FROM people_follow theirs
    JOIN people_follow mine ON mine.follower_id = %(viewer)s AND mine.followed_id = theirs.follower_id
    JOIN people_profile w ON w.id = theirs.follower_id AND NOT w.hide_network
    WHERE theirs.followed_id = j.id AND NOT j.followed
) near ON %(viewer)s::bigint IS NOT NULL
ORDER BY j.exact DESC, j.herself DESC NULLS LAST, j.followed DESC, j.by_name DESC,
         coalesce(near.through, 0) DESC, j.followers DESC NULLS LAST, j.id
OFFSET %(offset)s LIMIT %(limit)s;

-- name: tags
-- Hashtags that begin with a key and stand on a public post the viewer may see, or on one of her own: the
-- very one first, then by people of the last seven days (among the last 100 posts). Fifty candidates besides
-- those that trend.
WITH candidates AS (
    (SELECT t.id, t.name, t.shown FROM posts_tag t WHERE t.name = %(key)s)
    UNION
    (SELECT t.id, t.name, t.shown FROM discovery_trendingtag r JOIN posts_tag t ON t.id = r.tag_id
     WHERE t.name LIKE %(prefix)s)
    UNION
    (SELECT t.id, t.name, t.shown FROM posts_tag t WHERE t.name LIKE %(prefix)s ORDER BY t.name LIMIT 50)
)
SELECT t.id, t.name, t.shown,
       EXISTS (SELECT 1 FROM posts_tagfollow f WHERE f.tag_id = t.id AND f.follower_id = %(viewer)s),
       EXISTS (SELECT 1 FROM posts_tagfeature f WHERE f.tag_id = t.id AND f.profile_id = %(viewer)s)
FROM candidates t
CROSS JOIN LATERAL (
    SELECT count(DISTINCT x.author_id) AS people FROM (
        SELECT p.author_id FROM posts_posttag g JOIN posts_post p ON p.id = g.post_id
        WHERE g.tag_id = t.id AND g.post_id >= %(since)s AND p.audience = 'public' AND p.deleted_at IS NULL
          AND p.withdrawn_at IS NULL
        ORDER BY g.post_id DESC LIMIT 100
    ) x
) week
WHERE EXISTS (
    SELECT 1 FROM posts_posttag g JOIN posts_post p ON p.id = g.post_id
    WHERE g.tag_id = t.id AND (p.audience = 'public' OR p.author_id = %(viewer)s)
      AND {{not_blocked(p)}} AND {{visible(p)}})
ORDER BY t.name = %(key)s DESC, week.people DESC, length(t.name), t.name
OFFSET %(offset)s LIMIT %(limit)s;

-- name: trending_tags
-- Hashtags people talk about, as far as somebody the viewer may read still does.
SELECT t.id, t.name, t.shown,
       EXISTS (SELECT 1 FROM posts_tagfollow f WHERE f.tag_id = t.id AND f.follower_id = %(viewer)s),
       EXISTS (SELECT 1 FROM posts_tagfeature f WHERE f.tag_id = t.id AND f.profile_id = %(viewer)s),
       r.people, r.posts
FROM discovery_trendingtag r JOIN posts_tag t ON t.id = r.tag_id
WHERE t.usable AND EXISTS (
    SELECT 1 FROM posts_posttag g JOIN posts_post p ON p.id = g.post_id
    WHERE g.tag_id = t.id AND p.audience = 'public' AND {{readable(p)}} AND {{visible(p)}})
ORDER BY r.score DESC, t.id OFFSET %(offset)s LIMIT %(limit)s;

-- name: trending_posts
-- Posts people talk about, those the viewer may see and of people she reads.
SELECT p.id FROM discovery_trendingpost r JOIN posts_post p ON p.id = r.post_id
WHERE p.audience = 'public' AND (%(language)s::text = '' OR p.language = %(language)s::text)
  AND {{discoverable(p)}} AND {{readable(p)}} AND {{visible(p)}}
  AND NOT EXISTS (SELECT 1 FROM discovery_trendrefusal n WHERE (n.kind = 'post' AND n.subject = p.id::text)
                  OR (n.kind = 'author' AND n.subject = p.author_id::text))
ORDER BY r.score DESC, p.id DESC OFFSET %(offset)s LIMIT %(limit)s;

-- name: trending_links
-- Pages people link to, as far as somebody the viewer may read still does.
SELECT c.id, c.url, c.title, c.description, c.site, c.author_name, c.image_key, c.image_width, c.image_height,
       c.blurhash, c.language, r.people, r.posts
FROM discovery_trendinglink r JOIN posts_linkcard c ON c.id = r.card_id
WHERE c.fetched_at IS NOT NULL AND c.title <> '' AND {{allowed_link(c)}}
  AND EXISTS (
    SELECT 1 FROM posts_postcard k JOIN posts_post p ON p.id = k.post_id
    WHERE k.card_id = c.id AND p.audience = 'public' AND {{readable(p)}} AND {{visible(p)}})
ORDER BY r.score DESC, c.id DESC OFFSET %(offset)s LIMIT %(limit)s;

-- name: link_history
-- Per page and day (UTC): public posts that link to it and people.
SELECT k.card_id, (p.made_at AT TIME ZONE 'UTC')::date AS day, count(*), count(DISTINCT p.author_id)
FROM posts_postcard k JOIN posts_post p ON p.id = k.post_id
WHERE k.card_id = ANY(%(cards)s) AND p.id >= %(since)s AND p.audience = 'public' AND p.deleted_at IS NULL
  AND p.withdrawn_at IS NULL AND p.imported_from = ''
GROUP BY 1, 2;

-- name: refusals
-- What the operator keeps out of the trends, last refused first.
SELECT n.kind, n.subject, n.by_id, n.made_at FROM discovery_trendrefusal n ORDER BY n.id DESC LIMIT %(limit)s;

-- name: refuse
-- Keep something out of the trends.
INSERT INTO discovery_trendrefusal (id, kind, subject, by_id, made_at)
VALUES (%(id)s, %(kind)s, %(subject)s, %(by)s, %(at)s) ON CONFLICT (kind, subject) DO NOTHING;

-- name: allow
-- Let it in again.
DELETE FROM discovery_trendrefusal WHERE kind = %(kind)s AND subject = %(subject)s;

-- name: index_profile
-- The words by which a profile is found: its name and handle before its bio.
UPDATE people_profile SET search = setweight(to_tsvector('simple', %(names)s), 'A')
    || setweight(to_tsvector('simple', %(bio)s), 'D')
WHERE id = %(profile)s;

-- name: unindexed_profiles
-- Profiles that cannot be found by words yet.
SELECT p.id FROM people_profile p WHERE p.search IS NULL ORDER BY p.id LIMIT %(limit)s;

-- name: clear_tags
-- Before counting anew.
DELETE FROM discovery_trendingtag;

-- name: count_tags
-- Hashtags by people: each author counts once, at half its weight for every six hours since her last post
-- with it; what is written every day counts less (people² / (people + people of a usual day)).
WITH uses AS (
    SELECT g.tag_id, p.author_id, max(p.id) AS last_id, count(*) AS posts
    FROM posts_post p JOIN posts_posttag g ON g.post_id = p.id
    WHERE p.id >= %(since)s AND p.id <= %(now)s AND {{common(p)}}
    GROUP BY g.tag_id, p.author_id
), counted AS (
    SELECT u.tag_id, count(*) AS people, sum(u.posts) AS posts,
           sum(power(0.5, ((%(now)s - u.last_id) >> 16) / %(half_life)s)) AS weight
    FROM uses u GROUP BY u.tag_id HAVING count(*) >= %(least)s
)
INSERT INTO discovery_trendingtag (tag_id, score, people, posts, at)
SELECT c.tag_id, c.weight * c.weight / (c.weight + usual.people / %(days)s::float), c.people, c.posts, %(at)s
FROM counted c JOIN posts_tag t ON t.id = c.tag_id AND t.usable
CROSS JOIN LATERAL (
    SELECT count(*) AS people FROM (
        SELECT DISTINCT p.author_id, (p.made_at AT TIME ZONE 'UTC')::date FROM posts_posttag g JOIN posts_post p ON p.id = g.post_id
        WHERE g.tag_id = c.tag_id AND g.post_id < %(since)s AND g.post_id >= %(before)s AND p.audience = 'public'
    ) x
) usual
ORDER BY 2 DESC LIMIT %(most)s;

-- name: clear_posts
-- Before counting anew.
DELETE FROM discovery_trendingpost;

-- name: count_posts
-- Posts by people who reacted, boosted or answered, each once, half the weight for every twelve hours of the
-- post's age; two posts of an author at the most.
WITH deeds AS (
    SELECT r.post_id, r.profile_id AS who FROM posts_reaction r WHERE r.id >= %(since)s AND r.id <= %(now)s
    UNION
    SELECT b.boost_of_id, b.author_id FROM posts_post b
    WHERE b.id >= %(since)s AND b.id <= %(now)s AND b.boost_of_id IS NOT NULL AND b.deleted_at IS NULL AND b.audience = 'public'
    UNION
    SELECT a.reply_to_id, a.author_id FROM posts_post a
    WHERE a.id >= %(since)s AND a.id <= %(now)s AND a.reply_to_id IS NOT NULL AND a.deleted_at IS NULL
      AND a.withdrawn_at IS NULL AND a.audience = 'public'
), counted AS (
    SELECT p.id, p.author_id, count(*) AS people,
           count(*) * power(0.5, ((%(now)s - p.id) >> 16) / %(half_life)s) AS score
    FROM deeds d
    JOIN posts_post p ON p.id = d.post_id AND d.who <> p.author_id
    JOIN people_profile w ON w.id = d.who AND w.withdrawn_at IS NULL AND w.limited_at IS NULL
    WHERE p.id >= %(since)s AND {{common(p)}} AND p.reply_to_id IS NULL AND NOT p.sensitive AND p.warning = ''
    GROUP BY p.id HAVING count(*) >= %(least)s
), placed AS (
    SELECT c.*, row_number() OVER (PARTITION BY c.author_id ORDER BY c.score DESC, c.id DESC) AS place FROM counted c
)
INSERT INTO discovery_trendingpost (post_id, score, people, at)
SELECT c.id, c.score, c.people, %(at)s FROM placed c WHERE c.place <= 2
  AND NOT EXISTS (SELECT 1 FROM discovery_trendrefusal n WHERE (n.kind = 'post' AND n.subject = c.id::text)
                  OR (n.kind = 'author' AND n.subject = c.author_id::text))
ORDER BY c.score DESC LIMIT %(most)s;

-- name: clear_links
-- Before counting anew.
DELETE FROM discovery_trendinglink;

-- name: count_links
-- Pages by people who link to them in public, each once, half the weight for every twelve hours.
WITH uses AS (
    SELECT k.card_id, p.author_id, max(p.id) AS last_id, count(*) AS posts
    FROM posts_post p JOIN posts_postcard k ON k.post_id = p.id
    WHERE p.id >= %(since)s AND p.id <= %(now)s AND {{common(p)}}
    GROUP BY k.card_id, p.author_id
)
INSERT INTO discovery_trendinglink (card_id, score, people, posts, at)
SELECT c.id, sum(power(0.5, ((%(now)s - u.last_id) >> 16) / %(half_life)s)), count(*), sum(u.posts), %(at)s
FROM uses u JOIN posts_linkcard c ON c.id = u.card_id AND c.fetched_at IS NOT NULL AND c.title <> ''
WHERE {{allowed_link(c)}}
GROUP BY c.id HAVING count(*) >= %(least)s
ORDER BY 2 DESC LIMIT %(most)s;

-- name: hang_card_of
-- Hang the card of an address under a post: (id, fetched at, failed at) of the card, if there is one.
WITH card AS (
    SELECT c.id, c.fetched_at, c.failed_at FROM posts_linkcard c WHERE c.url = %(url)s
), hung AS (
    INSERT INTO posts_postcard (post_id, card_id) SELECT %(post)s, card.id FROM card
    ON CONFLICT (post_id) DO UPDATE SET card_id = excluded.card_id
)
SELECT card.id, card.fetched_at, card.failed_at FROM card;

-- name: make_card
-- A card of which nothing is known yet.
INSERT INTO posts_linkcard (id, url, title, description, site, author_name, image_key, image_width, image_height,
                            blurhash, language)
VALUES (%(id)s, %(url)s, '', '', '', '', '', 0, 0, '', '')
ON CONFLICT (url) DO NOTHING;

-- name: unhang_card
-- No card under a post.
DELETE FROM posts_postcard WHERE post_id = %(post)s AND (%(card)s::bigint IS NULL OR card_id <> %(card)s);

-- name: card
-- What is known of a card: (address, fetched at, failed at, key of its picture).
SELECT c.url, c.fetched_at, c.failed_at, c.image_key FROM posts_linkcard c WHERE c.id = %(card)s;

-- name: begin_fetch
-- Take a card to fetch, unless somebody else did since a moment.
INSERT INTO discovery_cardfetch (card_id, started_at) VALUES (%(card)s, %(at)s)
ON CONFLICT (card_id) DO UPDATE SET started_at = excluded.started_at WHERE discovery_cardfetch.started_at <= %(before)s;

-- name: end_fetch
-- Let it go.
DELETE FROM discovery_cardfetch WHERE card_id = %(card)s;

-- name: keep_card
-- What the page said.
UPDATE posts_linkcard SET title = %(title)s, description = %(description)s, site = %(site)s,
    author_name = %(author_name)s, image_key = %(image_key)s, image_width = %(image_width)s,
    image_height = %(image_height)s, blurhash = %(blurhash)s, language = %(language)s,
    fetched_at = %(at)s, failed_at = NULL
WHERE id = %(card)s;

-- name: card_failed
-- The page could not be had; what it said before stays.
UPDATE posts_linkcard SET failed_at = %(at)s WHERE id = %(card)s;

-- name: posts_of_card
-- The newest posts that show a card.
SELECT k.post_id FROM posts_postcard k WHERE k.card_id = %(card)s ORDER BY k.post_id DESC LIMIT %(most)s;
