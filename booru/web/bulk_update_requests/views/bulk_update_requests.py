"""Bulk update requests (behaviour A.10 to A.12)."""

from __future__ import annotations

from http import HTTPStatus
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import BulkUpdateRequest, ForumPostVote, ForumTopic, Level
from booru.models.forum.forum_post_vote import VoteTally
from booru.web.bulk_update_requests.forms import AdminScriptForm, BulkUpdateRequestForm, ScriptForm, is_id
from booru.web.bulk_update_requests.limits import (
    INVALID_BULK_UPDATE_REQUEST_LIMIT,
    bulk_update_request_limit,
    limit_script,
)
from booru.web.bulk_update_requests.policies import BulkUpdateRequestPolicy
from booru.web.bulk_update_requests.records import bulk_update_request_record, line_record, revert_record
from booru.web.bulk_update_requests.searches import ORDERS, search_bulk_update_requests
from booru.web.bulk_update_requests.shown_commands import shown_commands, shown_scripts
from booru.web.forum.policies import ForumTopicPolicy
from booru.web.forum.votes import votes_on_one
from booru.web.http.params import permitted
from booru.web.http.policies import JobPolicy, authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, path_of, saved
from booru.web.limits.rate_limits import limited
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_TRUTHY = {"true", "t", "yes", "y", "on", "1"}


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    page = paginate(request, search_bulk_update_requests(params))
    if wants_json(request):
        return json_list([bulk_update_request_record(bur) for bur in page.items])
    tallies = ForumPostVote.objects.tallies(bur.forum_post_id for bur in page.items if bur.forum_post_id)
    context = {
        "page": page,
        "rows": [
            (bur, script, tallies.get(bur.forum_post_id or 0, VoteTally()))
            for bur, script in zip(page.items, shown_scripts(page.items), strict=True)
        ],
        "search": params,
        "statuses": BulkUpdateRequest.Status.values,
        "orders": ORDERS,
        "policy": BulkUpdateRequestPolicy(request.user),
    }
    return render(request, "bulk_update_requests/index.html", context)


def new(request: HttpRequest) -> HttpResponse:
    policy = BulkUpdateRequestPolicy(request.user)
    authorize(policy.can_create)
    topic = find_topic(request.GET.get("bulk_update_request[forum_topic_id]", ""))
    if topic:
        authorize(ForumTopicPolicy(request.user, topic).can_reply)
    form = BulkUpdateRequestForm(initial={"forum_topic_id": topic.pk if topic else ""})
    return render(request, "bulk_update_requests/new.html", {"form": form, "topic": topic})


@limited(bulk_update_request_limit, invalid=INVALID_BULK_UPDATE_REQUEST_LIMIT)
def create(request: HttpRequest) -> HttpResponse:
    requester = logged_in_user(request)
    authorize(BulkUpdateRequestPolicy(requester).can_create)
    form = BulkUpdateRequestForm.from_request(request)
    topic = None
    try:
        topic = form.forum_topic()
        if topic:
            authorize(ForumTopicPolicy(requester, topic).can_reply)
        limit_script(request, form.value("script"))
        bur = BulkUpdateRequest.objects.request(
            user=requester,
            script=form.value("script"),
            title=form.value("title"),
            reason=form.value("reason"),
            forum_topic=topic,
        )
    except ValidationError as error:
        return failed_form(request, form, "bulk_update_requests/new.html", {"topic": topic}, error=error)
    to = reverse("forum_post", args=[bur.forum_post_id]) if bur.forum_post_id else path_of(bur)
    return created(request, to, bulk_update_request_record(bur), f"BUR #{bur.pk} created")


def show(request: HttpRequest, bur_id: int) -> HttpResponse:
    bur = find_request(bur_id)
    if wants_json(request):
        lines = [line_record(line) for line in bur.processor.lines]
        revert = revert_record(bur.revert) if hasattr(bur, "revert") else None
        return JsonResponse({**bulk_update_request_record(bur), "lines": lines, "revert": revert})
    return _show_page(request, bur)


def edit(request: HttpRequest, bur_id: int) -> HttpResponse:
    bur = find_request(bur_id)
    policy = BulkUpdateRequestPolicy(request.user, bur)
    authorize(policy.can_update)
    values = {name: getattr(bur, name) for name in policy.update_fields}
    form = script_form(policy)(initial=values)
    return render(request, "bulk_update_requests/edit.html", {"bur": bur, "form": form})


