-- name: dismiss
-- Remove notifications of a member.
DELETE FROM notifications_notification n
WHERE n.recipient_id = %(by)s AND n.id = ANY(%(ids)s)
RETURNING n.id, n.recipient_id;

-- name: dismiss_group
-- Remove a group of a member; not those that are kept back, which are not shown in it.
DELETE FROM notifications_notification n
WHERE n.recipient_id = %(by)s AND n.group_key = %(group_key)s AND NOT n.held
RETURNING n.id, n.recipient_id;

-- name: clear
-- Remove all notifications of a member but those that are kept back.
DELETE FROM notifications_notification n WHERE n.recipient_id = %(by)s AND NOT n.held;

-- name: senders
-- To whom kept-back notifications of a member belong.
SELECT DISTINCT n.actor_id FROM notifications_notification n
WHERE n.recipient_id = %(by)s AND n.held AND n.id = ANY(%(ids)s);

-- name: accept
-- From now on these senders are taken whatever the policy says.
INSERT INTO notifications_acceptance (id, recipient_id, sender_id, made_at)
SELECT a.id, %(by)s, a.sender, %(at)s FROM unnest(%(ids)s::bigint[], %(senders)s::bigint[]) AS a (id, sender)
ON CONFLICT (recipient_id, sender_id) DO NOTHING;

-- name: merge
-- What was kept back of these senders stands among the others.
UPDATE notifications_notification n SET held = false
WHERE n.recipient_id = %(by)s AND n.held AND n.actor_id = ANY(%(senders)s);

-- name: discard
-- What was kept back of these senders is not wanted.
DELETE FROM notifications_notification n
WHERE n.recipient_id = %(by)s AND n.held AND n.actor_id = ANY(%(senders)s);

-- name: has_policy
-- Make sure that a member has a row of her own, and lock it.
INSERT INTO notifications_policy AS y (
    profile_id, for_not_following, for_not_followers, for_new_accounts, for_private_mentions,
    for_limited_accounts, off, digest)
VALUES (%(by)s, 'accept', 'accept', 'accept', 'filter', 'filter', '[]', false)
ON CONFLICT (profile_id) DO UPDATE SET digest = y.digest;

-- name: change_policy
-- Set what was given, leave the rest.
UPDATE notifications_policy SET
    for_not_following = coalesce(%(for_not_following)s, for_not_following),
    for_not_followers = coalesce(%(for_not_followers)s, for_not_followers),
    for_new_accounts = coalesce(%(for_new_accounts)s, for_new_accounts),
    for_private_mentions = coalesce(%(for_private_mentions)s, for_private_mentions),
    for_limited_accounts = coalesce(%(for_limited_accounts)s, for_limited_accounts),
    off = coalesce(to_jsonb(%(off)s::text[]), off),
    digest = coalesce(%(digest)s, digest)
WHERE profile_id = %(by)s;

-- name: subscribe
-- Where an app wants to be pushed to; one per token, a later one replaces it.
INSERT INTO notifications_pushsubscription (
    id, profile_id, token_id, sealed_token, endpoint, p256dh, auth, alerts, policy, standard, failures, made_at)
VALUES (
    %(id)s, %(by)s, %(token_id)s, %(sealed_token)s, %(endpoint)s, %(p256dh)s, %(auth)s, %(alerts)s::jsonb,
    %(policy)s, %(standard)s, 0, %(at)s)
ON CONFLICT (token_id) DO UPDATE SET
    id = excluded.id, profile_id = excluded.profile_id, sealed_token = excluded.sealed_token,
    endpoint = excluded.endpoint, p256dh = excluded.p256dh, auth = excluded.auth, alerts = excluded.alerts,
    policy = excluded.policy, standard = excluded.standard, failures = 0, made_at = excluded.made_at;

-- name: change_subscription
-- Other alerts, or other people.
UPDATE notifications_pushsubscription SET
    alerts = %(alerts)s::jsonb, policy = coalesce(%(policy)s, policy)
WHERE token_id = %(token_id)s;

-- name: unsubscribe
-- No more pushes for a token.
DELETE FROM notifications_pushsubscription WHERE token_id = %(token_id)s;
