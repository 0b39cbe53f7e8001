-- name: last_weeks
-- What a page's posts did by themselves in a window: posts that appeared, followers eligible for them and reached
-- unpaid (summed over posts), who was reached unpaid and who of these followed a link (once a post); and of their
-- links, by whomever they were followed: visits that nobody paid for, and orders that came of such.
SELECT count(*)::int, coalesce(sum(p.eligible), 0)::bigint, coalesce(sum(m.reached), 0)::bigint,
       coalesce(sum(m.viewers), 0)::bigint, coalesce(sum(m.clicked), 0)::bigint,
       coalesce(sum(v.visits), 0)::bigint, coalesce(sum(v.orders), 0)::bigint
FROM insights_measuredpost p
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE e.follower) AS reached, count(*) AS viewers,
           count(*) FILTER (WHERE e.state = 1 AND EXISTS (
               SELECT 1 FROM insights_fact f
               WHERE f.post_id = e.post_id AND f.viewer = e.viewer AND f.kind = 10 AND NOT f.paid
           )) AS clicked
    FROM insights_encounter e WHERE e.post_id = p.post_id AND e.organic
) m ON TRUE
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE f.kind = 10) AS visits,
           count(*) FILTER (WHERE f.kind = 11 AND f.link_id IS NOT NULL) AS orders
    FROM insights_fact f WHERE f.post_id = p.post_id AND f.kind IN (10, 11) AND NOT f.paid
) v ON TRUE
WHERE p.page_id = %(page)s AND p.appeared_at >= %(since)s AND p.appeared_at < %(until)s AND p.eligible IS NOT NULL;
