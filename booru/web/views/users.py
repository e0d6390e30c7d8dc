"""Users: sign up, profile (behaviour I.1, I.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import BulkUpdateRequest, EmailAddress, User, UserEvent
from booru.services.passwords import check_new_password
from booru.web.forms.users import SignupForm
from booru.web.json_records import user_record
from booru.web.login import log_in
from booru.web.pagination import paginate
from booru.web.policies import UserPolicy, authorize
from booru.web.rate_limits import limited, signup_limit
from booru.web.requests import local_url, logged_in_user, wants_json
from booru.web.responses import created, failed_form, json_list, path_of
from booru.web.search import search_params, without_blank_fields
from booru.web.user_search import USER_SEARCH
from mailers.user_mailer import UserMailer

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    page = paginate(request, USER_SEARCH.find(User.objects.all(), params))
    if wants_json(request):
        return json_list([user_record(user) for user in page.items])
    return render(request, "users/index.html", {"page": page, "search": params})


def show(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    if wants_json(request):
        return JsonResponse(user_record(user))
    policy = UserPolicy(request.user, user)
    context = {
        "profile": user,
        "policy": policy,
        "email_address": _email_address(user) if policy.can_see_email_address else None,
        "burs": BulkUpdateRequest.objects.filter(user=user).order_by("-pk")[:5],
        "bur_count": BulkUpdateRequest.objects.filter(user=user).count(),
    }
    return render(request, "users/show.html", context)


def profile(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(path_of(logged_in_user(request)))


def new(request: HttpRequest) -> HttpResponse:
    authorize(UserPolicy(request.user).can_create)
    url = local_url(request.GET.get("url", ""))
    return render(request, "users/new.html", {"form": SignupForm(), "url": url})


@limited(signup_limit)
def create(request: HttpRequest) -> HttpResponse:
    """User, address and welcome email come into being together or not at all."""
    authorize(UserPolicy(request.user).can_create)
    form = SignupForm.from_request(request, (*SignupForm.base_fields, "url"))
    url = local_url(form.value("url"))
    try:
        user = _sign_up(request, form)
    except ValidationError as error:
        form.reject(error)
        return failed_form(request, form, "users/new.html", {"url": url})
    return created(request, url or path_of(user), user_record(user), f"Welcome, {user.pretty_name}!")


@transaction.atomic
def _sign_up(request: HttpRequest, form: SignupForm) -> User:
    check_new_password(form.value("password"), form.value("password_confirmation"))
    user: User = User.objects.create_user(form.value("name"), form.value("password"))
    address = form.value("email_address").strip()
    if address:
        email_address = EmailAddress(user=user)
        email_address.assign(address)
        email_address.validate()
        email_address.save()
    # Before the email, whose headers tell the session that asked for it.
    log_in(request, user, UserEvent.Category.USER_CREATION)
    if address:
        UserMailer(request=request).welcome_user(user).deliver_later()
    return user


def _email_address(user: User) -> EmailAddress | None:
    return EmailAddress.objects.filter(user=user).first()
