-- name: tell
-- Tell recipients of what one actor did, but those whom the rules or their policy keep from it.
-- Of several kinds wanted for one recipient and post the first that is not switched off is told.
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(recipients)s::bigint[], %(kinds)s::text[], %(posts)s::bigint[])
        WITH ORDINALITY AS w (id, recipient, kind, post, place)
), judged AS (
    SELECT w.id, w.recipient, w.kind, w.post, w.place,
        w.kind IN ('status', 'poll', 'update', 'quoted_update')
        OR EXISTS (SELECT FROM notifications_acceptance x WHERE x.recipient_id = w.recipient AND x.sender_id = a.id)
            AS free,
        ARRAY[
            CASE WHEN follow.id IS NULL THEN coalesce(y.for_not_following, 'accept') END,
            -- somebody who followed just now to be let in is no follower yet
            CASE WHEN back.id IS NULL OR back.made_at > %(at)s - interval '3 days'
                 THEN coalesce(y.for_not_followers, 'accept') END,
            CASE WHEN a.made_at > %(at)s - interval '30 days' THEN coalesce(y.for_new_accounts, 'accept') END,
            CASE WHEN a.limited_at IS NOT NULL AND follow.id IS NULL
                 THEN coalesce(y.for_limited_accounts, 'filter') END,
            -- GHSA-5fq7-3p3j-9vrf: however the recipient comes into a private post (written so, by an edit,
            -- a reply, a quote), it is held, unless she herself spoke to this sender privately before it
            -- in the same conversation. Circles and friends of others are private to her too.
            CASE WHEN w.kind IN ('mention', 'reply', 'quote') AND p.audience IN ('mentioned', 'circle', 'friends')
                      AND follow.id IS NULL
                      AND NOT EXISTS (
                          SELECT FROM posts_post own
                          JOIN posts_mention m ON m.post_id = own.id AND m.profile_id = a.id
                          WHERE own.thread_id = p.thread_id AND own.author_id = w.recipient AND own.id < p.id
                            AND own.audience = 'mentioned' AND own.deleted_at IS NULL)
                 THEN coalesce(y.for_private_mentions, 'filter') END
        ]::text[] AS rulings
    FROM wanted w
    JOIN people_profile r ON r.id = w.recipient AND r.domain = '' AND r.withdrawn_at IS NULL
    JOIN people_profile a ON a.id = %(actor)s AND a.id <> w.recipient
    LEFT JOIN posts_post p ON p.id = w.post
    LEFT JOIN notifications_policy y ON y.profile_id = w.recipient
    LEFT JOIN people_follow follow ON follow.follower_id = w.recipient AND follow.followed_id = a.id
    LEFT JOIN people_follow back ON back.follower_id = a.id AND back.followed_id = w.recipient
    WHERE (y.off IS NULL OR NOT y.off ? w.kind)
      AND NOT EXISTS (SELECT FROM people_block b WHERE b.blocker_id = w.recipient AND b.blocked_id = a.id)
      AND NOT EXISTS (SELECT FROM people_block b WHERE b.blocker_id = a.id AND b.blocked_id = w.recipient)
      AND NOT EXISTS (
          SELECT FROM people_mute m WHERE m.muter_id = w.recipient AND m.muted_id = a.id AND m.notifications
            AND (m.expires_at IS NULL OR m.expires_at > %(at)s))
      AND (a.domain = '' OR NOT EXISTS (
          SELECT FROM people_domainblock d WHERE d.blocker_id = w.recipient AND d.domain = a.domain))
      AND (w.post IS NULL OR (
          {{seen_by_recipient(p)}}
          -- an archive that is brought in speaks to nobody, nor does a later edit of what was brought in
          AND (p.imported_from = '' OR w.kind NOT IN ('mention', 'reply', 'quote', 'status'))
          AND NOT EXISTS (
              SELECT FROM posts_threadmute t WHERE t.profile_id = w.recipient AND t.thread_id = p.thread_id)))
      AND (%(cause)s::bigint IS NULL OR w.kind IN ('review', 'review_answer', 'team_invitation') OR EXISTS (
          SELECT FROM posts_post c WHERE c.id = %(cause)s AND {{seen_by_recipient(c)}}))
      -- one post is told to somebody in one way
      AND (w.kind NOT IN ('mention', 'reply', 'quote', 'status') OR NOT EXISTS (
          SELECT FROM notifications_notification e
          WHERE e.recipient_id = w.recipient AND e.actor_id = a.id AND e.post_id = w.post
            AND e.kind IN ('mention', 'reply', 'quote', 'status')))
), chosen AS (
    SELECT DISTINCT ON (j.recipient, j.post) j.*, NOT j.free AND j.rulings @> ARRAY['filter'] AS held
    FROM judged j
    ORDER BY j.recipient, j.post, j.place
), made AS (
    INSERT INTO notifications_notification (
        id, recipient_id, kind, actor_id, post_id, cause_id, detail, group_key, held, made_at)
    SELECT c.id, c.recipient, c.kind, %(actor)s, c.post, %(cause)s, %(detail)s::jsonb,
           {{group_key(c)}}, c.held, %(at)s
    FROM chosen c
    WHERE c.free OR NOT c.rulings @> ARRAY['drop']
    ON CONFLICT DO NOTHING
    RETURNING id, recipient_id, kind, held
)
SELECT made.id, made.recipient_id, {{subscriptions(made)}} FROM made WHERE NOT made.held ORDER BY made.id;

