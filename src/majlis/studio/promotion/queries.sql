-- name: reach
-- How many people (logins) of this house belong to an audience of a page and may be shown a promotion at all.
SELECT count(DISTINCT p.user_id)
FROM people_profile p
WHERE p.user_id IS NOT NULL AND p.domain = '' AND p.withdrawn_at IS NULL
  AND p.preferences->'promotions' IS DISTINCT FROM 'false'::jsonb
  AND (%(members)s::bigint[] IS NULL OR p.id = ANY(%(members)s::bigint[]))
  AND CASE %(who)s
      WHEN 'followers' THEN EXISTS (
          SELECT 1 FROM people_follow f WHERE f.follower_id = p.id AND f.followed_id = %(page)s)
      WHEN 'not_followers' THEN NOT EXISTS (
          SELECT 1 FROM people_follow f WHERE f.follower_id = p.id AND f.followed_id = %(page)s)
      ELSE TRUE END
  AND (%(languages)s::text[] = '{}' OR p.languages ?| %(languages)s::text[])
  AND (%(tags)s::text[] = '{}' OR EXISTS (
      SELECT 1 FROM posts_tagfollow f JOIN posts_tag t ON t.id = f.tag_id
      WHERE f.follower_id = p.id AND t.name = ANY(%(tags)s::text[])))
  AND NOT EXISTS (SELECT 1 FROM insights_member m WHERE m.profile_id = p.id AND NOT m.measured)
  AND NOT EXISTS (
      SELECT 1 FROM people_block b WHERE (b.blocker_id = p.id AND b.blocked_id = %(page)s)
                                      OR (b.blocker_id = %(page)s AND b.blocked_id = p.id))
  AND NOT EXISTS (SELECT 1 FROM people_mute u WHERE u.muter_id = p.id AND u.muted_id = %(page)s)
  AND p.user_id NOT IN (
      SELECT x.user_id FROM people_profile x WHERE x.user_id IS NOT NULL AND (
          x.id = %(page)s OR x.id IN (SELECT t.member_id FROM brands_teammember t WHERE t.page_id = %(page)s)));

-- name: open_account
-- The account of a page, empty at first; touches one row when there is such a page. Locks it.
INSERT INTO studio_account (page_id, balance)
SELECT g.profile_id, 0 FROM brands_page g WHERE g.profile_id = %(page)s
ON CONFLICT (page_id) DO UPDATE SET balance = studio_account.balance;

-- name: move_balance
-- Put into an account or take out of it; no row when there is not as much.
UPDATE studio_account SET balance = balance + %(amount)s
WHERE page_id = %(page)s AND balance + %(amount)s >= 0 RETURNING balance;

-- name: write_line
-- A line of the book by an operator.
INSERT INTO studio_balanceentry (id, page_id, amount, promotion_id, by_id, note, nonce, made_at)
VALUES (%(id)s, %(page)s, %(amount)s, NULL, %(by)s, %(note)s, NULL, %(at)s);

-- name: balance
-- What a page has left.
SELECT a.balance FROM studio_account a WHERE a.page_id = %(page)s;

-- name: lines
-- The book of a page, newest first: each top-up, and the charges of each promotion and day as one line. The
-- cursor of such a line is its newest charge.
SELECT * FROM (
    SELECT max(e.id) AS id, max(e.made_at) AS at, sum(e.amount) AS amount,
           count(e.nonce)::int AS impressions, e.promotion_id, max(e.note) AS note
    FROM studio_balanceentry e
    WHERE e.page_id = %(page)s
    GROUP BY CASE WHEN e.nonce IS NULL THEN e.id ELSE 0 END, e.promotion_id, (e.made_at AT TIME ZONE 'UTC')::date
) x WHERE x.id < %(below)s AND x.id > %(above)s ORDER BY x.id DESC LIMIT %(limit)s;

-- name: books
-- Pages for the operator, those that have or had money first.
SELECT p.id, p.handle, coalesce(nullif(p.display_name, ''), p.handle), coalesce(a.balance, 0),
       coalesce((SELECT sum(e.amount) FROM studio_balanceentry e WHERE e.page_id = p.id AND e.nonce IS NULL), 0),
       coalesce((SELECT sum(q.spent) FROM studio_promotion q WHERE q.page_id = p.id), 0)
