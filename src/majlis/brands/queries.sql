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
