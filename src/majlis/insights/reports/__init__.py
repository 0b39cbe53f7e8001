"""What a business looks at: its posts, one post, its audience. Asked by who holds an ``OnTeam`` that may measure.

Invariant: what leaves this package went over the privacy floor. It knows nothing of pages or languages of pages.
"""
