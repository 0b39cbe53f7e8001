-- name: hold_facts
-- Who writes facts keeps out who erases a member's, and shares a page with nobody until the transaction ends.
-- Locks are taken in one order, so that two writers never wait for each other.
SELECT pg_advisory_xact_lock_shared(%(space)s, 0);

-- name: hold_pages
-- The pages, in the order of their locks.
SELECT pg_advisory_xact_lock(%(space)s + 1, h.key)
FROM (SELECT DISTINCT hashint8(g.page) AS key FROM unnest(%(pages)s::bigint[]) AS g (page) ORDER BY 1) h;

-- name: hold_alone
-- Who erases: nobody writes facts meanwhile.
SELECT pg_advisory_xact_lock(%(space)s, 0);

-- name: members_missing
-- Those of the profiles that have no pseudonym yet.
SELECT DISTINCT g.profile FROM unnest(%(profiles)s::bigint[]) AS g (profile)
JOIN people_profile p ON p.id = g.profile
WHERE NOT EXISTS (SELECT 1 FROM insights_member m WHERE m.profile_id = g.profile);

-- name: make_members
-- Pseudonyms for members who have none.
INSERT INTO insights_member (profile_id, pseudonym, measured, measured_since)
SELECT g.profile, g.pseudonym, true, 'epoch'
FROM unnest(%(profiles)s::bigint[], %(pseudonyms)s::bigint[]) AS g (profile, pseudonym)
ORDER BY g.profile
ON CONFLICT (profile_id) DO NOTHING;

