-- name: post_arrives
-- A post that speaks to pages, or in which a page answers; nothing for who is on the page's own team.
INSERT INTO care_arrival (id, page_id, source, post_id, review_id, given, at)
SELECT (%(ids)s::bigint[])[row_number() OVER ()], g.profile_id,
       CASE WHEN %(direct)s THEN 'direct' WHEN g.profile_id IN (%(answered)s, t.author_id) THEN 'comment' ELSE 'mention' END,
       %(post)s, NULL, NULL, %(at)s
FROM (SELECT (SELECT author_id FROM posts_post WHERE id = %(thread)s) AS author_id) t,
     brands_page g
WHERE (g.profile_id = ANY(%(pages)s::bigint[]) OR g.profile_id = t.author_id)
  AND NOT EXISTS (SELECT FROM brands_teammember m WHERE m.page_id = g.profile_id AND m.member_id = %(author)s)
RETURNING id;

-- name: arrives
-- Reviews, and what adapters bring.
INSERT INTO care_arrival (id, page_id, source, post_id, review_id, given, at)
SELECT i, %(page)s, s, NULL, r, g::jsonb, m
FROM unnest(%(ids)s::bigint[], %(sources)s::text[], %(reviews)s::bigint[], %(given)s::text[], %(moments)s::timestamptz[])
     AS a (i, s, r, g, m);

-- name: one_at_a_time
-- Whoever takes arrivals in, is alone until the end of the transaction: answers must find their questions.
SELECT pg_advisory_xact_lock(4711, 1);

-- name: arrivals
-- The oldest, with what they are about: no author where the page does not see the post, or it is gone.
SELECT a.id, a.page_id, a.source, a.at, a.post_id, a.review_id, a.given::text, p.author_id, p.thread_id,
       p.reply_to_author_id,
       CASE WHEN p.author_id = a.page_id
            THEN ARRAY(SELECT n.profile_id FROM posts_mention n WHERE n.post_id = p.id ORDER BY n.id) ELSE '{}' END,
       r.author_id,
       CASE WHEN p.author_id = a.page_id
            THEN (SELECT d.by_id FROM brands_deed d WHERE d.subject_id = p.id AND d.page_id = a.page_id ORDER BY d.id LIMIT 1)
            ELSE r.replied_by_id END
FROM (SELECT * FROM care_arrival ORDER BY id LIMIT %(limit)s) a
JOIN brands_page p_page ON p_page.profile_id = a.page_id
LEFT JOIN posts_post p ON p.id = a.post_id AND {{visible_to_page(p)}}
LEFT JOIN brands_review r ON r.id = a.review_id AND r.withdrawn_at IS NULL
ORDER BY a.id;

-- name: taken_in
-- They are in conversations now.
DELETE FROM care_arrival WHERE id = ANY(%(ids)s);

-- name: strands
-- The conversations in which words with these keys go on.
SELECT key, conversation_id FROM care_strand WHERE page_id = %(page)s AND key = ANY(%(keys)s);

-- name: hold
-- Conversations held until the end of the transaction, in the one order in which everybody takes them.
SELECT id FROM care_conversation WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE;

-- name: channels
-- By which channels persons speak, made where they are not there.
WITH wanted AS (
    SELECT * FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(names)s::text[], %(profiles)s::bigint[],
                         %(channel_ids)s::bigint[], %(person_ids)s::bigint[]) AS w (kind, key, name, profile, channel, person)
), there AS (
    SELECT w.kind, w.key, c.id AS channel, c.person_id AS person
    FROM wanted w JOIN care_channel c ON c.page_id = %(page)s AND c.kind = w.kind AND c.key = w.key
), lacking AS (
    SELECT w.* FROM wanted w WHERE NOT EXISTS (SELECT FROM there t WHERE t.kind = w.kind AND t.key = w.key)
), persons AS (
    INSERT INTO care_person (id, page_id, name, made_at)
    SELECT person, %(page)s, name, %(at)s FROM lacking
), made AS (
    INSERT INTO care_channel (id, page_id, person_id, first_person_id, kind, key, profile_id, joined_by_id, joined_at)
    SELECT channel, %(page)s, person, person, kind, key, (SELECT p.id FROM people_profile p WHERE p.id = profile), NULL, NULL
    FROM lacking
    RETURNING kind, key, id, person_id
)
SELECT kind, key, channel, person FROM there UNION ALL SELECT kind, key, id, person_id FROM made;

-- name: open
-- New conversations, and the strand that each begins with.
WITH given AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(strand_ids)s::bigint[], %(keys)s::text[], %(persons)s::bigint[],
                         %(sources)s::text[], %(moments)s::timestamptz[]) AS g (id, strand, key, person, source, at)
), made AS (
    INSERT INTO care_conversation (
        id, page_id, person_id, source, status, priority, priority_said, cause_said, language, opened_at, last_at, messages,
        unanswered, due_kind, breached, reopened, version)
    SELECT id, %(page)s, person, source, 'open', 2, false, false, '', at, at, 0, true, '', false, 0, 0 FROM given
)
INSERT INTO care_strand (id, page_id, key, conversation_id, first_conversation_id)
SELECT strand, %(page)s, key, id, id FROM given;

-- name: claim
-- Conversations that the page's own word opened are hers whose first word came later.
UPDATE care_conversation c SET person_id = g.person
FROM unnest(%(conversations)s::bigint[], %(persons)s::bigint[]) AS g (id, person)
WHERE c.id = g.id AND c.page_id = %(page)s AND c.last_in_at IS NULL AND c.person_id <> g.person;

-- name: say
-- Messages; ids of those that were not there before.
INSERT INTO care_message (id, page_id, conversation_id, side, source, post_id, review_id, outside_id, channel_id, by_id, text,
                          at, cause, language, dialect)
SELECT i, %(page)s, c, s, f, p, r, o, h, b, t, m, '', '', ''
FROM unnest(%(ids)s::bigint[], %(conversations)s::bigint[], %(sides)s::text[], %(sources)s::text[], %(posts)s::bigint[],
            %(reviews)s::bigint[], %(outsides)s::text[], %(channels)s::bigint[], %(bys)s::bigint[], %(texts)s::text[],
            %(moments)s::timestamptz[]) AS g (i, c, s, f, p, r, o, h, b, t, m)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: opens_again
-- Conversations that do not stay as they are when their customer writes; whether each had been solved.
WITH again AS (
    SELECT c.id, CASE WHEN g.at < last.at THEN last.at + interval '1 microsecond' ELSE g.at END AS at, c.status
    FROM care_conversation c
    JOIN unnest(%(conversations)s::bigint[], %(moments)s::timestamptz[], %(here)s::bool[]) AS g (id, at, here) ON g.id = c.id
    LEFT JOIN LATERAL (SELECT max(s.at) AS at FROM care_step s WHERE s.conversation_id = c.id AND s.status <> '') last ON TRUE
    WHERE c.page_id = %(page)s AND c.status <> 'open'
      -- from outside words come hours late, and what closed it knew them; here whoever closed it had not seen them yet
      AND (g.here OR g.at >= coalesce(last.at, g.at))
    FOR UPDATE OF c
), changed AS (
    UPDATE care_conversation c SET status = 'open', snoozed_until = NULL, solved_at = NULL, confirmed_at = NULL,
        reopened = c.reopened + (a.status IN ('solved', 'confirmed'))::int
    FROM again a WHERE c.id = a.id
), noted AS (
    INSERT INTO care_step (id, conversation_id, what, status, by_id, by_customer, details, at)
    SELECT g.step, a.id, CASE WHEN a.status IN ('solved', 'confirmed') THEN 'reopened' ELSE 'wrote' END, 'open', NULL, true, '{}', a.at
    FROM again a JOIN unnest(%(conversations)s::bigint[], %(steps)s::bigint[]) AS g (id, step) ON g.id = a.id
)
SELECT id, status IN ('solved', 'confirmed') FROM again;

