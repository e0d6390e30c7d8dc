"""The searches that somebody keeps; nobody else sees them (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import SavedSearch, User
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.pages.forms import SavedSearchForm
from booru.web.pages.policies import SavedSearchPolicy
from booru.web.pages.records import saved_search_record

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_PER_PAGE = 100
_QUERY_LENGTH = 1000


def index(request: HttpRequest) -> HttpResponse:
    user = logged_in_user(request)
    page = paginate(request, user.saved_searches.order_by("-pk"), limit=_PER_PAGE)
    if wants_json(request):
        return json_list([saved_search_record(search) for search in page.items])
    form = SavedSearchForm(initial={"query": request.GET.get("query", "")[:_QUERY_LENGTH]})
    return render(request, "saved_searches/index.html", {"page": page, "form": form})


@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    user = logged_in_user(request)
    authorize(SavedSearchPolicy(user).can_create)
    form = SavedSearchForm.from_request(request)
    search = SavedSearch(user=user)
    try:
        search.update(**form.record_fields())
    except ValidationError as error:
        page = paginate(request, user.saved_searches.order_by("-pk"), limit=_PER_PAGE)
        return failed_form(request, form, "saved_searches/index.html", {"page": page}, error=error)
    return created(request, reverse("saved_searches"), saved_search_record(search), "Search saved")


def edit(request: HttpRequest, search_id: int) -> HttpResponse:
    search = _own(logged_in_user(request), search_id)
    form = SavedSearchForm(initial={"query": search.query, "labels": " ".join(search.labels)})
    return render(request, "saved_searches/edit.html", {"saved_search": search, "form": form})


@limited(write_limit)
def update(request: HttpRequest, search_id: int) -> HttpResponse:
    search = _own(logged_in_user(request), search_id)
    form = SavedSearchForm.from_request(request)
    try:
        search.update(**form.record_fields())
    except ValidationError as error:
        return failed_form(request, form, "saved_searches/edit.html", {"saved_search": search}, error=error)
    return saved(request, reverse("saved_searches"), "Saved search updated")


@limited(write_limit)
def destroy(request: HttpRequest, search_id: int) -> HttpResponse:
    _own(logged_in_user(request), search_id).delete()
    return saved(request, reverse("saved_searches"), "Saved search deleted")


def _own(user: User, search_id: int) -> SavedSearch:
    search = get_object_or_404(SavedSearch, pk=search_id)
    authorize(SavedSearchPolicy(user, search).can_update)
    return search