-- name: record
-- New facts, and what is made of them, in one statement: encounters, hourly rollups, viewers. Only what is
-- new moves anything. The locks make sure that nobody else touches rows of these pages.
WITH given AS MATERIALIZED (
    SELECT g.page_id, g.post_id, coalesce(m.pseudonym, 0) AS viewer, g.kind, g.source, g.paid <> 0 AS paid, g.nonce,
           nullif(g.link_id, 0) AS link_id, nullif(g.value, '')::numeric AS value, coalesce(g.currency, '') AS currency,
           'epoch'::timestamptz + g.at * interval '1 microsecond' AS at
    FROM unnest(%(pages)s::bigint[], %(posts)s::bigint[], %(profiles)s::bigint[], %(kinds)s::smallint[],
                %(sources)s::smallint[], %(paid)s::smallint[], %(nonces)s::bigint[], %(ats)s::bigint[],
                %(links)s::bigint[], %(values)s::text[], %(currencies)s::text[])
         AS g (page_id, post_id, profile_id, kind, source, paid, nonce, at, link_id, value, currency)
    LEFT JOIN insights_member m ON m.profile_id = g.profile_id
    LEFT JOIN insights_measuredpost p ON p.post_id = g.post_id
    WHERE g.profile_id = 0
       OR (g.profile_id <> g.page_id AND m.measured
           AND m.measured_since <= coalesce(p.appeared_at, 'epoch'::timestamptz + g.at * interval '1 microsecond'))
),
fresh AS (
    INSERT INTO insights_fact (page_id, post_id, viewer, kind, source, paid, nonce, link_id, value, currency, at, arrived_at)
    SELECT g.page_id, g.post_id, g.viewer, g.kind, g.source, g.paid, g.nonce, g.link_id, g.value, g.currency, g.at,
           %(arrived_at)s
    FROM given g
    ORDER BY g.post_id, g.viewer, g.kind, g.nonce, g.at, g.source, g.paid
    ON CONFLICT (post_id, viewer, kind, nonce) DO NOTHING
    RETURNING page_id, post_id, viewer, kind, source, paid, at
),
meeting AS MATERIALIZED (
    SELECT f.page_id, f.post_id, f.viewer,
           min(CASE WHEN f.kind = ANY(%(interactions)s::smallint[]) THEN 1 WHEN f.kind = 2 THEN 2 ELSE 3 END) AS state,
           count(*) FILTER (WHERE f.kind = 2) AS impressions,
           coalesce(bool_or(NOT f.paid) FILTER (WHERE f.kind = 2), false) AS organic,
           coalesce(bool_or(f.paid) FILTER (WHERE f.kind = 2), false) AS paid,
           min(f.at) FILTER (WHERE f.kind = 1) AS served_at,
           min(f.at) FILTER (WHERE f.kind = 2) AS viewed_at,
           min(f.at) FILTER (WHERE f.kind = ANY(%(interactions)s::smallint[])) AS engaged_at,
           min((date_part('epoch', f.at) * 1000000)::bigint * 64 + f.source * 2 + f.paid::int)
               FILTER (WHERE f.kind = 2) AS first_view
    FROM fresh f WHERE f.post_id <> 0 AND f.viewer <> 0
    GROUP BY f.page_id, f.post_id, f.viewer
),
met AS MATERIALIZED (
    SELECT t.page_id, t.post_id, t.viewer, t.impressions AS more,
           coalesce(e.follower, EXISTS (
               SELECT 1 FROM insights_measuredpost p
               JOIN insights_following w ON w.page_id = p.page_id AND w.viewer = t.viewer AND NOT w.outside
                AND w.since <= p.appeared_at AND (w.until IS NULL OR w.until > p.appeared_at)
               WHERE p.post_id = t.post_id AND (p.chosen IS NULL OR p.chosen @> to_jsonb(t.viewer))
           )) AS follower,
           least(e.state, t.state) AS state, coalesce(e.organic OR t.organic, t.organic) AS organic,
           coalesce(e.paid OR t.paid, t.paid) AS paid, coalesce(e.impressions, 0) + t.impressions AS impressions,
           least(e.served_at, t.served_at) AS served_at, least(e.viewed_at, t.viewed_at) AS viewed_at,
           least(e.engaged_at, t.engaged_at) AS engaged_at, least(e.first_view, t.first_view) AS first_view,
           e.state AS state_before, e.viewed_at AS viewed_before, e.organic AS organic_before, e.paid AS paid_before,
           e.impressions AS impressions_before, e.first_view AS first_before
    FROM meeting t
    LEFT JOIN insights_encounter e ON e.post_id = t.post_id AND e.viewer = t.viewer
),
met_again AS (
    UPDATE insights_encounter e
    SET state = m.state, organic = m.organic, paid = m.paid, impressions = m.impressions, served_at = m.served_at,
        viewed_at = m.viewed_at, engaged_at = m.engaged_at, first_view = m.first_view
    FROM met m WHERE m.state_before IS NOT NULL AND e.post_id = m.post_id AND e.viewer = m.viewer
),
met_first AS (
    INSERT INTO insights_encounter (post_id, viewer, follower, state, organic, paid, impressions,
                                    served_at, viewed_at, engaged_at, first_view)
    SELECT m.post_id, m.viewer, m.follower, m.state, m.organic, m.paid, m.impressions,
           m.served_at, m.viewed_at, m.engaged_at, m.first_view
    FROM met m WHERE m.state_before IS NULL ORDER BY m.post_id, m.viewer
),
counted AS (
    SELECT m.post_id, m.follower, m.state, m.viewed_at, m.organic, m.paid, m.impressions, 1 AS one FROM met m
    UNION ALL
    SELECT m.post_id, m.follower, m.state_before, m.viewed_before, m.organic_before, m.paid_before,
           m.impressions_before, -1
    FROM met m WHERE m.state_before IS NOT NULL
),
{{standings(counted)}},
moves AS (
    SELECT f.page_id, f.post_id, f.kind, f.source, f.paid, date_bin('1 hour', f.at, 'epoch') AS hour,
           count(*) AS facts, 0 AS reach
    FROM fresh f GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT v.page_id, v.post_id, 2, (v.view %% 64 / 2)::smallint, v.view %% 2 = 1,
           date_bin('1 hour', 'epoch'::timestamptz + v.view / 64 * interval '1 microsecond', 'epoch'), 0, v.change
    FROM (
        SELECT m.page_id, m.post_id, m.first_view AS view, 1 AS change FROM met m
        WHERE m.first_before IS DISTINCT FROM m.first_view
        UNION ALL
        SELECT m.page_id, m.post_id, m.first_before, -1 FROM met m WHERE m.first_before <> m.first_view
    ) v
),
hours AS (
    INSERT INTO insights_hourly AS h (page_id, hour, post_id, kind, source, paid, facts, reach)
    SELECT m.page_id, m.hour, m.post_id, m.kind, m.source, m.paid, sum(m.facts), sum(m.reach)
    FROM moves m GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (page_id, hour, post_id, kind, source, paid) DO UPDATE
        SET facts = h.facts + excluded.facts, reach = h.reach + excluded.reach
),
seen AS MATERIALIZED (
    SELECT n.page_id, n.viewer, greatest(v.met_at, n.met_at) AS met_at, greatest(v.last_at, n.last_at) AS last_at,
           greatest(v.followed_at, (
               SELECT max(date_bin('15 minutes', g.at, 'epoch')) FROM unnest(n.viewed_ats) AS g (at)
               WHERE EXISTS (
                   SELECT 1 FROM insights_following w
                   WHERE w.page_id = n.page_id AND w.viewer = n.viewer AND w.since <= g.at
                     AND (w.until IS NULL OR w.until > g.at)
               ))) AS followed_at,
           greatest(v.clicked_at, n.clicked_at) AS clicked_at,
           v.met_at AS met_before, v.last_at AS last_before, v.followed_at AS followed_before, v.clicked_at AS clicked_before
    FROM (SELECT f.page_id, f.viewer, date_bin('15 minutes', max(f.at) FILTER (WHERE f.kind <> 10), 'epoch') AS met_at,
                 date_bin('15 minutes', max(f.at) FILTER (WHERE f.kind = 2), 'epoch') AS last_at,
                 date_bin('15 minutes', max(f.at) FILTER (WHERE f.kind = 10), 'epoch') AS clicked_at,
                 array_agg(f.at) FILTER (WHERE f.kind = 2) AS viewed_ats
          FROM fresh f WHERE f.kind IN (1, 2, 10) AND f.viewer <> 0 GROUP BY f.page_id, f.viewer) n
    LEFT JOIN insights_pageviewer v ON v.page_id = n.page_id AND v.viewer = n.viewer
    WHERE n.met_at > coalesce(v.met_at, '-infinity') OR n.last_at > coalesce(v.followed_at, '-infinity')
       OR n.clicked_at > coalesce(v.clicked_at, '-infinity')
),
viewers AS (
    INSERT INTO insights_pageviewer (page_id, viewer, met_at, last_at, followed_at, clicked_at)
    SELECT n.page_id, n.viewer, n.met_at, n.last_at, n.followed_at, n.clicked_at FROM seen n
    WHERE n.met_at IS DISTINCT FROM n.met_before OR n.last_at IS DISTINCT FROM n.last_before
       OR n.followed_at IS DISTINCT FROM n.followed_before OR n.clicked_at IS DISTINCT FROM n.clicked_before
    ORDER BY 1, 2
    ON CONFLICT (page_id, viewer) DO UPDATE
        SET met_at = excluded.met_at, last_at = excluded.last_at, followed_at = excluded.followed_at,
            clicked_at = excluded.clicked_at
),
last_seen AS (
    INSERT INTO insights_lastseen AS l (page_id, at, met, viewers, followers, clicked)
    SELECT n.page_id, k.at, coalesce(sum(k.one) FILTER (WHERE m.what = 1), 0), coalesce(sum(k.one) FILTER (WHERE m.what = 2), 0),
           coalesce(sum(k.one) FILTER (WHERE m.what = 3), 0), coalesce(sum(k.one) FILTER (WHERE m.what = 4), 0)
    FROM seen n,
         LATERAL (VALUES (1, n.met_at, n.met_before), (2, n.last_at, n.last_before), (3, n.followed_at, n.followed_before),
                         -- who viewed and followed a link since a moment did both last after it: the earlier of the two
                         (4, CASE WHEN n.last_at < n.clicked_at THEN n.last_at WHEN n.last_at IS NOT NULL THEN n.clicked_at END,
                          CASE WHEN n.last_before < n.clicked_before THEN n.last_before
                               WHEN n.last_before IS NOT NULL THEN n.clicked_before END)) m (what, at, before),
         LATERAL (VALUES (m.at, 1), (m.before, -1)) k (at, one)
    WHERE m.at IS DISTINCT FROM m.before AND k.at IS NOT NULL
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (page_id, at) DO UPDATE SET
        met = l.met + excluded.met, viewers = l.viewers + excluded.viewers, followers = l.followers + excluded.followers,
        clicked = l.clicked + excluded.clicked
)
SELECT count(*) FROM fresh;

