"""What a bounced email, or a complaint about one, means for the user that it was sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from booru.models import EmailAddress, ModAction, User

if TYPE_CHECKING:
    from mailers.models import SentMail


class MailConsequences:
    """See mailers.models.Consequences. Who has another address by now is not meant."""

    def mark_undeliverable(self, mail: SentMail) -> None:
        addresses = EmailAddress.objects.filter(user=mail.user_id, address=mail.recipient)
        addresses.update(is_deliverable=False, updated_at=Now())

    def stop_notifications(self, mail: SentMail) -> None:
        readers = User.objects.filter(sent_mails=mail.pk, email_address__address=mail.recipient)
        readers.update(receive_email_notifications=False, updated_at=Now())


@transaction.atomic
def forget_bounce(address: EmailAddress, by: User) -> None:
    """Let mail be sent there again; does nothing where it is sent already."""
    dead = EmailAddress.objects.filter(pk=address.pk, is_deliverable=False)
    if not dead.update(is_deliverable=True, updated_at=Now()):
        return
    description = f"marked user #{address.user_id}'s email address as deliverable"
    ModAction.objects.log(by, ModAction.Category.EMAIL_ADDRESS_UPDATE, description, subject=address.user)
