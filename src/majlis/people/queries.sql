-- name: viewer
-- The profile a login acts as: the chosen one when it is hers, else her first.
SELECT p.id, p.user_id, p.handle, p.display_name, p.avatar_key, p.kind, p.languages, p.preferences, u.is_staff
FROM people_profile p
JOIN accounts_user u ON u.id = p.user_id
WHERE p.user_id = %(user_id)s AND p.withdrawn_at IS NULL AND u.is_active
ORDER BY p.id = %(chosen)s DESC, p.id
LIMIT 1;

-- name: acting_profiles
-- The same for many logins.
SELECT DISTINCT ON (g.login, g.chosen) g.login, g.chosen, p.id
FROM unnest(%(logins)s::bigint[], %(chosen)s::bigint[]) AS g (login, chosen)
JOIN people_profile p ON p.user_id = g.login AND p.withdrawn_at IS NULL
JOIN accounts_user u ON u.id = p.user_id AND u.is_active
ORDER BY g.login, g.chosen, p.id = g.chosen DESC, p.id;

-- name: profiles
-- Profiles with their counters, in the order of the fields of ProfileView.
SELECT p.id, p.kind, p.handle, p.domain, p.display_name, p.bio, p.bio_html, p.fields,
       p.avatar_key, p.avatar_animated, p.avatar_alt, p.header_key, p.header_alt, p.languages,
       p.locked, p.discoverable, p.indexable, p.hide_network, p.made_at,
       p.withdrawn_at IS NOT NULL, p.limited_at IS NOT NULL, p.moved_to_id, p.example,
       coalesce(c.followers, 0), coalesce(c.following, 0), coalesce(c.posts, 0), c.last_post_on
FROM people_profile p
LEFT JOIN people_profilecount c ON c.profile_id = p.id
WHERE p.id = ANY(%(ids)s);

-- name: profile_by_acct
-- One profile by its handle and domain (empty: here), whatever the case.
SELECT id FROM people_profile
WHERE upper(handle) = upper(%(handle)s) AND upper(domain) = upper(%(domain)s);

-- name: ids_of_accts
-- Those of many addresses that exist and are not withdrawn, with the place in the arrays given.
SELECT wanted.place, p.id
FROM unnest(%(handles)s::text[], %(domains)s::text[]) WITH ORDINALITY AS wanted (handle, domain, place)
JOIN people_profile p ON upper(p.handle) = upper(wanted.handle) AND upper(p.domain) = upper(wanted.domain)
WHERE p.withdrawn_at IS NULL;

-- name: profiles_of_login
-- All profiles of a login, the oldest first.
SELECT id FROM people_profile WHERE user_id = %(user_id)s AND withdrawn_at IS NULL ORDER BY id;

-- name: all_profiles_of_login
-- Withdrawn ones too, for what happens to the login itself.
SELECT id FROM people_profile WHERE user_id = %(user_id)s ORDER BY id;

-- name: relationships
-- How the viewer stands to each of many, in the order of the fields of Relationship.
SELECT p.id,
       f.id IS NOT NULL, coalesce(f.show_boosts, r.show_boosts, false), coalesce(f.notify, r.notify, false),
       coalesce(f.languages, r.languages),
       EXISTS (SELECT FROM people_follow x WHERE x.follower_id = p.id AND x.followed_id = %(viewer)s),
       r.id IS NOT NULL,
       EXISTS (SELECT FROM people_followrequest x WHERE x.follower_id = p.id AND x.followed_id = %(viewer)s),
       EXISTS (SELECT FROM people_block x WHERE x.blocker_id = %(viewer)s AND x.blocked_id = p.id),
       EXISTS (SELECT FROM people_block x WHERE x.blocker_id = p.id AND x.blocked_id = %(viewer)s),
       m.id IS NOT NULL, coalesce(m.notifications, false), m.expires_at,
       p.domain <> '' AND EXISTS (
           SELECT FROM people_domainblock x WHERE x.blocker_id = %(viewer)s AND x.domain = p.domain),
       EXISTS (SELECT FROM people_endorsement x WHERE x.endorser_id = %(viewer)s AND x.endorsed_id = p.id),
       coalesce(n.text, '')
