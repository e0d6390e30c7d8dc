"""User feedback (behaviour E.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import UserFeedback
from booru.rules.truth_values import truth_value
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, path_of, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.moderation.chosen_user import chosen_user, user_with_id
from booru.web.moderation.forms import UserFeedbackForm
from booru.web.moderation.policies import UserFeedbackPolicy
from booru.web.moderation.records import user_feedback_record
from booru.web.moderation.searches import USER_FEEDBACK_SEARCH

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

_SHOWN = ("category", "body")


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    visible = UserFeedback.objects.visible_to(request.user).select_related("user", "creator")
    page = paginate(request, USER_FEEDBACK_SEARCH.find(visible, params))
    if wants_json(request):
        return json_list([user_feedback_record(feedback) for feedback in page.items])
    context = {
        "page": page,
        "search": params,
        "categories": UserFeedback.Category.choices,
        "policy": UserFeedbackPolicy(request.user),
    }
    return render(request, "user_feedbacks/index.html", context)


def show(request: HttpRequest, feedback_id: int) -> HttpResponse:
    feedback = _feedback(feedback_id)
    policy = UserFeedbackPolicy(request.user, feedback)
    authorize(policy.can_show)
    if wants_json(request):
        return JsonResponse(user_feedback_record(feedback))
    return render(request, "user_feedbacks/show.html", {"feedback": feedback, "policy": policy})


def new(request: HttpRequest) -> HttpResponse:
    authorize(UserFeedbackPolicy(request.user).can_create)
    user = user_with_id(request.GET.get("user_feedback[user_id]", ""))
    form = UserFeedbackForm(initial={"user_name": user.name if user else ""})
    return render(request, "user_feedbacks/new.html", {"form": form})


@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    creator = logged_in_user(request)
    authorize(UserFeedbackPolicy(creator).can_create)
    form = UserFeedbackForm.from_request(request)
    category, body = form.value("category"), form.value("body")
    try:
        feedback = UserFeedback.objects.give(chosen_user(form), creator, category, body)
    except ValidationError as error:
        return failed_form(request, form, "user_feedbacks/new.html", error=error)
    return created(request, path_of(feedback), user_feedback_record(feedback), "Feedback submitted")


def edit(request: HttpRequest, feedback_id: int) -> HttpResponse:
    feedback = _feedback(feedback_id)
    authorize(UserFeedbackPolicy(request.user, feedback).can_update)
    form = UserFeedbackForm(initial={"category": feedback.category, "body": feedback.body})
    form.keep(*_SHOWN)
    return render(request, "user_feedbacks/edit.html", {"feedback": feedback, "form": form})


@limited(write_limit)
def update(request: HttpRequest, feedback_id: int) -> HttpResponse:
    feedback = _feedback(feedback_id)
    editor = logged_in_user(request)
    authorize(UserFeedbackPolicy(editor, feedback).can_update)
    form = UserFeedbackForm.from_request(request, (*_SHOWN, "is_deleted"))
    form.keep(*_SHOWN)
    try:
        feedback.edit(editor, **_changes(form))
    except ValidationError as error:
        context = {"feedback": _feedback(feedback_id)}
        return failed_form(request, form, "user_feedbacks/edit.html", context, error=error)
    return saved(request, path_of(feedback), "Feedback updated")


def _changes(form: UserFeedbackForm) -> dict[str, Any]:
    changes: dict[str, Any] = {name: form.value(name) for name in _SHOWN if form.sent(name)}
    is_deleted = truth_value(form.value("is_deleted"))
    return changes if is_deleted is None else {**changes, "is_deleted": is_deleted}


def _feedback(feedback_id: int) -> UserFeedback:
    feedback: UserFeedback = get_object_or_404(
        UserFeedback.objects.select_related("user", "creator"), pk=feedback_id
    )
    return feedback
