-- name: entry
-- One entry of a page.
{{entry}} WHERE e.id = %(id)s AND e.page_id = %(page)s;

-- name: entry_locked
-- The same, held until the end of the transaction.
{{entry}} WHERE e.id = %(id)s AND e.page_id = %(page)s FOR NO KEY UPDATE OF e;

-- name: due_entry
-- What is to leave, taken by one worker: its hour has come, and it is none of those left for later.
{{entry}} WHERE e.due_at <= %(at)s AND e.post_id IS NULL AND e.failed_at IS NULL AND e.discarded_at IS NULL
  AND e.id <> ALL(%(skip)s)
ORDER BY e.due_at, e.id LIMIT 1 FOR NO KEY UPDATE OF e SKIP LOCKED;

-- name: between
-- The calendar of a page: what has an hour, or had one, between two moments.
{{entry}} WHERE e.page_id = %(page)s AND e.discarded_at IS NULL
  AND e.due_at >= %(start)s AND e.due_at < %(end)s
ORDER BY e.due_at, e.id LIMIT %(limit)s;

-- name: upcoming
-- The plan of a page as a list, in order, from a moment and an id on.
{{entry}} WHERE e.page_id = %(page)s AND e.discarded_at IS NULL AND e.due_at IS NOT NULL
  AND (e.due_at, e.id) > (%(after)s, %(after_id)s)
ORDER BY e.due_at, e.id LIMIT %(limit)s;

-- name: drafts
-- What has no hour yet, what was changed last first.
{{entry}} WHERE e.page_id = %(page)s AND e.discarded_at IS NULL AND e.post_id IS NULL AND e.failed_at IS NULL
  AND e.due_at IS NULL AND e.queued_at IS NULL AND (e.changed_at, e.id) < (%(before)s, %(below)s)
ORDER BY e.changed_at DESC, e.id DESC LIMIT %(limit)s;

-- name: queued
-- The queue of a page in its order.
{{entry}} WHERE e.page_id = %(page)s AND e.queued_at IS NOT NULL AND e.post_id IS NULL AND e.failed_at IS NULL
  AND e.discarded_at IS NULL
ORDER BY e.queued_at, e.id;

-- name: waiting
-- What waits for somebody's yes, what was asked first first. What failed for want of it is listed as failed, once.
{{entry}} WHERE e.page_id = %(page)s AND e.asked_at IS NOT NULL AND e.post_id IS NULL AND e.failed_at IS NULL
  AND e.discarded_at IS NULL
  AND (d.made_at IS NULL OR e.asked_at > d.made_at)
ORDER BY e.asked_at, e.id LIMIT %(limit)s;

-- name: refused
-- What somebody should change: the last word was no, to the version that stands, and it is hers to change. The
-- latest no first.
{{entry}} WHERE e.page_id = %(page)s AND e.asked_at IS NOT NULL AND e.post_id IS NULL AND e.failed_at IS NULL
  AND e.discarded_at IS NULL AND NOT d.approved AND d.version = e.version AND d.made_at >= e.asked_at
  AND (e.asked_by_id = %(by)s OR e.asked_by_id IS NULL AND e.changed_by_id = %(by)s)
ORDER BY d.made_at DESC, e.id DESC LIMIT %(limit)s;

-- name: failed
-- What did not leave, newest first.
{{entry}} WHERE e.page_id = %(page)s AND e.failed_at IS NOT NULL AND e.post_id IS NULL AND e.discarded_at IS NULL
ORDER BY e.failed_at DESC, e.id DESC LIMIT %(limit)s;

-- name: told_of_failure
-- Who was told of the last failure of entries: those whom the book names, in its order.
SELECT d.subject_id, coalesce(nullif(p.display_name, ''), p.handle)
FROM (
    SELECT DISTINCT ON (b.subject_id) b.subject_id, b.details FROM brands_deed b
    WHERE b.subject_id = ANY(%(entries)s) AND b.page_id = %(page)s AND b.action = 'entry.failed'
    ORDER BY b.subject_id, b.id DESC
) d, jsonb_array_elements_text(coalesce(d.details->'told', '[]')) WITH ORDINALITY AS t(id, place)
JOIN people_profile p ON p.id = t.id::bigint
ORDER BY d.subject_id, t.place;