-- name: waits
-- Open conversations whose last word is the page's wait for the customer, from that word on.
WITH waiting AS (
    SELECT c.id, g.at, g.by, g.step FROM care_conversation c
    JOIN unnest(%(conversations)s::bigint[], %(moments)s::timestamptz[], %(bys)s::bigint[], %(steps)s::bigint[])
         AS g (id, at, by, step) ON g.id = c.id
    WHERE c.page_id = %(page)s AND c.status = 'open'
      AND NOT EXISTS (SELECT FROM care_message m WHERE m.conversation_id = c.id AND m.side = 'customer' AND m.at > g.at)
      AND NOT EXISTS (SELECT FROM care_step s WHERE s.conversation_id = c.id AND s.status <> '' AND s.at > g.at)
    FOR UPDATE OF c
), changed AS (
    UPDATE care_conversation c SET status = 'waiting' FROM waiting w WHERE c.id = w.id
)
INSERT INTO care_step (id, conversation_id, what, status, by_id, by_customer, details, at)
SELECT step, id, 'answered', 'waiting', (SELECT p.id FROM people_profile p WHERE p.id = by), false, '{}', at FROM waiting;

-- name: read_again
-- What was read of a post's words holds no longer.
UPDATE care_message SET read_at = NULL WHERE post_id = %(post)s AND side = 'customer';

-- name: message_gone
-- A post is gone.
UPDATE care_message SET gone_at = %(at)s WHERE post_id = %(post)s AND gone_at IS NULL;

-- name: message_back
-- It is back.
UPDATE care_message SET gone_at = NULL WHERE post_id = %(post)s;

-- name: review_gone
-- A review is gone.
UPDATE care_message SET gone_at = %(at)s WHERE review_id = %(review)s AND gone_at IS NULL;

-- name: to_settle
-- Conversations with what their clocks need, held until the end of the transaction.
SELECT c.id, c.page_id, c.status, c.priority, c.opened_at, c.warned_for, c.missed_for
FROM care_conversation c WHERE c.id = ANY(%(ids)s) ORDER BY c.id FOR UPDATE;

-- name: words_of
-- Who said something when: what is gone was said all the same.
SELECT conversation_id, at, side, by_id, language FROM care_message
WHERE conversation_id = ANY(%(ids)s) AND side <> 'note' ORDER BY at, id;

-- name: turns_of
-- When their state changed.
SELECT conversation_id, at, status FROM care_step WHERE conversation_id = ANY(%(ids)s) AND status <> '' ORDER BY at, id;

-- name: settle
-- What follows from words and steps.
UPDATE care_conversation c SET
    opened_at = g.opened_at, last_at = g.last_at, last_in_at = g.last_in_at, last_out_at = g.last_out_at,
    messages = g.messages, unanswered = g.unanswered, first_reply_at = g.first_reply_at,
    first_reply_seconds = g.first_reply_seconds, resolution_seconds = g.resolution_seconds, due_at = g.due_at,
    due_kind = g.due_kind, breached = g.breached, version = c.version + 1
FROM unnest(%(ids)s::bigint[], %(opened_at)s::timestamptz[], %(last_at)s::timestamptz[], %(last_in_at)s::timestamptz[],
            %(last_out_at)s::timestamptz[], %(messages)s::int[], %(unanswered)s::bool[], %(first_reply_at)s::timestamptz[],
            %(first_reply_seconds)s::float8[], %(resolution_seconds)s::float8[], %(due_at)s::timestamptz[],
            %(due_kind)s::text[], %(breached)s::bool[])
     AS g (id, opened_at, last_at, last_in_at, last_out_at, messages, unanswered, first_reply_at, first_reply_seconds,
           resolution_seconds, due_at, due_kind, breached)
WHERE c.id = g.id;

-- name: terms
-- What a page promises, and the hours it is open.
SELECT t.targets::text, t.clock, t.hours::text, t.holidays::text, t.warn_share, t.escalate_to_id, t.assign, t.automatic::text,
       t.ask_csat, t.show_badge, g.hours::text, g.holidays::text, g.time_zone, t.page_id IS NOT NULL
FROM brands_page g LEFT JOIN care_terms t ON t.page_id = g.profile_id WHERE g.profile_id = %(page)s;

-- name: conversation
-- One conversation; a merged one is that into which it went.
SELECT c.id, c.page_id, c.person_id, c.source, c.status, c.priority, c.assignee_id, c.cause_id, c.language, c.opened_at,
       c.last_in_at, c.version
FROM care_conversation g JOIN care_conversation c ON c.id = coalesce(g.merged_into_id, g.id)
WHERE g.id = %(id)s AND g.page_id = %(page)s;

-- name: conversation_locked
-- The same, held until the end of the transaction.
SELECT c.id, c.page_id, c.person_id, c.source, c.status, c.priority, c.assignee_id, c.cause_id, c.language, c.opened_at,
       c.last_in_at, c.version
FROM care_conversation g JOIN care_conversation c ON c.id = coalesce(g.merged_into_id, g.id)
WHERE g.id = %(id)s AND g.page_id = %(page)s FOR UPDATE OF c;

-- name: with_words
-- A condition on a conversation c: somebody said such words in it. Posts are found by their stems; reviews, notes and
-- what came from outside have none, and are found by the words as they were typed, too.
EXISTS (SELECT FROM care_message w
        JOIN brands_page wp_page ON wp_page.profile_id = w.page_id
        LEFT JOIN posts_post wp ON wp.id = w.post_id
        LEFT JOIN brands_review wr ON wr.id = w.review_id AND wr.withdrawn_at IS NULL
        WHERE w.conversation_id = c.id AND w.gone_at IS NULL
          AND (wp.search @@ websearch_to_tsquery('simple', %(words)s) AND {{visible_to_page(wp)}}
               OR w.post_id IS NULL AND to_tsvector('simple', coalesce(wr.text, w.text)) @@
                  (websearch_to_tsquery('simple', %(words)s) || websearch_to_tsquery('simple', %(typed)s))));

-- name: listing
-- A list of conversations. What is shown of each is fetched for those that are on it alone.
WITH listed AS MATERIALIZED (
    SELECT c.* FROM /*among*/ c
    WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL AND /*conditions*/
    ORDER BY /*order*/ LIMIT %(limit)s
)
SELECT c.id, c.source, c.status, c.priority,
       coalesce(nullif(p.display_name, ''), p.handle, n.name, ''), coalesce(p.handle, ''), coalesce(p.avatar_key, ''), p.id,
       left(coalesce(last.text, ''), 300), coalesce(last.gone, true), c.messages, c.unanswered, c.complaint, c.negative,
       c.urgency, c.language, c.cause_id, coalesce(k.name, ''), coalesce(k.name_ar, ''), c.assignee_id,
       coalesce(nullif(a.display_name, ''), a.handle, ''), c.opened_at, c.last_at, c.due_at, c.due_kind, c.breached,
       c.snoozed_until, c.reopened,
       (SELECT coalesce(json_agg(t.name ORDER BY t.name), '[]') FROM care_conversationtag t WHERE t.conversation_id = c.id)::text,
       (SELECT coalesce(json_agg(json_build_array(w.id, coalesce(nullif(w.display_name, ''), w.handle), x.answering)), '[]')
        FROM care_presence x JOIN people_profile w ON w.id = x.member_id
        WHERE x.conversation_id = c.id AND x.member_id <> %(by)s
          AND x.at > %(at)s::timestamptz - make_interval(secs => %(present)s))::text,
       c.version
FROM listed c
JOIN care_person n ON n.id = c.person_id
LEFT JOIN LATERAL (
    SELECT q.* FROM care_channel h JOIN people_profile q ON q.id = h.profile_id AND q.withdrawn_at IS NULL
    WHERE h.person_id = n.id ORDER BY h.id LIMIT 1
) p ON TRUE
LEFT JOIN care_cause k ON k.id = c.cause_id
LEFT JOIN people_profile a ON a.id = c.assignee_id
JOIN brands_page s_page ON s_page.profile_id = c.page_id
LEFT JOIN LATERAL (
    SELECT CASE WHEN m.post_id IS NOT NULL THEN s.text WHEN m.review_id IS NOT NULL THEN r.text ELSE m.text END AS text,
           m.gone_at IS NOT NULL OR (m.post_id IS NOT NULL AND s.id IS NULL)
               OR (m.review_id IS NOT NULL AND r.id IS NULL) AS gone
    FROM care_message m
    LEFT JOIN posts_post s ON s.id = m.post_id AND {{visible_to_page(s)}}
    LEFT JOIN brands_review r ON r.id = m.review_id AND r.withdrawn_at IS NULL
    WHERE m.conversation_id = c.id AND m.side = 'customer' ORDER BY m.at DESC, m.id DESC LIMIT 1
) last ON TRUE
ORDER BY /*order*/;

