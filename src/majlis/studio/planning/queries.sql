-- name: history
-- Posts of a page for all its followers, newest first: what each was, and what its first seven days came to until a
-- moment. Reach of the hours of one post may be added up.
SELECT p.post_id, p.appeared_at, coalesce(p.eligible, c.followers, 0),
       CASE WHEN t.kind = 'article' THEN 'article'
            WHEN EXISTS (SELECT FROM posts_poll q WHERE q.post_id = t.id) THEN 'poll'
            WHEN EXISTS (SELECT FROM media_photo m WHERE m.post_id = t.id) THEN 'photo' ELSE 'text' END,
       coalesce(h.paid, false), char_length(t.text), coalesce(h.reach, 0)::bigint, coalesce(h.clicks, 0)::bigint,
       EXISTS (SELECT FROM studio_trackedlink l WHERE l.post_id = t.id)
FROM insights_measuredpost p
JOIN posts_post t ON t.id = p.post_id AND t.deleted_at IS NULL AND t.reply_to_id IS NULL AND t.boost_of_id IS NULL
LEFT JOIN people_profilecount c ON c.profile_id = p.page_id
LEFT JOIN LATERAL (
    SELECT sum(o.reach) AS reach, sum(o.facts) FILTER (WHERE o.kind = 10) AS clicks,
           bool_or(o.paid) FILTER (WHERE o.kind = 2) AS paid
    FROM insights_hourly o
    WHERE o.post_id = p.post_id AND o.hour < least(p.appeared_at + interval '7 days', %(until)s)
) h ON true
WHERE p.page_id = %(page)s AND p.chosen IS NULL AND p.appeared_at < %(until)s
ORDER BY p.appeared_at DESC, p.post_id DESC LIMIT %(limit)s;

-- name: lenders
-- Posts of other pages of like size, that had their seven days: the newest twenty of each of a hundred pages.
WITH alike AS (
    SELECT c.profile_id AS page_id FROM people_profilecount c JOIN brands_page g ON g.profile_id = c.profile_id
    WHERE c.profile_id <> %(page)s AND c.followers BETWEEN %(fewest)s AND %(most)s
    ORDER BY c.profile_id DESC LIMIT 100
)
SELECT p.page_id, p.appeared_at, p.eligible, coalesce(h.reach, 0)::bigint, coalesce(h.clicks, 0)::bigint,
       EXISTS (SELECT FROM studio_trackedlink l WHERE l.post_id = p.post_id)
FROM alike a
CROSS JOIN LATERAL (
    SELECT m.* FROM insights_measuredpost m
    WHERE m.page_id = a.page_id AND m.chosen IS NULL AND m.eligible IS NOT NULL
      AND m.appeared_at < %(until)s - interval '7 days' AND m.appeared_at > %(until)s - interval '365 days'
    ORDER BY m.appeared_at DESC LIMIT 20
) p
LEFT JOIN LATERAL (
    SELECT sum(o.reach) AS reach, sum(o.facts) FILTER (WHERE o.kind = 10) AS clicks
    FROM insights_hourly o WHERE o.post_id = p.post_id AND o.hour < p.appeared_at + interval '7 days'
) h ON true;

-- name: followers
-- How many follow a page now, and its time zone.
SELECT coalesce(c.followers, 0), g.time_zone FROM brands_page g
LEFT JOIN people_profilecount c ON c.profile_id = g.profile_id WHERE g.profile_id = %(page)s;

-- name: left_post
-- A post of a page as it appeared.
SELECT p.appeared_at, p.chosen IS NULL,
       CASE WHEN t.kind = 'article' THEN 'article'
            WHEN EXISTS (SELECT FROM posts_poll q WHERE q.post_id = t.id) THEN 'poll'
            WHEN EXISTS (SELECT FROM media_photo m WHERE m.post_id = t.id) THEN 'photo' ELSE 'text' END,
       char_length(t.text), EXISTS (SELECT FROM studio_trackedlink l WHERE l.post_id = t.id),
       coalesce(p.eligible, c.followers, 0)
FROM insights_measuredpost p JOIN posts_post t ON t.id = p.post_id
LEFT JOIN people_profilecount c ON c.profile_id = p.page_id
WHERE p.post_id = %(post)s AND p.page_id = %(page)s AND t.reply_to_id IS NULL AND t.boost_of_id IS NULL;

-- name: keep_forecast
-- What was expected; once.
INSERT INTO studio_forecast (post_id, outcome, page_id, low, middle, high, basis, posts, lender, lenders, widened,
                             appeared_at, made_at)
VALUES (%(post)s, %(outcome)s, %(page)s, %(low)s, %(middle)s, %(high)s, %(basis)s, %(posts)s, %(lender)s, %(lenders)s,
        %(widened)s, %(appeared_at)s, %(at)s)
ON CONFLICT (post_id, outcome) DO NOTHING;