-- name: of_campaign
-- The posts of a campaign, by their hour; those without one last.
{{entry}} WHERE e.page_id = %(page)s AND e.campaign_id = %(campaign)s AND e.discarded_at IS NULL
ORDER BY coalesce(e.published_at, e.due_at) NULLS LAST, e.id LIMIT %(limit)s;

-- name: for_review
-- What a review link shows: the entries it names, or all that waits and what was decided by this link.
{{entry}} WHERE e.page_id = %(page)s AND e.discarded_at IS NULL
  AND CASE WHEN %(ids)s::bigint[] <> '{}' THEN e.id = ANY(%(ids)s::bigint[])
      ELSE e.post_id IS NULL AND (
          (e.asked_at IS NOT NULL AND (d.made_at IS NULL OR e.asked_at > d.made_at)) OR d.link_id = %(link)s) END
ORDER BY e.due_at NULLS LAST, e.id LIMIT %(limit)s;

-- name: plan
-- All that is planned or was published, for export, in order.
{{entry}} WHERE e.page_id = %(page)s AND e.discarded_at IS NULL AND e.id > %(above)s ORDER BY e.id LIMIT %(limit)s;

-- name: counts
-- How much is planned: what is not published and not thrown away.
SELECT count(*) FROM studio_entry e
WHERE e.page_id = %(page)s AND e.post_id IS NULL AND e.discarded_at IS NULL;

-- name: insert_entry
-- A new draft, its first version with it.
WITH entry AS (
    INSERT INTO studio_entry (id, page_id, campaign_id, params, thread, first_comment, title, version, made_by_id, made_at,
                              changed_by_id, changed_at, again_left, again_of_id, again_every, failure, due_at,
                              queued_at, scheduled_by_id, asked_at, asked_by_id)
    VALUES (%(id)s, %(page)s, %(campaign)s, %(params)s::jsonb, %(thread)s::jsonb, %(first_comment)s, %(title)s, 1,
            %(by)s, %(at)s, %(by)s, %(at)s, %(again_left)s, %(again_of)s, %(again_every)s, '', %(due)s, NULL,
            %(scheduled_by)s, %(asked_at)s, %(asked_by)s)
)
INSERT INTO studio_entryversion (id, entry_id, version, params, thread, first_comment, by_id, made_at)
VALUES (%(version_id)s, %(id)s, 1, %(params)s::jsonb, %(thread)s::jsonb, %(first_comment)s, %(by)s, %(at)s);

-- name: change_entry
-- Another version of what an entry says. Whoever was asked, and had not said no, is asked again.
WITH version AS (
    INSERT INTO studio_entryversion (id, entry_id, version, params, thread, first_comment, by_id, made_at)
    VALUES (%(version_id)s, %(id)s, %(version)s, %(params)s::jsonb, %(thread)s::jsonb, %(first_comment)s, %(by)s, %(at)s)
)
UPDATE studio_entry SET params = %(params)s::jsonb, thread = %(thread)s::jsonb, first_comment = %(first_comment)s,
       version = %(version)s, changed_by_id = %(by)s, changed_at = %(at)s,
       asked_at = CASE WHEN %(ask_again)s THEN %(at)s ELSE asked_at END
WHERE id = %(id)s;

-- name: label_entry
-- What only the team sees of an entry.
UPDATE studio_entry SET title = %(title)s, campaign_id = %(campaign)s WHERE id = %(id)s;

-- name: own_campaign
-- Whether a campaign is the page's.
SELECT 1 FROM studio_campaign c WHERE c.id = %(campaign)s AND c.page_id = %(page)s;

-- name: versions
-- Every version of an entry, newest first, with whose it is.
SELECT v.version, v.params::text, v.thread::text, v.first_comment,
       coalesce(nullif(p.display_name, ''), p.handle, ''), v.made_at