FROM brands_page g JOIN people_profile p ON p.id = g.profile_id AND p.withdrawn_at IS NULL AND p.kind = 'business'
LEFT JOIN studio_account a ON a.page_id = g.profile_id
WHERE (%(page)s = 0 OR g.profile_id = %(page)s) AND (%(text)s = '' OR lower(p.handle) LIKE '%%' || %(text)s || '%%'
   OR lower(p.display_name) LIKE '%%' || %(text)s || '%%')
ORDER BY a.page_id IS NULL, p.handle LIMIT %(limit)s;

-- name: promotable
-- A post that its page may promote: public, its own, in its place, no boost, nothing imported.
SELECT p.id FROM posts_post p
WHERE p.id = %(post)s AND p.author_id = %(page)s AND p.audience = 'public' AND p.boost_of_id IS NULL
  AND p.imported_from = '' AND p.deleted_at IS NULL AND p.withdrawn_at IS NULL FOR SHARE;

-- name: promotable_posts
-- The newest posts that a page may promote.
SELECT p.id FROM posts_post p
WHERE p.author_id = %(page)s AND p.audience = 'public' AND p.boost_of_id IS NULL AND p.imported_from = ''
  AND p.deleted_at IS NULL AND p.withdrawn_at IS NULL AND p.reply_to_id IS NULL
ORDER BY p.id DESC LIMIT %(limit)s;

-- name: campaign_of_page
-- Whether a campaign is the page's.
SELECT 1 FROM studio_campaign c WHERE c.id = %(campaign)s AND c.page_id = %(page)s;

-- name: active
-- All that may be shown, now or later, in any home feed: few. With what each has left and its hashtags' ids.
SELECT q.id, q.page_id, q.post_id, q.bid, q.budget - q.spent, a.balance, q.cap, q.starts_at, q.ends_at, q.audience,
       coalesce((SELECT array_agg(t.id) FROM posts_tag t
                 WHERE t.name IN (SELECT jsonb_array_elements_text(coalesce(q.audience->'tags', '[]')))), '{}')
FROM studio_promotion q JOIN studio_account a ON a.page_id = q.page_id
WHERE q.ended_at IS NULL AND q.paused_at IS NULL AND q.ends_at > %(at)s
  AND q.budget - q.spent >= %(floor)s AND a.balance >= %(floor)s
ORDER BY q.id;

-- name: standing
-- Of some promotions those that one member may be shown, and when she saw each last: not the page's team (by
-- login), the cap not reached (of all profiles of her login; what was given to her lately and not seen counts),
-- the post not seen lately by itself, and nothing to somebody who is not measured.
SELECT c.id, s.last_at
FROM unnest(%(promotions)s::bigint[], %(posts)s::bigint[], %(pages)s::bigint[], %(caps)s::bigint[])
     AS c(id, post, page, cap)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(w.shown), 0) AS shown, max(w.last_at) AS last_at
    FROM people_profile x JOIN studio_promotionshow w ON w.promotion_id = c.id AND w.profile_id = x.id
    WHERE x.user_id = %(user)s
) s
WHERE s.shown + (
        SELECT count(*) FROM people_profile x JOIN studio_promotionoffer o ON o.profile_id = x.id
        WHERE x.user_id = %(user)s AND o.promotion_id = c.id AND o.seen_at IS NULL AND o.made_at > %(lately)s
    ) < c.cap
  AND NOT EXISTS (
        SELECT 1 FROM people_profile x
        WHERE x.user_id = %(user)s
          AND (x.id = c.page OR EXISTS (
              SELECT 1 FROM brands_teammember t WHERE t.page_id = c.page AND t.member_id = x.id)))
  AND NOT EXISTS (
        SELECT 1 FROM insights_member m
        JOIN insights_fact f ON f.post_id = c.post AND f.viewer = m.pseudonym AND f.kind = 2
        WHERE m.profile_id = %(viewer)s AND NOT f.paid AND f.at > %(recently)s)
  AND NOT EXISTS (SELECT 1 FROM insights_member m WHERE m.profile_id = %(viewer)s AND NOT m.measured);