FROM people_profile p
LEFT JOIN people_follow f ON f.follower_id = %(viewer)s AND f.followed_id = p.id
LEFT JOIN people_followrequest r ON r.follower_id = %(viewer)s AND r.followed_id = p.id
LEFT JOIN people_mute m ON m.muter_id = %(viewer)s AND m.muted_id = p.id
     AND (m.expires_at IS NULL OR m.expires_at > %(at)s)
LEFT JOIN people_note n ON n.writer_id = %(viewer)s AND n.about_id = p.id
WHERE p.id = ANY(%(ids)s);

-- name: followers_of
-- Who follows a profile, by the id of the follow. Nothing when the network is hidden from the viewer.
SELECT f.id, p.id
FROM people_follow f
JOIN people_profile p ON p.id = f.follower_id
WHERE f.followed_id = %(profile)s AND f.id < %(below)s AND f.id > %(above)s
  AND {{shown(p)}} AND {{network_open}}
ORDER BY f.id {{order}} LIMIT %(limit)s;

-- name: following_of
-- Whom a profile follows, by the id of the follow. Nothing when the network is hidden from the viewer.
SELECT f.id, p.id
FROM people_follow f
JOIN people_profile p ON p.id = f.followed_id
WHERE f.follower_id = %(profile)s AND f.id < %(below)s AND f.id > %(above)s
  AND {{shown(p)}} AND {{network_open}}
ORDER BY f.id {{order}} LIMIT %(limit)s;

-- name: follow_requests
-- Who asks to follow a profile, by the id of the request.
SELECT r.id, p.id
FROM people_followrequest r
JOIN people_profile p ON p.id = r.follower_id
WHERE r.followed_id = %(profile)s AND r.id < %(below)s AND r.id > %(above)s AND p.withdrawn_at IS NULL
ORDER BY r.id {{order}} LIMIT %(limit)s;

-- name: follow_requests_count
-- How many wait for a profile's word.
SELECT count(*)
FROM people_followrequest r
JOIN people_profile p ON p.id = r.follower_id
WHERE r.followed_id = %(profile)s AND p.withdrawn_at IS NULL;

-- name: blocks
-- Whom a profile blocks, by the id of the block; withdrawn ones too, so that she can lift it.
SELECT id, blocked_id FROM people_block
WHERE blocker_id = %(profile)s AND id < %(below)s AND id > %(above)s
ORDER BY id {{order}} LIMIT %(limit)s;

-- name: mutes
-- Whom a profile mutes at a moment, by the id of the mute.
SELECT id, muted_id, notifications, expires_at FROM people_mute
WHERE muter_id = %(profile)s AND id < %(below)s AND id > %(above)s
  AND (expires_at IS NULL OR expires_at > %(at)s)
ORDER BY id {{order}} LIMIT %(limit)s;

-- name: domain_blocks
-- Which servers a profile blocks, by the id of the block.
SELECT id, domain FROM people_domainblock
WHERE blocker_id = %(profile)s AND id < %(below)s AND id > %(above)s
ORDER BY id {{order}} LIMIT %(limit)s;

-- name: endorsed_by
-- Whom a profile features, by the id of the endorsement.
SELECT e.id, p.id
FROM people_endorsement e
JOIN people_profile p ON p.id = e.endorsed_id
WHERE e.endorser_id = %(profile)s AND e.id < %(below)s AND e.id > %(above)s AND {{shown(p)}}
ORDER BY e.id {{order}} LIMIT %(limit)s;

