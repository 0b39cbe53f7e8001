-- name: photo
-- One photo of its owner.
SELECT m.id, m.owner_id, m.key, m.state, m.failure, m.alt, m.focus_x, m.focus_y, m.blurhash, m.colour, m.animated,
       m.variants::text, m.post_id
FROM media_photo m WHERE m.id = %(id)s AND m.owner_id = %(owner)s;

-- name: photos
-- Several photos of their owner.
SELECT m.id, m.owner_id, m.key, m.state, m.failure, m.alt, m.focus_x, m.focus_y, m.blurhash, m.colour, m.animated,
       m.variants::text, m.post_id
FROM media_photo m WHERE m.id = ANY(%(ids)s) AND m.owner_id = %(owner)s;

-- name: photos_by_key
-- Photos of their owner by the names of their files.
SELECT m.id, m.owner_id, m.key, m.state, m.failure, m.alt, m.focus_x, m.focus_y, m.blurhash, m.colour, m.animated,
       m.variants::text, m.post_id
FROM media_photo m WHERE m.key = ANY(%(keys)s) AND m.owner_id = %(owner)s;

-- name: insert
-- A photo, ready or waiting for its job.
INSERT INTO media_photo (id, owner_id, key, state, failure, alt, focus_x, focus_y, blurhash, colour, animated,
                         variants, position, made_at)
VALUES (%(id)s, %(owner)s, %(key)s, %(state)s, '', %(alt)s, %(x)s, %(y)s, %(blurhash)s, %(colour)s, %(animated)s,
        %(variants)s::jsonb, 0, %(at)s);

-- name: keep_bytes
-- The bytes that a job will read.
INSERT INTO media_unprocessed (photo_id, data) VALUES (%(id)s, %(data)s);

-- name: waiting
-- What a job has to make ready; nothing when it was done, or thrown away.
SELECT m.key, u.data FROM media_photo m JOIN media_unprocessed u ON u.photo_id = m.id
WHERE m.id = %(id)s AND m.state = 'waiting' FOR UPDATE OF m;

-- name: ready
-- A waiting photo is ready.
UPDATE media_photo SET state = 'ready', blurhash = %(blurhash)s, colour = %(colour)s, animated = %(animated)s,
       variants = %(variants)s::jsonb
WHERE id = %(id)s;

-- name: failed
-- A waiting photo cannot be made ready.
UPDATE media_photo SET state = 'failed', failure = %(code)s WHERE id = %(id)s;

-- name: forget_bytes
-- The bytes are not needed any more.
DELETE FROM media_unprocessed WHERE photo_id = %(id)s;

-- name: describe
-- Another description or focal point of one's photo, as far as given.
UPDATE media_photo SET alt = coalesce(%(alt)s, alt), focus_x = coalesce(%(x)s, focus_x),
       focus_y = coalesce(%(y)s, focus_y)
WHERE id = %(id)s AND owner_id = %(owner)s;

-- name: discard
-- Throw away a photo that is on no post.
DELETE FROM media_photo WHERE id = %(id)s AND owner_id = %(owner)s AND post_id IS NULL RETURNING key;

-- name: release
-- Photos that hang on one of these posts, or are held for a draft (post 0), are free again.
UPDATE media_photo SET post_id = NULL, hidden_at = NULL
WHERE id = ANY(%(ids)s) AND owner_id = %(owner)s AND post_id = ANY(%(posts)s)
RETURNING key;

-- name: sweep
-- Uploads that nobody posted.
DELETE FROM media_photo WHERE id IN (
    SELECT m.id FROM media_photo m WHERE m.post_id IS NULL AND m.made_at < %(before)s
    ORDER BY m.made_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) RETURNING key;

-- name: hide_of_post
-- The photos of a post that is gone, for now or for good.
UPDATE media_photo SET hidden_at = %(at)s WHERE post_id = %(post)s AND hidden_at IS NULL RETURNING key;

-- name: show_of_post
-- The photos of a post that is back.
UPDATE media_photo SET hidden_at = NULL WHERE post_id = %(post)s AND hidden_at IS NOT NULL RETURNING key;

-- name: out_of_reach
-- For each stored name: whether its files are to be out of reach now. Names without a row are not there.
SELECT m.key, m.hidden_at IS NOT NULL OR w.withdrawn_at IS NOT NULL
FROM media_photo m JOIN people_profile w ON w.id = m.owner_id WHERE m.key = ANY(%(keys)s)
UNION ALL
SELECT k.key, w.withdrawn_at IS NOT NULL
FROM people_profile w CROSS JOIN LATERAL (VALUES (w.avatar_key), (w.header_key)) AS k(key)
WHERE k.key <> '' AND k.key = ANY(%(keys)s);

-- name: keys_of_owner
-- Every stored name of a profile: photos, avatar, header.
SELECT m.key FROM media_photo m WHERE m.owner_id = %(owner)s
UNION ALL
SELECT k.key FROM people_profile w CROSS JOIN LATERAL (VALUES (w.avatar_key), (w.header_key)) AS k(key)
WHERE w.id = %(owner)s AND k.key <> '';

-- name: to_copy
-- What a copy of a photo needs to know; a photo out of reach or not ready is not there.
SELECT m.id, m.key FROM media_photo m
WHERE m.id = ANY(%(ids)s) AND m.owner_id = %(owner)s AND m.state = 'ready' AND m.hidden_at IS NULL
FOR SHARE;

-- name: insert_copy
-- The same picture once more under a name of its own; held (post 0) or free (no post).
INSERT INTO media_photo (id, owner_id, key, state, failure, alt, focus_x, focus_y, blurhash, colour, animated,
                         variants, post_id, copy_of, position, made_at)
SELECT %(id)s, m.owner_id, %(key)s, m.state, '', m.alt, m.focus_x, m.focus_y, m.blurhash, m.colour, m.animated,
       m.variants, %(post)s, coalesce(m.copy_of, m.id), 0, %(at)s
FROM media_photo m WHERE m.id = %(of)s;

-- name: shelf
-- The uploads that a profile kept, newest first, each picture once.
SELECT m.id, m.owner_id, m.key, m.state, m.failure, m.alt, m.focus_x, m.focus_y, m.blurhash, m.colour, m.animated,
       m.variants::text, m.post_id
FROM media_photo m
WHERE m.owner_id = %(owner)s AND m.copy_of IS NULL AND m.state = 'ready' AND m.hidden_at IS NULL
  AND m.post_id IS NOT NULL AND m.id < %(below)s
ORDER BY m.id DESC LIMIT %(limit)s;

-- name: shelf_words
-- What the same uploads say of themselves, to be searched with the letters folded.
SELECT m.id, m.alt FROM media_photo m
WHERE m.owner_id = %(owner)s AND m.copy_of IS NULL AND m.state = 'ready' AND m.hidden_at IS NULL
  AND m.post_id IS NOT NULL AND m.alt <> '' AND m.id < %(below)s
ORDER BY m.id DESC LIMIT %(limit)s;

-- name: discard_held
-- Throw away a photo that is only held.
DELETE FROM media_photo WHERE id = %(id)s AND owner_id = %(owner)s AND post_id = 0 RETURNING key;
