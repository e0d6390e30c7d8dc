"""The list of users, and the way to oneself (behaviour I.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render

from booru.models import User
from booru.services.accounts.promotions import storable_levels
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import json_list, path_of
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.lists.user_search import USER_SEARCH
from booru.web.login.own_pages import leads_to_login
from booru.web.login.records import user_record

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    """The list, or with `?name=` the one of that name."""
    if name := request.GET.get("name", ""):
        return _to_user(request, name)
    params = search_params(request)
    page = paginate(request, USER_SEARCH.find(User.objects.all(), params))
    if wants_json(request):
        return json_list([user_record(user) for user in page.items])
    context = {"page": page, "search": params, "levels": storable_levels()}
    return render(request, "users/index.html", context)


def _to_user(request: HttpRequest, name: str) -> HttpResponse:
    user = User.objects.by_name(name)
    if user is None:
        raise Http404
    return HttpResponseRedirect(f"{path_of(user)}{'.json' if wants_json(request) else ''}")


@leads_to_login
def profile(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(path_of(logged_in_user(request)))
