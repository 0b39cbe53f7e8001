-- name: holds
-- What is withheld now or later.
SELECT h.post_id, e.page_id, e.key, h.draw, h.low, h.high, h.until, h.others
FROM studio_held h JOIN studio_experiment e ON e.id = h.experiment_id WHERE h.until > %(at)s;

-- name: numbers
-- Members' numbers in draws: their pseudonyms, of those who are measured and take part.
SELECT m.profile_id, m.pseudonym FROM insights_member m JOIN people_profile p ON p.id = m.profile_id
WHERE m.profile_id = ANY(%(viewers)s) AND m.measured AND coalesce((p.preferences ->> 'experiments')::boolean, true);

-- name: for_entry
-- What becomes of a post that an entry is about to be: the two versions it is one of (not ended), or else the
-- holdout that runs, unless it is about safety or care.
SELECT e.id, e.kind, e.key, e.share, e.ends_at, e.entry_a_id, e.entry_b_id
FROM studio_experiment e
WHERE e.page_id = %(page)s AND e.ended_at IS NULL
  AND (e.entry_a_id = %(entry)s OR e.entry_b_id = %(entry)s
       OR (e.kind = 'holdout' AND NOT EXISTS (SELECT 1 FROM studio_neverheld n WHERE n.entry_id = %(entry)s)))
ORDER BY e.kind = 'holdout', e.id LIMIT 1;

-- name: hold
-- A post is withheld.
INSERT INTO studio_held (post_id, experiment_id, part_of, arm, draw, low, high, others, since, until)
VALUES (%(post)s, %(experiment)s, %(part_of)s, %(arm)s, %(draw)s, %(low)s, %(high)s, %(others)s, %(at)s, %(until)s)
ON CONFLICT (post_id) DO NOTHING;

-- name: place_later
-- A post is placed once more from a moment on, for those it is withheld from until then, or for all.
INSERT INTO studio_again (id, page_id, post_id, experiment_id, reason, draw, low, high, since, until, made_by_id)
VALUES (%(id)s, %(page)s, %(post)s, %(experiment)s, %(reason)s, %(draw)s, %(low)s, %(high)s, %(since)s, %(until)s, %(by)s)
ON CONFLICT (post_id, reason) DO NOTHING;

-- name: agains
-- What may be placed once more now or later.
SELECT a.id, a.page_id, a.post_id, a.reason, e.key, a.draw, a.low, a.high, a.since, a.until
FROM studio_again a LEFT JOIN studio_experiment e ON e.id = a.experiment_id
WHERE a.stopped_at IS NULL AND a.until > %(at)s ORDER BY a.since, a.id;

-- name: may_be_placed
-- Of some posts those that may be placed once more for a viewer: she was eligible when each appeared, is measured,
-- has not viewed it, and it was not placed before. With each the hour of the day (UTC) at which she opens feeds most
-- often, of the last sixty days; null where fewer than five openings are known.
WITH usual AS (
    SELECT CASE WHEN sum(o.times) >= 5 THEN (array_agg(o.hour ORDER BY o.times DESC, o.hour))[1] END AS hour
    FROM (
        SELECT date_part('hour', e.served_at AT TIME ZONE 'UTC')::int AS hour,
               count(DISTINCT date_trunc('hour', e.served_at)) AS times
        FROM insights_encounter e
        WHERE e.viewer = %(viewer)s AND e.served_at > %(at)s::timestamptz - interval '60 days' GROUP BY 1
    ) o
)
SELECT p.post_id, u.hour
FROM insights_measuredpost p CROSS JOIN usual u
JOIN insights_member m ON m.pseudonym = %(viewer)s AND m.measured AND m.measured_since <= p.appeared_at
JOIN insights_following w ON w.page_id = p.page_id AND w.viewer = %(viewer)s AND NOT w.outside
 AND w.since <= p.appeared_at AND (w.until IS NULL OR w.until > p.appeared_at)
WHERE p.post_id = ANY(%(posts)s::bigint[]) AND (p.chosen IS NULL OR p.chosen @> to_jsonb(m.pseudonym))
  AND NOT EXISTS (SELECT 1 FROM insights_encounter e
                  WHERE e.post_id = p.post_id AND e.viewer = %(viewer)s AND (e.viewed_at IS NOT NULL OR e.engaged_at IS NOT NULL))
  AND NOT EXISTS (SELECT 1 FROM studio_placedagain g WHERE g.post_id = p.post_id AND g.viewer = %(viewer)s);

