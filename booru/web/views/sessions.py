"""Log in and out (behaviour I.4)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth import login, logout
from django.http import JsonResponse
from django.shortcuts import render

from booru.models import User
from booru.web.forms.users import LoginForm
from booru.web.json_records import user_record
from booru.web.rate_limits import limited, login_limit
from booru.web.requests import local_url, wants_json
from booru.web.responses import created, redirect_with_notice

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

WRONG = "Incorrect username or password"


def new(request: HttpRequest) -> HttpResponse:
    url = local_url(request.GET.get("url", ""))
    return render(request, "sessions/new.html", {"form": LoginForm(), "url": url})


@limited(login_limit)
def create(request: HttpRequest) -> HttpResponse:
    form = LoginForm.from_request(request, ("name", "password", "url"))
    url = local_url(form.value("url"))
    user = _authenticate(form.value("name"), form.value("password"))
    if user is None:
        form.add_error(None, WRONG)
        if wants_json(request):
            body = {"success": False, "error": "AuthenticationFailure", "message": WRONG, "backtrace": []}
            return JsonResponse(body, status=HTTPStatus.UNAUTHORIZED)
        context = {"form": form, "url": url}
        return render(request, "sessions/new.html", context, status=HTTPStatus.UNAUTHORIZED)
    login(request, user)
    return created(request, url or "/", user_record(user), "You are now logged in")


def confirm_logout(request: HttpRequest) -> HttpResponse:
    return render(request, "sessions/confirm_logout.html")


def destroy(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect_with_notice(request, "/", "You are now logged out", status=HTTPStatus.SEE_OTHER)


def _authenticate(name: str, password: str) -> User | None:
    user = User.objects.by_name_or_email(name)
    if user is None or user.is_deleted:
        # Takes as long as a wrong password, so that the time does not tell which accounts exist.
        User().set_password(password)
        return None
    return user if user.check_password(password) else None
