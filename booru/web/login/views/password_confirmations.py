"""Enter the password again, for pages that ask for it (behaviour 0.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render

from booru.models import UserEvent
from booru.services.accounts.two_factor import use_code
from booru.web.http.requests import local_url, logged_in_user
from booru.web.http.responses import failed_form, saved
from booru.web.limits.rate_limits import limited
from booru.web.login.forms import ConfirmPasswordForm
from booru.web.login.known_places import place_of
from booru.web.login.login_limits import login_limit
from booru.web.login.own_pages import leads_to_login
from booru.web.login.reauthentication import mark_authenticated
from booru.web.login.user_events import record_event

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from booru.models import User

_Category = UserEvent.Category
_CATEGORIES = {"totp": _Category.TOTP_REAUTHENTICATE, "backup_code": _Category.BACKUP_CODE_REAUTHENTICATE}
_TEMPLATE = "sessions/confirm_password.html"


@leads_to_login
def new(request: HttpRequest) -> HttpResponse:
    user = logged_in_user(request)
    url = local_url(request.GET.get("url", ""))
    return render(request, _TEMPLATE, {"form": _shown(ConfirmPasswordForm(), user), "url": url})


@limited(login_limit)
def create(request: HttpRequest) -> HttpResponse:
    user = logged_in_user(request)
    form = _shown(ConfirmPasswordForm.from_request(request, ("password", "code", "url")), user)
    url = local_url(form.value("url"))
    with transaction.atomic():
        try:
            category = _confirm(request, user, form)
        except ValidationError as error:
            return failed_form(request, form, _TEMPLATE, {"url": url}, error=error)
        mark_authenticated(request)
        record_event(request, user, category)
    return saved(request, url or "/")


def _confirm(request: HttpRequest, user: User, form: ConfirmPasswordForm) -> UserEvent.Category:
    """What is to be recorded. Records a failure itself and raises ValidationError."""
    if not user.check_password(form.value("password")):
        record_event(request, user, _Category.FAILED_REAUTHENTICATE)
        raise ValidationError({"password": "is incorrect"})
    if not user.totp_secret:
        return _Category.REAUTHENTICATE
    used = use_code(user, form.value("code"), place_of(request, user))
    if used is None:
        record_event(request, user, _Category.TOTP_FAILED_REAUTHENTICATE)
        raise ValidationError({"code": "is incorrect"})
    return _CATEGORIES[used]


def _shown(form: ConfirmPasswordForm, user: User) -> ConfirmPasswordForm:
    if not user.totp_secret:
        form.keep("password")
    return form
