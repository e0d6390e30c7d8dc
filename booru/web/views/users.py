"""Users: the list and the profiles (behaviour I.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import BulkUpdateRequest, EmailAddress, User
from booru.web.json_records import user_record
from booru.web.pagination import paginate
from booru.web.policies import UserPolicy
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
    return render(request, "users/index.html", {"page": page, "search": params})


def show(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    if wants_json(request):
        return JsonResponse(user_record(user))
    policy = UserPolicy(request.user, user)
    context = {
        "profile": user,
        "policy": policy,
        "email_address": _email_address(user) if policy.can_see_email_address else None,
        "burs": BulkUpdateRequest.objects.filter(user=user).order_by("-pk")[:5],
        "bur_count": BulkUpdateRequest.objects.filter(user=user).count(),
    }
    return render(request, "users/show.html", context)


def profile(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(path_of(logged_in_user(request)))


def _email_address(user: User) -> EmailAddress | None:
    return EmailAddress.objects.filter(user=user).first()
