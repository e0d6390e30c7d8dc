"""Deleting an account (behaviour I.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import PostVote, User, UserEvent
from booru.services.accounts.user_deletion import delete_user, deletion_obstacles
from booru.web.accounts.forms import DeactivateForm
from booru.web.accounts.limits import user_deletion_limit
from booru.web.accounts.policies import UserDeletionPolicy
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import refused, saved
from booru.web.limits.rate_limits import limited
from booru.web.login.log_in import log_out
from booru.web.login.own_pages import leads_to_login
from booru.web.login.user_events import record_event

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@leads_to_login
def edit_own(request: HttpRequest) -> HttpResponse:
    return edit(request, logged_in_user(request).pk)


def edit(request: HttpRequest, user_id: int) -> HttpResponse:
    """Tells what will happen, and asks for the password."""
    viewer = logged_in_user(request)
    user = get_object_or_404(User, pk=user_id)
    authorize(UserDeletionPolicy(viewer, user).can_destroy)
    context = {
        "profile": user,
        "is_own": viewer.pk == user.pk,
        "obstacles": deletion_obstacles(user, viewer),
        "form": DeactivateForm(),
        "counts": _counts(user),
    }
    return render(request, "users/deactivate.html", context)


@limited(user_deletion_limit)
def destroy(request: HttpRequest, user_id: int) -> HttpResponse:
    deleter = logged_in_user(request)
    user = get_object_or_404(User, pk=user_id)
    authorize(UserDeletionPolicy(deleter, user).can_destroy)
    form = DeactivateForm.from_request(request)
    try:
        _delete(request, user, deleter, form.value("password"))
    except ValidationError as error:
        return _refused(request, user, error)
    return saved(request, reverse("posts"), "Account deactivated")


@transaction.atomic
def _delete(request: HttpRequest, user: User, deleter: User, password: str) -> None:
    is_own = deleter.pk == user.pk
    delete_user(user, deleter, password)
    if is_own:
        record_event(request, user, UserEvent.Category.USER_DELETION)
        log_out(request)


def _refused(request: HttpRequest, user: User, error: ValidationError) -> HttpResponse:
    if not wants_json(request):
        error = ValidationError("; ".join(error.messages))
    return refused(request, reverse("deactivate_user", args=[user.pk]), error)


def _counts(user: User) -> dict[str, int]:
    """What the job will remove."""
    votes = PostVote.objects.active().filter(user=user)
    return {
        "api_keys": user.api_keys.count(),
        "saved_searches": user.saved_searches.count(),
        "private_favorite_groups": user.favorite_groups.filter(is_public=False).count(),
        "downvotes": votes.filter(score=-1).count(),
        "upvotes": votes.filter(score=1).count(),
    }
