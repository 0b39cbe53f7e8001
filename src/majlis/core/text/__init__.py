"""Text: entities, safe HTML, names, lengths, direction, language, Arabic search forms.

Pure functions, without a database. Knows nothing about people or posts: who a mention is,
and where a hashtag leads, is passed in.
"""
