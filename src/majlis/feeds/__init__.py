"""Every list of posts: home, local, list, circle, hashtag, profile, bookmarks, favourites, thread.

Skeleton, hydration, rules; the presentation belongs to the edges. Must not know notifications or pages.
"""