-- name: place
-- It is placed, unless she viewed it meanwhile or it was placed before: nothing then.
INSERT INTO studio_placedagain (post_id, viewer, again_id, at)
SELECT %(post)s, %(viewer)s, %(again)s, %(at)s
WHERE NOT EXISTS (SELECT 1 FROM insights_encounter e
                  WHERE e.post_id = %(post)s AND e.viewer = %(viewer)s AND (e.viewed_at IS NOT NULL OR e.engaged_at IS NOT NULL))
ON CONFLICT (post_id, viewer) DO NOTHING;

-- name: takes_second_chances
-- A member's number, when she is measured and lets posts be placed once more.
SELECT m.pseudonym FROM insights_member m JOIN people_profile p ON p.id = m.profile_id
WHERE m.profile_id = %(viewer)s AND m.measured AND coalesce((p.preferences ->> 'second_chance')::boolean, true);

-- name: placed_for
-- Why and when a post was placed once more for her.
SELECT a.page_id, a.post_id, a.reason, g.at
FROM insights_member m JOIN studio_placedagain g ON g.viewer = m.pseudonym AND g.post_id = %(post)s
JOIN studio_again a ON a.id = g.again_id
WHERE m.profile_id = %(profile)s;

-- name: forget_viewer
-- What was placed for a pseudonym that is nobody's any more.
DELETE FROM studio_placedagain WHERE viewer = %(viewer)s;

-- name: start
-- An experiment begins.
INSERT INTO studio_experiment (id, page_id, kind, name, key, share, entry_a_id, entry_b_id, made_by_id, made_at, ends_at,
                               stopped_early, chosen)
VALUES (%(id)s, %(page)s, %(kind)s, %(name)s, %(key)s, %(share)s, %(entry_a)s, %(entry_b)s, %(by)s, %(at)s, %(ends_at)s,
        false, '');

-- name: experiments
-- The experiments of a page, those that run first; or one.
SELECT e.id, e.kind, e.name, e.share, e.entry_a_id, e.entry_b_id, a.post_id, b.post_id, e.made_at,
       (SELECT min(h.since) FROM studio_held h WHERE h.experiment_id = e.id), e.ends_at, e.ended_at,
       e.stopped_early, e.chosen,
       (SELECT count(*) FROM studio_held h WHERE h.experiment_id = e.id AND h.part_of IS NULL)
FROM studio_experiment e
LEFT JOIN studio_entry a ON a.id = e.entry_a_id LEFT JOIN studio_entry b ON b.id = e.entry_b_id
WHERE e.page_id = %(page)s AND (%(id)s::bigint IS NULL OR e.id = %(id)s)
ORDER BY e.ended_at IS NOT NULL, e.id DESC LIMIT 100;

-- name: lock_experiment
-- One experiment, held until the end of the transaction.
SELECT e.kind, e.ends_at, e.ended_at, e.key FROM studio_experiment e
WHERE e.id = %(id)s AND e.page_id = %(page)s FOR UPDATE;

-- name: end
-- It is over.
UPDATE studio_experiment SET ended_at = %(at)s, ended_by_id = %(by)s, stopped_early = %(early)s, chosen = %(chosen)s
WHERE id = %(id)s AND ended_at IS NULL;

-- name: held_of
-- The posts of an experiment, oldest first, without their further parts.
SELECT h.post_id, h.arm, h.draw, h.low, h.high, h.since, h.until FROM studio_held h
WHERE h.experiment_id = %(id)s AND h.part_of IS NULL ORDER BY h.post_id;

-- name: hold_until
-- A post and its parts are withheld until another moment.
UPDATE studio_held SET until = %(until)s
WHERE experiment_id = %(id)s AND (%(arm)s::text IS NULL OR arm = %(arm)s) AND until > %(at)s;

-- name: due
-- Experiments whose date has come.
SELECT e.id, e.page_id FROM studio_experiment e
WHERE e.ended_at IS NULL AND e.ends_at <= %(at)s ORDER BY e.id LIMIT 50;

-- name: held_entry
-- Whether an entry is in an experiment that runs.
SELECT 1 FROM studio_experiment e
WHERE e.ended_at IS NULL AND (e.entry_a_id = ANY(%(entries)s::bigint[]) OR e.entry_b_id = ANY(%(entries)s::bigint[]));

-- name: lock_page
-- Experiments of a page begin one after the other.
SELECT 1 FROM brands_page g WHERE g.profile_id = %(page)s FOR UPDATE;

