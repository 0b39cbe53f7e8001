-- name: unknown_keys
-- Of some keys those that lead to no record of the page.
SELECT DISTINCT x.key FROM unnest(%(keys)s::text[]) AS x(key)
WHERE NOT EXISTS (SELECT FROM brands_customerkey k WHERE k.page_id = %(page)s AND k.key = x.key);

-- name: customers_of_keys
-- The records that keys lead to.
SELECT DISTINCT k.customer_id FROM brands_customerkey k
WHERE k.page_id = %(page)s AND k.key = ANY(%(keys)s::text[]) ORDER BY 1;

-- name: clear_standings
-- Before they are made anew.
DELETE FROM studio_standing s WHERE s.customer_id = ANY(%(customers)s::bigint[]);

-- name: stand
-- Where customers stand by the orders that stand: placed, not cancelled, something left of them.
INSERT INTO studio_standing (customer_id, page_id, orders, value, currency, first_at, last_at, usual_days)
WITH bought AS (
    SELECT k.customer_id, o.ordered_at, o.value, o.currency, (o.ordered_at AT TIME ZONE g.time_zone)::date AS day
    FROM brands_customerkey k
    JOIN studio_order o ON o.page_id = k.page_id AND o.customer = k.key
    JOIN brands_page g ON g.profile_id = k.page_id
    WHERE k.page_id = %(page)s AND k.customer_id = ANY(%(customers)s::bigint[]) AND o.customer <> ''
      AND o.placed AND o.cancelled_at IS NULL AND o.value > 0
), habits AS (
    SELECT x.customer_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY x.gap) AS usual
    FROM (SELECT d.customer_id, d.day - lag(d.day) OVER (PARTITION BY d.customer_id ORDER BY d.day) AS gap
          FROM (SELECT DISTINCT b.customer_id, b.day FROM bought b) d) x
    WHERE x.gap IS NOT NULL GROUP BY 1
), mains AS (
    SELECT DISTINCT ON (b.customer_id) b.customer_id, b.currency FROM bought b
    GROUP BY 1, 2 ORDER BY 1, count(*) DESC, sum(b.value) DESC, b.currency
)
SELECT b.customer_id, %(page)s, count(*), sum(b.value) FILTER (WHERE b.currency = m.currency), m.currency,
       min(b.ordered_at), max(b.ordered_at), h.usual
FROM bought b JOIN mains m USING (customer_id) LEFT JOIN habits h USING (customer_id)
GROUP BY b.customer_id, m.currency, h.usual;

-- name: score
-- Fifths of all customers of a page: ⌊5 × (those below + half of those equal) ÷ all⌋ + 1, as insights.methods.stages
-- has them. With fewer than five there are none.
UPDATE studio_standing s SET recency = x.r, frequency = x.f, money = x.m
FROM (
    SELECT t.customer_id,
           CASE WHEN t.n >= 5 THEN 5 * (2 * (t.rr - 1) + t.re) / (2 * t.n) + 1 END AS r,
           CASE WHEN t.n >= 5 THEN 5 * (2 * (t.fr - 1) + t.fe) / (2 * t.n) + 1 END AS f,
           CASE WHEN t.n >= 5 THEN 5 * (2 * (t.mr - 1) + t.me) / (2 * t.n) + 1 END AS m
    FROM (SELECT s.customer_id, count(*) OVER () AS n,
                 rank() OVER (ORDER BY s.last_at) AS rr, count(*) OVER (PARTITION BY s.last_at) AS re,
                 rank() OVER (ORDER BY s.orders) AS fr, count(*) OVER (PARTITION BY s.orders) AS fe,
                 rank() OVER (ORDER BY s.value) AS mr, count(*) OVER (PARTITION BY s.value) AS me
          FROM studio_standing s WHERE s.page_id = %(page)s) t
) x WHERE s.customer_id = x.customer_id
  AND (s.recency, s.frequency, s.money) IS DISTINCT FROM (x.r, x.f, x.m);

-- name: customers_with_keys
-- All customers of a page that have a key, for making all standings anew.
SELECT DISTINCT k.customer_id FROM brands_customerkey k WHERE k.page_id = %(page)s AND k.customer_id > %(after)s ORDER BY 1 LIMIT %(limit)s;

-- name: keys_without_customer
-- Keys of orders that lead to nobody yet.
SELECT DISTINCT o.customer FROM studio_order o
WHERE o.page_id = %(page)s AND o.customer <> '' AND o.placed AND NOT EXISTS (
    SELECT FROM brands_customerkey k WHERE k.page_id = o.page_id AND k.key = o.customer) LIMIT %(limit)s;

-- name: forget_customers
-- Orders of somebody who was erased are nobody's.
UPDATE studio_order o SET customer = '', state = o.state - 'customer'
WHERE o.page_id = %(page)s AND o.customer = ANY(%(keys)s::text[]) AND o.customer <> '';

