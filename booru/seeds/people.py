"""Somebody of every level, all with the same known password."""

from __future__ import annotations

from booru.models import EmailAddress, User, UserEvent
from booru.models.accounts.user import Level
from booru.visitors.reach import SEED_PASSWORD

MEMBER, FRIEND = "mia_member", "max_member"
BUILDER, ADMIN = "bella_builder", "ada_admin"
LEVELS = {
    "otto_owner": Level.OWNER,
    ADMIN: Level.ADMIN,
    "mo_moderator": Level.MODERATOR,
    "anna_approver": Level.APPROVER,
    "carl_contributor": Level.CONTRIBUTOR,
    BUILDER: Level.BUILDER,
    "paul_platinum": Level.PLATINUM,
    "gina_gold": Level.GOLD,
    MEMBER: Level.MEMBER,
    FRIEND: Level.MEMBER,
    "rita_restricted": Level.RESTRICTED,
}


def seed_people() -> dict[str, User]:
    """Everybody by name; whoever is there already gets back the level, password and address of here."""
    User.objects.system()
    return {name: _person(name, level) for name, level in LEVELS.items()}


def _person(name: str, level: Level) -> User:
    user = User.objects.by_name(name)
    if user is None:
        user = User.objects.create_user(name, SEED_PASSWORD, level=level)
    elif not user.check_password(SEED_PASSWORD):
        user.set_password(SEED_PASSWORD)
    user.level = level
    user.is_banned = user.is_deleted = False
    user.receive_email_notifications = True
    user.save()
    _give_address(user)
    _give_home(user)
    return user


def _give_address(user: User) -> None:
    """Verified, so that mail goes there; a domain that no mail can leave for (RFC 2606)."""
    address = EmailAddress.objects.filter(user=user).first() or EmailAddress(user=user)
    address.assign(f"{user.name.replace('_', '.')}@example.com")
    address.is_verified = True
    address.validate()
    address.save()


def _give_home(user: User) -> None:
    """Who comes from this machine is no stranger: no email has to be read before one logs in."""
    for address in ("127.0.0.1", "::1"):
        UserEvent.objects.get_or_create(user=user, category=UserEvent.Category.USER_CREATION, ip_addr=address)
