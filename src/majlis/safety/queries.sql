-- name: login_of
-- The login behind a profile: id, address, language, whether it is an operator's, whether it is closed.
SELECT login.id, login.email, login.language, login.is_staff, login.suspended_at
FROM people_profile profile JOIN accounts_user login ON login.id = profile.user_id
WHERE profile.id = %(profile)s;

-- name: operators
-- Those who look after reports: address and language.
SELECT login.email, login.language FROM accounts_user login
WHERE login.is_staff AND login.is_active AND login.confirmed_at IS NOT NULL ORDER BY login.id;

-- name: left_of_login
-- Profiles of a login that are not suspended: when none is left, the login is closed too.
SELECT profile.id FROM people_profile profile
WHERE profile.user_id = %(login)s AND NOT EXISTS (
    SELECT FROM people_withdrawal w WHERE w.profile_id = profile.id AND w.reason = 'suspended');

-- name: numbers
-- What the operator sees first: one row of counts.
SELECT (SELECT count(*) FROM accounts_user WHERE is_active AND confirmed_at IS NOT NULL),
       (SELECT count(*) FROM people_profile WHERE domain = '' AND withdrawn_at IS NULL),
       (SELECT count(*) FROM people_profile WHERE domain = '' AND id >= %(day)s),
       (SELECT count(*) FROM posts_post WHERE id >= %(day)s AND deleted_at IS NULL AND imported_from = ''),
       (SELECT count(*) FROM safety_report WHERE closed_at IS NULL),
       (SELECT count(*) FROM safety_decision
         WHERE appealed_at IS NOT NULL AND appeal_answered_at IS NULL),
       (SELECT count(*) FROM accounts_user
         WHERE approval_asked_at IS NOT NULL AND approved_at IS NULL AND confirmed_at IS NOT NULL
           AND suspended_at IS NULL);

-- name: find_people
-- Profiles by a part of handle or name, or by the address of the login; newest first.
SELECT profile.id, login.id, coalesce(login.email, ''), profile.withdrawn_at IS NOT NULL,
       profile.limited_at IS NOT NULL, login.suspended_at IS NOT NULL
FROM people_profile profile LEFT JOIN accounts_user login ON login.id = profile.user_id
WHERE profile.id < %(below)s
  AND (%(like)s = '' OR profile.handle ILIKE %(like)s OR profile.display_name ILIKE %(like)s
       OR login.email ILIKE %(like)s)
  AND (%(state)s = ''
       OR (%(state)s = 'withdrawn' AND profile.withdrawn_at IS NOT NULL)
       OR (%(state)s = 'limited' AND profile.limited_at IS NOT NULL)
       OR (%(state)s = 'operators' AND login.is_staff))
ORDER BY profile.id DESC LIMIT %(limit)s;

-- name: tags
-- Hashtags by a part of their name, or those that may not trend; with how many posts carried them lately.
SELECT tag.id, tag.name, tag.shown, tag.usable,
       (SELECT count(*) FROM posts_posttag use WHERE use.tag_id = tag.id AND use.post_id >= %(since)s) AS uses
FROM posts_tag tag
WHERE CASE WHEN %(like)s = '' THEN NOT tag.usable OR tag.id IN (
          SELECT recent.tag_id FROM posts_posttag recent WHERE recent.post_id >= %(since)s
          GROUP BY recent.tag_id ORDER BY count(*) DESC LIMIT 30)
      ELSE tag.name ILIKE %(like)s OR tag.shown ILIKE %(like)s END
ORDER BY tag.usable, uses DESC, tag.id DESC LIMIT %(limit)s;

-- name: announcements_for
-- What is announced just now, newest first, and whether this member has read it.
SELECT a.id, a.text, a.html, a.text_ar, a.html_ar, a.starts_at, a.ends_at, a.published_at, a.made_at,
       r.id IS NOT NULL
FROM safety_announcement a
LEFT JOIN safety_announcementread r ON r.announcement_id = a.id AND r.profile_id = %(viewer)s
WHERE a.published_at <= %(at)s AND a.withdrawn_at IS NULL
  AND (a.starts_at IS NULL OR a.starts_at <= %(at)s) AND (a.ends_at IS NULL OR a.ends_at > %(at)s)
ORDER BY a.published_at DESC, a.id DESC;