-- name: score
-- Those whose seven days are over, held against what came; a post that is gone is forgotten. Under ten is one group:
-- neither end of a range lies in it, so it is inside exactly when the range begins below.
WITH due AS MATERIALIZED (
    SELECT f.post_id, f.outcome, f.low, f.high, f.appeared_at FROM studio_forecast f
    WHERE f.scored_at IS NULL AND f.appeared_at <= %(at)s - interval '7 days'
    ORDER BY f.appeared_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), came AS (
    SELECT d.post_id, d.outcome, coalesce(sum(CASE WHEN d.outcome = 'reach' THEN o.reach
                                                   WHEN o.kind = 10 THEN o.facts END), 0)::int AS came
    FROM due d LEFT JOIN insights_hourly o ON o.post_id = d.post_id AND o.hour < d.appeared_at + interval '7 days'
    GROUP BY d.post_id, d.outcome
)
UPDATE studio_forecast f SET came = c.came, held = c.came BETWEEN f.low AND f.high, scored_at = %(at)s
FROM came c WHERE f.post_id = c.post_id AND f.outcome = c.outcome;

-- name: forget_gone
-- What was expected of posts that are not there any more.
DELETE FROM studio_forecast f WHERE f.scored_at IS NULL AND f.appeared_at <= %(at)s - interval '7 days'
AND NOT EXISTS (SELECT FROM posts_post p WHERE p.id = f.post_id AND p.deleted_at IS NULL);

-- name: forecasts_of_post
-- What was expected of a post of the page.
SELECT f.post_id, f.outcome, f.low, f.middle, f.high, f.basis, f.posts, f.lender, f.lenders, f.widened, f.appeared_at,
       f.came, f.held, f.scored_at
FROM studio_forecast f WHERE f.page_id = %(page)s AND f.post_id = %(post)s ORDER BY f.outcome DESC;

-- name: forecasts
-- What was expected of a page's posts until a moment, newest first.
SELECT f.post_id, f.outcome, f.low, f.middle, f.high, f.basis, f.posts, f.lender, f.lenders, f.widened, f.appeared_at,
       f.came, f.held, f.scored_at
FROM studio_forecast f
WHERE f.page_id = %(page)s AND f.appeared_at < %(until)s ORDER BY f.appeared_at DESC, f.post_id DESC, f.outcome DESC
LIMIT %(limit)s;

-- name: held_before
-- Whether a page's ranges held, oldest first, of those that were known at a moment. Ranges that begin at nobody are left
-- out: with one to nine taken as one group they hold more often than they should.
SELECT h.held FROM (
    SELECT f.held, f.appeared_at, f.post_id FROM studio_forecast f
    WHERE f.page_id = %(page)s AND f.outcome = %(outcome)s AND f.scored_at <= %(at)s AND f.low > 0
    ORDER BY f.appeared_at DESC, f.post_id DESC LIMIT %(limit)s
) h ORDER BY h.appeared_at, h.post_id;

-- name: titles
-- The first words of posts that are there.
SELECT p.id, left(coalesce(nullif(p.title, ''), p.text), 200) FROM posts_post p
WHERE p.id = ANY(%(posts)s) AND p.deleted_at IS NULL;

-- name: interview
-- What a business said of itself.
SELECT i.answers::text, i.step, i.done_at, i.changed_at FROM studio_interview i WHERE i.page_id = %(page)s;

-- name: keep_interview
-- The answers so far; ``step`` never goes back, nor does it become undone.
INSERT INTO studio_interview (page_id, answers, step, done_at, changed_by_id, changed_at)
VALUES (%(page)s, %(answers)s::jsonb, %(step)s, %(done_at)s, %(by)s, %(at)s)
ON CONFLICT (page_id) DO UPDATE SET answers = excluded.answers, step = greatest(studio_interview.step, excluded.step),
    done_at = coalesce(studio_interview.done_at, excluded.done_at), changed_by_id = excluded.changed_by_id,
    changed_at = excluded.changed_at;

-- name: hours_of_posts
-- Seconds of work on posts that came out in a window, and how many of them somebody worked on.
SELECT coalesce(sum(w.seconds), 0)::bigint, count(DISTINCT e.post_id) FROM studio_work w
JOIN studio_entry e ON e.id = w.entry_id AND e.post_id IS NOT NULL AND e.published_at >= %(since)s
WHERE w.page_id = %(page)s AND w.seconds > 0;

-- name: plan
-- The plan of a page.
SELECT p.ground::text, p.test::text, p.made_at, p.looked_at FROM studio_plan p WHERE p.page_id = %(page)s;

-- name: plan_held
-- The same, held: two that look at it wait for one another.
SELECT p.ground::text, p.test::text, p.made_at, p.looked_at FROM studio_plan p WHERE p.page_id = %(page)s FOR UPDATE;

