-- name: away
-- Members who wish a letter, have not been seen since a moment, and had none since another.
SELECT y.profile_id
FROM notifications_policy y
JOIN people_profile p ON p.id = y.profile_id AND p.withdrawn_at IS NULL
JOIN accounts_user u ON u.id = p.user_id AND u.is_active AND u.confirmed_at IS NOT NULL
WHERE y.digest AND (y.digest_sent_at IS NULL OR y.digest_sent_at < %(written_before)s)
  AND {{seen(u)}} < %(seen_before)s
ORDER BY y.profile_id;

-- name: letter
-- Where the letter of a member goes, in what language, and since when things are new to her.
SELECT u.email, u.language, p.handle, greatest({{seen(u)}}, y.digest_sent_at)
FROM notifications_policy y
JOIN people_profile p ON p.id = y.profile_id AND p.withdrawn_at IS NULL
JOIN accounts_user u ON u.id = p.user_id AND u.is_active AND u.confirmed_at IS NOT NULL
WHERE y.profile_id = %(profile)s AND y.digest
FOR UPDATE OF y;

-- name: written
-- Not again for some days.
UPDATE notifications_policy SET digest_sent_at = %(at)s WHERE profile_id = %(profile)s;
