"""Where a team works: calendar and approvals, campaigns, tracked links and goals, promotion.

Every question and every action passes the team door of ``brands.access``.
"""
