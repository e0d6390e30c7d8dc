"""Makes API keys, and says so by email: who took an account may make one to come back with."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from booru.models import ApiKey, User
from booru.services.accounts.security_notices import tell_of_api_key


@transaction.atomic
def make_api_key(user: User, **fields: Any) -> tuple[ApiKey, str]:
    """As `ApiKey.objects.make`."""
    api_key, key = ApiKey.objects.make(user, **fields)
    tell_of_api_key(api_key)
    return api_key, key


@transaction.atomic
def delete_api_keys(user: User) -> list[int]:
    """Every key of the user's, also one that is being made at this moment; returns their ids."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    keys = sorted(user.api_keys.values_list("pk", flat=True))
    user.api_keys.all().delete()
    return keys
