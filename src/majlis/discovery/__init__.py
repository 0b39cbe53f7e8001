"""Finding: search over people, hashtags and posts the searcher may see, trends, suggestions, explore.

Must not know feeds or pages.
"""
