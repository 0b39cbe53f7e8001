-- name: team_door
-- Somebody's role in the team of a page, and what of the page every screen of the studio says.
-- The page itself counts as its owner: only its login can act as it.
SELECT CASE WHEN g.profile_id = %(by)s THEN 'owner' ELSE t.role END,
       p.handle, coalesce(nullif(p.display_name, ''), p.handle), g.time_zone, g.approval_needed
FROM brands_page g
JOIN people_profile p ON p.id = g.profile_id AND p.withdrawn_at IS NULL AND p.kind = 'business'
LEFT JOIN brands_teammember t ON t.page_id = g.profile_id AND t.member_id = %(by)s
WHERE g.profile_id = %(page)s AND (t.id IS NOT NULL OR g.profile_id = %(by)s);

-- name: team_door_locked
-- The same, holding the role until the end of the transaction.
SELECT CASE WHEN g.profile_id = %(by)s THEN 'owner' ELSE t.role END,
       p.handle, coalesce(nullif(p.display_name, ''), p.handle), g.time_zone, g.approval_needed
FROM brands_page g
JOIN people_profile p ON p.id = g.profile_id AND p.withdrawn_at IS NULL AND p.kind = 'business'
LEFT JOIN LATERAL (
    SELECT m.id, m.role FROM brands_teammember m
    WHERE m.page_id = g.profile_id AND m.member_id = %(by)s FOR SHARE
) t ON TRUE
WHERE g.profile_id = %(page)s AND (t.id IS NOT NULL OR g.profile_id = %(by)s);

-- name: teams_of
-- The pages a member works for.
SELECT g.profile_id, CASE WHEN g.profile_id = %(member)s THEN 'owner' ELSE t.role END,
       p.handle, coalesce(nullif(p.display_name, ''), p.handle), p.avatar_key
FROM brands_page g
JOIN people_profile p ON p.id = g.profile_id AND p.withdrawn_at IS NULL AND p.kind = 'business'
LEFT JOIN brands_teammember t ON t.page_id = g.profile_id AND t.member_id = %(member)s
WHERE t.id IS NOT NULL OR g.profile_id = %(member)s
ORDER BY 4, 1;

-- name: page_of_handle
-- The page at /studio/<handle>.
SELECT g.profile_id FROM people_profile p JOIN brands_page g ON g.profile_id = p.id
WHERE upper(p.handle) = upper(%(handle)s) AND upper(p.domain) = '';

-- name: works_for_pages
-- Whether somebody is on any team, or is a page herself.
SELECT 1 WHERE EXISTS (SELECT FROM brands_teammember WHERE member_id = %(member)s)
    OR EXISTS (SELECT FROM brands_page g JOIN people_profile p ON p.id = g.profile_id AND p.kind = 'business'
               WHERE g.profile_id = %(member)s);

-- name: make_page
-- What a business says of itself, empty at first. Nothing when it is there, or the profile is no business.
INSERT INTO brands_page (profile_id, category, address, map_url, time_zone, hours, holidays, buttons, approval_needed, made_at)
SELECT p.id, '', '', '', %(zone)s, '{}', '[]', '[]', false, %(at)s
FROM people_profile p WHERE p.id = %(profile)s AND p.kind = 'business' AND p.domain = ''
ON CONFLICT (profile_id) DO NOTHING;

-- name: note_deed
-- What somebody did in the page's name.
INSERT INTO brands_deed (id, page_id, by_id, role, action, subject_id, details, made_at)
VALUES (%(id)s, %(page)s, %(by)s, %(role)s, %(action)s, %(subject)s, %(details)s::jsonb, %(at)s);

-- name: page
-- What a business says of itself, and the domain it has proved (the first of several).
SELECT g.profile_id, g.category, g.address, g.map_url, g.hours::text, g.holidays::text, g.time_zone, g.buttons::text,
       g.approval_needed, v.domain, v.verified_at, v.checked_at, p.handle
FROM brands_page g
JOIN people_profile p ON p.id = g.profile_id AND p.kind = 'business'
LEFT JOIN LATERAL (
    SELECT domain, verified_at, checked_at FROM brands_verification
    WHERE page_id = g.profile_id AND verified_at IS NOT NULL ORDER BY verified_at, id LIMIT 1
) v ON TRUE
WHERE g.profile_id = %(page)s;