-- name: never_hold
-- It is about safety or care.
INSERT INTO studio_neverheld (entry_id) VALUES (%(entry)s) ON CONFLICT DO NOTHING;

-- name: hold_again
-- It is not, after all.
DELETE FROM studio_neverheld WHERE entry_id = %(entry)s;

-- name: is_never_held
-- Whether it is marked as about safety or care.
SELECT 1 FROM studio_neverheld n WHERE n.entry_id = %(entry)s;

-- name: post_of_page
-- A measured post of a page that all its followers may see: when it appeared, whether it answers somebody.
SELECT p.appeared_at FROM insights_measuredpost p JOIN posts_post o ON o.id = p.post_id AND o.deleted_at IS NULL
WHERE p.post_id = %(post)s AND p.page_id = %(page)s AND p.audience IN ('public', 'unlisted', 'followers');

-- name: recent_posts
-- Posts of a page that may be given a second chance: measured, of a week, not placed yet.
SELECT p.post_id, p.appeared_at FROM insights_measuredpost p JOIN posts_post o ON o.id = p.post_id AND o.deleted_at IS NULL
WHERE p.page_id = %(page)s AND p.audience IN ('public', 'unlisted', 'followers') AND p.appeared_at > %(since)s
  AND p.appeared_at <= %(until)s
  AND NOT EXISTS (SELECT 1 FROM studio_again a WHERE a.post_id = p.post_id AND a.reason = 'second_chance')
ORDER BY p.appeared_at DESC LIMIT 20;

-- name: agains_of_page
-- What is or was placed once more for a page, the newest first; how many homes it was placed in, and how many of
-- those viewed it since.
SELECT a.id, a.post_id, a.reason, a.since, a.until, a.stopped_at,
       (SELECT count(*) FROM studio_placedagain g WHERE g.again_id = a.id),
       (SELECT count(*) FROM studio_placedagain g JOIN insights_encounter e ON e.post_id = g.post_id AND e.viewer = g.viewer
        WHERE g.again_id = a.id AND e.viewed_at >= g.at - interval '1 minute')
FROM studio_again a WHERE a.page_id = %(page)s AND a.since <= %(at)s ORDER BY a.id DESC LIMIT 50;

-- name: stop_again
-- It is placed in no further home.
UPDATE studio_again SET stopped_at = %(at)s WHERE id = %(id)s AND page_id = %(page)s AND stopped_at IS NULL;

-- name: outcomes
-- Of each withheld post: every follower it was for and who is measured (not on another server), whether any feed met
-- her before its time was over, whether she viewed it, and whether she, within the time it was withheld, ordered,
-- visited or followed a link, or did anything with posts of the page.
WITH held AS (
    SELECT h.post_id, h.since, h.since + (%(hours)s || ' hours')::interval AS until, p.page_id, p.appeared_at, p.chosen
    FROM unnest(%(posts)s::bigint[]) AS g (post_id)
    JOIN studio_held h ON h.post_id = g.post_id
    JOIN insights_measuredpost p ON p.post_id = h.post_id
),
did AS (
    SELECT h.post_id, f.viewer, bool_or(f.kind = 11) AS ordered, bool_or(f.kind IN (9, 10)) AS visited,
           bool_or(f.kind = ANY(%(interactions)s::smallint[])) AS engaged
    FROM held h JOIN insights_fact f ON f.page_id = h.page_id AND f.at >= h.since AND f.at < h.until
    WHERE f.viewer <> 0 AND f.kind > 2 GROUP BY 1, 2
)
SELECT h.post_id, w.viewer, e.viewer IS NOT NULL, coalesce(d.ordered, false), coalesce(d.visited, false),
       coalesce(d.engaged, false)
FROM held h
JOIN insights_following w ON w.page_id = h.page_id AND NOT w.outside AND w.since <= h.appeared_at
 AND (w.until IS NULL OR w.until > h.appeared_at)
JOIN insights_member m ON m.pseudonym = w.viewer AND m.measured AND m.measured_since <= h.appeared_at
JOIN people_profile r ON r.id = m.profile_id AND coalesce((r.preferences ->> 'experiments')::boolean, true)
LEFT JOIN insights_encounter e ON e.post_id = h.post_id AND e.viewer = w.viewer
LEFT JOIN did d ON d.post_id = h.post_id AND d.viewer = w.viewer
WHERE h.chosen IS NULL OR h.chosen @> to_jsonb(w.viewer)
ORDER BY h.post_id, w.viewer;

