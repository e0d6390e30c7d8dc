"""Rendering: an email as a message with an HTML and a text part."""

from __future__ import annotations

import re
from email.charset import QP, Charset
from email.policy import Compat32
from typing import TYPE_CHECKING, Any

import css_inline
import django
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from mailers import links, senders
from mailers.header_text import mailbox, subject

if TYPE_CHECKING:
    from mailers.headers import Headers
    from mailers.mail import Mail

# Never fetches anything: styles are in the layout.
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)
_EMPTY_LINE = re.compile(r"^([^:\s]+:)[ \t]*\r?\n[ \t]+")


class _Folding(Compat32):
    """Python's way to fold, but never right after the colon: some receivers take that for an empty header."""

    def fold(self, name: str, value: Any) -> str:
        return _EMPTY_LINE.sub(r"\1 ", super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


class Message(EmailMultiAlternatives):
    """A message in plain ASCII on the wire, so that no server on its way has to convert it."""

    if django.VERSION < (6,):
        encoding = Charset("utf-8")
        encoding.body_encoding = QP

    # Read by Anymail's backends; ignored by SMTP.
    tags: list[str]
    metadata: dict[str, str]

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """As Django builds it, folded for picky receivers."""
        message = super().message(*args, **kwargs)
        if isinstance(message.policy, Compat32):
            message.policy = _Folding()
        return message


def build_message(mail: Mail, headers: Headers) -> Message:
    """Render both parts. A user without an address gives a message without a recipient."""
    context = {**_site(mail), **mail.context, "subject": subject(mail.subject)}
    message = Message(
        subject=context["subject"],
        body=render_to_string(f"{mail.template}.txt", context).strip() + "\n",
        from_email=senders.sender(mail.sender),
        to=[mailbox(mail.user.name, mail.address)] if mail.address else [],
        headers=headers.on_the_wire(),
    )
    html = render_to_string(f"{mail.template}.html", context)
    message.attach_alternative(_INLINER.inline(html), "text/html")
    message.tags = [mail.template.rpartition("/")[2]]
    message.metadata = _metadata(mail, headers)
    return message


def _metadata(mail: Mail, headers: Headers) -> dict[str, str]:
    """What the provider's reports shall say of the email."""
    job_id, request_id = headers.job.pk if headers.job else "", headers.context.request_id or ""
    values = {"user_id": str(mail.user.pk), "job_id": str(job_id), "request_id": request_id}
    return {name: value for name, value in values.items() if value}


def _site(mail: Mail) -> dict[str, Any]:
    """What the layout shows in every email."""
    contact = senders.address_of("webmaster")
    return {
        "app_name": settings.DANBOORU_APP_NAME,
        "home_url": links.page_url("front_page"),
        "privacy_url": links.page_url_if_any("privacy"),
        "contact_url": links.page_url_if_any("contact") or f"mailto:{contact}",
        "contact_text": links.page_url_if_any("contact") or contact,
        "unsubscribe_url": links.unsubscribe_url(mail.user),
        "user": mail.user,
        "user_url": links.user_url(mail.user),
    }
