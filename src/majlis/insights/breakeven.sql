-- name: last_weeks
-- What a page's posts did by themselves in a window: posts that appeared, followers eligible for them and reached
-- unpaid (summed over posts), who followed a link of theirs (once a post), and conversions. Clicks and conversions
-- have an index of their own; whom posts reached stands in the ledger's counts.
WITH own AS MATERIALIZED (
    SELECT p.post_id, p.eligible FROM insights_measuredpost p
    WHERE p.page_id = %(page)s AND p.appeared_at >= %(since)s AND p.appeared_at < %(until)s AND p.eligible IS NOT NULL
)
SELECT (SELECT count(*) FROM own)::int, (SELECT coalesce(sum(o.eligible), 0) FROM own o)::bigint,
       coalesce(m.reached, 0)::bigint, coalesce(m.viewers, 0)::bigint,
       (SELECT count(*) FROM (
            SELECT DISTINCT f.post_id, f.viewer FROM insights_fact f
            WHERE f.page_id = %(page)s AND f.kind = 10 AND f.at >= %(since)s AND NOT f.paid AND f.viewer <> 0
              AND f.post_id IN (SELECT o.post_id FROM own o)
        ) c)::bigint,
       (SELECT count(*) FROM insights_fact f
        WHERE f.page_id = %(page)s AND f.kind = 11 AND f.at >= %(since)s AND f.at < %(until)s)::bigint
FROM (
    SELECT sum(s.organic) FILTER (WHERE s.follower) AS reached, sum(s.organic) AS viewers
    FROM own o JOIN insights_standing s ON s.post_id = o.post_id
) m;
