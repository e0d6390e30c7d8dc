"""Keys with which programs act as a user (behaviour 0.3, I.1, N)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel
from booru.rules.text import title_attribute
from booru.rules.user_names import normalize_user_name

_MAXIMUM = 20  # a user
_NAME_LENGTH = 100
_ADDRESSES = 100
_KEY_BYTES = 24


class ApiKeyManager(models.Manager["ApiKey"]):
    @transaction.atomic
    def make(
        self, user: User, *, name: str = "", permissions: Iterable[str] = (), addresses: Iterable[str] = ()
    ) -> tuple[ApiKey, str]:
        """A new key's record, and the key itself, which is known now and never again.

        Raises ValidationError.
        """
        # Two at once must not both be the twentieth.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if self.filter(user=user).count() >= _MAXIMUM:
            raise ValidationError(f"You can't have more than {_MAXIMUM} API keys.")
        key = secrets.token_urlsafe(_KEY_BYTES)
        api_key: ApiKey = self.model(user=user, key=_digest(key))
        api_key.change(name=name, permissions=permissions, addresses=addresses)
        return api_key, key

    def authenticate(self, login: str, key: str) -> ApiKey | None:
        """The record of this user's key; None for a wrong one, and for one of a deleted user."""
        api_key = self.select_related("user").filter(key=_digest(key)).first()
        if api_key is None or api_key.user.is_deleted:
            return None
        return api_key if normalize_user_name(login) == normalize_user_name(api_key.user.name) else None


class ApiKey(TimestampedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    # A digest: who reads the database cannot act as anybody.
    key = models.TextField(unique=True)
    name = models.TextField(default="", blank=True)
    # Both: none means all.
    permissions = ArrayField(models.TextField(), default=list, blank=True)
    permitted_ip_addresses = ArrayField(models.TextField(), default=list, blank=True)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_ip_address = models.GenericIPAddressField(null=True, blank=True)

    objects: ClassVar[ApiKeyManager] = ApiKeyManager()

    class Meta:
        db_table = "api_keys"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name or f"API key #{self.pk}"

    def change(
        self,
        *,
        name: str | None = None,
        permissions: Iterable[str] | None = None,
        addresses: Iterable[str] | None = None,
    ) -> None:
        """Save what is given. Which permissions there are is for the caller to know.

        Raises ValidationError.
        """
        if name is not None:
            self.name = _checked_name(name)
        if permissions is not None:
            self.permissions = sorted(set(permissions))
        if addresses is not None:
            self.permitted_ip_addresses = _checked_addresses(addresses)
        self.save()

    def permits(self, action: str | None) -> bool:
        """May a request with this key do what goes by this name, such as "posts:index"?"""
        return not self.permissions or action in self.permissions

    def permits_address(self, address: str | None) -> bool:
        """May a request with this key come from there?"""
        if not self.permitted_ip_addresses:
            return True
        if not address:
            return False
        ip = ip_address(address)
        # How a server that listens on IPv6 sees who comes by IPv4.
        ip = getattr(ip, "ipv4_mapped", None) or ip
        return any(ip in ip_network(network) for network in self.permitted_ip_addresses)

    def note_use(self, address: str | None) -> None:
        ApiKey.objects.filter(pk=self.pk).update(
            uses=models.F("uses") + 1, last_used_at=timezone.now(), last_ip_address=address
        )


def _digest(key: str) -> str:
    # No password: nobody guesses 192 random bits, so it need not be slow.
    return hashlib.sha256(key.encode()).hexdigest()


def _checked_name(name: str) -> str:
    name = title_attribute(name)
    if len(name) > _NAME_LENGTH:
        raise ValidationError({"name": f"is too long (maximum is {_NAME_LENGTH} characters)"})
    return name


def _checked_addresses(addresses: Iterable[str]) -> list[str]:
    networks = dict.fromkeys(_network(text) for text in addresses)
    if len(networks) > _ADDRESSES:
        raise ValidationError({"permitted_ip_addresses": f"can't be more than {_ADDRESSES}"})
    return [_shown(network) for network in networks]


def _shown(network: IPv4Network | IPv6Network) -> str:
    return str(network.network_address if network.num_addresses == 1 else network)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        message = f"can't include {text[:50]!r}, which is no address and no network"
        raise ValidationError({"permitted_ip_addresses": message}) from error