-- name: offer
-- Places that were given on pages made for members, as far as both are still there.
INSERT INTO studio_promotionoffer (id, promotion_id, profile_id, price, made_at)
SELECT x.id, q.id, p.id, x.price / 10000.0, 'epoch'::timestamptz + x.at * interval '1 microsecond'
FROM unnest(%(ids)s::bigint[], %(promotions)s::bigint[], %(profiles)s::bigint[], %(prices)s::bigint[], %(ats)s::bigint[])
     AS x(id, promotion, profile, price, at)
JOIN studio_promotion q ON q.id = x.promotion JOIN people_profile p ON p.id = x.profile;

-- name: offers_seen
-- Places of which there is a fact that says that they were seen, by whom they were given to. Without it (somebody
-- who is not measured, a place that is none) nothing is charged.
SELECT DISTINCT o.id, o.promotion_id, q.page_id, o.profile_id, coalesce(p.user_id, -p.id), o.price
FROM studio_promotionoffer o
JOIN studio_promotion q ON q.id = o.promotion_id
JOIN people_profile p ON p.id = o.profile_id
JOIN insights_member m ON m.profile_id = o.profile_id
JOIN insights_fact f ON f.post_id = q.post_id AND f.viewer = m.pseudonym AND f.kind = 2 AND f.nonce = o.id AND f.paid
WHERE o.id = ANY(%(ids)s) AND o.seen_at IS NULL;

-- name: lock_accounts
-- Accounts, in order, until the end of the transaction.
SELECT a.page_id, a.balance FROM studio_account a WHERE a.page_id = ANY(%(pages)s) ORDER BY a.page_id FOR UPDATE;

-- name: lock_promotions
-- Promotions, in order, until the end of the transaction: what is left, the bid, the cap, whether it runs.
SELECT q.id, q.budget - q.spent, q.bid, q.cap, q.ended_at IS NULL AND q.paused_at IS NULL AND q.ends_at > %(at)s
FROM studio_promotion q WHERE q.id = ANY(%(promotions)s) ORDER BY q.id FOR UPDATE;

-- name: take_offers
-- Mark places as seen; those that were seen before are not given back. After the locks above.
UPDATE studio_promotionoffer o SET seen_at = %(at)s
WHERE o.id = ANY(%(ids)s) AND o.seen_at IS NULL RETURNING o.id;

-- name: shown
-- How often each person was shown each promotion: a login with all its profiles, or a profile without one.
SELECT c.promotion, c.person, sum(s.shown)::int
FROM (
    SELECT DISTINCT u.promotion, coalesce(p.user_id, -p.id) AS person, x.id AS profile
    FROM unnest(%(promotions)s::bigint[], %(profiles)s::bigint[]) AS u(promotion, profile)
    JOIN people_profile p ON p.id = u.profile JOIN people_profile x ON x.id = p.id OR x.user_id = p.user_id
) c JOIN studio_promotionshow s ON s.promotion_id = c.promotion AND s.profile_id = c.profile
GROUP BY 1, 2;

-- name: count_shows
-- Count what was shown, against the cap.
INSERT INTO studio_promotionshow (id, promotion_id, profile_id, shown, last_at)
SELECT x.id, x.promotion, x.profile, x.count, %(at)s
FROM unnest(%(ids)s::bigint[], %(promotions)s::bigint[], %(profiles)s::bigint[], %(counts)s::bigint[])
     AS x(id, promotion, profile, count)
ON CONFLICT (promotion_id, profile_id) DO UPDATE
SET shown = studio_promotionshow.shown + excluded.shown, last_at = excluded.last_at;

-- name: charge_lines
-- A line of the book for each impression that is paid.
INSERT INTO studio_balanceentry (id, page_id, amount, promotion_id, by_id, note, nonce, made_at)
SELECT x.id, x.page, -x.price, x.promotion, NULL, '', x.nonce, %(at)s
FROM unnest(%(ids)s::bigint[], %(pages)s::bigint[], %(prices)s::numeric[], %(promotions)s::bigint[],
            %(nonces)s::bigint[]) AS x(id, page, price, promotion, nonce);

