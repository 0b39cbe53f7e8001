-- name: make_link
-- A tracked link. Campaign and entry count only when they are the page's own.
INSERT INTO studio_trackedlink (id, page_id, code, target, label, utm_source, utm_medium, utm_campaign, utm_content,
                                campaign_id, entry_id, made_by_id, made_at)
VALUES (%(id)s, %(page)s, %(code)s, %(target)s, %(label)s, %(source)s, %(medium)s, %(campaign_name)s, %(content)s,
        (SELECT c.id FROM studio_campaign c WHERE c.id = %(campaign)s AND c.page_id = %(page)s),
        (SELECT e.id FROM studio_entry e WHERE e.id = %(entry)s AND e.page_id = %(page)s),
        %(by)s, %(at)s);

-- name: own_link
-- A link of the page, held until the end of the transaction.
SELECT l.id, l.code, l.target, l.label, l.utm_source, l.utm_medium, l.utm_campaign, l.utm_content, l.campaign_id,
       l.entry_id, l.post_id, l.made_at, l.retired_at
FROM studio_trackedlink l WHERE l.id = %(link)s AND l.page_id = %(page)s FOR UPDATE;

-- name: own_link_by_code
-- The same by its code.
SELECT l.id, l.code, l.target, l.label, l.utm_source, l.utm_medium, l.utm_campaign, l.utm_content, l.campaign_id,
       l.entry_id, l.post_id, l.made_at, l.retired_at
FROM studio_trackedlink l WHERE l.code = %(code)s AND l.page_id = %(page)s;

-- name: own_entry
-- Whether an entry is the page's.
SELECT 1 FROM studio_entry e WHERE e.id = %(entry)s AND e.page_id = %(page)s;

-- name: change_link
-- Another address, name or parameters.
UPDATE studio_trackedlink SET target = %(target)s, label = %(label)s, utm_source = %(source)s, utm_medium = %(medium)s,
       utm_campaign = %(campaign_name)s, utm_content = %(content)s WHERE id = %(link)s;

-- name: retire_link
-- From now on the code leads nowhere. When this was so already, nothing.
UPDATE studio_trackedlink SET retired_at = %(at)s WHERE id = %(link)s AND retired_at IS NULL;

-- name: links_of_entry
-- Links that were made for an entry, by their address; a retried publishing uses them again.
SELECT l.target, l.code FROM studio_trackedlink l
WHERE l.page_id = %(page)s AND l.entry_id = %(entry)s AND l.retired_at IS NULL AND l.target = ANY(%(targets)s)
ORDER BY l.id DESC;

-- name: links_published
-- The links of an entry belong to its post from now on.
UPDATE studio_trackedlink SET post_id = %(post)s
WHERE entry_id = %(entry)s AND page_id = %(page)s AND post_id IS DISTINCT FROM %(post)s RETURNING id, code;

-- name: by_code
-- Where a code leads; retired ones lead nowhere, and so do those of a page that is gone.
SELECT l.id, l.page_id, coalesce(l.post_id, 0), l.target, t.target_b, t.key, l.utm_source, l.utm_medium, l.utm_campaign,
       l.utm_content
FROM studio_trackedlink l JOIN people_profile p ON p.id = l.page_id AND p.withdrawn_at IS NULL
LEFT JOIN studio_linktest t ON t.link_id = l.id AND t.ended_at IS NULL
WHERE l.code = %(code)s AND l.retired_at IS NULL;

-- name: links
-- The links of a page, newest first. With ids: only those.
SELECT l.id, l.code, l.target, l.label, l.utm_source, l.utm_medium, l.utm_campaign, l.utm_content, l.campaign_id,
       l.entry_id, l.post_id, l.made_at, l.retired_at
FROM studio_trackedlink l
WHERE l.page_id = %(page)s AND (%(before)s::bigint IS NULL OR l.id < %(before)s)
  AND (%(ids)s::bigint[] IS NULL OR l.id = ANY(%(ids)s))
ORDER BY l.id DESC LIMIT %(limit)s;

-- name: clicks_of_links
-- Clicks of links in a window: how many, by how many members that are measured, and how many by somebody unknown.
SELECT k.link_id, count(*), count(DISTINCT k.viewer) FILTER (WHERE k.viewer <> 0),
       count(*) FILTER (WHERE k.viewer = 0), count(*) FILTER (WHERE k.paid)
