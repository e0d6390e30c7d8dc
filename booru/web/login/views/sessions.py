"""Log in and out (behaviour I.4)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse

from booru.models import UserEvent
from booru.services.accounts.two_factor import use_code
from booru.web.http.params import body_fields
from booru.web.http.requests import local_url, wants_json
from booru.web.http.responses import created, redirect_with_notice, saved
from booru.web.limits.rate_limits import limited
from booru.web.login.forms import CodeForm, LoginForm
from booru.web.login.known_places import place_of
from booru.web.login.log_in import log_in, log_out
from booru.web.login.login_checks import (
    LoginRefused,
    check_location,
    check_password,
    check_proxy,
    is_for_location,
    verify_location,
)
from booru.web.login.login_limits import login_limit
from booru.web.login.records import user_record
from booru.web.login.second_step import begin_second_step, end_second_step, pending_login
from booru.web.login.user_events import record_event

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from booru.models import User
    from booru.web.http.forms import BooruForm

LOGGED_IN = "You are now logged in"
EXPIRED = "Expired link. Please login again"
WRONG_CODE = "Verification code is incorrect"
_Category = UserEvent.Category
_CATEGORIES = {"totp": _Category.TOTP_LOGIN, "backup_code": _Category.BACKUP_CODE_LOGIN}


def new(request: HttpRequest) -> HttpResponse:
    url = local_url(request.GET.get("url", ""))
    token = request.GET.get("signed_login_event", "")
    if token and is_for_location(token):
        # Programs that scan mail open every link in it; only a click lets anybody in.
        return render(request, "sessions/allow_location.html", {"token": token, "url": url})
    if token:
        messages.error(request, EXPIRED)
    return render(request, "sessions/new.html", {"form": LoginForm(), "url": url})


def allow_location(request: HttpRequest) -> HttpResponse:
    """The click of who followed the link in the email about a new location."""
    fields = body_fields(request)
    url = local_url(fields.get("url", ""))
    if verify_location(request, fields.get("signed_login_event", "")):
        messages.info(request, "New location verified. Login again to continue")
    else:
        messages.error(request, EXPIRED)
    return render(request, "sessions/new.html", {"form": LoginForm(), "url": url})


def create(request: HttpRequest) -> HttpResponse:
    form = LoginForm.from_request(request, ("name", "password", "url"))
    url = local_url(form.value("url"))
    try:
        user = check_password(request, form.value("name"), form.value("password"))
        check_proxy(request, user)
        if user.totp_secret:
            return _ask_for_code(request, user, url)
        check_location(request, user)
    except LoginRefused as error:
        return _refused(request, form, str(error), "sessions/new.html", {"url": url})
    log_in(request, user)
    return created(request, url or "/", user_record(user), LOGGED_IN)


def new_code(request: HttpRequest) -> HttpResponse:
    if pending_login(request) is None:
        return _begin_again(request)
    return render(request, "sessions/verify_totp.html", {"form": CodeForm()})


@limited(login_limit)
def verify_code(request: HttpRequest) -> HttpResponse:
    """The second step, for who has a second factor."""
    pending = pending_login(request)
    if pending is None:
        return _begin_again(request)
    form = CodeForm.from_request(request)
    with transaction.atomic():
        used = use_code(pending.user, form.value("code"), place_of(request, pending.user))
        if used is None:
            record_event(request, pending.user, _Category.TOTP_FAILED_LOGIN)
            return _refused(request, form, WRONG_CODE, "sessions/verify_totp.html")
        end_second_step(request)
        log_in(request, pending.user, _CATEGORIES[used])
    return created(request, pending.url or "/", user_record(pending.user), LOGGED_IN)


def confirm_logout(request: HttpRequest) -> HttpResponse:
    return render(request, "sessions/confirm_logout.html")


def destroy(request: HttpRequest) -> HttpResponse:
    log_out(request)
    if wants_json(request):
        return saved(request, "/")
    return redirect_with_notice(request, "/", "You are now logged out", status=HTTPStatus.SEE_OTHER)


def _ask_for_code(request: HttpRequest, user: User, url: str) -> HttpResponse:
    record_event(request, user, _Category.TOTP_LOGIN_PENDING_VERIFICATION)
    begin_second_step(request, user, url)
    if wants_json(request):
        return _json_refusal("Enter the verification code", "VerificationCodeRequired")
    return render(request, "sessions/verify_totp.html", {"form": CodeForm()})


def _begin_again(request: HttpRequest) -> HttpResponse:
    notice = "Login again to continue"
    if wants_json(request):
        return _json_refusal(notice, "AuthenticationFailure")
    return redirect_with_notice(request, reverse("login"), notice)


def _refused(
    request: HttpRequest,
    form: BooruForm,
    message: str,
    template: str,
    context: dict[str, str] | None = None,
) -> HttpResponse:
    if wants_json(request):
        return _json_refusal(message, "AuthenticationFailure")
    form.add_error(None, message)
    return render(request, template, {**(context or {}), "form": form}, status=HTTPStatus.UNAUTHORIZED)


def _json_refusal(message: str, error: str) -> JsonResponse:
    body = {"success": False, "error": error, "message": message, "backtrace": []}
    return JsonResponse(body, status=HTTPStatus.UNAUTHORIZED)
