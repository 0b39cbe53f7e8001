-- name: rivals
-- The rivals of a page, by name; the handle of one that is withdrawn is not told.
SELECT r.id, r.name, p.id, CASE WHEN p.domain = '' THEN p.handle ELSE p.handle || '@' || p.domain END, r.words, r.made_at
FROM studio_rival r LEFT JOIN people_profile p ON p.id = r.profile_id AND p.withdrawn_at IS NULL
WHERE r.page_id = %(page)s AND r.ended_at IS NULL ORDER BY r.name, r.id;

-- name: name_rival
-- One more.
INSERT INTO studio_rival (id, page_id, name, profile_id, words, made_by_id, made_at)
VALUES (%(id)s, %(page)s, %(name)s, %(profile)s, %(words)s::jsonb, %(by)s, %(at)s);

-- name: change_words
-- By which words it is found from now on.
UPDATE studio_rival SET words = %(words)s::jsonb WHERE id = %(id)s;

-- name: let_go
-- It is compared with no longer.
UPDATE studio_rival SET ended_at = %(at)s WHERE id = %(id)s;

-- name: published
-- What profiles published for everybody in a window: how often, on how many days of the page's zone, and what of it
-- others reacted, answered, boosted; beside it how many follow each. Answers to others are no publishing.
SELECT w.id, coalesce(c.followers, 0), count(p.id), count(DISTINCT (p.made_at AT TIME ZONE %(zone)s)::date),
       coalesce(sum(n.like + n.love + n.laugh + n.wow + n.sad + n.angry), 0),
       coalesce(sum(n.replies), 0), coalesce(sum(n.boosts + n.quotes), 0), max(p.made_at)
FROM people_profile w
LEFT JOIN people_profilecount c ON c.profile_id = w.id
LEFT JOIN posts_post p ON p.author_id = w.id AND p.made_at >= %(since)s AND p.made_at < %(until)s
    AND p.id >= %(first)s AND p.audience = 'public' AND p.boost_of_id IS NULL AND p.imported_from = ''
    AND (p.reply_to_author_id IS NULL OR p.reply_to_author_id = p.author_id) AND {{visible(p)}}
LEFT JOIN posts_postcount n ON n.post_id = p.id
WHERE w.id = ANY(%(profiles)s) AND w.withdrawn_at IS NULL
GROUP BY w.id, c.followers;

-- name: published_posts
-- The newest of what profiles published for everybody in a window, each post with what others did with it, and how many
-- follow who wrote it.
SELECT w.id, p.made_at,
       CASE WHEN p.kind = 'article' THEN 'article'
            WHEN EXISTS (SELECT FROM posts_poll q WHERE q.post_id = p.id) THEN 'poll'
            WHEN EXISTS (SELECT FROM media_photo m WHERE m.post_id = p.id) THEN 'photo' ELSE 'text' END,
       coalesce(n.like + n.love + n.laugh + n.wow + n.sad + n.angry + n.replies + n.boosts + n.quotes, 0),
       coalesce(c.followers, 0)
FROM people_profile w
LEFT JOIN people_profilecount c ON c.profile_id = w.id
CROSS JOIN LATERAL (
    SELECT p.* FROM posts_post p
    WHERE p.author_id = w.id AND p.made_at >= %(since)s AND p.made_at < %(until)s AND p.deleted_at IS NULL
      AND p.id >= %(first)s AND p.audience = 'public' AND p.boost_of_id IS NULL AND p.imported_from = ''
      AND (p.reply_to_author_id IS NULL OR p.reply_to_author_id = p.author_id) AND {{visible(p)}}
    ORDER BY p.id DESC LIMIT %(limit)s
) p
LEFT JOIN posts_postcount n ON n.post_id = p.id
WHERE w.id = ANY(%(profiles)s) AND w.withdrawn_at IS NULL ORDER BY w.id, p.id;