@limited(bulk_update_request_limit, invalid=INVALID_BULK_UPDATE_REQUEST_LIMIT)
def update(request: HttpRequest, bur_id: int) -> HttpResponse:
    bur = find_request(bur_id)
    policy = BulkUpdateRequestPolicy(request.user, bur)
    authorize(policy.can_update)
    form = script_form(policy).from_request(request)
    if form.sent("script"):
        limit_script(request, form.value("script"))
    try:
        bur.edit(script=form.value("script") if form.sent("script") else None, **form.forum_records())
    except ValidationError as error:
        return failed_form(request, form, "bulk_update_requests/edit.html", {"bur": bur}, error=error)
    return saved(request, path_of(bur), f"BUR #{bur.pk} updated")


def script_form(policy: BulkUpdateRequestPolicy) -> type[ScriptForm]:
    """The form with what this user may change."""
    return AdminScriptForm if "forum_topic_id" in policy.update_fields else ScriptForm


@limited(bulk_update_request_limit)
def approve(request: HttpRequest, bur_id: int) -> HttpResponse:
    """An approval that the script forbids shows the reasons; Danbooru answers 500 (behaviour M.4)."""
    approver = logged_in_user(request)
    bur = find_request(bur_id)
    authorize(BulkUpdateRequestPolicy(approver, bur).can_approve)
    limit_script(request, bur.script)
    try:
        bur.approve(approver, from_start=_is_checked(request, "from_start"))
    except ValidationError as error:
        return refused(request, bur_id, "approved", error)
    return created(request, path_of(bur), bulk_update_request_record(bur), f"BUR #{bur.pk} approved")


@limited(bulk_update_request_limit)
def reject(request: HttpRequest, bur_id: int) -> HttpResponse:
    rejector = logged_in_user(request)
    bur = find_request(bur_id)
    authorize(BulkUpdateRequestPolicy(rejector, bur).can_reject)
    try:
        bur.reject(rejector)
    except ValidationError as error:  # somebody else was quicker
        return refused(request, bur_id, "rejected", error)
    return saved(request, path_of(bur), f"BUR #{bur.pk} rejected")


def refused(request: HttpRequest, bur_id: int, what: str, error: ValidationError) -> HttpResponse:
    """The request's page, with the reasons why it cannot be approved, rejected or reverted."""
    if wants_json(request):
        return JsonResponse({"errors": {"base": error.messages}}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _show_page(request, find_request(bur_id), what=what, problems=error.messages)


def _show_page(
    request: HttpRequest, bur: BulkUpdateRequest, *, what: str = "", problems: list[str] | None = None
) -> HttpResponse:
    jobs = ProcessBulkUpdateRequestJob.jobs_of(bur).annotate_status()
    is_manager = JobPolicy(request.user).can_manage
    context = {
        "bur": bur,
        "policy": BulkUpdateRequestPolicy(request.user, bur),
        "votes": votes_on_one(bur.forum_post, request.user),
        "refused": what,
        "problems": problems or [],
        "approver_level": Level(bur.approval_level).label,
        "lines": (lines := _lines(bur)),
        "has_done_lines": any(entry["line"] and entry["line"].is_done for entry in lines),
        "job": jobs.order_by("-id").first() if is_manager else None,
    }
    return render(request, "bulk_update_requests/show.html", context)


def _lines(bur: BulkUpdateRequest) -> list[dict[str, Any]]:
    """The script, each line with how far it is, if it was approved."""
    processor = bur.processor
    html = shown_commands(processor.commands)
    return [{"html": text, "line": line} for text, line in zip_longest(html, processor.lines)]


def _is_checked(request: HttpRequest, name: str) -> bool:
    return permitted(request, "", (name,)).get(name, "").lower() in _TRUTHY


def find_request(bur_id: int) -> BulkUpdateRequest:
    """The request with all that its pages show; raises Http404."""
    related = ("user", "approver", "forum_topic", "forum_post__topic", "revert__reverter")
    burs = BulkUpdateRequest.objects.select_related(*related)
    return get_object_or_404(burs, pk=bur_id)


def find_topic(text: str) -> ForumTopic | None:
    """The topic whose id was given, if one was; raises Http404."""
    if not text:
        return None
    if not is_id(text):
        raise Http404
    return get_object_or_404(ForumTopic, pk=int(text))