-- name: offerings
-- What a page offers, the pinned one first, then in the page's order.
SELECT o.id, o.kind, o.name, o.description, o.price, o.currency, o.url, o.ends_at, g.pinned_offer_id IS NOT DISTINCT FROM o.id, o.photo_id
FROM brands_offering o JOIN brands_page g ON g.profile_id = o.page_id
WHERE o.page_id = %(page)s AND (%(at)s::timestamptz IS NULL OR o.ends_at IS NULL OR o.ends_at > %(at)s)
ORDER BY (g.pinned_offer_id IS NOT DISTINCT FROM o.id) DESC, o.position, o.id;

-- name: verified_domains
-- The domain that each of some pages has proved.
SELECT DISTINCT ON (page_id) page_id, domain, verified_at, checked_at FROM brands_verification
WHERE page_id = ANY(%(pages)s) AND verified_at IS NOT NULL ORDER BY page_id, verified_at, id;

-- name: rating
-- Reviews counted by stars, with how many recommend the page and how many said whether they do.
SELECT r.stars, count(*), count(*) FILTER (WHERE r.recommends), count(r.recommends)
FROM brands_review r JOIN people_profile a ON a.id = r.author_id AND a.withdrawn_at IS NULL
WHERE r.page_id = %(page)s AND r.withdrawn_at IS NULL AND {{of_stranger(r)}} GROUP BY r.stars;

-- name: reviews
-- Reviews of a page as a reader sees them, the newest first.
SELECT {{review(r)}}
FROM brands_review r JOIN people_profile a ON a.id = r.author_id AND a.withdrawn_at IS NULL
WHERE r.page_id = %(page)s AND r.withdrawn_at IS NULL AND {{of_stranger(r)}}
  AND r.id < %(below)s AND r.id > %(above)s
  AND (%(stars)s::int IS NULL OR r.stars = %(stars)s)
  AND (NOT %(unanswered)s OR (r.reply = '' AND r.text <> ''))
  AND (%(viewer)s::bigint IS NULL OR NOT EXISTS (
      SELECT FROM people_block b WHERE b.blocker_id = %(viewer)s AND b.blocked_id = r.author_id
                                    OR b.blocker_id = r.author_id AND b.blocked_id = %(viewer)s))
ORDER BY r.id DESC LIMIT %(limit)s;

-- name: review_of
-- What somebody wrote of a page.
SELECT {{review(r)}} FROM brands_review r WHERE r.page_id = %(page)s AND r.author_id = %(author)s;

-- name: review
-- One review.
SELECT {{review(r)}} FROM brands_review r WHERE r.id = %(review)s;

-- name: reviews_by
-- All that somebody wrote, for her archive.
SELECT p.handle, {{review(r)}} FROM brands_review r JOIN people_profile p ON p.id = r.page_id
WHERE r.author_id = %(author)s ORDER BY r.id;

-- name: unanswered
-- How many reviews with words wait for an answer.
SELECT count(*) FROM brands_review r JOIN people_profile a ON a.id = r.author_id AND a.withdrawn_at IS NULL
WHERE r.page_id = %(page)s AND r.withdrawn_at IS NULL AND {{of_stranger(r)}} AND r.reply = '' AND r.text <> '';

-- name: belongs_to_page
-- Whether a profile is a page, on its team, or another profile of the login of either: such a voice is the page's own.
SELECT EXISTS (
    SELECT FROM people_profile me
    JOIN people_profile other ON other.id = me.id OR other.user_id = me.user_id
    WHERE me.id = %(profile)s AND (
        other.id = %(page)s
        OR EXISTS (SELECT FROM brands_teammember t WHERE t.page_id = %(page)s AND t.member_id = other.id)));

-- name: are_parted
-- Whether one of two blocks the other.
SELECT EXISTS (
    SELECT FROM people_block b WHERE b.blocker_id = %(one)s AND b.blocked_id = %(other)s
                                  OR b.blocker_id = %(other)s AND b.blocked_id = %(one)s);

-- name: team
-- Who is on a team, owners first, then by the day they came.
SELECT t.member_id, t.role, t.made_at, t.made_by_id FROM brands_teammember t
JOIN people_profile m ON m.id = t.member_id AND m.withdrawn_at IS NULL
WHERE t.page_id = %(page)s ORDER BY t.role <> 'owner', t.id;

-- name: members_who_may
-- Those of a team in one of some roles, and the page itself.
SELECT t.member_id FROM brands_teammember t WHERE t.page_id = %(page)s AND t.role = ANY(%(roles)s)
UNION SELECT %(page)s ORDER BY 1;

