"""The mailers as a Django app: it keeps the record of what was sent."""

from django.apps import AppConfig


class MailersConfig(AppConfig):
    name = "mailers"
    default_auto_field = "django.db.models.BigAutoField"