-- name: looked_through
-- The conversations of a list among which words are looked for.
(SELECT c.* FROM care_conversation c
 WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL AND /*conditions*/
 ORDER BY /*order*/ LIMIT %(slice)s);

-- name: last_looked_through
-- The last of them, when there are as many as are looked through at once.
SELECT c.priority, c.last_at, c.due_at, c.id FROM care_conversation c
WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL AND /*conditions*/
ORDER BY /*order*/ OFFSET %(slice)s - 1 LIMIT 1;

-- name: counts
-- How many conversations each view has, each counted to a bound.
SELECT (SELECT count(*) FROM (SELECT FROM care_conversation c WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL
            AND c.status = 'open' LIMIT %(most)s) x),
       (SELECT count(*) FROM (SELECT FROM care_conversation c WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL
            AND c.status = 'open' AND c.assignee_id = %(by)s LIMIT %(most)s) x),
       (SELECT count(*) FROM (SELECT FROM care_conversation c WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL
            AND c.status = 'open' AND c.assignee_id IS NULL LIMIT %(most)s) x),
       (SELECT count(*) FROM (SELECT FROM care_conversation c WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL
            AND c.status = 'open' AND c.due_at < %(at)s LIMIT %(most)s) x),
       (SELECT count(*) FROM (SELECT FROM care_conversation c WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL
            AND c.status = 'open' AND c.complaint >= 0.5 LIMIT %(most)s) x),
       (SELECT count(*) FROM (SELECT FROM care_conversation c WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL
            AND c.status = 'waiting' LIMIT %(most)s) x),
       (SELECT count(*) FROM (SELECT FROM care_conversation c WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL
            AND c.status = 'snoozed' LIMIT %(most)s) x);

-- name: open_ones
-- How many are open, counted to a bound.
SELECT count(*) FROM (SELECT FROM care_conversation WHERE page_id = %(page)s AND merged_into_id IS NULL
    AND status = 'open' LIMIT %(most)s) x;

-- name: names_of_answerers
-- Who answers for a page.
SELECT p.id, coalesce(nullif(p.display_name, ''), p.handle)
FROM brands_teammember m JOIN people_profile p ON p.id = m.member_id AND p.withdrawn_at IS NULL
WHERE m.page_id = %(page)s AND m.role = ANY(%(roles)s) ORDER BY 2, 1;

-- name: tags_used
-- The tags a page uses, by name. A loose scan of their index: one step for each name.
WITH RECURSIVE used AS (
    (SELECT name FROM care_conversationtag WHERE page_id = %(page)s ORDER BY name LIMIT 1)
    UNION ALL
    SELECT (SELECT t.name FROM care_conversationtag t WHERE t.page_id = %(page)s AND t.name > u.name ORDER BY t.name LIMIT 1)
    FROM used u WHERE u.name IS NOT NULL
)
SELECT name FROM used WHERE name IS NOT NULL LIMIT %(limit)s;

-- name: languages_used
-- The languages its customers wrote in lately.
SELECT DISTINCT language FROM (
    SELECT language FROM care_conversation WHERE page_id = %(page)s AND merged_into_id IS NULL
    ORDER BY last_at DESC, id DESC LIMIT %(lately)s
) c WHERE language <> '' ORDER BY language;

-- name: beat
-- Somebody has a conversation open; whether that is news to the others.
WITH before AS (
    SELECT answering, at FROM care_presence WHERE conversation_id = %(conversation)s AND member_id = %(member)s
), kept AS (
    INSERT INTO care_presence (conversation_id, member_id, answering, at)
    VALUES (%(conversation)s, %(member)s, %(answering)s, %(at)s)
    ON CONFLICT (conversation_id, member_id) DO UPDATE SET answering = excluded.answering, at = excluded.at
)
SELECT NOT EXISTS (SELECT FROM before b WHERE b.answering = %(answering)s
                   AND b.at > %(at)s::timestamptz - make_interval(secs => %(present)s));

-- name: leave
-- She has it open no longer.
DELETE FROM care_presence WHERE conversation_id = %(conversation)s AND member_id = %(member)s;

-- name: present
-- Who else has it open.
SELECT p.id, coalesce(nullif(p.display_name, ''), p.handle), x.answering
FROM care_presence x JOIN people_profile p ON p.id = x.member_id AND p.withdrawn_at IS NULL
WHERE x.conversation_id = %(conversation)s AND x.member_id <> %(by)s
  AND x.at > %(at)s::timestamptz - make_interval(secs => %(present)s)
ORDER BY x.answering DESC, 2, 1;

-- name: forget_present
-- Signs that are worth nothing any more.
DELETE FROM care_presence WHERE at < %(before)s;

-- name: answered_with_key
-- Whether an answer was given with a key.
SELECT 1 FROM care_step WHERE conversation_id = %(conversation)s AND what = 'answered' AND details ->> 'key' = %(key)s;

-- name: answered_since
-- An answer by somebody else that came after a message.
SELECT m.id, coalesce(nullif(b.display_name, ''), b.handle, ''), m.at
FROM care_message m LEFT JOIN people_profile b ON b.id = m.by_id
WHERE m.conversation_id = %(conversation)s AND m.side = 'team' AND m.id > %(seen)s AND m.by_id IS DISTINCT FROM %(by)s
ORDER BY m.id DESC LIMIT 1;

-- name: step
-- Something was done with a conversation; its lists hear of it.
WITH made AS (
    INSERT INTO care_step (id, conversation_id, what, status, by_id, by_customer, details, at)
    VALUES (%(id)s, %(conversation)s, %(what)s, %(status)s, %(by)s, %(by_customer)s, %(details)s::jsonb, %(at)s)
)
UPDATE care_conversation SET version = version + 1 WHERE id = %(conversation)s;

-- name: turn
-- Another state.
UPDATE care_conversation SET status = %(status)s::text, snoozed_until = %(until)s::timestamptz,
    solved_at = CASE WHEN %(status)s = 'solved' THEN %(at)s::timestamptz WHEN %(status)s = 'confirmed' THEN coalesce(solved_at, %(at)s::timestamptz) END,
    confirmed_at = CASE WHEN %(status)s = 'confirmed' THEN %(at)s::timestamptz END,
    reopened = reopened + %(reopened)s::bool::int
WHERE id = %(id)s;

-- name: last_of_customer
-- What the customer said last that can be answered, and how.
SELECT m.post_id, m.review_id, m.outside_id, m.source, p.audience, a.handle,
       coalesce((SELECT substr(s.key, length(m.source) + 2) FROM care_strand s
                 WHERE s.conversation_id = m.conversation_id AND starts_with(s.key, m.source || ':') ORDER BY s.id LIMIT 1), ''),
       h.key, m.id
FROM care_message m
JOIN brands_page p_page ON p_page.profile_id = m.page_id
LEFT JOIN posts_post p ON p.id = m.post_id AND {{visible_to_page(p)}}
LEFT JOIN people_profile a ON a.id = p.author_id
LEFT JOIN brands_review r ON r.id = m.review_id AND r.withdrawn_at IS NULL
LEFT JOIN care_channel h ON h.id = m.channel_id
WHERE m.conversation_id = %(conversation)s AND m.side = 'customer' AND m.gone_at IS NULL
  AND (p.id IS NOT NULL OR r.id IS NOT NULL OR m.outside_id <> '')
ORDER BY m.at DESC, m.id DESC LIMIT 1;

-- name: said
-- What was said in a conversation, in order.
SELECT m.id, m.side, m.source, m.post_id, m.review_id,
       coalesce(nullif(a.display_name, ''), a.handle, n.name, ''), coalesce(a.handle, ''), m.by_id,
       coalesce(nullif(b.display_name, ''), b.handle, ''),
       CASE WHEN m.post_id IS NOT NULL THEN coalesce(p.text, '')
            WHEN m.review_id IS NOT NULL THEN coalesce(r.text, '')
            WHEN y.id IS NOT NULL THEN y.reply ELSE m.text END,
       coalesce(p.html, r.html, y.reply_html, ''),
       m.gone_at IS NOT NULL OR (m.post_id IS NOT NULL AND p.id IS NULL) OR (m.review_id IS NOT NULL AND r.id IS NULL),
       coalesce(p.audience, ''), r.stars, m.at, coalesce(p.edited_at, r.edited_at) IS NOT NULL,
       m.complaint, m.negative, m.neutral, m.positive, m.cause, m.cause_sure, m.urgency, m.language, m.dialect,
       (SELECT coalesce(json_object_agg(k.about, k.said), '{}') FROM care_correction k
        WHERE k.message_id = m.id AND k.undone_at IS NULL)::text