-- name: version_outcomes
-- Of each version of a post: every follower it was for and who takes part, whether she viewed it and whether she did
-- something with it, followed one of its links, or ordered, while the test ran.
SELECT p.post_id, w.viewer, e.viewed_at < %(until)s, e.engaged_at < %(until)s,
       EXISTS (SELECT 1 FROM insights_fact f WHERE f.post_id = p.post_id AND f.viewer = w.viewer AND f.kind = 10 AND f.at < %(until)s),
       EXISTS (SELECT 1 FROM insights_fact f WHERE f.post_id = p.post_id AND f.viewer = w.viewer AND f.kind = 11 AND f.at < %(until)s)
FROM insights_measuredpost p
JOIN insights_following w ON w.page_id = p.page_id AND NOT w.outside AND w.since <= p.appeared_at
 AND (w.until IS NULL OR w.until > p.appeared_at)
JOIN insights_member m ON m.pseudonym = w.viewer AND m.measured AND m.measured_since <= p.appeared_at
JOIN people_profile r ON r.id = m.profile_id AND coalesce((r.preferences ->> 'experiments')::boolean, true)
LEFT JOIN insights_encounter e ON e.post_id = p.post_id AND e.viewer = w.viewer
WHERE p.post_id = ANY(%(posts)s::bigint[])
ORDER BY p.post_id, w.viewer;

-- name: takes_part
-- For how many posts of pages that she follows a member was in a draw, since a moment; how many of them were withheld
-- from her when she opened a feed; how many posts were placed once more for her.
SELECT count(h.post_id), count(*) FILTER (WHERE e.state = 4),
       (SELECT count(*) FROM studio_placedagain g WHERE g.viewer = m.pseudonym AND g.at > %(since)s)
FROM insights_member m
LEFT JOIN (studio_held h JOIN insights_measuredpost p ON p.post_id = h.post_id
           JOIN insights_following w ON w.page_id = p.page_id AND w.since <= p.appeared_at
            AND (w.until IS NULL OR w.until > p.appeared_at))
  ON w.viewer = m.pseudonym AND h.part_of IS NULL AND h.since > %(since)s
LEFT JOIN insights_encounter e ON e.post_id = h.post_id AND e.viewer = m.pseudonym
WHERE m.profile_id = %(profile)s AND m.measured GROUP BY m.pseudonym;

-- name: key
-- What lots are drawn with.
SELECT e.key FROM studio_experiment e WHERE e.id = %(id)s;

-- name: link_tests
-- The tests of a link, the newest first.
SELECT t.id, t.link_id, t.target_b, t.key, t.made_at, t.ends_at, t.ended_at, t.stopped_early, t.chosen
FROM studio_linktest t WHERE t.link_id = %(link)s AND t.page_id = %(page)s ORDER BY t.id DESC LIMIT 20;

-- name: link_tests_due
-- Tests of links whose date has come, with the code.
SELECT l.code, t.id, t.link_id, t.target_b, t.key, t.made_at, t.ends_at, t.ended_at, t.stopped_early, t.chosen
FROM studio_linktest t JOIN studio_trackedlink l ON l.id = t.link_id
WHERE t.ended_at IS NULL AND t.ends_at <= %(at)s ORDER BY t.id LIMIT 50;

-- name: start_link_test
-- A test of a link begins.
INSERT INTO studio_linktest (id, link_id, page_id, target_b, key, made_by_id, made_at, ends_at, stopped_early, chosen)
VALUES (%(id)s, %(link)s, %(page)s, %(target)s, %(key)s, %(by)s, %(at)s, %(ends_at)s, false, '');

-- name: end_link_test
-- It is over.
UPDATE studio_linktest SET ended_at = %(at)s, ended_by_id = %(by)s, stopped_early = %(early)s, chosen = %(chosen)s
WHERE id = %(id)s AND ended_at IS NULL;

-- name: lock_link
-- A link, held until the end of the transaction.
SELECT 1 FROM studio_trackedlink l WHERE l.id = %(link)s AND l.page_id = %(page)s FOR UPDATE;

-- name: retarget
-- It leads to the other target from now on.
UPDATE studio_trackedlink SET target = %(target)s WHERE id = %(link)s;

-- name: clicks_of_test
-- The clicks on a link in a time, and whether an order or event came of each that stands.
SELECT c.token, EXISTS (SELECT 1 FROM studio_order o WHERE o.click_id = c.id AND o.placed AND o.cancelled_at IS NULL)
FROM studio_click c WHERE c.link_id = %(link)s AND c.made_at >= %(since)s AND c.made_at < %(until)s;
