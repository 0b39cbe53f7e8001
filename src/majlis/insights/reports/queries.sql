-- name: posts_of_page
-- The measured posts of a page that appeared in a window, newest first, with whom they were for.
SELECT p.post_id, p.page_id, p.appeared_at, coalesce(p.eligible, c.eligible), coalesce(p.outside, c.outside),
       coalesce(p.unmeasured, c.unmeasured), t.text, t.title
FROM insights_measuredpost p
JOIN posts_post t ON t.id = p.post_id AND t.deleted_at IS NULL
LEFT JOIN LATERAL (
    SELECT count(*) AS eligible, count(*) FILTER (WHERE w.outside) AS outside,
           count(*) FILTER (WHERE NOT w.outside AND (NOT m.measured OR m.measured_since > p.appeared_at)) AS unmeasured
    FROM insights_following w LEFT JOIN insights_member m ON m.pseudonym = w.viewer
    WHERE p.eligible IS NULL AND w.page_id = p.page_id AND w.since <= p.appeared_at
      AND (w.until IS NULL OR w.until > p.appeared_at) AND (p.chosen IS NULL OR p.chosen @> to_jsonb(w.viewer))
) c ON p.eligible IS NULL
WHERE p.page_id = %(page)s AND p.appeared_at >= %(since)s AND p.appeared_at < %(until)s
ORDER BY p.appeared_at DESC, p.post_id DESC LIMIT %(limit)s;

-- name: own_post
-- A measured post of the page that is there: when it appeared, what it says, how many followed the page then.
-- All of them were eligible unless some were chosen.
SELECT p.appeared_at, t.text, t.title, CASE WHEN p.chosen IS NULL AND p.eligible IS NOT NULL THEN p.eligible ELSE (
    SELECT count(*) FROM insights_following w
    WHERE w.page_id = p.page_id AND w.since <= p.appeared_at AND (w.until IS NULL OR w.until > p.appeared_at)
) END
FROM insights_measuredpost p
JOIN posts_post t ON t.id = p.post_id AND t.deleted_at IS NULL
WHERE p.post_id = %(post)s AND p.page_id = %(page)s;

-- name: states_of_posts
-- Encounters of several posts by state, as of one in the ledger.
SELECT s.post_id, s.follower, s.state, s.members, s.viewed, s.organic, s.paid, s.impressions
FROM insights_standing s WHERE s.post_id = ANY(%(posts)s) AND s.members > 0;

-- name: facts_of_posts
-- How often members did something with posts, by kind; who is not signed in is in no rate.
SELECT h.post_id, h.kind, sum(h.facts)::bigint FROM insights_hourly h
WHERE h.post_id = ANY(%(posts)s) AND h.source <> %(outside)s GROUP BY h.post_id, h.kind;

-- name: hours_of_post
-- Who viewed a post for the first time, by hour, unpaid and paid.
SELECT h.hour, sum(h.reach) FILTER (WHERE NOT h.paid)::bigint, sum(h.reach) FILTER (WHERE h.paid)::bigint
FROM insights_hourly h WHERE h.post_id = %(post)s AND h.reach <> 0
GROUP BY h.hour ORDER BY h.hour;

-- name: sources_of_post
-- Where a post was served, viewed, and viewed for the first time.
SELECT h.source, sum(h.facts) FILTER (WHERE h.kind = 1)::bigint, sum(h.facts) FILTER (WHERE h.kind = 2)::bigint,
       sum(h.reach)::bigint
FROM insights_hourly h WHERE h.post_id = %(post)s AND h.kind IN (1, 2) GROUP BY h.source ORDER BY h.source;

-- name: follows_by_step
-- Follows of a page begun and ended in each step between edges, and after the last; step 0: who follows it now.
-- So nobody who came before and stayed is looked at but in an index.
SELECT 0, count(*), 0::bigint FROM insights_following w WHERE w.page_id = %(page)s AND w.until IS NULL
UNION ALL
SELECT width_bucket(f.at, %(edges)s::timestamptz[]), sum(f.begun)::bigint, sum(f.ended)::bigint
FROM (
    SELECT w.since AS at, 1 AS begun, 0 AS ended FROM insights_following w
    WHERE w.page_id = %(page)s AND w.since >= %(first)s
    UNION ALL
    SELECT w.until, 0, 1 FROM insights_following w WHERE w.page_id = %(page)s AND w.until >= %(first)s
) f GROUP BY 1;

-- name: followers_by_language
-- Present followers by the first language they say they write; of other servers apart, and who is not measured.
SELECT CASE WHEN w.outside THEN 'outside' WHEN m.profile_id IS NULL OR NOT m.measured THEN 'unmeasured'
            ELSE coalesce(nullif(r.languages ->> 0, ''), 'unknown') END, count(*)
FROM insights_following w
LEFT JOIN insights_member m ON m.pseudonym = w.viewer
LEFT JOIN people_profile r ON r.id = m.profile_id
WHERE w.page_id = %(page)s AND w.until IS NULL GROUP BY 1;

-- name: served_by_hour_of_week
-- How often feeds with a post of the page were opened, by day of the week (Monday is 1) and hour in its zone.
SELECT extract(isodow FROM h.hour AT TIME ZONE %(zone)s)::int, extract(hour FROM h.hour AT TIME ZONE %(zone)s)::int,
       sum(h.facts)::bigint
FROM insights_hourly h
WHERE h.page_id = %(page)s AND h.hour >= %(since)s AND h.hour < %(until)s AND h.kind = 1 AND h.post_id <> 0
GROUP BY 1, 2;

-- name: reached_by_page
-- Distinct members whom any post of a page reached from a moment (on a quarter of an hour) until now, and how many
-- of them followed it at such a moment; and how many follow it now.
SELECT coalesce(sum(l.viewers), 0)::bigint, coalesce(sum(l.followers), 0)::bigint,
       coalesce((SELECT c.followers FROM people_profilecount c WHERE c.profile_id = %(page)s), 0)
FROM insights_lastseen l WHERE l.page_id = %(page)s AND l.at >= %(since)s;

-- name: facts_of_page
-- How often members did something with a page and its posts in a window, by kind.
SELECT h.kind, sum(h.facts)::bigint FROM insights_hourly h
WHERE h.page_id = %(page)s AND h.hour >= %(since)s AND h.hour < %(until)s AND h.source <> %(outside)s
GROUP BY h.kind;

-- name: facts_between
-- The same, of less than an hour.
SELECT f.kind, count(*) FROM insights_fact f
WHERE f.page_id = %(page)s AND f.at >= %(since)s AND f.at < %(until)s AND f.source <> %(outside)s
GROUP BY f.kind;