FROM care_message m
JOIN brands_page p_page ON p_page.profile_id = m.page_id
LEFT JOIN posts_post p ON p.id = m.post_id AND m.gone_at IS NULL AND {{visible_to_page(p)}}
LEFT JOIN brands_review r ON r.id = m.review_id AND m.gone_at IS NULL AND r.withdrawn_at IS NULL
LEFT JOIN brands_review y ON m.source = 'review' AND m.side = 'team'
     AND y.id = CASE WHEN m.source = 'review' AND m.side = 'team' THEN split_part(m.outside_id, ':', 1)::bigint END
LEFT JOIN care_channel h ON h.id = m.channel_id
LEFT JOIN care_person n ON n.id = h.first_person_id
LEFT JOIN people_profile a ON a.id = CASE WHEN m.side = 'customer' THEN h.profile_id
                                          WHEN m.side IN ('team', 'automatic') THEN m.page_id END
     AND a.withdrawn_at IS NULL
LEFT JOIN people_profile b ON b.id = m.by_id
WHERE m.conversation_id = %(conversation)s
ORDER BY m.at, m.id;

-- name: steps
-- What was done with it, in order.
SELECT s.id, s.what, s.status, s.by_id, coalesce(nullif(b.display_name, ''), b.handle, ''), s.by_customer, s.details::text, s.at
FROM care_step s LEFT JOIN people_profile b ON b.id = s.by_id
WHERE s.conversation_id = %(conversation)s ORDER BY s.at, s.id;

-- name: ways
-- The channels of a person.
SELECT h.id, h.kind, h.key, coalesce(nullif(p.display_name, ''), p.handle, n.name), coalesce(p.handle, ''), h.joined_at IS NOT NULL
FROM care_channel h JOIN care_person n ON n.id = h.first_person_id
LEFT JOIN people_profile p ON p.id = h.profile_id AND p.withdrawn_at IS NULL
WHERE h.person_id = %(person)s ORDER BY h.id;

-- name: earlier
-- Other conversations with her.
SELECT c.id, c.status, c.source, c.opened_at, c.complaint, coalesce(k.name, ''), c.messages
FROM care_conversation c LEFT JOIN care_cause k ON k.id = c.cause_id
WHERE c.person_id = %(person)s AND c.id <> %(id)s AND c.merged_into_id IS NULL
ORDER BY c.last_at DESC LIMIT %(limit)s;

-- name: tags
-- The tags of a conversation.
SELECT name FROM care_conversationtag WHERE conversation_id = %(conversation)s ORDER BY name;

-- name: answers
-- Whether somebody answers for a page.
SELECT 1 FROM brands_teammember WHERE page_id = %(page)s AND member_id = %(member)s AND role = ANY(%(roles)s);

-- name: assign
-- Whose it is.
UPDATE care_conversation SET assignee_id = %(to)s, assigned_at = CASE WHEN %(to)s::bigint IS NULL THEN NULL ELSE %(at)s::timestamptz END
WHERE id = %(id)s;

-- name: prioritise
-- As somebody said.
UPDATE care_conversation SET priority = %(priority)s, priority_said = true WHERE id = %(id)s;

-- name: cause
-- A cause of the page's list.
SELECT 1 FROM care_cause WHERE id = %(cause)s AND page_id = %(page)s AND ended_at IS NULL;

-- name: give_cause
-- As somebody said.
UPDATE care_conversation SET cause_id = %(cause)s, cause_said = true WHERE id = %(id)s;

-- name: merge
-- The words of one conversation, and where further ones come in, are the other's.
WITH said AS (UPDATE care_message SET conversation_id = %(kept)s WHERE conversation_id = %(gone)s),
     strands AS (UPDATE care_strand SET conversation_id = %(kept)s WHERE conversation_id = %(gone)s),
     tags AS (UPDATE care_conversationtag t SET conversation_id = %(kept)s WHERE t.conversation_id = %(gone)s
              AND NOT EXISTS (SELECT FROM care_conversationtag k WHERE k.conversation_id = %(kept)s AND k.name = t.name)),
     facts AS (UPDATE care_conversation k SET
                   cause_id = CASE WHEN NOT k.cause_said AND (g.cause_said OR k.cause_id IS NULL) THEN g.cause_id ELSE k.cause_id END,
                   cause_said = k.cause_said OR g.cause_said, assignee_id = coalesce(k.assignee_id, g.assignee_id),
                   assigned_at = CASE WHEN k.assignee_id IS NULL THEN g.assigned_at ELSE k.assigned_at END
               FROM care_conversation g WHERE k.id = %(kept)s AND g.id = %(gone)s)
UPDATE care_conversation SET merged_into_id = %(kept)s, version = version + 1
WHERE id = %(gone)s OR merged_into_id = %(gone)s;

-- name: messages_of
-- The messages of a conversation, and whose each is.
SELECT id, side FROM care_message WHERE conversation_id = %(conversation)s ORDER BY at, id;

-- name: split
-- Some messages of a conversation in one of their own.
WITH made AS (
    INSERT INTO care_conversation (
        id, page_id, person_id, source, status, priority, priority_said, assignee_id, cause_said, language, opened_at, last_at,
        messages, unanswered, due_kind, breached, reopened, version)
    SELECT %(id)s, c.page_id, c.person_id, c.source, 'open', c.priority, c.priority_said, c.assignee_id, false, c.language,
           %(at)s, %(at)s, 0, true, '', false, 0, 0
    FROM care_conversation c WHERE c.id = %(old)s
    RETURNING id
)
UPDATE care_message m SET conversation_id = made.id FROM made WHERE m.id = ANY(%(messages)s) AND m.conversation_id = %(old)s;

-- name: strands_of_split
-- A strand goes with its words when all of them were split off. Which thread outside a word stands in is not known here.
WITH words AS (
    SELECT m.conversation_id, CASE WHEN m.review_id IS NOT NULL THEN 'review:' || m.review_id
                                   ELSE 'thread:' || p.thread_id || ':' || p.author_id END AS key
    FROM care_message m LEFT JOIN posts_post p ON p.id = m.post_id
    WHERE m.conversation_id IN (%(old)s, %(id)s) AND m.side = 'customer'
)
UPDATE care_strand s SET conversation_id = %(id)s
WHERE s.conversation_id = %(old)s
  AND EXISTS (SELECT FROM words w WHERE w.key = s.key AND w.conversation_id = %(id)s)
  AND NOT EXISTS (SELECT FROM words w WHERE w.key = s.key AND w.conversation_id = %(old)s);

-- name: join
-- Channels and conversations of one person are another's; whoever was blocked or asked as one, was as the other.
WITH ways AS (
    UPDATE care_channel SET person_id = %(kept)s, joined_by_id = %(by)s, joined_at = %(at)s WHERE person_id = %(gone)s
), known AS (
    UPDATE care_person k SET blocked_at = coalesce(k.blocked_at, g.blocked_at), asked_at = greatest(k.asked_at, g.asked_at),
        answered_by_itself_at = greatest(k.answered_by_itself_at, g.answered_by_itself_at)
    FROM care_person g WHERE k.id = %(kept)s AND g.id = %(gone)s
)
UPDATE care_conversation SET person_id = %(kept)s, version = version + 1 WHERE person_id = %(gone)s;

-- name: part
-- A channel is its first person's again.
UPDATE care_channel SET person_id = first_person_id, joined_by_id = NULL, joined_at = NULL
WHERE id = %(channel)s AND person_id = %(person)s AND joined_at IS NOT NULL AND first_person_id <> person_id;

-- name: back_to_first
-- And so are the conversations in which she speaks by that channel alone.
UPDATE care_conversation c SET person_id = h.first_person_id, version = c.version + 1
FROM care_channel h
WHERE h.id = %(channel)s AND c.page_id = h.page_id
  AND EXISTS (SELECT FROM care_message m WHERE m.conversation_id = c.id AND m.channel_id = h.id)
  AND NOT EXISTS (SELECT FROM care_message m WHERE m.conversation_id = c.id AND m.channel_id <> h.id);

-- name: person_blocked
-- The page wants no more of her.
UPDATE care_person SET blocked_at = %(at)s WHERE id = %(person)s;

