-- name: posts
-- The measured posts of a page that appeared in a window, newest first: what they are, and of which campaign.
SELECT p.id, p.kind, EXISTS (SELECT FROM media_photo f WHERE f.post_id = p.id), EXISTS (SELECT FROM posts_poll o WHERE o.post_id = p.id),
       p.title, left(p.text, 400), m.appeared_at, c.id, c.name
FROM insights_measuredpost m
JOIN posts_post p ON p.id = m.post_id AND p.deleted_at IS NULL
LEFT JOIN LATERAL (
    SELECT k.id, k.name FROM studio_entry e JOIN studio_campaign k ON k.id = e.campaign_id
    WHERE e.post_id = p.id AND e.page_id = m.page_id ORDER BY e.id LIMIT 1
) c ON true
WHERE m.page_id = %(page)s AND m.appeared_at >= %(since)s AND m.appeared_at < %(until)s
ORDER BY m.appeared_at DESC, p.id DESC LIMIT 1000;

-- name: orders
-- Orders that stand, by customers whom the shop named, with the day there (exchange rates hold from days on).
SELECT o.customer, o.ordered_at, (o.ordered_at AT TIME ZONE %(zone)s)::date, o.currency, o.value FROM studio_order o
WHERE o.page_id = %(page)s AND o.placed AND o.cancelled_at IS NULL AND o.value > 0 AND o.customer <> ''
  AND o.ordered_at < %(at)s;

-- name: nameless
-- Orders that stand and name no customer.
SELECT count(*) FROM studio_order o
WHERE o.page_id = %(page)s AND o.placed AND o.cancelled_at IS NULL AND o.value > 0 AND o.customer = ''
  AND o.ordered_at < %(at)s;

-- name: wish
-- When somebody wants her report of a page.
SELECT w.day, w.language, w.made_at FROM studio_reportwish w WHERE w.page_id = %(page)s AND w.profile_id = %(by)s;

-- name: keep_wish
-- She wants it from now on.
INSERT INTO studio_reportwish (page_id, profile_id, day, language, made_at)
VALUES (%(page)s, %(by)s, %(day)s, %(language)s, %(at)s)
ON CONFLICT (page_id, profile_id) DO UPDATE SET day = excluded.day, language = excluded.language;

-- name: forget_wish
-- She does not any more; letters that have not left do not.
DELETE FROM studio_reportwish WHERE page_id = %(page)s AND profile_id = %(by)s;

-- name: wishes
-- Everybody who wants one, with the zone of the page: when a day comes is a question of where.
SELECT w.page_id, w.profile_id, w.day, w.made_at, p.time_zone
FROM studio_reportwish w JOIN brands_page p ON p.profile_id = w.page_id ORDER BY w.page_id, w.profile_id;

-- name: begin_letter
-- A letter of a month that is due; once.
INSERT INTO studio_reportletter (page_id, profile_id, month, begun_at) VALUES (%(page)s, %(by)s, %(month)s, %(at)s)
ON CONFLICT (page_id, profile_id, month) DO NOTHING RETURNING month;

-- name: letter_held
-- A letter that is to leave, held: of two who would send it the second waits, and sees that it left.
SELECT l.sent_at, w.language FROM studio_reportletter l
LEFT JOIN studio_reportwish w ON w.page_id = l.page_id AND w.profile_id = l.profile_id
WHERE l.page_id = %(page)s AND l.profile_id = %(by)s AND l.month = %(month)s FOR UPDATE OF l;

-- name: letter_sent
-- It left, and this is what it told.
UPDATE studio_reportletter SET sent_at = %(at)s, told = %(told)s::jsonb
WHERE page_id = %(page)s AND profile_id = %(by)s AND month = %(month)s;

-- name: told_before
-- What the newest letter about each earlier month told, and when; newest month first.
SELECT DISTINCT ON (l.month) l.month, l.told::text, l.sent_at FROM studio_reportletter l
WHERE l.page_id = %(page)s AND l.month < %(month)s AND l.sent_at IS NOT NULL AND l.told IS NOT NULL
ORDER BY l.month DESC, l.sent_at DESC LIMIT 6;