-- name: charge_accounts
-- Take from accounts, all at once.
UPDATE studio_account a SET balance = a.balance - x.price
FROM unnest(%(pages)s::bigint[], %(prices)s::numeric[]) AS x(page, price) WHERE a.page_id = x.page;

-- name: charge_promotions
-- Count what promotions have spent, all at once.
UPDATE studio_promotion q SET spent = q.spent + x.price
FROM unnest(%(promotions)s::bigint[], %(prices)s::numeric[]) AS x(promotion, price) WHERE q.id = x.promotion;

-- name: sweep_offers
-- Remove places that nobody can report any more.
DELETE FROM studio_promotionoffer o WHERE o.made_at < %(before)s;

-- name: promotions
-- Promotions of a page, newest first, with how many impressions were paid and the people reached by them.
SELECT q.id, q.id, q.post_id, q.campaign_id, q.audience, q.budget, q.bid, q.spent, q.cap, q.starts_at, q.ends_at, q.made_at,
       q.paused_at, q.ended_at, m.handle, x.handle, e.handle,
       (SELECT count(*) FROM studio_balanceentry b WHERE b.promotion_id = q.id AND b.nonce IS NOT NULL)::int,
       (SELECT count(DISTINCT coalesce(p.user_id, -p.id)) FROM studio_promotionshow s
        JOIN people_profile p ON p.id = s.profile_id WHERE s.promotion_id = q.id AND s.shown > 0)::int
FROM studio_promotion q
LEFT JOIN people_profile m ON m.id = q.made_by_id
LEFT JOIN people_profile x ON x.id = q.paused_by_id
LEFT JOIN people_profile e ON e.id = q.ended_by_id
WHERE q.page_id = %(page)s AND (%(promotion)s = 0 OR q.id = %(promotion)s)
  AND (%(campaign)s = 0 OR q.campaign_id = %(campaign)s)
  AND q.id < %(below)s AND q.id > %(above)s ORDER BY q.id DESC LIMIT %(limit)s;

-- name: days
-- What a promotion was paid for, by day (UTC): impressions and money.
SELECT (b.made_at AT TIME ZONE 'UTC')::date, count(*)::int, -sum(b.amount)
FROM studio_balanceentry b WHERE b.promotion_id = %(promotion)s AND b.nonce IS NOT NULL GROUP BY 1 ORDER BY 1;

-- name: of_member
-- A promotion as a member it was given to may know it: who pays, for which post, for whom.
SELECT q.id, q.page_id, q.post_id, q.audience, q.cap,
       coalesce((SELECT s.shown FROM studio_promotionshow s
                 WHERE s.promotion_id = q.id AND s.profile_id = %(viewer)s), 0)
FROM studio_promotion q
WHERE q.id = %(promotion)s
  AND (EXISTS (SELECT 1 FROM studio_promotionoffer o WHERE o.promotion_id = q.id AND o.profile_id = %(viewer)s)
       OR EXISTS (SELECT 1 FROM studio_promotionshow s WHERE s.promotion_id = q.id AND s.profile_id = %(viewer)s));

-- name: lock_promotion
-- One promotion of a page, until the end of the transaction.
SELECT q.paused_at IS NOT NULL, q.ended_at IS NOT NULL, q.ends_at FROM studio_promotion q
WHERE q.id = %(promotion)s AND q.page_id = %(page)s FOR UPDATE;

-- name: insert_promotion
-- A promotion.
INSERT INTO studio_promotion (id, page_id, post_id, campaign_id, audience, budget, bid, spent, cap, starts_at, ends_at,
                              made_by_id, made_at)
VALUES (%(id)s, %(page)s, %(post)s, %(campaign)s, %(audience)s::jsonb, %(budget)s, %(bid)s, 0, %(cap)s, %(starts)s,
        %(ends)s, %(by)s, %(at)s);

-- name: pause
-- Not shown until it is resumed.
UPDATE studio_promotion SET paused_at = %(at)s, paused_by_id = %(by)s WHERE id = %(promotion)s;

-- name: resume
-- Shown again.
UPDATE studio_promotion SET paused_at = NULL, paused_by_id = NULL WHERE id = %(promotion)s;

-- name: end
-- Never shown again.
UPDATE studio_promotion SET ended_at = %(at)s, ended_by_id = %(by)s WHERE id = %(promotion)s;
