"""Ties the layers together when Django starts."""

from django.apps import AppConfig

from booru.web.http.strangers_log import tell_of_strangers_in_one_line


class BooruConfig(AppConfig):
    name = "booru"
    label = "booru"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from booru.bulk_update.processor import Processor  # noqa: PLC0415
        from booru.models import BulkUpdateRequest, BulkUpdateRequestRevert, Tag, User  # noqa: PLC0415
        from booru.services.accounts.user_data_deletion import delete_favorites, finish_deletion  # noqa: PLC0415
        from booru.services.mailbox.mail_consequences import MailConsequences  # noqa: PLC0415
        from booru.services.revert.undo import Undo  # noqa: PLC0415
        from booru.services.tags.tag_categories import count_posts_anew  # noqa: PLC0415
        from mailers.models import SentMail  # noqa: PLC0415

        tell_of_strangers_in_one_line()
        # The models may not import what works on them; they are told here what to use.
        BulkUpdateRequest.processor_class = Processor
        BulkUpdateRequestRevert.steps_class = Undo
        Tag.count_posts_anew = count_posts_anew
        SentMail.consequences = MailConsequences()
        User.finish_deletion = finish_deletion
        User.delete_favorites = delete_favorites
