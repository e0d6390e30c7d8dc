"""What the previews of emails show: a user's records, and samples where there are none (behaviour G.8)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from booru.models import Dmail, EmailAddress, Level, User, UserEvent
from booru.rules.copyright_complaint import DmcaComplaint
from mailers.content.senders import address_of
from mailers.user_mailer import UserMailer

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailers.base import Delivery

_SAMPLE_DEVICE = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_SAMPLE_BODY = """Hello!

I found [[touhou|the wiki page]] that you asked for, and {{hatsune_miku solo}} has more.

[quote]
Do you know where it is?
[/quote]

* [b]First[/b] "this one":/posts/1
* then topic #1"""
_SAMPLE_COMPLAINT = DmcaComplaint(
    name="Ada Artist",
    email="ada@example.com",
    address="1 Example Street\nExampletown",
    infringing_urls="https://booru.example/posts/1\nhttps://booru.example/posts/2",
    original_urls="https://ada.example/pictures/1",
    proof="Both are on my site since 2020.\n\nI can send the sketches.",
    signature="Ada Artist",
    good_faith_agree=True,
    perjury_agree=True,
)


def preview_user(user_id: int | None) -> User | None:
    """The user of this id, or the Owner, or one who does not exist; None for an id that nobody has.

    Not as they are: with another password and another backup code, so that no preview lets anybody in.
    """
    wanted = {"level": Level.OWNER} if user_id is None else {"pk": user_id}
    user: User | None = User.objects.filter(**wanted).order_by("pk").first()
    if user is None and user_id is not None:
        return None
    user = user or User(pk=1, name="sample_user")
    user.set_unusable_password()
    user.backup_codes = [1234567]
    if not hasattr(user, "email_address"):
        EmailAddress(pk=1, user=user, address="sample@example.com", normalized_address="sample@example.com")
    return user


def _dmail(user: User) -> Dmail:
    received = Dmail.objects.filter(owner=user, to_user=user).select_related("from_user")
    dmail: Dmail | None = received.order_by("-pk").first()
    if dmail is None:
        sender = User(pk=2, name="another_user")
        dmail = Dmail(pk=1, from_user=sender, title="About that page", body=_SAMPLE_BODY)
    dmail.to_user = dmail.owner = user
    return dmail


def _event(user: User) -> UserEvent:
    pending = UserEvent.objects.filter(user=user, category=UserEvent.Category.LOGIN_PENDING_VERIFICATION)
    event = pending.order_by("-pk").first()
    if event is None:
        place = {"city": "Exampletown", "region": "Exampleshire", "organization": "Example Networks"}
        event = UserEvent(pk=1, ip_addr="203.0.113.7", user_agent=_SAMPLE_DEVICE, metadata=place)
    event.user = user
    return event


# Those that need no more than the user and the address.
_NOTICES = (
    "password_changed",
    "email_address_changed",
    "email_address_removed",
    "two_factor_enabled",
    "two_factor_changed",
    "two_factor_disabled",
    "backup_codes_replaced",
    "backup_code_used",
)


def _notice(name: str, user: User) -> Delivery:
    return UserMailer().delivery(name, user, user.email_address.address)


# By the name of the email, in the order in which a new user gets them.
PREVIEWS: dict[str, Callable[[User], Delivery]] = {
    "welcome_user": lambda user: UserMailer().welcome_user(user),
    "email_change_confirmation": lambda user: UserMailer().email_change_confirmation(user),
    "dmail_notice": lambda user: UserMailer().dmail_notice(_dmail(user)),
    "password_reset": lambda user: UserMailer().password_reset(user),
    "login_verification": lambda user: UserMailer().login_verification(_event(user)),
    "send_backup_code": lambda user: UserMailer().send_backup_code(user),
    **{name: partial(_notice, name) for name in _NOTICES},
    "api_key_created": lambda user: UserMailer().api_key_created(
        user, user.email_address.address, "my script", ["posts:index"]
    ),
    "account_deleted": lambda user: UserMailer().account_deleted(user, user.email_address.address, user.name),
    "dmca_complaint": lambda _: UserMailer().dmca_complaint(address_of("dmca"), _SAMPLE_COMPLAINT.facts()),
}
