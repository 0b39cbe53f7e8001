-- name: open_orders
-- Rows for orders that nobody has reported yet, in the order of their ids, so that two batches never wait for each other.
INSERT INTO studio_order (id, page_id, external_id, reported_by, currency, customer, placed, state, ordered_at, arrived_at)
SELECT o.id, %(page)s, o.external_id, o.by, '', '', false, '{}', o.at, %(arrived_at)s
FROM unnest(%(ids)s::bigint[], %(external_ids)s::text[], %(bys)s::text[], %(ats)s::timestamptz[])
     AS o (id, external_id, by, at)
ORDER BY o.external_id
ON CONFLICT (page_id, external_id) DO NOTHING;

-- name: lock_orders
-- Orders of a page by the shop's ids, held until the end of the transaction.
SELECT o.external_id, o.id, o.placed, o.state::text FROM studio_order o
WHERE o.page_id = %(page)s AND o.external_id = ANY(%(external_ids)s) ORDER BY o.external_id FOR UPDATE;

-- name: keep_order
-- What an order is now. A goal, click or code that is gone meanwhile is none.
UPDATE studio_order SET
    state = %(state)s::jsonb, placed = %(placed)s, reported_by = %(by)s, value = %(value)s, currency = %(currency)s,
    customer = %(customer)s, ordered_at = %(ordered_at)s, cancelled_at = %(cancelled_at)s,
    goal_id = (SELECT g.id FROM studio_goal g WHERE g.id = %(goal)s),
    click_id = (SELECT k.id FROM studio_click k WHERE k.id = %(click)s),
    promo_code_id = (SELECT c.id FROM studio_promocode c WHERE c.id = %(promo_code)s)
WHERE id = %(id)s;

-- name: clicks_by_token
-- Clicks of this page's links by their tokens; of other pages' there are none.
SELECT k.token, k.id, k.made_at FROM studio_click k
JOIN studio_trackedlink l ON l.id = k.link_id AND l.page_id = %(page)s
WHERE k.token = ANY(%(tokens)s);

-- name: promo_codes_by_code
-- Promo codes of this page.
SELECT c.code, c.id, c.starts_at, c.ends_at FROM studio_promocode c
WHERE c.page_id = %(page)s AND c.code = ANY(%(codes)s);

-- name: credits
-- Whose orders are: link, post, member (0 for nobody who is known or measured), where and whether paid for.
SELECT o.id, k.link_id, coalesce(nullif(k.post_id, 0), c.post_id, 0), coalesce(m.profile_id, 0),
       coalesce(k.source, 0), coalesce(k.paid, false)
FROM studio_order o
LEFT JOIN studio_click k ON k.id = o.click_id
LEFT JOIN studio_promocode c ON c.id = o.promo_code_id
LEFT JOIN insights_member m ON m.pseudonym = k.viewer AND m.measured AND k.viewer <> 0
WHERE o.id = ANY(%(ids)s);

-- name: make_goal
-- A goal; the page has none of that name yet, or nothing.
INSERT INTO studio_goal (id, page_id, name, kind, origins, key, made_at)
VALUES (%(id)s, %(page)s, %(name)s, %(kind)s, %(origins)s::jsonb, %(key)s, %(at)s)
ON CONFLICT (page_id, name) DO NOTHING;

-- name: change_goal
-- From which sites a goal is told.
UPDATE studio_goal SET origins = %(origins)s::jsonb WHERE id = %(goal)s AND page_id = %(page)s AND retired_at IS NULL;

-- name: retire_goal
-- From now on nothing is taken for it.
UPDATE studio_goal SET retired_at = %(at)s WHERE id = %(goal)s AND page_id = %(page)s AND retired_at IS NULL;

-- name: goals
-- The goals of a page that are in use, and those that were.
SELECT g.id, g.name, g.kind, g.origins::text, g.key, g.made_at, g.retired_at
FROM studio_goal g WHERE g.page_id = %(page)s ORDER BY g.retired_at IS NOT NULL, g.id;

-- name: goal_by_key
-- A goal in use by its public key, when its page is there.
SELECT g.id, g.page_id, g.kind, g.origins::text, g.name FROM studio_goal g
JOIN people_profile p ON p.id = g.page_id AND p.withdrawn_at IS NULL
WHERE g.key = %(key)s AND g.retired_at IS NULL;

-- name: goal_by_name
-- A goal in use of a page by its name.
SELECT g.id, g.page_id, g.kind, g.origins::text, g.name FROM studio_goal g
WHERE g.page_id = %(page)s AND g.name = %(name)s AND g.retired_at IS NULL;