-- name: tell_of_house
-- What the house tells: only what is switched off is left out.
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(recipients)s::bigint[]) AS w (id, recipient)
), made AS (
    INSERT INTO notifications_notification (
        id, recipient_id, kind, actor_id, post_id, cause_id, detail, group_key, held, made_at)
    SELECT c.id, c.recipient, c.kind, c.actor, c.post, %(cause)s, %(detail)s::jsonb, {{group_key(c)}}, false, %(at)s
    FROM (
        SELECT w.id, w.recipient, %(kind)s AS kind, coalesce(%(actor)s, w.recipient) AS actor,
               %(post)s::bigint AS post
        FROM wanted w
        JOIN people_profile r ON r.id = w.recipient AND r.domain = '' AND r.withdrawn_at IS NULL
        LEFT JOIN notifications_policy y ON y.profile_id = w.recipient
        WHERE y.off IS NULL OR NOT y.off ? %(kind)s) AS c
    ON CONFLICT DO NOTHING
    RETURNING id, recipient_id, kind, held
)
SELECT made.id, made.recipient_id, {{subscriptions(made)}} FROM made ORDER BY made.id;

-- name: another_reaction
-- She reacts differently now; nobody is told again.
UPDATE notifications_notification n SET detail = %(detail)s::jsonb
WHERE n.recipient_id = %(recipient)s AND n.kind = 'favourite' AND n.actor_id = %(actor)s
  AND n.post_id = %(post)s;

-- name: withdraw_of_post
-- What an actor caused about a post is no more; only for some recipients (when given).
DELETE FROM notifications_notification n
WHERE n.post_id = %(post)s AND n.actor_id = %(actor)s AND n.kind = %(kind)s
  AND (%(recipients)s::bigint[] IS NULL OR n.recipient_id = ANY(%(recipients)s))
RETURNING n.id, n.recipient_id;

-- name: withdraw_of_follow
-- The follow, or the request, is no more.
DELETE FROM notifications_notification n
WHERE n.recipient_id = %(followed)s AND n.actor_id = %(follower)s AND n.kind = %(kind)s
RETURNING n.id, n.recipient_id;

-- name: withdraw_of_cause
-- What notifications of some kinds came from is no more.
DELETE FROM notifications_notification n WHERE n.cause_id = %(cause)s AND n.kind = ANY(%(kinds)s)
RETURNING n.id, n.recipient_id;

-- name: withdraw_between
-- Two have parted: what either was told of the other.
DELETE FROM notifications_notification n
WHERE (n.recipient_id = %(one)s AND n.actor_id = %(other)s
       OR n.recipient_id = %(other)s AND n.actor_id = %(one)s)
  AND n.kind NOT IN ('admin.sign_up', 'admin.report')
RETURNING n.id, n.recipient_id;

-- name: end_acceptance
-- Whom she blocks she has not accepted.
DELETE FROM notifications_acceptance x WHERE x.recipient_id = %(blocker)s AND x.sender_id = %(blocked)s;

-- name: replace
-- An edit before this one is not told any longer.
DELETE FROM notifications_notification n
USING unnest(%(recipients)s::bigint[], %(posts)s::bigint[]) AS w (recipient, post)
WHERE n.recipient_id = w.recipient AND n.post_id = w.post AND n.kind = %(kind)s AND n.actor_id = %(actor)s
  AND n.made_at < %(at)s
RETURNING n.id, n.recipient_id;

-- name: listeners
-- Those who asked to be told of every post of an author.
SELECT f.id, f.follower_id FROM people_follow f
WHERE f.followed_id = %(author)s AND f.notify AND f.id > %(after)s ORDER BY f.id LIMIT %(limit)s;

-- name: is_shared
-- Whether anybody boosted or quoted a post; the counters do not count what few may see.
SELECT EXISTS (SELECT FROM posts_post b WHERE b.boost_of_id = %(post)s AND b.deleted_at IS NULL)
    OR EXISTS (SELECT FROM posts_post q WHERE q.quote_of_id = %(post)s AND q.deleted_at IS NULL);

-- name: boosters
-- Those who boosted a post.
SELECT b.id, b.author_id FROM posts_post b
WHERE b.boost_of_id = %(post)s AND b.deleted_at IS NULL AND b.id > %(after)s ORDER BY b.id LIMIT %(limit)s;

-- name: quoters
-- Those who quoted a post, and with which.
SELECT q.id, q.author_id FROM posts_post q
WHERE q.quote_of_id = %(post)s AND q.quote_state = 'accepted' AND q.deleted_at IS NULL AND q.id > %(after)s
ORDER BY q.id LIMIT %(limit)s;

-- name: voters
-- Those who voted in the poll of a post.
SELECT DISTINCT v.profile_id, v.profile_id FROM posts_pollvote v JOIN posts_poll q ON q.id = v.poll_id
WHERE q.post_id = %(post)s AND v.profile_id > %(after)s ORDER BY v.profile_id LIMIT %(limit)s;

-- name: post
-- Whose a post is and when it was edited, unless it is gone.
SELECT p.author_id, p.edited_at FROM posts_post p
WHERE p.id = %(post)s AND p.deleted_at IS NULL AND p.withdrawn_at IS NULL;

-- name: was_told
-- Whether anybody was told of a post.
SELECT EXISTS (SELECT FROM notifications_notification n WHERE n.post_id = %(post)s);

-- name: forget
-- Some of the notifications about a post that stays deleted.
DELETE FROM notifications_notification n
WHERE n.id IN (SELECT x.id FROM notifications_notification x WHERE x.post_id = %(post)s LIMIT %(limit)s)
  AND EXISTS (SELECT FROM posts_post p WHERE p.id = %(post)s AND p.deleted_at IS NOT NULL);

-- name: operators
-- The first profile of each operator.
SELECT DISTINCT ON (u.id) p.id FROM accounts_user u JOIN people_profile p ON p.user_id = u.id
WHERE u.is_staff AND u.is_active AND p.withdrawn_at IS NULL ORDER BY u.id, p.id;