-- name: measure_post
-- A post of a page is measured from the moment it appears. Nothing for posts of others.
INSERT INTO insights_measuredpost (post_id, page_id, audience, appeared_at)
SELECT %(post)s, g.profile_id, %(audience)s, %(at)s FROM brands_page g WHERE g.profile_id = %(author)s
ON CONFLICT (post_id) DO NOTHING;

-- name: maybe_chosen
-- Followers of the page who may be in the audience of a post for a few: those it follows back, those of the
-- circle, the mentioned. Who of them may see it is asked of the rule.
SELECT f.follower_id FROM people_follow f
JOIN people_profile r ON r.id = f.follower_id AND r.withdrawn_at IS NULL
WHERE f.followed_id = %(page)s AND f.follower_id IN (
    SELECT b.followed_id FROM people_follow b WHERE b.follower_id = %(page)s
    UNION ALL
    SELECT c.member_id FROM people_circlemember c
    JOIN posts_post p ON p.circle_id = c.circle_id WHERE p.id = %(post)s
    UNION ALL
    SELECT m.profile_id FROM posts_mention m WHERE m.post_id = %(post)s
);

-- name: choose
-- The pseudonyms of those for whom a post is.
UPDATE insights_measuredpost p
SET chosen = (SELECT coalesce(jsonb_agg(m.pseudonym ORDER BY m.pseudonym), '[]')
              FROM insights_member m WHERE m.profile_id = ANY(%(profiles)s::bigint[]))
