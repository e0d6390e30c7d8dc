"""A user's email address (behaviour F)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.urls import reverse

from booru.email_addresses import spelling
from booru.models.accounts.user import Level, User
from booru.models.base import TimestampedModel
from booru.rules.field_errors import raise_any

if TYPE_CHECKING:
    from typing import Self

_MAX_LENGTH = 100


class EmailAddressQuerySet(models.QuerySet["EmailAddress"]):
    def visible_to(self, viewer: User) -> Self:
        """One's own, and those of users below oneself; who may look at all is for the policy."""
        return self.filter(models.Q(user__level__lt=viewer.level) | models.Q(user=viewer))


class EmailAddress(TimestampedModel):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="email_address")
    address = models.TextField()
    normalized_address = models.TextField(unique=True)
    is_verified = models.BooleanField(default=False)
    is_deliverable = models.BooleanField(default=True)

    objects: ClassVar[models.Manager[EmailAddress]] = models.Manager.from_queryset(EmailAddressQuerySet)()

    class Meta:
        db_table = "email_addresses"
        constraints = [models.UniqueConstraint(Lower("address"), name="unique_email_address")]

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        return reverse("user_email", args=[self.user_id])

    @property
    def is_restricted(self) -> bool:
        """Not with a well-known provider (behaviour F.6)."""
        return spelling.is_restricted(self.normalized_address)

    def assign(self, address: str) -> None:
        """Take over an address as somebody typed it, corrected, as not verified (behaviour F.2)."""
        self.address = spelling.correct(address)
        self.normalized_address = spelling.canonicalize(self.address)
        self.is_verified = False
        # What bounced was the old one.
        self.is_deliverable = True

    def validate(self) -> None:
        """Raises ValidationError (behaviour F.5)."""
        errors = {"address": self._address_errors(), **self._taken_errors()}
        raise_any(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises ValidationError when somebody else got the address at this very moment."""
        try:
            with transaction.atomic():
                super().save(*args, **kwargs)
        except IntegrityError:
            self.validate()
            raise

    def verify(self) -> None:
        """Whoever opened the link reads mail there; lifts a new account's restriction (behaviour F.8).

        Does nothing when the address was changed since it was read.
        """
        with transaction.atomic():
            same = EmailAddress.objects.filter(pk=self.pk, address=self.address)
            if not same.update(is_verified=True):
                return
            self.is_verified = True
            if not self.is_restricted:
                restricted = User.objects.filter(pk=self.user_id, level=Level.RESTRICTED)
                restricted.update(level=Level.MEMBER, is_verified=True)
        self.user.refresh_from_db(fields=["level", "is_verified"])

    def _address_errors(self) -> list[str]:
        if not self.address:
            return ["can't be blank"]
        errors = [] if spelling.is_valid(self.address) else ["is invalid"]
        if len(self.address) > _MAX_LENGTH:
            errors.append(f"is too long (maximum is {_MAX_LENGTH} characters)")
        return errors

    def _taken_errors(self) -> dict[str, list[str]]:
        others = EmailAddress.objects.exclude(pk=self.pk)
        mine = {"normalized_address": self.normalized_address, "user": self.user_id}
        return {
            name: ["has already been taken"]
            for name, value in mine.items()
            if others.filter(**{name: value}).exists()
        }
