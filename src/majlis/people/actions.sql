-- name: lock
-- Lock the counters of profiles, the lower id first: the lock of all their relationships.
SELECT c.profile_id, p.domain, p.locked, p.limited_at IS NOT NULL, p.withdrawn_at IS NOT NULL
FROM people_profilecount c
JOIN people_profile p ON p.id = c.profile_id
WHERE c.profile_id = ANY(%(ids)s)
ORDER BY c.profile_id
FOR NO KEY UPDATE OF c;

-- name: block_between
-- Whether one of two blocks the other.
SELECT 1 FROM people_block
WHERE (blocker_id = %(one)s AND blocked_id = %(other)s) OR (blocker_id = %(other)s AND blocked_id = %(one)s)
LIMIT 1;

-- name: count_follow
-- Both counters of one follow; their rows are locked already.
UPDATE people_profilecount
SET following = following + CASE WHEN profile_id = %(follower)s THEN %(change)s ELSE 0 END,
    followers = followers + CASE WHEN profile_id = %(followed)s THEN %(change)s ELSE 0 END
WHERE profile_id IN (%(follower)s, %(followed)s);

-- name: end_follows
-- Remove the follows between two, in both directions.
DELETE FROM people_follow
WHERE (follower_id = %(one)s AND followed_id = %(other)s) OR (follower_id = %(other)s AND followed_id = %(one)s)
RETURNING follower_id, followed_id, id;

-- name: end_requests
-- Remove the follow requests between two, in both directions.
DELETE FROM people_followrequest
WHERE (follower_id = %(one)s AND followed_id = %(other)s) OR (follower_id = %(other)s AND followed_id = %(one)s)
RETURNING follower_id, followed_id, id;

-- name: leave_circles
-- Take each of two out of the circles of the other.
DELETE FROM people_circlemember m
USING people_circle c
WHERE c.id = m.circle_id AND (
    (c.owner_id = %(one)s AND m.member_id = %(other)s) OR (c.owner_id = %(other)s AND m.member_id = %(one)s))
RETURNING c.owner_id, c.id, m.member_id;

-- name: keep_circle
-- Exactly these are in a circle, but for blocks and accounts that are gone; whoever came or went.
WITH wanted AS (
    SELECT w.member, w.id FROM unnest(%(members)s::bigint[], %(ids)s::bigint[]) AS w (member, id)
    JOIN people_profile p ON p.id = w.member AND p.id <> %(owner)s
    WHERE NOT EXISTS (SELECT FROM people_block b WHERE b.blocker_id = %(owner)s AND b.blocked_id = w.member)
      AND NOT EXISTS (SELECT FROM people_block b WHERE b.blocker_id = w.member AND b.blocked_id = %(owner)s)
), gone AS (
    DELETE FROM people_circlemember m WHERE m.circle_id = %(circle)s AND m.member_id NOT IN (SELECT member FROM wanted)
    RETURNING m.member_id
), come AS (
    INSERT INTO people_circlemember (id, circle_id, member_id, made_at) SELECT id, %(circle)s, member, %(at)s FROM wanted
    ON CONFLICT (circle_id, member_id) DO NOTHING RETURNING member_id
)
SELECT member_id FROM gone UNION ALL SELECT member_id FROM come;

-- name: leave_lists
-- Take each of two off the lists of the other.
DELETE FROM people_listmember m
USING people_list l
WHERE l.id = m.list_id AND (
    (l.owner_id = %(one)s AND m.member_id = %(other)s) OR (l.owner_id = %(other)s AND m.member_id = %(one)s))
RETURNING l.owner_id, l.id;

-- name: end_endorsements
-- Neither of two features the other any longer.
DELETE FROM people_endorsement
WHERE (endorser_id = %(one)s AND endorsed_id = %(other)s) OR (endorser_id = %(other)s AND endorsed_id = %(one)s);

-- name: neighbours_in_domain
-- Everybody of a server whom a profile follows or asks, or who follows or asks it.
SELECT p.id FROM people_profile p
WHERE p.domain = %(domain)s AND (
    EXISTS (SELECT FROM people_follow f WHERE f.follower_id = p.id AND f.followed_id = %(profile)s)
    OR EXISTS (SELECT FROM people_follow f WHERE f.follower_id = %(profile)s AND f.followed_id = p.id)
    OR EXISTS (SELECT FROM people_followrequest f WHERE f.follower_id = p.id AND f.followed_id = %(profile)s)
    OR EXISTS (SELECT FROM people_followrequest f WHERE f.follower_id = %(profile)s AND f.followed_id = p.id));

-- name: neighbours
-- Everybody who follows a profile or is followed by it, whose counters change when it goes.
SELECT follower_id FROM people_follow WHERE followed_id = %(profile)s
UNION
SELECT followed_id FROM people_follow WHERE follower_id = %(profile)s;

-- name: uncount_profile
-- Take a profile that goes out of the counters of all its neighbours.
UPDATE people_profilecount c
SET followers = followers - (
        SELECT count(*) FROM people_follow f WHERE f.follower_id = %(profile)s AND f.followed_id = c.profile_id),
    following = following - (
        SELECT count(*) FROM people_follow f WHERE f.follower_id = c.profile_id AND f.followed_id = %(profile)s)
WHERE c.profile_id = ANY(%(neighbours)s);

-- name: follow_in_bulk
-- Many follows at once, leaving out what is there already, is blocked, or needs to be asked for.
INSERT INTO people_follow (id, follower_id, followed_id, show_boosts, notify, languages, made_at)
SELECT n.id, n.follower, n.followed, true, false, NULL, %(at)s
FROM unnest(%(ids)s::bigint[], %(followers)s::bigint[], %(followeds)s::bigint[]) AS n (id, follower, followed)
JOIN people_profile p ON p.id = n.followed AND NOT p.locked AND p.withdrawn_at IS NULL
WHERE n.follower <> n.followed AND NOT EXISTS (
    SELECT FROM people_block b
    WHERE (b.blocker_id = n.follower AND b.blocked_id = n.followed)
       OR (b.blocker_id = n.followed AND b.blocked_id = n.follower))
ON CONFLICT (follower_id, followed_id) DO NOTHING
RETURNING follower_id, followed_id;

-- name: count_in_bulk
-- Add to the counters of many profiles.
UPDATE people_profilecount c
SET following = c.following + n.following, followers = c.followers + n.followers
FROM unnest(%(profiles)s::bigint[], %(followings)s::int[], %(followers)s::int[])
     AS n (profile, following, followers)
WHERE c.profile_id = n.profile;

-- name: count_posts
-- The counter of a profile's posts, and the day of the last one, which never goes back.
UPDATE people_profilecount
SET posts = greatest(posts + %(change)s, 0), last_post_on = greatest(last_post_on, %(day)s::date)
WHERE profile_id = %(profile)s;