-- name: counts
-- How many customers are at which stage, how many are later than their habit, and what they paid, by currency.
SELECT {{stage(s)}} AS stage, s.currency, count(*), sum(s.value), sum(s.orders),
       count(*) FILTER (WHERE {{overdue(s)}}), count(*) FILTER (WHERE s.first_at >= %(month)s)
FROM studio_standing s WHERE s.page_id = %(page)s GROUP BY 1, 2;

-- name: without_orders
-- How many records have no order.
SELECT count(*) FROM brands_customer c
WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL
  AND NOT EXISTS (SELECT FROM studio_standing s WHERE s.customer_id = c.id);

-- name: lines
-- Customers in lists, as they are shown.
SELECT c.id, c.name, c.consent, c.tags::text, s.orders, s.value, s.currency, s.first_at, s.last_at, s.usual_days,
       s.recency, s.frequency, s.money, CASE WHEN s.customer_id IS NOT NULL THEN {{stage(s)}} ELSE 'none' END,
       (SELECT k.value FROM brands_customercontact k WHERE k.customer_id = c.id ORDER BY k.kind, k.id LIMIT 1)
FROM brands_customer c LEFT JOIN studio_standing s ON s.customer_id = c.id
WHERE c.page_id = %(page)s AND c.id = ANY(%(ids)s::bigint[]);

-- name: orders_of
-- The orders of a customer, the newest first.
SELECT o.id, o.external_id, o.value, o.currency, o.ordered_at, o.cancelled_at, o.reported_by
FROM brands_customerkey k JOIN studio_order o ON o.page_id = k.page_id AND o.customer = k.key
WHERE k.page_id = %(page)s AND k.customer_id = %(customer)s AND o.customer <> '' AND o.placed
ORDER BY o.ordered_at DESC, o.id DESC LIMIT %(limit)s;

-- name: money_of
-- What a customer paid, by currency.
SELECT o.currency, count(*), sum(o.value)
FROM brands_customerkey k JOIN studio_order o ON o.page_id = k.page_id AND o.customer = k.key
WHERE k.page_id = %(page)s AND k.customer_id = %(customer)s AND o.customer <> '' AND o.placed
  AND o.cancelled_at IS NULL AND o.value > 0 GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: cohorts
-- Customers by the month of their first order, and how many of them ordered in each month since.
WITH bought AS (
    SELECT DISTINCT k.customer_id, date_trunc('month', o.ordered_at AT TIME ZONE %(zone)s)::date AS month
    FROM brands_customerkey k JOIN studio_order o ON o.page_id = k.page_id AND o.customer = k.key
    WHERE k.page_id = %(page)s AND o.customer <> '' AND o.placed AND o.cancelled_at IS NULL AND o.value > 0
      AND o.ordered_at <= %(at)s
), firsts AS (SELECT b.customer_id, min(b.month) AS first FROM bought b GROUP BY 1)
SELECT f.first, b.month, count(*) FROM bought b JOIN firsts f USING (customer_id)
WHERE f.first >= %(since)s GROUP BY 1, 2 ORDER BY 1, 2;

-- name: sample
-- A sample of customers, the same each time, with their stage.
SELECT s.customer_id, {{stage(s)}} FROM studio_standing s
WHERE s.page_id = %(page)s AND s.currency = %(currency)s
ORDER BY hashint8(s.customer_id), s.customer_id LIMIT %(limit)s;

-- name: purchases
-- What some customers bought in a currency: who, when, what is left of it.
SELECT k.customer_id, o.ordered_at AT TIME ZONE %(zone)s, o.value
FROM brands_customerkey k JOIN studio_order o ON o.page_id = k.page_id AND o.customer = k.key
WHERE k.page_id = %(page)s AND k.customer_id = ANY(%(customers)s::bigint[]) AND o.customer <> '' AND o.placed
  AND o.cancelled_at IS NULL AND o.value > 0 AND o.currency = %(currency)s AND o.ordered_at <= %(at)s;

-- name: main_currency
-- The currency that most customers of a page pay in.
SELECT s.currency FROM studio_standing s WHERE s.page_id = %(page)s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1;

-- name: keep_worth
-- What groups are worth, as it was worked out now.
INSERT INTO studio_worth (page_id, told, made_at) VALUES (%(page)s, %(told)s::jsonb, %(at)s)
ON CONFLICT (page_id) DO UPDATE SET told = excluded.told, made_at = excluded.made_at;

-- name: worth
-- What groups are worth, as it was worked out last.
SELECT w.told::text, w.made_at FROM studio_worth w WHERE w.page_id = %(page)s;

-- name: pages_with_standings
-- Pages whose customers have orders.
SELECT g.profile_id FROM brands_page g WHERE EXISTS (SELECT FROM studio_standing s WHERE s.page_id = g.profile_id);

-- name: make_segment
-- A group; the page has none of that name yet, or nothing.
INSERT INTO studio_segment (id, page_id, name, rule, made_by_id, made_at)
VALUES (%(id)s, %(page)s, %(name)s, %(rule)s::jsonb, %(by)s, %(at)s) ON CONFLICT (page_id, name) DO NOTHING;

