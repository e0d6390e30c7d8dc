"""Name changes (behaviour I.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import User, UserNameChangeRequest
from booru.services.accounts.name_changes import change_name
from booru.web.accounts.forms import NameChangeForm
from booru.web.accounts.policies import UserNameChangeRequestPolicy
from booru.web.accounts.records import user_name_change_request_record
from booru.web.accounts.searches import NAME_CHANGE_SEARCH
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, path_of
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.moderation.chosen_user import user_with_id

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    authorize(UserNameChangeRequestPolicy(request.user).can_index)
    params = search_params(request)
    visible = UserNameChangeRequest.objects.visible_to(request.user).select_related("user")
    page = paginate(request, NAME_CHANGE_SEARCH.find(visible, params))
    if wants_json(request):
        return json_list([user_name_change_request_record(change) for change in page.items])
    return render(request, "user_name_change_requests/index.html", {"page": page, "search": params})


def show(request: HttpRequest, change_id: int) -> HttpResponse:
    change = get_object_or_404(UserNameChangeRequest.objects.select_related("user"), pk=change_id)
    authorize(UserNameChangeRequestPolicy(request.user, change).can_show)
    if wants_json(request):
        return JsonResponse(user_name_change_request_record(change))
    return render(request, "user_name_change_requests/show.html", {"change": change})


def new(request: HttpRequest) -> HttpResponse:
    user = _named(request, request.GET.get("user_id", ""))
    form = NameChangeForm(initial={"user_id": user.pk, "desired_name": user.name})
    return render(request, "user_name_change_requests/new.html", {"form": form, "renamed": user})


@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    changer = logged_in_user(request)
    form = NameChangeForm.from_request(request)
    user = _named(request, form.value("user_id"))
    try:
        change = change_name(user, form.value("desired_name"), changer)
    except ValidationError as error:
        return failed_form(
            request, form, "user_name_change_requests/new.html", {"renamed": user}, error=error
        )
    record = user_name_change_request_record(change)
    return created(request, path_of(user), record, f"Name changed to {user.pretty_name}")


def _named(request: HttpRequest, user_id: str) -> User:
    """Whose name it is about: that of who asks, unless another user is named."""
    viewer = logged_in_user(request)
    user = user_with_id(user_id or str(viewer.pk))
    if user is None:
        raise Http404
    authorize(UserNameChangeRequestPolicy(viewer, UserNameChangeRequest(user=user)).can_create)
    return user
