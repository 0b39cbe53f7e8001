from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "majlis.discovery"
    label = "discovery"