WHERE p.post_id = %(post)s;

-- name: freeze
-- Count the eligible followers of a post, as of the moment it appeared, whenever this runs. Once.
UPDATE insights_measuredpost p
SET eligible = c.eligible, outside = c.outside, unmeasured = c.unmeasured
FROM (
    SELECT q.post_id, count(w.viewer) AS eligible, count(w.viewer) FILTER (WHERE w.outside) AS outside,
           count(w.viewer) FILTER (WHERE NOT w.outside AND (NOT m.measured OR m.measured_since > q.appeared_at)) AS unmeasured
    FROM insights_measuredpost q
    LEFT JOIN insights_following w ON w.page_id = q.page_id AND w.since <= q.appeared_at
         AND (w.until IS NULL OR w.until > q.appeared_at) AND (q.chosen IS NULL OR q.chosen @> to_jsonb(w.viewer))
    LEFT JOIN insights_member m ON m.pseudonym = w.viewer
    WHERE q.post_id = %(post)s
    GROUP BY q.post_id
) c
WHERE p.post_id = c.post_id AND p.eligible IS NULL;

-- name: followings_missing
-- Who follows a page in use, by the relationships, and is not in the history; of some followers or of one page.
SELECT f.follower_id, f.followed_id, r.domain <> '', f.made_at
FROM people_follow f
JOIN brands_page g ON g.profile_id = f.followed_id
JOIN people_profile r ON r.id = f.follower_id AND r.withdrawn_at IS NULL
WHERE (%(followers)s::bigint[] IS NULL OR f.follower_id = ANY(%(followers)s::bigint[]))
  AND (%(page)s::bigint IS NULL OR f.followed_id = %(page)s)
  AND NOT EXISTS (
      SELECT 1 FROM insights_following w JOIN insights_member m ON m.pseudonym = w.viewer
      WHERE w.page_id = f.followed_id AND m.profile_id = f.follower_id AND w.until IS NULL
  );

-- name: begin_followings
-- They follow from now on.
INSERT INTO insights_following (id, page_id, viewer, outside, since)
SELECT g.id, g.page, m.pseudonym, g.outside <> 0, 'epoch'::timestamptz + g.since * interval '1 microsecond'
FROM unnest(%(ids)s::bigint[], %(followers)s::bigint[], %(pages)s::bigint[], %(outside)s::smallint[], %(since)s::bigint[])
     AS g (id, follower, page, outside, since)
JOIN insights_member m ON m.profile_id = g.follower
ORDER BY g.page, m.pseudonym
ON CONFLICT (page_id, viewer) WHERE until IS NULL DO NOTHING;

-- name: end_following
-- She follows a page no longer; without a page: none.
UPDATE insights_following w SET until = greatest(%(at)s, w.since)
FROM insights_member m
WHERE m.profile_id = %(follower)s AND w.viewer = m.pseudonym AND w.until IS NULL
  AND (%(page)s::bigint IS NULL OR w.page_id = %(page)s);

-- name: followings_over
-- What the history still says and the relationships do not.
UPDATE insights_following w SET until = greatest(%(at)s, w.since)
WHERE w.until IS NULL AND NOT EXISTS (
    SELECT 1 FROM insights_member m
    JOIN people_follow f ON f.follower_id = m.profile_id AND f.followed_id = w.page_id
    JOIN people_profile r ON r.id = f.follower_id AND r.withdrawn_at IS NULL
    WHERE m.pseudonym = w.viewer
);

