"""Users and their levels (behaviour I.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.urls import reverse

from booru.email_addresses.spelling import canonicalize, correct
from booru.models.base import TimestampedModel
from booru.models.sealed import SealedListField, SealedTextField
from booru.models.user_name_look import NameLook, NameLookMixin
from booru.models.word_index import has_word, words
from booru.rules import blacklists, time_zones
from booru.rules.tag_lists import trimmed_lines
from booru.rules.tag_words import rename_word
from booru.rules.user_names import (
    close_user_name_look,
    normalize_user_name,
    pretty_user_name,
    read_as_latin,
    user_name_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from booru.models.accounts.email_address import EmailAddress


_BATCH = 200


class Level(models.IntegerChoices):
    ANONYMOUS = 0
    RESTRICTED = 10
    MEMBER = 20
    GOLD = 30
    PLATINUM = 31
    BUILDER = 32
    CONTRIBUTOR = 35
    APPROVER = 37
    MODERATOR = 40
    ADMIN = 50
    OWNER = 60


class Theme(models.TextChoices):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class UserManager(NameLookMixin, BaseUserManager["User"]):
    @transaction.atomic
    def create_user(self, name: str, password: str | None = None, **fields: Any) -> User:
        """Save a new user; without a password nobody can log in as them.

        The site's first user becomes its Owner; one who must verify an address first is Restricted. Raises
        ValidationError for a name that cannot be had.
        """
        self.hold_name(name)
        validate_user_name(name)
        first_level = Level.RESTRICTED if fields.get("requires_verification") else Level.MEMBER
        fields.setdefault("level", first_level if self._has_people() else Level.OWNER)
        user = self.model(name=name, **fields)
        user.set_password(password)
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError:
            # Somebody took the name at this very moment; say so in the usual words.
            validate_user_name(name)
            raise
        return user

    def by_name(self, name: str) -> User | None:
        """Whoever has this name, whatever its capitals, with a space or `_` between its words."""
        return self._named(name).first()

    def by_name_or_email(self, text: str) -> User | None:
        """Whoever has this name, or an email address that means the same mailbox."""
        if "@" not in text:
            return self.by_name(text)
        return self.filter(email_address__normalized_address=canonicalize(correct(text))).first()

    def get_by_natural_key(self, username: str | None) -> User:
        return self._named(username or "").get()

    def system(self) -> User:
        """Who acts when nobody does: made, without a password, where there is none yet."""
        name = settings.DANBOORU_SYSTEM_USER
        found = self.by_name(name)
        if found is not None:
            return found
        defaults = {"level": Level.MODERATOR, "password": make_password(None)}
        return self.get_or_create(name=name, defaults=defaults)[0]

    def blacklisting(self, tag_name: str) -> models.QuerySet[User]:
        """The users whose blacklist names the tag."""
        return self.alias(words=words("blacklisted_tags")).filter(has_word(tag_name))

    def rename_blacklisted_tag(self, old: str, new: str) -> None:
        """Let everybody's blacklist name the tag `old` as `new` (behaviour B.4, step 9).

        No rule is checked; each batch commits by itself.
        """
        last = 0
        while done := self._rename_blacklisted_batch(old, new, after=last):
            last = done[-1].pk

    @transaction.atomic
    def _rename_blacklisted_batch(self, old: str, new: str, *, after: int) -> list[User]:
        candidates = self.blacklisting(old).filter(pk__gt=after).select_for_update(no_key=True)
        users = list(candidates.order_by("id")[:_BATCH])
        for user in users:
            user.blacklisted_tags = trimmed_lines(rename_word(user.blacklisted_tags, old, new))
            user.save(update_fields=["blacklisted_tags", "updated_at"])
        return users

    def staff_names(self) -> models.QuerySet[User, str]:
        """What the moderators and all above them are called."""
        return self.filter(level__gte=Level.MODERATOR, is_deleted=False).values_list("name", flat=True)

    def _named(self, name: str) -> models.QuerySet[User]:
        # Spelled as the unique index is.
        return self.alias(lower_name=Lower("name")).filter(lower_name=normalize_user_name(name))

    def _has_people(self) -> bool:
        return self.exclude(name=settings.DANBOORU_SYSTEM_USER).exists()


class User(AbstractBaseUser, TimestampedModel):
    name = models.CharField(max_length=255)
    level = models.SmallIntegerField(choices=Level.choices, default=Level.MEMBER)
    last_logged_in_at = models.DateTimeField(null=True, blank=True)
    last_ip_addr = models.GenericIPAddressField(null=True, blank=True)
    unread_dmail_count = models.PositiveIntegerField(default=0)
    post_update_count = models.PositiveIntegerField(default=0)
    favorite_count = models.PositiveIntegerField(default=0)
    # One rule a line: posts with all of its tags are hidden.
    blacklisted_tags = models.TextField(default=blacklists.DEFAULT, blank=True)
    is_banned = models.BooleanField(default=False)
    is_deleted = models.BooleanField(default=False)
    # Signed up in a way that spammers do; and whether an address was verified since.
    requires_verification = models.BooleanField(default=False)
    is_verified = models.BooleanField(default=False)
    last_forum_read_at = models.DateTimeField(null=True, blank=True)
    # A second factor: a secret in base32, and codes of eight digits that work once. Sealed and not digested,
    # because the codes are shown again and one may be mailed, and a digest of eight digits hides no more.
    totp_secret = SealedTextField(default="", blank=True)
    backup_codes = SealedListField(default=list, blank=True)
    # The half minute since 1970 whose code was used last: each works once.
    last_totp_step = models.PositiveIntegerField(default=0)

    # Preferences.
    receive_email_notifications = models.BooleanField(default=False)
    enable_private_favorites = models.BooleanField(default=False)
    enable_safe_mode = models.BooleanField(default=False)
    enable_desktop_mode = models.BooleanField(default=False)
    new_post_navigation_layout = models.BooleanField(default=True)
    show_deleted_posts = models.BooleanField(default=False)
    show_deleted_children = models.BooleanField(default=False)
    disable_categorized_saved_searches = models.BooleanField(default=False)
    disable_tagged_filenames = models.BooleanField(default=False)
    disable_mobile_gestures = models.BooleanField(default=False)
    disable_post_tooltips = models.BooleanField(default=False)
    comment_threshold = models.SmallIntegerField(default=-8)
    default_image_size = models.TextField(default="large")
    per_page = models.PositiveSmallIntegerField(default=20)
    time_zone = models.TextField(default=time_zones.DEFAULT)
    theme = models.TextField(choices=Theme.choices, default=Theme.AUTO)
    favorite_tags = models.TextField(default="", blank=True)
    custom_style = models.TextField(default="", blank=True)

    last_login = None

    objects: ClassVar[UserManager] = UserManager()

    # What their jobs do. It works on the models, so it is set from outside (booru.apps).
    finish_deletion: ClassVar[Callable[[User], None]]
    delete_favorites: ClassVar[Callable[[User], None]]

    if TYPE_CHECKING:
        email_address: EmailAddress

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "users"
        constraints = [models.UniqueConstraint(Lower("name"), name="unique_user_name")]
        indexes = [
            GinIndex(words("blacklisted_tags"), name="user_blacklist_words"),
            models.Index(NameLook("name"), name="user_name_look"),
            models.Index(fields=["level"], condition=models.Q(level__gte=Level.MODERATOR), name="user_staff"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("user", args=[self.pk])

    @property
    def pretty_name(self) -> str:
        """The name as it is read, with spaces."""
        return pretty_user_name(self.name)

    @property
    def level_name(self) -> str:
        return Level(self.level).label

    @property
    def is_restricted(self) -> bool:
        return self.level == Level.RESTRICTED

    @property
    def is_gold(self) -> bool:
        return self.level >= Level.GOLD

    @property
    def is_builder(self) -> bool:
        return self.level >= Level.BUILDER

    @property
    def is_approver(self) -> bool:
        return self.level >= Level.APPROVER

    @property
    def is_moderator(self) -> bool:
        return self.level >= Level.MODERATOR

    @property
    def is_admin(self) -> bool:
        return self.level >= Level.ADMIN

    @property
    def is_owner(self) -> bool:
        return self.level >= Level.OWNER

    @property
    def is_system(self) -> bool:
        """The account that acts for the site."""
        return _is_of_system(self.name)

    @property
    def is_in_good_standing(self) -> bool:
        """At least a Member, and not banned; most writing needs it (behaviour 0.5)."""
        return self.level >= Level.MEMBER and not self.is_banned

    def can_receive_email(self, *, require_verified: bool) -> bool:
        """Is there an address that takes mail, and, when it must be, one that is verified (behaviour F.7)?"""
        email_address: EmailAddress | None = getattr(self, "email_address", None)
        if email_address is None or not email_address.is_deliverable:
            return False
        return email_address.is_verified or not require_verified


def validate_user_name(name: str, user: User | None = None) -> None:
    """Raise ValidationError with the first rule that the name breaks, for `user` or for somebody new."""
    holder = User.objects.by_name(name)
    # The site's own account is made when it is first needed; its name is never free.
    is_taken = _is_of_system(name) if holder is None else holder != user
    if is_taken:
        raise ValidationError({"name": "already taken"})
    if error := broken_name_rule(name):
        raise ValidationError({"name": error})
    if is_other_name(name, user) and looks_like_anothers(name, user):
        raise ValidationError({"name": "can't be read like the name of another user"})


def is_other_name(name: str, user: User | None) -> bool:
    """Other capitals make no other name."""
    return user is None or normalize_user_name(name) != normalize_user_name(user.name)


def looks_like_anothers(name: str, user: User | None) -> bool:
    """Would people take it for somebody else's? For that of the staff more easily."""
    own = user.pk if user else 0
    looks = {name, read_as_latin(name)}
    if any(User.objects.looking_like(look).exclude(pk=own).exists() for look in looks):
        return True
    staff = [settings.DANBOORU_SYSTEM_USER, *User.objects.staff_names().exclude(pk=own)]
    return close_user_name_look(name) in map(close_user_name_look, staff)


def _is_of_system(name: str) -> bool:
    return normalize_user_name(name) == normalize_user_name(settings.DANBOORU_SYSTEM_USER)


def broken_name_rule(name: str) -> str | None:
    """The first rule that the name breaks by itself, whoever has it."""
    levels = [level.name.lower() for level in Level]
    return user_name_error(name, reserved=levels, forbidden=settings.DANBOORU_FORBIDDEN_USER_NAMES)


def level_of(visitor: object) -> int:
    """The level of a user; of anybody else, that of an anonymous visitor."""
    return visitor.level if isinstance(visitor, User) else Level.ANONYMOUS