-- name: posts_of_customer
-- The posts that a customer wrote in a conversation.
SELECT post_id FROM care_message
WHERE conversation_id = %(conversation)s AND side = 'customer' AND post_id IS NOT NULL AND gone_at IS NULL ORDER BY at LIMIT 20;

-- name: profiles_of_person
-- The accounts here of a person.
SELECT h.profile_id FROM care_channel h JOIN people_profile p ON p.id = h.profile_id AND p.withdrawn_at IS NULL
WHERE h.person_id = %(person)s ORDER BY h.id;

-- name: wake_snoozed
-- Conversations whose sleep is over.
UPDATE care_conversation SET status = 'open', snoozed_until = NULL
WHERE id IN (SELECT id FROM care_conversation WHERE status = 'snoozed' AND snoozed_until <= %(at)s
             ORDER BY snoozed_until LIMIT 500 FOR UPDATE SKIP LOCKED)
RETURNING id;

-- name: pages_of
-- Whose conversations these are.
SELECT page_id, id FROM care_conversation WHERE id = ANY(%(ids)s);

-- name: to_read
-- What customers said that was not read yet, the newest first: what is said just now matters most.
SELECT m.id, m.page_id, m.conversation_id,
       coalesce(CASE WHEN m.post_id IS NOT NULL THEN p.text WHEN m.review_id IS NOT NULL THEN r.text ELSE m.text END, '')
FROM care_message m
LEFT JOIN posts_post p ON p.id = m.post_id AND p.deleted_at IS NULL
LEFT JOIN brands_review r ON r.id = m.review_id
WHERE m.read_at IS NULL AND m.side = 'customer' AND m.conversation_id = ANY(%(held)s)
ORDER BY m.id DESC LIMIT %(limit)s FOR UPDATE OF m SKIP LOCKED;

-- name: where_to_read
-- The conversations in which the newest of that stands.
SELECT m.conversation_id FROM care_message m WHERE m.read_at IS NULL AND m.side = 'customer' ORDER BY m.id DESC LIMIT %(limit)s;

-- name: keep_readings
-- What was read of messages.
UPDATE care_message m SET complaint = g.complaint, negative = g.negative, neutral = g.neutral, positive = g.positive,
    language = g.language, dialect = g.dialect, cause = g.cause, cause_sure = g.cause_sure, urgency = g.urgency, read_at = %(at)s
FROM unnest(%(ids)s::bigint[], %(complaint)s::float8[], %(negative)s::float8[], %(neutral)s::float8[], %(positive)s::float8[],
            %(language)s::text[], %(dialect)s::text[], %(cause)s::text[], %(cause_sure)s::float8[], %(urgency)s::float8[])
     AS g (id, complaint, negative, neutral, positive, language, dialect, cause, cause_sure, urgency)
WHERE m.id = g.id;

-- name: gather
-- The readings of conversations: the highest of what the customer said, as corrected; its language is that of her first
-- words. A complaint is of high priority, an urgent one urgent, where nobody said another; the cause is the page's own for
-- what the model is surest of.
WITH said AS (
    SELECT m.conversation_id,
           CASE (SELECT k.said FROM care_correction k WHERE k.message_id = m.id AND k.about = 'complaint' AND k.undone_at IS NULL)
                WHEN 'yes' THEN 1.0 WHEN 'no' THEN 0.0 ELSE m.complaint END AS complaint,
           CASE (SELECT k.said FROM care_correction k WHERE k.message_id = m.id AND k.about = 'sentiment' AND k.undone_at IS NULL)
                WHEN 'negative' THEN 1.0 WHEN 'neutral' THEN 0.0 WHEN 'positive' THEN 0.0 ELSE m.negative END AS negative,
           CASE (SELECT k.said FROM care_correction k WHERE k.message_id = m.id AND k.about = 'urgency' AND k.undone_at IS NULL)
                WHEN 'high' THEN 1.0 WHEN 'normal' THEN 0.0 ELSE m.urgency END AS urgency,
           m.language, m.cause, m.cause_sure, m.at, m.id
    FROM care_message m WHERE m.conversation_id = ANY(%(ids)s) AND m.side = 'customer'
), found AS (
    SELECT conversation_id, max(complaint) AS complaint, max(negative) AS negative, max(urgency) AS urgency,
           (array_agg(language ORDER BY at, id) FILTER (WHERE language <> ''))[1] AS language,
           (array_agg(cause ORDER BY cause_sure DESC NULLS LAST, id) FILTER (WHERE cause <> ''))[1] AS cause
    FROM said GROUP BY conversation_id
)
UPDATE care_conversation c SET complaint = f.complaint, negative = f.negative, urgency = f.urgency,
    language = coalesce(f.language, c.language), version = c.version + 1,
    priority = CASE WHEN c.priority_said OR f.complaint IS NULL THEN c.priority
                    WHEN f.complaint >= %(complaint)s AND f.urgency >= %(urgent)s THEN 0
                    WHEN f.complaint >= %(complaint)s THEN 1 ELSE 2 END,
    cause_id = CASE WHEN c.cause_said THEN c.cause_id
                    ELSE coalesce((SELECT k.id FROM care_cause k
                                   WHERE k.page_id = c.page_id AND k.kind = f.cause AND f.cause <> '' AND k.ended_at IS NULL
                                   ORDER BY k.id LIMIT 1), c.cause_id) END
FROM found f WHERE c.id = f.conversation_id AND c.page_id = %(page)s;

-- name: message
-- A customer's message of a page, with what was read of it.
SELECT m.conversation_id, m.complaint, m.negative, m.neutral, m.positive, m.urgency
FROM care_message m WHERE m.id = %(message)s AND m.page_id = %(page)s AND m.side = 'customer';

-- name: uncorrect
-- What was said of a message before stands no longer.
UPDATE care_correction SET undone_at = %(at)s, undone_by_id = %(by)s
WHERE message_id = %(message)s AND about = %(about)s AND undone_at IS NULL;

-- name: correct
-- What a message is.
INSERT INTO care_correction (id, page_id, message_id, about, said, read, by_id, at)
VALUES (%(id)s, %(page)s, %(message)s, %(about)s, %(said)s, %(read)s, %(by)s, %(at)s);

-- name: correction
-- One that counts.
SELECT m.conversation_id, k.about FROM care_correction k JOIN care_message m ON m.id = k.message_id
WHERE k.id = %(id)s AND k.page_id = %(page)s AND k.undone_at IS NULL FOR UPDATE OF k;

-- name: take_back
-- It counts no longer.
UPDATE care_correction SET undone_at = %(at)s, undone_by_id = %(by)s WHERE id = %(id)s;

-- name: corrections
-- What a team put right, the newest first.
SELECT k.id, k.message_id, m.conversation_id,
       left(coalesce(CASE WHEN m.post_id IS NOT NULL THEN p.text WHEN m.review_id IS NOT NULL THEN r.text ELSE m.text END, ''), 200),
       k.about, k.said, k.read, k.by_id, coalesce(nullif(b.display_name, ''), b.handle, ''), k.at, k.undone_at
FROM care_correction k JOIN care_message m ON m.id = k.message_id
JOIN brands_page p_page ON p_page.profile_id = k.page_id
LEFT JOIN posts_post p ON p.id = m.post_id AND m.gone_at IS NULL AND {{visible_to_page(p)}}
LEFT JOIN brands_review r ON r.id = m.review_id AND r.withdrawn_at IS NULL
LEFT JOIN people_profile b ON b.id = k.by_id
WHERE k.page_id = %(page)s AND k.id < %(below)s ORDER BY k.id DESC LIMIT %(limit)s;

-- name: keep_terms
-- What a page promises from now on.
INSERT INTO care_terms (page_id, targets, clock, hours, holidays, warn_share, escalate_to_id, assign, automatic, ask_csat,
                        show_badge, changed_at)
VALUES (%(page)s, %(targets)s::jsonb, %(clock)s, %(hours)s::jsonb, %(holidays)s::jsonb, %(warn_share)s, %(escalate_to)s,
        %(assign)s, %(automatic)s::jsonb, %(ask_csat)s, %(show_badge)s, %(at)s)
