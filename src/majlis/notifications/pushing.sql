-- name: delivery
-- A subscription whose token and login are good at this moment, and how its owner stands to the sender.
SELECT s.id, s.profile_id, s.endpoint, s.p256dh, s.auth, s.standard, s.policy, s.alerts::text, s.sealed_token,
       u.language,
       EXISTS (SELECT FROM people_follow f WHERE f.follower_id = s.profile_id AND f.followed_id = n.actor_id),
       EXISTS (SELECT FROM people_follow f WHERE f.follower_id = n.actor_id AND f.followed_id = s.profile_id)
FROM notifications_pushsubscription s
JOIN notifications_notification n ON n.id = %(notification)s AND n.recipient_id = s.profile_id
JOIN accounts_accesstoken t ON t.id = s.token_id AND t.expires > now()
JOIN people_profile p ON p.id = s.profile_id AND p.withdrawn_at IS NULL
JOIN accounts_user u ON u.id = t.user_id AND u.id = p.user_id AND u.is_active AND u.confirmed_at IS NOT NULL
WHERE s.id = %(subscription)s;

-- name: worked
-- It works; what failed before is forgotten.
UPDATE notifications_pushsubscription SET failures = 0 WHERE id = %(subscription)s AND failures > 0;

-- name: failed
-- It did not work once more.
UPDATE notifications_pushsubscription SET failures = failures + 1 WHERE id = %(subscription)s;

-- name: end_dead
-- It has not worked for too long.
DELETE FROM notifications_pushsubscription WHERE id = %(subscription)s AND failures >= %(patience)s;

-- name: end
-- The push service says that it is gone.
DELETE FROM notifications_pushsubscription WHERE id = %(subscription)s;
