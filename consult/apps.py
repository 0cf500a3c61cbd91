from django.apps import AppConfig


class ConsultConfig(AppConfig):
    name = "consult"

    def ready(self) -> None:
        from consult import checks  # noqa: F401  (registers the system checks)
