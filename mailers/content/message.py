"""Rendering: an email as a message with an HTML and a text part."""

from __future__ import annotations

import re
from email.charset import QP, Charset
from email.policy import Compat32, EmailPolicy, default
from typing import TYPE_CHECKING, Any

import css_inline
import django
from anymail.message import AnymailStatus
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from mailers.content import links, senders
from mailers.content.header_text import mailbox, one_line, subject
from mailers.content.strange_text import printable

if TYPE_CHECKING:
    from booru.models import User
    from mailers.content.headers import Headers
    from mailers.mail import Mail

# Never fetches anything: styles are in the layout.
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)
# The headers that are given in ASCII.
_OURS = ("x-", "list-")
_EMPTY_LINE = re.compile(r"^([^:\s]+:)[ \t]*\r?\n[ \t]+")


class _Folding(Compat32):
    """Python's way to fold, but never right after the colon: some receivers take that for an empty header."""

    def fold(self, name: str, value: Any) -> str:
        return _EMPTY_LINE.sub(r"\1 ", super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


class _AsEncoded(EmailPolicy):
    """Of Django 6: in ASCII, and with our own headers as they are encoded already.

    EmailPolicy would decode them, and write what then looks encoded as it is.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        known, parsed = super().header_store_parse(name, value)
        is_ours = name.lower().startswith(_OURS) and isinstance(value, str) and value.isascii()
        return known, value if is_ours else parsed

    def fold(self, name: str, value: Any) -> str:
        return super().fold(name, value) if hasattr(value, "fold") else self._ours.fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        if hasattr(value, "fold"):
            return super().fold_binary(name, value)
        return self._ours.fold_binary(name, value)

    @property
    def _ours(self) -> _Folding:
        return _Folding(linesep=self.linesep, max_line_length=self.max_line_length)


class Message(EmailMultiAlternatives):
    """A message in plain ASCII on the wire, so that no server on its way has to convert it."""

    if django.VERSION < (6,):
        encoding = Charset("utf-8")
        encoding.body_encoding = QP

    # Read by Anymail's backends; ignored by SMTP.
    tags: list[str]
    metadata: dict[str, str]

    @property
    def provider_status(self) -> AnymailStatus:
        """What the provider said when it got the email; of SMTP nothing."""
        return getattr(self, "anymail_status", None) or AnymailStatus()

    def message(self, *, policy: Any = default) -> Any:
        """As Django builds it, folded for picky receivers."""
        if django.VERSION >= (6,):
            encoded = _AsEncoded(
                linesep=policy.linesep, max_line_length=policy.max_line_length, cte_type="7bit"
            )
            return super().message(policy=encoded)
        message = super().message()
        message.policy = _Folding()
        return message


def build_message(name: str, mail: Mail, headers: Headers) -> Message:
    """Render both parts of an email, by its name. Without an address there is no recipient in it."""
    context = {**_site(mail), **mail.context, "subject": subject(mail.subject)}
    message = Message(
        subject=context["subject"],
        body=printable(render_to_string(f"{mail.template}.txt", context)).strip() + "\n",
        from_email=senders.sender(mail.sender),
        to=[mailbox(mail.name, mail.address)] if mail.address else [],
        headers=headers.on_the_wire(),
    )
    html = printable(render_to_string(f"{mail.template}.html", context))
    message.attach_alternative(_INLINER.inline(html), "text/html")
    message.tags = [mail.template.rpartition("/")[2]]
    message.metadata = _metadata(name, mail, headers)
    return message


def _metadata(name: str, mail: Mail, headers: Headers) -> dict[str, str]:
    """What the provider's reports shall say of the email."""
    job_id = headers.job.pk if headers.job else None
    request_id = headers.context.request_id
    values = {"mail": name, "user_id": mail.user_id, "job_id": job_id, "request_id": request_id}
    return {key: str(value) for key, value in values.items() if value}


def _site(mail: Mail) -> dict[str, Any]:
    """What the layout shows in every email."""
    return {
        "app_name": settings.DANBOORU_APP_NAME,
        "home_url": links.page_url("front_page"),
        "privacy_url": links.page_url("privacy"),
        "contact_url": links.page_url("contact"),
        **(_user(mail.user) if mail.user else {}),
    }


def _user(user: User) -> dict[str, Any]:
    return {
        "user_name": one_line(user.pretty_name),
        "user_url": links.user_url(user),
        "unsubscribe_url": links.unsubscribe_url(user),
    }
