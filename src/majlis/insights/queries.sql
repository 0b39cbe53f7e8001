-- name: hold_facts
-- Who writes facts keeps out who erases a member's, and shares a page with nobody until the transaction ends.
-- Locks are taken in one order, so that two writers never wait for each other.
SELECT pg_advisory_xact_lock_shared(%(space)s, 0);

-- name: hold_pages
-- The pages, in the order of their locks.
SELECT pg_advisory_xact_lock(%(space)s, h.key)
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
-- New facts, and what is made of them, in one statement: encounters, hourly rollups, viewers by day. Only what is
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
           min((extract(epoch FROM f.at) * 1000000)::bigint * 64 + f.source * 2 + f.paid::int)
               FILTER (WHERE f.kind = 2) AS first_view
    FROM fresh f WHERE f.post_id <> 0 AND f.viewer <> 0
    GROUP BY f.page_id, f.post_id, f.viewer
),
firsts AS (
    SELECT t.page_id, t.post_id, t.first_view, e.first_view AS before
    FROM meeting t
    LEFT JOIN insights_encounter e ON e.post_id = t.post_id AND e.viewer = t.viewer
    WHERE t.first_view IS NOT NULL AND (e.first_view IS NULL OR t.first_view < e.first_view)
),
met AS (
    INSERT INTO insights_encounter AS e (post_id, viewer, follower, state, organic, paid, impressions,
                                         served_at, viewed_at, engaged_at, first_view)
    SELECT t.post_id, t.viewer,
           EXISTS (
               SELECT 1 FROM insights_measuredpost p
               JOIN insights_following w ON w.page_id = p.page_id AND w.viewer = t.viewer AND NOT w.outside
                AND w.since <= p.appeared_at AND (w.until IS NULL OR w.until > p.appeared_at)
               WHERE p.post_id = t.post_id AND (p.chosen IS NULL OR p.chosen @> to_jsonb(t.viewer))
           ),
           t.state, t.organic, t.paid, t.impressions, t.served_at, t.viewed_at, t.engaged_at, t.first_view
    FROM meeting t
    ORDER BY t.post_id, t.viewer
    ON CONFLICT (post_id, viewer) DO UPDATE SET
        state = least(e.state, excluded.state), organic = e.organic OR excluded.organic, paid = e.paid OR excluded.paid,
        impressions = e.impressions + excluded.impressions, served_at = least(e.served_at, excluded.served_at),
        viewed_at = least(e.viewed_at, excluded.viewed_at), engaged_at = least(e.engaged_at, excluded.engaged_at),
        first_view = least(e.first_view, excluded.first_view)
),
moves AS (
    SELECT f.page_id, f.post_id, f.kind, f.source, f.paid, date_trunc('hour', f.at, 'UTC') AS hour,
           count(*) AS facts, 0 AS reach
    FROM fresh f GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT v.page_id, v.post_id, 2, (v.view %% 64 / 2)::smallint, v.view %% 2 = 1,
           date_trunc('hour', 'epoch'::timestamptz + v.view / 64 * interval '1 microsecond', 'UTC'), 0, v.change
    FROM (
        SELECT n.page_id, n.post_id, n.first_view AS view, 1 AS change FROM firsts n
        UNION ALL
        SELECT n.page_id, n.post_id, n.before, -1 FROM firsts n WHERE n.before IS NOT NULL
    ) v
),
hours AS (
    INSERT INTO insights_hourly AS h (page_id, hour, post_id, kind, source, paid, facts, reach)
    SELECT m.page_id, m.hour, m.post_id, m.kind, m.source, m.paid, sum(m.facts), sum(m.reach)
    FROM moves m GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (page_id, hour, post_id, kind, source, paid) DO UPDATE
        SET facts = h.facts + excluded.facts, reach = h.reach + excluded.reach
),
days AS (
    INSERT INTO insights_dayviewer AS d (page_id, day, viewer, follower)
    SELECT f.page_id, (f.at AT TIME ZONE 'UTC')::date, f.viewer, bool_or(EXISTS (
               SELECT 1 FROM insights_following w
               WHERE w.page_id = f.page_id AND w.viewer = f.viewer AND w.since <= f.at AND (w.until IS NULL OR w.until > f.at)
           ))
    FROM fresh f WHERE f.kind = 2 AND f.viewer <> 0
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (page_id, day, viewer) DO UPDATE SET follower = true WHERE excluded.follower AND NOT d.follower
)
SELECT count(*) FROM fresh;
