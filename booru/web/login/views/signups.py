"""Sign up (behaviour I.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render

from booru.models import UserEvent
from booru.services.accounts.signup import Signup
from booru.web.http.policies import authorize
from booru.web.http.requests import local_url
from booru.web.http.responses import created, failed_form, path_of
from booru.web.limits.rate_limits import limited
from booru.web.login.forms import SignupForm
from booru.web.login.log_in import log_in
from booru.web.login.login_limits import INVALID_SIGNUP_LIMIT, limit_confirmations, signup_limit
from booru.web.login.policies import UserPolicy
from booru.web.login.records import user_record
from booru.web.login.suspicious_signups import is_suspicious
from mailers.user_mailer import UserMailer

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from booru.models import User


def new(request: HttpRequest) -> HttpResponse:
    authorize(UserPolicy(request.user).can_create)
    url = local_url(request.GET.get("url", ""))
    return render(request, "users/new.html", {"form": SignupForm(), "url": url})


@limited(signup_limit, invalid=INVALID_SIGNUP_LIMIT)
def create(request: HttpRequest) -> HttpResponse:
    authorize(UserPolicy(request.user).can_create)
    form = SignupForm.from_request(request)
    url = local_url(form.value("url"))
    signup = Signup(
        name=form.value("name"),
        password=form.value("password"),
        password_confirmation=form.value("password_confirmation"),
        email_address=form.value("email_address").strip(),
    )
    try:
        signup.check()
        if signup.email_address:
            limit_confirmations(signup.email_address)
        user = _sign_up(request, signup)
    except ValidationError as error:
        return failed_form(request, form, "users/new.html", {"url": url}, error=error)
    return created(request, url or path_of(user), user_record(user), _welcome(user))


def _welcome(user: User) -> str:
    restriction = (
        " Your account is restricted until you verify an email address." if user.is_restricted else ""
    )
    return f"Welcome, {user.pretty_name}!{restriction}"


@transaction.atomic
def _sign_up(request: HttpRequest, signup: Signup) -> User:
    """User, address, log-in and welcome email come into being together or not at all."""
    user = signup.save(suspicious=is_suspicious(request))
    # Before the email, whose headers tell the session that asked for it.
    log_in(request, user, UserEvent.Category.USER_CREATION)
    if signup.email_address:
        UserMailer(request=request).welcome_user(user).deliver_later()
    return user
