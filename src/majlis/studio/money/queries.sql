-- name: book
-- How a page counts its money.
SELECT b.currency, b.idle_seconds FROM studio_book b WHERE b.page_id = %(page)s;

-- name: keep_book
-- How a page counts its money from now on.
INSERT INTO studio_book (page_id, currency, idle_seconds) VALUES (%(page)s, %(currency)s, %(idle)s)
ON CONFLICT (page_id) DO UPDATE SET currency = excluded.currency, idle_seconds = excluded.idle_seconds;

-- name: rates
-- All rates of a page, the oldest of each first.
SELECT r.kind, r.key, r.from_day, r.value FROM studio_rate r WHERE r.page_id = %(page)s ORDER BY r.kind, r.key, r.from_day;

-- name: keep_rate
-- A rate from a day on.
INSERT INTO studio_rate (id, page_id, kind, key, from_day, value, made_by_id, made_at)
VALUES (%(id)s, %(page)s, %(kind)s, %(key)s, %(day)s, %(value)s, %(by)s, %(at)s)
ON CONFLICT (page_id, kind, key, from_day)
DO UPDATE SET value = excluded.value, made_by_id = excluded.made_by_id, made_at = excluded.made_at;

-- name: forget_rate
-- A rate that does not hold after all; the one before does.
DELETE FROM studio_rate WHERE page_id = %(page)s AND kind = %(kind)s AND key = %(key)s AND from_day = %(day)s;

-- name: consent
-- Whether she lets her hours be measured, and with her name.
SELECT c.named, c.given_at FROM studio_hoursconsent c WHERE c.page_id = %(page)s AND c.profile_id = %(by)s;

-- name: consent_held
-- The same, held: beats of one person are taken one after the other.
SELECT c.named, c.given_at FROM studio_hoursconsent c WHERE c.page_id = %(page)s AND c.profile_id = %(by)s FOR UPDATE;

-- name: give_consent
-- She lets her hours be measured.
INSERT INTO studio_hoursconsent (page_id, profile_id, named, given_at) VALUES (%(page)s, %(by)s, %(named)s, %(at)s)
ON CONFLICT (page_id, profile_id) DO UPDATE SET named = excluded.named;

-- name: end_consent
-- She does not any more.
DELETE FROM studio_hoursconsent WHERE page_id = %(page)s AND profile_id = %(by)s;

-- name: going_on
-- What of hers was measured last.
SELECT w.id, w.place, w.entry_id, w.campaign_id, w.role, w.last_at FROM studio_work w
WHERE w.page_id = %(page)s AND w.by_id = %(by)s AND NOT w.by_hand ORDER BY w.last_at DESC, w.id DESC LIMIT 1;

-- name: go_on
-- So much more of it.
UPDATE studio_work SET seconds = seconds + %(seconds)s, last_at = %(at)s WHERE id = %(id)s;

-- name: begin
-- A piece of work; what it was for is of this page, or for nothing in particular.
INSERT INTO studio_work (id, page_id, by_id, role, place, entry_id, campaign_id, by_hand, note, seconds, began_at, last_at)
VALUES (%(id)s, %(page)s, %(by)s, %(role)s, %(place)s,
        (SELECT e.id FROM studio_entry e WHERE e.id = %(entry)s AND e.page_id = %(page)s),
        (SELECT c.id FROM studio_campaign c WHERE c.id = %(campaign)s AND c.page_id = %(page)s),
        %(by_hand)s, %(note)s, %(seconds)s, %(began_at)s, %(last_at)s);

-- name: own_work
-- One's own work, newest first.
SELECT w.id, w.role, w.place, w.entry_id, w.campaign_id, w.by_hand, w.note, w.seconds, w.began_at
FROM studio_work w
WHERE w.page_id = %(page)s AND w.by_id = %(by)s AND w.seconds > 0 AND w.began_at >= %(since)s AND w.began_at < %(until)s
ORDER BY w.began_at DESC, w.id DESC LIMIT 500;

-- name: forget_work
-- One piece of one's own, or of what somebody wrote down for nobody by name.
DELETE FROM studio_work WHERE id = %(id)s AND page_id = %(page)s AND (by_id = %(by)s OR (%(all)s AND by_hand))
RETURNING by_id;

-- name: forget_measured
-- All that the timer measured of somebody.
DELETE FROM studio_work WHERE page_id = %(page)s AND by_id = %(by)s AND NOT by_hand;

-- name: named_hours
-- Hours of those who let their names be seen.
SELECT w.by_id, w.role, sum(w.seconds) FROM studio_work w
JOIN studio_hoursconsent c ON c.page_id = w.page_id AND c.profile_id = w.by_id AND c.named
WHERE w.page_id = %(page)s AND w.began_at >= %(since)s AND w.began_at < %(until)s
GROUP BY 1, 2 ORDER BY 3 DESC, 1;