ON CONFLICT (page_id) DO UPDATE SET targets = excluded.targets, clock = excluded.clock, hours = excluded.hours,
    holidays = excluded.holidays, warn_share = excluded.warn_share, escalate_to_id = excluded.escalate_to_id,
    assign = excluded.assign, automatic = excluded.automatic, ask_csat = excluded.ask_csat, show_badge = excluded.show_badge,
    changed_at = excluded.changed_at;

-- name: running
-- What is not solved, in order.
SELECT id FROM care_conversation
WHERE page_id = %(page)s AND id > %(after)s AND status NOT IN ('solved', 'confirmed') AND merged_into_id IS NULL
ORDER BY id LIMIT %(limit)s;

-- name: rules
-- The rules of a page, in their order.
SELECT id, name, "when"::text, "then"::text FROM care_rule WHERE page_id = %(page)s ORDER BY position, id;

-- name: make_rule
-- A new one, the last.
INSERT INTO care_rule (id, page_id, name, position, "when", "then", made_by_id, made_at)
SELECT %(id)s, %(page)s, %(name)s, coalesce(max(position) + 1, 0), %(when)s::jsonb, %(then)s::jsonb, %(by)s, %(at)s
FROM care_rule WHERE page_id = %(page)s;

-- name: change_rule
-- Another one in its place.
UPDATE care_rule SET name = %(name)s, "when" = %(when)s::jsonb, "then" = %(then)s::jsonb WHERE id = %(id)s AND page_id = %(page)s;

-- name: order_rules
-- Their order.
UPDATE care_rule r SET position = g.place - 1
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS g (id, place) WHERE r.id = g.id AND r.page_id = %(page)s;

-- name: end_rule
-- Without it.
DELETE FROM care_rule WHERE id = %(id)s AND page_id = %(page)s;

-- name: answerers
-- Who answers for a page, those with least to do first.
SELECT t.member_id FROM brands_teammember t
JOIN people_profile p ON p.id = t.member_id AND p.withdrawn_at IS NULL
LEFT JOIN LATERAL (
    SELECT count(*) AS open, max(c.assigned_at) AS last FROM care_conversation c
    WHERE c.page_id = t.page_id AND c.assignee_id = t.member_id AND c.status = 'open' AND c.merged_into_id IS NULL
) w ON TRUE
WHERE t.page_id = %(page)s AND t.role = ANY(%(roles)s)
ORDER BY w.open, w.last NULLS FIRST, t.id;

-- name: to_decide
-- Conversations as rules see them, with what the customer wrote.
SELECT c.id, c.source, c.status, c.assignee_id, c.priority_said, c.cause_id, c.language, c.complaint, c.urgency, c.opened_at,
       (SELECT string_agg(CASE WHEN m.post_id IS NOT NULL THEN p.text WHEN m.review_id IS NOT NULL THEN r.text ELSE m.text END, ' ')
        FROM care_message m
        LEFT JOIN posts_post p ON p.id = m.post_id AND p.deleted_at IS NULL
        LEFT JOIN brands_review r ON r.id = m.review_id
        WHERE m.conversation_id = c.id AND m.side = 'customer')
FROM care_conversation c
WHERE c.id = ANY(%(ids)s) AND c.page_id = %(page)s AND c.merged_into_id IS NULL AND c.status NOT IN ('solved', 'confirmed')
ORDER BY c.id FOR UPDATE;

-- name: add_tag
-- One more tag.
INSERT INTO care_conversationtag (id, conversation_id, page_id, name) VALUES (%(id)s, %(conversation)s, %(page)s, %(name)s)
ON CONFLICT DO NOTHING;

-- name: of_the_gone
-- Open conversations of those who answer no more are nobody's.
UPDATE care_conversation c SET assignee_id = NULL, assigned_at = NULL
FROM (SELECT id, assignee_id FROM care_conversation
      WHERE assignee_id IS NOT NULL AND status IN ('open', 'waiting', 'snoozed') AND merged_into_id IS NULL
        AND NOT EXISTS (SELECT FROM brands_teammember t WHERE t.page_id = care_conversation.page_id
                        AND t.member_id = care_conversation.assignee_id AND t.role = ANY(%(roles)s))
      LIMIT 500 FOR UPDATE SKIP LOCKED) g
WHERE c.id = g.id RETURNING c.page_id, c.id, g.assignee_id;

-- name: to_call
-- Complaints that nobody was called to and nobody answered, the most urgent first, so many an hour; they are marked.
WITH room AS (
    SELECT greatest(0, %(most)s - count(*)) AS left FROM care_conversation
    WHERE page_id = %(page)s AND called_at > %(since)s
), chosen AS (
    SELECT c.id FROM care_conversation c
    WHERE c.id = ANY(%(ids)s) AND c.page_id = %(page)s AND c.called_at IS NULL AND c.status = 'open' AND c.unanswered
      AND c.complaint >= %(complaint)s AND c.merged_into_id IS NULL
    ORDER BY c.priority, c.urgency DESC NULLS LAST, c.id LIMIT (SELECT r.left FROM room r)
)
UPDATE care_conversation c SET called_at = %(at)s FROM chosen, people_profile p
WHERE c.id = chosen.id AND p.id = c.page_id RETURNING c.id, p.handle, c.assignee_id;

-- name: whose
-- To whom a conversation is given, and its page.
SELECT c.assignee_id, p.handle FROM care_conversation c JOIN people_profile p ON p.id = c.page_id WHERE c.id = %(id)s;

