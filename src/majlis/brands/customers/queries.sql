-- name: lock_customers
-- Whoever changes customers of a page does so alone, until the end of her transaction.
SELECT pg_advisory_xact_lock(hashtextextended('customers', %(page)s));

-- name: by_keys
-- Whose keys these are, of a page.
SELECT k.key, k.customer_id FROM brands_customerkey k WHERE k.page_id = %(page)s AND k.key = ANY(%(keys)s::text[]);

-- name: make_customers
-- Records.
INSERT INTO brands_customer (id, page_id, name, note, tags, source, consent, folded, made_by_id, made_at, changed_at)
SELECT x.id, %(page)s, '', '', '[]', %(source)s, 'unknown', '', %(by)s, %(at)s, %(at)s FROM unnest(%(ids)s::bigint[]) AS x(id);

-- name: keep_keys
-- Keys that lead to nobody yet.
INSERT INTO brands_customerkey (page_id, key, customer_id)
SELECT %(page)s, x.key, x.customer FROM unnest(%(keys)s::text[], %(customers)s::bigint[]) AS x(key, customer)
ON CONFLICT DO NOTHING;

-- name: keep_contacts
-- Contacts that she does not have yet.
INSERT INTO brands_customercontact (id, page_id, customer_id, kind, value, folded)
SELECT x.id, %(page)s, x.customer, x.kind, x.value, x.folded
FROM unnest(%(ids)s::bigint[], %(customers)s::bigint[], %(kinds)s::text[], %(contacts)s::text[], %(folded)s::text[])
     AS x(id, customer, kind, value, folded)
ON CONFLICT DO NOTHING;

-- name: drop_contacts
-- Contacts that she has no more.
DELETE FROM brands_customercontact c WHERE c.customer_id = %(customer)s AND c.id = ANY(%(ids)s::bigint[]);

-- name: drop_keys
-- Keys that are hers no more.
DELETE FROM brands_customerkey k WHERE k.page_id = %(page)s AND k.customer_id = %(customer)s AND k.key = ANY(%(keys)s::text[]);

-- name: bare
-- Records as they are before a change, with their contacts.
SELECT c.id, c.name, c.note, c.tags::text, c.consent,
       coalesce((SELECT string_agg(k.value || ' ' || k.folded, ' ' ORDER BY k.id) FROM brands_customercontact k
                 WHERE k.customer_id = c.id), '')
FROM brands_customer c WHERE c.page_id = %(page)s AND c.id = ANY(%(ids)s::bigint[]) AND c.merged_into_id IS NULL;

-- name: change_customers
-- What records say of themselves.
UPDATE brands_customer c SET name = x.name, note = x.note, tags = x.tags::jsonb, consent = x.consent, folded = x.folded,
       changed_at = %(at)s
FROM unnest(%(ids)s::bigint[], %(names)s::text[], %(notes)s::text[], %(tags)s::text[], %(consents)s::text[],
            %(folded)s::text[]) AS x(id, name, note, tags, consent, folded)
WHERE c.id = x.id AND c.page_id = %(page)s;

-- name: say_consents
-- Consents that were given or taken back.
INSERT INTO brands_customerconsent (id, customer_id, consent, how, said_at, by_id, made_at)
SELECT x.id, x.customer, x.consent, x.how, x.said_at, %(by)s, %(at)s
FROM unnest(%(ids)s::bigint[], %(customers)s::bigint[], %(consents)s::text[], %(hows)s::text[], %(saids)s::timestamptz[])
     AS x(id, customer, consent, how, said_at);

-- name: record
-- One record of a page.
SELECT c.id, c.name, c.note, c.tags::text, c.source, c.consent, c.made_at, c.changed_at
FROM brands_customer c WHERE c.page_id = %(page)s AND c.id = %(customer)s AND c.merged_into_id IS NULL;

-- name: contacts
-- The contacts of a record, in the order in which they came.
SELECT k.id, k.kind, k.value, k.folded FROM brands_customercontact k WHERE k.customer_id = %(customer)s ORDER BY k.kind, k.id;

-- name: keys
-- The keys of a record.
SELECT k.key FROM brands_customerkey k WHERE k.page_id = %(page)s AND k.customer_id = %(customer)s ORDER BY k.key;

-- name: consents
-- What was said of being written to, the newest first.
SELECT h.consent, h.how, h.said_at, h.by_id, h.made_at FROM brands_customerconsent h
WHERE h.customer_id = %(customer)s ORDER BY h.id DESC;

-- name: find
-- Records by a part of a name, address, number or id; the newest first.
SELECT c.id FROM brands_customer c
WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL AND c.folded LIKE %(words)s ORDER BY c.id DESC LIMIT %(limit)s;