-- name: hours
-- Seconds by role, day (there), place, entry and campaign; a campaign is the entry's own when the work names none.
SELECT w.role, (w.began_at AT TIME ZONE %(zone)s)::date, w.place, e.post_id, w.entry_id,
       coalesce(w.campaign_id, e.campaign_id), sum(w.seconds)
FROM studio_work w LEFT JOIN studio_entry e ON e.id = w.entry_id
WHERE w.page_id = %(page)s AND w.began_at >= %(since)s AND w.began_at < %(until)s AND w.seconds > 0
GROUP BY 1, 2, 3, 4, 5, 6;

-- name: keep_cost
-- Money that was spent.
INSERT INTO studio_cost (id, page_id, kind, amount, currency, from_day, to_day, entry_id, campaign_id, note, made_by_id, made_at)
VALUES (%(id)s, %(page)s, %(kind)s, %(amount)s, %(currency)s, %(from_day)s, %(to_day)s,
        (SELECT e.id FROM studio_entry e WHERE e.id = %(entry)s AND e.page_id = %(page)s),
        (SELECT c.id FROM studio_campaign c WHERE c.id = %(campaign)s AND c.page_id = %(page)s),
        %(note)s, %(by)s, %(at)s);

-- name: forget_cost
-- It was not.
DELETE FROM studio_cost WHERE id = %(id)s AND page_id = %(page)s RETURNING amount, currency;

-- name: costs
-- What was spent for days within some days, newest first.
SELECT c.id, c.kind, c.amount, c.currency, c.from_day, c.to_day, c.entry_id, coalesce(c.campaign_id, e.campaign_id), c.note,
       e.post_id
FROM studio_cost c LEFT JOIN studio_entry e ON e.id = c.entry_id
WHERE c.page_id = %(page)s AND c.from_day <= %(last)s AND c.to_day >= %(first)s
ORDER BY c.from_day DESC, c.id DESC;

-- name: promotion
-- What impressions cost, by day (there), the post that was shown and its campaign; in the house's currency.
SELECT (b.made_at AT TIME ZONE %(zone)s)::date, p.post_id, e.id, coalesce(p.campaign_id, e.campaign_id), -sum(b.amount)
FROM studio_balanceentry b JOIN studio_promotion p ON p.id = b.promotion_id
LEFT JOIN studio_entry e ON e.post_id = p.post_id AND e.page_id = b.page_id
WHERE b.page_id = %(page)s AND b.made_at >= %(since)s AND b.made_at < %(until)s
GROUP BY 1, 2, 3, 4;

-- name: returns
-- Orders that stand, by currency, day (there), and what they came of: the click of the order, else its promo code.
SELECT o.currency, (o.ordered_at AT TIME ZONE %(zone)s)::date, post.id, e.id,
       coalesce(l.campaign_id, k.campaign_id, e.campaign_id), o.click_id IS NOT NULL OR o.promo_code_id IS NOT NULL,
       c.paid IS TRUE, o.reported_by = 'script', o.customer <> '', count(*), coalesce(sum(o.value), 0)
FROM studio_order o
LEFT JOIN studio_click c ON c.id = o.click_id
LEFT JOIN studio_trackedlink l ON l.id = c.link_id
LEFT JOIN studio_promocode k ON k.id = o.promo_code_id
CROSS JOIN LATERAL (SELECT coalesce(nullif(c.post_id, 0), l.post_id, k.post_id) AS id) post
LEFT JOIN studio_entry e ON e.id = coalesce(l.entry_id, (
    SELECT f.id FROM studio_entry f WHERE f.post_id = post.id AND f.page_id = o.page_id))
WHERE o.page_id = %(page)s AND o.placed AND o.cancelled_at IS NULL AND o.value > 0
  AND o.ordered_at >= %(since)s AND o.ordered_at < %(until)s
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;

-- name: customers
-- Customers who ordered in the window; whose first order ever that stands is in it; of these, who came by a link or code;
-- orders that name no customer; and customers who ordered in a currency that is not kept apart.
SELECT count(*) FILTER (WHERE f.last_at >= %(since)s), count(*) FILTER (WHERE f.first_at >= %(since)s),
       count(*) FILTER (WHERE f.first_at >= %(since)s AND f.came),
       (SELECT count(*) FROM studio_order u WHERE u.page_id = %(page)s AND u.placed AND u.cancelled_at IS NULL
          AND u.value > 0 AND u.customer = '' AND u.ordered_at >= %(since)s AND u.ordered_at < %(until)s),
       count(*) FILTER (WHERE f.counted)
