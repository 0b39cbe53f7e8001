-- name: shown
-- Whether the notification § is shown to its recipient %(viewer)s: its posts are visible (the one rule),
-- nobody blocks, mutes or hides the other, and what is for operators goes to operators only. What the
-- house itself says is shown whatever she thinks of the one it is about.
(
    (§.post_id IS NULL OR EXISTS (
        SELECT FROM posts_post shown_post WHERE shown_post.id = §.post_id AND {{visible(shown_post)}}
          -- a quote that was taken back quotes nothing
          AND (§.kind NOT IN ('quote', 'quoted_update') OR shown_post.quote_state = 'accepted')))
    AND (§.cause_id IS NULL
         OR §.kind IN ('admin.report', 'moderation_warning', 'review', 'review_answer', 'team_invitation', 'domain_lost',
                     'approval_asked', 'approval_given', 'changes_wanted',
                     'care_complaint', 'care_assigned', 'care_due', 'care_late')
         OR EXISTS (
        SELECT FROM posts_post shown_cause WHERE shown_cause.id = §.cause_id AND {{visible(shown_cause)}}))
    AND (§.kind IN ('admin.report', 'moderation_warning') OR §.actor_id = §.recipient_id OR (
        EXISTS (
            SELECT FROM people_profile a WHERE a.id = §.actor_id AND a.withdrawn_at IS NULL
              AND (a.domain = '' OR NOT EXISTS (
                  SELECT FROM people_domainblock d WHERE d.blocker_id = %(viewer)s AND d.domain = a.domain)))
        AND NOT EXISTS (
            SELECT FROM people_block b WHERE b.blocker_id = %(viewer)s AND b.blocked_id = §.actor_id)
        AND NOT EXISTS (
            SELECT FROM people_block b WHERE b.blocker_id = §.actor_id AND b.blocked_id = %(viewer)s)
        AND (§.kind = 'admin.sign_up' OR NOT EXISTS (
            SELECT FROM people_mute m WHERE m.muter_id = %(viewer)s AND m.muted_id = §.actor_id
              AND m.notifications AND (m.expires_at IS NULL OR m.expires_at > %(at)s)))))
    AND (§.kind NOT IN ('admin.sign_up', 'admin.report') OR EXISTS (
        SELECT FROM people_profile o JOIN accounts_user u ON u.id = o.user_id
        WHERE o.id = %(viewer)s AND u.is_staff AND u.is_active))
);
