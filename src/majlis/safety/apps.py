from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "majlis.safety"
    label = "safety"
