"""Posts: text, articles, polls, threads, boosts, quotes, reactions, schedules — and who may see them.

Must not know feeds, notifications, groups or any page; tells them by events.
"""
