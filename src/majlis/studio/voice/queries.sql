-- name: voice
-- The page's own words, and its survey.
SELECT v.words, v.asked, v.recalled, v.asked_on FROM studio_voice v WHERE v.page_id = %(page)s;

-- name: keep_words
-- By which words it is spoken of.
INSERT INTO studio_voice (page_id, words) VALUES (%(page)s, %(words)s::jsonb)
ON CONFLICT (page_id) DO UPDATE SET words = excluded.words;

-- name: keep_recall
-- What its survey found.
INSERT INTO studio_voice (page_id, words, asked, recalled, asked_on)
VALUES (%(page)s, '[]'::jsonb, %(asked)s, %(recalled)s, %(day)s)
ON CONFLICT (page_id) DO UPDATE SET asked = excluded.asked, recalled = excluded.recalled, asked_on = excluded.asked_on;

-- name: mentions
-- Public posts of a window that speak of somebody: to its profile, with one of its words, or with one of its hashtags;
-- newest first, each with how many follow who wrote it. Left out: what those compared and the page's team wrote
-- themselves, and whoever does not want to be found, except by whom she spoke to: the page.
WITH found AS (
    SELECT m.post_id AS id FROM posts_mention m
    WHERE m.profile_id = %(profile)s::bigint AND m.post_id >= %(first)s
    UNION
    SELECT p.id FROM posts_post p
    WHERE %(words)s::text <> '' AND p.search @@ websearch_to_tsquery('simple', %(words)s::text) AND p.id >= %(first)s
    UNION
    SELECT g.post_id FROM posts_tag t JOIN posts_posttag g ON g.tag_id = t.id
    WHERE t.name = ANY(%(tags)s::text[]) AND g.post_id >= %(first)s
)
SELECT p.id, p.author_id, w.handle, coalesce(nullif(w.display_name, ''), w.handle), p.made_at, p.text, p.language,
       coalesce(c.followers, 0), s.sound
FROM found f JOIN posts_post p ON p.id = f.id JOIN people_profile w ON w.id = p.author_id
LEFT JOIN people_profilecount c ON c.profile_id = w.id
LEFT JOIN studio_moodsaid s ON s.page_id = %(page)s AND s.post_id = p.id
WHERE p.audience = 'public' AND p.boost_of_id IS NULL AND p.imported_from = ''
  AND p.made_at >= %(since)s AND p.made_at < %(until)s AND p.author_id <> ALL(%(compared)s)
  AND NOT EXISTS (SELECT FROM brands_teammember t WHERE t.page_id = %(page)s AND t.member_id = p.author_id)
  AND w.limited_at IS NULL
  AND (w.indexable OR EXISTS (SELECT FROM posts_mention x WHERE x.post_id = p.id AND x.profile_id = %(page)s))
  AND {{visible(p)}}
ORDER BY p.id DESC LIMIT %(limit)s;

-- name: say_mood
-- How a text sounds, as somebody says.
INSERT INTO studio_moodsaid (page_id, post_id, sound, read, said_by_id, said_at)
VALUES (%(page)s, %(post)s, %(sound)s, %(read)s, %(by)s, %(at)s)
ON CONFLICT (page_id, post_id) DO UPDATE SET sound = excluded.sound, said_by_id = excluded.said_by_id, said_at = excluded.said_at;

-- name: unsay_mood
-- It sounds as it was read after all.
DELETE FROM studio_moodsaid WHERE page_id = %(page)s AND post_id = %(post)s;

-- name: moods_said
-- How often what was read was said to be something else, or the same.
SELECT s.read, s.sound, count(*) FROM studio_moodsaid s WHERE s.page_id = %(page)s GROUP BY 1, 2;

-- name: keep
-- Share of voice as it is told now.
INSERT INTO studio_keptvoice (id, page_id, since, until, told, kept_by_id, kept_at)
VALUES (%(id)s, %(page)s, %(since)s, %(until)s, %(told)s::jsonb, %(by)s, %(at)s);

