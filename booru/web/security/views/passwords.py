"""Another password for who is logged in and knows the old one (behaviour I.1, I.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, render

from booru.models import User, UserEvent
from booru.services.accounts.passwords import NewPassword, change_password
from booru.web.http.policies import authorize
from booru.web.http.responses import failed_form, path_of, saved
from booru.web.limits.rate_limits import limited
from booru.web.login.known_places import place_of
from booru.web.login.log_in import end_api_keys, revoke_other_logins
from booru.web.login.policies import UserPolicy
from booru.web.login.user_events import record_event
from booru.web.security.forms import PasswordChangeForm
from booru.web.security.limits import password_change_limit

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_TEMPLATE = "passwords/edit.html"


def edit(request: HttpRequest, user_id: int) -> HttpResponse:
    user = _own(request, user_id)
    form = PasswordChangeForm()
    form.fit(user)
    return render(request, _TEMPLATE, {"form": form, "account": user})


@limited(password_change_limit)
def update(request: HttpRequest, user_id: int) -> HttpResponse:
    """Whoever else is logged in as the user is logged out; programs only if the user leaves that checked."""
    user = _own(request, user_id)
    form = PasswordChangeForm.from_request(request)
    form.fit(user)
    if not user.check_password(form.value("old_password")):
        record_event(request, user, UserEvent.Category.FAILED_REAUTHENTICATE)
        form.add_error("old_password", "is incorrect")
        return failed_form(request, form, _TEMPLATE, {"account": user})
    try:
        is_changed = _change(request, user, form)
    except ValidationError as error:
        return failed_form(request, form, _TEMPLATE, {"account": user}, error=error)
    if not is_changed:
        record_event(request, user, UserEvent.Category.TOTP_FAILED_REAUTHENTICATE)
        form.add_error("verification_code", "is incorrect")
        return failed_form(request, form, _TEMPLATE, {"account": user})
    return saved(request, path_of(user), "Password updated")


@transaction.atomic
def _change(request: HttpRequest, user: User, form: PasswordChangeForm) -> bool:
    """False for a wrong code, whose try counts."""
    new = NewPassword(
        form.value("password"),
        form.value("password_confirmation"),
        form.value("verification_code"),
        place_of(request, user),
    )
    if not change_password(user, new):
        return False
    if form.deletes_api_keys:
        end_api_keys(request, user)
    revoke_other_logins(request, user)
    record_event(request, user, UserEvent.Category.PASSWORD_CHANGE)
    return True


def _own(request: HttpRequest, user_id: int) -> User:
    user = get_object_or_404(User, pk=user_id)
    authorize(UserPolicy(request.user, user).can_update)
    return user
