"""Confirming an email address (behaviour F.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import EmailAddress, User
from booru.web.policies import UserPolicy, authorize
from booru.web.rate_limits import limited, write_limit
from booru.web.responses import path_of, redirect_with_notice
from mailers import tokens
from mailers.user_mailer import UserMailer

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def verify(request: HttpRequest, user_id: int) -> HttpResponse:
    """With the key from the email, confirm. Without it the owner may have the email sent again."""
    user = get_object_or_404(User, pk=user_id)
    email_address = EmailAddress.objects.filter(user=user).first()
    key = request.GET.get("email_verification_key", "")
    if key:
        # A key that we never made is refused; one for another address is as good as none.
        authorize(tokens.unsign("verify", key) is not None)
    if key and email_address and tokens.verifies(email_address, key):
        email_address.verify()
        return redirect_with_notice(request, path_of(user), "Email address verified")
    authorize(UserPolicy(request.user, user).can_update)
    return render(request, "emails/verify.html", {"email_address": email_address})


@limited(write_limit)
def send_confirmation(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    authorize(UserPolicy(request.user, user).can_update)
    email_address = EmailAddress.objects.filter(user=user).first()
    if email_address is None:
        return redirect_with_notice(request, reverse("settings"), "Your account has no email address")
    UserMailer(request=request).welcome_user(user).deliver_later()
    notice = f"Confirmation email sent to {email_address}. Check your email to confirm your address"
    return redirect_with_notice(request, path_of(user), notice)
