"""The mailers as a Django app: it keeps the record of what was sent."""

from django.apps import AppConfig


class MailersConfig(AppConfig):
    name = "mailers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anymail.signals import tracking  # noqa: PLC0415

        from mailers.reports import on_tracking  # noqa: PLC0415

        tracking.connect(on_tracking, dispatch_uid="mailers")
