"""The operator's rooms: people, reports, decisions, rules, jobs that failed.

Must not know the other edges; the product works without it.
"""