-- name: alike
-- Other records with the same name and a telephone in common: perhaps the same person.
SELECT DISTINCT o.id, o.name FROM brands_customer c
JOIN brands_customercontact k ON k.customer_id = c.id AND k.kind = 'phone'
JOIN brands_customercontact m ON m.page_id = c.page_id AND m.kind = 'phone' AND m.folded = k.folded AND m.customer_id <> c.id
JOIN brands_customer o ON o.id = m.customer_id AND o.merged_into_id IS NULL
WHERE c.id = %(customer)s AND c.page_id = %(page)s AND c.name <> '' AND lower(o.name) = lower(c.name) ORDER BY o.id LIMIT 10;

-- name: move_contacts
-- Contacts go over to another record; those it has already stay.
UPDATE brands_customercontact k SET customer_id = %(to)s
WHERE k.customer_id = %(customer)s AND (%(all)s OR k.id = ANY(%(ids)s::bigint[])) AND NOT EXISTS (
    SELECT FROM brands_customercontact o WHERE o.customer_id = %(to)s AND o.kind = k.kind AND o.folded = k.folded)
RETURNING k.id;

-- name: move_keys
-- Keys go over to another record.
UPDATE brands_customerkey k SET customer_id = %(to)s
WHERE k.page_id = %(page)s AND k.customer_id = %(customer)s AND (%(all)s OR k.key = ANY(%(keys)s::text[])) RETURNING k.key;

-- name: merge_into
-- A record is part of another now, or is one of its own again.
UPDATE brands_customer c SET merged_into_id = %(to)s, changed_at = %(at)s WHERE c.id = %(customer)s AND c.page_id = %(page)s;

-- name: note_merge
-- Two records became one.
INSERT INTO brands_customermerge (id, kept_id, gone_id, moved, by_id, made_at)
VALUES (%(id)s, %(kept)s, %(gone)s, %(moved)s::jsonb, %(by)s, %(at)s);

-- name: merges
-- Records that are part of this one, the newest first.
SELECT m.id, m.gone_id, g.name, m.moved::text, m.by_id, m.made_at FROM brands_customermerge m
JOIN brands_customer g ON g.id = m.gone_id JOIN brands_customer k ON k.id = m.kept_id
WHERE m.kept_id = %(customer)s AND k.page_id = %(page)s AND m.undone_at IS NULL ORDER BY m.id DESC;

-- name: end_merge
-- They are two again.
UPDATE brands_customermerge m SET undone_at = %(at)s WHERE m.id = %(merge)s AND m.undone_at IS NULL;

-- name: whole
-- A record and all that was merged into it, however deep.
WITH RECURSIVE parts AS (
    SELECT c.id FROM brands_customer c WHERE c.id = %(customer)s AND c.page_id = %(page)s
    UNION SELECT c.id FROM brands_customer c JOIN parts p ON c.merged_into_id = p.id
) SELECT id FROM parts;

-- name: contacts_of
-- Contacts of some records.
SELECT k.kind, k.value, k.folded FROM brands_customercontact k WHERE k.customer_id = ANY(%(ids)s::bigint[]);

-- name: keys_of
-- Keys of some records.
SELECT k.key FROM brands_customerkey k WHERE k.page_id = %(page)s AND k.customer_id = ANY(%(ids)s::bigint[]);

-- name: unjoin
-- Members who were joined by these keys are joined no more.
DELETE FROM brands_customermember m WHERE m.page_id = %(page)s AND m.key = ANY(%(keys)s::text[]);

-- name: erase
-- Records are no more: keys, contacts, consents and merges go with them.
DELETE FROM brands_customerconsent h WHERE h.customer_id = ANY(%(ids)s::bigint[]);

-- name: erase_contacts
-- See erase.
DELETE FROM brands_customercontact k WHERE k.customer_id = ANY(%(ids)s::bigint[]);

-- name: erase_keys
-- See erase.
DELETE FROM brands_customerkey k WHERE k.customer_id = ANY(%(ids)s::bigint[]);

-- name: erase_merges
-- See erase.
DELETE FROM brands_customermerge m WHERE m.kept_id = ANY(%(ids)s::bigint[]) OR m.gone_id = ANY(%(ids)s::bigint[]);

-- name: erase_records
-- See erase. All parts of a record at once.
DELETE FROM brands_customer c WHERE c.page_id = %(page)s AND c.id = ANY(%(ids)s::bigint[]);

