"""Email addresses: one's own, and those that moderators look after (behaviour F.8)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import EmailAddress, User, UserEvent
from booru.services.accounts.email_change import change_email_address, check_new_address, remove_email_address
from booru.web.accounts.forms import EmailAddressForm
from booru.web.accounts.limits import (
    INVALID_EMAIL_ADDRESS_LIMIT,
    email_address_limit,
    others_email_address_limit,
)
from booru.web.accounts.policies import EmailAddressPolicy
from booru.web.accounts.records import email_address_record
from booru.web.accounts.searches import EMAIL_ADDRESS_SEARCH
from booru.web.http.params import body_fields
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import failed_form, json_list, path_of, redirect_with_notice, saved
from booru.web.limits.rate_limits import limited
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.login.login_limits import limit_confirmations
from booru.web.login.reauthentication import requires_reauthentication
from booru.web.login.user_events import record_event
from mailers.content import tokens
from mailers.user_mailer import UserMailer

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

_VERIFIED = "Email address verified"


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    viewer = logged_in_user(request)
    authorize(EmailAddressPolicy(viewer).can_index)
    params = search_params(request)
    visible = EmailAddress.objects.all().visible_to(viewer).select_related("user")
    page = paginate(request, EMAIL_ADDRESS_SEARCH.find(visible, params))
    if wants_json(request):
        return json_list([email_address_record(address) for address in page.items])
    return render(request, "emails/index.html", {"page": page, "search": params})


def show(request: HttpRequest, address_id: int) -> HttpResponse:
    address = get_object_or_404(EmailAddress.objects.select_related("user"), pk=address_id)
    return _shown(request, address.user, address)


def show_of_user(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    return _shown(request, user, _address_of(user))


@requires_reauthentication
def edit(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    authorize(EmailAddressPolicy(request.user, user).can_update)
    return render(request, "emails/edit.html", _edit_context(user, EmailAddressForm()))


@requires_reauthentication
def update(request: HttpRequest, user_id: int) -> HttpResponseBase:
    user = get_object_or_404(User, pk=user_id)
    authorize(EmailAddressPolicy(request.user, user).can_update)
    return (_change_own if user == request.user else _change_anothers)(request, user)


@limited(email_address_limit("update"), invalid=INVALID_EMAIL_ADDRESS_LIMIT)
def _change_own(request: HttpRequest, user: User) -> HttpResponse:
    return _change(request, user, reverse("settings"), "Check your email to confirm your new address")


@limited(others_email_address_limit, invalid=INVALID_EMAIL_ADDRESS_LIMIT)
def _change_anothers(request: HttpRequest, user: User) -> HttpResponse:
    return _change(request, user, reverse("admin_edit_user", args=[user.pk]), "Updated email address")


def _change(request: HttpRequest, user: User, to: str, notice: str) -> HttpResponse:
    editor = logged_in_user(request)
    form = EmailAddressForm.from_request(request)
    address = form.value("address")
    try:
        check_new_address(user, address)
        limit_confirmations(address)
        with transaction.atomic():
            is_changed = change_email_address(user, address, by=editor)
            if is_changed and editor == user:
                record_event(request, user, UserEvent.Category.EMAIL_CHANGE)
    except ValidationError as error:
        return failed_form(request, form, "emails/edit.html", _edit_context(user, form), error=error)
    return saved(request, to, notice if is_changed else "This is the address already, and it is confirmed")


@requires_reauthentication
@limited(email_address_limit("destroy"))
def destroy(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    authorize(EmailAddressPolicy(request.user, user).can_destroy)
    address = get_object_or_404(EmailAddress.objects.select_related("user"), user=user)
    with transaction.atomic():
        remove_email_address(address)
        record_event(request, user, UserEvent.Category.EMAIL_CHANGE)
    if wants_json(request):
        return saved(request, "")
    return redirect_with_notice(
        request, reverse("settings"), "Email address removed", status=HTTPStatus.SEE_OTHER
    )


def verify(request: HttpRequest, user_id: int) -> HttpResponse:
    """With the key from the email, ask for a click: programs that scan mail open every link in it.

    Without it the owner may have the email sent again.
    """
    user = get_object_or_404(User, pk=user_id)
    address = _address_of(user)
    key = request.GET.get("email_verification_key", "")
    if _is_key_of(address, key):
        if address and address.is_verified:
            return redirect_with_notice(request, path_of(user), _VERIFIED)
        return render(request, "emails/confirm.html", {"email_address": address, "owner": user, "key": key})
    authorize(EmailAddressPolicy(request.user, user).can_confirm)
    if address is None:
        return redirect_with_notice(request, reverse("edit_user_email", args=[user.pk]))
    return render(request, "emails/verify.html", {"email_address": address})


def confirm(request: HttpRequest, user_id: int) -> HttpResponse:
    """The click. Needs no login: who has the key reads mail there."""
    user = get_object_or_404(User, pk=user_id)
    address = _address_of(user)
    authorize(_is_key_of(address, body_fields(request).get("email_verification_key", "")))
    if address:
        address.verify()
    return redirect_with_notice(request, path_of(user), _VERIFIED, status=HTTPStatus.SEE_OTHER)


def _is_key_of(address: EmailAddress | None, key: str) -> bool:
    """A key that we never made is refused; one for another address is as good as none."""
    if key:
        authorize(tokens.unsign("verify", key) is not None)
    return bool(key) and address is not None and tokens.verifies(address, key)


@limited(email_address_limit("send_confirmation"))
def send_confirmation(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    authorize(EmailAddressPolicy(request.user, user).can_confirm)
    address = _address_of(user)
    if address is None:
        return redirect_with_notice(request, reverse("settings"), "Your account has no email address")
    limit_confirmations(address.address)
    UserMailer(request=request).welcome_user(user).deliver_later()
    notice = f"Confirmation email sent to {address}. Check your email to confirm your address"
    return redirect_with_notice(request, path_of(user), notice)


def _shown(request: HttpRequest, user: User, address: EmailAddress | None) -> HttpResponse:
    policy = EmailAddressPolicy(request.user, user)
    authorize(policy.can_show)
    if address is None:
        raise Http404
    if wants_json(request):
        return JsonResponse(email_address_record(address))
    return render(request, "emails/show.html", {"email_address": address, "owner": user, "policy": policy})


def _address_of(user: User) -> EmailAddress | None:
    return EmailAddress.objects.filter(user=user).first()


def _edit_context(user: User, form: EmailAddressForm) -> dict[str, object]:
    return {"owner": user, "email_address": _address_of(user), "form": form}
