from django.apps import AppConfig


class LookConfig(AppConfig):
    """What every page shares: base page, styles, dates, languages."""

    name = "consult.look"
    label = "look"
