"""What happened to accounts, and from where (behaviour I.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from booru.models import UserEvent
from booru.web.http.policies import authorize
from booru.web.http.requests import wants_json
from booru.web.http.responses import json_list
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.login.policies import UserEventPolicy
from booru.web.login.records import user_event_record
from booru.web.login.searches import USER_EVENT_SEARCH

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    authorize(UserEventPolicy(request.user).can_index)
    params = search_params(request)
    events = UserEvent.objects.visible_to(request.user).select_related("user")
    page = paginate(request, USER_EVENT_SEARCH.find(events, params))
    if wants_json(request):
        return json_list([user_event_record(event) for event in page.items])
    categories = [category.name.lower() for category in UserEvent.Category]
    return render(
        request, "user_events/index.html", {"page": page, "search": params, "categories": categories}
    )
