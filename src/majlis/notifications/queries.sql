-- name: page
-- A member's notifications, one by one.
SELECT {{columns(n)}}
FROM notifications_notification n
WHERE n.recipient_id = %(viewer)s AND n.id < %(below)s AND n.id > %(above)s
  AND {{asked(n)}} AND {{shown(n)}}
ORDER BY n.id {{order}} LIMIT %(limit)s;

-- name: one
-- One notification of a member.
SELECT {{columns(n)}}
FROM notifications_notification n
WHERE n.id = %(id)s AND n.recipient_id = %(viewer)s AND {{shown(n)}};

-- name: groups
-- A member's notifications, those of a group together, by the newest of each group. A group whose every
-- member is hidden is left out. Kinds that are not to be grouped stand alone.
WITH heads AS (
    SELECT n.id, n.kind, n.group_key
    FROM notifications_notification n
    WHERE n.recipient_id = %(viewer)s AND n.id < %(below)s AND n.id > %(above)s AND {{asked(n)}}
      AND (%(group_key)s::text IS NULL OR n.group_key = %(group_key)s)
      AND (n.kind <> ALL(%(grouped)s) OR NOT EXISTS (
          SELECT FROM notifications_notification newer
          WHERE newer.recipient_id = %(viewer)s AND newer.group_key = n.group_key AND newer.id > n.id
            AND {{asked(newer)}}))
      AND EXISTS (
          SELECT FROM notifications_notification member
          WHERE member.recipient_id = %(viewer)s AND member.group_key = n.group_key
            AND (member.id = n.id OR n.kind = ANY(%(grouped)s)) AND {{asked(member)}} AND {{shown(member)}})
    ORDER BY n.id {{order}} LIMIT %(limit)s
)
SELECT heads.id,
       CASE WHEN heads.kind = ANY(%(grouped)s) THEN heads.group_key ELSE 'ungrouped-' || heads.id END,
       members.count, members.oldest, members.actors, {{columns(newest)}}
FROM heads
CROSS JOIN LATERAL (
    SELECT count(*), max(member.id) AS newest, min(member.id) AS oldest,
           (array_agg(member.actor_id ORDER BY member.id DESC))[1:%(sample)s] AS actors
    FROM notifications_notification member
    WHERE member.recipient_id = %(viewer)s AND member.group_key = heads.group_key
      AND (member.id = heads.id OR heads.kind = ANY(%(grouped)s)) AND {{asked(member)}} AND {{shown(member)}}
) AS members
JOIN notifications_notification newest ON newest.id = members.newest
ORDER BY heads.id {{order}};

-- name: group_actors
-- Who is in a group, by the id of the notification.
SELECT n.id, n.actor_id
FROM notifications_notification n
WHERE n.recipient_id = %(viewer)s AND n.group_key = %(group_key)s AND n.id < %(below)s AND n.id > %(above)s
  AND NOT n.held AND {{shown(n)}}
ORDER BY n.id {{order}} LIMIT %(limit)s;

-- name: unread_count
-- How many are newer than the last one read, counted up to a limit.
SELECT count(*) FROM (
    SELECT FROM notifications_notification n
    WHERE n.recipient_id = %(viewer)s AND n.id > %(last_read)s AND {{asked(n)}} AND {{shown(n)}}
    LIMIT %(most)s) AS unread;

-- name: unread_groups
-- The same, in groups.
SELECT count(*) FROM (
    SELECT DISTINCT CASE WHEN n.kind = ANY(%(grouped)s) THEN n.group_key ELSE n.id::text END
    FROM notifications_notification n
    WHERE n.recipient_id = %(viewer)s AND n.id > %(last_read)s AND {{asked(n)}} AND {{shown(n)}}
    LIMIT %(most)s) AS unread;

-- name: requests
-- Senders whose notifications are kept back, by the id of the first one; or the one that a kept-back
-- notification belongs to (when asked for).
SELECT min(n.id), n.actor_id, count(*), min(n.made_at), max(n.made_at),
       (array_agg(n.post_id ORDER BY n.id DESC) FILTER (WHERE n.post_id IS NOT NULL))[1]
FROM notifications_notification n
WHERE n.recipient_id = %(viewer)s AND n.held AND {{shown(n)}}
  AND (%(of)s::bigint IS NULL OR n.actor_id = (
      SELECT x.actor_id FROM notifications_notification x
      WHERE x.id = %(of)s AND x.recipient_id = %(viewer)s AND x.held))
GROUP BY n.actor_id
HAVING min(n.id) < %(below)s AND min(n.id) > %(above)s
ORDER BY min(n.id) {{order}} LIMIT %(limit)s;

-- name: policy
-- A member's policy, when she has one, and how much is kept back.
SELECT y.for_not_following, y.for_not_followers, y.for_new_accounts, y.for_private_mentions,
       y.for_limited_accounts, y.off::text, y.digest, pending.senders, pending.notifications
FROM (
    SELECT count(DISTINCT n.actor_id) AS senders, count(*) AS notifications
    FROM notifications_notification n
    WHERE n.recipient_id = %(viewer)s AND n.held AND {{shown(n)}}
) AS pending
LEFT JOIN notifications_policy y ON y.profile_id = %(viewer)s;

-- name: subscription
-- The subscription of a token.
SELECT s.id, s.endpoint, s.alerts::text, s.policy, s.standard
FROM notifications_pushsubscription s WHERE s.token_id = %(token_id)s;