-- name: late
-- Answers that are late and were not told of, marked as told.
WITH chosen AS (
    SELECT c.id FROM care_conversation c
    WHERE c.status IN ('open', 'snoozed') AND c.merged_into_id IS NULL AND c.due_at <= %(at)s AND c.missed_for IS DISTINCT FROM c.due_at
    ORDER BY c.priority, c.due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE care_conversation c SET missed_for = c.due_at, warned_for = c.due_at, breached = true, version = c.version + 1
FROM chosen, people_profile p WHERE c.id = chosen.id AND p.id = c.page_id
RETURNING c.page_id, p.handle, c.id, c.assignee_id, c.due_at;

-- name: soon
-- Answers that are due in the next days and were not warned of.
SELECT c.page_id, p.handle, c.id, c.assignee_id, c.due_at, c.due_kind, c.priority
FROM care_conversation c JOIN people_profile p ON p.id = c.page_id
WHERE c.status IN ('open', 'snoozed') AND c.merged_into_id IS NULL AND c.due_at > %(at)s AND c.due_at < %(until)s
  AND c.warned_for IS DISTINCT FROM c.due_at
ORDER BY c.due_at LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED;

-- name: warned
-- They were warned of.
UPDATE care_conversation SET warned_for = due_at WHERE id = ANY(%(ids)s);

-- name: members_with
-- Who is on a team in one of these roles.
SELECT t.member_id FROM brands_teammember t JOIN people_profile p ON p.id = t.member_id AND p.withdrawn_at IS NULL
WHERE t.page_id = %(page)s AND t.role = ANY(%(roles)s) ORDER BY t.id;

-- name: saved_replies
-- The saved replies of a page, those used most first.
SELECT id, name, text, text_ar, cause_id, used FROM care_savedreply WHERE page_id = %(page)s ORDER BY used DESC, name;

-- name: reply_of_name
-- Another reply of that name.
SELECT 1 FROM care_savedreply WHERE page_id = %(page)s AND name = %(name)s AND id <> %(but)s;

-- name: save_reply
-- A new one.
INSERT INTO care_savedreply (id, page_id, name, text, text_ar, cause_id, used, made_by_id, made_at)
VALUES (%(id)s, %(page)s, %(name)s, %(text)s, %(text_ar)s, %(cause)s, 0, %(by)s, %(at)s);

-- name: change_reply
-- Another wording.
UPDATE care_savedreply SET name = %(name)s, text = %(text)s, text_ar = %(text_ar)s, cause_id = %(cause)s
WHERE id = %(id)s AND page_id = %(page)s;

-- name: forget_reply
-- Without it.
DELETE FROM care_savedreply WHERE id = %(id)s AND page_id = %(page)s;

-- name: reply_used
-- Once more.
UPDATE care_savedreply SET used = used + 1 WHERE id = %(id)s;

-- name: for_reply
-- What a reply is filled with: whom it is to, who answers, and why she complained.
SELECT coalesce((SELECT coalesce(nullif(p.display_name, ''), p.handle) FROM care_channel h
                 JOIN people_profile p ON p.id = h.profile_id AND p.withdrawn_at IS NULL
                 WHERE h.person_id = n.id ORDER BY h.id LIMIT 1), n.name, ''),
       (SELECT coalesce(nullif(a.display_name, ''), a.handle) FROM people_profile a WHERE a.id = %(member)s),
       coalesce(k.name, ''), coalesce(k.name_ar, '')
FROM care_conversation c JOIN care_person n ON n.id = c.person_id LEFT JOIN care_cause k ON k.id = c.cause_id
WHERE c.id = %(conversation)s;

-- name: to_answer_by_itself
-- What a customer said, where the page should answer by itself: nobody did yet, she is no page or bot, is not blocked, and
-- had no such answer since.
SELECT m.post_id, p.audience, a.handle, p.text, n.id
FROM care_conversation c
JOIN care_person n ON n.id = c.person_id AND n.blocked_at IS NULL
     AND (n.answered_by_itself_at IS NULL OR n.answered_by_itself_at < %(since)s)
JOIN LATERAL (SELECT x.* FROM care_message x WHERE x.conversation_id = c.id AND x.side = 'customer' AND x.gone_at IS NULL
              ORDER BY x.at DESC, x.id DESC LIMIT 1) m ON m.post_id IS NOT NULL
JOIN brands_page p_page ON p_page.profile_id = c.page_id
JOIN posts_post p ON p.id = m.post_id AND {{visible_to_page(p)}}
JOIN people_profile a ON a.id = p.author_id AND a.kind = 'person' AND a.withdrawn_at IS NULL
WHERE c.id = %(conversation)s AND c.page_id = %(page)s AND c.merged_into_id IS NULL
  AND NOT EXISTS (SELECT FROM care_message y WHERE y.conversation_id = c.id AND y.side IN ('team', 'automatic'))
FOR UPDATE OF n;

-- name: answered_by_itself
-- When that was.
UPDATE care_person SET answered_by_itself_at = %(at)s WHERE id = %(person)s;

-- name: causes
-- The causes of a page, by name.
SELECT id, name, name_ar, kind FROM care_cause WHERE page_id = %(page)s AND ended_at IS NULL ORDER BY name, id;

-- name: make_cause
-- A new one.
INSERT INTO care_cause (id, page_id, name, name_ar, kind, made_by_id, made_at)
VALUES (%(id)s, %(page)s, %(name)s, %(name_ar)s, %(kind)s, %(by)s, %(at)s);

-- name: change_cause
-- Other words.
UPDATE care_cause SET name = %(name)s, name_ar = %(name_ar)s, kind = %(kind)s
WHERE id = %(id)s AND page_id = %(page)s AND ended_at IS NULL;

-- name: end_cause
-- It is not said any more.
UPDATE care_cause SET ended_at = %(at)s WHERE id = %(id)s AND page_id = %(page)s AND ended_at IS NULL;

-- name: ranked
-- The complaints of a window by cause: how many, of how many people, who are followed by how many, how many are open, whose.
WITH found AS (
    SELECT k.id, k.name, k.name_ar, k.kind, count(c.id) AS complaints, count(DISTINCT c.person_id) AS people,
           count(c.id) FILTER (WHERE c.status NOT IN ('solved', 'confirmed')) AS open,
           coalesce(array_agg(DISTINCT h.profile_id) FILTER (WHERE h.profile_id IS NOT NULL), '{}') AS profiles
    FROM care_cause k
    LEFT JOIN care_conversation c ON c.cause_id = k.id AND c.page_id = k.page_id AND c.opened_at >= %(since)s
        AND c.complaint >= %(complaint)s AND c.merged_into_id IS NULL
    LEFT JOIN LATERAL (SELECT w.profile_id FROM care_channel w WHERE w.person_id = c.person_id AND w.profile_id IS NOT NULL
                       ORDER BY w.id LIMIT 1) h ON TRUE
    WHERE k.page_id = %(page)s AND k.ended_at IS NULL
    GROUP BY k.id
)
SELECT f.id, f.name, f.name_ar, f.kind, f.complaints, f.people,
       coalesce((SELECT sum(n.followers) FROM people_profilecount n WHERE n.profile_id = ANY(f.profiles)), 0), f.open,
       f.profiles, (SELECT max(x.made_at) FROM care_fix x WHERE x.cause_id = f.id)
FROM found f;

-- name: complained
-- Whoever complained of a cause since a moment, each with her newest conversation of it; not who confirmed or is blocked.
SELECT DISTINCT ON (c.person_id) c.person_id, c.id
FROM care_conversation c JOIN care_person n ON n.id = c.person_id AND n.blocked_at IS NULL
WHERE c.page_id = %(page)s AND c.cause_id = %(cause)s AND c.opened_at >= %(since)s AND c.merged_into_id IS NULL
  AND c.status <> 'confirmed' AND coalesce(c.complaint, 1) >= %(complaint)s
ORDER BY c.person_id, c.opened_at DESC, c.id DESC;

-- name: fix_preview
-- How many those are, of how many conversations; to how many of them there is no account here; how many are left out.
WITH found AS (
    SELECT c.person_id, c.id, c.status = 'confirmed' OR n.blocked_at IS NOT NULL AS left_out,
           EXISTS (SELECT FROM care_channel h WHERE h.person_id = c.person_id AND h.profile_id IS NOT NULL) AS here
    FROM care_conversation c JOIN care_person n ON n.id = c.person_id
    WHERE c.page_id = %(page)s AND c.cause_id = %(cause)s AND c.opened_at >= %(since)s AND c.merged_into_id IS NULL
      AND coalesce(c.complaint, 1) >= %(complaint)s
)
SELECT count(DISTINCT person_id) FILTER (WHERE NOT left_out), count(*) FILTER (WHERE NOT left_out),
       count(DISTINCT person_id) FILTER (WHERE NOT left_out AND NOT here), count(*) FILTER (WHERE left_out)
FROM found;

-- name: make_fix
-- What was done.
INSERT INTO care_fix (id, page_id, cause_id, text, text_ar, since, made_by_id, made_at)
VALUES (%(id)s, %(page)s, %(cause)s, %(text)s, %(text_ar)s, %(since)s, %(by)s, %(at)s);

-- name: cause_held
-- The same, held: what is made of it comes one after the other.
SELECT 1 FROM care_cause WHERE id = %(cause)s AND page_id = %(page)s AND ended_at IS NULL FOR UPDATE;

-- name: fix_of_words
-- A fix that says the same of the same, made just before.
SELECT id FROM care_fix WHERE page_id = %(page)s AND cause_id = %(cause)s AND text = %(text)s AND text_ar = %(text_ar)s
  AND since = %(since)s AND made_at > %(after)s ORDER BY id DESC LIMIT 1;

-- name: to_be_told
-- Whom it is to be told.
INSERT INTO care_told (id, fix_id, person_id, conversation_id, state, answer)
SELECT i, %(fix)s, p, c, 'waiting', ''
FROM unnest(%(ids)s::bigint[], %(persons)s::bigint[], %(conversations)s::bigint[]) AS g (i, p, c)
ON CONFLICT DO NOTHING;

-- name: next_to_tell
-- Somebody who waits to be told of a fix, held; where her words stand by now, and whether she was told as another whom
-- she was joined with since.
SELECT t.id, f.page_id, c.id, n.id, c.language, f.text, f.text_ar, c.reopened,
       n.blocked_at IS NOT NULL OR EXISTS (
           SELECT FROM care_told o JOIN care_conversation oc ON oc.id = o.conversation_id
           WHERE o.fix_id = t.fix_id AND o.state = 'told' AND oc.person_id = n.id), c.status
FROM care_told t JOIN care_fix f ON f.id = t.fix_id JOIN care_conversation g ON g.id = t.conversation_id
JOIN care_conversation c ON c.id = coalesce(g.merged_into_id, g.id) JOIN care_person n ON n.id = c.person_id
WHERE t.fix_id = %(fix)s AND t.state = 'waiting' ORDER BY t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED;

-- name: told
-- What became of it.
UPDATE care_told SET state = %(state)s, post_id = %(post)s, told_at = %(at)s WHERE id = %(id)s;

-- name: ask
-- A question to the customer of a conversation; the one of this round, if there is one.
INSERT INTO care_asked (id, page_id, conversation_id, round, fix_id, asked_at, comment)
VALUES (%(id)s, %(page)s, %(conversation)s, %(round)s, %(fix)s, %(at)s, '')
ON CONFLICT (conversation_id, round) DO UPDATE SET fix_id = coalesce(excluded.fix_id, care_asked.fix_id)
RETURNING id;

-- name: person_asked
-- When somebody was last asked.
UPDATE care_person SET asked_at = %(at)s WHERE id = %(person)s;

-- name: to_speak_to
-- Where the customer of a conversation is spoken to.
SELECT coalesce(p.handle, ''), x.post_id, c.source,
       coalesce((SELECT substr(s.key, length(c.source) + 2) FROM care_strand s
                 WHERE s.conversation_id = c.id AND starts_with(s.key, c.source || ':') ORDER BY s.id LIMIT 1), ''),
       coalesce(m.outside_id, ''),
       coalesce(h.key, '')
FROM care_conversation c
JOIN care_person n ON n.id = c.person_id AND n.blocked_at IS NULL
LEFT JOIN LATERAL (SELECT y.* FROM care_message y WHERE y.conversation_id = c.id AND y.side = 'customer' AND y.gone_at IS NULL
                   ORDER BY y.at DESC, y.id DESC LIMIT 1) m ON TRUE
LEFT JOIN LATERAL (SELECT w.* FROM care_channel w WHERE w.person_id = n.id AND (w.profile_id IS NOT NULL OR w.kind <> 'member')
                   ORDER BY (w.profile_id IS NULL), w.id LIMIT 1) h ON TRUE
LEFT JOIN people_profile p ON p.id = h.profile_id AND p.withdrawn_at IS NULL
JOIN brands_page s_page ON s_page.profile_id = c.page_id
LEFT JOIN LATERAL (SELECT s.id AS post_id FROM posts_post s
                   WHERE s.id = m.post_id AND s.author_id = h.profile_id AND {{visible_to_page(s)}}) x ON TRUE
WHERE c.id = %(conversation)s AND c.page_id = %(page)s
  AND (p.id IS NOT NULL OR h.profile_id IS NULL AND c.source = 'outside.' || h.kind);

-- name: fixes
-- The fixes of a page, the newest first, with how far each is told and answered.
SELECT f.id, k.id, k.name, k.name_ar, k.kind, f.text, f.text_ar, f.since, f.made_by_id,
       coalesce(nullif(b.display_name, ''), b.handle, ''), f.made_at,
       count(t.id) FILTER (WHERE t.state = 'waiting'), count(t.id) FILTER (WHERE t.state = 'told'),
       count(t.id) FILTER (WHERE t.state = 'cannot'), count(t.id) FILTER (WHERE t.answer = 'confirmed'),
       count(t.id) FILTER (WHERE t.answer = 'reopened')
FROM care_fix f JOIN care_cause k ON k.id = f.cause_id
LEFT JOIN people_profile b ON b.id = f.made_by_id
LEFT JOIN care_told t ON t.fix_id = f.id
WHERE f.page_id = %(page)s AND (%(fix)s::bigint IS NULL OR f.id = %(fix)s)
GROUP BY f.id, k.id, b.id ORDER BY f.made_at DESC, f.id DESC LIMIT 100;

-- name: status_of
-- The state of a conversation.
SELECT status FROM care_conversation WHERE id = %(id)s;

-- name: to_ask
-- A solved conversation of somebody here who was not asked lately, nor about this round, held.
SELECT c.person_id, c.language, c.reopened FROM care_conversation c JOIN care_person n ON n.id = c.person_id
WHERE c.id = %(conversation)s AND c.page_id = %(page)s AND c.status = 'solved' AND c.merged_into_id IS NULL
  AND n.blocked_at IS NULL AND (n.asked_at IS NULL OR n.asked_at < %(before)s) AND c.first_reply_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM care_asked a WHERE a.conversation_id = c.id AND a.round = c.reopened)