-- name: kept
-- What was kept, newest first.
SELECT k.id, k.since, k.until, k.told, k.kept_at FROM studio_keptvoice k
WHERE k.page_id = %(page)s ORDER BY k.kept_at DESC, k.id DESC LIMIT %(limit)s;

-- name: quality
-- Followers of this server who let themselves be measured, and how many of them a post of the page reached in the window.
SELECT count(*), count(*) FILTER (WHERE v.last_at >= %(since)s)
FROM insights_following f JOIN insights_member m ON m.pseudonym = f.viewer AND m.measured
LEFT JOIN insights_pageviewer v ON v.page_id = f.page_id AND v.viewer = f.viewer
WHERE f.page_id = %(page)s AND f.until IS NULL AND NOT f.outside;

-- name: visits
-- Members who opened the page's profile in a window.
SELECT count(DISTINCT f.viewer) FROM insights_fact f
WHERE f.page_id = %(page)s AND f.kind = 9 AND f.viewer <> 0 AND f.at >= %(since)s AND f.at < %(until)s;

-- name: inbound
-- People whose public posts of a window link to a domain that is verified as the page's; null where none is.
SELECT CASE WHEN EXISTS (SELECT FROM brands_verification v WHERE v.page_id = %(page)s AND v.verified_at IS NOT NULL)
    THEN count(DISTINCT p.author_id) END
FROM posts_post p JOIN posts_postcard k ON k.post_id = p.id JOIN posts_linkcard c ON c.id = k.card_id
JOIN brands_verification v ON v.page_id = %(page)s AND v.verified_at IS NOT NULL
    AND (c.url LIKE 'https://' || v.domain || '/%%' OR c.url LIKE 'https://www.' || v.domain || '/%%'
         OR c.url = 'https://' || v.domain)
WHERE p.id >= %(first)s AND p.made_at >= %(since)s AND p.made_at < %(until)s AND p.audience = 'public'
  AND p.author_id <> %(page)s AND {{visible(p)}};

-- name: engaged_again
-- Members who did something with posts of the page in a window, and those of them who did on two days or more.
SELECT count(*), count(*) FILTER (WHERE x.days > 1) FROM (
    SELECT f.viewer, count(DISTINCT (f.at AT TIME ZONE %(zone)s)::date) AS days FROM insights_fact f
    WHERE f.page_id = %(page)s AND f.viewer <> 0 AND f.kind = ANY(%(kinds)s) AND f.at >= %(since)s AND f.at < %(until)s
    GROUP BY f.viewer
) x;

-- name: bought_again
-- Customers whom the shop named and who ordered in a window, and those of them with an order before, or two in it.
SELECT count(*), count(*) FILTER (WHERE x.orders > 1 OR EXISTS (
    SELECT FROM studio_order b WHERE b.page_id = %(page)s AND b.customer = x.customer AND b.placed
      AND b.cancelled_at IS NULL AND b.ordered_at < %(since)s))
FROM (
    SELECT o.customer, count(*) AS orders FROM studio_order o
    WHERE o.page_id = %(page)s AND o.customer <> '' AND o.placed AND o.cancelled_at IS NULL
      AND o.ordered_at >= %(since)s AND o.ordered_at < %(until)s
    GROUP BY o.customer
) x;

-- name: brought
-- Follows that began in a window, by the post of the page that she viewed last in the seven days before she followed;
-- null: none.
SELECT x.post_id, count(*) FROM (
    SELECT f.viewer, (
        SELECT e.post_id FROM insights_encounter e JOIN insights_measuredpost m ON m.post_id = e.post_id
        WHERE e.viewer = f.viewer AND m.page_id = %(page)s AND e.viewed_at <= f.since
          AND e.viewed_at > f.since - interval '7 days'
        ORDER BY e.viewed_at DESC, e.post_id DESC LIMIT 1) AS post_id
    FROM insights_following f
    WHERE f.page_id = %(page)s AND f.since >= %(since)s AND f.since < %(until)s
) x GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: beginnings
-- How posts begin, for a list.
SELECT p.id, p.title, left(p.text, 200), p.made_at FROM posts_post p WHERE p.id = ANY(%(posts)s) AND p.deleted_at IS NULL;
