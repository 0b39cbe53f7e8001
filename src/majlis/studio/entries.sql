-- name: entry
-- An entry, with the name of its campaign, who changed it last, and the last word about it.
SELECT e.id, e.page_id, e.params::text, e.thread::text, e.first_comment, e.title, e.campaign_id, coalesce(c.name, ''),
       e.version, e.made_by_id, e.changed_by_id, coalesce(nullif(w.display_name, ''), w.handle, ''), e.changed_at,
       e.asked_at, e.due_at, e.queued_at, e.scheduled_by_id, e.again_every, e.again_left, e.again_of_id,
       e.post_id, e.published_at, e.failed_at, e.failure, e.discarded_at,
       d.version, d.approved, coalesce(nullif(v.display_name, ''), v.handle, d.by_name, ''), d.made_at
FROM studio_entry e
LEFT JOIN studio_campaign c ON c.id = e.campaign_id
LEFT JOIN people_profile w ON w.id = e.changed_by_id
LEFT JOIN LATERAL (
    SELECT a.version, a.approved, a.by_id, a.link_id, a.by_name, a.made_at FROM studio_approval a
    WHERE a.entry_id = e.id ORDER BY a.id DESC LIMIT 1
) d ON TRUE
LEFT JOIN people_profile v ON v.id = d.by_id;