FROM studio_entryversion v LEFT JOIN people_profile p ON p.id = v.by_id
WHERE v.entry_id = %(entry)s ORDER BY v.version DESC LIMIT %(limit)s;

-- name: version
-- One version of an entry.
SELECT v.version, v.params::text, v.thread::text, v.first_comment,
       coalesce(nullif(p.display_name, ''), p.handle, ''), v.made_at
FROM studio_entryversion v LEFT JOIN people_profile p ON p.id = v.by_id
WHERE v.entry_id = %(entry)s AND v.version = %(version)s;

-- name: discard
-- An entry is thrown away.
UPDATE studio_entry SET discarded_at = %(at)s WHERE id = %(id)s;

-- name: bring_back
-- It was not meant. An hour that has passed meanwhile is gone, and its further rounds with it.
UPDATE studio_entry SET discarded_at = NULL, due_at = CASE WHEN due_at > %(at)s THEN due_at END,
       again_every = CASE WHEN due_at > %(at)s OR queued_at IS NOT NULL THEN again_every END,
       again_left = CASE WHEN due_at > %(at)s OR queued_at IS NOT NULL THEN again_left ELSE 0 END
WHERE id = %(id)s;

-- name: ask
-- Somebody's yes is asked for, or no longer.
UPDATE studio_entry SET asked_at = %(at)s, asked_by_id = %(by)s WHERE id = %(id)s;

-- name: decide
-- Yes or no to one version.
INSERT INTO studio_approval (id, entry_id, version, approved, by_id, link_id, by_name, made_at)
VALUES (%(id)s, %(entry)s, %(version)s, %(approved)s, %(by)s, %(link)s, %(name)s, %(at)s);

-- name: was_refused
-- A no means that a yes is needed, whether or not anybody asked.
UPDATE studio_entry SET asked_at = coalesce(asked_at, %(at)s) WHERE id = %(id)s;

-- name: take_over_approval
-- What was approved comes again and says the same: the yes goes with it.
INSERT INTO studio_approval (id, entry_id, version, approved, by_id, link_id, by_name, made_at)
SELECT %(id)s, %(entry)s, 1, true, a.by_id, a.link_id, a.by_name, a.made_at
FROM studio_approval a WHERE a.entry_id = %(of)s AND a.approved AND a.version = %(version)s ORDER BY a.id DESC LIMIT 1;

-- name: say
-- A comment.
INSERT INTO studio_comment (id, entry_id, version, by_id, link_id, by_name, text, made_at)
VALUES (%(id)s, %(entry)s, %(version)s, %(by)s, %(link)s, %(name)s, %(text)s, %(at)s);

-- name: talk
-- What was said and decided about entries, in order.
SELECT t.entry_id, t.kind, t.version, t.text, coalesce(nullif(p.display_name, ''), p.handle, t.by_name), t.link, t.made_at
FROM (
    SELECT c.id, c.entry_id, 'comment' AS kind, c.version, c.text, c.by_id, c.by_name, c.link_id IS NOT NULL AS link, c.made_at
    FROM studio_comment c WHERE c.entry_id = ANY(%(entries)s)
    UNION ALL
    SELECT a.id, a.entry_id, CASE WHEN a.approved THEN 'approved' ELSE 'changes' END, a.version, '', a.by_id, a.by_name,
           a.link_id IS NOT NULL, a.made_at
    FROM studio_approval a WHERE a.entry_id = ANY(%(entries)s)
) t LEFT JOIN people_profile p ON p.id = t.by_id
ORDER BY t.id;

-- name: insert_link
-- A link to review by; of its secret only the hash.
INSERT INTO studio_reviewlink (id, page_id, name, email, secret_hash, entries, made_by_id, made_at, expires_at)
VALUES (%(id)s, %(page)s, %(name)s, %(email)s, %(hash)s, %(entries)s::jsonb, %(by)s, %(at)s, %(expires)s);

