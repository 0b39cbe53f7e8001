"""The pages: HTML for people, in Arabic and English, on a phone first.

Owns templates, styles, icons and the words of the interface; asks the other modules and answers.
Must not know the tables, the Mastodon API or how posts travel to other servers.
"""
