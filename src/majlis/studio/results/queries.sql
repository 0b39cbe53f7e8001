-- name: who_ordered
-- Known members whose order came of a click on a link, both in a window, and was not cancelled; of a page or of all.
SELECT DISTINCT k.viewer FROM studio_order o
JOIN studio_click k ON k.id = o.click_id
JOIN studio_trackedlink l ON l.id = k.link_id
WHERE o.placed AND o.cancelled_at IS NULL AND o.ordered_at >= %(since)s AND o.ordered_at < %(until)s AND k.viewer <> 0
  AND k.made_at >= %(since)s AND k.made_at < %(until)s AND (%(page)s::bigint IS NULL OR l.page_id = %(page)s);

-- name: links_in_window
-- The links of a page with their clicks in a window, most followed first.
SELECT l.id, l.code, l.label, l.target, l.post_id, count(k.id)
FROM studio_trackedlink l
LEFT JOIN studio_click k ON k.link_id = l.id AND k.made_at >= %(since)s AND k.made_at < %(until)s
WHERE l.page_id = %(page)s
GROUP BY l.id ORDER BY count(k.id) DESC, l.id DESC LIMIT %(limit)s;

-- name: orders_of_links
-- Orders that came of clicks on links in a window (ordered until its end), by link, currency, and whether a
-- browser's word is all there is for them; without a currency: of all of them. And of how many visits, each once.
SELECT k.link_id, o.currency, o.reported_by = 'script', count(*), coalesce(sum(o.value), 0), count(DISTINCT k.id)
FROM studio_click k JOIN studio_order o ON o.click_id = k.id AND o.placed AND o.cancelled_at IS NULL
WHERE k.link_id = ANY(%(links)s) AND k.made_at >= %(since)s AND k.made_at < %(until)s AND o.ordered_at < %(until)s
GROUP BY GROUPING SETS ((1, 2, 3), (1)) ORDER BY 1, 2, 3;