-- name: keep_plan
-- What a plan stands on now.
INSERT INTO studio_plan (page_id, ground, made_by_id, made_at, looked_at)
VALUES (%(page)s, %(ground)s::jsonb, %(by)s, %(at)s, %(at)s)
ON CONFLICT (page_id) DO UPDATE SET ground = excluded.ground, looked_at = excluded.looked_at;

-- name: keep_test
-- What its choices would have been worth.
UPDATE studio_plan SET test = %(test)s::jsonb WHERE page_id = %(page)s;

-- name: forget_lines
-- Proposals that nobody took and that are still to come, or that nobody took in time.
DELETE FROM studio_planline l
WHERE l.page_id = %(page)s AND l.entry_id IS NULL
  AND (l.due_at < %(at)s OR l.dropped_at IS NULL AND l.moved_at IS NULL);

-- name: keep_line
-- A proposal.
INSERT INTO studio_planline (id, page_id, due_at, proposal) VALUES (%(id)s, %(page)s, %(due)s, %(proposal)s::jsonb)
ON CONFLICT (page_id, due_at) DO NOTHING;

-- name: lines
-- The proposals of some days in their order, with what became of each.
SELECT l.id, l.due_at, l.proposal::text, e.id, l.dropped_at, e.post_id, e.due_at
FROM studio_planline l LEFT JOIN studio_entry e ON e.id = l.entry_id AND e.discarded_at IS NULL
WHERE l.page_id = %(page)s AND l.due_at >= %(since)s AND l.due_at < %(until)s ORDER BY l.due_at, l.id;

-- name: line_held
-- A proposal of the page, held.
SELECT l.id, l.due_at, l.proposal::text, e.id, l.dropped_at, e.post_id, e.due_at
FROM studio_planline l LEFT JOIN studio_entry e ON e.id = l.entry_id AND e.discarded_at IS NULL
WHERE l.page_id = %(page)s AND l.id = %(id)s FOR UPDATE OF l;

-- name: line_of_entry
-- The hour that was proposed for an entry.
SELECT l.due_at FROM studio_planline l WHERE l.page_id = %(page)s AND l.entry_id = %(entry)s;

-- name: take_line
-- It is a draft now.
UPDATE studio_planline SET entry_id = %(entry)s, dropped_at = NULL WHERE id = %(id)s;

-- name: drop_line
-- Somebody does not want it, or does after all.
UPDATE studio_planline SET dropped_at = %(at)s WHERE id = %(id)s;

-- name: already_planned
-- Moments at which something of the page is to leave by itself, or was proposed and taken.
SELECT e.due_at FROM studio_entry e
WHERE e.page_id = %(page)s AND e.discarded_at IS NULL AND e.post_id IS NULL AND e.due_at >= %(since)s AND e.due_at < %(until)s
UNION
SELECT l.due_at FROM studio_planline l JOIN studio_entry e ON e.id = l.entry_id AND e.discarded_at IS NULL
WHERE l.page_id = %(page)s AND e.due_at IS NULL AND e.post_id IS NULL AND l.due_at >= %(since)s AND l.due_at < %(until)s
UNION
SELECT l.due_at FROM studio_planline l
WHERE l.page_id = %(page)s AND l.entry_id IS NULL AND l.dropped_at IS NULL AND l.moved_at IS NOT NULL
  AND l.due_at >= %(since)s AND l.due_at < %(until)s;

-- name: plans_to_look_at
-- Pages whose plan was not looked at for a week.
SELECT p.page_id FROM studio_plan p WHERE p.looked_at <= %(before)s ORDER BY p.looked_at LIMIT %(limit)s;

-- name: note_revision
-- What a look at the plan changed.
INSERT INTO studio_revision (id, page_id, changes, made_at) VALUES (%(id)s, %(page)s, %(changes)s::jsonb, %(at)s);

-- name: revisions
-- What looks at the plan changed, newest first.
SELECT r.id, r.changes::text, r.made_at FROM studio_revision r WHERE r.page_id = %(page)s ORDER BY r.made_at DESC, r.id DESC
LIMIT %(limit)s;

-- name: groups
-- Groups of customers that can be written to, by their circles, and how many each reaches.
SELECT g.circle_id, g.name, count(p.id) FROM studio_segment g
JOIN people_circlemember m ON m.circle_id = g.circle_id
JOIN people_profile p ON p.id = m.member_id AND p.withdrawn_at IS NULL
WHERE g.page_id = %(page)s GROUP BY g.id;

-- name: move_line
-- A proposal at another hour, which is somebody's wish: no look at the plan forgets it.
UPDATE studio_planline SET due_at = %(due)s, proposal = %(proposal)s::jsonb, moved_at = %(at)s WHERE id = %(id)s
AND NOT EXISTS (SELECT FROM studio_planline o WHERE o.page_id = %(page)s AND o.due_at = %(due)s AND o.id <> %(id)s);
