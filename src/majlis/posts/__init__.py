"""Posts: text, articles, polls, threads, boosts, quotes, reactions, revisions, schedules — and who may see them.

Must not know feeds, notifications, groups or any page; tells them by events.
"""
