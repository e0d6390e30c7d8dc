"""The kinds of visitors, as policies see them."""

from django.contrib.auth.models import AnonymousUser

from booru.models import Level, User

ME = 1
VISITORS = {
    "anonymous": AnonymousUser(),
    "restricted": User(pk=ME, name="me", level=Level.RESTRICTED),
    "banned": User(pk=ME, name="me", level=Level.MEMBER, is_banned=True),
    "member": User(pk=ME, name="me", level=Level.MEMBER),
    "builder": User(pk=ME, name="me", level=Level.BUILDER),
    "moderator": User(pk=ME, name="me", level=Level.MODERATOR),
    "admin": User(pk=ME, name="me", level=Level.ADMIN),
    "owner": User(pk=ME, name="me", level=Level.OWNER),
}
EVERYBODY = set(VISITORS)
LOGGED_IN = EVERYBODY - {"anonymous"}
GOOD_STANDING = {"member", "builder", "moderator", "admin", "owner"}
STAFF = {"moderator", "admin", "owner"}
ADMINS = {"admin", "owner"}


def allowed(policy, permission, record=None):
    """The visitors who have the permission."""
    return {name for name, user in VISITORS.items() if getattr(policy(user, record), permission)}