-- name: invitations
-- What waits for somebody's yes, the newest first.
SELECT {{invitation(i)}} FROM brands_invitation i JOIN people_profile p ON p.id = i.page_id
WHERE i.page_id = %(page)s AND i.answered_at IS NULL AND i.expires_at > %(at)s ORDER BY i.id DESC;

-- name: invitations_for
-- The teams that somebody is asked into.
SELECT {{invitation(i)}} FROM brands_invitation i
JOIN people_profile p ON p.id = i.page_id AND p.withdrawn_at IS NULL AND p.kind = 'business'
WHERE i.invited_id = %(member)s AND i.answered_at IS NULL AND i.expires_at > %(at)s
  AND NOT EXISTS (SELECT FROM people_block b WHERE b.blocker_id = i.invited_id AND b.blocked_id = i.page_id)
ORDER BY i.id DESC;

-- name: invitation
-- One of them.
SELECT {{invitation(i)}} FROM brands_invitation i
JOIN people_profile p ON p.id = i.page_id AND p.withdrawn_at IS NULL AND p.kind = 'business'
WHERE i.id = %(invitation)s AND i.invited_id = %(member)s AND i.answered_at IS NULL AND i.expires_at > %(at)s;

-- name: invitation_of_link
-- The invitation behind a link's secret.
SELECT {{invitation(i)}} FROM brands_invitation i
JOIN people_profile p ON p.id = i.page_id AND p.withdrawn_at IS NULL AND p.kind = 'business'
WHERE i.secret_hash = %(hash)s AND i.invited_id IS NULL AND i.answered_at IS NULL AND i.expires_at > %(at)s;

-- name: deeds
-- A team's book, the newest first.
SELECT d.id, d.by_id, d.role, d.action, d.subject_id, d.details::text, d.made_at FROM brands_deed d
WHERE d.page_id = %(page)s AND (%(by)s::bigint IS NULL OR d.by_id = %(by)s)
  AND d.id < %(below)s AND d.id > %(above)s
ORDER BY d.id DESC LIMIT %(limit)s;

-- name: posted_by
-- Who published posts in a page's name, where the reader is on that page's team.
SELECT DISTINCT ON (d.subject_id) d.subject_id, d.by_id FROM brands_deed d
WHERE d.subject_id = ANY(%(posts)s) AND d.action = 'post.published' AND d.by_id IS NOT NULL
  AND (d.page_id = %(viewer)s OR EXISTS (
      SELECT FROM brands_teammember t WHERE t.page_id = d.page_id AND t.member_id = %(viewer)s))
ORDER BY d.subject_id, d.id DESC;

-- name: verifications
-- The domains that a page says are its own.
SELECT v.id, v.domain, v.method, v.token, v.asked_at, v.checked_at, v.verified_at, v.failure
FROM brands_verification v WHERE v.page_id = %(page)s ORDER BY v.id;

-- name: verifications_to_check
-- Proofs that were not looked at lately, of pages that are there. Those of examples prove nothing anyway.
SELECT v.id FROM brands_verification v
JOIN people_profile p ON p.id = v.page_id AND p.withdrawn_at IS NULL AND p.kind = 'business' AND NOT p.example
WHERE v.verified_at IS NOT NULL AND v.checked_at < %(before)s ORDER BY v.id;

-- name: lock_team
-- One change of a team at a time. Taken before any role is held, so that two changes wait and never cross. Not the
-- row of the page: whoever describes it or moves its queue holds her role first and that row second.
SELECT pg_advisory_xact_lock(hashtextextended('brands.team', %(page)s));

-- name: add_page_as_owner
-- A team has an owner in it: where nobody is, the page itself, that is whoever signs in as it.
INSERT INTO brands_teammember (id, page_id, member_id, role, made_by_id, made_at)
SELECT %(id)s, %(page)s, %(page)s, 'owner', %(by)s, %(at)s
WHERE NOT EXISTS (SELECT FROM brands_teammember t WHERE t.page_id = %(page)s AND t.role = 'owner')
ON CONFLICT DO NOTHING;

-- name: other_owners
-- Owners of a page besides one.
SELECT count(*) FROM brands_teammember t
JOIN people_profile m ON m.id = t.member_id AND m.withdrawn_at IS NULL
WHERE t.page_id = %(page)s AND t.role = 'owner' AND t.member_id <> %(member)s;
