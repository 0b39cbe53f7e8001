"""The Mastodon client API: parse, one domain call, answer. One file per family of endpoints.

Must not know the other edges; the product works without it.
"""
