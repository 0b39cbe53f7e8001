"""Reports, decisions and appeals, the operator's word filters, limits and domain policy.

Must not know the pages that show them.
"""