-- name: familiar_followers
-- Those whom the viewer follows and who follow each of many; hidden networks, of either side, stay hidden.
SELECT theirs.followed_id, p.id
FROM people_follow mine
JOIN people_follow theirs ON theirs.follower_id = mine.followed_id AND theirs.followed_id = ANY(%(ids)s)
JOIN people_profile p ON p.id = mine.followed_id AND NOT p.hide_network
JOIN people_profile target ON target.id = theirs.followed_id AND NOT target.hide_network
WHERE mine.follower_id = %(viewer)s AND {{shown(p)}} AND {{shown(target)}}
ORDER BY theirs.followed_id, mine.id DESC;

-- name: suggestions
-- Whom those whom the viewer follows follow, the most often first, then the well-followed.
-- Bounded: her 200 newest followings, the 200 newest of each. A hidden network suggests nobody.
WITH found AS (
    SELECT theirs.followed_id AS id, count(*) AS through
    FROM (SELECT f.followed_id FROM people_follow f
          JOIN people_profile p ON p.id = f.followed_id
          WHERE f.follower_id = %(viewer)s AND NOT p.hide_network AND p.withdrawn_at IS NULL
          ORDER BY f.id DESC LIMIT 200) AS mine
    CROSS JOIN LATERAL (
        SELECT x.followed_id FROM people_follow x
        WHERE x.follower_id = mine.followed_id ORDER BY x.id DESC LIMIT 200) AS theirs
    GROUP BY theirs.followed_id
), near AS (
    SELECT p.id, 'friends_of_friends' AS source, found.through, c.followers
    FROM found
    JOIN people_profile p ON p.id = found.id
    JOIN people_profilecount c ON c.profile_id = p.id
    WHERE {{suggestible(p)}} AND {{shown(p)}}
    ORDER BY found.through DESC, c.followers DESC, p.id LIMIT %(limit)s
), well_followed AS (
    SELECT p.id, 'well_followed' AS source, 0::bigint AS through, c.followers
    FROM people_profilecount c
    JOIN people_profile p ON p.id = c.profile_id
    WHERE {{suggestible(p)}} AND {{shown(p)}} AND c.followers > 0 AND p.id NOT IN (SELECT id FROM near)
    ORDER BY c.followers DESC, p.id LIMIT %(limit)s
)
SELECT id, source, through FROM (SELECT * FROM near UNION ALL SELECT * FROM well_followed) AS both_kinds
ORDER BY through DESC, followers DESC, id LIMIT %(limit)s;

-- name: circles
-- The circles of an owner, by name, or one of them (when asked for).
SELECT c.id, c.name, count(p.id), c.made_at
FROM people_circle c
LEFT JOIN people_circlemember m ON m.circle_id = c.id
LEFT JOIN people_profile p ON p.id = m.member_id AND p.withdrawn_at IS NULL
WHERE c.owner_id = %(owner)s AND (%(circle)s::bigint IS NULL OR c.id = %(circle)s)
GROUP BY c.id
ORDER BY c.name, c.id;

-- name: circle_members
-- Who is in a circle of an owner, by the id of the membership.
SELECT m.id, p.id
FROM people_circlemember m
JOIN people_circle c ON c.id = m.circle_id AND c.owner_id = %(owner)s
JOIN people_profile p ON p.id = m.member_id AND p.withdrawn_at IS NULL
WHERE m.circle_id = %(circle)s AND m.id < %(below)s AND m.id > %(above)s
ORDER BY m.id {{order}} LIMIT %(limit)s;

-- name: circle_member_ids
-- Everybody in a circle of an owner.
SELECT m.member_id
FROM people_circlemember m
JOIN people_circle c ON c.id = m.circle_id AND c.owner_id = %(owner)s
WHERE m.circle_id = %(circle)s;

-- name: circles_containing
-- In which circles of an owner somebody is.
SELECT c.id
FROM people_circle c
JOIN people_circlemember m ON m.circle_id = c.id AND m.member_id = %(member)s
WHERE c.owner_id = %(owner)s
ORDER BY c.name, c.id;