-- name: revoke_link
-- A link opens nothing from now on.
UPDATE studio_reviewlink SET revoked_at = %(at)s WHERE id = %(id)s AND page_id = %(page)s AND revoked_at IS NULL
RETURNING id;

-- name: revoke_links_of
-- Links that somebody made for a page open nothing from now on.
UPDATE studio_reviewlink SET revoked_at = %(at)s WHERE page_id = %(page)s AND made_by_id = %(by)s AND revoked_at IS NULL;

-- name: link
-- The link of a secret, while it is good and who made it may still make one, with the page it is about.
SELECT l.id, l.page_id, l.name, l.entries::text, l.made_by_id, l.expires_at,
       p.handle, coalesce(nullif(p.display_name, ''), p.handle), g.time_zone, g.approval_needed
FROM studio_reviewlink l
JOIN brands_page g ON g.profile_id = l.page_id
JOIN people_profile p ON p.id = l.page_id AND p.withdrawn_at IS NULL AND p.kind = 'business'
WHERE l.secret_hash = %(hash)s AND l.revoked_at IS NULL AND l.expires_at > %(at)s AND {{made_well}};

-- name: links
-- The links of a page that are good, newest first.
SELECT l.id, l.name, l.email, l.entries::text, coalesce(nullif(p.display_name, ''), p.handle, ''), l.made_at, l.expires_at
FROM studio_reviewlink l JOIN brands_page g ON g.profile_id = l.page_id
LEFT JOIN people_profile p ON p.id = l.made_by_id
WHERE l.page_id = %(page)s AND l.revoked_at IS NULL AND l.expires_at > %(at)s AND {{made_well}}
ORDER BY l.id DESC LIMIT %(limit)s;

-- name: schedule
-- An hour for an entry; what failed gets another try.
UPDATE studio_entry SET due_at = %(due)s, queued_at = NULL, scheduled_by_id = %(by)s, failed_at = NULL, failure = '',
       again_every = %(again_every)s, again_left = %(again_left)s
WHERE id = %(id)s;

-- name: move
-- Another hour, and nothing else; what was queued has an hour of its own now.
UPDATE studio_entry SET due_at = %(due)s, queued_at = NULL, scheduled_by_id = %(by)s, failed_at = NULL, failure = ''
WHERE id = %(id)s;

-- name: queue
-- A place in the queue; the hour is worked out next.
UPDATE studio_entry SET due_at = NULL, queued_at = %(place)s, scheduled_by_id = %(by)s, failed_at = NULL, failure = '',
       again_every = %(again_every)s, again_left = %(again_left)s
WHERE id = %(id)s;

-- name: end_of_queue
-- The last place that is taken.
SELECT max(e.queued_at) FROM studio_entry e
WHERE e.page_id = %(page)s AND e.queued_at IS NOT NULL AND e.post_id IS NULL AND e.failed_at IS NULL AND e.discarded_at IS NULL;

-- name: place
-- Another place in the queue.
UPDATE studio_entry SET queued_at = %(place)s WHERE id = %(id)s;

-- name: unschedule
-- No hour, no place in the queue and no further rounds: a draft again.
UPDATE studio_entry SET due_at = NULL, queued_at = NULL, scheduled_by_id = NULL, failed_at = NULL, failure = '',
       again_every = NULL, again_left = 0
WHERE id = %(id)s;

-- name: lock_queue
-- One at a time works out the hours of a page's queue.
SELECT g.time_zone FROM brands_page g WHERE g.profile_id = %(page)s FOR NO KEY UPDATE;

-- name: slots
-- The weekly slots of a page.
SELECT s.weekday, s.at FROM studio_slot s WHERE s.page_id = %(page)s ORDER BY s.weekday, s.at;

-- name: clear_slots
-- Slots are written anew as a whole.
DELETE FROM studio_slot WHERE page_id = %(page)s;

-- name: insert_slots
-- The weekly slots of a page.
INSERT INTO studio_slot (id, page_id, weekday, at)
SELECT s.id, %(page)s, s.weekday, s.at
FROM unnest(%(ids)s::bigint[], %(weekdays)s::int[], %(times)s::time[]) AS s(id, weekday, at);