FROM (
    SELECT DISTINCT ON (o.customer) o.ordered_at AS first_at, o.click_id IS NOT NULL OR o.promo_code_id IS NOT NULL AS came,
           max(o.ordered_at) OVER (PARTITION BY o.customer) AS last_at,
           bool_or(o.ordered_at >= %(since)s AND o.currency <> ALL(%(apart)s::text[])) OVER (PARTITION BY o.customer) AS counted
    FROM studio_order o
    WHERE o.page_id = %(page)s AND o.placed AND o.cancelled_at IS NULL AND o.value > 0 AND o.customer <> ''
      AND o.ordered_at < %(until)s
    ORDER BY o.customer, o.ordered_at, o.id
) f;

-- name: journeys
-- Before each order that stands: the clicks of the same known member or the same customer on the page's links.
WITH ordered AS (
    SELECT o.id, o.ordered_at, o.value, o.currency, o.customer, o.click_id, k.viewer, o.promo_code_id
    FROM studio_order o LEFT JOIN studio_click k ON k.id = o.click_id
    WHERE o.page_id = %(page)s AND o.placed AND o.cancelled_at IS NULL AND o.value > 0
      AND o.ordered_at >= %(since)s AND o.ordered_at < %(until)s
), reached AS (
    SELECT d.id, d.click_id AS click FROM ordered d WHERE d.click_id IS NOT NULL
    UNION
    SELECT d.id, k.id FROM ordered d JOIN studio_click k ON k.viewer = d.viewer AND d.viewer <> 0
    JOIN studio_trackedlink l ON l.id = k.link_id AND l.page_id = %(page)s
    UNION
    SELECT d.id, f.click_id FROM ordered d JOIN studio_order f
        ON f.page_id = %(page)s AND f.customer = d.customer AND d.customer <> '' AND f.click_id IS NOT NULL
)
SELECT d.id, d.ordered_at, d.value, d.currency, d.promo_code_id IS NOT NULL, k.made_at, k.source, k.paid, l.utm_source,
       coalesce(nullif(k.post_id, 0), l.post_id, 0), coalesce(l.campaign_id, 0)
FROM ordered d
LEFT JOIN reached r ON r.id = d.id
LEFT JOIN studio_click k ON k.id = r.click AND k.made_at <= d.ordered_at + interval '2 days'
     AND k.made_at >= d.ordered_at - %(lookback)s::interval
LEFT JOIN studio_trackedlink l ON l.id = k.link_id
ORDER BY d.id, k.made_at, k.id;

-- name: no_order
-- Clicks of the window after which no order stands: of known members one journey each, of others one a click.
SELECT CASE WHEN k.viewer <> 0 THEN k.viewer ELSE -k.id END, k.made_at, k.source, k.paid, l.utm_source,
       coalesce(nullif(k.post_id, 0), l.post_id, 0), coalesce(l.campaign_id, 0)
FROM studio_click k JOIN studio_trackedlink l ON l.id = k.link_id
WHERE l.page_id = %(page)s AND k.made_at >= %(since)s AND k.made_at < %(until)s
  AND NOT EXISTS (SELECT FROM studio_order o WHERE o.click_id = k.id AND o.placed AND o.cancelled_at IS NULL AND o.value > 0)
  AND (k.viewer = 0 OR NOT EXISTS (
        SELECT FROM studio_order o JOIN studio_click c ON c.id = o.click_id
        WHERE o.page_id = %(page)s AND c.viewer = k.viewer AND o.placed AND o.cancelled_at IS NULL AND o.value > 0
          AND o.ordered_at >= %(since)s AND o.ordered_at < %(until)s))
ORDER BY 1, k.made_at, k.id;

-- name: close_month
-- A month as it is told now; once.
INSERT INTO studio_closedmonth (page_id, month, told, closed_by_id, closed_at)
VALUES (%(page)s, %(month)s, %(told)s::jsonb, %(by)s, %(at)s) ON CONFLICT (page_id, month) DO NOTHING;

-- name: closed_months
-- Months that were closed, newest first.
SELECT m.month, m.told::text, m.closed_at FROM studio_closedmonth m WHERE m.page_id = %(page)s ORDER BY m.month DESC;

-- name: running
-- Whether the timer may run for her, how long without a key it does, and what it measured since a moment.
SELECT coalesce(b.idle_seconds, %(idle)s),
       (SELECT coalesce(sum(w.seconds), 0) FROM studio_work w
        WHERE w.page_id = c.page_id AND w.by_id = c.profile_id AND NOT w.by_hand AND w.began_at >= %(since)s)
FROM studio_hoursconsent c LEFT JOIN studio_book b ON b.page_id = c.page_id
WHERE c.page_id = %(page)s AND c.profile_id = %(by)s;
