"""Care: what people say to a page or about it, answered in time.

Owns conversations and their clocks, assignment, causes and fixes, and the watch for a crisis. Knows nothing of
the plans of a page (``studio``), which stand above it.
"""
