"""The headers that say where an email comes from (behaviour G.2, with the rules that make them safe)."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from mailers.content import links
from mailers.content.header_text import encode, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booru.models import User
    from jobs.engine.context import RequestContext
    from jobs.engine.models import BackgroundJob

# What the caller may add; everything else is the mailer's own.
_EXTRA_NAME = re.compile(r"X-[A-Za-z0-9-]+")
# Their links hold a token, which has no place in a log.
_SECRET = frozenset({"List-Unsubscribe"})
FILTERED = "[FILTERED]"


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of one email, as text for people; `on_the_wire()` is what is sent.

    Without a user there is nothing of the user and nothing of the request (behaviour G.2).
    Raises ValueError for an extra header whose name does not begin with "X-".
    """

    user: User | None
    context: RequestContext
    job: BackgroundJob | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    message_id: str = ""

    def __post_init__(self) -> None:
        for name in self.extra:
            if not _EXTRA_NAME.fullmatch(name):
                raise ValueError(f"{name!r} cannot be added to an email; its name must begin with X-")
        if not self.message_id:
            object.__setattr__(self, "message_id", message_id_of(self.job))

    def values(self) -> dict[str, str]:
        """Each header that there is something to say in, on one line."""
        values = {
            "Message-ID": self.message_id,
            "Auto-Submitted": "auto-generated",
            **(self._of_the_user(self.user) if self.user else {}),
            **self._of_the_job(),
            **self.extra,
        }
        return {name: line for name, value in values.items() if (line := one_line(value))}

    def on_the_wire(self) -> dict[str, str]:
        """The same in ASCII."""
        return {name: encode(value) for name, value in self.values().items()}

    def in_the_log(self) -> dict[str, str]:
        """The same without tokens."""
        return {name: FILTERED if name in _SECRET else value for name, value in self.values().items()}

    def _of_the_user(self, user: User) -> dict[str, str]:
        return {
            "List-Unsubscribe": f"<{links.unsubscribe_url(user)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "X-Danbooru-User": f"{user.name} <{links.user_url(user)}>",
            **self._of_the_request(user),
        }

    def _of_the_request(self, user: User) -> dict[str, str]:
        context = self.context
        values = {
            "X-Danbooru-URL": f"{context.method or 'GET'} {context.url}" if context.url else "",
            "X-Request-Id": context.request_id or "",
        }
        # An admin's or a sender's address must not reach somebody else.
        if context.user_id is None or context.user_id == user.pk:
            values["X-Danbooru-IP"] = context.ip_addr or ""
            values["X-Danbooru-Session"] = context.session or ""
        return values

    def _of_the_job(self) -> dict[str, str]:
        if self.job is None:
            return {}
        enqueued_at = self.job.enqueued_at.astimezone(UTC).isoformat(timespec="milliseconds")
        return {
            "X-Danbooru-Job-Id": str(self.job.pk),
            "X-Danbooru-Enqueued-At": enqueued_at.replace("+00:00", "Z"),
        }


def message_id_of(job: BackgroundJob | None) -> str:
    """From the job's id, so that a retry after a crash repeats it and the receiver can drop the copy."""
    return f"<{job.pk if job else uuid.uuid4()}@{links.canonical_host()}>"