-- name: lists
-- The lists of an owner, in the order she made them, or one of them (when asked for).
SELECT l.id, l.title, l.replies, l.exclusive, count(p.id), l.made_at
FROM people_list l
LEFT JOIN people_listmember m ON m.list_id = l.id
LEFT JOIN people_profile p ON p.id = m.member_id AND p.withdrawn_at IS NULL
WHERE l.owner_id = %(owner)s AND (%(list)s::bigint IS NULL OR l.id = %(list)s)
GROUP BY l.id
ORDER BY l.id;

-- name: list_members
-- Who is on a list of an owner, by the id of the membership.
SELECT m.id, p.id
FROM people_listmember m
JOIN people_list l ON l.id = m.list_id AND l.owner_id = %(owner)s
JOIN people_profile p ON p.id = m.member_id AND p.withdrawn_at IS NULL
WHERE m.list_id = %(list)s AND m.id < %(below)s AND m.id > %(above)s
ORDER BY m.id {{order}} LIMIT %(limit)s;

-- name: list_member_ids
-- Everybody on a list of an owner.
SELECT m.member_id
FROM people_listmember m
JOIN people_list l ON l.id = m.list_id AND l.owner_id = %(owner)s
WHERE m.list_id = %(list)s;

-- name: lists_with
-- Of some lists: whose, whose replies they show, and which of some profiles are on them.
SELECT l.id, l.owner_id, l.replies,
       ARRAY(SELECT m.member_id FROM people_listmember m WHERE m.list_id = l.id AND m.member_id = ANY(%(ids)s))
FROM people_list l WHERE l.id = ANY(%(lists)s);

-- name: lists_containing
-- On which lists of an owner somebody is.
SELECT l.id
FROM people_list l
JOIN people_listmember m ON m.list_id = l.id AND m.member_id = %(member)s
WHERE l.owner_id = %(owner)s
ORDER BY l.id;

-- name: following_ids
-- Everybody a profile follows.
SELECT followed_id FROM people_follow WHERE follower_id = %(profile)s;

-- name: follower_ids
-- Everybody who follows a profile and has not been withdrawn.
SELECT f.follower_id
FROM people_follow f
JOIN people_profile p ON p.id = f.follower_id AND p.withdrawn_at IS NULL
WHERE f.followed_id = %(profile)s;

-- name: friends_ids
-- Everybody a profile follows and who follows back.
SELECT mine.followed_id
FROM people_follow mine
JOIN people_follow theirs ON theirs.follower_id = mine.followed_id AND theirs.followed_id = mine.follower_id
WHERE mine.follower_id = %(profile)s;

-- name: notified_of
-- Who wants to be told of every post of a profile.
SELECT f.follower_id
FROM people_follow f
JOIN people_profile p ON p.id = f.follower_id AND p.withdrawn_at IS NULL
WHERE f.followed_id = %(profile)s AND f.notify;

-- name: audience_sizes
-- How many members here, followers and friends can read what a profile posts.
SELECT
    (SELECT count(*) FROM (
        SELECT FROM people_profile p
        WHERE p.domain = '' AND p.id <> %(profile)s AND {{shown(p)}} LIMIT %(most)s) AS members),
    -- the counter, less the few followers who are withdrawn: a million rows are not read for this
    coalesce((SELECT c.followers FROM people_profilecount c WHERE c.profile_id = %(profile)s), 0) - (
        SELECT count(*) FROM people_profile p
        JOIN people_follow f ON f.follower_id = p.id AND f.followed_id = %(profile)s
        WHERE p.withdrawn_at IS NOT NULL),
    (SELECT count(*)
     FROM people_follow mine
     JOIN people_follow theirs
       ON theirs.follower_id = mine.followed_id AND theirs.followed_id = mine.follower_id
     JOIN people_profile p ON p.id = mine.followed_id AND p.withdrawn_at IS NULL
     WHERE mine.follower_id = %(profile)s);

