-- name: funnel
-- Distinct measured members over the posts of a page that appeared in a window: served, viewed, followed a link,
-- ordered by it. Each step is a part of the one before.
WITH chosen AS (
    SELECT p.post_id FROM insights_measuredpost p
    JOIN posts_post t ON t.id = p.post_id AND t.deleted_at IS NULL
    WHERE p.page_id = %(page)s AND p.appeared_at >= %(since)s AND p.appeared_at < %(until)s
),
met AS (
    SELECT e.viewer, bool_or(e.viewed_at IS NOT NULL) AS viewed FROM insights_encounter e
    JOIN chosen c ON c.post_id = e.post_id
    WHERE e.viewer <> 0 AND (e.served_at IS NOT NULL OR e.viewed_at IS NOT NULL) GROUP BY e.viewer
),
clicked AS (
    SELECT k.viewer, bool_or(o.id IS NOT NULL) AS ordered FROM studio_click k
    JOIN chosen c ON c.post_id = k.post_id
    JOIN studio_trackedlink l ON l.id = k.link_id AND l.page_id = %(page)s
    LEFT JOIN studio_order o ON o.click_id = k.id AND o.placed AND o.cancelled_at IS NULL AND o.ordered_at < %(until)s
    WHERE k.viewer <> 0 AND k.made_at < %(until)s GROUP BY k.viewer
)
SELECT count(*), count(*) FILTER (WHERE m.viewed), count(*) FILTER (WHERE m.viewed AND k.viewer IS NOT NULL),
       count(*) FILTER (WHERE m.viewed AND k.ordered)
FROM met m LEFT JOIN clicked k ON k.viewer = m.viewer;

-- name: links_in_window
-- The links of a page with clicks in a window, most first: how many clicks, of how many known members, of how many
-- visits by somebody unknown; and distinct visits that ordered.
SELECT l.id, l.code, l.label, l.target, l.post_id, count(k.id), count(DISTINCT k.viewer) FILTER (WHERE k.viewer <> 0),
       count(k.id) FILTER (WHERE k.viewer = 0), count(k.id) FILTER (WHERE k.paid)
FROM studio_trackedlink l
LEFT JOIN studio_click k ON k.link_id = l.id AND k.made_at >= %(since)s AND k.made_at < %(until)s
WHERE l.page_id = %(page)s
GROUP BY l.id ORDER BY count(k.id) DESC, l.id DESC LIMIT %(limit)s;

-- name: orders_of_links
-- Orders that came of clicks on links in a window (ordered until its end), by link, currency, and whether a
-- browser's word is all there is for them; and of how many visits.
SELECT k.link_id, o.currency, o.reported_by = 'script', count(*), coalesce(sum(o.value), 0), count(DISTINCT k.id)
FROM studio_click k JOIN studio_order o ON o.click_id = k.id AND o.placed AND o.cancelled_at IS NULL
WHERE k.link_id = ANY(%(links)s) AND k.made_at >= %(since)s AND k.made_at < %(until)s AND o.ordered_at < %(until)s
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
