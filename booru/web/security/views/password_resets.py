"""A new password for who forgot theirs, by a mailed link (behaviour I.5)."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache

from booru.email_addresses.spelling import is_valid
from booru.models import User, UserEvent
from booru.services.accounts.passwords import NewPassword, ResetLinkVoid, reset_password, user_of_reset_link
from booru.web.http.requests import current_user
from booru.web.http.responses import failed_form, path_of, redirect_with_notice, saved
from booru.web.limits.rate_limits import is_limited, limited
from booru.web.login.known_places import place_of
from booru.web.login.log_in import end_api_keys, log_in
from booru.web.login.user_events import record_event
from booru.web.security.forms import PasswordResetForm, PasswordResetRequestForm
from booru.web.security.limits import (
    PASSWORD_RESET_MAIL_LIMIT,
    key_of_inbox,
    password_reset_limit,
    password_reset_request_limit,
)
from mailers.user_mailer import UserMailer

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from booru.web.http.actions import Action

_SALT = "booru.web.views.password_resets"
_VOID = "Password reset link is invalid or expired. Request a new one."
_SENT = "Check your email. You will be sent a password reset link if {}"


def _for_visitors(action: Action) -> Action:
    """Who is logged in knows the password, or changes it in the settings."""

    @wraps(action)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if current_user(request) is not None:
            return redirect_with_notice(request, reverse("profile"), "Already logged in")
        return action(request, *args, **kwargs)

    return checked


@_for_visitors
def show(request: HttpRequest) -> HttpResponseBase:
    return render(request, "password_resets/show.html", {"form": PasswordResetRequestForm()})


@_for_visitors
@limited(password_reset_request_limit)
def create(request: HttpRequest) -> HttpResponseBase:
    """The answer is the same whether there is such an account or not."""
    name_or_email = PasswordResetRequestForm.from_request(request).value("name").strip()
    _request_reset(request, name_or_email)
    is_email = is_valid(name_or_email)
    condition = "an account with this email exists" if is_email else "this account has an email address"
    return saved(request, reverse("password_reset"), _SENT.format(condition))


@transaction.atomic
def _request_reset(request: HttpRequest, name_or_email: str) -> None:
    """Does the same work, and takes the same time, for an account that is not there; then takes it back."""
    nobody, found = User.objects.system(), User.objects.by_name_or_email(name_or_email)
    inbox, none = key_of_inbox(found or nobody), salted_hmac(_SALT, name_or_email).hexdigest()
    may_mail = _count_mail(inbox if found else f"nobody/{none}")
    with transaction.atomic():
        _mail_link(request, found or nobody, may_mail=may_mail)
        record_event(request, found or nobody, UserEvent.Category.PASSWORD_RESET_REQUEST)
        transaction.set_rollback(found is None)


@transaction.atomic
def _count_mail(key: str) -> bool:
    """May one more be sent? One too many does not count: the owner gets a link now and then, whoever asks."""
    is_too_much = is_limited(PASSWORD_RESET_MAIL_LIMIT, key)
    transaction.set_rollback(is_too_much)
    return not is_too_much


@transaction.atomic
def _mail_link(request: HttpRequest, user: User, *, may_mail: bool) -> None:
    """Also for who gets no email now; it is taken back then, and nobody can tell by the time."""
    can_receive = user.can_receive_email(require_verified=False)
    UserMailer(request=request).password_reset(user).deliver_later()
    transaction.set_rollback(not (may_mail and can_receive))


@never_cache
@_for_visitors
def edit(request: HttpRequest) -> HttpResponseBase:
    token = request.GET.get("user[signed_id]", "")
    try:
        user = user_of_reset_link(token)
    except ResetLinkVoid:
        return _void(request)
    form = PasswordResetForm(initial={"signed_id": token})
    form.fit(user)
    return render(request, "password_resets/edit.html", {"form": form, "account": user})


@never_cache
@_for_visitors
@limited(password_reset_limit)
def update(request: HttpRequest) -> HttpResponseBase:
    form = PasswordResetForm.from_request(request)
    try:
        user = user_of_reset_link(form.value("signed_id"))
        form.fit(user)
        is_reset = _reset(request, user, form)
    except ResetLinkVoid:
        return _void(request)
    except ValidationError as error:
        return failed_form(request, form, "password_resets/edit.html", {"account": user}, error=error)
    if not is_reset:
        record_event(request, user, UserEvent.Category.TOTP_FAILED_REAUTHENTICATE)
        form.add_error("verification_code", "is incorrect")
        return failed_form(request, form, "password_resets/edit.html", {"account": user})
    return saved(request, path_of(user), "Password updated")


@transaction.atomic
def _reset(request: HttpRequest, account: User, form: PasswordResetForm) -> bool:
    """False for a wrong code, whose try counts."""
    new = NewPassword(
        form.value("password"),
        form.value("password_confirmation"),
        form.value("verification_code"),
        place_of(request, account),
    )
    user = reset_password(form.value("signed_id"), new)
    if user is None:
        return False
    end_api_keys(request, user)
    user.login_sessions.revoke()
    record_event(request, user, UserEvent.Category.PASSWORD_RESET)
    log_in(request, user)
    return True


def _void(request: HttpRequest) -> HttpResponseBase:
    return redirect_with_notice(request, reverse("password_reset"), _VOID, status=HTTPStatus.SEE_OTHER)
