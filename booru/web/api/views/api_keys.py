"""The keys with which a user's programs act as the user; nobody else sees them (behaviour I.1, N)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from booru.models import ApiKey, User, UserEvent
from booru.services.accounts.api_keys import make_api_key
from booru.web.api.forms import ApiKeyForm
from booru.web.api.permissions import current_names
from booru.web.api.policies import ApiKeyPolicy
from booru.web.api.records import api_key_record
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import failed_form, json_list, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.login.reauthentication import requires_reauthentication
from booru.web.login.user_events import record_event

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@requires_reauthentication
def index(request: HttpRequest) -> HttpResponse:
    authorize(ApiKeyPolicy(request.user).can_index)
    api_keys = logged_in_user(request).api_keys.all()
    if wants_json(request):
        return json_list([api_key_record(api_key) for api_key in api_keys])
    rows = [(api_key, current_names(api_key.permissions)) for api_key in api_keys]
    return render(request, "api_keys/index.html", {"rows": rows})


@requires_reauthentication
def new(request: HttpRequest) -> HttpResponse:
    authorize(ApiKeyPolicy(request.user).can_create)
    return render(request, "api_keys/new.html", {"form": ApiKeyForm()})


@never_cache
@requires_reauthentication
@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    """The answer shows the key, which is not kept: nothing shows it again."""
    authorize(ApiKeyPolicy(request.user).can_create)
    form = ApiKeyForm.from_request(request)
    try:
        api_key, key = _make(request, logged_in_user(request), form)
    except ValidationError as error:
        return failed_form(request, form, "api_keys/new.html", error=error)
    if wants_json(request):
        return JsonResponse({**api_key_record(api_key), "key": key}, status=HTTPStatus.CREATED)
    return render(request, "api_keys/created.html", {"api_key": api_key, "key": key})


@transaction.atomic
def _make(request: HttpRequest, user: User, form: ApiKeyForm) -> tuple[ApiKey, str]:
    api_key, key = make_api_key(user, **form.record_fields())
    record_event(request, user, UserEvent.Category.API_KEY_CREATE, api_key_id=api_key.pk)
    return api_key, key


@requires_reauthentication
def edit(request: HttpRequest, key_id: int) -> HttpResponse:
    api_key = _own(request, key_id)
    return render(request, "api_keys/edit.html", {"form": ApiKeyForm.of(api_key), "api_key": api_key})


@requires_reauthentication
@limited(write_limit)
def update(request: HttpRequest, key_id: int) -> HttpResponse:
    api_key = _own(request, key_id)
    form = ApiKeyForm.from_request(request)
    form.keep_those_of(api_key)
    try:
        _change(request, api_key, form)
    except ValidationError as error:
        return failed_form(request, form, "api_keys/edit.html", {"api_key": api_key}, error=error)
    return saved(request, reverse("api_keys"), "API key updated")


@transaction.atomic
def _change(request: HttpRequest, api_key: ApiKey, form: ApiKeyForm) -> None:
    api_key.change(**form.record_fields())
    record_event(request, api_key.user, UserEvent.Category.API_KEY_UPDATE, api_key_id=api_key.pk)


@requires_reauthentication
@limited(write_limit)
@transaction.atomic
def destroy(request: HttpRequest, key_id: int) -> HttpResponse:
    api_key = _own(request, key_id)
    record_event(request, api_key.user, UserEvent.Category.API_KEY_DELETE, api_key_id=api_key.pk)
    api_key.delete()
    return saved(request, reverse("api_keys"), "API key deleted")


def _own(request: HttpRequest, key_id: int) -> ApiKey:
    api_key = get_object_or_404(ApiKey.objects.select_related("user"), pk=key_id)
    authorize(ApiKeyPolicy(request.user, api_key).can_update)
    return api_key
