"""The app that shows codes for logging in: set up, changed, switched off (behaviour I.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache

from booru.models import User, UserEvent
from booru.rules.one_time_codes import app_link, new_secret
from booru.services.accounts import two_factor as second_factor
from booru.web.http.policies import authorize
from booru.web.http.responses import failed_form, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.login.policies import UserPolicy
from booru.web.login.reauthentication import requires_reauthentication
from booru.web.login.user_events import record_event
from booru.web.security.forms import TotpForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_TEMPLATE = "totp/edit.html"
_SALT = "booru.web.views.totp"
_LIFETIME = 60 * 60  # seconds


@never_cache
@requires_reauthentication
def edit(request: HttpRequest, user_id: int) -> HttpResponse:
    user = _own(request, user_id)
    secret = new_secret()
    form = TotpForm(initial={"signed_secret": _sign(user, secret)})
    return render(request, _TEMPLATE, {"form": form, **_shown(user, secret)})


@never_cache
@requires_reauthentication
@limited(write_limit)
def update(request: HttpRequest, user_id: int) -> HttpResponse:
    user = _own(request, user_id)
    form = TotpForm.from_request(request)
    secret = _unsign(user, form.value("signed_secret"))
    if secret is None:
        secret = new_secret()
        form = TotpForm({"user[signed_secret]": _sign(user, secret)})
        form.add_error(None, "The page was open for too long. Scan the code again.")
        return failed_form(request, form, _TEMPLATE, _shown(user, secret))
    is_new = _enable(request, user, secret, form.value("verification_code"))
    if is_new is None:
        form.add_error("verification_code", "is incorrect")
        return failed_form(request, form, _TEMPLATE, _shown(user, secret))
    notice = "Two-factor authentication enabled" if is_new else "Two-factor authentication updated"
    return saved(request, reverse("backup_codes", args=[user.pk]), notice)


@transaction.atomic
def _enable(request: HttpRequest, user: User, secret: str, code: str) -> bool | None:
    is_new = second_factor.enable(user, secret, code)
    categories = UserEvent.Category
    if is_new is not None:
        record_event(request, user, categories.TOTP_ENABLE if is_new else categories.TOTP_UPDATE)
    return is_new


@requires_reauthentication
@limited(write_limit)
@transaction.atomic
def destroy(request: HttpRequest, user_id: int) -> HttpResponse:
    user = _own(request, user_id)
    if second_factor.disable(user):
        record_event(request, user, UserEvent.Category.TOTP_DISABLE)
    return saved(request, reverse("settings"), "Two-factor authentication disabled")


def _own(request: HttpRequest, user_id: int) -> User:
    user = get_object_or_404(User, pk=user_id)
    authorize(UserPolicy(request.user, user).can_update)
    return user


def _sign(user: User, secret: str) -> str:
    """Carried in the page until a code confirms it: what is not confirmed is kept nowhere."""
    return signing.dumps([user.pk, secret], salt=_SALT)


def _unsign(user: User, signed_secret: str) -> str | None:
    try:
        user_id, secret = signing.loads(signed_secret, salt=_SALT, max_age=_LIFETIME)
    except signing.BadSignature:
        return None
    return str(secret) if user_id == user.pk else None


def _shown(user: User, secret: str) -> dict[str, Any]:
    link = app_link(secret, account=user.name, site=settings.DANBOORU_APP_NAME)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return {"account": user, "app_link": link, "secret": groups, "qr_code": _qr_code(link)}


def _qr_code(text: str) -> SafeString:
    """Black on white whatever the page's colours, because not every camera reads it otherwise."""
    picture = segno.make(text).svg_inline(dark="#000", light="#fff", border=4, omitsize=True)
    return mark_safe(picture)  # noqa: S308 -- nothing but numbers of ours
