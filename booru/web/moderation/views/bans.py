"""Bans (behaviour I.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import Ban
from booru.services.moderation import bans
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, path_of, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.moderation.chosen_user import chosen_user, user_with_id
from booru.web.moderation.forms import BanForm
from booru.web.moderation.policies import BanPolicy
from booru.web.moderation.records import ban_record
from booru.web.moderation.searches import BAN_SEARCH

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_UPDATED = ("duration", "reason")


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    page = paginate(request, BAN_SEARCH.find(Ban.objects.select_related("user", "banner"), params))
    if wants_json(request):
        return json_list([ban_record(ban) for ban in page.items])
    context = {"page": page, "search": params, "policy": BanPolicy(request.user)}
    return render(request, "bans/index.html", context)


def show(request: HttpRequest, ban_id: int) -> HttpResponse:
    ban = _ban(ban_id)
    if wants_json(request):
        return JsonResponse(ban_record(ban))
    return render(request, "bans/show.html", {"ban": ban, "policy": BanPolicy(request.user, ban)})


def new(request: HttpRequest) -> HttpResponse:
    authorize(BanPolicy(request.user).can_create)
    user = user_with_id(request.GET.get("ban[user_id]", ""))
    form = _trimmed(BanForm(initial={"user_name": user.name if user else ""}), request)
    return render(request, "bans/new.html", {"form": form})


@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    banner = logged_in_user(request)
    authorize(BanPolicy(banner).can_create)
    form = BanForm.from_request(request)
    user = chosen_user(form)
    authorize(user is None or BanPolicy(banner).can_ban(user))
    try:
        ban = bans.ban(user, banner, form.duration_value, form.value("reason"), form.clean_up)
    except ValidationError as error:
        form.reject(error)
        return failed_form(request, _trimmed(form, request), "bans/new.html")
    return created(request, path_of(ban), ban_record(ban), f"{ban.user.pretty_name} was banned")


def edit(request: HttpRequest, ban_id: int) -> HttpResponse:
    ban = _ban(ban_id)
    authorize(BanPolicy(request.user, ban).can_update)
    form = BanForm(initial={"duration": ban.humanized_duration, "reason": ban.reason})
    form.keep(*_UPDATED)
    return render(request, "bans/edit.html", {"ban": ban, "form": form})


@limited(write_limit)
def update(request: HttpRequest, ban_id: int) -> HttpResponse:
    ban = _ban(ban_id)
    updater = logged_in_user(request)
    authorize(BanPolicy(updater, ban).can_update)
    form = BanForm.from_request(request, _UPDATED)
    form.keep(*_UPDATED)
    try:
        duration = form.duration_value if form.sent("duration") else ban.duration
        reason = form.value("reason") if form.sent("reason") else ban.reason
        bans.update_ban(ban, updater, duration=duration, reason=reason)
    except ValidationError as error:
        return failed_form(request, form, "bans/edit.html", {"ban": _ban(ban_id)}, error=error)
    return saved(request, path_of(ban), "Ban updated")


@limited(write_limit)
def destroy(request: HttpRequest, ban_id: int) -> HttpResponse:
    ban = _ban(ban_id)
    unbanner = logged_in_user(request)
    authorize(BanPolicy(unbanner, ban).can_destroy)
    bans.unban(ban, unbanner)
    return saved(request, reverse("bans"), f"{ban.user.pretty_name} was unbanned")


def _ban(ban_id: int) -> Ban:
    ban: Ban = get_object_or_404(Ban.objects.select_related("user", "banner"), pk=ban_id)
    return ban


def _trimmed(form: BanForm, request: HttpRequest) -> BanForm:
    """Without what this moderator may not choose anyway."""
    if not BanPolicy(request.user).can_delete_votes:
        form.keep(*(name for name in form.fields if name != "delete_post_votes"))
    return form
