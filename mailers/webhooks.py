"""The addresses to which providers report, each checked by Anymail before a word of it is believed.

`/webhooks/mail/<provider>/tracking/` is there for a provider whose reports can be told from forged ones:
because DANBOORU_MAIL_WEBHOOK_SECRET is set, which the provider must then send as the user and password of
its requests, or because it signs them and its key is known (an option of DANBOORU_MAIL_DELIVERY_URL):

    mailersend    ?signing_secret=
    mailgun       ?webhook_signing_key=   without it, the API key
    mailtrap      ?tracking_secret=
    mandrill      ?webhook_key=
    postal        ?webhook_key=
    resend        ?signing_secret=
    sendgrid      ?tracking_webhook_verification_key=
    unisender_go  its API key

The others (amazon_ses, brevo, mailjet, postmark, sparkpost) sign nothing that is checked: they need the
secret. Some need another package, such as `pip install "django-anymail[amazon-ses]"`: amazon_ses, postal, and
the signatures of resend and sendgrid.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailCoreWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailersend import MailerSendTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.mailtrap import MailtrapTrackingWebhookView
from anymail.webhooks.mandrill import MandrillCombinedWebhookView
from anymail.webhooks.postal import PostalTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from anymail.webhooks.unisender_go import UnisenderGoTrackingWebhookView
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from mailers.reports import gathered

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

logger = logging.getLogger("mailers")

# Those that Anymail takes nothing from without a valid signature, and the setting that makes it ask others.
_ALWAYS_SIGNED = frozenset({"mailersend", "mailgun", "mandrill", "postal", "unisender_go"})
_SIGNED_WITH = {
    "mailtrap": "MAILTRAP_TRACKING_SECRET",
    "resend": "RESEND_SIGNING_SECRET",
    "sendgrid": "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",
}


class ReportRefused(SuspiciousOperation):
    """The report is not signed as it should be, or does not say what the provider's documentation says.

    Nothing is quoted of it, nor of what Anymail says of it, since that may hold the secret.
    """


def _strict(view: type[AnymailCoreWebhookView]) -> Callable[..., HttpResponseBase]:
    """Anymail's view, which takes a report that makes no sense for a fault of ours."""

    class Strict(view):  # type: ignore[misc]
        def run_validators(self, request: HttpRequest) -> None:
            with _refusing():
                super().run_validators(request)

        def parse_events(self, request: HttpRequest) -> list[Any]:
            with _refusing():
                return list(super().parse_events(request))

        def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with gathered():
                answer: HttpResponseBase = super().post(request, *args, **kwargs)
            return answer

    as_view: Callable[..., HttpResponseBase] = Strict.as_view()
    return as_view


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (AnymailConfigurationError, RequestDataTooBig):
        raise
    except AnymailWebhookValidationFailure:
        raise ReportRefused("the signature, user or password is wrong or missing") from None
    except Exception as error:  # noqa: BLE001 -- whatever the provider's words lead to
        raise ReportRefused(f"it makes no sense: {type(error).__name__}") from None


VIEWS = {
    "amazon_ses": _strict(AmazonSESTrackingWebhookView),
    "brevo": _strict(BrevoTrackingWebhookView),
    "mailersend": _strict(MailerSendTrackingWebhookView),
    "mailgun": _strict(MailgunTrackingWebhookView),
    "mailjet": _strict(MailjetTrackingWebhookView),
    "mailtrap": _strict(MailtrapTrackingWebhookView),
    "mandrill": _strict(MandrillCombinedWebhookView),
    "postal": _strict(PostalTrackingWebhookView),
    "postmark": _strict(PostmarkTrackingWebhookView),
    "resend": _strict(ResendTrackingWebhookView),
    "sendgrid": _strict(SendGridTrackingWebhookView),
    "sparkpost": _strict(SparkPostTrackingWebhookView),
    "unisender_go": _strict(UnisenderGoTrackingWebhookView),
}


@csrf_exempt
def tracking(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Hand a report to Anymail: 400 for one that is forged or makes no sense, 413 for one that is too long.

    What it says is taken by a job: a provider waits only until it is saved.
    """
    provider = provider.replace("-", "_")
    if provider not in VIEWS or not _can_be_verified(provider):
        raise Http404
    try:
        return VIEWS[provider](request)
    except RequestDataTooBig:
        logger.warning("A report from %s is longer than DATA_UPLOAD_MAX_MEMORY_SIZE allows", provider)
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except AnymailConfigurationError as error:
        # A key or a package is missing, or the provider was given this address for another kind of report.
        # Anybody can ask for the address, so it is no error of the site's.
        logger.warning("Reports from %s cannot be taken: %s", provider, error)
        raise Http404 from error


# The user and password are the provider's, and no API key.
tracking.checks_credentials_itself = True  # type: ignore[attr-defined]


def _can_be_verified(provider: str) -> bool:
    if settings.ANYMAIL.get("WEBHOOK_SECRET") or provider in _ALWAYS_SIGNED:
        return True
    return bool(settings.ANYMAIL.get(_SIGNED_WITH.get(provider, "")))
