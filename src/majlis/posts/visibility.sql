-- The one visibility rule of the house, for a row § of posts_post and the parameter %(viewer)s
-- (a profile id, or null for somebody who is not signed in). Everything that shows a post, counts it
-- or says that it exists goes through here (posts/visibility.py puts it into queries).
(
    §.deleted_at IS NULL
    AND §.withdrawn_at IS NULL
    AND (
        §.author_id = %(viewer)s
        OR (
            EXISTS (
                SELECT 1 FROM people_profile §_author
                WHERE §_author.id = §.author_id AND §_author.withdrawn_at IS NULL
            )
            AND NOT EXISTS (
                SELECT 1 FROM people_block §_block
                WHERE §_block.blocker_id = §.author_id AND §_block.blocked_id = %(viewer)s
            )
            AND (
                §.audience IN ('public', 'unlisted')
                OR EXISTS (
                    SELECT 1 FROM posts_mention §_mention
                    WHERE §_mention.post_id = §.id AND §_mention.profile_id = %(viewer)s
                )
                OR (
                    §.audience IN ('followers', 'friends')
                    AND EXISTS (
                        SELECT 1 FROM people_follow §_follow
                        WHERE §_follow.follower_id = %(viewer)s AND §_follow.followed_id = §.author_id
                    )
                    AND (
                        §.audience = 'followers'
                        OR EXISTS (
                            SELECT 1 FROM people_follow §_back
                            WHERE §_back.follower_id = §.author_id AND §_back.followed_id = %(viewer)s
                        )
                    )
                )
                OR (
                    §.audience = 'circle'
                    AND EXISTS (
                        SELECT 1 FROM people_circlemember §_circle
                        WHERE §_circle.circle_id = §.circle_id AND §_circle.member_id = %(viewer)s
                    )
                )
            )
        )
    )
)
