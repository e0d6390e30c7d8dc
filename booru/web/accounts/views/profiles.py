"""A user's page: who they are and what they did (behaviour I.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import (
    Ban,
    BulkUpdateRequest,
    EmailAddress,
    ForumPost,
    Post,
    User,
    UserFeedback,
    UserNameChangeRequest,
)
from booru.web.accounts.policies import EmailAddressPolicy
from booru.web.accounts.user_tools import UserTools
from booru.web.http.requests import current_user, wants_json
from booru.web.login.policies import UserPolicy
from booru.web.login.records import user_record

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_NEWEST = 5


def show(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    if wants_json(request):
        return JsonResponse(user_record(user))
    viewer = current_user(request)
    policy = UserPolicy(request.user, user)
    shows_address = EmailAddressPolicy(request.user, user).can_show
    ban = Ban.objects.current(user) if user.is_banned else None
    context = {
        "profile": user,
        "policy": policy,
        "shows_address": shows_address,
        "email_address": _email_address(user) if shows_address else None,
        "ban": ban,
        "names": UserNameChangeRequest.objects.visible_to(viewer).filter(user=user),
        "counts": _counts(user, viewer),
        "feedback": UserFeedback.objects.filter(user=user).counts(),
        "burs": BulkUpdateRequest.objects.filter(user=user).order_by("-pk")[:_NEWEST],
        "user_query": f"user:{user.name} status:any",
        "favorites_query": f"ordfav:{user.name}",
        "shows_favorites": policy.can_update or not user.enable_private_favorites,
        "tools": UserTools.of(request.user, user, ban),
    }
    return render(request, "users/show.html", context)


def _email_address(user: User) -> EmailAddress | None:
    return EmailAddress.objects.filter(user=user).first()


def _counts(user: User, viewer: User | None) -> dict[str, int]:
    return {
        "uploads": Post.objects.filter(uploader=user).count(),
        "burs": BulkUpdateRequest.objects.filter(user=user).count(),
        "forum_posts": ForumPost.objects.visible_to(viewer).filter(creator=user).count(),
        "bans": user.bans.count(),
    }