-- name: in_queue
-- Who waits in the queue, and the hour each has.
SELECT e.id, e.due_at FROM studio_entry e
WHERE e.page_id = %(page)s AND e.queued_at IS NOT NULL AND e.post_id IS NULL AND e.failed_at IS NULL AND e.discarded_at IS NULL
ORDER BY e.queued_at, e.id;

-- name: last_to_leave
-- The latest hour at which one of the queue left: it is taken, by whichever clock.
SELECT e.due_at FROM studio_entry e
WHERE e.page_id = %(page)s AND e.due_at IS NOT NULL AND e.queued_at IS NOT NULL AND e.post_id IS NOT NULL
ORDER BY e.due_at DESC LIMIT 1;

-- name: set_hours
-- The hours of the queue. What left while they were worked out keeps its own.
UPDATE studio_entry e SET due_at = h.due
FROM unnest(%(ids)s::bigint[], %(dues)s::timestamptz[]) AS h(id, due) WHERE e.id = h.id AND e.post_id IS NULL;

-- name: pages_with_queues
-- Pages in whose queue something waits.
SELECT DISTINCT e.page_id FROM studio_entry e
WHERE e.queued_at IS NOT NULL AND e.post_id IS NULL AND e.failed_at IS NULL AND e.discarded_at IS NULL;

-- name: published
-- It is out.
UPDATE studio_entry SET post_id = %(post)s, published_at = %(at)s, failed_at = NULL, failure = '',
       due_at = least(coalesce(due_at, %(at)s), %(at)s)
WHERE id = %(id)s AND post_id IS NULL;

-- name: did_not_leave
-- It did not leave, and why, in each language.
UPDATE studio_entry SET failed_at = %(at)s, failure = %(failure)s WHERE id = %(id)s AND post_id IS NULL;

-- name: team_in_roles
-- Who of a team has one of some roles.
SELECT t.member_id FROM brands_teammember t WHERE t.page_id = %(page)s AND t.role = ANY(%(roles)s) ORDER BY t.id;

-- name: still_on_team
-- Those of some profiles that are on the team now, or are the page itself.
SELECT t.member_id FROM brands_teammember t WHERE t.page_id = %(page)s AND t.member_id = ANY(%(members)s::bigint[])
UNION SELECT %(page)s WHERE %(page)s = ANY(%(members)s::bigint[]);

-- name: asked_by
-- Who asked for a yes to an entry last.
SELECT e.asked_by_id FROM studio_entry e WHERE e.id = %(id)s;

-- name: owners
-- Who owns a page: those of its team, and the page itself, whose login is its owner's.
SELECT t.member_id FROM brands_teammember t WHERE t.page_id = %(page)s AND t.role = 'owner'
UNION SELECT %(page)s;

-- name: used_photo
-- Whether an entry that is not out yet names a photo, in its post or in a part of its thread; or an offering shows it.
SELECT 1 FROM brands_offering o WHERE o.page_id = %(page)s AND o.photo_id = %(photo)s::text::bigint
UNION ALL
SELECT 1 FROM studio_entry e
WHERE e.page_id = %(page)s AND e.post_id IS NULL AND e.discarded_at IS NULL
  AND (e.params -> 'photo_ids' ? %(photo)s::text OR e.params ->> 'cover_id' = %(photo)s::text
       OR EXISTS (SELECT FROM jsonb_array_elements(e.thread) part WHERE part -> 'photo_ids' ? %(photo)s::text)) LIMIT 1;

-- name: campaigns
-- The campaigns of a page, those that run or will first; with how many posts are planned and out.
SELECT c.id, c.name, c.goal, c.target, c.audience, c.starts_on, c.ends_on, c.budget, c.currency, c.hours_planned, c.notes,
       c.closed_at, n.planned, n.published, l.links
