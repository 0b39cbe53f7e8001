"""The entities of the Mastodon API, complete to the field, as typed structures."""