-- name: is_page
-- Whether a profile has a page.
SELECT g.made_at FROM brands_page g WHERE g.profile_id = %(profile)s;

-- name: measured_among
-- Those of the posts that are measured, with their pages.
SELECT p.post_id, p.page_id FROM insights_measuredpost p WHERE p.post_id = ANY(%(posts)s);

-- name: member
-- A member's pseudonym and whether she is measured, since when.
SELECT m.pseudonym, m.measured, m.measured_since FROM insights_member m WHERE m.profile_id = %(profile)s;

-- name: no_longer_measured
-- She was eligible for these posts and is not measured any more: that is her state from now on.
UPDATE insights_measuredpost p SET unmeasured = p.unmeasured + 1
FROM insights_following w
WHERE w.viewer = %(viewer)s AND NOT w.outside AND p.page_id = w.page_id AND p.eligible IS NOT NULL
  AND w.since <= p.appeared_at AND (w.until IS NULL OR w.until > p.appeared_at)
  AND p.appeared_at >= %(measured_since)s AND (p.chosen IS NULL OR p.chosen @> to_jsonb(w.viewer));

-- name: erase
-- All that is known of a viewer, taken out of what was counted from it.
WITH met AS (
    DELETE FROM insights_encounter e WHERE e.viewer = %(viewer)s
    RETURNING e.post_id, e.first_view, e.follower, e.state, e.viewed_at, e.organic, e.paid, e.impressions
),
standings AS (
    UPDATE insights_standing s
    SET members = s.members - 1, viewed = s.viewed - (m.viewed_at IS NOT NULL)::int, organic = s.organic - m.organic::int,
        paid = s.paid - m.paid::int, impressions = s.impressions - m.impressions
    FROM met m WHERE s.post_id = m.post_id AND s.follower = m.follower AND s.state = m.state
),
gone AS (
    DELETE FROM insights_fact f
    USING (SELECT m.post_id FROM met m UNION ALL SELECT 0) t
    WHERE f.post_id = t.post_id AND f.viewer = %(viewer)s
    RETURNING f.page_id, f.post_id, f.kind, f.source, f.paid, f.at
),
moves AS (
    SELECT c.page_id, c.hour, c.post_id, c.kind, c.source, c.paid, sum(c.facts) AS facts, sum(c.reach) AS reach
    FROM (
        SELECT g.page_id, date_trunc('hour', g.at, 'UTC') AS hour, g.post_id, g.kind, g.source, g.paid,
               count(*) AS facts, 0 AS reach
        FROM gone g GROUP BY 1, 2, 3, 4, 5, 6
        UNION ALL
        -- her first views, of which the facts may lie in files
        SELECT h.page_id, h.hour, h.post_id, h.kind, h.source, h.paid, 0, 1
        FROM met m JOIN insights_hourly h ON h.post_id = m.post_id AND h.kind = 2
         AND h.hour = date_trunc('hour', 'epoch'::timestamptz + m.first_view / 64 * interval '1 microsecond', 'UTC')
         AND h.source = m.first_view %% 64 / 2 AND h.paid = (m.first_view %% 2 = 1)
        WHERE m.first_view IS NOT NULL
    ) c GROUP BY 1, 2, 3, 4, 5, 6
),
hours AS (
    UPDATE insights_hourly h SET facts = h.facts - m.facts, reach = h.reach - m.reach
    FROM moves m
    WHERE h.page_id = m.page_id AND h.hour = m.hour AND h.post_id = m.post_id AND h.kind = m.kind
      AND h.source = m.source AND h.paid = m.paid
),
seen AS (
    DELETE FROM insights_pageviewer v WHERE v.viewer = %(viewer)s
    RETURNING v.page_id, v.met_at, v.last_at, v.followed_at, v.clicked_at
),
last_seen AS (
    UPDATE insights_lastseen l
    SET met = l.met - c.met, viewers = l.viewers - c.viewers, followers = l.followers - c.followers,
        clicked = l.clicked - c.clicked
    FROM (
        SELECT n.page_id, m.at, sum(m.met) AS met, sum(m.viewers) AS viewers, sum(m.followers) AS followers,
               sum(m.clicked) AS clicked
        FROM seen n,
             LATERAL (VALUES (n.met_at, 1, 0, 0, 0), (n.last_at, 0, 1, 0, 0), (n.followed_at, 0, 0, 1, 0),
                             (CASE WHEN n.last_at < n.clicked_at THEN n.last_at WHEN n.last_at IS NOT NULL THEN n.clicked_at END,
                              0, 0, 0, 1)) m (at, met, viewers, followers, clicked)
        GROUP BY 1, 2
    ) c
    WHERE l.page_id = c.page_id AND l.at = c.at
)
SELECT count(*) FROM gone;

