"""What moderators and admins did (behaviour I.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import ModAction
from booru.web.http.policies import authorize
from booru.web.http.requests import wants_json
from booru.web.http.responses import json_list
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.moderation.policies import ModActionPolicy
from booru.web.moderation.records import mod_action_record
from booru.web.moderation.searches import MOD_ACTION_SEARCH

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    actions = ModAction.objects.visible_to(request.user).select_related("creator")
    page = paginate(request, MOD_ACTION_SEARCH.find(actions, params))
    if wants_json(request):
        return json_list([mod_action_record(action) for action in page.items])
    visible = [category for category in ModAction.Category if _is_visible(request, category)]
    context = {"page": page, "search": params, "categories": [category.name.lower() for category in visible]}
    return render(request, "mod_actions/index.html", context)


def show(request: HttpRequest, action_id: int) -> HttpResponse:
    action = get_object_or_404(ModAction.objects.select_related("creator"), pk=action_id)
    authorize(ModActionPolicy(request.user, action).can_show)
    if wants_json(request):
        return JsonResponse(mod_action_record(action))
    return render(request, "mod_actions/show.html", {"action": action})


def _is_visible(request: HttpRequest, category: ModAction.Category) -> bool:
    return ModActionPolicy(request.user, ModAction(category=category)).can_show
