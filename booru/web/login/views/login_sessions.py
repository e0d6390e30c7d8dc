"""Where one is logged in, and ending that (behaviour I.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import LoginSession
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import json_list, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.login.log_in import log_out
from booru.web.login.login_sessions import current_login_session, other_login_sessions
from booru.web.login.own_pages import leads_to_login
from booru.web.login.policies import LoginSessionPolicy
from booru.web.login.records import login_session_record
from booru.web.login.searches import LOGIN_SESSION_SEARCH

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@leads_to_login
@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    user, current = logged_in_user(request), current_login_session(request)
    own = user.login_sessions.prefetch_related("events")
    page = paginate(request, LOGIN_SESSION_SEARCH.find(own, search_params(request)))
    if wants_json(request):
        return json_list([login_session_record(session, current) for session in page.items])
    others = other_login_sessions(request, user)
    context = {"page": page, "current": current, "has_others": others.exists()}
    return render(request, "login_sessions/index.html", context)


@limited(write_limit)
def destroy(request: HttpRequest, session_id: int) -> HttpResponse:
    login_session = get_object_or_404(LoginSession, pk=session_id)
    authorize(LoginSessionPolicy(request.user, login_session).can_destroy)
    if login_session == current_login_session(request):
        log_out(request)
        return saved(request, "/", "You are now logged out")
    LoginSession.objects.filter(pk=login_session.pk).revoke()
    return saved(request, reverse("login_sessions"), "Login session revoked")


@limited(write_limit)
def destroy_others(request: HttpRequest) -> HttpResponse:
    """Log out everywhere but here."""
    other_login_sessions(request, logged_in_user(request)).revoke()
    return saved(request, reverse("login_sessions"), "All other login sessions revoked")