-- name: rename_viewer
-- Her follows go under her new pseudonym, so that the old one leads to nobody.
UPDATE insights_following SET viewer = %(fresh)s WHERE viewer = %(viewer)s;

-- name: forget_opening
-- When she last opened a feed.
DELETE FROM insights_opening WHERE viewer = %(viewer)s;

-- name: set_measured
-- Whether a member is measured, since when, under which pseudonym.
UPDATE insights_member SET measured = %(measured)s, measured_since = %(since)s, pseudonym = %(pseudonym)s
WHERE profile_id = %(profile)s;

-- name: counted_about
-- What is counted about a viewer, by page: posts that met her, how often she viewed them, how many she did
-- something with, what she did to the page itself, and since when.
SELECT t.page_id, sum(t.posts)::int, sum(t.views)::int, sum(t.engaged)::int, sum(t.visits)::int, min(t.since)
FROM (
    SELECT p.author_id AS page_id, count(*) AS posts, sum(e.impressions) AS views, count(e.engaged_at) AS engaged,
           0 AS visits, min(least(e.served_at, e.viewed_at, e.engaged_at)) AS since
    FROM insights_encounter e JOIN posts_post p ON p.id = e.post_id
    WHERE e.viewer = %(viewer)s GROUP BY 1
    UNION ALL
    SELECT f.page_id, 0, 0, 0, count(*), min(f.at) FROM insights_fact f
    WHERE f.post_id = 0 AND f.viewer = %(viewer)s GROUP BY 1
) t
GROUP BY t.page_id ORDER BY 3 DESC, 2 DESC, 1;

-- name: ledger_head
-- The post, and how many it was for; counted now where the job has not been there yet.
SELECT p.page_id, p.appeared_at, coalesce(p.eligible, c.eligible), coalesce(p.outside, c.outside),
       coalesce(p.unmeasured, c.unmeasured)
FROM insights_measuredpost p
LEFT JOIN LATERAL (
    SELECT count(*) AS eligible, count(*) FILTER (WHERE w.outside) AS outside,
           count(*) FILTER (WHERE NOT w.outside AND (NOT m.measured OR m.measured_since > p.appeared_at)) AS unmeasured
    FROM insights_following w LEFT JOIN insights_member m ON m.pseudonym = w.viewer
    WHERE p.eligible IS NULL AND w.page_id = p.page_id AND w.since <= p.appeared_at
      AND (w.until IS NULL OR w.until > p.appeared_at) AND (p.chosen IS NULL OR p.chosen @> to_jsonb(w.viewer))
) c ON p.eligible IS NULL
WHERE p.post_id = %(post)s;

-- name: ledger_states
-- Encounters of a post by state; for followers and others apart: how many, how many of them viewed it, unpaid
-- and paid, and how often.
SELECT s.follower, s.state, s.members, s.viewed, s.organic, s.paid, s.impressions
FROM insights_standing s WHERE s.post_id = %(post)s AND s.members > 0;

-- name: measured_entries
-- Entries of feeds that are measured posts, or boosts of them: entry, post, page.
SELECT p.id, m.post_id, m.page_id
FROM posts_post p JOIN insights_measuredpost m ON m.post_id = coalesce(p.boost_of_id, p.id)
WHERE p.id = ANY(%(ids)s);

-- name: newest_measured
-- When the newest measured post appeared.
SELECT p.appeared_at FROM insights_measuredpost p ORDER BY p.post_id DESC LIMIT 1;

