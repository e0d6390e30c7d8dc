"""What happened to an account, and from where (behaviour I.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel
from booru.visitors.networks import network_of

if TYPE_CHECKING:
    from typing import Self


class UserEventQuerySet(models.QuerySet["UserEvent"]):
    def visible_to(self, user: object) -> Self:
        """All for moderators, one's own for others."""
        if not isinstance(user, User):
            return self.none()
        return self if user.is_moderator else self.filter(user=user)

    def authorized(self) -> Self:
        """Those that prove that it was the account's owner."""
        return self.filter(category__in=AUTHORIZED)

    def from_network_of(self, address: str) -> Self:
        """Those that came from the same network."""
        network = network_of(address)
        return self.filter(ip_addr__gte=str(network[0]), ip_addr__lte=str(network[-1]))


class UserEvent(TimestampedModel):
    class Category(models.IntegerChoices):
        """Danbooru's numbers."""

        LOGIN = 0
        LOGIN_PENDING_VERIFICATION = 10
        LOGIN_VERIFICATION = 15
        REAUTHENTICATE = 25
        FAILED_LOGIN = 50
        FAILED_REAUTHENTICATE = 75
        LOGOUT = 100
        USER_CREATION = 200
        USER_DELETION = 300
        USER_UNDELETION = 310
        PASSWORD_RESET_REQUEST = 400
        PASSWORD_RESET = 450
        PASSWORD_CHANGE = 500
        EMAIL_CHANGE = 600
        TOTP_ENABLE = 700
        TOTP_UPDATE = 710
        TOTP_DISABLE = 720
        TOTP_LOGIN_PENDING_VERIFICATION = 730
        TOTP_LOGIN = 740
        TOTP_REAUTHENTICATE = 745
        TOTP_FAILED_LOGIN = 750
        TOTP_FAILED_REAUTHENTICATE = 755
        BACKUP_CODE_GENERATE = 800
        BACKUP_CODE_LOGIN = 840
        BACKUP_CODE_REAUTHENTICATE = 845
        API_KEY_CREATE = 900
        API_KEY_UPDATE = 910
        API_KEY_DELETE = 920

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="events")
    category = models.SmallIntegerField(choices=Category.choices)
    ip_addr = models.GenericIPAddressField(null=True, blank=True)
    # A keyed digest: a session key is a credential.
    session_id = models.TextField(default="", blank=True)
    login_session = models.ForeignKey(
        "booru.LoginSession", models.SET_NULL, null=True, blank=True, related_name="events"
    )
    user_agent = models.TextField(default="", blank=True)
    metadata = models.JSONField(default=dict, blank=True)

    objects = UserEventQuerySet.as_manager()

    class Meta:
        db_table = "user_events"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["session_id"], name="user_event_session"),
            models.Index(fields=["ip_addr"], name="user_event_ip_addr"),
        ]

    def __str__(self) -> str:
        return f"user event #{self.pk}"

    @property
    def category_name(self) -> str:
        return self.Category(self.category).name.lower()

    @property
    def title(self) -> str:
        """The category for people."""
        words = self.category_name.replace("_", " ").capitalize()
        return words.replace("Totp", "TOTP").replace("Api", "API")


_C = UserEvent.Category
# Only somebody who is logged in, or has just proved who they are, causes these.
AUTHORIZED = frozenset(UserEvent.Category) - {
    *(_C.LOGIN_PENDING_VERIFICATION, _C.TOTP_LOGIN_PENDING_VERIFICATION, _C.PASSWORD_RESET_REQUEST),
    *(_C.FAILED_LOGIN, _C.FAILED_REAUTHENTICATE, _C.TOTP_FAILED_LOGIN, _C.TOTP_FAILED_REAUTHENTICATE),
}
