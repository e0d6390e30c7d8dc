"""One's own settings, and the way to everything else about the account (behaviour I.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse

from booru.models import EmailAddress, User, UserNameChangeRequest
from booru.services.accounts.user_settings import change_settings
from booru.web.accounts.forms import SettingsForm
from booru.web.accounts.policies import EmailAddressPolicy, UserNameChangeRequestPolicy
from booru.web.http.requests import logged_in_user
from booru.web.http.responses import failed_form, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.login.own_pages import leads_to_login

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@leads_to_login
def show(request: HttpRequest) -> HttpResponse:
    user = logged_in_user(request)
    return render(request, "settings/show.html", {**_context(user), "form": SettingsForm.of(user)})


@limited(write_limit)
def update(request: HttpRequest) -> HttpResponse:
    user = logged_in_user(request)
    form = SettingsForm.from_request(request)
    try:
        change_settings(user, **form.settings())
    except ValidationError as error:
        form.reject(error)
        form.fill_up(user)
        return failed_form(request, form, "settings/show.html", _context(user))
    return saved(request, reverse("settings"), "Settings updated")


def _context(user: User) -> dict[str, Any]:
    return {
        "email_address": EmailAddress.objects.filter(user=user).first(),
        "policy": EmailAddressPolicy(user, user),
        "can_rename": UserNameChangeRequestPolicy(user, UserNameChangeRequest(user=user)).can_create,
    }