-- name: make_promo_code
-- A promo code; the page has none that reads the same yet, or nothing.
INSERT INTO studio_promocode (id, page_id, code, campaign_id, post_id, starts_at, ends_at, made_at)
VALUES (%(id)s, %(page)s, %(code)s,
        (SELECT c.id FROM studio_campaign c WHERE c.id = %(campaign)s AND c.page_id = %(page)s),
        (SELECT p.id FROM posts_post p WHERE p.id = %(post)s AND p.author_id = %(page)s AND p.deleted_at IS NULL),
        %(starts_at)s, %(ends_at)s, %(at)s)
ON CONFLICT (page_id, code) DO NOTHING;

-- name: end_promo_code
-- Orders after this moment are not its any more.
UPDATE studio_promocode SET ends_at = %(at)s
WHERE id = %(promo_code)s AND page_id = %(page)s AND (ends_at IS NULL OR ends_at > %(at)s);

-- name: promo_codes
-- The promo codes of a page with their orders in a window, newest first; and whether of any of these a browser's
-- word is all there is.
SELECT c.id, c.code, c.post_id, c.starts_at, c.ends_at, c.made_at, o.orders, o.by_script
FROM studio_promocode c
CROSS JOIN LATERAL (
    SELECT count(*) AS orders, coalesce(bool_or(o.reported_by = 'script'), false) AS by_script
    FROM studio_order o WHERE o.promo_code_id = c.id AND o.placed AND o.cancelled_at IS NULL
     AND o.ordered_at >= %(since)s AND o.ordered_at < %(until)s
) o
WHERE c.page_id = %(page)s ORDER BY c.id DESC;

-- name: orders_of_goals
-- What was reported in a window: per goal, currency and whether a browser's script alone says so.
SELECT o.goal_id, o.currency, o.reported_by = 'script' AS by_script, count(*) FILTER (WHERE o.cancelled_at IS NULL),
       coalesce(sum(o.value) FILTER (WHERE o.cancelled_at IS NULL), 0),
       count(*) FILTER (WHERE o.cancelled_at IS NULL AND (o.click_id IS NOT NULL OR o.promo_code_id IS NOT NULL)),
       count(*) FILTER (WHERE o.cancelled_at IS NOT NULL)
FROM studio_order o
WHERE o.page_id = %(page)s AND o.placed AND o.ordered_at >= %(since)s AND o.ordered_at < %(until)s
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: make_shop
-- A shop of a kind; the page has none of it yet, or nothing.
INSERT INTO studio_shop (id, page_id, kind, key, secret, made_by_id, made_at, last_refusal)
VALUES (%(id)s, %(page)s, %(kind)s, %(key)s, %(secret)s, %(by)s, %(at)s, '')
ON CONFLICT (page_id, kind) DO NOTHING;

-- name: shops
-- The shops of a page.
SELECT s.id, s.kind, s.key, s.secret, s.made_at, s.last_heard_at, s.last_refusal, s.last_refused_at
FROM studio_shop s WHERE s.page_id = %(page)s ORDER BY s.id;

-- name: own_shop
-- A shop of the page, held until the end of the transaction.
SELECT s.id, s.kind, s.key, s.secret, s.made_at, s.last_heard_at, s.last_refusal, s.last_refused_at
FROM studio_shop s WHERE s.page_id = %(page)s AND s.id = %(shop)s FOR UPDATE;

-- name: shop_by_key
-- The shop whose webhooks come to an address, when its page is there.
SELECT s.id, s.page_id, s.secret FROM studio_shop s
JOIN people_profile p ON p.id = s.page_id AND p.withdrawn_at IS NULL
WHERE s.key = %(key)s AND s.kind = %(kind)s;

-- name: change_secret
-- Another secret.
UPDATE studio_shop SET secret = %(secret)s WHERE id = %(shop)s;

-- name: end_shop
-- Its address is as unknown as one that nobody made; its orders stay.
DELETE FROM studio_shop WHERE id = %(shop)s;

-- name: heard
-- A delivery was taken.
UPDATE studio_shop SET last_heard_at = %(at)s WHERE id = %(shop)s;

-- name: shop_refused
-- Why a delivery was not taken, for the team. Not more than once in ten seconds: forgers knock often.
UPDATE studio_shop SET last_refusal = %(why)s, last_refused_at = %(at)s
WHERE id = %(shop)s AND (last_refused_at IS NULL OR last_refused_at < %(at)s::timestamptz - interval '10 seconds');

-- name: take_delivery
-- A delivery, once: by the sum of its bytes.
INSERT INTO studio_shopdelivery (id, shop_id, delivery_id, arrived_at)
VALUES (%(id)s, %(shop)s, %(delivery)s, %(at)s) ON CONFLICT (shop_id, delivery_id) DO NOTHING;

-- name: sweep_deliveries
-- Deliveries that no shop sends again. Their orders would be recognised all the same.
DELETE FROM studio_shopdelivery WHERE arrived_at < %(before)s;
