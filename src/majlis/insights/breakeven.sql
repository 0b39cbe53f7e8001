-- name: last_weeks
-- What a page's posts did by themselves in a window: posts that appeared, followers eligible for them and reached
-- unpaid (summed over posts), who was reached unpaid and who of these followed a link (once a post); and of their
-- links, by whomever they were followed: visits that nobody paid for, and orders that came of such. Clicks and
-- conversions have an index of their own; whom posts reached stands in the ledger's counts.
WITH own AS MATERIALIZED (
    SELECT p.post_id, p.eligible FROM insights_measuredpost p
    WHERE p.page_id = %(page)s AND p.appeared_at >= %(since)s AND p.appeared_at < %(until)s AND p.eligible IS NOT NULL
), linked AS MATERIALIZED (
    SELECT f.post_id, f.viewer, f.kind FROM insights_fact f
    WHERE f.page_id = %(page)s AND f.at >= %(since)s AND NOT f.paid AND f.post_id IN (SELECT o.post_id FROM own o)
      AND f.kind IN (10, 11) AND (f.kind = 10 OR f.link_id IS NOT NULL)
)
SELECT (SELECT count(*) FROM own)::int, (SELECT coalesce(sum(o.eligible), 0) FROM own o)::bigint,
       coalesce(m.reached, 0)::bigint, coalesce(m.viewers, 0)::bigint,
       (SELECT count(*) FROM (
            SELECT DISTINCT l.post_id, l.viewer FROM linked l
            JOIN insights_encounter e ON e.post_id = l.post_id AND e.viewer = l.viewer AND e.organic
            WHERE l.kind = 10 AND l.viewer <> 0
        ) c)::bigint,
       (SELECT count(*) FROM linked l WHERE l.kind = 10)::bigint,
       (SELECT count(*) FROM linked l WHERE l.kind = 11)::bigint
FROM (
    SELECT sum(s.organic) FILTER (WHERE s.follower) AS reached, sum(s.organic) AS viewers
    FROM own o JOIN insights_standing s ON s.post_id = o.post_id
) m;
