"""Ties the layers together when Django starts."""

from django.apps import AppConfig


class BooruConfig(AppConfig):
    name = "booru"
    label = "booru"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from booru.bulk_update.processor import Processor  # noqa: PLC0415
        from booru.models import BulkUpdateRequest  # noqa: PLC0415

        # The model may not import the engine that works on it; it is told here which one to use.
        BulkUpdateRequest.processor_class = Processor
