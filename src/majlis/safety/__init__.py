"""Reports, decisions and appeals, the rules they follow, announcements, and who did what when.

Must not know the pages that show them.
"""
