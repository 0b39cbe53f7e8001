-- name: last_weeks
-- What a page's posts did by themselves in a window: posts that appeared, followers eligible for them and reached
-- unpaid (summed over posts), who followed a link of theirs (once a post), and conversions.
SELECT count(*)::int, coalesce(sum(p.eligible), 0)::bigint, coalesce(sum(m.reached), 0)::bigint,
       coalesce(sum(m.viewers), 0)::bigint, coalesce(sum(c.clicked), 0)::bigint,
       (SELECT count(*) FROM insights_fact f
        WHERE f.page_id = %(page)s AND f.kind = 11 AND f.at >= %(since)s AND f.at < %(until)s)::bigint
FROM insights_measuredpost p
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE e.follower) AS reached, count(*) AS viewers
    FROM insights_encounter e WHERE e.post_id = p.post_id AND e.organic
) m ON TRUE
LEFT JOIN LATERAL (
    SELECT count(DISTINCT f.viewer) AS clicked FROM insights_fact f
    WHERE f.post_id = p.post_id AND f.kind = 10 AND NOT f.paid AND f.viewer <> 0
) c ON TRUE
WHERE p.page_id = %(page)s AND p.appeared_at >= %(since)s AND p.appeared_at < %(until)s AND p.eligible IS NOT NULL;
