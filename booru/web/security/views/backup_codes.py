"""Codes for who lost the app that shows them (behaviour G.4, I.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from booru.models import User, UserEvent
from booru.rules.one_time_codes import shown_backup_code
from booru.services.accounts.two_factor import replace_backup_codes, send_backup_code
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import path_of, refused, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.login.reauthentication import requires_reauthentication
from booru.web.login.user_events import record_event
from booru.web.security.limits import recovery_limit
from booru.web.security.policies import SecondFactorPolicy

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@requires_reauthentication
def show(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    authorize(SecondFactorPolicy(request.user, user).can_update)
    codes = [shown_backup_code(code) for code in user.backup_codes]
    if wants_json(request):
        return JsonResponse({"backup_codes": codes})
    return render(request, "backup_codes/show.html", {"account": user, "codes": codes})


@requires_reauthentication
@limited(write_limit)
@transaction.atomic
def create(request: HttpRequest, user_id: int) -> HttpResponse:
    """New ones in place of all the old."""
    user = get_object_or_404(User, pk=user_id)
    authorize(SecondFactorPolicy(request.user, user).can_update)
    page = reverse("backup_codes", args=[user.pk])
    if not replace_backup_codes(user):
        return refused(request, page, ValidationError("Two-factor authentication is not enabled"))
    record_event(request, user, UserEvent.Category.BACKUP_CODE_GENERATE)
    return saved(request, page, "New backup codes generated")


def confirm_recovery(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    authorize(SecondFactorPolicy(request.user, user).can_recover)
    return render(request, "backup_codes/recover.html", {"account": user})


@limited(recovery_limit)
def recover(request: HttpRequest, user_id: int) -> HttpResponse:
    """Mail one to a user who cannot log in any more."""
    user = get_object_or_404(User, pk=user_id)
    admin = logged_in_user(request)
    authorize(SecondFactorPolicy(admin, user).can_recover)
    try:
        send_backup_code(user, admin)
    except ValidationError as error:
        return refused(request, reverse("recover_backup_codes", args=[user.pk]), error, user.pretty_name)
    return saved(request, path_of(user), f"Backup code sent to {user.pretty_name}")