FROM studio_campaign c
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE e.post_id IS NULL) AS planned, count(*) FILTER (WHERE e.post_id IS NOT NULL) AS published
    FROM studio_entry e WHERE e.campaign_id = c.id AND e.discarded_at IS NULL
) n ON TRUE
LEFT JOIN LATERAL (
    SELECT count(*) AS links FROM studio_trackedlink k WHERE k.campaign_id = c.id AND k.retired_at IS NULL
) l ON TRUE
WHERE c.page_id = %(page)s AND (%(id)s::bigint IS NULL OR c.id = %(id)s)
ORDER BY c.closed_at IS NOT NULL, c.ends_on DESC, c.id DESC LIMIT %(limit)s;

-- name: campaign_names
-- The names of a page's campaigns, for choosing.
SELECT c.id, c.name FROM studio_campaign c WHERE c.page_id = %(page)s AND c.closed_at IS NULL ORDER BY c.name LIMIT 500;

-- name: insert_campaign
-- A campaign.
INSERT INTO studio_campaign (id, page_id, name, goal, target, audience, starts_on, ends_on, budget, currency, hours_planned,
                             notes, made_by_id, made_at)
VALUES (%(id)s, %(page)s, %(name)s, %(goal)s, %(target)s, %(audience)s, %(starts_on)s, %(ends_on)s, %(budget)s, %(currency)s,
        %(hours_planned)s, %(notes)s, %(by)s, %(at)s);

-- name: change_campaign
-- What a campaign is.
UPDATE studio_campaign SET name = %(name)s, goal = %(goal)s, target = %(target)s, audience = %(audience)s,
       starts_on = %(starts_on)s, ends_on = %(ends_on)s, budget = %(budget)s, currency = %(currency)s,
       hours_planned = %(hours_planned)s, notes = %(notes)s
WHERE id = %(id)s AND page_id = %(page)s RETURNING id;

-- name: close_campaign
-- A campaign is over, or goes on.
UPDATE studio_campaign SET closed_at = %(at)s WHERE id = %(id)s AND page_id = %(page)s RETURNING id;

-- name: keep_import
-- A plan that was read, until somebody says that it is to be taken.
INSERT INTO studio_planimport (id, page_id, by_id, rows, made_at) VALUES (%(id)s, %(page)s, %(by)s, %(rows)s::jsonb, %(at)s);

-- name: insert_many
-- A whole plan: entries with their first versions.
WITH line AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(version_ids)s::bigint[], %(campaigns)s::bigint[], %(params)s::text[],
                         %(threads)s::text[], %(comments)s::text[], %(titles)s::text[], %(dues)s::timestamptz[])
        AS l(id, version_id, campaign, params, thread, comment, title, due)
), entry AS (
    INSERT INTO studio_entry (id, page_id, campaign_id, params, thread, first_comment, title, version, made_by_id, made_at,
                              changed_by_id, changed_at, again_left, failure, due_at, scheduled_by_id)
    SELECT l.id, %(page)s, l.campaign, l.params::jsonb, l.thread::jsonb, l.comment, l.title, 1, %(by)s, %(at)s, %(by)s,
           %(at)s, 0, '', l.due, CASE WHEN l.due IS NOT NULL THEN %(by)s::bigint END
    FROM line l
)
INSERT INTO studio_entryversion (id, entry_id, version, params, thread, first_comment, by_id, made_at)
SELECT l.version_id, l.id, 1, l.params::jsonb, l.thread::jsonb, l.comment, %(by)s, %(at)s FROM line l;

-- name: say_many
-- Notes beside entries of a plan.
INSERT INTO studio_comment (id, entry_id, version, by_id, by_name, text, made_at)
SELECT c.id, c.entry, 1, %(by)s, '', c.text, %(at)s
FROM unnest(%(ids)s::bigint[], %(entries)s::bigint[], %(texts)s::text[]) AS c(id, entry, text);

-- name: take_import
-- A plan is taken, once.
DELETE FROM studio_planimport WHERE id = %(id)s AND page_id = %(page)s AND by_id = %(by)s RETURNING rows::text;