-- name: remember_erased
-- That these were erased.
INSERT INTO brands_erasedcustomer (page_id, trace, erased_at)
SELECT %(page)s, x.trace, %(at)s FROM unnest(%(traces)s::text[]) AS x(trace)
ON CONFLICT (page_id, trace) DO UPDATE SET erased_at = excluded.erased_at;

-- name: erased
-- Which of these were erased, and when.
SELECT e.trace, e.erased_at FROM brands_erasedcustomer e WHERE e.page_id = %(page)s AND e.trace = ANY(%(traces)s::text[]);

-- name: book
-- How a page keeps its customers.
SELECT b.keep_names, b.new_days, b.recent_days, b.recent_orders, b.lapsed_gaps, b.lapsed_days, b.shortest_habit_days
FROM brands_customerbook b WHERE b.page_id = %(page)s;

-- name: keep_book
-- The same, changed.
INSERT INTO brands_customerbook (page_id, keep_names, new_days, recent_days, recent_orders, lapsed_gaps, lapsed_days, shortest_habit_days)
VALUES (%(page)s, %(keep_names)s, %(new_days)s, %(recent_days)s, %(recent_orders)s, %(lapsed_gaps)s, %(lapsed_days)s, %(shortest_habit_days)s)
ON CONFLICT (page_id) DO UPDATE SET keep_names = excluded.keep_names, new_days = excluded.new_days,
    recent_days = excluded.recent_days, recent_orders = excluded.recent_orders, lapsed_gaps = excluded.lapsed_gaps,
    lapsed_days = excluded.lapsed_days, shortest_habit_days = excluded.shortest_habit_days;

-- name: pages_with_customers
-- Pages that have customers and are there, without those of one login or on whose team a member is.
SELECT p.id FROM people_profile p
WHERE p.withdrawn_at IS NULL AND p.user_id IS DISTINCT FROM %(user)s
  AND EXISTS (SELECT FROM brands_customerkey k WHERE k.page_id = p.id)
  AND NOT EXISTS (SELECT FROM brands_teammember t JOIN people_profile x ON x.id = t.member_id
                  WHERE t.page_id = p.id AND x.user_id = %(user)s);

-- name: known_by
-- Of some pages and keys those that lead to a record.
SELECT k.page_id, k.key FROM brands_customerkey k
JOIN unnest(%(pages)s::bigint[], %(keys)s::text[]) AS x(page, key) ON k.page_id = x.page AND k.key = x.key;

-- name: answers
-- What a member answered.
SELECT m.page_id, m.key, m.allowed, m.answered_at FROM brands_customermember m WHERE m.member_id = %(member)s;

-- name: answer
-- What a member answers now.
INSERT INTO brands_customermember (id, page_id, member_id, key, allowed, answered_at)
VALUES (%(id)s, %(page)s, %(member)s, %(key)s, %(allowed)s, %(at)s)
ON CONFLICT (page_id, member_id) DO UPDATE
SET key = excluded.key, allowed = excluded.allowed, answered_at = excluded.answered_at;

-- name: take_answer_back
-- She says nothing of it any more.
DELETE FROM brands_customermember m WHERE m.page_id = %(page)s AND m.member_id = %(member)s;

-- name: joined
-- The members who allowed this record to be joined to them.
SELECT m.member_id, m.answered_at FROM brands_customermember m
JOIN brands_customerkey k ON k.page_id = m.page_id AND k.key = m.key
JOIN people_profile p ON p.id = m.member_id AND p.withdrawn_at IS NULL
WHERE k.page_id = %(page)s AND k.customer_id = %(customer)s AND m.allowed ORDER BY m.id;

-- name: joined_to
-- The records of a page that a member allowed to be joined to her.
SELECT DISTINCT k.customer_id FROM brands_customermember m
JOIN brands_customerkey k ON k.page_id = m.page_id AND k.key = m.key
JOIN brands_customer c ON c.id = k.customer_id AND c.merged_into_id IS NULL
WHERE m.page_id = %(page)s AND m.member_id = ANY(%(members)s) AND m.allowed ORDER BY k.customer_id;

-- name: keep_import
-- A table that was looked at.
INSERT INTO brands_customerimport (id, page_id, by_id, kind, rows, made_at)
VALUES (%(id)s, %(page)s, %(by)s, %(kind)s, %(rows)s::jsonb, %(at)s);

-- name: take_import
-- Such a table, once, by whoever looked at it.
DELETE FROM brands_customerimport i WHERE i.id = %(id)s AND i.page_id = %(page)s AND i.by_id = %(by)s AND i.kind = %(kind)s
RETURNING i.rows::text;

-- name: sweep_imports
-- Tables that nobody took.
DELETE FROM brands_customerimport i WHERE i.made_at < %(before)s;