-- name: reading_rules
-- Everything that decides what a viewer's feeds leave out: one row, in the order of the fields of ReadingRules.
SELECT f.following, f.without_boosts, f.languages, m.muted, m.ends_at,
       (SELECT array_agg(b.blocked_id) FROM people_block b WHERE b.blocker_id = %(viewer)s),
       (SELECT array_agg(b.blocker_id) FROM people_block b WHERE b.blocked_id = %(viewer)s),
       (SELECT array_agg(d.domain::text) FROM people_domainblock d WHERE d.blocker_id = %(viewer)s),
       (SELECT array_agg(x.member_id) FROM people_list l JOIN people_listmember x ON x.list_id = l.id
         WHERE l.owner_id = %(viewer)s AND l.exclusive)
FROM (
    SELECT array_agg(f.followed_id) AS following,
           array_agg(f.followed_id) FILTER (WHERE NOT f.show_boosts) AS without_boosts,
           (jsonb_object_agg(f.followed_id, f.languages) FILTER (WHERE f.languages IS NOT NULL))::text AS languages
    FROM people_follow f WHERE f.follower_id = %(viewer)s
) f, (
    SELECT array_agg(m.muted_id) AS muted, min(m.expires_at) AS ends_at
    FROM people_mute m WHERE m.muter_id = %(viewer)s AND (m.expires_at IS NULL OR m.expires_at > %(at)s)
) m;

-- name: indexable
-- Handles of profiles of this server that want to be found by search engines, the oldest first.
SELECT p.handle FROM people_profile p
WHERE p.indexable AND p.domain = '' AND p.withdrawn_at IS NULL AND p.limited_at IS NULL AND p.moved_to_id IS NULL
ORDER BY p.id OFFSET %(start)s LIMIT %(limit)s;

-- name: indexable_count
-- How many there are.
SELECT count(*) FROM people_profile p
WHERE p.indexable AND p.domain = '' AND p.withdrawn_at IS NULL AND p.limited_at IS NULL AND p.moved_to_id IS NULL;

-- name: census
-- Members of this server: how many, how many posted since either of two days, how many posts they have.
SELECT count(*), count(*) FILTER (WHERE c.last_post_on >= %(month)s),
       count(*) FILTER (WHERE c.last_post_on >= %(half_year)s), coalesce(sum(c.posts), 0)::bigint
FROM people_profile p
JOIN people_profilecount c ON c.profile_id = p.id
WHERE p.domain = '' AND p.withdrawn_at IS NULL;

-- name: joined_per_week
-- How many profiles of this server were made in each of some stretches: (place, number).
SELECT w.place, count(p.id)
FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[]) WITH ORDINALITY AS w (low, high, place)
LEFT JOIN people_profile p ON p.id >= w.low AND p.id < w.high AND p.domain = ''
GROUP BY w.place ORDER BY w.place;

-- name: directory_new
-- Members who want to be discovered, the newest first.
SELECT p.id FROM people_profile p
WHERE p.discoverable AND p.limited_at IS NULL AND p.moved_to_id IS NULL AND {{shown(p)}}
  AND NOT EXISTS (SELECT FROM people_mute x WHERE x.muter_id = %(viewer)s AND x.muted_id = p.id
                  AND (x.expires_at IS NULL OR x.expires_at > %(at)s))
ORDER BY p.id DESC OFFSET %(offset)s LIMIT %(limit)s;

-- name: directory_active
-- Members who want to be discovered and have posted, those who did so last first.
SELECT p.id
FROM people_profilecount c
JOIN people_profile p ON p.id = c.profile_id
WHERE c.last_post_on IS NOT NULL
  AND p.discoverable AND p.limited_at IS NULL AND p.moved_to_id IS NULL AND {{shown(p)}}
  AND NOT EXISTS (SELECT FROM people_mute x WHERE x.muter_id = %(viewer)s AND x.muted_id = p.id
                  AND (x.expires_at IS NULL OR x.expires_at > %(at)s))
ORDER BY c.last_post_on DESC, p.id DESC OFFSET %(offset)s LIMIT %(limit)s;