-- name: appeared_since_opening
-- What appeared, of pages that they followed, since they last opened a feed, and has not met them: each viewer's
-- own profile, the post. Two minutes are looked at twice, for posts that were on their way then.
SELECT o.profile, p.post_id
FROM unnest(%(profiles)s::bigint[], %(ats)s::bigint[]) AS o (profile, at)
JOIN insights_member m ON m.profile_id = o.profile AND m.measured
LEFT JOIN insights_opening l ON l.viewer = m.pseudonym
JOIN insights_following w ON w.viewer = m.pseudonym AND NOT w.outside
JOIN insights_measuredpost p ON p.page_id = w.page_id
 AND p.appeared_at <= 'epoch'::timestamptz + o.at * interval '1 microsecond'
 AND p.appeared_at >= coalesce(l.last_at - interval '2 minutes', w.since)
 AND p.appeared_at >= 'epoch'::timestamptz + o.at * interval '1 microsecond' - interval '60 days'
 AND p.appeared_at >= w.since AND (w.until IS NULL OR w.until > p.appeared_at)
WHERE NOT EXISTS (SELECT 1 FROM insights_encounter e WHERE e.post_id = p.post_id AND e.viewer = m.pseudonym);

-- name: opened
-- They opened a feed.
INSERT INTO insights_opening AS l (viewer, last_at)
SELECT m.pseudonym, 'epoch'::timestamptz + o.at * interval '1 microsecond'
FROM unnest(%(profiles)s::bigint[], %(ats)s::bigint[]) AS o (profile, at)
JOIN insights_member m ON m.profile_id = o.profile AND m.measured
ORDER BY 1
ON CONFLICT (viewer) DO UPDATE SET last_at = excluded.last_at WHERE l.last_at < excluded.last_at;

-- name: note_states
-- In which state followers are towards posts, where nothing stronger is known. Only the eligible have one.
WITH noted AS (
INSERT INTO insights_encounter AS e (post_id, viewer, follower, state, organic, paid, impressions)
SELECT p.post_id, m.pseudonym, true, min(g.state), false, false, 0
FROM unnest(%(profiles)s::bigint[], %(posts)s::bigint[], %(states)s::smallint[]) AS g (profile, post, state)
JOIN insights_measuredpost p ON p.post_id = g.post
JOIN insights_member m ON m.profile_id = g.profile AND m.measured AND m.measured_since <= p.appeared_at
JOIN insights_following w ON w.page_id = p.page_id AND w.viewer = m.pseudonym AND NOT w.outside
 AND w.since <= p.appeared_at AND (w.until IS NULL OR w.until > p.appeared_at)
WHERE p.chosen IS NULL OR p.chosen @> to_jsonb(m.pseudonym)
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (post_id, viewer) DO UPDATE SET state = excluded.state WHERE e.follower AND e.state > excluded.state
RETURNING e.post_id, e.viewer, e.follower, e.state, e.viewed_at, e.organic, e.paid, e.impressions
),
-- a table read in the statement that changes it says what was before
counted AS (
    SELECT n.*, 1 AS one FROM noted n
    UNION ALL
    SELECT e.post_id, e.viewer, e.follower, e.state, e.viewed_at, e.organic, e.paid, e.impressions, -1
    FROM noted n JOIN insights_encounter e ON e.post_id = n.post_id AND e.viewer = n.viewer
),
{{standings(counted)}}
SELECT count(*) FROM noted;

-- name: archive_alone
-- One archivist at a time.
SELECT pg_advisory_xact_lock(%(space)s, 1);

-- name: days_before
-- The days before one that there are facts of.
SELECT DISTINCT (f.at AT TIME ZONE 'UTC')::date FROM insights_fact f WHERE f.at < %(before)s ORDER BY 1;

-- name: files_of_day
-- How many files hold facts of a day.
SELECT count(*) FROM insights_factfile x WHERE x.day = %(day)s;

-- name: delete_day
-- Facts of a day, which are in a file now.
DELETE FROM insights_fact WHERE at >= %(since)s AND at < %(until)s;

-- name: note_file
-- The file counts from now on.
INSERT INTO insights_factfile (id, name, day, facts, written_at) VALUES (%(id)s, %(name)s, %(day)s, %(facts)s, %(at)s);

-- name: files_between
-- The files that hold facts of these days.
SELECT x.name FROM insights_factfile x WHERE x.day >= %(first)s AND x.day <= %(last)s ORDER BY x.day, x.name;

