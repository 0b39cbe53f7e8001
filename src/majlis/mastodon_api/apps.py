from django.apps import AppConfig


class MastodonApiConfig(AppConfig):
    name = "majlis.mastodon_api"
    label = "mastodon_api"