FROM studio_click k
WHERE k.link_id = ANY(%(ids)s) AND k.made_at >= %(since)s AND k.made_at < %(until)s GROUP BY k.link_id;

-- name: orders_of_links
-- Orders that came from links in a window, per currency and per who vouches for them. Cancelled ones apart.
SELECT k.link_id, o.currency, o.reported_by = 'script' AS by_script, count(*) FILTER (WHERE o.cancelled_at IS NULL),
       coalesce(sum(o.value) FILTER (WHERE o.cancelled_at IS NULL), 0), count(*) FILTER (WHERE o.cancelled_at IS NOT NULL)
FROM studio_click k JOIN studio_order o ON o.click_id = k.id
WHERE k.link_id = ANY(%(ids)s) AND o.placed AND o.ordered_at >= %(since)s AND o.ordered_at < %(until)s
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: clicks_by_day
-- Clicks of one link per day of the page's time zone.
SELECT (k.made_at AT TIME ZONE %(zone)s)::date, count(*) FROM studio_click k
WHERE k.link_id = %(link)s AND k.made_at >= %(since)s AND k.made_at < %(until)s GROUP BY 1 ORDER BY 1;

-- name: record_clicks
-- Clicks, each once by its token. A link that is gone meanwhile has none, nor has a page that tries its own;
-- a pseudonym only who is measured, and was when the post appeared.
INSERT INTO studio_click (id, link_id, post_id, token, viewer, source, paid, made_at)
SELECT c.id, l.id, c.post, c.token, coalesce(m.pseudonym, 0), c.source, c.paid, c.at
FROM unnest(%(ids)s::bigint[], %(links)s::bigint[], %(posts)s::bigint[], %(tokens)s::text[], %(profiles)s::bigint[],
            %(sources)s::smallint[], %(paids)s::boolean[], %(ats)s::timestamptz[])
     AS c (id, link, post, token, profile, source, paid, at)
JOIN studio_trackedlink l ON l.id = c.link AND l.page_id <> c.profile
LEFT JOIN insights_measuredpost p ON p.post_id = c.post
LEFT JOIN insights_member m
       ON m.profile_id = c.profile AND m.measured AND m.measured_since <= coalesce(p.appeared_at, c.at)
ON CONFLICT (token) DO NOTHING
RETURNING token, id, viewer;

-- name: forget_viewer
-- Clicks of a viewer become those of somebody unknown.
UPDATE studio_click SET viewer = 0 WHERE viewer = %(viewer)s;

-- name: target_of_code
-- The address behind a code, as the team gave it.
SELECT l.target FROM studio_trackedlink l JOIN people_profile p ON p.id = l.page_id AND p.withdrawn_at IS NULL
WHERE l.code = %(code)s AND l.retired_at IS NULL;

-- name: codes_of_page
-- The codes of a page that lead somewhere.
SELECT l.id, l.code FROM studio_trackedlink l WHERE l.page_id = %(page)s AND l.retired_at IS NULL;

-- name: chosen_for_entry
-- What is to be tracked in an entry: what was chosen for it, else for the one that it repeats.
SELECT DISTINCT ON (l.target) l.target, l.utm_source, l.utm_medium, l.utm_campaign, l.utm_content, l.made_by_id
FROM studio_trackedlink l JOIN studio_entry e ON e.id = %(entry)s AND e.page_id = l.page_id
WHERE l.page_id = %(page)s AND l.retired_at IS NULL AND l.entry_id = coalesce(
    (SELECT o.entry_id FROM studio_trackedlink o WHERE o.entry_id = e.id AND o.retired_at IS NULL LIMIT 1), e.again_of_id)
ORDER BY l.target, l.id DESC;

-- name: campaign_of_entry
-- The name of the campaign an entry belongs to.
SELECT c.name FROM studio_entry e JOIN studio_campaign c ON c.id = e.campaign_id
WHERE e.id = %(entry)s AND e.page_id = %(page)s;

-- name: drop_choice
-- Links that were chosen for an entry and are not any more. Nobody has seen them: the entry is not out.
DELETE FROM studio_trackedlink
WHERE entry_id = %(entry)s AND page_id = %(page)s AND post_id IS NULL AND NOT target = ANY(%(targets)s);
