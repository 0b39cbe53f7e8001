"""Finding: functions give ids, to be hydrated where they are shown, or small views."""

from majlis.discovery.queries.found import Found, posts
from majlis.discovery.queries.search import people, tags
from majlis.discovery.queries.trends import (
    Explore,
    Refused,
    TrendingLink,
    TrendingTag,
    explore,
    link_histories,
    refusals,
    trending_links,
    trending_posts,
    trending_tags,
)

__all__ = [
    "Explore",
    "Found",
    "Refused",
    "TrendingLink",
    "TrendingTag",
    "explore",
    "link_histories",
    "people",
    "posts",
    "refusals",
    "tags",
    "trending_links",
    "trending_posts",
    "trending_tags",
]
