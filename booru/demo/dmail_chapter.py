"""A member sends another a dmail; the email about it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.demo.errors import StepFailed
from booru.demo.stage import Stage, duration
from booru.seeds.people import FRIEND, MEMBER

if TYPE_CHECKING:
    from booru.demo.mailbox import Mail

# Every header by which an email can be traced to what caused it.
_HEADERS = (
    *("From", "To", "Subject", "Message-ID", "X-Danbooru-User", "X-Danbooru-URL", "X-Request-Id"),
    *("X-Danbooru-Job-Id", "X-Danbooru-Enqueued-At", "X-Danbooru-Dmail"),
    *("List-Unsubscribe", "List-Unsubscribe-Post"),
)
# The sender's; the recipient must not learn them.
_WITHHELD = ("X-Danbooru-IP", "X-Danbooru-Session")
_TITLE = "Tea at five?"
_SHOWN = 76


def play(stage: Stage) -> None:
    sender = stage.browser_of(MEMBER)
    fields = {
        "dmail[to_name]": FRIEND,
        "dmail[title]": _TITLE,
        "dmail[body]": "There is [b]cake[/b]. Bring your [[umbrella]].",
    }
    answer = sender.submit("/dmails/new", "/dmails", fields)
    stage.expected_jobs[answer.request_id] = "MailDeliveryJob"
    stage.terminal.seen(f'{MEMBER} logs in and writes {FRIEND} a dmail: "{_TITLE}"')
    stage.terminal.detail(f"POST /dmails is request {answer.request_id}")
    mail, seconds = stage.wait(
        lambda: stage.inbox.mailbox.with_header("X-Request-Id", answer.request_id),
        "the email about the dmail did not arrive",
    )
    stage.terminal.seen(f"The email arrives {duration(seconds)} later, by SMTP, with these headers:")
    _check(mail, stage)
    stage.terminal.detail(f"Read it at {stage.inbox.url}/mails/{mail.number}")


def _check(mail: Mail, stage: Stage) -> None:
    found = {name: mail.header(name) or "" for name in _HEADERS}
    stage.terminal.pairs((name, _short(value)) for name, value in found.items() if value)
    if lacking := [name for name, value in found.items() if not value]:
        raise StepFailed(f"the email has no {', '.join(lacking)}")
    if told := [name for name in _WITHHELD if mail.header(name)]:
        raise StepFailed(f"the email tells the recipient the sender's {', '.join(told)}")
    if not mail.html or not mail.text or _TITLE not in mail.text:
        raise StepFailed("the email lacks its HTML part, its text part or the dmail's title")
    stage.terminal.detail(f"{' and '.join(_WITHHELD)} are left out: they would be the sender's")


def _short(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[: _SHOWN - 3]}..."