FOR UPDATE OF n;

-- name: question
-- What somebody with a link is asked.
SELECT a.id, a.page_id, c.id, p.handle, coalesce(nullif(p.display_name, ''), p.handle), p.avatar_key, c.language,
       coalesce(f.text, ''), coalesce(f.text_ar, ''), c.status IN ('solved', 'confirmed'), c.status = 'confirmed',
       c.reopened <> a.round, a.stars, a.comment
FROM care_asked a JOIN care_conversation g ON g.id = a.conversation_id
JOIN care_conversation c ON c.id = coalesce(g.merged_into_id, g.id)
JOIN people_profile p ON p.id = a.page_id AND p.withdrawn_at IS NULL
LEFT JOIN care_fix f ON f.id = a.fix_id
WHERE a.id = %(asked)s;

-- name: fix_answered
-- What she said to the fix that she was asked of.
UPDATE care_told t SET answer = %(answer)s, answered_at = %(at)s
FROM care_asked a JOIN care_conversation ac ON ac.id = a.conversation_id, care_conversation tc
WHERE a.id = %(asked)s AND t.fix_id = a.fix_id AND t.state = 'told' AND tc.id = t.conversation_id
  AND coalesce(tc.merged_into_id, tc.id) = coalesce(ac.merged_into_id, ac.id);

-- name: of_the_team
-- Whether somebody's login speaks for a page.
SELECT 1 FROM people_profile v JOIN people_profile o ON o.id = v.id OR o.user_id = v.user_id
WHERE v.id = %(viewer)s AND (o.id = %(page)s
      OR EXISTS (SELECT FROM brands_teammember t WHERE t.page_id = %(page)s AND t.member_id = o.id)) LIMIT 1;

-- name: rate
-- How content she is; for a week it can be changed.
UPDATE care_asked SET stars = %(stars)s, comment = %(comment)s, rated_at = coalesce(rated_at, %(at)s)
WHERE id = %(asked)s AND (rated_at IS NULL OR rated_at > %(before)s);

-- name: badge
-- How a page answers: of what began in a window and was said to it.
SELECT count(*), count(c.first_reply_seconds), percentile_cont(0.5) WITHIN GROUP (ORDER BY c.first_reply_seconds),
       count(*) FILTER (WHERE c.status IN ('solved', 'confirmed')), count(*) FILTER (WHERE c.status = 'confirmed')
FROM care_conversation c
WHERE c.page_id = %(page)s AND c.opened_at >= %(since)s AND c.opened_at < %(until)s AND c.merged_into_id IS NULL
  AND c.source <> 'spoken' AND c.last_in_at IS NOT NULL;

-- name: keep_badge
-- As it was worked out.
INSERT INTO care_badge (page_id, since, until, conversations, answered, median_seconds, solved, confirmed, at)
VALUES (%(page)s, %(since)s, %(until)s, %(conversations)s, %(answered)s, %(median_seconds)s, %(solved)s, %(confirmed)s, %(at)s)
ON CONFLICT (page_id) DO UPDATE SET since = excluded.since, until = excluded.until, conversations = excluded.conversations,
    answered = excluded.answered, median_seconds = excluded.median_seconds, solved = excluded.solved,
    confirmed = excluded.confirmed, at = excluded.at;

-- name: badge_words
-- All that was said to a page: conversations, moments, sides.
SELECT m.conversation_id, m.at, m.side FROM care_message m JOIN care_conversation c ON c.id = m.conversation_id
WHERE m.page_id = %(page)s AND m.side <> 'note' AND c.source <> 'spoken' AND c.merged_into_id IS NULL ORDER BY m.at, m.id;

-- name: badge_turns
-- All changes of state.
SELECT s.conversation_id, s.at, s.status FROM care_step s JOIN care_conversation c ON c.id = s.conversation_id
WHERE c.page_id = %(page)s AND s.status <> '' AND c.merged_into_id IS NULL ORDER BY s.at, s.id;

-- name: badge_shown
-- The badge as anybody sees it.
SELECT b.since, b.until, b.conversations, b.answered, b.median_seconds, b.solved, b.confirmed, b.at
FROM care_badge b LEFT JOIN care_terms t ON t.page_id = b.page_id
WHERE b.page_id = %(page)s AND b.conversations >= %(fewest)s AND coalesce(t.show_badge, true);

-- name: pages_with_conversations
-- Pages to whom somebody spoke in a window, and those that have a badge from before.
SELECT page_id FROM care_conversation WHERE opened_at >= %(since)s GROUP BY page_id
UNION SELECT page_id FROM care_badge;

-- name: asked_of_fix
-- The questions that were asked with a fix.
SELECT id FROM care_asked WHERE fix_id = %(fix)s ORDER BY id;
