"""The list of users, and the way to oneself (behaviour I.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render

from booru.models import User
from booru.services.promotions import storable_levels
from booru.web.json_records import user_record
from booru.web.pagination import paginate
from booru.web.requests import logged_in_user, wants_json
from booru.web.responses import json_list, path_of
from booru.web.search import search_params, without_blank_fields
from booru.web.user_search import USER_SEARCH

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    page = paginate(request, USER_SEARCH.find(User.objects.all(), params))
    if wants_json(request):
        return json_list([user_record(user) for user in page.items])
    context = {"page": page, "search": params, "levels": storable_levels()}
    return render(request, "users/index.html", context)


def profile(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(path_of(logged_in_user(request)))