-- name: funnel_of_page
-- Viewers of a page whom it met, reached, and saw follow a link from a moment (on a quarter of an hour) until now,
-- each step a part of the one before; and those of the last step who are among some. Nobody else is looked at.
SELECT coalesce(sum(l.met), 0)::bigint, coalesce(sum(l.viewers), 0)::bigint, coalesce(sum(l.clicked), 0)::bigint,
       (SELECT count(*) FROM (SELECT DISTINCT unnest(%(ordered)s::bigint[]) AS viewer) o
        JOIN insights_pageviewer v ON v.page_id = %(page)s AND v.viewer = o.viewer
        WHERE v.last_at >= %(since)s AND v.clicked_at >= %(since)s)
FROM insights_lastseen l WHERE l.page_id = %(page)s AND l.at >= %(since)s;

-- name: funnel_of_all
-- The same of the whole house: whatever page it was.
SELECT count(*) FILTER (WHERE f.met), count(*) FILTER (WHERE f.reached), count(*) FILTER (WHERE f.reached AND f.clicked),
       count(*) FILTER (WHERE f.reached AND f.clicked AND f.viewer IN (SELECT unnest(%(ordered)s::bigint[])))
FROM (
    SELECT v.viewer, max(v.met_at) >= %(since)s AS met, max(v.last_at) >= %(since)s AS reached,
           max(v.clicked_at) >= %(since)s AS clicked
    FROM insights_pageviewer v WHERE v.met_at >= %(since)s OR v.clicked_at >= %(since)s GROUP BY v.viewer
) f;

-- name: with_all_hands
-- The one question that looks at all viewers of all pages may use two processes more, until the transaction ends.
SELECT set_config('max_parallel_workers_per_gather', '2', true);

-- name: pages_gone
-- Pages that facts were taken of and that are not there any more. The index is asked for one page after the other.
WITH RECURSIVE known AS (
    (SELECT h.page_id FROM insights_hourly h ORDER BY h.page_id LIMIT 1)
    UNION ALL
    SELECT (SELECT h.page_id FROM insights_hourly h WHERE h.page_id > k.page_id ORDER BY h.page_id LIMIT 1)
    FROM known k WHERE k.page_id IS NOT NULL
)
SELECT k.page_id FROM known k
WHERE k.page_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM brands_page g WHERE g.profile_id = k.page_id);

-- name: posts_gone
-- Posts that met somebody and are not there any more.
SELECT DISTINCT s.post_id FROM insights_standing s
WHERE NOT EXISTS (SELECT 1 FROM insights_measuredpost p WHERE p.post_id = s.post_id);

-- name: sweep_facts
-- Some facts of pages that are gone.
DELETE FROM insights_fact WHERE ctid = ANY(ARRAY(
    SELECT f.ctid FROM insights_fact f WHERE f.page_id = ANY(%(pages)s::bigint[]) LIMIT %(limit)s));

-- name: sweep_viewers
-- Some viewers of pages that are gone.
DELETE FROM insights_pageviewer WHERE ctid = ANY(ARRAY(
    SELECT v.ctid FROM insights_pageviewer v WHERE v.page_id = ANY(%(pages)s::bigint[]) LIMIT %(limit)s));

-- name: sweep_encounters
-- Some encounters of posts that are gone.
DELETE FROM insights_encounter WHERE ctid = ANY(ARRAY(
    SELECT e.ctid FROM insights_encounter e WHERE e.post_id = ANY(%(posts)s::bigint[]) LIMIT %(limit)s));

-- name: sweep_standings
-- What was counted of encounters that are gone.
DELETE FROM insights_standing s WHERE s.post_id = ANY(%(posts)s::bigint[])
  AND NOT EXISTS (SELECT 1 FROM insights_encounter e WHERE e.post_id = s.post_id);

-- name: page_told
-- Whether there is anything single of a page.
SELECT 1 WHERE EXISTS (SELECT 1 FROM insights_fact f WHERE f.page_id = %(page)s)
            OR EXISTS (SELECT 1 FROM insights_pageviewer v WHERE v.page_id = %(page)s);

-- name: sweep_last_seen
-- When viewers of a page that is gone were reached last.
DELETE FROM insights_lastseen WHERE page_id = %(page)s;

-- name: sweep_hours
-- The rollups of a page that is gone.
DELETE FROM insights_hourly WHERE page_id = %(page)s;

-- name: all_files
-- All files of facts.
SELECT x.name FROM insights_factfile x ORDER BY x.day, x.name;

-- name: count_file
-- How many facts a file holds now.
UPDATE insights_factfile SET facts = %(facts)s WHERE name = %(name)s AND facts <> %(facts)s;
