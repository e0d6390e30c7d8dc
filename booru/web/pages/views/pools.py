"""Pools: posts that belong together, in an order (behaviour D.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Func, Value
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import Credit, Pool, Post
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, path_of, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.pages.forms import PoolForm
from booru.web.pages.policies import PoolPolicy
from booru.web.pages.records import pool_record
from booru.web.pages.searches import POOLS, without_deleted

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    page = paginate(request, POOLS.find(Pool.objects.all(), without_deleted(params)))
    if wants_json(request):
        return json_list([pool_record(pool) for pool in page.items])
    context = {
        "page": page,
        "search": params,
        "categories": Pool.Category.choices,
        "policy": PoolPolicy(request.user),
    }
    return render(request, "pools/index.html", context)


def show(request: HttpRequest, pool_id: int) -> HttpResponse:
    pool = get_object_or_404(Pool, pk=pool_id)
    if wants_json(request):
        return JsonResponse(pool_record(pool))
    context = {
        "pool": pool,
        "policy": PoolPolicy(request.user, pool),
        "page": paginate(request, _posts(pool)),
    }
    return render(request, "pools/show.html", context)


def _posts(pool: Pool) -> QuerySet[Post]:
    """In the pool's order."""
    field = Pool._meta.get_field("post_ids")
    place = Func(Value(pool.post_ids, output_field=field), "pk", function="array_position")
    return Post.objects.filter(pk__in=pool.post_ids).order_by(place)


def new(request: HttpRequest) -> HttpResponse:
    authorize(PoolPolicy(request.user).can_create)
    return render(request, "pools/new.html", {"form": PoolForm()})


@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    creator = logged_in_user(request)
    policy = PoolPolicy(creator)
    authorize(policy.can_create)
    form = PoolForm.from_request(request, policy.write_fields)
    try:
        pool = Pool.objects.make(Credit(creator), **form.record_fields())
    except ValidationError as error:
        return failed_form(request, form, "pools/new.html", error=error)
    return created(request, path_of(pool), pool_record(pool), "Pool created")


def edit(request: HttpRequest, pool_id: int) -> HttpResponse:
    pool = get_object_or_404(Pool, pk=pool_id)
    authorize(PoolPolicy(request.user, pool).can_update)
    form = PoolForm(
        initial={
            "name": pool.pretty_name,
            "description": pool.description,
            "category": pool.category,
            "post_ids": " ".join(map(str, pool.post_ids)),
        }
    )
    return render(request, "pools/edit.html", {"pool": pool, "form": form})


@limited(write_limit)
def update(request: HttpRequest, pool_id: int) -> HttpResponse:
    editor = logged_in_user(request)
    pool = get_object_or_404(Pool, pk=pool_id)
    policy = PoolPolicy(editor, pool)
    authorize(policy.can_update)
    form = PoolForm.from_request(request, policy.write_fields)
    try:
        pool.update(Credit(editor), **form.record_fields())
    except ValidationError as error:
        return failed_form(
            request, form, "pools/edit.html", {"pool": get_object_or_404(Pool, pk=pool_id)}, error=error
        )
    return saved(request, path_of(pool), "Pool updated")


@limited(write_limit)
def destroy(request: HttpRequest, pool_id: int) -> HttpResponse:
    deleter = logged_in_user(request)
    pool = get_object_or_404(Pool, pk=pool_id)
    authorize(PoolPolicy(deleter, pool).can_destroy)
    pool.update(Credit(deleter), is_deleted=True)
    return saved(request, path_of(pool), "Pool deleted")