-- name: segments
-- The groups of a page by name, or one.
SELECT g.id, g.name, g.rule::text, g.made_at, g.circle_id FROM studio_segment g
WHERE g.page_id = %(page)s AND (%(segment)s = 0 OR g.id = %(segment)s) ORDER BY g.name, g.id;

-- name: count_segments
-- How many groups a page has.
SELECT count(*) FROM studio_segment g WHERE g.page_id = %(page)s;

-- name: end_segment
-- A group is forgotten; its customers stay.
DELETE FROM studio_segment g WHERE g.id = %(segment)s AND g.page_id = %(page)s;

-- name: tags
-- The tags of a page's customers with how many have each, the commonest first.
SELECT t.tag, count(*) FROM brands_customer c CROSS JOIN LATERAL jsonb_array_elements_text(c.tags) AS t(tag)
WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL AND c.tags <> '[]' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50;

-- name: praise
-- Customers who are joined to a member by her own word, who spoke well of the page in a window, to everybody: a
-- review of four stars or more that stands, a public mention, a boost of a post of the page.
SELECT k.customer_id, m.member_id,
       EXISTS (SELECT FROM brands_review r WHERE r.page_id = m.page_id AND r.author_id = m.member_id AND r.stars >= 4
               AND r.withdrawn_at IS NULL AND r.made_at >= %(since)s),
       (SELECT count(*) FROM posts_post p JOIN posts_mention n ON n.post_id = p.id AND n.profile_id = m.page_id
        WHERE p.author_id = m.member_id AND p.audience = 'public' AND p.deleted_at IS NULL
          AND p.withdrawn_at IS NULL AND p.made_at >= %(since)s),
       (SELECT count(*) FROM posts_post p JOIN posts_post b ON b.id = p.boost_of_id AND b.author_id = m.page_id
        WHERE p.author_id = m.member_id AND p.audience = 'public' AND p.deleted_at IS NULL
          AND p.withdrawn_at IS NULL AND p.made_at >= %(since)s)
FROM brands_customermember m
JOIN brands_customerkey k ON k.page_id = m.page_id AND k.key = m.key
JOIN people_profile q ON q.id = m.member_id AND q.withdrawn_at IS NULL
WHERE m.page_id = %(page)s AND m.allowed
  AND NOT EXISTS (SELECT FROM people_block b WHERE (b.blocker_id = m.member_id AND b.blocked_id = m.page_id)
                                               OR (b.blocker_id = m.page_id AND b.blocked_id = m.member_id))
ORDER BY m.id;

-- name: joined_of
-- The members who allowed to be joined to some customers.
SELECT DISTINCT m.member_id FROM brands_customermember m
JOIN brands_customerkey k ON k.page_id = m.page_id AND k.key = m.key
WHERE m.page_id = %(page)s AND m.allowed AND k.customer_id = ANY(%(customers)s::bigint[]);

-- name: address_segment
-- Posts may be addressed to a group by this circle.
UPDATE studio_segment SET circle_id = %(circle)s WHERE id = %(segment)s;

-- name: addressed
-- The groups that posts may be addressed to: of a page, or by one circle, or all.
SELECT g.page_id, g.circle_id, g.rule::text FROM studio_segment g
WHERE g.circle_id IS NOT NULL AND (%(page)s::bigint IS NULL OR g.page_id = %(page)s)
  AND (%(circle)s::bigint IS NULL OR g.circle_id = %(circle)s)
ORDER BY g.page_id, g.id;

-- name: is_for_group
-- Whether a post is addressed to a group of its page's customers.
SELECT 1 FROM posts_post p JOIN studio_segment g ON g.circle_id = p.circle_id AND g.page_id = p.author_id
WHERE p.id = %(post)s;

-- name: pages_with_nameless_orders
-- Pages that have orders of people of whom there is no record.
SELECT DISTINCT o.page_id FROM studio_order o
WHERE o.customer <> '' AND o.placed AND NOT EXISTS (
    SELECT FROM brands_customerkey k WHERE k.page_id = o.page_id AND k.key = o.customer);

-- name: at_stake
-- What members paid who joined themselves to a page, in the currency of its book (or the one most is paid in).
SELECT m.member_id, sum(s.value) FROM brands_customermember m
JOIN brands_customerkey k ON k.page_id = m.page_id AND k.key = m.key
JOIN studio_standing s ON s.customer_id = k.customer_id
LEFT JOIN studio_book b ON b.page_id = m.page_id
WHERE m.page_id = %(page)s AND m.allowed AND m.member_id = ANY(%(profiles)s)
  AND s.currency = coalesce(b.currency, (SELECT x.currency FROM studio_standing x WHERE x.page_id = %(page)s
                                         GROUP BY x.currency ORDER BY count(*) DESC LIMIT 1))
GROUP BY m.member_id;
