-- name: bearer
-- Who holds a token, by the SHA-256 of the token; nobody when it, or the login behind it, is not good.
SELECT token.id, token.profile_id, token.user_id, token.application_id, application.name, token.scope,
       token.last_used_on
FROM accounts_accesstoken token
JOIN accounts_application application ON application.id = token.application_id
LEFT JOIN accounts_user login ON login.id = token.user_id
WHERE token.token_checksum = %(checksum)s
  AND token.expires > now()
  AND (token.user_id IS NULL OR (login.is_active AND login.confirmed_at IS NOT NULL));

-- name: waiting
-- Why a token that exists is not good yet: its login is unconfirmed, or not approved.
SELECT token.id, token.profile_id, token.user_id, token.application_id, application.name, token.scope,
       token.last_used_on, login.confirmed_at IS NULL AS unconfirmed
FROM accounts_accesstoken token
JOIN accounts_application application ON application.id = token.application_id
JOIN accounts_user login ON login.id = token.user_id
WHERE token.token_checksum = %(checksum)s
  AND token.expires > now()
  AND login.suspended_at IS NULL AND login.deletion_asked_at IS NULL
  AND (login.confirmed_at IS NULL OR (login.approval_asked_at IS NOT NULL AND login.approved_at IS NULL));

-- name: used
-- A token was used on this day; at most one write a day.
UPDATE accounts_accesstoken SET last_used_on = %(day)s
WHERE id = %(token_id)s AND last_used_on IS DISTINCT FROM %(day)s;

-- name: use_invitation
-- Take one use of an invitation. Two that race for the last one: the second finds none left.
UPDATE accounts_invitation SET uses_left = uses_left - 1
WHERE code = %(code)s AND uses_left > 0 AND withdrawn_at IS NULL
  AND (expires_at IS NULL OR expires_at > %(at)s)
RETURNING id;

-- name: count
-- One more of something in its window; a window that is over begins anew.
INSERT INTO accounts_count AS count (key, hits, ends_at)
VALUES (%(key)s, %(amount)s, now() + make_interval(secs => %(seconds)s))
ON CONFLICT (key) DO UPDATE SET
  hits = CASE WHEN count.ends_at <= now() THEN excluded.hits ELSE count.hits + excluded.hits END,
  ends_at = CASE WHEN count.ends_at <= now() THEN excluded.ends_at ELSE count.ends_at END
RETURNING hits;

-- name: counted
-- How often, and until when (seconds since 1970) the window lasts.
SELECT hits, extract(epoch FROM ends_at)::float8 FROM accounts_count WHERE key = %(key)s AND ends_at > now();

-- name: forget_count
-- Begin anew.
DELETE FROM accounts_count WHERE key = %(key)s;

-- name: forget_counts
-- Everything whose window is over.
DELETE FROM accounts_count WHERE ends_at <= now();

-- name: claim_repeat
-- Whether a key is a profile's first of that name. Of two at once the second waits for the first.
INSERT INTO accounts_repeat (profile_id, key, asked, answer, made_at)
VALUES (%(profile)s, %(key)s, %(asked)s, '', %(at)s)
ON CONFLICT (profile_id, key) DO NOTHING;

-- name: repeat
-- What was asked with a key, and what was answered.
SELECT asked, answer FROM accounts_repeat WHERE profile_id = %(profile)s AND key = %(key)s;

-- name: keep_repeat
-- The answer to whatever came with a key.
UPDATE accounts_repeat SET answer = %(answer)s WHERE profile_id = %(profile)s AND key = %(key)s;

-- name: forget_repeats
-- Keys are good for a day.
DELETE FROM accounts_repeat WHERE made_at < %(before)s;
